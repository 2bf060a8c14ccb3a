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

// Measure sums a span of time. The hours are read on the clock of over.From's zone; outages may overlap each other and
// reach beyond the span.
func Measure(h Hours, over Span, outages []Span) Availability {
	var a Availability
	outages = joined(outages)
	for from := over.From; from.Before(over.To); {
		to := over.To
		if next := h.NextChange(from); !next.IsZero() && next.Before(to) {
			to = next
		}
		length, down := to.Sub(from), covered(outages, Span{from, to})
		if h.Contains(from) {
			a.Promised += length
			a.Down += down
		} else {
			a.Outside += length
			a.DownOutside += down
		}
		from = to
	}
	return a
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
