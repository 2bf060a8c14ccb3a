package report

import (
	"maps"

	"lage/incidents"
	"lage/internal/text"
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
		v.Walk.Steps = maps.Clone(v.Walk.Steps)
		for id, s := range v.Walk.Steps {
			e := bySeq[s.Seq]
			if e.HasErased("who") {
				s.By = gone
			}
			if s.Reason != "" && e.HasErased("text") {
				s.Reason = gone
			}
			v.Walk.Steps[id] = s
		}
		walks[i] = v
	}
	room.Walks = walks
	return room
}

// blanked makes sure that nothing of an erased part is left in an entry.
func blanked(e incidents.Entry, gone string) incidents.Entry {
	if e.HasErased("who") {
		e.Who = services.Person{}
	}
	if e.HasErased("text") {
		e.Message = text.Message{}
		if e.Command != nil {
			c := *e.Command
			c.Command = gone
			e.Command = &c
		}
	}
	if e.HasErased("output") {
		e.Output = ""
	}
	return e
}
