package cli

import (
	"context"

	"lage/incidents"
	"lage/internal/text"
)

// handoverJSON is a lead that is offered to somebody.
type handoverJSON struct {
	To   string  `json:"to"`
	By   string  `json:"by"`
	Note string  `json:"note"`
	At   *string `json:"at"`
}

func (a *app) handoverJSON(h *incidents.Handover) *handoverJSON {
	if h == nil {
		return nil
	}
	return &handoverJSON{h.To, h.By, h.Note, a.stamp(h.At)}
}

// runQuiet ends the alarms of an incident: somebody is awake.
func runQuiet(ctx context.Context, a *app) error { return a.simply(ctx, incidents.Quieten{}) }

// runAccept takes the lead that was offered.
func runAccept(ctx context.Context, a *app) error { return a.simply(ctx, incidents.Accept{}) }

// simply does something with the incident that the arguments name, or the only open one.
func (a *app) simply(ctx context.Context, do incidents.Action) error {
	s, err := a.work(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	id, err := s.which(ctx, a.args)
	if err != nil {
		return err
	}
	return s.act(ctx, id, do)
}

// runHandover offers the lead to somebody, with a note that says how it stands.
func runHandover(ctx context.Context, a *app) error {
	if a.flag("to") == "" {
		return a.usage(text.M("incidents.needs_to"))
	}
	s, err := a.work(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	id, err := s.which(ctx, a.args)
	if err != nil {
		return err
	}
	note := a.flag("note")
	if note == "" {
		room, err := s.room(ctx, id)
		if err != nil {
			return failed("cli.err_read", err)
		}
		note = room.HandoverNote(a.lang, a.zone, a.env.Now())
	}
	return s.act(ctx, id, incidents.HandOver{To: a.flag("to"), Note: note})
}
