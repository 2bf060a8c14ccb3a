package runbooks

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
)

var (
	stepWord    = regexp.MustCompile(`(?i)^(?:step|schritt|part|teil|phase|stage|stufe|task|aufgabe)\s+(\d{1,2}(?:\.\d{1,2})*|[a-z]\b)\s*(?:[.):–—-]+\s*|\s+)?(.*)$`)
	numbered    = regexp.MustCompile(`^(\d{1,2}(?:\.\d{1,2})+)[.):]?\s+(\S.*)$|^(\d{1,2})(?:[.)]|\s?[:–—]|\s-)\s*(\S.*)$`)
	stepWords   = set("step schritt part teil phase stage stufe task aufgabe")
	anchorMark  = regexp.MustCompile(`\s*\{#([\w:.-]+)[^}]*\}\s*$`)
	emojiNumber = strings.NewReplacer("\ufe0f", "", "\u20e3", ".")
)

// readSections cuts the document at its headings.
func (b *builder) readSections() {
	var above []part // headings that are open
	cur := part{Section: Section{Line: 1}}
	flush := func() {
		if cur.heading != nil || len(cur.nodes) > 0 {
			b.parts = append(b.parts, cur)
		}
	}
	for n := b.root.FirstChild(); n != nil; n = n.NextSibling() {
		h, ok := n.(*ast.Heading)
		if !ok {
			cur.nodes = append(cur.nodes, n)
			continue
		}
		flush()
		cur = b.newPart(h)
		for len(above) > 0 && above[len(above)-1].Level >= h.Level {
			above = above[:len(above)-1]
		}
		for _, a := range above {
			cur.path = append(cur.path, a.Title)
		}
		cur.path = append(cur.path, cur.Title)
		above = append(above, cur)
	}
	flush()
	ones := 0
	for i := range b.parts {
		p := &b.parts[i]
		p.children = i+1 < len(b.parts) && b.parts[i+1].Level > p.Level
		if p.Level == 1 {
			ones++
		}
	}
	top := firstOne(b.parts)
	for i := range b.parts {
		p := &b.parts[i]
		more := i+1 < len(b.parts)
		p.intro = more && (p.heading == nil || p.Level == 1 && ones == 1 && p.children && p.number == "")
		if ones == 1 && p.Level > 1 && len(p.path) > 1 && b.parts[top].Title == p.path[0] {
			p.path = p.path[1:] // the document's title says nothing about the place
		}
	}
}

func firstOne(parts []part) int {
	for i, p := range parts {
		if p.Level == 1 {
			return i
		}
	}
	return 0
}

func (b *builder) newPart(h *ast.Heading) part {
	f := b.flatten(h)
	title := strings.Join(strings.Fields(string(f.text)), " ")
	p := part{heading: h}
	p.Level, p.Line = h.Level, b.lineOf(h)
	if strings.Contains(title, "{#") {
		if m := anchorMark.FindStringSubmatch(title); m != nil {
			p.Anchor = m[1]
			title = anchorMark.ReplaceAllString(title, "")
		}
	}
	title = strings.TrimSpace(strings.TrimRight(title, "#"))
	p.Title, _ = cutTitle(title)
	if p.Anchor == "" {
		p.Anchor = slug(title)
	}
	p.number, p.short = headingNumber(title)
	p.counted = strings.HasPrefix(strings.ToLower(title), "step ") || strings.HasPrefix(strings.ToLower(title), "schritt ")
	return p
}

// headingNumber splits "2.3 Restart" or "Step 4 – Restart" into number and rest.
func headingNumber(title string) (number, rest string) {
	t := title
	if strings.Contains(t, "\ufe0f") {
		t = emojiNumber.Replace(t)
	}
	w := words(t, 1)
	if len(w) == 0 || !stepWords[w[0]] && !isDigit(w[0][0]) {
		return "", title
	}
	if m := stepWord.FindStringSubmatch(t); m != nil {
		if m[2] == "" {
			return m[1], title
		}
		return m[1], m[2]
	}
	if m := numbered.FindStringSubmatch(t); m != nil {
		if m[1] != "" {
			return m[1], m[2]
		}
		return m[3], m[4]
	}
	return "", title
}

// series finds numbered headings whose own title would make them a section ("7. Clean up") among neighbours that are steps.
func (b *builder) series() {
	type place struct {
		level int
		above string
	}
	all, free := map[place]int{}, map[place]int{}
	at := func(p *part) place {
		return place{p.Level, strings.Join(p.path[:max(len(p.path)-1, 0)], "\x00")}
	}
	for i := range b.parts {
		if p := &b.parts[i]; p.number != "" {
			all[at(p)]++
			if !p.named {
				free[at(p)]++
			}
		}
	}
	for i := range b.parts {
		p := &b.parts[i]
		p.counted = p.counted || p.number != "" && 3*free[at(p)] >= 2*all[at(p)]
	}
}

// kinds settles what each section is for. Sub-sections of context and reference inherit, unless they are numbered or
// their own title says something else.
func (b *builder) kinds() {
	type open struct {
		level int
		kind  SectionKind
	}
	one := b.onlyOne()
	var above []open
	for i := range b.parts {
		p := &b.parts[i]
		for len(above) > 0 && above[len(above)-1].level >= p.Level {
			above = above[:len(above)-1]
		}
		p.Kind, p.named = b.titleKind(p.short)
		if !p.named && p.number == "" && len(above) > 0 {
			if k := above[len(above)-1].kind; k != Procedure {
				p.Kind = k
			}
		}
		if p.Level == 1 && p.children && (p.Kind == Context || p.Kind == Reference) && one { // the title of the document, not of a part
			p.Kind, p.named = Procedure, false
		}
		if p.heading != nil {
			above = append(above, open{p.Level, p.Kind})
		}
	}
	b.series()
}

// titleKind is what a section's title says in this folder.
func (b *builder) titleKind(title string) (SectionKind, bool) {
	if len(b.words.sections) > 0 {
		if k, ok := b.words.sections[bareTitle(title)]; ok {
			return k, true
		}
	}
	return titleKind(title)
}

func (b *builder) onlyOne() bool {
	n := 0
	for _, p := range b.parts {
		if p.Level == 1 {
			n++
		}
	}
	return n == 1
}
