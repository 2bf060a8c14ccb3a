package ui

import (
	"context"
	"path/filepath"
	"strings"

	"lage/incidents"
	"lage/internal/clean"
	"lage/internal/text"
	"lage/runbooks"
)

// enter works on an incident until the person goes back.
func (p *plain) enter(id string) error {
	p.room = newRoom(id).(*room)
	for {
		if err := p.look(); err != nil {
			return err
		}
		if err := p.readRoom(); err != nil {
			p.say("room.unread", id, err)
			return p.ctx.Err()
		}
		p.line(p.incidentLine(p.room.data.Incident))
		if left, err := p.choose("room.plain_overview_back", p.roomOptions()); left || err != nil {
			return err
		}
	}
}

func (p *plain) readRoom() error {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	data, err := p.e.Reader.Room(ctx, p.room.id)
	if err != nil {
		return err
	}
	r := p.room
	r.data, r.have = data, r.have+1
	r.settle()
	return nil
}

func (p *plain) roomOptions() []option {
	e, r := p.e, p.room
	inc := r.data.Incident
	var opts []option
	add := func(code string, do func() error, args ...any) { opts = append(opts, option{e.t(code, args...), do}) }
	if inc.State == incidents.Detected {
		add("room.plain_ack", func() error {
			return p.act(incidents.Request{Record: r.id, Seen: inc.State, Do: incidents.Acknowledge{}}, "room.acked", r.id)
		})
	}
	if r.book != nil && inc.Open() {
		if s := p.nextStep(); s != nil {
			_, total := r.progressed()
			add("room.plain_step", func() error { return p.step(s) }, r.book.Name, stepName(s), total, p.risk(s))
		}
		add("room.plain_steps", p.steps)
	}
	add("room.plain_note", p.note)
	if inc.Open() {
		add("room.plain_state", p.state)
		add("room.plain_resolve", p.resolve)
	}
	add("room.plain_export", p.export)
	add("room.plain_timeline", p.timeline)
	return opts
}

// nextStep is the step to do next, or nil.
func (p *plain) nextStep() *runbooks.Step { return p.room.book.Step(p.room.next()) }

func (p *plain) risk(s *runbooks.Step) string {
	if word := riskWord(p.e, stepRisk(s)); word != "" {
		return word
	}
	return p.e.t("room.plain_by_hand")
}

// steps lists all steps, to choose one.
func (p *plain) steps() error {
	var opts []option
	for _, f := range p.room.flat {
		label := p.stepWord(f.Step.ID) + ": " + p.e.show(stepName(f.Step))
		opts = append(opts, option{label, func() error { return p.step(f.Step) }})
	}
	_, err := p.choose("room.plain_back", opts)
	return err
}

// stepWord says where a step stands.
func (p *plain) stepWord(step string) string {
	switch p.room.status(step).Status {
	case runbooks.StepDone:
		return p.e.t("room.plain_done")
	case runbooks.StepFailed:
		return p.e.t("room.plain_failed")
	case runbooks.StepSkipped:
		return p.e.t("room.plain_skipped")
	case runbooks.StepRunning:
		return p.e.t("room.runs")
	}
	return p.e.t("room.plain_open")
}

// step shows a step and asks what to do with it.
func (p *plain) step(s *runbooks.Step) error {
	e, r := p.e, p.room
	r.choose(s.ID)
	p.line(p.stepWord(s.ID) + ": " + e.show(stepName(s)))
	for _, l := range runbooks.Plain(s.Body, plainWidth) {
		p.line(e.show(l))
	}
	running := r.status(s.ID).Status == runbooks.StepRunning
	var opts []option
	if running {
		opts = append(opts, option{e.t("room.plain_wait"), func() error { return p.wait(s) }})
	}
	for i, raw := range s.Commands {
		r.block = i
		b, missing, why, _ := r.atHand(s)
		p.say("room.plain_command", i+1, riskWord(e, b.Risk))
		for _, l := range strings.Split(b.Shown, "\n") {
			p.line("   " + e.exact(l))
		}
		if !b.Offered() || b.Terminal() || !why.IsZero() && missing == "" { // a session needs the terminal that is read here
			if why.IsZero() {
				why = r.why(b.Block)
			}
			p.say("room.plain_not_runnable", why)
			continue
		}
		if running {
			continue
		}
		opts = append(opts, option{e.t("room.plain_run", i+1), func() error { return p.run(s, i, raw) }})
	}
	mark := func(code string, to runbooks.StepStatus) {
		opts = append(opts, option{e.t(code), func() error { return p.mark(s, to) }})
	}
	switch {
	case running:
	case r.status(s.ID).Status == runbooks.StepTodo:
		mark("room.plain_mark_done", runbooks.StepDone)
		mark("room.plain_mark_skip", runbooks.StepSkipped)
		mark("room.plain_mark_failed", runbooks.StepFailed)
	default:
		mark("room.plain_mark_undo", runbooks.StepTodo)
	}
	_, err := p.choose("room.plain_back", opts)
	return err
}

// mark marks a step by hand, with a reason where one is needed.
func (p *plain) mark(s *runbooks.Step, to runbooks.StepStatus) error {
	reason := ""
	if to == runbooks.StepSkipped || to == runbooks.StepFailed {
		var err error
		if reason, err = p.read("room.plain_reason"); err != nil {
			return err
		}
	}
	req := p.request()
	if p.e.Options.ReadOnly {
		p.say("ui.read_only")
		return nil
	}
	walk, err := begin(p.e.Desk, req, p.room.book)
	if err != nil {
		p.line(p.e.msg(refusal(err)))
		return p.ctx.Err()
	}
	req.Walk = walk
	req.Do = incidents.MarkStep{Step: p.room.ref(s.ID), Title: stepName(s), To: to, Seen: p.room.status(s.ID).Status, Reason: reason}
	return p.act(req, "room.plain_marked")
}

func (p *plain) request() incidents.Request {
	r := p.room
	return incidents.Request{Record: r.id, Walk: r.walk, Seen: r.data.Incident.State, By: p.e.Options.Person}
}

// run fills in what is open, shows the command, asks unless it only reads, and runs it to its end.
func (p *plain) run(s *runbooks.Step, i int, raw runbooks.Block) error {
	e, r := p.e, p.room
	if e.Options.ReadOnly {
		p.say("ui.read_only")
		return nil
	}
	if ok, err := p.warned(s); !ok || err != nil {
		return err
	}
	b, err := p.fill(raw)
	if err != nil {
		p.line(p.e.msg(refusal(err)))
		return p.ctx.Err()
	}
	if ok, err := p.mayRun(s, b, len(raw.Placeholders) > 0); !ok || err != nil {
		return err
	}
	req := r.runRequest(e, s, b, moreAfter(s.Commands, i))
	walk, err := begin(e.Desk, req.Request, r.book)
	if err != nil {
		p.line(e.msg(refusal(err)))
		return p.ctx.Err()
	}
	req.Walk = walk
	p.say("room.plain_running")
	f := newFollowing(s.ID, b.Block)
	if _, err = e.Runner.Run(p.ctx, req, f.push); err != nil {
		p.line(e.msg(refusal(err)))
		return p.ctx.Err()
	}
	return p.outcome(s, f)
}

// warned shows the warnings before a step's first command.
func (p *plain) warned(s *runbooks.Step) (bool, error) {
	for w := p.room.unread(s); w != ""; w = p.room.unread(s) {
		p.say("exec.warning", clean.Text(w))
		ok, err := p.yes("room.plain_warned")
		if !ok || err != nil {
			return false, err
		}
		p.room.read[w] = true
	}
	return true, nil
}

// fill asks for what a command still wants to know, and makes it part of the walk.
func (p *plain) fill(raw runbooks.Block) (runbooks.Bound, error) {
	r := p.room
	r.known = p.e.Runner.Answers(r.book, r.walkOrNone())
	for {
		b, missing, why := r.filled(raw)
		if missing == "" || !why.IsZero() {
			if !why.IsZero() {
				return b, &incidents.Refusal{Message: why}
			}
			return b, nil
		}
		a, err := p.read("room.placeholder_title", missing)
		if err != nil {
			return b, err
		}
		if a == "" {
			return b, &incidents.Refusal{Message: text.M("room.needs_text")}
		}
		r.answers[runbooks.InputName(missing)] = runbooks.Answer{Value: a}
	}
}

// wait follows a command that was started elsewhere to its end.
func (p *plain) wait(s *runbooks.Step) error {
	r, run := p.room, p.room.status(s.ID).Run
	b, more := r.ranBlock(s, run)
	req := incidents.RunRequest{Request: p.request(), Step: r.ref(s.ID), Title: stepName(s), Block: b, More: more, Seen: runbooks.StepRunning}
	p.say("room.plain_running")
	f := newFollowing(s.ID, b)
	if _, err := p.e.Runner.Attach(p.ctx, req, run, f.push); err != nil {
		p.line(p.e.msg(refusal(err)))
		return p.ctx.Err()
	}
	return p.outcome(s, f)
}

// mayRun asks before a command that may change something; a dangerous one wants a word typed.
func (p *plain) mayRun(s *runbooks.Step, b runbooks.Bound, filled bool) (bool, error) {
	if filled {
		p.line("   " + p.e.exact(b.Shown))
	}
	target := p.e.exact(b.Host)
	if target == "" {
		target = p.e.t("room.this_machine")
	}
	switch p.room.asking(p.e, b) {
	case incidents.AskNothing:
		return true, nil
	case incidents.AskNever:
		p.say("exec.only_shown")
		return false, nil
	case incidents.AskWord:
		word := runbooks.Object(b.Block, b.Shown, s.Title)
		a, err := p.read("room.plain_type", target, p.e.exact(word))
		if err != nil || a == word || a == p.e.exact(word) {
			return err == nil, err
		}
		p.say("room.plain_not_run")
		return false, nil
	}
	ok, err := p.yes("room.plain_sure", target)
	if err == nil && !ok {
		p.say("room.plain_not_run")
	}
	return ok, err
}

// outcome says how a command ended, and what it said.
func (p *plain) outcome(s *runbooks.Step, f *following) error {
	st := f.latest()
	for _, l := range strings.Split(strings.TrimRight(st.Output, "\n"), "\n") {
		p.line("   " + p.e.show(l))
	}
	if err := p.readRoom(); err != nil {
		p.say("room.unread", p.room.id, err)
		return p.ctx.Err()
	}
	p.line(p.e.t("room.plain_ended", strings.ReplaceAll(outcomeWords(p.e, st), " "+p.e.style.dot+" ", ", ")))
	p.line(p.stepWord(s.ID) + ": " + p.e.show(stepName(s)))
	return nil
}

// note takes one line.
func (p *plain) note() error {
	a, err := p.read("room.plain_note_text")
	if err != nil || a == "" {
		return err
	}
	r, do := incidents.Request{Record: p.room.id}, incidents.Note{Text: a}
	if w, st := p.room.current(), p.room.step(); w != nil && st != nil {
		r.Walk, do.Step, do.Title = w.ID, w.Key(p.room.book, st.ID), st.Title
	}
	r.Do = do
	return p.act(r, "room.plain_noted")
}

// state moves the incident on.
func (p *plain) state() error {
	var opts []option
	for _, st := range incidents.States() {
		if st == incidents.Detected || st == incidents.Resolved || st == p.room.data.Incident.State {
			continue
		}
		opts = append(opts, option{stateWord(p.e, st), func() error {
			req := incidents.Request{Record: p.room.id, Seen: p.room.data.Incident.State, Do: incidents.ChangeState{To: st}}
			return p.act(req, "room.plain_state_now", stateWord(p.e, st))
		}})
	}
	_, err := p.choose("room.plain_back", opts)
	return err
}

// resolve says what speaks against it, and asks for the cause.
func (p *plain) resolve() error {
	data := p.room.data
	for _, c := range red(data) {
		p.line(p.e.word(checkStanding(c.State.Status)) + ": " + p.e.show(checkName(c)) + " " + p.e.msg(c.State.Last.Message))
	}
	for _, q := range questions(data.Entries) {
		p.line(p.e.t("room.open_question") + ": " + p.e.show(q))
	}
	if n := len(red(data)); n > 0 {
		if ok, err := p.yes("room.plain_resolve_red", n); !ok || err != nil {
			return err
		}
	}
	given := lastCause(data.Entries)
	cause, err := p.read("room.plain_cause", given)
	if err != nil {
		return err
	}
	if cause == "" {
		cause = given
	}
	req := incidents.Request{Record: p.room.id, Seen: data.Incident.State, Do: incidents.Resolve{Cause: cause, Well: !data.Incident.Recovered.IsZero()}}
	return p.act(req, "room.resolved", p.room.id)
}

// export writes the report and says where.
func (p *plain) export() error {
	if p.e.Exporter == nil {
		p.say("room.no_export")
		return nil
	}
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	path, err := p.e.Exporter.Export(ctx, p.room.id)
	if err != nil {
		p.say("room.export_failed", clean.Line(err.Error()))
		return p.ctx.Err()
	}
	p.say("room.exported", filepath.Base(path), filepath.Dir(path))
	return nil
}

// timeline reads all entries out, oldest first.
func (p *plain) timeline() error {
	corrected := incidents.Corrections(p.room.data.Entries)
	for i := range p.room.data.Entries {
		en := &p.room.data.Entries[i]
		aside := p.e.show(en.Aside(p.e.Options.Lang, p.e.Options.Zone, corrected[en.Seq].Seq))
		p.line(p.e.clock(en.OccurredAt) + " " + strings.ReplaceAll(entryWords(p.e, en), "\n", "\n      ") + aside)
	}
	return nil
}
