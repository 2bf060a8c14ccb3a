package services

import (
	"testing"
	"time"
)

func TestMeasure(t *testing.T) {
	week := Span{at(t, "2026-11-23 00:00"), at(t, "2026-11-30 00:00")}
	outages := []Span{
		{at(t, "2026-11-24 15:00"), at(t, "2026-11-24 18:00")}, // an hour inside, two outside
		{at(t, "2026-11-24 15:30"), at(t, "2026-11-24 15:45")}, // within the first one
		{at(t, "2026-11-29 03:00"), at(t, "2026-11-29 04:00")}, // Sunday, outside
		{at(t, "2026-11-20 03:00"), at(t, "2026-11-23 00:30")}, // begins before the week
		{at(t, "2026-11-29 23:00"), at(t, "2026-12-03 00:30")}, // ends after it
		{at(t, "2026-11-25 09:00"), at(t, "2026-11-25 09:00")}, // no time at all
		{at(t, "2026-11-25 09:00"), at(t, "2026-11-25 08:00")}, // ends before it begins
	}
	got := Measure(parse(t, "Mo-Fr 08:00-16:00"), week, outages)
	want := Availability{Promised: 40 * time.Hour, Down: time.Hour, Outside: 128 * time.Hour, DownOutside: 4*time.Hour + 30*time.Minute}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if r := got.Ratio(); r != 0.975 {
		t.Errorf("ratio %v", r)
	}
	always := Measure(Hours{}, week, outages)
	if always.Promised != 168*time.Hour || always.Down != got.Down+got.DownOutside || always.Total() != got.Total() {
		t.Errorf("around the clock: %+v", always)
	}
}

func TestMeasureOverClockChanges(t *testing.T) {
	for _, c := range []struct {
		day  string
		want time.Duration
	}{{"2026-03-29 00:00", 2 * time.Hour}, {"2026-10-25 00:00", 4 * time.Hour}, {"2026-11-01 00:00", 3 * time.Hour}} {
		from := at(t, c.day)
		a := Measure(parse(t, "Su 01:00-04:00"), Span{from, from.AddDate(0, 0, 1)}, []Span{{from, from.AddDate(0, 0, 1)}})
		if a.Promised != c.want || a.Down != c.want {
			t.Errorf("%s: %+v, want %v", c.day, a, c.want)
		}
	}
}

func TestNothingPromised(t *testing.T) {
	day := Span{at(t, "2026-11-28 00:00"), at(t, "2026-11-29 00:00")}
	a := Measure(parse(t, "Mo off"), day, []Span{day})
	if a.Ratio() != -1 || a.Total() != 0 || (Availability{}).Total() != -1 {
		t.Errorf("%+v: %v %v", a, a.Ratio(), a.Total())
	}
}
