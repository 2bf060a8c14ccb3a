package ui

import (
	"context"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"lage/incidents"
	"lage/internal/text"
	"lage/runbooks"
)

// walkList shows the walks without an incident (view 4): those that go on, then those that ended most recently.
type walkList struct {
	list     []incidents.WalkView
	have     bool
	reading  bool
	err      error
	selected string // ID
	top      int
	page     int
}

// walksMsg brings the list.
type walksMsg struct {
	list []incidents.WalkView
	err  error
}

func newWalks() *walkList { return &walkList{} }

func (l *walkList) Title(e *env) string { return e.t("walkui.title") }

func (l *walkList) Keys(*env) []binding {
	return []binding{keyMove.when(len(l.list) > 0), keyOpen.when(len(l.list) > 0)}
}

func (l *walkList) Hint(e *env) string {
	if l.err != nil {
		return e.t("walkui.unread", l.err.Error())
	}
	for _, v := range l.list {
		if n := awaitsMe(v, e.Options.Person.Name); n > 0 {
			return e.t("walkui.hint_list_sign", v.Walk.ID)
		}
	}
	return e.t("walkui.hint_list")
}

func (l *walkList) Update(e *env, msg tea.Msg) tea.Cmd {
	switch m := msg.(type) {
	case changedMsg:
		return l.load(e)
	case walksMsg:
		l.reading, l.err = false, m.err
		if m.err == nil {
			l.list, l.have = m.list, true
			if i := l.at(); i < len(l.list) {
				l.selected = l.list[i].Walk.ID
			}
		}
	case tea.KeyPressMsg:
		if len(l.list) == 0 {
			return nil
		}
		if keyOpen.matches(m) {
			return open("walk", l.list[l.at()].Walk.ID)
		}
		if to, ok := move(m, l.at(), len(l.list), l.page); ok {
			l.selected = l.list[to].Walk.ID
		}
	}
	return nil
}

// load reads the list, off the UI loop, one reading at a time.
func (l *walkList) load(e *env) tea.Cmd {
	if l.reading {
		return nil
	}
	l.reading = true
	reader := e.Reader
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		list, err := reader.Walks(ctx)
		return walksMsg{list, err}
	}
}

func (l *walkList) at() int {
	for i := range l.list {
		if l.list[i].Walk.ID == l.selected {
			return i
		}
	}
	return 0
}

// awaitsMe counts the steps of a walk that are done and wait for a signature that the person may give.
func awaitsMe(v incidents.WalkView, me string) int {
	if v.Book == nil {
		return 0
	}
	n := 0
	_, unsigned := runbooks.Left(v.Book, v.Walk)
	for _, s := range unsigned {
		st := v.Walk.At(v.Book, s.ID)
		if (st.Status == runbooks.StepDone || st.Status == runbooks.StepFailed) && !(s.SignOff.Distinct && performed(st, me)) {
			n++
		}
	}
	return n
}

// Lines draws one line per walk; where there is little room, the occasion is the first to go.
func (l *walkList) Lines(e *env, w, h int) []string {
	switch {
	case !l.have && l.err == nil:
		return e.style.box([]string{"", "   " + e.t("walkui.loading")}, w, h)
	case len(l.list) == 0:
		return e.style.box(append([]string{""}, indent(wrapLines(e.t("walkui.none"), max(1, w-6)), "   ")...), w, h)
	}
	l.page = max(1, h-1)
	at := l.at()
	l.top = scroll(l.top, at, len(l.list), l.page)
	var lines []string
	if w >= smallW {
		left := strings.Repeat(" ", 2+e.style.glyphWidth()) + e.style.fit(e.t("walkui.col_walk"), 14) + e.t("walkui.col_about")
		lines = append(lines, e.style.dim.Render(e.style.ends(left, l.right(e, e.t("walkui.col_steps"), e.t("walkui.col_state"), w), w)))
	}
	for i := l.top; i < len(l.list) && len(lines) < h; i++ {
		lines = append(lines, l.row(e, l.list[i], w, i == at))
	}
	return e.style.box(lines, w, h)
}

func (l *walkList) right(e *env, steps, state string, w int) string {
	if w < smallW {
		return e.style.fitRight(steps, 6)
	}
	return e.style.fitRight(steps, 8) + "  " + e.style.fit(state, 20)
}

func (l *walkList) row(e *env, v incidents.WalkView, w int, selected bool) string {
	walk := v.Walk
	words := []string{walkAbout(e, walk)}
	if walk.Reason != "" && w >= 100 {
		words = append(words, e.show(walk.Reason))
	}
	if w >= 100 || walk.Asset == "" {
		words = append(words, e.show(walk.Title))
	}
	about, mark, id := strings.Join(words, " "+e.style.dot+" "), " ", walk.ID
	if w < smallW {
		id = incidents.Short(id)
	}
	if selected {
		mark, about = e.style.bold.Render(e.style.selectedMark), e.style.bold.Render(about)
	}
	steps := ""
	if v.Book != nil {
		done, total := runbooks.Progress(v.Book, walk)
		steps = strconv.Itoa(done) + "/" + strconv.Itoa(total)
	}
	idW := 14
	if w < smallW {
		idW = 9
	}
	glyph := e.style.state(incidents.Maintenance)
	if !walk.EndedAt.IsZero() {
		glyph = e.style.fit(e.style.tick, e.style.glyphWidth())
	}
	return e.style.ends(mark+glyph+" "+e.style.fit(id, idW)+about, l.right(e, steps, l.state(e, v), w), w)
}

// state says where a walk stands.
func (l *walkList) state(e *env, v incidents.WalkView) string {
	unsigned := 0
	if v.Book != nil {
		_, list := runbooks.Left(v.Book, v.Walk)
		unsigned = len(list)
	}
	switch {
	case awaitsMe(v, e.Options.Person.Name) > 0:
		return e.t("walkui.state_sign")
	case !v.Walk.EndedAt.IsZero():
		return e.t("walkui.state_ended", e.clock(v.Walk.EndedAt))
	case unsigned > 0:
		return e.t("walkui.state_unsigned")
	}
	return e.t("walkui.state_open", e.clock(v.Walk.StartedAt))
}

// walkAbout says in a word or two what a walk is about: DRILL, or what is worked on.
func walkAbout(e *env, w runbooks.Walk) string {
	if w.Kind == runbooks.ForDrill {
		return strings.TrimSpace(e.t("walkui.word_drill") + " " + e.show(w.Asset))
	}
	return e.show(w.Asset)
}

// startWalk asks what a maintenance is for, one thing after the other, and begins it.
func startWalk(e *env, b *runbooks.Runbook, tag any) tea.Cmd {
	title := e.t("walkui.start_title", b.Name)
	begin := incidents.StartWalk{Runbook: b, Kind: runbooks.ForMaintenance}
	var facts []fact
	one := func(code, hint string, must bool, next func(e *env, v string) tea.Cmd) tea.Cmd {
		d := newPrompt(title, e.t(hint), "", func(e *env, v string) tea.Cmd {
			facts = append(facts, fact{e.t(code), e.show(v)})
			return next(e, v)
		})
		d.facts = facts
		if must {
			d.check = required
		}
		return ask(d)
	}
	return one("walkui.asset", "walkui.ask_asset", true, func(e *env, v string) tea.Cmd {
		begin.Asset = v
		return one("walkui.reason", "walkui.ask_reason", true, func(e *env, v string) tea.Cmd {
			begin.Reason = v
			return one("walkui.fact_change", "walkui.ask_change", false, func(e *env, v string) tea.Cmd {
				begin.Change = v
				return e.act(incidents.Request{Do: begin}, text.Message{}, tag)
			})
		})
	})
}

// startDrill asks for the occasion and begins an exercise.
func startDrill(e *env, b *runbooks.Runbook, tag any) tea.Cmd {
	return ask(newPrompt(e.t("walkui.drill_title", b.Name), e.t("walkui.ask_drill"), "", func(e *env, v string) tea.Cmd {
		return e.act(incidents.Request{Do: incidents.StartWalk{Runbook: b, Kind: runbooks.ForDrill, Reason: v}}, text.Message{}, tag)
	}))
}
