package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mattn/go-sqlite3"

	"lage/checks"
)

// listener opens connections that keep what they are asked.
type listener struct {
	connector
	mu    sync.Mutex
	asked map[string]bool
}

func (l *listener) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := l.connector.Connect(ctx)
	return heard{c, l}, err
}

// heard has none of the shortcuts of the driver's connections: everything comes through Prepare.
type heard struct {
	driver.Conn
	l *listener
}

func (h heard) Prepare(query string) (driver.Stmt, error) {
	h.l.mu.Lock()
	h.l.asked[query] = true
	h.l.mu.Unlock()
	return h.Conn.Prepare(query)
}

func (h heard) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	return h.Conn.(driver.ConnBeginTx).BeginTx(ctx, driver.TxOptions{})
}

// listen puts a listener in place of a pool.
func (l *listener) listen(t *testing.T, db *sql.DB) *sql.DB {
	ok(t, db.Close())
	fresh := sql.OpenDB(l)
	fresh.SetMaxOpenConns(1)
	return fresh
}

// grows names the tables that grow with time. The others have a row per check, or a few.
const grows = "log|blocks|hours|archive|hourly|daily|intervals|transitions|timeline|incidents|walks|outbox|ops"

// TestPlans asks what a poller, a console and a person on the command line ask all day, and looks at each plan: no table that
// grows is read from its beginning to its end.
func TestPlans(t *testing.T) {
	s, c := newStore(t)
	heard := &listener{connector: connector{&sqlite3.SQLiteDriver{}, writeDSN(s.path, "FULL")}, asked: map[string]bool{}}
	s.audit, s.results, s.readers = heard.listen(t, s.audit), heard.listen(t, s.results), heard.listen(t, s.readers)
	ask(t, s, c)

	scan := regexp.MustCompile(`^SCAN (` + grows + `)\b`)
	list := slices.Sorted(maps.Keys(heard.asked))
	if len(list) < 60 {
		t.Errorf("only %d statements were heard", len(list))
	}
	db := raw(t, s)
	for _, q := range list {
		if strings.HasPrefix(q, "PRAGMA") || regexp.MustCompile(`ORDER BY (id|n)( DESC)? LIMIT (1|\?)$`).MatchString(q) {
			continue // the first rows in the order in which they lie are found at once
		}
		args := make([]any, 60)
		for i := range args {
			args[i] = 1
		}
		plan, err := planOf(db, q, args)
		if err != nil {
			t.Errorf("%s: %v", q, err)
		}
		for _, line := range plan {
			if scan.MatchString(line) && !strings.Contains(line, "USING INDEX incidents_open") && !strings.Contains(line, "USING INDEX outbox_due") {
				t.Errorf("%s\n\t%s", q, line)
			}
		}
	}
}

func planOf(db *sql.DB, q string, args []any) (out []string, err error) {
	for n := range len(args) + 1 { // as many as it wants
		var rows *sql.Rows
		if rows, err = db.Query("EXPLAIN QUERY PLAN "+q, args[:n]...); err != nil {
			continue
		}
		for rows.Next() {
			var id, parent, unused int
			var detail string
			if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
				return nil, err
			}
			out = append(out, detail)
		}
		if err = rows.Err(); err == nil {
			return out, rows.Close()
		}
		_ = rows.Close() // another number of arguments
	}
	return out, err
}

// ask does what is done all day.
func ask(t *testing.T, s *Store, c *clock) {
	ctx := t.Context()
	lease, err := s.AcquireLease(ctx, LeaseRequest{Kind: "run", Owner: "x", TTL: time.Minute})
	ok(t, err)
	web := checks.Check{ID: "form/web", Service: "form", Interval: time.Minute}
	ok(t, s.SyncChecks(ctx, []checks.Check{web}))
	for n := range 300 { // five hours
		r := result(web.ID, c.now(), time.Second, []checks.Outcome{checks.Good, checks.Bad}[n/20%2])
		ok(t, s.WithEpoch(lease.Epoch).Record(ctx, []checks.Recorded{r}))
		c.add(time.Minute)
	}
	_, err = s.RenewLease(ctx, lease)
	ok(t, err)
	ok(t, s.SetPoller(ctx, lease.Epoch, 1, "x"))
	i := note(t, s, openIncident(t, s, "form"), "x")
	c.add(72 * time.Hour)
	for range 2 {
		_, err = s.Tend(ctx, lease.Epoch, Keep{Exact: 48 * time.Hour, Hourly: 48 * time.Hour, Daily: math.MaxInt64}, func() bool { return true })
		ok(t, err)
	}
	from, to := t0.Add(-time.Hour), c.now()
	for _, err := range []error{
		second(s.States(ctx)), second(s.Poller(ctx)), second(s.OpenIncidents(ctx, "")), second(s.OpenIncidents(ctx, "form")), second(s.Due(ctx, c.now())),
		second(s.Take(ctx, c.now(), 10)), second(s.Samples(ctx, web.ID, from, to)), second(s.Hours(ctx, web.ID, from, to)),
		second(s.Days(ctx, web.ID, from, to, time.UTC)), second(s.Minutes(ctx, []string{web.ID}, to, time.Minute, 60)), second(s.Transitions(ctx, web.ID, 5)),
		second(s.Intervals(ctx, web.ID, from, to)), second(s.Range(ctx, web.ID, RangeQuery{From: from, To: to})),
		second(s.Range(ctx, web.ID, RangeQuery{From: from, To: to, Sums: true, Step: 24 * time.Hour})), second(s.Past(ctx, time.UTC, c.now())),
		second(s.Situation(ctx, i.ID, "")), second(s.Resolve(ctx, i.ID)), second(s.Resolve(ctx, "1")), second(s.Present(ctx, i.ID)), s.Touch(ctx, anna, "x", i.ID),
		second(s.VerifyHeads(ctx)), second(s.Head(ctx, i.ID)), s.NoteBackup(ctx, Backup{At: c.now()}), s.ReleaseLease(ctx, lease),
	} {
		ok(t, err)
	}
	_, _, _, err = s.Room(ctx, i.ID)
	ok(t, err)
	_, _, err = s.Heads(ctx, 0)
	ok(t, err)
	_, _, err = s.LastBackups(ctx)
	ok(t, err)
}

func second[T any](_ T, err error) error { return err }
