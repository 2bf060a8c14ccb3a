package services

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func rota(t *testing.T) Rota {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return Rota{Order: []string{"a", "b", "c"}, Start: Date{2026, 10, 19}, At: 8 * time.Hour, Zone: zone,
		Overrides: []Override{{From: Date{2026, 12, 24}, Until: Date{2026, 12, 27}, Contact: "x"}}}
}

func TestRotaTakesTurns(t *testing.T) {
	r := rota(t)
	for at, want := range map[string]string{
		"2026-10-19T07:59:59+02:00": "", "2026-10-19T08:00:00+02:00": "a",
		"2026-10-26T07:59:59+01:00": "a", "2026-10-26T08:00:00+01:00": "b", // clocks went back in between
		"2026-11-02T08:00:00+01:00": "c", "2026-11-09T08:00:00+01:00": "a",
		"2027-03-29T07:59:59+02:00": "b", "2027-03-29T08:00:00+02:00": "c", // and forward
		"2026-12-24T07:59:59+01:00": "a", "2026-12-24T08:00:00+01:00": "x", "2026-12-27T08:00:00+01:00": "a",
	} {
		when, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if s, ok := r.ShiftAt(when); s.Contact != want || ok != (want != "") {
			t.Errorf("%s: %q, want %q", at, s.Contact, want)
		}
	}
}

// In the weeks in which the clocks change a shift has an hour more or less.
func TestShiftsOverBothNights(t *testing.T) {
	r := rota(t)
	for day, want := range map[Date]time.Duration{{2026, 10, 20}: 169 * time.Hour, {2026, 11, 3}: 168 * time.Hour, {2027, 3, 23}: 167 * time.Hour} {
		s, _ := r.ShiftAt(r.clock(day.number()))
		if got := s.Until.Sub(s.From); got != want {
			t.Errorf("%v: %v, want %v", day, got, want)
		}
	}
}

// Shifts follow each other without gap or overlap, from the start on.
func TestShiftsHaveNoGaps(t *testing.T) {
	r := rota(t)
	rapid.Check(t, func(rt *rapid.T) {
		r := r
		r.Days = rapid.IntRange(1, 30).Draw(rt, "days")
		r.At = time.Duration(rapid.IntRange(0, 24*60-1).Draw(rt, "at")) * time.Minute
		at := r.clock(r.Start.number()).Add(time.Duration(rapid.Int64Range(0, 400*24*3600).Draw(rt, "later")) * time.Second)
		s, ok := r.ShiftAt(at)
		if !ok || at.Before(s.From) || !at.Before(s.Until) {
			rt.Fatalf("%v is not in %+v", at, s)
		}
		next, ok := r.ShiftAt(s.Until)
		if !ok || !next.From.Equal(s.Until) || next.Contact == s.Contact {
			rt.Fatalf("after %+v comes %+v", s, next)
		}
	})
}

func TestOnCall(t *testing.T) {
	r := rota(t)
	office, err := ParseHours("Mo-Fr 08:00-16:00")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]Contact{
		"ops": {ID: "ops", Rota: r}, "a": {ID: "a", Hours: office, Deputies: []string{"nobody", "c", "b"}},
		"b": {ID: "b"}, "c": {ID: "c", Hours: office},
	}
	for at, want := range map[string]string{
		"2026-10-20T10:00:00+02:00": "a", "2026-10-20T20:00:00+02:00": "b", "2026-10-27T20:00:00+01:00": "b",
		"2026-11-03T20:00:00+01:00": "c", // no deputy: better late than nobody
		"2026-10-01T10:00:00+02:00": "ops",
	} {
		when, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := OnCall(all, "ops", when); got.ID != want {
			t.Errorf("%s: %q, want %q", at, got.ID, want)
		}
	}
}
