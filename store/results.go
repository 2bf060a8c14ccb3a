package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"time"

	"lage/checks"
	"lage/internal/text"
)

// How results are kept. A table clustered by check would have every result of a batch land on a page of its own: some
// 3 KB written per result with 1000 checks. An index by check over an append log costs nearly as much, because the index
// is clustered by check. So results are appended, one row per batch, with no index (about 7 bytes per result); once an hour
// what is older than an hour moves into short blocks per check (about 4 bytes per result), and its sums into hours. One
// check's last hours are then a few neighbouring blocks plus a pass over one to two hours of log, which is at most a few
// megabytes with 1000 checks every 10 s. The state rows are the larger part of what a batch writes.

// Recorder keeps results and states; it is a checks.Recorder.
type Recorder struct {
	store  *Store
	epoch  int64
	fenced bool
}

// Recorder gives a recorder that may always write: for checks run by hand, and for tests.
func (s *Store) Recorder() *Recorder { return &Recorder{store: s} }

// WithEpoch gives a recorder that writes only while the lease has the epoch.
func (s *Store) WithEpoch(epoch int64) *Recorder {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.told) // others may have written since
	clear(s.standing)
	return &Recorder{s, epoch, true}
}

// told is what the log said last about a check, so that the same message is not written with every result.
type told struct {
	hour    int64
	message string
}

// Record writes a batch of results, and the newest state of each check in it, in one transaction. A check that the store
// does not know yet is added. ErrLeaseLost when the recorder's epoch is over: nothing was written then.
func (r *Recorder) Record(ctx context.Context, batch []checks.Recorded) error {
	if len(batch) == 0 {
		return nil
	}
	s := r.store
	said, stands := map[int64]told{}, map[int64]standing{}
	err := s.change(ctx, s.results, func(ctx context.Context, tx *sql.Tx) error {
		if r.fenced {
			if err := fence(ctx, tx, r.epoch); err != nil {
				return err
			}
		}
		return s.record(ctx, tx, batch, said, stands)
	})
	if err != nil {
		return err
	}
	s.mu.Lock()
	for no, t := range said {
		s.told[no] = t
	}
	for no, st := range stands {
		s.standing[no] = st
	}
	s.mu.Unlock()
	// The results are stored. Should moving old ones fail, the next batch tries again; until then the log is longer.
	_ = s.compact(ctx)
	return nil
}

func (s *Store) record(ctx context.Context, tx *sql.Tx, batch []checks.Recorded, said map[int64]told, stands map[int64]standing) error {
	nos := map[string]int64{}
	list := make([]newest, 0, len(batch))
	where := map[int64]int{} // check to index in list
	samples := make([]sample, len(batch))
	for i, rec := range batch {
		no, ok := nos[rec.Result.Check]
		if !ok {
			var err error
			if no, err = s.checkNo(ctx, tx, rec.Result.Check); err != nil {
				return err
			}
			nos[rec.Result.Check] = no
			where[no] = len(list)
			list = append(list, newest{check: no, counted: -1})
		}
		samples[i] = newSample(no, rec.Result)
		samples[i].message = s.news(no, rec.Result, said)
		n := &list[where[no]]
		n.last = i
		if rec.Result.ByHand {
			continue
		}
		n.counted = i
		if err := s.follow(ctx, tx, no, rec, stands); err != nil {
			return err
		}
		if err := noteTransition(ctx, tx, no, rec); err != nil {
			return err
		}
	}
	// In order of their numbers, so that neighbours share pages.
	slices.SortFunc(list, func(a, b newest) int { return int(a.check - b.check) })
	for _, n := range list {
		if err := n.save(ctx, tx, batch); err != nil {
			return err
		}
	}
	return appendLog(ctx, tx, s.now(), samples)
}

// newest says which results of a batch are a check's newest, by index: of all, and of those that count (-1 for none).
type newest struct {
	check         int64
	last, counted int
}

// save writes where the check stands. A result that a person asked for is shown and moves nothing, whatever its state
// says: who asked may have read it before the poller wrote another.
func (n newest) save(ctx context.Context, tx *sql.Tx, batch []checks.Recorded) (err error) {
	var st checks.State
	if n.counted >= 0 {
		st = batch[n.counted].State
	} else if st, err = readState(ctx, tx, n.check, batch[n.last].Result.Check); err != nil {
		return err
	}
	st.Last = batch[n.last].Result
	return saveState(ctx, tx, n.check, st)
}

// news gives the message to store with a result: none for a good one, and none where it is the same as that of the
// scheduled result before in that hour. So every hour begins with a message, and a check run by hand does not count.
func (s *Store) news(no int64, r checks.Result, said map[int64]told) string {
	if r.Outcome == checks.Good || r.Message.IsZero() {
		return ""
	}
	t := told{hourOf(r.At), messageJSON(r.Message)}
	if r.ByHand {
		return t.message
	}
	before, ok := said[no]
	if !ok {
		s.mu.Lock()
		before = s.told[no]
		s.mu.Unlock()
	}
	if before == t {
		return ""
	}
	said[no] = t
	return t.message
}

// appendLog adds a batch. The row's id is not before any of its results, so that a search by time finds them.
func appendLog(ctx context.Context, tx *sql.Tx, now time.Time, batch []sample) error {
	var last int64
	if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(id), 0) FROM log").Scan(&last); err != nil {
		return err
	}
	id := max(now.UnixNano(), last+1)
	for _, s := range batch {
		id = max(id, (s.at+1)*int64(time.Millisecond))
	}
	return run(ctx, tx, "INSERT INTO log (id, data) VALUES (?, ?)", id, packBatch(id, batch))
}

// noteTransition compares a result's state with the one stored, and keeps the change.
func noteTransition(ctx context.Context, tx *sql.Tx, no int64, rec checks.Recorded) error {
	was, is := checks.StatusUnknown, status(rec.State.Status)
	var col string
	switch err := tx.QueryRowContext(ctx, "SELECT status FROM states WHERE check_no = ?", no).Scan(&col); err {
	case nil:
		was = status(checks.Status(col))
	case sql.ErrNoRows:
	default:
		return err
	}
	if was == is {
		return nil
	}
	if err := run(ctx, tx, "INSERT INTO states (check_no, status, data) VALUES (?, ?, x'') "+
		"ON CONFLICT (check_no) DO UPDATE SET status = excluded.status", no, string(is)); err != nil {
		return err // a later result of the same batch compares with it
	}
	return addTransition(ctx, tx, no, checks.Transition{From: was, To: is, At: rec.Result.At, Since: rec.State.Since,
		Message: rec.Result.Message})
}

func addTransition(ctx context.Context, tx *sql.Tx, no int64, t checks.Transition) error {
	if t.Since.IsZero() {
		t.Since = t.At
	}
	if err := run(ctx, tx, "UPDATE transitions SET until = max(since, ?) WHERE check_no = ? AND until = 0", nano(t.Since), no); err != nil {
		return err
	}
	return run(ctx, tx, "INSERT OR REPLACE INTO transitions (check_no, at, since, until, from_status, to_status, message) "+
		"VALUES (?, ?, ?, 0, ?, ?, ?)", no, nano(t.At), nano(t.Since), string(status(t.From)), string(status(t.To)), messageJSON(t.Message))
}

// status gives the zero value the name that stands in the database.
func status(s checks.Status) checks.Status {
	if s == "" {
		return checks.StatusUnknown
	}
	return s
}

func messageJSON(m text.Message) string {
	b, err := json.Marshal(m)
	if err != nil { // strings only: cannot fail
		return "{}"
	}
	return string(b)
}

func hourOf(t time.Time) int64 { return t.Unix() / 3600 }

func hourStart(h int64) time.Time { return time.Unix(h*3600, 0).UTC() }
