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
	Meta     Meta      // front matter; zero when there is none
}

// Meta is what a runbook's front matter says of it. Every field may be empty; unknown keys are ignored.
type Meta struct {
	Description string
	Owner       string   // owner or owner_slack
	Services    []string // IDs of the services that it is for
	Checks      []string // globs over check names
	Match       []string // pieces of what checks and alarms say, for which it is the runbook
	Labels      []string // "name=value" of alarms, for which it is the runbook; sorted
	Kind        string   // "incident", "maintenance" or "both"
	Severity    string
	ReviewedOn  time.Time // last_reviewed_on; zero when not given
	ReviewIn    string    // "6 months", as written
	Shell       string
	Cwd         string
	Requires    []string // programs that must be there
	Hosts       []string
	Roles       []string
	Vars        []Var         // sorted by name
	Timeout     time.Duration // defaults.timeout; zero means none
	Confirm     string        // defaults.confirm
	Host        string        // defaults.host
	DangerWords []string      // words that make a command dangerous here
}

// Var is a variable that the front matter declares. Its value is asked once per walk.
type Var struct {
	Name, Prompt, Default, From, Pattern string
	Choices                              []string
	Secret                               bool
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
	Anchor   string // what links to it name: explicit {#id} or made of the title
	Line     int    // where its heading stands in the file, from 1
	Warning  string // text of the warnings that stand in it, to be read before its first command; may be empty
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

	Line       int         // where it starts in the file, from 1
	Code       []string    // inline code in its text, each once: offered for copying
	Optional   bool        // directive says that it may be left out
	Warning    string      // text of the warnings inside it; may be empty
	Choices    []Choice    // of a Decision whose answers are links
	Directives []Directive // the HTML comments that steer it, in order, "step" included
	Wants

	ordinal string // the number that the author gave it: of its list item or heading; empty without one
}

// Choice is one answer of a decision.
type Choice struct {
	Label  string // "Yes", "If the replica lags"
	Target string // "#anchor" or "other.md#anchor"
}

// Directive is a comment such as <!-- wait 10m "replica catches up" -->.
type Directive struct {
	Name string            // first word
	Args []string          // words without "=", quotes taken off
	Keys map[string]string // key=value words
	Line int
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
	Text         string // what is run or copied: prompts and sample output taken out; a tab stays only where the shell needs it
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
	ExpectAbsent bool          // the output must not match Expect
	ExpectExit   []int         // accepted exit codes; empty means 0
	Redact       bool          // output is not stored

	Confirm    string            // "auto", "ask", "type", "never" as declared; empty means auto
	Background bool              // it runs until it is stopped (tail -f, port-forward), or is declared so
	Excluded   bool              // excludeFromRunAll: never offered as the next thing to run
	Cwd        string            // working directory as declared; empty means the walk's
	User       string            // as declared
	DryRun     string            // name of the block to run first; may be empty
	Undo       string            // name of the block or step that takes it back; may be empty
	Capture    string            // variable that gets the trimmed output; may be empty
	Retries    int               // how often it is run again until what is expected holds; zero means once
	RetryEvery time.Duration     // between two runs
	Own        bool              // shared=false: neither takes variables and directory from other commands nor leaves any
	PromptEnv  string            // "auto", "always" or "never" ask for the variables that it exports; empty means auto
	Tags       []string          // groups that it belongs to
	Attrs      map[string]string // all attributes of the fence as written, known or not; nil when there are none

	shows bool // output that the command above it prints, as far as the text in between tells
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
