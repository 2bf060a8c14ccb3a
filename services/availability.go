package services

import (
	"slices"
	"time"
)

// Span is a stretch of time; To is no longer part of it.
type Span struct{ From, To time.Time }

// Availability is what a span of time held: how long the service was promised, and how long it was down meanwhile. Time
// outside the hours is counted beside it, never mixed in and never hidden.
type Availability struct {
	Promised    time.Duration // time within service hours
	Down        time.Duration // of it, down
	Outside     time.Duration // time outside service hours
	DownOutside time.Duration // of it, down
	Excluded    time.Duration // time that counts for nothing of the above
}

// Ratio gives the share of promised time in which the service worked, 0 to 1; -1 when nothing was promised.
func (a Availability) Ratio() float64 { return share(a.Down, a.Promised) }

// Total gives the share of all time in which the service worked, 0 to 1, whatever was promised; -1 for no time.
func (a Availability) Total() float64 { return share(a.Down+a.DownOutside, a.Promised+a.Outside) }

func share(down, of time.Duration) float64 {
	if of <= 0 {
		return -1
	}
	return 1 - float64(down)/float64(of)
}

// Measure sums a span of time. Hours that have no zone of their own are read on the clock of over.From's; outages may overlap each other and
// reach beyond the span. What is excluded (agreed maintenance) counts neither as promised nor as down, within the hours and outside
// them: the sum of Promised, Outside and Excluded is the span.
func Measure(h Hours, over Span, outages []Span, excluded ...Span) Availability {
	var a Availability
	excluded = joined(excluded)
	down := without(joined(outages), excluded)
	for w := h.walk(over.From); w.at.Before(over.To); {
		at, open := w.at, w.open
		next := w.next()
		if next.IsZero() || next.After(over.To) {
			next = over.To
		}
		part := Span{at, next}
		out := covered(excluded, part)
		a.Excluded += out
		if open {
			a.Promised += next.Sub(at) - out
			a.Down += covered(down, part)
		} else {
			a.Outside += next.Sub(at) - out
			a.DownOutside += covered(down, part)
		}
		if !next.Before(over.To) {
			break
		}
	}
	return a
}

// without gives what of the spans lies in none of the others; both in order, none overlapping.
func without(spans, others []Span) []Span {
	if len(others) == 0 {
		return spans
	}
	var out []Span
	for _, s := range spans {
		for _, o := range others {
			if !o.From.Before(s.To) {
				break
			}
			if !o.To.After(s.From) {
				continue
			}
			if s.From.Before(o.From) {
				out = append(out, Span{s.From, o.From})
			}
			s.From = o.To
		}
		if s.From.Before(s.To) {
			out = append(out, s)
		}
	}
	return out
}

// joined gives the spans in order, with overlapping ones made into one.
func joined(spans []Span) []Span {
	sorted := slices.Clone(spans)
	slices.SortFunc(sorted, func(a, b Span) int { return a.From.Compare(b.From) })
	var out []Span
	for _, s := range sorted {
		if n := len(out) - 1; n >= 0 && !s.From.After(out[n].To) {
			if s.To.After(out[n].To) {
				out[n].To = s.To
			}
			continue
		}
		if s.From.Before(s.To) {
			out = append(out, s)
		}
	}
	return out
}

// covered gives how much of s the spans (in order, none overlapping) cover.
func covered(spans []Span, s Span) time.Duration {
	var sum time.Duration
	for i, _ := slices.BinarySearchFunc(spans, s.From, func(o Span, t time.Time) int { return o.To.Compare(t) }); i < len(spans); i++ {
		o := spans[i]
		if !o.From.Before(s.To) {
			break
		}
		from, to := o.From, o.To
		if from.Before(s.From) {
			from = s.From
		}
		if to.After(s.To) {
			to = s.To
		}
		if from.Before(to) {
			sum += to.Sub(from)
		}
	}
	return sum
}
