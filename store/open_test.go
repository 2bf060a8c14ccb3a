package store

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"lage/internal/text"
)

var update = flag.Bool("update", false, "write testdata/db again")

func TestVersion(t *testing.T) {
	for v, want := range map[string]bool{"3.51.3": true, "3.51.10": true, "3.52.0": true, "3.54.1": true, "4.0": true, "3.51.2": false,
		"3.40.1": false, "3.7.17.1": false, "2.99.99": false, "": false, "3": false, "3.x.1": false, "3.51.3.4.5": false, "3.-1.0": false} {
		if err := checkVersion(v); (err == nil) != want {
			t.Errorf("%q: %v", v, err)
		}
	}
	ok(t, checkVersion(libVersion()))
}

func TestPragmasReachEveryConnection(t *testing.T) {
	s, _ := newStore(t)
	for _, q := range []struct{ pragma, audit, results, reader string }{
		{"journal_mode", "wal", "wal", "wal"}, {"synchronous", "2", "1", ""}, {"foreign_keys", "1", "1", ""},
		{"busy_timeout", "5000", "5000", "5000"}, {"auto_vacuum", "2", "2", "2"}, {"secure_delete", "1", "1", ""},
		{"journal_size_limit", "67108864", "67108864", ""}, {"query_only", "0", "0", "1"},
	} {
		var a, r, v string
		ok(t, s.audit.QueryRow("PRAGMA "+q.pragma).Scan(&a))
		ok(t, s.results.QueryRow("PRAGMA "+q.pragma).Scan(&r))
		ok(t, s.readers.QueryRow("PRAGMA "+q.pragma).Scan(&v))
		if a != q.audit || r != q.results || q.reader != "" && v != q.reader {
			t.Errorf("%s: audit %s results %s reader %s", q.pragma, a, r, v)
		}
	}
}

func TestPermissions(t *testing.T) {
	old := syscall.Umask(0)
	defer syscall.Umask(old)
	dir := t.TempDir()
	shared := filepath.Join(dir, "shared")
	ok(t, os.Mkdir(shared, 0o700))
	ok(t, os.Chmod(shared, 0o770|fs.ModeSetgid))
	for _, c := range []struct {
		path      string
		dir, file fs.FileMode
	}{
		{filepath.Join(dir, "own", "state", "lage.db"), 0o700, 0o600},
		{filepath.Join(shared, "team", "lage.db"), 0o770 | fs.ModeSetgid, 0o660},
	} {
		s := openAt(t, c.path, &clock{t: t0})
		openIncident(t, s, "")
		st, err := os.Stat(filepath.Dir(c.path))
		ok(t, err)
		if got := st.Mode() & (fs.ModePerm | fs.ModeSetgid); got != c.dir {
			t.Errorf("folder of %s: %v", c.path, got)
		}
		for _, suffix := range []string{"", "-wal", "-shm", ".heads"} {
			st, err := os.Stat(c.path + suffix)
			ok(t, err)
			if st.Mode().Perm() != c.file {
				t.Errorf("%s%s: %v", c.path, suffix, st.Mode())
			}
		}
	}
}

// code opens path and gives the code of the *Error that it must be.
func code(t *testing.T, path string, o Options) string {
	t.Helper()
	s, err := Open(t.Context(), path, o)
	if err == nil {
		_ = s.Close()
		return ""
	}
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("not explained: %v", err)
	}
	if e.Hint.IsZero() || !text.Known(e.Message.Code) || !text.Known(e.Hint.Code) {
		t.Errorf("%v has no words or no hint", err)
	}
	return e.Message.Code
}

func TestRefusals(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		ok(t, os.WriteFile(path, []byte(content), 0o600))
		return path
	}
	notes := file("notes", strings.Repeat("this is no database\n", 400))
	if c := code(t, notes, Options{}); c != "store.not_a_database" {
		t.Error(c)
	}
	if string(readFile(t, notes)) != strings.Repeat("this is no database\n", 400) {
		t.Error("the file was changed")
	}
	if c := code(t, dir, Options{}); c != "store.not_a_database" {
		t.Error(c)
	}
	if c := code(t, filepath.Join(dir, "none.db"), Options{ReadOnly: true}); c != "store.missing" {
		t.Error(c)
	}
	foreign := filepath.Join(dir, "foreign.db")
	db := open("file:"+foreign, 1)
	rawExec(t, db, "CREATE TABLE things (x)")
	ok(t, db.Close())
	if c := code(t, foreign, Options{}); c != "store.foreign" {
		t.Error(c)
	}
	if c := code(t, file("empty.db", ""), Options{}); c != "" {
		t.Error(c)
	}
	if c := code(t, file("empty2.db", ""), Options{ReadOnly: true}); c != "store.older" {
		t.Error(c)
	}
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	s, _ := newStore(t)
	openIncident(t, s, "form")
	rawExec(t, raw(t, s), "PRAGMA user_version = 99")
	ok(t, s.Close())
	before := readFile(t, s.path)
	for _, ro := range []bool{false, true} {
		if c := code(t, s.path, Options{ReadOnly: ro}); c != "store.newer" {
			t.Error(c)
		}
	}
	if string(before) != string(readFile(t, s.path)) {
		t.Error("a refused database was changed")
	}
}

func TestCorruptPages(t *testing.T) {
	s, _ := newStore(t)
	i := openIncident(t, s, "form")
	for n := range 50 {
		i = note(t, s, i, fmt.Sprint("note ", n))
	}
	ok(t, s.Close())
	data := readFile(t, s.path)
	for at := 4096; at < len(data); at += 4096 {
		copy(data[at:], strings.Repeat("\xff", 64))
	}
	ok(t, os.WriteFile(s.path, data, 0o600))
	if c := code(t, s.path, Options{}); c != "store.corrupt" {
		t.Error(c)
	}
}

func TestReadOnly(t *testing.T) {
	s, c := newStore(t)
	i := openIncident(t, s, "form")
	look := func(path string) {
		t.Helper()
		ro, err := Open(t.Context(), path, Options{ReadOnly: true, Now: c.now})
		ok(t, err)
		defer func() { ok(t, ro.Close()) }()
		list, err := ro.OpenIncidents(t.Context(), "")
		ok(t, err)
		if len(list) != 1 || list[0].ID != i.ID {
			t.Errorf("%+v", list)
		}
		var e *Error
		if err := ro.SyncChecks(t.Context(), nil); !errors.As(err, &e) || e.Message.Code != "store.read_only" {
			t.Errorf("writing: %v", err)
		}
		if _, err := ro.readers.Exec("DELETE FROM counters"); err == nil {
			t.Error("a reader could write")
		}
	}
	look(s.path)
	ok(t, s.Close())
	look(s.path)
	link := filepath.Join(t.TempDir(), "link.db")
	ok(t, os.Symlink(s.path, link))
	look(link)
}

func TestNetworkNames(t *testing.T) {
	for magic, want := range map[uint32]string{0x6969: "NFS", 0xff534d42: "CIFS", 0xfe534d42: "SMB", 0x517b: "SMB", 0x01021997: "9P", 0x65735546: "FUSE", 0xef53: "", 0x01021994: ""} {
		if got := networkName(magic); got != want {
			t.Errorf("%x: %q", magic, got)
		}
	}
	if kind := networkKind("/proc"); kind != "" {
		t.Errorf("/proc lies on %s", kind)
	}
}

// TestOldDatabases opens one database of every schema version that was ever released.
func TestOldDatabases(t *testing.T) {
	folder := filepath.Join("..", "testdata", "db")
	all, err := steps(migrations)
	ok(t, err)
	if *update {
		writeFixture(t, filepath.Join(folder, fmt.Sprintf("v%d.db", len(all))))
	}
	for v := range all {
		name := fmt.Sprintf("v%d.db", v+1)
		path := filepath.Join(t.TempDir(), name)
		ok(t, os.WriteFile(path, readFile(t, filepath.Join(folder, name)), 0o600))
		s := openAt(t, path, &clock{t: t0})
		checkFixture(t, s)
	}
}

func TestMigrationIsOneTransaction(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lage.db")
	ok(t, touch(path))
	db := open(writeDSN(path, "FULL"), 1)
	defer func() { _ = db.Close() }()
	first := "PRAGMA application_id = 0x6c616765; CREATE TABLE a (x);"
	broken := []string{first, "CREATE TABLE b (x); INSERT INTO nowhere VALUES (1);"}
	done, err := migrateOnce(t.Context(), db, path, broken)
	if err != nil || done {
		t.Fatal(done, err)
	}
	if _, err := migrateOnce(t.Context(), db, path, broken); err == nil {
		t.Fatal("a broken step went through")
	}
	var version, tables int
	ok(t, db.QueryRow("SELECT user_version, (SELECT count(*) FROM sqlite_schema) FROM pragma_user_version").Scan(&version, &tables))
	if version != 1 || tables != 1 {
		t.Errorf("version %d, %d tables: half a step stayed", version, tables)
	}
	_, err = migrateOnce(t.Context(), db, path, []string{first, "CREATE TABLE b (x)"})
	ok(t, err)
	ok(t, db.QueryRow("SELECT user_version FROM pragma_user_version").Scan(&version))
	if version != 2 {
		t.Errorf("version %d", version)
	}
}
