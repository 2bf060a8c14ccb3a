package store

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"lage/incidents"
	"lage/internal/text"
	"lage/runbooks"
	"lage/services"
)

// One redaction erases from many entries and from the walks, and nothing of it is left in any file.
func TestEraseMany(t *testing.T) {
	s, _ := newStore(t)
	i := openIncident(t, s, "form")
	book := &runbooks.Runbook{Name: "form", Path: "form.md", Title: "Formular", Revision: "r1", Source: "# Formular\n"}
	vogel := services.Person{Name: "Kanaria Vogel", OSUser: "kvogel"}
	i.Version++
	walk := &runbooks.Walk{Incident: i.ID, Runbook: "form", Revision: "r1", StartedAt: t0, StartedBy: vogel.Name,
		Steps: map[string]runbooks.StepState{"a": {Status: runbooks.StepSkipped, By: vogel.Name, Reason: "Kanaria Vogel ist da", At: t0}}}
	out := entry(incidents.KindCommandEnded, "ended")
	out.Output = "logged in: kvogel"
	rec := must(t)(s.Record(t.Context(), incidents.Decision{Year: 2026, Incident: &i, Revision: book, Walk: walk,
		Entries: []incidents.Entry{{Kind: incidents.KindAcknowledged, Who: vogel, Message: text.M("incidents.acknowledged", vogel.Name)}, out, entry(incidents.KindNote, "neutral")}}))
	_, entries, _, err := s.Room(t.Context(), i.ID)
	ok(t, err)
	names := incidents.NewNames(false, vogel.Name, vogel.OSUser)
	plan := names.Find(entries)
	if want := []incidents.Erase{{Seq: 2, Who: true, Text: true}, {Seq: 3, Output: true}}; !reflect.DeepEqual(plan, want) {
		t.Fatalf("%+v", plan)
	}
	i = *rec.Incident
	i.Version++
	red := entry(incidents.KindRedacted, "because")
	rec = must(t)(s.Record(t.Context(), incidents.Decision{Incident: &i, Erase: plan, Forget: incidents.Forget{Names: names}, Entries: []incidents.Entry{red}}))
	if !reflect.DeepEqual(rec.Entries[0].Erases, plan) {
		t.Errorf("%+v", rec.Entries)
	}
	_, entries, walks, err := s.Room(t.Context(), i.ID)
	ok(t, err)
	if st := walks[0].Steps["a"]; st.By != incidents.Mark || st.Reason != incidents.Mark+" ist da" || !st.At.Equal(t0) || walks[0].StartedBy != incidents.Mark {
		t.Errorf("%+v", walks[0])
	}
	if !entries[1].HasErased("who") || !entries[1].HasErased("text") || entries[2].HasErased("text") || !entries[2].HasErased("output") || len(entries[3].Erased) > 0 {
		t.Errorf("%+v", entries)
	}
	v, err := s.Verify(t.Context())
	if err != nil || !v.OK() || v.Erased != 2 {
		t.Errorf("%+v %v", v, err)
	}
	files, err := filepath.Glob(s.path + "*")
	ok(t, err)
	for _, f := range files {
		if b := strings.ToLower(string(readFile(t, f))); strings.Contains(b, "vogel") {
			t.Errorf("the name still lies in %s", filepath.Base(f))
		}
	}
	// What the redaction does not name cannot be erased under it.
	for _, q := range []string{"UPDATE timeline SET who = NULL, who_salt = NULL WHERE seq = 3", "UPDATE timeline SET body = NULL, body_salt = NULL WHERE seq = 4"} {
		if _, err := raw(t, s).Exec(q); err == nil {
			t.Errorf("went through: %s", q)
		}
	}
}

// The walk of a record of its own is blanked as well.
func TestEraseFromAWalkOfItsOwn(t *testing.T) {
	s, _ := newStore(t)
	rec := must(t)(s.Record(t.Context(), incidents.Decision{Year: 2026, Walk: &runbooks.Walk{Kind: runbooks.ForMaintenance, Runbook: "form", StartedAt: t0, StartedBy: "Kanaria",
		Asset: "db1", Reason: "Kanaria bat darum", Steps: map[string]runbooks.StepState{}}, Entries: []incidents.Entry{entry(incidents.KindWalkStarted, "x")}}))
	w := *rec.Walk
	w.Version++
	rec = must(t)(s.Record(t.Context(), incidents.Decision{Walk: &w, Forget: incidents.Forget{Names: incidents.NewNames(false, "Kanaria")}, Entries: []incidents.Entry{entry(incidents.KindRedacted, "y")}}))
	got, _, err := s.WalkRecord(t.Context(), w.ID)
	ok(t, err)
	if got.StartedBy != incidents.Mark || got.Reason != incidents.Mark+" bat darum" || got.Asset != "db1" || rec.Walk.StartedBy != incidents.Mark {
		t.Errorf("%+v %+v", got, rec.Walk)
	}
}

func TestParts(t *testing.T) {
	for column, want := range map[string][]incidents.Erase{
		"who:3 text:3 output:7": {{Seq: 3, Who: true, Text: true}, {Seq: 7, Output: true}},
	} {
		if got := (&entryRow{kind: "redacted", parts: column}).erases(); !reflect.DeepEqual(got, want) || partsOf(got) != column {
			t.Errorf("%s: %+v, %s", column, got, partsOf(got))
		}
	}
	if got := (&entryRow{kind: "redacted", target: 4, parts: "text"}).erases(); !reflect.DeepEqual(got, []incidents.Erase{{Seq: 4, Text: true}}) || partsOf(got) != "text" {
		t.Error(got)
	}
	if got := (&entryRow{kind: "redacted", target: 4}).erases(); len(got) != 1 || len(got[0].Parts()) != 3 {
		t.Error(got)
	}
}
