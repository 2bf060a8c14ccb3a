package ui

import (
	"cmp"
	"slices"
	"time"

	"lage/incidents"
	"lage/internal/text"
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

// className is what people call the incident's class; empty for incidents of before there were classes.
func (r *room) className(e *env) string { return e.show(r.data.Class.Title(string(e.Options.Lang))) }

// targetWords counts down, and up once it is too late: reversed then, so that it shows without colours too.
func targetWords(e *env, t incidents.Target) string {
	switch {
	case t.Missed():
		return e.style.loud[standingIndex(incidents.Down)].Render(e.t("services.strip_late", countdown(e, -t.Left, time.Hour)))
	case t.Waits:
		return e.style.dim.Render(e.t("services.strip_waits", countdown(e, t.Left, 10*time.Hour)))
	case t.Left*4 < t.Agreed:
		return e.style.tints[standingIndex(incidents.Degraded)].Render(e.t("services.strip_left", countdown(e, t.Left, 10*time.Hour)))
	}
	return e.t("services.strip_left", countdown(e, t.Left, 10*time.Hour))
}

// countdown is exact to the minute, since what flickers by the second makes nobody faster, and to the hour for spans that are
// coarse: the words must fit into a column whole.
func countdown(e *env, d, coarse time.Duration) string {
	switch {
	case d < time.Minute:
		return "<1 min"
	case d >= coarse:
		d = d.Truncate(time.Hour)
	}
	return e.show(text.Hours(e.Options.Lang, d.Truncate(time.Minute)))
}

// lasts writes how long the incident lasts, or lasted.
func (r *room) lasts(e *env) string {
	if r.data.Incident.Open() {
		return e.age(r.lasted(e.now))
	}
	return e.duration(r.lasted(e.now).Truncate(time.Second))
}

// lasted is the length of the incident so far, or in all.
func (r *room) lasted(now time.Time) time.Duration {
	inc := r.data.Incident
	end := now
	if !inc.Open() {
		end = inc.Resolved
		if !inc.Recovered.IsZero() {
			end = inc.Recovered
		}
	}
	return max(0, end.Sub(inc.Started))
}
