package cli

import (
	"context"
	"io/fs"
	"maps"
	"net"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"lage/incidents"
	"lage/internal/clean"
	"lage/internal/config"
	"lage/internal/text"
	"lage/store"
)

// Bounds from which on the doctor doubts.
const (
	leastFree = 200 << 20
	backupAge = 8 * 24 * time.Hour
	nameLimit = 5 * time.Second
)

// configuration says which file won and why, and whether it can be used.
func (d *doctor) configuration() {
	path, tried := d.configPath()
	if path == "" {
		d.say("configuration", wrong, "lage init --out "+quote(tried[0]), "doctor.config_none", strings.Join(tried, ", "))
		return
	}
	why := "doctor.config_system"
	switch {
	case d.flag("config") != "":
		why = "doctor.config_flag"
	case d.env.Getenv("LAGE_CONFIG") != "":
		why = "doctor.config_env"
	case path == config.UserConfig(d.env.Getenv):
		why = "doctor.config_user"
	}
	src, err := readFileLimited(path, maxInput)
	if err != nil {
		d.say("configuration", wrong, "ls -l "+quote(path), "doctor.config_unreadable", path, text.M(why), reason(cause(err)))
		return
	}
	conf, problems := d.parseConfig(path, src, true)
	switch mistakes := slices.DeleteFunc(slices.Clone(problems), func(p config.Problem) bool { return p.Secret }); {
	case mistakes.Errors() > 0:
		d.say("configuration", wrong, "lage validate "+quote(path), "doctor.config_broken", path, text.M(why), mistakes.Errors(), firstError(mistakes))
	case mistakes.Warnings() > 0:
		d.say("configuration", doubtful, "lage validate "+quote(path), "doctor.config_remarks", path, text.M(why), mistakes.Warnings())
	default:
		d.say("configuration", fine, "", "doctor.config", path, text.M(why), len(conf.Services), len(conf.Checks))
	}
	if p := config.CheckMode(path); p != nil {
		d.say("configuration", doubtful, "chmod go-w "+quote(path), "doctor.config_mode", path)
	}
	d.secrets(problems)
}

// secrets: on a shared database only the service needs them, and only it can read them; on one's own they must be there.
func (d *doctor) secrets(problems config.Problems) {
	i := slices.IndexFunc(problems, func(p config.Problem) bool { return p.Secret })
	switch {
	case i < 0:
		d.say("secrets", fine, "", "doctor.secrets")
	case d.shared():
		d.say("secrets", fine, "", "doctor.secrets_service", problems[i].Message)
	default:
		d.say("secrets", wrong, "lage validate", "doctor.secrets_missing", problems[i].Message)
	}
}

// shared tells whether others use the database too.
func (d *doctor) shared() bool {
	return d.dbPath() == config.SystemDB || d.s != nil && !d.s.personal
}

// repair is what to try when the database cannot be opened.
func (d *doctor) repair() string {
	if !mayWrite(filepath.Dir(d.dbPath())) {
		return d.joinGroup()
	}
	return "lage db verify --db " + quote(d.dbPath())
}

// joinGroup lets this account work on the database's folder.
func (d *doctor) joinGroup() string {
	dir := filepath.Dir(d.dbPath())
	_, group := ownerOf(dir)
	if group == "" || !d.shared() {
		return "sudo chown -R " + quote(d.osUser()) + " " + quote(dir)
	}
	return "sudo usermod -aG " + quote(group) + " " + quote(d.osUser())
}

func (d *doctor) database() {
	st := d.s.store
	if st == nil {
		d.say("database", fine, "", "doctor.database_none", d.s.path)
		return
	}
	about, err := st.About(d.ctx)
	if err != nil {
		d.say("database", wrong, d.repair(), "doctor.database_closed", st.Path(), reason(err))
		return
	}
	if about.Journal != "wal" {
		d.say("database", wrong, "lage status", "doctor.database_journal", about.Journal)
	}
	size := int64(0)
	for _, suffix := range []string{"", "-wal"} {
		if fi, err := os.Stat(st.Path() + suffix); err == nil {
			size += fi.Size()
		}
	}
	d.say("database", fine, "", "doctor.database", st.Path(), d.mib(uint64(size)), about.SQLite, about.Schema)
	if free, ok := freeSpace(filepath.Dir(st.Path())); ok && free < leastFree {
		d.say("database", doubtful, "df -h "+quote(filepath.Dir(st.Path())), "doctor.database_space", d.mib(free))
	}
	v, err := st.VerifyHeads(d.ctx)
	switch {
	case err != nil:
		d.say("timeline", wrong, "lage db verify", "doctor.timeline_unread", reason(err))
	case !v.OK():
		d.say("timeline", wrong, "lage db verify", "doctor.timeline_bad", v.Problems[0].Record, v.Problems[0].Message)
	default:
		d.say("timeline", fine, "", "doctor.timeline", v.Anchors)
	}
}

func (d *doctor) mib(n uint64) string {
	return text.Number(d.lang, float64(n)/(1<<20), 1) + " MiB"
}

// rights looks at the database's folder and files: the write-ahead log needs the folder, even for reading.
func (d *doctor) rights() {
	path := d.dbPath()
	dir := filepath.Dir(path)
	fi, err := os.Stat(dir)
	if err != nil {
		if d.shared() {
			d.say("rights", wrong, "sudo install -d -o lage -g lage -m 2770 "+quote(dir), "doctor.folder_none", dir)
		}
		return
	}
	owner, group := ownerOf(dir)
	mode := fi.Mode()
	sound := true
	bad := func(l level, mend, code string, args ...any) { sound = false; d.say("rights", l, mend, code, args...) }
	if !mayWrite(dir) {
		bad(wrong, d.joinGroup(), "doctor.folder_closed", dir, owner, group, mode.String())
	}
	if d.shared() && mode&fs.ModeSetgid == 0 {
		bad(doubtful, "sudo chmod 2770 "+quote(dir), "doctor.folder_setgid", dir, mode.String())
	}
	for _, name := range []string{path, path + "-wal", path + "-shm", path + ".heads"} {
		fi, err := os.Stat(name)
		switch {
		case err != nil:
		case fi.Mode().Perm()&0o007 != 0:
			bad(doubtful, "chmod o-rwx "+quote(name), "doctor.file_open", name, fi.Mode().String())
		case !mayWrite(name):
			bad(wrong, "sudo chown --reference="+quote(dir)+" "+quote(name)+" && sudo chmod 660 "+quote(name), "doctor.file_closed", name, fi.Mode().String())
		}
	}
	if sound {
		d.say("rights", fine, "", "doctor.rights", dir, owner, group, mode.String())
	}
}

// ownerOf names owner and group of a file; their numbers where they have no names.
func ownerOf(path string) (owner, group string) {
	fi, err := os.Stat(path)
	if err != nil {
		return "", ""
	}
	st, ok := fi.Sys().(*syscall.Stat_t)
	if !ok {
		return "", ""
	}
	owner, group = strconv.Itoa(int(st.Uid)), strconv.Itoa(int(st.Gid))
	if u, err := user.LookupId(owner); err == nil {
		owner = clean.Line(u.Username)
	}
	if g, err := user.LookupGroupId(group); err == nil {
		group = clean.Line(g.Name)
	}
	return owner, group
}

// lease says who measures, or since when nobody does and what to do.
func (d *doctor) lease() {
	if d.s == nil {
		return
	}
	p, err := d.s.reader.Picture(d.ctx)
	if err != nil {
		d.say("polling", wrong, d.repair(), "doctor.database_closed", d.s.path, reason(err))
		return
	}
	silence, q := p.Silence(d.now), p.Poller
	mend := d.s.measureAgain(silence, q)
	last := text.DateTime(d.lang, q.Last.In(d.s.zone()))
	switch {
	case len(d.checks()) == 0:
		d.say("polling", fine, "", "doctor.poll_nothing")
	case silence == incidents.Never:
		d.say("polling", doubtful, mend, "doctor.poll_never")
	case silence == incidents.Nobody:
		d.say("polling", wrong, mend, "doctor.poll_nobody", last, d.now.Sub(q.Last).Truncate(time.Second))
	case q.Trouble != "":
		d.say("polling", wrong, "df -h "+quote(filepath.Dir(d.s.path)), "doctor.poll_trouble", q.Owner, q.Host, q.PID, clean.Line(q.Trouble))
	case silence == incidents.Stuck:
		d.say("polling", wrong, mend, "doctor.poll_stale", q.Owner, q.Host, q.PID, last, d.now.Sub(q.Last).Truncate(time.Second))
	case q.Owner == "":
		d.say("polling", doubtful, "lage doctor", "doctor.poll_restart")
	default:
		d.say("polling", fine, "", "doctor.poll", q.Owner, q.Host, q.PID)
	}
}

// resolve says why a name has no address; empty when it has one.
func resolve(ctx context.Context, name string) string {
	ctx, cancel := context.WithTimeout(ctx, nameLimit)
	defer cancel()
	if _, err := net.DefaultResolver.LookupHost(ctx, name); err != nil {
		return clean.Line(err.Error())
	}
	return ""
}

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

// backup says how old the newest good copy is: one that lage made, or one that lies where copies usually do, in backups/ beside
// the database or in /var/backups/lage*.
func (d *doctor) backup() {
	path := d.dbPath()
	if _, err := os.Stat(path); err != nil {
		return // nothing to lose yet
	}
	newest, where := copiesLyingAround(path)
	every := time.Duration(0)
	if d.s != nil {
		if c := d.s.inForce(); c != nil {
			every = c.Backup.Every
		}
		if d.s.store != nil {
			good, last, err := d.s.store.LastBackups(d.ctx)
			if err == nil && good.At.After(newest) {
				newest, where = good.At, good.Path
			}
			if err == nil && !last.Trouble.IsZero() && last.At.After(good.At) {
				d.say("backup", wrong, "df -h "+quote(filepath.Dir(last.Path)), "doctor.backup_failed", text.DateTime(d.lang, last.At.In(d.s.zone())), last.Trouble)
				return
			}
		}
	}
	mend := "lage db backup " + quote(filepath.Join(filepath.Dir(path), "backups", store.BackupName(d.now))) + d.sameFlags()
	if owner, _ := ownerOf(filepath.Dir(path)); d.shared() && owner != d.osUser() {
		mend = "sudo -u " + quote(owner) + " -- " + mend
	}
	limit := backupAge
	if every > 0 {
		limit = every + max(every/4, time.Minute)
	}
	switch {
	case where == "" && (d.shared() || every > 0):
		d.say("backup", doubtful, mend, "doctor.backup_none")
	case where == "":
		d.say("backup", fine, "", "doctor.backup_none")
	case d.now.Sub(newest) > limit:
		d.say("backup", doubtful, mend, "doctor.backup_old", where, d.now.Sub(newest).Truncate(time.Hour))
	default:
		d.say("backup", fine, "", "doctor.backup", where, max(0, d.now.Sub(newest)).Truncate(time.Minute))
	}
}

func copiesLyingAround(path string) (newest time.Time, where string) {
	for _, pattern := range []string{filepath.Join(filepath.Dir(path), "backups", "*"), "/var/backups/lage*"} {
		found, _ := filepath.Glob(pattern) // the patterns are sound
		for _, f := range found {
			if fi, err := os.Stat(f); err == nil && fi.ModTime().After(newest) {
				newest, where = fi.ModTime(), f
			}
		}
	}
	return newest, where
}
