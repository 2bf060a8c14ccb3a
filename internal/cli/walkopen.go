package cli

import (
	"context"
	"errors"
	"path/filepath"

	"lage/incidents"
	"lage/internal/text"
	"lage/runbooks"
)

// runRunbookRun leads through a runbook on the terminal, one step after the other. Every act is in the timeline before
// the next question is asked. A walk that was left goes on where it stopped. Where nobody sits in front of it, it is opened.
func runRunbookRun(ctx context.Context, a *app) error {
	if a.flag("incident") != "" && (a.flag("asset") != "" || a.flag("change") != "" || a.flag("reason") != "") {
		return a.usage(text.M("incidents.walk_of_incident"))
	}
	return a.walkBook(ctx, "")
}

// runRunbookDrill does the same as an exercise.
func runRunbookDrill(ctx context.Context, a *app) error { return a.walkBook(ctx, runbooks.ForDrill) }

func (a *app) walkBook(ctx context.Context, kind runbooks.WalkKind) error {
	b, err := a.runbook(ctx, a.args[0])
	if err != nil {
		return err
	}
	if path, err := filepath.Abs(b.Path); err == nil {
		b.Path = path // it is looked at again from other places
	}
	if a.on("dry-run") {
		return a.dryRun(ctx, b, kind)
	}
	asks := a.env.StdinTerminal && !a.on("no-input") && !a.on("json")
	if asks && len(toWalk(b)) == 0 {
		a.println(a.t("cli.walk_nothing", b.Title))
		return nil
	}
	s, err := a.make(ctx, true) // with secrets, so that they can be taken out of what commands say
	if err != nil {
		return err
	}
	defer s.close()
	w := &walker{s: s, app: a, kind: kind, read: map[string]bool{}, tried: map[string]bool{}, typed: map[string]string{}}
	if err := w.aim(ctx, b, asks); err != nil {
		return err
	}
	if err := s.ensureStore(ctx); err != nil {
		return err
	}
	if !asks {
		return s.openNew(ctx, b, w.req.Record, kind)
	}
	w.in = lines(ctx, a.env.Stdin)
	if err := w.begin(ctx, b); err != nil {
		return err
	}
	return w.lead(ctx)
}

// aim finds out what the walk is for. A maintenance has to say what is worked on and why, before anything is made.
func (w *walker) aim(ctx context.Context, b *runbooks.Runbook, asks bool) error {
	w.req = incidents.Request{By: w.s.who}
	if ref := w.app.flag("incident"); ref != "" {
		id, err := w.s.which(ctx, []string{ref})
		w.req.Record = id
		return err
	}
	if w.kind == runbooks.ForDrill || w.app.flag("asset") != "" && w.app.flag("reason") != "" {
		return nil
	}
	if asks {
		if open, err := w.s.openWalk(ctx, "", b.Name, w.kind, w.app.flag("asset")); err != nil || open != nil {
			return err
		}
	}
	return w.app.usage(text.M("incidents.needs_asset"))
}

// openNew opens a walk where nobody sits in front of it: it prints the ID, or the whole walk for programs. A runbook that is
// walked for the incident already is not begun twice.
func (s *session) openNew(ctx context.Context, b *runbooks.Runbook, incident string, kind runbooks.WalkKind) error {
	a := s.app
	r := incidents.Request{Record: incident, By: s.who, Do: incidents.StartWalk{Runbook: b, Kind: kind, Asset: a.flag("asset"), Reason: a.flag("reason"), Change: a.flag("change")}}
	rec, err := s.desk.Act(ctx, r)
	var id string
	switch {
	case err == nil:
		id = rec.Walk.ID
	case incident != "" && errors.Is(err, incidents.ErrStale):
		open, ferr := s.openWalk(ctx, incident, b.Name, kind, "")
		if ferr != nil || open == nil {
			return err
		}
		id = open.Walk.ID
		a.warn(reason(err))
	default:
		return err
	}
	if a.on("json") {
		return s.toldWalk(ctx, id, rec)
	}
	a.println(id)
	a.warn(text.M("walk.opened", id))
	return nil
}
