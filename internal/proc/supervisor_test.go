package proc

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// bench is a supervisor in a folder of its own, and a tag to find its jobs' processes by.
type bench struct {
	*Supervisor
	t   *testing.T
	tag string
}

func newBench(t *testing.T) bench {
	return bench{&Supervisor{Dir: filepath.Join(t.TempDir(), "runs")}, t, rand.Text()}
}

func (b bench) start(script string, limit time.Duration) string {
	b.t.Helper()
	id := NewID()
	env := []string{"PATH=" + os.Getenv("PATH"), "TAG=" + b.tag, "PAGER=less"}
	if err := b.Start(b.t.Context(), id, Job{Script: script, Env: env, Timeout: limit}); err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() {
		_ = b.Stop(id, true)
		b.until(id, "has ended", func(s State) bool { return s.Ended })
	})
	return id
}

// until polls the job's state until it is as wanted.
func (b bench) until(id, what string, ok func(State) bool) State {
	b.t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for {
		st, err := b.State(id)
		if err != nil {
			b.t.Fatal(err)
		}
		if ok(st) {
			return st
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("the job never %s: %+v", what, st)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func (b bench) ended(id string) State {
	b.t.Helper()
	return b.until(id, "ended", func(s State) bool { return s.Ended })
}

func (b bench) nobodyLeft() {
	b.t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for tagged(b.t, b.tag) > 0 {
		if time.Now().After(deadline) {
			b.t.Fatalf("%d processes are left", tagged(b.t, b.tag))
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func TestSupervised(t *testing.T) {
	b := newBench(t)
	st := b.ended(b.start("# a comment\necho out\necho err >&2\nfalse | true\n", 0))
	sum := sha256.Sum256([]byte("out\nerr\n"))
	if st.Outcome != Exited || st.ExitCode != 1 || string(st.Output) != "out\nerr\n" || st.Bytes != 8 || st.Cut ||
		st.SHA256 != hex.EncodeToString(sum[:]) || st.Duration <= 0 || st.Started.IsZero() {
		t.Errorf("got %+v %q", st, st.Output)
	}
}

func TestSupervisedSurroundings(t *testing.T) {
	b := newBench(t)
	st := b.ended(b.start(`tty; echo "$PAGER $TERM $GIT_TERMINAL_PROMPT $DEBIAN_FRONTEND"; pwd; read x || echo "no input"
no-such-command
ls /proc/self/fd | wc -l
echo "$0 $# $SECRET"`, 0))
	want := "not a tty\ncat dumb 0 noninteractive\n/\nno input\nbash: line 2: no-such-command: command not found\n4\nbash 0 \n"
	if got := string(st.Output); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSupervisedShowsOutputSoFar(t *testing.T) {
	b := newBench(t)
	dir := t.TempDir()
	id := b.start("echo begun; until [ -e "+dir+"/go ]; do sleep 0.02; done; echo over", 0)
	st := b.until(id, "showed output", func(s State) bool { return len(s.Output) > 0 })
	if st.Ended || string(st.Output) != "begun\n" || st.Bytes != 6 || st.ExitCode != -1 {
		t.Errorf("got %+v", st)
	}
	if err := os.WriteFile(dir+"/go", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if st := b.ended(id); string(st.Output) != "begun\nover\n" || st.ExitCode != 0 {
		t.Errorf("got %+v", st)
	}
}

func TestSupervisedSecretsStayHidden(t *testing.T) {
	b := newBench(t)
	id := NewID()
	job := Job{Script: "echo canary-in-script; echo \"$SECRET\"; sleep 300", Env: []string{"PATH=" + os.Getenv("PATH"), "TAG=" + b.tag, "SECRET=canary-in-env"}}
	if err := b.Start(t.Context(), id, job); err != nil {
		t.Fatal(err)
	}
	b.until(id, "wrote", func(s State) bool { return strings.Contains(string(s.Output), "canary-in-env") })
	lines, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lines {
		if args, _ := os.ReadFile(l); bytes.Contains(args, []byte("canary-in-")) {
			t.Errorf("%s holds %q", l, args)
		}
	}
	err = filepath.Walk(b.Dir, func(path string, info os.FileInfo, err error) error {
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		if text, _ := os.ReadFile(path); filepath.Base(path) != outputFile && bytes.Contains(text, []byte("canary-in-env")) {
			t.Errorf("%s holds the secret", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Stop(id, true); err != nil {
		t.Fatal(err)
	}
	b.ended(id)
}

func TestSupervisedMuchOutput(t *testing.T) {
	b := newBench(t)
	id := b.start(`echo first; yes "0123456789 0123456789" | head -c 40000000; echo; echo last`, 0)
	st := b.ended(id)
	whole := "first\n" + strings.Repeat("0123456789 0123456789\n", 2_000_000)[:40_000_000] + "\nlast\n"
	sum := sha256.Sum256([]byte(whole))
	if st.Bytes != int64(len(whole)) || st.SHA256 != hex.EncodeToString(sum[:]) || !st.Cut {
		t.Errorf("%d bytes, sum %s, cut %v", st.Bytes, st.SHA256, st.Cut)
	}
	if !bytes.HasPrefix(st.Output, []byte("first\n01")) || !bytes.HasSuffix(st.Output, []byte("\nlast\n")) || len(st.Output) > defaultLimit+8 {
		t.Errorf("%d bytes kept, ending in %q", len(st.Output), st.Output[len(st.Output)-30:])
	}
	info, err := os.Stat(filepath.Join(b.Dir, id, outputFile))
	if err != nil || info.Size() != outputCap {
		t.Errorf("the file has %d bytes, %v", info.Size(), err)
	}
}

func TestSupervisedMiddleSizedOutput(t *testing.T) {
	b := newBench(t)
	st := b.ended(b.start(`echo first; yes "0123456789 0123456789" | head -n 50000; echo last`, 0))
	if st.Bytes != 6+50000*22+5 || !st.Cut || !bytes.HasPrefix(st.Output, []byte("first\n01")) || !bytes.HasSuffix(st.Output, []byte("789\nlast\n")) {
		t.Errorf("%d bytes, cut %v, %q", st.Bytes, st.Cut, st.Output[len(st.Output)-30:])
	}
	if n := bytes.Count(st.Output, []byte("\n")); len(st.Output) > defaultLimit+8 || n != bytes.Count(st.Output, []byte("0123456789 0123456789\n"))+3 {
		t.Errorf("lines are broken: %d bytes, %d line ends", len(st.Output), n)
	}
}

func TestSupervisedTimeout(t *testing.T) {
	b := newBench(t)
	st := b.ended(b.start("echo begun; setsid sleep 300 & wait", 300*time.Millisecond))
	if st.Outcome != TimedOut || st.ExitCode != -1 || string(st.Output) != "begun\n" {
		t.Errorf("got %+v", st)
	}
	b.nobodyLeft()
}

func TestSupervisedStop(t *testing.T) {
	for name, c := range map[string]struct {
		script string
		hard   bool
	}{
		"soft":         {`echo ready; ( setsid sleep 300 & ); sleep 300`, false},
		"soft, cared":  {`trap 'echo cleaning; exit 7' INT; echo ready; while :; do sleep 0.05; done`, false},
		"hard":         {`trap "" INT TERM; echo ready; ( setsid sleep 300 & ); while :; do sleep 1; done`, true},
		"soft ignored": {`trap "" INT TERM; echo ready; while :; do sleep 1; done`, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			id := b.start(c.script, 0)
			b.until(id, "was ready", func(s State) bool { return len(s.Output) > 0 })
			if err := b.Stop(id, c.hard); err != nil {
				t.Fatal(err)
			}
			st := b.ended(id)
			if st.Outcome != Stopped {
				t.Errorf("got %+v", st)
			}
			if name == "soft, cared" && (st.ExitCode != 7 || !strings.HasSuffix(string(st.Output), "cleaning\n")) {
				t.Errorf("got %+v %q", st, st.Output)
			}
			b.nobodyLeft()
			if err := b.Stop(id, c.hard); err != nil {
				t.Errorf("stopping again: %v", err)
			}
		})
	}
}

func TestSupervisedSoftThenHard(t *testing.T) {
	b := newBench(t)
	id := b.start(`trap "" INT TERM; echo ready; while :; do sleep 1; done`, 0)
	b.until(id, "was ready", func(s State) bool { return len(s.Output) > 0 })
	for _, hard := range []bool{false, true} {
		if err := b.Stop(id, hard); err != nil {
			t.Fatal(err)
		}
	}
	if st := b.ended(id); st.Outcome != Stopped {
		t.Errorf("got %+v", st)
	}
	b.nobodyLeft()
}

func TestSupervisedBackgroundLivesOn(t *testing.T) {
	b := newBench(t)
	st := b.ended(b.start("setsid sleep 300 >/dev/null 2>&1 & echo started", 0))
	if st.Outcome != Exited || st.ExitCode != 0 || string(st.Output) != "started\n" {
		t.Errorf("got %+v", st)
	}
	if tagged(t, b.tag) != 1 {
		t.Errorf("%d processes are left, want the one in the background", tagged(t, b.tag))
	}
	killTagged(t, b.tag)
}

func killTagged(t *testing.T, tag string) {
	t.Helper()
	if (&tree{mark: tag}).signal(syscall.SIGKILL) == 0 {
		t.Error("nobody to kill")
	}
}

// supervisorOf gives the process ID of the job's supervisor.
func supervisorOf(t *testing.T, b bench, id string) int {
	t.Helper()
	var m meta
	if err := readJSON(filepath.Join(b.Dir, id, metaFile), &m); err != nil {
		t.Fatal(err)
	}
	return m.Supervisor
}

func TestSupervisorSurvivesHangingUp(t *testing.T) {
	b := newBench(t)
	id := b.start("sleep 0.5; echo done", 0)
	for _, sig := range []syscall.Signal{syscall.SIGHUP, syscall.SIGINT} {
		if err := syscall.Kill(supervisorOf(t, b, id), sig); err != nil {
			t.Fatal(err)
		}
	}
	if st := b.ended(id); st.Outcome != Exited || string(st.Output) != "done\n" {
		t.Errorf("got %+v", st)
	}
}

func TestSupervisorKilled(t *testing.T) {
	b := newBench(t)
	id := b.start("echo begun; sleep 300", 0)
	b.until(id, "began", func(s State) bool { return len(s.Output) > 0 })
	pid := supervisorOf(t, b, id)
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	for st, ok := readStat(pid); ok && st.state != 'Z'; st, ok = readStat(pid) {
		time.Sleep(time.Millisecond)
	}
	if st, err := b.State(id); err != nil || st.Ended {
		t.Errorf("the job still runs, but got %+v, %v", st, err)
	}
	if err := b.Stop(id, true); err != nil {
		t.Fatal(err)
	}
	st := b.ended(id)
	if st.Outcome != Lost || st.ExitCode != -1 || string(st.Output) != "begun\n" {
		t.Errorf("got %+v", st)
	}
	b.nobodyLeft()
}

func TestSupervisorsNumberTakenByAnother(t *testing.T) {
	b := newBench(t)
	id := NewID()
	dir := filepath.Join(b.Dir, id)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	other := exec.Command("sleep", "300")
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Process.Kill(); _ = other.Wait() }()
	m := meta{Supervisor: other.Process.Pid, Ticks: 1, Boot: bootID(), Mark: newMark(), Started: time.Now()}
	if err := writeJSON(filepath.Join(dir, metaFile), m); err != nil {
		t.Fatal(err)
	}
	if st, err := b.State(id); err != nil || st.Outcome != Lost {
		t.Errorf("got %+v, %v", st, err)
	}
	if err := b.Stop(id, true); err != nil {
		t.Error(err)
	}
	if st, ok := readStat(other.Process.Pid); !ok || st.state == 'Z' {
		t.Error("a stranger was killed")
	}
}

func TestSupervisedOnceOnly(t *testing.T) {
	b := newBench(t)
	id := NewID()
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wg.Go(func() {
			errs[i] = b.Start(t.Context(), id, Job{Script: "echo x >>" + b.Dir + "/count", Env: []string{"PATH=" + os.Getenv("PATH")}})
		})
	}
	wg.Wait()
	started := 0
	for _, err := range errs {
		if err == nil {
			started++
		} else if !errors.Is(err, ErrStarted) {
			t.Error(err)
		}
	}
	b.ended(id)
	if count, err := os.ReadFile(b.Dir + "/count"); started != 1 || string(count) != "x\n" {
		t.Errorf("started %d times: %q, %v", started, count, err)
	}
}

func TestSupervisedThatCannotStart(t *testing.T) {
	b := newBench(t)
	for name, job := range map[string]Job{
		"no bash":   {Script: "true", Env: []string{"PATH=/nonexistent"}},
		"no folder": {Script: "true", Env: []string{"PATH=" + os.Getenv("PATH")}, Dir: "/no/such/folder"},
	} {
		id := NewID()
		if err := b.Start(t.Context(), id, job); err != nil {
			t.Fatal(err)
		}
		if st := b.ended(id); st.Outcome != FailedToStart || st.Error == "" || st.ExitCode != -1 {
			t.Errorf("%s: got %+v", name, st)
		}
	}
	broken := &Supervisor{Dir: b.Dir, Exe: "/no/such/program"}
	id := NewID()
	if err := broken.Start(t.Context(), id, Job{Script: "true"}); err == nil {
		t.Error("no error")
	}
	if st := b.ended(id); st.Outcome != FailedToStart {
		t.Errorf("got %+v", st)
	}
	silent := &Supervisor{Dir: b.Dir, Exe: "/bin/true"} // ends without taking the job
	if err := silent.Start(t.Context(), NewID(), Job{Script: "true"}); err == nil {
		t.Error("no error")
	}
}

func TestSupervisorUnknownAndBadIDs(t *testing.T) {
	b := newBench(t)
	if st, err := b.State("r-unknown"); err != nil || st.Ended || !st.Missing {
		t.Errorf("got %+v, %v", st, err)
	}
	if err := b.Stop("r-unknown", false); !errors.Is(err, ErrNoRun) {
		t.Errorf("got %v", err)
	}
	for _, id := range []string{"", ".", "..", "a/b", "../x", "-x", "a\nb", strings.Repeat("x", 65)} {
		if err := b.Start(t.Context(), id, Job{}); err == nil {
			t.Errorf("Start accepted %q", id)
		}
		if _, err := b.State(id); err == nil {
			t.Errorf("State accepted %q", id)
		}
	}
	if a, b := NewID(), NewID(); !goodID.MatchString(a) || a == b {
		t.Errorf("bad new IDs: %q %q", a, b)
	}
}

func TestSupervisorOutlivesItsStarter(t *testing.T) {
	b := newBench(t)
	id := NewID()
	// A process starts the job and is killed at once.
	starter := exec.Command("/proc/self/exe", "-test.run=^TestStarter$")
	starter.Env = append(os.Environ(), "STARTER="+b.Dir+" "+id, "TAG="+b.tag)
	if out, err := starter.CombinedOutput(); !strings.Contains(fmt.Sprint(err), "killed") {
		t.Fatalf("%v: %s", err, out)
	}
	if st := b.ended(id); st.Outcome != Exited || string(st.Output) != "still here\n" {
		t.Errorf("got %+v %q", st, st.Output)
	}
}

// TestStarter is the process that TestSupervisorOutlivesItsStarter starts; by itself it only starts a job and stops there.
func TestStarter(t *testing.T) {
	dir, id, ok := strings.Cut(os.Getenv("STARTER"), " ")
	if !ok {
		dir, id = t.TempDir(), NewID()
	}
	s := &Supervisor{Dir: dir}
	if err := s.Start(t.Context(), id, Job{Script: "sleep 0.3; echo still here", Env: os.Environ()}); err != nil {
		t.Fatal(err)
	}
	if ok {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	}
	bench{s, t, ""}.ended(id)
}

// TestSupervisedGigabyte prints very much and looks how much memory that takes: LAGE_LONG=1 prints a gigabyte.
func TestSupervisedGigabyte(t *testing.T) {
	b := newBench(t)
	size := int64(100 << 20)
	if os.Getenv("LAGE_LONG") != "" {
		size = 1 << 30
	}
	id := NewID()
	script := fmt.Sprintf("head -c %d < <(yes 'a line of output that says nothing')", size)
	job := Job{Script: script, Env: []string{"PATH=" + os.Getenv("PATH"), "TAG=" + b.tag}, Secrets: []string{"hunter2-hunter2", "another secret"}}
	if err := b.Start(t.Context(), id, job); err != nil {
		t.Fatal(err)
	}
	peak := 0
	st := b.until(id, "ended", func(s State) bool {
		status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", supervisorOf(t, b, id)))
		if _, rest, ok := strings.Cut(string(status), "VmHWM:"); ok {
			_, _ = fmt.Sscan(rest, &peak)
		}
		return s.Ended
	})
	if st.Bytes != size || !st.Cut || st.ExitCode != 0 || len(st.Output) > defaultLimit+8 {
		t.Errorf("%d bytes of %d, cut %v, exit %d, %d kept", st.Bytes, size, st.Cut, st.ExitCode, len(st.Output))
	}
	if peak == 0 || peak > 64<<10 {
		t.Errorf("the supervisor took %d KiB", peak)
	}
	t.Logf("%d bytes, %v, %d KiB", st.Bytes, st.Duration, peak)
}
