package services

import (
	"slices"
	"sync"
	"time"
)

const (
	dayMinutes  = 24 * 60
	daySeconds  = dayMinutes * 60
	weekMinutes = 7 * dayMinutes
)

// Hours are service hours, written in the notation that OpenStreetMap uses for opening_hours (its specification, version
// 0.7.2: https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification). Read are
//
//   - "24/7"; days "Mo-Fr", "Fr-Mo,We", "Su[1]", "Fr[-1]" (the first Sunday, the last Friday of a month), "PH" (public holidays);
//   - times "08:00-12:00,13:00-16:00"; a span may end at 24:00 or on the next day (22:00-02:00) and belongs to the day on which
//     it began;
//   - dates "Dec", "Jul-Aug", "Dec 24,31", "Dec 24-Jan 2", "2026 Aug 1-15", "2026", "2026-2027", "easter", "easter -2 days", also
//     together with days: "Dec Sa";
//   - "off" or "closed" for a day or, with times, for a part of it; "open" may be said; a comment in double quotes after either
//     changes nothing.
//
// Rules stand one after the other. One after ";" replaces all earlier ones on the days it names; one after "," adds to them; one
// with times and "off" only takes these away. "PH off" therefore stands last. Days without a rule are closed. What else the
// specification has (weeks of the year, school holidays, sunrise, open ends, fallback rules, unknown) is refused by name: a promise
// needs times that everybody can read.
//
// Hours are read on the clock of the zone that In has given them, and on that of a time's own zone where it has not: never of where
// somebody looks at them from. When clocks are put forward, what they skip is no time at all; when they
// are put back, what they show twice is promised twice. The zero value means always open. Hours may be used by many at once.
type Hours struct{ cal *calendar }

// calendar is what the hours are made of, and the years that have been worked out so far.
type calendar struct {
	versions []version // the oldest first; what is before the first is always open
	holidays Versions[Holidays]
	zone     *time.Location // nil means that of the time that is asked about
	always   bool
	mu       sync.Mutex
	years    map[int][]span
}

// version is one text and what it says. first is the number of the day from which it holds.
type version struct {
	from   Date
	src    string
	rules  []rule
	always bool
}

// span is a stretch of local clock time in minutes, from < to.
type span struct{ from, to int }

// HoursVersions makes one calendar of hours that replaced each other. Of each one its own latest version counts. Before the
// first one with a date nothing was agreed: that is always open, as where no hours are given.
func HoursVersions(list Versions[Hours]) Hours {
	c := &calendar{always: true}
	for _, l := range list {
		v := version{src: "24/7", always: true}
		if l.Value.cal != nil {
			v = l.Value.cal.versions[len(l.Value.cal.versions)-1]
			c.holidays = l.Value.cal.holidays
		}
		v.from = l.From
		c.versions = append(c.versions, v)
		c.always = c.always && v.always
	}
	if len(c.versions) == 0 {
		return Hours{}
	}
	slices.SortStableFunc(c.versions, func(a, b version) int {
		switch {
		case a.from.Before(b.from):
			return -1
		case b.from.Before(a.from):
			return 1
		}
		return 0
	})
	return Hours{c}
}

// WithHolidays gives the hours with the days that "PH" stands for.
func (h Hours) WithHolidays(list Versions[Holidays]) Hours {
	if h.cal == nil {
		return h
	}
	return Hours{&calendar{versions: h.cal.versions, always: h.cal.always, zone: h.cal.zone, holidays: list}}
}

// In gives the hours on the clocks of a zone.
func (h Hours) In(zone *time.Location) Hours {
	if h.cal == nil {
		return h
	}
	return Hours{&calendar{versions: h.cal.versions, always: h.cal.always, zone: zone, holidays: h.cal.holidays}}
}

// local puts t on the clock on which the hours are read.
func (h Hours) local(t time.Time) time.Time {
	if h.cal == nil || h.cal.zone == nil {
		return t
	}
	return t.In(h.cal.zone)
}

// String gives the notation of the latest version as it was written; "24/7" for the zero value.
func (h Hours) String() string {
	if h.cal == nil {
		return "24/7"
	}
	return h.cal.versions[len(h.cal.versions)-1].src
}

// On gives the notation that holds on a day, and since when; a zero Date where it has held ever since.
func (h Hours) On(d Date) (notation string, since Date) {
	if h.cal != nil {
		if v := h.cal.on(d); v != nil {
			return v.src, v.from
		}
	}
	return "24/7", Date{}
}

// Always tells whether the service is and was promised around the clock.
func (h Hours) Always() bool { return h.cal == nil || h.cal.always }

// Contains tells whether t lies within the hours.
func (h Hours) Contains(t time.Time) bool { return h.Always() || h.cal.contains(clockOf(h.local(t))) }

// NextChange gives the next moment after t at which Contains changes, in t's zone; the zero time if never, or not within
// forty years.
func (h Hours) NextChange(t time.Time) time.Time {
	if h.Always() {
		return time.Time{}
	}
	w := h.walk(t)
	if at := w.next(); !at.IsZero() {
		return at.In(t.Location())
	}
	return time.Time{}
}

// Opening gives t where t lies within the hours, otherwise the next moment at which they begin; the zero time if never.
func (h Hours) Opening(t time.Time) time.Time {
	if h.Contains(t) {
		return t
	}
	return h.NextChange(t)
}

// Closing gives t where t lies outside the hours, otherwise the next moment at which they end; the zero time if never.
func (h Hours) Closing(t time.Time) time.Time {
	if !h.Contains(t) {
		return t
	}
	return h.NextChange(t)
}

// UsesHolidays tells whether "PH" stands in the notation of any version.
func (h Hours) UsesHolidays() bool {
	return h.cal != nil && slices.ContainsFunc(h.cal.versions, func(v version) bool {
		return slices.ContainsFunc(v.rules, func(r rule) bool { return r.days[holiday] })
	})
}

// on gives the version that holds on a day; nil before the first one.
func (c *calendar) on(d Date) *version {
	for i := len(c.versions) - 1; i >= 0; i-- {
		if v := &c.versions[i]; !d.Before(v.from) {
			return v
		}
	}
	return nil
}

// clockOf gives what the clocks of t's zone show, counted in seconds since they showed the beginning of 1970.
func clockOf(t time.Time) int64 {
	_, offset := t.Zone()
	return t.Unix() + int64(offset)
}

// contains tells whether the hours are open when clocks show a moment.
func (c *calendar) contains(clock int64) bool {
	year, minute := split(clock)
	_, in := slices.BinarySearchFunc(c.year(year), minute, holds)
	return in
}

// split takes a moment apart into its year and the minute of it.
func split(clock int64) (year, minute int) {
	year = time.Unix(clock, 0).UTC().Year()
	seconds := clock - int64(dayNumber(year, 1, 1))*daySeconds
	return year, int(seconds / 60)
}

// holds compares a span with a minute, for a binary search.
func holds(s span, minute int) int {
	switch {
	case s.to <= minute:
		return -1
	case s.from > minute:
		return 1
	}
	return 0
}

// horizon is how many years the next change is looked for: the longest that a day of the year may wait for its weekday is a
// 29 February across a year such as 2100.
const horizon = 41

// change gives the next moment after clock at which an evenly running clock finds the hours changed; false if never.
func (c *calendar) change(clock int64, open bool) (int64, bool) {
	year, minute := split(clock)
	for range horizon {
		spans, length := c.year(year), (dayNumber(year+1, 1, 1)-dayNumber(year, 1, 1))*dayMinutes
		i, in := slices.BinarySearchFunc(spans, minute, holds)
		at := length // goes on as it is into the next year
		switch {
		case open && in:
			at = spans[i].to
		case open:
			at = minute // closed from the first minute of the year on
		case i < len(spans):
			at = spans[i].from
		}
		if at < length {
			return (int64(dayNumber(year, 1, 1))*dayMinutes + int64(at)) * 60, true
		}
		year, minute = year+1, 0
	}
	return 0, false
}

// walker goes from change to change. It remembers how long the clock runs evenly, which is dear to ask each time.
type walker struct {
	cal    *calendar
	at     time.Time
	open   bool
	offset int64
	even   time.Time // when the clocks are next changed; zero if never
}

func (h Hours) walk(t time.Time) walker {
	w := walker{cal: h.cal, at: h.local(t).Round(0), open: h.Contains(t)}
	w.settle()
	return w
}

func (w *walker) settle() {
	_, offset := w.at.Zone()
	w.offset = int64(offset)
	_, w.even = w.at.ZoneBounds()
}

// next goes to the next change and gives it; the zero time if there is none.
func (w *walker) next() time.Time {
	if w.cal == nil || w.cal.always {
		return time.Time{}
	}
	for {
		clock, ok := w.cal.change(w.at.Unix()+w.offset, w.open)
		if !ok {
			return time.Time{}
		}
		at := time.Unix(clock-w.offset, 0).In(w.at.Location())
		if w.even.IsZero() || at.Before(w.even) {
			w.at, w.open = at, !w.open
			return at
		}
		// Here the clock jumps, in or out perhaps.
		w.at = w.even
		w.settle()
		if w.cal.contains(w.at.Unix()+w.offset) != w.open {
			w.open = !w.open
			return w.at
		}
	}
}
