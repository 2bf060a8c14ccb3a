package services

import (
	"time"
)

// Date is a day of the calendar, without a zone. The zero value is no day; as the beginning of something it means "ever since".
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf gives the day on which t falls, on the clock of t's own zone.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// ParseDate reads "2026-08-08". It refuses days that the calendar does not have.
func ParseDate(s string) (Date, bool) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, false
	}
	return DateOf(t), true
}

// IsZero tells whether d is no day.
func (d Date) IsZero() bool { return d == Date{} }

// String gives "2026-08-08"; the empty text for the zero value.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

// Before tells whether d comes before other. The zero value comes before every day.
func (d Date) Before(other Date) bool {
	switch {
	case d.IsZero() || other.IsZero():
		return d.IsZero() && !other.IsZero()
	}
	return d.number() < other.number()
}

// number counts the days since 1 January 1970.
func (d Date) number() int { return dayNumber(d.Year, d.Month, d.Day) }

func dayNumber(year int, month time.Month, day int) int {
	return int(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / daySeconds)
}

// dated gives the day with a number.
func dated(number int) Date { return DateOf(time.Unix(int64(number)*daySeconds, 0).UTC()) }

// weekday gives a numbered day's day of the week; 1 January 1970 was a Thursday.
func weekday(number int) int { return ((number+4)%7 + 7) % 7 }

// Dated is a value that holds from a day on.
type Dated[T any] struct {
	From  Date // the zero value: ever since
	Value T
}

// Versions are values that replaced each other in the course of time, the oldest first. What held once never changes: a
// new version is added with the day from which it holds.
type Versions[T any] []Dated[T]

// Since makes a value that has held ever since.
func Since[T any](v T) Versions[T] { return Versions[T]{{Value: v}} }

// At gives what holds at t, on the clock of t's own zone; false before the first version, and where there is none.
func (v Versions[T]) At(t time.Time) (T, bool) { return v.On(DateOf(t)) }

// On gives what holds on a day; false before the first version, and where there is none.
func (v Versions[T]) On(d Date) (T, bool) {
	for i := len(v) - 1; i >= 0; i-- {
		if !d.Before(v[i].From) {
			return v[i].Value, true
		}
	}
	var none T
	return none, false
}
