package proc

import (
	"bytes"
	"io"
	"os"
	"unicode/utf8"
)

// CutMark stands where output was left out of the middle.
const CutMark = "\n…\n"

const headBytes = 64 << 10

// pipe connects us with a process. Either stdin or to is set.
type pipe struct {
	ours, theirs *os.File
	stdin        string
	to           io.Writer
	done         chan struct{}
}

// pump moves data until the pipe's end or until closed. Errors mean that the other side has gone: nothing is left to do.
func (p *pipe) pump() {
	defer close(p.done)
	if p.to == nil {
		_, _ = io.WriteString(p.ours, p.stdin)
		p.ours.Close()
		return
	}
	_, _ = io.Copy(p.to, p.ours)
}

// capture keeps the head and the tail of what is written to it, and counts all of it. It is not safe for concurrent use.
type capture struct {
	head  []byte
	tail  []byte // a ring of tailCap bytes once it is full
	next  int    // where in the full ring the oldest byte stands
	total int64

	headCap, tailCap int
}

func newCapture(limit int) *capture {
	if limit <= 0 {
		limit = defaultLimit
	}
	head := min(headBytes, limit/2)
	return &capture{headCap: head, tailCap: limit - head}
}

// Write never fails.
func (c *capture) Write(b []byte) (int, error) {
	n := len(b)
	c.total += int64(n)
	if room := c.headCap - len(c.head); room > 0 {
		take := min(room, len(b))
		c.head = append(c.head, b[:take]...)
		b = b[take:]
	}
	if len(b) > c.tailCap {
		b = b[len(b)-c.tailCap:]
	}
	if room := c.tailCap - len(c.tail); room > 0 {
		take := min(room, len(b))
		c.tail = append(c.tail, b[:take]...)
		b = b[take:]
	}
	for len(b) > 0 {
		k := copy(c.tail[c.next:], b)
		c.next = (c.next + k) % c.tailCap
		b = b[k:]
	}
	return n, nil
}

func (c *capture) cut() bool { return c.total > int64(len(c.head)+len(c.tail)) }

// Bytes gives what was kept. Where something is missing, the head ends and the tail begins with a whole line or, where
// lines are long, with a whole character, and CutMark stands between them.
func (c *capture) Bytes() []byte {
	tail := append(append([]byte(nil), c.tail[c.next:]...), c.tail[:c.next]...)
	if !c.cut() {
		return append(append([]byte(nil), c.head...), tail...)
	}
	return join(c.head, tail)
}

// join puts a cut head and tail together at borders that can be read.
func join(head, tail []byte) []byte {
	const near = 4 << 10
	if i := bytes.LastIndexByte(head, '\n'); i >= 0 && len(head)-i <= near {
		head = head[:i]
	} else {
		head = wholeRunes(head)
	}
	if i := bytes.IndexByte(tail, '\n'); i >= 0 && i < near && i+1 < len(tail) {
		tail = tail[i+1:]
	} else {
		for i := 0; i < utf8.UTFMax && len(tail) > 0 && !utf8.RuneStart(tail[0]); i++ {
			tail = tail[1:]
		}
	}
	out := make([]byte, 0, len(head)+len(CutMark)+len(tail))
	return append(append(append(out, head...), CutMark...), tail...)
}

// wholeRunes drops a character that is cut at the end.
func wholeRunes(b []byte) []byte {
	for i := len(b) - 1; i >= 0 && i >= len(b)-utf8.UTFMax; i-- {
		if utf8.RuneStart(b[i]) {
			if !utf8.FullRune(b[i:]) {
				return b[:i]
			}
			break
		}
	}
	return b
}
