package ui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"lage/incidents"
	"lage/internal/text"
	"lage/runbooks"
)

var (
	keyRun      = bind("room.key_run", "room.help_run", "enter")
	keyByHand   = bind("room.key_done", "room.help_by_hand", "enter", "space")
	keyProposal = bind("room.key_choose_book", "room.help_book", "enter", "b")
	keyDone     = bind("room.key_done", "room.help_done", "space")
	keySkip     = bind("room.key_skip", "room.help_skip", "s")
	keyFailed   = bind("room.key_failed", "room.help_failed", "F")
	keyUndo     = bind("room.key_undo", "room.help_undo", "u")
	keyOutput   = bind("room.key_output", "room.help_output", "o")
	keyCopyCmd  = bind("room.key_copy", "room.help_copy", "c")
	keyPreview  = bind("room.key_preview", "room.help_preview", "p")
	keyRoomNote = bind("room.key_note", "room.help_note", "n")
	keyTake     = bind("room.key_ack", "room.help_ack", "a")
	keyTakeOver = bind("room.key_take", "room.help_ack", "a")
	keyState    = bind("room.key_state", "room.help_state", "S")
	keyResolve  = bind("room.key_resolve", "room.help_resolve", "R")
	keyExport   = bind("room.key_export", "room.help_export", "x")
	keyBook     = bind("room.key_book", "room.help_book", "b")
	keyPane     = bind("room.key_pane", "room.help_pane", "tab", "shift+tab").as("tab")
	keyBlock    = bind("room.key_block", "room.help_block", "right", "left", "l", "h").as("←→")
	keyAwake    = bind("room.key_awake", "room.help_awake", "W")
	keyHandOver = bind("room.key_hand", "room.help_hand", "H")
	keyHalt     = bind("room.key_stop", "room.help_stop", "ctrl+c")
)

func (r *room) incidentID(*env) string {
	if r.alone {
		return ""
	}
	return r.id
}

// Keys lists what can be done now, most important first.
func (r *room) Keys(e *env) []binding {
	if r.alone {
		return r.aloneKeys()
	}
	inc, s := r.data.Incident, r.step()
	here, open := r.here(), r.goesOn()
	idle := open && s != nil && r.running(s.ID) == nil
	take := keyTake
	if inc.State != incidents.Detected {
		take = keyTakeOver
	}
	walk := r.walkBindings(idle)
	return slices.Concat([]binding{
		keyHalt.when(r.anyRunning() != nil),
		take.when(open && (inc.State == incidents.Detected || inc.Lead != e.Options.Person.Name)),
		keyProposal.when(open && s == nil),
	}, r.stepBindings(idle), walk[:3], []binding{
		keySkip.when(idle),
		keyRoomNote.when(here),
		keyResolve.when(open),
		keyExport.when(here),
		keyPane,
		keyState.when(open),
	}, r.commonBindings(s, idle)[1:], walk[3:], []binding{
		keyBook.when(open && s != nil),
		keyHandOver.when(open),
		keyAwake.when(open && inc.Quiet.IsZero()),
		r.moves(),
	})
}

// moves is what the arrows do in the pane that has the keys.
func (r *room) moves() binding {
	if r.pane == paneSteps {
		return keyMove.when(len(r.flat) > 0)
	}
	return keyMove.labelled("ui.key_scroll")
}

func (r *room) key(e *env, k tea.KeyPressMsg) tea.Cmd {
	for _, b := range r.Keys(e) {
		if b.off || !b.matches(k) {
			continue
		}
		return r.do(e, k, b.key.Keys()[0])
	}
	return nil
}

// do carries out the binding whose first key is name.
func (r *room) do(e *env, k tea.KeyPressMsg, name string) tea.Cmd {
	switch name {
	case "ctrl+c":
		return r.stop(e)
	case "a":
		return r.acknowledge(e)
	case "enter":
		return r.press(e)
	case "space":
		return r.done(e)
	case "s":
		return r.markWithReason(e, runbooks.StepSkipped, "room.skip_title")
	case "F":
		return r.markWithReason(e, runbooks.StepFailed, "room.fail_title")
	case "n":
		return ask(r.newNote(e))
	case "R":
		if r.alone {
			return r.finish(e)
		}
		return r.resolve(e)
	case "x":
		return r.export(e)
	case "H":
		return r.handOver(e)
	case "W":
		return r.act(e, incidents.Quieten{}, text.M("room.quiet_now", r.id), roomTag{})
	case "S":
		return r.changeState(e)
	case "u":
		return r.undo(e)
	case "o":
		return r.showAll(e)
	case "c":
		return r.copyCommand()
	case "p":
		return r.preview(e)
	case "b":
		return r.askLibrary(e)
	case "tab":
		return r.otherPane(k)
	case "right":
		return r.otherBlock(k)
	}
	if cmd, ok := r.walkKey(e, name); ok {
		return cmd
	}
	r.scroll(k)
	return nil
}

func (r *room) otherPane(k tea.KeyPressMsg) tea.Cmd {
	step := 1
	if k.String() == "shift+tab" {
		step = panes - 1
	}
	r.pane = (r.pane + step) % panes
	r.tops[paneTimeline] = 1 << 30 // the newest entries; drawing brings it into bounds
	return nil
}

func (r *room) otherBlock(k tea.KeyPressMsg) tea.Cmd {
	n := len(r.step().Commands)
	if s := k.String(); s == "left" || s == "h" {
		r.block = max(0, r.block-1)
		return nil
	}
	r.block = min(n-1, r.block+1)
	return nil
}

// scroll moves the selection, or the text of the pane at hand.
func (r *room) scroll(k tea.KeyPressMsg) {
	if r.pane == paneSteps {
		if at, ok := move(k, r.index(), len(r.flat), max(1, r.page[paneSteps])); ok && len(r.flat) > 0 {
			r.choose(r.flat[at].Step.ID)
		}
		return
	}
	p := r.pane
	if at, ok := move(k, r.tops[p], max(0, r.total[p]-r.page[p])+1, max(1, r.page[p])); ok {
		r.tops[p] = at
	}
}

// acknowledge takes the lead; where a colleague has it, only after a question.
func (r *room) acknowledge(e *env) tea.Cmd {
	inc := r.data.Incident
	if inc.Offered(e.Options.Person.Name) {
		return r.accept(e)
	}
	take := func(e *env) tea.Cmd { return r.act(e, incidents.Acknowledge{}, text.M("room.acked", r.id), roomTag{}) }
	if inc.State == incidents.Detected {
		return take(e)
	}
	facts := []fact{{e.t("room.incident"), e.show(inc.ID + " " + inc.Title)}, {e.t("room.lead"), e.show(inc.Lead)}}
	return ask(newConfirm(e.t("room.take_title"), e.t("room.take_it"), facts, take))
}

// mark marks the selected step by hand. The walk is begun first where there is none.
func (r *room) mark(e *env, to runbooks.StepStatus, reason string) tea.Cmd {
	s := r.step()
	if s == nil {
		return nil
	}
	return r.markStep(e, s, to, reason)
}

func (r *room) markStep(e *env, s *runbooks.Step, to runbooks.StepStatus, reason string) tea.Cmd {
	seen := r.status(s.ID).Status
	if seen == to {
		return flash(text.M("room.marked_already"))
	}
	do := incidents.MarkStep{Step: r.ref(s.ID), Title: stepName(s), To: to, Seen: seen, Reason: reason}
	return r.inWalk(e, s, do)
}

func (r *room) markWithReason(e *env, to runbooks.StepStatus, title string) tea.Cmd {
	s := r.step()
	if s == nil {
		return nil
	}
	d := newPrompt(e.t(title, stepName(s)), e.t("room.reason_hint"), "", func(e *env, v string) tea.Cmd { return r.markStep(e, s, to, v) })
	if to != runbooks.StepSkipped || !s.Optional {
		d.check = required
	}
	return ask(d)
}

// undoable is the step whose mark u takes back: the selected one, else the one marked last. Nil where there is none.
func (r *room) undoable() *runbooks.Step {
	marked := func(st runbooks.StepState) bool {
		return st.Status != runbooks.StepTodo && st.Status != runbooks.StepRunning
	}
	if marked(r.status(r.sel)) {
		return r.step()
	}
	var newest *runbooks.Step
	for i := range r.flat {
		s := r.flat[i].Step
		if st := r.status(s.ID); marked(st) && (newest == nil || st.Seq > r.status(newest.ID).Seq) {
			newest = s
		}
	}
	return newest
}

func (r *room) undo(e *env) tea.Cmd { return r.markStep(e, r.undoable(), runbooks.StepTodo, "") }

// copyCommand puts the command as it would run, or the block as it stands, into the terminal's clipboard (OSC 52).
func (r *room) copyCommand() tea.Cmd {
	b, _, _, ok := r.atHand(r.step())
	if !ok {
		return nil
	}
	return tea.Batch(tea.SetClipboard(b.Shown), flash(text.M("room.copied")))
}
