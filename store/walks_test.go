package store

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"lage/incidents"
	"lage/internal/text"
	"lage/runbooks"
)

// startWalk records a walk without an incident as the Desk would.
func startWalk(t *testing.T, s *Store, w runbooks.Walk, year int) runbooks.Walk {
	t.Helper()
	rec := must(t)(s.Record(t.Context(), incidents.Decision{Year: year, Walk: &w, Revision: &runbooks.Runbook{Name: w.Runbook, Revision: "r1", Source: "# X\n"},
		Entries: []incidents.Entry{entry(incidents.KindWalkStarted, "X")}}))
	return *rec.Walk
}

func TestWalksHaveCountersOfTheirOwn(t *testing.T) {
	s, _ := newStore(t)
	var got []string
	for _, k := range []runbooks.WalkKind{runbooks.ForMaintenance, runbooks.ForDrill, runbooks.ForMaintenance} {
		got = append(got, startWalk(t, s, runbooks.Walk{Kind: k, Runbook: "x", StartedAt: t0}, 2026).ID)
	}
	got = append(got, startWalk(t, s, runbooks.Walk{Kind: runbooks.ForMaintenance, Runbook: "x", StartedAt: t0}, 2027).ID)
	if want := []string{"WART-2026-001", "UEB-2026-001", "WART-2026-002", "WART-2027-001"}; !reflect.DeepEqual(got, want) {
		t.Fatalf("%v", got)
	}
	for ref, want := range map[string]string{"wart-2": "WART-2026-002", "WART-2026-1": "WART-2026-001", "wart-1": "WART-2027-001", "ueb-1": "UEB-2026-001", "w-1": "", "ueb-2": "", "inc-1": ""} {
		id, err := s.Resolve(t.Context(), ref)
		if id != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q %v", ref, id, err)
		}
	}
	v, err := s.Verify(t.Context())
	ok(t, err)
	if !v.OK() || v.Records != 4 {
		t.Errorf("%+v", v)
	}
}

// Everything that a walk and its entries know is there again.
func TestWalkComesBackWhole(t *testing.T) {
	s, _ := newStore(t)
	sign := runbooks.Sign{By: "J. Yılmaz", At: t0.Add(time.Hour), Role: "lead", Note: "passt", Seq: 2}
	state := runbooks.StepState{Status: runbooks.StepDone, By: "M. Krause", At: t0, Reason: "r", Run: "run", Did: []string{"M. Krause"}, Choice: "Ja", ClaimedBy: "A", ClaimedAt: t0,
		WaitSince: t0.Add(time.Minute), Signed: []runbooks.Sign{sign}, Seq: 2}
	in := runbooks.Input{Name: "<pod>", Value: "wg-1", By: "M. Krause", At: t0, Seq: 1}
	detour := runbooks.Detour{Runbook: "login", Revision: "r2", Title: "Login", Back: "a", Left: true}
	want := runbooks.Walk{Kind: runbooks.ForMaintenance, Runbook: "x", Revision: "r1", Title: "X", Asset: "wg-db1", Reason: "Patchen", Change: "CHG-7",
		StartedAt: t0, StartedBy: "M. Krause", EndedAt: t0.Add(2 * time.Hour), EndReason: "Zeit um", Steps: map[string]runbooks.StepState{"a": state},
		Signed: []runbooks.Sign{sign}, Inputs: map[string]runbooks.Input{"pod": in}, Detours: []runbooks.Detour{detour}, Current: "a"}
	change := &incidents.WalkChange{Wait: true, Go: "b", State: &state, Sign: &sign, Input: &in, Detour: &detour, EndReason: "Zeit um"}
	e := entry(incidents.KindStepDone, "X")
	e.Step, e.Change = "a", change
	w := want
	rec := must(t)(s.Record(t.Context(), incidents.Decision{Year: 2026, Walk: &w, Entries: []incidents.Entry{entry(incidents.KindWalkStarted, "X"), e}}))
	got, entries, err := s.WalkRecord(t.Context(), rec.Walk.ID)
	ok(t, err)
	want.ID, want.Version = "WART-2026-001", 1
	if !reflect.DeepEqual(got, want) {
		t.Errorf("\n%+v\n%+v", got, want)
	}
	if len(entries) != 2 || !reflect.DeepEqual(entries[1].Change, change) {
		t.Errorf("%+v", entries)
	}
	w = got.Clone()
	w.Version++
	must(t)(s.Record(t.Context(), incidents.Decision{Walk: &w, Entries: []incidents.Entry{entry(incidents.KindNote, "n")}}))
	if _, err := s.Record(t.Context(), incidents.Decision{Walk: &w, Entries: []incidents.Entry{entry(incidents.KindNote, "n")}}); !errors.Is(err, incidents.ErrStale) {
		t.Error(err)
	}
}

func TestWalkStats(t *testing.T) {
	s, _ := newStore(t)
	for i, minutes := range []int{30, 10, 20, 40} {
		at := t0.Add(time.Duration(i) * time.Hour)
		startWalk(t, s, runbooks.Walk{Kind: runbooks.ForMaintenance, Runbook: "x", StartedAt: at, EndedAt: at.Add(time.Duration(minutes) * time.Minute)}, 2026)
	}
	startWalk(t, s, runbooks.Walk{Kind: runbooks.ForIncident, Incident: "INC-2026-001", Runbook: "x", StartedAt: t0.Add(5 * time.Hour)}, 2026)
	startWalk(t, s, runbooks.Walk{Kind: runbooks.ForDrill, Runbook: "x", StartedAt: t0.Add(6 * time.Hour), EndedAt: t0.Add(9 * time.Hour)}, 2026)
	startWalk(t, s, runbooks.Walk{Kind: runbooks.ForDrill, Runbook: "y", StartedAt: t0}, 2026)
	got, err := s.WalkStats(t.Context())
	ok(t, err)
	want := map[string]WalkStat{
		"x": {Walks: 5, Drills: 1, LastUse: t0.Add(5 * time.Hour), LastIn: "INC-2026-001", LastDrill: t0.Add(6 * time.Hour), Median: 25 * time.Minute},
		"y": {Drills: 1, LastDrill: t0},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
}

// A walk that says something else than its timeline was changed past it: a signature that nobody gave, another result.
func TestVerifyComparesWalksWithTheirTimeline(t *testing.T) {
	for name, tamper := range map[string]string{
		"":                   "",
		"another status":     `UPDATE walks SET steps = replace(steps, '"failed"', '"done"')`,
		"another person":     `UPDATE walks SET steps = replace(steps, 'Anna Krause', 'J. Yılmaz')`,
		"a signature":        `UPDATE walks SET data = json_set(data, '$.signed', json('[{"by": "J. Yılmaz"}]'))`,
		"another end":        `UPDATE walks SET ended = started`,
		"another asset":      `UPDATE walks SET asset = 'wg-db2'`,
		"a step more":        `UPDATE walks SET steps = json_set(steps, '$.b', json('{"status": "done", "by": "x"}'))`,
		"erased":             `UPDATE walks SET steps = replace(steps, 'Anna Krause', '[erased]')`,
		"a timeline missing": `INSERT INTO walks (n, id, incident, runbook, revision, title, started, ended, current, steps, version) VALUES (9, 'WART-2026-009', '', 'x', '', '', 0, 0, '', '{}', 1)`,
	} {
		s, _ := newStore(t)
		w := runbooks.Walk{Kind: runbooks.ForMaintenance, Runbook: "x", Asset: "wg-db1", Reason: "Patchen", StartedAt: t0, StartedBy: anna.Name}
		began := entry(incidents.KindWalkStarted, "")
		began.Message = text.M("incidents.maintenance_started", "wg-db1", "Patchen", "X", "x")
		rec := must(t)(s.Record(t.Context(), incidents.Decision{Year: 2026, Walk: &w, Entries: []incidents.Entry{began}}))
		w = rec.Walk.Clone()
		w.Version++
		e := entry(incidents.KindStepFailed, "ging nicht")
		e.Walk, e.Step, e.OccurredAt = w.ID, "a", t0
		e.Change = &incidents.WalkChange{State: &runbooks.StepState{Status: runbooks.StepFailed, Reason: "r"}}
		incidents.Apply(&w, e)
		must(t)(s.Record(t.Context(), incidents.Decision{Walk: &w, Entries: []incidents.Entry{e}}))
		if tamper != "" {
			_, err := s.audit.ExecContext(t.Context(), tamper)
			ok(t, err)
		}
		v, err := s.Verify(t.Context())
		ok(t, err)
		if v.OK() != (name == "" || name == "erased") {
			t.Errorf("%q: %+v", name, v.Problems)
		}
	}
}
