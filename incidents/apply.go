package incidents

import (
	"slices"
	"time"

	"lage/runbooks"
)

// Apply makes the change of a walk that an entry tells of. A walk is the fold of its entries: what Decide writes is what
// Apply makes of the entries that it writes with it. Entries of other walks change nothing.
func Apply(w *runbooks.Walk, e Entry) {
	if e.Walk != w.ID {
		return
	}
	if e.Kind == KindWalkEnded {
		w.EndedAt = e.OccurredAt
	}
	if e.Step != "" {
		applyStep(w, e)
	}
	c := e.Change
	if c == nil {
		return
	}
	if c.EndReason != "" {
		w.EndReason = c.EndReason
	}
	if c.Sign != nil && e.Step == "" {
		w.Signed = append(slices.Clone(w.Signed), signed(*c.Sign, e))
	}
	if c.Input != nil {
		in := *c.Input
		in.By, in.At, in.Seq = e.Who.Name, e.OccurredAt, e.Seq
		w.Inputs[runbooks.InputName(in.Name)] = in
	}
	if c.Detour != nil {
		w.Detours = append(slices.Clone(w.Detours), *c.Detour)
	}
	if e.Kind == KindWentBack {
		leave(w)
	}
	if c.Go != "" {
		w.Current = c.Go
	}
}

func applyStep(w *runbooks.Walk, e Entry) {
	st, c := w.Steps[e.Step], e.Change
	switch e.Kind {
	case KindStepClaimed:
		release(w, e.Who.Name)
		st.ClaimedBy, st.ClaimedAt = e.Who.Name, e.OccurredAt
	case KindStepReleased:
		st.ClaimedBy, st.ClaimedAt = "", time.Time{}
	}
	if c != nil && c.State != nil {
		st = marked(st, *c.State, e)
	}
	if c != nil && c.Wait {
		st.WaitSince = e.OccurredAt
	}
	if c != nil && c.Sign != nil {
		st.Signed = append(slices.Clone(st.Signed), signed(*c.Sign, e))
	}
	if c != nil || e.Kind == KindStepClaimed || e.Kind == KindStepReleased {
		w.Steps[e.Step] = st
		w.Current = e.Step
	}
}

// marked is how a step stands after a mark. What was signed off was the step as it stood before: that is void.
func marked(old, to runbooks.StepState, e Entry) runbooks.StepState {
	to.By, to.At, to.Seq, to.Did = e.Who.Name, e.OccurredAt, e.Seq, old.Did
	if e.Kind == KindCommandEnded && old.Status == runbooks.StepRunning { // written by whoever looked on: who started it did it
		to.By = old.By
	}
	if e.Kind != KindStepReopened {
		to.WaitSince = old.WaitSince
		if e.Kind != KindStepSigned && !slices.Contains(to.Did, to.By) {
			to.Did = append(slices.Clone(to.Did), to.By)
		}
	}
	if !to.Status.Over() {
		to.ClaimedBy, to.ClaimedAt = old.ClaimedBy, old.ClaimedAt
	}
	return to
}

func signed(s runbooks.Sign, e Entry) runbooks.Sign {
	s.By, s.At, s.Seq = e.Who.Name, e.OccurredAt, e.Seq
	return s
}

// release lets go of what a person works on: one person works on one step.
func release(w *runbooks.Walk, who string) {
	for id, st := range w.Steps {
		if st.ClaimedBy == who {
			st.ClaimedBy, st.ClaimedAt = "", time.Time{}
			w.Steps[id] = st
		}
	}
}

// leave goes back from the runbook that the walk was led to last.
func leave(w *runbooks.Walk) {
	w.Detours = slices.Clone(w.Detours)
	for i := len(w.Detours) - 1; i >= 0; i-- {
		if !w.Detours[i].Left {
			w.Detours[i].Left = true
			return
		}
	}
}
