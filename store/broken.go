package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/mattn/go-sqlite3"

	"lage/internal/text"
)

// Broken says why this process does not write to the database any more; nil while it does. It stays so until the database is
// opened anew: after an fsync that failed, the kernel has forgotten what did not reach the disk, and the next fsync succeeds
// without it; and writing to a damaged file damages it more.
func (s *Store) Broken() *Error { return s.broken.Load() }

// judge notes an error after which nothing may be written any more, and gives it in words that say so. Other errors stay
// what they are.
func (s *Store) judge(err error) error {
	var se sqlite3.Error
	if err == nil || !errors.As(err, &se) || isFull(err) {
		return err
	}
	var broken *Error
	switch {
	case se.ExtendedCode == sqlite3.ErrIoErrFsync, se.ExtendedCode == sqlite3.ErrIoErrDirFsync, se.ExtendedCode == sqlite3.ErrIoErrWrite:
		broken = &Error{Message: text.M("store.failed", s.path), Hint: text.M("store.failed_hint"), Cause: err}
	case se.Code == sqlite3.ErrCorrupt, se.Code == sqlite3.ErrNotADB:
		broken = &Error{Message: text.M("store.corrupt", s.path), Hint: text.M("store.corrupt_hint", s.path), Cause: err}
	default:
		return err
	}
	s.broken.CompareAndSwap(nil, broken)
	return broken
}

// checkpointPages is how long the write-ahead log may become, 16 MiB, before its pages move into the database. A page that is
// written with every round of the checks moves once for all that it was written in between.
const checkpointPages = 4000

// checkpoint moves the write-ahead log into the database when it has become long. SQLite would do that by itself after a
// commit, and keep to itself that the disk failed meanwhile.
func (s *Store) checkpoint(ctx context.Context, db *sql.DB) {
	var busy, pages, moved int
	err := db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(NOOP)").Scan(&busy, &pages, &moved)
	if err == nil && pages >= checkpointPages && moved < pages {
		err = db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)").Scan(&busy, &pages, &moved)
	}
	_ = s.judge(err) // what was committed is committed; whatever else goes wrong here is tried again after the next change
}
