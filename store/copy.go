package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"github.com/mattn/go-sqlite3"
)

// copyDatabase copies a database with SQLite's backup interface into a file that must not exist yet, and gives the copy's
// schema version. In write-ahead mode the copy is of one moment, and writers are not held up. The copy is one file of its
// own: it needs no write-ahead log beside it. It is on disk when copyDatabase returns.
func copyDatabase(src, dst string) (schema int, err error) {
	if err := touch(dst); err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			removeDatabase(dst)
		}
	}()
	to, err := dial("file:" + (&url.URL{Path: dst}).EscapedPath() + "?mode=rw&_journal_mode=OFF&_synchronous=OFF")
	if err != nil {
		return 0, err
	}
	err = copyInto(to, src)
	if err == nil {
		_, err = to.Exec("PRAGMA journal_mode = DELETE", nil)
	}
	if err == nil {
		schema, err = pragmaNumber(to, "user_version")
	}
	if err = errors.Join(err, to.Close()); err != nil {
		return 0, err
	}
	return schema, syncFile(dst)
}

// copyInto copies all pages in one step: between two steps any other connection's write would make it begin anew.
func copyInto(to *sqlite3.SQLiteConn, src string) error {
	from, err := dialReader(src)
	if err != nil {
		return err
	}
	b, err := to.Backup("main", from, "main")
	if err != nil {
		return errors.Join(err, from.Close())
	}
	done, err := b.Step(-1)
	if err == nil && !done {
		err = fmt.Errorf("%d pages of %s were not copied", b.Remaining(), src)
	}
	return errors.Join(err, b.Finish(), from.Close())
}

// dial opens one connection without a pool.
func dial(dsn string) (*sqlite3.SQLiteConn, error) {
	c, err := (&sqlite3.SQLiteDriver{}).Open(dsn)
	if err != nil {
		return nil, err
	}
	return c.(*sqlite3.SQLiteConn), nil // what this driver opens
}

// dialReader opens a database that may be in use by others, or lie on a medium that cannot be written.
func dialReader(path string) (*sqlite3.SQLiteConn, error) {
	c, err := dial(readDSN(path, false))
	if err == nil {
		_, err = pragmaNumber(c, "schema_version") // opening alone reads nothing
		if err == nil || hasWAL(path) {
			return c, err
		}
		_ = c.Close() // nothing was done with it
	}
	var se sqlite3.Error
	if !errors.As(err, &se) || se.Code != sqlite3.ErrCantOpen && se.Code != sqlite3.ErrReadonly {
		return nil, err
	}
	return dial(readDSN(path, true))
}

func pragmaNumber(c *sqlite3.SQLiteConn, name string) (int, error) {
	rows, err := c.Query("PRAGMA "+name, nil)
	if err != nil {
		return 0, err
	}
	defer func() { _ = rows.Close() }() // read to its end
	row := make([]driver.Value, 1)
	if err := rows.Next(row); err != nil {
		return 0, err
	}
	n, ok := row[0].(int64)
	if !ok {
		return 0, fmt.Errorf("PRAGMA %s gives %v", name, row[0])
	}
	return int(n), nil
}

// removeDatabase removes a copy and what SQLite may have left beside it.
func removeDatabase(path string) {
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		_ = os.Remove(path + suffix) // what is not there need not be removed
	}
	_ = os.Remove(headsOf(path))
}

// syncFile puts a file on disk. No connection of this process may have it open: closing it would drop SQLite's locks.
func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// syncDir puts a folder's names on disk.
func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// besides gives a name in the same folder that nobody uses.
func besides(path string) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".lage-*.db")
	if err != nil {
		return "", err
	}
	return f.Name(), errors.Join(f.Close(), os.Remove(f.Name()))
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

// viewOnce runs f on a database that is not open otherwise.
func viewOnce(ctx context.Context, path string, f func(*Store) error) error {
	s, err := Open(ctx, path, Options{ReadOnly: true})
	if err != nil {
		return err
	}
	return errors.Join(f(s), s.Close())
}

// lastRow gives ErrNoRows as nothing found.
func lastRow(err error) (bool, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}
