package cli

import (
	"cmp"
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"lage/incidents"
	"lage/internal/clean"
	"lage/internal/proc"
	"lage/runbooks"
)

// runner runs commands under supervisors that outlive this process. It implements incidents.Runner.
type runner struct {
	sup    proc.Supervisor
	env    func() []string
	host   string
	redact *clean.Redactor
}

func (s *session) runner() *runner {
	r := &runner{sup: proc.Supervisor{Dir: s.runsDir(), Exe: s.app.env.Exe}, env: s.app.commandEnv, host: s.app.env.Host}
	if c := s.inForce(); c != nil {
		r.redact = clean.NewRedactor(c.Secrets...)
	}
	return r
}

// NewID gives a fresh ID for a run.
func (r *runner) NewID() string { return proc.NewID() }

// Start starts the block's text in the person's environment: here, or on the host that its runbook names.
func (r *runner) Start(ctx context.Context, id string, b runbooks.Block, env map[string]string) error {
	if why := incidents.RefuseHost(b.Host); why != nil {
		return why
	}
	return r.sup.Start(ctx, id, r.job(b, env))
}

// job says what to run. It may take as long as it takes, unless the runbook gives a limit: a restore must not be killed
// because it is slow.
func (r *runner) job(b runbooks.Block, env map[string]string) proc.Job {
	mine := r.env()
	job := proc.Job{Script: b.Text, Dir: folder(b.Cwd, home(mine), mine), Env: mine, Timeout: b.Timeout}
	if b.Host != "" {
		job.Script, job.Dir = remote(b, env), home(mine)
	}
	for _, k := range slices.Sorted(maps.Keys(env)) {
		job.Env = append(job.Env, k+"="+env[k])
	}
	return job
}

// home is where a person's commands start: the folder that the console was started in, or the home folder where that is
// gone.
func home(env []string) string {
	if dir, err := os.Getwd(); err == nil {
		return dir
	}
	return cmp.Or(variable(env, "HOME"), "/")
}

// folder is where a command runs: where its runbook says, seen from where the others run.
func folder(cwd, from string, env []string) string {
	if rest, ok := strings.CutPrefix(cwd+"/", "~/"); ok {
		cwd, from = rest, variable(env, "HOME")
	}
	if filepath.IsAbs(cwd) {
		return cwd
	}
	return filepath.Join(from, cwd)
}

// variable gives the value of an environment's variable.
func variable(env []string, name string) string {
	for _, kv := range env {
		if v, ok := strings.CutPrefix(kv, name+"="); ok {
			return v
		}
	}
	return ""
}

// State tells what is known of a run. Output is made safe to show here, where it enters.
func (r *runner) State(_ context.Context, id string) (incidents.RunState, error) {
	st, err := r.sup.State(id)
	if err != nil {
		return incidents.RunState{}, err
	}
	out := incidents.RunState{Output: r.redact.Redact(clean.Output(st.Output)), Ended: st.Ended}
	out.Result = incidents.CommandRun{Host: r.host, ExitCode: st.ExitCode, Duration: st.Duration, Outcome: st.Outcome, Bytes: st.Bytes, Cut: st.Cut, SHA256: st.SHA256}
	if st.Error != "" {
		out.Output = clean.Line(st.Error)
	}
	return out, nil
}

// Stop ends a run's process tree.
func (r *runner) Stop(id string, hard bool) error { return r.sup.Stop(id, hard) }

func superviseCommands() []command {
	return []command{{name: proc.SuperviseCommand, max: -1, hidden: true, raw: true, run: func(_ context.Context, a *app) error {
		return exitWith(proc.SuperviseMain(a.args))
	}}}
}
