package proc

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// screen is a person's terminal: what is typed goes into pty, what is printed comes out of it.
type screen struct {
	t        *testing.T
	pty, tty *os.File
	mu       sync.Mutex
	printed  bytes.Buffer
}

func newScreen(t *testing.T) *screen {
	t.Helper()
	pty, tty, err := openPTY()
	if err != nil {
		t.Fatal(err)
	}
	setSize(pty, 30, 100)
	s := &screen{t: t, pty: pty, tty: tty}
	over := make(chan struct{})
	go func() {
		defer close(over)
		buf := make([]byte, 4096)
		for {
			n, err := pty.Read(buf)
			s.mu.Lock()
			s.printed.Write(buf[:n])
			s.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() { tty.Close(); pty.Close(); <-over })
	return s
}

func (s *screen) shows(want string) {
	s.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		s.mu.Lock()
		got := s.printed.String()
		s.mu.Unlock()
		if strings.Contains(got, want) {
			return
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("%q was never shown: %q", want, got)
		}
	}
}

func (s *screen) types(keys string) {
	s.t.Helper()
	if _, err := s.pty.Write([]byte(keys)); err != nil {
		s.t.Fatal(err)
	}
}

// raw tells whether the terminal passes every key on.
func (s *screen) raw() bool {
	t, err := unix.IoctlGetTermios(int(s.tty.Fd()), unix.TCGETS)
	if err != nil {
		s.t.Fatal(err)
	}
	return t.Lflag&unix.ICANON == 0
}

func TestTerminal(t *testing.T) {
	b, s := newBench(t), newScreen(t)
	id := NewID()
	env := []string{"PATH=" + os.Getenv("PATH"), "TAG=" + b.tag, "TERM=xterm"}
	script := `tty >/dev/null && echo "on a terminal, $TERM, $(stty size)"
read -r -p 'name? ' name; read -rs -p 'password? ' pw; echo; echo "hello $name, ${#pw}"
trap 'echo "now $(stty size)"' WINCH; until [ -n "$done" ]; do read -r -t 0.2 done; done; exit 4`
	over := make(chan error, 1)
	go func() {
		over <- b.StartOn(t.Context(), id, Job{Script: script, Env: env, Walk: "W-1", Secrets: []string{"hunter2"}}, s.tty, s.tty)
	}()
	s.shows("on a terminal, xterm, 30 100")
	s.shows("name?")
	if !s.raw() {
		t.Error("the terminal is not raw while the job has it")
	}
	s.types("hunter2\r")
	s.shows("password?")
	s.types("geheim\r")
	s.shows("hello hunter2, 6") // the person sees their own terminal as it is
	setSize(s.pty, 20, 70)
	_ = syscall.Kill(os.Getpid(), syscall.SIGWINCH) // it is nobody's terminal here, so the kernel tells nobody
	s.shows("now 20 70")
	s.types("x\r")
	if err := <-over; err != nil {
		t.Fatal(err)
	}
	if s.raw() {
		t.Error("the terminal is still raw")
	}
	st := b.ended(id)
	out := string(st.Output)
	if st.Outcome != Exited || st.ExitCode != 4 || !strings.Contains(out, "hello [***], 6") || strings.Contains(out, "geheim") || strings.Contains(out, "hunter2") || st.Redactions < 2 {
		t.Errorf("got %+v %q", st, out)
	}
	b.nobodyLeft()
}

func TestTerminalNeedsOne(t *testing.T) {
	b := newBench(t)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	id := NewID()
	if err := b.StartOn(t.Context(), id, Job{Script: "true"}, r, w); err != ErrNoTerminal {
		t.Errorf("got %v", err)
	}
	if st, err := b.State(id); err != nil || !st.Missing {
		t.Errorf("it began: %+v, %v", st, err)
	}
}

func TestTerminalEndsWithItsConsole(t *testing.T) {
	b, s := newBench(t), newScreen(t)
	id := NewID()
	ctx, cancel := context.WithCancel(t.Context())
	over := make(chan error, 1)
	go func() {
		over <- b.StartOn(ctx, id, Job{Script: "echo ready; sleep 300", Env: []string{"PATH=" + os.Getenv("PATH"), "TAG=" + b.tag}}, s.tty, s.tty)
	}()
	s.shows("ready")
	cancel()
	if err := <-over; err != nil {
		t.Fatal(err)
	}
	if st := b.ended(id); st.Outcome != Stopped || s.raw() {
		t.Errorf("got %+v, raw %v", st, s.raw())
	}
	b.nobodyLeft()
}

// TestTerminalDropped kills the console at twenty points of a job with a terminal: the job runs once, its record is
// complete, nobody is left, and the terminal is as it was.
func TestTerminalDropped(t *testing.T) {
	for i := range 20 {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			t.Parallel()
			b, s := newBench(t), newScreen(t)
			id := NewID()
			marks := filepath.Join(t.TempDir(), "marks")
			console := exec.Command("/proc/self/exe", "-test.run=^TestConsole$")
			console.Env = append(os.Environ(), "CONSOLE="+b.Dir+" "+id+" "+marks, "TAG="+b.tag)
			console.Stdin, console.Stdout = s.tty, s.tty
			if err := console.Start(); err != nil {
				t.Fatal(err)
			}
			if i > 2 {
				s.shows("step " + strconv.Itoa((i-1)/2))
			}
			time.Sleep(time.Duration(i%5) * 7 * time.Millisecond)
			_ = console.Process.Kill()
			_ = console.Wait()
			if st, err := b.State(id); err == nil && st.Missing { // it was killed before it could start anything
				if err := b.Abandon(id); err != nil {
					t.Fatal(err)
				}
			}
			st := b.ended(id)
			ran, _ := os.ReadFile(marks)
			if n := strings.Count(string(ran), "x"); n > 1 || n == 1 && st.Outcome != Stopped || n == 0 && st.Outcome == Exited {
				t.Errorf("ran %d times, %+v %q", n, st, st.Output)
			}
			if i > 2 && !strings.Contains(string(st.Output), "step "+strconv.Itoa((i-1)/2)) {
				t.Errorf("the record lacks what was shown: %q", st.Output)
			}
			b.nobodyLeft()
			if s.raw() {
				t.Error("the terminal is still raw")
			}
		})
	}
}

// TestConsole is the process that TestTerminalDropped kills.
func TestConsole(t *testing.T) {
	f := strings.Fields(os.Getenv("CONSOLE"))
	if len(f) != 3 {
		f = []string{t.TempDir(), NewID(), filepath.Join(t.TempDir(), "marks")}
	}
	s := &Supervisor{Dir: f[0]}
	script := `echo x >>` + f[2] + `; for i in 1 2 3 4 5 6 7 8 9; do echo "step $i"; ( setsid sleep 300 & ); sleep 0.02; done; sleep 300`
	err := s.StartOn(t.Context(), f[1], Job{Script: script, Env: os.Environ()}, os.Stdin, os.Stdout)
	if os.Getenv("CONSOLE") == "" && err != ErrNoTerminal {
		t.Errorf("got %v", err)
	}
}

// TestSupervisedReaderOfTTY reads from the terminal of a job that has none: it fails at once instead of waiting.
func TestSupervisedReaderOfTTY(t *testing.T) {
	b := newBench(t)
	st := b.ended(b.start("read -r x </dev/tty || echo 'no terminal'; head -c 64 /dev/urandom; printf '\\0\\1'; echo; sudo -n true 2>/dev/null; echo over", 0))
	if !strings.Contains(string(st.Output), "no terminal\n") || !strings.HasSuffix(string(st.Output), "over\n") || st.ExitCode != 0 {
		t.Errorf("got %+v %q", st, st.Output)
	}
}
