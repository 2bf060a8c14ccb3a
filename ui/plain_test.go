package ui

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"lage/incidents"
	"lage/internal/text"
)

// linear feeds answers to the plain mode and gives all that it wrote.
func linear(t *testing.T, w *world, o Options, answers ...string) string {
	t.Helper()
	o.Person.Name = "M. Krause"
	var out strings.Builder
	if err := Plain(t.Context(), w.deps(o), strings.NewReader(strings.Join(answers, "\n")+"\n"), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestPlainWalksThroughTheNight(t *testing.T) {
	w := newWorld()
	got := linear(t, w, Options{},
		"1",      // acknowledge
		"1", "1", // the next step: run it
		"1", "1", // the one after it
		"1", "1", // the third
		"1", "1", "", // the fourth asks: enter is no
		"1", "1", "j", // yes
		"1", "1", "wg-db2", // the fifth wants its target typed
		"3", "! Pool erschöpft", // a note
		"5", "j", "", // resolve, although red, with the cause from the note
		"3", // timeline
	)
	for _, want := range []string{
		"Lage. 1 Dienst. 1 Ausfall. Stand 03:11 Uhr.",
		"Störung INC-2026-031: Wohngeld online, seit 02:58 Uhr, 12 min. Noch nicht bestätigt.",
		" 1 Bestätigen und übernehmen",
		"INC-2026-031 bestätigt. Sie leiten die Störung. Gespeichert 03:11:00.",
		"Runbook wohngeld-503, nächster Schritt von 7: 1 Umfang prüfen, lesend",
		"Offen: 1 Umfang prüfen", "Befehl 1, lesend:", "   503", "Erledigt: 1 Umfang prüfen",
		"Das kann ein laufendes System ändern. Ziel: wg-db1. Ausführen? j/N: Nicht ausgeführt.",
		"(12 rows)", "Zum Ausführen „postgresql“ tippen: Nicht ausgeführt.",
		"Notiz eingetragen.", "Es ist noch 1 Prüfung gestört.", "INC-2026-031 als behoben gemeldet",
		"03:11 M. Krause: ! Pool erschöpft",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("it does not say %q:\n%s", want, got)
		}
	}
	if n := len(w.ran()); n != 4 {
		t.Errorf("%d commands ran: %q", n, w.ran())
	}
	if inc := w.inc[wohngeld]; inc.Open() || inc.Cause != "Pool erschöpft" {
		t.Errorf("%+v", inc)
	}
}

func TestPlainIsPlain(t *testing.T) {
	for _, o := range []Options{{Lang: text.English}, {Lang: text.German, ASCII: true}} {
		got := linear(t, newWorld(), o, "2", "1", "2", "x", "99", "0", "0", "1", "0")
		if got != ansi.Strip(got) {
			t.Error("it writes escape sequences")
		}
		if i := strings.IndexFunc(got, func(r rune) bool { return r < ' ' && r != '\n' || r >= 0x2500 && r < 0x2800 }); i >= 0 {
			t.Errorf("it draws: %q", got[i:min(len(got), i+40)])
		}
		if o.ASCII && !isASCII(got) {
			t.Errorf("not ASCII:\n%s", got)
		}
	}
}

func TestPlainSkipsWithAReasonAndUndoes(t *testing.T) {
	w := newWorld()
	linear(t, w, Options{}, "2", "3", "nur ein Standort", "3", "1", "1", "2", "0", "0")
	if got := w.kinds(); !strings.Contains(got, "walk_started step_skipped") {
		t.Errorf("the timeline holds %s", got)
	}
}

func TestPlainAsksForPlaceholders(t *testing.T) {
	w := newWorld()
	b := &w.book.Sections[0].Steps[0].Commands[0]
	b.Text, b.Runnable, b.Placeholders, b.Why = "kubectl get pod <pod>", false, []string{"<pod>"}, "runbooks.why_placeholder"
	w.ends[`kubectl get pod "$RB_POD"`] = incidents.RunState{Ended: true, Output: "Running", Result: incidents.CommandRun{Outcome: "exited"}}
	got := linear(t, w, Options{Lang: text.English}, "2", "1", "", "2", "1", "web-1", "0")
	if !strings.Contains(got, "Please type something") || !strings.Contains(got, "   kubectl get pod web-1\n") || !strings.Contains(got, "   Running") {
		t.Errorf("it says\n%s", got)
	}
}

func TestPlainEndsWithItsInputOrContext(t *testing.T) {
	var out strings.Builder
	if err := Plain(t.Context(), newWorld().deps(Options{}), strings.NewReader(""), &out); err != nil {
		t.Errorf("the end of the input is the error %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	in, _ := io.Pipe() // nobody ever answers
	w := newWorld()
	if err := Plain(ctx, w.deps(Options{}), in, &out); err != nil {
		t.Errorf("the end of the context is the error %v", err)
	}
}

func TestPlainSaysWhatWasNotSaved(t *testing.T) {
	w := newWorld()
	w.failing = errors.New("disk full")
	if got := linear(t, w, Options{Lang: text.English}, "1", "0", "0"); !strings.Contains(got, "disk full") || strings.Contains(got, "Saved") {
		t.Errorf("it says\n%s", got)
	}
}
