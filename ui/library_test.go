package ui

import (
	"testing"
	"time"

	"lage/incidents"
	"lage/internal/text"
	"lage/runbooks"
)

// shelved is a library of five runbooks of which three have something amiss.
func shelved() *memory {
	w := sample()
	read := func(name, src string) *runbooks.Runbook { return runbooks.Parse(name, name+".md", []byte(src)) }
	day := func(d int) time.Time { return w.now.AddDate(0, 0, -d) }
	restart := read("wohngeld-503", "---\nowner: Team Fachverfahren\ndescription: Die Antragsstrecke antwortet mit 503.\nlast_reviewed_on: 2026-08-14\nreview_in: 6 months\n---\n# Wohngeld online liefert HTTP 503\n\n1. Umfang prüfen\n2. Verbindungen zählen\n\n   ```sh\n   df -h\n   ```\n3. Datenbank neu starten\n\n   ```sh\n   sudo systemctl restart postgresql\n   ```\n")
	w.shelf = Shelf{Dir: "/etc/lage/runbooks", Services: 10, Uncovered: []string{"suche"}, Books: []ShelfBook{
		{Book: read("anmeldung-bundid", "# Anmeldung BundID gestört\n\n1. Ansehen\n"), Steps: 1, Services: []string{"bundid"}, Checks: []string{"bundid/login"}},
		{Book: read("datenbank-platz", "---\nlast_reviewed_on: 2026-01-01\nreview_in: 6 months\n---\n# Datenbank ohne Platz\n\n1. Ansehen\n"), Steps: 5, Drills: 1, LastDrill: day(30), Walks: 1, LastUse: day(40), LastIn: "INC-2026-011", Median: 9 * time.Minute},
		{Book: read("wiederherstellung", "# Wiederherstellung\n\n1. Ansehen\n"), Steps: 11, Drills: 1, LastDrill: day(257), Needs: []Need{{"litestream", false}, {"sh", true}},
			Findings: []runbooks.Finding{{Problem: true, Line: 12, Column: 3, Message: text.M("lint.anchor_missing", "nirgends")}, {Line: 20, Column: 1, Message: text.M("lint.language_missing")}}},
		{Book: restart, Steps: 3, Commands: 2, Drills: 2, LastDrill: day(19), Walks: 6, LastUse: day(3), LastIn: "INC-2026-028", Median: 18*time.Minute + 20*time.Second,
			Services: []string{"wohngeld"}, Checks: []string{"wohngeld/antrag", "wohngeld/start"}, Needs: []Need{{"psql", true}}},
		{Book: read("übergabe", "# Übergabe\n\n- [ ] Notiz schreiben\n"), Steps: 2},
	}}
	return w
}

func TestGoldenLibrary(t *testing.T) {
	variants(t, func(t *testing.T, name string, opt func(*Options)) {
		console(t, shelved(), opt).Press("3", "G", "up").golden("library-" + name)
	})
}

func TestLibrary(t *testing.T) {
	d := console(t, shelved()).Press("3").Shows("5 Runbooks", "1 mit Fehlern", "1 Durchsicht überfällig", "1 lange nicht geübt", "Suche hat kein Runbook")
	d.Press("j", "j").Shows("litestream ✗", "sh ✓", "1 Fehler, 1 Warnung").Press("v").Shows("Zeile 12: Fehler: Die Stelle „nirgends“ gibt es nicht.").Press("esc")
	d.Press("/").Type("q 503").Shows("q 503", "Dazu gibt es kein Runbook").Press("esc").Hides("q 503")
	d.Press("/").Type("fach").Press("enter").Shows("wohngeld-503").Hides("wiederherstellung")
	d.Press("enter").Shows("Datenbank neu starten").Press("esc").Press("esc").Shows("wiederherstellung")
	d.Press("d").Shows("Übung nach wohngeld-503").Press("esc").Press("m").Shows("Wartung nach wohngeld-503", "Woran wird gearbeitet?")
}

// TestLibraryStartsForAnIncident: the chosen runbook is at hand in the room, and nothing has begun yet.
func TestLibraryStartsForAnIncident(t *testing.T) {
	w := shelved()
	w.rooms["INC-2026-031"].Proposed = w.shelf.Books[3].Book
	console(t, w).Press("3", "r").Shows("INC-2026-031", "anmeldung-bundid", "Ansehen").Hides("Datenbank neu starten")
	if len(w.acts) != 0 {
		t.Errorf("%+v", w.acts)
	}
	w = shelved()
	second := incidents.Incident{ID: "INC-2026-032", Service: "suche", State: incidents.Detected, Started: w.now}
	w.picture.Incidents = append(w.picture.Incidents, second)
	w.rooms[second.ID] = &incidents.Room{Incident: second}
	console(t, w).Press("3", "r").Shows("anmeldung-bundid: für welche Störung?").Press("j", "enter").Shows("INC-2026-032", "Ansehen")
}

func TestEmptyLibrary(t *testing.T) {
	w := quiet10()
	console(t, w).Press("3").Shows("kein Ordner für Runbooks")
	w.shelf = Shelf{Dir: "/srv/books"}
	console(t, w).Press("3").Shows("In /srv/books liegt kein Runbook.")
}
