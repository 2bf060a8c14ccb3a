package bench

import (
	"bytes"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
)

// screen is a console on a PTY. It counts what comes and answers what a terminal answers.
type screen struct {
	mu    sync.Mutex
	bytes int
	all   []byte
	full  time.Time // when the text that stands on the first whole frame came
}

// look starts the console and notes when text first comes.
func look(t *testing.T, cmd *exec.Cmd, text string) *screen {
	t.Helper()
	f, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 36, Cols: 120})
	if err != nil {
		t.Fatal(err)
	}
	s, em := &screen{}, vt.NewEmulator(120, 36)
	go s.follow(f, em, []byte(text))
	go answer(f, em)
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait(); _ = f.Close(); _ = em.Close() })
	return s
}

func (s *screen) follow(f *os.File, em *vt.Emulator, text []byte) {
	buf := make([]byte, 32<<10)
	for {
		n, err := f.Read(buf)
		s.mu.Lock()
		s.bytes += n
		if s.full.IsZero() {
			if s.all = append(s.all, buf[:n]...); bytes.Contains(s.all, text) {
				s.full, s.all = time.Now(), nil
			}
		}
		s.mu.Unlock()
		if err != nil {
			return
		}
		_, _ = em.Write(buf[:n])
	}
}

// answer sends what the emulator answers back, as a terminal does.
func answer(f *os.File, em *vt.Emulator) {
	buf := make([]byte, 1024)
	for {
		n, err := em.Read(buf)
		if err != nil {
			return
		}
		if _, err := f.Write(buf[:n]); err != nil {
			return
		}
	}
}

func (s *screen) count() (int, time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bytes, s.full
}

// TestConsole measures a console beside "lage run", and one where nothing happens any more.
func TestConsole(t *testing.T) {
	g, dir := serve(t, 0), t.TempDir()
	flags := configure(t, dir, g.url)
	run := exec.Command(binary, append([]string{"run"}, flags...)...)
	run.Env = environment(dir)
	start(t, run)
	time.Sleep(interval + 2*time.Second)
	for _, still := range []bool{false, true} {
		name := "checks run"
		if still {
			name = "nothing runs"
			_ = run.Process.Kill()
			time.Sleep(interval + 2*time.Second) // until the lease has run out
		}
		t.Run(name, func(t *testing.T) { measureConsole(t, dir, flags) })
	}
}

func measureConsole(t *testing.T, dir string, flags []string) {
	cmd := exec.Command(binary, flags...)
	cmd.Env = environment(dir)
	began := time.Now()
	s := look(t, cmd, "Service 1")
	time.Sleep(3 * time.Second)
	bytesBefore, full := s.count()
	if full.IsZero() {
		t.Fatal("no first frame")
	}
	before := used(t, cmd.Process.Pid)
	time.Sleep(interval)
	after := used(t, cmd.Process.Pid)
	bytesAfter, _ := s.count()
	seconds := after.at.Sub(before.at).Seconds()
	out := table{t}
	out.row("first frame", "%v", full.Sub(began).Round(time.Millisecond))
	out.row("bytes until then and settling", "%d", bytesBefore)
	out.row("bytes to the terminal", "%.0f/s", float64(bytesAfter-bytesBefore)/seconds)
	out.row("CPU", "%.1f ms/s", float64((after.cpu-before.cpu).Milliseconds())/seconds)
	out.row("memory, most", "%.1f MB", float64(after.peak)/1e6)
}
