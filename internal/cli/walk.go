package cli

import (
	"context"
	"errors"
	"slices"

	"lage/incidents"
	"lage/internal/text"
	"lage/runbooks"
)

func walkCommands() []command {
	return []command{
		{name: "walk list", group: groupRunbooks, short: "cli.short_walk_list", run: runWalkList},
		{name: "walk show", args: "WALK", min: 1, max: 1, group: groupRunbooks, short: "cli.short_walk_show", run: runWalkShow},
	}
}

type walkJSON struct {
	ID       string  `json:"id"`
	Incident string  `json:"incident"`
	Runbook  string  `json:"runbook"`
	Revision string  `json:"revision"`
	Title    string  `json:"title"`
	Started  *string `json:"started_at"`
	Ended    *string `json:"ended_at"`
	Done     int     `json:"done"`
	Total    int     `json:"total"`
}

func (a *app) walkJSON(v incidents.WalkView) walkJSON {
	w := v.Walk
	out := walkJSON{ID: w.ID, Incident: w.Incident, Runbook: w.Runbook, Revision: w.Revision, Title: w.Title,
		Started: a.stamp(w.StartedAt), Ended: a.stamp(w.EndedAt)}
	if v.Book != nil {
		out.Done, out.Total = runbooks.Progress(v.Book, w)
	}
	return out
}

func runWalkList(ctx context.Context, a *app) error {
	s, err := a.look(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	list, err := s.walks(ctx)
	if err != nil {
		return failed("cli.err_read", err)
	}
	if a.on("json") {
		doc := struct {
			Schema string     `json:"schema"`
			Walks  []walkJSON `json:"walks"`
		}{"lage/walks/v1", []walkJSON{}}
		for _, v := range list {
			doc.Walks = append(doc.Walks, a.walkJSON(v))
		}
		return a.json(doc)
	}
	if len(list) == 0 {
		a.println(a.t("cli.no_walks"))
		return nil
	}
	var rows [][]string
	for _, v := range list {
		rows = append(rows, []string{v.Walk.ID, a.walkState(v.Walk), text.DateTime(a.lang, v.Walk.StartedAt.In(a.zone)), v.Walk.Incident, v.Walk.Title})
	}
	columns(a.out, rows)
	return nil
}

func (a *app) walkState(w runbooks.Walk) string {
	if w.EndedAt.IsZero() {
		return a.t("cli.walk_open")
	}
	return a.t("cli.walk_ended")
}

func runWalkShow(ctx context.Context, a *app) error {
	s, err := a.look(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	missing := &fault{code: exitNotFound, msg: text.M("cli.err_walk", a.args[0]), hint: text.M("cli.hint_walks")}
	if s.store == nil {
		return missing
	}
	v, entries, err := s.walkRecord(ctx, a.args[0])
	if errors.Is(err, incidents.ErrNotFound) {
		return missing
	}
	if err != nil {
		return failed("cli.err_read", err)
	}
	if a.on("json") {
		return a.json(struct {
			Schema  string      `json:"schema"`
			Walk    walkJSON    `json:"walk"`
			Entries []entryJSON `json:"timeline"`
		}{"lage/walk/v1", a.walkJSON(v), a.entriesJSON(entries)})
	}
	w := v.Walk
	a.printf("%s  %s\n\n", w.ID, w.Title)
	rows := [][]string{{a.t("cli.show_state"), a.walkState(w)}, {a.t("cli.show_runbook"), w.Runbook},
		{a.t("cli.show_started"), text.DateTime(a.lang, w.StartedAt.In(a.zone))}}
	if w.Incident != "" {
		rows = append(rows, []string{a.t("cli.show_incident"), w.Incident})
	}
	if !w.EndedAt.IsZero() {
		rows = append(rows, []string{a.t("cli.show_ended"), text.DateTime(a.lang, w.EndedAt.In(a.zone))})
	}
	columns(a.out, rows)
	a.println("")
	columns(a.out, a.entryRows(entries))
	return nil
}

// walks lists all walks, oldest first.
func (s *session) walks(ctx context.Context) ([]incidents.WalkView, error) {
	if s.store == nil {
		return nil, nil
	}
	list, err := s.store.Walks(ctx, false)
	if err != nil {
		return nil, err
	}
	slices.Reverse(list) // oldest first, as everywhere
	views := make([]incidents.WalkView, 0, len(list))
	for _, w := range list {
		views = append(views, s.reader.view(ctx, w))
	}
	return views, nil
}

// openWalk finds the walk that goes on: of the incident and runbook, or of the runbook without an incident. Nil when there
// is none.
func (s *session) openWalk(ctx context.Context, incident, book string) (*incidents.WalkView, error) {
	list, err := s.walks(ctx)
	if err != nil {
		return nil, failed("cli.err_read", err)
	}
	for i := len(list) - 1; i >= 0; i-- {
		if w := list[i].Walk; w.EndedAt.IsZero() && w.Incident == incident && w.Runbook == book {
			return &list[i], nil
		}
	}
	return nil, nil
}

// walkRecord gives one walk and the entries that speak about it.
func (s *session) walkRecord(ctx context.Context, id string) (incidents.WalkView, []incidents.Entry, error) {
	ref, err := s.store.Resolve(ctx, id)
	if err != nil {
		return incidents.WalkView{}, nil, err
	}
	w, entries, err := s.store.WalkRecord(ctx, ref)
	if err != nil {
		return incidents.WalkView{}, nil, err
	}
	entries = slices.DeleteFunc(entries, func(e incidents.Entry) bool { return w.Incident != "" && e.Walk != w.ID })
	return s.reader.view(ctx, w), entries, nil
}

// walk gives a walk as it stands now.
func (s *session) walk(ctx context.Context, id string) (runbooks.Walk, error) {
	v, _, err := s.walkRecord(ctx, id)
	return v.Walk, err
}
