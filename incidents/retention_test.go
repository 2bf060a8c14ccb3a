package incidents

import (
	"reflect"
	"testing"
	"time"

	"lage/internal/text"
	"lage/runbooks"
	"lage/services"
)

// dossier is an incident that ended at start, with a person, a contact, an output and lage itself in it.
func dossier() Dossier {
	anna, bernd := services.Person{Name: "Anna", OSUser: "ops"}, services.Person{Name: "Bernd", OSUser: "ops"}
	d := Dossier{Record: "INC-2026-001", Incident: &Incident{ID: "INC-2026-001", State: Resolved, Resolved: start, Title: "Ausfall", Lead: "Anna", Cause: "Netzteil"},
		Walks: []runbooks.Walk{{StartedBy: "Clara", EndedAt: start}}}
	for _, e := range []Entry{
		{Kind: KindOpened, Who: services.System(), Message: text.M("incidents.opened", "Ausfall")},
		{Kind: KindAlarm, Who: services.System(), Message: text.M("incidents.alarm", 1, "Dora")},
		{Kind: KindAcknowledged, Who: anna, Message: text.M("incidents.acknowledged", "Anna")},
		{Kind: KindNote, Who: bernd, Message: text.Raw("frage Clara")},
		{Kind: KindCommandEnded, Who: bernd, Message: text.M("incidents.command_ended", "x", 0, time.Second), Output: "ops läuft"},
	} {
		e.Seq = int64(len(d.Entries) + 1)
		d.Entries = append(d.Entries, e)
	}
	return d
}

// after carries a plan out, as the store does.
func (d Dossier) after(list []Redact) Dossier {
	for _, r := range list {
		for _, x := range r.Erase {
			e := &d.Entries[x.Seq-1]
			e.Erased = append(e.Erased, x.Parts()...)
			if x.Who {
				e.Who = services.Person{}
			}
			if x.Text {
				e.Message, e.Command = text.Message{}, nil
			}
			if x.Output {
				e.Output = ""
			}
		}
		r.Forget.incident(d.Incident)
		for i := range d.Walks {
			d.Walks[i].StartedBy = r.Forget.Text(d.Walks[i].StartedBy)
		}
		d.Entries = append(d.Entries, Entry{Seq: int64(len(d.Entries) + 1), Kind: KindRedacted, Who: services.System(), Message: r.Reason})
	}
	return d
}

func TestOverdue(t *testing.T) {
	later := start.Add(time.Minute)
	for name, c := range map[string]struct {
		limits Limits
		want   []Erase
	}{
		"nothing": {Limits{}, nil},
		"not yet": {Limits{Texts: start, Names: start, Outputs: start}, nil},
		"outputs": {Limits{Outputs: later}, []Erase{{Seq: 5, Output: true}}},
		"names":   {Limits{Names: later}, []Erase{{Seq: 2, Text: true}, {Seq: 3, Who: true, Text: true}, {Seq: 4, Who: true, Text: true}, {Seq: 5, Who: true}}},
		"texts": {Limits{Texts: later, Names: later}, []Erase{{Seq: 1, Text: true}, {Seq: 2, Text: true}, {Seq: 3, Who: true, Text: true},
			{Seq: 4, Who: true, Text: true}, {Seq: 5, Who: true, Text: true, Output: true}}},
	} {
		d := dossier()
		var got []Erase
		list := d.Overdue(c.limits)
		for _, r := range list {
			got = append(got, r.Erase...)
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v\nwant %+v", name, got, c.want)
		}
		d = d.after(list)
		if again := d.Overdue(c.limits); len(again) != 0 {
			t.Errorf("%s: again %+v", name, again)
		}
		switch name {
		case "names":
			if d.Incident.Lead != Mark || d.Incident.Cause != "Netzteil" || d.Walks[0].StartedBy != Mark {
				t.Errorf("%+v", d)
			}
		case "texts":
			if d.Incident.Cause != Mark || d.Incident.Title != Mark {
				t.Errorf("%+v", d.Incident)
			}
		}
	}
	d := dossier()
	d.Incident.State = Monitoring
	if list := d.Overdue(Limits{Texts: later, Names: later, Outputs: later}); len(list) != 0 {
		t.Errorf("an open incident lost %+v", list)
	}
	if (Limits{Texts: start, Names: later}).Newest() != later {
		t.Error("the newest limit")
	}
}

// A long record goes in portions. Cut off after any of them, the rest is still found.
func TestOverdueInPortions(t *testing.T) {
	later := start.Add(time.Minute)
	for cut := 1; ; cut++ {
		d := dossier()
		for range 3 * MaxErase {
			n := int64(len(d.Entries) + 1)
			d.Entries = append(d.Entries, Entry{Seq: n, Kind: KindNote, Who: services.Person{Name: "Anna"}, Message: text.Raw("Anna und Bernd")})
		}
		list := d.Overdue(Limits{Names: later})
		for _, r := range list {
			if len(r.Erase) > MaxErase || len(r.Erase) == 0 {
				t.Fatalf("%d entries at once", len(r.Erase))
			}
		}
		if cut > len(list) {
			return
		}
		d = d.after(list[:cut])
		d = d.after(d.Overdue(Limits{Names: later}))
		for _, e := range d.Entries {
			if e.personal() || NewNames(false, "Anna", "Bernd").says(e) {
				t.Fatalf("cut off after %d: %+v is left", cut, e)
			}
		}
	}
}
