package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"lage/incidents"
	"lage/internal/text"
	"lage/runbooks"
	"lage/services"
)

// Situation reads what stands for an incident or a walk. A walk of an incident may be named alone; the incident is then
// found through it. Both empty is a situation in which there is nothing yet.
func (s *Store) Situation(ctx context.Context, record, walkID string) (incidents.Situation, error) {
	var out incidents.Situation
	err := s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if !strings.HasPrefix(record, "INC-") && walkID == "" {
			walkID = record
		}
		if walkID != "" {
			w, err := walk(ctx, tx, walkID)
			if err != nil {
				return err
			}
			if record != "" && record != w.ID && record != w.Incident {
				return incidents.ErrNotFound
			}
			out.Walk, record = w, cmp.Or(w.Incident, w.ID)
		}
		if record == "" {
			return nil
		}
		if out.Walk == nil || out.Walk.Incident != "" {
			i, err := incident(ctx, tx, record)
			if err != nil {
				return err
			}
			out.Incident = i
			if out.Walking, err = walking(ctx, tx, record); err != nil {
				return err
			}
			if err := readSignals(ctx, tx, i, &out); err != nil {
				return err
			}
		}
		return readLast(ctx, tx, record, &out)
	})
	return out, err
}

// walking lists the runbooks that an incident's open walks go through.
func walking(ctx context.Context, tx *sql.Tx, incident string) (names []string, err error) {
	err = each(ctx, tx, func(scan func(...any) error) error {
		var name string
		err := scan(&name)
		names = append(names, name)
		return err
	}, "SELECT runbook FROM walks WHERE incident = ? AND ended = 0 ORDER BY n", incident)
	return names, err
}

// readLast fills in how many entries a record has and who wrote last: the last person, or lage where nobody else has.
func readLast(ctx context.Context, tx *sql.Tx, record string, out *incidents.Situation) error {
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM timeline WHERE record = ?", record).Scan(&out.Entries); err != nil {
		return err
	}
	const latest = "WHERE record = ? ORDER BY who IS ?, n DESC LIMIT 1" // persons (0), erased ones too, before lage (1)
	last, err := entriesWhere(ctx, tx, latest, record, newSystem())
	if err != nil || len(last) == 0 {
		return err
	}
	out.LastBy, out.LastAt = last[0].Who, last[0].OccurredAt
	return nil
}

// newSystem gives lage itself as it stands in the column who.
func newSystem() string {
	r, err := newRow(incidents.Entry{Who: services.System()}, time.Time{})
	if err != nil { // plain strings: cannot fail
		return ""
	}
	return r.who.text.String
}

// OpenIncidents lists the incidents that are not resolved, oldest first; of one service, or of all where it is empty.
func (s *Store) OpenIncidents(ctx context.Context, service string) (list []incidents.Incident, err error) {
	err = s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		// The + keeps SQLite from reading every incident that ever was for the sake of their order.
		list, err = incidentsWhere(ctx, tx, "WHERE state <> 'resolved' AND (? = '' OR service = ?) ORDER BY +n", service, service)
		return err
	})
	return list, err
}

// Due lists the open incidents that nobody has acknowledged and that were detected by now, oldest first.
func (s *Store) Due(ctx context.Context, now time.Time) (list []incidents.Incident, err error) {
	err = s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		list, err = incidentsWhere(ctx, tx, "WHERE state <> 'resolved' AND acknowledged = 0 AND detected <= ? ORDER BY +n", nano(now))
		return err
	})
	return list, err
}

// Record writes a decision; see incidents.Journal. An error at COMMIT is looked into: where the decision turns out to be
// written, it is returned as such; where that cannot be found out, the *Error says so.
func (s *Store) Record(ctx context.Context, d incidents.Decision) (incidents.Recorded, error) {
	if d.Op == "" {
		d.Op = rand.Text()
	}
	var out incidents.Recorded
	err := s.change(ctx, s.audit, func(ctx context.Context, tx *sql.Tx) error {
		done, err := writtenAs(ctx, tx, d.Op, &out)
		if err != nil || done {
			return err
		}
		out, err = s.write(ctx, tx, d)
		return err
	})
	var unsure errCommit
	if errors.As(err, &unsure) {
		return s.settle(ctx, d.Op, unsure)
	}
	if err != nil {
		return incidents.Recorded{}, err
	}
	s.anchor(out.Entries)
	if d.Erase != nil || !d.Forget.Empty() {
		s.emptyLog(ctx)
	}
	return out, nil
}

// settle finds out what became of a decision whose COMMIT failed.
func (s *Store) settle(ctx context.Context, op string, unsure errCommit) (incidents.Recorded, error) {
	var out incidents.Recorded
	var done bool
	err := s.view(context.WithoutCancel(ctx), func(ctx context.Context, tx *sql.Tx) (err error) {
		done, err = writtenAs(ctx, tx, op, &out)
		return err
	})
	switch {
	case err != nil:
		return incidents.Recorded{}, &Error{Message: text.M("store.unknown_commit"), Hint: text.M("store.unknown_commit_hint"), Cause: unsure.error}
	case !done && s.Broken() != nil: // it may stand in the log all the same, for whoever opens the database next
		return incidents.Recorded{}, &Error{Message: text.M("store.unknown_commit"), Hint: text.M("store.failed_hint"), Cause: unsure.error}
	case !done:
		return incidents.Recorded{}, unsure.error
	}
	s.anchor(out.Entries)
	return out, nil
}

// writtenAs tells whether an operation is written already, and fills in what was written, as it stands now.
func writtenAs(ctx context.Context, tx *sql.Tx, op string, out *incidents.Recorded) (bool, error) {
	var inc, wlk string
	var first, last int64
	err := tx.QueryRowContext(ctx, "SELECT incident, walk, first_n, last_n FROM ops WHERE op = ?", op).Scan(&inc, &wlk, &first, &last)
	if err == sql.ErrNoRows {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if inc != "" {
		if out.Incident, err = incident(ctx, tx, inc); err != nil {
			return false, err
		}
	}
	if wlk != "" {
		if out.Walk, err = walk(ctx, tx, wlk); err != nil {
			return false, err
		}
	}
	out.Entries, err = entriesWhere(ctx, tx, "WHERE n BETWEEN ? AND ? ORDER BY n", first, last)
	return true, err
}

// write writes a decision that is new. The decision's own values are not touched.
func (s *Store) write(ctx context.Context, tx *sql.Tx, d incidents.Decision) (incidents.Recorded, error) {
	now := moment(nano(s.now()))
	year := cmp.Or(d.Year, now.Year())
	var out incidents.Recorded
	if d.Incident != nil {
		i := *d.Incident
		i.Checks = slices.Clone(i.Checks)
		if err := saveIncident(ctx, tx, &i, year); err != nil {
			return out, err
		}
		out.Incident = &i
	}
	if d.Revision != nil {
		if err := saveRevision(ctx, tx, d.Revision); err != nil {
			return out, err
		}
	}
	if d.Walk != nil {
		w := *d.Walk
		if w.ID == "" && w.Incident == "" && out.Incident != nil {
			w.Incident = out.Incident.ID
		}
		if err := saveWalk(ctx, tx, &w, year); err != nil {
			return out, err
		}
		out.Walk = &w
	}
	first, last, err := s.writeEntries(ctx, tx, d, now, &out)
	if err != nil {
		return out, err
	}
	if err := saveSignals(ctx, tx, d.Signals, out); err != nil {
		return out, err
	}
	if err := s.writeOutbox(ctx, tx, d, now, out); err != nil {
		return out, err
	}
	var inc, wlk string
	if out.Incident != nil {
		inc = out.Incident.ID
	}
	if out.Walk != nil {
		wlk = out.Walk.ID
	}
	return out, run(ctx, tx, "INSERT INTO ops (op, at, incident, walk, first_n, last_n) VALUES (?, ?, ?, ?, ?, ?)",
		d.Op, nano(now), inc, wlk, first, last)
}

// writeEntries appends the decision's entries, and erases what the last of them redacts.
func (s *Store) writeEntries(ctx context.Context, tx *sql.Tx, d incidents.Decision, now time.Time, out *incidents.Recorded) (first, last int64, err error) {
	first = 1
	record := recordOf(*out)
	for _, e := range d.Entries {
		e.Record = cmp.Or(e.Record, record)
		if e.Walk == "" && out.Walk != nil && (e.Step != "" || e.Kind == incidents.KindWalkStarted || e.Kind == incidents.KindWalkEnded) {
			e.Walk = out.Walk.ID
		}
		if e.Record == "" {
			return 0, 0, incidents.ErrNotFound
		}
		row, err := newRow(e, now)
		if err != nil {
			return 0, 0, err
		}
		if d.Erase != nil && e.Kind == incidents.KindRedacted {
			row.parts = partsOf(d.Erase)
		}
		if err := appendEntry(ctx, tx, row); err != nil {
			return 0, 0, err
		}
		if len(out.Entries) == 0 {
			first = row.n
		}
		last, record = row.n, row.record
		out.Entries = append(out.Entries, row.entry())
	}
	if err := erase(ctx, tx, record, d.Erase); err != nil {
		return 0, 0, err
	}
	if out.Walk != nil && len(out.Entries) > 0 {
		if err := numberSteps(ctx, tx, out.Walk, out.Entries); err != nil {
			return 0, 0, err
		}
	}
	return first, last, s.forgetWalks(ctx, tx, record, d.Forget, out)
}

// recordOf gives the record that entries without one belong to.
func recordOf(out incidents.Recorded) string {
	if out.Incident != nil {
		return out.Incident.ID
	}
	if out.Walk != nil {
		return cmp.Or(out.Walk.Incident, out.Walk.ID)
	}
	return ""
}

func saveRevision(ctx context.Context, tx *sql.Tx, r *runbooks.Runbook) error {
	return run(ctx, tx, "INSERT INTO revisions (sha256, name, path, title, source) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		r.Revision, r.Name, r.Path, r.Title, r.Source)
}

// emptyLog moves the write-ahead log into the database and cuts it, so that erased texts do not lie in it. Readers may
// be in the way for a moment; the next checkpoint overwrites it then.
func (s *Store) emptyLog(ctx context.Context) {
	s.turn <- struct{}{}
	defer func() { <-s.turn }()
	_, err := s.audit.ExecContext(context.WithoutCancel(ctx), "PRAGMA wal_checkpoint(TRUNCATE)")
	_ = s.judge(err)
}
