package incidents

import (
	"strings"
	"testing"

	"lage/internal/clean"
	"lage/internal/text"
	"lage/runbooks"
)

// What is stored is masked, whoever wrote it; what a command really wrote decides whether it did what it should.
func TestMasking(t *testing.T) {
	b := newBench(t)
	plan := b.Plan()
	plan.Mask = clean.NewMask(clean.MaskKinds(), clean.OwnNetworks(), nil)
	b.Desk.Plan = func() Plan { return plan }
	const personal = "203.0.113.7 schrieb an erika@example.org, 10.0.0.1 antwortet"
	const masked = "[IP] schrieb an [email], 10.0.0.1 antwortet"
	rec, err := b.act("", "anna", Open{Service: "kfz", Title: personal}, "")
	if err != nil || rec.Incident.Title != masked {
		t.Fatalf("%+v %v", rec.Incident, err)
	}
	id := rec.Incident.ID
	rec, err = b.act(id, "anna", Note{Text: personal}, "")
	if err != nil {
		t.Fatal(err)
	}
	e := rec.Entries[0]
	if e.Message.In(text.German) != masked || e.Words(text.English) != masked+" (masked: 1 × [email], 1 × [IP])" {
		t.Errorf("%q", e.Words(text.English))
	}
	rec, err = b.act(id, "anna", Receive{Key: "k", Service: "kfz", State: Down, Message: text.Raw(personal)}, "")
	if err != nil || !strings.Contains(rec.Entries[0].Message.In(text.English), "203.0.113.7 schrieb an [email]") {
		t.Errorf("what machines say about machines: %+v %v", rec.Entries, err)
	}
	rec, err = b.act(id, "anna", Resolve{Cause: personal}, "")
	if err != nil || rec.Incident.Cause != masked {
		t.Errorf("%+v %v", rec.Incident, err)
	}
}

func TestOutputIsMaskedOnTheScreenToo(t *testing.T) {
	b := newBench(t)
	plan := b.Plan()
	plan.Mask = clean.NewMask(clean.MaskKinds(), clean.OwnNetworks(), nil)
	b.Desk.Plan = func() Plan { return plan }
	out := CommandRun{Outcome: "exited"}
	block := runbooks.Block{Text: "tail mail.log", Expect: `203\.0\.113\.7`}
	st := RunState{Ended: true, Output: "from 203.0.113.7", Result: out}
	shown := (&Runs{Mask: plan.Mask.Text}).masked(st)
	if shown.Output != "from [IP]" || Judge(block, out, st.Output) != runbooks.StepDone {
		t.Errorf("%+v", shown)
	}
	if (&Runs{}).masked(st).Output != st.Output {
		t.Error("masked without a mask")
	}
}
