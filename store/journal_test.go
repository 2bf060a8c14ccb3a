package store

import (
	"errors"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"lage/incidents"
	"lage/internal/text"
	"lage/runbooks"
	"lage/services"
)

var _ incidents.Journal = (*Store)(nil)

func TestIncidentComesBackAsWritten(t *testing.T) {
	s, c := newStore(t)
	c.add(3 * time.Second)
	var in incidents.Incident
	fill(reflect.ValueOf(&in).Elem(), new(int64))
	in.ID, in.Version = "", 1
	var e incidents.Entry
	fill(reflect.ValueOf(&e).Elem(), new(int64))
	e.Record, e.Erased, e.Erases, e.PrevHash, e.Who.Role = "", nil, nil, "", "" // a role is never stored
	rec := must(t)(s.Record(t.Context(), incidents.Decision{Year: 2026, Incident: &in, Entries: []incidents.Entry{e}}))
	want := in
	want.ID = "INC-2026-001"
	if !reflect.DeepEqual(*rec.Incident, want) || in.ID != "" {
		t.Errorf("%+v", rec.Incident)
	}
	inc, entries, _, err := s.Room(t.Context(), "INC-2026-001")
	ok(t, err)
	if !reflect.DeepEqual(inc, want) {
		t.Errorf("read back: %+v", inc)
	}
	if !reflect.DeepEqual(entries, rec.Entries) {
		t.Errorf("read back: %+v\nwritten: %+v", entries, rec.Entries)
	}
	e.Record, e.Seq, e.RecordedAt, e.Hash = "INC-2026-001", 1, c.now(), entries[0].Hash
	if !reflect.DeepEqual(entries[0], e) || len(e.Hash) != 64 {
		t.Errorf("entry: %+v\nwant %+v", entries[0], e)
	}

	var w runbooks.Walk
	fill(reflect.ValueOf(&w).Elem(), new(int64))
	w.ID, w.Version = "", 1
	alert := incidents.Alert{}
	fill(reflect.ValueOf(&alert).Elem(), new(int64))
	rec = must(t)(s.Record(t.Context(), incidents.Decision{Year: 2026, Walk: &w, Alerts: []incidents.Alert{alert}}))
	w.ID = rec.Walk.ID
	if got, _, err := s.WalkRecord(t.Context(), w.ID); err != nil || !reflect.DeepEqual(got, w) || !reflect.DeepEqual(*rec.Walk, w) {
		t.Errorf("walk: %+v\nwant %+v", got, w)
	}
	alert.ID = 1
	if alert.Channel.Webhook.URL == "" || alert.Channel.Webhook.Secret == "" {
		t.Error("the alert has no webhook")
	}
	alert.Channel.Webhook.URL, alert.Channel.Webhook.Secret = hookAddress, "" // what lets send is never kept
	if got, err := s.Take(t.Context(), t0.Add(time.Hour), 1); err != nil || !reflect.DeepEqual(got, []incidents.Alert{alert}) {
		t.Errorf("alert: %+v\nwant %+v", got, alert)
	}
}

func TestNumbersAreOfTheYear(t *testing.T) {
	s, _ := newStore(t)
	id := func(year int) string {
		return must(t)(s.Record(t.Context(), incidents.Decision{Year: year, Incident: &incidents.Incident{State: incidents.Detected},
			Entries: []incidents.Entry{entry(incidents.KindOpened, "x")}})).Incident.ID
	}
	got := []string{id(2026), id(2026), id(2027), id(2026)}
	if want := []string{"INC-2026-001", "INC-2026-002", "INC-2027-001", "INC-2026-003"}; !reflect.DeepEqual(got, want) {
		t.Error(got)
	}
	for ref, want := range map[string]string{"INC-2026-003": "INC-2026-003", "inc-003": "INC-2026-003", " 3": "INC-2026-003", "1": "INC-2027-001",
		"inc-2026-1": "INC-2026-001", "4": "", "": "", "INC": "", "x-1": "", "inc-2026-1-1": "", "w-1": "", "%": "", "INC-%-1": ""} {
		got, err := s.Resolve(t.Context(), ref)
		if got != want || (want == "") != errors.Is(err, incidents.ErrNotFound) {
			t.Errorf("%q: %q %v", ref, got, err)
		}
	}
}

func TestTheSlowerIsTold(t *testing.T) {
	s, _ := newStore(t)
	i := openIncident(t, s, "form")
	mine, theirs := i, i
	note(t, s, theirs, "faster")
	mine.Version++
	before := count(t, s, "timeline")
	_, err := s.Record(t.Context(), incidents.Decision{Incident: &mine, Entries: []incidents.Entry{entry(incidents.KindNote, "slower")},
		Alerts: []incidents.Alert{{Contact: "ops"}}})
	if !errors.Is(err, incidents.ErrStale) {
		t.Fatal(err)
	}
	if count(t, s, "timeline") != before || count(t, s, "outbox") != 0 {
		t.Error("something of a refused decision was written")
	}
	_, err = s.Record(t.Context(), incidents.Decision{Incident: &incidents.Incident{Service: "form", State: incidents.Detected}})
	if !errors.Is(err, incidents.ErrStale) {
		t.Errorf("a second open incident of a service: %v", err)
	}
	gone := i
	gone.ID, gone.Version = "INC-2020-001", 2
	if _, err := s.Record(t.Context(), incidents.Decision{Incident: &gone}); !errors.Is(err, incidents.ErrNotFound) {
		t.Error(err)
	}
	sit, err := s.Situation(t.Context(), i.ID, "")
	ok(t, err)
	if sit.Entries != 2 || sit.LastBy != anna || sit.Incident.Version != 2 {
		t.Errorf("%+v", sit)
	}
}

func count(t *testing.T, s *Store, table string) (n int) {
	t.Helper()
	ok(t, s.readers.QueryRow("SELECT count(*) FROM "+table).Scan(&n))
	return n
}

func TestRepeatedDecisionIsWrittenOnce(t *testing.T) {
	s, _ := newStore(t)
	d := incidents.Decision{Op: "op-1", Year: 2026, Incident: &incidents.Incident{Service: "form", State: incidents.Detected},
		Entries: []incidents.Entry{entry(incidents.KindOpened, "a"), entry(incidents.KindAlarm, "b")}, Alerts: []incidents.Alert{{Contact: "ops"}}}
	first := must(t)(s.Record(t.Context(), d))
	again := must(t)(s.Record(t.Context(), d))
	if !reflect.DeepEqual(first, again) {
		t.Errorf("%+v\n%+v", first, again)
	}
	if count(t, s, "timeline") != 2 || count(t, s, "outbox") != 1 || count(t, s, "incidents") != 1 {
		t.Error("written twice")
	}
	empty := incidents.Decision{Op: "op-2"}
	if rec := must(t)(s.Record(t.Context(), empty)); len(rec.Entries) != 0 {
		t.Errorf("%+v", rec)
	}
	if rec := must(t)(s.Record(t.Context(), empty)); len(rec.Entries) != 0 || rec.Incident != nil {
		t.Errorf("%+v", rec)
	}
}

func TestUnsureCommitIsSettled(t *testing.T) {
	s, _ := newStore(t)
	d := incidents.Decision{Op: "op-1", Incident: &incidents.Incident{State: incidents.Detected}, Entries: []incidents.Entry{entry(incidents.KindOpened, "a")}}
	first := must(t)(s.Record(t.Context(), d))
	fault := errors.New("disk fell off")
	found, err := s.settle(t.Context(), "op-1", errCommit{fault})
	if err != nil || !reflect.DeepEqual(found, first) {
		t.Errorf("%+v %v", found, err)
	}
	if _, err := s.settle(t.Context(), "op-2", errCommit{fault}); !errors.Is(err, fault) {
		t.Errorf("not written: %v", err)
	}
	ok(t, s.readers.Close())
	var e *Error
	if _, err := s.settle(t.Context(), "op-1", errCommit{fault}); !errors.As(err, &e) || e.Message.Code != "store.unknown_commit" {
		t.Errorf("cannot look: %v", err)
	}
}

func TestWalks(t *testing.T) {
	s, _ := newStore(t)
	i := openIncident(t, s, "form")
	book := &runbooks.Runbook{Name: "form", Path: "rb/form.md", Title: "Formular", Revision: "sha", Source: "# Formular\n"}
	i.Version++
	rec := must(t)(s.Record(t.Context(), incidents.Decision{Year: 2026, Incident: &i, Revision: book,
		Walk:    &runbooks.Walk{Incident: i.ID, Runbook: "form", Revision: "sha", Title: "Formular", StartedAt: t0},
		Entries: []incidents.Entry{entry(incidents.KindWalkStarted, "Formular")}}))
	if rec.Walk.ID != "W-2026-001" || rec.Entries[0].Walk != "W-2026-001" || rec.Entries[0].Record != i.ID {
		t.Fatalf("%+v", rec)
	}
	w := *rec.Walk
	w.Version++
	w.Steps = map[string]runbooks.StepState{"s1": {Status: runbooks.StepDone, By: "Anna Krause", At: t0}, "s2": {}}
	mark := entry(incidents.KindStepDone, "geprüft")
	mark.Step = "s1"
	rec = must(t)(s.Record(t.Context(), incidents.Decision{Walk: &w, Entries: []incidents.Entry{mark}}))
	if got := rec.Walk.Steps["s1"].Seq; got != 3 || w.Steps["s1"].Seq != 0 || rec.Entries[0].Seq != 3 {
		t.Errorf("step says %d, entry %d", got, rec.Entries[0].Seq)
	}
	if _, err := s.Record(t.Context(), incidents.Decision{Walk: &w}); !errors.Is(err, incidents.ErrStale) {
		t.Error(err)
	}
	for _, named := range [][2]string{{i.ID, "W-2026-001"}, {"", "W-2026-001"}, {"W-2026-001", ""}} {
		sit, err := s.Situation(t.Context(), named[0], named[1])
		ok(t, err)
		if sit.Incident == nil || sit.Incident.ID != i.ID || !slices.Equal(sit.Walking, []string{"form"}) || !reflect.DeepEqual(sit.Walk, rec.Walk) || sit.Entries != 3 {
			t.Errorf("%v: %+v", named, sit)
		}
	}

	alone := must(t)(s.Record(t.Context(), incidents.Decision{Year: 2026, Walk: &runbooks.Walk{Runbook: "form", Revision: "sha"},
		Entries: []incidents.Entry{entry(incidents.KindWalkStarted, "Übung")}}))
	if alone.Entries[0].Record != "W-2026-002" || alone.Entries[0].Seq != 1 {
		t.Errorf("%+v", alone.Entries)
	}
	sit, err := s.Situation(t.Context(), "W-2026-002", "")
	if err != nil || sit.Incident != nil || sit.Walk == nil || sit.Entries != 1 {
		t.Errorf("%+v %v", sit, err)
	}
	for _, named := range [][2]string{{"INC-2026-009", ""}, {i.ID, "W-2026-002"}, {"W-2026-009", ""}, {i.ID, "W-2026-009"}} {
		if _, err := s.Situation(t.Context(), named[0], named[1]); !errors.Is(err, incidents.ErrNotFound) {
			t.Errorf("%v: %v", named, err)
		}
	}
	if name, path, source, err := s.Revision(t.Context(), "sha"); err != nil || name != "form" || path != "rb/form.md" || source != book.Source {
		t.Error(name, path, source, err)
	}
	if _, _, _, err := s.Revision(t.Context(), "other"); !errors.Is(err, incidents.ErrNotFound) {
		t.Error(err)
	}
	list, err := s.Walks(t.Context(), true)
	if err != nil || len(list) != 2 || list[0].ID != "W-2026-002" {
		t.Errorf("%+v %v", list, err)
	}
}

func TestOutbox(t *testing.T) {
	s, c := newStore(t)
	i := openIncident(t, s, "form")
	send := func(d incidents.Decision) {
		t.Helper()
		i.Version++
		d.Incident = &i
		must(t)(s.Record(t.Context(), d))
	}
	a := incidents.Alert{Contact: "ops", Channel: services.Channel{Email: "ops@example.org"}, Subject: text.M("x"), Body: text.Raw("y"), Key: "k1"}
	send(incidents.Decision{Alerts: []incidents.Alert{a, {Contact: "late", NextTry: t0.Add(time.Hour)}, a}})
	take := func(want int) []incidents.Alert {
		t.Helper()
		got, err := s.Take(t.Context(), c.now(), 10)
		ok(t, err)
		if len(got) != want {
			t.Fatalf("%d alerts, want %d: %+v", len(got), want, got)
		}
		return got
	}
	got := take(1)[0]
	a.ID, a.Incident, a.Created, a.NextTry = got.ID, i.ID, t0, t0
	if !reflect.DeepEqual(got, a) {
		t.Errorf("%+v", got)
	}
	take(0)
	c.add(claimFor - 1)
	take(0)
	c.add(1)
	take(1) // whoever had it is gone
	send(incidents.Decision{Delivered: &incidents.Delivery{Alert: got, At: c.now(), NextTry: c.now().Add(time.Minute)}})
	take(0)
	c.add(time.Minute)
	if got = take(1)[0]; got.Tries != 1 || got.Key != "k1" {
		t.Errorf("%+v", got)
	}
	send(incidents.Decision{Delivered: &incidents.Delivery{Alert: got, At: c.now(), Sent: true}})
	c.add(2 * time.Minute)
	take(0)
	send(incidents.Decision{Alerts: []incidents.Alert{a}}) // its key is known
	take(0)
	c.set(t0.Add(time.Hour))
	take(1)
}

// Who wrote last is the last person, whatever was erased before.
func TestLastPersonAfterAnErasure(t *testing.T) {
	s, _ := newStore(t)
	i := openIncident(t, s, "form")
	i = note(t, s, i, "first")
	i.Version++
	red := entry(incidents.KindRedacted, "because")
	red.Target, red.Who = 2, services.Person{Name: "Bernd"}
	must(t)(s.Record(t.Context(), incidents.Decision{Incident: &i, Entries: []incidents.Entry{red}, Erase: []incidents.Erase{{Seq: 2, Who: true}}}))
	sit, err := s.Situation(t.Context(), i.ID, "")
	if err != nil || sit.LastBy.Name != "Bernd" {
		t.Errorf("%+v %v", sit.LastBy, err)
	}
}

func TestDue(t *testing.T) {
	s, _ := newStore(t)
	a, b := openIncident(t, s, "a"), openIncident(t, s, "b")
	a.State, a.Acknowledged = incidents.Acknowledged, t0
	note(t, s, a, "taken")
	list, err := s.Due(t.Context(), t0)
	if err != nil || len(list) != 1 || list[0].ID != b.ID {
		t.Errorf("%+v %v", list, err)
	}
	open, err := s.OpenIncidents(t.Context(), "a")
	if err != nil || len(open) != 1 || open[0].ID != a.ID {
		t.Errorf("%+v %v", open, err)
	}
	b.State, b.Resolved = incidents.Resolved, t0
	note(t, s, b, "over")
	for f, want := range map[Filter]int{{}: 1, {All: true}: 2, {All: true, Limit: 1}: 1, {All: true, Service: "b"}: 1, {Service: "b"}: 0} {
		if list, err := s.Incidents(t.Context(), f); err != nil || len(list) != want {
			t.Errorf("%+v: %d %v", f, len(list), err)
		}
	}
}

func TestEraseLeavesNoTrace(t *testing.T) {
	s, _ := newStore(t)
	i := openIncident(t, s, "form")
	i = note(t, s, i, "Telefon von Bürgerin Musterfrau")
	i = note(t, s, i, "danach")
	erase := func(redaction bool) error {
		d := incidents.Decision{Erase: []incidents.Erase{{Seq: 2, Who: true, Text: true}}}
		next := i
		next.Version++
		d.Incident = &next
		if redaction {
			d.Entries = []incidents.Entry{{Kind: incidents.KindRedacted, Who: services.Person{Name: "Datenschutz"}, Target: 2}}
		} else {
			d.Entries = []incidents.Entry{entry(incidents.KindNote, "no redaction")}
		}
		_, err := s.Record(t.Context(), d)
		return err
	}
	if err := erase(false); err == nil {
		t.Fatal("erased without a redaction entry")
	}
	ok(t, erase(true))
	_, entries, _, err := s.Room(t.Context(), i.ID)
	ok(t, err)
	if e := entries[1]; e.Who != (services.Person{}) || !e.Message.IsZero() || !reflect.DeepEqual(e.Erased, []string{"who", "text"}) {
		t.Errorf("%+v", e)
	}
	v, err := s.Verify(t.Context())
	if err != nil || !v.OK() || v.Erased != 1 {
		t.Errorf("%+v %v", v, err)
	}
	files, err := filepath.Glob(s.path + "*")
	ok(t, err)
	for _, f := range files {
		if strings.Contains(string(readFile(t, f)), "Musterfrau") {
			t.Errorf("the erased text still lies in %s", filepath.Base(f))
		}
	}
}
