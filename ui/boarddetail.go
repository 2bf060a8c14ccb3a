package ui

import (
	"strings"

	"lage/checks"
	"lage/incidents"
	"lage/internal/text"
)

// detailHeight is how many lines the selected service gets in h: the same for every service, so that the list stays
// where it is when the selection moves.
func detailHeight(h int) int {
	switch {
	case h >= 28:
		return 10
	case h >= 22:
		return 6
	case h >= 16:
		return 4
	case h >= 13:
		return 3
	}
	return 0
}

// detail is what is known of the selected service, in n lines. It changes with the picture alone.
func (b *board) detail(e *env, w, n int) []string {
	k := &b.below
	if k.selected != b.selected || k.w != w || k.h != n || k.pictures != e.pictures || k.style != e.style {
		*k = cachedLines{b.selected, w, n, e.pictures, e.style, nil}
		k.lines = []string{e.style.rule(w)}[:min(n, 1)]
		if s := e.service(b.selected); s != nil && n > 0 {
			k.lines = drawDetail(e, s, w, n)
		}
	}
	return k.lines
}

func drawDetail(e *env, s *incidents.ServicePicture, w, n int) []string {
	head := e.style.hbar + " " + e.style.bold.Render(e.serviceTitle(s.Service.ID)) + " "
	out := []string{head + e.style.rule(w-cells(head))}
	label := 5
	for _, t := range []string{e.t("ui.last_check"), e.t("ui.depends_on"), e.t("ui.checks"), e.t("ui.responsible")} {
		label = max(label, cells(t)+5)
	}
	line := func(name, value string) {
		if value != "" && len(out) < n {
			out = append(out, e.style.fit(e.style.fit("   "+e.style.dim.Render(name), label)+value, w))
		}
	}
	line(e.t("ui.last_check"), lastWords(e, worstCheck(s)))
	if n >= 10 && len(s.Checks) > 1 && len(s.Checks) <= 5 {
		wide := 0
		for i := range s.Checks {
			wide = max(wide, min(cells(e.show(shortName(s.Checks[i].Check))), w/3))
		}
		for i := range s.Checks {
			name := ""
			if i == 0 {
				name = e.t("ui.checks")
			}
			line(name, checkWords(e, &s.Checks[i], wide))
		}
	} else if len(s.Checks) > 1 {
		line(e.t("ui.checks"), checksWords(e, s))
	}
	line(e.t("ui.depends_on"), dependsWords(e, s))
	line(e.t("ui.runbook"), e.show(runbookOf(s)))
	line(e.t("ui.responsible"), e.show(joinFilled(" "+e.style.dot+" ", s.Service.Team, s.Service.Owner)))
	for len(out) < n {
		out = append(out, strings.Repeat(" ", w))
	}
	return out
}

// checkWords is one check on a line of its own, its name wide cells wide.
func checkWords(e *env, c *incidents.CheckPicture, wide int) string {
	t := e.style.state(checkStanding(c.State.Status)) + " " + e.style.fit(e.show(shortName(c.Check)), wide) + "  "
	if c.State.Failing() {
		t += e.t("ui.failing", c.State.Failures, failAfter(c.Check)) + " " + e.style.dot + " "
	}
	return t + e.msg(c.State.Last.Message)
}

func lastWords(e *env, c *incidents.CheckPicture) string {
	if c == nil {
		return ""
	}
	if c.State.Last.At.IsZero() {
		return e.t("ui.never_measured")
	}
	words := text.ClockSeconds(e.local(c.State.Last.At)) + "  " + e.msg(c.State.Last.Message)
	if n := c.State.Failures; n > 1 {
		words += " " + e.style.dot + " " + e.t("ui.in_a_row", n)
	}
	return words
}

func checksWords(e *env, s *incidents.ServicePicture) string {
	var parts []string
	for i := range s.Checks {
		c := &s.Checks[i]
		t := e.style.state(checkStanding(c.State.Status)) + " " + e.show(shortName(c.Check))
		if c.State.Failing() {
			t += " (" + e.t("ui.failing", c.State.Failures, failAfter(c.Check)) + ")"
		}
		parts = append(parts, t)
	}
	return strings.Join(parts, "   ")
}

// shortName is a check's name without its service.
func shortName(c checks.Check) string {
	if c.Name != "" {
		return c.Name
	}
	if _, short, ok := strings.Cut(c.ID, "/"); ok {
		return short
	}
	return c.ID
}

func dependsWords(e *env, s *incidents.ServicePicture) string {
	var parts []string
	for _, id := range s.Service.DependsOn {
		st := incidents.Unknown
		if d := e.service(id); d != nil {
			st = d.Standing
		}
		t := e.style.state(st) + " " + e.serviceTitle(id)
		if st == incidents.Down {
			t += " " + e.t("ui.likely_cause")
		}
		parts = append(parts, t)
	}
	return strings.Join(parts, "   ")
}

// runbookOf is the runbook that helps with what is wrong with a service.
func runbookOf(s *incidents.ServicePicture) string {
	if c := worstCheck(s); c != nil && c.Check.Runbook != "" {
		return c.Check.Runbook
	}
	return s.Service.Runbook
}

func joinFilled(sep string, parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, sep)
}
