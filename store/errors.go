package store

import (
	"errors"
	"io/fs"
	"path/filepath"
	"syscall"

	"github.com/mattn/go-sqlite3"

	"lage/internal/text"
)

// ErrLeaseLost says that another process polls now. Nothing was written.
var ErrLeaseLost = errors.New("another process polls now")

// Error is a fault of the database that a person can do something about.
type Error struct {
	Message text.Message // what is wrong
	Hint    text.Message // what to do about it; may be zero
	Cause   error        // what SQLite or the system said; may be nil
}

// Error gives message, hint and cause in English.
func (e *Error) Error() string {
	s := e.Message.In(text.English)
	if !e.Hint.IsZero() {
		s += " " + e.Hint.In(text.English)
	}
	if e.Cause != nil {
		s += " (" + e.Cause.Error() + ")"
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// explain turns what SQLite said into an *Error where a person can do something about it. Errors that are already
// explained, or not SQLite's, stay as they are; nil stays nil.
func explain(err error, path string) error {
	var known *Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	say := func(m, hint text.Message) error { return &Error{Message: m, Hint: hint, Cause: err} }
	if isFull(err) {
		return say(text.M("store.disk_full", path), text.M("store.disk_full_hint"))
	}
	if errors.Is(err, fs.ErrPermission) {
		return say(text.M("store.permission", path), text.M("store.permission_hint"))
	}
	var se sqlite3.Error
	if !errors.As(err, &se) {
		return err
	}
	switch se.Code {
	case sqlite3.ErrNotADB:
		return say(text.M("store.not_a_database", path), text.M("store.not_a_database_hint"))
	case sqlite3.ErrCorrupt:
		return say(text.M("store.corrupt", path), text.M("store.corrupt_hint", path))
	case sqlite3.ErrReadonly:
		return say(text.M("store.read_only", path), text.M("store.read_only_hint"))
	case sqlite3.ErrCantOpen:
		switch why := denied(path); {
		case errors.Is(why, fs.ErrPermission):
			return say(text.M("store.permission", path), text.M("store.permission_hint"))
		case errors.Is(why, syscall.EROFS):
			return say(text.M("store.read_only", path), text.M("store.read_only_hint"))
		}
		return say(text.M("store.cannot_open", path), text.M("store.cannot_open_hint"))
	case sqlite3.ErrBusy:
		return say(text.M("store.busy", path), text.M("store.busy_hint"))
	case sqlite3.ErrIoErr:
		return say(text.M("store.io", path), text.M("store.io_hint"))
	case sqlite3.ErrPerm, sqlite3.ErrAuth:
		return say(text.M("store.permission", path), text.M("store.permission_hint"))
	}
	return err
}

// denied says what keeps this process from the database's file and from making others beside it; nil where nothing does. It asks
// without opening: closing the file would drop the locks of SQLite.
func denied(path string) error {
	const enter, write, read = 1, 2, 4
	dir := filepath.Dir(path)
	return errors.Join(syscall.Access(path, read), syscall.Access(dir, read|enter), onlyReadOnly(syscall.Access(dir, write)))
}

// onlyReadOnly leaves of an error that the file system cannot be written: whether this user may write is another matter.
func onlyReadOnly(err error) error {
	if errors.Is(err, syscall.EROFS) {
		return err
	}
	return nil
}
