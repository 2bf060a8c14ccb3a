package runbooks

import (
	"strings"

	"github.com/yuin/goldmark/ast"
)

// The rules by which lists, blocks and paragraphs of a section become steps.

// bold gives the text of a paragraph that is one bold line, a heading in all but name.
func (b *builder) bold(n ast.Node) (string, bool) {
	if n.Kind() != ast.KindParagraph {
		return "", false
	}
	e, ok := n.FirstChild().(*ast.Emphasis)
	if !ok || e.Level != 2 {
		return "", false
	}
	for c := e.NextSibling(); c != nil; c = c.NextSibling() {
		t, isText := c.(*ast.Text)
		if !isText || strings.Trim(string(t.Segment.Value(b.src)), " :.") != "" {
			return "", false
		}
	}
	t := strings.TrimRight(b.plain(e), " :")
	return t, t != "" && cells(t) <= 100
}

// code handles a code block outside of lists (rule R10).
func (s *stepper) code(n ast.Node) {
	block := s.b.blocks[n]
	if block == nil {
		return
	}
	if actionable(block.Kind) {
		if len(s.pending) == 0 && len(s.drafts) > 0 {
			s.b.add(s.last(), n)
			return
		}
		s.begin(block)
		s.b.add(s.last(), n)
		return
	}
	if len(s.drafts) > 0 {
		s.flush()
		s.b.add(s.last(), n)
		return
	}
	s.flush()
	s.loose = append(s.loose, s.b.take(n)...)
}

// begin starts a step for a block, named after the prose before it.
func (s *stepper) begin(block *Block) {
	from := len(s.pending)
	for j := len(s.pending) - 1; j >= 0; j-- {
		if s.pending[j].Kind() == ast.KindParagraph && !(s.b.caption(s.pending[j]) && j > 0) {
			from = j
			break
		}
	}
	if k := len(s.pending); k > 0 && s.pending[k-1].Kind() == ast.KindList { // the block belongs to the last item
		from = k - 1
	}
	if from == len(s.pending) { // no sentence: what stands there still belongs to the block
		from = 0
	}
	for from > 0 && s.b.warning(s.pending[from-1]) != "" {
		from--
	}
	own := append([]ast.Node(nil), s.pending[from:]...)
	s.pending = s.pending[:from]
	s.flush()
	d := &draft{}
	d.Line = block.Line
	if len(own) > 0 {
		d.Line = s.b.lineOf(own[0])
	}
	s.drafts = append(s.drafts, d)
	for _, p := range own {
		if t, ok := s.b.bold(p); ok && d.Title == "" {
			d.Title, _ = cutTitle(t)
			continue
		}
		if p.Kind() == ast.KindParagraph && !s.b.caption(p) {
			s.sentence(d, p)
			continue
		}
		if t := s.b.lastItem(p); t != "" && d.Title == "" {
			d.Title, _ = cutTitle(strings.TrimRight(t, ": "))
			if p.ChildCount() == 1 && p.FirstChild().ChildCount() == 1 {
				continue // the title says it all
			}
		}
		s.b.add(d, p)
	}
	if d.Title == "" {
		d.Title, _ = cutTitle(s.part.short)
	}
	if d.Title == "" {
		d.Title, _ = cutTitle(strings.SplitN(block.Text, "\n", 2)[0])
	}
}

// lastItem is what the last item of a list says, when a block without indentation follows it.
func (b *builder) lastItem(n ast.Node) string {
	if n.Kind() != ast.KindList || n.LastChild() == nil {
		return ""
	}
	t, _ := firstSentence(b.itemText(n.LastChild()))
	return t
}

// caption tells whether a paragraph is nothing but code, such as the name of the file that follows.
func (b *builder) caption(n ast.Node) bool {
	if n.Kind() != ast.KindParagraph || n.FirstChild() == nil || n.FirstChild().Kind() != ast.KindCodeSpan {
		return false
	}
	next := n.FirstChild().NextSibling()
	return next == nil || next.NextSibling() == nil && strings.Trim(b.plain(n)[len(b.plain(n.FirstChild())):], " :.") == ""
}

// sentence names a step after the last sentence of the paragraph in front of its block.
func (s *stepper) sentence(d *draft, p ast.Node) {
	f := s.b.flatten(p)
	text := strings.Join(strings.Fields(string(f.text)), " ")
	last := announcement(text)
	title, cut := cutTitle(strings.TrimRight(last, ": "))
	if w := s.b.warning(p); w != "" {
		d.Warning = joinParagraphs(d.Warning, w)
	} else if title != "" {
		d.Title = title
	}
	d.keepCode(f.code)
	if cut || len(text) > len(last) || f.rich >= 0 || d.Title != title {
		d.nodes = append(d.nodes, p)
	}
}

// leadsIn tells whether a paragraph only announces what stands behind it: a block to act on, or steps.
func (s *stepper) leadsIn(nodes []ast.Node, i int, text string) bool {
	if i+2 < len(nodes) && s.b.caption(nodes[i+1]) {
		i++
	}
	if i+1 >= len(nodes) {
		return false
	}
	switch n := nodes[i+1].(type) {
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		block := s.b.blocks[n]
		return block != nil && actionable(block.Kind)
	case *ast.List:
		if !strings.HasSuffix(text, ":") && !(n.IsOrdered() && strings.HasSuffix(text, ",")) || isCondition(text) {
			return false
		}
		return n.IsOrdered() || s.b.isTask(n) || len(s.b.choices(n)) > 0 || s.b.instructs(n, true)
	}
	return false
}

// nest puts nodes into a step: as sub-steps when there are several, else as its body and commands.
func (b *builder) nest(d *draft, p *part, nodes []ast.Node) *draft {
	named := *p
	named.short = d.Title // blocks without a sentence of their own belong to the step itself
	inner := &stepper{b: b, part: &named, prose: true}
	inner.run(nodes)
	inner.flush()
	if len(inner.drafts) >= 2 {
		if first := inner.drafts[0]; first.Title == d.Title && len(first.subs) == 0 { // it has no name of its own
			d.Commands, d.nodes, d.rest, d.Warning = first.Commands, first.nodes, first.rest, first.Warning
			inner.drafts = inner.drafts[1:]
		}
		d.subs = inner.drafts
		d.nodes = append(d.nodes, inner.body...)
		d.Commands = append(d.Commands, inner.loose...)
		return d
	}
	b.release(nodes)
	for _, n := range nodes {
		b.add(d, n)
	}
	return d
}

// release takes back that blocks found their place.
func (b *builder) release(nodes []ast.Node) {
	for _, n := range nodes {
		if _, ok := b.blocks[n]; ok {
			delete(b.used, n)
		} else if n.Type() == ast.TypeBlock {
			b.release(children(n))
		}
	}
}

// headingStep makes a step of a numbered heading (rule R7). It gives false when the heading is a group: it holds an
// ordered list, or only other headings.
func (s *stepper) headingStep() bool {
	p := s.part
	action := false
	for _, n := range p.nodes {
		if l, ok := n.(*ast.List); ok && l.IsOrdered() {
			return false
		}
		l, isList := n.(*ast.List)
		action = action || s.b.holdsAction(n) || isList && s.b.instructs(l, true)
	}
	if p.children && !action && !p.asStep {
		return false
	}
	d := &draft{}
	d.Line, d.ordinal = p.Line, p.number
	d.Title, _ = cutTitle(p.short)
	s.drafts = append(s.drafts, s.b.nest(d, p, p.nodes))
	return true
}

// context reads a section that explains (rule R12): only task lists and instructions in lists are steps.
func (s *stepper) context(nodes []ast.Node) {
	for _, n := range nodes {
		l, ok := n.(*ast.List)
		if ok && (s.b.isTask(l) || l.ChildCount() > 1 && !s.b.contents(l) && !s.labelled() && s.b.instructs(l, false)) {
			s.flush()
			s.drafts = append(s.drafts, s.b.items(l)...)
			continue
		}
		if _, isCode := s.b.blocks[n]; isCode {
			s.flush()
			s.loose = append(s.loose, s.b.take(n)...)
			continue
		}
		s.pending = append(s.pending, n)
	}
}
