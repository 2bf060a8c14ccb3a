package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"lage/checks"
	"lage/internal/text"
)

// explained gives the code of an error that must be an *Error with words.
func explained(t *testing.T, err error) string {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("not explained: %v", err)
	}
	if !text.Known(e.Message.Code) || !text.Known(e.Hint.Code) {
		t.Errorf("%v has no words or no hint", err)
	}
	return e.Message.Code
}

func TestBackupAndRestore(t *testing.T) {
	s, c := newStore(t)
	i := openIncident(t, s, "form")
	note(t, s, i, "before")
	ok(t, s.Recorder().Record(t.Context(), []checks.Recorded{result("form/web", c.now(), time.Millisecond, checks.Good)}))
	file := filepath.Join(t.TempDir(), "copies", "one.db")
	b, err := BackupTo(t.Context(), s.Path(), file, false, c.now)
	ok(t, err)
	if b.Entries != 2 || b.Records != 1 || b.Path != file || b.Bytes == 0 || !b.At.Equal(t0) {
		t.Errorf("%+v", b)
	}
	for _, suffix := range []string{"-wal", "-shm", "-journal"} {
		if exists(file + suffix) {
			t.Errorf("%s was left", suffix)
		}
	}
	if _, err := BackupTo(t.Context(), s.Path(), file, false, c.now); !errors.Is(err, ErrExists) || explained(t, err) != "backup.exists" {
		t.Error(err)
	}
	if _, err := BackupTo(t.Context(), s.Path(), s.Path(), true, c.now); explained(t, err) != "backup.itself" {
		t.Error(err)
	}
	b, err = BackupTo(t.Context(), s.Path(), file, true, c.now)
	ok(t, err)
	ok(t, s.NoteBackup(t.Context(), b))
	ok(t, s.NoteBackup(t.Context(), Backup{At: t0.Add(time.Hour), Path: "x", Trouble: text.M("cli.os_full")}))
	good, last, err := s.LastBackups(t.Context())
	ok(t, err)
	if good.Path != file || good.Bytes != b.Bytes || last.Trouble.Code != "cli.os_full" {
		t.Errorf("%+v %+v", good, last)
	}
}

func TestRestore(t *testing.T) {
	s, c := newStore(t)
	i := openIncident(t, s, "form")
	i = note(t, s, i, "before")
	file := filepath.Join(t.TempDir(), "one.db")
	_, err := BackupTo(t.Context(), s.Path(), file, false, c.now)
	ok(t, err)
	i = note(t, s, i, "after")
	note(t, s, i, "lost")
	path := s.Path()
	ok(t, s.Close())
	ok(t, os.Chmod(path, 0o640))
	c.add(time.Hour)
	r, err := Restore(t.Context(), file, path, c.now)
	ok(t, err)
	if r.Entries != 2 || r.Lost != 2 || r.Aside == "" || !r.Newest.Equal(t0) {
		t.Errorf("%+v", r)
	}
	if fi, err := os.Stat(path); err != nil || fi.Mode().Perm() != 0o640 {
		t.Error(fi.Mode(), err)
	}
	// What stood there before is whole.
	old := openAt(t, r.Aside, c)
	if v := verify(t, old); !v.OK() || v.Entries != 4 || v.Anchors != 4 {
		t.Errorf("%+v", v)
	}
	ok(t, old.Close())
	// And the restored one goes on.
	s = openAt(t, path, c)
	if v := verify(t, s); !v.OK() || v.Entries != 2 || v.Lost != 2 || v.Anchors != 4 {
		t.Errorf("%+v", v)
	}
	inc, _, _, err := s.Room(t.Context(), "INC-2026-001")
	ok(t, err)
	note(t, s, inc, "onwards")
	if v := verify(t, s); !v.OK() || v.Entries != 3 {
		t.Errorf("%+v", v)
	}
	was, err := s.LastRestore(t.Context())
	ok(t, err)
	if !was.At.Equal(c.now()) || was.Lost != 2 || was.Source != r.Source {
		t.Errorf("%+v", was)
	}
	// What was lost once stays told when a later copy is put back.
	ok(t, s.Close())
	r, err = Restore(t.Context(), file, path, c.now)
	ok(t, err)
	if r.Lost != 1 || !strings.HasSuffix(r.Aside, "-2") {
		t.Errorf("%+v", r)
	}
	s = openAt(t, path, c)
	if v := verify(t, s); !v.OK() || v.Lost != 3 {
		t.Errorf("%+v", v)
	}
}

// TestRestoreInsteadOfAWreck: the machine is new, or what is there is no database any more.
func TestRestoreInsteadOfAWreck(t *testing.T) {
	s, c := newStore(t)
	openIncident(t, s, "form")
	file := filepath.Join(t.TempDir(), "one.db")
	_, err := BackupTo(t.Context(), s.Path(), file, false, c.now)
	ok(t, err)
	for what, before := range map[string]string{"nothing": "", "a wreck": strings.Repeat("wreck", 3000)} {
		path := filepath.Join(t.TempDir(), "new", "lage.db")
		if before != "" {
			ok(t, os.MkdirAll(filepath.Dir(path), 0o700))
			ok(t, os.WriteFile(path, []byte(before), 0o600))
			ok(t, os.WriteFile(path+"-wal", []byte("old log"), 0o600))
		}
		r, err := Restore(t.Context(), file, path, c.now)
		ok(t, err)
		n := openAt(t, path, c)
		if v := verify(t, n); !v.OK() || v.Entries != 1 {
			t.Errorf("%s: %+v", what, v)
		}
		ok(t, n.Close())
		if before != "" && (string(readFile(t, r.Aside)) != before || string(readFile(t, r.Aside+"-wal")) != "old log") {
			t.Errorf("%s: was not put aside as it was", what)
		}
	}
}

func TestUnsoundCopies(t *testing.T) {
	s, c := newStore(t)
	i := openIncident(t, s, "form")
	for n := range 60 {
		i = note(t, s, i, fmt.Sprint("note ", n))
	}
	good := filepath.Join(t.TempDir(), "good.db")
	_, err := BackupTo(t.Context(), s.Path(), good, false, c.now)
	ok(t, err)
	target := filepath.Join(t.TempDir(), "lage.db")
	data := readFile(t, good)
	for what, broken := range map[string][]byte{
		"cut off":      data[:len(data)/2],
		"no database":  []byte(strings.Repeat("x", 9000)),
		"empty":        nil,
		"a page wiped": append(append(append([]byte{}, data[:4096*8]...), make([]byte, 4096)...), data[4096*9:]...),
	} {
		file := filepath.Join(t.TempDir(), "broken.db")
		ok(t, os.WriteFile(file, broken, 0o600))
		ok(t, os.WriteFile(file+".heads", readFile(t, good+".heads"), 0o600))
		if _, err := Restore(t.Context(), file, target, c.now); err == nil {
			t.Errorf("%s: restored", what)
		} else if exists(target) {
			t.Errorf("%s: left something at the target: %v", what, err)
		}
	}
	left, err := os.ReadDir(filepath.Dir(target))
	ok(t, err)
	if len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	// A database whose timeline was tampered with gives no backup.
	withoutTriggers(t, s, func(db *sql.DB) { rawExec(t, db, "DELETE FROM timeline WHERE n = 30") })
	file := filepath.Join(t.TempDir(), "tampered.db")
	if _, err := BackupTo(t.Context(), s.Path(), file, false, c.now); explained(t, err) != "backup.unsound" || exists(file) {
		t.Error(err)
	}
}

func TestRestoreRefusesANewerCopy(t *testing.T) {
	s, c := newStore(t)
	openIncident(t, s, "form")
	file := filepath.Join(t.TempDir(), "one.db")
	_, err := BackupTo(t.Context(), s.Path(), file, false, c.now)
	ok(t, err)
	db := open("file:"+file, 1)
	rawExec(t, db, "PRAGMA user_version = 99")
	ok(t, db.Close())
	if _, err := Restore(t.Context(), file, filepath.Join(t.TempDir(), "lage.db"), c.now); explained(t, err) != "store.newer" {
		t.Error(err)
	}
}

func TestRestoreRefusesAUsedDatabase(t *testing.T) {
	s, c := newStore(t)
	openIncident(t, s, "form")
	file := filepath.Join(t.TempDir(), "one.db")
	_, err := BackupTo(t.Context(), s.Path(), file, false, c.now)
	ok(t, err)
	path := s.Path()
	ok(t, s.Close())
	cmd, out := startChild(t, "write", path)
	_, err = out.Read(make([]byte, 1))
	ok(t, err)
	if _, err := Restore(t.Context(), file, path, c.now); !errors.Is(err, ErrInUse) || explained(t, err) != "backup.in_use" {
		t.Error(err)
	}
	if pid := userOf(path); pid != cmd.Process.Pid {
		t.Errorf("used by %d, not %d", pid, cmd.Process.Pid)
	}
	ok(t, cmd.Process.Kill())
	_ = cmd.Wait()
	_, err = Restore(t.Context(), file, path, c.now)
	ok(t, err)
}

func TestRotation(t *testing.T) {
	dir := t.TempDir()
	for n := range 5 {
		name := filepath.Join(dir, BackupName(t0.Add(time.Duration(n)*time.Hour)))
		ok(t, os.WriteFile(name, nil, 0o600))
		ok(t, os.WriteFile(name+".heads", nil, 0o600))
	}
	for _, name := range []string{"lage-mine.db", "lage-20260101-000000.db.bak", "other.db"} {
		ok(t, os.WriteFile(filepath.Join(dir, name), nil, 0o600))
	}
	ok(t, RotateBackups(dir, 2))
	left, err := os.ReadDir(dir)
	ok(t, err)
	var names []string
	for _, e := range left {
		names = append(names, e.Name())
	}
	want := "lage-20260101-000000.db.bak lage-20261123-055800.db lage-20261123-055800.db.heads lage-20261123-065800.db lage-20261123-065800.db.heads lage-mine.db other.db"
	if strings.Join(names, " ") != want {
		t.Errorf("%v", names)
	}
}

// TestBackupsUnderLoad: each copy that is made while another process writes can be restored, and has at least what was
// acknowledged before.
func TestBackupsUnderLoad(t *testing.T) {
	s, c := newStore(t)
	openIncident(t, s, "form")
	path := s.Path()
	cmd, out := startChild(t, "write", path)
	_, err := out.Read(make([]byte, 1))
	ok(t, err)
	var wg sync.WaitGroup
	wg.Go(func() { drain(out) })
	rounds := 5
	if os.Getenv("LAGE_LONG") != "" {
		rounds = 200
	}
	for n := range rounds {
		_, before, _, err := s.Room(t.Context(), "INC-2026-001")
		ok(t, err)
		file := filepath.Join(t.TempDir(), fmt.Sprint(n, ".db"))
		b, err := BackupTo(context.Background(), path, file, false, c.now)
		ok(t, err)
		r, err := Restore(t.Context(), file, filepath.Join(t.TempDir(), "lage.db"), c.now)
		ok(t, err)
		if b.Entries < len(before) || r.Entries != b.Entries {
			t.Fatalf("%d entries were saved, %d copied, %d restored", len(before), b.Entries, r.Entries)
		}
	}
	ok(t, cmd.Process.Kill())
	wg.Wait()
	_ = cmd.Wait()
}

// TestKilledBackup: a backup that is cut off leaves no file of its name that is not whole.
func TestKilledBackup(t *testing.T) {
	s, c := newStore(t)
	i := openIncident(t, s, "form")
	for n := range 200 {
		i = note(t, s, i, fmt.Sprint("note ", n))
	}
	made := 0
	for n := range 12 {
		file := filepath.Join(t.TempDir(), "copy.db")
		t.Setenv("STORE_TEST_FILE", file)
		cmd, _ := startChild(t, "backup", s.Path())
		time.Sleep(time.Duration(5+4*n) * time.Millisecond)
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if !exists(file) {
			continue
		}
		made++
		if _, err := Restore(t.Context(), file, filepath.Join(t.TempDir(), "lage.db"), c.now); err != nil {
			t.Errorf("round %d: %v", n, err)
		}
	}
	t.Logf("%d of 12 were finished", made)
}

func TestOldDatabaseIsKeptBeforeItIsConverted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lage.db")
	ok(t, os.WriteFile(path, readFile(t, filepath.Join("..", "testdata", "db", "v1.db")), 0o600))
	ok(t, os.WriteFile(path+".heads", []byte("x\n"), 0o600))
	s := openAt(t, path, &clock{t: t0})
	checkFixture(t, s)
	kept := path + ".schema-1"
	var version int
	db := open("file:"+kept+"?mode=ro", 1)
	ok(t, db.QueryRow("PRAGMA user_version").Scan(&version))
	ok(t, db.Close())
	if version != 1 || string(readFile(t, kept+".heads")) != "x\n" {
		t.Errorf("version %d", version)
	}
	// And it can be put back, with this lage or with the one of then.
	r, err := Restore(t.Context(), kept, filepath.Join(t.TempDir(), "lage.db"), time.Now)
	ok(t, err)
	if exists(r.Path + ".schema-1") {
		t.Error("a copy was kept of a copy")
	}
	checkFixture(t, openAt(t, r.Path, &clock{t: t0}))
}

func TestNothingIsConvertedWithoutACopy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lage.db")
	old := readFile(t, filepath.Join("..", "testdata", "db", "v1.db"))
	ok(t, os.WriteFile(path, old, 0o600))
	ok(t, os.MkdirAll(filepath.Join(path+".schema-1", "in-the-way"), 0o700))
	if c := code(t, path, Options{}); c != "backup.no_copy" {
		t.Error(c)
	}
	db := open("file:"+path, 1)
	defer func() { _ = db.Close() }()
	var version int
	ok(t, db.QueryRow("PRAGMA user_version").Scan(&version))
	if version != 1 {
		t.Errorf("converted to %d", version)
	}
}
