package runbooks

import (
	"regexp"
	"sort"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"

	"lage/internal/clean"
)

// flat is inline text without its markup. runs say where in the source its parts came from.
type flat struct {
	text []byte
	runs []run
	rich int // where the first link or image starts, -1 without: the text alone does not say everything from there
	code []string
}

// run is a part of a flat text that starts at an offset of it. src is the offset in the source, or -1 where the source
// cannot be cut: inside of markup.
type run struct{ text, src int }

// at gives the offset in the source of byte i of the text, or -1.
func (f *flat) at(i int) int {
	if i >= len(f.text) {
		return -1
	}
	k := sort.Search(len(f.runs), func(k int) bool { return f.runs[k].text > i }) - 1
	if k < 0 || f.runs[k].src < 0 {
		return -1
	}
	return f.runs[k].src + i - f.runs[k].text
}

// maxFlat bounds what is read of one paragraph for titles and tests of its first words.
const maxFlat = 8 << 10

// add appends text that starts at an offset of the source, or -1.
func (f *flat) add(s string, at int) {
	if len(f.text) > maxFlat {
		return
	}
	if s == "" {
		return
	}
	f.runs = append(f.runs, run{len(f.text), at})
	f.text = append(f.text, s...)
}

// flatten reads the inline children of n.
func (d *document) flatten(n ast.Node) *flat {
	f, ok := d.flats[n]
	if !ok {
		f = &flat{rich: -1}
		d.flattenInto(f, n, true)
		d.flats[n] = f
	}
	return f
}

func (f *flat) enrich() {
	if f.rich < 0 {
		f.rich = len(f.text)
	}
}

func (d *document) flattenInto(f *flat, n ast.Node, top bool) {
	where := func(offset int) int {
		if top {
			return offset
		}
		return -1
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			raw := string(c.Segment.Value(d.src))
			if s := unescape(raw); s == raw {
				f.add(s, where(c.Segment.Start))
			} else {
				f.add(s, -1)
			}
			if c.SoftLineBreak() || c.HardLineBreak() {
				f.add(" ", where(c.Segment.Stop))
			}
		case *ast.String:
			f.add(string(c.Value), -1)
		case *ast.AutoLink:
			f.enrich()
			f.add(string(c.Label(d.src)), -1)
		case *ast.CodeSpan:
			from := len(f.text)
			d.flattenInto(f, c, false)
			if from < len(f.text) {
				f.code = append(f.code, string(f.text[from:]))
			}
		case *ast.RawHTML:
			for i := 0; i < c.Segments.Len(); i++ {
				seg := c.Segments.At(i)
				if s := string(seg.Value(d.src)); !d.closed.isTag(s) {
					f.add(s, -1)
				} else if strings.HasPrefix(strings.ToLower(s), "<br") {
					f.add(" ", where(seg.Start))
				}
			}
		case *extast.TaskCheckBox:
		case *ast.Image:
			f.enrich()
			d.flattenInto(f, c, false)
		case *ast.Link:
			f.enrich()
			d.flattenInto(f, c, false)
		default:
			d.flattenInto(f, c, false)
		}
	}
}

// plain is flatten's text with single blanks.
func (d *document) plain(n ast.Node) string {
	s, ok := d.plains[n]
	if !ok {
		s = oneLine(string(d.flatten(n).text))
		d.plains[n] = s
	}
	return s
}

// oneLine is a text with single blanks.
func oneLine(s string) string {
	for i := range len(s) {
		if c := s[i]; c >= 0x80 || c < ' ' || c == ' ' && (i == 0 || i+1 == len(s) || s[i+1] == ' ') {
			return strings.Join(strings.Fields(s), " ")
		}
	}
	return s
}

// unescape resolves backslashes and entities, as Markdown does for text. Characters that only an entity could bring in
// pass the filter for foreign text.
func unescape(s string) string {
	if !strings.ContainsAny(s, "\\&") {
		return s
	}
	out := util.UnescapePunctuations([]byte(s))
	if strings.Contains(s, "&") {
		return clean.Text(string(util.ResolveNumericReferences(util.ResolveEntityNames(out))))
	}
	return string(out)
}

var abbreviations = regexp.MustCompile(`(?i)(?:^|[\s(])(?:e\.g|i\.e|z\. ?b|d\. ?h|u\. ?a|bzw|ggf|etc|vs|ca|nr|bsp|inkl|max|min|st|no|fig|approx|[a-zäöü]|\d+)$`)

// firstSentence gives the first sentence of a text without markup, and its length in bytes.
func firstSentence(s string) (string, int) {
	for i := 0; i+1 < len(s); i++ {
		switch s[i] {
		case '.', '!', '?':
			j := i + 1
			for j < len(s) && strings.IndexByte(`")'*_`, s[j]) >= 0 {
				j++
			}
			if j < len(s) && s[j] == ' ' && (s[i] != '.' || !abbreviations.MatchString(s[max(0, i-12):i])) && startsSentence(s[j+1:]) {
				return s[:j], j
			}
		}
	}
	return s, len(s)
}

func startsSentence(s string) bool {
	for _, r := range s {
		return !unicode.IsLower(r) && r != ' '
	}
	return false
}

// lastSentence gives the last sentence of a text.
func lastSentence(s string) string {
	s = strings.TrimSpace(s)
	for {
		_, n := firstSentence(s)
		rest := strings.TrimSpace(s[n:])
		if rest == "" {
			return s
		}
		s = rest
	}
}

const titleCells = 110

// cutTitle shortens a title to 110 cells at a word, and tells whether it did.
func cutTitle(s string) (string, bool) {
	s = oneLine(s)
	if cells(s) <= titleCells {
		return s, false
	}
	w, cut := 0, 0
	for i, r := range s {
		if w += runeCells(r); w > titleCells-1 {
			break
		}
		if r == ' ' {
			cut = i
		}
	}
	if cut < 40 {
		w = 0
		for i, r := range s {
			if w += runeCells(r); w > titleCells-1 {
				cut = i
				break
			}
		}
	}
	return strings.TrimRight(s[:cut], " ,;:–-") + "…", true
}

// cells counts the terminal cells that s takes.
func cells(s string) int {
	n := 0
	for _, r := range s {
		n += runeCells(r)
	}
	return n
}

// wide are the ranges whose characters take two cells.
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{{0x1100, 0x115f, 1}, {0x231a, 0x231b, 1}, {0x23e9, 0x23ec, 1}, {0x2614, 0x2615, 1}, {0x26a1, 0x26a1, 1}, {0x26d4, 0x26d4, 1}, {0x2705, 0x2705, 1}, {0x274c, 0x274c, 1}, {0x2753, 0x2755, 1}, {0x2757, 0x2757, 1}, {0x2e80, 0x303e, 1}, {0x3041, 0xa4cf, 1}, {0xac00, 0xd7a3, 1}, {0xf900, 0xfaff, 1}, {0xfe30, 0xfe6f, 1}, {0xff00, 0xff60, 1}, {0xffe0, 0xffe6, 1}},
	R32: []unicode.Range32{{0x1f300, 0x1f64f, 1}, {0x1f680, 0x1f6ff, 1}, {0x1f900, 0x1faff, 1}, {0x20000, 0x3fffd, 1}},
}

func runeCells(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case unicode.Is(wide, r):
		return 2
	}
	return 1
}

// slug makes a heading's anchor as forges do.
func slug(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '_' || r == '-' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsNumber(r):
			return unicode.ToLower(r)
		}
		return -1
	}, strings.TrimSpace(s))
}
