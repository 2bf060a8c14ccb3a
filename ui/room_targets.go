package ui

import (
	"cmp"
	"slices"
	"time"

	"lage/incidents"
)

// owed lists what has still to be reached in an open incident, the most pressing first.
func (r *room) owed(e *env) []incidents.Target {
	if !r.data.Incident.Open() {
		return nil
	}
	list := r.data.Targets(e.Options.Zone, e.now)
	list = slices.DeleteFunc(list, func(t incidents.Target) bool { return !t.Open() })
	slices.SortStableFunc(list, func(a, b incidents.Target) int { return cmp.Compare(a.Left, b.Left) })
	return list
}

// targetWords counts down, and up once it is too late: reversed then, so that it shows without colours too.
func targetWords(e *env, t incidents.Target) string {
	switch {
	case t.Missed():
		return e.style.loud[standingIndex(incidents.Down)].Render(e.t("services.strip_late", countdown(e, -t.Left)))
	case t.Waits:
		return e.style.dim.Render(e.t("services.strip_waits", countdown(e, t.Left)))
	case t.Left*4 < t.Agreed:
		return e.style.tints[standingIndex(incidents.Degraded)].Render(e.t("services.strip_left", countdown(e, t.Left)))
	}
	return e.t("services.strip_left", countdown(e, t.Left))
}

// countdown is exact to the minute: what flickers by the second makes nobody faster.
func countdown(e *env, d time.Duration) string {
	if d < time.Minute {
		return "<1 min"
	}
	return e.duration(d.Truncate(time.Minute))
}
