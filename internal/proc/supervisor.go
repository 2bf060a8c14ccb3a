package proc

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// SuperviseCommand is the hidden first argument with which a program starts itself as a supervisor: it must then call
// SuperviseMain with the arguments after it.
const SuperviseCommand = "_supervise"

// The outcomes of a job.
const (
	Exited        = "exited"
	TimedOut      = "timeout"
	Stopped       = "stopped"
	FailedToStart = "failed_to_start"
	Lost          = "lost" // neither the job nor its supervisor is there any more, and nobody knows how it ended
)

// ErrStarted says that a job with this ID has been started before. A job runs once.
var ErrStarted = errors.New("this run has been started already")

// ErrNoRun says that there is no job with this ID.
var ErrNoRun = errors.New("no such run")

const startLimit = 10 * time.Second

// Supervisor runs jobs that outlive the program that started them. Each has a folder of its own below Dir, and a
// supervising process that streams its output there and writes how it ended.
type Supervisor struct {
	Dir string // made with mode 0700 where it is missing
	Exe string // the program that calls SuperviseMain; empty means the one that runs
}

// Job is a shell script to run by `bash -o pipefail`, without a terminal and with nothing on its standard input.
type Job struct {
	Script  string        `json:"script"`
	Dir     string        `json:"dir"`     // where it runs; empty means "/"
	Env     []string      `json:"env"`     // the whole environment, KEY=value; what keeps programs from asking or paging is added
	Timeout time.Duration `json:"timeout"` // zero means no limit
	Secrets []string      `json:"secrets"` // taken out of the output by value before it is kept; they are on no disk
	Walk    string        `json:"walk"`    // whose variables and directory it leaves for the next job; empty means nobody's
	Capture string        `json:"capture"` // variable of the walk that gets its standard output, trimmed; empty means none
	Umask   int           `json:"umask"`   // Start sets it: the caller's

	Terminal *Window `json:"terminal"` // it gets a terminal; set by StartOn
}

// State is what is known of a job.
type State struct {
	Output   []byte // so far, not cleaned; where it is longer than 256 KiB, 64 KiB of head, CutMark, and the tail
	Cut      bool
	Bytes    int64     // of all output so far
	Started  time.Time // zero when it did not start
	Ended    bool
	Outcome  string        // when Ended
	ExitCode int           // -1 when it did not exit by itself
	Duration time.Duration // when Ended; zero when Lost
	SHA256   string        // of all output, hex, when Ended; empty when Lost
	Error    string        // why it failed to start
	Missing  bool          // nobody has begun it: it may be about to

	Redactions int      // how many secrets were taken out of the output, when Ended
	Survivors  []string // processes that could not be ended, "123 name", when it was stopped
	Values     []string // names of the variables that it left to the next job, when Ended
}

// NewID gives a fresh ID for a job.
func NewID() string { return "r-" + strings.ToLower(rand.Text()[:16]) }

var goodID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

func (s *Supervisor) folder(id string) (string, error) {
	if !goodID.MatchString(id) {
		return "", fmt.Errorf("bad run ID %q", id)
	}
	return filepath.Abs(filepath.Join(s.Dir, id))
}

// Start starts a job and returns when its supervisor has it. Errors are about the supervisor (ErrStarted among them); a
// job that cannot start ends with the outcome FailedToStart. The job's script and environment appear in no argument list.
func (s *Supervisor) Start(ctx context.Context, id string, job Job) error {
	return s.start(ctx, id, job)
}

func (s *Supervisor) start(ctx context.Context, id string, job Job, extra ...*os.File) error {
	dir, err := s.folder(id)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	job.Umask = umask()
	text, err := json.Marshal(job)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o700); errors.Is(err, fs.ErrExist) {
		return ErrStarted
	} else if err != nil {
		return err
	}
	if err := s.spawn(dir, text, job.Env, extra); err != nil {
		// Nobody has it: the folder says so, should anybody ask.
		_ = writeJSON(filepath.Join(dir, resultFile), result{Outcome: FailedToStart, ExitCode: -1, Error: err.Error()})
		return err
	}
	return nil
}

// spawn starts the supervising process, hands it the job, and waits until it says that it has it.
func (s *Supervisor) spawn(dir string, job []byte, env []string, extra []*os.File) error {
	ready, theirs, err := os.Pipe()
	if err != nil {
		return err
	}
	defer ready.Close()
	exe := s.Exe
	if exe == "" {
		exe = "/proc/self/exe" // is right even after the file has been replaced by a newer one
	}
	cmd := exec.Command(exe, SuperviseCommand, dir)
	cmd.Args[0] = "lage"
	cmd.Dir = "/"
	cmd.Env = []string{"PATH=" + lookup(env, "PATH")} // for finding bash as the job would
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.ExtraFiles = append([]*os.File{theirs}, extra...)
	stdin, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	theirs.Close()
	if err != nil {
		return err
	}
	go func() { _ = cmd.Wait() }() // only so that no zombie stays while this program lives
	_, err = stdin.Write(job)
	stdin.Close()
	if err == nil {
		_ = ready.SetReadDeadline(time.Now().Add(startLimit))
		var said []byte
		if said, err = io.ReadAll(ready); err == nil && string(said) != readyWord {
			err = fmt.Errorf("the supervisor did not start: %s", said)
		}
	}
	if err != nil {
		_ = cmd.Process.Kill()
	}
	return err
}

// umask is this process's, read without changing it.
func umask() int {
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		if v, ok := strings.CutPrefix(line, "Umask:"); ok {
			if n, err := strconv.ParseInt(strings.TrimSpace(v), 8, 32); err == nil {
				return int(n)
			}
		}
	}
	return 0o077
}

// lookup gives a variable's value; the last one counts, as for the job.
func lookup(env []string, key string) string {
	value := ""
	for _, kv := range env {
		if v, ok := strings.CutPrefix(kv, key+"="); ok {
			value = v
		}
	}
	return value
}

// Abandon settles that a job which nobody has begun will not begin any more: whoever is first, starter or this, has it.
func (s *Supervisor) Abandon(id string) error {
	dir, err := s.folder(id)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return nil
		}
		return err
	}
	return writeJSON(filepath.Join(dir, resultFile), result{Outcome: Lost, ExitCode: -1})
}

// State tells what is known of a job. One whose supervisor went without a word is Lost.
func (s *Supervisor) State(id string) (State, error) {
	dir, err := s.folder(id)
	if err != nil {
		return State{}, err
	}
	st := State{ExitCode: -1}
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		st.Missing = true
		return st, nil
	}
	var m meta
	switch err := readJSON(filepath.Join(dir, metaFile), &m); {
	case err == nil:
		st.Started = m.Started
	case !errors.Is(err, fs.ErrNotExist):
		return State{}, err
	}
	if err := st.finish(dir, m); err != nil {
		return State{}, err
	}
	return st, st.readOutput(dir)
}

// finish fills in how the job ended, if it has.
func (st *State) finish(dir string, m meta) error {
	path := filepath.Join(dir, resultFile)
	var r result
	err := readJSON(path, &r)
	if errors.Is(err, fs.ErrNotExist) {
		if m.alive(dir) {
			return nil
		}
		err = readJSON(path, &r) // it may have ended between the two looks
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		r = result{Outcome: Lost, ExitCode: -1}
	case err != nil:
		return err
	}
	st.Ended, st.Outcome, st.ExitCode = true, r.Outcome, r.ExitCode
	st.Duration, st.SHA256, st.Error = r.Duration, r.SHA256, r.Error
	st.Redactions, st.Survivors, st.Values = r.Redactions, r.Survivors, r.Values
	return nil
}

// Stop ends a job's whole process tree: INT, TERM after five seconds, KILL after five more; or KILL at once when hard. It does not wait
// for that: State tells. Stopping what has ended is fine. ErrNoRun if there is no such job.
func (s *Supervisor) Stop(id string, hard bool) error {
	dir, err := s.folder(id)
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(dir, resultFile)); err == nil {
		return nil
	}
	var m meta
	if err := readJSON(filepath.Join(dir, metaFile), &m); errors.Is(err, fs.ErrNotExist) {
		return ErrNoRun
	} else if err != nil {
		return err
	}
	p, err := os.FindProcess(m.Supervisor)
	if err != nil {
		return err
	}
	defer p.Release()
	switch {
	case m.supervised() && hard:
		return p.Signal(hardStop)
	case m.supervised():
		return p.Signal(syscall.SIGTERM)
	case hard:
		m.orphans().kill()
	default:
		m.orphans().end(stopGrace, politely()...)
	}
	return nil
}
