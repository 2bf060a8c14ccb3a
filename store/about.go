package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"

	"lage/internal/text"
)

// About is what a database says of itself.
type About struct {
	SQLite  string // version of the library
	Journal string // "wal" where many processes may use it
	Schema  int    // version of the schema
}

// About asks the database what it is.
func (s *Store) About(ctx context.Context) (About, error) {
	a := About{SQLite: libVersion()}
	err := s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT (SELECT user_version FROM pragma_user_version), (SELECT journal_mode FROM pragma_journal_mode)").
			Scan(&a.Schema, &a.Journal)
	})
	return a, err
}

// quickHeads is how many of the newest anchors VerifyHeads looks at.
const quickHeads = 200

// VerifyHeads compares the newest anchors beside the database with the timeline: a quick look that finds lost ends. Verify
// looks at everything.
func (s *Store) VerifyHeads(ctx context.Context) (Verification, error) {
	var v Verification
	heads, err := readHeads(s.headsPath())
	if err != nil {
		return v, err
	}
	heads = heads[max(0, len(heads)-quickHeads):]
	v.Anchors = len(heads)
	err = s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, h := range heads {
			if h.lost != 0 {
				v.Lost++
				continue
			}
			var hash []byte
			err := tx.QueryRowContext(ctx, "SELECT hash FROM timeline WHERE record = ? AND seq = ?", h.record, h.seq).Scan(&hash)
			switch {
			case errors.Is(err, sql.ErrNoRows):
				v.report(h.record, h.seq, text.M("store.verify_lost"))
			case err != nil:
				return err
			case hex.EncodeToString(hash) != h.hash:
				v.report(h.record, h.seq, text.M("store.verify_other"))
			}
		}
		return nil
	})
	return v, err
}
