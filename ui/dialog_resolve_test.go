package ui

import (
	"slices"
	"testing"

	"lage/incidents"
	"lage/internal/text"
)

// TestMarkedNotes: the proposed cause and the open questions are first lines, and what was corrected counts as it is now.
func TestMarkedNotes(t *testing.T) {
	note := func(seq int64, s string) incidents.Entry {
		return incidents.Entry{Kind: incidents.KindNote, Seq: seq, Message: text.Raw(s)}
	}
	entries := []incidents.Entry{
		note(1, "! disk full\nsee the log"), note(2, "? who deployed"), note(3, "looks bad"), note(4, "? which node"),
		{Kind: incidents.KindCorrection, Seq: 5, Target: 4, Message: text.M("incidents.corrected", "4", "? which rack")},
	}
	if got := lastCause(entries); got != "disk full" {
		t.Errorf("cause %q", got)
	}
	if got := questions(entries); !slices.Equal(got, []string{"who deployed", "which rack"}) {
		t.Errorf("questions %q", got)
	}
	corrected := incidents.Entry{Kind: incidents.KindCorrection, Seq: 6, Target: 1, Message: text.M("incidents.corrected", "1", "pool full")}
	if got := lastCause(append(entries, corrected)); got != "pool full" {
		t.Errorf("corrected cause %q", got)
	}
}
