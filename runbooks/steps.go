package runbooks

import (
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
)

// draft is a step that is still being collected.
type draft struct {
	Step
	rest  string     // what the title's paragraph says besides the title, as Markdown
	nodes []ast.Node // the body
	subs  []*draft
}

// stepper collects the steps of one section in document order.
type stepper struct {
	b       *builder
	part    *part
	drafts  []*draft
	body    []ast.Node // belongs to no step
	pending []ast.Node // prose since the last step
	loose   []Block    // blocks that belong to no step
	prose   bool       // paragraphs may become steps (rule R11)
}

// readSteps makes the sections of the parts.
func (b *builder) readSteps() {
	b.book.Sections = make([]Section, 0, len(b.parts))
	for i := range b.parts {
		p := &b.parts[i]
		p.asStep = b.stepDirective(p)
		p.intro = p.intro && b.procedureElsewhere(i)
		s := &stepper{b: b, part: p, prose: !p.intro}
		switch {
		case p.Kind == Context || p.Kind == Reference:
			s.context(p.nodes)
		case p.Kind == Procedure && (p.number != "" && (!p.named || p.counted) || p.asStep) && s.headingStep():
		default:
			s.run(p.nodes)
		}
		s.flush()
		sec := p.Section
		if len(s.drafts) > 0 {
			sec.Steps = make([]Step, 0, len(s.drafts))
		}
		for _, d := range s.drafts {
			sec.Steps = append(sec.Steps, b.finish(d, p.Kind == Prerequisites))
		}
		sec.Body, sec.Commands = b.markdown(s.body...), s.loose
		switch {
		case len(sec.Steps) > 0:
		case p.intro && p.Kind == Procedure:
			sec.Kind = Context
		case p.Kind == Procedure && (sec.Body != "" || len(sec.Commands) > 0):
			sec.makeRead(p)
		}
		for _, n := range s.body {
			if w := b.warning(n); w != "" {
				sec.Warning = joinParagraphs(sec.Warning, w)
			}
		}
		b.book.Sections = append(b.book.Sections, sec)
	}
}

// makeRead turns a section without steps into one thing to read.
func (s *Section) makeRead(p *part) {
	title := p.short
	if p.heading == nil {
		first, _, _ := strings.Cut(s.Body[:min(len(s.Body), maxFlat)], "\n\n")
		title, _ = firstSentence(strings.Join(strings.Fields(strings.Join(Plain(first, 0), " ")), " "))
	}
	title, _ = cutTitle(strings.TrimSuffix(title, ":"))
	s.Steps = []Step{{Title: title, Kind: Read, Body: s.Body, Commands: s.Commands, Line: s.Line}}
	s.Body, s.Commands = "", nil
}

// procedureElsewhere tells whether a section below the document's title holds the procedure.
func (b *builder) procedureElsewhere(i int) bool {
	for _, p := range b.parts[i+1:] {
		if (p.Kind == Procedure || p.Kind == Prerequisites) && len(p.nodes) > 0 {
			return true
		}
	}
	return false
}

// run reads nodes of a procedure.
func (s *stepper) run(nodes []ast.Node) {
	for i := 0; i < len(nodes); {
		switch n := nodes[i].(type) {
		case *ast.List:
			i = s.list(nodes, i, n)
		case *ast.FencedCodeBlock, *ast.CodeBlock:
			s.code(n)
			i++
		case *ast.Paragraph:
			i = s.paragraph(nodes, i)
		case *ast.Blockquote:
			if s.b.holdsAction(n) {
				s.run(children(n))
			} else {
				s.pending = append(s.pending, n)
			}
			i++
		default:
			s.pending = append(s.pending, n)
			i++
		}
	}
}

// flush gives prose that no step claimed to the last step, or to the section.
func (s *stepper) flush() {
	if len(s.drafts) == 0 {
		s.body = append(s.body, s.pending...)
		for _, n := range s.pending {
			s.loose = append(s.loose, s.b.take(n)...)
		}
	} else {
		for _, n := range s.pending {
			s.b.add(s.last(), n)
		}
	}
	s.pending = nil
}

func (s *stepper) last() *draft { return s.drafts[len(s.drafts)-1] }

// add puts a node into a step: a list of steps becomes sub-steps, code its commands, everything else its body.
func (b *builder) add(d *draft, n ast.Node) {
	if l, ok := n.(*ast.List); ok && b.subSteps(l) {
		d.subs = append(d.subs, b.items(l)...)
		return
	}
	if l, ok := n.(*ast.List); ok {
		d.Choices = append(d.Choices, b.choices(l)...)
	}
	d.Commands = append(d.Commands, b.take(n)...)
	if _, isCode := b.blocks[n]; isCode {
		return
	}
	d.nodes = append(d.nodes, n)
	if w := b.warning(n); w != "" {
		d.Warning = joinParagraphs(d.Warning, w)
	}
	if p, ok := n.(*ast.Paragraph); ok {
		d.keepCode(b.flatten(p).code)
	}
}

func (d *draft) keepCode(code []string) {
	for _, c := range code {
		if !has(d.Code, c) && len(d.Code) < 20 {
			d.Code = append(d.Code, c)
		}
	}
}

// subSteps tells whether a list inside a step is steps: it is ordered, or holds code or task boxes.
func (b *builder) subSteps(l *ast.List) bool {
	if depthOf(l) > maxDepth {
		return false
	}
	return l.IsOrdered() || b.isTask(l) || b.holdsAction(l)
}

func depthOf(n ast.Node) int {
	d := 0
	for p := n.Parent(); p != nil; p = p.Parent() {
		if p.Kind() == ast.KindList {
			d++
		}
	}
	return d
}

// items makes drafts of a list's items, with their numbers.
func (b *builder) items(l *ast.List) (out []*draft) {
	for item := l.FirstChild(); item != nil; item = item.NextSibling() {
		d := b.item(item)
		if l.IsOrdered() {
			d.ordinal = strconv.Itoa(l.Start + len(out))
		}
		out = append(out, d)
	}
	return out
}

// item makes a draft of a list item.
func (b *builder) item(n ast.Node) *draft {
	d := &draft{}
	d.Line = b.lineOf(n)
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c.(type) {
		case *ast.TextBlock, *ast.Paragraph:
			if d.Title == "" {
				b.titled(d, c)
				continue
			}
		}
		b.add(d, c)
	}
	if d.Title == "" {
		d.Title = d.substitute()
	}
	return d
}

// substitute names a step that has no text: after its first command or sub-step.
func (d *draft) substitute() string {
	for _, c := range d.Commands {
		if t, _ := cutTitle(strings.SplitN(c.Text, "\n", 2)[0]); t != "" {
			return t
		}
	}
	for _, s := range d.subs {
		return s.Title
	}
	return ""
}

// titled takes a step's title from a paragraph: its first sentence. What the title leaves out stays as body.
func (b *builder) titled(d *draft, p ast.Node) {
	f := b.flatten(p)
	text := string(f.text)
	trimmed := strings.TrimLeft(text, " ")
	lead := len(text) - len(trimmed)
	first, n := firstSentence(trimmed)
	if k := b.colonBreak(f, lead, n); k > 0 {
		first, n = trimmed[:k], k
	}
	var cut bool
	d.Title, cut = cutTitle(strings.TrimSuffix(strings.TrimSpace(first), ":"))
	d.keepCode(f.code)
	if warns(trimmed) {
		d.Warning = strings.Join(strings.Fields(text), " ")
	}
	end := lead + n
	switch {
	case cut || f.rich >= 0 && f.rich < end:
		d.rest = b.bare(p)
	case strings.TrimSpace(text[end:]) == "":
	case f.at(end) >= 0:
		d.rest = b.tail(p, f.at(end))
	default:
		d.rest = b.bare(p)
	}
}

// colonBreak finds a colon at the end of a source line within the first n bytes behind lead: what stands in the next line
// is no longer the title.
func (b *builder) colonBreak(f *flat, lead, n int) int {
	for i := lead + 1; i < lead+n && i < len(f.text); i++ {
		if f.text[i] == ' ' && f.text[i-1] == ':' && f.at(i) >= 0 && f.at(i) < len(b.src) && b.src[f.at(i)] == '\n' {
			return i - lead
		}
	}
	return 0
}

// tail gives a paragraph's source from an offset on.
func (b *builder) tail(p ast.Node, from int) string {
	var out []string
	for i := 0; i < p.Lines().Len(); i++ {
		seg := p.Lines().At(i)
		if seg.Stop <= from {
			continue
		}
		s := string(b.src[max(seg.Start, from):seg.Stop])
		out = append(out, strings.Trim(s, " \t\n"))
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

// finish makes a Step of a draft.
func (b *builder) finish(d *draft, check bool) Step {
	s := d.Step
	s.Body = b.withRefs(joinParagraphs(d.rest, b.bare(d.nodes...)))
	if len(d.subs) > 0 {
		s.Steps = make([]Step, 0, len(d.subs))
	}
	for _, sub := range d.subs {
		s.Steps = append(s.Steps, b.finish(sub, check))
	}
	switch {
	case acts(s.Commands):
		s.Kind = CommandStep
	case len(s.Choices) > 0 || isCondition(s.Title) || strings.HasSuffix(s.Title, "?"):
		s.Kind = Decision
	case check:
		s.Kind = CheckStep
	default:
		s.Kind = Manual
	}
	return s
}

func joinParagraphs(a, b string) string {
	switch {
	case a == "":
		return b
	case b == "":
		return a
	}
	return a + "\n\n" + b
}

// actionable tells whether a block is something to do and not something to look at.
func actionable(k BlockKind) bool {
	switch k {
	case BlockCommand, BlockSession, BlockREPL, BlockQuery, BlockFile, BlockSuspect:
		return true
	}
	return false
}

func acts(blocks []Block) bool {
	for _, b := range blocks {
		if actionable(b.Kind) {
			return true
		}
	}
	return false
}

// holdsAction tells whether a block to act on stands below n.
func (b *builder) holdsAction(n ast.Node) bool {
	if block, ok := b.blocks[n]; ok {
		return actionable(block.Kind)
	}
	if n.Type() == ast.TypeInline {
		return false
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if b.holdsAction(c) {
			return true
		}
	}
	return false
}

func children(n ast.Node) (out []ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		out = append(out, c)
	}
	return out
}

// isTask tells whether a list has task boxes.
func (b *builder) isTask(l ast.Node) bool {
	for item := l.FirstChild(); item != nil; item = item.NextSibling() {
		if c := item.FirstChild(); c != nil {
			if _, ok := c.FirstChild().(*extast.TaskCheckBox); ok {
				return true
			}
		}
	}
	return false
}
