package checks

import (
	"math/bits"
	"time"
)

const (
	window       = 20 // counted results that Recent remembers
	flapStart    = 10 // changes between Bad and not Bad among them that begin flapping: half of them
	flapEnd      = 5  // and that end it: a quarter
	warnInARow   = 2  // warnings in a row that make a check degraded (one, where one failure makes it down)
	failDefault  = 3
	riseDefault  = 2
	windowFilter = 1<<window - 1
)

// failAfter gives the failures in a row that make a check down.
func (p Policy) failAfter() int {
	if p.FailAfter <= 0 {
		return failDefault
	}
	return p.FailAfter
}

// recoverAfter gives the successes in a row that make it up again.
func (p Policy) recoverAfter() int {
	if p.RecoverAfter <= 0 {
		return riseDefault
	}
	return p.RecoverAfter
}

// Next counts one result: it gives the state that follows, and the transition if the status changed, otherwise nil. It is
// pure. Transition.Service stays empty, because a result does not know it.
//
//   - FailAfter Bad results in a row make a check down, since the first of them. Until then the status stays.
//   - RecoverAfter results in a row that are not Bad bring it back from down, since the first of them.
//   - Two Warnings in a row (one, where FailAfter is 1) make it degraded, since the first of them; RecoverAfter Good
//     results in a row make it up again, since the first of them. A Warning counts as a success for a check that is down.
//   - A check that is unknown takes its status from the first Good or Warning result at once.
//   - Unknown results are neutral: they neither break nor lengthen a row. But FailAfter of them in a row make the status
//     unknown, unless it is down.
//   - Flapping begins when half of the latest 20 counted results changed between Bad and not Bad, and ends when at most
//     a quarter did and a row is long enough to say where the check stands. While it lasts the check is neither down nor up.
//   - Results that a person asked for (ByHand) change nothing.
func Next(s State, r Result, p Policy) (State, *Transition) {
	if r.ByHand {
		return s, nil
	}
	if s.Status == "" {
		s.Status = StatusUnknown
	}
	s.Check, s.Last = r.Check, r
	if r.Outcome == Unknown {
		s = countUnknown(s, r.At)
	} else {
		s = count(s, r)
	}
	to, since := stand(s, r, p)
	if to == s.Status {
		return s, nil
	}
	t := &Transition{Check: r.Check, From: s.Status, To: to, At: r.At, Since: since, Message: r.Message}
	s.Status, s.Since = to, since
	return s, t
}

func countUnknown(s State, at time.Time) State {
	if s.Unknowns == 0 {
		s.FirstUnknown = at
	}
	s.Unknowns++
	return s
}

// count keeps the rows of a counted result.
func count(s State, r Result) State {
	s.Unknowns, s.FirstUnknown = 0, time.Time{}
	if s.RunLength == 0 || s.Run != r.Outcome {
		s.Run, s.RunLength, s.RunSince = r.Outcome, 0, r.At
	}
	s.RunLength++
	bad := uint32(0)
	if r.Outcome == Bad {
		bad = 1
		if s.Failures == 0 || s.FirstFailure.IsZero() {
			s.FirstFailure = r.At
		}
		s.Failures++
		s.Successes, s.FirstSuccess = 0, time.Time{}
	} else {
		if s.Successes == 0 || s.FirstSuccess.IsZero() {
			s.FirstSuccess = r.At
		}
		s.Successes++
		s.Failures, s.FirstFailure = 0, time.Time{}
	}
	s.Recent = (s.Recent<<1 | bad) & windowFilter
	s.Counted = min(s.Counted+1, window)
	return s
}

// stand gives the status that the rows of s call for, and since when. s.Status is still the one before r.
func stand(s State, r Result, p Policy) (Status, time.Time) {
	if r.Outcome == Unknown {
		if s.Unknowns >= p.failAfter() && s.Status != StatusDown {
			return StatusUnknown, s.FirstUnknown
		}
		return s.Status, s.Since
	}
	switch changes := s.changes(); {
	case s.Status != StatusFlapping && s.Counted == window && changes >= flapStart:
		return StatusFlapping, r.At
	case s.Status == StatusFlapping && changes > flapEnd:
		return s.Status, s.Since
	case s.Failures >= p.failAfter():
		return StatusDown, firstOf(s.FirstFailure, s.Since, s.Status == StatusDown)
	case s.Status == StatusDown || s.Status == StatusFlapping:
		if s.Successes < p.recoverAfter() {
			return s.Status, s.Since
		}
		return well(s, p), s.FirstSuccess
	case s.Status == StatusUnknown:
		if r.Outcome == Good {
			return StatusUp, r.At
		}
		if r.Outcome == Warning {
			return StatusDegraded, r.At
		}
	case s.Run == Warning && s.RunLength >= p.warnAfter():
		return StatusDegraded, firstOf(s.RunSince, s.Since, s.Status == StatusDegraded)
	case s.Status == StatusDegraded && s.Run == Good && s.RunLength >= p.recoverAfter():
		return StatusUp, s.RunSince
	}
	return s.Status, s.Since
}

// well gives the status of a check that came back: up, or degraded if its newest results are warnings.
func well(s State, p Policy) Status {
	if s.Run == Warning && s.RunLength >= p.warnAfter() {
		return StatusDegraded
	}
	return StatusUp
}

func (p Policy) warnAfter() int { return min(warnInARow, p.failAfter()) }

// firstOf gives the status' old beginning while it lasts, otherwise the first result of the row that made it.
func firstOf(first, old time.Time, lasts bool) time.Time {
	if lasts {
		return old
	}
	return first
}

// changes counts how often the remembered results changed between Bad and not Bad.
func (s State) changes() int {
	if s.Counted < 2 {
		return 0
	}
	pairs := uint32(1)<<(s.Counted-1) - 1
	return bits.OnesCount32((s.Recent ^ s.Recent>>1) & pairs)
}
