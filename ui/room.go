package ui

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"lage/incidents"
	"lage/internal/text"
	"lage/runbooks"
)

// The room's panes, in the order of the key tab. On narrow screens each is a tab.
const (
	paneSteps = iota
	paneStep
	paneTimeline
	panes
)

// room is an incident's screen: where it stands, the runbook's steps, the step at hand with its command and output, and
// the timeline. It keeps no truth of its own: what it shows is the newest snapshot of the Reader.
type room struct {
	id    string
	alone bool   // it is about a walk without an incident; id is the walk's
	me    string // who looks at it
	data  incidents.Room
	err   error // why it could not be read
	asks  int   // reads asked for
	have  int   // number of the read that data is from; 0 while there is none

	walk    string            // ID of the walk shown; empty while none has begun
	book    *runbooks.Runbook // shown; nil where there is none
	picked  *runbooks.Runbook // chosen by hand, not begun yet
	follows bool              // the walk has gone elsewhere: follow it
	begins  bool              // a walk is being begun: a second one must not be
	flat    []runbooks.FlatStep
	sel     string // ID of the selected step
	block   int    // the selected command of the step
	last    string // ID of the step whose command ended here most recently

	pane    int
	tops    [panes]int                 // scrolling of each pane
	page    [panes]int                 // rows in sight when it was drawn last
	total   [panes]int                 // rows there are
	answers map[string]runbooks.Answer // typed here, by runbooks.InputName
	known   map[string]runbooks.Answer // known without asking
	read    map[string]bool            // warnings that the person has acknowledged
	tried   map[string]bool            // trials that were offered
	runs    map[string]*following      // by step ID
}

// newRoom makes the screen of an incident.
func newRoom(incidentID string) screen {
	return &room{id: incidentID, answers: map[string]runbooks.Answer{}, runs: map[string]*following{}, read: map[string]bool{}, tried: map[string]bool{}}
}

// roomMsg is a fresh snapshot of a room.
type roomMsg struct {
	id   string
	ask  int
	data incidents.Room
	err  error
}

func (r *room) Title(e *env) string {
	id, title := r.id, e.t("room.title")
	if r.alone {
		title = e.t("walkui.title")
	}
	if e.w < 100 {
		id = incidents.Short(id)
	}
	if e.style.asciiOnly {
		return title + " > " + id
	}
	return title + " › " + id
}

func (r *room) Update(e *env, msg tea.Msg) tea.Cmd {
	var first tea.Cmd
	r.me = e.Options.Person.Name
	if r.asks == 0 {
		first = r.load(e)
	}
	switch msg := msg.(type) {
	case roomMsg:
		return r.loaded(e, msg)
	case changedMsg:
		if first == nil {
			return r.load(e)
		}
	case savedMsg:
		return tea.Batch(first, r.saved(e, msg))
	case runMsg:
		return r.progress(msg)
	case knownMsg:
		if msg.room == r.id {
			r.known = msg.known
		}
	case linkedMsg:
		if msg.room == r.id {
			return r.inWalk(e, msg.step, msg.do)
		}
	case libraryMsg:
		return r.library(e, msg)
	case tea.KeyPressMsg:
		return tea.Batch(first, r.key(e, msg))
	}
	return first
}

// load reads the room anew, off the UI loop.
func (r *room) load(e *env) tea.Cmd {
	r.asks++
	reader, id, n, look := e.Reader, r.id, r.asks, r.look
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		data, err := look(ctx, reader)
		return roomMsg{id: id, ask: n, data: data, err: err}
	}
}

// loaded takes a snapshot, unless a newer one is here already.
func (r *room) loaded(e *env, m roomMsg) tea.Cmd {
	if m.id != r.id || m.ask < r.have {
		return nil
	}
	r.have, r.err = m.ask, m.err
	if m.err != nil {
		return nil
	}
	r.data = m.data
	r.settle()
	return tea.Batch(r.attach(e), r.learn(e))
}

// saved takes Desk's answer to something that this room asked for. A refusal is the App's to show; a fresh look follows.
func (r *room) saved(e *env, m savedMsg) tea.Cmd {
	tag, ok := m.tag.(roomTag)
	if !ok || tag.room != r.id {
		return nil
	}
	if tag.step != "" || tag.input != "" {
		r.begins = false
	}
	if m.err != nil {
		delete(r.answers, tag.input)
	}
	if tag.run != nil && !tag.run.ended() {
		close(tag.run.over)
		if r.runs[tag.run.step] == tag.run {
			r.last = tag.run.step
		}
	}
	if m.err == nil {
		r.merge(m.rec)
		r.moveOn(tag)
	}
	if tag.run != nil && !tag.run.asked.IsZero() { // ^C no longer means the command: say so
		return tea.Batch(r.load(e), flash(text.M("room.stop_done", outcomeWords(e, tag.run.latest()))))
	}
	return r.load(e)
}

// merge puts what was just written into the snapshot, so that the screen need not wait for the next one.
func (r *room) merge(rec incidents.Recorded) {
	if rec.Incident != nil && rec.Incident.ID == r.id {
		r.data.Incident = *rec.Incident
	}
	var seq int64
	if n := len(r.data.Entries); n > 0 {
		seq = r.data.Entries[n-1].Seq
	}
	for _, en := range rec.Entries {
		if en.Seq > seq {
			r.data.Entries = append(r.data.Entries, en)
		}
	}
	if rec.Walk == nil {
		return
	}
	r.picked = nil
	for i := range r.data.Walks {
		if r.data.Walks[i].Walk.ID == rec.Walk.ID {
			if r.data.Walks[i].Walk.Version <= rec.Walk.Version {
				r.data.Walks[i].Walk = *rec.Walk
			}
			return
		}
	}
	r.data.Walks = append(r.data.Walks, incidents.WalkView{Walk: *rec.Walk, Book: r.book})
	r.walk = rec.Walk.ID
}

// moveOn goes to the next open step after one was finished, and back to one that was opened again.
func (r *room) moveOn(tag roomTag) {
	w := r.current()
	if tag.moves {
		r.follows = true
		r.settle()
		return
	}
	if tag.step == "" || w == nil || r.book == nil {
		return
	}
	switch r.status(tag.step).Status {
	case runbooks.StepDone, runbooks.StepSkipped, runbooks.StepNA:
		next := runbooks.NextOpen(r.book, *w, tag.step)
		if next != "" && r.sel == tag.step && r.place(next) > r.index() { // never back: what was just done stays in sight
			r.choose(next)
		}
	case runbooks.StepTodo:
		switch {
		case tag.run == nil:
			r.choose(tag.step)
		case r.sel == tag.step && tag.run.more && tag.run.good():
			r.block++
		}
	}
}

// settle chooses walk, runbook and step for the snapshot that is here.
func (r *room) settle() {
	if r.picked != nil {
		for _, v := range r.data.Walks {
			if v.Walk.EndedAt.IsZero() && v.Walk.Runbook == r.picked.Name {
				r.walk, r.picked = v.Walk.ID, nil
				break
			}
		}
	}
	if r.walk == "" && r.picked == nil {
		for _, v := range r.data.Walks {
			if r.walk == "" || v.Walk.EndedAt.IsZero() {
				r.walk = v.Walk.ID
			}
		}
	}
	book := r.data.Proposed
	if v := r.view(); v != nil {
		if book = v.Here(); book == nil && r.follows { // not read yet
			book = r.book
		}
	} else if r.picked != nil {
		book = r.picked
	}
	r.setBook(book)
	if r.follows {
		r.goTo()
	}
}

func (r *room) setBook(book *runbooks.Runbook) {
	if book == nil {
		r.book, r.flat, r.sel = nil, nil, ""
		return
	}
	if r.book == nil || r.book.Name != book.Name || r.book.Revision != book.Revision {
		r.book, r.flat = book, runbooks.Flat(book)
	}
	if r.index() >= 0 {
		return
	}
	var w runbooks.Walk
	if c := r.current(); c != nil {
		w = *c
	}
	switch {
	case r.book.Step(w.Current) != nil && w.At(r.book, w.Current).Status == runbooks.StepRunning:
		r.choose(w.Current)
	default:
		r.choose(r.next())
	}
	if r.index() < 0 && len(r.flat) > 0 {
		r.choose(r.flat[0].Step.ID)
	}
}

func (r *room) choose(step string) {
	if r.sel != step {
		r.sel, r.block, r.tops[paneStep] = step, 0, 0
	}
}

// view is the walk shown with its runbook, or nil.
func (r *room) view() *incidents.WalkView {
	for i := range r.data.Walks {
		if r.data.Walks[i].Walk.ID == r.walk {
			return &r.data.Walks[i]
		}
	}
	return nil
}

// current is the walk shown, or nil.
func (r *room) current() *runbooks.Walk {
	if v := r.view(); v != nil {
		return &v.Walk
	}
	return nil
}

// walkOrNone is the walk shown, or an empty one.
func (r *room) walkOrNone() runbooks.Walk {
	if w := r.current(); w != nil {
		return w.Clone()
	}
	return runbooks.Walk{}
}

// index is the selected step's place in flat, or -1.
func (r *room) index() int { return r.place(r.sel) }

func (r *room) place(step string) int {
	return slices.IndexFunc(r.flat, func(f runbooks.FlatStep) bool { return f.Step.ID == step })
}

// step is the selected step, or nil.
func (r *room) step() *runbooks.Step {
	if i := r.index(); i >= 0 {
		return r.flat[i].Step
	}
	return nil
}

// status tells where a step stands.
func (r *room) status(step string) runbooks.StepState {
	if w := r.current(); w != nil {
		return w.At(r.book, step)
	}
	return runbooks.StepState{}
}

// Hint says what the person should do next.
func (r *room) Hint(e *env) string {
	if r.alone {
		return r.aloneHint(e)
	}
	inc, s := r.data.Incident, r.step()
	switch {
	case r.err != nil:
		return e.t("room.hint_unread", r.err.Error())
	case r.have == 0:
		return ""
	case !inc.Open():
		return e.t("room.hint_resolved")
	case inc.Offered(e.Options.Person.Name):
		return e.t("room.hint_offered", inc.Handover.By)
	case inc.State == incidents.Detected:
		return e.t("room.hint_ack")
	case inc.Handover != nil:
		return e.t("room.hint_handing", inc.Handover.To)
	case !inc.Recovered.IsZero():
		return e.t("room.hint_recovered", e.clock(inc.Recovered))
	case s == nil && r.book == nil:
		return e.t("room.hint_no_book")
	case s == nil:
		return ""
	}
	if h := r.wantHint(e, s); h != "" {
		return h
	}
	return r.stepHint(e, s)
}

// stepName is a step's number and title.
func stepName(s *runbooks.Step) string {
	if s.Number == "" {
		return s.Title
	}
	return s.Number + " " + s.Title
}

// roomTag comes back with Desk's answer.
type roomTag struct {
	room string
	step string     // the step that was marked or run
	run  *following // the run that ended

	input string // the value that was given, by runbooks.InputName
	moves bool   // it may lead elsewhere: the room follows
}

// act does something about the incident; say is what the App says besides "saved".
func (r *room) act(e *env, do incidents.Action, say text.Message, tag roomTag) tea.Cmd {
	tag.room = r.id
	return e.act(incidents.Request{Record: r.id, Walk: r.walk, Seen: r.data.Incident.State, Do: do}, say, tag)
}
