package cli

import (
	"context"
	"strings"

	"lage/incidents"
	"lage/internal/text"
)

// runTime corrects one of an incident's times.
func runTime(ctx context.Context, a *app) error {
	n := len(a.args)
	which := incidents.TimeKind(a.args[n-2])
	var kinds []string
	for _, k := range incidents.TimeKinds() {
		kinds = append(kinds, string(k))
	}
	if !contains(kinds, string(which)) {
		f := a.usage(text.M("incidents.no_time", string(which)))
		if near := nearest(string(which), kinds); near != "" {
			f.hint = text.M("cli.hint_mean", near)
		}
		return f
	}
	if a.flag("reason") == "" {
		return a.usage(text.M("incidents.needs_reason"))
	}
	said := strings.TrimSpace(a.args[n-1])
	if _, err := a.momentOf(string(which), said); err != nil { // before anything is opened
		return err
	}
	s, err := a.work(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	at, err := a.momentOf(string(which), said)
	if err != nil {
		return err
	}
	id, err := s.which(ctx, a.args[:n-2])
	if err != nil {
		return err
	}
	return s.act(ctx, id, incidents.SetTime{Which: which, To: at, Reason: a.flag("reason")})
}
