// Package store keeps everything in one SQLite file that many processes share: results and states of checks, incidents,
// their timeline, walks, the outbox, the lease of who polls. SQL stands only here.
//
// Exported methods begin and commit; unexported functions that take a transaction hold the SQL. What people rely on
// (incidents, timeline, outbox, lease) is written with synchronous=FULL; results of checks, which are many, with NORMAL:
// a power cut may cost the last batch of them.
//
// No statement runs under a context that can end: SQLite's interrupt would hit whatever runs on the connection. A
// method looks at its context before it begins, while it waits for its turn, and not after.
package store

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mattn/go-sqlite3"

	"lage/internal/text"
)

// Options say how a database is opened.
type Options struct {
	ReadOnly bool             // looks, and changes nothing; the file must exist
	Anywhere bool             // also on file systems on which the locks of SQLite may not hold
	Now      func() time.Time // the clock; nil means time.Now
	Host     string           // of this process, for the lease; may be empty

	keepsNoCopy bool // converts an old database without keeping a copy of it: it is one
}

// Store is an open database. Its methods may be called from several goroutines. It implements incidents.Journal and
// notify.Outbox; Recorder and WithEpoch give a checks.Recorder.
type Store struct {
	path     string
	now      func() time.Time
	host     string
	readOnly bool
	was      int     // the schema version that was converted from; 0 where there was nothing to do
	audit    *sql.DB // writes with synchronous=FULL; nil when read-only
	results  *sql.DB // writes with synchronous=NORMAL; nil when read-only
	readers  *sql.DB
	watch    *sql.DB       // one connection, for PRAGMA data_version
	turn     chan struct{} // holds one token: writers of this process take turns instead of meeting SQLITE_BUSY

	broken atomic.Pointer[Error] // why nothing is written any more (broken.go)

	mu        sync.Mutex
	listeners map[chan struct{}]bool // of Changes
	numbers   map[string]int64       // of checks that are in the database for good
	told      map[int64]told         // what the log last said about each check (results.go)
	standing  map[int64]standing     // where each check stands by its intervals (intervals.go)
	summed    *summed                // days and hours already summed for Past (past.go)
}

// Open opens the database, creating it (with its folder) or migrating it where needed. An error that a person can do
// something about is an *Error.
func Open(ctx context.Context, path string, o Options) (*Store, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ctx = context.WithoutCancel(ctx)
	if err := checkVersion(libVersion()); err != nil {
		return nil, err
	}
	path, err := locate(path, o.ReadOnly)
	if err == nil && !o.Anywhere {
		err = refuseNetwork(path)
	}
	if err == nil && !o.ReadOnly {
		err = touch(path)
	}
	if err != nil {
		return nil, explain(err, path)
	}
	s := &Store{path: path, now: o.Now, host: o.Host, readOnly: o.ReadOnly,
		turn: make(chan struct{}, 1), listeners: map[chan struct{}]bool{}, told: map[int64]told{}, standing: map[int64]standing{}, numbers: map[string]int64{}}
	if s.now == nil {
		s.now = time.Now
	}
	if err := s.connect(ctx, o); err != nil {
		_ = s.Close() // the first error is the one to tell
		return nil, explain(err, path)
	}
	return s, nil
}

func (s *Store) connect(ctx context.Context, o Options) error {
	if !s.readOnly {
		s.audit = open(writeDSN(s.path, "FULL"), 1)
		s.results = open(writeDSN(s.path, "NORMAL"), 1)
		if err := s.convert(ctx, !o.keepsNoCopy); err != nil {
			return err
		}
	}
	dsn := readDSN(s.path, false)
	s.readers = open(dsn, 4)
	if err := checkSchema(ctx, s.readers, s.path); err != nil {
		var se sqlite3.Error
		if !s.readOnly || hasWAL(s.path) || !errors.As(err, &se) || se.Code != sqlite3.ErrCantOpen && se.Code != sqlite3.ErrReadonly {
			return err
		}
		// On a read-only file system SQLite cannot make the shared memory that WAL needs. Without a WAL file nobody is
		// writing, and the database can be read as it lies there.
		_ = s.readers.Close()
		dsn = readDSN(s.path, true)
		s.readers = open(dsn, 4)
		if err := checkSchema(ctx, s.readers, s.path); err != nil {
			return err
		}
	}
	s.watch = open(dsn, 1)
	return nil
}

// Close closes all connections, the writing ones last so that they can empty the write-ahead log.
func (s *Store) Close() error {
	var errs []error
	for _, db := range []*sql.DB{s.watch, s.readers, s.results, s.audit} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(errs...)
}

// Path gives the database's file, symbolic links resolved.
func (s *Store) Path() string { return s.path }

// ConvertedFrom gives the schema version that the database had before it was opened; 0 where it was not converted, or new.
func (s *Store) ConvertedFrom() int { return s.was }

// ReadOnly tells whether the database was opened for looking only.
func (s *Store) ReadOnly() bool { return s.readOnly }

// errCommit marks an error at COMMIT: whether the transaction was written is not known.
type errCommit struct{ error }

func (e errCommit) Unwrap() error { return e.error }

// change runs f in a writing transaction on db and tells the listeners when it is committed. f may be called twice: the
// second time with the room of the reserve.
func (s *Store) change(ctx context.Context, db *sql.DB, f func(ctx context.Context, tx *sql.Tx) error) error {
	if s.readOnly {
		return &Error{Message: text.M("store.read_only", s.path), Hint: text.M("store.opened_read_only_hint")}
	}
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if broken := s.Broken(); broken != nil {
		return broken
	}
	if db == s.results && s.ReserveReleased() {
		return s.keptForPeople()
	}
	ctx = context.WithoutCancel(ctx)
	err := s.attempt(ctx, db, f)
	if isFull(err) && db == s.audit && s.release() {
		err = s.attempt(ctx, db, f)
	}
	if err == nil {
		s.checkpoint(ctx, db)
		s.tell()
	}
	return err
}

// attempt runs f in one transaction.
func (s *Store) attempt(ctx context.Context, db *sql.DB, f func(ctx context.Context, tx *sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return explain(s.judge(err), s.path)
	}
	defer func() { _ = tx.Rollback() }() // does nothing after a commit
	if err := f(ctx, tx); err != nil {
		return explain(s.judge(err), s.path)
	}
	if err := tx.Commit(); err != nil {
		return errCommit{explain(s.judge(err), s.path)}
	}
	return nil
}

// view runs f on one consistent snapshot.
func (s *Store) view(ctx context.Context, f func(ctx context.Context, tx *sql.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	tx, err := s.readers.BeginTx(ctx, nil)
	if err != nil {
		return explain(s.judge(err), s.path)
	}
	defer func() { _ = tx.Rollback() }() // nothing to keep
	return explain(s.judge(f(ctx, tx)), s.path)
}

// each calls f for every row of a query and closes it.
func each(ctx context.Context, tx *sql.Tx, f func(scan func(...any) error) error, query string, args ...any) error {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what matters
	for rows.Next() {
		if err := f(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

func run(ctx context.Context, tx *sql.Tx, query string, args ...any) error {
	_, err := tx.ExecContext(ctx, query, args...)
	return err
}

// nano and moment carry times into and out of columns: UTC unix nanoseconds, 0 for the zero time.
func nano(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

func moment(ns int64) time.Time {
	if ns == 0 {
		return time.Time{}
	}
	return time.Unix(0, ns).UTC()
}

// headsPath is the file beside the database that anchors the timeline.
func (s *Store) headsPath() string { return headsOf(s.path) }

func headsOf(path string) string { return filepath.Clean(path) + ".heads" }
