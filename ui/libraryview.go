package ui

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"lage/incidents"
	"lage/internal/text"
	"lage/runbooks"
)

// Lines draws the list beside the selected runbook, or above it, or alone where there is little room.
func (l *library) Lines(e *env, w, h int) []string {
	list := l.books()
	var lines []string
	if l.typed || l.filter.Value() != "" {
		label := " " + e.t("library.filter") + " "
		lines = append(lines, label+inputView(e, l.filter, w-cells(label)))
	}
	switch {
	case !l.have && l.err == nil:
		return e.style.box(append(lines, "", "   "+e.t("library.loading")), w, h)
	case len(l.shelf.Books) == 0 && l.shelf.Dir == "":
		return e.style.box(append(lines, append([]string{""}, wrapLines("   "+e.t("library.no_folder"), w)...)...), w, h)
	case len(list) == 0 && len(l.shelf.Books) == 0:
		return e.style.box(append(lines, "", "   "+e.t("library.empty", l.shelf.Dir)), w, h)
	case len(list) == 0:
		return e.style.box(append(lines, "", "   "+e.t("library.none")), w, h)
	}
	rest := h - len(lines)
	switch {
	case w >= wideW && h >= wideH:
		left := 38
		return append(lines, e.style.beside(rest, pane{left, l.names(e, list, left, rest)}, pane{w - left - 1, indent(l.detail(e, w-left-2), " ")})...)
	case w >= smallW && rest >= 12:
		rows := min(len(list)+1, rest/2)
		lines = append(lines, l.table(e, list, w, rows)...)
		detail := slices.DeleteFunc(l.detail(e, w-1), func(s string) bool { return s == "" })
		return e.style.box(append(append(lines, ""), indent(detail, " ")...), w, h)
	}
	return e.style.box(append(lines, l.names(e, list, w, rest)...), w, h)
}

// trouble tells whether something keeps one from relying on a runbook.
func (b ShelfBook) trouble(now time.Time) bool {
	return b.Problems() > 0 || len(b.Missing()) > 0 || b.DrillOverdue(now) || b.Book.Meta.Overdue(now)
}

// rows draws the part of the list in sight, the selected one marked.
func (l *library) rows(e *env, list []ShelfBook, n int, row func(b *ShelfBook, mark string) string) []string {
	l.page = max(1, n)
	at := l.at(list)
	l.top = scroll(l.top, at, len(list), l.page)
	var out []string
	for i := l.top; i < min(len(list), l.top+l.page); i++ {
		mark := " "
		if i == at {
			mark = e.style.bold.Render(e.style.selectedMark)
		}
		out = append(out, row(&list[i], mark))
	}
	return out
}

// sign is the sign for a runbook with something amiss, or its room.
func (l *library) sign(e *env, b *ShelfBook) string {
	if b.trouble(e.now) {
		return e.style.state(incidents.Degraded)
	}
	return strings.Repeat(" ", e.style.glyphWidth())
}

// names draws the list with little beside the name.
func (l *library) names(e *env, list []ShelfBook, w, h int) []string {
	head := e.style.dim.Render(e.style.ends(" "+strings.ToUpper(e.t("library.title")), strconv.Itoa(len(list))+" ", w))
	return append([]string{head}, l.rows(e, list, h-1, func(b *ShelfBook, mark string) string {
		name := e.show(b.Book.Name)
		if b.Book.Name == l.selected {
			name = e.style.bold.Render(name)
		}
		return e.style.ends(mark+" "+name, e.style.fitRight(strconv.Itoa(b.Steps), 3)+" "+l.sign(e, b)+" ", w)
	})...)
}

// table draws the list with what is known of each runbook.
func (l *library) table(e *env, list []ShelfBook, w, h int) []string {
	const steps, drill, use, median = 8, 12, 10, 10
	name := w - 2 - e.style.glyphWidth() - steps - drill - use - median - 3
	line := func(mark, sign, n, s, d, u, m string) string {
		return e.style.fit(mark+sign+" "+e.style.fit(n, name)+" "+e.style.fitRight(s, steps)+"  "+e.style.fit(d, drill)+e.style.fit(u, use)+e.style.fitRight(m, median-2), w)
	}
	none := strings.Repeat(" ", e.style.glyphWidth())
	head := e.style.dim.Render(line(" ", none, e.t("library.col_runbook"), e.t("library.col_steps"), e.t("library.col_drilled"), e.t("library.col_used"), e.t("library.col_median")))
	return append([]string{head}, l.rows(e, list, h-1, func(b *ShelfBook, mark string) string {
		n := e.show(b.Book.Name)
		if b.Book.Name == l.selected {
			n = e.style.bold.Render(e.style.cut(n, name))
		}
		return line(mark, l.sign(e, b), n, strconv.Itoa(b.Steps), l.drilled(e, b), l.used(e, b), l.median(e, b))
	})...)
}

func (l *library) drilled(e *env, b *ShelfBook) string { return l.day(e, b.LastDrill) }

func (l *library) day(e *env, t time.Time) string {
	if t.IsZero() {
		return e.style.dash
	}
	return e.show(text.Date(e.Options.Lang, e.local(t)))
}

func (l *library) used(e *env, b *ShelfBook) string {
	if b.LastIn == "" {
		return e.style.dash
	}
	return incidents.Short(b.LastIn)
}

func (l *library) median(e *env, b *ShelfBook) string {
	if b.Median <= 0 {
		return e.style.dash
	}
	return e.duration(b.Median.Truncate(time.Second))
}

// detail is what is known of the selected runbook, and its steps.
func (l *library) detail(e *env, w int) []string {
	b := l.book()
	m := b.Book.Meta
	out := []string{e.style.bold.Render(e.style.cut(e.show(b.Book.Name+": "+b.Book.Title), w)), ""}
	fact := func(code, value string) {
		label := e.t(code)
		for i, part := range wrapLines(value, w-16) {
			if i > 0 {
				label = ""
			}
			out = append(out, e.style.dim.Render(e.style.fit(label, 15))+" "+part)
		}
	}
	if m.Description != "" {
		out = append(wrapInto(out, e.show(m.Description), w), "")
	}
	if about := l.about(e, b); about != "" {
		fact("library.fact_for", about)
	}
	if m.Owner != "" {
		fact("library.col_owner", e.show(m.Owner))
	}
	fact("library.col_reviewed", l.review(e, b))
	fact("library.col_drilled", l.practice(e, b))
	if len(b.Needs) > 0 {
		var needs []string
		for _, n := range b.Needs {
			mark := e.style.tick
			if !n.Found {
				mark = e.style.bold.Render(e.style.cross)
			}
			needs = append(needs, e.show(n.Program)+" "+mark)
		}
		fact("library.fact_needs", strings.Join(needs, "  "))
	}
	if n := len(b.Findings); n > 0 {
		fact("library.fact_findings", e.t("library.findings_v", b.Problems(), n-b.Problems()))
	}
	return append(append(out, ""), l.steps(e, b, w)...)
}

func wrapInto(out []string, t string, w int) []string { return append(out, wrapLines(t, w)...) }

// about says for which services and checks the runbook would be proposed.
func (l *library) about(e *env, b *ShelfBook) string {
	var parts []string
	for _, id := range b.Services {
		t := e.serviceTitle(id)
		var names []string
		for _, c := range b.Checks {
			if own, ok := strings.CutPrefix(c, id+"/"); ok {
				names = append(names, e.show(own))
			}
		}
		if len(names) > 0 {
			t += " (" + strings.Join(names, ", ") + ")"
		}
		parts = append(parts, t)
	}
	return strings.Join(parts, " "+e.style.dot+" ")
}

func (l *library) review(e *env, b *ShelfBook) string {
	m := b.Book.Meta
	due, ok := m.ReviewDue()
	switch {
	case m.ReviewedOn.IsZero():
		return e.style.dash
	case m.Overdue(e.now):
		return e.style.state(incidents.Degraded) + " " + e.t("library.review_was_due", text.Date(e.Options.Lang, due))
	case ok:
		return e.t("library.review_next", text.Date(e.Options.Lang, m.ReviewedOn), text.Date(e.Options.Lang, due))
	}
	return e.show(text.Date(e.Options.Lang, m.ReviewedOn))
}

// practice says when it was drilled and used, and how long it takes.
func (l *library) practice(e *env, b *ShelfBook) string {
	out := l.drilled(e, b)
	if b.DrillOverdue(e.now) {
		out = e.style.state(incidents.Degraded) + " " + out
	}
	if b.LastIn != "" {
		out += " " + e.style.dot + " " + e.t("library.last_use", e.show(incidents.Short(b.LastIn)), text.Date(e.Options.Lang, e.local(b.LastUse)))
	}
	if b.Median > 0 {
		out += " " + e.style.dot + " " + e.t("library.takes", l.median(e, b), b.Walks)
	}
	return out
}

// steps are the steps that a walk leads through, with what their commands may do.
func (l *library) steps(e *env, b *ShelfBook, w int) []string {
	var out []string
	for _, f := range runbooks.Flat(b.Book) {
		risk := ""
		for _, c := range f.Step.Commands {
			if c.Runnable || c.Kind == runbooks.BlockSession {
				risk = worse(risk, c.Risk)
			}
		}
		if risk != "" {
			risk = riskWord(e, runbooks.Risk(risk))
		}
		title := strings.Repeat("  ", f.Depth) + e.show(stepName(f.Step))
		out = append(out, e.style.ends(title, e.style.dim.Render(risk)+" ", w))
	}
	return out
}

// worse gives the graver of two risks.
func worse(a string, b runbooks.Risk) string {
	rank := map[string]int{"": 0, string(runbooks.RiskRead): 1, string(runbooks.RiskChange): 2, string(runbooks.RiskDanger): 3}
	if rank[string(b)] > rank[a] {
		return string(b)
	}
	return a
}
