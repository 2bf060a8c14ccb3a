package ui

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"lage/incidents"
	"lage/internal/text"
	"lage/runbooks"
	"lage/services"
)

// From these sizes on the room has three panes, or tabs with a strip of steps; below, one thing after the other.
const (
	wideW, wideH = 110, 22
	midW, midH   = 56, 13
)

func (r *room) Lines(e *env, w, h int) []string {
	s := e.style
	var lines []string
	switch {
	case h < 1 || w < 1:
		return nil
	case r.have == 0 && r.err == nil:
		lines = []string{"", " " + e.t("room.loading", r.id)}
	case r.have == 0 || !r.here():
		lines = append([]string{""}, wrapLines(" "+e.t("room.unread", r.id, r.err), w)...)
	case w >= wideW && h >= wideH:
		lines = r.wide(e, w, h)
	case w >= midW && h >= midH:
		lines = r.mid(e, w, h)
	default:
		lines = r.small(e, w, h)
	}
	return s.box(lines, w, h)
}

// wide draws three panes under the incident's head.
func (r *room) wide(e *env, w, h int) []string {
	s := e.style
	var out []string
	if r.alone {
		out = append([]string{r.headline(e, w), ""}, r.aloneRows(e, w)...)
	} else {
		out = append([]string{r.headline(e, w), "", " " + r.stages(e, w-2), ""}, r.factRows(e, w)...)
	}
	left, right := 31, 30
	if w > 130 {
		left, right = w/4, w/4
	}
	mid := w - left - right - 2
	joint := "┬"
	if s.asciiOnly {
		joint = "+"
	}
	out = append(out, s.rule(left)+joint+s.rule(mid)+joint+s.rule(right))
	rows := h - len(out)
	return append(out, s.beside(rows,
		pane{left, r.stepsPane(e, left, rows)},
		pane{mid, indent(r.stepPane(e, mid-2, rows), " ")},
		pane{right, indent(r.timelinePane(e, right-1, rows, true), " ")})...)
}

func indent(lines []string, by string) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = by + l
	}
	return out
}

// mid draws tabs: the runbook as a strip of steps over the step at hand, its text alone, or the timeline.
func (r *room) mid(e *env, w, h int) []string {
	s := e.style
	out := []string{r.headline(e, w)}
	if r.alone {
		out = append(out, " "+r.aloneLine(e, w-1))
	} else {
		out = append(out, " "+r.stages(e, w-1), " "+r.factLine(e, w-1))
	}
	out = append(out, r.tabs(e, w), s.rule(w))
	rows := h - len(out)
	switch r.pane {
	case paneTimeline:
		return append(out, indent(r.timelinePane(e, w-2, rows, false), " ")...)
	case paneStep:
		return append(out, indent(r.stepPane(e, w-2, rows), " ")...)
	}
	out = append(out, r.strip(e, w), "")
	rows -= 2
	body := rows
	if rows > 9 {
		body -= 2
	}
	step := r.stepPane(e, w-2, body)
	out = append(out, indent(s.box(step, w-2, min(body, len(step))), " ")...)
	if body == rows {
		return out
	}
	return append(append(out, ""), r.latest(e, w, max(1, rows-len(step)-1))...)
}

// latest are the last entries of the timeline, a line each, in n lines, the newest at the bottom.
func (r *room) latest(e *env, w, n int) []string {
	var lines []string
	for _, en := range r.shownEntries(n) {
		lines = append(lines, " "+e.style.dim.Render(e.style.cut(r.entry(e, en, 0, 1000)[0], w-2)))
	}
	return append(make([]string, n-len(lines)), lines...)
}

// small draws what fits on a phone: the incident, the step, its command and the end of its output.
func (r *room) small(e *env, w, h int) []string {
	out := []string{r.smallHead(e, w)}
	if h < 3 {
		return out
	}
	if r.pane == paneTimeline {
		return append(out, r.timelinePane(e, w, h-1, false)...)
	}
	return append(out, r.stepPane(e, w, h-1)...)
}

// severity is how bad it is now: as the service stands, or over.
func (r *room) severity(e *env) (incidents.Standing, string) {
	inc := r.data.Incident
	if !inc.Open() {
		return incidents.Up, e.t("room.word_resolved")
	}
	if sp := e.service(inc.Service); sp != nil && sp.Standing != incidents.Up && sp.Standing != incidents.Unknown {
		return sp.Standing, strings.ToUpper(e.word(sp.Standing))
	}
	if !inc.Recovered.IsZero() {
		return incidents.Up, e.t("room.word_recovered")
	}
	return incidents.Down, e.t("room.word_incident")
}

// headline names the incident and who leads it: reversed until somebody has acknowledged it, bold after.
func (r *room) headline(e *env, w int) string {
	if r.alone {
		return r.aloneHead(e, w)
	}
	s, inc := e.style, r.data.Incident
	st, word := r.severity(e)
	id := inc.ID
	if w < 100 {
		id = incidents.Short(id)
	}
	gap := "   "
	if w < 100 {
		gap = "  "
	}
	left := " " + s.glyph(st) + " " + word + gap + id + gap + e.show(inc.Title)
	if class := r.className(e); w >= 100 && class != "" {
		left += gap + class
	}
	right := e.t("room.unacknowledged") + "  a "
	if here := r.alsoHere(e); inc.State == incidents.Detected && here != "" {
		if both := here + " " + s.dot + " " + right; cells(left)+cells(both) < w { // never at the title's expense
			right = both
		}
	}
	if inc.State != incidents.Detected {
		right = ""
		if inc.Lead != "" {
			right = e.t("room.lead") + " " + e.show(inc.Lead)
			if w < 100 && inc.Lead == e.Options.Person.Name { // the title needs the room
				right = e.t("room.you_lead")
			}
			if r.leadIsHere(e) {
				right += " " + e.t("room.is_here")
			}
		}
		if here := r.alsoHere(e); here != "" && w >= 70 {
			right = strings.TrimPrefix(right+" "+s.dot+" "+here, " "+s.dot+" ")
		}
		right += " "
	}
	line := s.ends(left, right, w)
	if inc.State == incidents.Detected {
		return s.loud[standingIndex(st)].Render(line)
	}
	return s.bold.Render(line)
}

func (r *room) alsoHere(e *env) string {
	var names []string
	for _, p := range r.data.Present {
		if p.Name != e.Options.Person.Name && p.Name != r.data.Incident.Lead {
			names = append(names, e.show(p.Name))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return e.t("room.also_here", strings.Join(names, ", "))
}

// leadIsHere tells whether a colleague who leads looks at the incident as well.
func (r *room) leadIsHere(e *env) bool {
	lead := r.data.Incident.Lead
	return lead != e.Options.Person.Name && slices.ContainsFunc(r.data.Present, func(p services.Person) bool { return p.Name == lead })
}

// stages shows the states in a row, with the times at which they were reached.
func (r *room) stages(e *env, w int) string {
	s := e.style
	for _, short := range []bool{false, true} {
		parts := r.stageParts(e, short)
		used := 0
		for _, p := range parts {
			used += ansi.StringWidth(p)
		}
		gap := (w - used) / (len(parts) - 1)
		switch {
		case gap >= 4:
			return strings.Join(parts, " "+s.dim.Render(s.rule(min(gap-2, 4)))+" ")
		case gap >= 1:
			return strings.Join(parts, strings.Repeat(" ", min(gap, 2)))
		}
	}
	now := stateWord(e, r.data.Incident.State)
	if when := r.reached(r.data.Incident.State); !when.IsZero() {
		now += " " + e.clock(when)
	}
	return s.cut(e.t("room.stands", now), w)
}

func (r *room) stageParts(e *env, short bool) []string {
	s, inc := e.style, r.data.Incident
	at := 0
	states := incidents.States()
	for i, st := range states {
		if st == inc.State {
			at = i
		}
	}
	var out []string
	for i, st := range states {
		word := stateWord(e, st)
		if short {
			word = e.t(shortCode(st))
		}
		when := r.reached(st)
		switch {
		case i > at:
			out = append(out, s.open+" "+word)
		case when.IsZero() && i < at:
			out = append(out, s.dash+" "+s.dim.Render(word))
		case when.IsZero():
			out = append(out, s.filled+" "+s.bold.Render(word))
		case i == at:
			out = append(out, s.filled+" "+s.bold.Render(word+" "+e.clock(when)))
		default:
			out = append(out, s.filled+" "+word+" "+e.clock(when))
		}
	}
	return out
}

func shortCode(st incidents.State) string {
	switch st {
	case incidents.Detected:
		return "room.short_detected"
	case incidents.Acknowledged:
		return "room.short_acknowledged"
	case incidents.Identified:
		return "room.short_identified"
	case incidents.Monitoring:
		return "room.short_monitoring"
	}
	return "room.short_resolved"
}

// reached is when the incident came into a state last; zero when it never did.
func (r *room) reached(st incidents.State) time.Time {
	inc := r.data.Incident
	switch st {
	case incidents.Detected:
		return inc.Detected
	case incidents.Acknowledged:
		return inc.Acknowledged
	case incidents.Resolved:
		return inc.Resolved
	}
	for i := len(r.data.Entries) - 1; i >= 0; i-- {
		en := r.data.Entries[i]
		if en.Kind != incidents.KindState || len(en.Message.Args) == 0 {
			continue
		}
		var word text.Message
		if json.Unmarshal([]byte(en.Message.Args[0]), &word) == nil && strings.HasSuffix(word.Code, "state_"+string(st)) {
			return en.OccurredAt
		}
	}
	return time.Time{}
}

// factLine is as many of the facts as fit, whole.
func (r *room) factLine(e *env, w int) string {
	facts := r.facts(e)
	line := e.style.cut(facts[0], w)
	for _, f := range facts[1:] {
		if longer := line + " " + e.style.dot + " " + f; cells(longer) <= w {
			line = longer
		}
	}
	return line
}

// facts are what counts about the incident now, as sentences of a few words, the weightiest first.
func (r *room) facts(e *env) []string {
	out := []string{e.t("room.lasts", r.lasts(e))}
	if owed := r.owed(e); len(owed) > 0 {
		out = append(out, e.t("services.strip_"+string(owed[0].Kind))+" "+targetWords(e, owed[0]))
	}
	if n := len(r.data.Checks); n > 0 {
		out = append(out, e.t("room.checks_bad", len(red(r.data)), n))
	}
	if sp := e.service(r.data.Incident.Service); sp != nil {
		out = append(out, e.style.state(sp.Standing)+" "+e.word(sp.Standing))
	}
	if class := r.className(e); class != "" {
		out = append(out, class)
	}
	return out
}

// factRows are the same in columns, with their names above.
func (r *room) factRows(e *env, w int) []string {
	s, inc := e.style, r.data.Incident
	cols := []fact{{e.t("room.fact_duration"), r.lasts(e)}}
	if n := len(r.data.Checks); n > 0 {
		cols = append(cols, fact{e.t("room.fact_checks"), e.t("room.checks_bad_of", len(red(r.data)), n)})
	}
	if sp := e.service(inc.Service); sp != nil {
		cols = append(cols, fact{e.serviceTitle(inc.Service), s.state(sp.Standing) + " " + e.word(sp.Standing)})
	}
	for i, t := range r.owed(e) {
		if i < 2 {
			cols = append(cols, fact{e.t("services.strip_" + string(t.Kind)), targetWords(e, t)})
		}
	}
	if r.book != nil {
		done, total := r.progressed()
		cols = append(cols, fact{e.t("room.fact_runbook"), e.t("room.done_of", done, total)})
	}
	switch {
	case inc.Cause != "":
		cols = append(cols, fact{e.t("room.fact_cause"), e.show(inc.Cause)})
	case !inc.Recovered.IsZero():
		cols = append(cols, fact{e.t("room.fact_recovered"), e.clock(inc.Recovered)})
	}
	each := max(16, (w-3)/len(cols))
	top, bottom := "   ", "   "
	for _, c := range cols {
		top += s.dim.Render(s.fit(c.label, each-1)) + " "
		bottom += s.fit(c.value, each-1) + " "
	}
	return []string{top, bottom}
}

func (r *room) progressed() (done, total int) {
	var w runbooks.Walk
	if c := r.current(); c != nil {
		w = *c
	}
	return runbooks.Progress(r.book, w)
}

func (r *room) tabs(e *env, w int) string {
	s := e.style
	done, total := 0, 0
	if r.book != nil {
		done, total = r.progressed()
	}
	names := []string{e.t("room.tab_runbook", done, total), e.t("room.tab_step"), e.t("room.tab_timeline", len(r.data.Entries))}
	out := " "
	for i, n := range names {
		if i == r.pane {
			out += s.tabL + s.bold.Render(n) + s.tabR + "  "
			continue
		}
		out += " " + n + "   "
	}
	return s.ends(strings.TrimRight(out, " "), s.dim.Render(e.t("room.tab_next"))+" ", w)
}
