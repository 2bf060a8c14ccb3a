package cli

import (
	"bufio"
	"context"
	"io"

	"lage/incidents"
	"lage/internal/clean"
	"lage/internal/text"
	"lage/runbooks"
)

// mayAsk refuses what needs an answer where nobody can give one.
func (a *app) mayAsk(msg text.Message) error {
	if a.on("no-input") {
		return &fault{code: exitRefused, msg: msg, hint: text.M("cli.hint_no_input")}
	}
	if !a.env.StdinTerminal {
		return &fault{code: exitRefused, msg: msg, hint: text.M("cli.hint_no_terminal")}
	}
	return nil
}

// lines reads lines until the input ends or ctx does. The reading itself cannot be interrupted, so it has a goroutine of
// its own: ^C at a question must end the walk.
func lines(ctx context.Context, r io.Reader) <-chan string {
	c := make(chan string)
	go func() {
		defer close(c)
		for in := bufio.NewScanner(r); in.Scan(); {
			select {
			case c <- clean.Line(in.Text()):
			case <-ctx.Done():
				return
			}
		}
	}()
	return c
}

// ask reads one line. The end of the input leaves the walk.
func (w *walker) ask(ctx context.Context, question string) (string, error) {
	w.app.printf("%s ", question)
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case answer, ok := <-w.in:
		if !ok {
			return "", errLeft
		}
		return answer, nil
	}
}

// recall finds how far the commands of each step have come before the walk was left.
func (w *walker) recall(ctx context.Context) error {
	_, entries, err := w.s.walkRecord(ctx, w.walk.ID)
	if err != nil {
		return failed("cli.err_read", err)
	}
	w.book.All(func(_ int, st *runbooks.Step) {
		for _, e := range entries {
			if e.Step == st.ID {
				w.advance(st, e)
			}
		}
	})
	return nil
}

// advance goes on to the step's next command where an entry says that this one has done what it should.
func (w *walker) advance(st *runbooks.Step, e incidents.Entry) {
	if b, _ := w.next(st); b != nil && e.Kind == incidents.KindCommandEnded && e.Command != nil &&
		incidents.Judge(*b, *e.Command, e.Output) == runbooks.StepDone {
		w.s.runCount[st.ID]++
	}
}
