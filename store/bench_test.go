package store

import (
	"fmt"
	"os"
	"testing"
	"time"

	"lage/checks"
	"lage/internal/text"
)

// batchOf makes one result of each of n checks as a healthy HTTP check gives it.
func batchOf(n int, at time.Time) []checks.Recorded {
	out := make([]checks.Recorded, n)
	for i := range out {
		out[i] = result(fmt.Sprintf("service%03d/check%d", i/10, i%10), at.Add(time.Duration(i)*time.Millisecond),
			time.Duration(200+i%90)*time.Millisecond, checks.Good)
		r := &out[i].Result
		r.Facts = []checks.Fact{{OK: true, Want: text.M("checks.want_status", "200-299"), Got: text.M("checks.got_status", 200)},
			{OK: true, Want: text.M("checks.want_time", "1s"), Got: text.M("checks.got_time", r.Latency)}}
		out[i].State.Last = *r
	}
	return out
}

func BenchmarkRecord(b *testing.B) {
	s, c := newStore(b)
	n := 0
	for b.Loop() {
		c.add(10 * time.Second)
		ok(b, s.Recorder().Record(b.Context(), batchOf(1000, c.now())))
		n++
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(n*1000), "µs/result")
	var size int64
	for _, suffix := range []string{"", "-wal"} {
		if fi, err := os.Stat(s.path + suffix); err == nil {
			size += fi.Size()
		}
	}
	b.ReportMetric(float64(size)/float64(n*1000), "bytes/result")
}

func BenchmarkStates1000(b *testing.B) {
	s, c := newStore(b)
	ok(b, s.Recorder().Record(b.Context(), batchOf(1000, c.now())))
	b.Run("warm", func(b *testing.B) {
		for b.Loop() {
			if m, err := s.States(b.Context()); err != nil || len(m) != 1000 {
				b.Fatal(len(m), err)
			}
		}
	})
	b.Run("cold", func(b *testing.B) { // a new process: connections and SQLite's caches are empty
		for b.Loop() {
			v, err := Open(b.Context(), s.path, Options{ReadOnly: true, Now: c.now})
			ok(b, err)
			if m, err := v.States(b.Context()); err != nil || len(m) != 1000 {
				b.Fatal(len(m), err)
			}
			ok(b, v.Close())
		}
	})
}

func BenchmarkTrends1000(b *testing.B) {
	s, c := newStore(b)
	var hours []checks.Bucket
	for h := range 90 * 24 {
		hours = append(hours, checks.Bucket{Start: t0.Truncate(time.Hour).Add(-time.Duration(90*24-h) * time.Hour), Total: 120, P50: 200 * time.Millisecond,
			P95: 400 * time.Millisecond, Max: time.Second})
	}
	start := time.Now()
	for _, r := range batchOf(1000, t0) {
		ok(b, s.ImportHistory(b.Context(), r.Result.Check, hours, nil, nil))
	}
	b.Logf("import of one check: %v", time.Since(start)/1000)
	for range 120 { // an hour of log at 30 s
		c.add(30 * time.Second)
		ok(b, s.Recorder().Record(b.Context(), batchOf(1000, c.now())))
	}
	run := func(b *testing.B, s *Store) {
		if m, err := s.Past(b.Context(), time.UTC, c.now()); err != nil || len(m) != 1000 {
			b.Fatal(len(m), err)
		}
	}
	b.Run("first", func(b *testing.B) { // nothing is summed yet
		for b.Loop() {
			s.summed = nil
			if _, err := s.results.Exec("DELETE FROM days"); err != nil {
				b.Fatal(err)
			}
			run(b, s)
		}
	})
	b.Run("cold", func(b *testing.B) { // a new process
		for b.Loop() {
			v, err := Open(b.Context(), s.path, Options{Now: c.now})
			ok(b, err)
			run(b, v)
			ok(b, v.Close())
		}
	})
	b.Run("warm", func(b *testing.B) {
		for b.Loop() {
			run(b, s)
		}
	})
}
