package cli

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lage/incidents"
	"lage/internal/proc"
	"lage/runbooks"
)

// fakeSSH writes down what it is called with and runs a shell in place of the other machine's.
const fakeSSH = `#!/bin/bash
printf '%s\n' "$@" > "$HOME/args"
cd "$HOME" && [ "$1 $2 $3" = "-o BatchMode=yes --" ] && exec bash -c "${*:5}"
`

func startHere(t *testing.T, b runbooks.Block) (*runner, string, string, error) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "ssh"), []byte(fakeSSH), 0o700); err != nil {
		t.Fatal(err)
	}
	env := []string{"HOME=" + dir, "PATH=" + dir + ":" + os.Getenv("PATH")}
	r := &runner{sup: proc.Supervisor{Dir: filepath.Join(dir, "runs")}, env: func() []string { return env }, host: "here", now: time.Now,
		missing: map[string]time.Time{}, hidden: map[string][]string{}}
	id := r.NewID()
	return r, dir, id, r.Start(t.Context(), incidents.Command{Run: id, Block: b, Env: map[string]string{"INCIDENT_ID": "INC-1 it's"}})
}

func ended(t *testing.T, r *runner, id string) incidents.RunState {
	t.Helper()
	for t.Context().Err() == nil {
		st, err := r.State(context.Background(), id)
		if err != nil {
			t.Fatal(err)
		}
		if st.Ended {
			return st
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.FailNow()
	return incidents.RunState{}
}

func TestCommandOfAnotherHostRunsThere(t *testing.T) {
	text := "read -r line; echo \"[$line] it's '$INCIDENT_ID' in ${PWD##*/}\"\ncat <<'EOF'\n$HOME \\ `x`\nEOF\nfalse | true"
	r, dir, id, err := startHere(t, runbooks.Block{Text: text, Host: "root@db-1.example.org", Cwd: "~/."})
	if err != nil {
		t.Fatal(err)
	}
	st := ended(t, r, id)
	want := "[] it's 'INC-1 it's' in " + filepath.Base(dir) + "\n$HOME \\ `x`\n"
	if st.Output != want || st.Result.ExitCode != 1 {
		t.Errorf("exit code %d (pipefail wants 1), output %q, want %q", st.Result.ExitCode, st.Output, want)
	}
	args, err := os.ReadFile(filepath.Join(dir, "args"))
	if want := "-o\nBatchMode=yes\n--\nroot@db-1.example.org\nbash\n-o\npipefail\n-s\n"; err != nil || string(args) != want {
		t.Errorf("ssh was called with %q (%v), want %q", args, err, want)
	}
}

func TestSessionOnAnotherHost(t *testing.T) {
	dir := t.TempDir()
	script := remoteSession(runbooks.Block{Text: "echo \"it's $A\" '$(x)'", Host: "web-1"}, []string{"A"})
	if err := os.WriteFile(filepath.Join(dir, "ssh"), []byte("#!/bin/bash\nprintf '%s\\n' \"${@:1:3}\"; exec bash -c \"${*:4}\"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	r := proc.Run(t.Context(), proc.Spec{Argv: []string{"bash", "-c", script}, Env: []string{"PATH=" + dir + ":" + os.Getenv("PATH"), "A=b; id \"c\""}})
	if want := "-t\n--\nweb-1\nit's b; id \"c\" $(x)\n"; string(r.Stdout) != want || r.ExitCode != 0 {
		t.Errorf("got %q, %q", r.Stdout, r.Stderr)
	}
}

func TestCommandWithoutHostRunsHere(t *testing.T) {
	r, dir, id, err := startHere(t, runbooks.Block{Text: "pwd", Cwd: "~/runs"})
	if err != nil {
		t.Fatal(err)
	}
	if st := ended(t, r, id); st.Result.Host != "here" || strings.TrimSpace(st.Output) != filepath.Join(dir, "runs") {
		t.Errorf("on %q in %q", st.Result.Host, st.Output)
	}
	if _, err := os.Stat(filepath.Join(dir, "args")); err == nil {
		t.Error("ssh was called")
	}
}

func TestHostThatIsNoneIsRefused(t *testing.T) {
	for _, host := range []string{"-oProxyCommand=id", "<host>", "$HOST", "a b", "a@-b", "-l", "a;b", "{{host}}", " "} {
		r, _, id, err := startHere(t, runbooks.Block{Text: "true", Host: host})
		if err == nil {
			ended(t, r, id)
			t.Errorf("%q was taken for a machine", host)
		}
	}
	for _, host := range []string{"db1", "root@10.0.0.1", "fe80::1%eth0", "[::1]", "wg_db.intern"} {
		if err := incidents.RefuseHost(host); err != nil {
			t.Errorf("%q was refused: %v", host, err)
		}
	}
}

// A restore that takes the night must not be killed; a limit is the runbook's business.
func TestCommandHasOnlyItsRunbooksLimit(t *testing.T) {
	for _, limit := range []time.Duration{0, time.Minute} {
		r := &runner{env: func() []string { return nil }, hidden: map[string][]string{}}
		if got, err := r.job(incidents.Command{Block: runbooks.Block{Text: "true", Timeout: limit}}); err != nil || got.Timeout != limit {
			t.Errorf("limit %v, want %v (%v)", got.Timeout, limit, err)
		}
	}
}
