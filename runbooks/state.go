package runbooks

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// StepStatus is where a step stands in a walk. Empty means to do.
type StepStatus string

// The statuses of a step.
const (
	StepTodo    StepStatus = ""
	StepRunning StepStatus = "running"
	StepDone    StepStatus = "done"
	StepFailed  StepStatus = "failed"
	StepSkipped StepStatus = "skipped"
	StepNA      StepStatus = "na" // does not apply here
)

// Over tells whether a step asks for nothing more.
func (s StepStatus) Over() bool {
	return s == StepDone || s == StepFailed || s == StepSkipped || s == StepNA
}

// passed tells whether the step was passed by, and all that stands below it.
func (s StepStatus) passed() bool { return s == StepSkipped || s == StepNA }

// WalkKind says what a walk is for.
type WalkKind string

// The kinds of walks.
const (
	ForIncident    WalkKind = "incident"
	ForMaintenance WalkKind = "maintenance"
	ForDrill       WalkKind = "drill" // an exercise: commands that change something are only shown
)

// Walk is one way through a runbook, for an incident or as a record of its own. It is a fold over the timeline's entries,
// kept beside them so that a console can start where the last one ended.
type Walk struct {
	ID        string // "W-2026-004" for an incident, "WART-2026-014" for a maintenance, "UEB-2026-001" for a drill
	Kind      WalkKind
	Incident  string // empty for maintenance and drills
	Runbook   string // name
	Revision  string // the revision that it began with; the store keeps its source
	Title     string
	Asset     string // what is worked on: always given for maintenance
	Reason    string // the occasion: likewise
	Change    string // reference of the change that allows it; may be empty
	StartedAt time.Time
	StartedBy string
	EndedAt   time.Time            // zero while it goes on
	EndReason string               // why it ended with something left open; empty when nothing was
	Steps     map[string]StepState // by Key
	Signed    []Sign               // sign-offs of the walk as a whole
	Inputs    map[string]Input     // by InputName
	Detours   []Detour             // into other runbooks, in order of their beginning
	Current   string               // Key of the step that was touched last
	Version   int64
}

// StepState is what became of one step.
type StepState struct {
	Status    StepStatus
	By        string // who marked it
	At        time.Time
	Reason    string    // why it was skipped or failed, does not apply, or did not wait
	Run       string    // ID of the last command run; empty when none ran
	Did       []string  // who has worked at it: started a command or marked it, each once
	Choice    string    // label of the answer that was chosen; empty unless it is a decision
	ClaimedBy string    // who works on it; empty when nobody said so
	ClaimedAt time.Time // since when
	WaitSince time.Time // when its waiting began; zero when it did not
	Signed    []Sign    // sign-offs, in order
	Seq       int64     // the timeline entry that says so
}

// Sign is one sign-off.
type Sign struct {
	By   string
	At   time.Time
	Role string // as which the person signed; may be empty
	Note string // may be empty
	Seq  int64  // the timeline entry
}

// Input is a value that was asked for once and holds for the whole walk.
type Input struct {
	Name  string // as it is written in the runbook
	Value string
	By    string
	At    time.Time
	Seq   int64 // the timeline entry
}

// Detour is a visit of another runbook that an answer led to.
type Detour struct {
	Runbook, Revision, Title string
	Back                     string // Key of the decision that led there
	Left                     bool   // the person has gone back
}

// Answers gives the values that were given in the walk, as Bind wants them. Secrets are not among them: they are never kept.
func (w Walk) Answers() map[string]Answer {
	out := make(map[string]Answer, len(w.Inputs))
	for id, in := range w.Inputs {
		out[id] = Answer{Value: in.Value}
	}
	return out
}

// Here gives the detour that the walk is in now; ok is false in its own runbook.
func (w Walk) Here() (d Detour, ok bool) {
	for _, d := range slices.Backward(w.Detours) {
		if !d.Left {
			return d, true
		}
	}
	return Detour{}, false
}

// visited finds a runbook that a detour led to.
func (w Walk) visited(name string) (Detour, bool) {
	for _, d := range w.Detours {
		if d.Runbook == name && name != w.Runbook {
			return d, true
		}
	}
	return Detour{}, false
}

// Revised gives the revision in which a walk knows a runbook; empty for one that it has not come to.
func (w Walk) Revised(name string) string {
	if name == w.Runbook {
		return w.Revision
	}
	d, _ := w.visited(name)
	return d.Revision
}

// keyMark stands between a runbook's name and a step's ID in the keys of steps of other runbooks.
const keyMark = "::"

// Key is under what a step of the runbook stands in Steps: its ID, for the runbook that the walk began with.
func (w Walk) Key(b *Runbook, id string) string {
	if b == nil || b.Name == w.Runbook {
		return id
	}
	if _, ok := w.visited(b.Name); !ok {
		return id
	}
	return b.Name + keyMark + id
}

// SplitKey gives the runbook's name and the step's ID of a key; the name is empty for the walk's own runbook.
func SplitKey(key string) (book, id string) {
	if book, id, ok := strings.Cut(key, keyMark); ok {
		return book, id
	}
	return "", key
}

// At gives what became of a step of the runbook.
func (w Walk) At(b *Runbook, id string) StepState { return w.Steps[w.Key(b, id)] }

// Clone copies a walk so that the copy can be changed.
func (w Walk) Clone() Walk {
	w.Steps, w.Inputs = maps.Clone(w.Steps), maps.Clone(w.Inputs)
	if w.Steps == nil {
		w.Steps = map[string]StepState{}
	}
	if w.Inputs == nil {
		w.Inputs = map[string]Input{}
	}
	w.Signed, w.Detours = slices.Clone(w.Signed), slices.Clone(w.Detours)
	return w
}
