package cli

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"lage/internal/text"
	"lage/store"
)

func backupCommands() []command {
	return []command{
		{name: "db backup", args: "FILE", min: 1, max: 1, group: groupSetup, short: "backup.short", long: "backup.long", run: runBackup,
			flags: []flag{{name: "force", help: "backup.flag_force"}}},
		{name: "restore", args: "FILE", min: 1, max: 1, group: groupSetup, short: "backup.short_restore", long: "backup.long_restore", run: runRestore},
	}
}

type backupJSON struct {
	Schema  string  `json:"schema"`
	Path    string  `json:"path"`
	At      *string `json:"at"`
	Size    int64   `json:"size_bytes"`
	Records int     `json:"records"`
	Entries int     `json:"entries"`
}

// runBackup copies the database while it is in use. The database is not opened for writing before the copy is made: that would
// convert an old one.
func runBackup(ctx context.Context, a *app) error {
	if err := a.needDatabase(); err != nil {
		return err
	}
	b, err := store.BackupTo(ctx, a.dbPath(), a.args[0], a.on("force"), a.env.Now)
	if err != nil {
		return asRefused(err)
	}
	a.noteBackup(ctx, b)
	if a.on("json") {
		return a.json(backupJSON{"lage/backup/v1", b.Path, a.stamp(b.At), b.Bytes, b.Records, b.Entries})
	}
	a.println(a.t("backup.done", b.Path, a.mib(b.Bytes), b.Entries, b.Records))
	return nil
}

// noteBackup lets doctor and board know of a copy. It is one also where the database cannot be written.
func (a *app) noteBackup(ctx context.Context, b store.Backup) {
	st, err := store.Open(ctx, a.dbPath(), a.opening(false))
	if err == nil {
		err = errors.Join(st.NoteBackup(ctx, b), st.Close())
	}
	if err != nil {
		a.warn(text.M("backup.not_noted", reason(err)))
	}
}

// needDatabase says where no database is.
func (a *app) needDatabase() error {
	path := a.dbPath()
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return &fault{code: exitFailed, msg: text.M("cli.err_no_db", path), hint: text.M("cli.hint_db"), err: err}
	}
	return nil
}

// asRefused gives what a person can do differently the exit code of a refusal.
func asRefused(err error) error {
	var e *store.Error
	if errors.As(err, &e) && (errors.Is(err, store.ErrExists) || errors.Is(err, store.ErrInUse)) {
		return &fault{code: exitRefused, msg: e.Message, hint: e.Hint, err: err}
	}
	return err
}

type restoreJSON struct {
	Schema  string  `json:"schema"`
	Path    string  `json:"path"`
	Source  string  `json:"source"`
	Aside   *string `json:"aside"` // null where nothing stood there
	Records int     `json:"records"`
	Entries int     `json:"entries"`
	Newest  *string `json:"newest_entry"`
	Lost    int     `json:"lost_entries"`
}

func runRestore(ctx context.Context, a *app) error {
	if _, err := os.Stat(a.args[0]); errors.Is(err, fs.ErrNotExist) {
		return &fault{code: exitNotFound, msg: text.M("cli.err_file", a.args[0], reason(cause(err))), err: err}
	}
	r, err := store.Restore(ctx, a.args[0], a.dbPath(), a.env.Now)
	if err != nil {
		return asRefused(err)
	}
	if a.on("json") {
		doc := restoreJSON{"lage/restore/v1", r.Path, r.Source, nil, r.Records, r.Entries, a.stamp(r.Newest), r.Lost}
		if r.Aside != "" {
			doc.Aside = &r.Aside
		}
		return a.json(doc)
	}
	a.println(a.t("backup.restored", r.Path, r.Entries, r.Records))
	if !r.Newest.IsZero() {
		a.println(a.t("backup.newest", text.DateTime(a.lang, r.Newest.In(a.zone))))
	}
	if r.Lost > 0 {
		a.println(a.t("backup.lost", r.Lost))
	}
	if r.Aside != "" {
		a.println(a.t("backup.aside", r.Aside))
	}
	return nil
}

func (a *app) mib(n int64) string { return text.Number(a.lang, float64(n)/(1<<20), 1) + " MiB" }

// backupDir is where the scheduled backups of the session's database go.
func (s *session) backupDir() string {
	path := s.path
	if s.store != nil {
		path = s.store.Path()
	}
	return s.inForce().Backup.BackupDir(path)
}

// newBackup makes a scheduled backup and removes what is too old, and remembers what came of it.
func (s *session) newBackup(ctx context.Context) store.Backup {
	conf, now := s.inForce().Backup, s.app.env.Now
	path := filepath.Join(s.backupDir(), store.BackupName(now().In(s.zone())))
	b, err := store.BackupTo(ctx, s.store.Path(), path, true, now)
	if err == nil {
		err = store.RotateBackups(filepath.Dir(path), conf.Keep)
	}
	if err != nil {
		b.Trouble = reason(err)
	}
	return b
}
