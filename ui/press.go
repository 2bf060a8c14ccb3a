package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"lage/incidents"
	"lage/internal/text"
)

// press takes a key: the dialog first, then a screen that is taking text, then the screen's own bindings, then the keys
// that mean the same everywhere.
func (a *App) press(k tea.KeyPressMsg) tea.Cmd {
	switch {
	case keyDraw.matches(k):
		return tea.ClearScreen
	case keyStop.matches(k):
		return tea.Suspend
	case keyBreak.matches(k):
		return a.interrupt(k)
	}
	if a.dialog != nil {
		if a.drawn && a.under == nil && a.asksHelp(k) {
			a.under, a.dialog = a.dialog, dialogHelp(a.dialog.Keys(&a.e))
			return nil
		}
		if g, ok := a.dialog.(eager); !a.drawn && !(ok && g.eager()) {
			return nil
		}
		return a.toDialog(k)
	}
	a.say(text.Message{}, false)
	asked := a.quitAsked
	a.quitAsked = false
	s := a.top()
	if a.typing() {
		return s.Update(&a.e, k)
	}
	if bound(s.Keys(&a.e), k) {
		return s.Update(&a.e, k)
	}
	switch {
	case keyQuit.matches(k):
		return a.quit(asked)
	case keyBack.matches(k):
		a.back()
		return nil
	case keyHelp.matches(k):
		return a.show("help", "")
	case keyBoard.matches(k):
		return a.show("board", "")
	case keyList.matches(k):
		return a.show("incidents", "")
	case keyShelf.matches(k):
		return a.show("runbooks", "")
	case keyWalks.matches(k):
		return a.show("walks", "")
	case keyAck.matches(k):
		return a.acknowledge()
	case keyRoom.matches(k):
		return a.openRoom()
	case keyNote.matches(k):
		return a.note()
	}
	return s.Update(&a.e, k)
}

// asksHelp tells whether a key asks for help in a dialog: F1, and the question mark where nothing is typed.
func (a *App) asksHelp(k tea.KeyPressMsg) bool {
	types := false
	switch d := a.dialog.(type) {
	case *confirm:
		types = d.word != ""
	case *chooser, decision:
	case *viewer:
		return false // its keys stand below it
	default:
		types = true
	}
	return k.String() == "f1" || !types && k.String() == "?"
}

// dialogHelp lists what the keys of a dialog do.
func dialogHelp(keys []binding) dialog {
	return newViewer("", "", func(e *env, w int) []string {
		out := []string{e.style.bold.Render(e.t("ui.help")), ""}
		for _, b := range keys {
			for i, l := range wrapLines(e.t(b.help), max(1, w-helpKey-2)) {
				name := ""
				if i == 0 {
					name = b.names(e)
				}
				out = append(out, " "+e.style.fit(name, helpKey)+" "+l)
			}
		}
		return out
	})
}

// bound tells whether one of the bindings that are switched on matches.
func bound(bs []binding, k tea.KeyPressMsg) bool {
	for _, b := range bs {
		if !b.off && b.matches(k) {
			return true
		}
	}
	return false
}

// interrupt is ^C: it stops what runs, and quits when pressed twice while nothing runs.
func (a *App) interrupt(k tea.KeyPressMsg) tea.Cmd {
	if a.dialog == nil && bound(a.top().Keys(&a.e), k) || a.dialog != nil && bound(a.dialog.Keys(&a.e), k) {
		if a.dialog != nil {
			return a.toDialog(k)
		}
		return a.top().Update(&a.e, k)
	}
	if !a.lastBreak.IsZero() && a.e.now.Sub(a.lastBreak) < breakWithin {
		a.quitting = true
		return nil
	}
	a.lastBreak = a.e.now
	a.say(text.M("ui.break_again"), false)
	if a.dialog != nil {
		return a.toDialog(k)
	}
	return a.top().Update(&a.e, k)
}

// back leaves the screen in sight; the last one stays.
func (a *App) back() {
	if len(a.stack) > 1 {
		a.stack = a.stack[:len(a.stack)-1]
	}
}

// quit goes back, or ends the console at the root; a person who leads an incident is asked once.
func (a *App) quit(asked bool) tea.Cmd {
	if len(a.stack) > 1 {
		a.back()
		return nil
	}
	for _, in := range a.e.picture.Incidents {
		if in.Lead == a.e.Options.Person.Name && in.Lead != "" && !asked {
			a.quitAsked = true
			a.say(text.M("ui.quit_lead", incidents.Short(in.ID)), false)
			return nil
		}
	}
	a.quitting = true
	return nil
}

// chosen is the incident that a, i and n act on: the screen's, else the banner's; nil when there is none.
func (a *App) chosen() *incidents.Incident {
	if h, ok := a.top().(holder); ok {
		if in := a.e.incident(h.incidentID(&a.e)); in != nil {
			return in
		}
	}
	return a.urgent()
}

// urgent is the incident of the banner: the oldest that nobody has acknowledged, else the oldest.
func (a *App) urgent() *incidents.Incident {
	open := a.e.picture.Incidents
	for i := range open {
		if open[i].State == incidents.Detected {
			return &open[i]
		}
	}
	if len(open) > 0 {
		return &open[0]
	}
	return nil
}

func (a *App) acknowledge() tea.Cmd {
	in := a.chosen()
	if in == nil {
		a.say(text.M("ui.no_incident"), false)
		return nil
	}
	if in.State != incidents.Detected {
		a.say(text.M("ui.acked_by", incidents.Short(in.ID), in.Lead), false)
		return nil
	}
	return a.e.act(incidents.Request{Record: in.ID, Seen: in.State, Do: incidents.Acknowledge{}},
		text.M("ui.acked", incidents.Short(in.ID), a.e.serviceTitle(in.Service)), nil)
}

func (a *App) openRoom() tea.Cmd {
	in := a.chosen()
	if in == nil {
		a.say(text.M("ui.no_incident"), false)
		return nil
	}
	return a.show("incident", in.ID)
}

func (a *App) note() tea.Cmd {
	in := a.chosen()
	if in == nil {
		a.say(text.M("ui.no_incident"), false)
		return nil
	}
	return ask(newNote(&a.e, in.ID))
}

// Summary is what the console leaves behind: cli prints it after the screen is gone.
type Summary struct {
	Open  []incidents.Incident // still open, oldest first
	Saved time.Time            // the last change saved from here; zero when there was none
}
