package services

import "time"

// ClockKind says which time a clock counts.
type ClockKind string

// The kinds of clocks. The zero value counts as CalendarTime.
const (
	CalendarTime ClockKind = "calendar" // all time
	ServiceTime  ClockKind = "service"  // only time within service hours
)

// maxChanges bounds how far into the future a deadline is looked for, in openings and closings: more than a century of days.
const maxChanges = 100_000

// Elapsed gives how much time within the hours lies between two moments; zero where to is
// not after from.
func (h Hours) Elapsed(from, to time.Time) time.Duration {
	if !to.After(from) {
		return 0
	}
	if h.Always() {
		return to.Sub(from)
	}
	var sum time.Duration
	for w := h.walk(from); w.at.Before(to); {
		at, open := w.at, w.open
		next := w.next()
		if next.IsZero() || next.After(to) {
			next = to
		}
		if open {
			sum += next.Sub(at)
		}
		if !next.Before(to) {
			break
		}
	}
	return sum
}

// Deadline gives the moment at which d of time within the hours has passed since t, in t's zone. A deadline that falls on a closing
// time is that closing time, not the next opening. Zero or less gives t. Where that much time never comes together it gives the
// zero time.
func (h Hours) Deadline(t time.Time, d time.Duration) time.Time {
	if d <= 0 || h.Always() {
		return t.Add(max(0, d))
	}
	w := h.walk(t)
	for range maxChanges {
		at, open := w.at, w.open
		next := w.next()
		switch {
		case open && (next.IsZero() || next.Sub(at) >= d):
			return at.Add(d).In(t.Location())
		case next.IsZero():
			return time.Time{}
		case open:
			d -= next.Sub(at)
		}
	}
	return time.Time{}
}

// Clock measures time as a class says: all of it, or only what lies within service hours. The zero value counts all.
type Clock struct {
	Kind  ClockKind
	Hours Hours          // of the service
	Zone  *time.Location // in which hours are read that have none of their own; nil means UTC
}

// Elapsed gives how much time counts between two moments; zero where to is not after from.
func (c Clock) Elapsed(from, to time.Time) time.Duration {
	if c.Kind == ServiceTime {
		return c.Hours.Elapsed(c.local(from), to)
	}
	return max(0, to.Sub(from))
}

// Deadline gives the moment, in UTC, at which d has passed since t; the zero time where it never will.
func (c Clock) Deadline(t time.Time, d time.Duration) time.Time {
	if c.Kind == ServiceTime {
		if at := c.Hours.Deadline(c.local(t), d); !at.IsZero() {
			return at.UTC()
		}
		return time.Time{}
	}
	return t.Add(max(0, d)).UTC()
}

// Runs tells whether time counts at a moment.
func (c Clock) Runs(t time.Time) bool {
	return c.Kind != ServiceTime || c.Hours.Contains(c.local(t))
}

func (c Clock) local(t time.Time) time.Time {
	if c.Zone == nil {
		return t.UTC()
	}
	return t.In(c.Zone)
}
