package ui

import (
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"lage/checks"
	"lage/incidents"
	"lage/internal/text"
)

// cachedRow is a rendered row with all that it was made of: an unchanged row costs a comparison.
type cachedRow struct {
	key  rowKey
	line string
}

type rowKey struct {
	w, names  int
	style     *styles
	selected  bool
	stale     bool
	trends    int
	standing  incidents.Standing
	name      string
	lasting   string // how long the standing lasts, as shown
	closed    string // until when it is closed, as shown; empty while it is open
	always    bool
	fails, of int // worst check that fails but is not down yet
}

// cachedLines are rendered lines with what they were made of.
type cachedLines struct {
	selected       string
	w, h, pictures int
	style          *styles
	lines          []string
}

// widths are the columns of the board at a width; zero leaves a column out.
type widths struct{ name, state, hours, spark, p95, days, avail int }

// boardWidths divides w cells; names are how wide the longest name is. Where there is room, the days get what the names
// leave, in cells that each stand for as many days.
func boardWidths(e *env, w, names int) widths {
	var c widths
	glyph := e.style.glyphWidth()
	switch {
	case w >= 110:
		c = widths{state: 22, hours: 15, spark: 20, p95: 7, avail: 7}
		if e.Options.Lang == text.English { // "closed till 06:00" is longer than "zu bis 06:00"
			c.hours = 17
		}
		if w >= 140 {
			c.state, c.hours = 26, 24
		}
		rest := w - 2 - glyph - c.state - c.hours - c.spark - c.p95 - c.avail - 6
		c.days = daysWidth(rest - min(max(names, 18), rest/2+4))
	case w >= 80:
		c = widths{state: 28, spark: 10, p95: 7, avail: 6}
	case w >= 60:
		c = widths{state: 28, p95: 7}
	default:
		c = widths{state: max(10, w/2-1)}
	}
	c.name = w - 2 - glyph
	for _, n := range []int{c.state, c.hours, c.spark, c.p95, c.days, c.avail} {
		if n > 0 {
			c.name -= n + 1
		}
	}
	return c
}

// daysWidth is how many cells of at most n show 90 days in equal parts.
func daysWidth(n int) int {
	for _, cells := range []int{90, 45, 30, 18, 15} {
		if cells <= n {
			return cells
		}
	}
	return 10
}

// Lines draws a headline, the rows in sight, and what is known of the selected service.
func (b *board) Lines(e *env, w, h int) []string {
	if small := e.w < smallW || e.h < smallH; small != b.small {
		b.arrange(e)
	}
	if len(e.picture.Services) == 0 {
		return e.style.box(b.nothing(e, w), w, h)
	}
	out := make([]string, 0, h)
	if h >= 14 {
		if len(e.picture.Incidents) == 0 {
			out = append(out, e.style.fit(b.allWell(e), w))
		}
		if h >= 24 {
			out = append(out, e.style.fit("", w))
		}
		out = append(out, b.headings(e, w))
	}
	n := detailHeight(h)
	if n > 2 { // the list comes first: the selected service gets what it leaves, two lines at least
		n = max(2, min(n, h-len(out)-len(b.rows)))
	}
	rows := h - len(out) - n
	b.page = max(1, rows-1)
	out = append(out, b.list(e, w, rows)...)
	detail := b.detail(e, w, n)
	if more := b.hidden(rows); more > 0 && n > 0 {
		detail = append([]string{e.style.ends(ansi.Truncate(detail[0], w-12, ""), e.arrows("↓ ")+strconv.Itoa(more)+" "+e.style.rule(2), w)}, detail[1:]...)
	}
	return append(out, detail...)
}

// hidden counts the services under the rows in sight.
func (b *board) hidden(rows int) int {
	n := 0
	for _, r := range b.rows[min(b.top+rows, len(b.rows)):] {
		if r.service >= 0 {
			n++
		}
	}
	return n
}

func (b *board) nothing(e *env, w int) []string {
	if e.picture.At.IsZero() {
		return []string{"", "   " + e.t("ui.reading")}
	}
	out := []string{""}
	for _, l := range wrap(e.t("ui.no_services"), w-6) {
		out = append(out, "   "+l)
	}
	return out
}

// allWell is the line where otherwise the banner stands. A check that fails, but not often enough yet, is not "all well".
func (b *board) allWell(e *env) string {
	if b.counts[incidents.Up] == len(e.picture.Services) && !b.failing {
		return " " + e.style.state(incidents.Up) + "  " + e.style.bold.Render(e.t("ui.all_well"))
	}
	return " " + e.style.dash + "  " + e.t("ui.no_open_incident")
}

func (b *board) headings(e *env, w int) string {
	if b.heads.w != w || b.heads.h != b.names || b.heads.style != e.style {
		b.heads = cachedLines{w: w, h: b.names, style: e.style, lines: []string{drawHeadings(e, w, b.names)}}
	}
	return b.heads.lines[0]
}

func drawHeadings(e *env, w, names int) string {
	c := boardWidths(e, w, names)
	line := strings.Repeat(" ", 2+e.style.glyphWidth()) + e.style.fit(e.t("ui.col_service"), c.name)
	for _, col := range []struct {
		w     int
		code  string
		right bool
	}{{c.state, e.t("ui.col_state"), false}, {c.hours, e.t("ui.col_hours"), false}, {c.spark, latencyHeading(e, c.spark), false}, {c.p95, "p95", true},
		{c.days, e.t("ui.col_days"), false}, {c.avail, availHeading(e, c.avail), true}} {
		switch {
		case col.w == 0:
		case col.right:
			line += " " + e.style.fitRight(col.code, col.w)
		default:
			line += " " + e.style.fit(col.code, col.w)
		}
	}
	return e.style.dim.Render(e.style.fit(line, w))
}

func latencyHeading(e *env, w int) string {
	if t := e.t("ui.col_latency_long"); cells(t) <= w {
		return t
	}
	return e.t("ui.col_latency")
}

func availHeading(e *env, w int) string {
	if t := e.t("ui.col_avail"); cells(t) <= w {
		return t
	}
	return e.t("ui.col_avail_short")
}

// list draws the h rows in sight.
func (b *board) list(e *env, w, h int) []string {
	at := 0
	for i, r := range b.rows {
		if r.service >= 0 && r.id == b.selected {
			at = i
		}
	}
	b.top = scroll(b.top, at, len(b.rows), h)
	if at > 0 && b.top == at && b.rows[at-1].service < 0 { // the group's name comes into sight with its first row
		b.top--
	}
	out := make([]string, 0, h)
	for i := b.top; i < len(b.rows) && len(out) < h; i++ {
		r := b.rows[i]
		if r.service < 0 {
			out = append(out, e.style.fit(" "+e.style.bold.Render(e.show(strings.ToUpper(r.heading))), w))
			continue
		}
		out = append(out, b.row(e, &e.picture.Services[r.service], w, i == at))
	}
	if len(b.rows) == 0 {
		out = append(out, e.style.fit("   "+e.t("ui.nothing_found"), w))
	}
	blank := strings.Repeat(" ", w)
	for len(out) < h {
		out = append(out, blank)
	}
	return out
}

// row gives a service's line: from the cache, unless something that it shows has changed.
func (b *board) row(e *env, s *incidents.ServicePicture, w int, selected bool) string {
	k := rowKey{w: w, names: b.names, style: e.style, selected: selected, stale: e.silence != incidents.Measured, trends: e.trendsAt, standing: s.Standing,
		name: s.Service.Title(string(e.Options.Lang)), always: s.Service.Hours.Always()}
	if s.Standing != incidents.Up && !s.Since.IsZero() {
		k.lasting = e.ago(s.Since.Round(0))
		if e.now.Sub(s.Since) < time.Minute {
			k.lasting = e.t("ui.under_a_minute")
		}
	}
	if !s.InHours {
		k.closed = closedUntil(e, s.Changes, "ui.closed_until")
	}
	for i := range s.Checks {
		if c := &s.Checks[i]; c.State.Failing() && c.State.Failures > k.fails {
			k.fails, k.of = c.State.Failures, failAfter(c.Check)
		}
	}
	if old, ok := b.cache[s.Service.ID]; ok && old.key == k {
		return old.line
	}
	line := drawRow(e, s, k)
	b.cache[s.Service.ID] = cachedRow{key: k, line: line}
	return line
}

func failAfter(c checks.Check) int {
	if c.Policy.FailAfter > 0 {
		return c.Policy.FailAfter
	}
	return 3
}

// closedUntil says until when a service is outside its hours: "06:00", "Mo 06:00", or "" when that is not known.
func closedUntil(e *env, until time.Time, code string) string {
	if until.IsZero() {
		return e.t("ui.closed")
	}
	t := e.local(until)
	if until.Sub(e.now) > 6*24*time.Hour { // the weekday alone would be this week's
		return e.t(code, text.Date(e.Options.Lang, t))
	}
	if until.Sub(e.now) > 20*time.Hour {
		return e.t(code, text.Weekday(e.Options.Lang, t)+" "+text.Clock(t))
	}
	return e.t(code, text.Clock(t))
}

func drawRow(e *env, s *incidents.ServicePicture, k rowKey) string {
	c := boardWidths(e, k.w, k.names)
	var l strings.Builder
	mark := " "
	if k.selected {
		mark = e.style.selectedMark
	}
	name := e.style.fit(e.show(k.name), c.name)
	state := e.style.cut(stateWords(e, k, c), c.state)
	blank := strings.Repeat(" ", c.state-cells(state)) // not reversed with the words
	switch {
	case k.stale:
		state = e.style.dim.Render(state)
	case k.standing != incidents.Up:
		state = e.style.stateStyle(k.standing).Render(state)
	}
	state += blank
	if k.selected {
		mark, name = e.style.bold.Render(mark), e.style.bold.Render(name)
	}
	glyph := e.style.state(k.standing)
	if k.stale {
		glyph = e.style.dim.Render(e.style.glyph(k.standing))
	}
	l.WriteString(mark + glyph + " " + name + " " + state)
	t, ok := e.trends[s.Service.ID]
	for _, col := range []struct {
		w    int
		cell func(w int) string
	}{
		{c.hours, func(w int) string { return e.style.dim.Render(e.style.fit(hoursWords(e, k, s, w), w)) }},
		{c.spark, func(w int) string { return spark(e, t, w) }},
		{c.p95, func(w int) string { return e.style.fitRight(latencyOrDash(e, t.P95), w) }},
		{c.days, func(w int) string { return daysBar(e, t.Days, w) }},
		{c.avail, func(w int) string { return e.style.fitRight(availWords(e, t, ok), w) }},
	} {
		if col.w > 0 {
			l.WriteString(" " + col.cell(col.w))
		}
	}
	return l.String()
}

// stateWords says where a service stands, in the longest form that fits: the measured state first, then what stands
// beside it.
func stateWords(e *env, k rowKey, c widths) string {
	word := e.word(k.standing)
	dot := " " + e.style.dot + " "
	var beside []string
	if k.fails > 0 {
		beside = append(beside, e.t("ui.failing", k.fails, k.of), e.style.fails+" "+strconv.Itoa(k.fails)+"/"+strconv.Itoa(k.of))
	}
	if c.hours == 0 && k.closed != "" {
		closed := []string{k.closed, e.t("ui.closed"), e.t("ui.closed_short")}
		if k.fails > 0 {
			beside = []string{beside[0] + dot + closed[1], beside[1] + dot + closed[1], beside[1] + dot + closed[2]}
		} else {
			beside = closed
		}
	}
	forms := []string{word}
	if k.lasting != "" {
		forms = []string{e.t("ui.state_since", word, k.lasting), word + " " + k.lasting, word}
	}
	if len(beside) == 0 {
		beside, dot = []string{""}, ""
	}
	for _, x := range beside {
		for _, f := range forms {
			if t := f + dot + x; cells(t) <= c.state {
				return t
			}
		}
	}
	return word + dot + beside[len(beside)-1]
}

// hoursWords says whether a service is open, and until when, in the longest form that fits w cells.
func hoursWords(e *env, k rowKey, s *incidents.ServicePicture, w int) string {
	switch {
	case k.closed != "" && cells(k.closed) <= w:
		return k.closed
	case k.closed != "":
		return closedUntil(e, s.Changes, "ui.closed_until_short")
	case k.always:
		return e.t("ui.always")
	case s.Changes.IsZero():
		return e.t("ui.open_now")
	}
	return e.t("ui.open_until", e.clock(s.Changes))
}

func latencyOrDash(e *env, d time.Duration) string {
	if d == 0 {
		return e.style.dash
	}
	return e.show(text.Latency(e.Options.Lang, d))
}

// availWords writes an availability in percent. It never rounds up to 100: what failed must not look perfect.
func availWords(e *env, t Trend, ok bool) string {
	if !ok || t.Avail < 0 {
		return e.style.dash
	}
	return percent(e.Options.Lang, t.Avail)
}

func percent(l text.Lang, part float64) string {
	p := part * 100
	switch {
	case part >= 1:
		return text.Number(l, 100, 1)
	case p >= 99.99:
		return text.Number(l, 99.99, 2)
	}
	return text.Number(l, float64(int(p*100))/100, 2)
}
