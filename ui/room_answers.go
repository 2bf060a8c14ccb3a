package ui

import (
	"context"
	"maps"
	"slices"

	tea "charm.land/bubbletea/v2"

	"lage/incidents"
	"lage/internal/clean"
	"lage/internal/text"
	"lage/runbooks"
)

// knownMsg brings the values that are known for a walk without asking.
type knownMsg struct {
	room  string
	known map[string]runbooks.Answer
}

// learn looks up what is known of a walk's values, off the UI loop: files are read for it.
func (r *room) learn(e *env) tea.Cmd {
	if r.book == nil || e.Runner == nil {
		return nil
	}
	w, runner, book, id := r.walkOrNone(), e.Runner, r.book, r.id
	return func() tea.Msg { return knownMsg{room: id, known: runner.Answers(book, w)} }
}

// answers are all values known: what needs no asking, the walk's inputs, and what was typed here.
func (r *room) allAnswers() map[string]runbooks.Answer {
	out := maps.Clone(r.known)
	if out == nil {
		out = map[string]runbooks.Answer{}
	}
	if w := r.current(); w != nil {
		for k, in := range w.Inputs {
			out[k] = runbooks.Answer{Value: in.Value}
		}
	}
	maps.Copy(out, r.answers)
	return out
}

// filled is the block with the answers given so far beside it. missing is the first thing still open; why says what else
// stands in the way.
func (r *room) filled(b runbooks.Block) (out runbooks.Bound, missing string, why text.Message) {
	answers := r.allAnswers()
	if b.Terminal() {
		b.Text, _ = runbooks.Opening(b)
	}
	if b.Offered() {
		missing = runbooks.Missing(b, answers)
	}
	if missing != "" && runbooks.InputName(missing) != "" || !b.Offered() {
		return runbooks.Bound{Block: b, Shown: b.Text}, missing, text.Message{}
	}
	out, err := runbooks.Bind(b, answers)
	if no, ok := err.(*runbooks.Unbound); ok {
		return runbooks.Bound{Block: b, Shown: b.Text}, "", text.M(no.Code, clean.Line(no.Placeholder))
	}
	out.Export(r.book, answers)
	return out, "", text.Message{}
}

// askPlaceholder asks for one open value, then for the next; the filled command is shown before it runs. The value becomes
// part of the walk, unless it is secret.
func (r *room) askPlaceholder(e *env, b runbooks.Block, name string) tea.Cmd {
	key := runbooks.InputName(name)
	ask1 := runbooks.Ask{Name: name}
	if i := slices.IndexFunc(runbooks.Asks(r.book), func(a runbooks.Ask) bool { return runbooks.InputName(a.Name) == key }); i >= 0 {
		ask1 = runbooks.Asks(r.book)[i]
	}
	hint := e.t("room.placeholder_hint")
	if ask1.Secret {
		hint = e.t("room.secret_hint")
	}
	if ask1.Prompt != "" {
		hint = clean.Line(ask1.Prompt) + "\n" + hint
	}
	d := newPrompt(e.t("room.placeholder_title", name), hint, ask1.Default, func(e *env, v string) tea.Cmd {
		r.answers[key] = runbooks.Answer{Value: v, Secret: ask1.Secret}
		var give tea.Cmd
		if !ask1.Secret {
			give = r.give(e, name, v)
		}
		_, next, why := r.filled(b)
		switch {
		case !why.IsZero():
			delete(r.answers, key)
			return func() tea.Msg { return flashMsg{text: why, alarm: true} }
		case next != "":
			return tea.Batch(give, r.askPlaceholder(e, b, next))
		}
		return tea.Batch(give, flash(text.M("room.filled_in")))
	})
	d.hidden = ask1.Secret
	d.facts = []fact{{e.t("room.command"), e.exact(b.Text)}}
	d.check = required
	return ask(d)
}

// give makes a value part of the walk, which is begun first where there is none.
func (r *room) give(e *env, name, value string) tea.Cmd {
	if e.Options.ReadOnly {
		return flash(text.M("ui.read_only"))
	}
	if r.beginsTwice() {
		return flash(text.M("room.begins"))
	}
	req := incidents.Request{Record: r.id, Walk: r.walk, Seen: r.data.Incident.State, By: e.Options.Person}
	desk, book, tag := e.Desk, r.book, roomTag{room: r.id, input: runbooks.InputName(name)}
	return func() tea.Msg {
		walk, err := begin(desk, req, book)
		if err != nil {
			return savedMsg{err: err, tag: tag}
		}
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		req.Walk, req.Do = walk, incidents.GiveInput{Name: name, Value: value, Confirmed: true}
		rec, err := desk.Act(ctx, req)
		return savedMsg{rec: rec, err: err, tag: tag}
	}
}
