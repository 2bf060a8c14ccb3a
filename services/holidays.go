package services

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/de"
)

// Holidays are the public holidays of a region and days of one's own. The zero value holds none.
type Holidays struct {
	Region string // one of Regions; empty means none
	Extra  []OwnDay
}

// OwnDay is a day that counts as a public holiday: one date, a date of every year or one that moves with Easter. The
// zero value is no day.
type OwnDay struct{ at point }

// ParseOwnDay reads "2026-08-08", "08-08" (of every year), "easter +60 days" or "2026 easter -1 day".
func ParseOwnDay(s string) (OwnDay, bool) {
	s = strings.TrimSpace(s)
	if d, ok := ParseDate(s); ok {
		return OwnDay{point{year: d.Year, month: d.Month, day: d.Day}}, true
	}
	// 2000 had a 29 February.
	if d, ok := ParseDate("2000-" + s); ok {
		return OwnDay{point{month: d.Month, day: d.Day}}, true
	}
	p := hoursParser{src: s}
	at, err := p.point(point{})
	if err != nil || p.pos < len(s) || !at.easter {
		return OwnDay{}, false
	}
	return OwnDay{at}, true
}

// String gives the day as ParseOwnDay reads it.
func (o OwnDay) String() string {
	if !o.at.easter {
		d := Date{max(o.at.year, 2000), o.at.month, o.at.day}.String()
		if o.at.year == 0 {
			return strings.TrimPrefix(d, "2000-")
		}
		return d
	}
	out := "easter"
	if o.at.year != 0 {
		out = strconv.Itoa(o.at.year) + " easter"
	}
	if n := o.at.offset; n != 0 {
		out += " " + map[bool]string{true: "+"}[n > 0] + strconv.Itoa(n) + " days"
	}
	return out
}

// Regions lists the Länder by their codes, and "DE" for the holidays that all of them have.
func Regions() []string {
	return []string{"BW", "BY", "BE", "BB", "HB", "HH", "HE", "MV", "NI", "NW", "RP", "SL", "SN", "ST", "SH", "TH", "DE"}
}

// On gives the name of the holiday on a day, and false where it is none. A day of one's own has the empty name.
func (h Holidays) On(d Date) (string, bool) {
	for _, l := range h.lawful(d.Year) {
		if at, ok := falls(l, d.Year); ok && at == d {
			return l.Name, true
		}
	}
	return "", slices.ContainsFunc(h.Extra, func(o OwnDay) bool { return o.at.is(d.number(), d.Year) })
}

// numbers lists a year's holidays by their day numbers, in no order.
func (h Holidays) numbers(year int) []int {
	var out []int
	for _, l := range h.lawful(year) {
		if at, ok := falls(l, year); ok {
			out = append(out, at.number())
		}
	}
	for _, o := range h.Extra {
		if n, ok := o.at.in(year); ok && (o.at.year == 0 || o.at.year == year) {
			out = append(out, n)
		}
	}
	return out
}

// lawful lists the region's holidays of a year. The library knows what is in force in every year, but not since when, not
// the days that were made a holiday once, and not all of what has changed lately; that is added here. Left out are days
// that are holidays in some communes only (15 August and 8 August in Bavaria, Corpus Christi in Saxony and Thuringia):
// they are days of one's own.
func (h Holidays) lawful(year int) []*cal.Holiday {
	list := slices.Clone(map[string][]*cal.Holiday{
		"BW": de.HolidaysBW, "BY": de.HolidaysBY, "BE": de.HolidaysBE, "BB": de.HolidaysBB, "HB": de.HolidaysHB, "HH": de.HolidaysHH,
		"HE": de.HolidaysHE, "MV": de.HolidaysMV, "NI": de.HolidaysNI, "NW": de.HolidaysNW, "RP": de.HolidaysRP, "SL": de.HolidaysSL,
		"SN": de.HolidaysSN, "ST": de.HolidaysST, "SH": de.HolidaysSH, "TH": de.HolidaysTH, "DE": de.Holidays,
	}[h.Region])
	if list == nil {
		return nil
	}
	without := func(x *cal.Holiday) { list = slices.DeleteFunc(list, func(l *cal.Holiday) bool { return l == x }) }
	once := func(name string, y int, m time.Month, d int) {
		if year == y {
			list = append(list, &cal.Holiday{Name: name, Month: m, Day: d, Func: cal.CalcDayOfMonth})
		}
	}
	switch h.Region {
	case "BE":
		if year < 2019 {
			without(de.Frauentag)
		}
		once("Tag der Befreiung", 2020, time.May, 8)
		once("Tag der Befreiung", 2025, time.May, 8)
		once("75. Jahrestag des Volksaufstandes vom 17. Juni 1953", 2028, time.June, 17)
	case "MV":
		if year >= 2023 && !slices.Contains(list, de.Frauentag) {
			list = append(list, de.Frauentag)
		}
	case "HB", "HH", "NI", "SH":
		if year < 2018 {
			without(de.Reformationstag)
		}
	case "BB": // the only Land whose law names the two Sundays
		list = append(list, &cal.Holiday{Name: "Ostersonntag", Func: cal.CalcEasterOffset},
			&cal.Holiday{Name: "Pfingstsonntag", Offset: 49, Func: cal.CalcEasterOffset})
	}
	if !slices.Contains(list, de.Reformationstag) {
		once("500. Jahrestag der Reformation", 2017, time.October, 31)
	}
	return list
}

// easterSunday gives the day's number.
func easterSunday(year int) int {
	at, _ := falls(&cal.Holiday{Func: cal.CalcEasterOffset}, year)
	return at.number()
}

// falls gives the day of a year on which a holiday is. The library gives midnight of the machine's zone, which some zones
// skip on some days: noon is safe.
func falls(h *cal.Holiday, year int) (Date, bool) {
	at, _ := h.Calc(year)
	return DateOf(at.Add(12 * time.Hour)), !at.IsZero()
}
