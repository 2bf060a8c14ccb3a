package services

import "time"

// Hours are weekly service hours in a subset of the OpenStreetMap notation: "24/7", "Mo-Fr 06:00-22:00; Sa 08:00-12:00".
// Days without a rule are closed; a later rule replaces an earlier one for its days; "Sa off" closes a day; a span may end after
// midnight (22:00-02:00) or at 24:00. The zero value means always open.
type Hours struct {
	src  string
	week [7][]span // by time.Weekday; minutes of that day's local clock; nil week means always
	set  bool
}

type span struct{ from, to int } // minutes since local midnight, from < to; to may exceed 1440

// ParseHours reads the notation. The error is a *HoursError with the column in s.
func ParseHours(s string) (Hours, error) { panic("services helper writes this") }

// String gives the notation as it was written; "24/7" for the zero value.
func (h Hours) String() string { panic("services helper writes this") }

// Always tells whether the service is promised around the clock.
func (h Hours) Always() bool { return !h.set }

// Contains tells whether t, read on the clock of t's own zone, lies within the hours.
func (h Hours) Contains(t time.Time) bool { panic("services helper writes this") }

// NextChange gives the next moment after t at which Contains changes; the zero time if never.
func (h Hours) NextChange(t time.Time) time.Time { panic("services helper writes this") }
