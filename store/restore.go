package store

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"lage/internal/text"
)

// Restored says what Restore did.
type Restored struct {
	At      time.Time
	Source  string    // the copy
	Path    string    // the database that it became
	Aside   string    // where what stood there before is now; empty where nothing did
	Records int       // incidents, and walks without one
	Entries int       // of all timelines
	Newest  time.Time // when the newest entry was recorded; zero where there is none
	Lost    int       // anchored entries that the copy does not have
}

// Restore makes a database of a copy. The copy is looked through first, and what stands at path is put aside, not
// overwritten. Nobody may have the database open: ErrInUse otherwise. Entries that were anchored after the copy was made are
// lost; they stay in the file of anchors as such, and the timeline goes on from the copy. A Restore that is cut off leaves the
// database as it was, or restored.
func Restore(ctx context.Context, source, path string, now func() time.Time) (Restored, error) {
	out := Restored{At: now(), Source: source}
	if err := ctx.Err(); err != nil {
		return out, err
	}
	var err error
	if out.Path, err = placeFor(path); err != nil {
		return out, explain(err, path)
	}
	if out.Source, err = locate(source, true); err != nil {
		return out, explain(err, source)
	}
	if a, err := os.Stat(out.Source); err == nil {
		if b, err := os.Stat(out.Path); err == nil && os.SameFile(a, b) {
			return out, &Error{Message: text.M("backup.itself", path), Hint: text.M("backup.itself_hint")}
		}
	}
	if err := refuseUsed(out.Path); err != nil {
		return out, err
	}
	tmp, err := besides(out.Path)
	if err != nil {
		return out, explain(err, path)
	}
	defer removeDatabase(tmp)
	if err := copyHeads(headsOf(out.Source), headsOf(tmp)); err != nil {
		return out, explain(err, source)
	}
	if _, err := copyDatabase(out.Source, tmp); err != nil {
		return out, explain(err, source)
	}
	if err := out.prepare(ctx, tmp, now); err != nil {
		return out, err
	}
	return out, explain(out.swap(tmp), path)
}

// ErrInUse says that a process has the database open.
var ErrInUse = errors.New("the database is in use")

// placeFor gives the real path of a database that need not exist, and makes its folder.
func placeFor(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return path, err
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real, refuseNetwork(real)
	}
	if err := makeDir(filepath.Dir(path)); err != nil {
		return path, err
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(path))
	if err != nil {
		return path, err
	}
	return filepath.Join(dir, filepath.Base(path)), refuseNetwork(dir)
}

// refuseUsed refuses a database that some process has open.
func refuseUsed(path string) error {
	if pid := userOf(path); pid != 0 {
		return &Error{Message: text.M("backup.in_use", path, pid), Hint: text.M("backup.in_use_hint"), Cause: ErrInUse}
	}
	return nil
}

// userOf gives a process that has the database open; 0 where there is none. Whoever uses a database in write-ahead mode holds
// a lock on byte 128 of its shared memory. This process must not have it open itself: closing the file would drop its locks.
func userOf(path string) int {
	f, err := os.Open(path + "-shm")
	if err != nil {
		return 0
	}
	defer func() { _ = f.Close() }() // only looked at
	lock := syscall.Flock_t{Type: syscall.F_WRLCK, Whence: 0, Start: 128, Len: 1}
	if err := syscall.FcntlFlock(f.Fd(), syscall.F_GETLK, &lock); err != nil || lock.Type == syscall.F_UNLCK {
		return 0
	}
	return cmp.Or(int(lock.Pid), -1) // of another namespace it has no number
}

// prepare migrates the copy, looks it through, and writes into it that it was restored.
func (r *Restored) prepare(ctx context.Context, tmp string, now func() time.Time) (err error) {
	s, err := Open(ctx, tmp, Options{Now: now, keepsNoCopy: true})
	if err != nil {
		return explain(err, r.Source)
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	v, err := s.Verify(ctx)
	if err != nil {
		return explain(err, r.Source)
	}
	if !v.OK() {
		p := v.Problems[0]
		return &Error{Message: text.M("backup.unsound", r.Source, p.where(r.Source), p.Message), Hint: text.M("backup.other_hint")}
	}
	r.Records, r.Entries = v.Records, v.Entries
	heads, err := r.mergeHeads(ctx, s, tmp)
	if err != nil {
		return err
	}
	if err := writeHeads(headsOf(tmp), heads); err != nil {
		return explain(err, r.Path)
	}
	return s.change(ctx, s.audit, func(ctx context.Context, tx *sql.Tx) error {
		var newest int64
		if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(recorded_at), 0) FROM timeline").Scan(&newest); err != nil {
			return err
		}
		r.Newest = moment(newest)
		// Whoever polled when the copy was made does not poll any more.
		if err := run(ctx, tx, "UPDATE lease SET epoch = epoch + 1, kind = '', owner = '', expires = 0"); err != nil {
			return err
		}
		return run(ctx, tx, "INSERT INTO restores (at, source, newest, entries, lost) VALUES (?, ?, ?, ?, ?)",
			nano(r.At), r.Source, newest, r.Entries, r.Lost)
	})
}

// mergeHeads gives the anchors of what stands at the path and those of the copy together; what the copy does not have is
// marked as lost.
func (r *Restored) mergeHeads(ctx context.Context, s *Store, tmp string) ([]byte, error) {
	var all []byte
	for _, path := range [...]string{headsOf(r.Path), headsOf(tmp)} {
		data, err := os.ReadFile(path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, explain(err, path)
		}
		if all = append(all, data...); len(all) > 0 && all[len(all)-1] != '\n' {
			all = append(all, '\n')
		}
	}
	var out bytes.Buffer
	seen := map[string]bool{}
	err := s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for line := range bytes.Lines(all) {
			if seen[string(line)] {
				continue
			}
			seen[string(line)] = true
			h, ok := parseHead(line)
			if !ok || h.lost != 0 {
				out.Write(line)
				continue
			}
			if known, err := h.stands(ctx, tx); err != nil {
				return err
			} else if !known {
				r.Lost++
				h.lost = r.At.Unix()
			}
			out.WriteString(h.line())
		}
		return nil
	})
	return out.Bytes(), err
}

// swap puts the finished database in place of what stands at the path. Anchors first: they hold for the old one too.
func (r *Restored) swap(tmp string) error {
	if err := adopt(tmp, r.Path); err != nil {
		return err
	}
	if exists(r.Path) {
		aside, err := r.putAside()
		if err != nil {
			return err
		}
		r.Aside = aside
	}
	if err := os.Rename(headsOf(tmp), headsOf(r.Path)); err != nil {
		return err
	}
	for _, suffix := range [...]string{"-wal", "-shm"} {
		if err := os.Remove(r.Path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := os.Rename(tmp, r.Path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(r.Path))
}

// putAside gives the old database, its write-ahead log and its anchors a second name. The first goes only when the new one
// takes it.
func (r *Restored) putAside() (string, error) {
	aside := r.Path + ".before-restore-" + r.At.UTC().Format(backupTime)
	for n := 2; exists(aside); n++ {
		aside = r.Path + ".before-restore-" + r.At.UTC().Format(backupTime) + "-" + strconv.Itoa(n)
	}
	for _, suffix := range [...]string{"", "-wal"} {
		if !exists(r.Path + suffix) {
			continue
		}
		if err := os.Link(r.Path+suffix, aside+suffix); err != nil {
			if err := os.Rename(r.Path+suffix, aside+suffix); err != nil { // a file system without hard links
				return "", err
			}
		}
	}
	if err := copyHeads(headsOf(r.Path), headsOf(aside)); err != nil {
		return "", err
	}
	return aside, syncDir(filepath.Dir(r.Path))
}

// adopt gives the new files the permissions of the old database, and root gives them its owner: a service that cannot write
// its database because root restored it would be as good as down.
func adopt(tmp, path string) error {
	like, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		like, err = os.Stat(filepath.Dir(path))
	}
	if err != nil {
		return err
	}
	owner, known := like.Sys().(*syscall.Stat_t)
	for _, name := range [...]string{tmp, headsOf(tmp)} {
		if like.Mode().IsRegular() {
			if err := os.Chmod(name, like.Mode().Perm()); err != nil {
				return err
			}
		}
		if known && os.Geteuid() == 0 {
			if err := os.Chown(name, int(owner.Uid), int(owner.Gid)); err != nil {
				return fmt.Errorf("owner of %s: %w", path, err)
			}
		}
	}
	return nil
}

// LastRestore says when the database was put back from a copy; the zero value where it never was.
func (s *Store) LastRestore(ctx context.Context) (r Restored, err error) {
	err = s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var at, newest int64
		found, err := lastRow(tx.QueryRowContext(ctx, "SELECT at, source, newest, entries, lost FROM restores ORDER BY n DESC LIMIT 1").
			Scan(&at, &r.Source, &newest, &r.Entries, &r.Lost))
		if found {
			r.At, r.Newest, r.Path = moment(at), moment(newest), s.path
		}
		return err
	})
	return r, err
}
