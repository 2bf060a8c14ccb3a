package incidents

import (
	"time"

	"lage/checks"
	"lage/internal/text"
	"lage/runbooks"
	"lage/services"
)

// Action is something that a person or lage itself wants to do. The types below are all there are.
type Action interface{ action() }

// Request is one call of Desk.Act.
type Request struct {
	Record string // incident ID, or walk ID for a walk without an incident; empty for Open and a StartWalk without one
	Walk   string // walk ID for step actions
	Seen   State  // the state that the person saw on the screen; empty when they saw none (command line)
	By     services.Person
	Do     Action
	Op     string // operation ID; empty means a fresh one
}

type (
	// Open opens an incident by hand, or joins the service's open one with a note.
	Open struct {
		Service, Title string
		Runbook        string
		Started        time.Time // zero means now
	}
	// Acknowledge takes the lead and stops the escalation.
	Acknowledge struct{}
	// Note adds a line. A leading "!", "?" or ">" marks a cause, an open question or a decision.
	// Step may name a step of the walk that it is about, with its title.
	// At is when it was, where that is not now.
	Note struct {
		Text, Step, Title string
		At                time.Time
	}
	// ChangeState moves the incident on, or back.
	ChangeState struct{ To State }
	// Resolve says that it is over. Ended is when the effect ended: zero means when the checks recovered, or now. Well
	// tells that the person saw the incident recovered: it is refused where something has failed again since.
	Resolve struct {
		Cause string
		Ended time.Time
		Well  bool
	}
	// StartWalk begins a runbook, for Request.Record or, where that is empty, as a record of its own: a maintenance, which
	// needs asset and reason, or a drill. An empty Kind is what fits.
	StartWalk struct {
		Runbook               *runbooks.Runbook
		Kind                  runbooks.WalkKind
		Asset, Reason, Change string
	}
	// EndWalk closes a walk; steps to do stay to do. Reason is required where something is left open.
	EndWalk struct{ Reason string }
	// MarkStep marks a step by hand. Reason is required for failed, for skipped unless the step is optional, and for done
	// while the step still waits. To StepTodo undoes a mark.
	MarkStep struct {
		Step   string
		Title  string
		To     runbooks.StepStatus
		Seen   runbooks.StepStatus // what the person saw
		Reason string
	}
	// ClaimStep says that the person works on a step, so that colleagues see it; Release that they do no more. Seen is whose
	// it was on their screen. One person works on one step.
	ClaimStep struct {
		Step, Title string
		Seen        string
		Release     bool
	}
	// StartWait begins the wait that a step asks for. It began once, whoever is faster.
	StartWait struct{ Step, Title string }
	// Choose answers a decision. Label is one of its answers, where it has any. Into is the runbook that the answer leads
	// to; nil where it leads to this one.
	Choose struct {
		Step, Title, Label, Target string
		Into                       *runbooks.Runbook
		Seen                       runbooks.StepStatus
	}
	// GoBack leaves the runbook that an answer led to, for the decision that led there.
	GoBack struct{}
	// GiveInput gives a value that the runbook asks for. Confirmed says that the person saw it quoted: what could mean
	// something to a shell is refused otherwise.
	GiveInput struct {
		Name, Value string
		Confirmed   bool
	}
	// SignOff signs a step that somebody else did, or the whole walk where Step is empty. It is possible after the end, too.
	SignOff struct{ Step, Title, Note string }
	// CommandStarted is written before a command runs, so that it is known even if everything dies after.
	CommandStarted struct {
		Step, Title string
		Run         string // ID that the runner gave
		Command     CommandRun
		Risk        runbooks.Risk // in a drill only what reads runs
		Seen        runbooks.StepStatus
	}
	// CommandEnded is written when it is over. Mark says what becomes of the step: done, failed, or to do again (stopped).
	CommandEnded struct {
		Step, Title string
		Run         string
		Command     CommandRun
		Output      string
		Mark        runbooks.StepStatus
	}
	// Exported notes that the timeline left the tool.
	Exported struct{ To string }
	// Redact erases parts of entries, and what stands beside them, with a reason. The reason must not say what is erased.
	Redact struct {
		Erase  []Erase
		Forget Forget
		Reason text.Message
	}
	// observed is a check's transition; only the Desk's Observe makes it.
	observed struct {
		tr    checks.Transition
		allUp bool // no check of the service is down or flapping after this one
	}
	// reported is a delivery's outcome; only the Desk's Deliver makes it.
	reported struct{ d Delivery }
	// escalated means that a stage fell due; only the Desk's Tick makes it.
	escalated struct{}
)

func (Open) action()           {}
func (Acknowledge) action()    {}
func (Note) action()           {}
func (ChangeState) action()    {}
func (Resolve) action()        {}
func (StartWalk) action()      {}
func (EndWalk) action()        {}
func (MarkStep) action()       {}
func (ClaimStep) action()      {}
func (StartWait) action()      {}
func (Choose) action()         {}
func (GoBack) action()         {}
func (GiveInput) action()      {}
func (SignOff) action()        {}
func (CommandStarted) action() {}
func (CommandEnded) action()   {}
func (Exported) action()       {}
func (Redact) action()         {}
func (observed) action()       {}
func (reported) action()       {}
func (escalated) action()      {}

// Refusal is an error that a person can act on. It says what stands in the way, in words of internal/text.
type Refusal struct {
	Message text.Message
	Stale   bool // a colleague was faster
	Role    bool // the person's role does not allow it
}

func (r *Refusal) Error() string { return r.Message.In(text.English) }

// Is makes errors.Is(err, ErrStale) true for refusals because of a faster colleague.
func (r *Refusal) Is(target error) bool { return r.Stale && target == ErrStale }
