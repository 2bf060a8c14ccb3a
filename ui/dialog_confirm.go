package ui

import (
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
)

// confirm asks before something changes. Cancel is preselected: enter and esc cancel, and only a capital J or Y, typed
// by itself after the dialog has stood on the screen, goes ahead. Where word is set, that word must be typed instead.
type confirm struct {
	guard
	title string
	facts []fact
	yes   string               // what going ahead is called
	do    func(e *env) tea.Cmd // when the person goes ahead
	word  string               // what must be typed; empty means J or Y
	input textinput.Model      // for word
	wrong bool                 // something else was typed
	top   int                  // first line shown of the facts, where they do not fit
	rest  int                  // lines below those in sight when it was drawn last
	seen  bool                 // the last line has been in sight
}

func newConfirm(title, yes string, facts []fact, do func(e *env) tea.Cmd) *confirm {
	return &confirm{title: title, yes: yes, facts: facts, do: do}
}

// typed makes the dialog ask for a word instead of a key.
func (d *confirm) typed(word string) *confirm {
	d.word, d.input = word, newInput("")
	return d
}

func (d *confirm) Update(e *env, msg tea.Msg) (tea.Cmd, bool) {
	k, ok := msg.(tea.KeyPressMsg)
	if !ok || d.early(e) {
		return nil, false
	}
	hurried := d.burst(e)
	// A terminal's late answer begins with an escape: on its own, or as Alt with the next character.
	if k.String() == "esc" || k.Mod.Contains(tea.ModAlt) {
		return nil, true
	}
	switch k.String() {
	case "down":
		d.top += min(1, d.rest)
		return nil, false
	case "up":
		d.top = max(0, d.top-1)
		return nil, false
	}
	if d.word != "" {
		return d.typing(e, k)
	}
	switch {
	case k.String() == "enter", k.String() == "n", k.String() == "q":
		return nil, true
	case (k.Text == "J" || k.Text == "Y") && !hurried && d.seen:
		return d.do(e), true
	}
	return nil, false
}

func (d *confirm) typing(e *env, k tea.KeyPressMsg) (tea.Cmd, bool) {
	if k.String() != "enter" {
		d.input, d.wrong = typeInto(d.input, k), false
		return nil, false
	}
	switch strings.TrimSpace(d.input.Value()) {
	case "":
		return nil, true
	case d.word, e.exact(d.word): // as it is shown counts as well: a terminal may not let one type the rest
		if d.seen {
			return d.do(e), true
		}
		return nil, false
	}
	d.wrong = true
	return nil, false
}

// Lines shows the whole of what would happen. Where it does not fit it scrolls, and going ahead waits until the last line
// has been in sight.
func (d *confirm) Lines(e *env, w, h int) []string {
	d.draw(e)
	inner := min(w, dialogWidth) - 4
	tail := d.buttons(e, inner)
	body := factLines(e, d.facts, inner)
	if len(body)+len(tail) > h-2 { // the empty line is the first to go
		tail = tail[1:]
	}
	room := max(0, h-2-len(tail))
	if len(body) > room {
		room = max(0, room-1)
		d.top = min(d.top, len(body)-room)
		d.rest = len(body) - d.top - room
		more := ""
		if d.rest > 0 {
			more = e.style.bold.Render(e.style.cut(e.t("room.read_first", d.rest), inner))
		}
		body = append(append([]string(nil), body[d.top:d.top+room]...), more)
	} else {
		d.top, d.rest = 0, 0
	}
	d.seen = d.seen || d.rest == 0 && room > 0
	return framed(e, d.title, append(body, tail...), w, h)
}

func (d *confirm) buttons(e *env, w int) []string {
	s := e.style
	if d.word == "" {
		cancel := s.bold.Render(s.tabL + " " + e.t("room.cancel") + " " + s.tabR)
		return []string{"", s.fitRight(cancel+"    "+e.t("room.confirm_key")+"  "+e.show(d.yes), w)}
	}
	out := []string{"", e.t("room.type_word", e.exact(d.word)), inputView(e, d.input, w)}
	if d.wrong {
		out = append(out, s.bold.Render(e.t("room.type_wrong")))
	}
	return out
}

// Hint says what goes ahead and what does not.
func (d *confirm) Hint(e *env) string {
	if d.word != "" {
		return e.t("room.hint_typed")
	}
	return e.t("room.hint_confirm")
}

func (d *confirm) Keys(*env) []binding {
	if d.word != "" {
		return []binding{bind("room.key_run", "room.help_typed", "enter"), keyCancel}
	}
	return []binding{bind("room.key_go_ahead", "room.help_go_ahead", "J", "Y").as("J / Y"), bind("room.key_cancel", "room.help_cancel", "enter", "esc").as("enter")}
}
