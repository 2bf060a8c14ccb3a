package ui

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"lage/incidents"
	"lage/internal/text"
	"lage/runbooks"
)

var (
	keyNA     = bind("walkui.key_na", "walkui.help_na", "N")
	keyClaim  = bind("walkui.key_claim", "walkui.help_claim", "t")
	keyLetGo  = bind("walkui.key_let_go", "walkui.help_claim", "t")
	keyWait   = bind("walkui.key_wait", "walkui.help_wait", "w")
	keyAnswer = bind("walkui.key_answer", "walkui.help_answer", "enter", "space")
	keyAwait  = bind("walkui.key_await", "walkui.help_wait", "enter")
	keyWaited = bind("room.key_done", "room.help_by_hand", "enter").helpOnly()
	keySign   = bind("walkui.key_sign", "walkui.help_sign", "f")
	keyReturn = bind("walkui.key_return", "walkui.help_return", "z")
	keyJump   = bind("walkui.key_jump", "walkui.help_jump", ">")
	keyFinish = bind("walkui.key_finish", "walkui.help_finish", "R")
)

// walkBindings are the keys of a walk besides marking steps and running commands. idle tells that the selected step can be
// worked at.
func (r *room) walkBindings(idle bool) []binding {
	s := r.step()
	claim := keyClaim
	if idle && r.mine() {
		claim = keyLetGo
	}
	away := false
	if w := r.current(); w != nil {
		_, away = w.Here()
	}
	open := idle && !r.status(s.ID).Status.Over()
	return []binding{
		keySign.when(r.signs() != signNothing),
		keyReturn.when(away),
		keyWait.when(open && s.Wait > 0 && r.status(s.ID).WaitSince.IsZero()),
		keyNA.when(idle),
		claim.when(open),
		keyJump.when(s != nil && len(s.Jumps) > 0),
	}
}

// mine tells whether the person has claimed the selected step.
func (r *room) mine() bool {
	w := r.current()
	return w != nil && r.me != "" && r.status(r.sel).ClaimedBy == r.me
}

// walkKey carries out one of walkBindings.
func (r *room) walkKey(e *env, name string) (tea.Cmd, bool) {
	s := r.step()
	switch name {
	case "N":
		return r.notApplicable(e, s), true
	case "t":
		return r.claim(e, s), true
	case "w":
		return r.inWalk(e, s, incidents.StartWait{Step: r.ref(s.ID), Title: stepName(s)}), true
	case "f":
		return r.sign(e), true
	case "z":
		return r.act(e, incidents.GoBack{}, text.Message{}, roomTag{moves: true}), true
	case ">":
		return r.jump(e, s), true
	}
	return nil, false
}

// ref is under what the walk keeps a step of the runbook at hand.
func (r *room) ref(step string) string {
	if w := r.current(); w != nil {
		return w.Key(r.book, step)
	}
	return step
}

// press is enter: it answers a decision, begins or ends a wait, asks before it goes into a colleague's work, and otherwise
// does what the step asks for.
func (r *room) press(e *env) tea.Cmd {
	s := r.step()
	if s == nil {
		return r.enter(e)
	}
	st := r.status(s.ID)
	switch {
	case st.Status.Over() || st.Status == runbooks.StepRunning:
		return r.enter(e)
	case st.ClaimedBy != "" && st.ClaimedBy != e.Options.Person.Name:
		facts := []fact{{e.t("room.step"), e.show(stepName(s))}, {e.t("walkui.works"), e.t("walkui.since", st.ClaimedBy, e.clock(st.ClaimedAt))}}
		return ask(newConfirm(e.t("walkui.claimed_title"), e.t("walkui.claimed_go"), facts, func(e *env) tea.Cmd { return r.work(e, s) }))
	}
	return r.work(e, s)
}

func (r *room) work(e *env, s *runbooks.Step) tea.Cmd {
	st := r.status(s.ID)
	switch {
	case s.Kind == runbooks.Decision && !runbooks.Runs(s):
		return r.decide(e, s)
	case s.Waits() && !runbooks.Runs(s) && st.WaitSince.IsZero():
		return r.inWalk(e, s, incidents.StartWait{Step: r.ref(s.ID), Title: stepName(s)})
	case s.Waits() && !st.WaitSince.IsZero() && r.waits(e, s):
		return flash(text.M("walkui.waits_still"))
	case s.Waits() && !st.WaitSince.IsZero():
		return r.markStep(e, s, runbooks.StepDone, "")
	}
	return tea.Batch(r.claimQuietly(e, s), r.enter(e))
}

// done is space: a step that still waits is done only with a reason.
func (r *room) done(e *env) tea.Cmd {
	s := r.step()
	switch {
	case s == nil:
		return nil
	case s.Kind == runbooks.Decision && !runbooks.Runs(s) && !r.status(s.ID).Status.Over():
		return r.decide(e, s)
	case s.Waits() && r.waits(e, s) && !r.status(s.ID).Status.Over():
		return r.markWithReason(e, runbooks.StepDone, "walkui.unwaited_title")
	}
	return r.mark(e, runbooks.StepDone, "")
}

// inWalk acts on a step. The walk is begun first where there is none.
func (r *room) inWalk(e *env, s *runbooks.Step, do incidents.Action) tea.Cmd {
	tag := roomTag{room: r.id}
	if s != nil {
		tag.step = s.ID
	}
	_, tag.moves = do.(incidents.Choose)
	if r.walk != "" || e.Options.ReadOnly {
		return r.act(e, do, text.Message{}, tag)
	}
	if r.beginsTwice() {
		return flash(text.M("room.begins"))
	}
	req := incidents.Request{Record: r.id, Seen: r.data.Incident.State, By: e.Options.Person}
	desk, book := e.Desk, r.book
	return func() tea.Msg {
		walk, err := begin(desk, req, book)
		if err != nil {
			return savedMsg{err: err, tag: tag}
		}
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		req.Walk, req.Do = walk, do
		rec, err := desk.Act(ctx, req)
		return savedMsg{rec: rec, err: err, tag: tag}
	}
}

// notApplicable asks why, and takes no answer for one.
func (r *room) notApplicable(e *env, s *runbooks.Step) tea.Cmd {
	return ask(newPrompt(e.t("walkui.na_title", stepName(s)), e.t("walkui.reason_may"), "", func(e *env, v string) tea.Cmd {
		return r.markStep(e, s, runbooks.StepNA, v)
	}))
}

// claim takes a step, or lets go of it.
func (r *room) claim(e *env, s *runbooks.Step) tea.Cmd {
	return r.inWalk(e, s, incidents.ClaimStep{Step: r.ref(s.ID), Title: stepName(s), Seen: r.status(s.ID).ClaimedBy, Release: r.mine()})
}

// claimQuietly takes a step that the person begins to work at, where somebody else works in the walk as well: nobody else
// needs to know. A refusal changes nothing.
func (r *room) claimQuietly(e *env, s *runbooks.Step) tea.Cmd {
	w, me := r.current(), e.Options.Person.Name
	if w == nil || e.Options.ReadOnly || !w.EndedAt.IsZero() || r.status(s.ID).ClaimedBy != "" || r.status(s.ID).Status.Over() || !shared(*w, me) {
		return nil
	}
	req := incidents.Request{Record: r.id, Walk: r.walk, By: e.Options.Person,
		Do: incidents.ClaimStep{Step: r.ref(s.ID), Title: stepName(s)}}
	desk := e.Desk
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if rec, err := desk.Act(ctx, req); err == nil {
			return savedMsg{rec: rec, tag: roomTag{room: req.Record}}
		}
		return nil
	}
}

// shared tells whether somebody else has worked in a walk, or works in it.
func shared(w runbooks.Walk, me string) bool {
	if w.StartedBy != "" && w.StartedBy != me {
		return true
	}
	for _, st := range w.Steps {
		if st.ClaimedBy != "" && st.ClaimedBy != me || slices.ContainsFunc(st.Did, func(who string) bool { return who != me }) {
			return true
		}
	}
	return false
}

// decide lets the person choose an answer. A question without answers of its own applies or does not.
func (r *room) decide(e *env, s *runbooks.Step) tea.Cmd {
	seen := r.status(s.ID).Status
	var items []item
	for _, c := range s.Choices {
		note := ""
		if id := runbooks.Target(r.book, c.Target); strings.HasPrefix(c.Target, "#") && id != "" {
			note = stepName(r.book.Step(id))
		} else if !strings.HasPrefix(c.Target, "#") {
			note = c.Target
		}
		items = append(items, item{label: c.Label, note: e.style.cut(e.show(note), dialogWidth/2), do: func(e *env) tea.Cmd { return r.answer(e, s, c, seen) }})
	}
	if len(items) == 0 {
		yes, no := "walkui.applies", "walkui.applies_not"
		if strings.HasSuffix(s.Title, "?") {
			yes, no = "walkui.yes", "walkui.no"
		}
		items = append(items, item{label: text.T(e.Options.Lang, yes), do: func(e *env) tea.Cmd {
			return r.answer(e, s, runbooks.Choice{Label: text.T(e.Options.Lang, yes)}, seen)
		}}, item{label: text.T(e.Options.Lang, no), note: e.t("walkui.leaves_out", len(s.Steps)), do: func(e *env) tea.Cmd {
			if len(s.Steps) == 0 {
				return r.answer(e, s, runbooks.Choice{Label: text.T(e.Options.Lang, no)}, seen)
			}
			return r.markStep(e, s, runbooks.StepNA, "")
		}})
	}
	return ask(decision{newChooser(stepName(s), 0, items)})
}

// answer records the answer to a decision. Where it leads into another runbook, that is read first.
func (r *room) answer(e *env, s *runbooks.Step, c runbooks.Choice, seen runbooks.StepStatus) tea.Cmd {
	do := incidents.Choose{Step: r.ref(s.ID), Title: stepName(s), Label: c.Label, Target: c.Target, Seen: seen}
	file, _, _ := strings.Cut(c.Target, "#")
	if file == "" {
		return r.inWalk(e, s, do)
	}
	path := filepath.Join(filepath.Dir(r.book.Path), filepath.FromSlash(file))
	known := []*runbooks.Runbook{}
	if v := r.view(); v != nil {
		known = append(append(known, v.Others...), v.Book)
	}
	reader, id := e.Reader, r.id
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		books, err := reader.Runbooks(ctx)
		for _, b := range append(known, books...) {
			if b != nil && b.Path == path {
				do.Into = b
				return linkedMsg{id, s, do}
			}
		}
		if err == nil {
			err = errors.New(file)
		}
		return flashMsg{text: text.M("walkui.no_runbook", err.Error()), alarm: true}
	}
}

// linkedMsg brings the runbook that an answer leads to.
type linkedMsg struct {
	room string
	step *runbooks.Step
	do   incidents.Choose
}

// jump selects a step that the text names.
func (r *room) jump(e *env, s *runbooks.Step) tea.Cmd {
	if len(s.Jumps) == 1 {
		r.choose(s.Jumps[0].Step)
		return nil
	}
	var items []item
	for _, j := range s.Jumps {
		note := ""
		if to := r.book.Step(j.Step); to != nil {
			note = e.style.cut(e.show(stepName(to)), dialogWidth/2)
		}
		items = append(items, item{label: j.Label, note: note, do: func(*env) tea.Cmd { r.choose(j.Step); return nil }})
	}
	return ask(newChooser(e.t("walkui.jump_title"), 0, items))
}

// decision is a chooser that takes no keys typed ahead: an answer is written down.
type decision struct{ *chooser }

func (decision) eager() bool { return false }

// What the key f signs.
const (
	signNothing = iota
	signStep
	signWalk
)

// signs tells what the person could sign: the selected step, or the walk as a whole where it is a record of its own.
func (r *room) signs() int {
	w, s := r.current(), r.step()
	switch {
	case w == nil:
		return signNothing
	case s != nil && s.SignOff != nil && len(r.status(s.ID).Signed) == 0:
		return signStep
	case r.alone && !w.EndedAt.IsZero():
		return signWalk
	case r.alone && !slices.ContainsFunc(runbooks.Counted(r.book, *w), func(s *runbooks.Step) bool { return !w.At(r.book, s.ID).Status.Over() }):
		return signWalk
	}
	return signNothing
}

// sign shows what is signed, and by whom the work was done; a capital letter signs. Whether the person may is the Desk's
// to say.
func (r *room) sign(e *env) tea.Cmd {
	w, s, me := r.current(), r.step(), e.Options.Person.Name
	do := incidents.SignOff{}
	facts := []fact{{e.t("walkui.record"), e.show(w.ID + " " + w.Title)}}
	var did []string
	if r.signs() == signStep {
		do.Step, do.Title = r.ref(s.ID), stepName(s)
		did = r.status(s.ID).Did
		facts = append(facts, fact{e.t("room.step"), e.show(stepName(s))})
		if role := s.SignOff.Role; role != "" {
			facts = append(facts, fact{e.t("walkui.role"), e.show(role)})
		}
	} else {
		for _, st := range w.Steps {
			did = append(did, st.Did...)
		}
		slices.Sort(did)
		did = slices.Compact(did)
	}
	if slices.Contains(did, me) && (do.Step == "" || s.SignOff.Distinct) {
		return func() tea.Msg { return flashMsg{text: text.M("walkui.sign_other", me), alarm: true} }
	}
	if len(did) > 0 {
		facts = append(facts, fact{e.t("walkui.done_by"), e.show(strings.Join(did, ", "))})
	}
	facts = append(facts, fact{e.t("walkui.signer"), e.show(me)})
	return ask(newConfirm(e.t("walkui.sign_title"), e.t("walkui.sign_it"), facts, func(e *env) tea.Cmd {
		return r.act(e, do, text.M("walkui.signed"), roomTag{})
	}))
}

// finish ends a walk that is a record of its own. What is left open is named, and needs a reason.
func (r *room) finish(e *env) tea.Cmd {
	w := r.current()
	todo, unsigned := runbooks.Left(r.book, *w)
	facts := []fact{{e.t("walkui.record"), e.show(w.ID + " " + w.Title)}}
	for i, list := range [][]*runbooks.Step{todo, unsigned} {
		label := e.t([]string{"walkui.left_todo", "walkui.left_unsigned"}[i])
		for _, s := range list[:min(len(list), 4)] {
			facts, label = append(facts, fact{label, e.show(stepName(s))}), ""
		}
		if more := len(list) - 4; more > 0 {
			facts = append(facts, fact{"", e.t("walkui.more", more)})
		}
	}
	end := func(e *env, reason string) tea.Cmd {
		return r.act(e, incidents.EndWalk{Reason: reason}, text.M("walkui.finished", w.ID), roomTag{})
	}
	if len(todo)+len(unsigned) == 0 {
		return ask(newConfirm(e.t("walkui.finish_title"), e.t("walkui.finish_it"), facts, func(e *env) tea.Cmd { return end(e, "") }))
	}
	d := newPrompt(e.t("walkui.finish_title"), e.t("walkui.finish_hint"), "", end)
	d.facts, d.check = facts, required
	return ask(d)
}
