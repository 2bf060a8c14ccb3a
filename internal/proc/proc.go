// Package proc starts, captures, stops and supervises processes. It is the only user of os/exec.
//
// Every process gets a session of its own and a mark in its environment (LAGE_PROC), which its children inherit. By
// session, mark and parentage the whole tree is found again in /proc, however its members have detached themselves. Only
// a process that has changed its session, wiped its environment and outlived its parents escapes.
package proc

import (
	"context"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

const (
	defaultLimit = 256 << 10
	termGrace    = time.Second            // from TERM to KILL
	drainGrace   = 300 * time.Millisecond // for pipes that somebody who escaped still holds
)

// Spec is one process to run.
type Spec struct {
	Argv  []string
	Dir   string
	Env   []string // the whole environment, KEY=value
	Stdin string
	Limit int // bytes of output kept of each stream, head and tail; zero means 256 KiB

	tty *os.File // the terminal that it gets instead of pipes; nil means none
}

// Result is how it ended.
type Result struct {
	ExitCode int // -1 when it did not start or was killed
	Stdout   []byte
	Stderr   []byte
	Bytes    int64 // of both, before cutting
	Cut      bool  // something was left out, at CutMark
	Duration time.Duration
	TimedOut bool  // ctx ended first
	Err      error // why it did not start; nil otherwise
}

// Run runs a process in a session of its own, without a terminal, until it ends or ctx does; then its whole tree gets TERM
// and, a second later, KILL: children that made sessions of their own too (found by a mark in their environment). It
// returns within about two seconds of ctx's end even where a grandchild holds the pipes, and leaves nobody behind.
func Run(ctx context.Context, s Spec) Result {
	if ctx.Err() != nil {
		return Result{ExitCode: -1, TimedOut: true}
	}
	began := time.Now()
	res := Result{ExitCode: -1}
	out, errs := newCapture(s.Limit), newCapture(s.Limit)
	p, err := start(s, out, errs)
	if err != nil {
		res.Err = err
		return res
	}
	select {
	case <-p.exited:
	case <-ctx.Done():
		res.TimedOut = true
	}
	p.tree.end(termGrace)
	ended := p.endedWithin(drainGrace)
	res.Duration = time.Since(began)
	p.closePipes(drainGrace)
	if ended {
		res.ExitCode = p.reap()
	} else { // in an uninterruptible wait: it is reaped when the kernel lets go of it
		go func() { <-p.exited; p.reap() }()
	}
	res.Stdout, res.Stderr = out.Bytes(), errs.Bytes()
	res.Bytes = out.total + errs.total
	res.Cut = out.cut() || errs.cut()
	return res
}

// process is a running process whose leader stays unreaped until reap, so that its number, which is also its session's,
// cannot be given to anybody else while the tree is being looked for.
type process struct {
	cmd    *exec.Cmd
	tree   *tree
	exited chan struct{} // closed when the leader has ended
	pipes  []*pipe
}

// start starts the process with its output going to the writers. Where out and errs are the same, they share a pipe.
func start(s Spec, out, errs io.Writer, extra ...*os.File) (*process, error) {
	if len(s.Argv) == 0 {
		return nil, exec.ErrNotFound
	}
	cmd := exec.Command(s.Argv[0], s.Argv[1:]...)
	mark := newMark()
	cmd.Dir, cmd.Env = s.Dir, marked(s.Env, mark)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.ExtraFiles = extra
	p := &process{cmd: cmd, exited: make(chan struct{})}
	if s.tty != nil {
		cmd.Stdin, cmd.Stdout, cmd.Stderr = s.tty, s.tty, s.tty
		cmd.SysProcAttr.Setctty = true // its standard input becomes the session's terminal
	} else if err := p.connect(s.Stdin, out, errs); err != nil {
		return nil, err
	}
	err := cmd.Start()
	for _, pp := range p.pipes {
		pp.theirs.Close()
	}
	if err != nil {
		for _, pp := range p.pipes {
			pp.ours.Close()
		}
		return nil, err
	}
	leader, _ := readStat(cmd.Process.Pid) // it is there even if it has ended: nobody has reaped it
	p.tree = &tree{leader: cmd.Process.Pid, mark: mark, since: leader.started}
	for _, pp := range p.pipes {
		go pp.pump()
	}
	go func() {
		waitExited(cmd.Process.Pid)
		close(p.exited)
	}()
	return p, nil
}

// connect makes the pipes of the process. Without stdin it reads from /dev/null.
func (p *process) connect(stdin string, out, errs io.Writer) error {
	var err error
	if stdin != "" {
		p.cmd.Stdin, err = p.input(stdin)
	}
	var w *os.File
	if err == nil {
		w, err = p.output(out)
	}
	if err == nil {
		p.cmd.Stdout, p.cmd.Stderr = w, w
		if errs != out {
			p.cmd.Stderr, err = p.output(errs)
		}
	}
	if err != nil {
		for _, pp := range p.pipes {
			pp.ours.Close()
			pp.theirs.Close()
		}
	}
	return err
}

func (p *process) input(stdin string) (*os.File, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	p.pipes = append(p.pipes, &pipe{ours: w, theirs: r, stdin: stdin, done: make(chan struct{})})
	return r, nil
}

func (p *process) output(to io.Writer) (*os.File, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	p.pipes = append(p.pipes, &pipe{ours: r, theirs: w, to: to, done: make(chan struct{})})
	return w, nil
}

// closePipes waits for the ends of the pipes, at most the grace in all, and closes them.
func (p *process) closePipes(grace time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	for _, pp := range p.pipes {
		if pp.to == nil {
			continue // nobody is there to read what is left of the input
		}
		select {
		case <-pp.done:
		case <-ctx.Done():
		}
	}
	for _, pp := range p.pipes {
		pp.ours.Close()
		<-pp.done
	}
}

func (p *process) endedWithin(d time.Duration) bool {
	select {
	case <-p.exited:
		return true
	case <-time.After(d):
		return false
	}
}

// reap gives the exit code, -1 if a signal ended it.
func (p *process) reap() int {
	if p.cmd.Wait() != nil && p.cmd.ProcessState == nil {
		return -1
	}
	return p.cmd.ProcessState.ExitCode()
}

// marked puts the mark into the environment. A mark that is there already stays: its process wants to find us too.
func marked(env []string, mark string) []string {
	out := make([]string, 0, len(env)+1)
	for _, kv := range env {
		if old, ok := strings.CutPrefix(kv, markVar); ok {
			mark = old + ":" + mark
			continue
		}
		out = append(out, kv)
	}
	return append(out, markVar+mark)
}
