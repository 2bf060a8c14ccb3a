package cli

import (
	"cmp"
	"context"
	"errors"
	"os"
	"strconv"
	"time"

	"lage/internal/config"
	"lage/store"
)

// Paces of clearing up.
const (
	tendEvery = time.Hour
	tendRest  = 20 * time.Millisecond // between two steps, so that results are stored in between
)

// keeping says how long results are kept, by the configuration in force or by what holds without one.
func (s *session) keeping() store.Keep {
	h := config.DefaultHistory()
	if c := s.inForce(); c != nil && c.History != (config.History{}) {
		h = c.History
	}
	return store.Keep{Exact: h.Exact, Hourly: h.Hourly, Daily: h.Daily, Zone: s.zone()}
}

// tend clears up while this process polls: soon after it began, and then once an hour.
func (p *poller) tend(ctx context.Context, epoch int64) {
	for wait := time.Minute; pause(ctx, wait); wait = tendEvery {
		_, err := p.s.store.Tend(ctx, epoch, p.s.keeping(), func() bool { return pause(ctx, tendRest) })
		if ctx.Err() == nil && !errors.Is(err, store.ErrLeaseLost) {
			p.complain("history.failed", "history.again", err)
		}
	}
}

// runDBPrune clears up at once.
func runDBPrune(ctx context.Context, a *app) error {
	if err := a.needDatabase(); err != nil {
		return err
	}
	s, err := a.work(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	done, err := s.store.Tend(ctx, 0, s.keeping(), func() bool { return ctx.Err() == nil })
	if err = errors.Join(err, ctx.Err()); err != nil {
		return failed("history.failed", err)
	}
	if a.on("json") {
		return a.json(struct {
			Schema   string `json:"schema"`
			Archived int    `json:"archived"` // results
			Dropped  int    `json:"dropped"`  // rows
			Freed    int64  `json:"freed_bytes"`
		}{"lage/prune/v1", done.Archived, done.Dropped, done.Freed})
	}
	a.println(a.t("history.pruned", done.Archived, done.Dropped, a.mib(done.Freed)))
	return nil
}

// runDBMigrate opens the database for writing, which converts an old one, and says what became of it.
func runDBMigrate(ctx context.Context, a *app) error {
	if err := a.needDatabase(); err != nil {
		return err
	}
	st, err := store.Open(ctx, a.dbPath(), a.opening(false))
	if err != nil {
		return err
	}
	defer st.Close()
	about, err := st.About(ctx)
	if err != nil {
		return failed("cli.err_read", err)
	}
	kept, was := "", st.ConvertedFrom()
	if was > 0 {
		kept = st.Path() + ".schema-" + strconv.Itoa(was)
		if _, err := os.Stat(kept); err != nil {
			kept = ""
		}
	}
	switch {
	case a.on("json"):
		return a.json(struct {
			Schema  string `json:"schema"`
			Version int    `json:"schema_version"`
			From    int    `json:"from_version"` // the same where nothing was to do
			Copy    string `json:"copy"`         // of the database before; empty where none was made
		}{"lage/migrate/v1", about.Schema, cmp.Or(was, about.Schema), kept})
	case was == 0:
		a.println(a.t("history.current", about.Schema))
	default:
		a.println(a.t("history.migrated", about.Schema, kept))
	}
	return nil
}
