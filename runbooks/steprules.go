package runbooks

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// The rules by which lists, blocks and paragraphs of a section become steps.

// list handles a list at position i and gives the position to go on with.
func (s *stepper) list(nodes []ast.Node, i int, l *ast.List) int {
	switch {
	case s.b.contents(l):
		s.pending = append(s.pending, l)
		return i + 1
	case l.IsOrdered() && !s.enumerates(l) && (!s.part.intro || s.b.instructs(l, true) || s.b.holdsAction(l) || s.b.isTask(l)):
		return s.ordered(nodes, i)
	}
	if choices := s.b.choices(l); len(choices) > 0 && !l.IsOrdered() {
		s.decide(l, choices)
		return i + 1
	}
	if s.b.isTask(l) || !s.labelled() && (s.part.Kind == Prerequisites || s.b.instructs(l, true)) {
		intro, first := s.leave(), len(s.drafts)
		for item := l.FirstChild(); item != nil; item = item.NextSibling() {
			s.drafts = append(s.drafts, s.b.item(item))
		}
		s.preface(first, intro)
		return i + 1
	}
	s.pending = append(s.pending, l)
	return i + 1
}

// leave gives the prose in front of new steps to where it belongs: to the section before its first step, to the step
// before otherwise. A sentence that announces the new steps is kept and returned.
func (s *stepper) leave() (intro ast.Node) {
	if k := len(s.pending); k > 0 && len(s.drafts) > 0 && s.introduces(s.pending[k-1]) {
		intro = s.pending[k-1]
		s.pending = s.pending[:k-1]
	}
	s.flush()
	return intro
}

// preface puts the sentence that announced steps into the first of them.
func (s *stepper) preface(first int, intro ast.Node) {
	if intro != nil && first < len(s.drafts) {
		d := s.drafts[first]
		d.nodes = append([]ast.Node{intro}, d.nodes...)
	}
}

// ordered reads an ordered list (rule R6), glued together when code or pictures without indentation broke it.
func (s *stepper) ordered(nodes []ast.Node, i int) int {
	intro, first := s.leave(), len(s.drafts)
	defer func() { s.preface(first, intro) }()
	for {
		list := nodes[i].(*ast.List)
		for item := list.FirstChild(); item != nil; item = item.NextSibling() {
			s.drafts = append(s.drafts, s.b.item(item))
		}
		next := s.glued(nodes, i, list.Start+list.ChildCount()-1, list.ChildCount())
		if next < 0 {
			return i + 1
		}
		for _, between := range nodes[i+1 : next] {
			s.b.add(s.last(), between)
		}
		i = next
	}
}

// glued finds the ordered list that goes on with the one at position i, or -1.
func (s *stepper) glued(nodes []ast.Node, i, last, count int) int {
	for j := i + 1; j < len(nodes); j++ {
		l, ok := nodes[j].(*ast.List)
		if !ok || !l.IsOrdered() {
			if _, bold := s.b.boldNumber(nodes[j]); bold {
				return -1
			}
			continue
		}
		switch {
		case l.Start > last || l.Start > 1 && l.Start == last:
			return j
		case l.Start == 1 && count == 1 && j > i+1 && !s.introduces(nodes[j-1]):
			return j
		}
		return -1
	}
	return -1
}

// introduces tells whether a paragraph announces what follows it.
func (s *stepper) introduces(n ast.Node) bool {
	return n.Kind() == ast.KindParagraph && strings.HasSuffix(s.b.plain(n), ":")
}

var counts = regexp.MustCompile(`(?i)\b(?:there (?:are|is)|these are|consists? of|the following (?:\w+ )?(?:are|places|points|components|services|reasons|causes)|es gibt|dies sind|besteht aus|folgende \w+ (?:sind|gibt es))\b`)

// enumerates tells whether an ordered list only counts things: "There are four points:", and no item says what to do.
func (s *stepper) enumerates(l *ast.List) bool {
	if s.b.holdsAction(l) || s.b.isTask(l) || len(s.pending) == 0 {
		return false
	}
	if !counts.MatchString(lastSentence(s.b.plain(s.pending[len(s.pending)-1]))) {
		return false
	}
	for item := l.FirstChild(); item != nil; item = item.NextSibling() {
		if isImperative(s.b.itemText(item)) {
			return false
		}
	}
	return true
}

// itemText is the text of a list item without what is nested in it; empty when it starts with code.
func (b *builder) itemText(item ast.Node) string {
	c := item.FirstChild()
	if c == nil || c.Kind() != ast.KindTextBlock && c.Kind() != ast.KindParagraph {
		return ""
	}
	first := c.FirstChild()
	if first != nil && (first.Kind() == ast.KindCodeSpan || first.Kind() == ast.KindLink && first.NextSibling() == nil) {
		return ""
	}
	return b.plain(c)
}

// instructs tells whether at least half of a list's items are instructions, questions or conditions, or hold a block to
// act on (rule R9).
func (b *builder) instructs(l ast.Node, question bool) bool {
	n, good := 0, 0
	for item := l.FirstChild(); item != nil; item = item.NextSibling() {
		n++
		t := b.itemText(item)
		if t != "" && (isImperative(t) || isCondition(t) || question && isQuestion(t)) || b.holdsAction(item) {
			good++
		}
	}
	return n > 0 && 2*good >= n
}

// contents tells whether a list is a table of contents: at least four fifths links to anchors.
func (b *builder) contents(l ast.Node) bool {
	n, links := 0, 0
	err := ast.Walk(l, func(n2 ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		if n2.Kind() == ast.KindListItem {
			n++
			if c := n2.FirstChild(); c != nil {
				if a, ok := c.FirstChild().(*ast.Link); ok && strings.HasPrefix(string(a.Destination), "#") && a.NextSibling() == nil {
					links++
				}
			}
		}
		return ast.WalkContinue, nil
	})
	return err == nil && n > 0 && 5*links >= 4*n
}

// labelled tells whether the prose before a list is a bold line or title such as "Notes".
func (s *stepper) labelled() bool {
	if len(s.pending) == 0 {
		return false
	}
	t, ok := s.b.bold(s.pending[len(s.pending)-1])
	if !ok {
		return false
	}
	k, named := titleKind(t)
	return named && (k == Context || k == Reference)
}

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

// boldNumber recognises "**2. Restart**" and "**Step 2: Restart**".
func (b *builder) boldNumber(n ast.Node) (title string, ok bool) {
	t, ok := b.bold(n)
	if !ok {
		return "", false
	}
	number, title := headingNumber(t)
	return title, number != ""
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
	if k := len(s.pending); k > 0 && s.prose && s.pending[k-1].Kind() == ast.KindParagraph && isImperative(s.b.plain(s.pending[k-1])) && block.Kind == BlockConfig {
		p := s.pending[k-1]
		s.pending = s.pending[:k-1]
		s.flush()
		s.manual(p)
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
		s.b.add(d, p)
	}
	if d.Title == "" {
		d.Title, _ = cutTitle(s.part.short)
	}
	if d.Title == "" {
		d.Title, _ = cutTitle(strings.SplitN(block.Text, "\n", 2)[0])
	}
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
	last := lastSentence(text)
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

// manual makes a step of a paragraph.
func (s *stepper) manual(p ast.Node) {
	d := &draft{}
	d.Line = s.b.lineOf(p)
	s.b.titled(d, p)
	s.drafts = append(s.drafts, d)
}

// paragraph handles a paragraph (rule R11) and gives the position to go on with.
func (s *stepper) paragraph(nodes []ast.Node, i int) int {
	p := nodes[i]
	if title, ok := s.b.boldNumber(p); ok && s.prose {
		return s.boldStep(nodes, i, title)
	}
	text := s.b.plain(p)
	if _, ok := s.b.bold(p); ok || !s.prose || s.leadsIn(nodes, i, text) || warns(text) {
		s.pending = append(s.pending, p)
		return i + 1
	}
	if isCondition(text) || isImperative(text) && len(strings.Fields(text)) < 60 {
		s.flush()
		s.manual(p)
		return i + 1
	}
	s.pending = append(s.pending, p)
	return i + 1
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
		if !strings.HasSuffix(text, ":") || isCondition(text) {
			return false
		}
		return n.IsOrdered() || s.b.isTask(n) || len(s.b.choices(n)) > 0 || s.b.instructs(n, true)
	}
	return false
}

// boldStep reads "**2. Restart**" and what follows it, up to the next such line, like a numbered heading.
func (s *stepper) boldStep(nodes []ast.Node, i int, title string) int {
	end := i + 1
	for end < len(nodes) {
		if _, ok := s.b.boldNumber(nodes[end]); ok {
			break
		}
		end++
	}
	s.flush()
	d := &draft{}
	d.Line = s.b.lineOf(nodes[i])
	d.Title, _ = cutTitle(title)
	s.drafts = append(s.drafts, s.b.nest(d, s.part, nodes[i+1:end]))
	return end
}

// nest puts nodes into a step: as sub-steps when there are several, else as its body and commands.
func (b *builder) nest(d *draft, p *part, nodes []ast.Node) *draft {
	inner := &stepper{b: b, part: p, prose: true}
	inner.run(nodes)
	inner.flush()
	if len(inner.drafts) >= 2 {
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
		action = action || s.b.holdsAction(n)
	}
	if p.children && !action && !p.asStep {
		return false
	}
	d := &draft{}
	d.Line = p.Line
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
			for item := l.FirstChild(); item != nil; item = item.NextSibling() {
				s.drafts = append(s.drafts, s.b.item(item))
			}
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

var choiceStart = regexp.MustCompile(`(?i)^(?:yes|no|ja|nein|true|false|ok|if|when|otherwise|else|unless|wenn|falls|sonst|andernfalls|ansonsten|sofern)\b`)

// choices reads a list whose items are answers that end in a link inside the runbooks.
func (b *builder) choices(l *ast.List) []Choice {
	var out []Choice
	for item := l.FirstChild(); item != nil; item = item.NextSibling() {
		c := item.FirstChild()
		if c == nil || c.Kind() != ast.KindTextBlock && c.Kind() != ast.KindParagraph {
			return nil
		}
		text := b.plain(c)
		link, rest := lastLink(c, b.src)
		if link == nil || !choiceStart.MatchString(text) || strings.Trim(rest, " .;)") != "" || !internalLink(string(link.Destination)) {
			return nil
		}
		label, _, ok := strings.Cut(text, ":")
		if !ok {
			label = strings.TrimSpace(strings.TrimSuffix(text, b.plain(link)))
			label = strings.TrimRight(label, " ,-–→.")
		}
		label, _ = cutTitle(label)
		out = append(out, Choice{Label: label, Target: string(link.Destination)})
	}
	if len(out) < 2 {
		return nil
	}
	return out
}

func lastLink(n ast.Node, src []byte) (*ast.Link, string) {
	rest := ""
	for c := n.LastChild(); c != nil; c = c.PreviousSibling() {
		if l, ok := c.(*ast.Link); ok {
			return l, rest
		}
		t, ok := c.(*ast.Text)
		if !ok {
			return nil, ""
		}
		rest = string(t.Segment.Value(src)) + rest
	}
	return nil, ""
}

func internalLink(dest string) bool {
	path, _, _ := strings.Cut(dest, "#")
	return strings.HasPrefix(dest, "#") || strings.HasSuffix(path, ".md") && !strings.Contains(dest, "://")
}

// decide makes a decision of a list of answers, named after the sentence before it.
func (s *stepper) decide(l *ast.List, choices []Choice) {
	d := &draft{}
	d.Line = s.b.lineOf(l)
	if k := len(s.pending); k > 0 && s.pending[k-1].Kind() == ast.KindParagraph {
		p := s.pending[k-1]
		s.pending = s.pending[:k-1]
		s.flush()
		s.b.titled(d, p)
		d.Line = s.b.lineOf(p)
	} else {
		s.flush()
		d.Title, _ = cutTitle(s.part.short)
	}
	d.Choices = choices
	d.nodes = append(d.nodes, l)
	s.drafts = append(s.drafts, d)
}
