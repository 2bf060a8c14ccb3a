package demo

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lage/internal/text"
)

func start(t *testing.T, opt Options) *Demo {
	t.Helper()
	opt.Dir, opt.Exe, opt.Lang = t.TempDir(), "/bin/true", text.English
	d, err := Start(opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// wgctl runs the helper command in process.
func wgctl(t *testing.T, d *Demo, args ...string) (string, int) {
	t.Helper()
	var out, errs bytes.Buffer
	code := Control(context.Background(), append([]string{"--at", d.ctl.Addr()}, args...), strings.NewReader("alarm"), &out, &errs, text.English)
	return out.String() + errs.String(), code
}

// until waits for a condition that the demo reaches by itself.
func until(t *testing.T, what string, f func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if f() {
			return
		}
	}
	t.Fatalf("never reached: %s", what)
}

func TestTheServiceBreaksAndTheHelperRepairsIt(t *testing.T) {
	d := start(t, Options{After: time.Millisecond})
	if out, code := wgctl(t, d, "form"); code != 0 {
		t.Fatalf("healthy form: %d %s", code, out)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go d.Run(ctx)
	until(t, "a form without a session", func() bool { out, code := wgctl(t, d, "form"); return code == 1 && strings.Contains(out, "503") })
	if out, _ := wgctl(t, d, "sessions", "--count"); !strings.Contains(out, "20 of 20") {
		t.Errorf("sessions: %s", out)
	}
	if out, _ := wgctl(t, d, "sessions"); strings.Count(out, "idle in transaction") < 10 {
		t.Errorf("who holds them: %s", out)
	}
	if out, code := wgctl(t, d, "nagios"); code != 2 || !strings.Contains(out, "CRITICAL") || !strings.Contains(out, "|") {
		t.Errorf("plugin: %d %s", code, out)
	}
	// Ending the sessions alone does not help: the job takes them again.
	if _, code := wgctl(t, d, "terminate"); code != 0 {
		t.Error("terminate failed")
	}
	until(t, "the job has them again", func() bool { out, _ := wgctl(t, d, "sessions", "--count"); return strings.Contains(out, "20 of 20") })
	if out, _ := wgctl(t, d, "job", "stop"); !strings.Contains(out, "stopped") {
		t.Errorf("job: %s", out)
	}
	wgctl(t, d, "terminate")
	if out, code := wgctl(t, d, "form", "3"); code != 0 || strings.Count(out, "200") != 3 {
		t.Errorf("repaired form: %d %s", code, out)
	}
}

func TestCalmStaysCalm(t *testing.T) {
	d := start(t, Options{Scenario: Calm, After: time.Nanosecond})
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	d.Run(ctx)
	if d.job.Running() {
		t.Error("the batch job runs in the calm scenario")
	}
}

func TestModemAppends(t *testing.T) {
	d := start(t, Options{})
	wgctl(t, d, "sms", d.Sent)
	wgctl(t, d, "sms", d.Sent)
	if b, err := os.ReadFile(d.Sent); err != nil || strings.Count(string(b), "alarm") != 2 {
		t.Errorf("%q %v", b, err)
	}
}

func TestHelperRefusesWhatItDoesNotKnow(t *testing.T) {
	d := start(t, Options{})
	for _, args := range [][]string{{"nonsense"}, {"form", "0"}, {"job", "burn"}, {"sms"}} {
		if out, code := wgctl(t, d, args...); code != 2 || !strings.Contains(out, "usage") {
			t.Errorf("%v: %d %s", args, code, out)
		}
	}
	if code := Control(context.Background(), []string{"form"}, nil, &bytes.Buffer{}, &bytes.Buffer{}, text.English); code != 2 {
		t.Errorf("without an address: %d", code)
	}
}

func TestWrittenFiles(t *testing.T) {
	d := start(t, Options{})
	b, err := os.ReadFile(d.ConfigPath)
	if err != nil || strings.Contains(string(b), "@WEB@") || !strings.Contains(string(b), d.web.Addr()) {
		t.Errorf("configuration: %v\n%s", err, b)
	}
	if fi, err := os.Stat(filepath.Join(d.BinDir, "wgctl")); err != nil || fi.Mode().Perm() != 0o700 {
		t.Errorf("helper: %v %v", fi, err)
	}
}
