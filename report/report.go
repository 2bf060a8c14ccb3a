// Package report writes up what happened: incident reports as Markdown for people and as JSON for programs. It is pure:
// values in, bytes out, the same bytes for the same values.
package report

import (
	"time"

	"lage/incidents"
	"lage/internal/text"
)

// Options say for whom a report is written.
type Options struct {
	Lang         text.Lang
	Zone         *time.Location // in which times are given; nil means UTC
	Version      string         // of this program; may be empty
	Organisation string         // whose report it is; may be empty
}

func (o Options) zone() *time.Location {
	if o.Zone == nil {
		return time.UTC
	}
	return o.Zone
}

func (o Options) generator() string {
	if o.Version == "" {
		return "lage"
	}
	return "lage " + o.Version
}

// ended gives when the effect on users ended: when the checks recovered or the person said, else when the incident was
// resolved; the zero time while it lasts.
func ended(i incidents.Incident) time.Time {
	if at := i.Ended(); !at.IsZero() {
		return at
	}
	return i.Resolved
}
