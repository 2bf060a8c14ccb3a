package ui

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"lage/checks"
	"lage/incidents"
	"lage/internal/text"
	"lage/runbooks"
)

func TestGoldenRoom(t *testing.T) {
	variants(t, func(t *testing.T, name string, opt func(*Options)) {
		shownOn(t, newWorld(), opt).golden("room-new-" + name)
	})
	variants(t, func(t *testing.T, name string, opt func(*Options)) {
		shownOn(t, newWorld(), opt).slowly("a", "enter", "enter", "enter").golden("room-walk-" + name)
	})
	variants(t, func(t *testing.T, name string, opt func(*Options)) {
		d := shownOn(t, newWorld(), opt).slowly("a", "tab", "tab")
		d.golden("room-timeline-" + name)
	})
	variants(t, func(t *testing.T, name string, opt func(*Options)) {
		d := shownOn(t, newWorld(), opt).slowly("a", "down", "down", "down", "enter")
		d.golden("room-confirm-" + name)
	})
	variants(t, func(t *testing.T, name string, opt func(*Options)) {
		d := shownOn(t, newWorld(), opt).slowly("a", "n").Type("? warum").slowly("enter", "R")
		d.golden("room-resolve-" + name)
	})
}

// The path at 3 AM: acknowledge, three steps that only read, one that changes, the cause, over.
func TestThreeInTheMorning(t *testing.T) {
	s := newWorld()
	d := shownOn(t, s).Shows("auch hier J. Yılmaz · UNBESTÄTIGT", "a bestätigt die Störung", "1 Umfang prüfen")
	d.slowly("a").Shows("● bestätigt 03:11", "Leitung M. Krause", "auch hier J. Yılmaz", "gespeichert 03:11:01")
	d.slowly("enter").Shows("✓ 1 Umfang prüfen", "ZULETZT 1 Umfang prüfen", "503", "Weiter: 2 Datenbank erreichbar?")
	d.slowly("enter", "enter").Shows("✓ 3 Verbindungen zählen", "187", "Weiter: 4 Hängende Verbindungen beenden")
	d.slowly("enter").Shows("Schritt 4 ändert ein laufendes System", "pg_terminate_backend", "wg-db1", "▸ Abbrechen ◂")
	d.slowly("J").Shows("✓ 4 Hängende", "(12 rows)", "Weiter: 5 Datenbank neu starten")
	d.slowly("n").Shows("Notiz zu Schritt 5").Type("! Pool erschöpft durch hängende Verbindungen").slowly("enter").Shows("M. Krause: ! Pool", "Notiz eingetragen")
	if last := s.entries[len(s.entries)-1]; last.Step != "s5" || last.Walk == "" {
		t.Errorf("the note belongs to step %q of walk %q", last.Step, last.Walk)
	}
	s.recover()
	d.Changed().slowly("R").Shows("Als behoben melden", "keine gestört", "┃ Pool erschöpft durch hängende Verbindungen")
	d.slowly("enter").Shows("● behoben 03:11", "Pool erschöpft durch")
	d.slowly("x").Shows("INC-2026-031.md geschrieben, in berichte")
	if got := len(s.ran()); got != 4 {
		t.Errorf("%d commands ran instead of 4", got)
	}
	want := "opened check_down acknowledged walk_started" + strings.Repeat(" command_started command_ended", 4) + " note resolved"
	if got := s.kinds(); got != want {
		t.Errorf("the timeline holds\n %s\ninstead of\n %s", got, want)
	}
	if c := s.inc[wohngeld].Cause; c != "Pool erschöpft durch hängende Verbindungen" {
		t.Errorf("cause is %q", c)
	}
}

// recover makes all checks green.
func (w *world) recover() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.checks = slices.Clone(w.checks)
	w.checks[0].State = checks.State{Status: checks.StatusUp}
}

func TestEnterAloneNeverChangesAnything(t *testing.T) {
	for _, answer := range [][]string{{"enter"}, {"esc"}, {"j", "y", "enter"}, {"space", "enter"}, {"n"}} {
		s := newWorld()
		d := shownOn(t, s).slowly("down", "down", "down", "enter").Shows("Schritt 4 ändert")
		d.slowly(answer...).Hides("Schritt 4 ändert")
		if len(s.ran()) != 0 {
			t.Errorf("%q ran %q", answer, s.ran())
		}
	}
}

func TestKeysTypedAheadDoNotConfirm(t *testing.T) {
	s := newWorld()
	d := shownOn(t, s).slowly("down", "down", "down")
	d.send(keyNamed("enter")).send(keyNamed("J")).send(keyNamed("J"))
	d.After(quiet / 2).send(keyNamed("J"))
	d.Shows("Schritt 4 ändert")
	if len(s.ran()) != 0 {
		t.Fatal("a key pressed before the dialog could be read ran the command")
	}
	d.slowly("Y")
	if len(s.ran()) != 1 {
		t.Error("a deliberate Y did not run the command")
	}
}

// Terminals answer questions late and in pieces; whatever arrives so must never confirm.
func TestTerminalAnswersNeverConfirm(t *testing.T) {
	e := &env{Deps: newWorld().deps(Options{}), style: newStyles(false, true, ""), now: at("03:11:00")}
	rng := rand.New(rand.NewPCG(1, 2))
	const letters = "JYjy0123456789;:/?=$rgbcRMmnTt[]()\\PABCDEF \x1b\x07"
	heads := []string{"\x1b]11;rgb:", "\x1b[?", "\x1bP>|", "\x1b[", "\x1b]4;1;", "\x1bP1$r", "\x1b_G", ""}
	for i := range 10000 {
		confirmed := false
		d := newConfirm("t", "yes", nil, func(*env) tea.Cmd { confirmed = true; return nil })
		d.Lines(e, 80, 24)
		e.now = e.now.Add(time.Minute)
		reply := heads[rng.IntN(len(heads))]
		for range 2 + rng.IntN(20) {
			reply += string(letters[rng.IntN(len(letters))])
		}
		if strings.HasPrefix(reply, "J") || strings.HasPrefix(reply, "Y") { // one that is split right there is a key
			reply = "1" + reply
		}
		alt := false
		for _, c := range reply {
			k := tea.KeyPressMsg{Code: c, Text: string(c)}
			switch {
			case c == 0x1b && i%2 == 0:
				k = tea.KeyPressMsg{Code: tea.KeyEscape}
			case c == 0x1b:
				alt = true
				continue
			case alt:
				k, alt = tea.KeyPressMsg{Code: c, Mod: tea.ModAlt}, false
			case c < ' ':
				k = tea.KeyPressMsg{Code: c + '@', Mod: tea.ModCtrl}
			}
			if _, done := d.Update(e, k); done {
				break
			}
		}
		if confirmed {
			t.Fatalf("%q confirmed", reply)
		}
	}
}

func TestTheWholeCommandIsSeenBeforeItRuns(t *testing.T) {
	s := newWorld()
	d := shownOn(t, s).Resize(40, 12).slowly("down", "down", "down", "enter").Shows("weitere Zeilen")
	d.slowly("J", "down", "J").Shows("weitere Zeilen")
	if len(s.ran()) != 0 {
		t.Fatal("it ran before all of it was in sight")
	}
	d.slowly("down", "down", "down", "down", "down", "down").Hides("weitere Zeilen").Shows("transaction'")
	d.slowly("J")
	if len(s.ran()) != 1 {
		t.Error("it did not run")
	}
}

func TestDangerousCommandsWantTheirTargetTyped(t *testing.T) {
	s := newWorld()
	d := shownOn(t, s).slowly("down", "down", "down", "down", "enter").Shows("Schritt 5 ist gefährlich", "„postgresql“")
	d.slowly("J", "enter").Shows("stimmt nicht überein")
	d.slowly("backspace").Type("postgresq").slowly("enter").Shows("stimmt nicht überein")
	d.Type("l").slowly("enter").Hides("ist gefährlich")
	if got := s.ran(); len(got) != 1 || !strings.Contains(got[0], "systemctl restart") {
		t.Errorf("ran %q", got)
	}
	d.Shows("✗ 5 Datenbank", "nicht gestartet") // the world does not know the command
}

func TestMarksNeedReasonsAndCanBeUndone(t *testing.T) {
	s := newWorld()
	d := shownOn(t, s).slowly("s").Shows("Auslassen: 1 Umfang").slowly("enter").Shows("Bitte etwas eingeben")
	d.Type("nur ein Standort").slowly("enter").Shows("– 1 Umfang", "▌► 2 Datenbank")
	d.slowly("space").Shows("✓ 2 Datenbank")
	d.slowly("u").Shows("▌► 2 Datenbank", "Zurückgenommen")
	d.slowly("F").Type("kein Zugang").slowly("enter").Shows("✗ 2 Datenbank", "fehlgeschlagen, M. Krause, 03:11: kein Zugang")
	want := "opened check_down walk_started step_skipped step_done step_reopened step_failed"
	if got := s.kinds(); got != want {
		t.Errorf("the timeline holds %s", got)
	}
}

func TestTwoQuickKeysBeginOneWalk(t *testing.T) {
	s := newWorld()
	d := shownOn(t, s)
	d.update(keyNamed("space"))
	d.update(keyNamed("space"))
	d.Shows("✓ 1 Umfang prüfen")
	d.slowly("space").Shows("✓ 2 Datenbank")
	if n := len(s.walks); n != 1 {
		t.Errorf("%d walks were begun", n)
	}
}

func TestManualStepsAreDoneByEnter(t *testing.T) {
	s := newWorld()
	shownOn(t, s).slowly("G", "enter").Shows("✓ 7 Behoben melden")
	if got := s.kinds(); !strings.HasSuffix(got, "walk_started step_done") {
		t.Errorf("the timeline holds %s", got)
	}
}

func TestOutputGrowsAndTheCommandSurvivesTheScreen(t *testing.T) {
	s := newWorld()
	hold := make(chan struct{})
	cmd := s.book.Sections[0].Steps[0].Commands[0].Text
	s.holds[cmd] = hold
	d := shownOn(t, s).slowly("a", "enter").Shows("läuft, ^C bricht ab", "so far", "Der Befehl läuft")
	d.slowly("esc").Hides("so far")
	d.slowly("i").Shows("so far", "läuft")
	d.slowly("ctrl+c").Shows("Abbruch verlangt").slowly("ctrl+c").Shows("Sofort beendet")
	if want := []string{"run-1 false", "run-1 true"}; !slices.Equal(s.stopped, want) {
		t.Errorf("stopped %q instead of %q", s.stopped, want)
	}
	close(hold)
	d.Shows("✓ 1 Umfang prüfen", "Rückgabewert 0")
}

func TestARunningCommandIsFoundAgain(t *testing.T) {
	s := newWorld()
	hold := make(chan struct{})
	s.holds[s.book.Sections[0].Steps[0].Commands[0].Text] = hold
	shownOn(t, s).slowly("enter").Shows("so far")
	again := shownOn(t, s).Shows("so far", "läuft, ^C bricht ab") // a second console
	close(hold)
	again.Shows("✓ 1 Umfang prüfen")
}

func TestACommandOutOfReachIsOnlyShown(t *testing.T) {
	s := newWorld()
	hold := make(chan struct{})
	s.holds[s.book.Sections[0].Steps[0].Commands[0].Text] = hold
	shownOn(t, s).slowly("enter").Shows("so far")
	d := shownOn(t, s, func(o *Options) { o.Person.Name = "J. Yılmaz" }).Shows("läuft bei M. Krause, seit 03:11").Hides("so far")
	d.slowly("enter").Shows("läuft bei M. Krause")
	if n := len(s.ran()); n != 1 {
		t.Errorf("it was started %d times", n)
	}
	close(hold)
}

func TestLongOutputShowsItsEnd(t *testing.T) {
	s := newWorld()
	cmd := s.book.Sections[0].Steps[0].Commands[0].Text
	s.ends[cmd] = incidents.RunState{Ended: true, Output: strings.Repeat("Zeile\n", 5000) + "die letzte\n", Result: incidents.CommandRun{Outcome: "exited", ExitCode: 7}}
	d := shownOn(t, s).slowly("enter").Shows("✗ 1 Umfang", "die letzte", "Zeilen davor, o zeigt alles", "Rückgabewert 7")
	d.slowly("o").Shows("von 5009 Zeilen").slowly("G").Shows("die letzte", "5009 von 5009").slowly("esc")
	d.slowly("tab", "G").Shows("die letzte").slowly("g").Hides("die letzte")
}

func TestPlaceholdersAreAskedOnce(t *testing.T) {
	s := newWorld()
	b := &s.book.Sections[0].Steps[0].Commands[0]
	b.Text, b.Runnable, b.Placeholders, b.Why = "kubectl -n <ns> get pod <pod-name> --for=$POD_NAME $PODS", false, []string{"<ns>", "<pod-name>", "$POD_NAME", "$PODS"}, "room.why_kind"
	b.Kind, b.Why, b.Risk = runbooks.BlockCommand, "runbooks.why_placeholder", runbooks.RiskRead
	full := "kubectl -n prod get pod web-1 --for=web-1 'x; id'"
	runs := `kubectl -n "$RB_NS" get pod "$RB_POD_NAME" --for="$POD_NAME" "$PODS"`
	s.ends[runs] = incidents.RunState{Ended: true, Output: "Running\n", Result: incidents.CommandRun{Outcome: "exited"}}
	d := shownOn(t, s).Shows("Offen: <ns>").slowly("enter").Shows("Was steht für <ns>?")
	d.slowly("enter").Shows("Bitte").Type("prod").slowly("enter")
	d.Shows("Was steht für <pod-name>?").Type("web-1").slowly("enter").Shows("Was steht für $PODS?").Type("x; id").slowly("enter")
	d.Shows(full, "Eingesetzt")
	d.slowly("enter").Shows("Ein Wert enthält Zeichen", full)
	if len(s.ran()) != 0 {
		t.Fatal("it ran before it was shown")
	}
	d.slowly("J").Shows("Running")
	if got := s.ran(); !slices.Equal(got, []string{runs}) {
		t.Errorf("ran %q", got)
	}
	if env := s.envs[0]; env["PODS"] != "x; id" || env["RB_POD_NAME"] != "web-1" || env["POD_NAME"] != "web-1" || env["RB_NS"] != "prod" {
		t.Errorf("with %q", env)
	}
}

func TestSeveralCommandsInAStep(t *testing.T) {
	s := newWorld()
	st := &s.book.Sections[0].Steps[0]
	st.Commands = append(st.Commands, runbooks.Block{Kind: runbooks.BlockOutput, Text: "ssh wg-db1", Why: "room.why_kind"}, command("ssh wg-db1 -- pg_isready", runbooks.RiskRead, ""))
	d := shownOn(t, s).Shows("Befehl 1 von 3").slowly("right").Shows("Befehl 2 von 3", "Nicht ausführbar").slowly("enter").Shows("Nicht ausführbar")
	if len(s.ran()) != 0 {
		t.Fatal("a session ran")
	}
	d.slowly("left", "enter").Shows("► 1 Umfang prüfen", "Befehl 2 von 3")
	d.slowly("right", "enter").Shows("✓ 1 Umfang prüfen")
	d.slowly("up", "c")
	if !slices.ContainsFunc(d.sent, func(x string) bool { return strings.Contains(x, "setClipboardMsg curl") }) {
		t.Errorf("nothing was copied: %q", d.sent)
	}
}

func TestNotesKeepWhatWasTyped(t *testing.T) {
	s := newWorld()
	d := shownOn(t, s).slowly("n").Type("erste").send(tea.PasteMsg{Content: " Zeile\r\nzweite \x1b[31mrot\x1b[0m\nR a S"}).Shows("┃ erste Zeile", "┃ zweite rot", "┃ R a S")
	d.slowly("esc").Hides("zweite rot").slowly("n").Shows("┃ zweite rot")
	s.failing = errors.New("disk full")
	d.slowly("enter").Shows("zweite rot", "disk full")
	s.failing = nil
	d.slowly("enter").Hides("┃ zweite rot").Shows("M. Krause: erste")
	last := s.entries[len(s.entries)-1]
	if got := last.Message.In(text.English); got != "erste Zeile\nzweite rot\nR a S" {
		t.Errorf("the note is %q", got)
	}
	d.slowly("n").Hides("┃ erste")
}

func TestResolvingWithRedChecksAsksAgain(t *testing.T) {
	s := newWorld()
	d := shownOn(t, s).slowly("a", "n").Type("? War das der Patch?").slowly("enter", "R").Shows("Noch gestört", "Startseite", "War das der Patch?")
	d.Type("unklar").slowly("enter").Shows("Es sind noch Prüfungen gestört").slowly("enter").Hides("Es sind noch")
	if !s.inc[wohngeld].Open() {
		t.Fatal("it was resolved without a yes")
	}
	d.slowly("R").Type("unklar").slowly("enter", "J").Shows("BEHOBEN", "unklar")
	if s.inc[wohngeld].Open() {
		t.Error("it was not resolved")
	}
}

func TestStateMovesAndStaleIsSaid(t *testing.T) {
	s := newWorld()
	d := shownOn(t, s).slowly("a", "S").Shows("Stand der Störung", "Ursache bekannt").slowly("enter").Shows("● Ursache bekannt 03:11")
	inc := s.inc[wohngeld]
	inc.State, inc.Version = incidents.Monitoring, inc.Version+1
	s.inc[wohngeld] = inc
	d.slowly("S", "enter").Shows("Der Stand ist inzwischen", "● wird beobachtet")
}

func TestTakingOverAsks(t *testing.T) {
	s := newWorld()
	shownOn(t, s).slowly("a")
	d := shownOn(t, s, func(o *Options) { o.Person.Name = "J. Yılmaz" }).Shows("a übernehmen").slowly("a").Shows("Leitung übernehmen?", "M. Krause")
	d.slowly("enter").Shows("Leitung M. Krause").slowly("a", "J").Shows("Leitung J. Yılmaz")
}

func TestChoosingAnotherRunbook(t *testing.T) {
	s := newWorld()
	d := shownOn(t, s).slowly("b").Shows("wohngeld-503 ganz lesen", "dns-fehler").slowly("enter").Shows("Alles zum Lesen").slowly("esc")
	d.slowly("b", "G", "enter").Shows("RUNBOOK dns-fehler", "1 Nameserver fragen").slowly("space").Shows("✓ 1 Nameserver")
	if w := s.walks[0].Walk; w.Runbook != "dns-fehler" {
		t.Errorf("the walk is through %s", w.Runbook)
	}
	d.slowly("b").Shows("begonnen, 1/1")
}

func TestReadOnlyRoomChangesNothing(t *testing.T) {
	s := newWorld()
	d := shownOn(t, s, func(o *Options) { o.ReadOnly = true }).slowly("a", "enter", "space", "u")
	d.slowly("s").Type("x").slowly("enter")
	if len(s.ran()) != 0 || s.kinds() != "opened check_down" {
		t.Errorf("ran %q, wrote %s", s.ran(), s.kinds())
	}
}

// Whatever the size, nothing panics and no line is wider than the terminal.
func TestRoomAtEverySize(t *testing.T) {
	s := newWorld()
	d := shownOn(t, s).slowly("a", "enter")
	for _, size := range [][2]int{{0, 0}, {1, 1}, {5, 3}, {20, 5}, {23, 40}, {30, 8}, {56, 13}, {57, 14}, {79, 23}, {110, 26}, {131, 40}, {250, 70}, {5000, 2}} {
		d.send(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
		for range panes {
			for _, l := range d.a.lines() {
				if n := ansi.StringWidth(l); n != max(0, size[0]) {
					t.Errorf("%v: a line of %d cells: %q", size, n, l)
				}
			}
			d.slowly("tab")
		}
		for _, k := range []string{"S", "R", "n", "s", "b", "o"} {
			d.slowly(k)
			for _, l := range d.a.lines() {
				if n := ansi.StringWidth(l); n != max(0, size[0]) {
					t.Errorf("%v, dialog %s: a line of %d cells: %q", size, k, n, l)
				}
			}
			d.slowly("esc")
		}
	}
}
