package cli

import (
	"context"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"lage/incidents"
	"lage/internal/clean"
	"lage/internal/text"
	"lage/runbooks"
)

// doer is one command that acts in a walk.
type doer struct {
	s    *session
	view incidents.WalkView
	rest []string // arguments behind the walk's name
}

// inWalk opens a session for writing and the walk that the arguments name, or the only one that goes on. The session is the
// caller's to close, where there is no error.
func (a *app) inWalk(ctx context.Context) (*doer, error) {
	ref, rest := a.walkArgs()
	s, err := a.work(ctx)
	if err != nil {
		return nil, err
	}
	d := &doer{s: s, rest: rest}
	id, err := s.whichWalk(ctx, ref)
	if err == nil {
		d.view, _, err = s.walkRecord(ctx, id)
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return d, nil
}

// oneWalk is inWalk for commands that take nothing but a walk: what stands there is meant to be one.
func (a *app) oneWalk(ctx context.Context) (*doer, error) {
	if _, rest := a.walkArgs(); len(rest) > 0 {
		return nil, &fault{code: exitNotFound, msg: text.M("cli.err_walk", rest[0]), hint: text.M("cli.hint_walks")}
	}
	return a.inWalk(ctx)
}

// act does something in the walk and says what was written; with --json it gives the walk as it stands then.
func (d *doer) act(ctx context.Context, do incidents.Action) error {
	w := d.view.Walk
	r := incidents.Request{Record: w.ID, Walk: w.ID, By: d.s.who, Do: do}
	if w.Incident != "" {
		r.Record = w.Incident
	}
	rec, err := d.s.desk.Act(ctx, r)
	if err != nil {
		return err
	}
	return d.s.toldWalk(ctx, w.ID, rec)
}

// toldWalk answers an action: the lines that were written, or the whole walk for programs.
func (s *session) toldWalk(ctx context.Context, id string, rec incidents.Recorded) error {
	a := s.app
	if a.on("json") {
		room, err := s.walkRoom(ctx, id)
		if err != nil {
			return err
		}
		return s.writeWalk(a.out, room, "json")
	}
	for _, e := range rec.Entries {
		a.println(id + "  " + text.ClockSeconds(e.RecordedAt.In(a.zone)) + "  " + e.Words(a.lang))
	}
	return nil
}

// step finds the step that a person means: by its ID or the end of it, by its number in the runbook ("1.2"), or by its place
// in the list.
func (d *doer) step(ref string) (keyed, error) {
	all := stepsOf(d.view)
	var ends []keyed
	for _, s := range all {
		switch {
		case s.key == ref, s.book == d.view.Here() && s.step.Number == ref:
			return s, nil
		case strings.HasSuffix(s.key, "/"+ref):
			ends = append(ends, s)
		}
	}
	if len(ends) == 1 {
		return ends[0], nil
	}
	if n, err := strconv.Atoi(ref); err == nil && n >= 1 && n <= len(all) {
		return all[n-1], nil
	}
	if s := d.hidden(ref); s.step != nil {
		return s, nil
	}
	return keyed{}, &fault{code: exitNotFound, msg: text.M("walk.err_step", ref, d.view.Walk.ID), hint: text.M("walk.hint_steps", d.view.Walk.ID)}
}

// hidden finds a step that does not count: a group, something to read, or one below a step that was passed by.
func (d *doer) hidden(ref string) keyed {
	b := d.view.Here()
	for _, f := range runbooks.Flat(b) {
		if f.Step.ID == ref || f.Step.Number == ref {
			return keyed{d.view.Walk.Key(b, f.Step.ID), f.Step, b}
		}
	}
	return keyed{}
}

// whats lists what can be done with a step.
func whats() []string {
	return []string{"done", "skip", "fail", "na", "reopen", "claim", "release", "wait"}
}

func runWalkStep(ctx context.Context, a *app) error {
	what := a.args[len(a.args)-1]
	if !contains(whats(), what) {
		f := a.usage(text.M("walk.err_what", what, strings.Join(whats(), ", ")))
		if n := nearest(what, whats()); n != "" {
			f.hint = text.M("cli.hint_mean", n)
		}
		return f
	}
	d, err := a.inWalk(ctx)
	if err != nil {
		return err
	}
	defer d.s.close()
	if len(d.rest) != 2 {
		return a.usage(text.M("cli.err_walk", a.args[0]))
	}
	s, err := d.step(d.rest[0])
	if err != nil {
		return err
	}
	st := d.view.Walk.Steps[s.key]
	switch what {
	case "claim", "release":
		return d.act(ctx, incidents.ClaimStep{Step: s.key, Title: s.step.Title, Seen: st.ClaimedBy, Release: what == "release"})
	case "wait":
		return d.act(ctx, incidents.StartWait{Step: s.key, Title: s.step.Title})
	}
	to := map[string]runbooks.StepStatus{"done": runbooks.StepDone, "skip": runbooks.StepSkipped, "fail": runbooks.StepFailed, "na": runbooks.StepNA, "reopen": runbooks.StepTodo}[what]
	return d.act(ctx, incidents.MarkStep{Step: s.key, Title: s.step.Title, To: to, Seen: st.Status, Reason: a.flag("reason")})
}

func runWalkChoose(ctx context.Context, a *app) error {
	d, err := a.inWalk(ctx)
	if err != nil {
		return err
	}
	defer d.s.close()
	if len(d.rest) != 2 {
		return a.usage(text.M("cli.err_walk", a.args[0]))
	}
	s, err := d.step(d.rest[0])
	if err != nil {
		return err
	}
	do := incidents.Choose{Step: s.key, Title: s.step.Title, Label: d.rest[1], Seen: d.view.Walk.Steps[s.key].Status}
	choices := s.step.Choices
	if n, err := strconv.Atoi(do.Label); err == nil && n >= 1 && n <= len(choices) {
		do.Label = choices[n-1].Label
	}
	if i := slices.IndexFunc(choices, func(c runbooks.Choice) bool { return strings.EqualFold(c.Label, do.Label) }); i >= 0 {
		do.Label, do.Target = choices[i].Label, choices[i].Target
		if do.Into, err = d.linked(s.book, do.Target); err != nil {
			return err
		}
	} else if len(choices) > 0 {
		var labels []string
		for _, c := range choices {
			labels = append(labels, c.Label)
		}
		return &fault{code: exitNotFound, msg: text.M("incidents.no_choice", do.Label), hint: text.M("walk.hint_choices", strings.Join(labels, ", "))}
	}
	return d.act(ctx, do)
}

// linked gives the other runbook that a link leads to, in the revision in which the walk knows it already; nil where it
// stays in the same one.
func (d *doer) linked(from *runbooks.Runbook, link string) (*runbooks.Runbook, error) {
	file, _, _ := strings.Cut(link, "#")
	if file == "" {
		return nil, nil
	}
	missing := &fault{code: exitNotFound, msg: text.M("cli.err_runbook", file)}
	path := filepath.Join(filepath.Dir(from.Path), filepath.FromSlash(file))
	for _, b := range d.view.Others {
		if b.Path == path {
			return b, nil
		}
	}
	if d.view.Book.Path == path {
		return d.view.Book, nil
	}
	lib, _ := d.s.reader.library() // what cannot be read is not there
	for _, b := range lib.Books {
		if b.Path == path {
			return b, nil
		}
	}
	if d.s.app.forced {
		return nil, missing
	}
	b, err := runbooks.ReadFile(path)
	if err != nil {
		return nil, missing
	}
	return b, nil
}

func runWalkBack(ctx context.Context, a *app) error {
	d, err := a.oneWalk(ctx)
	if err != nil {
		return err
	}
	defer d.s.close()
	return d.act(ctx, incidents.GoBack{})
}

func runWalkInput(ctx context.Context, a *app) error {
	d, err := a.inWalk(ctx)
	if err != nil {
		return err
	}
	defer d.s.close()
	if len(d.rest) != 2 {
		return a.usage(text.M("cli.err_walk", a.args[0]))
	}
	return d.act(ctx, incidents.GiveInput{Name: d.rest[0], Value: d.rest[1], Confirmed: a.on("as-is")})
}

func runWalkNote(ctx context.Context, a *app) error {
	d, err := a.inWalk(ctx)
	if err != nil {
		return err
	}
	defer d.s.close()
	do := incidents.Note{Text: strings.Join(d.rest, " ")}
	if do.Text == "-" {
		b, err := io.ReadAll(io.LimitReader(a.env.Stdin, maxNoteInput))
		if err != nil {
			return failed("cli.err_read", err)
		}
		do.Text = clean.Output(b)
	}
	if ref := a.flag("step"); ref != "" {
		s, err := d.step(ref)
		if err != nil {
			return err
		}
		do.Step, do.Title = s.key, s.step.Title
	}
	return d.act(ctx, do)
}

// runWalkSign signs the step that is named; without one the only step that waits for a signature, or the whole walk where
// none does.
func runWalkSign(ctx context.Context, a *app) error {
	d, err := a.inWalk(ctx)
	if err != nil {
		return err
	}
	defer d.s.close()
	do := incidents.SignOff{Note: a.flag("note")}
	switch len(d.rest) {
	case 0:
		s, err := d.unsigned()
		if err != nil {
			return err
		}
		if s.step != nil {
			do.Step, do.Title = s.key, s.step.Title
		}
	case 1:
		s, err := d.step(d.rest[0])
		if err != nil {
			return err
		}
		do.Step, do.Title = s.key, s.step.Title
	default:
		return &fault{code: exitNotFound, msg: text.M("cli.err_walk", a.args[0]), hint: text.M("cli.hint_walks")}
	}
	return d.act(ctx, do)
}

// unsigned finds the step to sign: the only one that waits for it, among several the only one that is done.
func (d *doer) unsigned() (keyed, error) {
	var open, done []keyed
	for _, s := range stepsOf(d.view) {
		st := d.view.Walk.Steps[s.key]
		if s.step.SignOff == nil || len(st.Signed) > 0 || st.Status == runbooks.StepSkipped || st.Status == runbooks.StepNA {
			continue
		}
		open = append(open, s)
		if st.Status.Over() {
			done = append(done, s)
		}
	}
	switch {
	case len(done) == 1:
		return done[0], nil
	case len(open) == 0:
		return keyed{}, nil
	case len(open) == 1:
		return open[0], nil
	}
	d.s.app.warn(text.M("walk.err_many_unsigned"))
	var rows [][]string
	for _, s := range open {
		rows = append(rows, []string{s.step.Number, s.step.Title})
	}
	columns(d.s.app.env.Stderr, rows)
	return keyed{}, exitWith(exitUsage)
}

func runWalkEnd(ctx context.Context, a *app) error {
	d, err := a.oneWalk(ctx)
	if err != nil {
		return err
	}
	defer d.s.close()
	return d.act(ctx, incidents.EndWalk{Reason: a.flag("reason")})
}
