package incidents

import (
	"errors"
	"strings"
	"testing"
	"time"

	"lage/internal/text"
	"lage/services"
)

func TestNotesOfBefore(t *testing.T) {
	inc := timed()
	s := Situation{Incident: &inc, Entries: 4}
	r := Request{By: services.Person{Name: "M. Krause"}, Do: Note{Text: "! Pool zu klein", At: minutesIn(-5)}}
	dec, err := Decide(s, r, Plan{}, minutesIn(20))
	if err != nil || len(dec.Entries) != 1 || !dec.Entries[0].OccurredAt.Equal(minutesIn(-5)) {
		t.Fatalf("%+v %v", dec.Entries, err)
	}
	e := dec.Entries[0]
	e.Seq, e.RecordedAt = 5, minutesIn(20)
	if got := e.Aside(text.English, time.UTC, 0); !strings.Contains(got, "added") || !strings.Contains(got, minutesIn(20).UTC().Format("15:04:05")) {
		t.Error(got)
	}
	e.RecordedAt = e.OccurredAt.Add(time.Second)
	if got := e.Aside(text.English, nil, 0); got != "" {
		t.Error(got)
	}
	var no *Refusal
	r.Do = Note{Text: "x", At: minutesIn(21)}
	if _, err := Decide(s, r, Plan{}, minutesIn(20)); !errors.As(err, &no) || no.Message.Code != "incidents.time_ahead" {
		t.Error(err)
	}
}

func TestCorrectionsPointBack(t *testing.T) {
	inc := timed()
	s := Situation{Incident: &inc, Entries: 4}
	for _, c := range []struct {
		seq        int64
		text, want string
	}{{0, "x", "incidents.no_entry"}, {5, "x", "incidents.no_entry"}, {4, " ", "incidents.empty_note"}, {4, "Es war der zweite Knoten", ""}} {
		dec, err := Decide(s, Request{Do: Correct{c.seq, c.text}}, Plan{}, minutesIn(20))
		var no *Refusal
		if c.want != "" {
			if !errors.As(err, &no) || no.Message.Code != c.want {
				t.Errorf("%+v: %v", c, err)
			}
			continue
		}
		if err != nil || dec.Entries[0].Kind != KindCorrection || dec.Entries[0].Target != 4 || dec.Entries[0].Corrected() != c.text {
			t.Errorf("%+v: %+v %v", c, dec.Entries, err)
		}
	}
	note := func(seq int64, s string) Entry { return Entry{Seq: seq, Kind: KindNote, Message: text.Raw(s)} }
	fix := func(seq, target int64, s string) Entry {
		return Entry{Seq: seq, Kind: KindCorrection, Target: target, Message: text.M("incidents.corrected", target, s)}
	}
	by := Corrections([]Entry{note(1, "! Pool"), fix(2, 1, "Speicher"), fix(3, 1, "Platte")})
	if by[1].Seq != 3 || len(by) != 1 {
		t.Errorf("%+v", by)
	}
	for _, c := range []struct {
		note       string
		fix        string
		sign, says string
	}{
		{"! Pool zu klein", "", "!", "Pool zu klein"}, {"Pool", "", "", ""}, {"! Pool", "Speicher", "!", "Speicher"},
		{"! Pool", "? Speicher", "?", "Speicher"}, {"Pool", "> Neustart", ">", "Neustart"}, {"Pool", "Speicher", "", ""},
	} {
		var f Entry
		if c.fix != "" {
			f = fix(2, 1, c.fix)
		}
		if sign, says := note(1, c.note).Marked(f); sign != c.sign || says != c.says {
			t.Errorf("%+v: %q %q", c, sign, says)
		}
	}
	if e := (Entry{Kind: KindNote, Erased: []string{"text"}}); e.NoteMark() != "" {
		t.Error("an erased note has a mark")
	}
}
