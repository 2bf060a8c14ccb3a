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

// questions reads answers, one when it is asked for: a command that gets the terminal must find there what is typed for it.
// The reading itself cannot be interrupted, so it has a goroutine of its own: ^C at a question must end the walk.
type questions struct {
	want chan struct{}
	got  chan string // closed at the input's end
}

// lines makes questions that are answered by lines, until ctx ends.
func lines(ctx context.Context, r io.Reader) *questions {
	q := &questions{want: make(chan struct{}), got: make(chan string)}
	go func() {
		defer close(q.got)
		in := bufio.NewScanner(r)
		for {
			select {
			case <-ctx.Done():
				return
			case <-q.want:
			}
			if !in.Scan() {
				return
			}
			select {
			case q.got <- clean.Line(in.Text()):
			case <-ctx.Done():
				return
			}
		}
	}()
	return q
}

// ask reads one line. The end of the input leaves the walk.
func (w *walker) ask(ctx context.Context, question string) (string, error) {
	w.app.printf("%s ", question)
	select {
	case w.in.want <- struct{}{}:
	case <-ctx.Done():
		return "", ctx.Err()
	case <-w.in.got:
		return "", errLeft
	}
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case answer, ok := <-w.in.got:
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
