package e2e

import (
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
)

// patience is how long a story waits for something that must come. It is no assertion about speed.
const patience = 60 * time.Second

// terminal is a program on a PTY with an emulator in front of it.
type terminal struct {
	t    *testing.T
	cmd  *exec.Cmd
	pty  *os.File
	mu   sync.Mutex
	vt   *vt.Emulator
	sent int // bytes that the program sent
	done chan error
}

// console starts the built binary on a PTY of the given size.
func console(t *testing.T, w, h int, env []string, args ...string) *terminal {
	t.Helper()
	cmd := exec.Command(binary, args...)
	cmd.Env = env
	return program(t, w, h, cmd)
}

// program starts a program on a PTY of the given size. What stands in its environment is added to a clean one.
func program(t *testing.T, w, h int, cmd *exec.Cmd) *terminal {
	t.Helper()
	cmd.Env = append(append(cleanEnv(t), "TERM=xterm-256color", "LC_ALL=C.UTF-8"), cmd.Env...)
	f, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: uint16(h), Cols: uint16(w)})
	if err != nil {
		t.Fatal(err)
	}
	c := &terminal{t: t, cmd: cmd, pty: f, vt: vt.NewEmulator(w, h), done: make(chan error, 1)}
	go c.show()
	go c.reply()
	go func() { c.done <- cmd.Wait() }()
	t.Cleanup(c.close)
	return c
}

// show feeds what the program sends into the emulator.
func (c *terminal) show() {
	buf := make([]byte, 32<<10)
	for {
		n, err := c.pty.Read(buf)
		if n > 0 {
			c.mu.Lock()
			c.sent += n
			_, _ = c.vt.Write(buf[:n])
			c.mu.Unlock()
		}
		if err != nil {
			return
		}
	}
}

// reply sends the emulator's answers (cursor position, colours) back, as a terminal does.
func (c *terminal) reply() {
	buf := make([]byte, 1024)
	for {
		n, err := c.vt.Read(buf)
		if err != nil {
			return
		}
		if _, err := c.pty.Write(buf[:n]); err != nil {
			return
		}
	}
}

func (c *terminal) close() {
	_ = c.cmd.Process.Kill()
	_ = c.pty.Close()
	_ = c.vt.Close()
}

// Screen is what stands on the screen now, without colours.
func (c *terminal) Screen() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return ansi.Strip(c.vt.Render())
}

// Shows waits until all of the texts stand on the screen.
func (c *terminal) Shows(texts ...string) *terminal {
	c.t.Helper()
	c.Until(strings.Join(texts, " + "), func(s string) bool {
		for _, x := range texts {
			if !strings.Contains(s, x) {
				return false
			}
		}
		return true
	})
	return c
}

// Until waits until the screen fulfils f.
func (c *terminal) Until(what string, f func(screen string) bool) *terminal {
	c.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if f(c.Screen()) {
			return c
		}
		select {
		case err := <-c.done:
			c.done <- err
			if !f(c.Screen()) {
				c.t.Fatalf("the program ended (%v) before it showed: %s\n%s", err, what, c.Screen())
			}
			return c
		default:
		}
	}
	c.t.Fatalf("never shown: %s\n%s", what, c.Screen())
	return c
}

// Press types keys, one after the other.
func (c *terminal) Press(keys ...string) *terminal {
	c.t.Helper()
	for _, k := range keys {
		if _, err := c.pty.WriteString(k); err != nil {
			c.t.Fatalf("typing %q: %v", k, err)
		}
		time.Sleep(30 * time.Millisecond) // a person's hands; keys that arrive together count as pasted
	}
	return c
}

// Ended waits for the program's end and gives its exit code.
func (c *terminal) Ended() int {
	c.t.Helper()
	select {
	case err := <-c.done:
		c.done <- err
	case <-time.After(patience):
		c.t.Fatalf("did not end\n%s", c.Screen())
	}
	return c.cmd.ProcessState.ExitCode()
}
