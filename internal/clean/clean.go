// Package clean is the one place where foreign text (HTTP bodies, command output, certificate fields, Markdown, what people
// paste) becomes safe to show and to store.
package clean

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"
)

// maxMarks is how many combining marks one character keeps. Written languages need fewer; more pile up over other lines.
const maxMarks = 4

// Text makes s safe to show on several lines. Complete escape sequences (CSI, OSC, DCS, APC, PM, SOS, C1 forms too) are
// taken out, unterminated ones to the end of their line at most; CRLF becomes LF; tabs become spaces up to the next
// multiple of 8; invalid UTF-8 becomes U+FFFD; every other control, bidirectional, zero-width or unassigned-format character
// is shown as \x07 or U+202E; more than 4 combining marks on one character are dropped, and so are the variation selectors
// that only ask for an emoji's colour (U+FE0E, U+FE0F), because terminals disagree about their width. Text is idempotent.
func Text(s string) string {
	if !needsCleaning(s) {
		return s
	}
	c := cleaner{src: s}
	c.out.Grow(len(s) + 16)
	for c.pos < len(s) {
		c.step()
	}
	return c.out.String()
}

// Line is Text on one line: line ends become a space, runs of white space one space, ends trimmed.
func Line(s string) string {
	s = Text(s)
	if isLine(s) {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}

// Output is Text for captured terminal output: what a carriage return overwrote (progress bars) is dropped.
func Output(b []byte) string {
	if bytes.IndexByte(b, '\r') < 0 {
		return Text(string(b))
	}
	var out strings.Builder
	out.Grow(len(b))
	for line := range bytes.Lines(b) {
		end := ""
		if n := len(line) - 1; line[n] == '\n' {
			line, end = line[:n], "\n"
		}
		out.WriteString(lastWritten(line))
		out.WriteString(end)
	}
	return Text(out.String())
}

// lastWritten gives what stands on a terminal's line in the end: the last part between carriage returns that shows
// anything.
func lastWritten(line []byte) string {
	for {
		i := bytes.LastIndexByte(line, '\r')
		part := Text(string(line[i+1:]))
		if i < 0 || strings.TrimSpace(part) != "" {
			return part
		}
		line = line[:i]
	}
}

// Cut shortens s to at most n bytes at a rune border, and says whether it did.
func Cut(s string, n int) (string, bool) {
	if len(s) <= n {
		return s, false
	}
	n = max(n, 0)
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n], true
}

// needsCleaning tells whether Text would change anything. Most text is fine as it is, and then costs no allocation.
func needsCleaning(s string) bool {
	marks := 0
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if c < ' ' && c != '\n' || c == 0x7f {
				return true
			}
			marks = 0
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 || !shown(r) {
			return true
		}
		if !unicode.Is(unicode.M, r) {
			marks = 0
		} else if marks++; marks > maxMarks {
			return true
		}
		i += n
	}
	return false
}

// shown tells whether a character from U+0080 on may be shown as it is.
func shown(r rune) bool {
	return unicode.IsGraphic(r) && !unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) &&
		!unicode.Is(unicode.Variation_Selector, r)
}

func isLine(s string) bool {
	space := true // so that a leading one counts as a second one
	for _, r := range s {
		if !unicode.IsSpace(r) {
			space = false
			continue
		}
		if space || r != ' ' {
			return false
		}
		space = true
	}
	return !space || s == ""
}

// cleaner goes through src once.
type cleaner struct {
	src   string
	pos   int
	out   strings.Builder
	marks int // combining marks on the last character
	start int // where in out the part of the line begins whose width is not yet in col
	col   int // cells before start on this line
}

// step takes one character or escape sequence from src.
func (c *cleaner) step() {
	r, n := utf8.DecodeRuneInString(c.src[c.pos:])
	if skip := sequence(c.src[c.pos:], r, n); skip > 0 {
		c.pos += skip
		return
	}
	c.pos += n
	switch {
	case r == utf8.RuneError && n == 1:
		c.write("\uFFFD")
	case r == '\r' && strings.HasPrefix(c.src[c.pos:], "\n"):
	case r == '\n':
		c.write("\n")
		c.start, c.col = c.out.Len(), 0
	case r == '\t':
		c.tab()
	case r < ' ' || r >= 0x7f && r <= 0x9f:
		c.write(fmt.Sprintf(`\x%02x`, r))
	case r == 0xFE0E || r == 0xFE0F:
	case r > 0x7f && !shown(r):
		c.write(fmt.Sprintf("U+%04X", r))
	case unicode.Is(unicode.M, r):
		if c.marks++; c.marks <= maxMarks {
			c.out.WriteRune(r)
		}
	default:
		c.marks = 0
		c.out.WriteRune(r)
	}
}

func (c *cleaner) write(s string) {
	c.marks = 0
	c.out.WriteString(s)
}

func (c *cleaner) tab() {
	c.col += displaywidth.String(c.out.String()[c.start:])
	c.write("        "[c.col%8:])
	c.col += 8 - c.col%8
	c.start = c.out.Len()
}
