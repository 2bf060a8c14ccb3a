package store

import (
	"context"
	"database/sql"
	"time"

	"lage/incidents"
)

// readSignals fills in what other tools have said about an incident, and which checks of its service fail.
func readSignals(ctx context.Context, tx *sql.Tx, i *incidents.Incident, out *incidents.Situation) error {
	if err := each(ctx, tx, func(scan func(...any) error) error {
		var s incidents.Signal
		var since int64
		if err := scan(&s.Key, &s.Origin, &s.State, &since); err != nil {
			return err
		}
		s.Since = moment(since)
		out.Signals = append(out.Signals, s)
		return nil
	}, "SELECT key, origin, state, since FROM alert_keys WHERE incident = ? ORDER BY key", i.ID); err != nil {
		return err
	}
	if i.Service == "" {
		return nil
	}
	return each(ctx, tx, func(scan func(...any) error) error {
		var id string
		if err := scan(&id); err != nil {
			return err
		}
		out.Failing = append(out.Failing, id)
		return nil
	}, "SELECT c.id FROM checks c JOIN states s ON s.check_no = c.no WHERE c.service = ? AND c.hidden = 0 "+
		"AND s.status IN ('down', 'flapping') ORDER BY c.id", i.Service)
}

// saveSignals keeps where the keys of a decision stand. They change with the incident, whose version keeps two writers apart.
func saveSignals(ctx context.Context, tx *sql.Tx, list []incidents.Signal, out incidents.Recorded) error {
	if len(list) > 0 && out.Incident == nil {
		return incidents.ErrNotFound
	}
	for _, s := range list {
		if err := run(ctx, tx, "INSERT INTO alert_keys (incident, key, origin, state, since) VALUES (?, ?, ?, ?, ?) "+
			"ON CONFLICT (incident, key) DO UPDATE SET origin = excluded.origin, state = excluded.state, since = excluded.since",
			out.Incident.ID, s.Key, s.Origin, s.State, nano(s.Since)); err != nil {
			return err
		}
	}
	return nil
}

// Overlooked counts the alarms that have been due since before a moment and that nobody has in hand: nobody sends them.
func (s *Store) Overlooked(ctx context.Context, before time.Time) (n int, err error) {
	err = s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT count(*) FROM outbox WHERE done = 0 AND next_try <= ? AND claimed <= ?", nano(before), nano(before)).Scan(&n)
	})
	return n, err
}

// Size gives how many bytes the database holds, without its write-ahead log.
func (s *Store) Size(ctx context.Context) (n int64, err error) {
	err = s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").Scan(&n)
	})
	return n, err
}
