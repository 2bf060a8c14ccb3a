package ui

import (
	"context"
	"io"
	"strings"

	tea "charm.land/bubbletea/v2"

	"lage/incidents"
	"lage/internal/clean"
	"lage/internal/text"
	"lage/runbooks"
)

// block at hand: the selected one of the step, with its answers; missing is the first value still open, why what else stands
// in the way of running it.
func (r *room) atHand(s *runbooks.Step) (b runbooks.Bound, missing string, why text.Message, ok bool) {
	list := s.Commands
	if len(list) == 0 {
		return b, "", why, false
	}
	r.block = max(0, min(r.block, len(list)-1))
	b, missing, why = r.filled(list[r.block])
	return b, missing, why, true
}

// enter does what the step asks for: it runs its command, or marks a step without one as done, which changes no system.
func (r *room) enter(e *env) tea.Cmd {
	s := r.step()
	if s == nil {
		return r.askLibrary(e)
	}
	b, missing, why, ok := r.atHand(s)
	switch {
	case r.status(s.ID).Status == runbooks.StepRunning:
		return flash(text.M("room.hint_runs"))
	case !ok && r.status(s.ID).Status == runbooks.StepTodo:
		return r.mark(e, runbooks.StepDone, "")
	case !ok:
		return flash(text.M("room.marked_already"))
	case missing != "":
		return r.askPlaceholder(e, s.Commands[r.block], missing)
	case !why.IsZero():
		return flash(text.M("room.not_runnable", why))
	case !b.Runnable && !b.Terminal():
		return flash(text.M("room.not_runnable", r.why(b.Block)))
	}
	return r.before(e, s, b, moreAfter(s.Commands, r.block))
}

// before does what comes before a command: its warnings, its trial, the question.
func (r *room) before(e *env, s *runbooks.Step, b runbooks.Bound, more bool) tea.Cmd {
	if w := r.unread(s); w != "" {
		return ask(newConfirm(e.t("room.warning_title"), e.t("room.warning_read"), []fact{{e.t("room.warning"), e.show(clean.Text(w))}}, func(e *env) tea.Cmd {
			r.read[w] = true
			return r.before(e, s, b, more)
		}))
	}
	if trial := r.book.Named(b.DryRun); trial != nil && !r.tried[b.DryRun] {
		r.tried[b.DryRun] = true
		if try, missing, why := r.filled(*trial); missing == "" && why.IsZero() && try.Runnable {
			return ask(newChooser(e.t("room.trial_title", b.DryRun), 0, []item{
				{label: e.t("room.trial_first"), note: e.exact(try.Shown), do: func(e *env) tea.Cmd { return r.before(e, s, try, true) }},
				{label: e.t("room.trial_not"), do: func(e *env) tea.Cmd { return r.before(e, s, b, more) }},
			}))
		}
	}
	run := func(e *env) tea.Cmd {
		if b.Terminal() {
			return r.runOn(e, s, b, more)
		}
		return r.run(e, s, b, more)
	}
	asks := r.asking(e, b)
	switch asks {
	case incidents.AskNothing:
		return run(e)
	case incidents.AskNever:
		return flash(text.M("exec.only_shown"))
	}
	return ask(r.confirmRun(e, s, b, asks, run))
}

// asking says what the person has to do before a command runs.
func (r *room) asking(e *env, b runbooks.Bound) incidents.Asking {
	kind := runbooks.ForIncident
	if w := r.current(); w != nil {
		kind = w.Kind
	}
	return incidents.Asks(b, kind, e.Options.Trusted)
}

// unread gives the warning of a step or its section that nobody here has acknowledged; empty when there is none.
func (r *room) unread(s *runbooks.Step) string {
	for _, w := range r.book.Warns(s) {
		if !r.read[w] {
			return w
		}
	}
	return ""
}

// why says why a block cannot be run.
func (r *room) why(b runbooks.Block) text.Message {
	if b.Why != "" {
		return text.M(b.Why)
	}
	return text.M("room.why_kind")
}

// confirmRun shows exactly what would run, and where.
func (r *room) confirmRun(e *env, s *runbooks.Step, b runbooks.Bound, asks incidents.Asking, run func(*env) tea.Cmd) dialog {
	target := b.Host
	if target == "" {
		target = text.T(e.Options.Lang, "room.this_machine")
	}
	facts := []fact{{e.t("room.step"), e.show(stepName(s))}, {e.t("room.target"), e.exact(target)}, {e.t("room.command"), e.exact(b.Shown)}}
	if b.Odd {
		facts = append(facts, fact{e.t("room.values"), e.t("exec.odd")})
	}
	if b.Terminal() {
		facts = append(facts, fact{e.t("room.session"), e.t("exec.terminal")})
	}
	title := e.t("room.confirm_change", s.Number)
	if b.Risk == runbooks.RiskRead {
		title = e.t("room.confirm_read", s.Number)
	}
	if asks == incidents.AskWord {
		title = e.t("room.confirm_danger", s.Number)
	}
	d := newConfirm(strings.Join(strings.Fields(title), " "), e.t("room.run_it"), facts, run)
	if asks == incidents.AskWord {
		d.typed(runbooks.Object(b.Block, b.Shown, s.Title))
	}
	return d
}

// onTerminal is a command that gets the terminal from the screen library for as long as it runs.
type onTerminal struct {
	run func(in io.Reader, out io.Writer) error
	in  io.Reader
	out io.Writer
}

func (t *onTerminal) Run() error            { return t.run(t.in, t.out) }
func (t *onTerminal) SetStdin(r io.Reader)  { t.in = r }
func (t *onTerminal) SetStdout(w io.Writer) { t.out = w }
func (t *onTerminal) SetStderr(io.Writer)   {}

// runOn hands the terminal over to a command, and takes it back when the command is over.
func (r *room) runOn(e *env, s *runbooks.Step, b runbooks.Bound, more bool) tea.Cmd {
	if e.Options.ReadOnly {
		return flash(text.M("ui.read_only"))
	}
	if r.beginsTwice() {
		return flash(text.M("room.begins"))
	}
	req, tag := r.runRequest(e, s, b, more), roomTag{room: r.id, step: s.ID}
	desk, runner, book := e.Desk, e.Runner, r.book
	var rec incidents.Recorded
	return tea.Exec(&onTerminal{run: func(in io.Reader, out io.Writer) error {
		walk, err := begin(desk, req.Request, book)
		if err != nil {
			return err
		}
		req.Walk = walk
		rec, err = runner.RunOn(context.Background(), req, in, out)
		return err
	}}, func(err error) tea.Msg { return savedMsg{rec: rec, err: err, tag: tag} })
}

// preview shows everything that the command at hand would run with, and runs nothing.
func (r *room) preview(e *env) tea.Cmd {
	s := r.step()
	if s == nil || e.Runner == nil {
		return nil
	}
	b, missing, why, ok := r.atHand(s)
	if !ok {
		return nil
	}
	runner, req, asks := e.Runner, r.runRequest(e, s, b, false), r.asking(e, b)
	return func() tea.Msg {
		p, err := runner.Preview(req)
		if err != nil {
			return flashMsg{text: text.M("room.stop_failed", err.Error()), alarm: true}
		}
		return dialogMsg{d: newViewer(stepName(s), b.Shown, func(e *env, w int) []string {
			return factLines(e, r.previewFacts(e, s, b, p, asks, missing, why), w)
		})}
	}
}

func (r *room) previewFacts(e *env, s *runbooks.Step, b runbooks.Bound, p incidents.Preview, asks incidents.Asking, missing string, why text.Message) []fact {
	host, limit := p.Host, e.t("exec.no_limit")
	if host == "" {
		host = text.T(e.Options.Lang, "room.this_machine")
	}
	if b.Terminal() {
		host += ", " + e.t("exec.in_terminal")
	}
	if b.Timeout > 0 {
		limit = e.duration(b.Timeout)
	}
	question := e.t("exec.asks_nothing")
	switch asks {
	case incidents.AskOnce:
		question = e.t("exec.asks_once")
	case incidents.AskWord:
		question = e.t("exec.asks_word", runbooks.Object(b.Block, b.Shown, s.Title))
	case incidents.AskNever:
		question = e.t("exec.asks_never")
	}
	open := missing
	if !why.IsZero() {
		open = e.msg(why)
	}
	facts := []fact{{e.t("exec.dry_text"), e.exact(b.Shown)}, {e.t("exec.dry_host"), e.exact(host)}, {e.t("exec.dry_dir"), e.exact(p.Dir)}, {e.t("exec.dry_user"), e.exact(b.User)},
		{e.t("exec.dry_risk"), riskWord(e, b.Risk)}, {e.t("exec.dry_asks"), question}, {e.t("exec.dry_timeout"), limit}, {e.t("exec.dry_open"), open}}
	if b.Text != b.Shown {
		facts = append(facts, fact{e.t("exec.dry_runs"), e.exact(b.Text)})
	}
	for i, v := range p.Vars {
		label := ""
		if i == 0 {
			label = e.t("exec.dry_vars")
		}
		facts = append(facts, fact{label, variableWords(e, v)})
	}
	out := facts[:0]
	for _, f := range facts {
		if f.value != "" {
			out = append(out, f)
		}
	}
	return out
}

func variableWords(e *env, v incidents.Variable) string {
	word := v.Name + "=" + v.Value
	switch {
	case v.Removed:
		return e.t("exec.var_removed", v.Name)
	case v.Secret:
		word = e.t("exec.var_secret", v.Name)
	}
	if v.Carried {
		word = e.t("exec.var_carried", word)
	}
	return e.exact(word)
}
