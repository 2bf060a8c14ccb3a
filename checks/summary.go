package checks

import (
	"math"
	"slices"
	"time"
)

// Summarise sums results, which are in order of time, into one Bucket that starts with the first of them. Percentiles are
// exact, over the latencies of results that were not Bad. Down stays zero: it comes from states, not from single results.
func Summarise(samples []Sample) Bucket {
	var b Bucket
	var took []time.Duration
	for i, s := range samples {
		if i == 0 {
			b.Start = s.At
		}
		switch s.Outcome {
		case Unknown:
			continue
		case Bad:
			b.Bad++
		case Warning:
			b.Warn++
		}
		b.Total++
		if s.Outcome != Bad && s.Latency > 0 {
			took = append(took, s.Latency)
		}
	}
	slices.Sort(took)
	b.P50, b.P95, b.Max = Percentile(took, 0.5), Percentile(took, 0.95), Percentile(took, 1)
	return b
}

// Percentile gives the smallest value that at least the share p (0 to 1) of the sorted values do not exceed; zero of none.
func Percentile(sorted []time.Duration, p float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	i := int(math.Ceil(p*float64(len(sorted)))) - 1
	return sorted[min(max(i, 0), len(sorted)-1)]
}
