package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"

	"lage/incidents"
	"lage/internal/text"
	"lage/runbooks"
)

// walks compares every walk with its timeline: what it says of steps, people, signatures and its end must follow from the
// entries, which nobody can change. What was erased, and what was written before entries said what they change, is left out.
func (v *Verification) walks(ctx context.Context, tx *sql.Tx) error {
	list, err := walksWhere(ctx, tx, "ORDER BY n")
	if err != nil {
		return err
	}
	for _, w := range list {
		entries, err := entriesWhere(ctx, tx, "WHERE record = ? ORDER BY seq", cmp.Or(w.Incident, w.ID))
		if err != nil {
			return err
		}
		v.walk(w, entries)
	}
	return nil
}

func (v *Verification) walk(w runbooks.Walk, entries []incidents.Entry) {
	record := cmp.Or(w.Incident, w.ID)
	folded := runbooks.Walk{ID: w.ID}.Clone()
	var dark darkness // what cannot be told any more
	for _, e := range entries {
		if e.Walk != w.ID {
			continue
		}
		incidents.Apply(&folded, e)
		dark.see(e)
		if e.Kind == incidents.KindWalkStarted && !startsAs(w, e) {
			v.report(record, e.Seq, text.M("store.verify_walk", w.ID))
			return
		}
	}
	if dark.all {
		return
	}
	for key, is := range w.Steps {
		if _, ok := folded.Steps[key]; !ok && !dark.steps[key] && !strings.Contains(is.By, incidents.Mark) {
			v.report(record, w.Steps[key].Seq, text.M("store.verify_walk_step", w.ID, key))
		}
	}
	for key, want := range folded.Steps {
		if is := w.Steps[key]; !dark.steps[key] && !sameStep(is, want) {
			v.report(record, want.Seq, text.M("store.verify_walk_step", w.ID, key))
		}
	}
	if !sameSigns(w.Signed, folded.Signed) || !w.EndedAt.Equal(folded.EndedAt) || !sameInputs(w, folded) || !same(w.EndReason, folded.EndReason) {
		v.report(record, 0, text.M("store.verify_walk", w.ID))
	}
}

// darkness is what of a walk can no longer be told from its entries.
type darkness struct {
	all   bool
	steps map[string]bool
}

func (d *darkness) see(e incidents.Entry) {
	gone := e.HasErased("who") || e.HasErased("text")
	old := e.Change == nil && (marksStep(e.Kind))
	switch {
	case !gone && !old || e.Kind == incidents.KindWalkStarted || e.Kind == incidents.KindNote:
	case e.Step != "":
		if d.steps == nil {
			d.steps = map[string]bool{}
		}
		d.steps[e.Step] = true
	default:
		d.all = true
	}
	if e.Kind == incidents.KindStepClaimed && e.HasErased("who") { // it may have released any other step
		d.all = true
	}
}

// startsAs tells whether a walk is about what its first entry says.
func startsAs(w runbooks.Walk, e incidents.Entry) bool {
	if e.HasErased("text") || e.HasErased("who") || !strings.HasPrefix(e.Message.Code, "incidents.maintenance_started") {
		return true
	}
	a := slices.Concat(e.Message.Args, make([]string, 5))
	return same(w.Asset, a[0]) && same(w.Reason, a[1]) && same(w.Change, a[4]) && same(w.StartedBy, e.Who.Name) && w.Kind == runbooks.ForMaintenance
}

// same tells whether a text of a walk is what the timeline says, or was erased from the walk.
func same(is, want string) bool { return is == want || strings.Contains(is, incidents.Mark) }

func sameStep(is, want runbooks.StepState) bool {
	return is.Status == want.Status && same(is.By, want.By) && is.At.Equal(want.At) && same(is.Reason, want.Reason) && is.Choice == want.Choice &&
		is.Run == want.Run && is.WaitSince.Equal(want.WaitSince) && same(is.ClaimedBy, want.ClaimedBy) &&
		slices.EqualFunc(is.Did, want.Did, same) && sameSigns(is.Signed, want.Signed)
}

func sameSigns(is, want []runbooks.Sign) bool {
	return slices.EqualFunc(is, want, func(x, y runbooks.Sign) bool {
		return same(x.By, y.By) && x.At.Equal(y.At) && x.Role == y.Role && same(x.Note, y.Note)
	})
}

func sameInputs(is, want runbooks.Walk) bool {
	if len(is.Inputs) != len(want.Inputs) {
		return false
	}
	for id, in := range is.Inputs {
		if w := want.Inputs[id]; !same(in.Value, w.Value) || !same(in.By, w.By) {
			return false
		}
	}
	return true
}
