package services

import (
	"testing"
	"time"
)

func TestClassing(t *testing.T) {
	list := DefaultClasses()
	for _, c := range []struct {
		of       Classing
		degraded bool
		list     []Class
		want     string
	}{
		{Classing{}, false, list, "betriebsverhindernd"},
		{Classing{}, true, list, "betriebsbehindernd"},
		{Classing{Down: "leicht"}, false, list, "leicht"},
		{Classing{Down: "leicht"}, true, list, "betriebsbehindernd"},
		{Classing{Down: "gone", Degraded: "leicht"}, false, list, "betriebsverhindernd"},
		{Classing{}, true, list[:1], "betriebsverhindernd"},
		{Classing{}, false, nil, ""},
	} {
		if got := c.of.Of(c.list, c.degraded).ID; got != c.want {
			t.Errorf("%+v gives %q, want %q", c.of, got, c.want)
		}
	}
	if list[0].Title("en") != "blocking" || (Class{ID: "x"}).Title("de") != "x" {
		t.Error("titles are wrong")
	}
}

func TestWindows(t *testing.T) {
	for w, want := range map[Window][2]string{
		CalendarMonth: {"2026-03-01 00:00", "2026-04-01 00:00"}, CalendarQuarter: {"2026-01-01 00:00", "2026-04-01 00:00"},
		CalendarYear: {"2026-01-01 00:00", "2027-01-01 00:00"}, "": {"2026-03-01 00:00", "2026-04-01 00:00"},
	} {
		got := w.Around(at(t, "2026-03-31 23:59"))
		if !got.From.Equal(at(t, want[0])) || !got.To.Equal(at(t, want[1])) {
			t.Errorf("%s is %v", w, got)
		}
	}
	if s := CalendarYear.Around(at(t, "2026-12-31 23:59")); s.From.Year() != 2026 || s.To.Sub(s.From) != 365*24*time.Hour {
		t.Errorf("the year is %v", s)
	}
}

func TestBudget(t *testing.T) {
	o := Objective{Availability: 99}
	total, left := o.Budget(Availability{Promised: 100 * time.Hour, Down: 90 * time.Minute, DownOutside: time.Hour})
	if total.Round(time.Second) != time.Hour || left.Round(time.Second) != -30*time.Minute {
		t.Errorf("got %v, %v", total, left)
	}
}
