package services

import (
	"cmp"
	"slices"
)

// maxYears bounds how many years a calendar remembers; one has at most a few kilobytes.
const maxYears = 100

// year gives the open spans of a year, in minutes of it, in order and none touching another.
func (c *calendar) year(year int) []span {
	c.mu.Lock()
	defer c.mu.Unlock()
	if spans, ok := c.years[year]; ok {
		return spans
	}
	if c.years == nil || len(c.years) >= maxYears {
		c.years = map[int][]span{}
	}
	spans := c.compute(year)
	c.years[year] = spans
	return spans
}

// piece is what one rule says about one day: open or closed from minute to minute of it, possibly of the next day too.
type piece struct {
	span
	order int // later rules win
	off   bool
}

// compute works a year out, day by day. Each day is painted over with what its rules say, in their order; what the day before
// left for it after midnight is painted as well.
func (c *calendar) compute(year int) []span {
	first, end := dayNumber(year, 1, 1), dayNumber(year+1, 1, 1)
	y := yearRules{c: c, first: first - 1, holidays: c.holidaysFrom(first-1, end)}
	for i := range c.versions {
		y.dates = append(y.dates, datesOf(c.versions[i].rules, year))
	}
	var out []span
	var before, today, paint []piece
	for n := first - 1; n < end; n++ {
		today = y.day(n, today[:0])
		if n >= first {
			paint = paint[:0]
			for _, p := range before {
				if p.to > dayMinutes {
					paint = append(paint, piece{span{max(0, p.from-dayMinutes), p.to - dayMinutes}, p.order, p.off})
				}
			}
			paint = append(paint, today...)
			out = appendDay(out, painted(paint), (n-first)*dayMinutes)
		}
		before, today = today, before
	}
	return out
}

// appendDay adds a day's spans to the year's, cut at its midnights, joined where they touch.
func appendDay(year, day []span, at int) []span {
	for _, s := range day {
		from, to := at+s.from, at+min(s.to, dayMinutes)
		if from >= to {
			continue
		}
		if n := len(year) - 1; n >= 0 && year[n].to >= from {
			year[n].to = max(year[n].to, to)
			continue
		}
		year = append(year, span{from, to})
	}
	return year
}

// painted gives what remains open, sorted, when each piece covers the earlier ones.
func painted(pieces []piece) []span {
	slices.SortStableFunc(pieces, func(a, b piece) int { return cmp.Compare(a.order, b.order) })
	var open []span
	for _, p := range pieces {
		if !p.off {
			open = append(open, p.span)
			continue
		}
		var left []span
		for _, s := range open {
			if s.from < p.from {
				left = append(left, span{s.from, min(s.to, p.from)})
			}
			if s.to > p.to {
				left = append(left, span{max(s.from, p.to), s.to})
			}
		}
		open = left
	}
	slices.SortFunc(open, func(a, b span) int { return a.from - b.from })
	return open
}

// yearRules is what one year needs of a calendar.
type yearRules struct {
	c        *calendar
	first    int        // the last day of the year before
	holidays []bool     // by day from first on
	dates    [][][]span // by version and rule: first and last day of where it holds; nil means everywhere
}

// day adds what the rules say about a day.
func (y *yearRules) day(n int, out []piece) []piece {
	v := y.c.on(dated(n))
	if v == nil {
		return append(out, piece{span: span{0, dayMinutes}})
	}
	version := 0
	for &y.c.versions[version] != v {
		version++
	}
	for i := range v.rules {
		r := &v.rules[i]
		if dates := y.dates[version][i]; dates != nil && !slices.ContainsFunc(dates, func(s span) bool { return s.from <= n && n <= s.to }) {
			continue
		}
		if !r.anyDay && !r.on(n) && (!r.days[holiday] || !y.holidays[n-y.first]) {
			continue
		}
		if !r.more && !(r.off && r.timed) || r.off && !r.timed {
			out = out[:0] // this rule replaces what earlier ones said about the day
		}
		for _, s := range r.spans {
			out = append(out, piece{s, version<<16 | i, r.off})
		}
	}
	return out
}

// on tells whether a day is one of the rule's days of the week.
func (r *rule) on(n int) bool {
	d := weekday(n)
	if !r.days[d] || r.nth[d] == 0 {
		return r.days[d]
	}
	of := dated(n)
	fromStart := (of.Day - 1) / 7
	fromEnd := (dayNumber(of.Year, of.Month+1, 1) - 1 - n) / 7
	return r.nth[d]&(1<<fromStart|1<<(5+fromEnd)) != 0
}

// holidaysFrom marks the public holidays of the days from first up to, not including, end.
func (c *calendar) holidaysFrom(first, end int) []bool {
	out := make([]bool, end-first)
	mark := func(year int) {
		for i, h := range c.holidays {
			for _, n := range h.Value.numbers(year) {
				d := dated(n)
				if n < first || n >= end || d.Before(h.From) || i+1 < len(c.holidays) && !d.Before(c.holidays[i+1].From) {
					continue
				}
				out[n-first] = true
			}
		}
	}
	// The first day is of the year before. A day of one's own that moves with Easter stays in its year or next to it.
	mark(dated(first).Year)
	mark(dated(end - 1).Year)
	return out
}

// datesOf gives, for each rule, the days of a year, and of the end of the year before, on which it holds.
func datesOf(rules []rule, year int) [][]span {
	out := make([][]span, len(rules))
	for i, r := range rules {
		for _, d := range r.dates {
			out[i] = append(out[i], d.spans(year-2, year)...)
		}
		if len(r.dates) > 0 && out[i] == nil {
			out[i] = []span{}
		}
	}
	return out
}
