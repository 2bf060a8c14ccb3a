package store

import (
	"context"
	"database/sql"
	"time"

	"lage/checks"
)

// pausesFor is how many intervals may pass without a result before nobody can say where a check stood.
const pausesFor = 2.5

// standing is where a check stands by its intervals, remembered so that most results cost no look into the table.
type standing struct {
	state checks.Status
	since int64         // unix nanoseconds; 0 where there is no interval yet
	last  int64         // of the newest counted result; 0 for none
	every time.Duration // between two results; 0 where that is not known
}

// quietAfter gives the moment from which on a check counts as not observed, when its newest result is the last.
func (st standing) quietAfter() int64 {
	if st.last == 0 || st.every <= 0 {
		return 0
	}
	return st.last + int64(pausesFor*float64(st.every))
}

// intervalState gives the state of an interval after a result. While a check flaps it stands where its results do.
func intervalState(rec checks.Recorded, before checks.Status) checks.Status {
	if st := status(rec.State.Status); st != checks.StatusFlapping {
		return st
	}
	switch rec.Result.Outcome {
	case checks.Good:
		return checks.StatusUp
	case checks.Warning:
		return checks.StatusDegraded
	case checks.Bad:
		return checks.StatusDown
	}
	return before
}

// follow keeps a check's intervals as a result says. staged holds what the transaction has written so far.
func (s *Store) follow(ctx context.Context, tx *sql.Tx, no int64, rec checks.Recorded, staged map[int64]standing) error {
	st, known := staged[no]
	if !known {
		s.mu.Lock()
		st, known = s.standing[no]
		s.mu.Unlock()
	}
	if !known {
		var err error
		if st, err = readStanding(ctx, tx, no); err != nil {
			return err
		}
	}
	at, is := nano(rec.Result.At), intervalState(rec, st.state)
	since := at
	if from := nano(rec.State.Since); from != 0 && from < at && status(rec.State.Status) != checks.StatusFlapping {
		since = from // an outage began with its first failed result
	}
	var err error
	if quiet := st.quietAfter(); quiet != 0 && at > quiet {
		if st.state != checks.StatusUnobserved {
			err = st.turn(ctx, tx, no, checks.StatusUnobserved, st.last+int64(st.every))
		}
		since = at
	}
	if err == nil && is != st.state {
		err = st.turn(ctx, tx, no, is, since)
	}
	st.last = max(at, st.last)
	staged[no] = st
	return err
}

// turn ends the interval that lasts and begins another.
func (st *standing) turn(ctx context.Context, tx *sql.Tx, no int64, to checks.Status, since int64) error {
	since = max(since, st.since)
	if st.since != 0 {
		query := "UPDATE intervals SET until = ? WHERE check_no = ? AND since = ?"
		if since == st.since {
			query = "DELETE FROM intervals WHERE ? > 0 AND check_no = ? AND since = ?" // it lasted for no time
		}
		if err := run(ctx, tx, query, since, no, st.since); err != nil {
			return err
		}
	}
	st.state, st.since = to, since
	return run(ctx, tx, "INSERT OR REPLACE INTO intervals (check_no, since, until, state) VALUES (?, ?, 0, ?)", no, since, string(to))
}

// readStanding reads where a check stands by the tables.
func readStanding(ctx context.Context, tx *sql.Tx, no int64) (st standing, err error) {
	if _, err := lastRow(tx.QueryRowContext(ctx, "SELECT state, since FROM intervals WHERE check_no = ? ORDER BY since DESC LIMIT 1", no).
		Scan(&st.state, &st.since)); err != nil {
		return st, err
	}
	was, err := readState(ctx, tx, no, "")
	if err != nil {
		return st, err
	}
	st.last = nano(was.Last.At)
	var ms int64
	_, err = lastRow(tx.QueryRowContext(ctx, "SELECT every_ms FROM checks WHERE no = ?", no).Scan(&ms))
	st.every = time.Duration(ms) * time.Millisecond
	return st, err
}

// Intervals gives where a check stood from one moment to another, oldest first, without gaps from its first result on. The last
// one ends where the newest result stops speaking for it: after that it is not observed. Nothing is said about the future.
func (s *Store) Intervals(ctx context.Context, check string, from, to time.Time) (out []checks.Interval, err error) {
	err = s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		no, err := findCheck(ctx, tx, check)
		if err != nil || no == 0 {
			return err
		}
		out, err = intervalsOf(ctx, tx, no, from, to, s.now())
		return err
	})
	return out, err
}

func intervalsOf(ctx context.Context, tx *sql.Tx, no int64, from, to, now time.Time) (out []checks.Interval, err error) {
	if to.After(now) {
		to = now
	}
	if !from.Before(to) {
		return nil, nil
	}
	st, err := readStanding(ctx, tx, no)
	if err != nil {
		return nil, err
	}
	add := func(state checks.Status, a, b time.Time) {
		if a.Before(from) {
			a = from
		}
		if b.After(to) {
			b = to
		}
		if a.Before(b) {
			out = append(out, checks.Interval{State: state, From: a, To: b})
		}
	}
	err = each(ctx, tx, func(scan func(...any) error) error {
		var state checks.Status
		var since, until int64
		if err := scan(&state, &since, &until); err != nil {
			return err
		}
		if until != 0 {
			add(state, moment(since), moment(until))
			return nil
		}
		quiet := st.quietAfter()
		if quiet == 0 || now.UnixNano() <= quiet || state == checks.StatusUnobserved {
			add(state, moment(since), to)
			return nil
		}
		ends := max(since, st.last+int64(st.every))
		add(state, moment(since), moment(ends))
		add(checks.StatusUnobserved, moment(ends), to)
		return nil
	}, "SELECT state, since, until FROM intervals WHERE check_no = ?1 AND since < ?3 AND since >= "+
		"coalesce((SELECT max(since) FROM intervals WHERE check_no = ?1 AND since <= ?2), 0) ORDER BY since", no, nano(from), nano(to))
	return out, err
}
