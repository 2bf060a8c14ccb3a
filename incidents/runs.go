package incidents

import (
	"cmp"
	"context"
	"io"
	"maps"
	"regexp"
	"slices"
	"time"

	"lage/internal/clean"
	"lage/internal/text"
	"lage/runbooks"
	"lage/services"
)

// Command is one command for a Runner.
type Command struct {
	Run    string // its ID
	Walk   string // whose variables and directory it goes on with, unless the block keeps to itself
	Block  runbooks.Block
	Env    map[string]string // answers, and what tells the command where it is
	Hidden []string          // values in Env that are never shown nor stored
}

// Runner starts and follows commands that outlive the console that started them. internal/cli wires it to internal/proc.
type Runner interface {
	// NewID gives a fresh ID for a run.
	NewID() string
	// Start starts the block's text under a supervisor and returns at once.
	Start(ctx context.Context, c Command) error
	// StartOn runs it on a terminal of its own, spliced with the person's, until it ends or ctx does.
	StartOn(ctx context.Context, c Command, in io.Reader, out io.Writer) error
	// Preview tells what the command would run with.
	Preview(c Command) (Preview, error)
	// Answers gives what is known of a runbook's values without asking: what its author sets, secrets that are to be read
	// from the environment or a file, and variables that the environment or the walk (which may be empty) has.
	Answers(b *runbooks.Runbook, walk string) map[string]runbooks.Answer
	// State tells what is known; Ended with outcome "lost" when neither the command nor its supervisor is there any more.
	State(ctx context.Context, id string) (RunState, error)
	// Stop ends the command's whole process tree: INT, TERM, KILL, five seconds apart, or KILL when hard.
	Stop(id string, hard bool) error
}

// Preview is what a command runs with.
type Preview struct {
	Host, Dir string
	Vars      []Variable // what is set for it besides the person's own environment, by name
	Redacted  int        // how many secrets are known, to be taken out of its output
}

// Variable is one of them. The value of a secret is empty.
type Variable struct {
	Name, Value string
	Secret      bool
	Carried     bool // an earlier command of the walk left it
	Removed     bool // an earlier command took it away
}

// RunRequest asks for one command of one step to be run.
type RunRequest struct {
	Request        // Do is ignored
	Step    string // step ID
	Title   string // step title, for the timeline
	Block   runbooks.Block
	Shown   string            // the command with answers in their places; empty means the block's text
	Env     map[string]string // the answers
	Hidden  []string          // those of them that are secret
	More    bool              // the step has further commands: success does not make it done
	Seen    runbooks.StepStatus
}

// Bound makes the request one for a block with its answers.
func (r RunRequest) Bound(b runbooks.Bound) RunRequest {
	r.Block, r.Shown, r.Env, r.Hidden = b.Block, b.Shown, b.Env, b.Hidden
	return r
}

// command is what the Runner is to run.
func (r RunRequest) command(id string) Command {
	env := map[string]string{"RUNBOOK_RUN": id, "RUNBOOK_STEP": r.Step, "INCIDENT_ID": r.Record}
	maps.Copy(env, r.Env)
	return Command{Run: id, Walk: r.Walk, Block: r.Block, Env: env, Hidden: r.Hidden}
}

// Asking is what a person has to do before a command runs.
type Asking int

// From nothing to nothing at all.
const (
	AskNothing Asking = iota
	AskOnce           // confirm it
	AskWord           // type a word
	AskNever          // it does not run here: it is only shown
)

// Asks says what a person has to do before a command of a walk runs. It is the one place that decides this. trusted is
// whether the configuration lets the runbook's author wave the question off.
func Asks(b runbooks.Bound, kind runbooks.WalkKind, trusted bool) Asking {
	switch {
	case kind == runbooks.ForDrill && b.Risk != runbooks.RiskRead:
		return AskNever
	case b.Risk == runbooks.RiskDanger || b.Confirm == "type":
		return AskWord
	case b.Odd || b.Confirm == "ask":
		return AskOnce
	case b.Risk == runbooks.RiskRead, b.Confirm == "never" && trusted:
		return AskNothing
	}
	return AskOnce
}

// Actor is the part of the Desk that Runs needs.
type Actor interface {
	Act(ctx context.Context, r Request) (Recorded, error)
}

// Runs runs runbook commands: it writes to the timeline before and after, and the run survives the caller.
type Runs struct {
	Desk   Actor
	Runner Runner
	By     services.Person // who stops runs
	// Mask gives what is shown of output: the same as will be stored. Whether a command did what it should is judged by what
	// it really wrote. Nil shows everything.
	Mask func(output string) string
}

// pace is how often a run is looked at. It bounds how stale the output on the screen is.
const pace = 100 * time.Millisecond

// lifeSigns is after how many looks without news a command that runs is reported all the same.
const lifeSigns = 50

// Run writes that the command starts, starts it, reports its state whenever it has changed (about ten times a second
// at most), and writes how it ended. When ctx ends before the command does, the command goes on and Attach finds it
// again. progress may be nil.
func (r *Runs) Run(ctx context.Context, req RunRequest, progress func(RunState)) (Recorded, error) {
	c, rec, err := r.begin(ctx, req, false)
	if err != nil {
		return rec, err
	}
	if err := r.Runner.Start(ctx, c); err != nil {
		return r.ended(ctx, req, c.Run, notStarted(req, err))
	}
	return r.Attach(ctx, req, c.Run, progress)
}

// RunOn runs the command on the person's terminal until it ends, and writes how it ended. What it printed is kept as with
// others; what the person typed is not.
func (r *Runs) RunOn(ctx context.Context, req RunRequest, in io.Reader, out io.Writer) (Recorded, error) {
	c, rec, err := r.begin(ctx, req, true)
	if err != nil {
		return rec, err
	}
	if err := r.Runner.StartOn(ctx, c, in, out); err != nil {
		return r.ended(ctx, req, c.Run, notStarted(req, err))
	}
	// The record has to be complete even where the person's connection is gone.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWords)
	defer cancel()
	return r.Attach(ctx, req, c.Run, nil)
}

// lastWords is how long the end of a command on a terminal is waited for after the terminal was given back.
const lastWords = 30 * time.Second

// begin writes that a command starts.
func (r *Runs) begin(ctx context.Context, req RunRequest, terminal bool) (Command, Recorded, error) {
	c := req.command(r.Runner.NewID())
	if why := RefuseHost(c.Block.Host); why != nil {
		return c, Recorded{}, why
	}
	at, err := r.Runner.Preview(c)
	if err != nil {
		return c, Recorded{}, err
	}
	act := req.Request
	act.Op = "run:" + c.Run
	act.Do = CommandStarted{Step: req.Step, Title: req.Title, Run: c.Run, Seen: req.Seen, Risk: c.Block.Risk,
		Command: CommandRun{Command: req.text(), Host: at.Host, Dir: at.Dir, Terminal: terminal}}
	rec, err := r.Desk.Act(ctx, act)
	return c, rec, err
}

// text is the command as people see it.
func (r RunRequest) text() string { return cmp.Or(r.Shown, r.Block.Text) }

func notStarted(req RunRequest, err error) RunState {
	return RunState{Ended: true, Output: err.Error(), Result: CommandRun{Command: req.text(), Host: req.Block.Host, ExitCode: -1, Outcome: "failed_to_start"}}
}

// Preview tells what a command would run with, for showing it before it runs or without running it.
func (r *Runs) Preview(req RunRequest) (Preview, error) { return r.Runner.Preview(req.command("")) }

// Answers gives all values known for a walk through a runbook: what is known without asking, over which go the inputs of
// the walk. They are looked up anew each time; secrets are not to be kept longer than needed.
func (r *Runs) Answers(b *runbooks.Runbook, w runbooks.Walk) map[string]runbooks.Answer {
	out := r.Runner.Answers(b, w.ID)
	for k, in := range w.Inputs {
		out[k] = runbooks.Answer{Value: in.Value}
	}
	return out
}

// Attach follows a run that an earlier console started, and writes how it ended, once however many consoles follow.
func (r *Runs) Attach(ctx context.Context, req RunRequest, run string, progress func(RunState)) (Recorded, error) {
	tick := time.NewTicker(pace)
	defer tick.Stop()
	shown := int64(-1)
	for quiet := 0; ; quiet++ {
		st, err := r.Runner.State(ctx, run)
		if err != nil {
			return Recorded{}, err
		}
		if progress != nil && (st.Ended || st.Result.Bytes != shown || quiet >= lifeSigns) {
			shown, quiet = st.Result.Bytes, 0
			progress(r.masked(st))
		}
		if st.Ended {
			return r.ended(ctx, req, run, st)
		}
		select {
		case <-ctx.Done():
			return Recorded{}, ctx.Err()
		case <-tick.C:
		}
	}
}

func (r *Runs) masked(st RunState) RunState {
	if r.Mask != nil {
		st.Output = r.Mask(st.Output)
	}
	return st
}

// RefuseHost says why a command cannot run on a host: what looks like an option or still has to be filled in is no
// machine, and a command must never run on this machine instead. It returns nil where nothing is wrong or no host is named.
func RefuseHost(host string) error {
	if host == "" || runbooks.IsHost(host) {
		return nil
	}
	return &Refusal{Message: text.M("incidents.bad_host", clean.Line(host))}
}

// Stop ends a run's process tree. Who may not start a command may not stop one.
func (r *Runs) Stop(run string, hard bool) error {
	if err := May(r.By, CommandStarted{}); err != nil {
		return err
	}
	return r.Runner.Stop(run, hard)
}

func (r *Runs) ended(ctx context.Context, req RunRequest, id string, st RunState) (Recorded, error) {
	cmd := st.Result
	if cmd.Command == "" {
		cmd.Command = req.text()
		if req.Block.Host != "" {
			cmd.Host = req.Block.Host
		}
	}
	cmd.Terminal = req.Block.Terminal()
	if b := req.Block; b.Host != "" && (cmd.Outcome == "stopped" || cmd.Outcome == "timeout") {
		cmd.Survivors = append(slices.Clone(cmd.Survivors), clean.Line(b.Host)+": ?") // nobody can look there
	}
	out := st.Output
	if req.Block.Redact {
		out = ""
	}
	mark := Judge(req.Block, cmd, st.Output)
	if mark == runbooks.StepDone && req.More {
		mark = runbooks.StepTodo
	}
	act := req.Request
	act.Op = "run-ended:" + id
	act.Do = CommandEnded{Step: req.Step, Title: req.Title, Run: id, Command: cmd, Output: out, Mark: mark}
	// What happened has to be written even where the caller is just leaving.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return r.Desk.Act(ctx, act)
}

// Judge says what a command's end makes of its step: done when the exit code and the output are as the runbook expects,
// to do again when it was stopped or its end is unknown, failed otherwise.
func Judge(b runbooks.Block, cmd CommandRun, output string) runbooks.StepStatus {
	switch cmd.Outcome {
	case "stopped", "lost":
		return runbooks.StepTodo
	case "exited":
	default:
		return runbooks.StepFailed
	}
	want := b.ExpectExit
	if len(want) == 0 {
		want = []int{0}
	}
	if !slices.Contains(want, cmd.ExitCode) || !Expected(b, output) {
		return runbooks.StepFailed
	}
	return runbooks.StepDone
}

// Expected tells whether the output is what the block expects: always when it expects nothing, or when its pattern is
// not valid.
func Expected(b runbooks.Block, output string) bool {
	if b.Expect == "" {
		return true
	}
	re, err := regexp.Compile("(?m)" + b.Expect)
	return err != nil || re.MatchString(output) != b.ExpectAbsent
}
