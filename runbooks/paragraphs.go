package runbooks

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// How paragraphs become steps: rule R11, and those that their author counts.

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
