package cli

import (
	"context"
	"io"
	"strconv"
	"strings"

	"lage/incidents"
	"lage/internal/clean"
	"lage/internal/text"
)

// maxNoteInput bounds what a note reads from standard input; the Desk refuses more than it keeps.
const maxNoteInput = 1 << 20

func runNote(ctx context.Context, a *app) error {
	if _, err := a.moment("at"); err != nil { // before anything is opened; which moment it is depends on the zone in force
		return err
	}
	return a.write(ctx, func(words string) (incidents.Action, error) {
		at, err := a.moment("at")
		return incidents.Note{Text: words, At: at}, err
	})
}

// runCorrect writes what is right beside an older entry.
func runCorrect(ctx context.Context, a *app) error {
	seq, err := strconv.ParseInt(a.flag("entry"), 10, 64)
	if err != nil || seq < 1 {
		return a.usage(text.M("cli.err_entry", a.flag("entry")))
	}
	return a.write(ctx, func(words string) (incidents.Action, error) { return incidents.Correct{Seq: seq, Text: words}, nil })
}

// write does something with a text of a person, which the arguments hold, or standard input for "-".
func (a *app) write(ctx context.Context, do func(words string) (incidents.Action, error)) error {
	ref, words := a.args[:0], a.args
	if len(words) > 1 && incidentRef.MatchString(words[0]) {
		ref, words = words[:1], words[1:]
	}
	s, err := a.work(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	id, err := s.which(ctx, ref)
	if err != nil {
		return err
	}
	said := strings.Join(words, " ")
	if said == "-" {
		b, err := io.ReadAll(io.LimitReader(a.env.Stdin, maxNoteInput))
		if err != nil {
			return failed("cli.err_read", err)
		}
		said = clean.Output(b)
	}
	act, err := do(said)
	if err != nil {
		return err
	}
	return s.act(ctx, id, act)
}
