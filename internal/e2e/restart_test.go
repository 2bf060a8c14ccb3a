package e2e

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// shared gives a database in a folder that a group shares, as the packages make it, and a configuration with an alarm that
// appends a line to a file. More stands at the end of the configuration's service.
func shared(t *testing.T, url string) (flags []string, alarms string) {
	t.Helper()
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	if err := os.Mkdir(data, 0o770); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(data, 0o770|os.ModeSetgid); err != nil {
		t.Fatal(err)
	}
	alarms = filepath.Join(dir, "alarms")
	file := filepath.Join(dir, "lage.yaml")
	write(t, file, "version: 1\ntimezone: Europe/Berlin\nlanguage: en\ndefaults: {interval: 1s, timeout: 900ms, fail_after: 2, recover_after: 2}\nservices:\n"+
		"  - id: web\n    name: Web\n    escalation: default\n    checks:\n      - {id: home, type: http, url: \""+url+"\"}\n"+
		"contacts:\n  ops: {name: On call, via: [{command: [/bin/sh, -c, 'cat >/dev/null; echo alarm >>"+alarms+"']}]}\n"+
		"escalation:\n  default: [{after: 0m, notify: [ops]}]\n")
	return []string{"-c", file, "--db", filepath.Join(data, "lage.db"), "--lang", "en"}, alarms
}

// standing is what the tests read of lage status --json.
type standing struct {
	Services []struct {
		State  string    `json:"state"`
		Since  time.Time `json:"since"`
		Checks []struct {
			Measured time.Time `json:"measured_at"`
		} `json:"checks"`
	} `json:"services"`
	Incidents []struct {
		ID string `json:"id"`
	} `json:"incidents"`
	Poller struct {
		Silence string `json:"silence"`
		PID     int    `json:"pid"`
		Owner   string `json:"owner"`
	} `json:"poller"`
}

func status(t *testing.T, flags []string) standing {
	t.Helper()
	var s standing
	if err := json.Unmarshal([]byte(lage(t, append([]string{"status", "--json"}, flags...)...).out), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// measuredBy waits until a process has measured after a moment.
func measuredBy(t *testing.T, flags []string, pid int, after time.Time) standing {
	t.Helper()
	var s standing
	eventually(t, "the new process measures", func() bool {
		s = status(t, flags)
		return s.Poller.PID == pid && len(s.Services) == 1 && s.Services[0].Checks[0].Measured.After(after)
	})
	return s
}

// TestRestartLosesNothing restarts lage run, politely and not, while the service is up and while it is down: what was
// stored stays, where a service stands since when does not change, and nobody is alarmed again.
func TestRestartLosesNothing(t *testing.T) {
	for name, sig := range map[string]syscall.Signal{"TERM": syscall.SIGTERM, "KILL": syscall.SIGKILL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, broken := site(t)
			flags, alarms := shared(t, url)
			run := poller(t, flags)
			eventually(t, "the service is up", func() bool { return lage(t, append([]string{"status"}, flags...)...).code == 0 })

			restart := func() standing {
				before := status(t, flags)
				told := before.Services[0].Checks[0].Measured
				if err := run.Process.Signal(sig); err != nil {
					t.Fatal(err)
				}
				_ = run.Wait() // killed is no success
				if at := status(t, flags).Services[0].Checks[0].Measured; at.Before(told) {
					t.Errorf("the result of %v is lost, the newest is of %v", told, at)
				}
				run = poller(t, flags)
				after := measuredBy(t, flags, run.Process.Pid, time.Now())
				if after.Services[0].State != before.Services[0].State || !after.Services[0].Since.Equal(before.Services[0].Since) {
					t.Errorf("before: %+v, after: %+v", before.Services[0], after.Services[0])
				}
				return after
			}
			if s := restart(); len(s.Incidents) != 0 {
				t.Errorf("a restart opened %v", s.Incidents)
			}
			broken.Store(true)
			eventually(t, "the alarm", func() bool { b, err := os.ReadFile(alarms); return err == nil && len(b) > 0 })
			s := restart()
			if len(s.Incidents) != 1 {
				t.Errorf("after a restart there are %v", s.Incidents)
			}
			// Two more rounds of measuring: whatever comes late has come.
			measuredBy(t, flags, run.Process.Pid, s.Services[0].Checks[0].Measured.Add(2*time.Second))
			if b, err := os.ReadFile(alarms); err != nil || string(b) != "alarm\n" {
				t.Errorf("alarms: %q %v", b, err)
			}
			list := must(t, append([]string{"incident", "list", "--json"}, flags...)...)
			if n := strings.Count(list, `"id": "INC-`); n != 1 {
				t.Errorf("%d incidents: %s", n, list)
			}
			shown := must(t, append([]string{"incident", "show"}, flags...)...)
			if strings.Contains(strings.ToLower(shown), "not observed") || strings.Contains(shown, "recovered") {
				t.Errorf("%s", shown)
			}
			must(t, append([]string{"db", "verify"}, flags...)...)
		})
	}
}

// TestNobodyMeasuresOnASharedDatabase: a console never does it there, says so, since when, and what to do; also when the
// poller was killed and its lease has to run out first.
func TestNobodyMeasuresOnASharedDatabase(t *testing.T) {
	url, _ := site(t)
	flags, _ := shared(t, url)
	must(t, append([]string{"incident", "open", "--title", "Trial"}, flags...)...) // makes the database
	must(t, append([]string{"incident", "resolve", "--cause", "none"}, flags...)...)
	con := console(t, 80, 24, nil, flags...)
	con.Shows("Nobody is measuring, and nobody ever has", "lage run --config")
	run := poller(t, flags)
	con.Until("the banner goes", func(screen string) bool {
		return strings.Contains(screen, "All is well") && !strings.Contains(screen, "measuring,")
	})
	if o := status(t, flags).Poller.Owner; o != "run" {
		t.Errorf("%q measures", o)
	}
	end := func(run *exec.Cmd, sig syscall.Signal) {
		if err := run.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
		_ = run.Wait()
		eventually(t, "status says that nobody measures", func() bool { return status(t, flags).Poller.Silence == "nobody" })
		if r := lage(t, append([]string{"status"}, flags...)...); r.code != 0 || !strings.Contains(r.err, "Nobody has measured since") || !strings.Contains(r.err, "Start: lage run --config") {
			t.Errorf("%+v", r)
		}
		con.Shows("Nobody has measured since", "lage run --config")
	}
	end(run, syscall.SIGTERM)
	run = poller(t, flags)
	measuredBy(t, flags, run.Process.Pid, time.Now())
	con.Until("the banner goes", func(screen string) bool { return !strings.Contains(screen, "Nobody has measured") })
	end(run, syscall.SIGKILL)
}
