package incidents

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"lage/checks"
	"lage/runbooks"
	"lage/services"
)

// find gives the key of the step whose ID ends in the word.
func (s *stage) find(t *testing.T, word string) string {
	t.Helper()
	for _, k := range s.keys {
		if strings.Contains(k, word) {
			return k
		}
	}
	t.Fatalf("no step %s in %v", word, s.keys)
	return ""
}

func refused(t *testing.T, err error, code string) {
	t.Helper()
	var no *Refusal
	if !errors.As(err, &no) || no.Message.Code != code {
		t.Errorf("%v, want %s", err, code)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestSigningOff(t *testing.T) {
	s := newStage(t, runbooks.ForMaintenance)
	in, only := s.find(t, "einspielen"), s.find(t, "freigabe")
	refused(t, s.by("Bernd", SignOff{Step: in}), "incidents.sign_not_done")
	must(t, s.mark("Anna", in, runbooks.StepDone, ""))
	err := s.by("Anna", SignOff{Step: in})
	refused(t, err, "incidents.sign_other")
	var no *Refusal
	if errors.As(err, &no); !no.Role {
		t.Error("exits as if it could be tried again")
	}
	must(t, s.by("Bernd", SignOff{Step: in, Note: "gesehen"}))
	refused(t, s.by("Bernd", SignOff{Step: in}), "incidents.signed_already")
	if st := s.walk().Steps[in]; st.By != "Anna" || len(st.Signed) != 1 || st.Signed[0].By != "Bernd" || st.Signed[0].Note != "gesehen" {
		t.Errorf("%+v", st)
	}
	must(t, s.mark("Anna", in, runbooks.StepFailed, "doch nicht"))
	if st := s.walk().Steps[in]; len(st.Signed) != 0 {
		t.Errorf("a sign-off outlived what it was about: %+v", st)
	}
	must(t, s.by("Anna", SignOff{Step: only})) // it does not ask for another person
	if st := s.walk().Steps[only]; st.Status != runbooks.StepDone || len(st.Did) != 0 {
		t.Errorf("%+v", st)
	}
	refused(t, s.by("Anna", SignOff{}), "incidents.sign_other")
	must(t, s.by("Anna", EndWalk{Reason: "genug"}))
	must(t, s.by("Cem", SignOff{}))
	if w := s.walk(); len(w.Signed) != 1 || w.Signed[0].By != "Cem" {
		t.Errorf("%+v", w)
	}
}

func TestAnIncidentsLeadSignsAsLead(t *testing.T) {
	d := &draft{inc: &Incident{Lead: "Anna"}, r: Request{By: services.Person{Name: "Bernd"}}, role: services.Respond}
	for role, want := range map[string]bool{"": true, "lead": false, "admin": false, "respond": true, "Amtsleitung": true} {
		if got := d.signsAs(role); got != want {
			t.Errorf("Bernd as %q: %v", role, got)
		}
	}
	d.r.By.Name = "Anna"
	if !d.signsAs("lead") {
		t.Error("the lead is not the lead")
	}
}

func TestWaitingForATime(t *testing.T) {
	s := newStage(t, runbooks.ForMaintenance)
	k := s.find(t, "abwarten")
	refused(t, s.mark("Anna", k, runbooks.StepDone, ""), "incidents.wait_goes_on")
	must(t, s.by("Anna", StartWait{Step: k}))
	since := s.walk().Steps[k].WaitSince
	must(t, s.by("Bernd", StartWait{Step: k})) // another console: it is the same wait
	if got := s.walk().Steps[k].WaitSince; !got.Equal(since) {
		t.Errorf("the wait began again: %v, was %v", got, since)
	}
	refused(t, s.mark("Bernd", k, runbooks.StepDone, ""), "incidents.wait_goes_on")
	s.now = since.Add(10 * time.Minute)
	must(t, s.mark("Bernd", k, runbooks.StepDone, ""))
	refused(t, s.by("Anna", StartWait{Step: s.find(t, "kann")}), "incidents.nothing_to_wait")
}

func TestWaitingForACheck(t *testing.T) {
	s := newStage(t, runbooks.ForMaintenance)
	k := s.find(t, "dienst-ist-da")
	refused(t, s.mark("Anna", k, runbooks.StepDone, ""), "incidents.check_not_ok")
	s.state = checks.State{Check: "wohngeld/start", Status: checks.StatusUp, Since: s.now.Add(-time.Minute)}
	refused(t, s.mark("Anna", k, runbooks.StepDone, ""), "incidents.check_not_ok")
	s.now = s.now.Add(time.Minute)
	must(t, s.mark("Anna", k, runbooks.StepDone, ""))
}

func TestAwait(t *testing.T) {
	u := runbooks.Until{Check: "a/b", For: 2 * time.Minute, Timeout: 15 * time.Minute}
	at := func(d time.Duration) time.Time { return start.Add(d) }
	for _, c := range []struct {
		name       string
		status     checks.Status
		up         time.Duration // since when, after start
		now        time.Duration
		met, tired bool
		left       time.Duration
	}{
		{"never measured", "", 0, time.Minute, false, false, 0},
		{"down", checks.StatusDown, 0, 10 * time.Minute, false, false, 0},
		{"down too long", checks.StatusDown, 0, 15 * time.Minute, false, true, 0},
		{"just up", checks.StatusUp, time.Minute, time.Minute, false, false, 2 * time.Minute},
		{"up long enough", checks.StatusUp, time.Minute, 3 * time.Minute, true, false, 0},
		{"up since before", checks.StatusUp, -time.Hour, 0, true, false, 0},
		{"up late, not long enough", checks.StatusUp, 14 * time.Minute, 15 * time.Minute, false, true, time.Minute},
		{"flapping", checks.StatusFlapping, 0, 3 * time.Minute, false, false, 0},
	} {
		states := map[string]checks.State{}
		if c.status != "" {
			states["a/b"] = checks.State{Status: c.status, Since: at(c.up)}
		}
		if a := Await(u, start, states, at(c.now)); a.Met != c.met || a.TimedOut != c.tired || a.Left != c.left {
			t.Errorf("%s: %+v", c.name, a)
		}
	}
	if l := WaitLeft(time.Minute, time.Time{}, start); l != time.Minute {
		t.Errorf("not begun: %v left", l)
	}
}

// A command that is through leaves its step waiting where the runbook says so.
func TestACommandThenAWait(t *testing.T) {
	s := newStage(t, runbooks.ForMaintenance)
	k := s.find(t, "abwarten")
	must(t, s.by("Anna", CommandStarted{Step: k, Run: "r", Risk: runbooks.RiskChange}))
	must(t, s.by("Anna", CommandEnded{Step: k, Run: "r", Command: CommandRun{Outcome: "exited"}, Mark: runbooks.StepDone}))
	if st := s.walk().Steps[k]; st.Status != runbooks.StepTodo || st.WaitSince.IsZero() {
		t.Errorf("%+v", st)
	}
}

// Who looks on and writes down the end of another person's command has not done it, and may sign for it.
func TestWhoLooksOnMaySign(t *testing.T) {
	s := newStage(t, runbooks.ForMaintenance)
	k := s.find(t, "abwarten")
	must(t, s.by("Anna", CommandStarted{Step: k, Run: "r", Risk: runbooks.RiskChange}))
	must(t, s.by("Bernd", CommandEnded{Step: k, Run: "r", Command: CommandRun{Outcome: "exited"}, Mark: runbooks.StepFailed}))
	if st := s.walk().Steps[k]; st.By != "Anna" || !slices.Equal(st.Did, []string{"Anna"}) {
		t.Errorf("%+v", st)
	}
	must(t, s.by("Anna", EndWalk{Reason: "Rest morgen"}))
	refused(t, s.by("Anna", SignOff{}), "incidents.sign_other")
	must(t, s.by("Bernd", SignOff{}))
}

func TestChoosingLeadsOnAndBack(t *testing.T) {
	s := newStage(t, runbooks.ForMaintenance)
	k := s.find(t, "ist-er-von-selbst")
	refused(t, s.by("Anna", Choose{Step: k, Label: "Vielleicht"}), "incidents.no_choice")
	must(t, s.by("Anna", Choose{Step: k, Label: "ja"}))
	if w := s.walk(); !strings.Contains(w.Current, "freigabe") || w.Steps[k].Choice != "Ja" || w.Steps[k].Status != runbooks.StepDone {
		t.Errorf("%+v", w)
	}
	must(t, s.mark("Anna", k, runbooks.StepTodo, ""))
	must(t, s.by("Anna", Choose{Step: k, Label: "Nein", Into: otherBook()}))
	w := s.walk()
	if here, ok := w.Here(); !ok || here.Runbook != "neustart" || w.Current != s.find(t, "neustart::") {
		t.Fatalf("%+v", w)
	}
	must(t, s.mark("Anna", s.find(t, "neustart::"), runbooks.StepDone, ""))
	must(t, s.by("Anna", GoBack{}))
	if w := s.walk(); w.Current != k || !w.Detours[0].Left {
		t.Errorf("%+v", w)
	}
	refused(t, s.by("Anna", GoBack{}), "incidents.nowhere_back")
	changed := otherBook()
	changed.Revision = "other"
	must(t, s.mark("Anna", k, runbooks.StepTodo, ""))
	refused(t, s.by("Anna", Choose{Step: k, Label: "Nein", Into: changed}), "incidents.other_revision")
}

func TestValuesAreAskedForAndChecked(t *testing.T) {
	s := newStage(t, runbooks.ForMaintenance)
	for _, c := range []struct {
		do   GiveInput
		code string
	}{
		{GiveInput{Name: "UNBEKANNT", Value: "x"}, "incidents.no_input"},
		{GiveInput{Name: "KENNWORT", Value: "x"}, "incidents.input_secret"},
		{GiveInput{Name: "STUFE", Value: "rot"}, "incidents.input_choices"},
		{GiveInput{Name: "NR", Value: "12a"}, "incidents.input_pattern"},
		{GiveInput{Name: "...", Value: "x"}, "incidents.no_input"},
		{GiveInput{Name: "FREI", Value: ""}, "incidents.bad_input"},
		{GiveInput{Name: "FREI", Value: "a; b"}, "incidents.unsafe_input"},
	} {
		refused(t, s.by("Anna", c.do), c.code)
	}
	must(t, s.by("Anna", GiveInput{Name: "FREI", Value: "a; b", Confirmed: true}))
	must(t, s.by("Anna", GiveInput{Name: "STUFE", Value: "prod"}))
	if in := s.walk().Inputs["stufe"]; in.Value != "prod" || in.By != "Anna" || s.m.entries[s.id][in.Seq-1].Kind != KindInputGiven {
		t.Errorf("%+v", in)
	}
}

func TestTwoPeopleSeeEachOther(t *testing.T) {
	s := newStage(t, runbooks.ForMaintenance)
	a, b := s.keys[0], s.keys[1]
	must(t, s.by("Anna", ClaimStep{Step: a}))
	err := s.by("Bernd", ClaimStep{Step: a})
	refused(t, err, "incidents.claimed_already")
	if !errors.Is(err, ErrStale) || !strings.Contains(err.Error(), "Anna") {
		t.Errorf("the slower is not told who was faster: %v", err)
	}
	must(t, s.by("Bernd", ClaimStep{Step: a, Seen: "Anna"})) // knowing whose it was
	must(t, s.by("Bernd", ClaimStep{Step: b}))
	if st := s.walk().Steps; st[a].ClaimedBy != "" || st[b].ClaimedBy != "Bernd" {
		t.Errorf("%+v", st)
	}
	must(t, s.mark("Anna", b, runbooks.StepDone, ""))
	if st := s.walk().Steps[b]; st.ClaimedBy != "" || st.By != "Anna" {
		t.Errorf("%+v", st)
	}
}

func TestEndingWithSomethingOpenNeedsAReason(t *testing.T) {
	s := newStage(t, runbooks.ForMaintenance)
	refused(t, s.by("Anna", EndWalk{}), "incidents.walk_left_open")
	for _, k := range s.keys {
		if !strings.Contains(k, "::") && !strings.Contains(k, "kann") && !strings.Contains(k, "nur-bei") {
			must(t, s.mark("Anna", k, runbooks.StepDone, "r"))
		}
	}
	refused(t, s.by("Anna", EndWalk{}), "incidents.walk_left_open") // two sign-offs
	for _, word := range []string{"einspielen", "freigabe"} {
		must(t, s.by("Bernd", SignOff{Step: s.find(t, word)}))
	}
	must(t, s.by("Anna", EndWalk{})) // neither the optional step nor the one for incidents counts
	refused(t, s.mark("Anna", s.keys[0], runbooks.StepTodo, ""), "incidents.walk_over")
	if w := s.walk(); w.EndReason != "" {
		t.Errorf("%+v", w)
	}
}

func TestAWalkSaysWhatItIsFor(t *testing.T) {
	b := newBench(t)
	b.down("wohngeld/start")
	start := func(record string, do StartWalk) (Recorded, error) {
		do.Runbook = walkedBook()
		return b.Act(t.Context(), Request{Record: record, By: services.Person{Name: "Anna"}, Do: do})
	}
	_, err := start("", StartWalk{Asset: "wg-db1"})
	refused(t, err, "incidents.needs_asset")
	_, err = start("", StartWalk{Kind: runbooks.ForIncident})
	refused(t, err, "incidents.needs_incident")
	_, err = start("INC-2026-001", StartWalk{Kind: runbooks.ForDrill})
	refused(t, err, "incidents.walk_of_incident")
	rec, err := start("", StartWalk{Kind: runbooks.ForDrill})
	must(t, err)
	if rec.Walk.Kind != runbooks.ForDrill || rec.Entries[0].Message.Code != "incidents.drill_started" {
		t.Errorf("%+v", rec)
	}
	rec, err = start("INC-2026-001", StartWalk{})
	must(t, err)
	if rec.Walk.Kind != runbooks.ForIncident || rec.Walk.Incident != "INC-2026-001" {
		t.Errorf("%+v", rec.Walk)
	}
}
