package runbooks

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

var reviewSpan = regexp.MustCompile(`(?i)^\s*(\d{1,4})\s*(d|days?|tag(?:e|en)?|w|weeks?|wochen?|m|months?|monat(?:e|en)?|y|years?|jahr(?:e|en)?)\s*$`)

// ReviewDue gives the day on which the runbook has to be reviewed again. ok is false where it does not say when it was
// reviewed or how long that holds, or says it in words that are not known ("6 months", "2 weeks", "90d", "1 Jahr" are).
func (m Meta) ReviewDue() (due time.Time, ok bool) {
	part := reviewSpan.FindStringSubmatch(m.ReviewIn)
	if part == nil || m.ReviewedOn.IsZero() {
		return time.Time{}, false
	}
	n, err := strconv.Atoi(part[1])
	if err != nil {
		return time.Time{}, false
	}
	switch strings.ToLower(part[2])[0] {
	case 'd', 't':
		return m.ReviewedOn.AddDate(0, 0, n), true
	case 'w':
		return m.ReviewedOn.AddDate(0, 0, 7*n), true
	case 'm':
		return m.ReviewedOn.AddDate(0, n, 0), true
	}
	return m.ReviewedOn.AddDate(n, 0, 0), true
}

// Overdue tells whether the review is overdue at a moment: on the day itself it is not.
func (m Meta) Overdue(now time.Time) bool {
	due, ok := m.ReviewDue()
	return ok && !now.Before(due.AddDate(0, 0, 1))
}
