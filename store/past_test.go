package store

import (
	"reflect"
	"testing"
	"time"

	"lage/checks"
)

// TestPastAgreesWithDays feeds three days and compares the summary with the sums that are made anew each time.
func TestPastAgreesWithDays(t *testing.T) {
	s, c := newStore(t)
	zone, err := time.LoadLocation("Europe/Berlin")
	ok(t, err)
	const n = 3 * 2880
	all := make([]checks.Recorded, 0, n)
	st := checks.State{Check: "form/web", Status: checks.StatusUp, Since: t0}
	for i := range n {
		at := t0.Add(time.Duration(i) * 30 * time.Second)
		r := checks.Result{Check: "form/web", At: at, Latency: time.Duration(100+i%97) * time.Millisecond, Outcome: checks.Good}
		is := checks.StatusUp
		if i%1000 >= 950 {
			r.Outcome, is = checks.Bad, checks.StatusDown
		}
		if is != st.Status {
			st.Status, st.Since = is, at
		}
		all = append(all, checks.Recorded{Result: r, State: st})
	}
	step := 40
	for i := 0; i < n; i += step {
		c.set(all[min(i+step, n)-1].Result.At.Add(time.Second))
		ok(t, s.Recorder().Record(t.Context(), all[i:min(i+step, n)]))
		if i%1200 != 0 && i+step < n {
			continue
		}
		past, err := s.Past(t.Context(), zone, c.now())
		ok(t, err)
		p := past["form/web"]
		days, err := s.Days(t.Context(), "form/web", c.now().AddDate(0, 0, -5), c.now(), zone)
		ok(t, err)
		if got := p.Days[len(p.Days)-len(days):]; !reflect.DeepEqual(got, days) {
			t.Fatalf("after %d: %+v\nwant %+v", i, got, days)
		}
		if len(p.Days) != 90 || p.Days[0].Total != 0 || !p.Days[89].Start.Equal(dayStart(c.now(), zone)) {
			t.Fatalf("%+v", p.Days)
		}
		minutes, err := s.Minutes(t.Context(), []string{"form/web"}, c.now().Add(-time.Hour), 3*time.Minute, 20)
		ok(t, err)
		for k := range minutes {
			if g, w := p.Minutes[k], minutes[k]; g.Total != w.Total || g.Bad != w.Bad || g.Max != w.Max || !g.Start.Equal(w.Start) {
				t.Fatalf("after %d, minutes %d: %+v, want %+v", i, k, g, w)
			}
		}
		if i > 2880 {
			near(t, "p95", p.P95, 191*time.Millisecond)
		}
	}
	if count(t, s, "days") != 1 {
		t.Error("days that are over were not kept")
	}
	want, err := s.Past(t.Context(), zone, c.now())
	ok(t, err)
	again := openAt(t, s.path, c)
	got, err := again.Past(t.Context(), zone, c.now())
	ok(t, err)
	if !reflect.DeepEqual(got, want) {
		t.Error("with kept days the summary is another")
	}
}

func TestImport(t *testing.T) {
	s, c := newStore(t)
	c.set(t0)
	var hours []checks.Bucket
	for h := range 90 * 24 {
		start := t0.Truncate(time.Hour).Add(-time.Duration(90*24-h) * time.Hour)
		hours = append(hours, checks.Bucket{Start: start, Total: 120, Bad: h % 2, Down: time.Minute, P50: 200 * time.Millisecond,
			P95: 400 * time.Millisecond, Max: 900 * time.Millisecond})
	}
	var samples []checks.Sample
	for at := t0.Add(-6 * time.Hour); at.Before(t0); at = at.Add(30 * time.Second) {
		samples = append(samples, checks.Sample{At: at, Latency: 200 * time.Millisecond, Outcome: checks.Good})
	}
	changes := []checks.Transition{{To: checks.StatusUp, At: hours[0].Start, Since: hours[0].Start},
		{From: checks.StatusUp, To: checks.StatusDown, At: hours[5].Start.Add(time.Minute), Since: hours[5].Start},
		{From: checks.StatusDown, To: checks.StatusUp, At: hours[6].Start, Since: hours[6].Start}}
	ok(t, s.ImportHistory(t.Context(), "form/web", hours, samples, changes))
	got, err := s.Samples(t.Context(), "form/web", t0.Add(-7*time.Hour), t0)
	ok(t, err)
	if !reflect.DeepEqual(got, samples) {
		t.Errorf("%d samples, want %d", len(got), len(samples))
	}
	out, err := s.Hours(t.Context(), "form/web", hours[0].Start, t0)
	ok(t, err)
	for i, h := range out[:len(hours)-3] {
		near(t, "p50", h.P50, 200*time.Millisecond)
		near(t, "p95", h.P95, 400*time.Millisecond)
		h.P50, h.P95 = hours[i].P50, hours[i].P95
		if h != hours[i] {
			t.Fatalf("%+v, want %+v", h, hours[i])
		}
	}
	if last := out[len(out)-1]; last.Total != 116 || last.Bad != 0 {
		t.Errorf("an hour with young results is not made of them: %+v", last)
	}
	past, err := s.Past(t.Context(), time.UTC, t0)
	ok(t, err)
	p := past["form/web"]
	if p.Days[0].Total != 0 && p.Days[1].Total != 24*120 || p.Days[50].Bad != 12 || p.Minutes[0].Total != 6 || p.Minutes[19].Total != 6 {
		t.Errorf("%+v %+v", p.Days[50], p.Minutes)
	}
	tr, err := s.Transitions(t.Context(), "form/web", 10)
	ok(t, err)
	if len(tr) != 3 || tr[1].To != checks.StatusDown {
		t.Errorf("%+v", tr)
	}
}
