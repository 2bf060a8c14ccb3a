package services

import "time"

// Class says how grave an incident is and what is owed then.
type Class struct {
	ID       string // short and stable: it is stored with incidents
	Name     Name   // as people call it; empty means the ID
	Response time.Duration
	Restore  time.Duration
	Update   time.Duration // from one notice to the next; like the two above, zero means that nothing is agreed
	Clock    ClockKind     // which time the three above count
	Outside  bool          // alarms go out outside service hours too, instead of waiting until they begin
}

// Title gives the class's name in a language, or its ID where it has no name.
func (c Class) Title(lang string) string {
	if t := c.Name.In(lang); t != "" {
		return t
	}
	return c.ID
}

// DefaultClasses are what holds where nothing is configured: the three classes that German public contracts know, the
// gravest first. Their times count within service hours, and nobody is woken outside of them.
func DefaultClasses() []Class {
	return []Class{
		{ID: "betriebsverhindernd", Name: Name{De: "betriebsverhindernd", En: "blocking"}, Response: 30 * time.Minute, Restore: 4 * time.Hour, Update: time.Hour, Clock: ServiceTime},
		{ID: "betriebsbehindernd", Name: Name{De: "betriebsbehindernd", En: "impeding"}, Response: time.Hour, Restore: 8 * time.Hour, Update: 2 * time.Hour, Clock: ServiceTime},
		{ID: "leicht", Name: Name{De: "leicht", En: "minor"}, Response: 4 * time.Hour, Restore: 40 * time.Hour, Clock: ServiceTime},
	}
}

// FindClass looks a class up by its ID.
func FindClass(list []Class, id string) (Class, bool) {
	for _, c := range list {
		if c.ID == id {
			return c, true
		}
	}
	return Class{}, false
}

// Classing says which class a service's incidents have when they open. An empty ID means the gravest class for Down and
// the one after it for Degraded.
type Classing struct{ Down, Degraded string }

// Of gives the class of an incident that opens, of the classes that hold then. The zero Class means that there are none.
func (c Classing) Of(list []Class, degraded bool) Class {
	id, fallback := c.Down, 0
	if degraded {
		id, fallback = c.Degraded, 1
	}
	if found, ok := FindClass(list, id); ok {
		return found
	}
	if len(list) == 0 {
		return Class{}
	}
	return list[min(fallback, len(list)-1)]
}

// Objective is the availability that was agreed for a service.
type Objective struct {
	Availability float64 // of the promised time, in per cent: 99.9
	Window       Window
	Maintenance  bool // announced maintenance counts neither way
}

// Window is the stretch of the calendar over which an objective is measured.
type Window string

// The windows.
const (
	CalendarMonth   Window = "calendar_month"
	CalendarQuarter Window = "calendar_quarter"
	CalendarYear    Window = "calendar_year"
)

// Windows lists them, the shortest first.
func Windows() []Window { return []Window{CalendarMonth, CalendarQuarter, CalendarYear} }

// Around gives the window that t lies in, on the clock of t's own zone.
func (w Window) Around(t time.Time) Span {
	y, m, _ := t.Date()
	months := 1
	switch w {
	case CalendarQuarter:
		m, months = (m-1)/3*3+1, 3
	case CalendarYear:
		m, months = time.January, 12
	}
	return Span{time.Date(y, m, 1, 0, 0, 0, 0, t.Location()), time.Date(y, m+time.Month(months), 1, 0, 0, 0, 0, t.Location())}
}

// Budget is what an objective leaves of a stretch of time: how long the service may be down in it, and what is left of that; Left
// is negative when the objective is missed.
func (o Objective) Budget(a Availability) (total, left time.Duration) {
	total = time.Duration((100 - o.Availability) / 100 * float64(a.Promised))
	return total, total - a.Down
}
