package incidents

import (
	"errors"
	"strings"
	"testing"
	"time"

	"lage/internal/text"
	"lage/services"
)

func led() Incident {
	return Incident{ID: "INC-2026-001", Service: "form", State: Acknowledged, Lead: "Anna", Started: start, Detected: start, Acknowledged: start, Stage: 1}
}

func TestTheLeadChangesOnAcceptance(t *testing.T) {
	act := func(inc Incident, who string, do Action) (Decision, string) {
		t.Helper()
		dec, err := Decide(Situation{Incident: &inc}, Request{By: services.Person{Name: who}, Do: do}, Plan{Contacts: map[string]services.Contact{"b": {Name: "Berta"}}}, minutesIn(5))
		var no *Refusal
		if errors.As(err, &no) {
			return dec, no.Message.Code
		}
		if err != nil {
			t.Fatal(err)
		}
		return dec, ""
	}
	if _, code := act(led(), "Berta", Accept{}); code != "incidents.no_handover" {
		t.Error(code)
	}
	if _, code := act(led(), "Anna", HandOver{}); code != "incidents.needs_to" {
		t.Error(code)
	}
	if _, code := act(led(), "Anna", HandOver{To: "anna"}); code != "incidents.leads_already" {
		t.Error(code)
	}
	dec, code := act(led(), "Anna", HandOver{To: "b", Note: "alles ruhig"})
	if code != "" || dec.Incident.Lead != "Anna" || !dec.Incident.Offered("berta") || dec.Entries[0].Kind != KindHandover {
		t.Fatalf("%+v %s", dec.Incident, code)
	}
	offered := *dec.Incident
	if _, code := act(offered, "Carl", Accept{}); code != "incidents.handover_for" {
		t.Error(code)
	}
	for _, do := range []Action{Accept{}, Acknowledge{}} {
		dec, code := act(offered, "Berta", do)
		if code != "" || dec.Incident.Lead != "Berta" || dec.Incident.Handover != nil || dec.Entries[0].Kind != KindHandoverAccepted {
			t.Errorf("%T: %+v %s", do, dec.Incident, code)
		}
	}
	dec, code = act(offered, "Anna", Resolve{})
	if code != "" || dec.Incident.Handover != nil {
		t.Errorf("%+v %s", dec.Incident, code)
	}
}

// Who is awake is not alarmed: neither by the next stage, nor when the same fails again.
func TestQuietAlarmsNobody(t *testing.T) {
	inc := Incident{ID: "INC-2026-001", Service: "form", State: Detected, Started: start, Detected: start}
	p := Plan{Services: []services.Service{{ID: "form", Escalation: []services.Stage{{Notify: []string{"b"}}, {After: time.Minute, Notify: []string{"b"}}}}}}
	if n := stagesDue(inc, p, minutesIn(5)); n != 2 {
		t.Fatalf("%d stages are due before", n)
	}
	dec, err := Decide(Situation{Incident: &inc}, Request{By: services.Person{Name: "Anna"}, Do: Quieten{}}, p, minutesIn(5))
	if err != nil || dec.Incident.Quiet.IsZero() || dec.Incident.Lead != "" || dec.Entries[0].Kind != KindQuiet {
		t.Fatalf("%+v %v", dec.Incident, err)
	}
	if n := stagesDue(*dec.Incident, p, minutesIn(50)); n != 0 {
		t.Errorf("%d stages are due", n)
	}
	again, err := Decide(Situation{Incident: dec.Incident}, Request{By: services.Person{Name: "Anna"}, Do: Quieten{}}, p, minutesIn(6))
	if err != nil || !again.empty() {
		t.Errorf("%+v %v", again, err)
	}
}

func TestHandoverNoteSaysHowItStands(t *testing.T) {
	r := Room{Incident: led(), Class: services.Class{Restore: time.Hour}, Entries: []Entry{
		{Seq: 1, Kind: KindStepDone, Message: text.Raw("Pool geprüft")}, {Seq: 2, Kind: KindNote, Message: text.Raw("? Wer hat gestern geändert")},
	}}
	got := r.HandoverNote(text.German, time.UTC, minutesIn(20))
	for _, want := range []string{"bestätigt seit 20 min", "Pool geprüft", "Wer hat gestern geändert", "Wiederherstellung"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q lacks %q", got, want)
		}
	}
	if got := (Room{Incident: led()}).HandoverNote(text.English, time.UTC, minutesIn(20)); strings.Count(got, "nothing") != 3 {
		t.Error(got)
	}
}
