package proc

import (
	"encoding/json"
	"io"
	"math"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	readyWord  = "ok"
	readyFD    = 3
	hardStop   = syscall.SIGUSR1
	stopGrace  = 5 * time.Second
	flushEvery = 500 * time.Millisecond
	jobLimit   = 8 << 20 // bytes of a job's description
)

// script makes bash read the job's text from file descriptor 3, so that the text stands in no argument list, its line
// numbers are right in messages, and no command inherits the descriptor.
const script = `eval "exec 3<&-; $(</dev/fd/3)"`

// quiet keeps programs that run without a terminal from asking and paging.
var quiet = []string{"GIT_TERMINAL_PROMPT=0", "DEBIAN_FRONTEND=noninteractive", "PAGER=cat", "GIT_PAGER=cat",
	"SYSTEMD_PAGER=cat", "TERM=dumb"}

// SuperviseMain is the whole life of a supervising process: it takes the job from standard input, runs it, and writes what
// becomes of it to the folder that is its only argument. The process has its own session: hanging up does not reach it.
// TERM stops the job, USR1 kills it. The exit code is 0 when the result has been written.
func SuperviseMain(args []string) int {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGHUP, syscall.SIGINT, syscall.SIGTERM, hardStop)
	unix.CloseOnExec(readyFD)
	_ = unix.CloseRange(readyFD, math.MaxUint32, unix.CLOSE_RANGE_CLOEXEC) // what we inherited is not the job's; old kernels cannot
	ready := os.NewFile(readyFD, "ready")
	defer ready.Close()
	if len(args) != 1 {
		return 2
	}
	unix.Umask(0o077)
	sv := supervision{dir: args[0], signals: signals}
	if err := sv.begin(); err != nil {
		sv.result = result{Outcome: FailedToStart, ExitCode: -1, Error: err.Error()}
	}
	_, _ = io.WriteString(ready, readyWord) // the console may be gone already
	ready.Close()
	if sv.process != nil {
		sv.follow()
	}
	return sv.write()
}

// supervision is one job under way.
type supervision struct {
	dir     string
	job     Job
	signals <-chan os.Signal
	sink    *sink
	process *process
	began   time.Time
	result  result
}

// begin starts the job. The process is nil afterwards when it failed.
func (sv *supervision) begin() error {
	if err := json.NewDecoder(io.LimitReader(os.Stdin, jobLimit)).Decode(&sv.job); err != nil {
		return err
	}
	path := filepath.Join(sv.dir, scriptFile)
	if err := os.WriteFile(path, []byte(sv.job.Script), 0o600); err != nil {
		return err
	}
	text, err := os.Open(path)
	if err != nil {
		return err
	}
	defer text.Close()
	if sv.sink, err = newSink(sv.dir); err != nil {
		return err
	}
	spec := Spec{Argv: []string{"bash", "-o", "pipefail", "-c", script, "bash"}, Dir: sv.job.Dir, Env: override(sv.job.Env, quiet)}
	sv.began = time.Now()
	p, err := start(spec, sv.sink, sv.sink, text)
	if err != nil {
		return err
	}
	self, _ := readStat(os.Getpid())
	m := meta{Supervisor: self.pid, Ticks: self.started, Boot: bootID(), Mark: p.tree.mark, Started: sv.began.UTC()}
	if err := writeJSON(filepath.Join(sv.dir, metaFile), m); err != nil {
		// A job that nobody could find or stop must not run.
		p.tree.kill()
		<-p.exited
		p.closePipes(0)
		p.reap()
		return err
	}
	sv.process = p
	return nil
}

// follow waits for the job's end, or brings it about. What the job started in the background and left behind on purpose
// lives on; what is left of a job that was stopped or timed out does not.
func (sv *supervision) follow() {
	p := sv.process
	sv.result.Outcome = Exited
	var timeout <-chan time.Time
	if sv.job.Timeout > 0 {
		timeout = time.After(sv.job.Timeout)
	}
	var cleared chan struct{} // closed when a stopped job's tree is gone
	stop := func(outcome string) {
		if cleared == nil {
			sv.result.Outcome = outcome
			cleared = make(chan struct{})
			go func() { p.tree.end(stopGrace); close(cleared) }()
		}
	}
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	for done := false; !done; {
		select {
		case <-p.exited:
			done = true
		case <-timeout:
			stop(TimedOut)
		case sig := <-sv.signals:
			if sig == hardStop {
				stop(Stopped)
				p.tree.kill()
			} else if sig == syscall.SIGTERM {
				stop(Stopped)
			}
		case <-tick.C:
			_ = sv.sink.flush() // tried again soon, and at the end
		}
	}
	sv.result.Duration = time.Since(sv.began)
	for cleared != nil {
		select {
		case <-cleared:
			cleared = nil
		case sig := <-sv.signals:
			if sig == hardStop {
				p.tree.kill()
			}
		}
	}
	p.closePipes(time.Second)
	sv.result.ExitCode = p.reap()
}

// write writes the result, and tries for a minute where the disk is full.
func (sv *supervision) write() int {
	if sv.sink != nil {
		_ = sv.sink.flush() // the tail is less important than the result
		sv.result.Bytes, sv.result.SHA256 = sv.sink.sum256()
		sv.sink.file.Close()
	}
	for range 60 {
		if writeJSON(filepath.Join(sv.dir, resultFile), sv.result) == nil {
			return 0
		}
		time.Sleep(time.Second)
	}
	return 1
}

// override gives the environment with the settings in place of those of the same names.
func override(env, settings []string) []string {
	out := slices.DeleteFunc(slices.Clone(env), func(kv string) bool {
		return slices.ContainsFunc(settings, func(s string) bool { return key(s) == key(kv) })
	})
	return append(out, settings...)
}

func key(kv string) string {
	k, _, _ := strings.Cut(kv, "=")
	return k
}
