package cli

import (
	"context"
	"time"

	"lage/incidents"
	"lage/internal/text"
)

// runClass changes how grave an incident is.
func runClass(ctx context.Context, a *app) error {
	if a.flag("reason") == "" {
		return a.usage(text.M("services.needs_reason"))
	}
	s, err := a.work(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	last := len(a.args) - 1
	id, err := s.which(ctx, a.args[:last])
	if err != nil {
		return err
	}
	return s.act(ctx, id, incidents.SetClass{Class: a.args[last], Reason: a.flag("reason")})
}

// targetRows writes one line for each time that is owed in an incident.
func (a *app) targetRows(r incidents.Room) [][]string {
	var rows [][]string
	for _, t := range r.Targets(a.zone, a.env.Now()) {
		rows = append(rows, []string{a.t("services.target_" + string(t.Kind)), a.targetWords(t)})
	}
	return rows
}

func (a *app) targetWords(t incidents.Target) string {
	in := func(d time.Duration) string { return text.Hours(a.lang, d) }
	switch due := text.DateTime(a.lang, t.Due.In(a.zone)); {
	case !t.Open() && t.Missed():
		return a.t("services.target_was_late", in(t.Agreed), in(-t.Left))
	case !t.Open():
		return a.t("services.target_was_met", in(t.Agreed), in(t.Agreed-t.Left))
	case t.Missed():
		return a.t("services.target_late", due, in(-t.Left))
	case t.Due.IsZero():
		return a.t("services.target_never", in(t.Agreed))
	case t.Waits:
		return a.t("services.target_waits", due, in(t.Left))
	default:
		return a.t("services.target_left", due, in(t.Left))
	}
}
