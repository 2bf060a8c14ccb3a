package runbooks

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"lage/internal/text"
)

// Finding is something in a runbook that its author should mend or know.
type Finding struct {
	Problem bool // it must be mended; otherwise it is a warning
	Line    int  // from 1
	Column  int  // from 1, in characters; 1 where only the line is known
	Message text.Message
}

// Code names the kind of a finding for machines, "fence-unclosed". It never changes.
func (f Finding) Code() string {
	_, name, _ := strings.Cut(f.Message.Code, ".")
	return strings.ReplaceAll(name, "_", "-")
}

// Around is what Lint knows besides the file. What is nil is not known, and nothing is said about it.
type Around struct {
	Now      time.Time
	Checks   []string // IDs
	Services []string // IDs
	// Linked looks a file up that the runbook names, with slashes, relative to its own folder. The book is nil for a file
	// that is no Markdown.
	Linked func(path string) (book *Runbook, exists bool)
}

// Lint says what is wrong with a runbook, in the order of the file. raw is the file as it was read; nil means that what
// Parse has mended in its bytes is not looked at.
func Lint(b *Runbook, raw []byte, a Around) []Finding {
	l := &linter{book: b, around: a, lines: strings.Split(b.Text(), "\n")}
	l.source, _ = prepare(b.Text())
	l.doc = parseMarkdown(l.source.text)
	l.bytes(raw)
	l.parsed()
	l.front()
	l.blocks()
	l.links()
	l.secrets()
	slices.SortStableFunc(l.out, func(x, y Finding) int {
		return cmp.Or(cmp.Compare(x.Line, y.Line), cmp.Compare(x.Column, y.Column), strings.Compare(x.Message.Code, y.Message.Code))
	})
	return slices.CompactFunc(l.out, func(x, y Finding) bool {
		return x.Line == y.Line && x.Message.Code == y.Message.Code && slices.Equal(x.Message.Args, y.Message.Args)
	})
}

type linter struct {
	book   *Runbook
	around Around
	lines  []string // of the book's own text
	source *source
	doc    *document
	out    []Finding
}

// problem notes what must be mended.
func (l *linter) problem(line, column int, code string, args ...any) {
	l.out = append(l.out, Finding{true, max(1, line), max(1, column), text.M(code, args...)})
}

// remark notes what the author should know.
func (l *linter) remark(line, column int, code string, args ...any) {
	l.out = append(l.out, Finding{false, max(1, line), max(1, column), text.M(code, args...)})
}

// line gives a line of the file; empty beyond its end.
func (l *linter) line(no int) string {
	if no < 1 || no > len(l.lines) {
		return ""
	}
	return l.lines[no-1]
}

// find looks for a piece of text from a line on, over at most n lines. Without it the line itself is the place.
func (l *linter) find(from, n int, piece string) (line, column int) {
	for i := from; i < from+n && piece != ""; i++ {
		if at := strings.Index(l.line(i), piece); at >= 0 {
			return i, utf8.RuneCountInString(l.line(i)[:at]) + 1
		}
	}
	return from, 1
}

// softWarnings are remarks of the parser after which everything works as it is written.
var softWarnings = set("runbooks.fence_mended runbooks.directive_unknown runbooks.directive_lost")

// parsed passes on what the parser remarked.
func (l *linter) parsed() {
	for _, w := range l.book.Warnings {
		column := 1
		if len(w.Args) > 0 {
			_, column = l.find(w.Line, 1, w.Args[0])
		}
		l.out = append(l.out, Finding{!softWarnings[w.Code], max(1, w.Line), column, text.Message{Code: w.Code, Args: w.Args}})
	}
}

// front looks at the front matter, and at what follows from the file as a whole.
func (l *linter) front() {
	m := l.book.Meta
	if len(Flat(l.book)) == 0 {
		l.remark(1, 1, "lint.no_steps")
	}
	key := func(name, value string) (line, column int) {
		at, _ := l.find(1, maxFrontLines, name)
		return l.find(at, 20, value)
	}
	due, ok := m.ReviewDue()
	switch {
	case m.ReviewIn != "" && !ok && !m.ReviewedOn.IsZero():
		line, col := key("review_in", m.ReviewIn)
		l.problem(line, col, "lint.review_unreadable", m.ReviewIn)
	case m.Overdue(l.around.Now):
		line, col := key("last_reviewed_on", "last_reviewed_on")
		l.remark(line, col, "lint.review_overdue", due.Format(time.DateOnly))
	}
	for _, glob := range m.Checks {
		if l.around.Checks != nil && !slices.ContainsFunc(l.around.Checks, func(id string) bool { return matchesCheck(glob, id) }) {
			line, col := key("checks", glob)
			l.problem(line, col, "lint.check_unknown", glob)
		}
	}
	for _, id := range m.Services {
		if l.around.Services != nil && !slices.Contains(l.around.Services, id) {
			line, col := key("service", id)
			l.problem(line, col, "lint.service_unknown", id)
		}
	}
	if l.rich() {
		if m.Owner == "" {
			l.remark(1, 1, "lint.owner_missing")
		}
		if m.ReviewedOn.IsZero() {
			l.remark(1, 1, "lint.review_missing")
		}
	}
}

// rich tells whether the author wrote for lage: front matter that it reads, directives, or attributes of code blocks.
func (l *linter) rich() bool {
	m := l.book.Meta
	if m.Owner != "" || len(m.Checks)+len(m.Services)+len(m.Vars)+len(m.Requires) > 0 || !m.ReviewedOn.IsZero() {
		return true
	}
	rich := false
	l.book.All(func(_ int, s *Step) { rich = rich || len(s.Directives) > 0 })
	l.book.blocksOf(func(blocks []Block) {
		for _, b := range blocks {
			rich = rich || len(b.Attrs) > 0
		}
	})
	return rich
}
