package runbooks

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
)

// Style says what a piece of prose is, so that the console can colour it. The text alone says everything, too.
type Style int

// The styles.
const (
	StyleText     Style = iota
	StyleStrong         // stressed, or the mark of a warning
	StyleEmphasis       // emphasis
	StyleCode           // code, with its backticks when it stands in a line
	StyleLink           // a link's address
	StyleQuote          // a quote and its mark
	StyleHeading
)

// Span is a piece of a line in one style.
type Span struct {
	Text  string
	Style Style
}

// Prose renders Markdown as lines of at most width cells; a width of zero or less does not wrap. Lines of code blocks are
// never wrapped and may be longer. Nothing of the text is dropped: a placeholder such as <pod-name> stays, a link shows
// its address. There are no escape sequences in it.
func Prose(md string, width int) [][]Span {
	src := &source{}
	md = alertLine.ReplaceAllString(md, "$1**$2:**  ")
	src.join(plainMarkdown(mendFences(src, boxes(splitLines(md, 1))), ""))
	p := &prose{d: parseMarkdown(src.text)}
	p.blocks(p.d.root, frame{width: width})
	for len(p.out) > 0 && len(p.out[len(p.out)-1]) == 0 {
		p.out = p.out[:len(p.out)-1]
	}
	return p.out
}

// alertLine is the mark of a forge's alert: it becomes its word.
var alertLine = regexp.MustCompile(`(?m)^([ \t]*(?:> ?)+)\[!([A-Z]+)\][ \t]*$`)

// Plain is Prose without styles.
func Plain(md string, width int) []string {
	lines := Prose(md, width)
	out := make([]string, len(lines))
	for i, l := range lines {
		var b strings.Builder
		for _, s := range l {
			b.WriteString(s.Text)
		}
		out[i] = b.String()
	}
	return out
}

type prose struct {
	d   *document
	out [][]Span
}

// frame is what stands in front of the lines of a block.
type frame struct {
	first, rest []Span // before the first and the other lines
	width       int    // of the whole line
	style       Style  // of plain text inside
	tight       bool
}

func (f frame) deeper(first, rest string, style Style) frame {
	g := f
	g.first = append(append([]Span(nil), f.first...), Span{first, style})
	g.rest = append(append([]Span(nil), f.rest...), Span{rest, style})
	return g
}

// next is the frame for what follows the first line.
func (f frame) next() frame {
	f.first = f.rest
	return f
}

func (p *prose) blocks(n ast.Node, f frame) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if c != n.FirstChild() && !(f.tight && c.Kind() == ast.KindList) {
			p.blank(f)
		}
		p.block(c, f)
		f = f.next()
	}
}

func (p *prose) blank(f frame) {
	if len(p.out) == 0 || f.tight {
		return
	}
	var l []Span
	for _, s := range f.rest {
		if strings.TrimSpace(s.Text) != "" {
			l = append(l, f.rest...)
			break
		}
	}
	p.out = append(p.out, l)
}

func (p *prose) block(n ast.Node, f frame) {
	switch n := n.(type) {
	case *ast.Heading:
		f.style = StyleHeading
		p.wrap(p.inline(n, f.style), f)
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		p.code(n, f)
	case *ast.List:
		p.list(n, f)
	case *ast.Blockquote:
		p.quote(n, f)
	case *ast.ThematicBreak:
		p.wrap([]Span{{"---", f.style}}, f)
	case *ast.HTMLBlock:
		p.html(n, f)
	case *extast.Table:
		p.table(n, f)
	case *ast.Paragraph, *ast.TextBlock:
		p.wrap(p.inline(n, f.style), f)
	default:
		p.blocks(n, f)
	}
}

func (p *prose) code(n ast.Node, f frame) {
	for _, l := range strings.Split(strings.Trim(expandTabs(mdWriter{p.d}.raw(n)), "\n"), "\n") {
		p.out = append(p.out, append(append([]Span(nil), f.first...), Span{"    " + l, StyleCode}))
		f = f.next()
	}
}

func (p *prose) list(l *ast.List, f frame) {
	no := l.Start
	for item := l.FirstChild(); item != nil; item = item.NextSibling() {
		mark := "- "
		if l.IsOrdered() {
			mark = strconv.Itoa(no) + ". "
			no++
		}
		if c := item.FirstChild(); c != nil {
			if box, ok := c.FirstChild().(*extast.TaskCheckBox); ok {
				mark += "[ ] "
				if box.IsChecked {
					mark = strings.TrimSuffix(mark, "[ ] ") + "[x] "
				}
			}
		}
		g := f.deeper(mark, strings.Repeat(" ", len(mark)), f.style)
		g.tight = l.IsTight
		if item.FirstChild() == nil {
			p.wrap(nil, g)
		}
		p.blocks(item, g)
		if !l.IsTight && item.NextSibling() != nil {
			p.blank(f)
		}
		f = f.next()
	}
}

// quote marks a quote with ">", a warning with "!".
func (p *prose) quote(q *ast.Blockquote, f frame) {
	mark, style := "> ", StyleQuote
	if c := q.FirstChild(); c != nil && c.Kind() == ast.KindParagraph && warns(p.d.plain(c)) {
		mark, style = "! ", StyleStrong
	}
	g := f.deeper(mark, mark, style)
	g.tight, g.style = false, StyleQuote
	p.blocks(q, g)
}

func (p *prose) html(n *ast.HTMLBlock, f frame) {
	raw := mdWriter{p.d}.raw(n)
	if n.HasClosure() {
		raw += string(n.ClosureLine.Value(p.d.src))
	}
	for _, l := range strings.Split(anyTag.ReplaceAllStringFunc(raw, dropKnownTag), "\n") {
		if l = strings.TrimSpace(unescape(l)); l != "" {
			p.wrap([]Span{{l, f.style}}, f)
			f = f.next()
		}
	}
}

// inline gives the pieces of a line of text, neighbours of one style joined; "\n" alone is a line break.
func (p *prose) inline(n ast.Node, style Style) []Span {
	pieces := p.pieces(n, style)
	out := pieces[:0]
	for i := 0; i < len(pieces); {
		j := i + 1
		for j < len(pieces) && pieces[i].Text != "\n" && pieces[j].Text != "\n" && pieces[j].Style == pieces[i].Style && pieces[i].Style != StyleCode {
			j++
		}
		if j == i+1 {
			out = append(out, pieces[i])
		} else {
			var b strings.Builder
			for _, s := range pieces[i:j] {
				b.WriteString(s.Text)
			}
			out = append(out, Span{b.String(), pieces[i].Style})
		}
		i = j
	}
	return out
}

func (p *prose) pieces(n ast.Node, style Style) (out []Span) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			out = append(out, Span{strings.ReplaceAll(unescape(string(c.Segment.Value(p.d.src))), "\t", " "), style})
			if c.HardLineBreak() {
				out = append(out, Span{"\n", style})
			} else if c.SoftLineBreak() {
				out = append(out, Span{" ", style})
			}
		case *ast.String:
			out = append(out, Span{string(c.Value), style})
		case *ast.CodeSpan:
			out = append(out, Span{"`" + p.d.plain(c) + "`", StyleCode})
		case *ast.Emphasis:
			inner := style
			if style == StyleText {
				inner = StyleEmphasis
				if c.Level > 1 {
					inner = StyleStrong
				}
			}
			out = append(out, p.pieces(c, inner)...)
		case *ast.Link:
			out = append(out, p.link(p.pieces(c, style), string(c.Destination), style)...)
		case *ast.Image:
			alt := p.d.plain(c)
			out = append(out, p.link([]Span{{"[" + alt + "]", style}}, string(c.Destination), style)...)
		case *ast.AutoLink:
			out = append(out, Span{string(c.URL(p.d.src)), StyleLink})
		case *ast.RawHTML:
			out = append(out, p.raw(c, style)...)
		case *extast.TaskCheckBox: // the list writes it
		default:
			out = append(out, p.pieces(c, style)...)
		}
	}
	return out
}

func (p *prose) raw(n *ast.RawHTML, style Style) (out []Span) {
	for i := 0; i < n.Segments.Len(); i++ {
		seg := n.Segments.At(i)
		switch s := string(seg.Value(p.d.src)); {
		case !p.d.closed.isTag(s):
			out = append(out, Span{s, style})
		case strings.HasPrefix(strings.ToLower(s), "<br"):
			out = append(out, Span{"\n", style})
		}
	}
	return out
}

func (p *prose) link(label []Span, dest string, style Style) []Span {
	text := ""
	for _, s := range label {
		text += s.Text
	}
	if dest = unescape(dest); dest == "" || dest == text || strings.TrimPrefix(dest, "mailto:") == text {
		return label
	}
	return append(label, Span{" (", style}, Span{dest, StyleLink}, Span{")", style})
}
