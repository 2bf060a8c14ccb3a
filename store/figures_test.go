package store

import (
	"bytes"
	"os"
	"strconv"
	"testing"
	"time"
)

// written gives the bytes that this process has handed to write calls so far.
func written(b *testing.B) int64 {
	b.Helper()
	data, err := os.ReadFile("/proc/self/io")
	if err != nil {
		b.Skip(err)
	}
	for line := range bytes.Lines(data) {
		if n, found := bytes.CutPrefix(line, []byte("wchar: ")); found {
			v, err := strconv.ParseInt(string(bytes.TrimSpace(n)), 10, 64)
			ok(b, err)
			return v
		}
	}
	b.Fatal("no wchar")
	return 0
}

// BenchmarkWritten: what is written to disk for each result at 100 checks per second, 3000 checks every 30 s in a batch each
// second, as the Watcher makes them: one hour of results, and an hour's move from the log into blocks and sums. The floor is what a result
// takes up in the log and in its block, 7 and 4 bytes; the rest is mostly the page on which a check's state stands.
func BenchmarkWritten(b *testing.B) {
	for b.Loop() {
		s, c := newStore(b)
		tr := newTraffic(3000, 30*time.Second)
		c.set(t0.Truncate(time.Hour).Add(time.Hour))
		hour := func(rounds int) (n int) {
			for range rounds {
				batch := tr.at(c.now())
				for i := 0; i < len(batch); i += 100 {
					c.add(time.Second)
					ok(b, s.Recorder().Record(b.Context(), batch[i:i+100]))
				}
				n += len(batch)
			}
			return n
		}
		hour(120)
		start := written(b)
		n := hour(121) - 3000 // the last round moves the first hour
		b.ReportMetric(float64(written(b)-start)/float64(n), "B/result")
		b.ReportMetric(7+4, "floor-B/result")
		ok(b, s.Close())
	}
}
