package store

import (
	"slices"
	"testing"
	"time"

	"lage/checks"
	"lage/incidents"
)

func TestSignalsAreKeptWithTheirIncident(t *testing.T) {
	s, c := newStore(t)
	i := openIncident(t, s, "form")
	other := openIncident(t, s, "other")
	for n, state := range []incidents.Standing{incidents.Down, incidents.Up} {
		i.Version++
		list := []incidents.Signal{{Key: "a", Origin: "icinga", State: state, Since: t0.Add(time.Duration(n) * time.Minute)}}
		if n == 0 {
			list = append(list, incidents.Signal{Key: "b", State: incidents.Degraded, Since: t0})
		}
		rec := must(t)(s.Record(t.Context(), incidents.Decision{Incident: &i, Signals: list, Entries: []incidents.Entry{entry(incidents.KindAlertDown, "a")}}))
		i = *rec.Incident
	}
	sit, err := s.Situation(t.Context(), i.ID, "")
	ok(t, err)
	want := []incidents.Signal{{Key: "a", Origin: "icinga", State: incidents.Up, Since: t0.Add(time.Minute)}, {Key: "b", State: incidents.Degraded, Since: t0}}
	if !slices.Equal(sit.Signals, want) || len(sit.Failing) != 0 {
		t.Errorf("%+v", sit)
	}
	if sit, err = s.Situation(t.Context(), other.ID, ""); err != nil || len(sit.Signals) != 0 {
		t.Errorf("%+v %v", sit.Signals, err)
	}
	for n := range 3 { // a check of the service goes down
		c.set(t0.Add(time.Duration(n) * time.Minute))
		ok(t, s.Recorder().Record(t.Context(), []checks.Recorded{result("form/web", c.now(), time.Millisecond, checks.Bad)}))
	}
	if sit, err = s.Situation(t.Context(), i.ID, ""); err != nil || !slices.Equal(sit.Failing, []string{"form/web"}) {
		t.Errorf("%+v %v", sit.Failing, err)
	}
	if sit, err = s.Situation(t.Context(), other.ID, ""); err != nil || len(sit.Failing) != 0 {
		t.Errorf("another service's checks: %+v %v", sit.Failing, err)
	}
}

func TestOverlookedAlarms(t *testing.T) {
	s, _ := newStore(t)
	i := openIncident(t, s, "form")
	i.Version++
	must(t)(s.Record(t.Context(), incidents.Decision{Incident: &i, Entries: []incidents.Entry{entry(incidents.KindAlarm, "ops")},
		Alerts: []incidents.Alert{{Contact: "ops", Created: t0, NextTry: t0, Key: "1"}}}))
	count := func(before time.Time) int {
		t.Helper()
		n, err := s.Overlooked(t.Context(), before)
		ok(t, err)
		return n
	}
	if n := count(t0.Add(-time.Second)); n != 0 {
		t.Errorf("not due yet, but %d overlooked", n)
	}
	if n := count(t0.Add(time.Minute)); n != 1 {
		t.Errorf("%d overlooked, want 1", n)
	}
	if _, err := s.Take(t.Context(), t0.Add(2*time.Minute), 10); err != nil {
		t.Fatal(err)
	}
	if n := count(t0.Add(time.Minute)); n != 0 {
		t.Errorf("in hand, but %d overlooked", n)
	}
	if size, err := s.Size(t.Context()); err != nil || size < 4096 {
		t.Error(size, err)
	}
}
