package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"lage/internal/clean"
)

// inline writes foreign text so that Markdown shows it as it is, on one line: it makes no markup, link, picture or HTML,
// and no new table cell. What it makes at the start of a line is block's to prevent.
func inline(s string) string {
	s = clean.Line(s)
	var b strings.Builder
	b.Grow(len(s) + 8)
	for i, r := range s {
		rest := s[i+utf8.RuneLen(r):]
		switch r {
		case '<':
			b.WriteString("&lt;")
			continue
		case '>':
			b.WriteString("&gt;")
			continue
		case '&': // else "&lt;" would be shown as "<"
			if next, _ := utf8.DecodeRuneInString(rest); next == '#' || unicode.IsLetter(next) {
				b.WriteString("&amp;")
				continue
			}
		}
		if escaped(r, s[:i], rest) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// escaped tells whether a character between two pieces of text could mean something to a Markdown reader.
func escaped(r rune, before, after string) bool {
	switch r {
	case '\\', '`', '*', '[', ']', '|', '~', '$', '@':
		return true
	case '_':
		return !wordRune(utf8.DecodeLastRuneInString(before)) || !wordRune(utf8.DecodeRuneInString(after))
	case ':': // many readers make links of bare addresses
		return strings.HasPrefix(after, "//")
	case '.':
		return len(before) >= 3 && strings.EqualFold(before[len(before)-3:], "www")
	}
	return false
}

func wordRune(r rune, _ int) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// block is inline for text that begins a paragraph, a list item or a heading.
func block(s string) string {
	s = strings.ReplaceAll(inline(s), "#", `\#`)
	if s == "" {
		return s
	}
	if strings.ContainsRune("+-=:", rune(s[0])) {
		return `\` + s
	}
	if digits := strings.TrimLeft(s, "0123456789"); digits != s && digits != "" && (digits[0] == '.' || digits[0] == ')') {
		return s[:len(s)-len(digits)] + `\` + digits
	}
	return s
}

// fence writes foreign text as a code block that it cannot leave.
func fence(info, body string) string {
	body = clean.Text(body)
	longest, run := 0, 0
	for i := range len(body) {
		if body[i] != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	mark := strings.Repeat("`", max(3, longest+1))
	if body != "" && !strings.HasSuffix(body, "\n") {
		body += "\n"
	}
	return mark + info + "\n" + body + mark + "\n"
}

// quoted writes foreign text as a YAML string on one line that means nothing to a Markdown reader without front matter.
func quoted(s string) string {
	s = clean.Line(s)
	var b strings.Builder
	b.WriteByte('"')
	for i, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '<' || r == '>' || r == '&' || escaped(r, s[:i], s[i+utf8.RuneLen(r):]):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String() + `"`
}

// row writes a table row of cells that are already Markdown.
func row(cells ...string) string { return "| " + strings.Join(cells, " | ") + " |\n" }

// head writes a table's head.
func head(cells ...string) string {
	return "\n" + row(cells...) + "|" + strings.Repeat("---|", len(cells)) + "\n"
}
