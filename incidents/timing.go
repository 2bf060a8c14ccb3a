package incidents

import (
	"slices"
	"time"

	"lage/internal/clean"
	"lage/internal/text"
)

// TimeKind names one of the times of an incident that are kept apart. The words are those of the command line.
type TimeKind string

// The times. What is technically mitigated may be resolved much later.
const (
	TimeStarted      TimeKind = "started"
	TimeDetected     TimeKind = "detected"
	TimeAcknowledged TimeKind = "acknowledged"
	TimeMitigated    TimeKind = "mitigated"
	TimeResolved     TimeKind = "resolved"
)

// TimeKinds lists them in order.
func TimeKinds() []TimeKind {
	return []TimeKind{TimeStarted, TimeDetected, TimeAcknowledged, TimeMitigated, TimeResolved}
}

// SetTime corrects one of the incident's times. The reason is required; the entry keeps what stood there before.
type SetTime struct {
	Which  TimeKind
	To     time.Time
	Reason string
}

func (SetTime) action() {}

// Ended is when the effect on users ended: what a person said, else when all checks were up again; zero while neither is
// known.
func (i Incident) Ended() time.Time {
	if !i.Mitigated.IsZero() {
		return i.Mitigated
	}
	return i.Recovered
}

// Time gives one of the times; zero where it is not known.
func (i Incident) Time(k TimeKind) time.Time {
	switch k {
	case TimeStarted:
		return i.Started
	case TimeDetected:
		return i.Detected
	case TimeAcknowledged:
		return i.Acknowledged
	case TimeMitigated:
		return i.Ended()
	case TimeResolved:
		return i.Resolved
	}
	return time.Time{}
}

func (i *Incident) setTime(k TimeKind, t time.Time) {
	switch k {
	case TimeStarted:
		i.Started = t
	case TimeDetected:
		i.Detected = t
	case TimeAcknowledged:
		i.Acknowledged = t
	case TimeMitigated:
		i.Mitigated = t
	case TimeResolved:
		i.Resolved = t
	}
}

// inOrder lists which times may not lie after which.
func inOrder() [][2]TimeKind {
	return [][2]TimeKind{
		{TimeStarted, TimeDetected}, {TimeStarted, TimeMitigated}, {TimeDetected, TimeAcknowledged},
		{TimeAcknowledged, TimeResolved}, {TimeMitigated, TimeResolved},
	}
}

func (d *draft) setTime(a SetTime) error {
	reason := d.plan.Mask.Text(clean.Line(a.Reason))
	old := d.inc.Time(a.Which)
	switch {
	case !slices.Contains(TimeKinds(), a.Which):
		return refuse("incidents.no_time", clean.Line(string(a.Which)))
	case reason == "":
		return refuse("incidents.needs_reason")
	case len(reason) > maxTitle:
		return refuse("incidents.too_long", maxTitle)
	case a.To.IsZero() || a.To.After(d.now):
		return refuse("incidents.time_ahead", d.moment(a.To))
	case old.IsZero() && a.Which != TimeMitigated:
		return refuse("incidents.time_not_yet", timeWord(a.Which))
	case old.Equal(a.To):
		return nil
	}
	d.inc.setTime(a.Which, a.To)
	for _, o := range inOrder() {
		first, second := d.inc.Time(o[0]), d.inc.Time(o[1])
		if (o[0] == a.Which || o[1] == a.Which) && !first.IsZero() && !second.IsZero() && first.After(second) {
			return refuse("incidents.time_order", timeWord(o[0]), d.moment(first), timeWord(o[1]), d.moment(second))
		}
	}
	d.entry(Entry{Kind: KindTime, Message: text.M("incidents.time_set", timeWord(a.Which), d.moment(old), d.moment(a.To), reason)})
	return nil
}

func timeWord(k TimeKind) text.Message { return text.M("incidents.time_" + string(k)) }

// moment writes a moment into a stored message, the same in every language; "–" for one that is not known.
func (d *draft) moment(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return d.plan.local(t).Format("2006-01-02 15:04:05")
}

// Length is one of the four spans by which incidents are compared. Their names mean different things elsewhere, so the formula
// goes with the number.
type Length struct {
	Kind     string // ttd, tta, ttm, ttr
	From, To TimeKind
	Span     time.Duration
	Known    bool // false where one of the times is missing, or they are in the wrong order: unknown is not 0
}

// Lengths gives the time to detect, to acknowledge, to mitigate and to resolve.
func (i Incident) Lengths() []Length {
	out := []Length{
		{Kind: "ttd", From: TimeStarted, To: TimeDetected}, {Kind: "tta", From: TimeDetected, To: TimeAcknowledged},
		{Kind: "ttm", From: TimeStarted, To: TimeMitigated}, {Kind: "ttr", From: TimeStarted, To: TimeResolved},
	}
	for n := range out {
		from, to := i.Time(out[n].From), i.Time(out[n].To)
		if !from.IsZero() && !to.IsZero() && !to.Before(from) {
			out[n].Span, out[n].Known = to.Sub(from), true
		}
	}
	return out
}
