package ui

import (
	tea "charm.land/bubbletea/v2"

	"lage/internal/text"
)

// viewer shows a long text on the whole screen without borders, so that it can be marked with the mouse as well.
type viewer struct {
	title string
	body  func(e *env, w int) []string // the lines at a width
	copy  string                       // what c copies; empty means nothing
	tail  bool                         // begin at the end

	top, page, total int
	width            int
	lines            []string
}

func newViewer(title, copied string, body func(e *env, w int) []string) *viewer {
	return &viewer{title: title, copy: copied, body: body, page: 1}
}

func (d *viewer) eager() bool { return true }

func (d *viewer) Update(_ *env, msg tea.Msg) (tea.Cmd, bool) {
	k, ok := msg.(tea.KeyPressMsg)
	if !ok {
		d.width = 0 // something may have changed: put together anew
		return nil, false
	}
	last := max(0, d.total-d.page)
	if at, ok := move(k, d.top, last+1, d.page); ok {
		d.top, d.tail = at, false
		return nil, false
	}
	switch k.String() {
	case "esc", "q", "o", "enter":
		return nil, true
	case "c":
		if d.copy != "" {
			return tea.Batch(tea.SetClipboard(d.copy), flash(text.M("room.copied"))), false
		}
	}
	return nil, false
}

func (d *viewer) Lines(e *env, w, h int) []string {
	if h < 2 || w < 1 {
		return nil
	}
	if d.width != w {
		d.lines, d.width = d.body(e, w), w
	}
	d.page, d.total = h-1, len(d.lines)
	last := max(0, d.total-d.page)
	if d.tail {
		d.top = last
	}
	d.top = min(d.top, last)
	where := e.t("room.lines_of", min(d.top+d.page, d.total), d.total)
	out := []string{e.style.ends(e.style.bold.Render(e.show(d.title)), e.style.dim.Render(where), w)}
	return append(out, e.style.box(d.lines[d.top:], w, h-1)...)
}

// Hint says how to get back.
func (d *viewer) Hint(e *env) string { return e.t("room.hint_viewer") }

func (d *viewer) Keys(*env) []binding {
	return []binding{keyMove.labelled("ui.key_scroll"), bind("room.key_copy", "room.help_copy_text", "c").when(d.copy != ""), keyBack}
}
