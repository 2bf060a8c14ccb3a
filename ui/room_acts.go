package ui

import (
	"context"
	"path/filepath"

	tea "charm.land/bubbletea/v2"

	"lage/incidents"
	"lage/internal/text"
	"lage/runbooks"
)

// newNote takes a note: about the selected step where a walk has begun, else about the incident.
func (r *room) newNote(e *env) *noteDialog {
	d := newNote(e, r.id)
	if w, s := r.current(), r.step(); w != nil && s != nil {
		return d.about(w.ID, w.Key(r.book, s.ID), s)
	}
	return d
}

// changeState lets the person choose the incident's next state.
func (r *room) changeState(e *env) tea.Cmd {
	at := 0
	var items []item
	for _, st := range incidents.States() {
		if st == incidents.Detected {
			continue
		}
		it := item{label: stateWord(e, st), do: func(e *env) tea.Cmd {
			if st == incidents.Resolved {
				return r.resolve(e)
			}
			return r.act(e, incidents.ChangeState{To: st}, text.M("room.state_now", text.M(stateCode(st))), roomTag{})
		}}
		if st == r.data.Incident.State {
			it.note = e.t("room.is_now")
			at = min(len(items)+1, 3)
		}
		items = append(items, it)
	}
	return ask(newChooser(e.t("room.state_title"), at, items))
}

// stateCode is the code of a state's word.
func stateCode(st incidents.State) string {
	switch st {
	case incidents.Detected:
		return "room.state_detected"
	case incidents.Acknowledged:
		return "room.state_acknowledged"
	case incidents.Identified:
		return "room.state_identified"
	case incidents.Monitoring:
		return "room.state_monitoring"
	}
	return "room.state_resolved"
}

func stateWord(e *env, st incidents.State) string { return e.t(stateCode(st)) }

// resolve asks for the cause and says what still speaks against it.
func (r *room) resolve(e *env) tea.Cmd {
	well := !r.data.Incident.Recovered.IsZero() // as the person sees it now, not when the answer comes
	return ask(newResolve(r.data, func(e *env, cause string) tea.Cmd {
		return r.act(e, incidents.Resolve{Cause: cause, Well: well}, text.M("room.resolved", r.id), roomTag{})
	}))
}

// export writes the incident's Markdown and says where.
func (r *room) export(e *env) tea.Cmd {
	x, id := e.Exporter, r.id
	if x == nil {
		return flash(text.M("room.no_export"))
	}
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		path, err := x.Export(ctx, id)
		if err != nil {
			return flashMsg{text: text.M("room.export_failed", err.Error()), alarm: true}
		}
		return flashMsg{text: text.M("room.exported", filepath.Base(path), filepath.Dir(path))}
	}
}

// libraryMsg brings the runbooks that there are.
type libraryMsg struct {
	id    string
	books []*runbooks.Runbook
	err   error
}

// askLibrary reads the library, off the UI loop; its list opens when it is here.
func (r *room) askLibrary(e *env) tea.Cmd {
	reader, id := e.Reader, r.id
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		books, err := reader.Runbooks(ctx)
		return libraryMsg{id: id, books: books, err: err}
	}
}

// library opens the list of runbooks: the one at hand to read as a whole, the walks begun, those that fit the incident
// with the reason why, and the others.
func (r *room) library(e *env, m libraryMsg) tea.Cmd {
	if m.id != r.id {
		return nil
	}
	if m.err != nil {
		return func() tea.Msg { return flashMsg{text: text.M("room.no_library", m.err.Error()), alarm: true} }
	}
	var items []item
	if r.book != nil {
		book := r.book
		items = append(items, item{label: e.t("room.read_whole", book.Name), do: func(*env) tea.Cmd { return ask(bookViewer(book)) }})
	}
	begun := map[string]bool{}
	for _, v := range r.data.Walks {
		if v.Book == nil {
			continue
		}
		done, total := runbooks.Progress(v.Book, v.Walk)
		begun[v.Book.Name] = begun[v.Book.Name] || v.Walk.EndedAt.IsZero()
		items = append(items, item{label: v.Book.Name + "  " + v.Book.Title, note: e.t("room.begun", done, total),
			do: func(*env) tea.Cmd { r.takeWalk(v.Walk.ID); return nil }})
	}
	pick := func(b *runbooks.Runbook, note string) {
		if !begun[b.Name] {
			begun[b.Name] = true
			items = append(items, item{label: b.Name + "  " + b.Title, note: note, do: func(*env) tea.Cmd { r.pick(b); return nil }})
		}
	}
	for _, f := range r.data.Fitting {
		pick(f.Book, e.style.cut(e.show(f.Why(e.Options.Lang)), dialogWidth/2))
	}
	for _, b := range m.books {
		_, total := runbooks.Progress(b, runbooks.Walk{})
		pick(b, e.t("room.steps", total))
	}
	if len(items) == 0 {
		return flash(text.M("room.empty_library"))
	}
	return ask(newChooser(e.t("room.book_title"), 0, items))
}

// pick shows another runbook; its walk begins with the first act on one of its steps.
func (r *room) pick(b *runbooks.Runbook) {
	r.walk, r.picked, r.sel = "", b, ""
	r.setBook(b)
}

// takeWalk shows a walk that has begun.
func (r *room) takeWalk(id string) {
	r.walk, r.picked, r.sel = id, nil, ""
	r.settle()
}

// bookViewer shows a runbook as a whole.
func bookViewer(b *runbooks.Runbook) dialog {
	return newViewer(b.Title, b.Text(), func(e *env, w int) []string { return proseLines(e, b.Text(), w) })
}
