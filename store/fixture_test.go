package store

import (
	"os"
	"testing"
	"time"

	"lage/checks"
	"lage/incidents"
	"lage/runbooks"
)

// writeFixture makes a small database with something in every table that people rely on.
func writeFixture(t *testing.T, path string) {
	t.Helper()
	s, c := newStore(t)
	ok(t, s.SaveConfig(t.Context(), "/etc/lage/lage.yaml", []byte("services: []\n")))
	i := openIncident(t, s, "form")
	book := &runbooks.Runbook{Name: "form", Path: "form.md", Title: "Formular", Revision: "r1", Source: "# Formular\n"}
	i.Version++
	rec := must(t)(s.Record(t.Context(), incidents.Decision{Year: 2026, Incident: &i, Revision: book,
		Walk:    &runbooks.Walk{Incident: i.ID, Runbook: "form", Revision: "r1", StartedAt: t0},
		Entries: []incidents.Entry{entry(incidents.KindWalkStarted, "Formular"), entry(incidents.KindNote, "geheim")}}))
	i = *rec.Incident
	i.Version++
	must(t)(s.Record(t.Context(), incidents.Decision{Incident: &i, Erase: []incidents.Erase{{Seq: 3, Who: true, Text: true}},
		Entries: []incidents.Entry{{Kind: incidents.KindRedacted, Who: anna, Target: 3}}}))
	for n := range 300 {
		c.set(t0.Add(time.Duration(n) * 30 * time.Second))
		o := checks.Good
		if n >= 100 && n < 120 {
			o = checks.Bad
		}
		ok(t, s.Recorder().Record(t.Context(), []checks.Recorded{result("form/web", c.now(), 240*time.Millisecond, o)}))
	}
	ok(t, s.Close())
	ok(t, os.WriteFile(path, readFile(t, s.path), 0o644))
}

// checkFixture tells whether a fixture of any version still says what it said.
func checkFixture(t *testing.T, s *Store) {
	t.Helper()
	v, err := s.Verify(t.Context())
	ok(t, err)
	if !v.OK() || v.Entries != 4 || v.Erased != 1 || v.Records != 1 {
		t.Errorf("%+v", v)
	}
	inc, entries, walks, err := s.Room(t.Context(), "INC-2026-001")
	ok(t, err)
	if inc.Service != "form" || len(entries) != 4 || len(walks) != 1 || entries[0].Who != anna || len(entries[2].Erased) != 2 {
		t.Errorf("%+v %+v %+v", inc, entries, walks)
	}
	if _, _, source, err := s.Revision(t.Context(), "r1"); err != nil || source != "# Formular\n" {
		t.Error(source, err)
	}
	if _, source, _, err := s.LastConfig(t.Context()); err != nil || string(source) != "services: []\n" {
		t.Error(string(source), err)
	}
	samples, err := s.Samples(t.Context(), "form/web", t0, t0.Add(3*time.Hour))
	ok(t, err)
	hours, err := s.Hours(t.Context(), "form/web", t0, t0.Add(3*time.Hour))
	ok(t, err)
	total, bad := 0, 0
	for _, h := range hours {
		total, bad = total+h.Total, bad+h.Bad
	}
	if len(samples) != 300 || total != 300 || bad != 20 {
		t.Errorf("%d samples, %d counted, %d bad", len(samples), total, bad)
	}
	states, err := s.States(t.Context())
	ok(t, err)
	if states["form/web"].Status != checks.StatusUp || states["form/web"].Last.Latency != 240*time.Millisecond {
		t.Errorf("%+v", states)
	}
	tr, err := s.Transitions(t.Context(), "form/web", 10)
	ok(t, err)
	if len(tr) != 3 {
		t.Errorf("%+v", tr)
	}
	openIncident(t, s, "other") // and it can be written
}
