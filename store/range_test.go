package store

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"lage/checks"
	"lage/incidents"
	"lage/internal/text"
)

// diary is what a test knows to be true of a check.
type diary struct {
	results []checks.Result
	states  []checks.Interval
}

// liveFor fills a store with days of results of one check, with failures, warnings, pauses and a status that follows at once, and
// tends it as a poller would. rest is asked between any two steps of tending.
func liveFor(t *testing.T, s *Store, c *clock, days int, keep Keep, rest func() bool) diary {
	t.Helper()
	rnd := rand.New(rand.NewPCG(7, 8))
	const every = 6 * time.Minute
	ok(t, s.SyncChecks(t.Context(), []checks.Check{{ID: "form/web", Service: "form", Interval: every}, {ID: "form/other", Service: "form", Interval: every}}))
	rec := s.Recorder()
	var d diary
	st := checks.State{Check: "form/web"}
	end := c.now().Add(time.Duration(days) * 24 * time.Hour)
	for hour := -1; c.now().Before(end); {
		c.add(every)
		if rnd.IntN(150) == 0 { // nobody measures for some hours
			c.add(time.Duration(1+rnd.IntN(300)) * time.Minute)
		}
		o := []checks.Outcome{checks.Good, checks.Good, checks.Good, checks.Good, checks.Warning, checks.Bad, checks.Unknown}[rnd.IntN(7)]
		if rnd.IntN(3) > 0 {
			o = checks.Good
		}
		r := checks.Result{Check: "form/web", At: c.now().Add(time.Duration(rnd.IntN(1000)) * time.Millisecond), Outcome: o,
			Latency: time.Duration(math.Exp(rnd.NormFloat64())*200_000) * time.Microsecond}
		if o != checks.Good {
			r.Message = text.M("checks.http_status", 500+rnd.IntN(3))
		}
		is := map[checks.Outcome]checks.Status{checks.Good: checks.StatusUp, checks.Warning: checks.StatusDegraded, checks.Bad: checks.StatusDown, checks.Unknown: checks.StatusUnknown}[o]
		if is != st.Status {
			st.Status, st.Since = is, r.At
		}
		st.Last = r
		d.note(r, is, every)
		other := result("form/other", r.At, r.Latency, checks.Good)
		ok(t, rec.Record(t.Context(), []checks.Recorded{{Result: r, State: st}, other}))
		if h := c.now().Hour(); h != hour {
			hour = h
			_, err := s.Tend(t.Context(), 0, keep, rest)
			ok(t, err)
		}
	}
	if n := len(d.states); n > 0 {
		d.states[n-1].To = c.now()
	}
	return d
}

func (d *diary) note(r checks.Result, is checks.Status, every time.Duration) {
	n := len(d.states)
	switch {
	case n == 0:
		d.states = append(d.states, checks.Interval{State: is, From: r.At})
	case r.At.Sub(d.results[len(d.results)-1].At) > every*5/2:
		quiet := d.results[len(d.results)-1].At.Add(every)
		d.states[n-1].To = quiet
		d.states = append(d.states, checks.Interval{State: checks.StatusUnobserved, From: quiet, To: r.At}, checks.Interval{State: is, From: r.At})
	case d.states[n-1].State != is:
		d.states[n-1].To = r.At
		d.states = append(d.states, checks.Interval{State: is, From: r.At})
	}
	d.results = append(d.results, r)
}

// tells compares a span with the diary; off is how much percentiles may differ.
func (d *diary) tells(t *testing.T, sp Span, off float64) {
	t.Helper()
	var want Span
	var list []time.Duration
	for _, r := range d.results {
		if r.At.Before(sp.From) || !r.At.Before(sp.To) {
			continue
		}
		switch r.Outcome {
		case checks.Unknown:
			want.Unknown++
			continue
		case checks.Bad:
			want.Bad++
		case checks.Warning:
			want.Warn++
		}
		want.Total++
		if r.Outcome != checks.Bad {
			list = append(list, r.Latency)
		}
	}
	for _, iv := range d.states {
		want.Times.Add(iv.State, overlap(iv, sp.From, sp.To))
	}
	if sp.Total != want.Total || sp.Bad != want.Bad || sp.Warn != want.Warn || sp.Unknown != want.Unknown {
		t.Errorf("%v to %v (%s): %d %d %d %d, want %d %d %d %d", sp.From, sp.To, sp.Source, sp.Total, sp.Bad, sp.Warn, sp.Unknown,
			want.Total, want.Bad, want.Warn, want.Unknown)
	}
	if sp.Times != want.Times {
		t.Errorf("%v to %v: %+v, want %+v", sp.From, sp.To, sp.Times, want.Times)
	}
	slices.Sort(list)
	for share, got := range map[float64]time.Duration{0.5: sp.P50, 0.95: sp.P95, 0.99: sp.P99} {
		if len(list) == 0 {
			if got != 0 {
				t.Errorf("%v of nothing", got)
			}
			continue
		}
		exact := list[int(math.Ceil(share*float64(len(list))))-1]
		if math.Abs(float64(got-exact)) > off*float64(exact) {
			t.Errorf("%v to %v (%s): %v of %d is %v, want %v", sp.From, sp.To, sp.Source, share, len(list), got, exact)
		}
	}
}

const withinOne = 0.0100001

func TestRange(t *testing.T) {
	always := func() bool { return true }
	for name, keep := range map[string]Keep{
		"everything":           {},
		"two days exact":       {Exact: 48 * time.Hour},
		"hours go as well":     {Exact: 24 * time.Hour, Hourly: 72 * time.Hour},
		"in another zone":      {Exact: 24 * time.Hour, Hourly: 72 * time.Hour, Zone: time.FixedZone("east", 5*3600)},
		"only three days stay": {Exact: 24 * time.Hour, Hourly: 24 * time.Hour, Daily: 72 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			s, c := newStore(t)
			d := liveFor(t, s, c, 7, keep, always)
			zone := keep.Zone
			if zone == nil {
				zone = time.UTC
			}
			to := c.now().Truncate(time.Hour)
			from := dayStart(to.AddDate(0, 0, -6), zone)
			if keep.Daily > 0 {
				from = dayStart(to.AddDate(0, 0, -2), zone)
			}
			r, err := s.Range(t.Context(), "form/web", RangeQuery{From: from, To: to, Zone: zone})
			ok(t, err)
			sources := map[string]bool{r.Whole.Source: true}
			off := withinOne
			if r.Whole.Source == FromResults {
				off = 0
			}
			if want := map[bool]string{true: FromResults, false: FromSeveral}[name == "everything"]; r.Whole.Source != want {
				t.Errorf("from %s, want %s", r.Whole.Source, want)
			}
			d.tells(t, r.Whole, off)
			days, err := s.Range(t.Context(), "form/web", RangeQuery{From: from, To: to, Zone: zone, Step: 24 * time.Hour})
			ok(t, err)
			for _, sp := range days.Steps {
				sources[sp.Source] = true
				d.tells(t, sp, withinOne)
				if sp.Source == FromResults {
					d.tells(t, sp, 0)
				}
			}
			sums, err := s.Range(t.Context(), "form/web", RangeQuery{From: from, To: to, Zone: zone, Sums: true})
			ok(t, err)
			if sums.Whole.Source == FromResults {
				t.Error("sums were asked for")
			}
			d.tells(t, sums.Whole, withinOne)
			odd := RangeQuery{From: from.Add(90 * time.Minute), To: to.Add(-20 * time.Hour), Zone: zone, Step: 3 * time.Hour}
			if !r.ExactSince.After(odd.From) {
				steps, err := s.Range(t.Context(), "form/web", odd)
				ok(t, err)
				for _, sp := range steps.Steps {
					d.tells(t, sp, 0)
				}
				d.tells(t, steps.Whole, 0)
			}
			t.Log(sources, r.ExactSince, r.HourlySince)
			if v := verify(t, s); !v.OK() {
				t.Errorf("%+v", v)
			}
		})
	}
	s, _ := newStore(t)
	if _, err := s.Range(t.Context(), "no/such", RangeQuery{From: t0, To: t0.Add(time.Hour)}); !errors.Is(err, incidents.ErrNotFound) {
		t.Error(err)
	}
}

// TestTendingCutOffAnywhere: whatever step tending is stopped after, the history says the same.
func TestTendingCutOffAnywhere(t *testing.T) {
	for n := range 9 {
		s, c := newStore(t)
		left := 0
		d := liveFor(t, s, c, 4, Keep{Exact: 24 * time.Hour}, func() bool {
			left++
			return left%(n+1) != n // stops after each n-th step
		})
		to := c.now().Truncate(time.Hour)
		r, err := s.Range(t.Context(), "form/web", RangeQuery{From: to.Add(-72 * time.Hour), To: to})
		ok(t, err)
		d.tells(t, r.Whole, withinOne)
	}
}

// TestLateResults: what comes days late, or from a clock that was wrong, is counted once and loses nothing.
func TestLateResults(t *testing.T) {
	s, c := newStore(t)
	d := liveFor(t, s, c, 3, Keep{}, func() bool { return true })
	late := d.results[len(d.results)/2].At.Add(time.Second)
	r := checks.Result{Check: "form/web", At: late, Latency: 77 * time.Millisecond, Outcome: checks.Good}
	ok(t, s.ImportHistory(t.Context(), "form/web", []checks.Bucket{{Start: late.Truncate(time.Hour), Total: 1, P50: r.Latency, P95: r.Latency, Max: r.Latency}},
		[]checks.Sample{{At: r.At, Latency: r.Latency, Outcome: r.Outcome}}, nil))
	d.results = append(d.results, r)
	for range 2 {
		for _, sums := range []bool{false, true} {
			got, err := s.Range(t.Context(), "form/web", RangeQuery{From: t0, To: c.now().Truncate(time.Hour), Sums: sums})
			ok(t, err)
			if want := len(d.results); got.Whole.Total+got.Whole.Unknown < want-20 || got.Whole.Total+got.Whole.Unknown > want {
				t.Errorf("sums %v: %d of %d", sums, got.Whole.Total+got.Whole.Unknown, want)
			}
		}
		_, err := s.Tend(t.Context(), 0, Keep{}, func() bool { return true })
		ok(t, err)
	}
}

func TestIntervalsOfANewOutage(t *testing.T) {
	s, c := newStore(t)
	every := 30 * time.Second
	ok(t, s.SyncChecks(t.Context(), []checks.Check{{ID: "a/b", Service: "a", Interval: every}}))
	put := func(at time.Duration, o checks.Outcome, is checks.Status, since time.Duration) {
		t.Helper()
		c.set(t0.Add(at))
		r := checks.Result{Check: "a/b", At: c.now(), Outcome: o, Latency: time.Millisecond}
		ok(t, s.Recorder().Record(t.Context(), []checks.Recorded{{Result: r, State: checks.State{Check: "a/b", Status: is, Since: t0.Add(since), Last: r}}}))
	}
	put(0, checks.Good, checks.StatusUp, 0)
	put(30*time.Second, checks.Bad, checks.StatusUp, 0)
	put(60*time.Second, checks.Bad, checks.StatusDown, 30*time.Second) // dated back to the first failure
	put(90*time.Second, checks.Good, checks.StatusFlapping, 90*time.Second)
	put(120*time.Second, checks.Bad, checks.StatusFlapping, 90*time.Second)
	put(150*time.Second, checks.Good, checks.StatusUp, 150*time.Second)
	c.set(t0.Add(10 * time.Minute))
	want := []string{"up 0s 30s", "down 30s 1m30s", "up 1m30s 2m0s", "down 2m0s 2m30s", "up 2m30s 3m0s", "not_observed 3m0s 10m0s"}
	check := func() {
		t.Helper()
		list, err := s.Intervals(t.Context(), "a/b", t0.Add(-time.Hour), t0.Add(time.Hour))
		ok(t, err)
		var got []string
		for _, iv := range list {
			got = append(got, fmt.Sprint(iv.State, " ", iv.From.Sub(t0), " ", iv.To.Sub(t0)))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%v", got)
		}
	}
	check()
	// Left out of the configuration, it is not observed from when it fell silent.
	ok(t, s.SyncChecks(t.Context(), nil))
	check()
	// And back.
	ok(t, s.SyncChecks(t.Context(), []checks.Check{{ID: "a/b", Service: "a", Interval: every}}))
	put(10*time.Minute, checks.Good, checks.StatusUp, 10*time.Minute)
	c.add(10 * time.Second)
	want = append(want, "up 10m0s 10m10s")
	check()
	list, err := s.Intervals(t.Context(), "a/b", t0.Add(40*time.Second), t0.Add(50*time.Second))
	ok(t, err)
	if len(list) != 1 || list[0].State != checks.StatusDown || list[0].To.Sub(list[0].From) != 10*time.Second {
		t.Errorf("%v", list)
	}
}

func TestBlocksKeepEverything(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		var block []sample
		at := rnd.Int64N(1 << 41)
		for range rnd.IntN(400) {
			at += rnd.Int64N(1 << rnd.IntN(30))
			sm := sample{check: 5, at: at, latency: rnd.Int64N(1 << (1 + rnd.IntN(40))), flags: sampleFlags(rnd.IntN(8))}
			if rnd.IntN(4) == 0 {
				sm.message = fmt.Sprint("message ", rnd.IntN(5))
			}
			block = append(block, sm)
		}
		data := string(packBlock(block))
		var got []sample
		unpackBlock(5, data, func(sm sample) { got = append(got, sm) })
		if !slices.Equal(got, block) {
			t.Fatalf("%v\n%v", got, block)
		}
		for n := range len(data) { // cut off anywhere it may lose results, and must not panic
			unpackBlock(5, data[:n], func(sample) {})
		}
	}
}

func FuzzUnpackBlock(f *testing.F) {
	f.Add(string(packBlock([]sample{{at: 5, latency: 7, message: "x"}, {at: 9, latency: 1 << 30, flags: 1}})))
	f.Fuzz(func(_ *testing.T, data string) {
		n := 0
		unpackBlock(1, data, func(sample) { n++ })
		var h histogram
		h.unpack(data)
		unpackHours(1, data, func(int64, tally, string) {})
	})
}

func TestHistogramsArePackedBothWays(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	for n := range 500 {
		var h, got histogram
		for range rnd.IntN(1 << rnd.IntN(13)) {
			h.add(int64(math.Exp(rnd.NormFloat64()*float64(1+n%4)*0.5)*200_000), uint32(1+rnd.IntN(3)))
		}
		got.unpack(string(h.pack()))
		for bin := range maxBin + 1 {
			a, b := uint32(0), uint32(0)
			if i := bin - h.low; i >= 0 && i < len(h.bins) {
				a = h.bins[i]
			}
			if i := bin - got.low; i >= 0 && i < len(got.bins) {
				b = got.bins[i]
			}
			if a != b {
				t.Fatalf("bin %d: %d, want %d", bin, b, a)
			}
		}
	}
}
