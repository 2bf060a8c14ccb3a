package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"regexp"
	"strings"

	"lage/incidents"
	"lage/internal/text"
	"lage/report"
	"lage/runbooks"
)

// walkRef is what a person may write for a walk: WART-2026-014, wart-14, ueb-1, W-2026-004.
var walkRef = regexp.MustCompile(`(?i)^(w|wart|ueb)-[0-9]+(-[0-9]+)?$`)

// walkArgs takes the walk's name off the arguments, where it stands in front of them.
func (a *app) walkArgs() (ref string, rest []string) {
	if len(a.args) > 0 && walkRef.MatchString(a.args[0]) {
		return a.args[0], a.args[1:]
	}
	return "", a.args
}

// whichWalk gives the ID of the walk that the person means: the one named, or the only one that goes on.
func (s *session) whichWalk(ctx context.Context, ref string) (string, error) {
	missing := &fault{code: exitNotFound, msg: text.M("cli.err_walk", ref), hint: text.M("cli.hint_walks")}
	if s.store == nil {
		if ref == "" {
			missing.msg = text.M("walk.err_none_open")
		}
		return "", missing
	}
	if ref != "" {
		if !walkRef.MatchString(ref) {
			return "", missing
		}
		id, err := s.store.Resolve(ctx, ref)
		if errors.Is(err, incidents.ErrNotFound) {
			return "", missing
		}
		return id, err
	}
	open, err := s.store.Walks(ctx, true)
	if err != nil {
		return "", failed("cli.err_read", err)
	}
	switch len(open) {
	case 0:
		missing.msg = text.M("walk.err_none_open")
		return "", missing
	case 1:
		return open[0].ID, nil
	}
	var rows [][]string
	for _, w := range open {
		rows = append(rows, []string{w.ID, s.app.about(w), w.Title})
	}
	s.app.warn(text.M("walk.err_many_open"))
	columns(s.app.env.Stderr, rows)
	return "", exitWith(exitUsage)
}

// walkRoom gives everything about one walk.
func (s *session) walkRoom(ctx context.Context, id string) (incidents.WalkRoom, error) {
	v, entries, err := s.walkRecord(ctx, id)
	if err != nil {
		return incidents.WalkRoom{}, failed("cli.err_read", err)
	}
	room := incidents.WalkRoom{WalkView: v, Entries: entries, Changed: s.changed(v)}
	room.Walk = incidents.ShownWalk(v.Walk, s.app.lang)
	return room, nil
}

// changed tells whether the file of a walk's runbook says something else now. One that is gone has not changed.
func (s *session) changed(v incidents.WalkView) bool {
	if v.Book == nil {
		return false
	}
	now, err := runbooks.ReadFile(v.Book.Path)
	return err == nil && now.Revision != v.Walk.Revision
}

// namedWalk opens a session for reading, and the walk that the argument names, or the only one that goes on. The session is
// the caller's to close, where there is no error.
func (a *app) namedWalk(ctx context.Context) (*session, incidents.WalkRoom, error) {
	ref, rest := a.walkArgs()
	if len(rest) > 0 {
		ref = rest[0]
	}
	s, err := a.look(ctx)
	if err != nil {
		return nil, incidents.WalkRoom{}, err
	}
	id, err := s.whichWalk(ctx, ref)
	if err != nil {
		s.close()
		return nil, incidents.WalkRoom{}, err
	}
	room, err := s.walkRoom(ctx, id)
	if err != nil {
		s.close()
		return nil, incidents.WalkRoom{}, err
	}
	return s, room, nil
}

func runWalkShow(ctx context.Context, a *app) error {
	s, room, err := a.namedWalk(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	if a.on("json") {
		return s.writeWalk(a.out, room, "json")
	}
	a.showWalk(room)
	return nil
}

// runWalkExport writes one walk up. Like the export of an incident it leaves nothing in the timeline.
func runWalkExport(ctx context.Context, a *app) error {
	s, room, err := a.namedWalk(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	format := a.flag("format")
	if format == "" && a.on("json") {
		format = "json"
	}
	return s.writeWalk(a.out, room, format)
}

// writeWalk writes a walk as Markdown or JSON.
func (s *session) writeWalk(w io.Writer, room incidents.WalkRoom, format string) error {
	opt := report.Options{Lang: s.app.lang, Zone: s.zone(), Version: version().Version}
	if c := s.inForce(); c != nil {
		opt.Organisation = c.Organisation
	}
	write := report.Walk
	if format == "json" {
		write = report.WalkJSON
	}
	var b bytes.Buffer
	if err := write(&b, room, opt); err != nil {
		return failed("cli.err_json", err)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// showWalk writes facts, steps and timeline for reading.
func (a *app) showWalk(r incidents.WalkRoom) {
	w := r.Walk
	a.printf("%s  %s\n\n", w.ID, w.Title)
	rows := [][]string{{a.t("cli.show_state"), a.walkState(w)}}
	add := func(code, value string) {
		if value != "" {
			rows = append(rows, []string{a.t(code), value})
		}
	}
	add("walk.show_kind", a.kindOfWalk(w.Kind))
	add("walk.show_asset", w.Asset)
	add("walk.show_reason", w.Reason)
	add("walk.show_change", w.Change)
	add("cli.show_runbook", w.Runbook)
	add("cli.show_incident", w.Incident)
	add("cli.show_started", text.DateTime(a.lang, w.StartedAt.In(a.zone)))
	if !w.EndedAt.IsZero() {
		add("cli.show_ended", text.DateTime(a.lang, w.EndedAt.In(a.zone)))
	}
	add("walk.show_end_reason", w.EndReason)
	columns(a.out, rows)
	if r.Changed && w.EndedAt.IsZero() {
		a.println(a.t("cli.walk_old_revision"))
	}
	a.println("")
	columns(a.out, a.stepRows(r.WalkView))
	a.println("")
	if asks := a.askRows(r.WalkView); len(asks) > 0 {
		a.println(a.t("walk.values"))
		columns(a.out, asks)
		a.println("")
	}
	columns(a.out, a.entryRows(r.Entries))
}

func (a *app) kindOfWalk(k runbooks.WalkKind) string {
	switch k {
	case runbooks.ForDrill:
		return a.t("walk.kind_drill")
	case runbooks.ForMaintenance:
		return a.t("walk.kind_maintenance")
	}
	return a.t("walk.kind_incident")
}

// stepRows writes one line per step: its number, where it stands, who did it, its title.
func (a *app) stepRows(v incidents.WalkView) [][]string {
	var rows [][]string
	for _, s := range stepsOf(v) {
		st := v.Walk.Steps[s.key]
		state, who := a.t("incidents.step_todo"), st.By
		switch {
		case st.Status != runbooks.StepTodo:
			state = a.t("incidents.step_" + string(st.Status))
		case st.ClaimedBy != "":
			state, who = a.t("walk.claimed"), st.ClaimedBy
		case !st.WaitSince.IsZero():
			state = a.t("walk.waits")
		}
		if s.step.SignOff != nil && len(st.Signed) == 0 && st.Status != runbooks.StepSkipped && st.Status != runbooks.StepNA {
			state += ", " + a.t("walk.unsigned")
		}
		mark := " "
		if v.Walk.Current == s.key && v.Walk.EndedAt.IsZero() {
			mark = ">"
		}
		rows = append(rows, []string{mark + s.step.Number, state, who, strings.TrimSpace(s.step.Title + " " + chosen(st))})
	}
	return rows
}

// askRows writes one line per value that the runbook asks for: what was given, or what is possible.
func (a *app) askRows(v incidents.WalkView) [][]string {
	var rows [][]string
	for _, k := range runbooks.Asks(v.Here()) {
		value := a.t("walk.value_missing")
		in, given := v.Walk.Inputs[runbooks.InputName(k.Name)]
		switch {
		case given:
			value = in.Value
		case k.Secret:
			value = a.t("walk.value_secret")
		case len(k.Choices) > 0:
			value += ": " + strings.Join(k.Choices, ", ")
		}
		rows = append(rows, []string{" " + k.Name, value, k.Prompt})
	}
	return rows
}

func chosen(st runbooks.StepState) string {
	if st.Choice == "" {
		return ""
	}
	return "→ " + st.Choice
}

// keyed is a step of a walk with its key.
type keyed struct {
	key  string
	step *runbooks.Step
	book *runbooks.Runbook
}

// stepsOf lists the steps of a walk: those of its runbook, then those of the runbooks that answers led to.
func stepsOf(v incidents.WalkView) []keyed {
	var out []keyed
	if v.Book == nil {
		return nil
	}
	for _, b := range append([]*runbooks.Runbook{v.Book}, v.Others...) {
		for _, s := range runbooks.Counted(b, v.Walk) {
			out = append(out, keyed{v.Walk.Key(b, s.ID), s, b})
		}
	}
	return out
}
