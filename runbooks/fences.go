package runbooks

import (
	"html"
	"regexp"
	"strings"
)

// fencer mends what CommonMark would read as prose or swallow (rule R3): fences closed at the end of a code line, never
// closed, or indented so that they fall out of their list. It takes HTML comments out on the way, because both hide
// lines from each other.
type fencer struct {
	src   *source
	in    []line
	out   []line
	lists []int           // content columns of the lists that are open
	blank bool            // the line before was blank
	never map[string]bool // marks that were searched for in vain to the end: nothing behind closes them either
}

// fence is an opening line.
type fence struct {
	mark  byte
	count int
	quote string // the "> > " before it
	col   int    // column of the mark, behind the quote
	info  string
	head  string // list marker before it on the same line, with its indentation; usually empty
}

var (
	bigHeading = regexp.MustCompile(`^#{1,2} +\S`)
	preOpen    = regexp.MustCompile(`^(?i)<pre\b[^>]*>\s*(<code\b[^>]*>)?`)
	preLang    = regexp.MustCompile(`(?i)(?:language|lang)[-=]"?([a-z]+)`)
	anyTag     = regexp.MustCompile(`</?[a-zA-Z][^<>]*>`)
)

func mendFences(src *source, in []line) []line {
	f := fencer{src: src, in: in, out: make([]line, 0, len(in)+8), blank: true, never: map[string]bool{}}
	for i := 0; i < len(in); {
		if n := f.comment(i); n > i {
			i = n
			continue
		}
		if n := f.pre(i); n > i {
			i = n
			continue
		}
		if open, ok := f.opening(f.in[i].text); ok {
			i = f.block(i, open)
			f.blank = true
			continue
		}
		f.prose(f.in[i])
		i++
	}
	return f.out
}

// prose keeps track of the lists that are open and passes the line on.
func (f *fencer) prose(l line) {
	f.out = append(f.out, l)
	_, rest := splitQuote(l.text)
	if strings.TrimSpace(rest) == "" {
		f.blank = true
		return
	}
	col, n := indentOf(rest)
	body := rest[n:]
	starts := f.blank || strings.HasPrefix(body, "#") || isMarker(body)
	for len(f.lists) > 0 && col < f.lists[len(f.lists)-1] && starts {
		f.lists = f.lists[:len(f.lists)-1]
	}
	for _, c := range markerColumns(body, col) {
		if len(f.lists) < maxDepth {
			f.lists = append(f.lists, c)
		}
	}
	f.blank = false
}

// markerColumns gives the content columns of the list markers at the start of body, which stands at col.
func markerColumns(body string, col int) (out []int) {
	for range maxDepth {
		mark, gap := listMarker(body)
		if mark == 0 || strings.Trim(body, "-* \t") == "" {
			return out
		}
		space := gap
		if space == 0 || space > 4 {
			space = 1
		}
		col += mark + space
		out = append(out, col)
		body = body[mark+gap:]
	}
	return out
}

func splitQuote(s string) (quote, rest string) {
	i := 0
	for i < 3 && i < len(s) && s[i] == ' ' {
		i++
	}
	if i == len(s) || s[i] != '>' {
		return "", s
	}
	for i < len(s) && s[i] == '>' {
		if i++; i < len(s) && s[i] == ' ' {
			i++
		}
	}
	return s[:i], s[i:]
}

// opening tells whether a line opens a fence.
func (f *fencer) opening(s string) (fence, bool) {
	if !strings.Contains(s, "```") && !strings.Contains(s, "~~~") {
		return fence{}, false
	}
	quote, rest := splitQuote(s)
	col, n := indentOf(rest)
	body, head := rest[n:], ""
	if cols := markerColumns(body, col); len(cols) > 0 {
		cut := strings.IndexAny(body, "`~")
		if cut < 0 || withoutMarker(strings.TrimRight(body[:cut], " \t")+" ") != "" && len(cols) == 1 {
			return fence{}, false
		}
		head, col, body = rest[:n]+body[:cut], cols[len(cols)-1], body[cut:]
	}
	c := byte(0)
	if body != "" {
		c = body[0]
	}
	if c != '`' && c != '~' {
		return fence{}, false
	}
	count := len(body) - len(strings.TrimLeft(body, string(c)))
	info := strings.TrimSpace(body[count:])
	if count < 3 || c == '`' && strings.Contains(info, "`") {
		return fence{}, false
	}
	return fence{mark: c, count: count, quote: quote, col: col, info: info, head: head}, true
}

// block passes on a fenced block that opens at line i, mended, and gives the index of the line behind it.
func (f *fencer) block(i int, o fence) int {
	end, next, tail, closed := f.closing(i, o)
	base := 0
	if o.head == "" {
		for len(f.lists) > 0 && o.col < f.lists[len(f.lists)-1] {
			f.lists = f.lists[:len(f.lists)-1]
		}
	} else {
		f.lists = append(f.lists, o.col)
	}
	if len(f.lists) > 0 {
		base = f.lists[len(f.lists)-1]
	}
	content := append([]line(nil), f.in[i+1:end]...)
	if tail != "" {
		content = append(content, line{text: tail, no: f.in[end].no})
	}
	if !closed && o.col-base >= 4 { // an indented block that shows a fence
		f.prose(f.in[i])
		return i + 1
	}
	if !closed {
		f.src.warn(f.in[i].no, "runbooks.fence_unclosed")
	} else if tail != "" {
		f.src.warn(f.in[end].no, "runbooks.fence_mended")
	}
	col := o.col
	if col-base >= 4 {
		col = base
	}
	shift := col - o.col
	if low := lowest(content, o.quote); base > 0 && low+shift < base {
		shift = col - low
	}
	opener := f.in[i]
	opener.code = true
	if o.head == "" {
		opener.text = o.quote + strings.Repeat(" ", col) + strings.Repeat(string(o.mark), o.count) + o.info
	}
	f.out = append(f.out, opener)
	for _, l := range content {
		q, rest := splitQuoteLike(l.text, o.quote)
		l.text, l.code = q+reindent(rest, shift), true
		f.out = append(f.out, l)
	}
	last := f.in[min(end, len(f.in)-1)].no
	if !closed && end < len(f.in) {
		last = f.in[end-1].no
	}
	f.out = append(f.out, line{text: o.quote + strings.Repeat(" ", col) + strings.Repeat(string(o.mark), o.count), no: last, code: true})
	return max(next, i+1)
}

// closing finds where the block that opens at i ends: end is the closing line (or the line behind the content), next the
// line to go on with, tail the code that stood before the closing mark on its line.
func (f *fencer) closing(i int, o fence) (end, next int, tail string, closed bool) {
	marks := strings.Repeat(string(o.mark), o.count)
	for j := i + 1; j < len(f.in) && !f.never[marks+o.quote]; j++ {
		q, rest := splitQuoteLike(f.in[j].text, o.quote)
		if len(strings.TrimSpace(q)) < len(strings.TrimSpace(o.quote)) {
			return j, j, "", true // the quote ends, and the block with it
		}
		t := strings.TrimSpace(rest)
		if strings.HasPrefix(t, marks) && strings.Trim(t, string(o.mark)) == "" {
			return j, j + 1, "", true
		}
		if o.mark == '`' && strings.HasSuffix(t, marks) && strings.Count(t, marks)%2 == 1 && strings.TrimRight(t, "`") != "" && len(t)-len(strings.TrimRight(t, "`")) == o.count {
			return j, j + 1, q + strings.TrimSuffix(strings.TrimRight(rest, " \t"), marks), true
		}
	}
	f.never[marks+o.quote] = true
	for j := i + 1; j < len(f.in); j++ { // never closed: it ends where the next part of the document starts
		t := f.in[j].text
		if bigHeading.MatchString(t) && (strings.HasPrefix(t, "##") || strings.TrimSpace(f.in[j-1].text) == "") {
			return j, j, "", false
		}
	}
	return len(f.in), len(f.in), "", false
}

// splitQuoteLike takes off as many quote marks as the given prefix has.
func splitQuoteLike(s, quote string) (q, rest string) {
	n := strings.Count(quote, ">")
	if n == 0 {
		return "", s
	}
	pos := 0
	for range n {
		t := strings.TrimLeft(s[pos:], " ")
		if !strings.HasPrefix(t, ">") {
			break
		}
		pos = len(s) - len(t) + 1
		if strings.HasPrefix(s[pos:], " ") {
			pos++
		}
	}
	return s[:pos], s[pos:]
}

// lowest gives the smallest indentation of lines that are not blank.
func lowest(lines []line, quote string) int {
	low := 1 << 30
	for _, l := range lines {
		_, rest := splitQuoteLike(l.text, quote)
		if strings.TrimSpace(rest) != "" {
			c, _ := indentOf(rest)
			low = min(low, c)
		}
	}
	return low
}

// comment takes an HTML comment that starts in line i out, over several lines if need be. It gives the line to go on
// with, or i when there is none.
func (f *fencer) comment(i int) int {
	s := f.in[i].text
	at := strings.Index(s, "<!--")
	if at < 0 || strings.Count(s[:at], "`")%2 == 1 || strings.HasPrefix(s, "    ") && f.blank && len(f.lists) == 0 {
		return i
	}
	if _, ok := f.opening(s); ok {
		return i
	}
	rest, text := s[at+4:], ""
	for j := i; j < len(f.in); j++ {
		if j > i {
			rest = f.in[j].text
		}
		end := strings.Index(rest, "-->")
		if end < 0 {
			text += rest + "\n"
			continue
		}
		text += rest[:end]
		f.src.comments = append(f.src.comments, comment{text: strings.TrimSpace(text), no: f.in[i].no})
		after := rest[end+3:]
		if strings.HasPrefix(strings.TrimSpace(text), "START doctoc") {
			if k := f.find(j, "END doctoc"); k > 0 {
				j, after = k, ""
			}
		}
		f.in[j].text = s[:at] + strings.TrimLeft(after, " ")
		if strings.TrimSpace(f.in[j].text) == "" {
			f.in[j].text = ""
		}
		if j == i && strings.Contains(f.in[j].text, "<!--") {
			return f.comment(j) // another one on the same line
		}
		if f.in[j].text == "" {
			f.out = append(f.out, line{text: f.separator(at, j+1), no: f.in[j].no})
			f.blank = true
			return j + 1
		}
		if j == i {
			return i // the rest of the line is read as usual
		}
		return j
	}
	return i
}

// separator is what takes the place of a comment that stood alone at a column: nothing, or an empty comment where it ends
// a list in front of indented code, which would become text of the list without it.
func (f *fencer) separator(column, next int) string {
	if len(f.lists) == 0 || column >= f.lists[len(f.lists)-1] {
		return ""
	}
	for ; next < len(f.in); next++ {
		if strings.TrimSpace(f.in[next].text) != "" {
			if col, _ := indentOf(f.in[next].text); col < 4 {
				return ""
			}
			f.lists = nil
			return emptyComment
		}
	}
	return ""
}

// emptyComment is no part of the document: it is taken out of the tree again.
const emptyComment = "<!-- -->"

func (f *fencer) find(from int, text string) int {
	for j := from; j < len(f.in) && j < from+1000; j++ {
		if strings.Contains(f.in[j].text, text) {
			return j
		}
	}
	return -1
}

// pre turns <pre> into a fence, so that its code is a block like every other.
func (f *fencer) pre(i int) int {
	quote, rest := splitQuote(f.in[i].text)
	col, n := indentOf(rest)
	if n == len(rest) || rest[n] != '<' {
		return i
	}
	m := preOpen.FindString(rest[n:])
	if m == "" {
		return i
	}
	end := f.find(i, "</pre>")
	if end < 0 {
		return i
	}
	const marks = "~~~~~~"
	lang := ""
	if l := preLang.FindStringSubmatch(m); l != nil {
		lang = l[1]
	}
	pad := quote + strings.Repeat(" ", min(col, 3))
	f.out = append(f.out, line{text: pad + marks + lang, no: f.in[i].no, code: true})
	for j := i; j <= end; j++ {
		t := f.in[j].text
		if j == i {
			t = rest[n+len(m):]
		}
		if j == end {
			t, _, _ = strings.Cut(t, "</pre>")
		}
		if t = html.UnescapeString(anyTag.ReplaceAllStringFunc(t, dropKnownTag)); strings.TrimSpace(t) != "" || j > i && j < end {
			f.out = append(f.out, line{text: pad + t, no: f.in[j].no, code: true})
		}
	}
	f.out = append(f.out, line{text: pad + marks, no: f.in[end].no, code: true})
	f.blank = true
	return end + 1
}

func dropKnownTag(tag string) string {
	if knownElement(tagName(tag)) {
		return ""
	}
	return tag
}
