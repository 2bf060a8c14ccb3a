package config

import (
	"testing"
	"time"

	"lage/internal/text"
	"lage/services"
)

const calendars = `version: 1
timezone: Europe/Berlin
holidays: {region: BY, extra: [2026-08-08]}
classes:
  - from: 2026-07-01
    value:
      stop: {name: {de: Stillstand, en: standstill}, response: 15m, restore: 2h, update: 30m, clock: calendar, alarm_outside_hours: true}
      rest: {}
services:
  - id: a
    hours:
      - {value: "Mo-Fr 08:00-16:00; PH off"}
      - {from: 2026-11-01, value: "Mo-Fr 06:00-22:00; Sa 08:00-18:00; PH off; Dec 24,31 08:00-12:00"}
    slo:
      - {value: {availability: 99}}
      - {from: 2026-11-01, value: {availability: 99.9, window: calendar_year, exclude: [maintenance]}}
    class: {degraded: rest}
  - id: b
    hours: "24/7; PH off"
    holidays: [{value: {region: BE}}, {from: 2026-03-01, value: {region: SN}}]
`

func TestCalendars(t *testing.T) {
	c, ps := Parse("lage.yaml", []byte(calendars), Options{})
	if len(ps) != 0 {
		t.Fatal(ps.In(text.English))
	}
	at := func(s string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04", s, c.Zone)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for s, open := range map[string][2]bool{
		"2026-10-30 07:00": {false, true}, "2026-11-02 07:00": {true, true}, "2026-06-04 12:00": {false, true}, // Corpus Christi in Bavaria
		"2026-12-24 12:00": {false, true}, "2026-12-24 11:59": {true, true}, "2026-08-08 12:00": {false, true},
		"2026-03-08 12:00": {false, true}, "2026-11-18 12:00": {true, false}, "2026-01-06 12:00": {false, true},
	} {
		same(t, s, [2]bool{c.Services[0].Hours.Contains(at(s)), c.Services[1].Hours.Contains(at(s))}, open)
	}
	slo, _ := c.Services[0].Objective.At(at("2026-10-31 23:59"))
	same(t, "old slo", slo, services.Objective{Availability: 99, Window: services.CalendarMonth})
	slo, _ = c.Services[0].Objective.At(at("2026-11-01 00:00"))
	same(t, "new slo", slo, services.Objective{Availability: 99.9, Window: services.CalendarYear, Maintenance: true})
	same(t, "no slo", len(c.Services[1].Objective), 0)
	before, _ := c.Classes.At(at("2026-06-30 23:59"))
	same(t, "classes of before", before, services.DefaultClasses())
	now, _ := c.Classes.At(at("2026-07-01 00:00"))
	same(t, "classes", now, []services.Class{
		{ID: "stop", Name: services.Name{De: "Stillstand", En: "standstill"}, Response: 15 * time.Minute, Restore: 2 * time.Hour,
			Update: 30 * time.Minute, Clock: services.CalendarTime, Outside: true},
		{ID: "rest", Clock: services.ServiceTime},
	})
	same(t, "class", c.Services[0].Class, services.Classing{Degraded: "rest"})
}

func TestUsualClasses(t *testing.T) {
	c, ps := Parse("lage.yaml", read(t, "good-smallest.yaml"), Options{})
	if len(ps) != 0 {
		t.Fatal(ps.In(text.English))
	}
	same(t, "classes", c.Classes, services.Since(services.DefaultClasses()))
}
