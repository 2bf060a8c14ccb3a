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
	"strconv"
	"strings"

	"github.com/mattn/go-sqlite3"

	"lage/internal/text"
)

// minVersion is the first SQLite in which several connections cannot corrupt the write-ahead log when it is reset.
var minVersion = [3]int{3, 51, 3}

func libVersion() string {
	v, _, _ := sqlite3.Version()
	return v
}

// checkVersion refuses an SQLite that is too old, and a version that it cannot read.
func checkVersion(v string) error {
	have, ok := parseVersion(v)
	if ok {
		for i := range have {
			if have[i] != minVersion[i] {
				ok = have[i] > minVersion[i]
				break
			}
		}
	}
	if ok {
		return nil
	}
	return &Error{Message: text.M("store.sqlite_old", v, fmt.Sprintf("%d.%d.%d", minVersion[0], minVersion[1], minVersion[2])),
		Hint: text.M("store.sqlite_old_hint")}
}

// parseVersion reads "3.51.3" or "3.51"; a fourth number is left out.
func parseVersion(v string) (n [3]int, ok bool) {
	parts := strings.Split(v, ".")
	if len(parts) < 2 || len(parts) > 4 {
		return n, false
	}
	for i, p := range parts {
		x, err := strconv.Atoi(p)
		if err != nil || x < 0 {
			return n, false
		}
		if i < len(n) {
			n[i] = x
		}
	}
	return n, true
}

// connector opens connections of one DSN. It keeps the driver out of database/sql's global list.
type connector struct {
	driver *sqlite3.SQLiteDriver
	dsn    string
}

func (c connector) Connect(context.Context) (driver.Conn, error) { return c.driver.Open(c.dsn) }
func (c connector) Driver() driver.Driver                        { return c.driver }

func open(dsn string, conns int) *sql.DB {
	d := &sqlite3.SQLiteDriver{ConnectHook: func(c *sqlite3.SQLiteConn) error {
		// The pragmas for which the driver knows no parameter. The limit works on the connection that checkpoints, and
		// Store.checkpoint does that.
		_, err := c.Exec("PRAGMA journal_size_limit = 67108864; PRAGMA wal_autocheckpoint = 0", nil)
		return err
	}}
	db := sql.OpenDB(connector{d, dsn})
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db
}

// Pragmas hold for one connection, so all of them stand in the DSN, where every connection of a pool gets them.
// secure_delete makes erased texts vanish from the file and not only from the tables.
func writeDSN(path, sync string) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?mode=rw&_auto_vacuum=incremental&_journal_mode=WAL&_busy_timeout=5000" +
		"&_foreign_keys=on&_secure_delete=on&_txlock=immediate&_stmt_cache_size=64&_synchronous=" + sync
}

func readDSN(path string, immutable bool) string {
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + "?mode=ro&_busy_timeout=5000&_query_only=on&_txlock=deferred&_stmt_cache_size=32"
	if immutable {
		dsn += "&immutable=1"
	}
	return dsn
}

func hasWAL(path string) bool {
	fi, err := os.Stat(path + "-wal")
	return err == nil && fi.Size() > 0
}

// locate gives the real path of the database and creates its folder with narrow permissions where it is missing.
func locate(path string, readOnly bool) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return path, err
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		if fi, err := os.Stat(real); err == nil && fi.IsDir() {
			return path, &Error{Message: text.M("store.not_a_database", path), Hint: text.M("store.not_a_database_hint")}
		}
		return real, nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return path, err
	}
	if readOnly {
		return path, &Error{Message: text.M("store.missing", path), Hint: text.M("store.missing_hint")}
	}
	if err := makeDir(filepath.Dir(path)); err != nil {
		return path, err
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(path))
	if err != nil {
		return path, err
	}
	return filepath.Join(dir, filepath.Base(path)), nil
}

// makeDir makes a folder and what is missing above it: for its owner only, or, below a folder with the setgid bit, for
// that folder's group. A folder that exists stays as it is.
func makeDir(dir string) error {
	if _, err := os.Stat(dir); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := makeDir(filepath.Dir(dir)); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if isShared(filepath.Dir(dir)) {
		return os.Chmod(dir, 0o770|fs.ModeSetgid)
	}
	return os.Chmod(dir, 0o700)
}

// touch creates a file, whatever the umask says: 0600, or 0660 in a folder that a group shares. SQLite gives its other files
// the permissions of the first.
func touch(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil // another process was faster
	}
	if err != nil {
		return err
	}
	return errors.Join(f.Chmod(fileMode(path)), f.Close())
}

func fileMode(path string) fs.FileMode {
	if isShared(filepath.Dir(path)) {
		return 0o660
	}
	return 0o600
}

func isShared(dir string) bool {
	fi, err := os.Stat(dir)
	return err == nil && fi.Mode()&fs.ModeSetgid != 0
}

// refuseNetwork refuses a file, or a new one's folder, where locks may not hold.
func refuseNetwork(path string) error {
	if !exists(path) {
		path = filepath.Dir(path)
	}
	if kind := networkKind(path); kind != "" {
		return &Error{Message: text.M("store.network", path, kind), Hint: text.M("store.network_hint")}
	}
	return nil
}
