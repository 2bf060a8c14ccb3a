package ui

import (
	"slices"
	"strings"
	"time"

	"lage/checks"
	"lage/internal/text"
)

// spark draws the last hour in w cells on a fixed scale: a quiet line is low, a failed measurement is a cross. Cells
// stand for whole buckets, so that none is shown twice.
func spark(e *env, t Trend, w int) string {
	scale := t.Warn
	for _, b := range t.Minutes {
		if t.Warn == 0 {
			scale = max(scale, b.Max, b.P95)
		}
	}
	per := max(1, (len(t.Minutes)+w-1)/w)
	var b strings.Builder
	n := 0
	for i := 0; i < len(t.Minutes); i += per {
		sum := merge(t.Minutes[i:min(i+per, len(t.Minutes))])
		switch {
		case sum.Total == 0:
			b.WriteString(e.style.nothing)
		case sum.Bad > 0:
			b.WriteString(e.style.fails)
		default:
			b.WriteString(e.style.block(sum.P95, scale))
		}
		n++
	}
	return strings.Repeat(" ", max(0, w-n)) + b.String()
}

// block is the bar of d on a scale whose end fills the cell.
func (s *styles) block(d, scale time.Duration) string {
	if scale <= 0 {
		return s.blocks[0]
	}
	return s.blocks[min(int(d*time.Duration(len(s.blocks))/scale), len(s.blocks)-1)]
}

// merge sums buckets; its P95 is the largest of theirs.
func merge(bs []checks.Bucket) checks.Bucket {
	var sum checks.Bucket
	for i, b := range bs {
		if i == 0 {
			sum.Start = b.Start
		}
		sum.Total += b.Total
		sum.Bad += b.Bad
		sum.Warn += b.Warn
		sum.Down += b.Down
		sum.P50, sum.P95, sum.Max = max(sum.P50, b.P50), max(sum.P95, b.P95), max(sum.Max, b.Max)
	}
	return sum
}

// daysBar draws days in w cells: height is trouble. Where a cell stands for several days, it shows their sum.
func daysBar(e *env, days []checks.Bucket, w int) string {
	per := max(1, (len(days)+w-1)/w)
	var b strings.Builder
	n := 0
	for i := 0; i < len(days); i += per {
		b.WriteString(e.style.day(merge(days[i:min(i+per, len(days))])))
		n++
	}
	return strings.Repeat(" ", max(0, w-n)) + b.String()
}

// day is the sign for how long something was down within a day.
func (s *styles) day(b checks.Bucket) string {
	switch {
	case b.Total == 0:
		return s.nothing
	case b.Down == 0:
		return s.blocks[0]
	case b.Down < 5*time.Minute:
		return s.blocks[1]
	case b.Down < 30*time.Minute:
		return s.blocks[2]
	case b.Down < 4*time.Hour:
		return s.blocks[4]
	}
	return s.blocks[7]
}

// column is one column of the large chart.
type column struct {
	value time.Duration
	any   bool // something was measured
	bad   bool // some of it failed
}

// columns spreads measurements over n columns from from to to. A column shows the worst of what falls into it; a bucket
// fills all columns of its time.
func columns(h History, from, to time.Time, n int) []column {
	out := make([]column, n)
	at := func(t time.Time) int { return int(int64(t.Sub(from)) * int64(n) / int64(to.Sub(from))) }
	for _, s := range h.Samples {
		i := at(s.At)
		if s.Outcome == checks.Unknown || i < 0 || i >= n || s.At.Before(from) {
			continue
		}
		c := &out[i]
		c.any = true
		if s.Outcome == checks.Bad {
			c.bad = true
		} else {
			c.value = max(c.value, s.Latency)
		}
	}
	if len(h.Samples) > 0 {
		return out
	}
	for i, b := range h.Buckets {
		if b.Total == 0 {
			continue
		}
		end := to
		if i+1 < len(h.Buckets) {
			end = h.Buckets[i+1].Start
		}
		for c := max(0, at(b.Start)); c < n && c < max(at(end), at(b.Start)+1); c++ {
			out[c].any = true
			out[c].bad = out[c].bad || b.Bad > 0
			out[c].value = max(out[c].value, b.P95)
		}
	}
	return out
}

// roundUp gives the next round value: 1, 1.5, 2, 2.5, 3, 4, 5, 6 or 8 times a power of ten.
func roundUp(d time.Duration) time.Duration {
	unit := time.Microsecond
	for {
		for _, m := range []time.Duration{10, 15, 20, 25, 30, 40, 50, 60, 80} {
			if v := m * unit / 10; v >= d && v > 0 {
				return v
			}
		}
		unit *= 10
	}
}

// chart draws columns as bars of eighths of a cell, h rows high with a time axis below, w cells wide in all, with a
// threshold where limit is not zero. Ticks stand at round values and round hours.
func chart(e *env, cols []column, limit time.Duration, from, to time.Time, h int) []string {
	top := limit + limit/4
	for _, c := range cols {
		top = max(top, c.value)
	}
	rows := h - 2 // the axis and its labels
	per := 2      // rows from tick to tick
	if rows < 4 {
		per = max(1, rows)
	}
	rows = max(per, rows/per*per)
	step := roundUp(max(top, time.Millisecond) / time.Duration(rows/per))
	full := step * time.Duration(rows/per)
	out := make([]string, 0, h)
	for r := rows - 1; r >= 0; r-- {
		label := ""
		if (r+1)%per == 0 {
			label = tickValue(e, step*time.Duration((r+1)/per), step)
		}
		out = append(out, e.style.fitRight(label, chartLabel-1)+e.style.vbar+chartRow(e, cols, limit, full, r, rows))
	}
	return append(out, axis(e, from, to, len(cols))...)
}

// tickValue writes a value of the axis. Below a few milliseconds whole numbers would repeat themselves.
func tickValue(e *env, v, step time.Duration) string {
	if v >= time.Millisecond && v < time.Second && step%time.Millisecond != 0 {
		return e.show(text.Number(e.Options.Lang, float64(v)/float64(time.Millisecond), 1) + " ms")
	}
	return e.show(text.Latency(e.Options.Lang, v))
}

const chartLabel = 9 // cells before the chart: a value and the axis

func chartRow(e *env, cols []column, limit, full time.Duration, r, rows int) string {
	low := full * time.Duration(r) / time.Duration(rows)
	high := full * time.Duration(r+1) / time.Duration(rows)
	empty, note := " ", ""
	if limit > low && limit <= high {
		empty = "-"
		if !e.style.asciiOnly {
			empty = "┄"
		}
		note = " " + e.t("ui.limit", limit) + " "
	}
	noteW := cells(note)
	if noteW+4 > len(cols) || !below(cols[2:2+noteW], low) {
		noteW = 0
	}
	var b strings.Builder
	for i := range cols {
		switch {
		case i == 2 && noteW > 0:
			b.WriteString(note)
		case i > 2 && i < 2+noteW:
		default:
			b.WriteString(chartCell(e, &cols[i], low, high, r, empty))
		}
	}
	return b.String()
}

// below tells whether no bar reaches above low.
func below(cols []column, low time.Duration) bool {
	for _, c := range cols {
		if c.value > low {
			return false
		}
	}
	return true
}

func chartCell(e *env, c *column, low, high time.Duration, r int, empty string) string {
	switch {
	case c.bad && (c.value <= high && c.value > low || c.value == 0 && r == 0):
		return e.style.fails
	case c.value >= high:
		return e.style.blocks[7]
	case c.value > low:
		return e.style.block(c.value-low, high-low)
	case r == 0 && c.any:
		return e.style.blocks[0]
	case r == 0:
		return e.style.nothing
	}
	return empty
}

// axis draws the time line and its labels.
func axis(e *env, from, to time.Time, n int) []string {
	tick, cross := "┴", e.style.hbar
	if e.style.asciiOnly {
		tick = "+"
	}
	line := slices.Repeat([]string{cross}, n)
	labels := []rune(strings.Repeat(" ", n+chartLabel))
	free := 0
	for _, t := range ticks(e.local(from), e.local(to)) {
		x := int(int64(t.Sub(from)) * int64(n) / int64(to.Sub(from)))
		if x < 0 || x >= n {
			continue
		}
		line[x] = tick
		l := []rune(tickLabel(e, t, to.Sub(from)))
		start := chartLabel + x - len(l)/2
		if start < free || start+len(l) > len(labels) {
			continue
		}
		copy(labels[start:], l)
		free = start + len(l) + 2
	}
	return []string{e.style.fitRight("0", chartLabel-1) + e.style.vbar + strings.Join(line, ""), string(labels)}
}

func tickLabel(e *env, t time.Time, span time.Duration) string {
	switch {
	case span <= 36*time.Hour:
		return text.Clock(t)
	case span <= 8*24*time.Hour:
		return text.Weekday(e.Options.Lang, t) + " " + t.Format("02.")
	case e.Options.Lang == text.English:
		return t.Format("2 Jan")
	}
	return t.Format("02.01.")
}

// ticks are round moments on the local clock between from and to.
func ticks(from, to time.Time) []time.Time {
	var out []time.Time
	day := func(n int) time.Time {
		return time.Date(from.Year(), from.Month(), from.Day()+n, 0, 0, 0, 0, from.Location())
	}
	add := func(t time.Time) {
		if !t.Before(from) && !t.After(to) {
			out = append(out, t)
		}
	}
	span := to.Sub(from)
	if span > 36*time.Hour {
		every := map[bool]int{true: 1, false: 5}[span <= 8*24*time.Hour]
		if span > 40*24*time.Hour {
			every = 14
		}
		for n := 0; !day(n).After(to); n += every {
			add(day(n))
		}
		return out
	}
	minutes := 240
	switch {
	case span <= time.Hour:
		minutes = 10
	case span <= 6*time.Hour:
		minutes = 60
	}
	for n := 0; !day(n).After(to); n++ {
		d := day(n)
		for m := 0; m < 24*60; m += minutes { // hours as the clock shows them, also when it is put forward or back
			add(time.Date(d.Year(), d.Month(), d.Day(), m/60, m%60, 0, 0, d.Location()))
		}
	}
	return out
}

// spread is what a chart's numbers say: the middle, the slow end, the slowest.
type spread struct {
	p50, p95, max time.Duration
	about         bool // from sums, not from single results
}

func spreadOf(h History) spread {
	if len(h.Samples) > 0 {
		var all []time.Duration
		for _, s := range h.Samples {
			if s.Outcome == checks.Good || s.Outcome == checks.Warning {
				all = append(all, s.Latency)
			}
		}
		if len(all) == 0 {
			return spread{}
		}
		slices.Sort(all)
		return spread{p50: all[(len(all)-1)/2], p95: all[(len(all)*95+99)/100-1], max: all[len(all)-1]}
	}
	var s spread
	var n, p50, p95 int64
	for _, b := range h.Buckets {
		good := int64(b.Total - b.Bad)
		n, p50, p95 = n+good, p50+good*int64(b.P50), p95+good*int64(b.P95)
		s.max = max(s.max, b.Max)
	}
	if n > 0 {
		s.p50, s.p95, s.about = time.Duration(p50/n), time.Duration(p95/n), true
	}
	return s
}
