package store

import (
	"context"
	"database/sql"

	"lage/incidents"
	"lage/runbooks"
)

// Feedback gives what was noted about steps of runbooks, and why steps failed or were left out: the entries in the order
// in which they were written, and their walks by ID.
func (s *Store) Feedback(ctx context.Context) (entries []incidents.Entry, walks map[string]runbooks.Walk, err error) {
	walks = map[string]runbooks.Walk{}
	err = s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if entries, err = entriesWhere(ctx, tx, "WHERE step != '' AND walk != '' AND kind IN ('note', 'step_failed', 'step_skipped', 'step_na') ORDER BY n"); err != nil {
			return err
		}
		list, err := walksWhere(ctx, tx, "")
		for _, w := range list {
			walks[w.ID] = w
		}
		return err
	})
	return entries, walks, err
}
