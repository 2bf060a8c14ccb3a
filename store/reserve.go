package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/mattn/go-sqlite3"

	"lage/internal/text"
)

// The reserve is a file beside the database that only takes up space. When the disk is full, the first change that people
// depend on (incidents, timelines, alarms, the lease) cuts it to nothing and has its space. Results are not stored from then
// on, or they would use it up: a reserve of no bytes tells all processes so. It is filled again when there is room for it
// twice.

func reserveOf(path string) string { return filepath.Clean(path) + ".reserve" }

// ReserveReleased tells whether the disk was full and the reserve has not been filled again yet.
func (s *Store) ReserveReleased() bool {
	fi, err := os.Stat(reserveOf(s.path))
	return err == nil && fi.Size() == 0
}

// KeepReserve makes the reserve, or fills it again, where there is room for it twice; 0 bytes takes it away. Without room
// there is none, and that is no error.
func (s *Store) KeepReserve(bytes int64) error {
	path := reserveOf(s.path)
	if bytes <= 0 {
		if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	fi, err := os.Stat(path)
	if err == nil && fi.Size() == bytes {
		return nil
	}
	if err == nil && fi.Size() > bytes {
		return explain(os.Truncate(path, bytes), path)
	}
	if free, err := freeBytes(filepath.Dir(path)); err != nil || free < 2*bytes {
		return err
	}
	// Under another name until it is whole: a reserve of no bytes means something.
	tmp, err := besides(path)
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(tmp) }() // gone when all went well
	if err := fillFile(tmp, path, bytes); err != nil {
		if errors.Is(err, syscall.ENOSPC) {
			return nil
		}
		return explain(err, path)
	}
	return explain(os.Rename(tmp, path), path)
}

// fillFile writes a file with as many bytes, none of them zero: some file systems keep no room for zeros.
func fillFile(name, like string, bytes int64) (err error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := f.Chmod(fileMode(like)); err != nil {
		return err
	}
	block := make([]byte, 1<<20)
	for i := range block {
		block[i] = byte(i%251) + 1
	}
	for bytes > 0 {
		n, err := f.Write(block[:min(bytes, int64(len(block)))])
		if err != nil {
			return err
		}
		bytes -= int64(n)
	}
	return f.Sync()
}

// release cuts the reserve to nothing; false where there is none, or it was used already.
func (s *Store) release() bool {
	path := reserveOf(s.path)
	fi, err := os.Stat(path)
	return err == nil && fi.Size() > 0 && os.Truncate(path, 0) == nil
}

// isFull tells whether an error means that the disk is full. Shared memory that cannot grow lies on the same disk.
func isFull(err error) bool {
	var se sqlite3.Error
	if !errors.As(err, &se) {
		return errors.Is(err, syscall.ENOSPC)
	}
	return se.Code == sqlite3.ErrFull || se.ExtendedCode == sqlite3.ErrIoErrSHMSize || se.SystemErrno == syscall.EDQUOT
}

// keptForPeople is what a result is told while the reserve is in use.
func (s *Store) keptForPeople() error {
	return &Error{Message: text.M("store.disk_full", s.path), Hint: text.M("store.kept_for_people"), Cause: syscall.ENOSPC}
}
