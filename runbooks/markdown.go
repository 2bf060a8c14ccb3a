package runbooks

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// document is a parsed Markdown text.
type document struct {
	root   ast.Node
	src    []byte
	closed closers
	plains map[ast.Node]string // what plain gave
	flats  map[ast.Node]*flat  // what flatten gave
	refs   map[string]string   // link reference definitions by label, as they would stand in the text
}

func parseMarkdown(src string) *document {
	d := &document{src: []byte(src), closed: closersOf(src), plains: map[ast.Node]string{}, flats: map[ast.Node]*flat{}, refs: map[string]string{}}
	md := goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.TaskList))
	ctx := parser.NewContext()
	d.root = md.Parser().Parse(text.NewReader(d.src), parser.WithContext(ctx))
	if strings.Contains(src, emptyComment) {
		d.withoutSeparators()
	}
	for _, r := range ctx.References() {
		label := strings.ToLower(string(r.Label()))
		d.refs[label] = "[" + string(r.Label()) + "]: <" + strings.Trim(string(r.Destination()), "<>") + ">"
	}
	return d
}

// withoutSeparators takes out what only kept lists and code apart.
func (d *document) withoutSeparators() {
	for n := d.root.FirstChild(); n != nil; {
		next := n.NextSibling()
		if h, ok := n.(*ast.HTMLBlock); ok && strings.TrimSpace((mdWriter{d}).raw(h)) == emptyComment {
			d.root.RemoveChild(d.root, h)
		}
		n = next
	}
}

var refUse = regexp.MustCompile(`\[([^\[\]]{1,200})\]`)

// markdown writes nodes as Markdown again, without the code blocks in them, with the link definitions that they use.
func (d *document) markdown(nodes ...ast.Node) string { return d.withRefs(d.bare(nodes...)) }

// bare is markdown without the link definitions.
func (d *document) bare(nodes ...ast.Node) string {
	w := mdWriter{d: d}
	var parts []string
	for _, n := range nodes {
		if s := strings.TrimRight(w.block(n, 0), "\n "); s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, "\n\n")
}

// withRefs adds the link definitions that a text uses.
func (d *document) withRefs(s string) string {
	if len(d.refs) == 0 {
		return s
	}
	seen := map[string]bool{}
	var defs []string
	for _, m := range refUse.FindAllStringSubmatch(s, -1) {
		label := strings.ToLower(strings.Join(strings.Fields(m[1]), " "))
		if def, ok := d.refs[label]; ok && !seen[label] {
			seen[label] = true
			defs = append(defs, def)
		}
	}
	if len(defs) == 0 {
		return s
	}
	return s + "\n\n" + strings.Join(defs, "\n")
}

// mdWriter writes blocks from the tree, so that a body can be cut out of lists and quotes without their indentation.
type mdWriter struct {
	d *document
}

func (w mdWriter) block(n ast.Node, depth int) string {
	switch n := n.(type) {
	case *ast.Paragraph, *ast.TextBlock:
		return w.lines(n)
	case *ast.Heading:
		return strings.Repeat("#", n.Level) + " " + strings.ReplaceAll(w.lines(n), "\n", " ")
	case *ast.ThematicBreak:
		return "---"
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		return ""
	case *ast.HTMLBlock:
		s := w.raw(n)
		if n.HasClosure() {
			s += string(n.ClosureLine.Value(w.d.src))
		}
		return s
	case *extast.Table:
		return w.table(n)
	case *ast.List:
		return w.list(n, depth)
	case *ast.Blockquote:
		return prefixLines(w.children(n, depth, "\n\n"), "> ", "> ")
	}
	return w.children(n, depth, "\n\n")
}

func (w mdWriter) children(n ast.Node, depth int, sep string) string {
	if depth > 2*maxDepth {
		return w.d.plain(n)
	}
	var parts []string
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if s := strings.TrimRight(w.block(c, depth+1), "\n "); s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, sep)
}

func (w mdWriter) list(l *ast.List, depth int) string {
	sep, inner := "\n", "\n"
	if !l.IsTight {
		sep, inner = "\n\n", "\n\n"
	}
	var items []string
	no := l.Start
	for c := l.FirstChild(); c != nil; c = c.NextSibling() {
		mark := "- "
		if l.IsOrdered() {
			mark = strconv.Itoa(no) + ". "
			no++
		}
		items = append(items, prefixLines(w.children(c, depth, inner), mark, strings.Repeat(" ", len(mark))))
	}
	return strings.Join(items, sep)
}

func (w mdWriter) table(t *extast.Table) string {
	var b strings.Builder
	for r := t.FirstChild(); r != nil; r = r.NextSibling() {
		b.WriteByte('|')
		n := 0
		for c := r.FirstChild(); c != nil; c = c.NextSibling() {
			b.WriteString(" " + strings.TrimSpace(w.lines(c)) + " |")
			n++
		}
		b.WriteByte('\n')
		if r == t.FirstChild() {
			b.WriteString("|" + strings.Repeat(" --- |", n) + "\n")
		}
	}
	return b.String()
}

// lines gives a leaf's source without indentation.
func (w mdWriter) lines(n ast.Node) string {
	var out []string
	for i := 0; i < n.Lines().Len(); i++ {
		seg := n.Lines().At(i)
		s := strings.TrimLeft(string(seg.Value(w.d.src)), " \t")
		if strings.HasSuffix(strings.TrimRight(s, "\n"), "  ") {
			out = append(out, strings.TrimRight(s, " \n")+"  ")
			continue
		}
		out = append(out, strings.TrimRight(s, " \t\n"))
	}
	return strings.Join(out, "\n")
}

func (w mdWriter) raw(n ast.Node) string {
	var b strings.Builder
	for i := 0; i < n.Lines().Len(); i++ {
		seg := n.Lines().At(i)
		b.Write(seg.Value(w.d.src))
	}
	return b.String()
}

func prefixLines(s, first, rest string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		p := rest
		if i == 0 {
			p = first
		}
		lines[i] = strings.TrimRight(p+l, " ")
		if strings.HasSuffix(l, "  ") {
			lines[i] = p + l
		}
	}
	return strings.Join(lines, "\n")
}

// position gives an offset in the source that n covers, or -1 for an empty block.
func position(n ast.Node) int {
	if f, ok := n.(*ast.FencedCodeBlock); ok {
		if f.Info != nil {
			return f.Info.Segment.Start
		}
		if f.Lines().Len() > 0 {
			return max(f.Lines().At(0).Start-1, 0)
		}
	}
	if n.Type() == ast.TypeBlock && n.Lines() != nil && n.Lines().Len() > 0 {
		return n.Lines().At(0).Start
	}
	if p := n.Pos(); p >= 0 {
		return p
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if p := position(c); p >= 0 {
			return p
		}
	}
	return -1
}
