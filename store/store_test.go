package store

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"lage/checks"
	"lage/incidents"
	"lage/internal/text"
	"lage/services"
)

// TestMain lets the test binary play a second process: see child in process_test.go.
func TestMain(m *testing.M) {
	if role := os.Getenv("STORE_TEST_CHILD"); role != "" {
		if err := child(role, os.Getenv("STORE_TEST_DB")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

var t0 = time.Date(2026, 11, 23, 2, 58, 0, 0, time.UTC)

// clock is a clock that stands still until it is moved.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = t
}

func (c *clock) add(d time.Duration) { c.set(c.now().Add(d)) }

func newStore(t testing.TB) (*Store, *clock) {
	t.Helper()
	c := &clock{t: t0}
	return openAt(t, filepath.Join(t.TempDir(), "lage.db"), c), c
}

func openAt(t testing.TB, path string, c *clock) *Store {
	t.Helper()
	s, err := Open(t.Context(), path, Options{Now: c.now, Host: "wache"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	ok(t, err)
	return b
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var anna = services.Person{Name: "Anna Krause", OSUser: "akrause"}

func entry(kind incidents.Kind, msg string) incidents.Entry {
	return incidents.Entry{Kind: kind, Who: anna, Message: text.Raw(msg)}
}

// openIncident opens an incident as Decide would.
func openIncident(t testing.TB, s *Store, service string) incidents.Incident {
	t.Helper()
	rec := must(t)(s.Record(t.Context(), incidents.Decision{Year: 2026,
		Incident: &incidents.Incident{Service: service, Title: "Formular antwortet nicht", State: incidents.Detected, Started: t0, Detected: t0, Version: 1},
		Entries:  []incidents.Entry{entry(incidents.KindOpened, "Ausfall")}}))
	return *rec.Incident
}

// must takes the results of Record.
func must(t testing.TB) func(incidents.Recorded, error) incidents.Recorded {
	return func(r incidents.Recorded, err error) incidents.Recorded {
		t.Helper()
		ok(t, err)
		return r
	}
}

// note adds an entry to an incident and returns the incident as it is then.
func note(t testing.TB, s *Store, i incidents.Incident, msg string) incidents.Incident {
	t.Helper()
	i.Version++
	rec := must(t)(s.Record(t.Context(), incidents.Decision{Incident: &i, Entries: []incidents.Entry{entry(incidents.KindNote, msg)}}))
	return *rec.Incident
}

func result(check string, at time.Time, latency time.Duration, o checks.Outcome) checks.Recorded {
	r := checks.Result{Check: check, At: at, Latency: latency, Outcome: o}
	st := checks.State{Check: check, Status: checks.StatusUp, Since: at, Last: r}
	if o == checks.Bad {
		r.Message = text.M("checks.http_status", 503)
		st.Status, st.Last = checks.StatusDown, r
	}
	return checks.Recorded{Result: r, State: st}
}

// raw opens the file without any safeguard of ours, as somebody with a tool would.
func raw(t testing.TB, s *Store) *sql.DB {
	t.Helper()
	db := open("file:"+s.path+"?_busy_timeout=5000", 1)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func rawExec(t testing.TB, db *sql.DB, query string, args ...any) {
	t.Helper()
	if _, err := db.ExecContext(context.Background(), query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}
