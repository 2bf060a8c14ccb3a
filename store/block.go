package store

// A block holds results of one check in order of time. In version 2, which is written now, times are kept as distances and
// latencies as they are, both in the same few bits each (bits.go), flags as runs, and each distinct message once: about 2.7
// bytes per result of an ordinary web check. Version 1 is in databases of before.

// blockSize is how many results of a check go into one block of an hour: some 500 bytes, small enough to lie in its page of a
// clustered table without overflow pages.
const blockSize = 180

// archiveSize is how many go into one block of the archive: three or so to a page.
const archiveSize = 480

// packBlock packs results of one check, in order of time.
func packBlock(block []sample) []byte {
	p := packer{make([]byte, 0, 48+3*len(block))}
	p.uint(2)
	p.uint(uint64(len(block)))
	for i := 0; i < len(block); {
		run := i
		for run < len(block) && block[run].withMessage() == block[i].withMessage() {
			run++
		}
		p.uint(uint64(run - i))
		p.b = append(p.b, byte(block[i].withMessage()))
		i = run
	}
	packMessages(&p, block)
	steps, latencies := make([]uint64, len(block)), make([]uint64, len(block))
	for i, s := range block {
		if i > 0 {
			steps[i] = uint64(s.at - block[i-1].at)
		} else if len(block) > 1 {
			steps[0] = uint64(block[1].at - s.at) // not used: one that costs no bits
		}
		latencies[i] = uint64(s.latency)
	}
	if len(block) > 0 {
		p.int(block[0].at)
	}
	times, lats := newNumbers(steps), newNumbers(latencies)
	times.packHead(&p)
	lats.packHead(&p)
	w := bitWriter{b: p.b}
	times.packBits(&w, steps)
	lats.packBits(&w, latencies)
	return w.finish()
}

// packMessages writes the distinct messages, and which result has which.
func packMessages(p *packer, block []sample) {
	index := map[string]uint64{}
	var texts []string
	for _, s := range block {
		if _, known := index[s.message]; s.message != "" && !known {
			index[s.message] = uint64(len(texts))
			texts = append(texts, s.message)
		}
	}
	p.uint(uint64(len(texts)))
	for _, t := range texts {
		p.str(t)
	}
	for _, s := range block {
		if s.message != "" {
			p.uint(index[s.message])
		}
	}
}

// unpackBlock calls f for every result of a block, up to the first that cannot be read.
func unpackBlock(check int64, data string, f func(sample)) {
	u := unpacker{b: data}
	version := u.uint()
	if version != 1 && version != 2 {
		return
	}
	n := int(u.uint())
	if n < 0 || n > 1<<20 || u.bad {
		return
	}
	flags := u.flagRuns(n, nil)
	if version == 1 {
		u.rowByRow(check, flags, f)
		return
	}
	u.byNumbers(check, flags, f)
}

// readBlock reads a block of version 2; false for others and for what cannot be read.
func (c *resultColumns) readBlock(data string) bool {
	u := unpacker{b: data}
	if u.uint() != 2 {
		return false
	}
	n := int(u.uint())
	if n < 0 || n > 1<<20 || u.bad {
		return false
	}
	return c.read(&u, u.flagRuns(n, c.flags[:0]))
}

// flagRuns reads n flags that were kept as runs, and appends them.
func (u *unpacker) flagRuns(n int, flags []sampleFlags) []sampleFlags {
	for len(flags) < n && !u.bad {
		run, fl := u.uint(), sampleFlags(u.uint())
		if run == 0 {
			u.fail()
		}
		for range min(run, uint64(n-len(flags))) {
			flags = append(flags, fl)
		}
	}
	return flags
}

func (u *unpacker) byNumbers(check int64, flags []sampleFlags, f func(sample)) {
	var c resultColumns
	if !c.read(u, flags) {
		return
	}
	for i, fl := range c.flags {
		s := sample{check: check, at: c.at[i], flags: fl &^ flagMessage, latency: c.latency[i]}
		if fl&flagMessage != 0 {
			if c.which[0] < uint64(len(c.texts)) {
				s.message = c.texts[c.which[0]]
			}
			c.which = c.which[1:]
		}
		f(s)
	}
}

// resultColumns is a block of version 2, read. It can be used again for the next one.
type resultColumns struct {
	flags       []sampleFlags
	at, latency []int64
	texts       []string
	which       []uint64 // the text of each result that has one
}

// read reads what follows the flags; false where it cannot be read.
func (c *resultColumns) read(u *unpacker, flags []sampleFlags) bool {
	c.flags, c.texts, c.which = flags, c.texts[:0], c.which[:0]
	for range u.count() {
		c.texts = append(c.texts, u.str())
	}
	for _, fl := range flags {
		if fl&flagMessage != 0 {
			c.which = append(c.which, u.uint())
		}
	}
	n := len(flags)
	if n == 0 || u.bad {
		return false
	}
	first := u.int()
	times, lats := u.numbers(), u.numbers()
	split := n * times.width
	if u.bad || !bitRoom(u.b, 0, n, times.width) || !bitRoom(u.b, split, n, lats.width) {
		return false
	}
	c.at, c.latency = times.values(u.b, 0, n, c.at), lats.values(u.b, split, n, c.latency)
	c.at[0] = first
	for i := 1; i < n; i++ {
		c.at[i] += c.at[i-1]
	}
	return true
}

// rowByRow reads version 1: times as the change of the distance, and each result with its own message.
func (u *unpacker) rowByRow(check int64, flags []sampleFlags, f func(sample)) {
	var at, step int64
	for i, fl := range flags {
		d := u.int() + step
		if i > 0 {
			step = d
		}
		at += d
		s := sample{check: check, at: at, flags: fl &^ flagMessage, latency: int64(u.uint())}
		if fl&flagMessage != 0 {
			s.message = u.str()
		}
		if u.bad {
			return
		}
		f(s)
	}
}
