package incidents

import (
	"slices"
	"time"

	"lage/internal/clean"
	"lage/internal/text"
	"lage/runbooks"
)

func (d *draft) startWalk(a StartWalk) error {
	b := a.Runbook
	if b == nil {
		return refuse("incidents.needs_runbook")
	}
	if slices.Contains(d.s.Walking, b.Name) {
		return &Refusal{Stale: true, Message: text.M("incidents.walk_exists", b.Title)}
	}
	w := runbooks.NewWalk(b)
	w.StartedAt, w.StartedBy, w.Kind = d.now, d.r.By.Name, a.Kind
	w.Asset, w.Reason, w.Change = clean.Line(a.Asset), clean.Line(a.Reason), clean.Line(a.Change)
	if max(len(w.Asset), len(w.Reason), len(w.Change)) > maxTitle {
		return refuse("incidents.too_long", maxTitle)
	}
	m := text.M("incidents.walk_started", b.Title, b.Name)
	switch {
	case d.inc != nil && (a.Kind == "" || a.Kind == runbooks.ForIncident):
		w.Kind, w.Incident = runbooks.ForIncident, d.inc.ID
	case d.inc != nil:
		return refuse("incidents.walk_of_incident")
	case a.Kind == runbooks.ForDrill:
		m = text.M("incidents.drill_started", b.Title, b.Name)
	case a.Kind != "" && a.Kind != runbooks.ForMaintenance:
		return refuse("incidents.needs_incident")
	case w.Asset == "" || w.Reason == "":
		return refuse("incidents.needs_asset")
	default:
		w.Kind = runbooks.ForMaintenance
		m = text.M("incidents.maintenance_started", w.Asset, w.Reason, b.Title, b.Name)
		if w.Change != "" {
			m = text.M("incidents.maintenance_started_ref", w.Asset, w.Reason, b.Title, b.Name, w.Change)
		}
	}
	w.Current = runbooks.NextOpen(b, w, "")
	d.walk = &w
	d.out.Revision = b
	d.entry(Entry{Kind: KindWalkStarted, Message: m})
	d.walkNew = true
	return nil
}

// endWalk closes a walk. What is left open needs a reason, so that nobody takes it for done.
func (d *draft) endWalk(a EndWalk) error {
	reason, m := d.plan.Mask.Text(clean.Line(a.Reason)), text.M("incidents.walk_ended", d.walk.Title)
	var c *WalkChange
	if d.s.Book != nil {
		if todo, unsigned := runbooks.Left(d.s.Book, *d.walk); len(todo)+len(unsigned) > 0 {
			if reason == "" {
				return refuse("incidents.walk_left_open", len(todo), len(unsigned))
			}
			m = text.M("incidents.walk_ended_open", d.walk.Title, len(todo), len(unsigned), reason)
			c = &WalkChange{EndReason: reason}
		}
	}
	d.change(Entry{Kind: KindWalkEnded, Message: m, Change: c})
	return nil
}

// change writes an entry about the walk and makes the change that it tells of.
func (d *draft) change(e Entry) {
	e.Walk = d.walk.ID
	d.entry(e)
	d.walkNew = true
	last := d.out.Entries[len(d.out.Entries)-1]
	last.Seq = d.s.Entries + int64(len(d.out.Entries))
	Apply(d.walk, last)
}

// inWalk refuses what needs a walk that goes on, and a step that its runbook does not have.
func (d *draft) inWalk(step string) error {
	if !d.walk.EndedAt.IsZero() {
		return refuse("incidents.walk_over")
	}
	if step != "" && d.s.Book != nil && d.step(step) == nil {
		return refuse("incidents.no_step", step)
	}
	return nil
}

// step finds the step of a key; nil where the runbook is not known.
func (d *draft) step(key string) *runbooks.Step {
	if d.s.Book == nil {
		return nil
	}
	if st := d.s.Book.Step(key); st != nil {
		return st
	}
	_, id := runbooks.SplitKey(key)
	return d.s.Book.Step(id)
}

// wants tells what the step of a key asks for.
func (d *draft) wants(key string) runbooks.Wants {
	if st := d.step(key); st != nil {
		return st.Wants
	}
	return runbooks.Wants{}
}

// seenStep refuses when a colleague has moved the step since the person looked.
func (d *draft) seenStep(id string, seen runbooks.StepStatus) error {
	cur := d.walk.Steps[id]
	if cur.Status == seen {
		return nil
	}
	if cur.Status == runbooks.StepRunning {
		return &Refusal{Stale: true, Message: text.M("incidents.step_runs", cur.By, d.clock(cur.At))}
	}
	return &Refusal{Stale: true, Message: text.M("incidents.step_moved", stepWord(cur.Status), cur.By, d.clock(cur.At))}
}

func stepWord(s runbooks.StepStatus) text.Message {
	if s == runbooks.StepTodo {
		return text.M("incidents.step_todo")
	}
	return text.M("incidents.step_" + string(s))
}

func (d *draft) markStep(a MarkStep) error {
	if err := d.inWalk(a.Step); err != nil {
		return err
	}
	if err := d.seenStep(a.Step, a.Seen); err != nil {
		return err
	}
	title, reason := clean.Line(a.Title), d.plan.Mask.Text(clean.Line(a.Reason))
	if len(reason) > maxTitle*4 {
		return refuse("incidents.too_long", maxTitle*4)
	}
	cur := d.walk.Steps[a.Step]
	if a.To == cur.Status && a.To.Over() && (a.To != runbooks.StepFailed || cur.Reason != "") { // a failed command may get its reason later
		return d.seenStep(a.Step, runbooks.StepTodo)
	}
	e := Entry{Step: a.Step}
	st := d.step(a.Step)
	switch a.To {
	case runbooks.StepDone:
		e.Kind, e.Message = KindStepDone, text.M("incidents.step_was_done", title)
		if wait := d.waiting(a.Step); !wait.IsZero() {
			if reason == "" {
				return &Refusal{Message: wait}
			}
			e.Message = text.M("incidents.step_not_waited", title, reason)
		}
	case runbooks.StepSkipped, runbooks.StepFailed:
		optional := a.To == runbooks.StepSkipped && st != nil && st.Optional
		if reason == "" && !optional {
			return refuse("incidents.needs_reason")
		}
		e.Kind, e.Message = KindStepSkipped, text.M("incidents.step_was_skipped", title, reason)
		if a.To == runbooks.StepFailed {
			e.Kind, e.Message = KindStepFailed, text.M("incidents.step_was_failed", title, reason)
		} else if reason == "" {
			e.Message = text.M("incidents.step_was_left_out", title)
		}
	case runbooks.StepNA:
		e.Kind, e.Message = KindStepNA, text.M("incidents.step_was_na", title)
		if reason != "" {
			e.Message = text.M("incidents.step_was_na_because", title, reason)
		}
	case runbooks.StepTodo:
		if cur.Status == runbooks.StepTodo {
			return refuse("incidents.nothing_to_undo")
		}
		e.Kind, e.Message = KindStepReopened, text.M("incidents.step_was_reopened", title)
	default:
		return refuse("incidents.unknown_action")
	}
	e.Change = &WalkChange{State: &runbooks.StepState{Status: a.To, Reason: reason, Run: cur.Run}}
	d.change(e)
	return nil
}

// waiting says what the step still waits for; nothing where it waits for nothing, or no more.
func (d *draft) waiting(step string) text.Message {
	w, since := d.wants(step), d.walk.Steps[step].WaitSince
	if w.Wait > 0 && !w.WaitOffered {
		if left := WaitLeft(w.Wait, since, d.now); left > 0 {
			return text.M("incidents.wait_goes_on", left.Round(time.Second))
		}
	}
	if u := Await(w.Until, since, d.s.States, d.now); w.Until.Check != "" && !u.Met {
		return text.M("incidents.check_not_ok", w.Until.Check)
	}
	return text.Message{}
}

func (d *draft) claim(a ClaimStep) error {
	if err := d.inWalk(a.Step); err != nil {
		return err
	}
	cur, me, title := d.walk.Steps[a.Step], d.r.By.Name, clean.Line(a.Title)
	switch {
	case a.Release && cur.ClaimedBy == "", !a.Release && cur.ClaimedBy == me:
		return nil
	case cur.ClaimedBy != a.Seen && cur.ClaimedBy != me:
		if cur.ClaimedBy == "" {
			return &Refusal{Stale: true, Message: text.M("incidents.claim_gone", clean.Line(a.Seen))}
		}
		return &Refusal{Stale: true, Message: text.M("incidents.claimed_already", cur.ClaimedBy, d.clock(cur.ClaimedAt))}
	case a.Release:
		d.change(Entry{Kind: KindStepReleased, Step: a.Step, Message: text.M("incidents.step_released", title)})
	case cur.Status.Over():
		return d.seenStep(a.Step, runbooks.StepTodo)
	default:
		d.change(Entry{Kind: KindStepClaimed, Step: a.Step, Message: text.M("incidents.step_claimed", me, title)})
	}
	return nil
}

func (d *draft) startWait(a StartWait) error {
	if err := d.inWalk(a.Step); err != nil {
		return err
	}
	cur, w, title := d.walk.Steps[a.Step], d.wants(a.Step), clean.Line(a.Title)
	m := text.M("incidents.wait_started", title, w.Wait)
	switch {
	case w.Wait <= 0 && w.Until.Check == "":
		return refuse("incidents.nothing_to_wait")
	case cur.Status.Over():
		return d.seenStep(a.Step, runbooks.StepTodo)
	case !cur.WaitSince.IsZero(): // a colleague's console was faster: it is one and the same wait
		return nil
	case w.Wait <= 0:
		m = text.M("incidents.wait_for_check", title, w.Until.Check)
	}
	d.change(Entry{Kind: KindWaitStarted, Step: a.Step, Message: m, Change: &WalkChange{Wait: true}})
	return nil
}

func (d *draft) commandStarted(a CommandStarted) error {
	if err := d.inWalk(a.Step); err != nil {
		return err
	}
	if err := d.seenStep(a.Step, a.Seen); err != nil {
		return err
	}
	if d.walk.Kind == runbooks.ForDrill && a.Risk != runbooks.RiskRead {
		return refuse("incidents.drill_shows")
	}
	cmd := a.Command
	cmd.ExitCode = -1
	d.change(Entry{Kind: KindCommandStarted, Step: a.Step, Run: a.Run, Command: &cmd, Message: text.M("incidents.command_started", clean.Line(a.Title)),
		Change: &WalkChange{State: &runbooks.StepState{Status: runbooks.StepRunning, Run: a.Run}}})
	return nil
}

func (d *draft) commandEnded(a CommandEnded) error {
	cmd := a.Command
	title := clean.Line(a.Title)
	e := Entry{Kind: KindCommandEnded, Step: a.Step, Run: a.Run, Command: &cmd}
	e.Output, e.Masked = d.plan.Mask.Apply(a.Output)
	switch cmd.Outcome {
	case "exited":
		e.Message = text.M("incidents.command_ended", title, cmd.ExitCode, cmd.Duration)
	case "stopped", "timeout", "lost", "failed_to_start":
		e.Message = text.M("incidents.command_"+cmd.Outcome, title, cmd.Duration)
	default:
		return refuse("incidents.unknown_action")
	}
	// A step that a person has marked in the meantime, or that runs again, keeps that mark.
	if cur := d.walk.Steps[a.Step]; cur.Run == a.Run && cur.Status == runbooks.StepRunning {
		e.Change = &WalkChange{State: &runbooks.StepState{Status: a.Mark, Run: a.Run}}
		if w := d.wants(a.Step); a.Mark == runbooks.StepDone && w.Waits() {
			e.Change.State.Status, e.Change.Wait = runbooks.StepTodo, true // the command is through, the step waits
		}
	}
	d.change(e)
	return nil
}
