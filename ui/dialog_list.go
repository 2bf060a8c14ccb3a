package ui

import (
	tea "charm.land/bubbletea/v2"
)

// item is one line of a list dialog.
type item struct {
	label, note string
	do          func(e *env) tea.Cmd
}

// chooser lets the person choose one of a list.
type chooser struct {
	title   string
	items   []item
	at, top int
	page    int // rows in sight when it was drawn last
}

func newChooser(title string, at int, items []item) *chooser {
	return &chooser{title: title, items: items, at: max(0, min(at, len(items)-1)), page: 1}
}

func (d *chooser) eager() bool { return true }

func (d *chooser) Update(e *env, msg tea.Msg) (tea.Cmd, bool) {
	k, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return nil, false
	}
	if at, ok := move(k, d.at, len(d.items), d.page); ok {
		d.at = at
		return nil, false
	}
	switch k.String() {
	case "esc", "q":
		return nil, true
	case "enter":
		if d.at < len(d.items) {
			return d.items[d.at].do(e), true
		}
		return nil, true
	}
	return nil, false
}

func (d *chooser) Lines(e *env, w, h int) []string {
	inner := min(w, dialogWidth) - 4
	d.page = max(1, min(len(d.items), h-2))
	d.top = scroll(d.top, d.at, len(d.items), d.page)
	var lines []string
	for i := d.top; i < min(d.top+d.page, len(d.items)); i++ {
		it := d.items[i]
		mark, label := " ", e.show(it.label)
		if i == d.at {
			mark, label = e.style.selectedMark, e.style.bold.Render(label)
		}
		lines = append(lines, e.style.ends(mark+" "+label, e.style.dim.Render(e.style.cut(e.show(it.note), inner-cells(label)-4)), inner))
	}
	return framed(e, d.title, lines, w, h)
}

// Hint says how to go on.
func (d *chooser) Hint(e *env) string { return e.t("room.hint_choose") }

func (d *chooser) Keys(*env) []binding { return []binding{keyMove, keyChoose, keyCancel} }
