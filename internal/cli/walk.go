package cli

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"lage/incidents"
	"lage/internal/text"
	"lage/runbooks"
)

func walkCommands() []command {
	return []command{
		{name: "walk list", group: groupRunbooks, short: "cli.short_walk_list", run: runWalkList},
		{name: "walk show", args: "[WALK]", max: 1, group: groupRunbooks, short: "cli.short_walk_show", long: "walk.long_one", run: runWalkShow},
		{name: "walk step", args: "[WALK] STEP WHAT", min: 2, max: 3, group: groupRunbooks, short: "walk.short_step", long: "walk.long_step", run: runWalkStep,
			flags: []flag{{name: "reason", value: "TEXT", help: "walk.flag_reason"}}},
		{name: "walk choose", args: "[WALK] STEP ANSWER", min: 2, max: 3, group: groupRunbooks, short: "walk.short_choose", long: "walk.long_choose", run: runWalkChoose},
		{name: "walk back", args: "[WALK]", max: 1, group: groupRunbooks, short: "walk.short_back", run: runWalkBack},
		{name: "walk input", args: "[WALK] NAME VALUE", min: 2, max: 3, group: groupRunbooks, short: "walk.short_input", long: "walk.long_input", run: runWalkInput,
			flags: []flag{{name: "as-is", help: "walk.flag_as_is"}}},
		{name: "walk env", args: "[WALK]", max: 1, group: groupRunbooks, short: "exec.short_env", long: "exec.long_env", run: runWalkEnv,
			flags: []flag{{name: "set", value: "NAME=VALUE", help: "exec.flag_set"}, {name: "unset", value: "NAME", help: "exec.flag_unset"}, {name: "reset", help: "exec.flag_reset"}}},
		{name: "walk note", args: "[WALK] TEXT|-", min: 1, max: -1, group: groupRunbooks, short: "walk.short_note", long: "walk.long_note", run: runWalkNote,
			flags: []flag{{name: "step", value: "STEP", help: "walk.flag_step"}}},
		{name: "walk sign", args: "[WALK] [STEP]", max: 2, group: groupRunbooks, short: "walk.short_sign", long: "walk.long_sign", run: runWalkSign,
			flags: []flag{{name: "note", value: "TEXT", help: "walk.flag_note"}}},
		{name: "walk end", args: "[WALK]", max: 1, group: groupRunbooks, short: "walk.short_end", long: "walk.long_end", run: runWalkEnd,
			flags: []flag{{name: "reason", value: "TEXT", help: "walk.flag_reason"}}},
		{name: "walk export", args: "[WALK]", max: 1, group: groupRunbooks, short: "walk.short_export", long: "walk.long_export", run: runWalkExport,
			flags: []flag{{name: "format", value: "md|json", help: "cli.flag_format", words: []string{"md", "json"}}}},
	}
}

// walkJSON is a walk in the list; `lage walk show --json` has the whole of it.
type walkJSON struct {
	ID       string   `json:"id"`
	Kind     string   `json:"kind"`
	State    string   `json:"state"`
	Drill    bool     `json:"drill"`
	Incident string   `json:"incident"`
	Asset    string   `json:"asset"`
	Reason   string   `json:"reason"`
	Change   string   `json:"change"`
	Runbook  string   `json:"runbook"`
	Revision string   `json:"revision"`
	Title    string   `json:"title"`
	Started  *string  `json:"started_at"`
	Ended    *string  `json:"ended_at"`
	People   []string `json:"people"`
	Done     int      `json:"done"`
	Total    int      `json:"total"`
}

func (a *app) walkJSON(v incidents.WalkView, people []string) walkJSON {
	w := v.Walk
	out := walkJSON{ID: w.ID, Kind: string(w.Kind), State: "open", Drill: w.Kind == runbooks.ForDrill, Incident: w.Incident, Asset: w.Asset, Reason: w.Reason,
		Change: w.Change, Runbook: w.Runbook, Revision: w.Revision, Title: w.Title, Started: a.stamp(w.StartedAt), Ended: a.stamp(w.EndedAt),
		People: append([]string{}, people...)}
	if !w.EndedAt.IsZero() {
		out.State = "ended"
	}
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
		people, err := s.people(ctx)
		if err != nil {
			return failed("cli.err_read", err)
		}
		for _, v := range list {
			doc.Walks = append(doc.Walks, a.walkJSON(v, people[v.Walk.ID]))
		}
		return a.json(doc)
	}
	if len(list) == 0 {
		a.println(a.t("cli.no_walks"))
		return nil
	}
	var rows [][]string
	for _, v := range list {
		rows = append(rows, []string{v.Walk.ID, a.walkState(v.Walk), text.DateTime(a.lang, v.Walk.StartedAt.In(a.zone)), a.about(v.Walk), v.Walk.Title})
	}
	columns(a.out, rows)
	return nil
}

// about says on one line what a walk is for.
func (a *app) about(w runbooks.Walk) string {
	if w.Kind == runbooks.ForDrill {
		return strings.TrimSpace(a.t("walk.kind_drill") + " " + w.Asset)
	}
	return cmp.Or(w.Incident, w.Asset)
}

func (a *app) walkState(w runbooks.Walk) string {
	if w.EndedAt.IsZero() {
		return a.t("cli.walk_open")
	}
	return a.t("cli.walk_ended")
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
		views = append(views, s.reader.view(ctx, incidents.ShownWalk(w, s.app.lang)))
	}
	return views, nil
}

// openWalk finds the newest walk that goes on: of the incident and runbook, or of the runbook without an incident, then of
// the kind and, where one is named, on the asset. Nil when there is none.
func (s *session) openWalk(ctx context.Context, incident, book string, kind runbooks.WalkKind, asset string) (*incidents.WalkView, error) {
	if s.store == nil {
		return nil, nil
	}
	list, err := s.store.Walks(ctx, true)
	if err != nil {
		return nil, failed("cli.err_read", err)
	}
	for _, w := range list {
		drill := w.Kind == runbooks.ForDrill
		if w.Incident == incident && w.Runbook == book && drill == (kind == runbooks.ForDrill) && (asset == "" || asset == w.Asset) {
			v := s.reader.view(ctx, w)
			return &v, nil
		}
	}
	return nil, nil
}

// people gives who has acted in each walk.
func (s *session) people(ctx context.Context) (map[string][]string, error) {
	if s.store == nil {
		return nil, nil
	}
	return s.store.WalkPeople(ctx)
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
	return s.reader.view(ctx, incidents.ShownWalk(w, s.app.lang)), entries, nil
}

// walk gives a walk as it stands now.
func (s *session) walk(ctx context.Context, id string) (runbooks.Walk, error) {
	v, _, err := s.walkRecord(ctx, id)
	return v.Walk, err
}
