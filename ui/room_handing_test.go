package ui

import (
	"testing"

	"lage/incidents"
)

// Awake, and handed over with a note that is put together already: the lead stays until the other person accepts.
func TestHandingOverInTheRoom(t *testing.T) {
	s := newWorld()
	d := shownOn(t, s).slowly("a", "W").Shows("alarmiert niemanden mehr")
	if s.inc[wohngeld].Quiet.IsZero() {
		t.Error("nothing was written")
	}
	d.slowly("H").Shows("Leitung übergeben", "An wen?").slowly("enter").Shows("An wen?")
	d.Type("J. Yılmaz").slowly("enter").Shows("Übergabe an J. Yılmaz", "So steht es")
	d.slowly("enter").Shows("J. Yılmaz ist gefragt; Sie leiten")
	if h := s.inc[wohngeld].Handover; h == nil || h.To != "J. Yılmaz" || h.Note == "" || s.inc[wohngeld].Lead != "M. Krause" {
		t.Errorf("%+v, lead %s", h, s.inc[wohngeld].Lead)
	}
}

func TestAcceptingInTheRoom(t *testing.T) {
	s := newWorld()
	inc := s.inc[wohngeld]
	inc.State, inc.Lead, inc.Acknowledged = incidents.Acknowledged, "S. Petrović", at("03:01:00")
	inc.Handover = &incidents.Handover{To: "J. Yılmaz", By: "S. Petrović", Note: "alles ruhig", At: at("03:05:00")}
	s.inc[wohngeld] = inc
	d := shownOn(t, s, func(o *Options) { o.Person.Name = "J. Yılmaz" })
	d.Shows("S. Petrović übergibt Ihnen die Leitung")
	d.slowly("a").Shows("Übergabe annehmen", "alles ruhig").slowly("J").Shows("Leitung")
	if s.inc[wohngeld].Lead != "J. Yılmaz" || s.inc[wohngeld].Handover != nil {
		t.Errorf("%+v", s.inc[wohngeld])
	}
}
