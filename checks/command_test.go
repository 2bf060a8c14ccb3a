package checks

import (
	"context"
	"testing"
	"time"
)

func TestCommand(t *testing.T) {
	sh := func(script string, args ...string) []string {
		return append([]string{"/bin/sh", "-c", script, "plugin"}, args...)
	}
	for _, c := range []struct {
		name    string
		argv    []string
		outcome Outcome
		says    string
		detail  string
	}{
		{"ok", sh("echo 'DISK OK - 56% free | /=2643MB;5948;5958;0;5968'"), Good, " DISK OK - 56% free", "DISK OK"},
		{"warning", sh("echo 'LOAD WARNING'; exit 1"), Warning, " LOAD WARNING", ""},
		{"critical", sh("echo 'HTTP CRITICAL'; echo 'long text'; exit 2"), Bad, " HTTP CRITICAL", "HTTP CRITICAL\nlong text"},
		{"unknown", sh("echo 'no idea'; exit 3"), Unknown, " no idea", ""},
		{"odd code", sh("echo 'crash'; exit 42"), Unknown, " crash", ""},
		{"silent", sh("exit 2"), Bad, "checks.command_exit Rückgabewert 2", ""},
		{"only errors", sh("echo 'kaputt' >&2; exit 2"), Bad, " kaputt", "kaputt"},
		{"not found within", sh("/nonexistent/plugin"), Unknown, "checks.command_not_found Befehl nicht gefunden", ""},
		{"not found", []string{"/nonexistent/plugin"}, Unknown, "checks.command_start Befehl ließ sich nicht starten: no such file", ""},
		{"killed", sh("kill -9 $$"), Unknown, "checks.command_killed", ""},
		{"escape codes and secrets", sh(`printf 'a\033]0;x\007b\033[31m %s\r\n\033[2J' "$1"; exit 2`, canary), Bad, " ab [***]", ""},
		{"binary", sh("head -c 3000 /dev/zero; exit 2"), Bad, `\x00`, ""},
		{"large", sh("yes 0123456789 | head -c 3000000; exit 2"), Bad, " 0123456789", ""},
		{"arguments are no shell", []string{"echo", "$HOME; exit 2", "`id`"}, Good, " $HOME; exit 2 `id`", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := probe(t, Check{ID: "a/b", Timeout: 20 * time.Second, Command: &Command{Argv: c.argv}}, nil)
			if r.Outcome != c.outcome || !contains(said(r.Message), c.says) || !contains(r.Detail, c.detail) {
				t.Errorf("outcome %d, %q, detail %q", r.Outcome, said(r.Message), r.Detail)
			}
		})
	}
}

func TestCommandPerformance(t *testing.T) {
	r := probe(t, Check{ID: "a/b", Timeout: 20 * time.Second, Command: &Command{
		Argv: []string{"echo", "OK | time=1.5s;1;2 'x\x1b[31m " + canary + "'=3 free=5;10:"}}}, nil)
	if len(r.Perf) != 3 || r.Perf[0].Value != 1.5 || r.Perf[0].Unit != "s" || r.Perf[1].Label != "x [***]" {
		t.Errorf("%+v", r.Perf)
	}
	if len(r.Facts) != 2 || r.Facts[0].OK || r.Facts[1].OK || r.Facts[0].Got.In("de") != "ist 1.5s" {
		t.Errorf("%+v", r.Facts)
	}
}

func TestCommandEnvironment(t *testing.T) {
	t.Setenv("LAGE_CANARY", "visible")
	r := probe(t, Check{ID: "a/b", Timeout: 20 * time.Second, Command: &Command{
		Argv: []string{"/bin/sh", "-c", `pwd; echo "$LC_NUMERIC,$LANG,$X,$LAGE_CANARY,"; test -n "$PATH"`}, Dir: "/", Env: map[string]string{"X": "y"}}}, nil)
	if r.Outcome != Good || r.Message.In("de") != "/" || !contains(r.Detail, "C,C.UTF-8,y,,") {
		t.Errorf("outcome %d, %q, detail %q", r.Outcome, said(r.Message), r.Detail)
	}
}

// TestCommandTimeout leaves neither the plugin nor its children running.
func TestCommandTimeout(t *testing.T) {
	c := Check{ID: "a/b", Timeout: 300 * time.Millisecond, Command: &Command{Argv: []string{"/bin/sh", "-c", "echo began; sleep 600 & sleep 600"}}}
	r := probe(t, c, nil)
	if r.Outcome != Unknown || r.Message.Code != "checks.command_timeout" || !contains(r.Detail, "began") {
		t.Errorf("outcome %d, %q, detail %q", r.Outcome, said(r.Message), r.Detail)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if r := NewProber(c, nil, clock(t0)).Probe(ctx); r.Message.Code != "checks.cancelled" {
		t.Errorf("cancelled before: %q", said(r.Message))
	}
}
