// Package proc starts, captures, stops and supervises processes. It is the only user of os/exec.
package proc

import (
	"context"
	"time"
)

// Spec is one process to run.
type Spec struct {
	Argv  []string
	Dir   string
	Env   []string // the whole environment, KEY=value
	Stdin string
	Limit int // bytes of output kept, head and tail; zero means 256 KiB
}

// Result is how it ended.
type Result struct {
	ExitCode int // -1 when it did not start or was killed
	Stdout   []byte
	Stderr   []byte
	Bytes    int64 // of both, before cutting
	Cut      bool
	Duration time.Duration
	TimedOut bool  // ctx ended first
	Err      error // why it did not start; nil otherwise
}

// Run runs a process in a session of its own, without a terminal, until it ends or ctx does; then its whole tree gets TERM
// and, a second later, KILL: children that made sessions of their own too (found by a mark in their environment). It
// returns within about two seconds of ctx's end even where a grandchild holds the pipes, and leaves nobody behind.
func Run(ctx context.Context, s Spec) Result { panic("proc helper writes this") }
