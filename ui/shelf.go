package ui

import (
	"time"

	"lage/internal/text"
	"lage/runbooks"
)

// drillHolds is how long a drill counts.
const drillHolds = 180 * 24 * time.Hour

// Shelf is the library with what is known of each runbook.
type Shelf struct {
	Dir       string // empty when no folder is set up
	Books     []ShelfBook
	Services  int            // how many there are
	Uncovered []string       // IDs of the services for which no runbook would be proposed
	Unread    []text.Message // what in the folder could not be read
}

// ShelfBook is one runbook with what is known of it.
type ShelfBook struct {
	Book      *runbooks.Runbook
	Steps     int                // that a walk counts
	Commands  int                // that can be run
	Findings  []runbooks.Finding // of lint
	Walks     int                // without drills
	Drills    int
	LastUse   time.Time     // zero when it was never walked
	LastIn    string        // ID of the incident, or of the walk
	LastDrill time.Time     // zero when there was none
	Median    time.Duration // of the walks that ended; zero when none has
	Needs     []Need
	Checks    []string // IDs of the checks for whose failure it would be proposed
	Services  []string // IDs of the services of those checks, and of those that it names itself
}

// Need is a program that a runbook requires.
type Need struct {
	Program string
	Found   bool
}

// Missing lists the programs that are not there.
func (b ShelfBook) Missing() (out []string) {
	for _, n := range b.Needs {
		if !n.Found {
			out = append(out, n.Program)
		}
	}
	return out
}

// Problems counts the findings that must be mended.
func (b ShelfBook) Problems() int {
	n := 0
	for _, f := range b.Findings {
		if f.Problem {
			n++
		}
	}
	return n
}

// DrillOverdue tells whether the last drill is too long ago. What was never drilled is not overdue.
func (b ShelfBook) DrillOverdue(now time.Time) bool {
	return !b.LastDrill.IsZero() && now.Sub(b.LastDrill) > drillHolds
}
