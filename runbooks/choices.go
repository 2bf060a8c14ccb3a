package runbooks

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
)

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
