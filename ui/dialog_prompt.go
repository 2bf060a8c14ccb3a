package ui

import (
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"lage/incidents"
	"lage/internal/clean"
	"lage/internal/text"
	"lage/runbooks"
)

// prompt asks for one line.
type prompt struct {
	title string
	hint  string
	facts []fact
	input textinput.Model
	check func(v string) text.Message // what is wrong with v; the zero message means nothing
	do    func(e *env, v string) tea.Cmd
	wrong text.Message

	hidden bool // what is typed is not shown
}

func newPrompt(title, hint, value string, do func(e *env, v string) tea.Cmd) *prompt {
	return &prompt{title: title, hint: hint, input: newInput(value), do: do}
}

func (d *prompt) eager() bool { return true }

// required refuses an empty answer.
func required(v string) text.Message {
	if v == "" {
		return text.M("room.needs_text")
	}
	return text.Message{}
}

func (d *prompt) Update(e *env, msg tea.Msg) (tea.Cmd, bool) {
	if k, ok := msg.(tea.KeyPressMsg); ok {
		switch k.String() {
		case "esc":
			return nil, true
		case "enter":
			return d.enter(e)
		}
	}
	d.input, d.wrong = typeInto(d.input, msg), text.Message{}
	return nil, false
}

func (d *prompt) enter(e *env) (tea.Cmd, bool) {
	v := strings.TrimSpace(d.input.Value())
	if d.check != nil {
		if d.wrong = d.check(v); !d.wrong.IsZero() {
			return nil, false
		}
	}
	return d.do(e, v), true
}

func (d *prompt) Lines(e *env, w, h int) []string {
	inner := min(w, dialogWidth) - 4
	lines := factLines(e, d.facts, inner)
	if d.hint != "" {
		lines = append(lines, wrapLines(e.show(d.hint), inner)...)
	}
	shown := d.input
	if d.hidden {
		shown = newInput(strings.Repeat("*", len([]rune(d.input.Value()))))
	}
	tail := []string{inputView(e, shown, inner)}
	if !d.wrong.IsZero() {
		for _, l := range wrapLines(e.msg(d.wrong), inner) {
			tail = append(tail, e.style.bold.Render(l))
		}
	}
	if room := h - 2 - len(tail); len(lines) > room {
		lines = lines[:max(0, room)]
	}
	return framed(e, d.title, append(lines, tail...), w, h)
}

// Hint says how to go on.
func (d *prompt) Hint(e *env) string { return e.t("room.hint_prompt") }

func (d *prompt) Keys(*env) []binding { return []binding{keySave, keyCancel} }

// noteDialog takes a note: one line at the bottom, more where lines were pasted. It stays until the note is saved, and
// esc keeps what was typed for the next time.
type noteDialog struct {
	incident string
	walk     string         // ID; empty when the note is about no step
	step     *runbooks.Step // that it is about; nil when it is about the incident as a whole
	stepKey  string         // under which the walk knows it
	above    []string       // complete lines, from a paste
	input    textinput.Model
	waiting  bool // for Desk's answer
}

// newNote takes a note for an incident, beginning with what was typed for it before and not saved.
func newNote(e *env, incident string) *noteDialog {
	d := &noteDialog{incident: incident}
	lines := strings.Split(e.drafts[incident], "\n")
	d.above, d.input = lines[:len(lines)-1], newInput(lines[len(lines)-1])
	return d
}

// about makes it a note on a step of a walk.
func (d *noteDialog) about(walk, key string, step *runbooks.Step) *noteDialog {
	d.walk, d.stepKey, d.step = walk, key, step
	return d
}

func (d *noteDialog) eager() bool { return true }

func (d *noteDialog) bottom() {}

func (d *noteDialog) value() string {
	return strings.Join(append(append([]string(nil), d.above...), d.input.Value()), "\n")
}

func (d *noteDialog) keep(e *env, v string) {
	if e.drafts == nil {
		e.drafts = map[string]string{}
	}
	e.drafts[d.incident] = v
}

func (d *noteDialog) Update(e *env, msg tea.Msg) (tea.Cmd, bool) {
	switch msg := msg.(type) {
	case savedMsg:
		if msg.tag != any(d) {
			return nil, false
		}
		d.waiting = false
		if msg.err == nil {
			delete(e.drafts, d.incident)
		}
		return nil, msg.err == nil
	case tea.PasteMsg:
		d.paste(clean.Text(msg.Content))
		return nil, false
	case tea.KeyPressMsg:
		return d.key(e, msg)
	}
	return nil, false
}

func (d *noteDialog) key(e *env, k tea.KeyPressMsg) (tea.Cmd, bool) {
	v := d.value()
	switch {
	case k.String() == "esc":
		d.keep(e, v)
		return nil, true
	case d.waiting:
		return nil, false
	case k.String() == "enter" && strings.TrimSpace(v) == "":
		d.keep(e, "")
		return nil, true
	case k.String() == "enter":
		d.keep(e, v)
		d.waiting = !e.Options.ReadOnly
		do := incidents.Note{Text: v}
		if d.step != nil {
			do.Step, do.Title = d.stepKey, d.step.Title
		}
		return e.act(incidents.Request{Record: d.incident, Walk: d.walk, Do: do}, text.M("room.noted"), d), false
	case k.String() == "backspace" && d.input.Position() == 0 && len(d.above) > 0:
		last, rest := d.above[len(d.above)-1], d.input.Value()
		d.above = d.above[:len(d.above)-1]
		d.input = newInput(last + rest)
		d.input.SetCursor(len([]rune(last)))
		return nil, false
	}
	d.input = typeInto(d.input, k)
	return nil, false
}

// paste puts text at the cursor; its line ends stay, so that several lines become one note.
func (d *noteDialog) paste(t string) {
	v, pos := []rune(d.input.Value()), d.input.Position()
	whole := string(v[:pos]) + strings.TrimRight(t, "\n") + string(v[pos:])
	lines := strings.Split(whole, "\n")
	d.above = append(d.above, lines[:len(lines)-1]...)
	d.input = newInput(lines[len(lines)-1])
	d.input.SetCursor(len([]rune(lines[len(lines)-1])) - len(v[pos:]))
}

func (d *noteDialog) Lines(e *env, w, h int) []string {
	label := e.t("room.note") + " "
	lines := []string{e.style.fit(e.style.bold.Render(label)+e.style.dim.Render(e.t("room.note_marks")), w)}
	show := d.above
	if room := h - 3; len(show) > room {
		show = show[len(show)-max(0, room):]
		lines = append(lines, e.style.dim.Render(e.t("room.more_above", len(d.above)-len(show))))
	}
	for _, l := range show {
		lines = append(lines, e.style.fit(e.style.input+" "+e.show(l), w))
	}
	lines = append(lines, inputView(e, d.input, w))
	return lines[max(0, len(lines)-h):]
}

// Hint says where the note goes, or that it is on its way.
func (d *noteDialog) Hint(e *env) string {
	if d.waiting {
		return e.t("room.hint_saving")
	}
	if d.step != nil {
		return e.t("room.hint_note_step", stepName(d.step))
	}
	return e.t("room.hint_note", incidents.Short(d.incident))
}

func (d *noteDialog) Keys(*env) []binding {
	return []binding{keySave, bind("room.key_keep", "room.help_keep", "esc")}
}
