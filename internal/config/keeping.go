package config

import (
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"lage/internal/text"
)

// Backup says when copies of the database are made by themselves. Every is 0 where none are.
type Backup struct {
	Dir   string // absolute or relative to where we stand; empty means "backups" beside the database
	Every time.Duration
	Keep  int // how many stay
}

// History says how long results are kept. Each tier is at least as long as the one before; Forever is longer than any other.
type History struct {
	Exact  time.Duration // every single result
	Hourly time.Duration // sums of hours
	Daily  time.Duration // sums of days
}

// Forever is a span that never ends.
const Forever = time.Duration(1<<63 - 1)

const (
	defaultBackupEvery = day
	defaultBackupKeep  = 7
	defaultExact       = 90 * day
	defaultHourly      = 2 * 365 * day
)

type (
	rawBackup struct {
		dir   at[string]
		every at[time.Duration]
		keep  at[int]
	}
	rawHistory struct{ exact, hourly, daily at[time.Duration] }
)

func backupShape() shape[rawBackup] {
	return mapping(
		key("dir", "config.doc_backup_dir", folder(), func(b *rawBackup) *at[string] { return &b.dir }),
		key("every", "config.doc_backup_every", longSpan(time.Second, 31*day, false), func(b *rawBackup) *at[time.Duration] { return &b.every }),
		key("keep", "config.doc_backup_keep", integer(1, 1000), func(b *rawBackup) *at[int] { return &b.keep }),
	)
}

func historyShape() shape[rawHistory] {
	return mapping(
		key("exact", "config.doc_history_exact", longSpan(day, Forever, true), func(h *rawHistory) *at[time.Duration] { return &h.exact }),
		key("hourly", "config.doc_history_hourly", longSpan(day, Forever, true), func(h *rawHistory) *at[time.Duration] { return &h.hourly }),
		key("daily", "config.doc_history_daily", longSpan(day, Forever, true), func(h *rawHistory) *at[time.Duration] { return &h.daily }),
	)
}

// LongSpan reads a span with days (d), weeks (w), months (mon, of 30 days) and years (y, of 365 days) besides what durations
// have: "90d", "6mon", "2y", "36h".
func LongSpan(s string) (time.Duration, bool) {
	if n, ok := strings.CutSuffix(s, "mon"); ok {
		v, err := strconv.ParseUint(n, 10, 16)
		return time.Duration(min(v, 3000)) * 30 * day, err == nil && v <= 3000
	}
	units := map[byte]time.Duration{'d': day, 'w': 7 * day, 'y': 365 * day}
	if s == "" {
		return 0, false
	}
	unit, long := units[s[len(s)-1]]
	if !long {
		v, err := time.ParseDuration(s)
		return v, err == nil && v >= 0 && !strings.HasPrefix(s, "+")
	}
	n, err := strconv.ParseUint(s[:len(s)-1], 10, 32)
	if err != nil || time.Duration(n) > Forever/unit {
		return 0, false
	}
	return time.Duration(n) * unit, true
}

// longSpan is a span of days, weeks or years, or "forever" where that is allowed.
func longSpan(shortest, longest time.Duration, forever bool) shape[time.Duration] {
	pattern := `^([0-9]+([dwy]|mon)|([0-9]+(\.[0-9]+)?(ms|s|m|h))+)$`
	if forever {
		pattern = strings.TrimSuffix(pattern, ")$") + "|forever)$"
	}
	return texts(object{"pattern": pattern}, func(_ *decoder, s string) (time.Duration, text.Message) {
		if forever && s == "forever" {
			return Forever, text.Message{}
		}
		v, ok := LongSpan(s)
		switch {
		case !ok:
			return 0, text.M("config.long_span", quote(s))
		case v < shortest:
			return 0, text.M("config.too_short", shortest)
		case v > longest:
			return 0, text.M("config.too_long", longest)
		}
		return v, text.Message{}
	})
}

// reserveSize is a size in megabytes (of 1024 * 1024 bytes), such as 32MB; 0MB is none.
func reserveSize() shape[int64] {
	const most = 4096
	return texts(object{"pattern": "^[0-9]{1,4}MB$"}, func(_ *decoder, s string) (int64, text.Message) {
		digits, unit := strings.CutSuffix(s, "MB")
		n, err := strconv.ParseUint(digits, 10, 16)
		if !unit || err != nil || n > most {
			return 0, text.M("config.reserve", quote(s), most)
		}
		return int64(n) << 20, text.Message{}
	})
}

// keeping fills in what is kept, and for how long.
func (d *decoder) keeping(c *Config, f rawFile) {
	if b := f.backup; b.ok {
		c.Backup = Backup{Dir: d.path(b.v.dir), Every: b.v.every.or(defaultBackupEvery), Keep: b.v.keep.or(defaultBackupKeep)}
	}
	if f.reserve.ok {
		c.Reserve = &f.reserve.v
	}
	h := f.history.v
	c.History = History{Exact: h.exact.or(defaultExact), Daily: h.daily.or(Forever)}
	c.History.Hourly = h.hourly.or(max(defaultHourly, c.History.Exact))
	switch {
	case h.hourly.ok && h.hourly.v < c.History.Exact:
		d.bad(h.hourly.pos, text.M("config.history_order", "hourly", "exact"))
	case h.daily.ok && h.daily.v < c.History.Hourly:
		d.bad(h.daily.pos, text.M("config.history_order", "daily", "hourly"))
	}
}

// DefaultHistory is what holds where no configuration says anything.
func DefaultHistory() History { return History{defaultExact, defaultHourly, Forever} }

// BackupDir gives the folder of the scheduled backups of a database.
func (b Backup) BackupDir(database string) string {
	if b.Dir != "" {
		return b.Dir
	}
	return filepath.Join(filepath.Dir(database), "backups")
}
