package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/term"

	"lage/incidents"
	"lage/internal/clean"
	"lage/internal/text"
	"lage/runbooks"
)

// stillRuns is after which time a person is told that a command goes on. It is never ended for that.
const stillRuns = time.Minute

// run asks for what a command wants to know, shows it as it will run, asks what has to be asked, and runs it.
func (w *walker) run(ctx context.Context, st *runbooks.Step, b runbooks.Block, more bool) error {
	a := w.app
	if ok, err := w.warned(ctx, st); !ok || err != nil {
		return err
	}
	if trial := w.book.Named(b.DryRun); trial != nil && !w.tried[b.DryRun] {
		w.tried[b.DryRun] = true
		if yes, err := w.yes(ctx, a.t("exec.dry_first", b.DryRun), true); err != nil {
			return err
		} else if yes {
			return w.run(ctx, st, *trial, true)
		}
	}
	bound, err := w.bind(ctx, b)
	if err != nil {
		return err
	}
	req := w.request(st, b, more).Bound(bound)
	if ok, err := w.confirmed(ctx, st, bound, req); !ok || err != nil {
		return err
	}
	if b.Terminal() {
		rec, err := w.s.runs.RunOn(ctx, req, a.env.Stdin, a.env.Stdout)
		a.println(a.t("exec.terminal_over"))
		return w.ran(st, rec, err)
	}
	return w.untilExpected(ctx, st, b, req)
}

// untilExpected runs a command, and again as often as its runbook says until it does what it should.
func (w *walker) untilExpected(ctx context.Context, st *runbooks.Step, b runbooks.Block, req incidents.RunRequest) error {
	for try := 1; ; try++ {
		rec, err := w.s.runs.Run(ctx, req, w.follow())
		if err := w.ran(st, rec, err); err != nil {
			return err
		}
		state := w.walk.Steps[st.ID]
		if state.Status != runbooks.StepFailed {
			return nil
		}
		if try >= b.Retries {
			if b.Undo != "" {
				w.app.println(w.app.t("exec.undo", b.Undo))
			}
			return nil
		}
		w.app.println(w.app.t("exec.retry", try+1, b.Retries, b.RetryEvery))
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(b.RetryEvery):
		}
		req.Seen = state.Status
	}
}

// bind asks for everything that a command still wants to know.
func (w *walker) bind(ctx context.Context, b runbooks.Block) (runbooks.Bound, error) {
	if b.Terminal() {
		b.Text, _ = runbooks.Opening(b)
	}
	for {
		answers := w.answers()
		missing := runbooks.Missing(b, answers)
		if missing == "" || runbooks.InputName(missing) == "" {
			bound, err := runbooks.Bind(b, answers)
			var no *runbooks.Unbound
			if errors.As(err, &no) {
				return bound, &incidents.Refusal{Message: text.M(no.Code, clean.Line(no.Placeholder))}
			}
			bound.Export(w.book, answers)
			return bound, err
		}
		if err := w.value(ctx, missing); err != nil {
			return runbooks.Bound{}, err
		}
	}
}

// answers are all values that are known: what the walk has, what the runbook sets, and secrets typed here.
func (w *walker) answers() map[string]runbooks.Answer {
	out := w.s.runs.Answers(w.book, w.walk)
	for k, v := range w.typed {
		out[k] = runbooks.Answer{Value: v, Secret: true}
	}
	return out
}

// value asks for one value. A secret stays in this process; any other becomes part of the walk.
func (w *walker) value(ctx context.Context, name string) error {
	i := slices.IndexFunc(runbooks.Asks(w.book), func(k runbooks.Ask) bool { return runbooks.InputName(k.Name) == runbooks.InputName(name) })
	if i >= 0 && runbooks.Asks(w.book)[i].Secret {
		v, err := w.hidden(ctx, w.app.t("exec.secret", clean.Line(name)))
		if err == nil {
			w.typed[runbooks.InputName(name)] = v
		}
		return err
	}
	v, err := w.ask(ctx, w.app.t("exec.value", clean.Line(name)))
	if err != nil {
		return err
	}
	// Values reach commands as variables only, and the whole command is shown before it runs.
	return w.act(ctx, incidents.GiveInput{Name: name, Value: v, Confirmed: true})
}

// hidden reads a line without showing it.
func (w *walker) hidden(ctx context.Context, question string) (string, error) {
	f, ok := w.app.env.Stdin.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return w.ask(ctx, question)
	}
	w.app.printf("%s ", question)
	b, err := term.ReadPassword(int(f.Fd()))
	w.app.println("")
	return string(b), err
}

// warned shows the warnings of a step and its section once, before the first command there.
func (w *walker) warned(ctx context.Context, st *runbooks.Step) (bool, error) {
	for _, text := range w.book.Warns(st) {
		if w.read[text] {
			continue
		}
		w.app.println(w.app.t("exec.warning", indent(text, "", "  ")))
		yes, err := w.yes(ctx, w.app.t("exec.warning_read"), false)
		if !yes || err != nil {
			return false, err
		}
		w.read[text] = true
	}
	return true, nil
}

// yes asks a question of yes and no.
func (w *walker) yes(ctx context.Context, question string, usual bool) (bool, error) {
	answer, err := w.ask(ctx, question)
	switch strings.ToLower(answer) {
	case "":
		return usual && err == nil, err
	case "j", "ja", "y", "yes":
		return true, err
	}
	return false, err
}

// confirmed shows a command as it will run and asks what has to be asked.
func (w *walker) confirmed(ctx context.Context, st *runbooks.Step, b runbooks.Bound, req incidents.RunRequest) (bool, error) {
	a := w.app
	asks := incidents.Asks(b, w.walk.Kind, w.s.trusts(w.book))
	if asks == incidents.AskNothing && len(b.Env) == 0 && !b.Terminal() {
		return true, nil // it stands on the screen already, word by word
	}
	p, err := w.s.runs.Preview(req)
	if err != nil {
		return false, failed("cli.err_read", err)
	}
	where := a.where(b.Block)
	if p.Dir != "" {
		where += ", " + a.t("exec.in_dir", p.Dir)
	}
	a.println(a.t("exec.runs", where))
	a.println(indent(clean.Text(b.Shown), "    $ ", "      "))
	if b.Odd {
		a.println(a.t("exec.odd"))
	}
	if b.Terminal() {
		a.println(a.t("exec.terminal"))
		if _, typed := runbooks.Opening(firstNamed(st, b)); typed != "" {
			a.println(a.t("exec.typed_inside"))
			a.println(indent(clean.Text(typed), "    ", "    "))
		}
	}
	return w.agreed(ctx, asks, runbooks.Object(b.Block, b.Shown, st.Title), b.Block)
}

// firstNamed is the step's block from which a bound one was made.
func firstNamed(st *runbooks.Step, b runbooks.Bound) runbooks.Block {
	for _, x := range st.Commands {
		if x.Line == b.Line {
			return x
		}
	}
	return b.Block
}

// agreed asks what has to be asked before a command runs.
func (w *walker) agreed(ctx context.Context, asks incidents.Asking, word string, b runbooks.Block) (ok bool, err error) {
	a := w.app
	switch asks {
	case incidents.AskNothing:
		return true, nil
	case incidents.AskNever:
		a.println(a.t("exec.only_shown"))
		return false, nil
	case incidents.AskOnce:
		if ok = a.on("yes"); !ok {
			ok, err = w.yes(ctx, a.t("exec.sure"), false)
		}
	case incidents.AskWord:
		if ok = a.flag("confirm") == word; !ok {
			var answer string
			answer, err = w.ask(ctx, a.t("exec.type", word, a.where(b)))
			ok = answer == word
		}
	}
	if !ok && err == nil {
		a.println(a.t("cli.walk_not_run"))
	}
	return ok && err == nil, err
}

// where says on which machine a command runs.
func (a *app) where(b runbooks.Block) string {
	if b.Host == "" {
		return a.t("cli.on_this")
	}
	return a.t("cli.on_host", clean.Line(b.Host))
}

// follow prints output as it comes, and says once that it takes long.
func (w *walker) follow() func(incidents.RunState) {
	shown, began, said := "", w.app.env.Now(), false
	return func(st incidents.RunState) {
		fresh := st.Output
		if strings.HasPrefix(fresh, shown) {
			fresh = fresh[len(shown):]
		} else {
			fresh = "\n" + fresh // the middle was cut: once more from the beginning
		}
		shown = st.Output
		io.WriteString(w.app.out, fresh) // the writer keeps the first error
		if st.Ended && !strings.HasSuffix(shown, "\n") && shown != "" {
			w.app.println("")
		}
		if !st.Ended && !said && w.app.env.Now().Sub(began) >= stillRuns {
			said = true
			w.app.println(w.app.t("exec.still", stillRuns))
		}
		if st.Ended {
			for _, line := range w.app.afterwards(st.Result) {
				w.app.println("  " + line)
			}
		}
	}
}

// afterwards says what else is to be known of a command that ended.
func (a *app) afterwards(c incidents.CommandRun) (out []string) {
	if c.Redactions > 0 {
		out = append(out, a.t("exec.redactions", c.Redactions))
	}
	if len(c.Values) > 0 {
		out = append(out, a.t("exec.values", clean.Line(strings.Join(c.Values, ", "))))
	}
	if len(c.Survivors) > 0 {
		out = append(out, a.t("exec.survivors", strings.Join(c.Survivors, ", ")))
	}
	return out
}
