package cli

import (
	"bytes"
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lage/incidents"
	"lage/internal/text"
	"lage/services"
)

// openSession opens a session on a new database, without a configuration.
func openSession(t *testing.T) *session {
	t.Helper()
	dir := t.TempDir()
	env := map[string]string{"HOME": dir, "LAGE_DB": filepath.Join(dir, "lage.db")}
	a := &app{lang: text.English, zone: time.UTC, set: flagSet(nil), out: &output{w: &bytes.Buffer{}},
		env: Env{OSUser: "tester", Host: "testhost", Getenv: func(k string) string { return env[k] }}.complete()}
	s, err := a.open(t.Context(), toMake, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.close)
	return s
}

func openIncident(t *testing.T, s *session) string {
	t.Helper()
	rec, err := s.desk.Act(t.Context(), incidents.Request{By: s.who, Do: incidents.Open{Title: "Outage"}})
	if err != nil {
		t.Fatal(err)
	}
	return rec.Incident.ID
}

// TestExportKeepsWhatAPersonHasWritten: a report may be written again until somebody works on it; then it gets another name.
func TestExportKeepsWhatAPersonHasWritten(t *testing.T) {
	s := openSession(t)
	id := openIncident(t, s)
	e := exporter{s, filepath.Join(t.TempDir(), "reports"), &written{}}
	first, err := e.Export(t.Context(), id)
	if err != nil || filepath.Base(first) != id+".md" {
		t.Fatal(first, err)
	}
	again, err := e.Export(t.Context(), id)
	if err != nil || again != first {
		t.Fatalf("an untouched report was not written again: %s %v", again, err)
	}
	b, err := os.ReadFile(first)
	if err != nil {
		t.Fatal(err)
	}
	edited := bytes.Replace(b, []byte("Outage"), []byte("Outage of the form"), 1)
	if err := os.WriteFile(first, edited, 0o600); err != nil {
		t.Fatal(err)
	}
	third, err := e.Export(t.Context(), id)
	if err != nil || filepath.Base(third) != id+"-2.md" {
		t.Fatalf("%s %v", third, err)
	}
	if b, err := os.ReadFile(first); err != nil || !bytes.Equal(b, edited) {
		t.Errorf("a person's work was overwritten: %v", err)
	}
	room, err := s.room(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	exports := 0
	for _, e := range room.Entries {
		if e.Kind == incidents.KindExported {
			exports++
		}
	}
	if exports != 3 {
		t.Errorf("%d exports in the timeline, want 3", exports)
	}
}

func TestPresentShowsOthersOnly(t *testing.T) {
	s := openSession(t)
	id := openIncident(t, s)
	other := services.Person{Name: "J. Yılmaz", OSUser: "jyilmaz"}
	if err := s.store.Touch(t.Context(), other, "other session", id); err != nil {
		t.Fatal(err)
	}
	p := &present{reader: s.reader}
	room, err := p.Room(t.Context(), id)
	if err != nil || len(room.Present) != 1 || room.Present[0] != other {
		t.Fatalf("%v %v", room.Present, err)
	}
	all, err := s.store.Present(t.Context(), id)
	if err != nil || len(all) != 2 {
		t.Errorf("the others do not see us: %v %v", all, err)
	}
	s.leave(t.Context())
	if all, err := s.store.Present(t.Context(), id); err != nil || len(all) != 1 {
		t.Errorf("we are still there: %v %v", all, err)
	}
}

func TestPersonWithAnExposedKey(t *testing.T) {
	s := openSession(t)
	file := filepath.Join(t.TempDir(), "auth")
	// The key "test", whose fingerprint any SHA-256 tells.
	if err := os.WriteFile(file, []byte("publickey ssh-ed25519 dGVzdA==\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.app.env.Getenv = func(k string) string { return map[string]string{"SSH_USER_AUTH": file, "LAGE_USER": "Kim"}[k] }
	p := s.app.person(false)
	if p.Key != "SHA256:n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg" || p.Name != "tester" || p.OSUser != "tester" {
		t.Errorf("%+v", p)
	}
	if p := s.app.person(true); p.Name != "Kim" || p.OSUser != "tester" {
		t.Errorf("%+v", p)
	}
}

func TestServiceManagerIsTold(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notify")
	l, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	a := &app{env: Env{Getenv: func(k string) string { return map[string]string{"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "2000"}[k] }}.complete()}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	a.tellSystem("READY=1")
	go a.watchdog(ctx, newProgress(a.env.Now))
	for _, want := range []string{"READY=1", "WATCHDOG=1", "WATCHDOG=1"} {
		b := make([]byte, 100)
		if err := l.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
			t.Fatal(err)
		}
		n, err := l.Read(b)
		if err != nil || string(b[:n]) != want {
			t.Fatalf("%q %v, want %q", b[:n], err, want)
		}
	}
}

// TestServiceManagerHearsNothingOfAStuckProcess: silence is how it learns that a restart is due.
func TestServiceManagerHearsNothingOfAStuckProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notify")
	l, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	a := &app{env: Env{Getenv: func(k string) string { return map[string]string{"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "2000"}[k] }}.complete()}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	began := time.Now()
	life := newProgress(func() time.Time { return began })
	life.due[doesResults] = began.Add(-time.Second)
	go func() {
		for range 50 {
			pause(ctx, time.Millisecond)
		}
		a.tellSystem("the test has waited long enough")
	}()
	go a.watchdog(ctx, life)
	b := make([]byte, 100)
	if err := l.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if n, err := l.Read(b); err != nil || strings.HasPrefix(string(b[:n]), "WATCHDOG") {
		t.Errorf("%q %v", b[:n], err)
	}
}

// TestConsoleWithoutTerminal: what needs a screen says so, or gives the text instead.
func TestConsoleWithoutTerminal(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "lage.yaml")
	if err := os.WriteFile(path, []byte("version: 1\nservices:\n  - id: a\n    checks: [{id: b, type: tcp, address: \"127.0.0.1:1\"}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"LAGE_CONFIG": path, "LAGE_DB": filepath.Join(dir, "lage.db"), "LAGE_LANG": "en"}
	for _, c := range []struct {
		args     []string
		terminal bool
		code     int
		out, err string
	}{
		{nil, false, 3, "unknown", ""},
		{[]string{"--json"}, true, 3, `"lage/status/v1"`, ""},
		{[]string{"--no-input"}, true, 3, "unknown", ""},
		{[]string{"tui"}, false, 5, "", "terminal"},
		{[]string{"tui", "--no-input"}, true, 5, "", "--no-input"},
		{[]string{"--plain"}, false, 0, "No open incident", ""},
		{[]string{"--plain", "--incident", "INC-9"}, false, 4, "", "INC-9"},
	} {
		code, out, errs := lageIn(t, env, Env{Args: c.args, StdinTerminal: c.terminal, StdoutTerminal: c.terminal})
		if code != c.code || !strings.Contains(out, c.out) || !strings.Contains(errs, c.err) {
			t.Errorf("%v: code %d, output %q, errors %q", c.args, code, out, errs)
		}
	}
}

func TestLocaleSaysWhatTheTerminalShows(t *testing.T) {
	for _, c := range []struct {
		env  map[string]string
		want bool
	}{
		{nil, false},
		{map[string]string{"LANG": "de_DE.UTF-8"}, false},
		{map[string]string{"LANG": "C"}, true},
		{map[string]string{"LANG": "de_DE.ISO-8859-15"}, true},
		{map[string]string{"LANG": "C", "LC_ALL": "C.utf8"}, false},
		{map[string]string{"TERM": "linux", "LANG": "de_DE.UTF-8"}, true},
		{map[string]string{"TERM": "linux", "LAGE_GLYPHS": "unicode"}, false},
	} {
		a := &app{set: flagSet(nil), env: Env{Getenv: func(k string) string { return c.env[k] }}}
		if got := a.ascii(); got != c.want {
			t.Errorf("%v: %v", c.env, got)
		}
	}
}
