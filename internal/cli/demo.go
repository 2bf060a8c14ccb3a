package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"

	"lage/incidents"
	"lage/internal/demo"
	"lage/internal/text"
	"lage/services"
	"lage/store"
)

func demoCommands() []command {
	return []command{
		{name: "demo", group: groupWatch, short: "cli.short_demo", long: "cli.long_demo", run: runDemo,
			flags: []flag{
				{name: "scenario", value: "NAME", help: "cli.flag_scenario", words: []string{string(demo.Outage), string(demo.Calm)}},
				{name: "seed", value: "N", help: "cli.flag_seed"},
				{name: "after", value: "TIME", help: "cli.flag_after"},
				{name: "dir", value: "DIR", help: "cli.flag_dir"},
			}},
		{name: "demo ctl", max: -1, hidden: true, raw: true, run: func(ctx context.Context, a *app) error {
			return exitWith(demo.Control(ctx, a.args, a.env.Stdin, a.env.Stdout, a.env.Stderr, a.lang))
		}},
	}
}

// runDemo shows the console over a small service that really breaks. Without a terminal the service runs and is polled, and
// others look at it.
func runDemo(ctx context.Context, a *app) error {
	opt, seed, err := a.demoOptions()
	if err != nil {
		return err
	}
	if opt.Dir, err = a.demoDir(); err != nil {
		return failed("cli.err_demo", err)
	}
	if a.flag("dir") == "" {
		defer a.cleanDemo(opt.Dir)
	}
	d, err := demo.Start(opt)
	if err != nil {
		return failed("cli.err_demo", err)
	}
	defer d.Close()
	s, err := a.demoSession(ctx, d, opt.Dir, seed)
	if err != nil {
		return failed("cli.err_demo", err)
	}
	defer s.close()
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Add(1)
	go func() { defer wg.Done(); d.Run(ctx) }()
	defer wg.Wait()
	defer cancel()
	if a.hasScreen() {
		return s.console(ctx, consoleOptions{plain: a.plain(), coach: true, reports: filepath.Join(opt.Dir, "reports")})
	}
	a.warn(text.M("cli.demo_runs", d.ConfigPath, s.path, d.BinDir))
	return s.pollAlone(ctx, kindConsole, nil, nil)
}

// demoDir is the folder for the demo's files: one of its own, or the one that --dir names.
func (a *app) demoDir() (string, error) {
	dir := a.flag("dir")
	if dir == "" {
		return os.MkdirTemp("", "lage-demo-")
	}
	full, err := filepath.Abs(dir)
	if err == nil {
		err = os.MkdirAll(full, 0o700)
	}
	return full, err
}

func (a *app) demoOptions() (demo.Options, int64, error) {
	opt := demo.Options{Exe: a.env.Exe, Lang: a.lang, Scenario: demo.Scenario(a.flag("scenario"))}
	seed := int64(1)
	if v := a.flag("seed"); v != "" {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			return opt, 0, a.usage(text.M("cli.err_number", "--seed", v))
		}
		seed = n
	}
	if v := a.flag("after"); v != "" {
		after, err := time.ParseDuration(v)
		if err != nil || after <= 0 {
			return opt, 0, a.usage(text.M("cli.err_duration", "--after", v))
		}
		opt.After = after
	}
	return opt, seed, nil
}

// demoSession makes the demo's past and opens a session on it. Runbook commands find the demo's helper command.
func (a *app) demoSession(ctx context.Context, d *demo.Demo, dir string, seed int64) (*session, error) {
	db := a.flag("db")
	if db == "" {
		db = filepath.Join(dir, "lage.db")
	}
	if err := errors.Join(a.set.Set("config", d.ConfigPath), a.set.Set("db", db)); err != nil {
		return nil, err
	}
	environ := a.env.Environ
	a.env.Environ = func() []string { return inFront(environ(), "PATH", d.BinDir) }
	a.langFixed = true // the demo was written in it
	if err := a.demoPast(ctx, db, seed); err != nil {
		return nil, err
	}
	return a.open(ctx, toMake, true)
}

// demoPast writes the history of 90 days. The people of the past work with a clock of their own.
func (a *app) demoPast(ctx context.Context, db string, seed int64) error {
	now := a.env.Now()
	clock := now
	st, err := store.Open(ctx, db, store.Options{Now: func() time.Time { return clock }, Host: a.env.Host})
	if err != nil {
		return err
	}
	defer st.Close()
	path, src, err := a.configSource()
	if err != nil {
		return err
	}
	conf, problems := a.parseConfig(path, src, true)
	if problems.Fatal() {
		return errors.New(problems.In(a.lang))
	}
	if err := st.SyncChecks(ctx, conf.Checks); err != nil {
		return err
	}
	episodes := demo.Episodes(seed, now, a.lang)
	past := demo.History(seed, now, conf.Checks, episodes)
	for _, c := range conf.Checks {
		p := past[c.ID]
		if err := st.ImportHistory(ctx, c.ID, p.Hours, p.Samples, p.Changes); err != nil {
			return err
		}
	}
	desk := &incidents.Desk{Journal: st, Now: func() time.Time { return clock }, Plan: func() incidents.Plan {
		return incidents.Plan{Services: quietly(conf.Services), Checks: conf.Checks, Classes: conf.Classes, AutoOpen: true, Zone: conf.Zone, Lang: a.lang}
	}}
	return demo.PlayPast(ctx, desk, func(t time.Time) { clock = t }, episodes, conf.Checks)
}

// quietly takes the escalations out: nobody is alarmed about the past.
func quietly(list []services.Service) []services.Service {
	out := slices.Clone(list)
	for i := range out {
		out[i].Escalation = nil
	}
	return out
}

// cleanDemo removes the demo's files but for reports: those a person has asked for.
func (a *app) cleanDemo(dir string) {
	reports := filepath.Join(dir, "reports")
	files, _ := filepath.Glob(filepath.Join(reports, "*.md")) // the pattern is ours
	if len(files) == 0 {
		_ = os.RemoveAll(dir) // in the folder for temporary files: others clean up after us
		return
	}
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if e.Name() != "reports" {
			_ = os.RemoveAll(filepath.Join(dir, e.Name()))
		}
	}
	for _, f := range files {
		a.println(a.t("cli.written", f))
	}
}

// inFront puts a folder in front of a variable that holds a list of folders.
func inFront(env []string, name, dir string) []string {
	out := slices.Clone(env)
	for i, kv := range out {
		if len(kv) > len(name) && kv[:len(name)+1] == name+"=" {
			out[i] = name + "=" + dir + string(os.PathListSeparator) + kv[len(name)+1:]
			return out
		}
	}
	return append(out, name+"="+dir)
}
