package incidents

import (
	"maps"
	"slices"

	"lage/internal/text"
	"lage/runbooks"
)

// Shown gives the incident with its marks in the reader's language.
func (i Incident) Shown(l text.Lang) Incident {
	i.Title, i.Cause, i.Lead = text.Shown(l, i.Title), text.Shown(l, i.Cause), text.Shown(l, i.Lead)
	if i.Handover != nil {
		h := *i.Handover
		h.To, h.By, h.Note = text.Shown(l, h.To), text.Shown(l, h.By), text.Shown(l, h.Note)
		i.Handover = &h
	}
	return i
}

// ShownWalk gives a walk with its marks in the reader's language. The walk itself is not touched.
func ShownWalk(w runbooks.Walk, l text.Lang) runbooks.Walk {
	for _, s := range []*string{&w.Title, &w.Asset, &w.Reason, &w.Change, &w.StartedBy, &w.EndReason} {
		*s = text.Shown(l, *s)
	}
	signs := func(list []runbooks.Sign) []runbooks.Sign {
		list = slices.Clone(list)
		for i := range list {
			list[i].By, list[i].Note = text.Shown(l, list[i].By), text.Shown(l, list[i].Note)
		}
		return list
	}
	w.Signed, w.Steps, w.Inputs = signs(w.Signed), maps.Clone(w.Steps), maps.Clone(w.Inputs)
	for id, st := range w.Steps {
		st.By, st.Reason, st.ClaimedBy, st.Signed = text.Shown(l, st.By), text.Shown(l, st.Reason), text.Shown(l, st.ClaimedBy), signs(st.Signed)
		w.Steps[id] = st
	}
	for id, in := range w.Inputs {
		in.By, in.Value = text.Shown(l, in.By), text.Shown(l, in.Value)
		w.Inputs[id] = in
	}
	return w
}

// Shown gives the room with its marks in the reader's language.
func (r Room) Shown(l text.Lang) Room {
	r.Incident = r.Incident.Shown(l)
	r.Walks = slices.Clone(r.Walks)
	for i := range r.Walks {
		r.Walks[i].Walk = ShownWalk(r.Walks[i].Walk, l)
	}
	return r
}
