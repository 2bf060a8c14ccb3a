package store

import (
	"math"
	"math/bits"
	"slices"
	"time"

	"lage/checks"
)

// grid collects what belongs to each step and to the whole.
type grid struct {
	from, to int64 // unix milliseconds
	edges    []int64
	cells    []cell         // one per step; a single one for the whole where there are no steps
	last     int            // the cell that was hit last: neighbours come together
	hour     int64          // of the newest single result
	hours    map[int64]bool // that have single results
}

// cell collects one step.
type cell struct {
	sums      tally    // of results and of sums
	latencies []uint32 // of single results, in microseconds
	sources   map[string]bool
}

func newGrid(q RangeQuery) *grid {
	g := &grid{from: q.From.UnixMilli(), to: q.To.UnixMilli(), hours: map[int64]bool{}}
	at := q.From
	for n := 0; n < maxSteps && at.Before(q.To); n++ {
		g.edges = append(g.edges, at.UnixMilli())
		switch {
		case q.Step <= 0:
			at = q.To
		case q.Step%(24*time.Hour) == 0:
			at = dayStart(at, q.Zone).AddDate(0, 0, int(q.Step/(24*time.Hour)))
		default:
			at = at.Add(q.Step)
		}
	}
	g.cells = make([]cell, len(g.edges))
	g.edges = append(g.edges, g.to)
	if q.Step <= 0 {
		for i := range g.cells {
			g.cells[i].latencies = make([]uint32, 0, 1<<12)
		}
	}
	return g
}

// cell gives the step that a moment is in; nil where it is in none.
func (g *grid) cell(ms int64) *cell {
	if ms < g.from || ms >= g.to || len(g.cells) == 0 {
		return nil
	}
	if ms < g.edges[g.last] || ms >= g.edges[g.last+1] {
		i, found := slices.BinarySearch(g.edges, ms)
		if !found {
			i--
		}
		g.last = min(i, len(g.cells)-1)
	}
	return &g.cells[g.last]
}

func (c *cell) from(source string) {
	if c.sources == nil {
		c.sources = map[string]bool{}
	}
	c.sources[source] = true
}

// addSample counts a result as tally.add does, and keeps its latency.
func (g *grid) addSample(sm sample) {
	c := g.cell(sm.at)
	if c == nil || sm.flags&flagByHand != 0 {
		return
	}
	if h := sm.at / 3_600_000; h != g.hour {
		g.hour, g.hours[h] = h, true
		c.from(FromResults)
	} else if c.sources == nil {
		c.from(FromResults)
	}
	t := &c.sums
	switch sm.flags.outcome() {
	case checks.Unknown:
		t.unknown++
		return
	case checks.Bad:
		t.total++
		t.bad++
		return
	case checks.Warning:
		t.warn++
	}
	t.total++
	if sm.latency > 0 {
		c.latencies = append(c.latencies, uint32(min(sm.latency, math.MaxUint32)))
		t.maxUS = max(t.maxUS, sm.latency)
	}
}

// addBlock counts a block. Most lie within one step and hold nothing but good results: those are taken at once.
func (g *grid) addBlock(b *resultColumns) {
	n := len(b.at)
	c := g.cell(b.at[0])
	if c == nil || c != g.cell(b.at[n-1]) {
		for i := range b.at {
			g.addSample(sample{at: b.at[i], latency: b.latency[i], flags: b.flags[i] &^ flagMessage})
		}
		return
	}
	for i := 0; i < n; {
		run := i
		for run < n && b.flags[run] == sampleFlags(checks.Good) && b.latency[run] > 0 && b.latency[run] <= math.MaxUint32 {
			if h := b.at[run] / 3_600_000; h != g.hour {
				g.hour, g.hours[h] = h, true
			}
			run++
		}
		if run > i {
			c.takeGood(b.latency[i:run])
			i = run
			continue
		}
		g.addSample(sample{at: b.at[i], latency: b.latency[i], flags: b.flags[i] &^ flagMessage})
		i++
	}
}

// takeGood counts good results.
func (c *cell) takeGood(latencies []int64) {
	if c.sources == nil {
		c.from(FromResults)
	}
	highest := c.sums.maxUS
	for _, us := range latencies {
		c.latencies = append(c.latencies, uint32(us))
		highest = max(highest, us)
	}
	c.sums.maxUS = highest
	c.sums.total += len(latencies)
}

func (g *grid) addSum(unix int64, t tally, source string) {
	// The hour or day that From cuts begins before it; it is left to the span before.
	if c := g.cell(unix * 1000); c != nil {
		c.from(source)
		c.sums.merge(t)
	}
}

// spans puts together what was collected, and the intervals.
func (g *grid) spans(list []checks.Interval) (whole Span, steps []Span) {
	var all cell
	for i := range g.cells {
		c := &g.cells[i]
		sp := c.span()
		sp.From, sp.To = time.UnixMilli(g.edges[i]).UTC(), time.UnixMilli(g.edges[i+1]).UTC()
		for len(list) > 0 && !list[0].To.After(sp.From) {
			list = list[1:]
		}
		for _, iv := range list {
			if !iv.From.Before(sp.To) {
				break
			}
			sp.Times.Add(iv.State, overlap(iv, sp.From, sp.To))
		}
		steps = append(steps, sp)
		if len(g.cells) == 1 {
			return sp, nil
		}
		all.merge(c)
		whole.Times = plus(whole.Times, sp.Times)
	}
	times := whole.Times
	whole = all.span()
	whole.Times, whole.From, whole.To = times, time.UnixMilli(g.from).UTC(), time.UnixMilli(g.to).UTC()
	return whole, steps
}

func overlap(iv checks.Interval, from, to time.Time) time.Duration {
	return spans{{iv.From, iv.To}}.within(from, to)
}

func plus(a, b checks.Times) checks.Times {
	return checks.Times{Up: a.Up + b.Up, Degraded: a.Degraded + b.Degraded, Down: a.Down + b.Down, Unknown: a.Unknown + b.Unknown,
		Unobserved: a.Unobserved + b.Unobserved}
}

func (c *cell) merge(o *cell) {
	c.sums.merge(o.sums)
	c.latencies = append(c.latencies, o.latencies...)
	for s := range o.sources {
		c.from(s)
	}
}

// span gives the percentiles: exact ones where every latency is at hand.
func (c *cell) span() Span {
	t := &c.sums
	sp := Span{Total: t.total, Bad: t.bad, Warn: t.warn, Unknown: t.unknown, Max: time.Duration(t.maxUS) * time.Microsecond}
	switch {
	case len(c.sources) > 1:
		sp.Source = FromSeveral
	case len(c.sources) == 1:
		for s := range c.sources {
			sp.Source = s
		}
	}
	if sp.Source == FromResults {
		p := exactPercentiles(c.latencies, 0.5, 0.95, 0.99)
		sp.P50, sp.P95, sp.P99 = p[0], p[1], p[2]
		return sp
	}
	for _, us := range c.latencies {
		t.latency.add(int64(us), 1)
	}
	c.latencies = nil
	sp.P50, sp.P95, sp.P99 = min(t.latency.percentile(0.5), sp.Max), min(t.latency.percentile(0.95), sp.Max), min(t.latency.percentile(0.99), sp.Max)
	return sp
}

// exactPercentiles gives the latencies that shares of all do not exceed. It counts by the upper bits first, so that only the
// few around each answer have to be sorted: a million take some milliseconds.
func exactPercentiles(list []uint32, shares ...float64) []time.Duration {
	out := make([]time.Duration, len(shares))
	if len(list) == 0 {
		return out
	}
	if len(list) < 1<<8 {
		list = slices.Clone(list)
		slices.Sort(list)
		for i, share := range shares {
			out[i] = time.Duration(list[max(int(math.Ceil(share*float64(len(list)))), 1)-1]) * time.Microsecond
		}
		return out
	}
	highest := slices.Max(list)
	low := max(bits.Len32(highest)-12, 0) // four thousand counters
	counts := make([]int, highest>>low+1)
	for _, v := range list {
		counts[v>>low]++
	}
	for i, share := range shares {
		rank := max(int(math.Ceil(share*float64(len(list)))), 1)
		bucket := uint32(0)
		for counts[bucket] < rank {
			rank -= counts[bucket]
			bucket++
		}
		near := make([]uint32, 0, counts[bucket])
		for _, v := range list {
			if v>>low == bucket {
				near = append(near, v)
			}
		}
		slices.Sort(near)
		out[i] = time.Duration(near[rank-1]) * time.Microsecond
	}
	return out
}
