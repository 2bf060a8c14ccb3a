package runbooks

import (
	"sort"
	"strings"

	"lage/internal/clean"
)

// Limits on what is read of one file. What is beyond them is cut, with a warning.
const (
	maxBytes = 1 << 20
	maxLines = 20000
	maxDepth = 12 // of lists
	// maxMarkers bounds the list and quote markers in front of one line: the Markdown parser nests one level for each.
	maxMarkers = 40
)

// line is one line of a source on its way to the Markdown parser, with the number it had in the file.
type line struct {
	text string
	no   int  // from 1
	code bool // part of a fenced block
}

// source is a file made ready for the Markdown parser.
type source struct {
	text     string // what the parser gets
	starts   []int  // offset of each line of text
	numbers  []int  // the file's line number of each line of text
	comments []comment
	warnings []Warning
}

// comment is an HTML comment that was taken out of the text.
type comment struct {
	text string
	no   int // line in the file
}

// unseen takes out what cannot be seen and changes how a text reads, and makes all line ends alike.
var unseen = strings.NewReplacer("\r\n", "\n", "\ufeff", "", "\u200b", "", "\u2060", "", "\u2028", "\n", "\u2029", "\n",
	"\u202a", "", "\u202b", "", "\u202c", "", "\u202d", "", "\u202e", "",
	"\u2066", "", "\u2067", "", "\u2068", "", "\u2069", "")

// cleanSource makes foreign bytes safe (rule R1) without moving lines. Tabs stay: Markdown and here-documents need them.
func cleanSource(src []byte) (text string, cut bool) {
	if len(src) > maxBytes {
		src, cut = src[:maxBytes], true
	}
	s := strings.TrimPrefix(string(src), "\ufeff")
	if hasUnseen(s) {
		s = unseen.Replace(s)
	}
	if n := nthIndex(s, '\n', maxLines); n >= 0 {
		s, cut = s[:n+1], true
	}
	if !strings.Contains(s, "\t") {
		return clean.Text(s), cut
	}
	parts := strings.Split(s, "\t")
	for i := range parts {
		parts[i] = clean.Text(parts[i])
	}
	return strings.Join(parts, "\t"), cut
}

// hasUnseen tells whether there is anything for unseen to do, and is much faster.
func hasUnseen(s string) bool {
	if strings.IndexByte(s, '\r') >= 0 || strings.Contains(s, "\ufeff") {
		return true
	}
	for {
		i := strings.IndexByte(s, 0xe2) // the first byte of U+2000 to U+2FFF
		if i < 0 || i+2 >= len(s) {
			return false
		}
		s = s[i+1:]
		switch c := s[1]; s[0] {
		case 0x80:
			if c == 0x8b || c >= 0xa8 && c <= 0xae {
				return true
			}
		case 0x81:
			if c == 0xa0 || c >= 0xa6 && c <= 0xa9 {
				return true
			}
		}
	}
}

// nthIndex gives the index of the n-th b in s, or -1.
func nthIndex(s string, b byte, n int) int {
	for i := 0; i < len(s); i++ {
		if s[i] == b {
			if n--; n == 0 {
				return i
			}
		}
	}
	return -1
}

func splitLines(s string, first int) []line {
	parts := strings.Split(strings.TrimSuffix(s, "\n"), "\n")
	out := make([]line, len(parts))
	for i, p := range parts {
		out[i] = line{text: p, no: first + i}
	}
	return out
}

// join makes the parser's text of lines and keeps where each came from.
func (s *source) join(lines []line) {
	var b strings.Builder
	size := 0
	for _, l := range lines {
		size += len(l.text) + 1
	}
	b.Grow(size)
	s.starts, s.numbers = make([]int, 0, len(lines)), make([]int, 0, len(lines))
	for _, l := range lines {
		s.starts = append(s.starts, b.Len())
		s.numbers = append(s.numbers, l.no)
		if l.code {
			b.WriteString(l.text)
		} else {
			b.WriteString(limitMarkers(l.text))
		}
		b.WriteByte('\n')
	}
	s.text = b.String()
}

// lineAt gives the file's line number of an offset in the parser's text.
func (s *source) lineAt(offset int) int {
	if len(s.starts) == 0 {
		return 1
	}
	i := sort.SearchInts(s.starts, offset+1) - 1
	return s.numbers[max(i, 0)]
}

func (s *source) warn(no int, code string, args ...string) {
	const enough = 200 // of one file; more help nobody
	if len(s.warnings) < enough {
		s.warnings = append(s.warnings, Warning{Line: no, Code: code, Args: args})
	}
}

// limitMarkers keeps a hostile line from nesting thousands of lists or quotes.
func limitMarkers(s string) string {
	if len(s) < 2*maxMarkers {
		return s
	}
	if strings.Trim(s, "-*_ \t") == "" { // a long rule
		return s
	}
	pos := 0
	for range maxMarkers {
		at := pos + len(s[pos:]) - len(strings.TrimLeft(s[pos:], " \t"))
		if strings.HasPrefix(s[at:], ">") {
			pos = at + 1
			continue
		}
		mark, space := listMarker(s[at:])
		if mark == 0 {
			return s
		}
		pos = at + mark + space
	}
	return s[:pos] + "\\" + s[pos:]
}

// indentOf counts the columns of white space in front of s, tabs to the next multiple of 4, as Markdown does.
func indentOf(s string) (columns, bytes int) {
	for bytes < len(s) {
		switch s[bytes] {
		case ' ':
			columns++
		case '\t':
			columns += 4 - columns%4
		default:
			return columns, bytes
		}
		bytes++
	}
	return columns, bytes
}

// reindent moves s by the given columns; to the left it takes white space only.
func reindent(s string, by int) string {
	if strings.TrimSpace(s) == "" || by == 0 {
		return s
	}
	col, n := indentOf(s)
	return strings.Repeat(" ", max(col+by, 0)) + s[n:]
}

// expandTabs writes tabs as spaces up to the next multiple of 8 columns, for showing.
func expandTabs(s string) string {
	if !strings.Contains(s, "\t") {
		return s
	}
	var b strings.Builder
	col := 0
	for _, r := range s {
		switch r {
		case '\t':
			n := 8 - col%8
			b.WriteString(strings.Repeat(" ", n))
			col += n
			continue
		case '\n':
			col = -1
		}
		col++
		b.WriteRune(r)
	}
	return b.String()
}
