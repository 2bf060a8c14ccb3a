package store

import (
	"time"

	"lage/checks"
)

// sample is one stored result. Its time is kept in milliseconds and its latency in microseconds; the newest result of
// each check stands in states as it was measured.
type sample struct {
	check   int64
	at      int64 // unix milliseconds
	latency int64 // microseconds
	flags   sampleFlags
	message string // JSON; empty: the same as that of the result before
}

// sampleFlags are outcome (bits 0-1), by hand (2), "a message follows" (3, while packed).
type sampleFlags uint8

const (
	flagByHand  sampleFlags = 1 << 2
	flagMessage sampleFlags = 1 << 3
)

func (f sampleFlags) outcome() checks.Outcome { return checks.Outcome(f & 3) }

func newSample(check int64, r checks.Result) sample {
	s := sample{check: check, at: r.At.UnixMilli(), latency: max(r.Latency.Microseconds(), 0), flags: sampleFlags(r.Outcome & 3)}
	if r.ByHand {
		s.flags |= flagByHand
	}
	return s
}

func (s sample) public() checks.Sample {
	return checks.Sample{At: time.UnixMilli(s.at).UTC(), Latency: time.Duration(s.latency) * time.Microsecond, Outcome: s.flags.outcome()}
}

// withMessage gives the flags as they are packed.
func (s sample) withMessage() sampleFlags {
	if s.message != "" {
		return s.flags | flagMessage
	}
	return s.flags
}

// packBatch packs the results of one batch for the log: about seven bytes each. id is the row's, in nanoseconds.
func packBatch(id int64, batch []sample) []byte {
	p := packer{make([]byte, 0, 4+10*len(batch))}
	p.uint(1)
	p.uint(uint64(len(batch)))
	base := id / int64(time.Millisecond)
	for _, s := range batch {
		p.uint(uint64(s.check))
		p.int(base - s.at)
		p.b = append(p.b, byte(s.withMessage()))
		p.uint(uint64(s.latency))
		if s.message != "" {
			p.str(s.message)
		}
	}
	return p.b
}

// unpackBatch calls f for every result of a batch, up to the first that cannot be read.
func unpackBatch(id int64, data string, f func(sample)) {
	u := unpacker{b: data}
	if u.uint() != 1 {
		return
	}
	base := id / int64(time.Millisecond)
	for range u.count() {
		s := sample{check: int64(u.uint()), at: base - u.int(), flags: sampleFlags(u.uint()), latency: int64(u.uint())}
		if s.flags&flagMessage != 0 {
			s.flags &^= flagMessage
			s.message = u.str()
		}
		if u.bad {
			return
		}
		f(s)
	}
}
