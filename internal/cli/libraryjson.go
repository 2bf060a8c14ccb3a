package cli

import (
	"time"

	"lage/ui"
)

type needJSON struct {
	Program string `json:"program"`
	Found   bool   `json:"found"`
}

type shelfBookJSON struct {
	Name          string     `json:"name"`
	Title         string     `json:"title"`
	Path          string     `json:"path"`
	Steps         int        `json:"steps"`
	Commands      int        `json:"commands"`
	Warnings      int        `json:"warnings"`
	Problems      int        `json:"problems"` // errors that lint finds
	Owner         string     `json:"owner"`
	ReviewedOn    *string    `json:"reviewed_on"` // days: 2026-11-23
	ReviewDue     *string    `json:"review_due"`
	ReviewOverdue bool       `json:"review_overdue"`
	Walks         int        `json:"walks"` // without drills
	Drills        int        `json:"drills"`
	LastUse       *string    `json:"last_use"`
	LastUseIn     string     `json:"last_use_in"`
	LastDrill     *string    `json:"last_drill"`
	DrillOverdue  bool       `json:"drill_overdue"`
	Median        *float64   `json:"median_seconds"`
	Requires      []needJSON `json:"requires"`
	Checks        []string   `json:"checks"` // for whose failure it is proposed
	Services      []string   `json:"services"`
}

func (a *app) shelfJSON(shelf ui.Shelf) any {
	now := a.env.Now()
	list := []shelfBookJSON{}
	for _, b := range shelf.Books {
		m := b.Book.Meta
		one := shelfBookJSON{Name: b.Book.Name, Title: b.Book.Title, Path: b.Book.Path, Steps: b.Steps, Commands: b.Commands,
			Warnings: len(b.Book.Warnings), Problems: b.Problems(), Owner: m.Owner, ReviewedOn: day(m.ReviewedOn), ReviewOverdue: m.Overdue(now),
			Walks: b.Walks, Drills: b.Drills, LastUse: a.stamp(b.LastUse), LastUseIn: b.LastIn, LastDrill: a.stamp(b.LastDrill),
			DrillOverdue: b.DrillOverdue(now), Requires: []needJSON{}, Checks: b.Checks, Services: b.Services}
		if due, ok := m.ReviewDue(); ok {
			one.ReviewDue = day(due)
		}
		if b.Median > 0 {
			seconds := b.Median.Seconds()
			one.Median = &seconds
		}
		for _, n := range b.Needs {
			one.Requires = append(one.Requires, needJSON(n))
		}
		list = append(list, one)
	}
	return struct {
		Schema    string          `json:"schema"`
		Runbooks  []shelfBookJSON `json:"runbooks"`
		Uncovered []string        `json:"services_without_runbook"`
	}{"lage/runbooks/v1", list, shelf.Uncovered}
}

// day writes a date without time; nil for the zero time.
func day(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	s := t.Format(time.DateOnly)
	return &s
}
