package runbooks

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// How lists become steps: rules R6, R8 and R9.

// list handles a list at position i and gives the position to go on with.
func (s *stepper) list(nodes []ast.Node, i int, l *ast.List) int {
	switch {
	case s.b.contents(l):
		s.pending = append(s.pending, l)
		return i + 1
	case l.IsOrdered() && !s.enumerates(l) && (!s.part.intro || s.b.instructs(l, true) || s.b.holdsAction(l) || s.b.isTask(l)):
		return s.ordered(nodes, i)
	}
	if chain := s.fragments(nodes, i, l); len(chain) > 1 {
		return s.chained(nodes, chain)
	}
	if choices := s.b.choices(l); len(choices) > 0 && !l.IsOrdered() {
		s.decide(l, choices)
		return i + 1
	}
	if s.b.isTask(l) || !s.labelled() && (s.part.Kind == Prerequisites || s.b.instructs(l, true)) {
		intro, first := s.leave(), len(s.drafts)
		s.drafts = append(s.drafts, s.b.items(l)...)
		s.preface(first, intro)
		return i + 1
	}
	s.pending = append(s.pending, l)
	return i + 1
}

// fragments finds lists of one bullet each, with text and code without indentation between them: one list that its content
// broke. At least half of the bullets are instructions.
func (s *stepper) fragments(nodes []ast.Node, i int, l *ast.List) (at []int) {
	good := 0
	const far = 300 // blocks to look at
	for j := i; j < len(nodes) && j < i+far; j++ {
		next, ok := nodes[j].(*ast.List)
		if !ok {
			continue
		}
		if next.IsOrdered() || next.Marker != l.Marker || next.ChildCount() != 1 || s.b.isTask(next) {
			break
		}
		at = append(at, j)
		if s.b.instructs(next, true) {
			good++
		}
	}
	if 2*good < len(at) || s.labelled() {
		return nil
	}
	return at
}

// chained makes steps of the fragments; what stands between two belongs to the first.
func (s *stepper) chained(nodes []ast.Node, at []int) int {
	intro, first := s.leave(), len(s.drafts)
	for k, j := range at {
		s.drafts = append(s.drafts, s.b.item(nodes[j].FirstChild()))
		if k+1 < len(at) {
			for _, between := range nodes[j+1 : at[k+1]] {
				s.b.add(s.last(), between)
			}
		}
	}
	s.preface(first, intro)
	return at[len(at)-1] + 1
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
		s.drafts = append(s.drafts, s.b.items(list)...)
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
			if number, _, _ := s.b.numbered(nodes[j]); number != "" {
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
	if n.Kind() != ast.KindParagraph {
		return false
	}
	t := s.b.plain(n)
	return strings.HasSuffix(t, ":") || strings.HasSuffix(t, ",")
}

var counts = regexp.MustCompile(`(?i)\b(?:there (?:are|is|may be|can be|might be)|these are|consists? of|the following (?:\w+ )?(?:are|places|points|components|services|reasons|causes)|(?:two|three|four|five|six|several|some) (?:metrics|kinds|types|places|points|components|services|reasons|causes|ways|options|parts|levels|modes|states|cases|scenarios|methods|processes|queues|categories)|es gibt|dies sind|besteht aus|folgende \w+ (?:sind|gibt es))\b`)

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

// instructs tells whether at least half of a list's items are instructions or conditions (rule R9). In a procedure,
// questions and items that hold a block to act on are good as well.
func (b *builder) instructs(l ast.Node, procedure bool) bool {
	n, good := 0, 0
	for item := l.FirstChild(); item != nil; item = item.NextSibling() {
		n++
		t := b.itemText(item)
		switch {
		case procedure && b.holdsAction(item):
			good++
		case t == "" || b.pointer(item.FirstChild()) || !procedure && nounFirst(t):
		case isImperative(t) || isCondition(t) || procedure && isQuestion(t):
			good++
		}
	}
	if !procedure { // what explains has to instruct more clearly
		return 2*good > n
	}
	return n > 0 && 2*good >= n
}

// maxPointer is how long a line may be that only points elsewhere.
const maxPointer = 200

// pointer tells whether a line of text only points elsewhere: "See ..." with a link, or nothing but links.
func (b *builder) pointer(n ast.Node) bool {
	outside, links := "", 0
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Link, *ast.AutoLink:
			links++
		case *ast.Text:
			if outside += string(c.Segment.Value(b.src)) + " "; len(outside) > maxPointer {
				return false
			}
		default:
			return false
		}
	}
	w := words(outside, 4)
	return links > 0 && (len(w) == 0 || len(w) < 4 && (w[0] == "see" || w[0] == "siehe" || w[0] == "vgl" || w[0] == "also"))
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

// onlyWhen is a sentence behind which a list says when something is to be done.
var onlyWhen = regexp.MustCompile(`(?i)\b(?:if|when|wenn|falls|sofern)(?: one of the following(?: \w+)?| any of these(?: \w+)?)?\W*$`)

// labelled tells whether the prose before a list is a bold line or title such as "Notes", or says that conditions follow.
func (s *stepper) labelled() bool {
	if len(s.pending) == 0 {
		return false
	}
	if p := s.pending[len(s.pending)-1]; p.Kind() == ast.KindParagraph && onlyWhen.MatchString(s.b.plain(p)) {
		return true
	}
	t, ok := s.b.bold(s.pending[len(s.pending)-1])
	if !ok {
		return false
	}
	k, named := s.b.titleKind(t)
	return named && (k == Context || k == Reference)
}
