package ui

import (
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"lage/incidents"
	"lage/internal/text"
)

// resolveForm says that an incident is over: what still speaks against it, and its cause in one line.
type resolveForm struct {
	room  incidents.Room
	input textinput.Model
	do    func(e *env, cause string) tea.Cmd
}

// newResolve prefills the cause with the last note that was marked as one.
func newResolve(room incidents.Room, do func(e *env, cause string) tea.Cmd) *resolveForm {
	return &resolveForm{room: room, input: newInput(lastCause(room.Entries)), do: do}
}

// lastCause is the first line of the newest note that is marked as a cause, as it holds after corrections; or empty.
func lastCause(entries []incidents.Entry) string {
	if causes := marked(entries, "!"); len(causes) > 0 {
		return causes[len(causes)-1]
	}
	return ""
}

// questions lists the first lines of the notes that are marked as questions, as they hold after corrections.
func questions(entries []incidents.Entry) []string { return marked(entries, "?") }

func marked(entries []incidents.Entry, want string) []string {
	var out []string
	corrected := incidents.Corrections(entries)
	for _, e := range entries {
		if e.Kind == incidents.KindNote && len(e.Message.Args) > 0 {
			first, _, _ := strings.Cut(strings.TrimSpace(e.Message.Args[0]), "\n")
			e.Message.Args = []string{first}
		}
		if sign, words := e.Marked(corrected[e.Seq]); sign == want {
			out = append(out, strings.TrimSpace(words))
		}
	}
	return out
}

// red lists the checks that are down, degraded or flapping now.
func red(room incidents.Room) []incidents.CheckPicture {
	var out []incidents.CheckPicture
	for _, c := range room.Checks {
		if st := checkStanding(c.State.Status); st != incidents.Up && st != incidents.Unknown {
			out = append(out, c)
		}
	}
	return out
}

func (d *resolveForm) eager() bool { return true }

func (d *resolveForm) Update(e *env, msg tea.Msg) (tea.Cmd, bool) {
	if k, ok := msg.(tea.KeyPressMsg); ok {
		switch k.String() {
		case "esc":
			return nil, true
		case "enter":
			return d.save(e), true
		}
	}
	d.input = typeInto(d.input, msg)
	return nil, false
}

// save resolves, after one more question where checks are still red.
func (d *resolveForm) save(e *env) tea.Cmd {
	cause := strings.TrimSpace(d.input.Value())
	bad := red(d.fresh(e))
	if len(bad) == 0 {
		return d.do(e, cause)
	}
	return ask(newConfirm(e.t("room.resolve_red_title"), e.t("room.resolve_anyway"), checkFacts(e, bad),
		func(e *env) tea.Cmd { return d.do(e, cause) }))
}

// fresh is the room with its checks as they stand now: they may have moved while the person was writing.
func (d *resolveForm) fresh(e *env) incidents.Room {
	room := d.room
	for _, s := range e.picture.Services {
		if s.Service.ID == room.Incident.Service && len(s.Checks) > 0 {
			room.Checks = s.Checks
		}
	}
	return room
}

func checkFacts(e *env, list []incidents.CheckPicture) []fact {
	var out []fact
	for _, c := range list {
		st := checkStanding(c.State.Status)
		out = append(out, fact{label: e.style.state(st) + " " + e.show(checkName(c)), value: checkValue(e, c)})
	}
	return out
}

// checkValue says where a check stands and what it measured last.
func checkValue(e *env, c incidents.CheckPicture) string {
	if c.State.Last.At.IsZero() && c.State.Last.Message.IsZero() {
		return e.t("ui.never_measured")
	}
	return e.word(checkStanding(c.State.Status)) + " " + e.style.dot + " " + e.msg(c.State.Last.Message)
}

func checkName(c incidents.CheckPicture) string {
	if c.Check.Name != "" {
		return c.Check.Name
	}
	return c.Check.ID
}

func (d *resolveForm) Lines(e *env, w, h int) []string {
	inner := min(w, dialogWidth) - 4
	inc := d.room.Incident
	facts := []fact{{e.t("room.incident"), e.show(inc.ID + " " + inc.Title)}}
	switch bad := red(d.fresh(e)); {
	case len(bad) > 0:
		facts = append(facts, fact{e.t("room.still_red"), e.t("room.red_count", len(bad))})
		facts = append(facts, checkFacts(e, bad)...)
	case len(d.room.Checks) > 0:
		facts = append(facts, fact{e.t("room.checks"), e.t("room.all_good")})
	}
	for _, q := range questions(d.room.Entries) {
		facts = append(facts, fact{e.t("room.open_question"), e.show(q)})
	}
	end := e.t("room.end_now")
	if !inc.Recovered.IsZero() {
		end = e.t("room.end_recovered", e.clock(inc.Recovered))
	}
	facts = append(facts, fact{e.t("room.effect_ended"), end})
	lines := factLines(e, facts, inner)
	tail := []string{"", e.t("room.cause_line"), inputView(e, d.input, inner)}
	if room := h - 2 - len(tail); len(lines) > room {
		lines = lines[:max(0, room)]
	}
	return framed(e, text.T(e.Options.Lang, "room.resolve_title"), append(lines, tail...), w, h)
}

// Hint says what will be asked, and what the cause is for.
func (d *resolveForm) Hint(e *env) string {
	if len(red(d.fresh(e))) > 0 {
		return e.t("room.hint_resolve_red")
	}
	return e.t("room.hint_resolve")
}

func (d *resolveForm) Keys(*env) []binding {
	return []binding{bind("room.key_report", "room.help_resolve", "enter"), keyCancel}
}
