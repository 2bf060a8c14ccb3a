package ui

import (
	tea "charm.land/bubbletea/v2"
)

// help lists the keys of the screen that it was called from, the keys that mean the same everywhere, and the signs. It is
// made of the bindings that Update matches.
type help struct {
	about screen
	top   int
	n     int // lines in all at the last drawing
	page  int
}

func newHelp(about screen) *help {
	if h, ok := about.(*help); ok {
		return newHelp(h.about)
	}
	return &help{about: about}
}

func (h *help) Title(e *env) string { return e.t("ui.help") }
func (h *help) Keys(*env) []binding {
	return []binding{keyMove.labelled("ui.key_scroll").when(h.n > h.page)}
}
func (h *help) Hint(e *env) string { return "lage " + e.show(e.Options.Version) }
func (h *help) Update(_ *env, msg tea.Msg) tea.Cmd {
	if k, ok := msg.(tea.KeyPressMsg); ok {
		at := h.top
		if k.String() == "G" || k.String() == "end" {
			at = h.n
		}
		if to, ok := move(k, at, max(1, h.n-h.page+1), h.page); ok {
			h.top = to
		}
	}
	return nil
}

// everywhere are the keys that the App matches itself.
func everywhere() []binding {
	return []binding{keyMove, keyOpen, keyBack, keyAck, keyRoom, keyNote, keyBoard, keyList, keyShelf, keyWalks, keyHelp, keyDraw, keyStop, keyQuit, keyBreak}
}

// helpLine is a key or a sign and what it means; a heading has no text.
type helpLine struct{ key, text string }

const helpKey = 11 // cells for the names of keys

// Lines draws the sections in as many columns as there is room for.
func (h *help) Lines(e *env, w, hh int) []string {
	own := h.about.Keys(e)
	var rest []binding
	for _, b := range everywhere() {
		if !shadowed(own, b) {
			rest = append(rest, b)
		}
	}
	var sections [][]helpLine
	if len(own) > 0 {
		sections = append(sections, keyLines(e, e.t("ui.help_here", h.about.Title(e)), own))
	}
	sections = append(sections, keyLines(e, e.t("ui.help_everywhere"), rest), signLines(e), moreLines(e))
	n := max(1, w/38)
	cols := flow(e, sections, n, w/n)
	rows := 0
	for _, c := range cols {
		rows = max(rows, len(c))
	}
	lines := make([]string, rows)
	for i := range lines {
		for _, c := range cols {
			t := ""
			if i < len(c) {
				t = c[i]
			}
			lines[i] += e.style.fit(" "+t, w/n)
		}
	}
	h.n, h.page = rows, hh
	h.top = max(0, min(h.top, rows-hh))
	return e.style.box(lines[h.top:], w, hh)
}

// flow puts sections into n columns of about the same height, in order.
func flow(e *env, sections [][]helpLine, n, w int) [][]string {
	drawn := make([][]string, len(sections))
	total := 0
	for i, s := range sections {
		for _, l := range s {
			drawn[i] = append(drawn[i], l.lines(e, w-2)...)
		}
		total += len(drawn[i]) + 1
	}
	cols := make([][]string, n)
	at := 0
	for _, s := range drawn {
		if at < n-1 && len(cols[at]) > 0 && len(cols[at])+len(s)/2 > total/n {
			at++
		}
		if len(cols[at]) > 0 {
			cols[at] = append(cols[at], "")
		}
		cols[at] = append(cols[at], s...)
	}
	return cols
}

// lines wraps the text to w cells, beside the key.
func (l helpLine) lines(e *env, w int) []string {
	if l.text == "" {
		return []string{e.style.bold.Render(l.key)}
	}
	key := max(helpKey, cells(l.key)+1)
	var out []string
	for i, t := range wrap(l.text, w-key) {
		k := ""
		if i == 0 {
			k = l.key
		}
		out = append(out, e.style.fit(k, key)+t)
	}
	return out
}

func keyLines(e *env, title string, bs []binding) []helpLine {
	out := []helpLine{{key: title}}
	for _, b := range bs {
		out = append(out, helpLine{b.names(e), e.t(b.help)})
	}
	return out
}

func signLines(e *env) []helpLine {
	out := []helpLine{{key: e.t("ui.help_signs")}}
	for _, st := range standings() {
		out = append(out, helpLine{e.style.state(st), e.word(st)})
	}
	return append(out, helpLine{e.style.fails + " " + e.style.nothing, e.t("ui.help_chart")},
		helpLine{e.style.blocks[0] + " " + e.style.blocks[7], e.t("ui.help_bars")})
}

func moreLines(e *env) []helpLine {
	return []helpLine{{key: e.t("ui.help_more")}, {"NO_COLOR=1", e.t("ui.help_no_color")}, {"--ascii", e.t("ui.help_ascii")},
		{"--plain", e.t("ui.help_plain")}, {"lage help", e.t("ui.help_commands")}}
}
