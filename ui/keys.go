package ui

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// binding is some keys and what they do. The key line and the help are made of the same bindings that Update matches, so
// that they cannot promise a key that does nothing.
type binding struct {
	key   key.Binding
	label string // code of one or two words, for the key line
	help  string // code of a longer text, for the help
	shown string // how the keys are written; empty means the first key's name
	quiet bool   // only in the help
	off   bool   // nothing to do at the moment: not in the key line
}

// bind makes a binding. label and help are codes of internal/text; keys are named as tea.KeyPressMsg.String names them.
func bind(label, help string, keys ...string) binding {
	return binding{key: key.NewBinding(key.WithKeys(keys...)), label: label, help: help}
}

// as sets how the keys are written, "↑↓".
func (b binding) as(shown string) binding { b.shown = shown; return b }

// labelled gives the binding another label in the key line.
func (b binding) labelled(code string) binding { b.label = code; return b }

// helpOnly keeps the binding out of the key line.
func (b binding) helpOnly() binding { b.quiet = true; return b }

// when leaves the binding out of the key line where it does nothing now; the help still lists it.
func (b binding) when(on bool) binding { b.off = !on; return b }

// matches tells whether the key press is one of the binding's keys.
func (b binding) matches(msg tea.KeyPressMsg) bool { return key.Matches(msg, b.key) }

// name writes the binding's keys: "enter", "^C", "Leertaste", "↑↓".
func (b binding) name(e *env) string {
	if b.shown != "" {
		return e.arrows(b.shown)
	}
	keys := b.key.Keys()
	if len(keys) == 0 {
		return ""
	}
	return e.keyName(keys[0])
}

// names writes all the binding's keys, for the help.
func (b binding) names(e *env) string {
	if b.shown != "" {
		return e.arrows(b.shown)
	}
	var out []string
	for _, k := range b.key.Keys() {
		if n := e.keyName(k); !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return strings.Join(out, " ")
}

func (e *env) keyName(k string) string {
	switch k {
	case "space":
		return e.t("ui.key_space")
	case "up", "down", "left", "right":
		return e.arrows(map[string]string{"up": "↑", "down": "↓", "left": "←", "right": "→"}[k])
	case "f1":
		return "F1"
	}
	if c, ok := strings.CutPrefix(k, "ctrl+"); ok {
		return "^" + strings.ToUpper(c)
	}
	return k
}

func (e *env) arrows(s string) string {
	if !e.style.asciiOnly {
		return s
	}
	return strings.NewReplacer("↑↓", e.t("ui.key_updown"), "←→", e.t("ui.key_leftright"), "↑", e.t("ui.key_up"), "↓", e.t("ui.key_down"),
		"←", e.t("ui.key_left"), "→", e.t("ui.key_right")).Replace(s)
}

// Bindings that mean the same on every screen.
var (
	keyMove  = bind("ui.key_move", "ui.help_move", "up", "down", "k", "j", "g", "G", "home", "end", "ctrl+d", "ctrl+u", "pgup", "pgdown").as("↑↓")
	keyOpen  = bind("ui.key_open", "ui.help_open", "enter")
	keyBack  = bind("ui.key_back", "ui.help_back", "esc")
	keyQuit  = bind("ui.key_quit", "ui.help_quit", "q")
	keyAck   = bind("ui.key_ack", "ui.help_ack", "a")
	keyRoom  = bind("ui.key_room", "ui.help_room", "i")
	keyNote  = bind("ui.key_note", "ui.help_note", "n")
	keyHelp  = bind("ui.key_help", "ui.help_help", "?", "f1")
	keyBreak = bind("ui.key_break", "ui.help_break", "ctrl+c").as("^C ^C").helpOnly()
	keyDraw  = bind("ui.key_redraw", "ui.help_redraw", "ctrl+l").helpOnly()
	keyStop  = bind("ui.key_suspend", "ui.help_suspend", "ctrl+z").helpOnly()
	keyBoard = bind("ui.key_board", "ui.help_board", "1").helpOnly()
	keyShelf = bind("library.key_runbooks", "library.help_runbooks", "3").helpOnly()
	keyWalks = bind("walkui.key_walks", "walkui.help_walks", "4").helpOnly()
	keyList  = bind("ui.key_incidents", "ui.help_incidents", "2").helpOnly()
)

// move tells where the selection goes from at, in a list of n with page rows in sight, when msg is one of keyMove's keys.
func move(msg tea.KeyPressMsg, at, n, page int) (int, bool) {
	switch msg.String() {
	case "up", "k":
		at--
	case "down", "j":
		at++
	case "g", "home":
		at = 0
	case "G", "end":
		at = n - 1
	case "ctrl+d":
		at += max(1, page/2)
	case "ctrl+u":
		at -= max(1, page/2)
	case "pgdown":
		at += max(1, page)
	case "pgup":
		at -= max(1, page)
	default:
		return at, false
	}
	return min(max(at, 0), max(0, n-1)), true
}
