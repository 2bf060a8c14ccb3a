package runbooks

import (
	"strings"

	extast "github.com/yuin/goldmark/extension/ast"
)

// wrap breaks spans into lines between words. Inline code stays in one piece while it fits a line.
func (p *prose) wrap(spans []Span, f frame) {
	l := &liner{p: p, f: f}
	l.open()
	for _, s := range spans {
		if s.Text == "\n" {
			l.close()
			continue
		}
		if s.Style == StyleCode && (f.width <= 0 || cells(s.Text) <= f.width-l.margin) {
			l.piece(s.Text, s.Style)
			continue
		}
		rest := s.Text
		for rest != "" {
			if n := len(rest) - len(strings.TrimLeft(rest, " \t\n")); n > 0 {
				l.space = true
				rest = rest[n:]
				continue
			}
			end := strings.IndexAny(rest, " \t\n")
			if end < 0 {
				end = len(rest)
			}
			l.piece(rest[:end], s.Style)
			rest = rest[end:]
		}
	}
	l.flush()
	p.out = append(p.out, l.line)
}

// liner fills lines.
type liner struct {
	p      *prose
	f      frame
	line   []Span
	used   int // cells
	margin int
	empty  bool   // nothing but the margin stands in the line
	space  bool   // a blank goes before the next piece
	word   []Span // pieces without a blank between them
	lead   bool   // a blank goes before the word
}

func (l *liner) open() {
	l.line = append([]Span(nil), l.f.first...)
	l.used, l.empty = 0, true
	for _, s := range l.line {
		l.used += cells(s.Text)
	}
	l.margin = l.used
	l.f = l.f.next()
}

func (l *liner) close() {
	l.flush()
	l.p.out = append(l.p.out, l.line)
	l.open()
	l.space = false
}

// piece adds to the word, or ends it when a blank came before.
func (l *liner) piece(text string, style Style) {
	if l.space {
		l.flush()
		l.lead, l.space = true, false
	}
	l.word = append(l.word, Span{text, style})
}

// flush puts the word into the line, or into the next one when it does not fit.
func (l *liner) flush() {
	if len(l.word) == 0 {
		return
	}
	w := 0
	for _, s := range l.word {
		w += cells(s.Text)
	}
	lead := 0
	if l.lead && !l.empty {
		lead = 1
	}
	if l.f.width > 0 && !l.empty && l.used+lead+w > l.f.width {
		l.p.out = append(l.p.out, l.line)
		l.open()
		lead = 0
	}
	if lead > 0 {
		style := StyleText
		if last := l.line[len(l.line)-1].Style; last == l.word[0].Style {
			style = last
		}
		l.put(" ", style)
	}
	for _, s := range l.word {
		l.long(s)
	}
	l.word, l.lead = nil, false
}

// long puts a piece into the line, broken where a line is full: only for words longer than a line.
func (l *liner) long(s Span) {
	room := l.f.width - l.used
	if l.f.width <= 0 || cells(s.Text) <= room {
		l.put(s.Text, s.Style)
		return
	}
	for s.Text != "" {
		cut, w := 0, 0
		for i, r := range s.Text {
			if w += runeCells(r); w > max(l.f.width-l.used, 1) && i > 0 {
				break
			}
			cut = i + len(string(r))
		}
		l.put(s.Text[:cut], s.Style)
		if s.Text = s.Text[cut:]; s.Text != "" {
			l.p.out = append(l.p.out, l.line)
			l.open()
		}
	}
}

func (l *liner) put(text string, style Style) {
	l.used += cells(text)
	l.empty = false
	if n := len(l.line); n > 0 && l.line[n-1].Style == style && n > len(l.f.rest) {
		l.line[n-1].Text += text
		return
	}
	l.line = append(l.line, Span{text, style})
}

// table writes columns where they fit, and "heading: cell" lines where they do not.
func (p *prose) table(t *extast.Table, f frame) {
	var rows [][][]Span
	var widths []int
	for r := t.FirstChild(); r != nil; r = r.NextSibling() {
		var row [][]Span
		for c := r.FirstChild(); c != nil; c = c.NextSibling() {
			cell := p.inline(c, f.style)
			for i := range cell {
				cell[i].Text = strings.ReplaceAll(cell[i].Text, "\n", " ")
			}
			if len(row) == len(widths) {
				widths = append(widths, 0)
			}
			widths[len(row)] = max(widths[len(row)], spanCells(cell))
			row = append(row, cell)
		}
		rows = append(rows, row)
	}
	total := spanCells(f.rest)
	for _, w := range widths {
		total += w + 2
	}
	if f.width > 0 && total-2 > f.width {
		p.records(rows, f)
		return
	}
	for i, row := range rows {
		line := append([]Span(nil), f.first...)
		for j, cell := range row {
			if i == 0 {
				cell = restyle(cell, StyleHeading)
			}
			line = append(line, cell...)
			if j+1 < len(row) {
				line = append(line, Span{strings.Repeat(" ", widths[j]-spanCells(cell)+2), f.style})
			}
		}
		p.out = append(p.out, line)
		f = f.next()
	}
}

func (p *prose) records(rows [][][]Span, f frame) {
	for i, row := range rows {
		if i == 0 {
			continue
		}
		if i > 1 {
			p.blank(f)
		}
		for j, cell := range row {
			spans := cell
			if j < len(rows[0]) && spanCells(rows[0][j]) > 0 {
				spans = append(restyle(rows[0][j], StyleHeading), Span{": ", StyleHeading})
				spans = append(spans, cell...)
			}
			p.wrap(spans, f)
			f = f.next()
		}
	}
}

func restyle(spans []Span, s Style) []Span {
	out := make([]Span, len(spans))
	for i, x := range spans {
		out[i] = Span{x.Text, s}
	}
	return out
}

func spanCells(spans []Span) int {
	n := 0
	for _, s := range spans {
		n += cells(s.Text)
	}
	return n
}
