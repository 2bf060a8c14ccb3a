package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"lage/incidents"
)

// incidentList shows the open incidents (view 2), oldest first.
type incidentList struct {
	selected string
	top      int
	page     int
}

func newIncidents() *incidentList { return &incidentList{} }

func (l *incidentList) Title(e *env) string { return e.t("ui.incidents") }

func (l *incidentList) Hint(e *env) string {
	return e.t("ui.open_incidents", len(e.picture.Incidents))
}

func (l *incidentList) incidentID(*env) string { return l.selected }

func (l *incidentList) Keys(e *env) []binding {
	some := len(e.picture.Incidents) > 0
	return []binding{keyMove.when(some), keyOpen.when(some)}
}

func (l *incidentList) Update(e *env, msg tea.Msg) tea.Cmd {
	switch m := msg.(type) {
	case changedMsg:
		if e.incident(l.selected) == nil {
			l.selected = ""
			if len(e.picture.Incidents) > 0 {
				l.selected = e.picture.Incidents[0].ID
			}
		}
	case tea.KeyPressMsg:
		if keyOpen.matches(m) {
			if e.incident(l.selected) != nil {
				return open("incident", l.selected)
			}
			return nil
		}
		if to, ok := move(m, l.at(e), len(e.picture.Incidents), l.page); ok && len(e.picture.Incidents) > 0 {
			l.selected = e.picture.Incidents[to].ID
		}
	}
	return nil
}

func (l *incidentList) at(e *env) int {
	for i := range e.picture.Incidents {
		if e.picture.Incidents[i].ID == l.selected {
			return i
		}
	}
	return 0
}

// Lines draws one line per incident.
func (l *incidentList) Lines(e *env, w, h int) []string {
	open := e.picture.Incidents
	if len(open) == 0 {
		return e.style.box([]string{"", "   " + e.t("ui.no_open_incident")}, w, h)
	}
	l.page = max(1, h-2)
	at := l.at(e)
	l.top = scroll(l.top, at, len(open), h-1)
	lines := []string{l.headings(e, w)}
	for i := l.top; i < len(open) && len(lines) < h; i++ {
		lines = append(lines, l.row(e, &open[i], w, i == at))
	}
	return e.style.box(lines, w, h)
}

// headings names the columns, at their places in row.
func (l *incidentList) headings(e *env, w int) string {
	id := 12
	if w < 70 {
		id = len(incidents.Short("INC-2026-031"))
	}
	left := strings.Repeat(" ", 2+e.style.glyphWidth()) + e.style.fit(e.t("ui.col_incident"), id) + "  " + e.t("ui.col_service")
	right := e.style.fitRight(e.t("ui.col_lasts"), 10) + "  " + e.style.fit(e.t("ui.col_stands"), 15)
	if w >= 80 {
		right += " " + e.style.fit(e.t("ui.col_lead"), 16)
	}
	return e.style.dim.Render(e.style.ends(left, right, w))
}

func (l *incidentList) row(e *env, in *incidents.Incident, w int, selected bool) string {
	st := incidents.Down
	if s := e.service(in.Service); s != nil {
		st = s.Standing
	}
	mark, title, id := " ", e.serviceTitle(in.Service), in.ID
	if t := e.show(in.Title); w >= 100 && t != "" {
		if !strings.Contains(t, title) {
			t = title + ": " + t
		}
		title = t
	}
	if w < 70 {
		id = incidents.Short(id)
	}
	if selected {
		mark, title = e.style.bold.Render(e.style.selectedMark), e.style.bold.Render(title)
	}
	state := e.stateOfIncident(in.State)
	if in.State == incidents.Detected {
		state = e.style.bold.Render(e.t("ui.unacknowledged"))
	}
	right := e.style.fitRight(e.ago(in.Started), 10) + "  " + e.style.fit(state, 15)
	if w >= 80 {
		right += " " + e.style.fit(e.show(in.Lead), 16)
	}
	return e.style.ends(mark+e.style.state(st)+" "+id+"  "+title, right, w)
}

// stateOfIncident is the word for where an incident stands.
func (e *env) stateOfIncident(s incidents.State) string {
	switch s {
	case incidents.Detected:
		return e.t("ui.incident_detected")
	case incidents.Acknowledged:
		return e.t("ui.incident_acknowledged")
	case incidents.Identified:
		return e.t("ui.incident_identified")
	case incidents.Monitoring:
		return e.t("ui.incident_monitoring")
	}
	return e.t("ui.incident_resolved")
}
