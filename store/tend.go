package store

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"time"
)

// Keep says how long results are kept. math.MaxInt64 and spans that reach beyond the beginning of time mean for ever.
type Keep struct {
	Exact, Hourly, Daily time.Duration
	Zone                 *time.Location // in which days are summed; nil means UTC
}

// Tended says what Tend did.
type Tended struct {
	Archived int   // results moved to the archive
	Summed   int   // checks of which days were summed
	Dropped  int   // rows that were kept long enough
	Freed    int64 // bytes that the file became shorter by
}

// How much is done in one transaction: a few milliseconds' work, so that no result waits for long to be stored.
const (
	tendResults = 6000 // results moved, or ten hours summed for each
	tendRows    = 100  // rows dropped
	tendPages   = 64   // pages given back
)

// tending is one run over everything that is due.
type tending struct {
	s      *Store
	fence  func(context.Context, *sql.Tx) error
	keep   Keep
	rest   func() bool
	checks []int64
	done   Tended
}

// Tend moves results of days that are over to the archive, sums days, drops what was kept long enough, and gives pages back
// where many are free. It works in small transactions and calls rest between two of them; rest tells whether to go on. epoch
// is the caller's lease, 0 for somebody without one. It may be cut off at any point and goes on the next time.
func (s *Store) Tend(ctx context.Context, epoch int64, k Keep, rest func() bool) (Tended, error) {
	if k.Zone == nil {
		k.Zone = time.UTC
	}
	t := tending{s: s, keep: k, rest: rest, fence: func(ctx context.Context, tx *sql.Tx) error {
		if epoch == 0 {
			return nil
		}
		return fence(ctx, tx, epoch)
	}}
	if err := s.view(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		t.checks, err = allChecks(ctx, tx)
		return err
	}); err != nil {
		return t.done, err
	}
	for _, job := range []func(context.Context) error{t.archive, t.sum, t.drop, t.vacuum} {
		if err := job(ctx); err != nil {
			return t.done, err
		}
	}
	return t.done, nil
}

// step is one transaction; false when the caller wants to stop.
func (t *tending) step(ctx context.Context, f func(context.Context, *sql.Tx) error) (bool, error) {
	if err := t.s.change(ctx, t.s.results, func(ctx context.Context, tx *sql.Tx) error {
		if err := t.fence(ctx, tx); err != nil {
			return err
		}
		return f(ctx, tx)
	}); err != nil {
		return false, err
	}
	return t.rest(), nil
}

// archive moves the days that are over, one after the other and within a day in order of the checks.
func (t *tending) archive(ctx context.Context) error {
	limit := dayOf(logStart(t.s.now()))
	oldest := map[int64]int64{} // by check: the first day that has something
	first := limit
	if err := t.s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, no := range t.checks {
			var hour sql.NullInt64
			if err := tx.QueryRowContext(ctx, "SELECT min(h) FROM (SELECT min(hour) AS h FROM blocks WHERE check_no = ?1 "+
				"UNION ALL SELECT min(hour) FROM hours WHERE check_no = ?1)", no).Scan(&hour); err != nil {
				return err
			}
			if hour.Valid && hour.Int64/hoursPerDay < limit {
				oldest[no] = hour.Int64 / hoursPerDay
				first = min(first, oldest[no])
			}
		}
		return nil
	}); err != nil {
		return err
	}
	for day := first; day < limit; day++ {
		for left := t.checks; len(left) > 0; {
			more, err := t.step(ctx, func(ctx context.Context, tx *sql.Tx) error {
				for n := 0; n < tendResults && len(left) > 0; left = left[1:] {
					from, some := oldest[left[0]]
					if !some || from > day {
						continue
					}
					moved, err := archiveDay(ctx, tx, left[0], day)
					if err != nil {
						return err
					}
					n += moved + 10*hoursPerDay
					t.done.Archived += moved
				}
				return nil
			})
			if err != nil || !more {
				return err
			}
		}
	}
	return nil
}

// sum sums the days that are over.
func (t *tending) sum(ctx context.Context) error {
	until := dayStart(logStart(t.s.now()), t.keep.Zone)
	var due []int64
	if err := t.s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, no := range t.checks {
			var done int64
			if _, err := lastRow(tx.QueryRowContext(ctx, "SELECT n FROM counters WHERE name = ?", dailyCounter(no)).Scan(&done)); err != nil {
				return err
			}
			if done < until.Unix() {
				due = append(due, no)
			}
		}
		return nil
	}); err != nil {
		return err
	}
	for len(due) > 0 {
		more, err := t.step(ctx, func(ctx context.Context, tx *sql.Tx) error {
			for n := 0; n < tendResults && len(due) > 0; {
				hours, err := sumDays(ctx, tx, due[0], t.keep.Zone, until)
				if err != nil {
					return err
				}
				if hours == 0 {
					due = due[1:]
					t.done.Summed++
				}
				n += 10*hours + 10
			}
			return nil
		})
		if err != nil || !more {
			return err
		}
	}
	return nil
}

// before gives the moment before which a tier is dropped; false where it is kept for ever.
func (t *tending) before(span time.Duration) (time.Time, bool) {
	if span <= 0 || span > math.MaxInt64/2 {
		return time.Time{}, false
	}
	return t.s.now().Add(-span), true
}

// drop drops what was kept long enough. The hours of a day go only after the day has been summed.
func (t *tending) drop(ctx context.Context) error {
	if at, some := t.before(t.keep.Exact); some {
		if err := t.dropRows(ctx, "archive", archiveKey(dayOf(at), 0, 0)); err != nil {
			return err
		}
	}
	if at, some := t.before(t.keep.Hourly); some {
		if err := t.dropRows(ctx, "hourly", hourlyKey(dayOf(at), 0)); err != nil {
			return err
		}
	}
	at, some := t.before(t.keep.Daily)
	if !some {
		return nil
	}
	for _, no := range t.checks {
		more, err := t.step(ctx, func(ctx context.Context, tx *sql.Tx) error {
			for _, q := range [...]struct {
				query string
				at    int64
			}{
				{"DELETE FROM daily WHERE check_no = ? AND start < ?", at.Unix()},
				{"DELETE FROM intervals WHERE check_no = ? AND since < ? AND until <> 0 AND until < ?2", nano(at)},
				{"DELETE FROM transitions WHERE check_no = ? AND at < ? AND until <> 0 AND until < ?2", nano(at)},
			} {
				res, err := tx.ExecContext(ctx, q.query, no, q.at)
				if err != nil {
					return err
				}
				n, _ := res.RowsAffected() // known to this driver
				t.done.Dropped += int(n)
			}
			return nil
		})
		if err != nil || !more {
			return err
		}
	}
	return nil
}

func (t *tending) dropRows(ctx context.Context, table string, below int64) error {
	for {
		var n int64
		more, err := t.step(ctx, func(ctx context.Context, tx *sql.Tx) error {
			res, err := tx.ExecContext(ctx, "DELETE FROM "+table+" WHERE id IN (SELECT id FROM "+table+" WHERE id < ? ORDER BY id LIMIT ?)", below, tendRows)
			if err == nil {
				n, err = res.RowsAffected()
			}
			return err
		})
		t.done.Dropped += int(n)
		if err != nil || !more || n < tendRows {
			return err
		}
	}
}

// vacuum gives pages back where a tenth of the file is free, and at least 16 MiB: fewer are soon used again.
func (t *tending) vacuum(ctx context.Context) error {
	const least = 4096
	for {
		var pages, free, size int64
		more, err := t.step(ctx, func(ctx context.Context, tx *sql.Tx) error {
			if err := tx.QueryRowContext(ctx, "SELECT page_count, freelist_count, page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size").
				Scan(&pages, &free, &size); err != nil || free < max(least, pages/10) {
				return err
			}
			return each(ctx, tx, func(func(...any) error) error { return nil }, fmt.Sprintf("PRAGMA incremental_vacuum(%d)", tendPages))
		})
		if err != nil || !more || free < max(least, pages/10) {
			return err
		}
		t.done.Freed += tendPages * size
	}
}
