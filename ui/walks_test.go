package ui

import (
	"strings"
	"testing"
	"time"

	"lage/checks"
	"lage/runbooks"
)

// updateBook is a maintenance with everything that a step can ask for.
const updateBook = `# Datenbank aktualisieren

## Vorgehen

1. Sind alle Knoten erreichbar?

   - Ja: [Weiter](#update)
   - Nein: [Netz prüfen](netz.md)

2. Falls die Sicherung älter ist als ein Tag:

   1. Sicherung anstoßen
   2. Sicherung prüfen

## Update

1. Knoten <knoten> aus dem Verbund nehmen
   <!-- wait 10m "Verbindungen enden" -->
2. Version ansehen

   ` + "```sh\n   cat /etc/hostname\n   ```" + `

3. Auf die Datenbank warten
   <!-- until check=wohngeld/startseite ok for=2m -->
4. Ergebnis freigeben
   <!-- signoff role=betrieb distinct -->
5. Aufräumen
   <!-- step optional -->
`

const netBook = "# Netz prüfen\n\n1. Kabel ansehen\n2. Anbieter anrufen\n"

func newMaintenance() *world {
	s := newWorld()
	delete(s.inc, wohngeld)
	s.library = []*runbooks.Runbook{runbooks.Parse("datenbank-update", "/rb/datenbank-update.md", []byte(updateBook)), runbooks.Parse("netz", "/rb/netz.md", []byte(netBook))}
	return s
}

func (w *world) walk(t testing.TB) runbooks.Walk {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.walks) == 0 {
		t.Fatal("no walk has begun")
	}
	return w.walks[len(w.walks)-1].Walk
}

// as makes the console another person's.
func as(name string) func(*Options) { return func(o *Options) { o.Person.Name = name } }

// begun starts a maintenance from the library.
func (d *driver) begun() *driver {
	d.t.Helper()
	n := d.a.opened
	d.slowly("3", "m").asked(n + 1).Type("wg-db1").slowly("enter").asked(n + 2).Type("Sicherheitsupdate").slowly("enter").asked(n + 3).Type("CHG-4711").slowly("enter")
	return d.Shows("WART-2026-001")
}

// asked waits for the nth dialog of the console.
func (d *driver) asked(n int) *driver {
	d.t.Helper()
	if !d.until(func() bool { return d.a.opened >= n }) {
		d.t.Fatalf("no dialog came:\n%s", d.Screen())
	}
	return d
}

func TestGoldenWalks(t *testing.T) {
	variants(t, func(t *testing.T, name string, opt func(*Options)) {
		d := shownOn(t, newMaintenance(), opt).begun()
		d.After(time.Minute).golden("walk-new-" + name)
		d.slowly("enter").golden("walk-decide-" + name)
		d.slowly("enter", "enter").golden("walk-wait-" + name)
		d.slowly("4").golden("walks-" + name)
	})
	variants(t, func(t *testing.T, name string, opt func(*Options)) {
		d := shownOn(t, newMaintenance(), opt).slowly("3", "d", "enter").Shows("UEB-2026-001")
		d.After(time.Minute).golden("walk-drill-" + name)
	})
}

// A maintenance from its beginning to the second person's signature, on two consoles.
func TestMaintenanceOfTwoPeople(t *testing.T) {
	s := newMaintenance()
	d := shownOn(t, s).begun().Shows("WARTUNG", "wg-db1", "Sicherheitsupdate").slowly("down", "up").Shows("enter zeigt die Antworten")
	d.slowly("enter").Shows("Sind alle Knoten erreichbar?", "Ja", "Nein").slowly("enter").Shows("Knoten <knoten> aus dem Verbund", "Wartezeit 10 min")
	d.slowly("enter").Shows("bis 03:2", "Verbindungen enden")
	d.slowly("enter").Shows("Die Wartezeit läuft noch")
	other := shownOn(t, s, as("J. Yılmaz")).slowly("4").Shows("WART-2026-001").slowly("enter")
	other.Shows("Knoten <knoten>", "bis 03:2")
	d.slowly("space").Shows("Ohne Warten erledigt").Type("keine Verbindungen").slowly("enter").Shows("Version ansehen")
	other.Changed().Shows("keine Verbindungen")
	other.slowly("down", "t").Shows("In Arbeit bei J. Yılmaz")
	d.Changed().Shows("In Arbeit bei J. Yılmaz", "J. Yılmaz").slowly("enter").Shows("Daran arbeitet schon jemand").slowly("enter")
	other.slowly("t").Hides("In Arbeit bei")
	d.Changed().Hides("In Arbeit bei").slowly("space").Shows("Prüfung wohngeld/startseite: Ausfall")
	if d.a.e.picture.Services[0].Checks[0].State.Status != checks.StatusDown {
		t.Fatal("the check is not down")
	}
	d.slowly("enter").Shows("Die Wartezeit läuft")
	s.mu.Lock()
	s.checks[0].State = checks.State{Status: checks.StatusUp, Since: s.now}
	s.mu.Unlock()
	d.Changed().Shows("läuft, noch 2 min ohne").After(3 * time.Minute).Changed().Shows("Gewartet ist genug")
	d.slowly("enter").Shows("Braucht die Freigabe einer anderen Person als betrieb").slowly("enter")
	d.slowly("down", "up").Shows("Freigabe wartet auf eine andere Person").slowly("f").Shows("Freigeben muss eine andere Person")
	other.Changed().slowly("4").Shows("Freigabe wartet auf Sie", "Freigabe: f").slowly("enter", "G", "up").Shows("Freigabe wartet auf Sie: f")
	other.slowly("f").Shows("Getan von", "M. Krause", "betrieb").slowly("enter")
	if n := len(s.walk(t).Steps); n == 0 || strings.Contains(s.kinds(), "step_signed") {
		t.Fatalf("signed without a capital letter: %s", s.kinds())
	}
	other.slowly("f", "J").Shows("Freigegeben von J. Yılmaz", "◉ Freigegeben")
	d.Changed().slowly("G", "s", "enter").Shows("Noch offen")
	d.slowly("R").Shows("Noch zu tun", "Warum bleibt das offen?").Type("Sicherung war frisch").slowly("enter").Shows("WART-2026-001 ist beendet")
	d.slowly("x").Shows("WART-2026-001.md geschrieben")
	want := "walk_started choice_made wait_started step_done step_claimed step_released step_done wait_started step_done step_done step_signed step_skipped walk_ended"
	if got := strings.Join(strings.Fields(s.kinds())[2:], " "); got != want {
		t.Errorf("the record holds\n %s\ninstead of\n %s", got, want)
	}
}

// An answer may lead into another runbook and back.
func TestAnswerLeadsIntoAnotherRunbook(t *testing.T) {
	s := newMaintenance()
	d := shownOn(t, s).begun().slowly("enter", "down", "enter").Shows("1 Kabel ansehen", "Im Runbook", "Netz prüfen")
	d.slowly("space").Shows("Anbieter anrufen").slowly("z").Shows("Sind alle Knoten erreichbar?")
	w := s.walk(t)
	if len(w.Detours) != 1 || !w.Detours[0].Left {
		t.Errorf("detours are %+v", w.Detours)
	}
	done := 0
	for key, st := range w.Steps {
		if strings.HasPrefix(key, "netz::") && st.Status == runbooks.StepDone {
			done++
		}
	}
	if done != 1 {
		t.Errorf("%d steps of the other runbook are done", done)
	}
}

func TestWhatDoesNotApplyTakesItsSubStepsOut(t *testing.T) {
	s := newMaintenance()
	d := shownOn(t, s).begun().slowly("down", "enter").Shows("Trifft zu", "2 Unterschritte entfallen").slowly("down", "enter")
	d.Shows("1/7").slowly("up", "up", "up").Shows("trifft nicht zu, M. Krause").slowly("u").slowly("N").Type("Sicherung ist frisch").slowly("enter").Shows("1/7").slowly("up", "up", "up").Shows("Sicherung ist", "frisch")
	if got := s.kinds(); !strings.HasSuffix(got, "step_na step_reopened step_na") {
		t.Errorf("the record holds %s", got)
	}
}

// In a drill only what reads runs.
func TestDrillShowsWhatChanges(t *testing.T) {
	s := newWorld()
	d := shownOn(t, s).slowly("3", "down", "up", "d").Shows("Änderndes wird nur gezeigt").slowly("enter").Shows("ÜBUNG", "UEB-2026-001")
	d.slowly("down", "down", "down").Shows("ÜBUNG: wird nur gezeigt").slowly("enter").Hides("Ausführen").slowly("J").Changed()
	for _, c := range s.ran() {
		if strings.Contains(c, "pg_terminate_backend") {
			t.Errorf("%s ran in a drill", c)
		}
	}
	d.slowly("4").Shows("ÜBUNG", "UEB-2026-001")
}

// The slower of two is told, and nothing is written twice.
func TestSlowerConfirmIsTold(t *testing.T) {
	s := newMaintenance()
	d := shownOn(t, s).begun()
	other := shownOn(t, s, as("J. Yılmaz")).slowly("4", "enter", "enter").Shows("Ja")
	d.slowly("enter", "enter").Shows("Wartezeit 10 min")
	other.slowly("enter").Shows("M. Krause")
	if n := strings.Count(s.kinds(), "choice_made"); n != 1 {
		t.Errorf("%d answers were written", n)
	}
}

func TestWaitLinesAreTheSameOnEveryConsole(t *testing.T) {
	for _, c := range []struct{ left, want time.Duration }{{0, 0}, {time.Second, 10 * time.Second}, {10 * time.Second, 10 * time.Second}, {61 * time.Second, 70 * time.Second}} {
		if got := tens(c.left); got != c.want {
			t.Errorf("%s is shown as %s", c.left, got)
		}
	}
}

// Help is there inside of dialogs as well, and gives them back as they were.
func TestHelpInDialogs(t *testing.T) {
	s := newMaintenance()
	d := shownOn(t, s).slowly("3", "m").Type("wg").slowly("f1").Shows("Hilfe", "esc").slowly("esc").Shows("Woran wird gearbeitet?", "wg")
	d.slowly("?").Shows("wg?").slowly("esc")
	d.begun().slowly("enter", "?").Shows("Hilfe", "enter").slowly("esc").Shows("Sind alle Knoten erreichbar?", "wählen")
	if strings.Contains(s.kinds(), "choice_made") {
		t.Error("the help has answered the decision")
	}
	d.slowly("enter").Shows("Wartezeit 10 min")
}

// What was typed ahead answers no decision.
func TestDecisionTakesNothingTypedAhead(t *testing.T) {
	s := newMaintenance()
	d := shownOn(t, s).begun().After(time.Second)
	d.send(keyNamed("enter")).send(keyNamed("enter"))
	if strings.Contains(s.kinds(), "choice_made") {
		t.Error("a key typed ahead has answered the decision")
	}
	d.After(drawnAfter).Press("enter").Shows("Wartezeit")
}
