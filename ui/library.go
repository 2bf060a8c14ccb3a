package ui

import (
	"context"
	"slices"
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"lage/runbooks"
)

var (
	keyRead     = bind("library.key_read", "library.help_read", "enter")
	keyStart    = bind("library.key_start", "library.help_start", "r")
	keyMaintain = bind("walkui.key_start", "walkui.help_start", "m")
	keyDrill    = bind("library.key_drill", "library.help_drill", "d")
	keyLint     = bind("library.key_lint", "library.help_lint", "v")
	keySeek     = bind("library.key_filter", "library.help_filter", "/")
	keyKeepSeek = bind("library.key_take", "library.help_filter", "enter")
	keyClear    = bind("library.key_clear", "library.help_clear", "esc")
)

// library is the screen of the runbooks (view 3): what is known of each, and what is missing.
type library struct {
	shelf    Shelf
	have     bool // shelf has been read
	reading  bool
	err      error
	selected string // name
	filter   textinput.Model
	typed    bool // the filter takes keys
	top      int
	page     int
}

// shelfMsg brings the library.
type shelfMsg struct {
	shelf Shelf
	err   error
}

func newLibrary() *library { return &library{filter: newInput("")} }

func (l *library) Title(e *env) string { return e.t("library.title") }

func (l *library) typing() bool { return l.typed }

func (l *library) Keys(e *env) []binding {
	if l.typed {
		return []binding{keyKeepSeek, keyClear}
	}
	b := l.book()
	return []binding{
		keyMove.when(len(l.books()) > 0), keyRead.when(b != nil), keyStart.when(b != nil && len(e.picture.Incidents) > 0),
		keyLint.when(b != nil), keySeek.when(l.have && len(l.shelf.Books) > 0), keyMaintain.when(b != nil), keyDrill.when(b != nil),
		keyClear.when(l.filter.Value() != ""),
	}
}

func (l *library) Update(e *env, msg tea.Msg) tea.Cmd {
	switch m := msg.(type) {
	case changedMsg:
		return l.load(e)
	case shelfMsg:
		l.reading, l.err = false, m.err
		if m.err == nil {
			l.shelf, l.have = m.shelf, true
			l.settle()
		}
	case savedMsg:
		if m.tag == any(l) {
			return begun(e, m)
		}
	case tea.PasteMsg:
		if l.typed {
			l.filter = typeInto(l.filter, m)
			l.settle()
		}
	case tea.KeyPressMsg:
		return l.key(e, m)
	}
	return nil
}

// load reads the library, off the UI loop, one reading at a time.
func (l *library) load(e *env) tea.Cmd {
	if l.reading {
		return nil
	}
	l.reading = true
	reader := e.Reader
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		shelf, err := reader.Library(ctx)
		return shelfMsg{shelf, err}
	}
}

func (l *library) key(e *env, k tea.KeyPressMsg) tea.Cmd {
	if l.typed {
		l.typeFilter(k)
		return nil
	}
	list, b := l.books(), l.book()
	switch {
	case keySeek.matches(k):
		l.typed = l.have && len(l.shelf.Books) > 0
	case keyClear.matches(k):
		l.filter.SetValue("")
		l.settle()
	case b == nil:
	case keyRead.matches(k):
		return ask(bookViewer(b.Book))
	case keyLint.matches(k):
		return ask(findingsViewer(*b))
	case keyDrill.matches(k):
		return startDrill(e, b.Book, l)
	case keyMaintain.matches(k):
		return startWalk(e, b.Book, l)
	case keyStart.matches(k):
		return l.start(e, b.Book)
	default:
		if to, ok := move(k, l.at(list), len(list), l.page); ok {
			l.selected = list[to].Book.Name
		}
	}
	return nil
}

// typeFilter takes a key for the filter: enter keeps it, esc takes it away.
func (l *library) typeFilter(k tea.KeyPressMsg) {
	switch k.String() {
	case "enter":
		l.typed = false
	case "esc":
		l.typed = false
		l.filter.SetValue("")
	case "up", "down":
		list := l.books()
		if to, ok := move(k, l.at(list), len(list), l.page); ok && len(list) > 0 {
			l.selected = list[to].Book.Name
		}
		return
	default:
		l.filter = typeInto(l.filter, k)
	}
	l.settle()
}

// start opens an incident's room with the runbook at hand: of the only open incident, or of the chosen one.
func (l *library) start(e *env, b *runbooks.Runbook) tea.Cmd {
	take := func(id string) tea.Cmd { return func() tea.Msg { return takeMsg{id, b} } }
	open := e.picture.Incidents
	if len(open) == 1 {
		return take(open[0].ID)
	}
	var items []item
	for i := range open {
		items = append(items, item{label: open[i].ID + "  " + e.serviceTitle(open[i].Service), do: func(*env) tea.Cmd { return take(open[i].ID) }})
	}
	return ask(newChooser(e.t("library.start_title", b.Name), 0, items))
}

// books lists the runbooks that the filter lets through: all its words stand in name, title, owner, services or checks.
func (l *library) books() []ShelfBook {
	words := strings.Fields(strings.ToLower(l.filter.Value()))
	if len(words) == 0 {
		return l.shelf.Books
	}
	var out []ShelfBook
	for _, b := range l.shelf.Books {
		all := strings.ToLower(strings.Join(append(append([]string{b.Book.Name, b.Book.Title, b.Book.Meta.Owner}, b.Services...), b.Checks...), " "))
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(all, w) }) {
			out = append(out, b)
		}
	}
	return out
}

// settle keeps the selection on a runbook in sight.
func (l *library) settle() {
	list := l.books()
	if i := l.at(list); i < len(list) {
		l.selected = list[i].Book.Name
	}
}

func (l *library) at(list []ShelfBook) int {
	return max(0, slices.IndexFunc(list, func(b ShelfBook) bool { return b.Book.Name == l.selected }))
}

// book is the selected one, or nil.
func (l *library) book() *ShelfBook {
	list := l.books()
	if len(list) == 0 {
		return nil
	}
	return &list[l.at(list)]
}

// Hint sums up: how many there are, and what is missing.
func (l *library) Hint(e *env) string {
	switch {
	case l.err != nil:
		return e.t("library.unread", l.err.Error())
	case !l.have:
		return ""
	}
	broken, reviews, drills := 0, 0, 0
	for _, b := range l.shelf.Books {
		if b.Problems() > 0 {
			broken++
		}
		if b.Book.Meta.Overdue(e.now) {
			reviews++
		}
		if b.DrillOverdue(e.now) {
			drills++
		}
	}
	parts := []string{e.t("library.sum", len(l.shelf.Books))}
	add := func(n int, code string) {
		if n > 0 {
			parts = append(parts, e.t(code, n))
		}
	}
	if n := len(l.shelf.Uncovered); n == 1 {
		parts = append(parts, e.t("library.sum_uncovered_one", e.serviceTitle(l.shelf.Uncovered[0])))
	} else if n > 1 {
		parts = append(parts, e.t("library.sum_uncovered", n, l.shelf.Services))
	}
	add(broken, "library.sum_broken")
	add(reviews, "library.sum_reviews")
	add(drills, "library.sum_drills")
	add(len(l.shelf.Unread), "library.sum_unread")
	return strings.Join(parts, " "+e.style.dot+" ")
}

// findingsViewer shows what lint finds in a runbook.
func findingsViewer(b ShelfBook) dialog {
	return newViewer(b.Book.Name, "", func(e *env, w int) []string {
		if len(b.Findings) == 0 {
			return []string{e.t("library.no_findings")}
		}
		var out []string
		for _, f := range b.Findings {
			code := "library.finding_remark"
			if f.Problem {
				code = "library.finding_problem"
			}
			out = append(out, wrapLines(e.t(code, f.Line, f.Message), w)...)
		}
		return out
	})
}
