// Package ui is the console: Bubble Tea screens, one file per screen, over a picture of the situation that others keep.
//
// The root (App, app.go) owns the terminal: it alone returns tea.View, draws header, banner, message line and key line,
// and holds the dialog on top. Screens render strings for the space that is left. Nothing here writes timeline entries or
// stamps time: every change goes through Desk, and only its answer makes the screen say "saved".
package ui

import (
	"context"
	"io"
	"time"

	tea "charm.land/bubbletea/v2"

	"lage/checks"
	"lage/incidents"
	"lage/internal/text"
	"lage/runbooks"
	"lage/services"
)

// Desk is the door for change.
type Desk interface {
	Act(ctx context.Context, r incidents.Request) (incidents.Recorded, error)
}

// Reader gives what screens show. Every call returns a fresh, consistent snapshot.
type Reader interface {
	Picture(ctx context.Context) (incidents.Picture, error)
	Trends(ctx context.Context) (map[string]Trend, error) // by service ID
	Room(ctx context.Context, incident string) (incidents.Room, error)
	// Walk gives one walk that is a record of its own, Walks those that go on, newest first, and the last ones that ended.
	Walk(ctx context.Context, id string) (incidents.WalkRoom, error)
	Walks(ctx context.Context) ([]incidents.WalkView, error)
	History(ctx context.Context, check string, from, to time.Time) (History, error)
	// Runbooks lists the library, by name.
	Runbooks(ctx context.Context) ([]*runbooks.Runbook, error)
	// Library is the same with what is known of each.
	Library(ctx context.Context) (Shelf, error)
}

// Runner runs runbook commands (incidents.Runs implements it).
type Runner interface {
	Run(ctx context.Context, r incidents.RunRequest, progress func(incidents.RunState)) (incidents.Recorded, error)
	Attach(ctx context.Context, r incidents.RunRequest, run string, progress func(incidents.RunState)) (incidents.Recorded, error)
	// RunOn runs a command on the person's terminal.
	RunOn(ctx context.Context, r incidents.RunRequest, in io.Reader, out io.Writer) (incidents.Recorded, error)
	// Preview tells what a command would run with. It reads files.
	Preview(r incidents.RunRequest) (incidents.Preview, error)
	// Answers gives the values that are known for a walk through a runbook. It reads files.
	Answers(b *runbooks.Runbook, w runbooks.Walk) map[string]runbooks.Answer
	Stop(run string, hard bool) error
}

// Tester runs a check at once, on a person's wish.
type Tester interface {
	Test(ctx context.Context, check string) (checks.Result, error)
}

// Exporter writes the Markdown of an incident, or of a walk without one, into the reports folder and tells where; used by the key x.
type Exporter interface {
	Export(ctx context.Context, record string) (path string, err error)
}

// Trend is a service's recent past, for the board's small charts.
type Trend struct {
	Minutes []checks.Bucket // the last 60 minutes in 20 buckets of 3 minutes, oldest first; Total 0: no data
	Days    []checks.Bucket // the last 90 days, oldest first
	Warn    time.Duration   // scale of the small chart: latency that fills it; zero means the largest shown
	P95     time.Duration   // over the last 24 hours; zero means no data
	Avail   float64         // 0 to 1 over the 90 days; negative means no data
}

// History is one check's past.
type History struct {
	Samples []checks.Sample     // when the span is short enough for raw results (up to 6 hours); otherwise empty
	Buckets []checks.Bucket     // hours or days over the span
	Days    []checks.Bucket     // the last 90 days
	Changes []checks.Transition // newest first, at most 20
}

// Options are what the program was started with.
type Options struct {
	Lang     text.Lang
	Zone     *time.Location
	Person   services.Person
	ASCII    bool // --ascii, or the terminal cannot do more
	NoColor  bool
	Theme    string // "auto", "dark", "light", "contrast"
	ReadOnly bool
	Trusted  bool         // runbooks of the folder may wave questions off
	Incident string       // start in this incident's room; empty means: the only open one, else the board
	Banner   text.Message // shown on every screen until the configuration is right again; zero means none
	Coach    bool         // the demo's one-line hints
	Measures bool         // this console measures where nobody else does
	Version  string
}

// Deps is what the console works with.
type Deps struct {
	Desk     Desk
	Reader   Reader
	Runner   Runner
	Tester   Tester
	Exporter Exporter
	Changes  <-chan struct{} // coalesced: something was written by any process
	Now      func() time.Time
	Mend     func(incidents.Silence, incidents.Poller) string // the command line that makes somebody measure again
	Options  Options
}

// screen is one view. Screens are pointers that the App keeps; Update and Lines are called from the UI loop only.
//
// A screen that comes up first gets a changedMsg, so that it can load what it shows. Keys that one of its Keys (switched
// on) matches go to the screen before the App's own keys are tried: a screen that binds ctrl+c while a command runs
// therefore keeps ^C from quitting. Messages that are not keys go to every screen and room that the App keeps.
type screen interface {
	// Title is the breadcrumb after "lage": "Störungen › INC-2026-031".
	Title(e *env) string
	// Update takes a message that no dialog took: keys, changedMsg, results of its own commands.
	Update(e *env, msg tea.Msg) tea.Cmd
	// Lines draws exactly h lines of at most w cells.
	Lines(e *env, w, h int) []string
	// Keys lists the bindings that Update matches, most important first: the key line and the help are made of them.
	Keys(e *env) []binding
	// Hint is what the screen wants from the person next, for the message line; may be empty.
	Hint(e *env) string
}

// dialog is something on top of a screen that takes all keys: a confirmation, a question, a form. Drawn as lines of at most
// w cells, at most h of them, by the App in the middle or at the bottom.
type dialog interface {
	// Update returns done when the dialog is over; the cmd carries its outcome as a message to the screen.
	Update(e *env, msg tea.Msg) (cmd tea.Cmd, done bool)
	Lines(e *env, w, h int) []string
	Keys(e *env) []binding
}

// env is what screens share. The App keeps it.
type env struct {
	Deps
	style    *styles // by theme, glyph set and colour (style.go)
	picture  incidents.Picture
	pictures int // grows whenever picture is fresh
	trends   map[string]Trend
	trendsAt int // grows whenever trends is fresh
	w, h     int
	now      time.Time         // of this update
	began    time.Time         // when the console started
	silence  incidents.Silence // why nothing is measured
	drafts   map[string]string // notes not saved yet, by incident
}

// What a screen or dialog may be besides. The App looks for these.
type (
	// typist is a screen that may be taking text: while it does, it gets every key but ^C, ^L and ^Z.
	typist interface{ typing() bool }
	// holder is a screen that is about an incident, or has one selected; "" when not. a, i and n act on it.
	holder interface{ incidentID(e *env) string }
	// hinter is a dialog that says in the message line what it waits for.
	hinter interface{ Hint(e *env) string }
	// bottom is a dialog without a frame, lines to type into, which stands above the message line.
	bottom interface{ bottom() }
	// eager is a dialog that takes keys even before it was drawn, because nothing typed ahead can do harm in it. Other
	// dialogs lose what was typed before they could be seen.
	eager interface{ eager() bool }
)

// Messages between App and screens.
type (
	// changedMsg says that something was written and e.picture is fresh.
	changedMsg struct{}
	// savedMsg is Desk's answer. The App shows "saved 03:15:31" and the text, or the refusal.
	savedMsg struct {
		rec  incidents.Recorded
		err  error
		text text.Message // what to say besides; may be zero
		tag  any          // for the screen that asked
	}
	// openMsg asks the App to show another screen: "board", "incident", "check", "help".
	openMsg struct{ view, id string }
	// takeMsg asks the App to open an incident's room with a runbook at hand.
	takeMsg struct {
		id   string
		book *runbooks.Runbook
	}
	// dialogMsg asks the App to put a dialog on top.
	dialogMsg struct{ d dialog }
	// flashMsg asks the App to show a message in the message line.
	flashMsg struct {
		text  text.Message
		alarm bool
	}
)
