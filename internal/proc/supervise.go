package proc

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"lage/internal/clean"
)

const (
	readyWord  = "ok"
	readyFD    = 3
	hardStop   = syscall.SIGUSR1
	stopGrace  = 5 * time.Second
	flushEvery = 500 * time.Millisecond
	jobLimit   = 8 << 20  // bytes of a job's description
	valueLimit = 64 << 10 // bytes of a captured variable, and of the values that a job may leave in all
)

// script makes bash read the job's text from file descriptor 3, so that the text stands in no argument list, its line
// numbers are right in messages, and no command inherits the descriptor.
const script = `eval "exec 3<&-; $(</dev/fd/3)"`

// report makes the shell write, when it ends, where it stands and what it exports. It goes into a file that is there
// already, so that no command of the job inherits a descriptor.
const report = `__lage_left=%s; trap '{ builtin printf "%%s\0" "$PWD"; command -p env -0; } >|"$__lage_left" 2>/dev/null || :' EXIT; `

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
	env     []string // what the job began with
	signals <-chan os.Signal
	sink    *sink
	streams []*clean.Stream // redacting, on their way to the sink
	said    *capture        // its standard output, where a variable gets it
	process *process
	link    *link // to the console of a job with a terminal; nil otherwise
	began   time.Time
	result  result
}

// begin starts the job. The process is nil afterwards when it failed.
func (sv *supervision) begin() error {
	if err := json.NewDecoder(io.LimitReader(os.Stdin, jobLimit)).Decode(&sv.job); err != nil {
		return err
	}
	text, err := sv.files()
	if err != nil {
		return err
	}
	defer text.Close()
	sv.began = time.Now()
	p, err := sv.start(text)
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

// files makes the files that the job's shell reads and writes, and opens its text.
func (sv *supervision) files() (*os.File, error) {
	for name, text := range map[string]string{scriptFile: sv.job.Script, valuesFile: "", leftFile: ""} {
		if err := os.WriteFile(filepath.Join(sv.dir, name), []byte(text), 0o600); err != nil {
			return nil, err
		}
	}
	var err error
	if sv.sink, err = newSink(sv.dir); err != nil {
		return nil, err
	}
	return os.Open(filepath.Join(sv.dir, scriptFile))
}

// start starts the job's shell, on pipes or on a terminal of its own.
func (sv *supervision) start(text *os.File) (*process, error) {
	sv.env = sv.job.Env
	if sv.job.Terminal == nil {
		sv.env = override(sv.env, quiet)
	}
	sv.env = override(sv.env, []string{"RUNBOOK_OUTPUT=" + filepath.Join(sv.dir, valuesFile)})
	head := fmt.Sprintf("umask %04o; ", sv.job.Umask&0o777)
	if sv.job.Walk != "" {
		head += fmt.Sprintf(report, "'"+strings.ReplaceAll(filepath.Join(sv.dir, leftFile), "'", `'\''`)+"'")
	}
	spec := Spec{Argv: []string{"bash", "-o", "pipefail", "-c", head + script, "bash"}, Dir: sv.job.Dir, Env: sv.env}
	if sv.job.Terminal != nil {
		return sv.startOnTerminal(spec, text)
	}
	errs := sv.redacting()
	if sv.job.Capture == "" {
		return start(spec, errs, errs, text)
	}
	sv.said = newCapture(2 * valueLimit)
	return start(spec, io.MultiWriter(sv.redacting(), sv.said), errs, text)
}

// redacting is a way to the sink on which secrets are taken out.
func (sv *supervision) redacting() io.Writer {
	s := clean.NewRedactor(sv.job.Secrets...).NewStream(sv.sink)
	sv.streams = append(sv.streams, s)
	return s
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
			go func() { p.tree.end(stopGrace, politely()...); close(cleared) }()
		}
	}
	lost := sv.link.lost()
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	for done := false; !done; {
		select {
		case <-p.exited:
			done = true
			if sv.link.isLost() { // it was hung up, and so is all that it started
				stop(Stopped)
			}
		case <-timeout:
			stop(TimedOut)
		case <-lost:
			lost = nil
			stop(Stopped)
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
			sv.result.Survivors = p.tree.names()
		case sig := <-sv.signals:
			if sig == hardStop {
				p.tree.kill()
			}
		}
	}
	p.closePipes(time.Second)
	sv.link.close()
	for _, s := range sv.streams {
		_ = s.Close() // a sink takes everything
		sv.result.Redactions += s.Count()
	}
	sv.result.ExitCode = p.reap()
	sv.leave()
}

// leave writes down what the job leaves to the next one. What cannot be written is lost to it, and nothing else.
func (sv *supervision) leave() {
	left, _ := os.ReadFile(filepath.Join(sv.dir, leftFile))
	_ = os.Remove(filepath.Join(sv.dir, leftFile)) // secrets may be among it
	given := sv.given()
	_ = os.Remove(filepath.Join(sv.dir, valuesFile))
	sv.result.Values = slices.Sorted(maps.Keys(given))
	if sv.job.Walk == "" {
		return
	}
	_ = updateCarried(filepath.Join(filepath.Dir(sv.dir), sv.job.Walk+carriedEnding), func(c *Carried) {
		c.learn(left, sv.env)
		for k, v := range given {
			c.put(k, v)
		}
	})
}

// given collects the values that the job names: in RUNBOOK_OUTPUT, and its output where a variable gets it.
func (sv *supervision) given() map[string]string {
	out := map[string]string{}
	if f, err := os.Open(filepath.Join(sv.dir, valuesFile)); err == nil {
		text, _ := io.ReadAll(io.LimitReader(f, valueLimit))
		f.Close()
		out = values(string(text))
	}
	if sv.said != nil && sv.said.total <= valueLimit {
		out[sv.job.Capture] = strings.TrimSpace(string(bytes.ReplaceAll(sv.said.Bytes(), []byte{0}, nil)))
	}
	maps.DeleteFunc(out, func(k, _ string) bool { return ours(k) })
	return out
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
