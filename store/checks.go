package store

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"lage/checks"
)

// SyncChecks tells the store which checks the configuration has. Others are hidden and keep their history. Where they
// stand is unknown from then on: nobody measures them, and one that returns begins anew, so that its failing is told.
func (s *Store) SyncChecks(ctx context.Context, list []checks.Check) error {
	defer func() {
		s.mu.Lock()
		clear(s.standing)
		s.mu.Unlock()
	}()
	return s.change(ctx, s.audit, func(ctx context.Context, tx *sql.Tx) error {
		have := map[string]bool{}
		for _, c := range list {
			have[c.ID] = true
			if err := run(ctx, tx, "INSERT INTO checks (id, service, every_ms) VALUES (?, ?, ?) "+
				"ON CONFLICT (id) DO UPDATE SET service = excluded.service, hidden = 0, every_ms = excluded.every_ms "+
				"WHERE hidden OR service <> excluded.service OR every_ms <> excluded.every_ms",
				c.ID, c.Service, c.Interval.Milliseconds()); err != nil {
				return err
			}
		}
		gone := map[int64]string{}
		err := each(ctx, tx, func(scan func(...any) error) error {
			var no int64
			var id string
			if err := scan(&no, &id); err != nil {
				return err
			}
			if !have[id] {
				gone[no] = id
			}
			return nil
		}, "SELECT no, id FROM checks WHERE NOT hidden")
		if err != nil {
			return err
		}
		for no, id := range gone {
			if err := run(ctx, tx, "UPDATE checks SET hidden = 1 WHERE no = ?", no); err != nil {
				return err
			}
			if err := unobserve(ctx, tx, no, s.now()); err != nil {
				return err
			}
			if err := forget(ctx, tx, no, id, s.now()); err != nil {
				return err
			}
		}
		return nil
	})
}

// unobserve ends a check's interval: from now on nobody measures it.
func unobserve(ctx context.Context, tx *sql.Tx, no int64, now time.Time) error {
	st, err := readStanding(ctx, tx, no)
	if err != nil || st.since == 0 || st.state == checks.StatusUnobserved {
		return err
	}
	since := nano(now)
	if quiet := st.quietAfter(); quiet != 0 && quiet < since {
		since = st.last + int64(st.every)
	}
	return st.turn(ctx, tx, no, checks.StatusUnobserved, since)
}

// forget ends a check's status: an outage must not be counted while nobody measures.
func forget(ctx context.Context, tx *sql.Tx, no int64, id string, now time.Time) error {
	st, err := readState(ctx, tx, no, id)
	if err != nil || status(st.Status) == checks.StatusUnknown {
		return err
	}
	if err := addTransition(ctx, tx, no, checks.Transition{From: st.Status, To: checks.StatusUnknown, At: now, Since: now}); err != nil {
		return err
	}
	return saveState(ctx, tx, no, checks.State{Check: id, Status: checks.StatusUnknown, Since: now, Last: st.Last})
}

// checkNo gives a check's number and adds the check where it is new. Numbers never change, so those of checks that were
// not new are remembered.
func (s *Store) checkNo(ctx context.Context, tx *sql.Tx, id string) (int64, error) {
	s.mu.Lock()
	no := s.numbers[id]
	s.mu.Unlock()
	if no != 0 {
		return no, nil
	}
	no, err := findCheck(ctx, tx, id)
	if err != nil {
		return 0, err
	}
	if no != 0 {
		s.mu.Lock()
		s.numbers[id] = no
		s.mu.Unlock()
		return no, nil
	}
	service, _, _ := strings.Cut(id, "/")
	res, err := tx.ExecContext(ctx, "INSERT INTO checks (id, service) VALUES (?, ?)", id, service)
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

// findCheck gives a check's number, 0 where the store does not know it.
func findCheck(ctx context.Context, tx *sql.Tx, id string) (no int64, err error) {
	err = tx.QueryRowContext(ctx, "SELECT no FROM checks WHERE id = ?", id).Scan(&no)
	if err == sql.ErrNoRows {
		return 0, nil
	}
	return no, err
}
