package ui

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"lage/checks"
	"lage/incidents"
)

// styles is how things look: glyphs by what the terminal can show, colours by theme. Shape and word always carry the
// meaning; colour only repeats it. What is healthy has no colour, so that only trouble stands out.
type styles struct {
	asciiOnly bool

	bold, dim, reverse, underline paint

	selectedMark string // in the gutter of the selected row
	vbar, hbar   string // between panes; the hairline's cell
	tick, cross  string // ✓ done, ✗ failed
	here         string // ► the step where somebody stands
	alarm        string // » something that went out
	person       string // ◉ a person acted
	open, filled string // ○ ● in a row of stages
	dot          string // · between facts
	dash         string // – no value, or closed
	ellipsis     string
	tabL, tabR   string // ▸ ◂ around the chosen tab
	input        string // ┃ before a text field
	corners      [4]string
	fails        string // × a failed measurement in a chart
	nothing      string // · no data in a chart
	blocks       []string

	glyphs [7]string
	tints  [7]paint
	loud   [7]paint  // reversed, for the banner
	states [7]string // glyphs in their tints
}

// paint is a style worked out once: what is drawn many times a second must not be worked out each time.
type paint struct{ on, off string }

// Render puts the style around text of one line.
func (p paint) Render(t string) string {
	if t == "" {
		return ""
	}
	return p.on + t + p.off
}

func newPaint(s lipgloss.Style) paint {
	on, off, _ := strings.Cut(s.Render("x"), "x")
	return paint{on, off}
}

// palette gives a theme's colours; empty means the terminal's own foreground.
type palette struct{ up, degraded, partial, down, maintenance, unknown, dim string }

var (
	darkPalette  = palette{"#8AB4F8", "#F0C000", "#FF9E3D", "#FF7B72", "#D6A6E8", "#B8B8B8", "#9A9A9A"}
	lightPalette = palette{"#0B57A4", "#7A5B00", "#9A4A00", "#B3131B", "#7A2E8E", "#5A5A5A", "#666666"}
	// Sixteen colours: no bright black, which is invisible on some of the common palettes.
	basicPalette = palette{degraded: "3", partial: "11", down: "1", maintenance: "5"}
)

// newStyles makes the styles. theme is "dark", "light", "basic" (16 colours) or anything else for the terminal's own
// colours with bold, reverse and underline, which is readable on every background.
func newStyles(asciiOnly, noColor bool, theme string) *styles {
	s := &styles{asciiOnly: asciiOnly}
	s.setGlyphs()
	s.setColours(noColor, theme)
	for i, g := range s.glyphs {
		s.states[i] = s.tints[i].Render(g)
	}
	return s
}

func (s *styles) setColours(noColor bool, theme string) {
	base := lipgloss.NewStyle()
	s.bold, s.reverse, s.underline = newPaint(base.Bold(true)), newPaint(base.Reverse(true)), newPaint(base.Underline(true))
	var p palette
	switch {
	case noColor:
	case theme == "dark":
		p = darkPalette
	case theme == "light":
		p = lightPalette
	case theme == "basic":
		p = basicPalette
	}
	if p == (palette{}) {
		s.tints = [7]paint{{}, s.bold, s.bold, s.reverse, s.bold, {}, s.underline}
		for i := range s.loud {
			s.loud[i] = s.reverse
		}
		return
	}
	tint := func(c string) lipgloss.Style {
		if c == "" {
			return base
		}
		return base.Foreground(lipgloss.Color(c))
	}
	s.dim = newPaint(tint(p.dim))
	for i, t := range [7]lipgloss.Style{tint(p.up), tint(p.degraded), tint(p.partial).Bold(theme == "basic"), tint(p.down).Bold(true),
		tint(p.degraded), tint(p.maintenance), tint(p.unknown)} {
		s.tints[i], s.loud[i] = newPaint(t), newPaint(t.Reverse(true))
	}
}

func (s *styles) setGlyphs() {
	if s.asciiOnly {
		s.glyphs = [7]string{"[ok]", "[! ]", "[!!]", "[XX]", "[~~]", "[mw]", "[??]"}
		s.selectedMark, s.vbar, s.hbar = ">", "|", "-"
		s.tick, s.cross, s.here, s.alarm, s.person = "+", "x", ">", "!", "@"
		s.open, s.filled, s.dot, s.dash, s.ellipsis = "o", "*", "-", "-", ".."
		s.tabL, s.tabR, s.input = "<", ">", "|"
		s.corners = [4]string{"+", "+", "+", "+"}
		s.fails, s.nothing = "x", " "
		s.blocks = []string{"_", ".", "-", "=", "+", "*", "%", "#"}
		return
	}
	s.glyphs = [7]string{"●", "▲", "◆", "■", "▲", "◇", "○"}
	s.selectedMark, s.vbar, s.hbar = "▌", "│", "─"
	s.tick, s.cross, s.here, s.alarm, s.person = "✓", "✗", "►", "»", "◉"
	s.open, s.filled, s.dot, s.dash, s.ellipsis = "○", "●", "·", "–", "…"
	s.tabL, s.tabR, s.input = "▸", "◂", "┃"
	s.corners = [4]string{"┌", "┐", "└", "┘"}
	s.fails, s.nothing = "×", "·"
	s.blocks = []string{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"}
}

// standings lists them in the order of glyphs and tints.
func standings() []incidents.Standing {
	return []incidents.Standing{incidents.Up, incidents.Degraded, incidents.Partial, incidents.Down, incidents.Flapping,
		incidents.Maintenance, incidents.Unknown}
}

func standingIndex(st incidents.Standing) int {
	switch st {
	case incidents.Up:
		return 0
	case incidents.Degraded:
		return 1
	case incidents.Partial:
		return 2
	case incidents.Down:
		return 3
	case incidents.Flapping:
		return 4
	case incidents.Maintenance:
		return 5
	}
	return 6
}

// glyph is the standing's shape, glyphWidth cells wide, without colour.
func (s *styles) glyph(st incidents.Standing) string { return s.glyphs[standingIndex(st)] }

// glyphWidth is how many cells every glyph takes.
func (s *styles) glyphWidth() int { return ansi.StringWidth(s.glyphs[0]) }

// stateStyle is the standing's colour, or what stands for it without colour.
func (s *styles) stateStyle(st incidents.Standing) paint { return s.tints[standingIndex(st)] }

// state is the glyph in its colour.
func (s *styles) state(st incidents.Standing) string { return s.states[standingIndex(st)] }

// rule is a hairline of w cells.
func (s *styles) rule(w int) string { return strings.Repeat(s.hbar, max(0, w)) }

// checkStanding is the standing with whose shape a check's status is shown.
func checkStanding(c checks.Status) incidents.Standing {
	switch c {
	case checks.StatusUp:
		return incidents.Up
	case checks.StatusDegraded:
		return incidents.Degraded
	case checks.StatusDown:
		return incidents.Down
	case checks.StatusFlapping:
		return incidents.Flapping
	}
	return incidents.Unknown
}

// asciiFold holds the letters and signs that have a usual spelling in ASCII.
var asciiFold = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "Ä", "Ae", "Ö", "Oe", "Ü", "Ue", "ß", "ss",
	"„", `"`, "“", `"`, "”", `"`, "’", "'", "‘", "'", "–", "-", "—", "-", "·", "-", "…", "..", "×", "x", "›", ">", "‹", "<",
	"»", "!", "→", "->", "←", "<-", "↑", "^", "↓", "v", "≤", "<=", "≥", ">=", "é", "e", "è", "e", "á", "a", "ć", "c", "č", "c",
	"ş", "s", "š", "s", "ı", "i", "ł", "l", "ñ", "n", "ç", "c", "ž", "z", "\u00a0", " ", "\u202f", " ", "\u00ad", "")

// show makes text fit for the terminal: as it is, or spelled in ASCII where that is all it can show. Text must pass it
// before it is measured, because "ä" is one cell and "ae" two.
func (s *styles) show(t string) string {
	if !s.asciiOnly || isASCII(t) {
		return t
	}
	return strings.Map(func(r rune) rune {
		if r > 0x7e {
			return '?'
		}
		return r
	}, asciiFold.Replace(capitals(t)))
}

// exact makes text fit for the terminal without misstating it. A command must be shown as it runs: "größe" spelled
// "groesse" would name another file. What the terminal cannot show is therefore written as its code, \u00f6, or \xf6 for
// bytes that are not text.
func (s *styles) exact(t string) string {
	if !s.asciiOnly || isASCII(t) {
		return t
	}
	var b strings.Builder
	for i, r := range t {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(t[i:], string(utf8.RuneError)):
			fmt.Fprintf(&b, `\x%02x`, t[i])
		case r > 0xffff:
			fmt.Fprintf(&b, `\U%08x`, r)
		case r > 0x7e:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// capitals spells umlauts within words of capitals: "ANTRÄGE" becomes "ANTRAEGE", "Änderung" stays for "Aenderung".
func capitals(t string) string {
	rs := []rune(t)
	var b strings.Builder
	for i, r := range rs {
		b.WriteRune(r)
		if spelled := map[rune]string{'Ä': "AE", 'Ö': "OE", 'Ü': "UE"}[r]; spelled != "" {
			next := i+1 < len(rs) && unicode.IsUpper(rs[i+1])
			before := i > 0 && unicode.IsUpper(rs[i-1]) && (i+1 == len(rs) || !unicode.IsLower(rs[i+1]))
			if next || before {
				s := b.String()
				b.Reset()
				b.WriteString(strings.TrimSuffix(s, string(r)) + spelled)
			}
		}
	}
	return b.String()
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] > 0x7e {
			return false
		}
	}
	return true
}

// one chooses the sign for the terminal.
func one(s *styles, full, ascii string) string {
	if s.asciiOnly {
		return ascii
	}
	return full
}
