package checks

import (
	"testing"
	"time"
)

func TestSummarise(t *testing.T) {
	var list []Sample
	for i := 1; i <= 100; i++ {
		list = append(list, Sample{At: t0.Add(time.Duration(i) * time.Second), Latency: time.Duration(101-i) * time.Millisecond, Outcome: Good})
	}
	list[0].Outcome = Warning // the slowest
	list = append(list, Sample{At: t0, Latency: 10 * time.Second, Outcome: Bad}, Sample{At: t0, Outcome: Unknown})
	got := Summarise(list)
	want := Bucket{Start: t0.Add(time.Second), Total: 101, Bad: 1, Warn: 1, P50: 50 * time.Millisecond, P95: 95 * time.Millisecond, Max: 100 * time.Millisecond}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := Summarise(nil); got != (Bucket{}) {
		t.Errorf("of nothing: %+v", got)
	}
}

func TestPercentile(t *testing.T) {
	list := []time.Duration{1, 2, 3, 4}
	for p, want := range map[float64]time.Duration{0: 1, 0.25: 1, 0.26: 2, 0.5: 2, 0.95: 4, 1: 4, 2: 4} {
		if got := Percentile(list, p); got != want {
			t.Errorf("Percentile(%v) = %d, want %d", p, got, want)
		}
	}
	if Percentile(nil, 0.5) != 0 {
		t.Error("of nothing")
	}
}
