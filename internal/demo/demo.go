// Package demo is a small public service on loopback that really breaks, and its past.
//
// Nothing in it is canned: a web form takes sessions from a pool to a database stand-in; a nightly batch job forgets to end its
// transactions and takes them all; the form answers 503; the runbook's commands find out and put it right. What the
// console shows of it, it has measured.
package demo

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"lage/internal/text"
)

//go:embed files
var files embed.FS

// Scenario says what happens to the demo service.
type Scenario string

// The scenarios.
const (
	Outage Scenario = "outage" // it breaks once, after Options.After
	Calm   Scenario = "calm"   // it never breaks by itself
)

// Options are what the demo is started with.
type Options struct {
	Dir      string        // a folder of its own: configuration, runbooks, helper command
	Exe      string        // the lage binary, for the helper command
	Lang     text.Lang     // of configuration, runbook and the helper's output
	Scenario Scenario      // empty means Outage
	After    time.Duration // until it breaks; zero means half a minute
}

// Demo is the running demo.
type Demo struct {
	ConfigPath string // the written configuration
	BinDir     string // holds the helper command wgctl: to be put in front of PATH
	Sent       string // file that alarms are written to, by the "modem" of the configuration

	opt   Options
	db    *database
	web   *web
	quiet *quiet
	job   *batch
	ctl   *control
}

// Start starts the servers and writes configuration, runbook and helper command into Options.Dir. Close stops them.
func Start(opt Options) (*Demo, error) {
	if opt.Scenario == "" {
		opt.Scenario = Outage
	}
	if opt.Scenario != Outage && opt.Scenario != Calm {
		return nil, fmt.Errorf("unknown scenario %q", opt.Scenario)
	}
	if opt.After == 0 {
		opt.After = 30 * time.Second
	}
	d := &Demo{opt: opt, BinDir: filepath.Join(opt.Dir, "bin"), ConfigPath: filepath.Join(opt.Dir, "lage.yaml"), Sent: filepath.Join(opt.Dir, "sms.txt")}
	if err := d.listen(); err != nil {
		d.Close()
		return nil, err
	}
	if err := d.write(); err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

func (d *Demo) listen() error {
	var err error
	if d.db, err = startDatabase(); err != nil {
		return err
	}
	d.job = newBatch(d.db.Addr())
	if d.web, err = startWeb(d.db.Addr(), d.opt.Lang); err != nil {
		return err
	}
	if d.quiet, err = startQuiet(d.opt.Lang); err != nil {
		return err
	}
	d.ctl, err = startControl(d)
	return err
}

// Run breaks the service when its time has come, and returns when ctx ends.
func (d *Demo) Run(ctx context.Context) {
	if d.opt.Scenario == Outage {
		t := time.NewTimer(d.opt.After)
		defer t.Stop()
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			d.job.Start()
		}
	}
	<-ctx.Done()
}

// Close stops everything that listens or works. It is safe on a Demo that did not start fully.
func (d *Demo) Close() error {
	var errs []error
	if d.job != nil {
		d.job.Release()
	}
	if d.ctl != nil {
		errs = append(errs, d.ctl.Close())
	}
	if d.quiet != nil {
		errs = append(errs, d.quiet.Close())
	}
	if d.web != nil {
		errs = append(errs, d.web.Close())
	}
	if d.db != nil {
		errs = append(errs, d.db.Close())
	}
	return errors.Join(errs...)
}

// write puts configuration, runbooks and helper command in place.
func (d *Demo) write() error {
	lang := "de"
	if d.opt.Lang == text.English {
		lang = "en"
	}
	books := filepath.Join(d.opt.Dir, "runbooks")
	for _, dir := range []string{d.BinDir, books} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
	}
	helper := "#!/bin/sh\n" +
		"# Written by lage demo: talks to the demo service on loopback.\n" +
		"LAGE_LANG=" + lang + " exec " + quote(d.opt.Exe) + " demo ctl --at " + d.ctl.Addr() + " \"$@\"\n"
	if err := os.WriteFile(filepath.Join(d.BinDir, "wgctl"), []byte(helper), 0o700); err != nil {
		return err
	}
	for _, name := range []string{"wohngeld-503", "termine-langsam"} {
		b, err := files.ReadFile("files/" + name + "." + lang + ".md")
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(books, name+".md"), b, 0o600); err != nil {
			return err
		}
	}
	cfg, err := files.ReadFile("files/lage." + lang + ".yaml")
	if err != nil {
		return err
	}
	r := strings.NewReplacer("@WEB@", d.web.Addr(), "@QUIET@", d.quiet.Addr(), "@WGCTL@", filepath.Join(d.BinDir, "wgctl"), "@SENT@", d.Sent)
	return os.WriteFile(d.ConfigPath, []byte(r.Replace(string(cfg))), 0o600)
}

// quote makes s one word for sh.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
