package ui

import (
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"lage/internal/clean"
)

// dialogWidth is how wide a framed dialog gets where there is room.
const dialogWidth = 84

// quiet is how long a dialog that can change something must have stood on the screen, with no key arriving, before it
// listens: keys typed ahead and late answers of the terminal must not decide anything.
const quiet = 200 * time.Millisecond

// guard knows when a dialog was drawn first, and when a key arrived last.
type guard struct{ drawn, last time.Time }

// draw notes that the dialog is on the screen.
func (g *guard) draw(e *env) {
	if g.drawn.IsZero() {
		g.drawn = e.now
	}
}

// early tells whether a key arrived too early to be meant for the dialog; such a key prolongs the wait.
func (g *guard) early(e *env) bool {
	if g.drawn.IsZero() {
		return true
	}
	if e.now.Sub(g.drawn) < quiet {
		g.drawn = e.now
		return true
	}
	return false
}

// burst tells whether a key came together with the one before, faster than fingers: part of a terminal's answer.
func (g *guard) burst(e *env) bool {
	hurried := e.now.Sub(g.last) < quiet/4
	g.last = e.now
	return hurried
}

// fact is a labelled value in a dialog.
type fact struct{ label, value string }

// factLines lays facts out in two columns of w cells together; long values are wrapped, never cut.
func factLines(e *env, facts []fact, w int) []string {
	col := 0
	for _, f := range facts {
		col = max(col, ansi.StringWidth(f.label))
	}
	col = min(col+2, w/2)
	var out []string
	for _, f := range facts {
		for i, l := range wrapLines(f.value, w-col) {
			label := ""
			if i == 0 {
				label = f.label
			}
			out = append(out, e.style.fit(e.style.dim.Render(label), col)+l)
		}
	}
	return out
}

// wrapLines wraps each line of t to w cells, also inside of words that are longer.
func wrapLines(t string, w int) []string {
	if w < 1 {
		return nil
	}
	return wrap(ansi.Hardwrap(ansi.Wrap(t, w, ""), w, true), w)
}

// lineEnds makes of a terminal's line ends the ones that text has: pasted lines arrive with carriage returns, as if typed.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// newInput makes a text field without colours and blinking, and without reading the clipboard by itself.
func newInput(value string) textinput.Model {
	m := textinput.New()
	m.Prompt = ""
	m.KeyMap.Paste = key.Binding{}
	plain := textinput.StyleState{Text: lipgloss.NewStyle(), Placeholder: lipgloss.NewStyle(), Suggestion: lipgloss.NewStyle(), Prompt: lipgloss.NewStyle()}
	m.SetStyles(textinput.Styles{Focused: plain, Blurred: plain})
	m.SetValue(value)
	m.CursorEnd()
	m.Focus()
	return m
}

// typeInto gives a message to a text field. Pasted text is cleaned first and becomes one line.
func typeInto(m textinput.Model, msg tea.Msg) textinput.Model {
	if p, ok := msg.(tea.PasteMsg); ok {
		msg = tea.PasteMsg{Content: clean.Line(p.Content)}
	}
	m, _ = m.Update(msg)
	return m
}

// inputView draws a text field of w cells with its cursor, scrolled so that the cursor is in sight.
func inputView(e *env, m textinput.Model, w int) string {
	w -= 2
	if w < 2 {
		return ""
	}
	value := []rune(m.Value())
	pos := min(m.Position(), len(value))
	left, at, right := e.show(string(value[:pos])), " ", ""
	if pos < len(value) {
		at, right = e.show(string(value[pos:pos+1])), e.show(string(value[pos+1:]))
	}
	if over := ansi.StringWidth(left) + ansi.StringWidth(at) - w; over > 0 {
		left = ansi.TruncateLeft(left, over, "")
	}
	return e.style.input + " " + e.style.fit(left+e.style.reverse.Render(at)+right, w)
}

// framed draws a dialog's box with at most h lines of at most w cells.
func framed(e *env, title string, lines []string, w, h int) []string {
	w = min(w, dialogWidth)
	if len(lines) > h-2 {
		lines = lines[:max(0, h-2)]
	}
	out := e.style.frame(e.show(title), lines, w)
	if len(out) > h {
		out = out[:max(0, h)]
	}
	return out
}

var (
	keyCancel = bind("room.key_cancel", "room.help_cancel", "esc")
	keySave   = bind("room.key_save", "room.help_save", "enter")
	keyChoose = bind("room.key_choose", "room.help_choose", "enter")
)
