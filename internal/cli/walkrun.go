package cli

import (
	"context"
	"errors"

	"lage/incidents"
	"lage/internal/text"
	"lage/runbooks"
)

// toWalk lists the steps that want something done, in order. A step that only holds others is done when they are.
func toWalk(b *runbooks.Runbook) []*runbooks.Step {
	var list []*runbooks.Step
	b.All(func(_ int, st *runbooks.Step) {
		if st.Kind != runbooks.Read && (len(st.Steps) == 0 || len(st.Commands) > 0) {
			list = append(list, st)
		}
	})
	return list
}

// walker is a walk through a runbook with numbered choices.
type walker struct {
	s           *session
	app         *app
	kind        runbooks.WalkKind // drill; empty for what fits
	in          *questions
	read, tried map[string]bool   // warnings that the person has read, trials that were offered
	typed       map[string]string // secret values, which are kept nowhere else
	book        *runbooks.Runbook
	walk        runbooks.Walk
	req         incidents.Request // record and walk of every action
}

// errLeft says that the person ended the walk early.
var errLeft = errors.New("left")

// begin starts a walk, or finds the one that was left: of the incident, or of the same runbook without one.
func (w *walker) begin(ctx context.Context, b *runbooks.Runbook) error {
	open, err := w.s.openWalk(ctx, w.req.Record, b.Name, w.kind, w.app.flag("asset"))
	if err != nil {
		return err
	}
	if open != nil {
		w.book, w.walk = open.Book, open.Walk
		w.app.println(w.app.t("cli.walk_resumed", w.book.Title, w.walk.ID))
		if err := w.recall(ctx); err != nil {
			return err
		}
		if w.book.Revision != b.Revision {
			w.app.println(w.app.t("cli.walk_old_revision"))
		}
	} else {
		r := w.req
		r.Do = incidents.StartWalk{Runbook: b, Kind: w.kind, Asset: w.app.flag("asset"), Reason: w.app.flag("reason"), Change: w.app.flag("change")}
		rec, err := w.s.desk.Act(ctx, r)
		if err != nil {
			return err
		}
		w.book, w.walk = b, *rec.Walk
		w.app.println(w.app.t("cli.walk_started", b.Title, w.walk.ID))
	}
	w.req.Walk = w.walk.ID
	if w.req.Record == "" {
		w.req.Record = w.walk.ID
	}
	return nil
}

// lead goes through the steps that are still to do.
func (w *walker) lead(ctx context.Context) error {
	steps := toWalk(w.book)
	for i, st := range steps {
		for w.open(st) {
			w.show(st, i+1, len(steps))
			err := w.step(ctx, st)
			if errors.Is(err, errLeft) {
				w.app.println("\n" + w.app.t("cli.walk_left", w.again()))
				return nil
			}
			if ctx.Err() != nil {
				w.app.println("\n" + w.app.t("cli.walk_left", w.again()))
				return ctx.Err()
			}
			var no *incidents.Refusal
			if errors.As(err, &no) { // said, and asked again: nothing was written
				w.app.println(no.Message.In(w.app.lang))
				if no.Stale {
					err = w.reread(ctx)
				} else {
					err = nil
				}
			}
			if err != nil {
				return err
			}
		}
	}
	if err := w.end(ctx); errors.Is(err, errLeft) {
		return nil
	} else if err != nil {
		return err
	}
	w.app.println(w.app.t("cli.walk_done", w.book.Title))
	return nil
}

// end closes the walk; where something is left open, such as a sign-off, with the reason that the person gives.
func (w *walker) end(ctx context.Context) error {
	err := w.act(ctx, incidents.EndWalk{})
	var no *incidents.Refusal
	if !errors.As(err, &no) || no.Stale || no.Role {
		return err
	}
	w.app.println(no.Message.In(w.app.lang))
	reason, err := w.ask(ctx, w.app.t("cli.walk_reason"))
	if errors.Is(err, errLeft) || err == nil && reason == "" {
		w.app.println("\n" + w.app.t("walk.stays_open", w.walk.ID))
		return errLeft
	}
	if err != nil {
		return err
	}
	return w.act(ctx, incidents.EndWalk{Reason: reason})
}

// again is the command line that goes on with the walk.
func (w *walker) again() string {
	s := "run " + w.app.args[0]
	if w.kind == runbooks.ForDrill {
		s = "drill " + w.app.args[0]
	}
	if w.req.Record != w.req.Walk {
		s += " --incident " + w.req.Record
	}
	return s
}

// open tells whether a step still wants something: also when its command failed and nobody has said yet what that means.
func (w *walker) open(st *runbooks.Step) bool {
	s := w.walk.Steps[st.ID]
	return s.Status == runbooks.StepTodo || s.Status == runbooks.StepRunning ||
		s.Status == runbooks.StepFailed && s.Run != "" && s.Reason == ""
}

func (w *walker) show(st *runbooks.Step, n, of int) {
	a := w.app
	a.printf("\n%s\n", a.t("cli.walk_step", n, of, st.Title))
	for _, line := range runbooks.Plain(st.Body, helpWidth) {
		a.println("  " + line)
	}
	for _, c := range st.Choices {
		a.println("  - " + c.Label)
	}
	a.outlineBlocks(st.Commands, "    ")
}

// step asks what to do with a step and does it.
func (w *walker) step(ctx context.Context, st *runbooks.Step) error {
	if state := w.walk.Steps[st.ID]; state.Status == runbooks.StepRunning {
		return w.attach(ctx, st, state.Run)
	}
	block, more := w.next(st)
	if block != nil && len(st.Commands) > 1 {
		w.app.println("  " + w.app.t("cli.walk_next", indent(block.Text, "", "    ")))
	}
	if block != nil {
		w.app.println(w.app.t("cli.walk_choose_run", w.app.where(*block)))
	} else {
		w.app.println(w.app.t("cli.walk_choose"))
	}
	answer, err := w.ask(ctx, w.app.t("cli.walk_ask"))
	if err != nil {
		return err
	}
	switch answer {
	case "1":
		if block != nil {
			return w.run(ctx, st, *block, more)
		}
	case "2":
		return w.mark(ctx, st, runbooks.StepDone, "")
	case "3", "4":
		reason, err := w.ask(ctx, w.app.t("cli.walk_reason"))
		if err != nil {
			return err
		}
		return w.mark(ctx, st, map[string]runbooks.StepStatus{"3": runbooks.StepSkipped, "4": runbooks.StepFailed}[answer], reason)
	case "5":
		note, err := w.ask(ctx, w.app.t("cli.walk_note"))
		if err != nil {
			return err
		}
		return w.act(ctx, incidents.Note{Text: note, Step: st.ID, Title: st.Title})
	case "0":
		return errLeft
	}
	w.app.println(w.app.t("cli.walk_what", answer))
	return nil
}

// next gives the command that comes next: the one after the last that did what it should in this walk and step. more
// tells whether others follow it.
func (w *walker) next(st *runbooks.Step) (block *runbooks.Block, more bool) {
	var list []*runbooks.Block
	for i := range st.Commands {
		if st.Commands[i].Offered() {
			list = append(list, &st.Commands[i])
		}
	}
	if len(list) == 0 {
		return nil, false
	}
	n := w.s.runCount[st.ID] % len(list)
	return list[n], n < len(list)-1
}

// attach follows a command that was running when the walk was left.
func (w *walker) attach(ctx context.Context, st *runbooks.Step, run string) error {
	block, more := w.next(st)
	if block == nil {
		block = &runbooks.Block{}
	}
	w.app.println(w.app.t("cli.walk_attach"))
	w.app.println(w.app.t("cli.walk_choose_attach"))
	answer, err := w.ask(ctx, w.app.t("cli.walk_ask"))
	switch {
	case err != nil:
		return err
	case answer == "0":
		return errLeft
	case answer == "2":
		if err := w.s.runs.Stop(run, false); err != nil {
			return failed("cli.err_stop", err)
		}
	case answer != "1":
		w.app.println(w.app.t("cli.walk_what", answer))
		return nil
	}
	rec, err := w.s.runs.Attach(ctx, w.request(st, *block, more), run, w.follow())
	return w.ran(st, rec, err)
}

func (w *walker) request(st *runbooks.Step, b runbooks.Block, more bool) incidents.RunRequest {
	return incidents.RunRequest{Request: w.req, Step: st.ID, Title: st.Title, Block: b, More: more, Seen: w.walk.Steps[st.ID].Status}
}

// ran takes over what a command's end made of the walk, and says it.
func (w *walker) ran(st *runbooks.Step, rec incidents.Recorded, err error) error {
	if err != nil {
		return err
	}
	for _, e := range rec.Entries {
		w.advance(st, e)
	}
	w.take(rec)
	return nil
}

func (w *walker) mark(ctx context.Context, st *runbooks.Step, to runbooks.StepStatus, reason string) error {
	return w.act(ctx, incidents.MarkStep{Step: st.ID, Title: st.Title, To: to, Seen: w.walk.Steps[st.ID].Status, Reason: reason})
}

func (w *walker) act(ctx context.Context, do incidents.Action) error {
	r := w.req
	r.Do = do
	rec, err := w.s.desk.Act(ctx, r)
	if err != nil {
		return err
	}
	w.take(rec)
	return nil
}

// take keeps the walk as it was written and says what stands in the timeline now.
func (w *walker) take(rec incidents.Recorded) {
	if rec.Walk != nil {
		w.walk = *rec.Walk
	}
	for _, e := range rec.Entries {
		w.app.println(w.app.t("cli.walk_saved", text.ClockSeconds(e.RecordedAt.In(w.app.zone)), e.Message))
	}
}

// reread takes what a colleague made of the walk.
func (w *walker) reread(ctx context.Context) error {
	walk, err := w.s.walk(ctx, w.walk.ID)
	if err == nil {
		w.walk = walk
	}
	return err
}
