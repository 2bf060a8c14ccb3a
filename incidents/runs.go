package incidents

import (
	"context"
	"regexp"
	"slices"
	"time"

	"lage/internal/clean"
	"lage/internal/text"
	"lage/runbooks"
	"lage/services"
)

// Runner starts and follows commands that outlive the console that started them. internal/cli wires it to internal/proc.
type Runner interface {
	// NewID gives a fresh ID for a run.
	NewID() string
	// Start starts the block's text under a supervisor and returns at once. env is added to the person's environment.
	Start(ctx context.Context, id string, b runbooks.Block, env map[string]string) error
	// State tells what is known; Ended with outcome "lost" when neither the command nor its supervisor is there any more.
	State(ctx context.Context, id string) (RunState, error)
	// Stop ends the command's whole process tree: TERM, or KILL when hard.
	Stop(id string, hard bool) error
}

// RunRequest asks for one command of one step to be run.
type RunRequest struct {
	Request        // Do is ignored
	Step    string // step ID
	Title   string // step title, for the timeline
	Block   runbooks.Block
	More    bool // the step has further commands: success does not make it done
	Seen    runbooks.StepStatus
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

// Run writes that the command starts, starts it, reports its state whenever it has changed (about ten times a second
// at most), and writes how it ended. When ctx ends before the command does, the command goes on and Attach finds it
// again. progress may be nil.
func (r *Runs) Run(ctx context.Context, req RunRequest, progress func(RunState)) (Recorded, error) {
	id := r.Runner.NewID()
	b := req.Block
	if why := RefuseHost(b.Host); why != nil {
		return Recorded{}, why
	}
	act := req.Request
	act.Op = "run:" + id
	act.Do = CommandStarted{Step: req.Step, Title: req.Title, Run: id, Seen: req.Seen, Risk: b.Risk, Command: CommandRun{Command: b.Text, Host: b.Host}}
	if rec, err := r.Desk.Act(ctx, act); err != nil {
		return rec, err
	}
	env := map[string]string{"RUNBOOK_RUN": id, "RUNBOOK_STEP": req.Step, "INCIDENT_ID": req.Record}
	if err := r.Runner.Start(ctx, id, b, env); err != nil {
		failed := RunState{Ended: true, Output: err.Error(), Result: CommandRun{Command: b.Text, Host: b.Host, ExitCode: -1, Outcome: "failed_to_start"}}
		return r.ended(ctx, req, id, failed)
	}
	return r.Attach(ctx, req, id, progress)
}

// Attach follows a run that an earlier console started, and writes how it ended, once however many consoles follow.
func (r *Runs) Attach(ctx context.Context, req RunRequest, run string, progress func(RunState)) (Recorded, error) {
	tick := time.NewTicker(pace)
	defer tick.Stop()
	shown := int64(-1)
	for {
		st, err := r.Runner.State(ctx, run)
		if err != nil {
			return Recorded{}, err
		}
		if progress != nil && (st.Ended || st.Result.Bytes != shown) {
			shown = st.Result.Bytes
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
		cmd.Command = req.Block.Text
		if req.Block.Host != "" {
			cmd.Host = req.Block.Host
		}
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
