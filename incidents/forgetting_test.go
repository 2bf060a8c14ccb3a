package incidents

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"lage/internal/text"
	"lage/services"
)

func TestNames(t *testing.T) {
	for _, c := range []struct {
		name, in, out string
		anywhere      bool
	}{
		{"M. Krause", "bestätigt von m.  krause, M. Krause", "bestätigt von " + Mark + ", " + Mark, false},
		{"Krause", "Krauses Notiz, Krause's note, krause@example.org", Mark + "s Notiz, " + Mark + "'s note, " + Mark + "@example.org", false},
		{"Lea", "please clean up, Lea", "please clean up, " + Mark, false},
		{"Lea", "please", "p" + Mark + "se", true},
		{"krause", "mkrause /home/krause/x krauser krause2", "mkrause /home/" + Mark + "/x krauser krause2", false},
		{"Yılmaz", "J. Yılmaz", "J. " + Mark, false},
		{"Ö", "Ö", "Ö", false}, // one letter is no name
		{"Jürgen Groß", `{"by":"jürgen\ngroß","x":1}`, `{"by":"` + Mark + `","x":1}`, false},
		{"Anna", `{"text":"a\nAnna"}`, `{"text":"a\n` + Mark + `"}`, false},
		{`A "B" C`, `{"by":"A \"B\" C"}`, `{"by":"` + Mark + `"}`, false},
		{"a.b+c", "aXb+c a.b+c", "aXb+c " + Mark, false},
	} {
		n := NewNames(c.anywhere, c.name)
		if got := n.Blank(c.in); got != c.out || n.In(c.in) != (c.in != c.out) {
			t.Errorf("%s: %q, want %q", c.name, got, c.out)
		}
	}
	if !NewNames(false, "", " ").Empty() || (Names{}).In("") {
		t.Error("nothing was found")
	}
}

func TestForgetJSON(t *testing.T) {
	in := `{"a":{"status":"skipped","by":"Anna","reason":"Anna ist krank","seq":12345678901234567}}`
	for want, f := range map[string]Forget{
		`{"a":{"by":"[erased]","reason":"[erased] ist krank","seq":12345678901234567,"status":"skipped"}}`: {Names: NewNames(false, "anna")},
		`{"a":{"by":"[erased]","reason":"[erased]","seq":12345678901234567,"status":"skipped"}}`:           {Texts: true},
	} {
		if got := f.JSON(in); got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
}

// A person is found wherever an entry may name them, and what is planned can be done.
func TestRedactMany(t *testing.T) {
	b := newBench(t)
	d, m := b.Desk, b.m
	anna := services.Person{Name: "Anna Berg", OSUser: "aberg"}
	act := func(by services.Person, record string, do Action) (Recorded, error) {
		return d.Act(context.Background(), Request{Record: record, By: by, Do: do})
	}
	rec, err := act(services.Person{Name: "Bernd"}, "", Open{Service: "kfz", Title: "Anna Berg meldet: Seite weg"})
	if err != nil {
		t.Fatal(err)
	}
	id := rec.Incident.ID
	for _, step := range []struct {
		by services.Person
		do Action
	}{{anna, Acknowledge{}}, {services.Person{Name: "Bernd"}, Note{Text: "frage Anna Berg"}}, {anna, Note{Text: "neutral"}}, {services.Person{Name: "Bernd"}, Note{Text: "neutral"}},
		{services.Person{Name: "Bernd"}, Resolve{Cause: "Skript von aberg"}}} {
		if _, err := act(step.by, id, step.do); err != nil {
			t.Fatal(err)
		}
	}
	n := NewNames(false, "Anna Berg", "aberg")
	plan := n.Find(m.entries[id])
	want := []Erase{{Seq: 1, Text: true}, {Seq: 3, Who: true, Text: true}, {Seq: 4, Text: true}, {Seq: 5, Who: true}, {Seq: 7, Text: true}}
	if !reflect.DeepEqual(plan, want) {
		t.Fatalf("%+v\nwant %+v", plan, want)
	}
	var no *Refusal
	if _, err := act(anna, id, Redact{Erase: plan, Forget: Forget{Names: n}, Reason: text.Raw("Antrag von Anna Berg")}); !errors.As(err, &no) {
		t.Error("the reason names the person", err)
	}
	rec, err = act(anna, id, Redact{Erase: plan, Forget: Forget{Names: n}, Reason: text.Raw("Antrag")})
	if err != nil {
		t.Fatal(err)
	}
	i := rec.Incident
	if i.Title != Mark+" meldet: Seite weg" || i.Lead != Mark || i.Cause != "Skript von "+Mark || !rec.Entries[0].Who.IsSystem() {
		t.Errorf("%+v %+v", i, rec.Entries)
	}
	if got := i.Shown(text.German).Lead; got != "[gelöscht]" {
		t.Error(got)
	}
	for _, bad := range []Redact{{Reason: text.Raw("x")}, {Erase: []Erase{{Seq: 1}}, Reason: text.Raw("x")}, {Erase: []Erase{{Seq: 99, Who: true}}, Reason: text.Raw("x")},
		{Erase: make([]Erase, MaxErase+1), Reason: text.Raw("x")}, {Erase: plan}} {
		if _, err := act(anna, id, bad); !errors.As(err, &no) {
			t.Errorf("%+v went through: %v", bad, err)
		}
	}
}
