// Package cli holds the commands of lage and puts the program together.
//
// One table of commands (table.go) feeds the dispatcher, the help, the completions and the manual page. Each command stands
// in a file of its own; its help text stands in internal/text/cli.go. Documents go to standard output, everything else to
// standard error; what a person has to know in order to go on is part of every error.
package cli

import (
	"bytes"
	"context"
	"io"
	"os"
	"time"

	"github.com/spf13/pflag"

	"lage/internal/text"
	"lage/services"
)

// Env is everything that the program takes from the world around it, so that a test can be that world.
type Env struct {
	Args           []string // without the program's name
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Getenv         func(string) string
	Environ        func() []string // for runbook commands
	StdinTerminal  bool
	StdoutTerminal bool
	Exe            string // path of this program, for the supervisors that it starts
	OSUser         string // the operating-system user; empty means: ask the system
	Host           string
	Now            func() time.Time
	Local          *time.Location                         // zone of the machine; nil means time.Local
	Hangup         func(context.Context) <-chan os.Signal // where SIGHUP arrives, until ctx ends; nil means never
}

// The exit codes. State commands (status, check once) use those of the Monitoring Plugins instead: see stateCode.
const (
	exitOK          = 0
	exitFailed      = 1
	exitUsage       = 2
	exitConfig      = 3 // also: state unknown
	exitNotFound    = 4
	exitRefused     = 5
	exitInterrupted = 130
)

// app is one run of the program.
type app struct {
	env       Env
	lang      text.Lang
	langFixed bool // by flag or environment: a configuration does not change it
	zone      *time.Location
	zoneFixed bool
	cmd       *command
	set       *pflag.FlagSet
	args      []string      // what stands after the command's words
	out       *output       // where documents go
	role      services.Role // what this run may do; empty means everything
	forced    bool          // the command came over SSH, through a forced command
	file      *bytes.Buffer // collects the document where --out names a file; nil otherwise
}

// Run carries out one command line and returns the exit code. When ctx ends, it stops and returns 130, or 0 for commands
// that run until they are told to stop.
func Run(ctx context.Context, env Env) int {
	a := &app{env: env.complete(), lang: text.German}
	a.out = &output{w: a.env.Stdout}
	a.localLanguage()
	err := a.dispatch(ctx)
	return a.finish(ctx, err)
}

// complete fills in what the caller left out.
func (e Env) complete() Env {
	if e.Now == nil {
		e.Now = time.Now
	}
	if e.Local == nil {
		e.Local = time.Local
	}
	if e.Getenv == nil {
		e.Getenv = func(string) string { return "" }
	}
	if e.Environ == nil {
		e.Environ = func() []string { return nil }
	}
	if e.Stdin == nil {
		e.Stdin = bytes.NewReader(nil)
	}
	if e.Stdout == nil {
		e.Stdout = io.Discard
	}
	if e.Stderr == nil {
		e.Stderr = io.Discard
	}
	return e
}

// t gives a text in the language of this run.
func (a *app) t(code string, args ...any) string { return text.T(a.lang, code, args...) }

// on tells whether a switch is set.
func (a *app) on(name string) bool {
	f := a.set.Lookup(name)
	return f != nil && f.Value.String() == "true"
}

// flag gives the value of a flag, empty when it was not given.
func (a *app) flag(name string) string {
	f := a.set.Lookup(name)
	if f == nil {
		return ""
	}
	return f.Value.String()
}

// given tells whether a flag stands on the command line, even with an empty value.
func (a *app) given(name string) bool { return a.set.Changed(name) }
