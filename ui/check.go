package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"lage/checks"
	"lage/incidents"
	"lage/internal/text"
)

var (
	keyRange = bind("ui.key_range", "ui.help_range", "left", "right", "h", "l").as("←→")
	keyTest  = bind("ui.key_test", "ui.help_test", "t")
	keyCopy  = bind("ui.key_copy", "ui.help_copy", "c")
	keyNext  = bind("ui.key_next_check", "ui.help_next_check", "pgdown", "pgup").as("pgup pgdn")
)

// spans are the ranges of the chart.
func spans() []time.Duration {
	const day = 24 * time.Hour
	return []time.Duration{time.Hour, 6 * time.Hour, day, 7 * day, 30 * day, 90 * day}
}

// refreshLong is how often the history of a long range is read again; a short one follows every result.
const refreshLong = time.Minute

// check is one check's past and present.
type check struct {
	id    string
	span  int // of spans
	hist  History
	from  time.Time // the range that hist covers
	to    time.Time
	seen  time.Time // newest result when hist was read
	ready bool      // hist is there
	wait  bool      // hist is being read
	wrong text.Message
	hand  *checks.Result // the last test by hand
	tests bool           // a test by hand is running
}

type (
	historyMsg struct {
		id       string
		span     int
		from, to time.Time
		hist     History
		err      error
	}
	testedMsg struct {
		id  string
		res checks.Result
		err error
	}
)

func newCheck(id string) *check { return &check{id: id, span: 2} }

func (c *check) Title(e *env) string {
	s, p := c.find(e)
	if p == nil {
		return e.show(c.id)
	}
	return e.t("ui.board") + e.style.crumb() + e.serviceTitle(s.Service.ID) + e.style.crumb() + e.show(shortName(p.Check))
}

func (c *check) find(e *env) (*incidents.ServicePicture, *incidents.CheckPicture) {
	for i := range e.picture.Services {
		s := &e.picture.Services[i]
		for j := range s.Checks {
			if s.Checks[j].Check.ID == c.id {
				return s, &s.Checks[j]
			}
		}
	}
	return nil, nil
}

func (c *check) incidentID(e *env) string {
	s, _ := c.find(e)
	if s == nil {
		return ""
	}
	if in := e.incidentOf(s.Service.ID); in != nil {
		return in.ID
	}
	return ""
}

func (c *check) Keys(e *env) []binding {
	s, _ := c.find(e)
	return []binding{keyRange, keyTest.when(e.Tester != nil && !c.tests), keyCopy.when(s != nil), keyNext.when(s != nil && len(s.Checks) > 1)}
}

// Hint says when the check runs next and what helps.
func (c *check) Hint(e *env) string {
	s, p := c.find(e)
	switch {
	case p == nil:
		return e.t("ui.check_gone")
	case c.tests:
		return e.t("ui.testing")
	case p.State.Last.At.IsZero():
		return e.t("ui.never_measured")
	}
	next := e.t("ui.next_check", text.ClockSeconds(e.local(p.State.Last.At.Add(p.Check.Interval))))
	if book := runbookOf(s); book != "" {
		next += " " + e.style.dot + " " + e.t("ui.runbook_is", e.show(book))
	}
	return next
}

func (c *check) Update(e *env, msg tea.Msg) tea.Cmd {
	switch m := msg.(type) {
	case changedMsg:
		return c.refresh(e)
	case historyMsg:
		if m.id == c.id && m.span == c.span {
			c.take(m)
		}
	case testedMsg:
		if m.id == c.id {
			return c.tested(m)
		}
	case tea.KeyPressMsg:
		return c.press(e, m)
	}
	return nil
}

func (c *check) press(e *env, k tea.KeyPressMsg) tea.Cmd {
	switch {
	case keyRange.matches(k):
		step := 1
		if k.String() == "left" || k.String() == "h" {
			step = -1
		}
		c.span = min(max(c.span+step, 0), len(spans())-1)
		return c.load(e)
	case keyTest.matches(k) && !c.tests:
		return c.test(e)
	case keyCopy.matches(k):
		if _, p := c.find(e); p != nil {
			return tea.Batch(tea.SetClipboard(equivalent(p.Check)), flash(text.M("ui.copied", e.exact(equivalent(p.Check)))))
		}
	case keyNext.matches(k):
		return c.sibling(e, k.String() == "pgdown")
	}
	return nil
}

// sibling goes to the next check of the service, or the one before.
func (c *check) sibling(e *env, next bool) tea.Cmd {
	s, _ := c.find(e)
	if s == nil {
		return nil
	}
	for i := range s.Checks {
		if s.Checks[i].Check.ID != c.id {
			continue
		}
		n := len(s.Checks)
		to := (i + n - 1) % n
		if next {
			to = (i + 1) % n
		}
		if to == i {
			return nil
		}
		*c = check{id: s.Checks[to].Check.ID, span: c.span}
		return c.load(e)
	}
	return nil
}

// refresh reads the history again when there is a newer result: at once for short ranges, once a minute for long ones.
func (c *check) refresh(e *env) tea.Cmd {
	_, p := c.find(e)
	if c.wait || c.ready && (p == nil || !p.State.Last.At.After(c.seen)) {
		return nil
	}
	if c.ready && spans()[c.span] > 6*time.Hour && e.now.Sub(c.to) < refreshLong {
		return nil
	}
	return c.load(e)
}

func (c *check) load(e *env) tea.Cmd {
	if _, p := c.find(e); p != nil {
		c.seen = p.State.Last.At
	}
	c.wait = true
	id, span, to, reader := c.id, c.span, e.now, e.Reader
	from := to.Add(-spans()[span])
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		h, err := reader.History(ctx, id, from, to)
		return historyMsg{id: id, span: span, from: from, to: to, hist: h, err: err}
	}
}

func (c *check) take(m historyMsg) {
	c.wait = false
	if m.err != nil {
		c.wrong = text.M("ui.unreadable", m.err.Error())
		return
	}
	c.wrong, c.hist, c.from, c.to, c.ready = text.Message{}, m.hist, m.from, m.to, true
}

func (c *check) test(e *env) tea.Cmd {
	_, p := c.find(e)
	if p == nil || e.Tester == nil {
		return nil
	}
	c.tests = true
	id, tester, limit := c.id, e.Tester, p.Check.Timeout+patience
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		defer cancel()
		res, err := tester.Test(ctx, id)
		return testedMsg{id: id, res: res, err: err}
	}
}

func (c *check) tested(m testedMsg) tea.Cmd {
	c.tests = false
	if m.err != nil {
		return func() tea.Msg { return flashMsg{text: text.M("ui.test_failed", m.err.Error()), alarm: true} }
	}
	c.hand = &m.res
	return flash(text.M("ui.tested", m.res.Message))
}
