package runbooks

import (
	"regexp"
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

var numberOnly = regexp.MustCompile(`(?i)^(?:(?:step|schritt)\s+)?(\d{1,2}(?:\.\d{1,2})?)\s*[.):]?$`)

// numbered recognises a paragraph that its author counts: "**2. Restart**", "**Step 2:** Restart it", "Step 2: Restart it".
// more tells that the paragraph says more than the title.
func (b *builder) numbered(n ast.Node) (number, title string, more bool) {
	if n.Kind() != ast.KindParagraph {
		return "", "", false
	}
	if t, ok := b.bold(n); ok {
		number, title = headingNumber(t)
		return number, title, false
	}
	first := n.FirstChild()
	e, ok := first.(*ast.Emphasis)
	if !ok || e.Level != 2 {
		text, isText := first.(*ast.Text)
		if !isText {
			return "", "", false
		}
		line := string(text.Segment.Value(b.src))
		if w := words(line, 2); len(w) < 2 || w[0] != "step" && w[0] != "schritt" {
			return "", "", false
		}
		if number, title = headingNumber(line); number == "" || !strings.ContainsAny(line[:len(line)-len(title)], ":.)–—-") {
			return "", "", false
		}
		return number, "", true
	}
	t := b.plain(e)
	if m := numberOnly.FindStringSubmatch(t); m != nil {
		return m[1], "", true
	}
	if number, title = headingNumber(strings.TrimRight(t, " :.")); number != "" {
		return number, title, true
	}
	return "", "", false
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

// announcement is the sentence of a paragraph that says what the block behind it is for: the last one, unless that is only
// a remark behind an instruction.
func announcement(text string) string {
	last := lastSentence(text)
	w := words(last, 2)
	if isImperative(last) || strings.HasSuffix(last, ":") && (len(w) < 2 || !points[w[0]] || w[1] != "that") {
		return last
	}
	best := last
	for rest := text; rest != ""; {
		next, n := firstSentence(rest)
		if isImperative(next) || suggests.MatchString(strings.Join(words(next, 6), " ")) {
			best = next
		}
		rest = strings.TrimSpace(rest[n:])
	}
	return best
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
	if number, _, _ := s.b.numbered(p); number != "" && s.prose {
		return s.numberedStep(nodes, i)
	}
	text := s.b.plain(p)
	if _, ok := s.b.bold(p); ok || !s.prose || s.leadsIn(nodes, i, text) || warns(text) {
		s.pending = append(s.pending, p)
		return i + 1
	}
	if s.b.pointer(p) || s.b.refers(p, text) {
		s.pending = append(s.pending, p)
		return i + 1
	}
	if s.b.caption(p) {
		s.inline(p)
		return i + 1
	}
	if decides(text) || (isImperative(text) || s.b.suggestion(p, text)) && len(strings.Fields(text)) < 60 {
		s.flush()
		s.manual(p)
		return i + 1
	}
	s.pending = append(s.pending, p)
	return i + 1
}

// refers tells whether a paragraph is one sentence that points to something else to read.
func (b *builder) refers(n ast.Node, text string) bool {
	if !reading.MatchString(text) {
		return false
	}
	if _, end := firstSentence(text); end < len(text) {
		return false
	}
	for _, and := range []string{" and ", " und ", ", "} {
		if _, rest, ok := strings.Cut(text, and); ok && !reading.MatchString(rest) && imperativeAt(words(rest, 3)) {
			return false
		}
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if c.Kind() == ast.KindLink || c.Kind() == ast.KindAutoLink {
			return true
		}
	}
	return false
}

var reading = regexp.MustCompile(`(?i)^(?:please )?(?:see|refer to|read more|siehe|for (?:more|further|additional|detailed) (?:information|info|details|reading)|more (?:information|details)|weitere (?:informationen|einzelheiten)|mehr dazu)\b`)

// suggestion tells whether a paragraph says what one can do, and with which command.
func (b *builder) suggestion(n ast.Node, text string) bool {
	m := suggests.FindStringSubmatch(strings.Join(words(text, 6), " "))
	if m == nil || !imperatives[m[1]] && !germanForms[m[1]] {
		return false
	}
	for _, code := range b.flatten(n).code {
		if strings.Contains(code, " ") && commandLine(code) == surelyCommand {
			return true
		}
	}
	return false
}

// inline handles a paragraph that is nothing but code in a line. Behind a sentence that announces it, it is a step.
func (s *stepper) inline(p ast.Node) {
	k := len(s.pending)
	code := s.b.flatten(p).code
	if k == 0 || !s.introduces(s.pending[k-1]) || len(code) == 0 || commandLine(strings.TrimSpace(code[0])) == notCommand {
		s.pending = append(s.pending, p)
		return
	}
	intro := s.pending[k-1]
	s.pending = s.pending[:k-1]
	s.flush()
	d := &draft{}
	d.Line = s.b.lineOf(intro)
	s.sentence(d, intro)
	s.b.add(d, p)
	s.drafts = append(s.drafts, d)
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

// numberedStep reads a paragraph that its author counts and what follows it, up to the next one, like a numbered heading.
func (s *stepper) numberedStep(nodes []ast.Node, i int) int {
	end := i + 1
	for end < len(nodes) {
		if number, _, _ := s.b.numbered(nodes[end]); number != "" {
			break
		}
		end++
	}
	s.flush()
	number, title, more := s.b.numbered(nodes[i])
	d := &draft{}
	d.Line, d.ordinal = s.b.lineOf(nodes[i]), number
	switch {
	case title == "":
		s.b.titled(d, nodes[i])
		_, d.Title = headingNumber(d.Title)
	case more:
		d.rest = s.b.bare(nodes[i])
		fallthrough
	default:
		d.Title, _ = cutTitle(title)
	}
	s.drafts = append(s.drafts, s.b.nest(d, s.part, nodes[i+1:end]))
	return end
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
		action = action || s.b.holdsAction(n)
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
