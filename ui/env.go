package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"lage/incidents"
	"lage/internal/text"
)

// patience bounds every call to Desk and Reader that a screen makes.
const patience = 5 * time.Second

// t is a text in the person's language, spelled for the terminal.
func (e *env) t(code string, args ...any) string {
	return e.show(text.T(e.Options.Lang, code, args...))
}

// msg puts a stored message into words, spelled for the terminal.
func (e *env) msg(m text.Message) string { return e.show(m.In(e.Options.Lang)) }

// listen finds out why nothing is measured now. A console that measures itself first gets the time to begin.
func (e *env) listen() {
	e.silence = incidents.Measured
	if !e.Options.Measures || e.now.Sub(e.began) >= startTime {
		e.silence = e.picture.Silence(e.now)
	}
}

// unmeasured says since when nothing was measured and what to do; zero when somebody measures.
func (e *env) unmeasured() text.Message {
	if e.silence == incidents.Measured {
		return text.Message{}
	}
	return e.picture.SilenceMessage(e.silence, e.Mend(e.silence, e.picture.Poller), e.Options.Lang, e.local(e.now))
}

// show spells any other text (names, output) for the terminal.
func (e *env) show(s string) string { return e.style.show(s) }

// exact writes commands, targets and the like for the terminal: as they are, never spelled otherwise.
func (e *env) exact(s string) string { return e.style.exact(s) }

// duration writes a span of time.
func (e *env) duration(d time.Duration) string { return e.show(text.Duration(e.Options.Lang, d)) }

// ago writes how long t lies behind now.
func (e *env) ago(t time.Time) string { return e.age(e.now.Sub(t)) }

// age writes a span that grows while one looks at it: below a minute in steps of ten seconds, so that the screen is quiet.
func (e *env) age(d time.Duration) string {
	switch {
	case d < tickEvery:
		return e.t("ui.just_now")
	case d < time.Minute:
		d = d.Truncate(tickEvery)
	}
	return e.duration(d)
}

// local puts t on the clock of the configured zone.
func (e *env) local(t time.Time) time.Time {
	if e.Options.Zone == nil {
		return t.UTC()
	}
	return t.In(e.Options.Zone)
}

// clock writes t's time of day in the configured zone.
func (e *env) clock(t time.Time) string { return text.Clock(e.local(t)) }

// incident finds an open incident in the picture, or nil.
func (e *env) incident(id string) *incidents.Incident {
	for i := range e.picture.Incidents {
		if e.picture.Incidents[i].ID == id {
			return &e.picture.Incidents[i]
		}
	}
	return nil
}

// incidentOf finds a service's open incident, or nil.
func (e *env) incidentOf(service string) *incidents.Incident {
	for i := range e.picture.Incidents {
		if e.picture.Incidents[i].Service == service {
			return &e.picture.Incidents[i]
		}
	}
	return nil
}

// service finds a service in the picture, or nil.
func (e *env) service(id string) *incidents.ServicePicture {
	for i := range e.picture.Services {
		if e.picture.Services[i].Service.ID == id {
			return &e.picture.Services[i]
		}
	}
	return nil
}

// serviceTitle is the service's name in the person's language, or the ID of one that left the configuration.
func (e *env) serviceTitle(id string) string {
	if s := e.service(id); s != nil {
		return e.show(s.Service.Title(string(e.Options.Lang)))
	}
	return e.show(id)
}

// word is the word for a standing.
func (e *env) word(st incidents.Standing) string {
	switch st {
	case incidents.Up:
		return e.t("ui.state_up")
	case incidents.Degraded:
		return e.t("ui.state_degraded")
	case incidents.Partial:
		return e.t("ui.state_partial")
	case incidents.Down:
		return e.t("ui.state_down")
	case incidents.Flapping:
		return e.t("ui.state_flapping")
	case incidents.Maintenance:
		return e.t("ui.state_maintenance")
	}
	return e.t("ui.state_unknown")
}

// act asks Desk for a change, off the UI loop; the answer comes as savedMsg with say and tag.
func (e *env) act(r incidents.Request, say text.Message, tag any) tea.Cmd {
	if e.Options.ReadOnly {
		return func() tea.Msg { return flashMsg{text: text.M("ui.read_only"), alarm: true} }
	}
	r.By = e.Options.Person
	desk := e.Desk
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		rec, err := desk.Act(ctx, r)
		return savedMsg{rec: rec, err: err, text: say, tag: tag}
	}
}

// flash shows a message in the message line.
func flash(m text.Message) tea.Cmd { return func() tea.Msg { return flashMsg{text: m} } }

// open shows another screen: "board", "incidents", "incident", "check", "help".
func open(view, id string) tea.Cmd { return func() tea.Msg { return openMsg{view: view, id: id} } }

// ask puts a dialog on top.
func ask(d dialog) tea.Cmd { return func() tea.Msg { return dialogMsg{d: d} } }
