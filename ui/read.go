package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"lage/incidents"
	"lage/internal/text"
)

// listen waits for the next change; nothing happens while there is none.
func (a *App) listen() tea.Cmd {
	c := a.e.Changes
	if c == nil {
		return nil
	}
	return func() tea.Msg {
		if _, ok := <-c; !ok {
			return nil
		}
		return wakeMsg{}
	}
}

// reload reads the picture again: now, or a little later where it was just read.
func (a *App) reload() tea.Cmd {
	if a.reading {
		a.again = true
		return nil
	}
	a.reading = true
	if wait := readEvery - a.e.now.Sub(a.lastRead); wait > 0 && wait <= readEvery {
		return a.after(wait, readNowMsg{})
	}
	return a.read()
}

func (a *App) read() tea.Cmd {
	a.lastRead = a.e.now
	r := a.e.Reader
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		p, err := r.Picture(ctx)
		return readMsg{picture: p, err: err}
	}
}

func (a *App) readTrends() tea.Cmd {
	a.lastTrends = a.e.now
	r := a.e.Reader
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), 2*patience)
		defer cancel()
		t, err := r.Trends(ctx)
		return trendsMsg{trends: t, err: err}
	}
}

// took takes a picture that was read: the screens learn of it, and a new incident rings once.
func (a *App) took(m readMsg) tea.Cmd {
	a.reading = false
	if a.lastRead.IsZero() {
		a.lastRead = a.e.now
	}
	var cmds []tea.Cmd
	if a.again {
		a.again = false
		cmds = append(cmds, a.reload())
	}
	if m.err != nil {
		a.failed = text.M("ui.unreadable", m.err.Error())
		return tea.Batch(cmds...)
	}
	a.failed = text.Message{}
	a.e.picture = m.picture
	a.e.pictures++
	a.e.listen()
	cmds = append(cmds, a.ring())
	for _, s := range a.stack {
		cmds = append(cmds, s.Update(&a.e, changedMsg{}))
	}
	if a.dialog != nil {
		cmds = append(cmds, a.toDialog(changedMsg{}))
	}
	if a.e.now.Sub(a.lastTrends) >= trendsEvery {
		cmds = append(cmds, a.readTrends())
	}
	return tea.Batch(cmds...)
}

func (a *App) tookTrends(m trendsMsg) {
	if m.err != nil {
		return // the charts stay as they were; the picture's own error is shown
	}
	a.e.trends = m.trends
	a.e.trendsAt++
}

// ring sounds the bell once for incidents that are new and that nobody has acknowledged.
func (a *App) ring() tea.Cmd {
	first := len(a.known) == 0
	var cmd tea.Cmd
	for _, in := range a.e.picture.Incidents {
		if a.known[in.ID] {
			continue
		}
		a.known[in.ID] = true
		if in.State == incidents.Detected && !first {
			a.say(text.M("ui.new_incident", incidents.Short(in.ID), in.Title), true)
			a.stays = false // the banner says it, too
			cmd = tea.Raw("\a")
		}
	}
	if first {
		a.known[""] = true
	}
	return cmd
}

// tick comes back when what is shown may have changed by time alone: at the next full minute, or sooner.
func (a *App) tick() tea.Cmd {
	d := a.e.now.Truncate(time.Minute).Add(time.Minute).Sub(a.e.now)
	if from := a.e.picture.Poller.SilentFrom(); from.After(a.e.now) {
		d = min(d, from.Sub(a.e.now))
	}
	return a.after(min(d, tickEvery)+time.Millisecond, tickMsg{})
}
