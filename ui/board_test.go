package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"lage/checks"
	"lage/incidents"
	"lage/services"
)

func TestSelectionStartsAtTheWorstAndStays(t *testing.T) {
	w := sample()
	d := console(t, w).Press("1").Shows("▌■ Wohngeld online")
	d.Press("down").Shows("▌● Elterngeld digital").Press("G").Shows("▌○ Zertifikat extern").Press("k").Shows("▌◇ Suche")
	w.picture.Services[0].Standing = incidents.Up
	d.Changed().Shows("▌◇ Suche")
	d.Press("g").Shows("▌● Wohngeld online")
}

func TestFilter(t *testing.T) {
	d := console(t, sample()).Press("1", "/").Type("ausfall").Shows("Filter: ausfall", "Wohngeld online", "Datenbank wg-db1").Hides("Postfach")
	d.Press("enter").Shows("Filter löschen").Press("down").Shows("▌■ Datenbank wg-db1")
	d.Press("esc").Shows("Postfach").Hides("Filter:")
	d.Press("/").Type("q1n").Shows("Kein Dienst passt zum Filter.").Press("backspace", "backspace", "backspace").Shows("Postfach").Press("esc")
	if d.quit {
		t.Fatal("a letter of the filter did something else")
	}
}

func TestSortByUrgency(t *testing.T) {
	d := console(t, sample()).Press("1", "s")
	lines := strings.Split(d.Screen(), "\n")
	if !strings.Contains(lines[5], "Wohngeld") || !strings.Contains(lines[6], "Datenbank") || !strings.Contains(lines[7], "Kfz") {
		t.Fatal(d.Screen())
	}
	d.Hides("ANTRÄGE").Press("s").Shows("ANTRÄGE")
}

func TestClosedStandsBesideTheMeasuredState(t *testing.T) {
	w := sample()
	w.picture.Services[2].Standing = incidents.Down
	w.picture.Services[3].Checks[0].State.Failures = 2
	for _, s := range sizes() {
		d := console(t, w).Press("1").Resize(s[0], s[1])
		for _, l := range strings.Split(d.Screen(), "\n") {
			if strings.Contains(l, "Kfz") && strings.Contains(l, "■") && !(strings.Contains(l, "Ausfall") && (strings.Contains(l, "geschlossen") || strings.Contains(l, "zu bis") || strings.Contains(l, "· zu"))) {
				t.Errorf("%v: %q", s, l)
			}
		}
	}
	console(t, w).Press("1").Shows("Fehlschlag 2/3")
}

func TestAvailabilityNeverRoundsUpToPerfect(t *testing.T) {
	for part, want := range map[float64]string{1: "100,0", 0.999999: "99,99", 0.9999: "99,99", 0.99989: "99,98", 0.5: "50,00", 0: "0,00"} {
		if got := percent("de", part); got != want {
			t.Errorf("%v is written %q, want %q", part, got, want)
		}
	}
}

// many is a thousand checks in 250 services.
func many() *memory {
	w := quiet10()
	w.picture.Services = nil
	for i := range 250 {
		id := fmt.Sprintf("dienst-%03d", i)
		s := incidents.ServicePicture{Service: services.Service{ID: id, Name: services.Name{De: "Dienst " + id}, Group: fmt.Sprintf("Gruppe %d", i/25)},
			Standing: incidents.Up, Since: w.now.Add(-time.Hour), InHours: true}
		for j := range 4 {
			c := fmt.Sprintf("%s/%d", id, j)
			s.Checks = append(s.Checks, incidents.CheckPicture{Check: checks.Check{ID: c, Service: id, Interval: 10 * time.Second},
				State: checks.State{Check: c, Status: checks.StatusUp, Last: checks.Result{At: w.now}}})
		}
		w.picture.Services = append(w.picture.Services, s)
		w.trends[id] = trend(w.now, i)
	}
	return w
}

// BenchmarkBoard draws the board of a thousand checks of which one row has changed since the last time.
func BenchmarkBoard(b *testing.B) {
	w := many()
	d := console(b, w, func(o *Options) { o.Theme = "dark" })
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		s := &d.a.e.picture.Services[3]
		s.Standing = []incidents.Standing{incidents.Up, incidents.Down}[i%2]
		d.a.View()
	}
}

// BenchmarkMove moves the selection by one row.
func BenchmarkMove(b *testing.B) {
	d := console(b, many(), func(o *Options) { o.Theme = "dark" })
	down, up := tea.KeyPressMsg{Code: tea.KeyDown}, tea.KeyPressMsg{Code: tea.KeyUp}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		k := down
		if i%2 == 1 {
			k = up
		}
		d.a.Update(k)
		d.a.View()
	}
}

// BenchmarkChanged takes a fresh picture of a thousand checks.
func BenchmarkChanged(b *testing.B) {
	d := console(b, many())
	p := d.a.e.picture
	b.ReportAllocs()
	for b.Loop() {
		d.a.Update(readMsg{picture: p})
		d.a.View()
	}
}

func TestBoardIsCheapToDraw(t *testing.T) {
	d := console(t, many(), func(o *Options) { o.Theme = "dark" })
	i := 0
	allocs := testing.AllocsPerRun(50, func() {
		i++
		d.a.e.picture.Services[3].Standing = []incidents.Standing{incidents.Up, incidents.Down}[i%2]
		d.a.View()
	})
	if allocs > 120 {
		t.Errorf("drawing a thousand checks of which one row changed allocates %v times", allocs)
	}
}
