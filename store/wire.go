package store

import (
	"encoding/binary"
	"math"

	"lage/internal/text"
)

// Packed columns are a version byte, then numbers as varints and strings with their length before them.

// packer appends values to a packed column.
type packer struct{ b []byte }

func (p *packer) uint(v uint64)   { p.b = binary.AppendUvarint(p.b, v) }
func (p *packer) int(v int64)     { p.b = binary.AppendVarint(p.b, v) }
func (p *packer) float(v float64) { p.b = binary.LittleEndian.AppendUint64(p.b, math.Float64bits(v)) }

func (p *packer) str(s string) {
	p.uint(uint64(len(s)))
	p.b = append(p.b, s...)
}

func (p *packer) message(m text.Message) {
	p.str(m.Code)
	p.uint(uint64(len(m.Args)))
	for _, a := range m.Args {
		p.str(a)
	}
}

// unpacker reads them back. After the first value that is not there, everything reads as zero and bad is set: a broken
// column never makes a panic or a huge allocation.
type unpacker struct {
	b   string
	bad bool
}

func (u *unpacker) uint() uint64 {
	var v uint64
	for i := 0; i < len(u.b) && i < binary.MaxVarintLen64; i++ {
		c := u.b[i]
		v |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			u.b = u.b[i+1:]
			return v
		}
	}
	u.fail()
	return 0
}

func (u *unpacker) int() int64 {
	v := u.uint()
	return int64(v>>1) ^ -int64(v&1)
}

func (u *unpacker) float() float64 {
	if len(u.b) < 8 {
		u.fail()
		return 0
	}
	var v uint64
	for i := 7; i >= 0; i-- {
		v = v<<8 | uint64(u.b[i])
	}
	u.b = u.b[8:]
	return math.Float64frombits(v)
}

func (u *unpacker) str() string {
	n := u.uint()
	if n > uint64(len(u.b)) {
		u.fail()
		return ""
	}
	s := u.b[:n]
	u.b = u.b[n:]
	return s
}

// count reads a number of things of at least one byte each.
func (u *unpacker) count() int {
	n := u.uint()
	if n > uint64(len(u.b)) {
		u.fail()
		return 0
	}
	return int(n)
}

func (u *unpacker) message() text.Message {
	m := text.Message{Code: u.str()}
	if n := u.count(); n > 0 {
		m.Args = make([]string, n)
		for i := range m.Args {
			m.Args[i] = u.str()
		}
	}
	return m
}

func (u *unpacker) fail() { u.b, u.bad = "", true }
