package store

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"lage/internal/text"
)

// Backup is one copy of the database, or the attempt at one.
type Backup struct {
	At      time.Time    // the copy holds everything that was saved before
	Path    string       // the file; its anchors stand beside it, in Path + ".heads"
	Bytes   int64        // 0 where there is no copy
	Records int          // incidents, and walks without one
	Entries int          // of all timelines
	Trouble text.Message // why there is no copy; zero when there is one
}

// ErrExists says that a backup would overwrite something.
var ErrExists = errors.New("the file exists already")

// BackupTo copies the database at src, which may be in use, to a new file at dst, and says what is in it. The copy is looked
// through (structure, chain of the timeline, anchors) before it gets its name, and is on disk with it. force replaces what
// stands at dst; otherwise ErrExists. A database whose timeline is not in order gives no backup: the *Error says so.
func BackupTo(ctx context.Context, src, dst string, force bool, now func() time.Time) (Backup, error) {
	out := Backup{At: now(), Path: dst}
	if err := ctx.Err(); err != nil {
		return out, err
	}
	src, err := locate(src, true)
	if err == nil {
		out.Path, err = target(src, dst, force)
	}
	if err != nil {
		return out, explain(err, dst)
	}
	tmp, err := besides(out.Path)
	if err != nil {
		return out, explain(err, dst)
	}
	defer removeDatabase(tmp)
	// Anchors first: they may lag behind the copy, never lead.
	if err := copyHeads(headsOf(src), headsOf(tmp)); err != nil {
		return out, explain(err, dst)
	}
	if _, err := copyDatabase(src, tmp); err != nil {
		return out, explain(err, src)
	}
	v, err := sound(ctx, tmp, src)
	if err != nil {
		return out, err
	}
	out.Records, out.Entries = v.Records, v.Entries
	if fi, err := os.Stat(tmp); err == nil {
		out.Bytes = fi.Size()
	}
	return out, explain(place(tmp, out.Path), dst)
}

// target gives the absolute path of a copy, and makes its folder.
func target(src, dst string, force bool) (string, error) {
	dst, err := filepath.Abs(dst)
	if err != nil {
		return dst, err
	}
	if err := makeDir(filepath.Dir(dst)); err != nil {
		return dst, err
	}
	at, err := os.Stat(dst)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return dst, nil
	case err != nil:
		return dst, err
	}
	if of, err := os.Stat(src); err == nil && os.SameFile(of, at) {
		return dst, &Error{Message: text.M("backup.itself", dst), Hint: text.M("backup.itself_hint")}
	}
	if !force || !at.Mode().IsRegular() {
		return dst, &Error{Message: text.M("backup.exists", dst), Hint: text.M("backup.exists_hint"), Cause: ErrExists}
	}
	return dst, nil
}

// sound looks through a copy; of names the database that it was made of.
func sound(ctx context.Context, path, of string) (v Verification, err error) {
	err = viewOnce(ctx, path, func(s *Store) error {
		v, err = s.Verify(ctx)
		return err
	})
	if err != nil {
		return v, explain(err, of)
	}
	if !v.OK() {
		p := v.Problems[0]
		return v, &Error{Message: text.M("backup.unsound", of, p.where(of), p.Message), Hint: text.M("backup.unsound_hint", of)}
	}
	return v, nil
}

// where names the entry or record that a problem is about, or the whole database.
func (p Problem) where(database string) string {
	switch {
	case p.Record == "":
		return filepath.Base(database)
	case p.Seq == 0:
		return p.Record
	}
	return key(p.Record, p.Seq)
}

// place gives a finished copy its name. The database goes first: anchors that lag behind it are no fault.
func place(tmp, dst string) error {
	hadHeads := exists(headsOf(tmp))
	if err := os.Rename(tmp, dst); err != nil {
		return err
	}
	if hadHeads {
		if err := os.Rename(headsOf(tmp), headsOf(dst)); err != nil {
			return err
		}
	} else if err := os.Remove(headsOf(dst)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err // those of the copy that was replaced
	}
	return syncDir(filepath.Dir(dst))
}

// copyHeads copies a file of anchors; no file is no anchors.
func copyHeads(src, dst string) error {
	data, err := os.ReadFile(src)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return writeHeads(dst, data)
}

func writeHeads(path string, data []byte) error {
	if err := touch(path); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_TRUNC, 0)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Sync(), f.Close())
}

// Names of scheduled backups, so that rotation removes nothing else: lage-20261124-031500.db
const (
	backupPrefix = "lage-"
	backupTime   = "20060102-150405"
	backupSuffix = ".db"
)

// BackupName gives the name of a scheduled backup.
func BackupName(at time.Time) string { return backupPrefix + at.Format(backupTime) + backupSuffix }

// RotateBackups removes scheduled backups from a folder, the oldest first, until keep are left. Other files stay.
func RotateBackups(dir string, keep int) error {
	names, err := scheduled(dir)
	if err != nil {
		return err
	}
	var errs []error
	for _, name := range names[:max(0, len(names)-keep)] {
		path := filepath.Join(dir, name)
		errs = append(errs, os.Remove(path))
		if err := os.Remove(headsOf(path)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// scheduled lists the names of the scheduled backups in a folder, oldest first.
func scheduled(dir string) ([]string, error) {
	list, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range list {
		at, found := strings.CutPrefix(e.Name(), backupPrefix)
		at, db := strings.CutSuffix(at, backupSuffix)
		if _, err := time.Parse(backupTime, at); found && db && err == nil && e.Type().IsRegular() {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names) // by time, as it stands in the name
	return names, nil
}

// keptBackups is how many attempts the database remembers.
const keptBackups = 100

// NoteBackup remembers a backup, or why there is none.
func (s *Store) NoteBackup(ctx context.Context, b Backup) error {
	trouble := ""
	if !b.Trouble.IsZero() {
		trouble = messageJSON(b.Trouble)
	}
	return s.change(ctx, s.results, func(ctx context.Context, tx *sql.Tx) error {
		if err := run(ctx, tx, "INSERT INTO backups (at, path, bytes, entries, records, trouble) VALUES (?, ?, ?, ?, ?, ?)",
			nano(b.At), b.Path, b.Bytes, b.Entries, b.Records, trouble); err != nil {
			return err
		}
		return run(ctx, tx, "DELETE FROM backups WHERE n <= (SELECT max(n) FROM backups) - ?", keptBackups)
	})
}

// LastBackups gives the newest good backup and the newest attempt, which may be the same. Zero values where there are none.
func (s *Store) LastBackups(ctx context.Context) (good, last Backup, err error) {
	err = s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if good, err = backupWhere(ctx, tx, "WHERE trouble = '' ORDER BY n DESC LIMIT 1"); err != nil {
			return err
		}
		last, err = backupWhere(ctx, tx, "ORDER BY n DESC LIMIT 1")
		return err
	})
	return good, last, err
}

func backupWhere(ctx context.Context, tx *sql.Tx, where string) (b Backup, err error) {
	var at int64
	var trouble string
	found, err := lastRow(tx.QueryRowContext(ctx, "SELECT at, path, bytes, entries, records, trouble FROM backups "+where).
		Scan(&at, &b.Path, &b.Bytes, &b.Entries, &b.Records, &trouble))
	if found {
		b.At, b.Trouble = moment(at), parseMessage(trouble)
	}
	return b, err
}
