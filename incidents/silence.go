package incidents

import (
	"time"

	"lage/internal/text"
)

// Silence is why nothing is measured now.
type Silence string

// The silences; the words are those of the JSON output.
const (
	Measured Silence = ""       // somebody measures, or there is nothing to measure
	Never    Silence = "never"  // nobody measures, and nobody ever has
	Nobody   Silence = "nobody" // nobody holds the lease any more
	Stuck    Silence = "stuck"  // somebody holds the lease, and no result comes
)

const (
	restartTime = 3 * time.Second  // nobody may hold the lease for so long: a service that is restarted needs it
	resultSlack = 10 * time.Second // what the newest result may be older than the fastest check's interval and timeout
)

// Silence tells why nothing is measured at now, which may be later than the picture is.
func (p Picture) Silence(now time.Time) Silence {
	q, round := p.Poller, p.round()
	switch {
	case round == 0:
		return Measured
	case q.Owner == "" && q.Until.IsZero() && q.Last.IsZero():
		return Never
	case now.Sub(q.Until) >= restartTime:
		return Nobody
	case q.Owner != "" && !q.Last.IsZero() && now.Sub(q.Last) > round+resultSlack:
		return Stuck
	}
	return Measured
}

// SilentFrom gives the moment from which on Silence says that nobody measures, unless the lease is prolonged; zero when
// nobody has ever held it.
func (p Poller) SilentFrom() time.Time {
	if p.Until.IsZero() {
		return time.Time{}
	}
	return p.Until.Add(restartTime)
}

// round is how long the check that is measured most often takes at most from one result to the next; zero without checks.
func (p Picture) round() time.Duration {
	var least time.Duration
	for _, s := range p.Services {
		for _, c := range s.Checks {
			if d := c.Check.Interval + c.Check.Timeout; least == 0 || d < least {
				least = d
			}
		}
	}
	return least
}

// SilenceMessage puts a silence into words: since when nothing was measured and the command line that mends it. now is in
// the reader's zone.
func (p Picture) SilenceMessage(s Silence, mend string, l text.Lang, now time.Time) text.Message {
	q := p.Poller
	last := q.Last
	if last.IsZero() {
		last = q.Until
	}
	last = last.In(now.Location())
	when := text.ClockSeconds(last)
	if text.Date(l, last) != text.Date(l, now) {
		when = text.DateTime(l, last)
	}
	lasted := max(0, now.Sub(last)).Truncate(time.Second)
	switch s {
	case Never:
		return text.M("poller.never", mend)
	case Nobody:
		return text.M("poller.nobody", when, lasted, mend)
	case Stuck:
		return text.M("poller.stuck", when, lasted, q.Owner, q.Host, q.PID, mend)
	}
	return text.Message{}
}
