package cli

import (
	"cmp"
	"context"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"lage/incidents"
	"lage/internal/clean"
	"lage/internal/config"
	"lage/internal/proc"
	"lage/internal/text"
	"lage/runbooks"
)

// startsWithin is how long a command that is written as started may take until its supervisor has it. After that nobody
// will start it any more.
const startsWithin = 10 * time.Second

// runner runs commands under supervisors that outlive this process. It implements incidents.Runner.
type runner struct {
	sup     proc.Supervisor
	env     func() []string
	host    string
	secrets []string // those of the configuration
	now     func() time.Time

	mu      sync.Mutex
	missing map[string]time.Time // runs that nobody has begun, and since when they are waited for
	hidden  map[string][]string  // secret answers, by run
}

func (s *session) runner() *runner {
	r := &runner{sup: proc.Supervisor{Dir: s.runsDir(), Exe: s.app.env.Exe}, env: s.app.commandEnv, host: s.app.env.Host, now: s.app.env.Now,
		missing: map[string]time.Time{}, hidden: map[string][]string{}}
	if c := s.inForce(); c != nil {
		r.secrets = c.Secrets
	}
	return r
}

// NewID gives a fresh ID for a run.
func (r *runner) NewID() string { return proc.NewID() }

// Start starts the block's text in the person's environment: here, or on the host that its runbook names.
func (r *runner) Start(ctx context.Context, c incidents.Command) error {
	job, err := r.job(c)
	if err != nil {
		return err
	}
	return r.sup.Start(ctx, c.Run, job)
}

// StartOn runs it on a terminal of its own, spliced with the person's.
func (r *runner) StartOn(ctx context.Context, c incidents.Command, in io.Reader, out io.Writer) error {
	tty, ok := in.(*os.File)
	screen, also := out.(*os.File)
	if !ok || !also {
		return proc.ErrNoTerminal
	}
	job, err := r.job(c)
	if err != nil {
		return err
	}
	return r.sup.StartOn(ctx, c.Run, job, tty, screen)
}

// job says what to run. It may take as long as it takes, unless the runbook gives a limit: a restore must not be killed
// because it is slow.
func (r *runner) job(c incidents.Command) (proc.Job, error) {
	b := c.Block
	if why := incidents.RefuseHost(b.Host); why != nil {
		return proc.Job{}, why
	}
	mine, carried, err := r.surroundings(c)
	if err != nil {
		return proc.Job{}, err
	}
	job := proc.Job{Script: b.Text, Dir: r.dir(b, carried, mine), Env: mine, Timeout: b.Timeout, Capture: b.Output()}
	if !b.Own {
		job.Walk = c.Walk
	}
	for _, k := range slices.Sorted(maps.Keys(c.Env)) {
		job.Env = append(job.Env, k+"="+c.Env[k])
	}
	switch along := slices.Concat(slices.Sorted(maps.Keys(c.Env)), carriedNames(carried)); {
	case b.Host != "" && b.Terminal():
		if len(c.Hidden) > 0 { // it would stand in ssh's argument list
			return proc.Job{}, &incidents.Refusal{Message: text.M("exec.remote_secret")}
		}
		job.Script, job.Dir = remoteSession(b, slices.Sorted(maps.Keys(c.Env))), home(mine)
	case b.Host != "":
		job.Script, job.Dir = remote(b, along), home(mine)
	case b.User != "":
		job.Script = asUser(b, slices.Sorted(maps.Keys(c.Env)))
	}
	job.Secrets = r.known(mine, c.Hidden)
	r.mu.Lock()
	r.hidden[c.Run] = c.Hidden
	r.mu.Unlock()
	return job, nil
}

// surroundings are the environment that a command of a walk begins with, and what of it the walk's earlier ones left.
func (r *runner) surroundings(c incidents.Command) ([]string, proc.Carried, error) {
	mine := r.env()
	if c.Walk == "" || c.Block.Own {
		return mine, proc.Carried{}, nil
	}
	carried, err := r.sup.Carried(c.Walk)
	return carried.Over(mine), carried, err
}

// dir is where a command runs: where its runbook says, seen from where the walk stands or the person began.
func (r *runner) dir(b runbooks.Block, carried proc.Carried, env []string) string {
	return folder(b.Cwd, cmp.Or(carried.Dir, home(env)), env)
}

// private are variables of this machine and session, which a command on another one has its own of.
var private = regexp.MustCompile(`^(PATH|HOME|USER|LOGNAME|SHELL|MAIL|TMPDIR|LD_.*|SSH_.*|XDG_.*|DISPLAY|TERM)$`)

// carriedNames lists what goes along to another machine.
func carriedNames(c proc.Carried) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(c.Set)), private.MatchString)
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

// secretName is what a variable is called whose value nobody else is to see.
var secretName = regexp.MustCompile(`(?i)(^|_)(PASS|PASSWD|PASSWORD|PASSPHRASE|PASSWORT|KENNWORT|SECRET|TOKEN|CREDENTIALS?|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY)($|_)|(PASSWORD|SECRET|TOKEN)$`)

// known lists the secrets to be taken out of a command's output: the configuration's, the secret answers, and what the
// environment calls one.
func (r *runner) known(env, hidden []string) []string {
	out := slices.Concat(r.secrets, hidden)
	for _, kv := range env {
		if k, v, _ := strings.Cut(kv, "="); secretName.MatchString(k) && len(v) >= 8 && strings.Trim(v, "0123456789") != "" {
			out = append(out, v)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Preview tells what the command would run with.
func (r *runner) Preview(c incidents.Command) (incidents.Preview, error) {
	env, carried, err := r.surroundings(c)
	if err != nil {
		return incidents.Preview{}, err
	}
	secrets := r.known(env, c.Hidden)
	out := incidents.Preview{Host: cmp.Or(c.Block.Host, r.host), Redacted: len(secrets)}
	if c.Block.Host == "" {
		out.Dir = r.dir(c.Block, carried, env)
	}
	redact := clean.NewRedactor(secrets...)
	for k, v := range carried.Set {
		out.Vars = append(out.Vars, shownVariable(redact, k, v, true))
	}
	for _, k := range carried.Unset {
		out.Vars = append(out.Vars, incidents.Variable{Name: clean.Line(k), Carried: true, Removed: true})
	}
	for k, v := range c.Env {
		if v != "" || k != "RUNBOOK_RUN" && k != "INCIDENT_ID" { // there is none yet where it is only looked at
			out.Vars = append(out.Vars, shownVariable(redact, k, v, false))
		}
	}
	slices.SortFunc(out.Vars, func(a, b incidents.Variable) int { return cmp.Compare(a.Name, b.Name) })
	return out, nil
}

func shownVariable(redact *clean.Redactor, k, v string, carried bool) incidents.Variable {
	shown, n := redact.RedactCount(v)
	out := incidents.Variable{Name: clean.Line(k), Carried: carried, Secret: n > 0 || secretName.MatchString(k)}
	if !out.Secret {
		out.Value = clean.Line(shown)
	}
	return out
}

// Answers gives what is known of a runbook's values without asking.
func (r *runner) Answers(b *runbooks.Runbook, walk string) map[string]runbooks.Answer {
	out := map[string]runbooks.Answer{}
	env := r.env()
	if walk != "" {
		if carried, err := r.sup.Carried(walk); err == nil { // what cannot be read is asked for
			env = carried.Over(env)
		}
	}
	for _, kv := range env {
		k, v, _ := strings.Cut(kv, "=")
		out[runbooks.InputName("$"+k)] = runbooks.Answer{Value: v, Known: true}
	}
	if b == nil {
		return out
	}
	for _, v := range b.Meta.Vars {
		if a, why := fromDefault(v, env); v.Default != "" && why.IsZero() {
			out[runbooks.InputName(v.Name)] = a
		}
	}
	return out
}

// fromDefault is the value that a runbook's author gives a variable.
func fromDefault(v runbooks.Var, env []string) (runbooks.Answer, text.Message) {
	value, secret, why := config.Expand(v.Default, func(k string) (string, bool) { x := variable(env, k); return x, x != "" }, nil)
	return runbooks.Answer{Value: value, Secret: secret || v.Secret}, why
}

// State tells what is known of a run. Output is made safe to show here, where it enters.
func (r *runner) State(_ context.Context, id string) (incidents.RunState, error) {
	st, err := r.sup.State(id)
	if err != nil {
		return incidents.RunState{}, err
	}
	if st.Missing {
		if err := r.abandon(id); err != nil {
			return incidents.RunState{}, err
		}
	}
	r.mu.Lock()
	hidden := r.hidden[id]
	r.mu.Unlock()
	said, more := clean.NewRedactor(r.known(nil, hidden)...).RedactCount(clean.Output(st.Output))
	out := incidents.RunState{Output: said, Ended: st.Ended}
	out.Result = incidents.CommandRun{Host: r.host, ExitCode: st.ExitCode, Duration: st.Duration, Outcome: st.Outcome, Bytes: st.Bytes, Cut: st.Cut, SHA256: st.SHA256,
		Redactions: st.Redactions + more, Values: st.Values}
	for _, s := range st.Survivors {
		out.Result.Survivors = append(out.Result.Survivors, clean.Line(s))
	}
	if st.Error != "" {
		out.Output = clean.Line(st.Error)
	}
	return out, nil
}

// abandon settles that a run will not begin any more, when it is waited for too long.
func (r *runner) abandon(id string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	since, ok := r.missing[id]
	if !ok {
		r.missing[id] = r.now()
		return nil
	}
	if r.now().Sub(since) < startsWithin {
		return nil
	}
	delete(r.missing, id)
	return r.sup.Abandon(id)
}

// Stop ends a run's process tree.
func (r *runner) Stop(id string, hard bool) error { return r.sup.Stop(id, hard) }

func superviseCommands() []command {
	return []command{{name: proc.SuperviseCommand, max: -1, hidden: true, raw: true, run: func(_ context.Context, a *app) error {
		return exitWith(proc.SuperviseMain(a.args))
	}}}
}
