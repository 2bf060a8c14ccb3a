package services

import (
	"strings"
	"time"
)

// point is one end of a range of dates.
type point struct {
	year   int // 0 means every year
	month  time.Month
	day    int // 0 means the month's first day, or its last one at the end of a range
	easter bool
	offset int // days from Easter Sunday
}

// in gives the number of the day in a year; false where the year does not have it (29 February).
func (p point) in(year int) (int, bool) {
	if p.easter {
		return easterSunday(year) + p.offset, true
	}
	n := dayNumber(year, p.month, p.day)
	return n, dated(n).Month == p.month
}

// is tells whether a day of a year is the point.
func (p point) is(n, year int) bool {
	at, ok := p.in(year)
	return ok && at == n && (p.year == 0 || p.year == year)
}

// start gives the first day of what begins with p, end the last day of what ends with it. A 29 February that a year does not
// have is the day after or the day before.
func (p point) start(year int) int {
	if !p.easter {
		p.day = max(1, p.day)
	}
	n, _ := p.in(year)
	return n
}

func (p point) end(year int) int {
	last := dayNumber(year, p.month+1, 1) - 1
	if n, _ := p.in(year); p.easter || p.day > 0 && n < last {
		return n
	}
	return last
}

// dateRange goes from a day to a day, both of it. It may go over the turn of the year.
type dateRange struct {
	from, to point
	single   bool
}

// spans gives the first and last days (by number) of the ranges that begin in the years from first to last.
func (r dateRange) spans(first, last int) []span {
	if r.from.year != 0 {
		first, last = r.from.year, r.from.year
	}
	var out []span
	for y := first; y <= last; y++ {
		if r.single {
			if n, ok := r.from.in(y); ok {
				out = append(out, span{n, n})
			}
			continue
		}
		s := span{r.from.start(y), r.to.end(y)}
		switch {
		case r.to.year != 0:
			s.to = r.to.end(r.to.year)
		case s.to < s.from:
			s.to = r.to.end(y + 1)
		}
		out = append(out, s)
	}
	return out
}

// dates reads "Dec", "Dec 24,31", "Dec 24-Jan 2,Easter", "2026 Aug 1-15", "2026-2027".
func (p *hoursParser) dates() (out []dateRange, err error) {
	var last point
	for {
		start := p.pos
		from, err := p.point(last)
		if err != nil {
			return nil, err
		}
		if last.year != 0 && from.year == 0 {
			return nil, p.fault(start, "services.hours_year_again")
		}
		r := dateRange{from: from, to: from, single: from.easter || from.day > 0}
		if from.month == 0 && !from.easter {
			r.from.month, r.to.month = time.January, time.December
		}
		p.blanks()
		if p.dash() {
			if err := p.rangeEnd(start, &r); err != nil {
				return nil, err
			}
		}
		out = append(out, r)
		last = r.to
		p.blanks()
		if !p.commaAnd(p.atDate) {
			p.eat(":") // the specification allows it for readability
			return out, nil
		}
	}
}

// rangeEnd reads what stands after the "-" of a range.
func (p *hoursParser) rangeEnd(start int, r *dateRange) error {
	r.single = false
	p.blanks()
	to, err := p.point(r.from)
	if err != nil {
		return err
	}
	wholeYears := r.from.year != 0 && r.from.month == time.January && r.to.month == time.December
	switch {
	case wholeYears && to.month == 0 && !to.easter:
		to.month = time.December
	case to.month == 0 && !to.easter, r.from.year == 0 && to.year != 0:
		return p.fault(start, "services.hours_range", strings.TrimSpace(p.src[start:p.pos]))
	}
	if r.from.day > 0 && to.day == 0 && !to.easter { // "Dec 24-Jan" does not say which day
		return p.fault(start, "services.hours_range", strings.TrimSpace(p.src[start:p.pos]))
	}
	r.to = to
	if to.year != 0 && to.end(to.year) < r.from.start(r.from.year) {
		return p.fault(start, "services.hours_range", strings.TrimSpace(p.src[start:p.pos]))
	}
	return nil
}

// point reads one date. A bare number is a day of the month of the date before, where there is one.
func (p *hoursParser) point(before point) (out point, err error) {
	at := p.pos
	if digits := p.digits(); len(digits) == 4 && !p.timeAhead() {
		out.year = atoi(digits)
		p.pos += 4
		p.blanks()
		if !isLetter(p.peek()) || !p.dateWordAhead() {
			return out, nil
		}
	} else if before.day > 0 && digits != "" {
		out = point{year: before.year, month: before.month}
		return out, p.dayOfMonth(&out)
	}
	w := p.letters()
	if w == "easter" {
		p.pos += len(w)
		out.easter = true
		out.offset, err = p.easterOffset()
		return out, err
	}
	out.month = monthOf(w)
	if out.month == 0 {
		return out, p.notMonth(at)
	}
	p.pos += len(w)
	mark := p.pos
	p.blanks()
	if p.digits() == "" || len(p.digits()) == 4 || p.timeAhead() {
		p.pos = mark
		return out, nil
	}
	return out, p.dayOfMonth(&out)
}

func (p *hoursParser) dayOfMonth(out *point) error {
	at, digits := p.pos, p.digits()
	year := out.year
	if year == 0 {
		year = 2000 // had a 29 February
	}
	out.day = atoi(digits)
	if len(digits) > 2 || out.day < 1 || out.day > 31 || dated(dayNumber(year, out.month, out.day)).Month != out.month {
		return p.fault(at, "services.hours_no_date", digits, out.month.String()[:3])
	}
	p.pos += len(digits)
	return nil
}

// easterOffset reads " +1 day" or " -2 days", where that follows.
func (p *hoursParser) easterOffset() (int, error) {
	mark := p.pos
	p.blanks()
	sign := p.peek()
	if sign != '+' && sign != '-' {
		p.pos = mark
		return 0, nil
	}
	at := p.pos
	p.pos++
	p.blanks()
	digits := p.digits()
	p.pos += len(digits)
	p.blanks()
	w := p.letters()
	switch {
	case digits != "" && len(digits) <= 3 && (w == "day" || w == "days"):
		p.pos += len(w)
		n := atoi(digits)
		if sign == '-' {
			n = -n
		}
		return n, nil
	case sign == '-' && digits == "":
		p.pos = mark // "easter-May 1" is a range
		return 0, nil
	}
	return 0, p.fault(at, "services.hours_easter")
}

// atDate tells whether a date stands at pos.
func (p *hoursParser) atDate() bool {
	d := p.digits()
	return d != "" && !p.timeAhead() && (len(d) <= 2 || len(d) == 4) || p.dateWordAhead()
}

func (p *hoursParser) dateWordAhead() bool {
	w := p.letters()
	return w == "easter" || monthOf(w) != 0
}

// timeAhead tells whether the digits at pos are the hour of a time.
func (p *hoursParser) timeAhead() bool {
	rest := p.src[p.pos+len(p.digits()):]
	return len(rest) > 1 && rest[0] == ':' && isDigit(rest[1])
}

func monthOf(w string) time.Month {
	for m := time.January; m <= time.December; m++ {
		if w == m.String()[:3] {
			return m
		}
	}
	return 0
}
