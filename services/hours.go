package services

import (
	"slices"
	"time"
)

const (
	dayMinutes  = 24 * 60
	weekMinutes = 7 * dayMinutes
)

// Hours are weekly service hours in a subset of the OpenStreetMap notation: "24/7", "Mo-Fr 06:00-22:00; Sa 08:00-12:00".
// Days without a rule are closed; a later rule replaces an earlier one for its days; "Sa off" closes a day; a span may end after
// midnight (22:00-02:00, still the rule of the day on which it began) or at 24:00. "PH off" is read and has no effect, because
// public holidays are not known yet. The zero value means always open.
type Hours struct {
	src  string
	open []span // of the week from Sunday 00:00, sorted, none touching another
	set  bool   // false means always
}

// span is a stretch of local clock time in minutes, from < to.
type span struct{ from, to int }

// String gives the notation as it was written; "24/7" for the zero value.
func (h Hours) String() string {
	if h.src == "" {
		return "24/7"
	}
	return h.src
}

// Always tells whether the service is promised around the clock.
func (h Hours) Always() bool { return !h.set }

// Contains tells whether t, read on the clock of t's own zone, lies within the hours.
func (h Hours) Contains(t time.Time) bool {
	if h.Always() {
		return true
	}
	at := weekSecond(t) / 60
	return slices.ContainsFunc(h.open, func(s span) bool { return s.from <= at && at < s.to })
}

// NextChange gives the next moment after t at which Contains changes; the zero time if never.
func (h Hours) NextChange(t time.Time) time.Time {
	if h.Always() || len(h.open) == 0 {
		return time.Time{}
	}
	t = t.Round(0)
	in := h.Contains(t)
	// Between two changes of the clock (summer time) the local time runs evenly; at such a change it may jump in or out.
	// The hours change every week, clocks far less often: the loop ends after a round or two.
	for range 100 {
		next := h.boundary(t)
		_, clockChange := t.ZoneBounds()
		if clockChange.IsZero() || next.Before(clockChange) {
			return next
		}
		if h.Contains(clockChange) != in {
			return clockChange
		}
		t = clockChange
	}
	return time.Time{}
}

// boundary gives the next moment after t at which a span begins or ends on a clock that runs evenly.
func (h Hours) boundary(t time.Time) time.Time {
	at := weekSecond(t)
	best := 2 * weekMinutes * 60
	for _, s := range h.open {
		for _, minute := range [...]int{s.from, s.to} {
			if minute%weekMinutes == 0 && h.joinsWeeks() {
				continue
			}
			wait := minute*60 - at
			if wait <= 0 {
				wait += weekMinutes * 60
			}
			best = min(best, wait)
		}
	}
	return t.Add(time.Duration(best)*time.Second - time.Duration(t.Nanosecond()))
}

// joinsWeeks tells whether a stretch of open time goes on from Saturday's midnight into Sunday.
func (h Hours) joinsWeeks() bool {
	return h.open[0].from == 0 && h.open[len(h.open)-1].to == weekMinutes
}

func weekSecond(t time.Time) int {
	hour, minute, second := t.Clock()
	return int(t.Weekday())*dayMinutes*60 + hour*3600 + minute*60 + second
}

// weekly puts the days' spans (which may reach into the next day) into one week and joins those that touch.
func weekly(days [7][]span) []span {
	var all []span
	for day, spans := range days {
		for _, s := range spans {
			from, to := s.from+day*dayMinutes, s.to+day*dayMinutes
			all = append(all, span{from, min(to, weekMinutes)})
			if to > weekMinutes {
				all = append(all, span{0, to - weekMinutes})
			}
		}
	}
	slices.SortFunc(all, func(a, b span) int { return a.from - b.from })
	var out []span
	for _, s := range all {
		if n := len(out) - 1; n >= 0 && s.from <= out[n].to {
			out[n].to = max(out[n].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
}
