package ui

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"lage/checks"
	"lage/incidents"
	"lage/internal/text"
)

// crumb stands between the parts of a breadcrumb.
func (s *styles) crumb() string {
	if s.asciiOnly {
		return " > "
	}
	return " › "
}

// Lines draws the check: what it is, its latency over the range, its days, its conditions, its history, its last answer.
func (c *check) Lines(e *env, w, h int) []string {
	_, p := c.find(e)
	if p == nil {
		return e.style.box([]string{"", "   " + e.t("ui.check_gone")}, w, h)
	}
	out := c.head(e, p, w, h)
	below := c.below(e, p, w, h)
	if h >= 14 {
		days := c.days(e, w, h)
		room := h - len(out) - len(days) - min(len(below), max(4, h*2/5))
		out = append(out, c.graph(e, p, w, min(room, 14))...)
		out = append(out, days...)
	}
	if n := h - len(out); n > 0 && n < len(below) && c.isHeading(e, below[n-1]) {
		below[n-1] = "" // what it heads has no room
	}
	return e.style.box(append(out, below...), w, h)
}

// isHeading tells whether a line only names what follows it.
func (c *check) isHeading(e *env, l string) bool {
	t := strings.TrimSpace(ansi.Strip(l))
	return t == e.t("ui.last_answer") || t == e.t("ui.past")
}

func (c *check) head(e *env, p *incidents.CheckPicture, w, h int) []string {
	st := checkStanding(p.State.Status)
	words := e.word(st)
	if !p.State.Since.IsZero() {
		words = e.t("ui.state_since", words, e.ago(p.State.Since))
	}
	if p.State.Failing() {
		words += " " + e.style.dot + " " + e.t("ui.failing", p.State.Failures, failAfter(p.Check))
	}
	left := " " + e.style.state(st) + " " + e.style.bold.Render(e.show(shortName(p.Check))) + "  " + e.style.stateStyle(st).Render(words)
	right := kind(p.Check) + " " + e.style.dot + " " + e.t("ui.every", p.Check.Interval) + " "
	var out []string
	if h >= 24 {
		out = append(out, "")
	}
	if w < 60 {
		out = append(out, left)
	} else {
		out = append(out, e.style.ends(left, right, w))
	}
	if h >= 18 {
		out = append(out, "   "+e.exact(target(p.Check)))
	}
	return out
}

// kind names what is measured: "HTTP GET".
func kind(c checks.Check) string {
	switch {
	case c.HTTP != nil:
		return "HTTP " + method(c.HTTP)
	case c.TCP != nil:
		return "TCP"
	case c.TLS != nil:
		return "TLS"
	case c.Command != nil:
		return "Command"
	}
	return ""
}

func method(h *checks.HTTP) string {
	if h.Method == "" {
		return "GET"
	}
	return h.Method
}

// target says where it is measured.
func target(c checks.Check) string {
	switch {
	case c.HTTP != nil:
		return c.HTTP.URL
	case c.TCP != nil:
		return c.TCP.Address
	case c.TLS != nil:
		return c.TLS.Address
	case c.Command != nil:
		return strings.Join(c.Command.Argv, " ")
	}
	return ""
}

// limit is the time above which an answer is slow; zero when there is none.
func limit(c checks.Check) time.Duration {
	switch {
	case c.HTTP != nil:
		return c.HTTP.MaxTime
	case c.TCP != nil:
		return c.TCP.MaxTime
	}
	return 0
}

// graph draws the choice of ranges, the numbers, and the chart.
func (c *check) graph(e *env, p *incidents.CheckPicture, w, h int) []string {
	if h < 5 {
		return nil
	}
	out := make([]string, 0, h)
	if h >= 10 {
		out = append(out, "")
	}
	out = append(out, c.ranges(e, w))
	n := w - chartLabel - 2
	if !c.ready {
		t := e.t("ui.reading")
		if !c.wrong.IsZero() {
			t = e.msg(c.wrong)
		}
		return append(out, "", "   "+t)
	}
	return append(out, chart(e, columns(c.hist, c.from, c.to, n), limit(p.Check), c.from, c.to, h-len(out))...)
}

func (c *check) ranges(e *env, w int) string {
	var left strings.Builder
	left.WriteString("   ")
	for i, d := range spans() {
		name := fmt.Sprintf("%d h", int(d.Hours()))
		if d > 24*time.Hour {
			name = e.t("ui.days", int(d.Hours())/24)
		}
		if i == c.span {
			left.WriteString(e.style.bold.Render(e.style.tabL + name + e.style.tabR))
		} else {
			left.WriteString(" " + name + " ")
		}
		left.WriteString(" ")
	}
	s, choice := spreadOf(c.hist), strings.TrimRight(left.String(), " ")
	if !c.ready || s.max == 0 {
		return e.style.fit(choice, w)
	}
	about := ""
	if s.about {
		about = "~"
	}
	l := func(d time.Duration) string { return e.show(text.Latency(e.Options.Lang, d)) }
	dot := " " + e.style.dot + " "
	p50, p95 := "p50 "+about+l(s.p50), "p95 "+about+l(s.p95)
	for _, right := range []string{p50 + dot + p95 + dot + "max " + l(s.max) + dot + e.style.fails + " " + e.t("ui.failed_sign"),
		p50 + dot + p95 + dot + "max " + l(s.max), p50 + dot + p95, p95} {
		if cells(choice)+cells(right)+2 <= w {
			return e.style.ends(choice, right+" ", w)
		}
	}
	return e.style.fit(choice, w)
}

// days draws the bar of 90 days with its legend.
func (c *check) days(e *env, w, h int) []string {
	if !c.ready || len(c.hist.Days) == 0 {
		return nil
	}
	label := "   " + e.t("ui.col_days") + "  "
	n := min(len(c.hist.Days), w-cells(label)-12)
	per := (len(c.hist.Days) + n - 1) / max(1, n)
	n = (len(c.hist.Days) + per - 1) / per
	total := merge(c.hist.Days)
	avail := e.style.dash
	if total.Total > 0 {
		avail = percent(e.Options.Lang, 1-float64(total.Bad)/float64(total.Total)) + e.t("ui.percent")
	}
	out := []string{label + daysBar(e, c.hist.Days, n) + "  " + avail}
	if h >= 22 {
		b := e.style.blocks
		out = append(out, strings.Repeat(" ", cells(label))+e.style.dim.Render(e.t("ui.days_legend", b[0], b[1], b[2], b[4], b[7], e.style.nothing)))
	}
	return out
}

// below are the conditions, the history and the last answer, side by side where there is room.
func (c *check) below(e *env, p *incidents.CheckPicture, w, h int) []string {
	facts, past := c.facts(e, p, factsWidth(w)), c.past(e)
	var out []string
	if h >= 20 {
		out = append(out, "")
	}
	if w >= 70 {
		half := w / 2
		n := max(len(facts), len(past))
		for i := range n {
			l, r := "", ""
			if i < len(facts) {
				l = facts[i]
			}
			if i < len(past) {
				r = past[i]
			}
			out = append(out, e.style.fit(l, half-1)+" "+e.style.fit(r, w-half))
		}
	} else {
		out = append(out, facts...)
		for _, l := range past {
			out = append(out, " "+l)
		}
	}
	last := p.State.Last
	if c.hand != nil && c.hand.At.After(last.At) {
		last = *c.hand
	}
	for i, l := range wrap(e.show(last.Detail), w-6) {
		if i == 0 && last.Detail != "" {
			out = append(out, "", " "+e.style.bold.Render(e.t("ui.last_answer")))
		}
		if l != "" {
			out = append(out, "   "+l)
		}
	}
	return out
}

// factsWidth is how wide the column of the conditions is.
func factsWidth(w int) int {
	if w >= 70 {
		return w/2 - 1
	}
	return w
}

func (c *check) facts(e *env, p *incidents.CheckPicture, w int) []string {
	last := p.State.Last
	title := e.t("ui.last_check") + " " + text.ClockSeconds(e.local(last.At))
	if c.hand != nil && c.hand.At.After(last.At) {
		last = *c.hand
		title = e.t("ui.by_hand") + " " + text.ClockSeconds(e.local(last.At))
	}
	if last.At.IsZero() {
		return []string{" " + e.style.bold.Render(e.t("ui.never_measured"))}
	}
	out := []string{" " + e.style.bold.Render(title), "   " + e.msg(last.Message)}
	want := 0
	for _, f := range last.Facts { // what was found is often longer than what was wanted: the column is as wide as it must be
		want = max(want, min(cells(e.msg(f.Want)), w-9-min(cells(e.msg(f.Got)), w/3)))
	}
	for _, f := range last.Facts {
		sign := e.style.tick
		if !f.OK {
			sign = e.style.stateStyle(incidents.Down).Render(e.style.cross)
		}
		line := "   " + sign + "  " + e.style.fit(e.msg(f.Want), want) + "  " + e.msg(f.Got)
		out = append(out, line)
	}
	return out
}

// past lists how the check's state changed, newest first.
func (c *check) past(e *env) []string {
	if len(c.hist.Changes) == 0 {
		return nil
	}
	out := []string{e.style.bold.Render(e.t("ui.past"))}
	wide := 0
	whens := make([]string, len(c.hist.Changes))
	for i, t := range c.hist.Changes {
		whens[i] = c.when(e, t)
		wide = max(wide, cells(whens[i]))
	}
	for i, t := range c.hist.Changes {
		st := checkStanding(t.To)
		out = append(out, e.style.fit(whens[i], wide)+"  "+e.style.state(st)+" "+e.word(st)+"  "+e.msg(t.Message))
	}
	return out
}

// when is the moment at which a state began: the time of a day that is not over, else the day as well.
func (c *check) when(e *env, t checks.Transition) string {
	at := e.local(t.Since)
	if t.Since.IsZero() {
		at = e.local(t.At)
	}
	switch {
	case e.now.Sub(at) <= 20*time.Hour:
		return at.Format("15:04:05")
	case e.Options.Lang == text.English:
		return at.Format("2 Jan 15:04")
	}
	return at.Format("02.01. 15:04")
}

// equivalent is a command for the shell that asks what the check asks. Header values may be secret and are left to the
// person.
func equivalent(c checks.Check) string {
	switch {
	case c.HTTP != nil:
		cmd := "curl -sS -i"
		if m := method(c.HTTP); m != "GET" {
			cmd += " -X " + quote(m)
		}
		if c.HTTP.Redirects > 0 {
			cmd += fmt.Sprintf(" -L --max-redirs %d", c.HTTP.Redirects)
		}
		if c.HTTP.Insecure {
			cmd += " -k"
		}
		return cmd + fmt.Sprintf(" --max-time %g ", c.Timeout.Seconds()) + quote(c.HTTP.URL)
	case c.TCP != nil:
		return "nc -vz " + hostPort(c.TCP.Address)
	case c.TLS != nil:
		cmd := "openssl s_client -connect " + quote(c.TLS.Address)
		if c.TLS.ServerName != "" {
			cmd += " -servername " + quote(c.TLS.ServerName)
		}
		return cmd + " </dev/null"
	case c.Command != nil:
		parts := make([]string, len(c.Command.Argv))
		for i, a := range c.Command.Argv {
			parts[i] = quote(a)
		}
		return strings.Join(parts, " ")
	}
	return ""
}

func hostPort(a string) string {
	i := strings.LastIndexByte(a, ':')
	if i < 0 {
		return quote(a)
	}
	return quote(strings.Trim(a[:i], "[]")) + " " + quote(a[i+1:])
}

// quote writes a word for a POSIX shell.
func quote(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@%+,=") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
