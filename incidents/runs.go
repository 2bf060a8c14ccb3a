package incidents

import (
	"context"

	"lage/runbooks"
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
	Seen    runbooks.StepStatus
}

// Runs runs runbook commands: it writes to the timeline before and after, and the run survives the caller.
type Runs struct {
	Desk   *Desk
	Runner Runner
}

// Run writes that the command starts, starts it, reports its state about ten times a second while it changes, and
// writes how it ended. When ctx ends before the command does, the command goes on and Attach finds it again.
func (r *Runs) Run(ctx context.Context, req RunRequest, progress func(RunState)) (Recorded, error) {
	panic("lead writes this")
}

// Attach follows a run that an earlier console started, and writes how it ended, once however many consoles follow.
func (r *Runs) Attach(ctx context.Context, req RunRequest, run string, progress func(RunState)) (Recorded, error) {
	panic("lead writes this")
}

// Stop ends a run's process tree.
func (r *Runs) Stop(run string, hard bool) error { return r.Runner.Stop(run, hard) }
