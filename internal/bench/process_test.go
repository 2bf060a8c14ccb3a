package bench

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// ticks of the kernel's clock in a second, as /proc counts CPU time on Linux.
const hertz = 100

// usage is what a process has used so far.
type usage struct {
	at      time.Time
	cpu     time.Duration // user and system
	written int64         // bytes handed to the file system
	disk    int64         // bytes sent to the disk; none on a file system in memory
	peak    int64         // memory, most so far
	memory  int64         // memory now
}

// used reads what the kernel knows of a process.
func used(t *testing.T, pid int) usage {
	t.Helper()
	u := usage{at: time.Now()}
	stat := read(t, pid, "stat")
	f := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	u.cpu = time.Duration(number(f[11])+number(f[12])) * time.Second / hertz
	io := read(t, pid, "io")
	u.written, u.disk = field(io, "wchar:"), field(io, "write_bytes:")
	status := read(t, pid, "status")
	u.peak, u.memory = field(status, "VmHWM:")<<10, field(status, "VmRSS:")<<10
	return u
}

func read(t *testing.T, pid int, name string) string {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func field(s, name string) int64 {
	for line := range strings.Lines(s) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == name {
			return number(f[1])
		}
	}
	return 0
}

func number(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64) // the kernel writes numbers
	return n
}

// start starts the binary, or another program, and ends it with the test.
func start(t *testing.T, cmd *exec.Cmd) int {
	t.Helper()
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	return cmd.Process.Pid
}

// environment holds nothing of the person who measures.
func environment(dir string) []string {
	return []string{"HOME=" + dir, "PATH=" + os.Getenv("PATH"), "TMPDIR=" + dir, "USER=bench", "LC_ALL=C.UTF-8", "TERM=xterm-256color"}
}

// table prints results, one per line.
type table struct{ t *testing.T }

func (b table) row(what, format string, args ...any) {
	b.t.Helper()
	b.t.Logf("%-46s %s", what, fmt.Sprintf(format, args...))
}
