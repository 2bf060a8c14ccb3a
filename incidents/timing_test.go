package incidents

import (
	"errors"
	"strings"
	"testing"
	"time"

	"lage/internal/text"
	"lage/services"
)

// minutesIn gives a time so many minutes after the start of the tests' clock.
func minutesIn(n int) time.Time { return start.Add(time.Duration(n) * time.Minute) }

func timed() Incident {
	return Incident{ID: "INC-2026-001", State: Resolved, Started: minutesIn(0), Detected: minutesIn(2), Acknowledged: minutesIn(10),
		Recovered: minutesIn(40), Resolved: minutesIn(60)}
}

func TestTimesAreCorrectedInOrder(t *testing.T) {
	for _, c := range []struct {
		which  TimeKind
		to     int
		reason string
		want   string // code of the refusal; empty when it is written
	}{
		{TimeStarted, -30, "Anruf", ""},
		{TimeStarted, 3, "Anruf", "incidents.time_order"},
		{TimeDetected, 1, "x", ""},
		{TimeDetected, 11, "x", "incidents.time_order"},
		{TimeDetected, -1, "x", "incidents.time_order"},
		{TimeAcknowledged, 5, "x", ""},
		{TimeAcknowledged, 61, "x", "incidents.time_order"},
		{TimeMitigated, 1, "Selbstheilung vor der Entdeckung", ""},
		{TimeMitigated, 61, "x", "incidents.time_order"},
		{TimeResolved, 70, "x", ""},
		{TimeResolved, 39, "x", "incidents.time_order"},
		{TimeResolved, 500, "x", "incidents.time_ahead"},
		{TimeStarted, -30, "", "incidents.needs_reason"},
		{TimeStarted, -30, strings.Repeat("x", maxTitle+1), "incidents.too_long"},
		{"declared", 1, "x", "incidents.no_time"},
	} {
		inc := timed()
		dec, err := Decide(Situation{Incident: &inc}, Request{By: services.Person{Name: "M. Krause"}, Do: SetTime{c.which, minutesIn(c.to), c.reason}}, Plan{}, minutesIn(120))
		var no *Refusal
		if c.want != "" {
			if !errors.As(err, &no) || no.Message.Code != c.want {
				t.Errorf("%s %d: %v, want %s", c.which, c.to, err, c.want)
			}
			continue
		}
		if err != nil || !dec.Incident.Time(c.which).Equal(minutesIn(c.to)) || len(dec.Entries) != 1 {
			t.Errorf("%s %d: %+v %v", c.which, c.to, dec, err)
			continue
		}
		e := dec.Entries[0]
		old := timed().Time(c.which).UTC().Format("15:04:05")
		if words := e.Words(text.English); e.Kind != KindTime || !strings.Contains(words, old) || !strings.Contains(words, c.reason) || !e.OccurredAt.Equal(minutesIn(120)) {
			t.Errorf("%+v: %s", e, words)
		}
	}
}

func TestTimesThatHaveNotHappened(t *testing.T) {
	inc := Incident{ID: "INC-2026-001", State: Detected, Started: minutesIn(0), Detected: minutesIn(2)}
	for which, want := range map[TimeKind]string{TimeAcknowledged: "incidents.time_not_yet", TimeResolved: "incidents.time_not_yet", TimeMitigated: ""} {
		i := inc
		_, err := Decide(Situation{Incident: &i}, Request{Do: SetTime{which, minutesIn(5), "x"}}, Plan{}, minutesIn(120))
		var no *Refusal
		if got := errors.As(err, &no); got != (want != "") || got && no.Message.Code != want {
			t.Errorf("%s: %v", which, err)
		}
	}
	for _, l := range inc.Lengths() {
		if l.Known != (l.Kind == "ttd") || l.Known && l.Span != 2*time.Minute {
			t.Errorf("%+v", l)
		}
	}
	for n, l := range timed().Lengths() {
		if want := []time.Duration{2 * time.Minute, 8 * time.Minute, 40 * time.Minute, 60 * time.Minute}[n]; !l.Known || l.Span != want {
			t.Errorf("%+v, want %s", l, want)
		}
	}
}

// The same again writes nothing; what a person says of the mitigation stays when checks fail and recover after it.
func TestMitigatedStays(t *testing.T) {
	inc := timed()
	dec, err := Decide(Situation{Incident: &inc}, Request{Do: SetTime{TimeMitigated, minutesIn(40), "x"}}, Plan{}, minutesIn(120))
	if err != nil || !dec.empty() {
		t.Errorf("%+v %v", dec, err)
	}
	inc = Incident{ID: "INC-2026-001", State: Acknowledged, Started: minutesIn(0), Detected: minutesIn(2), Acknowledged: minutesIn(3), Mitigated: minutesIn(20)}
	dec, err = Decide(Situation{Incident: &inc}, Request{Do: Resolve{}}, Plan{}, minutesIn(60))
	if err != nil || !dec.Incident.Ended().Equal(minutesIn(20)) || !dec.Incident.Resolved.Equal(minutesIn(60)) {
		t.Errorf("%+v %v", dec.Incident, err)
	}
}
