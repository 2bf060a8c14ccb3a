package clean

import "io"

// Stream takes secrets out of what passes through it on its way to a writer, however it is cut into pieces. It holds back
// only what may be the beginning of a secret. Close passes on what is left; it does not close the writer.
type Stream struct {
	r       *Redactor
	w       io.Writer
	held    []byte
	covered int  // bytes at the beginning of held that belong to a secret whose mark is written
	marked  bool // what was written last is a mark
	n       int
}

// NewStream makes a stream to w. A nil Redactor is fine.
func (r *Redactor) NewStream(w io.Writer) *Stream { return &Stream{r: r, w: w} }

// Count tells how many secrets were taken out so far.
func (s *Stream) Count() int { return s.n }

// Write takes all of b, and gives the writer's error.
func (s *Stream) Write(b []byte) (int, error) {
	if s.r == nil || len(s.r.forms) == 0 {
		return s.w.Write(b)
	}
	s.held = append(s.held, b...)
	return len(b), s.pass(s.r.open(s.held))
}

// Close passes on what was held back.
func (s *Stream) Close() error {
	if len(s.held) == 0 {
		return nil
	}
	return s.pass(len(s.held))
}

// pass writes what stands before an offset. Secrets may overlap: all that any of them covers goes, so that no end of one
// stays behind; those that touch share a mark.
func (s *Stream) pass(until int) error {
	var out []byte
	end := s.covered
	s.r.each(s.held, func(from, to int) {
		if from >= until {
			return
		}
		if from > end || end == 0 && !s.marked {
			out = append(append(out, s.held[end:from]...), redacted...)
			s.n++
		}
		end, s.marked = max(end, to), true
	})
	if end < until {
		out = append(out, s.held[end:until]...)
		s.marked = false
	}
	s.covered = max(0, end-until)
	s.held = append(s.held[:0], s.held[until:]...)
	if len(out) == 0 {
		return nil
	}
	_, err := s.w.Write(out)
	return err
}
