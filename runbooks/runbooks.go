// Package runbooks reads any Markdown file as something to walk through: sections, steps, commands. A Walk is one
// person's (or one shift's) way through it.
package runbooks

import "time"

// Runbook is one Markdown file, read. It keeps its source, so that a walk can go on with the revision it began with.
type Runbook struct {
	Name     string // file name without folder and ending
	Path     string
	Title    string    // front matter, first level-one heading, or the file name
	Revision string    // SHA-256 of Source, hex
	Source   string    // as read, cleaned (rule R1)
	Sections []Section // flat, in document order; Level tells the tree
	Warnings []Warning // what the file's author should know
}

// Warning is a remark on a runbook's source. Line counts from 1; Code is a code of internal/text.
type Warning struct {
	Line int
	Code string
	Args []string
}

// SectionKind says what a section is for.
type SectionKind string

// The kinds of sections.
const (
	Procedure     SectionKind = "procedure"
	Context       SectionKind = "context"
	Reference     SectionKind = "reference"
	Prerequisites SectionKind = "prerequisites"
)

// Section is a heading and what stands below it, up to the next heading. The first section may have no title.
type Section struct {
	Title    string
	Level    int // 1 to 6; 0 for text before the first heading
	Kind     SectionKind
	Body     string  // Markdown that belongs to no step
	Commands []Block // blocks outside of steps
	Steps    []Step
}

// StepKind says what a step asks of the person.
type StepKind string

// The kinds of steps. Read steps are not counted in progress.
const (
	Manual      StepKind = "manual"
	CommandStep StepKind = "command"
	Decision    StepKind = "decision"
	CheckStep   StepKind = "check"
	Read        StepKind = "read"
)

// Step is one thing to do. IDs are stable as long as the section's and the step's titles are.
type Step struct {
	ID       string
	Number   string // where it stands, "3.2"; for the eye only
	Title    string // first sentence, without markup, at most 110 cells
	Kind     StepKind
	Body     string // Markdown below the title, without the blocks in Commands
	Commands []Block
	Steps    []Step
}

// BlockKind says what a code block is (runbooks.md 2.4 names them).
type BlockKind string

// The kinds of blocks. Only BlockCommand may be runnable.
const (
	BlockCommand BlockKind = "command"
	BlockSession BlockKind = "session"
	BlockREPL    BlockKind = "repl"
	BlockQuery   BlockKind = "query"
	BlockFile    BlockKind = "file"
	BlockOutput  BlockKind = "output"
	BlockConfig  BlockKind = "config"
	BlockDiagram BlockKind = "diagram"
	BlockTodo    BlockKind = "todo"
	BlockSuspect BlockKind = "suspect"
)

// Risk says what running a command may do.
type Risk string

// The risks. RiskRead is declared by the runbook or recognised with certainty; whatever is not is RiskChange.
const (
	RiskRead   Risk = "read"
	RiskChange Risk = "change"
	RiskDanger Risk = "danger"
)

// Block is one code block.
type Block struct {
	Kind         BlockKind
	Lang         string // first word of the fence's info string
	Name         string // attribute name; may be empty
	Text         string // what is run or copied: prompts and sample output taken out
	Source       string // as it stands in the file
	Line         int    // where it starts in the file, from 1
	Runnable     bool   // a command without open placeholders
	Why          string // code of internal/text that says why it is not runnable; empty when it is
	Risk         Risk
	Placeholders []string // open ones, as written
	Example      string   // sample output that stood between prompts or after "expected output"
	Host         string
	Timeout      time.Duration // zero means the default
	Expect       string        // pattern that the output must match; empty means none
	ExpectExit   []int         // accepted exit codes; empty means 0
	Redact       bool          // output is not stored
}

// StepStatus is where a step stands in a walk. Empty means to do.
type StepStatus string

// The statuses of a step.
const (
	StepTodo    StepStatus = ""
	StepRunning StepStatus = "running"
	StepDone    StepStatus = "done"
	StepFailed  StepStatus = "failed"
	StepSkipped StepStatus = "skipped"
)

// Walk is one way through a runbook, for an incident or without one. It is a fold over the timeline's entries, kept
// beside them so that a console can start where the last one ended.
type Walk struct {
	ID        string // "W-2026-004"
	Incident  string // empty for maintenance and drills
	Runbook   string // name
	Revision  string // the revision that it began with; the store keeps its source
	Title     string
	StartedAt time.Time
	EndedAt   time.Time // zero while it goes on
	Steps     map[string]StepState
	Current   string // ID of the step that the person stands at
	Version   int64
}

// StepState is what became of one step.
type StepState struct {
	Status StepStatus
	By     string // who marked it
	At     time.Time
	Reason string // why it was skipped or failed
	Run    string // ID of the last command run; empty when none ran
	Seq    int64  // the timeline entry that says so
}

// All calls f for every step of the runbook in document order, with its section's index, sub-steps after their parent.
func (r *Runbook) All(f func(section int, s *Step)) {
	for i := range r.Sections {
		walkSteps(r.Sections[i].Steps, func(s *Step) { f(i, s) })
	}
}

func walkSteps(steps []Step, f func(*Step)) {
	for i := range steps {
		f(&steps[i])
		walkSteps(steps[i].Steps, f)
	}
}

// Step finds a step by its ID, or nil.
func (r *Runbook) Step(id string) *Step {
	var found *Step
	r.All(func(_ int, s *Step) {
		if s.ID == id && found == nil {
			found = s
		}
	})
	return found
}
