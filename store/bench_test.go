package store

import (
	"fmt"
	"math"
	"math/rand/v2"
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

// traffic makes results as a healthy installation gives them: one per check and interval, latencies spread like those of a
// web service, starts that jitter by some milliseconds, and now and then a failure.
type traffic struct {
	rnd    *rand.Rand
	checks []string
	every  time.Duration
}

func newTraffic(n int, every time.Duration) *traffic {
	tr := &traffic{rnd: rand.New(rand.NewPCG(1, 2)), every: every}
	for _, r := range batchOf(n, t0) {
		tr.checks = append(tr.checks, r.Result.Check)
	}
	return tr
}

// at gives one result of each check, spread over the interval that begins at t.
func (tr *traffic) at(t time.Time) []checks.Recorded {
	out := make([]checks.Recorded, len(tr.checks))
	for i, id := range tr.checks {
		at := t.Add(tr.every*time.Duration(i)/time.Duration(len(tr.checks)) + time.Duration(tr.rnd.IntN(3))*time.Millisecond)
		latency := time.Duration(math.Exp(tr.rnd.NormFloat64()*0.25)*180_000) * time.Microsecond
		o := checks.Good
		if tr.rnd.IntN(2000) == 0 {
			o = checks.Bad
		}
		out[i] = result(id, at, latency, o)
		out[i].State.Status = checks.StatusUp
	}
	return out
}

// fill writes a past straight into the archive, as Tend would have, and gives how many results that were.
func (tr *traffic) fill(b *testing.B, s *Store, from time.Time, days int) (n int) {
	b.Helper()
	var nos []int64
	for i, id := range tr.checks {
		nos = append(nos, int64(i+1))
		tr.rowsOf(b, s, "INSERT OR IGNORE INTO checks (no, id, service, every_ms) VALUES (?, ?, 'x', ?)", i+1, id, tr.every.Milliseconds())
	}
	for day := range days {
		tx, err := s.results.Begin()
		ok(b, err)
		byCheck := map[int64][]sample{}
		for at := from.AddDate(0, 0, day); at.Before(from.AddDate(0, 0, day+1)); at = at.Add(tr.every) {
			for i, r := range tr.at(at) {
				byCheck[nos[i]] = append(byCheck[nos[i]], newSample(nos[i], r.Result))
				n++
			}
		}
		ok(b, s.keepSamples(b.Context(), tx, byCheck))
		for _, no := range nos {
			_, err := archiveDay(b.Context(), tx, no, dayOf(from.AddDate(0, 0, day)))
			ok(b, err)
		}
		ok(b, tx.Commit())
	}
	return n
}

func (tr *traffic) rowsOf(b *testing.B, s *Store, query string, args ...any) {
	b.Helper()
	_, err := s.results.Exec(query, args...)
	ok(b, err)
}

// used gives the bytes of the pages that hold something.
func used(b *testing.B, s *Store) int64 {
	b.Helper()
	i, err := s.Info(b.Context())
	ok(b, err)
	return i.Bytes - i.Free
}

// BenchmarkBytesPerResult: what a stored result costs on disk after compaction, sums of hours and days included. The floor is
// the entropy of the latencies and the jitter of this traffic, 2.4 bytes.
func BenchmarkBytesPerResult(b *testing.B) {
	for b.Loop() {
		s, c := newStore(b)
		tr := newTraffic(200, 30*time.Second)
		empty := used(b, s)
		n := tr.fill(b, s, t0.Truncate(24*time.Hour), 20)
		c.set(t0.AddDate(0, 0, 21))
		_, err := s.Tend(b.Context(), 0, Keep{}, func() bool { return true })
		ok(b, err)
		b.ReportMetric(float64(used(b, s)-empty)/float64(n), "B/result")
		b.ReportMetric(2.4, "floor-B/result")
		ok(b, s.Close())
	}
}

// BenchmarkYear: one check over one year at 30 s. The floor is reading and unpacking the same blocks without doing anything.
func BenchmarkYear(b *testing.B) {
	s, c := newStore(b)
	tr := newTraffic(1, 30*time.Second)
	from := t0.Truncate(24 * time.Hour)
	n := tr.fill(b, s, from, 365)
	c.set(from.AddDate(0, 0, 365).Add(2 * time.Hour))
	_, err := s.Tend(b.Context(), 0, Keep{}, func() bool { return true })
	ok(b, err)
	for i := range 400 { // an outage most days
		tr.rowsOf(b, s, "INSERT INTO intervals VALUES (1, ?, ?, ?)", from.Add(time.Duration(i)*20*time.Hour).UnixNano()+1,
			from.Add(time.Duration(i+1)*20*time.Hour).UnixNano()+1, []string{"up", "down"}[i%2])
	}
	to := from.AddDate(0, 0, 365)
	for _, q := range []struct {
		name string
		RangeQuery
	}{{"exact", RangeQuery{From: from, To: to}}, {"sums", RangeQuery{From: from, To: to, Sums: true}}, {"days", RangeQuery{From: from, To: to, Step: 24 * time.Hour}}} {
		b.Run(q.name, func(b *testing.B) {
			for b.Loop() {
				r, err := s.Range(b.Context(), tr.checks[0], q.RangeQuery)
				ok(b, err)
				if r.Whole.Total != n || r.Whole.P50 == 0 {
					b.Fatal(r.Whole.Total, n)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/1000, "ms")
		})
	}
	b.Run("floor", func(b *testing.B) {
		for b.Loop() {
			tx, err := s.readers.Begin()
			ok(b, err)
			sum := 0
			ok(b, eachArchived(b.Context(), tx, 1, 0, 1<<20, func(sample) { sum++ }))
			ok(b, tx.Rollback())
			if sum != n {
				b.Fatal(sum)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/1000, "ms")
	})
}
