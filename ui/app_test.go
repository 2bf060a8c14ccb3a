package ui

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"lage/incidents"
	"lage/internal/text"
)

// two is the sample with a second incident that S. Petrović leads.
func two() *memory {
	w := sample()
	in := incidents.Incident{ID: "INC-2026-030", Service: "wg-db1", Title: "Datenbank wg-db1: Ausfall", State: incidents.Identified,
		Lead: "S. Petrović", Started: w.now.Add(-15 * time.Minute), Acknowledged: w.now.Add(-10 * time.Minute), Version: 3}
	w.picture.Incidents = append([]incidents.Incident{in}, w.picture.Incidents...)
	w.rooms[in.ID] = &incidents.Room{Incident: in, Service: w.picture.Services[7].Service}
	return w
}

func TestOneOpenIncidentStartsInItsRoom(t *testing.T) {
	console(t, sample()).Shows("Störungen › INC-2026-031").Press("esc").Shows("Übersicht", "UNBESTÄTIGT")
	console(t, two()).Shows(" lage  Übersicht")
	console(t, two(), func(o *Options) { o.Incident = "INC-2026-030" }).Shows("INC-2026-030")
	console(t, quiet10()).Shows("Alles läuft.")
}

func TestAcknowledgeFromEverywhere(t *testing.T) {
	for _, way := range [][]string{{"1"}, {"1", "enter"}, {"1", "?"}} {
		w := sample()
		console(t, w).Press(way...).Press("a").Shows("INC-031 bestätigt: Wohngeld online", "gespeichert 03:12", "Leitung M. Krause").Hides("UNBESTÄTIGT")
		if _, ok := w.acts[0].Do.(incidents.Acknowledge); !ok || w.acts[0].Record != "INC-2026-031" || w.acts[0].By.Name != "M. Krause" || w.acts[0].Seen != incidents.Detected {
			t.Errorf("after %v: %+v", way, w.acts[0])
		}
	}
}

func TestAcknowledgeActsOnTheSelectedIncident(t *testing.T) {
	w := two()
	w.picture.Incidents[0].State = incidents.Detected
	w.rooms["INC-2026-030"].Incident.State = incidents.Detected
	console(t, w).Press("2", "down", "a").Shows("INC-031 bestätigt")
	if len(w.acts) != 1 || w.acts[0].Record != "INC-2026-031" {
		t.Fatalf("%+v", w.acts)
	}
}

func TestAcknowledgeTwiceSaysWhoWasFirst(t *testing.T) {
	w := two()
	console(t, w).Press("2", "a").Shows("INC-030 ist schon bestätigt, Leitung S. Petrović.")
	if len(w.acts) != 0 {
		t.Fatalf("asked the Desk: %+v", w.acts)
	}
}

func TestRefusalIsShownAndNothingIsSaid(t *testing.T) {
	w := sample()
	w.refuse = &incidents.Refusal{Message: text.Raw("S. Petrović war schneller"), Stale: true}
	console(t, w).Press("1", "a").Shows("S. Petrović war schneller", "UNBESTÄTIGT").Hides("gespeichert")
	w.refuse = errors.New("database is locked")
	console(t, w).Press("1", "a").Shows("NICHT gespeichert: database is locked").Hides("gespeichert 0")
}

func TestReadOnlyChangesNothing(t *testing.T) {
	w := sample()
	console(t, w, func(o *Options) { o.ReadOnly = true }).Shows("nur lesen").Press("1", "a").Shows("Diese Konsole ändert nichts")
	if len(w.acts) != 0 {
		t.Fatalf("%+v", w.acts)
	}
}

func TestNoteFromTheBoard(t *testing.T) {
	w := sample()
	console(t, w).Press("1", "n").Type("Pool ist voll").Press("enter").Shows("gespeichert 03:12")
	if n, ok := w.acts[0].Do.(incidents.Note); !ok || n.Text != "Pool ist voll" || w.acts[0].Record != "INC-2026-031" {
		t.Fatalf("%+v", w.acts)
	}
}

func TestQuitting(t *testing.T) {
	d := console(t, quiet10()).Press("enter", "q")
	if d.quit {
		t.Fatal("q in a check quits instead of going back")
	}
	if d.Press("q"); !d.quit {
		t.Fatal("q on the board does not quit")
	}
	if d = console(t, quiet10()).Press("esc", "esc"); d.quit {
		t.Fatal("esc quits")
	}
	if d = console(t, quiet10()).Press("ctrl+c").Shows("Noch einmal ^C"); d.quit {
		t.Fatal("one ^C quits")
	}
	if d.After(3 * time.Second).Press("ctrl+c"); d.quit {
		t.Fatal("a second ^C after 3 s quits")
	}
	if d.Press("ctrl+c"); !d.quit {
		t.Fatal("two ^C within 2 s do not quit")
	}
}

func TestWhoLeadsIsAskedBeforeQuitting(t *testing.T) {
	d := console(t, sample()).Press("1", "a", "q").Shows("Sie leiten INC-031. Noch einmal q")
	if d.quit {
		t.Fatal("quits without asking")
	}
	if d.Press("down", "q"); d.quit {
		t.Fatal("another key in between does not take the question back")
	}
	if d.Press("q"); !d.quit {
		t.Fatal("does not quit when asked twice")
	}
}

// asker is a dialog that counts keys, and takes them at once if it is told to.
type asker struct {
	keys int
	fast bool
}

func (a *asker) Update(_ *env, msg tea.Msg) (tea.Cmd, bool) {
	if _, ok := msg.(tea.KeyPressMsg); ok {
		a.keys++
	}
	return nil, false
}
func (a *asker) Lines(*env, int, int) []string { return []string{"Wirklich?", "", "", "J / Nein"} }
func (a *asker) Keys(*env) []binding           { return []binding{keyOpen} }
func (a *asker) eager() bool                   { return a.fast }

func TestKeysTypedAheadOfADialogAreDiscarded(t *testing.T) {
	for _, fast := range []bool{false, true} {
		q := &asker{fast: fast}
		d := console(t, quiet10())
		d.send(dialogMsg{q})
		d.Type("JJ")
		if want := map[bool]int{false: 0, true: 2}[fast]; q.keys != want {
			t.Errorf("eager %v: took %d keys before it was drawn, want %d", fast, q.keys, want)
		}
		d.After(drawnAfter).Shows("Wirklich?", "enter öffnen").Hides("filtern")
		before := q.keys
		if d.Type("J"); q.keys != before+1 {
			t.Errorf("eager %v: a key after drawing does not arrive", fast)
		}
	}
}

func TestNewIncidentRingsOnce(t *testing.T) {
	w := quiet10()
	d := console(t, w)
	w.picture.Incidents = sample().picture.Incidents
	d.Changed().Shows("Neue Störung INC-031: Wohngeld online: Ausfall", "UNBESTÄTIGT")
	d.Press("down").Hides("Neue Störung").Changed().Changed()
	bells := 0
	for _, s := range d.sent {
		if strings.Contains(s, "RawMsg") {
			bells++
		}
	}
	if bells != 1 {
		t.Fatalf("%d bells: %q", bells, d.sent)
	}
}

func TestOldDataLooksOld(t *testing.T) {
	w := quiet10()
	d := console(t, w).Shows("Messung ● vor <10 s").After(30 * time.Second).Shows("Messung ● vor 30 s")
	d.After(4*time.Minute).Shows("Daten 4 min alt", "kommt kein Ergebnis, obwohl run auf", "Neu starten: sudo systemctl start lage")
	w.picture.Poller.Last = w.clock()
	d.Changed().Shows("Messung ● vor <10 s").Hides("systemctl")
	w.picture.Poller.Trouble = "disk full"
	d.Changed().Shows("Ergebnisse werden nicht gespeichert: disk full")
}

// TestNobodyMeasures: the board says it by itself as soon as the lease has run out, whatever the interval of the checks.
func TestNobodyMeasures(t *testing.T) {
	w := quiet10()
	w.picture.Poller.Until = w.now.Add(8 * time.Second)
	d := console(t, w).After(10 * time.Second).Hides("systemctl")
	d.After(time.Second).Shows("Daten", "Seit 03:", "misst niemand. Starten: sudo systemctl start lage")
	w.picture.Poller = incidents.Poller{}
	d.Changed().Shows("noch nie gemessen")
}

// TestConsoleThatMeasuresDoesNotWarnOfItself: it begins in a moment; if it does not, the board says so.
func TestConsoleThatMeasuresDoesNotWarnOfItself(t *testing.T) {
	w := quiet10()
	w.picture.Poller = incidents.Poller{Until: w.now.Add(-time.Hour), Last: w.now.Add(-time.Hour)}
	d := console(t, w, func(o *Options) { o.Measures = true }).Hides("systemctl")
	d.After(11 * time.Second).Shows("misst niemand")
}

func TestUnreadableDataKeepsTheLastPicture(t *testing.T) {
	w := quiet10()
	d := console(t, w)
	w.broken = errors.New("disk I/O error")
	d.Changed().Shows("Daten nicht lesbar", "disk I/O error", "Wohngeld online")
	w.broken = nil
	d.Changed().Hides("Daten nicht lesbar")
}

func TestConfigurationBannerIsOnEveryScreen(t *testing.T) {
	d := console(t, sample(), func(o *Options) { o.Banner = text.Raw("Konfiguration fehlerhaft: lage.yaml:31") })
	for _, k := range []string{"1", "enter", "?", "2"} {
		d.Press(k).Shows("Konfiguration fehlerhaft: lage.yaml:31")
	}
}

func TestEveryKeyOfTheKeyLineDoesSomething(t *testing.T) {
	d := console(t, sample()).Press("1")
	for _, b := range d.a.bindings() {
		if len(b.key.Keys()) == 0 || !text.Known(b.label) || !text.Known(b.help) {
			t.Errorf("binding %+v has no keys or no words", b)
		}
	}
	d.Press("?").Shows("ÜBERALL", "HIER: Übersicht", "bestätigen und übernehmen", "nach Name, Gruppe, Zustand").Press("esc").Hides("ÜBERALL")
	d.Press("f1").Shows("ÜBERALL").Press("q").Hides("ÜBERALL")
}

func TestNeverBlankAndNeverPanics(t *testing.T) {
	for _, w := range []*memory{sample(), quiet10(), {now: night(), rooms: map[string]*incidents.Room{}}} {
		d := console(t, w)
		for _, view := range []string{"1", "enter", "?", "2"} {
			d.Press(view)
			for _, s := range [][2]int{{1, 1}, {3, 2}, {10, 3}, {23, 5}, {24, 6}, {30, 8}, {41, 13}, {59, 16}, {79, 23}, {300, 80}, {200, 6}, {24, 60}} {
				d.Resize(s[0], s[1])
				wellFormed(t, d.Screen(), s[0], s[1], false)
				if strings.TrimSpace(d.Screen()) == "" {
					t.Errorf("%s at %v is blank", view, s)
				}
			}
		}
	}
}

func TestWindowTitleSaysWhatIsWrong(t *testing.T) {
	if got := console(t, sample()).a.View().WindowTitle; got != "■ 2 Ausfall · lage" {
		t.Error(got)
	}
	if got := console(t, quiet10(), english).a.View().WindowTitle; got != "lage" {
		t.Error(got)
	}
}

func TestColours(t *testing.T) {
	escapes := func(f func(*Options), msgs ...tea.Msg) string {
		d := console(t, sample(), f).Press("1")
		for _, m := range msgs {
			d.send(m)
		}
		return d.a.View().Content
	}
	none := escapes(func(o *Options) { o.NoColor, o.Theme = true, "dark" })
	if strings.Contains(none, "[38;") || strings.Contains(none, "[31") || !strings.Contains(none, "\x1b[7m") {
		t.Error("without colour: colours, or no reverse for what matters most")
	}
	if s := escapes(func(o *Options) { o.Theme = "dark" }); !strings.Contains(s, "38;2;255;123;114") {
		t.Error("the dark theme's outage is not its red")
	}
	if s := escapes(func(o *Options) { o.Theme = "auto" }); strings.Contains(s, "38;2;") {
		t.Error("colours before the terminal said what its background is")
	}
	white := tea.BackgroundColorMsg{Color: colorWhite{}}
	if s := escapes(func(o *Options) { o.Theme = "auto" }, white); !strings.Contains(s, "38;2;179;19;27") {
		t.Error("a light background does not bring the light theme")
	}
	if s := escapes(func(o *Options) { o.Theme = "auto" }, tea.ColorProfileMsg{Profile: colorprofile.ANSI}, white); strings.Contains(s, "38;2;") || !strings.Contains(s, "31m") {
		t.Error("sixteen colours are not kept to")
	}
}

type colorWhite struct{}

func (colorWhite) RGBA() (r, g, b, a uint32) { return 0xffff, 0xffff, 0xffff, 0xffff }

func TestCoachLeadsOn(t *testing.T) {
	w := sample()
	d := console(t, w, func(o *Options) { o.Coach = true }).Press("1").Shows("Drücken Sie a")
	d.Press("a", "down").Shows("Drücken Sie i").Press("i")
	w.picture.Incidents[0].Recovered = w.clock()
	d.Changed().Shows("Drücken Sie R")
	d = console(t, quiet10(), func(o *Options) { o.Coach = true }).Resize(80, 24).Shows("Gleich fällt ein Dienst aus", "? hilft.")
	d.Press("/").Type("kfz").Shows("Filter: kfz").Hides("Gleich", "q Ende").Resize(38, 9).Shows("Filter: kfz")
}

func TestChangesAreReadTogether(t *testing.T) {
	w := quiet10()
	d := console(t, w)
	reads := 0
	count := func() {
		for _, l := range d.later {
			if _, ok := l.msg.(readNowMsg); ok {
				reads++
			}
		}
	}
	for range 20 {
		d.send(wakeMsg{})
	}
	if count(); reads > 1 {
		t.Fatalf("%d reads wait after 20 changes", reads)
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	w := sample()
	in, keys := io.Pipe()
	defer func() { _ = keys.Close() }()
	done := make(chan error, 1)
	go func() {
		s, err := Run(ctx, Deps{Desk: w, Reader: w, Now: w.clock, Mend: func(incidents.Silence, incidents.Poller) string { return "" }, Options: Options{Theme: "contrast"}}, in, io.Discard)
		if len(s.Open) != 1 {
			err = errors.Join(err, errors.New("the summary does not name the open incident"))
		}
		done <- err
	}()
	cancel()
	select {
	case err := <-done:
		if err != nil {
			t.Fatal(err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("does not end")
	}
}
