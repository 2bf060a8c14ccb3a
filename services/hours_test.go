package services

import (
	"errors"
	"strings"
	"testing"
	"time"

	"lage/internal/text"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func parse(t testing.TB, s string) Hours {
	t.Helper()
	h, err := ParseHours(s)
	if err != nil {
		t.Fatalf("ParseHours(%q): %v", s, err)
	}
	return h
}

// at reads "2026-11-23 08:00" (a Monday) in Berlin.
func at(t testing.TB, s string) time.Time {
	t.Helper()
	v, err := time.ParseInLocation("2006-01-02 15:04", s, zone(t, "Europe/Berlin"))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestContains(t *testing.T) {
	for _, c := range []struct {
		hours   string
		in, out string // moments of the week from Monday 23 November 2026, as day and time
	}{
		{"24/7", "23 00:00,29 23:59", ""},
		{"Mo-Su 00:00-24:00", "23 00:00,29 23:59", ""},
		{"Mo-Fr 06:00-22:00; Sa 08:00-12:00", "23 06:00,27 21:59,28 08:00,28 11:59", "23 05:59,23 22:00,28 12:00,29 10:00"},
		{"Mo-Fr 08:00-12:00,13:00-16:00", "23 11:59,23 13:00", "23 12:00,23 12:59,28 09:00"},
		{"08:00-18:00; Sa,Su off", "23 08:00,27 17:59", "28 09:00,29 09:00"},
		{"Mo-Su 08:00-18:00; We 10:00-11:00", "25 10:30,26 08:00", "25 08:30,25 11:00"},
		{"Fr-Mo 10:00-12:00", "27 10:00,28 10:00,29 10:00,23 10:00", "24 10:00,26 10:00"},
		{"Fr 22:00-02:00", "27 22:00,27 23:59,28 00:00,28 01:59", "28 02:00,27 21:59,27 01:00"},
		{"Sa 22:00-02:00", "28 22:00,29 01:59", "29 02:00,23 01:00"},
		{"Su 22:00-02:00", "29 22:00,23 01:59", "23 02:00"},
		{"Fr 22:00-02:00; Sa off", "28 01:00", "28 03:00"},
		{"Mo 20:00-24:00; Tu 00:00-04:00", "23 23:59,24 00:00", "24 04:00"},
		{"Mo,We", "23 00:00,25 23:59", "24 12:00"},
		{"24/7; Su off", "28 23:59,23 00:00", "29 00:00,29 23:59"},
		{"Mo-Fr 08:00-16:00; PH off", "23 08:00", "28 08:00"},
		{"Sa,Su,PH off; Mo 8:00-9:00;", "23 08:30", "28 08:30,24 08:30"},
		{"Mo-Su closed", "", "23 00:00,29 23:59"},
		{" Mo - Fr  06:00 - 07:00 , 08:00-09:00 ", "23 08:30", "23 07:30"},
		{"Mo-Fr 08:00-18:00; We 12:00-13:00 off", "25 11:59,25 13:00,26 12:30", "25 12:00,25 12:59"},
		{"Mo-Fr 08:00-18:00; 12:00-13:00 closed", "25 11:59", "25 12:00,26 12:30"},
		{"We 12:00-13:00 off; Mo-Fr 08:00-18:00", "25 12:30", ""},
		{"Fr 22:00-04:00; Sa 01:00-02:00 off", "28 00:59,28 02:00", "28 01:00,28 01:59,28 04:00"},
		{"Mo-Su 00:00-24:00; Fr 23:00-01:00 off", "27 22:59,28 01:00", "27 23:00,28 00:59"},
		{"Mo-Fr 08:00-12:00, We 14:00-18:00", "25 09:00,25 15:00", "25 13:00,24 15:00"},
		{"Mo-Fr 08:00-12:00 open, We 14:00-18:00 open", "25 09:00,25 15:00", "24 15:00"},
		{`Mo-Fr 08:00-12:00 "auch am Telefon"; Sa off "Wartung"`, "25 09:00", "28 09:00"},
		{"Mo-Fr 08:00–16:00", "23 08:00", "23 16:00"},
		{"Nov 24 10:00-11:00", "24 10:30", "23 10:30,25 10:30"},
		{"Mo-Fr 08:00-16:00; Nov 24,26 08:00-12:00", "24 11:59,26 11:59,25 15:00", "24 12:00,26 12:00"},
		{"Mo-Fr 08:00-16:00; Nov 24-25: off", "26 09:00", "24 09:00,25 09:00"},
		{"Mo-Fr 08:00-16:00; 2026 Nov 24 off; 2025 Nov 25 off", "25 09:00", "24 09:00"},
		{"Nov Mo-We 08:00-16:00", "23 09:00,24 09:00", "26 09:00"},
		{"Dec-Oct 08:00-16:00", "", "23 09:00"},
		{"Oct-Jan 08:00-16:00", "23 09:00", ""},
		{"2026-2027 08:00-16:00", "23 09:00", ""},
		{"2027 08:00-16:00", "", "23 09:00"},
		{"2026: Mo 08:00-16:00", "23 09:00", "24 09:00"},
		{"Mo[4],Sa[-1] 08:00-16:00", "23 09:00,28 09:00", "27 09:00"},
		{"Mo[1] 08:00-16:00", "", "23 09:00"},
		{"Sa 23:30-01:30", "28 23:30,29 01:29", "28 01:00,29 01:30,23 00:30"}, // a window that begins on one day of the week only
		{"Sa 15:54-15:53", "28 15:54,29 15:10,29 15:52", "28 15:10,29 15:53"}, // nearly a whole day, seen on the next one
	} {
		h := parse(t, c.hours)
		for _, m := range strings.FieldsFunc(c.in, comma) {
			if !h.Contains(at(t, "2026-11-"+m)) {
				t.Errorf("%q does not contain %s", c.hours, m)
			}
		}
		for _, m := range strings.FieldsFunc(c.out, comma) {
			if h.Contains(at(t, "2026-11-"+m)) {
				t.Errorf("%q contains %s", c.hours, m)
			}
		}
	}
}

func comma(r rune) bool { return r == ',' }

func TestNextChange(t *testing.T) {
	for _, c := range []struct{ hours, from, want string }{
		{"Mo-Fr 06:00-22:00", "2026-11-23 05:00", "2026-11-23 06:00"},
		{"Mo-Fr 06:00-22:00", "2026-11-23 06:00", "2026-11-23 22:00"},
		{"Mo-Fr 06:00-22:00", "2026-11-27 22:00", "2026-11-30 06:00"},
		{"Sa 22:00-02:00", "2026-11-28 23:00", "2026-11-29 02:00"},
		{"24/7; Mo 10:00-11:00", "2026-11-23 11:00", "2026-11-24 00:00"},
		{"24/7; Mo 10:00-11:00", "2026-11-24 00:00", "2026-11-30 00:00"}, // over the week's seam, which is no change
		{"24/7", "2026-11-23 05:00", ""},
		{"Mo-Su off", "2026-11-23 05:00", ""},
	} {
		want := ""
		if got := parse(t, c.hours).NextChange(at(t, c.from)); !got.IsZero() {
			want = got.Format("2006-01-02 15:04")
		}
		if want != c.want {
			t.Errorf("%q after %s changes at %q, want %q", c.hours, c.from, want, c.want)
		}
	}
}

// TestClockChanges goes minute by minute through nights in which clocks are changed, and through ordinary ones.
func TestClockChanges(t *testing.T) {
	for _, z := range []string{"Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "America/St_Johns", "UTC"} {
		loc := zone(t, z)
		for _, hours := range []string{"Mo-Su 02:00-03:00", "Mo-Su 02:30-06:00", "Sa 22:00-02:30", "Su 00:00-02:30,03:00-04:00", "Mo-Fr 08:00-16:00", "24/7; Fr off"} {
			h := parse(t, hours)
			for _, day := range []time.Time{
				time.Date(2026, 3, 28, 20, 0, 0, 0, loc), time.Date(2026, 10, 24, 20, 0, 0, 0, loc), time.Date(2026, 10, 3, 20, 0, 0, 0, loc),
				time.Date(2026, 4, 4, 20, 0, 0, 0, loc), time.Date(2011, 12, 29, 20, 0, 0, 0, loc), time.Date(2026, 11, 1, 0, 0, 0, 0, loc),
			} {
				in, next := h.Contains(day), h.NextChange(day)
				for m := day; m.Before(day.Add(30 * time.Hour)); m = m.Add(time.Minute) {
					if h.Contains(m) == in {
						continue
					}
					if !next.Equal(m) {
						t.Fatalf("%s: %q changes at %v, NextChange said %v", z, hours, m, next)
					}
					in, next = h.Contains(m), h.NextChange(m)
				}
			}
		}
	}
}

func TestHoursErrors(t *testing.T) {
	for _, c := range []struct {
		in, code string
		col      int
		says     string
	}{
		{"", "checks.hours_empty", 1, "Mo-Fr"},
		{"Mo 08:00-09:00;;", "checks.hours_empty", 16, ""},
		{"Di 08:00-16:00", "checks.hours_day_hint", 1, "„Tu“"},
		{"Mo-Mi 08:00-16:00", "checks.hours_day_hint", 4, "„We“"},
		{"Mo,Do 08:00-16:00", "checks.hours_day_hint", 4, "„Th“"},
		{"Sonntag off", "checks.hours_day_hint", 1, "„Su“"},
		{"Sonnabend off", "checks.hours_day_hint", 1, "„Sa“"},
		{"Monday 08:00-16:00", "checks.hours_day_hint", 1, "„Mo“"},
		{"mo 08:00-16:00", "checks.hours_day_hint", 1, "„Mo“"},
		{"Feiertag off", "checks.hours_day_hint", 1, "„PH“"},
		{"Quark 08:00-16:00", "checks.hours_day", 1, "Quark"},
		{"x", "checks.hours_day", 1, ""},
		{"Mo 08:00", "checks.hours_span", 9, ""},
		{"Mo 08:00-", "checks.hours_time", 10, ""},
		{"Mo 08:00-25:00", "checks.hours_time", 10, "25:00"},
		{"Mo 08:61-09:00", "checks.hours_time", 4, ""},
		{"Mo 8-16", "checks.hours_time", 4, ""},
		{"Mo 008:00-09:00", "checks.hours_time", 4, ""},
		{"Mo 08:0-09:00", "checks.hours_time", 4, ""},
		{"Mo 08:00-08:00", "checks.hours_no_time", 4, ""},
		{"Mo 24:00-08:00", "checks.hours_no_time", 4, ""},
		{"Sa-PH off", "checks.hours_holiday", 4, ""},
		{"Mo 08:00-10:00 Tu 09:00-10:00", "checks.hours_unexpected", 16, "Tu"},
		{"PH Mo 08:00-10:00", "checks.hours_unexpected", 4, "Mo"},
		{"Dez 24 off", "services.hours_month_hint", 1, "„Dec“"},
		{"Mo-Fr 08:00-16:00; Dezember off", "services.hours_month_hint", 20, "„Dec“"},
		{"Dec 24-Mai 2 off", "services.hours_month_hint", 8, "„May“"},
		{"Ostern off", "services.hours_month_hint", 1, "„easter“"},
		{"2026 Dez 24 off", "services.hours_month_hint", 6, "„Dec“"},
		{"24. Dez off", "services.hours_day_first", 1, "„Dec 24“"},
		{"24 Dec off", "services.hours_day_first", 1, "„Dec 24“"},
		{"Feb 30 off", "services.hours_no_date", 5, "30"},
		{"2026 Feb 29 off", "services.hours_no_date", 10, "29"},
		{"Dec 0 off", "services.hours_no_date", 5, ""},
		{"Dec 24,32 off", "services.hours_no_date", 8, "32"},
		{"Dec 24-Jan off", "services.hours_range", 1, "Dec 24-Jan"},
		{"Dec-24 off", "services.hours_month", 5, ""},
		{"2026 Dec 24-2026 Jan 2 off", "services.hours_range", 1, ""},
		{"Dec 24-2027 Jan 2 off", "services.hours_range", 1, ""},
		{"2026 Dec 24-2027 off", "services.hours_range", 1, ""},
		{"2027-2026 off", "services.hours_range", 1, ""},
		{"2026 Dec 24,Dec 31 off", "services.hours_year_again", 13, ""},
		{"Dec 24 Jan 2 off", "checks.hours_unexpected", 8, "Jan"},
		{"easter +1 off", "services.hours_easter", 8, ""},
		{"easter -x off", "services.hours_month", 9, ""},
		{"Mo[0] 08:00-10:00", "services.hours_nth", 3, ""},
		{"Mo[6] 08:00-10:00", "services.hours_nth", 3, ""},
		{"Mo[1 08:00-10:00", "services.hours_nth", 3, ""},
		{"PH[1] off", "services.hours_nth", 3, ""},
		{"SH off", "services.hours_unsupported", 1, "Schulferien"},
		{"week 10-20 Mo off", "services.hours_unsupported", 1, "Kalenderwochen"},
		{"sunrise-sunset", "services.hours_unsupported", 1, "Uhrzeiten"},
		{"Mo 08:00-sunset", "services.hours_unsupported", 10, "Uhrzeiten"},
		{"Mo 08:00+", "services.hours_unsupported", 9, "Ende"},
		{"Mo 08:00-16:00+", "services.hours_unsupported", 15, "Ende"},
		{"Mo 08:00-16:00/01:00", "services.hours_unsupported", 15, ""},
		{"Mo 08:00-16:00 unknown", "services.hours_unsupported", 16, "open"},
		{"Mo 08:00-16:00 || Tu off", "services.hours_unsupported", 16, "„;“"},
		{`Mo "nach Vereinbarung"`, "services.hours_comment", 4, ""},
		{`"nach Vereinbarung"`, "services.hours_comment", 1, ""},
		{`Mo 08:00-09:00 "nach`, "services.hours_quote", 16, ""},
		{"Mo-Fr 08:00-12:00; 13:00-16:00", "services.hours_all_again", 20, "Komma"},
		{"Mo-Fr 08:00-12:00; 24/7", "services.hours_all_again", 20, ""},
		{"Mo-Fr 08:00-12:00; off", "services.hours_all_again", 20, ""},
		{"Mo 08:00-09:00,", "checks.hours_empty", 16, ""},
		{"ä", "checks.hours_day", 1, ""},
		{"Mo ä", "checks.hours_time", 4, "ä"},
		{"Mo 08:00-ä; x", "checks.hours_time", 10, ""},
	} {
		_, err := ParseHours(c.in)
		var he *HoursError
		if !errors.As(err, &he) {
			t.Errorf("ParseHours(%q) gives %v", c.in, err)
			continue
		}
		if he.Code != c.code || he.Col != c.col || !strings.Contains(he.Message().In(text.German), c.says) {
			t.Errorf("ParseHours(%q) gives %s at %d: %s", c.in, he.Code, he.Col, he.Message().In(text.German))
		}
		if !text.Known(he.Code) || strings.Contains(he.Error(), "{") {
			t.Errorf("ParseHours(%q): bad text %q", c.in, he.Error())
		}
	}
}

func TestHoursString(t *testing.T) {
	for in, want := range map[string]string{"24/7": "24/7", " Mo-Fr 08:00-16:00 ": "Mo-Fr 08:00-16:00"} {
		if got := parse(t, in).String(); got != want {
			t.Errorf("String of %q is %q", in, got)
		}
	}
	var zero Hours
	if zero.String() != "24/7" || !zero.Always() || !zero.Contains(time.Time{}) {
		t.Error("the zero value does not mean always")
	}
	if !parse(t, "Mo-Su 00:00-24:00").Always() || parse(t, "24/7; Su off").Always() {
		t.Error("Always is wrong")
	}
}

func FuzzParseHours(f *testing.F) {
	for _, s := range []string{"", "24/7", "Mo-Fr 06:00-22:00; Sa 08:00-12:00", "Fr-Mo,We 22:00-02:00,03:00-04:00;PH off", "Su off", "08:00-09:00", "Di", "Mo 8", ";-,", "Dec 24-Jan 2,easter -2 days-easter +1 day off; 2026 Aug 1-15: Mo[1],PH 10:00-12:00 open \"x\"", "2026-2027 off, Feb 29 22:00-02:00 off"} {
		f.Add(s)
	}
	berlin := zone(f, "Europe/Berlin")
	from := time.Date(2026, 10, 20, 11, 30, 17, 5, berlin) // the clock goes back five days later
	f.Fuzz(func(t *testing.T, s string) {
		h, err := ParseHours(s)
		if err != nil {
			var he *HoursError
			if !errors.As(err, &he) || he.Col < 1 || he.Col > len(s)+1 || !text.Known(he.Code) {
				t.Fatalf("bad error %#v for %q", err, s)
			}
			return
		}
		again, err := ParseHours(h.String())
		if err != nil || again.String() != h.String() {
			t.Fatalf("%q does not survive String: %v", s, err)
		}
		at := from
		for range 20 {
			next := h.NextChange(at)
			if next.IsZero() {
				break
			}
			if !next.After(at) || h.Contains(next) == h.Contains(at) || h.Contains(next.Add(-1)) != h.Contains(at) {
				t.Fatalf("%q: NextChange(%v) is %v", s, at, next)
			}
			at = next
		}
	})
}

func BenchmarkNextChange(b *testing.B) {
	h, t := parse(b, "Mo-Fr 06:00-22:00; Sa 08:00-12:00"), at(b, "2026-11-23 12:00")
	for b.Loop() {
		h.NextChange(t)
	}
}
