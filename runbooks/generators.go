package runbooks

import (
	"regexp"
	"strings"
)

// What site generators leave in Markdown (rule R4) is turned into plain Markdown here, line by line.

var (
	mkdocsBox  = regexp.MustCompile(`^(\s*)(?:!!!|\?\?\?\+?)\s+([a-zA-Z-]+)[^"]*(?:"([^"]*)")?\s*$`)
	mkdocsTab  = regexp.MustCompile(`^(\s*)===!?\+?\s+"([^"]*)"\s*$`)
	colonBox   = regexp.MustCompile(`^(\s*):::+\s*\{?([a-zA-Z-]+)\}?\s*\[?([^\]]*)\]?\s*$`)
	colonEnd   = regexp.MustCompile(`^\s*:::+\s*$`)
	hugoBox    = regexp.MustCompile(`^(\s*)\{\{[<%]\s*(hint|alert|callout|notice|admonition|note|tip|warning|danger|caution)\b([^>%]*)[>%]\}\}\s*$`)
	hugoEnd    = regexp.MustCompile(`^\s*\{\{[<%]\s*/\s*([a-z]+)\s*[>%]\}\}\s*$`)
	hugoRef    = regexp.MustCompile(`\{\{[<%]\s*(?:rel)?ref\s+"?([^"\s>%]+)"?\s*[>%]\}\}`)
	erbTitle   = regexp.MustCompile(`<%=\s*current_page\.data\.title\s*%>`)
	summaryTag = regexp.MustCompile(`(?i)<summary\b[^>]*>(.*?)</summary>`)
	warnWord   = regexp.MustCompile(`(?i)\b(danger|warning|caution|attention|critical|error|warnung|achtung|gefahr|vorsicht)\b`)
	moduleLine = regexp.MustCompile(`^(?:import\s+.+\s+from\s+['"][^'"]+['"];?|export\s+(?:const|default)\s.*)\s*$`)
	lineTag    = regexp.MustCompile(`^\s*<[A-Za-z][^<>]*>`)
)

// maxBox bounds the search for the end of an admonition, in lines.
const maxBox = 200

// boxes turns admonitions of site generators into quotes with an alert mark.
func boxes(in []line) []line {
	out := make([]line, 0, len(in)+8)
	fenced := ""
	for i := 0; i < len(in); i++ {
		t := strings.TrimSpace(in[i].text)
		if fenced != "" {
			if strings.HasPrefix(t, fenced) {
				fenced = ""
			}
			out = append(out, in[i])
			continue
		}
		if strings.HasPrefix(t, "```") || strings.HasPrefix(t, "~~~") {
			fenced = t[:3]
		}
		if end, inner, ok := box(in, i); ok {
			out = append(out, inner...)
			i = end
			continue
		}
		out = append(out, in[i])
	}
	return out
}

// box reads an admonition or tab that starts in line i and gives its last line.
func box(in []line, i int) (end int, out []line, ok bool) {
	s := in[i].text
	switch first := strings.TrimLeft(s, " \t"); {
	case first == "" || strings.IndexByte("!?=:{", first[0]) < 0:
		return i, nil, false
	}
	if m := mkdocsBox.FindStringSubmatch(s); m != nil {
		end, inner := indented(in, i, len(m[1])+4)
		return end, quoted(in[i].no, m[1], m[2], m[3], inner), true
	}
	if m := mkdocsTab.FindStringSubmatch(s); m != nil {
		end, inner := indented(in, i, len(m[1])+4)
		return end, append([]line{{text: m[1] + "**" + m[2] + "**", no: in[i].no}, {no: in[i].no}}, inner...), true
	}
	if m := colonBox.FindStringSubmatch(s); m != nil {
		for j := i + 1; j < len(in) && j < i+maxBox; j++ {
			if colonEnd.MatchString(in[j].text) {
				return j, quoted(in[i].no, m[1], m[2], m[3], in[i+1:j]), true
			}
		}
		return i, nil, true
	}
	if m := hugoBox.FindStringSubmatch(s); m != nil {
		for j := i + 1; j < len(in) && j < i+maxBox; j++ {
			if e := hugoEnd.FindStringSubmatch(in[j].text); e != nil && e[1] == m[2] {
				return j, quoted(in[i].no, m[1], m[2]+" "+m[3], "", in[i+1:j]), true
			}
		}
		return i, nil, true
	}
	if hugoEnd.MatchString(s) || colonEnd.MatchString(s) {
		return i, nil, true
	}
	return i, nil, false
}

// indented takes the lines behind i that stand at least col columns in, and moves them out by four.
func indented(in []line, i, col int) (end int, out []line) {
	end = i
	for j := i + 1; j < len(in); j++ {
		c, _ := indentOf(in[j].text)
		if strings.TrimSpace(in[j].text) == "" {
			continue
		}
		if c < col {
			break
		}
		for k := end + 1; k <= j; k++ {
			out = append(out, line{text: reindent(in[k].text, -4), no: in[k].no})
		}
		end = j
	}
	return end, out
}

func quoted(no int, pad, kind, title string, inner []line) []line {
	mark := "[!NOTE]"
	if warnWord.MatchString(kind) {
		mark = "[!WARNING]"
	}
	out := []line{{no: no}, {text: pad + "> " + mark, no: no}}
	if title = strings.TrimSpace(title); title != "" {
		out = append(out, line{text: pad + "> **" + title + "**", no: no}, line{text: pad + ">", no: no})
	}
	for _, l := range inner {
		l.text = pad + "> " + strings.TrimPrefix(l.text, pad)
		out = append(out, l)
	}
	return append(out, line{no: no})
}

// plainMarkdown rewrites what is left of generators and HTML outside of code: titles, references, layout tags, and
// angle brackets that are placeholders rather than tags (rule R5).
func plainMarkdown(in []line, title string) []line {
	closed := closersOf(joinText(in))
	for i := range in {
		s := in[i].text
		if !in[i].code && (strings.HasPrefix(s, "import") || strings.HasPrefix(s, "export")) && moduleLine.MatchString(s) {
			in[i].text = ""
			continue
		}
		if in[i].code || !strings.ContainsAny(s, "<{") {
			continue
		}
		if strings.Contains(s, "<%=") {
			s = erbTitle.ReplaceAllLiteralString(s, title)
		}
		if strings.Contains(s, "{{") {
			s = hugoRef.ReplaceAllString(s, "$1")
		}
		if m := summary(s); m != nil {
			s = strings.Replace(s, m[0], "<summary>", 1)
			if layoutOnly(s) && !deepNext(in, i) {
				in[i].text = "**" + strings.TrimSpace(m[1]) + "**"
				continue
			}
			s = in[i].text
		}
		if layoutOnly(s) && !deepNext(in, i) {
			s = ""
		}
		if t := openingTag(s); t != "" && !strings.ContainsAny(t, ":@") && !closed.isTag(strings.TrimSpace(t)) {
			col, n := indentOf(s)
			if col < 4 || i > 0 && strings.TrimSpace(in[i-1].text) != "" {
				s = s[:n] + "\\" + s[n:]
			}
		}
		in[i].text = s
	}
	return in
}

// summary finds the heading of something that can be folded away, as summaryTag gives it.
func summary(s string) []string {
	if !strings.Contains(s, "</") {
		return nil
	}
	return summaryTag.FindStringSubmatch(s)
}

// openingTag gives the tag with which a line starts.
func openingTag(s string) string {
	if !strings.HasPrefix(trimBlank(s), "<") {
		return ""
	}
	return lineTag.FindString(s)
}

// layoutOnly tells whether a line holds nothing but tags that only arrange what is around them.
func layoutOnly(s string) bool {
	t := strings.TrimSpace(s)
	if !strings.HasPrefix(t, "<") {
		return false
	}
	for _, tag := range anyTag.FindAllString(t, -1) {
		name := tagName(tag)
		if !layout[strings.ToLower(name)] && (name == "" || name[0] < 'A' || name[0] > 'Z' || !strings.Contains(tag, "/") && !strings.Contains(tag, "=")) {
			return false
		}
	}
	return strings.TrimSpace(anyTag.ReplaceAllLiteralString(t, "")) == ""
}

// deepNext tells whether the next line that is no tag, without a blank line between, stands so deep that it would turn
// into a code block when the tag above it goes.
func deepNext(in []line, i int) bool {
	here, _ := indentOf(in[i].text)
	for j := i + 1; j < len(in) && j < i+20 && strings.TrimSpace(in[j].text) != ""; j++ {
		if layoutOnly(in[j].text) || summary(in[j].text) != nil {
			continue
		}
		col, _ := indentOf(in[j].text)
		return col-here >= 4
	}
	return false
}
