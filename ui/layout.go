package ui

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// cells is how wide t is on the screen. Most text is plain ASCII, of which every byte is a cell.
func cells(t string) int {
	for i := range len(t) {
		if t[i] < ' ' || t[i] > 0x7e {
			return ansi.StringWidth(t)
		}
	}
	return len(t)
}

// fit makes s exactly w cells wide: cut with an ellipsis, or filled with spaces. Styles in s are kept and closed.
func (s *styles) fit(t string, w int) string {
	if w <= 0 {
		return ""
	}
	n := cells(t)
	if n > w {
		t = s.cut(t, w)
		n = cells(t)
	}
	if n < w {
		t += strings.Repeat(" ", w-n)
	}
	return t
}

// cut shortens t to at most w cells, with an ellipsis where something is missing.
func (s *styles) cut(t string, w int) string {
	if w <= 0 {
		return ""
	}
	if cells(t) <= w {
		return t
	}
	tail := s.ellipsis
	if w <= len([]rune(tail)) {
		tail = ""
	}
	return ansi.Truncate(t, w, tail)
}

// fitRight is fit with the text at the right edge.
func (s *styles) fitRight(t string, w int) string {
	t = s.cut(t, w)
	return strings.Repeat(" ", max(0, w-cells(t))) + t
}

// ends puts left and right at the two edges of w cells. Where both do not fit, left is cut, so that right stays.
func (s *styles) ends(left, right string, w int) string {
	r := cells(right)
	if r >= w {
		return s.fit(right, w)
	}
	if r == 0 {
		return s.fit(left, w)
	}
	return s.fit(left, w-r-1) + " " + right
}

// wrap breaks text into lines of at most w cells, at spaces where it can.
func wrap(t string, w int) []string {
	if w <= 0 {
		return nil
	}
	return strings.Split(ansi.Wrap(t, w, ""), "\n")
}

// beside joins panes: each pane's lines fitted to its width, h of them, a vertical bar between.
func (s *styles) beside(h int, panes ...pane) []string {
	out := make([]string, h)
	for i := range out {
		var b strings.Builder
		for j, p := range panes {
			if j > 0 {
				b.WriteString(s.vbar)
			}
			line := ""
			if i < len(p.lines) {
				line = p.lines[i]
			}
			b.WriteString(s.fit(line, p.w))
		}
		out[i] = b.String()
	}
	return out
}

// pane is some lines with the width that they get.
type pane struct {
	w     int
	lines []string
}

// frame draws a box of w cells around lines, with a title in its upper edge; the content is w-4 cells wide.
func (s *styles) frame(title string, lines []string, w int) []string {
	if w < 4 {
		return nil
	}
	head := s.corners[0] + s.hbar
	if title != "" {
		head = s.corners[0] + " " + s.bold.Render(s.cut(title, w-5)) + " "
	}
	out := []string{head + s.rule(w-cells(head)-1) + s.corners[1]}
	for _, l := range lines {
		out = append(out, s.vbar+" "+s.fit(l, w-4)+" "+s.vbar)
	}
	return append(out, s.corners[2]+s.rule(w-2)+s.corners[3])
}

// box makes exactly h lines of w cells of what there is: cut at the end, or filled with empty lines.
func (s *styles) box(lines []string, w, h int) []string {
	out := make([]string, h)
	for i := range out {
		if i < len(lines) {
			out[i] = s.fit(lines[i], w)
		} else {
			out[i] = strings.Repeat(" ", max(0, w))
		}
	}
	return out
}

// scroll gives the first row to show, so that row at is among the h shown of n, moving as little as possible from top.
func scroll(top, at, n, h int) int {
	if at < top {
		top = at
	}
	if at >= top+h {
		top = at - h + 1
	}
	return max(0, min(top, n-h))
}
