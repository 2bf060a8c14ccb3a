package text

import (
	"fmt"
	"strconv"
	"time"
)

// Number writes a decimal number with the language's decimal mark and the given digits after it.
func Number(l Lang, f float64, digits int) string {
	return decimal(l, strconv.FormatFloat(f, 'f', digits, 64))
}

// Latency writes a response time: "240 ms" below one second, "1,2 s" above.
func Latency(l Lang, d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return Number(l, float64(d)/float64(time.Millisecond), 1) + " ms"
	case d < time.Second:
		return strconv.FormatInt(d.Milliseconds(), 10) + " ms"
	}
	return Number(l, d.Seconds(), 1) + " s"
}

// Duration writes a span of time in at most two units: "42 s", "14 min", "3 h 5 min", "2 d 4 h" (German "2 T 4 h").
// Spans under a second are written as Latency does.
func Duration(l Lang, d time.Duration) string {
	if d < 0 {
		d = 0
	}
	day := "d"
	if l != English {
		day = "T"
	}
	switch {
	case d == 0:
		return "0 s"
	case d < time.Second:
		return Latency(l, d)
	case d < 10*time.Second && d%time.Second != 0:
		return Number(l, d.Seconds(), 1) + " s"
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 24*time.Hour:
		return two(int(d.Hours()), "h", int(d.Minutes())%60, "min")
	}
	return two(int(d.Hours())/24, day, int(d.Hours())%24, "h")
}

// Hours is Duration without days: for service time, of which a day does not have 24 hours.
func Hours(l Lang, d time.Duration) string {
	if d < 24*time.Hour {
		return Duration(l, d)
	}
	return two(int(d.Hours()), "h", int(d.Minutes())%60, "min")
}

func two(a int, unitA string, b int, unitB string) string {
	if b == 0 {
		return fmt.Sprintf("%d %s", a, unitA)
	}
	return fmt.Sprintf("%d %s %d %s", a, unitA, b, unitB)
}

// Clock writes the time of day, "03:15".
func Clock(t time.Time) string { return t.Format("15:04") }

// ClockSeconds writes the time of day with seconds, "03:15:31".
func ClockSeconds(t time.Time) string { return t.Format("15:04:05") }

// Date writes a day: "23.11.2026" or "23 Nov 2026".
func Date(l Lang, t time.Time) string {
	if l == English {
		return t.Format("2 Jan 2006")
	}
	return t.Format("02.01.2006")
}

// DateTime writes a moment with its zone: "23.11.2026 03:15 MEZ" or "23 Nov 2026 03:15 CET".
func DateTime(l Lang, t time.Time) string {
	return Date(l, t) + " " + Clock(t) + " " + Zone(l, t)
}

// Zone writes the short name of t's zone; German readers see MEZ and MESZ for Central European Time.
func Zone(l Lang, t time.Time) string {
	name, _ := t.Zone()
	if l != English {
		switch name {
		case "CET":
			return "MEZ"
		case "CEST":
			return "MESZ"
		}
	}
	return name
}

// Weekday writes the short name of t's day: "Mo" or "Mon".
func Weekday(l Lang, t time.Time) string {
	if l == English {
		return t.Format("Mon")
	}
	return [...]string{"So", "Mo", "Di", "Mi", "Do", "Fr", "Sa"}[t.Weekday()]
}
