package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"time"

	"lage/incidents"
)

// SaveConfig keeps the source of a configuration that was found valid. The same source from the same file again changes
// nothing.
func (s *Store) SaveConfig(ctx context.Context, path string, source []byte) error {
	sum := sha256.Sum256(source)
	hash := hex.EncodeToString(sum[:])
	return s.change(ctx, s.audit, func(ctx context.Context, tx *sql.Tx) error {
		var lastPath, lastHash string
		err := tx.QueryRowContext(ctx, "SELECT path, sha256 FROM configs ORDER BY n DESC LIMIT 1").Scan(&lastPath, &lastHash)
		if err != nil && err != sql.ErrNoRows {
			return err
		}
		if lastPath == path && lastHash == hash {
			return nil
		}
		return run(ctx, tx, "INSERT INTO configs (path, sha256, source, at) VALUES (?, ?, ?, ?)", path, hash, source, nano(s.now()))
	})
}

// LastConfig gives the last valid configuration and when it was first seen; incidents.ErrNotFound where there is none.
func (s *Store) LastConfig(ctx context.Context) (path string, source []byte, at time.Time, err error) {
	err = s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var ns int64
		err := tx.QueryRowContext(ctx, "SELECT path, source, at FROM configs ORDER BY n DESC LIMIT 1").Scan(&path, &source, &ns)
		if err == sql.ErrNoRows {
			return incidents.ErrNotFound
		}
		at = moment(ns)
		return err
	})
	return path, source, at, err
}
