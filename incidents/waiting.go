package incidents

import (
	"time"

	"lage/checks"
	"lage/runbooks"
)

// WaitLeft gives how long a wait that began at since still lasts: all of it where it has not begun, 0 when it is over.
func WaitLeft(wait time.Duration, since, now time.Time) time.Duration {
	if since.IsZero() {
		return max(0, wait)
	}
	return max(0, since.Add(wait).Sub(now))
}

// Awaited is where waiting for one of our checks stands.
type Awaited struct {
	Met      bool
	TimedOut bool          // not met, and the time for it is over
	OKFor    time.Duration // how long the check has been up without a break; 0 when it is not, or when that is not known
	Left     time.Duration // how long it has to stay up still; 0 when it is not up
}

// Await tells whether a check is as a step waits for it. A check that has not been measured is not up; one that a measurement
// found up long before the waiting began counts from there.
func Await(u runbooks.Until, since time.Time, states map[string]checks.State, now time.Time) Awaited {
	var a Awaited
	if st, ok := states[u.Check]; ok && st.Status == checks.StatusUp && !st.Since.IsZero() {
		a.OKFor = max(0, now.Sub(st.Since))
		a.Left = max(0, u.For-a.OKFor)
		a.Met = a.Left == 0
	}
	a.TimedOut = !a.Met && u.Timeout > 0 && !since.IsZero() && !now.Before(since.Add(u.Timeout))
	return a
}
