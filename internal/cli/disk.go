package cli

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"lage/internal/config"
	"lage/internal/text"
	"lage/store"
)

// Space that is kept for people on a full disk.
const (
	systemReserve = 32 << 20 // where the whole system uses the database
	reserveLook   = 10 * time.Second
)

// reserve keeps a reserve beside the database while this process polls: as large as the configuration says, and without a word
// of it only on the system's database.
func (p *poller) reserve(ctx context.Context) {
	for {
		want := int64(0)
		if p.s.path == config.SystemDB {
			want = systemReserve
		}
		if c := p.s.inForce(); c.Reserve != nil {
			want = *c.Reserve
		}
		if p.s.store.Broken() == nil {
			err := p.s.store.KeepReserve(want)
			p.complain("cli.reserve_failed", "cli.reserve_again", err)
		}
		if !pause(ctx, reserveLook) {
			return
		}
	}
}

// diskBanners says what is wrong with the disk under the database, as far as this process knows.
func (s *session) diskBanners() (list []text.Message) {
	if broken := s.store.Broken(); broken != nil {
		list = append(list, broken.Message, broken.Hint)
	}
	if s.store.ReserveReleased() {
		list = append(list, text.M("cli.banner_reserve"))
	}
	return list
}

// comeback is what to do about a database that cannot be used any more: put the newest known copy back.
func (a *app) comeback(e *store.Error) text.Message {
	if !slices.Contains([]string{"store.corrupt", "store.not_a_database", "store.lost"}, e.Message.Code) {
		return e.Hint
	}
	path := a.dbPath()
	patterns := []string{filepath.Join(filepath.Dir(path), "backups", "*.db")}
	if file, src, err := a.configSource(); err == nil {
		if c, problems := a.parseConfig(file, src, false); problems.Errors() == 0 {
			patterns = append(patterns, filepath.Join(c.Backup.BackupDir(path), "*.db"))
		}
	}
	newest, where := time.Time{}, ""
	for _, pattern := range patterns {
		found, _ := filepath.Glob(pattern) // a folder's name with brackets in it finds nothing
		for _, f := range found {
			fi, err := os.Stat(f)
			if err == nil && fi.ModTime().After(newest) && !strings.HasPrefix(filepath.Base(f), ".") {
				newest, where = fi.ModTime(), f
			}
		}
	}
	if where == "" {
		return e.Hint
	}
	return text.M("cli.hint_restore", path, text.DateTime(a.lang, newest.In(a.zone)), quote(where)+a.sameFlags())
}
