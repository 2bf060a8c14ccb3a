package store

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"lage/checks"
)

// ImportHistory writes a check's past in one transaction: hours, single results, changes of status (oldest first). An
// hour that has results younger than two hours is summed from them, and its bucket is left out; otherwise a bucket stands
// for its hour, and results in it are kept for charts without being counted again.
func (s *Store) ImportHistory(ctx context.Context, check string, hours []checks.Bucket, samples []checks.Sample, changes []checks.Transition) error {
	return s.change(ctx, s.results, func(ctx context.Context, tx *sql.Tx) error {
		no, err := s.checkNo(ctx, tx, check)
		if err != nil {
			return err
		}
		if err := importChanges(ctx, tx, no, hours, changes); err != nil {
			return err
		}
		border := hourOf(logStart(s.now()))
		fresh, err := importSamples(ctx, tx, no, border, samples)
		if err != nil {
			return err
		}
		put, err := hourWriter(ctx, tx, no)
		if err != nil {
			return err
		}
		for _, b := range hours {
			if hour := hourOf(b.Start); !fresh[hour] {
				if err := put(ctx, tx, no, hour, guess(b)); err != nil {
					return err
				}
			}
		}
		return bump(ctx, tx, "hours")
	})
}

// importChanges writes changes of status, and the intervals between them. Before the first change the check stood where that
// one says that it came from; without any change it was up.
func importChanges(ctx context.Context, tx *sql.Tx, no int64, hours []checks.Bucket, changes []checks.Transition) error {
	st, err := readStanding(ctx, tx, no)
	if err != nil {
		return err
	}
	turn := func(to checks.Status, at time.Time) error {
		if to = status(to); to == checks.StatusFlapping {
			to = checks.StatusDegraded
		}
		if to == st.state || at.UnixNano() < st.since {
			return nil
		}
		return st.turn(ctx, tx, no, to, at.UnixNano())
	}
	if len(hours) > 0 && st.since == 0 {
		first := checks.StatusUp
		if len(changes) > 0 {
			first = changes[0].From
		}
		if err := turn(first, hours[0].Start); err != nil {
			return err
		}
	}
	for _, t := range changes {
		if err := addTransition(ctx, tx, no, t); err != nil {
			return err
		}
		since := t.Since
		if since.IsZero() {
			since = t.At
		}
		if err := turn(t.To, since); err != nil {
			return err
		}
	}
	return nil
}

// hourWriter gives what writes an hour of a check: adding to what is there costs three times as much as writing the
// first hours of a new check.
func hourWriter(ctx context.Context, tx *sql.Tx, no int64) (func(context.Context, *sql.Tx, int64, int64, tally) error, error) {
	var some bool
	err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM hours WHERE check_no = ?)", no).Scan(&some)
	if some {
		return addHour, err
	}
	return putHour, err
}

// importSamples puts young results into the log, and tells which hours they are in, and old ones into blocks.
func importSamples(ctx context.Context, tx *sql.Tx, no, border int64, list []checks.Sample) (fresh map[int64]bool, err error) {
	fresh = map[int64]bool{}
	var young []sample
	old := map[int64][]sample{}
	for _, c := range list {
		sm := newSample(no, checks.Result{At: c.At, Latency: c.Latency, Outcome: c.Outcome})
		if hour := hourOf(c.At); hour >= border {
			fresh[hour] = true
			young = append(young, sm)
		} else {
			old[hour] = append(old[hour], sm)
		}
	}
	if len(young) > 0 {
		if err := appendLog(ctx, tx, time.UnixMilli(young[0].at), young); err != nil {
			return nil, err
		}
	}
	for hour, list := range old {
		slices.SortFunc(list, func(a, b sample) int { return int(a.at - b.at) })
		if err := addBlocks(ctx, tx, no, hour, list); err != nil {
			return nil, err
		}
	}
	return fresh, nil
}

// guess makes a latency histogram that has the percentiles of a bucket.
func guess(b checks.Bucket) tally {
	t := tally{total: b.Total, bad: b.Bad, warn: b.Warn, down: b.Down, maxUS: b.Max.Microseconds()}
	n := b.Total - b.Bad
	if n <= 0 || b.P50 <= 0 {
		return t
	}
	high := n * 6 / 100 // the 95th of a hundred is then among the high ones
	t.latency.add(b.P50.Microseconds(), uint32(n-high))
	if high > 0 {
		t.latency.add(b.P95.Microseconds(), uint32(high))
	}
	return t
}
