package incidents

import (
	"slices"

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
	w.StartedAt, w.StartedBy, w.Kind = d.now, d.r.By.Name, runbooks.ForMaintenance
	if d.inc != nil {
		w.Kind, w.Incident = runbooks.ForIncident, d.inc.ID
	}
	d.walk = &w
	d.out.Revision = b
	d.entry(Entry{Kind: KindWalkStarted, Message: text.M("incidents.walk_started", b.Title, b.Name)})
	d.walkNew = true
	return nil
}

func (d *draft) endWalk() error {
	if !d.walk.EndedAt.IsZero() {
		return refuse("incidents.walk_over")
	}
	d.walk.EndedAt = d.now
	d.walkEntry(Entry{Kind: KindWalkEnded, Message: text.M("incidents.walk_ended", d.walk.Title)})
	return nil
}

// walkEntry adds an entry about the walk; its number becomes the mark's, so that a mark can be traced to its entry.
func (d *draft) walkEntry(e Entry) {
	e.Walk = d.walk.ID
	d.entry(e)
	d.walkNew = true
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

func (d *draft) set(step string, st runbooks.StepState) {
	st.By, st.At = d.r.By.Name, d.now
	st.Seq = d.s.Entries + int64(len(d.out.Entries)) + 1
	d.walk.Steps[step] = st
	d.walk.Current = step
}

func (d *draft) markStep(a MarkStep) error {
	if err := d.seenStep(a.Step, a.Seen); err != nil {
		return err
	}
	title, reason := clean.Line(a.Title), clean.Line(a.Reason)
	cur := d.walk.Steps[a.Step]
	e := Entry{Step: a.Step}
	switch a.To {
	case runbooks.StepDone:
		e.Kind, e.Message = KindStepDone, text.M("incidents.step_was_done", title)
	case runbooks.StepSkipped, runbooks.StepFailed:
		if reason == "" {
			return refuse("incidents.needs_reason")
		}
		e.Kind, e.Message = KindStepSkipped, text.M("incidents.step_was_skipped", title, reason)
		if a.To == runbooks.StepFailed {
			e.Kind, e.Message = KindStepFailed, text.M("incidents.step_was_failed", title, reason)
		}
	case runbooks.StepTodo:
		if cur.Status == runbooks.StepTodo {
			return refuse("incidents.nothing_to_undo")
		}
		e.Kind, e.Message = KindStepReopened, text.M("incidents.step_was_reopened", title)
	default:
		return refuse("incidents.unknown_action")
	}
	d.set(a.Step, runbooks.StepState{Status: a.To, Reason: reason, Run: cur.Run})
	d.walkEntry(e)
	return nil
}

func (d *draft) commandStarted(a CommandStarted) error {
	if err := d.seenStep(a.Step, a.Seen); err != nil {
		return err
	}
	cmd := a.Command
	cmd.ExitCode = -1
	d.set(a.Step, runbooks.StepState{Status: runbooks.StepRunning, Run: a.Run})
	d.walkEntry(Entry{Kind: KindCommandStarted, Step: a.Step, Run: a.Run, Command: &cmd, Message: text.M("incidents.command_started", clean.Line(a.Title))})
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
		d.set(a.Step, runbooks.StepState{Status: a.Mark, Run: a.Run})
	}
	d.walkEntry(e)
	return nil
}
