package services

import (
	"slices"
	"time"
)

// Rota says who is on call when: contacts take turns. Shifts change at the same time of day by the clock of the zone, so
// that in the nights in which clocks change a shift is an hour shorter or longer, and nobody's place is empty.
// The zero value is no rota.
type Rota struct {
	Order     []string // contact IDs
	Start     Date     // first day of the first one's first shift; before it nobody is on call
	At        time.Duration
	Days      int // how many days a shift lasts; 0 means seven
	Zone      *time.Location
	Overrides []Override // the last that fits counts
}

// Override puts somebody else on call, from the hand-over time of its first day to that of the day Until.
type Override struct {
	From, Until Date
	Contact     string
}

// Shift is a stretch of time for which one contact is on call.
type Shift struct {
	Contact     string
	From, Until time.Time
}

// IsZero tells whether there is no rota.
func (r Rota) IsZero() bool { return len(r.Order) == 0 }

// clock gives the moment of the hand-over on a numbered day.
func (r Rota) clock(day int) time.Time {
	zone := r.Zone
	if zone == nil {
		zone = time.UTC
	}
	d := dated(day)
	return time.Date(d.Year, d.Month, d.Day, 0, int(r.At/time.Minute), 0, 0, zone)
}

// dayAt gives the number of the day whose hand-over was the last before t, or at t.
func (r Rota) dayAt(t time.Time) int {
	day := DateOf(t.In(r.clock(0).Location())).number()
	if t.Before(r.clock(day)) {
		day--
	}
	return day
}

// ShiftAt gives the shift at a moment; ok is false where nobody is on call.
func (r Rota) ShiftAt(t time.Time) (s Shift, ok bool) {
	if r.IsZero() {
		return Shift{}, false
	}
	day := r.dayAt(t)
	who, ok := r.on(day)
	if !ok {
		return Shift{}, false
	}
	same := func(day int) bool { c, ok := r.on(day); return ok && c == who }
	from, until := day, day+1
	for same(from-1) && day-from < longestShift {
		from--
	}
	for same(until) && until-day < longestShift {
		until++
	}
	return Shift{Contact: who, From: r.clock(from), Until: r.clock(until)}, true
}

// longestShift is how many days to each side the ends of a shift are looked for.
const longestShift = 366

// on gives who is on call from the hand-over of a numbered day to that of the next.
func (r Rota) on(day int) (string, bool) {
	for _, o := range slices.Backward(r.Overrides) {
		if day >= o.From.number() && day < o.Until.number() {
			return o.Contact, true
		}
	}
	since := day - r.Start.number()
	if since < 0 {
		return "", false
	}
	days := r.Days
	if days <= 0 {
		days = 7
	}
	return r.Order[since/days%len(r.Order)], true
}

// OnCall gives who is to be called for a contact at a moment, out of all contacts: who is on call where it has a rota, and that
// one's first deputy who can be reached where it cannot be itself. A shift is given where there is a rota. Nobody is on
// call: the contact itself, which may have no channels.
func OnCall(all map[string]Contact, id string, t time.Time) (Contact, Shift) {
	c := all[id]
	shift, ok := c.Rota.ShiftAt(t)
	if member, known := all[shift.Contact]; ok && known {
		c = member
	}
	if !c.Hours.Contains(t) {
		for _, d := range c.Deputies {
			if deputy, known := all[d]; known && deputy.Hours.Contains(t) {
				return deputy, shift
			}
		}
	}
	return c, shift
}
