package ui

import (
	"strings"
	"time"

	"lage/incidents"
	"lage/internal/text"
)

// message is the line above the keys: what happened last, or what is wanted next; at the right, when something was saved.
func (a *App) message(w int) string {
	e := &a.e
	right := ""
	if !a.saved.IsZero() {
		right = e.t("ui.saved", text.ClockSeconds(e.local(a.saved))) + " "
	}
	return e.style.ends(" "+a.says(), right, w)
}

// say puts something into the message line. Bad news stay until a key is pressed.
func (a *App) say(m text.Message, alarm bool) {
	a.flash, a.alarm, a.stays, a.said = m, alarm, alarm, time.Time{}
}

// fade gives the message line back to what is wanted next, one tick after it has seen the flash: what was saved stands in
// the timeline.
func (a *App) fade() {
	switch {
	case a.flash.IsZero() || a.stays:
	case a.said.IsZero():
		a.said = a.e.now
	default:
		a.say(text.Message{}, false)
		a.quitAsked = false // the question is gone as well
	}
}

func (a *App) says() string {
	e := &a.e
	if !a.flash.IsZero() {
		t := e.msg(a.flash)
		if a.alarm {
			return e.style.bold.Render(e.style.glyph(incidents.Degraded) + " " + t)
		}
		return t
	}
	if a.dialog != nil {
		if d, ok := a.dialog.(hinter); ok {
			return d.Hint(e)
		}
		return ""
	}
	if _, reading := a.top().(*help); e.Options.Coach && !reading && !a.typing() {
		if t := a.coach(); t != "" {
			return e.style.bold.Render(e.style.here + " " + t)
		}
	}
	return a.top().Hint(e)
}

// keyLine names the keys that do something now, as many as there is room for; help and the way out are always there.
func (a *App) keyLine(w int) string {
	e := &a.e
	var items []string
	used := 1
	bs := a.bindings()
	last := 2 // the way out and help
	if a.dialog != nil || a.typing() {
		last = 0
	}
	tail := ""
	for _, b := range bs[len(bs)-last:] {
		tail += "  " + e.style.bold.Render(b.name(e)) + " " + e.t(b.label)
	}
	used += cells(tail)
	for _, b := range bs[:len(bs)-last] {
		if b.quiet || b.off {
			continue
		}
		it := e.style.bold.Render(b.name(e)) + " " + e.t(b.label)
		n := cells(it) + 2
		if used+n > w+2 {
			continue
		}
		used += n
		items = append(items, it)
	}
	line := " " + strings.Join(items, "  ") + tail
	if len(items) == 0 {
		line = " " + strings.TrimPrefix(tail, "  ")
	}
	return e.style.fit(line, w)
}

func (a *App) smallFoot(w int) string {
	if !a.flash.IsZero() || a.typing() {
		return a.e.style.fit(a.says(), w)
	}
	return a.keyLine(w)
}

// bindings are those of the dialog, or of the screen in sight and the App, most important first, the way out and help last.
func (a *App) bindings() []binding {
	e := &a.e
	if a.dialog != nil {
		return a.dialog.Keys(e)
	}
	own := a.top().Keys(e)
	if a.typing() {
		return own
	}
	out := keyQuit
	if len(a.stack) > 1 {
		out = keyBack
	}
	var bs []binding
	global := func(list ...binding) {
		for _, b := range list {
			if !shadowed(own, b) {
				bs = append(bs, b)
			}
		}
	}
	in := a.chosen()
	global(keyAck.when(in != nil && in.State == incidents.Detected), keyRoom.when(in != nil && !a.inRoom()))
	bs = append(bs, own...)
	global(keyNote.when(in != nil), keyBoard, keyList, keyShelf, keyDraw, keyStop, keyBreak)
	return append(bs, out, keyHelp)
}

// typing tells whether the screen in sight is taking text.
func (a *App) typing() bool {
	t, ok := a.top().(typist)
	return ok && t.typing()
}

// shadowed tells whether a screen's own binding takes the key of b.
func shadowed(own []binding, b binding) bool {
	for _, o := range own {
		if !o.off && o.key.Keys()[0] == b.key.Keys()[0] {
			return true
		}
	}
	return false
}

// coach says what to try next in the demo, from what stands now.
func (a *App) coach() string {
	e := &a.e
	in := a.urgent()
	switch {
	case in == nil && a.resolvedHere:
		return e.t("ui.coach_export")
	case in == nil && len(a.stack) == 1:
		return e.t("ui.coach_look")
	case in == nil:
		return ""
	case in.State == incidents.Detected:
		return e.t("ui.coach_ack")
	case !a.inRoom():
		return e.t("ui.coach_room")
	case !in.Recovered.IsZero() && e.now.Sub(in.Recovered) >= 0 && in.State != incidents.Resolved:
		return e.t("ui.coach_resolve")
	}
	if h := a.top().Hint(e); h != "" {
		return h
	}
	return e.t("ui.coach_walk")
}
