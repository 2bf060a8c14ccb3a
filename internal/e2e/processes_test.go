package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// site is a small service that tests break and mend.
func site(t *testing.T) (url string, broken *atomic.Bool) {
	t.Helper()
	broken = &atomic.Bool{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if broken.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		fmt.Fprintln(w, "hello")
	}))
	t.Cleanup(srv.Close)
	return srv.URL, broken
}

// configured writes a configuration with one service and gives the flags that name it and a database.
func configured(t *testing.T, url string) []string {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "lage.yaml")
	src := "version: 1\ntimezone: Europe/Berlin\nlanguage: en\ndefaults: {interval: 1s, timeout: 900ms, fail_after: 2, recover_after: 2}\nservices:\n  - id: web\n    name: Web\n    checks:\n      - {id: home, type: http, url: \"" + url + "\"}\n"
	if err := os.WriteFile(file, []byte(src), 0o600); err != nil {
		t.Fatal(err)
	}
	return []string{"-c", file, "--db", filepath.Join(dir, "lage.db"), "--lang", "en"}
}

// poller starts "lage run".
func poller(t *testing.T, flags []string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(binary, append([]string{"run"}, flags...)...)
	cmd.Env = cleanEnv(t)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	return cmd
}

// eventually waits for a condition that must come.
func eventually(t *testing.T, what string, f func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if f() {
			return
		}
	}
	t.Fatalf("never: %s", what)
}

func TestConsoleSeesWhatThePollerFinds(t *testing.T) {
	url, broken := site(t)
	flags := configured(t, url)
	poller(t, flags)
	eventually(t, "the service is up", func() bool { return lage(t, append([]string{"status"}, flags...)...).code == 0 })
	con := console(t, 80, 24, nil, flags...)
	con.Shows("Web", "up")
	broken.Store(true)
	con.Shows("INC-")
	broken.Store(false)
	if out := must(t, append([]string{"incident", "list", "--json"}, flags...)...); !strings.Contains(out, `"detected"`) {
		t.Errorf("%s", out)
	}
}

func TestBothProcessesMayBeKilledAtAnyMoment(t *testing.T) {
	url, broken := site(t)
	flags := configured(t, url)
	run := poller(t, flags)
	broken.Store(true)
	eventually(t, "an incident", func() bool {
		return strings.Contains(lage(t, append([]string{"incident", "list", "--json"}, flags...)...).out, "INC-")
	})
	con := console(t, 80, 24, nil, flags...)
	con.Shows("INC-")
	must(t, append([]string{"note", "first note", "--as", "A"}, flags...)...)
	if err := run.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if err := con.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	con.Ended()
	out := must(t, append([]string{"incident", "export", "--format", "md"}, flags...)...)
	if !strings.Contains(out, "first note") {
		t.Errorf("the note is lost:\n%s", out)
	}
	must(t, append([]string{"db", "verify"}, flags...)...)
	poller(t, flags)
	broken.Store(false)
	eventually(t, "a new poller measures again", func() bool { return lage(t, append([]string{"status"}, flags...)...).code == 0 })
	if out := must(t, append([]string{"incident", "list", "--json"}, flags...)...); strings.Count(out, `"id": "INC-`)+strings.Count(out, `"id":"INC-`) != 1 {
		t.Errorf("a restart raised another incident: %s", out)
	}
}

func TestPollerEndsOnTerm(t *testing.T) {
	url, _ := site(t)
	flags := configured(t, url)
	run := poller(t, flags)
	eventually(t, "the poller has begun its work", func() bool { _, err := os.Stat(flags[3]); return err == nil })
	if err := run.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := run.Wait(); err != nil {
		t.Errorf("ended with %v", err)
	}
}

func TestNothingListensByDefault(t *testing.T) {
	url, _ := site(t)
	flags := configured(t, url)
	run := poller(t, flags)
	eventually(t, "the service is up", func() bool { return lage(t, append([]string{"status"}, flags...)...).code == 0 })
	if n := listeners(t, run.Process.Pid); n != 0 {
		t.Errorf("the poller listens on %d sockets", n)
	}
}

// listeners counts a process's listening TCP sockets.
func listeners(t *testing.T, pid int) int {
	t.Helper()
	own := map[string]bool{}
	fds, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, fd := range fds {
		link, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/%s", pid, fd.Name()))
		if err == nil && strings.HasPrefix(link, "socket:[") {
			own[strings.TrimSuffix(strings.TrimPrefix(link, "socket:["), "]")] = true
		}
	}
	n := 0
	for _, f := range []string{"tcp", "tcp6"} {
		b, err := os.ReadFile("/proc/net/" + f)
		if err != nil {
			continue
		}
		for _, line := range strings.Split(string(b), "\n") {
			cols := strings.Fields(line)
			if len(cols) > 9 && cols[3] == "0A" && own[cols[9]] {
				n++
			}
		}
	}
	return n
}

func TestTwoConsolesOneAcknowledges(t *testing.T) {
	url, broken := site(t)
	flags := configured(t, url)
	poller(t, flags)
	broken.Store(true)
	a := console(t, 120, 36, nil, append(flags, "--as", "A. Erste")...)
	b := console(t, 80, 24, nil, append(flags, "--as", "B. Zweiter")...)
	a.Shows("INC-")
	b.Shows("INC-")
	a.Press("a").Shows("A. Erste")
	b.Shows("A. Erste")
}
