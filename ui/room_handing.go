package ui

import (
	tea "charm.land/bubbletea/v2"

	"lage/incidents"
	"lage/internal/text"
)

// handOver asks to whom the lead goes, then for the note, which is put together already and can be changed.
func (r *room) handOver(e *env) tea.Cmd {
	d := newPrompt(e.t("room.hand_title"), e.t("room.hand_who"), "", func(e *env, to string) tea.Cmd {
		note := r.data.HandoverNote(e.Options.Lang, e.Options.Zone, e.now)
		n := newPrompt(e.t("room.hand_to", to), e.t("room.hand_note"), e.show(note), func(e *env, note string) tea.Cmd {
			return r.act(e, incidents.HandOver{To: to, Note: note}, text.M("room.handed", to), roomTag{})
		})
		n.check = required
		return ask(n)
	})
	d.check = required
	return ask(d)
}

// accept shows what the other person wrote before the lead changes.
func (r *room) accept(e *env) tea.Cmd {
	h := r.data.Incident.Handover
	facts := []fact{{e.t("room.incident"), e.show(r.id + " " + r.data.Incident.Title)}, {e.t("room.hand_from"), e.show(h.By)}, {e.t("room.note"), e.show(h.Note)}}
	return ask(newConfirm(e.t("room.accept_title"), e.t("room.accept_it"), facts, func(e *env) tea.Cmd {
		return r.act(e, incidents.Accept{}, text.M("room.accepted", r.id), roomTag{})
	}))
}
