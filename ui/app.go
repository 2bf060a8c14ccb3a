package ui

import (
	"context"
	"errors"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"lage/incidents"
	"lage/internal/text"
)

const (
	breakWithin = 2 * time.Second        // two ^C within it quit
	readEvery   = 500 * time.Millisecond // the picture is read at most this often
	trendsEvery = 15 * time.Second       // the small charts are read at most this often
	drawnAfter  = 50 * time.Millisecond  // three frames: by then a dialog has been seen
	tickEvery   = 10 * time.Second       // relative times move at most this often
	startTime   = 3 * time.Second        // a console that measures itself has its first results by then
)

// App is the root: the terminal, the frame around the screens, and the dialog on top of them.
type App struct {
	e     env
	stack []screen          // the board at the bottom, the screen in sight on top
	rooms map[string]screen // kept while the console runs, so that a command's output goes on in the background

	dialog dialog
	under  dialog // comes back when the help on top of it is closed
	drawn  bool   // the dialog has been on the screen long enough to be seen
	opened int    // counts dialogs, so that a late drawnMsg does not open the wrong one

	flash  text.Message
	alarm  bool      // the flash is bad news
	stays  bool      // the flash says that something was not done: it stays until a key is pressed
	said   time.Time // the tick that saw the flash first
	saved  time.Time
	failed text.Message // why the picture could not be read; zero when it could

	lastBreak, lastRead, lastTrends time.Time
	reading, again                  bool
	quitAsked                       bool
	quitting                        bool
	resolvedHere                    bool // an incident was resolved while this console ran
	dark                            string
	known                           map[string]bool // open incidents already seen

	first tea.Cmd                              // what the first picture asked for, before the program ran
	after func(time.Duration, tea.Msg) tea.Cmd // a message later; tests do not wait
}

type (
	tickMsg    struct{}
	wakeMsg    struct{} // Changes fired
	readNowMsg struct{}
	drawnMsg   struct{ n int }
	readMsg    struct {
		picture incidents.Picture
		err     error
	}
	trendsMsg struct {
		trends map[string]Trend
		err    error
	}
)

func newApp(d Deps) *App {
	a := &App{e: env{Deps: d}, rooms: map[string]screen{}, known: map[string]bool{}, after: later}
	a.e.w, a.e.h = 80, 24
	a.e.now = d.Now()
	a.e.began = a.e.now
	a.restyle()
	a.stack = []screen{newBoard()}
	return a
}

func later(d time.Duration, msg tea.Msg) tea.Cmd {
	return tea.Tick(d, func(time.Time) tea.Msg { return msg })
}

func (a *App) restyle() {
	o := a.e.Options
	theme := o.Theme
	if theme == "" || theme == "auto" {
		theme = a.dark
	} else if a.dark == "basic" && theme != "contrast" {
		theme = "basic"
	}
	a.e.style = newStyles(o.ASCII, o.NoColor, theme)
}

// begin takes the first picture and opens the screen to start with.
func (a *App) begin(p incidents.Picture) tea.Cmd {
	cmd := a.took(readMsg{picture: p})
	id := a.e.Options.Incident
	if id == "" {
		id = mine(p.Incidents, a.e.Options.Person.Name)
	}
	if id != "" {
		return tea.Batch(cmd, a.show("incident", id))
	}
	return cmd
}

// mine is the incident to start with: the only open one, else the only one that the person leads, which is where they
// left. Empty where there is a choice.
func mine(open []incidents.Incident, person string) string {
	if len(open) == 1 {
		return open[0].ID
	}
	id := ""
	for i := range open {
		switch {
		case person == "" || open[i].Lead != person:
		case id != "":
			return ""
		default:
			id = open[i].ID
		}
	}
	return id
}

// Init asks the terminal for its background without waiting for the answer, and starts listening for changes.
func (a *App) Init() tea.Cmd {
	cmds := []tea.Cmd{a.first, a.listen(), a.readTrends(), a.tick(), syncOutput}
	if a.lastRead.IsZero() {
		cmds = append(cmds, a.reload())
	}
	if t := a.e.Options.Theme; !a.e.Options.NoColor && (t == "" || t == "auto") {
		cmds = append(cmds, tea.RequestBackgroundColor)
	}
	return tea.Batch(cmds...)
}

// syncOutput switches synchronized output on without asking: over SSH the library does not ask, and the screen would
// tear. Terminals without it ignore it.
func syncOutput() tea.Msg {
	return tea.ModeReportMsg{Mode: ansi.ModeSynchronizedOutput, Value: ansi.ModeReset}
}

// Update takes one message.
func (a *App) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	a.e.now = a.e.Now()
	a.e.listen()
	cmd := a.update(msg)
	if a.quitting {
		cmd = tea.Quit
	}
	return a, cmd
}

func (a *App) update(msg tea.Msg) tea.Cmd {
	switch m := msg.(type) {
	case tea.WindowSizeMsg:
		a.e.w, a.e.h = m.Width, m.Height
	case tea.BackgroundColorMsg:
		if a.dark != "basic" {
			a.dark = "light"
			if m.IsDark() {
				a.dark = "dark"
			}
			a.restyle()
		}
	case tea.ColorProfileMsg:
		if m.Profile == colorprofile.ANSI {
			a.dark = "basic"
			a.restyle()
		}
	case tea.KeyPressMsg:
		return a.press(m)
	case tea.PasteMsg:
		m.Content = lineEnds.Replace(m.Content)
		if a.dialog != nil {
			return a.toDialog(m)
		}
		return a.top().Update(&a.e, m)
	case tickMsg:
		a.fade()
		return a.tick()
	case wakeMsg:
		return tea.Batch(a.listen(), a.reload())
	case readNowMsg:
		return a.read()
	case readMsg:
		return a.took(m)
	case trendsMsg:
		a.tookTrends(m)
	case savedMsg:
		return tea.Batch(a.tookSaved(m), a.broadcast(m))
	case openMsg:
		return a.show(m.view, m.id)
	case takeMsg:
		return a.take(m)
	case dialogMsg:
		a.dialog, a.under, a.drawn = m.d, nil, false
		a.opened++
		return a.after(drawnAfter, drawnMsg{a.opened})
	case drawnMsg:
		a.drawn = a.drawn || m.n == a.opened
	case flashMsg:
		a.say(m.text, m.alarm)
	default:
		return a.broadcast(msg)
	}
	return nil
}

// broadcast hands a message to the dialog and to every screen and room.
func (a *App) broadcast(msg tea.Msg) tea.Cmd {
	var cmds []tea.Cmd
	if a.dialog != nil {
		cmds = append(cmds, a.toDialog(msg))
	}
	if d := a.under; d != nil {
		cmd, done := d.Update(&a.e, msg)
		if done && a.under == d {
			a.under = nil
		}
		cmds = append(cmds, cmd)
	}
	for _, s := range a.stack {
		cmds = append(cmds, s.Update(&a.e, msg))
	}
	for _, r := range a.rooms {
		if !a.inStack(r) {
			cmds = append(cmds, r.Update(&a.e, msg))
		}
	}
	return tea.Batch(cmds...)
}

func (a *App) inStack(s screen) bool {
	for _, x := range a.stack {
		if x == s {
			return true
		}
	}
	return false
}

func (a *App) toDialog(msg tea.Msg) tea.Cmd {
	d := a.dialog
	cmd, done := d.Update(&a.e, msg)
	if done && a.dialog == d {
		a.dialog, a.under = a.under, nil
	}
	return cmd
}

func (a *App) top() screen { return a.stack[len(a.stack)-1] }

// show brings up a screen. Views "board", "incidents" and "runbooks" clear what was above them.
func (a *App) show(view, id string) tea.Cmd {
	switch view {
	case "board":
		a.stack = a.stack[:1]
		return nil
	case "incidents":
		a.stack = a.stack[:1]
		if len(a.e.picture.Incidents) == 1 {
			return a.show("incident", a.e.picture.Incidents[0].ID)
		}
		return a.push(newIncidents())
	case "runbooks":
		a.stack = a.stack[:1]
		return a.push(newLibrary())
	case "incident":
		r, ok := a.rooms[id]
		if !ok {
			r = newRoom(id)
			a.rooms[id] = r
		}
		return a.push(r)
	case "walks":
		a.stack = a.stack[:1]
		return a.push(newWalks())
	case "walk":
		r, ok := a.rooms[id]
		if !ok {
			r = newWalkRoom(id)
			a.rooms[id] = r
		}
		return a.push(r)
	case "check":
		return a.push(newCheck(id))
	case "help":
		return a.push(newHelp(a.top()))
	}
	return nil
}

// take opens an incident's room with a runbook at hand.
func (a *App) take(m takeMsg) tea.Cmd {
	cmd := a.show("incident", m.id)
	if r, ok := a.rooms[m.id].(*room); ok {
		r.pick(m.book)
	}
	return cmd
}

// push puts a screen on top, or goes back to it where it is already open.
func (a *App) push(s screen) tea.Cmd {
	for i, x := range a.stack {
		if x == s {
			a.stack = a.stack[:i+1]
			return s.Update(&a.e, changedMsg{})
		}
	}
	a.stack = append(a.stack, s)
	return s.Update(&a.e, changedMsg{})
}

func (a *App) tookSaved(m savedMsg) tea.Cmd {
	a.lastRead = time.Time{} // a person waits for the answer: read at once
	if m.err != nil {
		a.say(refusal(m.err), true)
		return a.reload()
	}
	a.saved = a.e.now
	if n := len(m.rec.Entries); n > 0 && !m.rec.Entries[n-1].RecordedAt.IsZero() {
		a.saved = m.rec.Entries[n-1].RecordedAt
	}
	if in := m.rec.Incident; in != nil && !in.Open() {
		a.resolvedHere = true
	}
	if !m.text.IsZero() {
		a.say(m.text, false)
	}
	return a.reload()
}

// refusal puts an error into words: what stands in the way, or what went wrong.
func refusal(err error) text.Message {
	var r *incidents.Refusal
	if errors.As(err, &r) {
		return r.Message
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return text.M("ui.timed_out")
	}
	return text.M("ui.not_saved", strings.TrimSpace(err.Error()))
}
