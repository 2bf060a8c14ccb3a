package store

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// bitWriter appends numbers of a few bits each. finish adds what the reader needs to read eight bytes at any place.
type bitWriter struct {
	b    []byte
	acc  uint64
	used int // bits in acc, below 8 between calls
}

// put appends the lowest width bits of v; width is 56 at most.
func (w *bitWriter) put(v uint64, width int) {
	w.acc |= v << w.used
	w.used += width
	for w.used >= 8 {
		w.b = append(w.b, byte(w.acc))
		w.acc >>= 8
		w.used -= 8
	}
}

const bitPadding = 7

func (w *bitWriter) finish() []byte {
	if w.used > 0 {
		w.b = append(w.b, byte(w.acc))
	}
	return append(w.b, make([]byte, bitPadding)...)
}

// bitRoom tells whether a stream has n numbers of width bits from a place on.
func bitRoom(data string, at, n, width int) bool { return (at+n*width+7)/8+bitPadding <= len(data) }

// numbers are packed as the distance from the least of them, each in the same few bits; those that need more stand in a
// list of exceptions.
type numbers struct {
	least uint64
	width int
	high  []exception
}

// exception is what a number has above its width.
type exception struct {
	index int
	rest  uint64
}

const maxWidth = 48

func newNumbers(list []uint64) numbers {
	if len(list) == 0 {
		return numbers{}
	}
	c := numbers{least: list[0]}
	for _, v := range list {
		c.least = min(c.least, v)
	}
	var need [65]int // how many numbers need so many bits
	for _, v := range list {
		need[bits.Len64(v-c.least)]++
	}
	const costly = 32 // bits that an exception costs, about
	best, above := -1, len(list)
	for w := 0; w <= maxWidth; w++ {
		above -= need[w]
		if cost := len(list)*w + above*costly; best < 0 || cost < best {
			best, c.width = cost, w
		}
	}
	for i, v := range list {
		if rest := (v - c.least) >> c.width; rest > 0 {
			c.high = append(c.high, exception{i, rest})
		}
	}
	return c
}

func (c numbers) packHead(p *packer) {
	p.uint(c.least)
	p.uint(uint64(c.width))
	p.uint(uint64(len(c.high)))
	last := 0
	for _, e := range c.high {
		p.uint(uint64(e.index - last))
		p.uint(e.rest)
		last = e.index
	}
}

func (c numbers) packBits(w *bitWriter, list []uint64) {
	for _, v := range list {
		w.put((v-c.least)&(1<<c.width-1), c.width)
	}
}

func (u *unpacker) numbers() numbers {
	c := numbers{least: u.uint(), width: int(u.uint())}
	if c.width < 0 || c.width > maxWidth {
		u.fail()
		return numbers{}
	}
	n := u.count()
	if n > 0 {
		c.high = make([]exception, n)
	}
	at := uint64(0)
	for i := range c.high {
		at += u.uint()
		c.high[i] = exception{int(min(at, 1<<31)), u.uint()}
	}
	return c
}

// values reads n numbers from a place on that bitRoom has looked at. out is used where it is large enough.
func (c *numbers) values(data string, from, n int, out []int64) []int64 {
	out = slices.Grow(out[:0], n)[:n]
	width, mask := c.width, uint64(1)<<c.width-1
	if width == 0 {
		for i := range out {
			out[i] = int64(c.least)
		}
	} else {
		for i := range out {
			at := from + i*width
			s := data[at>>3 : at>>3+8]
			v := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
				uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
			out[i] = int64(c.least + v>>(at&7)&mask)
		}
	}
	for _, e := range c.high {
		if e.index < n {
			out[e.index] += int64(e.rest << width)
		}
	}
	return out
}

// rice packs small counts: each as its upper part in unary and its k lowest bits.
func rice(counts []uint32, k int) (bitWriter, int) {
	var w bitWriter
	size := 0
	for _, n := range counts {
		q := int(n >> k)
		size += q + 1 + k
		for ; q >= 32; q -= 32 {
			w.put(1<<32-1, 32)
		}
		w.put(1<<q-1, q+1) // q ones and a zero
		w.put(uint64(n)&(1<<k-1), k)
	}
	return w, size
}

// bestRice gives the k with which counts take the fewest bits, and how many.
func bestRice(counts []uint32) (k, size int) {
	for try := range 16 {
		s := 0
		for _, n := range counts {
			s += int(n>>try) + 1 + try
		}
		if try == 0 || s < size {
			k, size = try, s
		}
	}
	return k, size
}

// load64 is what bitsAt reads, for one who counts ones.
func load64(data string, at int) uint64 {
	var b [8]byte
	copy(b[:], data[min(at>>3, len(data)):])
	return binary.LittleEndian.Uint64(b[:]) >> (at & 7)
}
