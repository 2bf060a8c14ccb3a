package services

import (
	"strings"
	"testing"
	"time"
)

func TestHolidaysOfTheLaender(t *testing.T) {
	// What the Länder's laws name for 2026; Easter Sunday is 5 April.
	all := "01-01 04-03 04-06 05-01 05-14 05-25 10-03 12-25 12-26"
	for region, more := range map[string]string{
		"BW": "01-06 06-04 11-01", "BY": "01-06 06-04 11-01", "BE": "03-08", "BB": "04-05 05-24 10-31", "HB": "10-31", "HH": "10-31",
		"HE": "06-04", "MV": "03-08 10-31", "NI": "10-31", "NW": "06-04 11-01", "RP": "06-04 11-01", "SL": "06-04 08-15 11-01",
		"SN": "10-31 11-18", "ST": "01-06 10-31", "SH": "10-31", "TH": "09-20 10-31", "DE": "",
	} {
		want := map[string]bool{}
		for _, d := range strings.Fields(all + " " + more) {
			want["2026-"+d] = true
		}
		for d := (Date{2026, 1, 1}); d.Year == 2026; d = dated(d.number() + 1) {
			name, ok := Holidays{Region: region}.On(d)
			if ok != want[d.String()] || ok && name == "" {
				t.Errorf("%s: %s is %q, %v", region, d, name, ok)
			}
		}
	}
	if len(Regions()) != 17 {
		t.Error("the list of regions is not complete")
	}
}

func TestHolidaysChange(t *testing.T) {
	for _, c := range []struct {
		region, day string
		want        bool
	}{
		{"BE", "2018-03-08", false}, {"BE", "2019-03-08", true},
		{"BE", "2020-05-08", true}, {"BE", "2024-05-08", false}, {"BE", "2025-05-08", true}, {"BE", "2026-05-08", false},
		{"BB", "2025-05-08", false}, {"BE", "2028-06-17", true},
		{"MV", "2022-03-08", false}, {"MV", "2023-03-08", true},
		{"HH", "2017-10-31", true}, {"HH", "2016-10-31", false}, {"HH", "2018-10-31", true},
		{"BY", "2017-10-31", true}, {"BY", "2018-10-31", false}, {"SN", "2016-10-31", true},
		{"TH", "2018-09-20", false}, {"TH", "2019-09-20", true},
		{"", "2026-01-01", false}, {"XX", "2026-01-01", false},
	} {
		d, _ := ParseDate(c.day)
		if _, ok := (Holidays{Region: c.region}).On(d); ok != c.want {
			t.Errorf("%s %s: %v", c.region, c.day, ok)
		}
	}
}

func TestOwnDays(t *testing.T) {
	for in, days := range map[string]string{
		"2026-08-08": "2026-08-08", "08-15": "2025-08-15 2026-08-15", "easter +60 days": "2026-06-04 2025-06-19",
		"2026 easter -2 days": "2026-04-03", "02-29": "2028-02-29", "easter": "2026-04-05",
	} {
		own, ok := ParseOwnDay(in)
		if !ok || own.String() != in {
			t.Errorf("%q is read as %q, %v", in, own, ok)
		}
		h := parse(t, "24/7; PH off").WithHolidays(Since(Holidays{Extra: []OwnDay{own}}))
		for _, s := range strings.Fields(days) {
			d, _ := ParseDate(s)
			if _, ok := (Holidays{Extra: []OwnDay{own}}).On(d); !ok || h.Contains(at(t, s+" 12:00")) {
				t.Errorf("%q does not hold on %s", in, s)
			}
			if h.Contains(at(t, s+" 00:00")) || !h.Contains(at(t, s+" 00:00").AddDate(0, 0, 1)) || !h.Contains(at(t, s+" 00:00").Add(-time.Second)) {
				t.Errorf("%q: wrong around %s", in, s)
			}
		}
	}
	for _, in := range []string{"", "2026-02-29", "08.08.2026", "02-30", "Aug 8", "easter +x", "easter +1 day x"} {
		if _, ok := ParseOwnDay(in); ok {
			t.Errorf("%q is read", in)
		}
	}
}

func TestDates(t *testing.T) {
	bavaria := Since(Holidays{Region: "BY"})
	for _, c := range []struct{ hours, in, out string }{
		{"Mo-Fr 06:00-22:00; Sa 08:00-18:00; PH off; Dec 24,31 08:00-12:00",
			"2026-06-03 21:59,2026-12-24 08:00,2026-12-31 11:59,2026-06-06 17:59", "2026-06-04 12:00,2026-12-24 12:00,2026-12-25 10:00,2026-12-26 10:00,2026-06-07 12:00"},
		{"Mo-Fr 08:00-16:00; PH 10:00-12:00", "2026-06-04 11:59,2026-11-01 10:00", "2026-06-04 09:00,2026-11-01 12:00,2026-11-08 11:00"},
		{"PH off; Mo-Fr 08:00-16:00", "2026-06-04 09:00", ""}, // the later rule wins; Remarks says so
		{"Mo-Fr 08:00-16:00; Dec 24-Jan 2 off", "2026-12-23 08:00,2027-01-04 08:00", "2026-12-24 08:00,2026-12-31 08:00,2027-01-01 08:00,2027-01-02 08:00,2026-01-02 09:00"},
		{"24/7; 2026 Dec 24-Jan 2 off", "2025-12-30 08:00,2027-01-03 00:00,2027-12-24 00:00", "2026-12-24 00:00,2027-01-02 23:59"},
		{"24/7; easter -2 days-easter +1 day off", "2026-04-02 23:59,2026-04-07 00:00", "2026-04-03 00:00,2026-04-05 12:00,2026-04-06 23:59"},
		{"24/7; easter off", "2026-04-04 12:00,2026-04-06 12:00", "2026-04-05 12:00,2027-03-28 12:00"},
		{"Feb 29 10:00-12:00", "2028-02-29 11:00", "2026-02-28 11:00,2026-03-01 11:00"},
		{"Feb 24-29 10:00-12:00", "2026-02-28 11:00,2028-02-29 11:00", "2026-03-01 11:00"},
		{"Feb 29-Mar 2 10:00-12:00", "2026-03-01 11:00,2028-02-29 11:00", "2026-02-28 11:00,2026-03-03 11:00"},
		{"Feb 10:00-12:00", "2026-02-01 10:00,2028-02-29 11:00", "2026-01-31 11:00,2026-03-01 11:00"},
		{"Aug 1 off", "", "2026-08-01 10:00"}, // the first of a month
		{"24/7; Aug 1 off", "2026-07-31 23:59,2026-08-02 00:00", "2026-08-01 00:00,2026-08-01 23:59"},
		{"Dec 31 22:00-02:00", "2026-12-31 22:00,2027-01-01 01:59", "2027-01-01 02:00,2026-12-31 01:00"},
		{"Mo[1] 10:00-12:00", "2026-06-01 10:00", "2026-06-08 10:00"},
		{"Fr[-1] 10:00-12:00; Fr[1,2] 14:00-15:00", "2026-05-29 10:00,2026-05-01 14:30,2026-05-08 14:30", "2026-05-22 10:00,2026-05-15 14:30"},
		{"Mo[5] 10:00-12:00", "2026-06-29 10:00", "2026-05-25 10:00"},
	} {
		h := parse(t, c.hours).WithHolidays(bavaria)
		for _, m := range strings.FieldsFunc(c.in, comma) {
			if !h.Contains(at(t, m)) {
				t.Errorf("%q does not contain %s", c.hours, m)
			}
		}
		for _, m := range strings.FieldsFunc(c.out, comma) {
			if h.Contains(at(t, m)) {
				t.Errorf("%q contains %s", c.hours, m)
			}
		}
	}
}

func TestRemarks(t *testing.T) {
	for in, col := range map[string]int{
		"PH off; Mo-Fr 08:00-16:00": 1, "Sa 10:00-11:00; PH,Su off; Mo-Fr 08:00-16:00": 17, "Mo-Fr 08:00-16:00; PH off": 0,
		"Mo-Fr 08:00-16:00; PH off; Dec 24 08:00-12:00": 0, "24/7; PH off, Mo 10:00-11:00": 0, "24/7": 0,
		"24/7; PH off; Mo 10:00-11:00 off": 0,
	} {
		got := 0
		for _, r := range parse(t, in).Remarks() {
			got = r.Col
		}
		if got != col {
			t.Errorf("%q has a remark at %d, want %d", in, got, col)
		}
	}
}

// TestVersions: what held last month holds in last month's report, whatever is agreed today.
func TestVersions(t *testing.T) {
	old, now := parse(t, "Mo-Fr 08:00-16:00"), parse(t, "Mo-Fr 06:00-20:00")
	first := Date{2026, 1, 1}
	h := HoursVersions(Versions[Hours]{{From: Date{2026, 12, 1}, Value: now}, {From: first, Value: old}})
	november := Span{at(t, "2026-11-01 00:00"), at(t, "2026-12-01 00:00")}
	if got, want := Measure(h, november, nil), Measure(old, november, nil); got != want {
		t.Errorf("November is %+v, was %+v", got, want)
	}
	december := Span{at(t, "2026-12-01 00:00"), at(t, "2027-01-01 00:00")}
	if got, want := Measure(h, december, nil), Measure(now, december, nil); got != want {
		t.Errorf("December is %+v, want %+v", got, want)
	}
	if !h.Contains(at(t, "2025-12-28 03:00")) || h.Contains(at(t, "2026-01-04 03:00")) || h.Always() {
		t.Error("before the first agreement it is not always open, or after it it is")
	}
	if got := h.NextChange(at(t, "2025-12-28 03:00")); !got.Equal(at(t, "2026-01-01 00:00")) {
		t.Errorf("the first agreement begins at %v", got)
	}
	if s, since := h.On(Date{2026, 11, 30}); s != "Mo-Fr 08:00-16:00" || since != first {
		t.Errorf("in November %q holds since %v", s, since)
	}
	if s, since := h.On(Date{2025, 11, 30}); s != "24/7" || !since.IsZero() {
		t.Errorf("before, %q holds since %v", s, since)
	}
	if h.String() != "Mo-Fr 06:00-20:00" {
		t.Errorf("it is called %q", h)
	}
	// What goes on after midnight belongs to the day and to the version of that day.
	night := HoursVersions(Versions[Hours]{{Value: parse(t, "22:00-02:00")}, {From: Date{2026, 12, 1}, Value: parse(t, "Mo-Su off")}})
	if !night.Contains(at(t, "2026-12-01 01:59")) || night.Contains(at(t, "2026-12-01 02:00")) || !night.NextChange(at(t, "2026-12-01 02:00")).IsZero() {
		t.Error("the last night is cut off")
	}
	always := HoursVersions(Versions[Hours]{{From: first, Value: Hours{}}})
	if !always.Always() || HoursVersions(nil) != (Hours{}) {
		t.Error("versions of always are not always")
	}
}

func TestHolidayVersions(t *testing.T) {
	h := parse(t, "24/7; PH off").WithHolidays(Versions[Holidays]{{Value: Holidays{Region: "BE"}}, {From: Date{2026, 5, 20}, Value: Holidays{Region: "BY"}}})
	for s, open := range map[string]bool{"2026-03-08": false, "2026-01-06": true, "2026-05-14": false, "2026-06-04": false, "2027-03-08": true, "2027-01-06": false} {
		if h.Contains(at(t, s+" 12:00")) != open {
			t.Errorf("%s is wrong", s)
		}
	}
}

func TestVersionsAt(t *testing.T) {
	v := Versions[int]{{From: Date{2026, 1, 1}, Value: 1}, {From: Date{2026, 7, 1}, Value: 2}}
	for s, want := range map[string]int{"2025-12-31 23:59": 0, "2026-01-01 00:00": 1, "2026-06-30 23:59": 1, "2026-07-01 00:00": 2} {
		if got, ok := v.At(at(t, s)); got != want || ok != (want > 0) {
			t.Errorf("at %s it is %d", s, got)
		}
	}
	if got, ok := Since(7).On(Date{}); got != 7 || !ok {
		t.Error("what has held ever since does not hold on no day")
	}
}

func TestDeadline(t *testing.T) {
	for _, c := range []struct {
		hours, from string
		d           time.Duration
		want        string
	}{
		{"Mo-Fr 06:00-22:00", "2026-11-23 21:00", time.Hour, "2026-11-23 22:00"}, // the closing time, not the next opening
		{"Mo-Fr 06:00-22:00", "2026-11-23 21:00", time.Hour + time.Minute, "2026-11-24 06:01"},
		{"Mo-Fr 06:00-22:00", "2026-11-27 21:30", time.Hour, "2026-11-30 06:30"},
		{"Mo-Fr 06:00-22:00", "2026-11-28 12:00", 15 * time.Minute, "2026-11-30 06:15"},
		{"Mo-Fr 06:00-22:00", "2026-11-28 12:00", 0, "2026-11-28 12:00"},
		{"Mo-Fr 06:00-22:00", "2026-11-28 12:00", -time.Hour, "2026-11-28 12:00"},
		{"24/7", "2026-10-25 00:00", 24 * time.Hour, "2026-10-25 23:00"}, // a day of 25 hours
		{"Mo-Su 01:00-04:00", "2026-03-29 00:00", 2 * time.Hour, "2026-03-29 04:00"},
		{"Mo-Su 01:00-04:00", "2026-10-25 00:00", 4 * time.Hour, "2026-10-25 04:00"},
		{"2026 Nov 23 06:00-08:00", "2026-11-23 07:00", 2 * time.Hour, ""},
		{"Mo-Su off", "2026-11-23 07:00", time.Minute, ""},
		{"Mo-Su off", "2026-11-23 07:00", 0, "2026-11-23 07:00"},
		{"Mo-Fr 06:00-22:00", "2026-11-23 07:00", 16 * 5 * time.Hour, "2026-11-30 07:00"},
	} {
		got := ""
		if d := parse(t, c.hours).Deadline(at(t, c.from), c.d); !d.IsZero() {
			got = d.Format("2006-01-02 15:04")
		}
		if got != c.want {
			t.Errorf("%q: %v after %s is %q, want %q", c.hours, c.d, c.from, got, c.want)
		}
	}
}

func TestOpeningAndClosing(t *testing.T) {
	h := parse(t, "Mo-Fr 06:00-22:00")
	in, out := at(t, "2026-11-23 07:00"), at(t, "2026-11-22 07:00")
	if !h.Opening(in).Equal(in) || !h.Closing(out).Equal(out) {
		t.Error("what is so already is not now")
	}
	if !h.Opening(out).Equal(at(t, "2026-11-23 06:00")) || !h.Closing(in).Equal(at(t, "2026-11-23 22:00")) {
		t.Error("the next opening or closing is wrong")
	}
	if !parse(t, "Mo off").Opening(in).IsZero() || !(Hours{}).Closing(in).IsZero() {
		t.Error("never is not never")
	}
}

// What is promised does not depend on where somebody looks from.
func TestHoursHaveTheirOwnZone(t *testing.T) {
	plain := parse(t, "Mo-Fr 08:00-16:00; PH off")
	h := plain.WithHolidays(Since(Holidays{Region: "BY"})).In(zone(t, "Europe/Berlin"))
	for _, name := range []string{"Europe/Berlin", "America/New_York", "Pacific/Apia", "UTC"} {
		there := zone(t, name)
		in, out := at(t, "2026-11-23 08:00").In(there), at(t, "2026-11-23 16:00").In(there)
		if !h.Contains(in) || h.Contains(out) || h.Contains(at(t, "2026-06-04 12:00").In(there)) {
			t.Errorf("%s: hours are read on the wrong clock", name)
		}
		if next := h.NextChange(in); !next.Equal(out) || next.Location() != there {
			t.Errorf("%s: changes at %v", name, next)
		}
		if due := h.Deadline(in, 9*time.Hour); !due.Equal(at(t, "2026-11-24 09:00")) || due.Location() != there {
			t.Errorf("%s: due at %v", name, due)
		}
		if got := h.Elapsed(in, out.Add(24*time.Hour)); got != 16*time.Hour {
			t.Errorf("%s: %v pass", name, got)
		}
		if a := Measure(h, Span{in, out.Add(time.Hour)}, nil); a.Promised != 8*time.Hour || a.Outside != time.Hour {
			t.Errorf("%s: %+v", name, a)
		}
	}
	if (Hours{}).In(time.UTC) != (Hours{}) || plain.In(time.UTC).String() != plain.String() {
		t.Error("In changes more than the zone")
	}
}

func TestClock(t *testing.T) {
	h, berlin := parse(t, "Mo-Fr 06:00-22:00"), zone(t, "Europe/Berlin")
	from, to := at(t, "2026-11-27 21:00").UTC(), at(t, "2026-11-30 07:00").UTC()
	service := Clock{Kind: ServiceTime, Hours: h, Zone: berlin}
	if got := service.Elapsed(from, to); got != 2*time.Hour {
		t.Errorf("in service hours %v pass", got)
	}
	if got := service.Deadline(from, 2*time.Hour); !got.Equal(to) || got.Location() != time.UTC {
		t.Errorf("two hours of service end at %v", got)
	}
	if service.Runs(at(t, "2026-11-28 12:00")) || !service.Runs(from) {
		t.Error("the clock runs when it stands still")
	}
	all := Clock{Hours: h, Zone: berlin}
	if got := all.Elapsed(from, to); got != to.Sub(from) {
		t.Errorf("in all, %v pass", got)
	}
	if got := all.Deadline(from, 2*time.Hour); !got.Equal(from.Add(2 * time.Hour)) {
		t.Errorf("two hours end at %v", got)
	}
	if service.Elapsed(to, from) != 0 || all.Elapsed(to, from) != 0 || !all.Runs(from) {
		t.Error("time passes backwards")
	}
	if got := (Clock{Kind: ServiceTime, Hours: parse(t, "Mo off")}).Deadline(from, time.Hour); !got.IsZero() {
		t.Errorf("a deadline that never comes is at %v", got)
	}
}

func TestMeasureExcluded(t *testing.T) {
	day := Span{at(t, "2026-11-23 00:00"), at(t, "2026-11-24 00:00")}
	down := []Span{{at(t, "2026-11-23 10:00"), at(t, "2026-11-23 14:00")}, {at(t, "2026-11-23 20:00"), at(t, "2026-11-23 21:00")}}
	window := []Span{{at(t, "2026-11-23 11:00"), at(t, "2026-11-23 12:00")}, {at(t, "2026-11-23 11:30"), at(t, "2026-11-23 12:30")}, {at(t, "2026-11-23 15:30"), at(t, "2026-11-23 20:30")}}
	got := Measure(parse(t, "Mo-Fr 08:00-16:00"), day, down, window...)
	want := Availability{Promised: 6 * time.Hour, Down: 150 * time.Minute, Outside: 11*time.Hour + 30*time.Minute, DownOutside: 30 * time.Minute, Excluded: 6*time.Hour + 30*time.Minute}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

const usual = "Mo-Fr 06:00-22:00; Sa 08:00-18:00; PH off; Dec 24,31 08:00-12:00"

// BenchmarkElapsedYear is a year of service time, with the year worked out already.
func BenchmarkElapsedYear(b *testing.B) {
	h := parse(b, usual).WithHolidays(Since(Holidays{Region: "BY"}))
	from, to := at(b, "2026-01-01 00:00"), at(b, "2027-01-01 00:00")
	for b.Loop() {
		h.Elapsed(from, to)
	}
}

// BenchmarkReport is what a monthly report asks of the calendars: 13 months of 100 services with 3 checks each, from new.
func BenchmarkReport(b *testing.B) {
	from, to := at(b, "2026-01-01 00:00"), at(b, "2027-02-01 00:00")
	var down []Span
	for t := from; t.Before(to); t = t.Add(50 * time.Hour) {
		down = append(down, Span{t, t.Add(20 * time.Minute)})
	}
	for b.Loop() {
		for range 100 {
			h := parse(b, usual).WithHolidays(Since(Holidays{Region: "BY"}))
			for range 3 {
				Measure(h, Span{from, to}, down, Span{to.Add(-time.Hour), to})
			}
		}
	}
}
