package runbooks

import (
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// links looks for links and directives that lead nowhere.
func (l *linter) links() {
	own := l.book.anchors()
	err := ast.Walk(l.doc.root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		dest, from := "", 1
		switch n := n.(type) {
		case *ast.Link:
			dest = string(n.Destination)
		case *ast.Image:
			dest = string(n.Destination)
		}
		if dest != "" && entering {
			for p := n; p != nil; p = p.Parent() {
				if at := position(p); p.Type() == ast.TypeBlock && at >= 0 {
					from = l.source.lineAt(at)
					break
				}
			}
			line, col := l.find(from, 40, dest)
			l.target(own, dest, line, col)
		}
		return ast.WalkContinue, nil
	})
	if err != nil { // the walker above returns none
		return
	}
	l.book.All(func(_ int, s *Step) {
		for _, d := range s.Directives {
			l.directive(own, s, d)
		}
	})
}

// target looks where a link leads. Addresses, absolute paths and pages that a site generator makes are somebody else's.
func (l *linter) target(own map[string]bool, dest string, line, col int) {
	file, anchor, _ := strings.Cut(dest, "#")
	file, _, _ = strings.Cut(file, "?")
	if plain, err := url.PathUnescape(file); err == nil {
		file = plain
	}
	if plain, err := url.PathUnescape(anchor); err == nil {
		anchor = plain
	}
	switch {
	case file == "":
		if anchor != "" && !own[strings.ToLower(anchor)] {
			l.problem(line, col, "lint.anchor_missing", anchor)
		}
	case strings.Contains(file, ":") || strings.HasPrefix(file, "/") || strings.ContainsAny(file, "{}<>%$"):
	case path.Ext(file) == "" || strings.HasPrefix(strings.ToLower(path.Ext(file)), ".htm") || l.around.Linked == nil:
	default:
		l.file(file, anchor, line, col)
	}
}

// file looks for a file and an anchor in it.
func (l *linter) file(file, anchor string, line, col int) {
	book, exists := l.around.Linked(path.Clean(file))
	switch {
	case !exists:
		l.problem(line, col, "lint.link_missing", file)
	case book != nil && anchor != "" && !book.anchors()[strings.ToLower(anchor)]:
		l.problem(line, col, "lint.anchor_missing", file+"#"+anchor)
	}
}

// directive looks at what a directive names.
func (l *linter) directive(own map[string]bool, s *Step, d Directive) {
	switch d.Name {
	case "undo":
		for _, dest := range d.Args {
			if name := strings.TrimPrefix(dest, "#"); !own[strings.ToLower(name)] && !l.named(name) {
				line, col := l.find(d.Line, 3, dest)
				l.problem(line, col, "lint.name_unknown", "undo", name)
			}
		}
	case "until":
		id := d.Keys["check"]
		known := false
		for _, c := range l.around.Checks {
			known = known || c == id || c[strings.LastIndexByte(c, '/')+1:] == id
		}
		if id != "" && l.around.Checks != nil && !known {
			line, col := l.find(d.Line, 3, id)
			l.problem(line, col, "lint.check_unknown", id)
		}
	}
}

// named tells whether a block has the name.
func (l *linter) named(name string) bool {
	found := false
	l.book.blocksOf(func(blocks []Block) {
		for _, b := range blocks {
			found = found || b.Name == name
		}
	})
	return found
}

var htmlAnchor = regexp.MustCompile(`(?i)<[a-z][a-z0-9]*\s[^>]*\b(?:id|name)\s*=\s*["']?([^"'\s>]+)`)

// anchors lists what a link into the runbook may name, in lower case: headings as forges spell them (numbered where they
// repeat), IDs of steps, and anchors in HTML.
func (r *Runbook) anchors() map[string]bool {
	out := map[string]bool{}
	count := map[string]int{}
	for _, s := range r.Sections {
		a := strings.ToLower(s.Anchor)
		if n := count[a]; n > 0 {
			out[a+"-"+strconv.Itoa(n)] = true
		}
		count[a]++
		out[a], out[strings.ToLower(slug(s.Title))] = true, true
	}
	r.All(func(_ int, s *Step) { out[strings.ToLower(s.ID)] = true })
	for _, m := range htmlAnchor.FindAllStringSubmatch(r.Text(), -1) {
		out[strings.ToLower(m[1])] = true
	}
	return out
}
