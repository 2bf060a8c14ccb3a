package ui

import (
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"lage/incidents"
	"lage/internal/text"
	"lage/runbooks"
)

// newWalkRoom makes the screen of a walk that is a record of its own: a maintenance or a drill. It has the panes of an
// incident's room, and nothing of what incidents go through.
func newWalkRoom(walkID string) screen {
	r := newRoom(walkID).(*room)
	r.alone, r.walk = true, walkID
	return r
}

// look gives the newest snapshot of what a room shows.
func (r *room) look(ctx context.Context, reader Reader) (incidents.Room, error) {
	if !r.alone {
		return reader.Room(ctx, r.id)
	}
	w, err := reader.Walk(ctx, r.id)
	if err != nil {
		return incidents.Room{}, err
	}
	return incidents.Room{Entries: w.Entries, Walks: []incidents.WalkView{w.WalkView}, Present: w.Present}, nil
}

// here tells whether there is something to show, goesOn whether something can be done about it.
func (r *room) here() bool {
	if r.alone {
		return r.current() != nil
	}
	return r.data.Incident.ID != ""
}

func (r *room) goesOn() bool {
	if r.alone {
		w := r.current()
		return w != nil && w.EndedAt.IsZero()
	}
	return r.data.Incident.ID != "" && r.data.Incident.Open()
}

// drill tells whether the walk at hand is an exercise.
func (r *room) drill() bool {
	w := r.current()
	return w != nil && w.Kind == runbooks.ForDrill
}

// walkWord is what a walk is, in capitals where an incident would say that there is an outage.
func walkWord(e *env, w runbooks.Walk) string {
	if w.Kind == runbooks.ForDrill {
		return e.t("walkui.word_drill")
	}
	return e.t("walkui.word_maintenance")
}

// aloneHint says what the person should do next in a walk of its own.
func (r *room) aloneHint(e *env) string {
	w := r.current()
	switch {
	case r.err != nil:
		return e.t("room.hint_unread", r.err.Error())
	case w == nil:
		return ""
	case !w.EndedAt.IsZero():
		return e.t("walkui.hint_ended")
	}
	s := r.step()
	if s == nil {
		return ""
	}
	if h := r.wantHint(e, s); h != "" {
		return h
	}
	if r.status(s.ID).Status.Over() && runbooks.NextOpen(r.book, *w, "") == "" {
		return e.t("walkui.hint_all_done")
	}
	return r.stepHint(e, s)
}

// aloneHead names the walk: what it is, what is worked on, and why.
func (r *room) aloneHead(e *env, w int) string {
	s, walk := e.style, r.current()
	id, gap := walk.ID, "   "
	if w < 100 {
		id, gap = incidents.Short(id), "  "
	}
	words := []string{id}
	for _, t := range []string{walk.Asset, walk.Reason} {
		if t != "" {
			words = append(words, e.show(t))
		}
	}
	if len(words) == 1 {
		words = append(words, e.show(walk.Title))
	}
	left := " " + s.glyph(incidents.Maintenance) + " " + walkWord(e, *walk) + gap + strings.Join(words, " "+s.dot+" ")
	right := ""
	if !walk.EndedAt.IsZero() {
		right = e.t("walkui.ended_at", e.clock(walk.EndedAt)) + " "
	} else if here := r.alsoHere(e); here != "" && w >= 70 {
		right = here + " "
	}
	line := s.ends(left, right, w)
	if walk.Kind == runbooks.ForDrill {
		return s.reverse.Render(line)
	}
	return s.bold.Render(line)
}

// aloneFacts are what counts about the walk now.
func (r *room) aloneFacts(e *env) []fact {
	w := r.current()
	end := e.now
	if !w.EndedAt.IsZero() {
		end = w.EndedAt
	}
	out := []fact{{e.t("room.fact_duration"), e.age(max(0, end.Sub(w.StartedAt)))}}
	if r.book != nil {
		done, total := r.progressed()
		out = append(out, fact{e.t("room.fact_runbook"), e.t("room.done_of", done, total)})
		if v := r.view(); v != nil && v.Book != nil {
			_, unsigned := runbooks.Left(v.Book, *w)
			switch {
			case len(unsigned) > 0:
				out = append(out, fact{e.t("walkui.fact_signs"), e.t("walkui.signs_open", len(unsigned))})
			case len(w.Signed) > 0:
				out = append(out, fact{e.t("walkui.fact_signs"), e.show(w.Signed[len(w.Signed)-1].By)})
			}
		}
	}
	if d, away := w.Here(); away {
		out = append(out, fact{e.t("walkui.fact_away"), e.show(d.Title)})
	}
	out = append(out, fact{e.t("walkui.fact_begun"), e.show(w.StartedBy) + " " + e.clock(w.StartedAt)})
	if w.Change != "" {
		out = append(out, fact{e.t("walkui.fact_change"), e.show(w.Change)})
	}
	return out
}

// aloneRows are the facts in columns, their names above.
func (r *room) aloneRows(e *env, w int) []string {
	cols := r.aloneFacts(e)
	each := max(16, (w-3)/len(cols))
	top, bottom := "   ", "   "
	for _, c := range cols {
		top += e.style.dim.Render(e.style.fit(c.label, each-1)) + " "
		bottom += e.style.fit(c.value, each-1) + " "
	}
	return []string{top, bottom}
}

// aloneLine is as many of the facts as fit, whole.
func (r *room) aloneLine(e *env, w int) string {
	line := ""
	for _, f := range r.aloneFacts(e) {
		words := f.label + " " + f.value
		if line != "" {
			words = line + " " + e.style.dot + " " + words
		}
		if cells(words) <= w {
			line = words
		}
	}
	return line
}

// aloneKeys lists what can be done in a walk of its own, most important first.
func (r *room) aloneKeys() []binding {
	s, open := r.step(), r.goesOn()
	idle := open && s != nil && r.running(s.ID) == nil
	walk := r.walkBindings(idle)
	return slices.Concat([]binding{keyHalt.when(r.anyRunning() != nil)}, r.stepBindings(idle), walk[:3], []binding{
		keySkip.when(idle), keyRoomNote.when(r.here()), keyFinish.when(open), keyExport.when(r.here())}, walk[3:],
		r.commonBindings(s, idle), []binding{r.moves()})
}

// stepBindings are the keys that do what the selected step asks for.
func (r *room) stepBindings(idle bool) []binding {
	s := r.step()
	has := idle && len(s.Commands) > 0
	decides := idle && s.Kind == runbooks.Decision && !runbooks.Runs(s) && !r.status(s.ID).Status.Over()
	awaits := idle && s.Waits() && !runbooks.Runs(s) && !r.status(s.ID).Status.Over()
	begun := awaits && !r.status(s.ID).WaitSince.IsZero()
	return []binding{
		keyAnswer.when(decides), keyAwait.when(awaits && !begun), keyWaited.when(begun),
		keyByHand.when(idle && !has && !decides && !awaits), keyRun.when(has), keyDone.when(has || awaits),
	}
}

// commonBindings are the keys around a step that are asked for more rarely.
func (r *room) commonBindings(s *runbooks.Step, idle bool) []binding {
	return []binding{
		keyPane, keyFailed.when(idle), keyUndo.when(r.goesOn() && r.undoable() != nil), keyOutput.when(s != nil),
		keyCopyCmd.when(s != nil && len(s.Commands) > 0), keyPreview.when(s != nil && len(s.Commands) > 0), keyBlock.when(s != nil && len(s.Commands) > 1),
	}
}

// markedNA is a mark's words for a step that does not apply.
func markedNA(e *env, st runbooks.StepState) string {
	if st.Reason == "" {
		return e.t("walkui.was_na", st.By, e.clock(st.At))
	}
	return e.t("walkui.was_na_because", st.By, e.clock(st.At), st.Reason)
}

// goTo brings the room to where an answer has led: to a step, or into another runbook as soon as that has been read.
func (r *room) goTo() {
	w := r.current()
	if w == nil {
		return
	}
	book, id := runbooks.SplitKey(w.Current)
	if book == "" {
		book = w.Runbook
	}
	if r.book != nil && r.book.Name == book && r.place(id) >= 0 {
		r.choose(id)
		r.follows = false
	}
}

// walkSaved is what the message line says about a walk of its own that was begun.
func walkSaved(e *env, w *runbooks.Walk) text.Message {
	if w.Kind == runbooks.ForDrill {
		return text.M("walkui.drill_begun", w.ID)
	}
	return text.M("walkui.begun", w.ID)
}

// begun opens the room of a walk that was just begun.
func begun(e *env, m savedMsg) tea.Cmd {
	if m.err != nil || m.rec.Walk == nil {
		return nil
	}
	return tea.Batch(open("walk", m.rec.Walk.ID), flash(walkSaved(e, m.rec.Walk)))
}

// smallHead is what is left of the head on a phone.
func (r *room) smallHead(e *env, w int) string {
	if r.alone {
		return r.aloneHead(e, w)
	}
	st, word := r.severity(e)
	return e.style.fit(e.style.state(st)+" "+word+" "+r.lasts(e)+" "+e.style.dot+" "+stateWord(e, r.data.Incident.State), w)
}
