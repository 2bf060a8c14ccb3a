package cli

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"lage/incidents"
	"lage/internal/text"
	"lage/runbooks"
)

func suggestionCommands() []command {
	return []command{
		{name: "runbook suggestions", args: "[NAME...]", max: -1, group: groupRunbooks, short: "library.short_suggestions", long: "library.long_suggestions", run: runSuggestions,
			flags: []flag{{name: "all", help: "library.flag_all"}}},
	}
}

// feedback is one remark with where it comes from.
type feedback struct {
	runbooks.Remark
	kind     string // note, failed, skipped, na
	title    string // of the step; empty when it is not in the runbook any more
	said     string // without the words around it
	from     string // incident or walk
	revision string // of the runbook at that time
}

// proposal is what is proposed for one runbook.
type proposal struct {
	book *runbooks.Runbook
	runbooks.Suggested
	about map[runbooks.Remark]feedback
}

// runSuggestions proposes to take what was noted on steps into their runbooks.
func runSuggestions(ctx context.Context, a *app) error {
	s, err := a.look(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	lib, errs := s.reader.library()
	for _, err := range errs {
		a.warn(text.M("cli.warning", reason(err)))
	}
	names := map[string]bool{}
	for _, arg := range a.args {
		b, err := s.book(arg)
		if err != nil {
			return err
		}
		names[b.Name] = true
	}
	byBook, err := s.feedback(ctx)
	if err != nil {
		return failed("cli.err_read", err)
	}
	list := []proposal{}
	for _, b := range lib.Books {
		if len(names) > 0 && !names[b.Name] || len(byBook[b.Name]) == 0 {
			continue
		}
		p, err := a.proposal(lib.Dir, b, byBook[b.Name])
		if err != nil {
			return err
		}
		if len(p.Placed)+len(p.Unplaced) > 0 {
			list = append(list, p)
		}
	}
	if a.on("json") {
		return a.json(a.proposalsJSON(list))
	}
	a.patch(list)
	return nil
}

// feedback gives what was said about steps, by runbook.
func (s *session) feedback(ctx context.Context) (map[string][]feedback, error) {
	out := map[string][]feedback{}
	if s.store == nil {
		return out, nil
	}
	entries, walks, err := s.store.Feedback(ctx)
	if err != nil {
		return nil, err
	}
	for i := range entries {
		w, ok := walks[entries[i].Walk]
		if !ok {
			continue
		}
		book, step := runbooks.SplitKey(entries[i].Step)
		if book == "" {
			book = w.Runbook
		}
		if f, ok := s.app.remarkOf(&entries[i], w); ok {
			f.Step, f.revision = step, w.Revised(book)
			out[book] = append(out[book], f)
		}
	}
	return out, nil
}

// remarkOf puts an entry into the words that would stand in the runbook. People are not named there: it is about the
// step. ok is false where nothing was said, or it was erased.
func (a *app) remarkOf(e *incidents.Entry, w runbooks.Walk) (f feedback, ok bool) {
	f.At, f.from = e.OccurredAt, w.ID
	if w.Incident != "" {
		f.from = w.Incident
	}
	switch e.Kind {
	case incidents.KindNote:
		f.kind, f.said = "note", strings.TrimSpace(strings.TrimLeft(e.Message.In(a.lang), "!?> "))
	case incidents.KindStepFailed:
		f.kind = "failed"
	case incidents.KindStepNA:
		f.kind = "na"
	default:
		f.kind = "skipped"
	}
	if f.kind != "note" && e.Change != nil && e.Change.State != nil {
		f.said = e.Change.State.Reason
	}
	if f.said == "" || slices.Contains(e.Erased, "text") {
		return f, false
	}
	f.Text = a.t("library.remark_"+f.kind, f.from, text.Date(a.lang, e.OccurredAt.In(a.zone)), f.said)
	return f, true
}

// proposal places feedback in a runbook. What was said before the last review is dealt with, unless all is wanted.
func (a *app) proposal(dir string, b *runbooks.Runbook, list []feedback) (proposal, error) {
	p := proposal{book: b, about: map[runbooks.Remark]feedback{}}
	raw, err := a.read(b.Path)
	if err != nil {
		return p, err
	}
	path, err := filepath.Rel(dir, b.Path)
	if err != nil {
		path = filepath.Base(b.Path)
	}
	var remarks []runbooks.Remark
	for _, f := range list {
		if !a.on("all") && f.At.Before(b.Meta.ReviewedOn) {
			continue
		}
		if st := b.Step(f.Step); st != nil {
			f.title = st.Title
		}
		if _, twice := p.about[f.Remark]; !twice {
			remarks = append(remarks, f.Remark)
		}
		p.about[f.Remark] = f
	}
	p.Suggested = runbooks.Suggest(b, raw, filepath.ToSlash(path), remarks)
	return p, nil
}

// patch writes the proposals as one patch on standard output; what has no place in it goes to standard error.
func (a *app) patch(list []proposal) {
	placed, unplaced := 0, 0
	for _, p := range list {
		a.printf("%s", p.Patch)
		placed += len(p.Placed)
		for _, r := range p.Unplaced {
			unplaced++
			a.warn(text.M("library.unplaced", p.book.Name, r.Step, r.Text))
		}
	}
	if placed+unplaced == 0 {
		a.warn(text.M("library.no_suggestions"))
	}
}

type suggestionJSON struct {
	Step     string  `json:"step"`
	Title    string  `json:"title"` // empty when the step is not in the runbook any more
	Kind     string  `json:"kind"`  // note, failed, skipped or na
	Text     string  `json:"text"`
	From     string  `json:"from"` // incident or walk
	At       *string `json:"at"`
	Revision string  `json:"revision"` // of the runbook when it was said
	Line     int     `json:"line"`     // behind which it would stand; 0 when it has no place
}

type proposalJSON struct {
	Runbook  string           `json:"runbook"`
	Path     string           `json:"path"`
	Revision string           `json:"revision"` // that the patch is for
	Patch    string           `json:"patch"`
	Placed   []suggestionJSON `json:"suggestions"`
	Unplaced []suggestionJSON `json:"unplaced"`
}

func (a *app) proposalsJSON(list []proposal) any {
	out := []proposalJSON{}
	for _, p := range list {
		one := proposalJSON{Runbook: p.book.Name, Path: p.book.Path, Revision: p.book.Revision, Patch: p.Patch, Placed: []suggestionJSON{}, Unplaced: []suggestionJSON{}}
		form := func(r runbooks.Remark, line int) suggestionJSON {
			f := p.about[r]
			return suggestionJSON{r.Step, f.title, f.kind, f.said, f.from, a.stamp(f.At.Truncate(time.Second)), f.revision, line}
		}
		for _, s := range p.Placed {
			one.Placed = append(one.Placed, form(s.Remark, s.Line))
		}
		for _, r := range p.Unplaced {
			one.Unplaced = append(one.Unplaced, form(r, 0))
		}
		out = append(out, one)
	}
	return struct {
		Schema   string         `json:"schema"`
		Runbooks []proposalJSON `json:"runbooks"`
	}{"lage/runbook-suggestions/v1", out}
}
