package store

import (
	"math"
	"math/bits"
	"slices"
	"time"
)

// histogram counts latencies in bins that grow by 2 %, so that a percentile read from it is at most 1 % wrong, however
// many hours are added up. Only the bins between the lowest and the highest that hold something are kept: there are many
// histograms, and each is narrow. The zero value is empty.
type histogram struct {
	low  int // the bin that bins begins with
	bins []uint32
}

const (
	logGrowth = 0.019802627296179712 // ln 1.02
	maxBin    = 1500                 // three months
)

// binOf gives the bin of a latency in microseconds; up to one microsecond everything is bin 0.
func binOf(us int64) int {
	if us <= 1 {
		return 0
	}
	return min(int(math.Ceil(math.Log(float64(us))/logGrowth)), maxBin)
}

// binValue gives the latency that stands for a bin: in its middle, so that the error is the same at both ends.
func binValue(bin int) time.Duration {
	us := math.Exp(float64(bin)*logGrowth) * 2 / 2.02
	return time.Duration(math.Round(us)) * time.Microsecond
}

func (h *histogram) add(us int64, n uint32) { h.count(binOf(us), n) }

func (h *histogram) count(bin int, n uint32) {
	h.span(bin, bin)
	h.bins[bin-h.low] += n
}

// span makes room for the bins from low to high.
func (h *histogram) span(low, high int) {
	if len(h.bins) == 0 {
		h.low, h.bins = low, append(h.bins[:0], make([]uint32, high+1-low)...)
		return
	}
	if low < h.low {
		h.bins = slices.Insert(h.bins, 0, make([]uint32, h.low-low)...)
		h.low = low
	}
	if more := high + 1 - h.low - len(h.bins); more > 0 {
		h.bins = append(h.bins, make([]uint32, more)...)
	}
}

func (h *histogram) merge(o histogram) {
	if len(o.bins) == 0 {
		return
	}
	h.span(o.low, o.low+len(o.bins)-1)
	for i, n := range o.bins {
		h.bins[o.low-h.low+i] += n
	}
}

// percentile gives the latency that the share p of all (0 to 1) does not exceed; zero when it is empty.
func (h *histogram) percentile(p float64) time.Duration {
	var total uint64
	for _, n := range h.bins {
		total += uint64(n)
	}
	if total == 0 {
		return 0
	}
	rank := max(uint64(math.Ceil(p*float64(total))), 1)
	for bin, n := range h.bins {
		if uint64(n) >= rank {
			return binValue(h.low + bin)
		}
		rank -= uint64(n)
	}
	return binValue(h.low + len(h.bins) - 1)
}

// pack keeps the counts from the lowest bin to the highest in few bits each (version 2), or only the bins that hold something
// where they lie far apart (version 1): some 25 bytes for a usual hour.
func (h *histogram) pack() []byte {
	low, high := 0, len(h.bins)
	for low < high && h.bins[low] == 0 {
		low++
	}
	for high > low && h.bins[high-1] == 0 {
		high--
	}
	sparse := h.packSparse()
	k, size := bestRice(h.bins[low:high])
	if size/8+6 >= len(sparse) {
		return sparse
	}
	p := packer{make([]byte, 0, 8+size/8)}
	p.uint(2)
	p.uint(uint64(h.low + low))
	p.uint(uint64(high - low))
	p.uint(uint64(k))
	w, _ := rice(h.bins[low:high], k)
	if w.used > 0 {
		w.b = append(w.b, byte(w.acc))
	}
	return append(p.b, w.b...)
}

func (h *histogram) packSparse() []byte {
	var used uint64
	for _, n := range h.bins {
		if n > 0 {
			used++
		}
	}
	p := packer{make([]byte, 0, 3+3*used)}
	p.uint(1)
	p.uint(used)
	last := 0
	for i, n := range h.bins {
		if bin := h.low + i; n > 0 {
			p.uint(uint64(bin - last))
			p.uint(uint64(n))
			last = bin
		}
	}
	return p.b
}

// unpack adds a packed histogram to h. What cannot be read counts nothing.
func (h *histogram) unpack(b string) {
	u := unpacker{b: b}
	switch u.uint() {
	case 1:
		h.unpackSparse(&u)
	case 2:
		h.unpackDense(&u)
	}
}

func (h *histogram) unpackDense(u *unpacker) {
	low, n, k := u.uint(), u.uint(), u.uint()
	if u.bad || low+n > maxBin+1 || n == 0 || k > 31 {
		return
	}
	h.span(int(low), int(low+n-1))
	at, end := 0, 8*len(u.b)
	for i := range int(n) {
		q := 0
		for at < end {
			ones := min(bits.TrailingZeros64(^load64(u.b, at)), 32) // as many as are surely loaded
			q, at = q+ones, at+ones
			if ones < 32 {
				break
			}
		}
		at++ // the zero
		if at+int(k) > end {
			return
		}
		rest := load64(u.b, at) & (1<<k - 1)
		at += int(k)
		h.bins[int(low)+i-h.low] += uint32(q)<<k | uint32(rest)
	}
}

func (h *histogram) unpackSparse(u *unpacker) {
	bin := uint64(0)
	for range u.count() {
		bin += u.uint()
		n := u.uint()
		if u.bad || bin > maxBin {
			return
		}
		h.count(int(bin), uint32(n))
	}
}
