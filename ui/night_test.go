package ui

import (
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"lage/incidents"
	"lage/internal/text"
)

// What a person who is hardly awake must be able to rely on.

func TestCommandsAreNeverSpelledOtherwise(t *testing.T) {
	s := newStyles(true, false, "contrast")
	for in, want := range map[string]string{"größe": `gr\u00f6\u00dfe`, "5 €": `5 \u20ac`, "\xf6": `\xf6`, "\U0001f600": `\U0001f600`, "ls -l": "ls -l", "\ufffd": `\ufffd`} {
		if got := s.exact(in); got != want {
			t.Errorf("%q is shown as %q, not %q", in, got, want)
		}
	}
	w := newWorld()
	b := &w.book.Sections[0].Steps[3].Commands[0]
	b.Text, b.Host = "rm -r /var/größe", "münchen-db1"
	d := shownOn(t, w, func(o *Options) { o.ASCII = true }).slowly("down", "down", "down").Shows(`/var/gr\u00f6\u00dfe`).Hides("groesse")
	d.slowly("enter").Shows(`m\u00fcnchen-db1`, `/var/gr\u00f6\u00dfe`).Hides("groesse", "muenchen")
}

// Terminals send the line ends of what is pasted as carriage returns.
func TestPastedLinesAreLines(t *testing.T) {
	d := shownOn(t, newWorld()).slowly("n")
	d.send(tea.PasteMsg{Content: "eins\rzwei\r\ndrei"})
	d.Shows("eins ", "zwei ", "drei").Hides("x0d")
}

func TestTheMessageLineComesBackToWhatIsNext(t *testing.T) {
	w := sample()
	d := console(t, w).Press("1", "a").Shows("INC-031 bestätigt")
	d.After(2 * tickEvery).After(2 * tickEvery).Hides("INC-031 bestätigt").Shows("10 Dienste")
	w.broken = &incidents.Refusal{Message: text.Raw("Das geht gerade nicht.")}
	d.Press("n").Type("x").Press("enter").Shows("Das geht gerade nicht.")
	d.After(2 * tickEvery).After(2 * tickEvery).Shows("Das geht gerade nicht.")
}

func TestDialogsSayWhatTheyWaitFor(t *testing.T) {
	d := shownOn(t, newWorld()).slowly("down", "down", "down", "enter").Shows("Noch ist nichts geschehen").slowly("esc")
	d.slowly("down", "enter").Shows("Noch ist nichts geschehen. Das Wort").slowly("esc").Hides("Noch ist nichts geschehen")
}

func TestStartsInTheIncidentThatOneLeads(t *testing.T) {
	w := two()
	console(t, w).Hides("ZEITLEISTE")
	w.picture.Incidents[0].State, w.picture.Incidents[0].Lead = incidents.Acknowledged, "M. Krause"
	w.rooms[w.picture.Incidents[0].ID].Incident = w.picture.Incidents[0]
	console(t, w).Shows("ZEITLEISTE", w.picture.Incidents[0].ID)
}

func TestHoursAreNeverCut(t *testing.T) {
	for lang, want := range map[text.Lang]string{text.German: "zu bis Mi 10:00", text.English: "opens Wed 10:00"} {
		w := sample()
		w.picture.Services[3].Changes = time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
		console(t, w, func(o *Options) { o.Lang = lang }).Press("1").Shows(want)
	}
}

func TestTheListGoesBeforeTheDetail(t *testing.T) {
	d := console(t, quiet10()).Resize(80, 24).Shows("Zertifikat extern").Hides("↓ 1")
	d.Resize(80, 18).Hides("Zertifikat extern").Shows("↓ 2 ──")
}

func TestDaysFillTheirColumn(t *testing.T) {
	e := &env{style: newStyles(false, false, "contrast")}
	for w := 110; w < 300; w++ {
		for _, names := range []int{5, 18, 25, 60} {
			c := boardWidths(e, w, names)
			if c.days < 10 || 90%c.days != 0 || c.name < 14 {
				t.Fatalf("%d cells, names of %d: %+v", w, names, c)
			}
		}
	}
	if c := boardWidths(e, 120, 18); c.days != 18 {
		t.Errorf("at 120 cells the days have %d", c.days)
	}
}

func TestTicksOfTheAxisDiffer(t *testing.T) {
	e := &env{style: newStyles(false, false, "contrast")}
	for _, step := range []time.Duration{400 * time.Microsecond, 1500 * time.Microsecond, 20 * time.Millisecond, 250 * time.Millisecond} {
		seen := map[string]bool{}
		for i := time.Duration(1); i <= 6; i++ {
			l := tickValue(e, i*step, step)
			if seen[l] {
				t.Errorf("step %v: %q stands there twice", step, l)
			}
			seen[l] = true
		}
	}
}

func TestOneServiceRunsSeveralRun(t *testing.T) {
	w := quiet10()
	console(t, w).Shows("10 laufen", "Alles läuft.")
	w.picture.Services[1].Checks[0].State.Failures = 1
	console(t, w).Hides("Alles läuft.")
	w.picture.Services = w.picture.Services[:1]
	console(t, w).Shows("1 läuft")
}

func TestAnExpectedFailureIsNotMarkedAsOne(t *testing.T) {
	w := newWorld()
	cmd := &w.book.Sections[0].Steps[0].Commands[0]
	cmd.ExpectExit = []int{1}
	end := w.ends[cmd.Text]
	end.Result.ExitCode = 1
	w.ends[cmd.Text] = end
	shownOn(t, w).slowly("a", "enter").Shows("✓ 1 Umfang prüfen ·").Hides("✗")
}

func TestStepsWithoutACommandAreNotRun(t *testing.T) {
	w := newWorld()
	w.book.Sections[0].Steps[0].Commands = nil
	d := shownOn(t, w).slowly("a").Shows("enter erledigt").Hides("enter ausführen")
	if d.slowly("enter").Shows("✓ 1 Umfang"); len(w.ran()) != 0 {
		t.Errorf("ran %q", w.ran())
	}
}

func TestWithoutARunbookTheChecksAreShown(t *testing.T) {
	w := newWorld()
	w.book = nil
	d := shownOn(t, w).Shows("enter Runbook wählen").Hides("enter ausführen")
	for _, s := range sizes()[:3] {
		d.Resize(s[0], s[1]).Shows("Startseite", "HTTP 503")
	}
}

func TestAStepDoneOutOfOrderStaysInSight(t *testing.T) {
	d := shownOn(t, newWorld()).slowly("a", "down", "down", "down", "down", "down", "down", "space")
	d.Shows("✓ 7 Behoben melden", "▌✓ 7", "Noch offen: 1 Umfang prüfen")
}

func TestLongTitlesAreWrappedWhereThereIsRoom(t *testing.T) {
	w := newWorld()
	w.book.Sections[0].Steps[5].Title = "Fachverfahren bitten, den Stapellauf anzusehen"
	shownOn(t, w).Shows("6 Fachverfahren", "bitten, den", "Stapellauf").Resize(120, 24).Hides("bitten, den")
}
