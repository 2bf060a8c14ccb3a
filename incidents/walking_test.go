package incidents

import (
	"errors"
	"testing"
)

// Two people who begin the same runbook at the same moment would otherwise each have a walk, and run each command twice.
func TestOneRunbookIsBegunOnce(t *testing.T) {
	b := newBench(t)
	b.down("wohngeld/start")
	first, err := b.act("INC-2026-001", "M. Krause", StartWalk{Runbook: book(t), Asset: "wg-db1", Reason: "Patchen"}, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.act("INC-2026-001", "J. Yılmaz", StartWalk{Runbook: book(t), Asset: "wg-db1", Reason: "Patchen"}, ""); !errors.Is(err, ErrStale) {
		t.Errorf("begun twice: %v", err)
	}
	if _, err := b.Act(t.Context(), Request{Record: "INC-2026-001", Walk: first.Walk.ID, Do: EndWalk{}}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.act("INC-2026-001", "J. Yılmaz", StartWalk{Runbook: book(t), Asset: "wg-db1", Reason: "Patchen"}, ""); err != nil {
		t.Errorf("after its end it may be begun again: %v", err)
	}
	for range 2 { // without an incident there is nobody to meet
		if _, err := b.act("", "J. Yılmaz", StartWalk{Runbook: book(t), Asset: "wg-db1", Reason: "Patchen"}, ""); err != nil {
			t.Error(err)
		}
	}
}
