package ui

import (
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"lage/incidents"
	"lage/internal/text"
)

// Below these sizes the frame gives its lines to what matters: first header and message line go, then everything but one
// line that says what is wrong.
const (
	smallW, smallH = 60, 16
	tinyW, tinyH   = 24, 6
)

// View draws the whole screen.
func (a *App) View() tea.View {
	lines := a.lines()
	if a.e.style.asciiOnly {
		for i, l := range lines {
			lines[i] = onlyASCII(l)
		}
	}
	v := tea.NewView(strings.Join(lines, "\n"))
	v.AltScreen = true
	v.WindowTitle = a.windowTitle()
	return v
}

// onlyASCII is the last resort for text that nobody spelled for the terminal: a question mark per cell.
func onlyASCII(l string) string {
	if isASCII(l) {
		return l
	}
	var b strings.Builder
	for _, r := range l {
		if r > 0x7e {
			b.WriteString(strings.Repeat("?", cells(string(r))))
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// lines draws h lines of w cells.
func (a *App) lines() []string {
	e := &a.e
	w, h := e.w, e.h
	if w < tinyW || h < tinyH {
		return e.style.box(a.tiny(), w, h)
	}
	small := w < smallW || h < smallH
	var head []string
	if small {
		head = append(head, a.smallHeader(w), e.style.rule(w))
	} else {
		head = append(head, a.header(w), e.style.rule(w))
		if b := a.banner(w); b != "" {
			head = append(head, b)
		}
	}
	head = append(head, a.warnings(w)...)
	var foot []string
	if small {
		foot = []string{e.style.rule(w), a.smallFoot(w)}
	} else {
		foot = []string{e.style.rule(w), a.message(w), a.keyLine(w)}
	}
	room := h - len(head) - len(foot)
	if room < 1 { // the warnings took everything: the newest of them must do
		head, room = head[:h-len(foot)-1], 1
	}
	body := a.body(w, room)
	out := make([]string, 0, h)
	out = append(out, head...)
	out = append(out, body...)
	return append(out, foot...)
}

// body draws the screen in sight, and the dialog over it.
func (a *App) body(w, h int) []string {
	lines := a.top().Lines(&a.e, w, h)
	if len(lines) != h {
		lines = a.e.style.box(lines, w, h)
	}
	if a.dialog == nil {
		return lines
	}
	d := a.dialog.Lines(&a.e, w, h)
	dw := 0
	for _, l := range d {
		dw = max(dw, cells(l))
	}
	out := append([]string(nil), lines...)
	x, y := max(0, (w-dw)/2), max(0, (h-len(d))/2)
	if dw > w-4 {
		x = 0
	}
	if _, low := a.dialog.(bottom); low { // where its keys are
		x, y = 0, max(0, h-len(d))
	}
	for i, l := range d {
		if y+i >= h {
			break
		}
		if x == 0 {
			out[y+i] = a.e.style.fit(l, w)
			continue
		}
		under := a.e.style.fit(ansi.Strip(out[y+i]), w)
		out[y+i] = ansi.Cut(under, 0, x-1) + " " + a.e.style.fit(l, dw) + " " + ansi.Cut(under, x+dw+1, w)
	}
	return out
}

// header says where one is, how fresh the measurements are, and what time it is.
func (a *App) header(w int) string {
	e := &a.e
	left := " lage  " + e.style.bold.Render(a.top().Title(e))
	if e.Options.ReadOnly {
		left += " " + e.style.dot + " " + e.t("ui.read_only_mark")
	}
	now := e.local(e.now)
	right := a.freshness() + " " + e.style.dot + " "
	if w >= 100 {
		right += text.Weekday(e.Options.Lang, now) + " " + now.Format("02.01.") + " " + text.Clock(now) + " " + text.Zone(e.Options.Lang, now)
		if e.Options.Lang == text.English {
			right = a.freshness() + " " + e.style.dot + " " + text.Weekday(e.Options.Lang, now) + now.Format(" 2 Jan ") + text.Clock(now) + " " + text.Zone(e.Options.Lang, now)
		}
	} else {
		right += text.Weekday(e.Options.Lang, now) + " " + text.Clock(now)
	}
	return e.style.ends(left, right+" ", w)
}

// freshness says how old the newest measurement is, in steps that do not make the line flicker.
func (a *App) freshness() string {
	e := &a.e
	p := e.picture.Poller
	switch {
	case p.Last.IsZero():
		return e.t("ui.poller_none")
	case e.silence != incidents.Measured:
		return e.t("ui.data_old", e.now.Sub(p.Last).Truncate(tickEvery))
	}
	age := e.now.Sub(p.Last)
	if age < tickEvery {
		return e.t("ui.poller_fresh", e.style.filled)
	}
	return e.t("ui.poller_age", e.style.filled, age.Truncate(tickEvery))
}

func (a *App) smallHeader(w int) string {
	if _, isRoom := a.top().(holder); a.urgent() != nil && !a.inRoom() && (isRoom || len(a.stack) == 1) {
		return a.banner(w)
	}
	e := &a.e
	mark := e.style.filled
	if e.silence != incidents.Measured {
		mark = e.style.state(incidents.Degraded)
	}
	return e.style.ends(e.style.bold.Render(a.top().Title(e)), text.Clock(e.local(e.now))+" "+mark, w)
}

// inRoom tells whether the screen in sight is the incident's own room, where a banner would only repeat it.
func (a *App) inRoom() bool {
	for _, r := range a.rooms {
		if room, ok := r.(*room); r == a.top() && ok && !room.alone {
			return true
		}
	}
	return false
}

// banner names the most urgent open incident: reversed until somebody has acknowledged it, bold after. Empty when there
// is none, and in a room.
func (a *App) banner(w int) string {
	e := &a.e
	in := a.urgent()
	if in == nil || a.inRoom() {
		return ""
	}
	st, word := a.severity(in)
	unacked := in.State == incidents.Detected
	name := e.serviceTitle(in.Service)
	if name == "" {
		name = e.show(in.Title)
	}
	state := e.t("ui.led_by", e.show(in.Lead))
	if unacked {
		state = e.t("ui.unacknowledged")
	}
	g, dot := e.style.glyph(st), e.style.dot
	before, after := g+" "+incidents.Short(in.ID)+" ", " "+e.ago(in.Started)+"  "+state
	switch {
	case w >= 100:
		before = " " + g + " " + word + "   " + in.ID + "  "
		after = "   " + e.t("ui.since", e.clock(in.Started)) + " " + dot + " " + e.ago(in.Started) + "   " + state
	case w >= smallW:
		before = " " + g + " " + word + "  " + incidents.Short(in.ID) + " "
		after = "  " + e.ago(in.Started) + "  " + state
	}
	if more := len(e.picture.Incidents) - 1; more > 0 {
		after += "  +" + strconv.Itoa(more)
		if w >= 100 {
			after = strings.TrimSuffix(after, "+"+strconv.Itoa(more)) + e.t("ui.more_incidents", more)
		}
	}
	left := before + e.style.cut(name, max(8, w-cells(before+after))) + after
	line := e.style.ends(left, bannerKeys(e, unacked, w-cells(left)), w)
	if unacked {
		return e.style.loud[standingIndex(st)].Render(line)
	}
	return e.style.bold.Render(line)
}

// bannerKeys names the keys that act on the banner's incident, as far as there are w cells for it.
func bannerKeys(e *env, unacked bool, w int) string {
	keys := []string{e.t("ui.key_room_hint") + " "}
	if unacked {
		keys = []string{e.t("ui.key_ack_hint") + "   " + e.t("ui.key_room_hint") + " ", e.t("ui.key_ack_hint_short") + "  " + e.t("ui.key_room_hint") + " ",
			e.t("ui.key_ack_hint") + " ", e.t("ui.key_ack_hint_short") + " ", keyAck.name(e) + " "}
	}
	for _, k := range keys {
		if cells(k)+1 <= w {
			return k
		}
	}
	return ""
}

// severity is how bad an incident is: as its service stands now.
func (a *App) severity(in *incidents.Incident) (incidents.Standing, string) {
	e := &a.e
	if s := e.service(in.Service); s != nil && s.Standing != incidents.Up && s.Standing != incidents.Unknown && s.Standing != incidents.Maintenance {
		return s.Standing, strings.ToUpper(e.word(s.Standing))
	}
	if !in.Recovered.IsZero() {
		return incidents.Up, e.t("ui.recovered")
	}
	return incidents.Down, e.t("ui.incident_word")
}

// warnings are the lines about lage itself: a broken configuration, old measurements, results that are not stored.
func (a *App) warnings(w int) []string {
	e := &a.e
	var out []string
	add := func(t string) {
		lines := wrapLines(t, w-3-e.style.glyphWidth())
		if most := 1 + e.h/24; len(lines) > most { // a second line where there is room for it
			lines = append(lines[:most-1], strings.Join(lines[most-1:], " "))
		}
		for i, l := range lines {
			mark := e.style.glyph(incidents.Degraded)
			if i > 0 {
				mark = strings.Repeat(" ", e.style.glyphWidth())
			}
			out = append(out, e.style.reverse.Render(e.style.fit(" "+mark+" "+l, w)))
		}
	}
	if !e.Options.Banner.IsZero() {
		add(e.msg(e.Options.Banner))
	}
	if !a.failed.IsZero() {
		add(e.msg(a.failed))
	}
	if !e.unmeasured().IsZero() {
		add(e.msg(e.unmeasured()))
	}
	if t := e.picture.Poller.Trouble; t != "" {
		add(e.t("poller.not_stored", t))
	}
	for _, m := range e.picture.Remarks {
		add(e.msg(m))
	}
	return out
}

// windowTitle says in a tab or a list of windows what is wrong: "■ 1 Ausfall · lage".
func (a *App) windowTitle() string {
	e := &a.e
	n := map[incidents.Standing]int{}
	for i := range e.picture.Services {
		n[e.picture.Services[i].Standing]++
	}
	for _, st := range []incidents.Standing{incidents.Down, incidents.Partial, incidents.Degraded} {
		if n[st] > 0 {
			return e.style.glyph(st) + " " + strconv.Itoa(n[st]) + " " + e.word(st) + " " + e.style.dot + " lage"
		}
	}
	return "lage"
}

// tiny is what is left when there is no room: what is wrong, and where more can be seen.
func (a *App) tiny() []string {
	e := &a.e
	out := []string{a.windowTitle()}
	if in := a.urgent(); in != nil {
		st, _ := a.severity(in)
		out = []string{e.style.glyph(st) + " " + incidents.Short(in.ID) + " " + e.serviceTitle(in.Service) + " " + e.ago(in.Started)}
	}
	return append(out, "lage status", e.clock(e.now))
}
