package services

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The model is a second reading of the notation's rules, as slow and plain as can be: it asks for each minute and each rule.
type (
	modelDate struct {
		year       int // 0: every year
		from, to   time.Month
		day, toDay int
	}
	modelRule struct {
		date      *modelDate
		days      map[int]bool // by weekday, 7 is a holiday; nil: every day
		times     [][2]int
		off, more bool
	}
	model struct {
		rules    []modelRule
		holidays map[string]bool
		// From a day on other rules hold.
		next   *model
		from   string
		counts map[time.Time][]bool // what live found
	}
)

// open asks whether a minute of a day (both as clocks show them) is within the hours.
func (m *model) open(day time.Time, minute int) bool {
	state := false
	yesterday := day.AddDate(0, 0, -1)
	older, newer := m.of(yesterday), m.of(day)
	paint := func(of *model, day time.Time, minute int) {
		live := of.live(day)
		for i, r := range of.rules {
			if !live[i] {
				continue
			}
			for _, t := range r.times {
				if t[0] <= minute && minute < t[1] {
					state = !r.off
				}
			}
		}
	}
	if older != newer {
		paint(older, yesterday, minute+1440)
		paint(newer, day, minute)
		return state
	}
	// Rule by rule, so that a later one wins over what an earlier one left from the day before.
	liveBefore, live := newer.live(yesterday), newer.live(day)
	for i, r := range newer.rules {
		for _, t := range r.times {
			if liveBefore[i] && t[0] <= minute+1440 && minute+1440 < t[1] || live[i] && t[0] <= minute && minute < t[1] {
				state = !r.off
			}
		}
	}
	return state
}

func (m *model) of(day time.Time) *model {
	if m.next != nil && day.Format(time.DateOnly) >= m.from {
		return m.next
	}
	return m
}

// live says which rules count for a day: those that fit and have not been replaced by a later one.
func (m *model) live(day time.Time) []bool {
	if out, ok := m.counts[day]; ok {
		return out
	}
	out := make([]bool, len(m.rules))
	for i, r := range m.rules {
		if r.date != nil && !r.date.has(day) {
			continue
		}
		if r.days != nil && !r.days[int(day.Weekday())] && !(r.days[7] && m.holidays[day.Format(time.DateOnly)]) {
			continue
		}
		if !r.more && (!r.off || len(r.times) == 0) || r.off && len(r.times) == 0 {
			clear(out)
		}
		out[i] = true
	}
	m.counts[day] = out
	return out
}

// has goes back day by day until it meets the beginning of the range, or its end.
func (d *modelDate) has(day time.Time) bool {
	for back := range 367 {
		at := day.AddDate(0, 0, -back)
		if back > 0 && at.Month() == d.to && at.Day() == d.toDay {
			return false
		}
		if at.Month() == d.from && at.Day() == d.day {
			return d.year == 0 || at.Year() == d.year
		}
	}
	return false
}

func clockText(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

func drawTimes(t *rapid.T, several int) (out [][2]int, written string) {
	var parts []string
	for range rapid.IntRange(1, several).Draw(t, "spans") {
		from := rapid.IntRange(0, 1439).Draw(t, "from") / 15 * 15
		to := rapid.IntRange(1, 1440).Draw(t, "to")
		if to == from {
			to = 1440
		}
		parts = append(parts, clockText(from)+"-"+clockText(to))
		if to < from {
			to += 1440
		}
		out = append(out, [2]int{from, to})
	}
	return out, strings.Join(parts, ",")
}

func drawDate(t *rapid.T, near time.Time) (*modelDate, string) {
	from := near.AddDate(0, 0, rapid.IntRange(-3, 4).Draw(t, "days off"))
	to := from.AddDate(0, 0, rapid.SampledFrom([]int{0, 1, 3, 40, 300}).Draw(t, "length"))
	if from.Day() == 29 && from.Month() == 2 || to.Day() == 29 && to.Month() == 2 { // tested by themselves
		from, to = from.AddDate(0, 0, 1), to.AddDate(0, 0, 1)
	}
	d := &modelDate{from: from.Month(), day: from.Day(), to: to.Month(), toDay: to.Day()}
	s := from.Format("Jan 2")
	if to != from {
		s += "-" + to.Format("Jan 2")
	}
	if rapid.Bool().Draw(t, "with year") {
		d.year = from.Year()
		s = fmt.Sprint(d.year, " ", s)
	}
	return d, s
}

func drawRule(t *rapid.T, first bool, near time.Time) (modelRule, string) {
	var r modelRule
	var parts []string
	if rapid.IntRange(0, 3).Draw(t, "dated") == 0 {
		d, s := drawDate(t, near)
		r.date, parts = d, append(parts, s)
	}
	if !first && r.date == nil || rapid.Bool().Draw(t, "has days") {
		r.days = map[int]bool{}
		from, to := rapid.IntRange(0, 6).Draw(t, "day"), rapid.IntRange(0, 6).Draw(t, "to day")
		for d := from; ; d = (d + 1) % 7 {
			r.days[d] = true
			if d == to {
				break
			}
		}
		s := dayNames[from] + "-" + dayNames[to]
		if rapid.IntRange(0, 2).Draw(t, "holidays") == 0 {
			r.days[7], s = true, s+",PH"
		}
		parts = append(parts, s)
	}
	r.off = rapid.IntRange(0, 3).Draw(t, "off") == 0
	if !r.off || rapid.Bool().Draw(t, "part off") {
		times, s := drawTimes(t, 3)
		r.times, parts = times, append(parts, s)
	}
	if r.off {
		parts = append(parts, "off")
	}
	return r, strings.Join(parts, " ")
}

func drawModel(t *rapid.T, near time.Time) (*model, string) {
	m := &model{holidays: map[string]bool{}, counts: map[time.Time][]bool{}}
	var b strings.Builder
	for i := range rapid.IntRange(1, 4).Draw(t, "rules") {
		r, s := drawRule(t, i == 0, near)
		switch {
		case i > 0 && rapid.IntRange(0, 2).Draw(t, "more") == 0:
			r.more = true
			b.WriteString(", ")
		case i > 0:
			b.WriteString("; ")
		}
		// A rule that begins with times would go on with those before it.
		m.rules = append(m.rules, r)
		b.WriteString(s)
	}
	return m, b.String()
}

// nights are stretches in which something happens to clocks or calendars, by zone.
func nights(t testing.TB) []time.Time {
	var out []time.Time
	for _, c := range []struct {
		zone string
		days []string
	}{
		{"Europe/Berlin", []string{"2026-03-28", "2026-10-24", "2026-12-30", "2028-02-28", "2026-02-27", "2027-05-15"}},
		{"Australia/Lord_Howe", []string{"2026-04-04", "2026-10-03"}},
		{"Asia/Kathmandu", []string{"1985-12-31", "2026-01-01"}},
		{"Pacific/Apia", []string{"2011-12-28"}},
		{"America/St_Johns", []string{"2006-04-01", "2026-11-01"}},
		{"Africa/Cairo", []string{"2026-04-23", "2026-10-29"}}, // at midnight
	} {
		for _, d := range c.days {
			day, err := time.ParseInLocation(time.DateOnly, d, zone(t, c.zone))
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, day)
		}
	}
	return out
}

// TestHoursModel compares hours of every kind with the model, minute by minute: whether it is open, when that changes, and
// how much time passes.
func TestHoursModel(t *testing.T) {
	starts := nights(t)
	rapid.Check(t, func(t *rapid.T) {
		start := rapid.SampledFrom(starts).Draw(t, "start")
		near := time.Date(start.Year(), start.Month(), start.Day(), 0, 0, 0, 0, time.UTC)
		m, written := drawModel(t, near)
		h, err := ParseHours(written)
		if err != nil {
			t.Fatalf("%q: %v", written, err)
		}
		var own Holidays
		if rapid.Bool().Draw(t, "holiday") {
			day := near.AddDate(0, 0, rapid.IntRange(-1, 3).Draw(t, "which"))
			m.holidays[day.Format(time.DateOnly)] = true
			o, _ := ParseOwnDay(day.Format(time.DateOnly))
			own.Extra = append(own.Extra, o)
		}
		if rapid.IntRange(0, 2).Draw(t, "versions") == 0 {
			later, writtenLater := drawModel(t, near)
			later.holidays = m.holidays
			day := near.AddDate(0, 0, rapid.IntRange(0, 3).Draw(t, "since"))
			m.next, m.from = later, day.Format(time.DateOnly)
			second, err := ParseHours(writtenLater)
			if err != nil {
				t.Fatalf("%q: %v", writtenLater, err)
			}
			h = HoursVersions(Versions[Hours]{{Value: h}, {From: DateOf(day), Value: second}})
			written += " then " + writtenLater + " since " + m.from
		}
		compare(t, h.WithHolidays(Since(own)), m, written, start.Add(-25*time.Minute))
	})
}

func compare(t *rapid.T, h Hours, m *model, written string, start time.Time) {
	const length = 3 * 24 * 60
	open := make([]bool, length)
	for i := range length {
		at := start.Add(time.Duration(i) * time.Minute)
		y, mo, d := at.Date()
		open[i] = m.open(time.Date(y, mo, d, 0, 0, 0, 0, time.UTC), at.Hour()*60+at.Minute())
		if h.Contains(at) != open[i] {
			t.Fatalf("%q at %v: got %v", written, at, !open[i])
		}
	}
	change, passed := time.Time{}, time.Duration(0)
	for i := length - 1; i > 0; i-- {
		at := start.Add(time.Duration(i) * time.Minute)
		if open[i] {
			passed += time.Minute
		}
		if next := h.NextChange(at.Add(17 * time.Second)); !change.IsZero() && !next.Equal(change) || change.IsZero() && !next.IsZero() && next.Before(start.Add(length*time.Minute)) {
			t.Fatalf("%q after %v changes at %v, want %v", written, at, next, change)
		}
		if open[i] != open[i-1] {
			change = at
		}
		if i%11 != 0 {
			continue
		}
		if got := h.Elapsed(at, start.Add(length*time.Minute)); got != passed {
			t.Fatalf("%q from %v on: %v pass, want %v", written, at, got, passed)
		}
		if open[i] && passed > time.Minute {
			if got := h.Deadline(at, passed); got.After(start.Add(length*time.Minute)) || h.Elapsed(at, got) != passed {
				t.Fatalf("%q: %v after %v is %v", written, passed, at, got)
			}
		}
	}
	from, to := start, start.Add(length*time.Minute)
	a := Measure(h, Span{from, to}, []Span{{from, to}})
	if a.Promised != h.Elapsed(from, to) || a.Promised+a.Outside != length*time.Minute || a.Down != a.Promised {
		t.Fatalf("%q: Measure gives %+v", written, a)
	}
}
