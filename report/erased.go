package report

import (
	"slices"

	"lage/incidents"
	"lage/internal/text"
	"lage/runbooks"
	"lage/services"
)

// withoutErased gives the room as a report may show it: what was erased from the timeline also stands in the incident and
// the walks that the entries led to, and must not come out there.
func withoutErased(room incidents.Room, l text.Lang) incidents.Room {
	gone := text.T(l, "report.erased")
	lead := room.Incident.Lead
	bySeq := map[int64]incidents.Entry{}
	for _, e := range room.Entries {
		bySeq[e.Seq] = e
		switch e.Kind {
		case incidents.KindAcknowledged: // the last one leads
			if e.HasErased("who") || e.HasErased("text") {
				lead = gone
			} else {
				lead = room.Incident.Lead
			}
		case incidents.KindResolved:
			if room.Incident.Cause != "" && e.HasErased("text") {
				room.Incident.Cause = gone
			}
		}
	}
	room.Incident.Lead = lead
	entries := make([]incidents.Entry, len(room.Entries))
	for i, e := range room.Entries {
		entries[i] = blanked(e, gone)
	}
	room.Entries = entries
	walks := make([]incidents.WalkView, len(room.Walks))
	for i, v := range room.Walks {
		v.Walk = walkWithoutErased(v.Walk, room.Entries, bySeq, gone)
		walks[i] = v
	}
	room.Walks = walks
	return room
}

// walkWithoutErased takes out of a walk what was erased from the entries that made it.
func walkWithoutErased(w runbooks.Walk, entries []incidents.Entry, bySeq map[int64]incidents.Entry, gone string) runbooks.Walk {
	w = w.Clone()
	hide := func(seq int64, who *string, texts ...*string) {
		e := bySeq[seq]
		if e.HasErased("who") && *who != "" {
			*who = gone
		}
		for _, t := range texts {
			if e.HasErased("text") && *t != "" {
				*t = gone
			}
		}
	}
	signs := func(list []runbooks.Sign) []runbooks.Sign {
		list = slices.Clone(list)
		for i := range list {
			hide(list[i].Seq, &list[i].By, &list[i].Role, &list[i].Note)
		}
		return list
	}
	for id, s := range w.Steps {
		hide(s.Seq, &s.By, &s.Reason, &s.Choice)
		s.Signed, s.Did = signs(s.Signed), nil
		w.Steps[id] = s
	}
	w.Signed = signs(w.Signed)
	for id, in := range w.Inputs {
		hide(in.Seq, &in.By, &in.Value)
		w.Inputs[id] = in
	}
	for _, e := range entries {
		st := w.Steps[e.Step]
		switch {
		case e.Walk != w.ID:
		case e.Kind == incidents.KindWalkStarted:
			hide(e.Seq, &w.StartedBy, &w.Asset, &w.Reason, &w.Change)
		case e.Kind == incidents.KindWalkEnded:
			hide(e.Seq, new(string), &w.EndReason)
		case e.Kind == incidents.KindStepClaimed && st.ClaimedAt.Equal(e.OccurredAt):
			hide(e.Seq, &st.ClaimedBy)
			w.Steps[e.Step] = st
		}
	}
	return w
}

// blanked makes sure that nothing of an erased part is left in an entry.
func blanked(e incidents.Entry, gone string) incidents.Entry {
	if e.HasErased("who") {
		e.Who = services.Person{}
	}
	if e.HasErased("text") {
		e.Message, e.Change = text.Message{}, nil
		if e.Command != nil {
			c := *e.Command
			c.Command, c.Dir = gone, ""
			e.Command = &c
		}
	}
	if e.HasErased("output") {
		e.Output = ""
	}
	return e
}
