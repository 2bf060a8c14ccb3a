package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"lage/incidents"
	"lage/internal/text"
	"lage/runbooks"
	"lage/services"
)

const maintained = `---
vars: {STUFE: {choices: [test, prod]}}
---
# Datenbank <patchen> | leise

1. Sicherung prüfen

   ` + "```sh\n   ls /backup/<knoten>\n   ```" + `

2. Cluster anhalten
3. Pakete einspielen
   <!-- signoff role=lead distinct -->

   ` + "```sh\n   apt-get upgrade -y\n   ```" + `

4. Replik abwarten
   <!-- wait 10m -->
5. Wieder da?
   - Ja: weiter mit [Abschluss](#abschluss)
   - Nein: [Neustart](neustart.md)
6. Nutzende informieren
   <!-- signoff -->

## Abschluss

1. Ticket schließen
`

// maintenance is a walk with some of everything.
func maintenance(t testing.TB, kind runbooks.WalkKind) incidents.WalkRoom {
	t.Helper()
	book := runbooks.Parse("patchen", "patchen.md", []byte(maintained))
	other := runbooks.Parse("neustart", "neustart.md", []byte("# Neustart\n\n1. Dienst neu starten\n"))
	w := runbooks.NewWalk(book).Clone()
	w.ID, w.Kind, w.Asset, w.Reason, w.Change = "WART-2026-014", kind, "wg-db1 | <b>", "Sicherheitsupdate", "CHG-4711"
	if kind == runbooks.ForDrill {
		w.ID = "UEB-2026-001"
	}
	w.StartedAt, w.StartedBy = start, krause.Name
	r := incidents.WalkRoom{Changed: true}
	at := start
	add := func(who services.Person, e incidents.Entry, code string, args ...any) {
		at = at.Add(90 * time.Second)
		e.Record, e.Walk, e.Who, e.OccurredAt, e.RecordedAt = w.ID, w.ID, who, at, at
		e.Seq, e.Message = int64(len(r.Entries)+1), text.M(code, args...)
		e.Hash, e.PrevHash = fmt.Sprintf("%064x", e.Seq), fmt.Sprintf("%064x", e.Seq-1)
		incidents.Apply(&w, e)
		r.Entries = append(r.Entries, e)
	}
	ids := map[string]string{}
	for _, f := range runbooks.Flat(book) {
		ids[f.Step.Number] = f.Step.ID
	}
	mark := func(status runbooks.StepStatus, reason string) *incidents.WalkChange {
		return &incidents.WalkChange{State: &runbooks.StepState{Status: status, Reason: reason}}
	}
	ran := func(run, command string, c *incidents.WalkChange, kind incidents.Kind, output string) incidents.Entry {
		cmd := &incidents.CommandRun{Command: command, Host: "ops1", Dir: "/home/m.krause", ExitCode: -1}
		if kind == incidents.KindCommandEnded {
			cmd.ExitCode, cmd.Outcome, cmd.Duration, cmd.Bytes, cmd.SHA256 = 0, "exited", 1200*time.Millisecond, int64(len(output)), strings.Repeat("ab", 32)
		}
		return incidents.Entry{Kind: kind, Run: run, Command: cmd, Change: c, Output: output}
	}
	on := func(e incidents.Entry, number string) incidents.Entry { e.Step = ids[number]; return e }
	add(krause, incidents.Entry{Kind: incidents.KindWalkStarted}, "incidents.maintenance_started", w.Asset, w.Reason, w.Title, w.Runbook)
	add(krause, incidents.Entry{Kind: incidents.KindInputGiven, Change: &incidents.WalkChange{Input: &runbooks.Input{Name: "<knoten>", Value: "wg-db1"}}}, "incidents.input_given", "<knoten>", "wg-db1")
	add(krause, on(ran("r-1", "ls /backup/wg-db1", mark(runbooks.StepRunning, ""), incidents.KindCommandStarted, ""), "1.1"), "incidents.command_started", "Sicherung prüfen")
	add(krause, on(ran("r-1", "ls /backup/wg-db1", mark(runbooks.StepDone, ""), incidents.KindCommandEnded, "dump ```` <x>\n"), "1.1"), "incidents.command_ended", "Sicherung prüfen", 0, time.Second)
	add(krause, on(incidents.Entry{Kind: incidents.KindStepNA, Change: mark(runbooks.StepNA, "kein Cluster")}, "1.2"), "incidents.step_was_na_because", "Cluster anhalten", "kein Cluster")
	add(krause, on(ran("r-2", "apt-get upgrade --dry-run", mark(runbooks.StepRunning, ""), incidents.KindCommandStarted, ""), "1.3"), "incidents.command_started", "Pakete einspielen")
	add(krause, on(ran("r-2", "apt-get upgrade --dry-run", mark(runbooks.StepDone, ""), incidents.KindCommandEnded, ""), "1.3"), "incidents.command_ended", "Pakete einspielen", 0, time.Second)
	add(yilmaz, on(incidents.Entry{Kind: incidents.KindStepSigned, Change: &incidents.WalkChange{Sign: &runbooks.Sign{Role: "lead", Note: "geprüft | ok"}}}, "1.3"), "incidents.step_signed_note", "Pakete einspielen", "geprüft")
	add(krause, on(incidents.Entry{Kind: incidents.KindWaitStarted, Change: &incidents.WalkChange{Wait: true}}, "1.4"), "incidents.wait_started", "Replik abwarten", 10*time.Minute)
	add(krause, on(incidents.Entry{Kind: incidents.KindStepDone, Change: mark(runbooks.StepDone, "Replik ist schon da")}, "1.4"), "incidents.step_not_waited", "Replik abwarten", "Replik ist schon da")
	detour := &runbooks.Detour{Runbook: other.Name, Revision: other.Revision, Title: other.Title, Back: ids["1.5"]}
	add(yilmaz, on(incidents.Entry{Kind: incidents.KindChoiceMade, Change: &incidents.WalkChange{State: &runbooks.StepState{Status: runbooks.StepDone, Choice: "Nein"}, Detour: detour}}, "1.5"), "incidents.choice_made_into", "Wieder da?", "Nein", "Neustart")
	add(yilmaz, incidents.Entry{Kind: incidents.KindStepFailed, Step: w.Key(other, runbooks.Flat(other)[0].Step.ID), Change: mark(runbooks.StepFailed, "Zeitüberschreitung")}, "incidents.step_was_failed", "Dienst neu starten", "Zeitüberschreitung")
	add(yilmaz, incidents.Entry{Kind: incidents.KindWentBack, Change: &incidents.WalkChange{Go: ids["1.5"]}}, "incidents.went_back", "Neustart")
	add(krause, on(incidents.Entry{Kind: incidents.KindStepDone, Change: mark(runbooks.StepDone, "")}, "1.6"), "incidents.step_was_done", "Nutzende informieren")
	add(krause, incidents.Entry{Kind: incidents.KindWalkEnded, Change: &incidents.WalkChange{EndReason: "Ticket morgen"}}, "incidents.walk_ended_open", w.Title, 1, 1, "Ticket morgen")
	add(yilmaz, incidents.Entry{Kind: incidents.KindWalkSigned, Change: &incidents.WalkChange{Sign: &runbooks.Sign{}}}, "incidents.walk_signed", w.Title)
	r.WalkView = incidents.WalkView{Walk: w, Book: book, Others: []*runbooks.Runbook{other}}
	return r
}

func TestGoldenWalk(t *testing.T) {
	for _, kind := range []runbooks.WalkKind{runbooks.ForMaintenance, runbooks.ForDrill} {
		r := maintenance(t, kind)
		for _, lang := range []text.Lang{text.German, text.English} {
			opt := Options{Lang: lang, Zone: berlin(t), Version: "1.2.3", Organisation: "Stadt Musterstadt"}
			var md, js, again bytes.Buffer
			for _, err := range []error{Walk(&md, r, opt), Walk(&again, r, opt), WalkJSON(&js, r, opt)} {
				if err != nil {
					t.Fatal(err)
				}
			}
			if !bytes.Equal(md.Bytes(), again.Bytes()) {
				t.Error("the same walk gave different bytes")
			}
			golden(t, string(kind)+"."+string(lang)+".md", md.Bytes())
			golden(t, string(kind)+"."+string(lang)+".json", js.Bytes())
		}
	}
}

// What a documented maintenance has to name can be read back by a program.
func TestWalkJSONReadsBack(t *testing.T) {
	var b bytes.Buffer
	r := maintenance(t, runbooks.ForMaintenance)
	if err := WalkJSON(&b, r, Options{Lang: text.English}); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Schema string
		Walk   struct {
			Asset, Reason, Change string
			Changed               bool     `json:"runbook_changed"`
			Duration              float64  `json:"duration_seconds"`
			StartedAt             string   `json:"started_at"`
			People                []string `json:"people"`
			Done, Total           int
		}
		People     []struct{ Steps, Commands, SignOffs int }
		Measures   []struct{ Title, Status, By, Choice string }
		Deviations []struct{ Kind, Title, Reason, Command, Original string }
		SignOffs   []struct {
			Step, Role string
			Required   bool
			By         *string
		}
		Commands []struct {
			Run, Command string
			ExitCode     *int `json:"exit_code"`
			SHA256       string
		}
		Timeline []struct{ Hash string }
	}
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	w := doc.Walk
	if doc.Schema != "lage/walk/v1" || w.Asset != "wg-db1 | <b>" || w.Reason != "Sicherheitsupdate" || w.Change != "CHG-4711" || !w.Changed || w.Duration != 15*90 || len(w.People) != 2 {
		t.Errorf("%+v", w)
	}
	if w.Done != 7 || w.Total != 8 || len(doc.Measures) != 8 || doc.Measures[4].Choice != "Nein" || doc.Measures[7].Status != "failed" {
		t.Errorf("%d of %d: %+v", w.Done, w.Total, doc.Measures)
	}
	if len(doc.People) != 2 || doc.People[0].Commands != 2 || doc.People[1].SignOffs != 2 {
		t.Errorf("%+v", doc.People)
	}
	var kinds []string
	for _, d := range doc.Deviations {
		kinds = append(kinds, d.Kind)
	}
	if got := strings.Join(kinds, " "); got != "na edited early unsigned open failed" || doc.Deviations[1].Original != "apt-get upgrade -y" {
		t.Errorf("%s: %+v", got, doc.Deviations)
	}
	if len(doc.SignOffs) != 3 || doc.SignOffs[0].Role != "lead" || *doc.SignOffs[0].By != yilmaz.Name || doc.SignOffs[1].By != nil || !doc.SignOffs[1].Required || doc.SignOffs[2].Required {
		t.Errorf("%+v", doc.SignOffs)
	}
	if len(doc.Commands) != 2 || *doc.Commands[0].ExitCode != 0 || doc.Commands[0].Command != "ls /backup/wg-db1" || len(doc.Commands[0].SHA256) != 64 {
		t.Errorf("%+v", doc.Commands)
	}
	if len(doc.Timeline) != len(r.Entries) {
		t.Errorf("%d entries", len(doc.Timeline))
	}
}

// Names and texts that were erased from the timeline do not come out of what was made of them.
func TestErasedStaysErasedInWalks(t *testing.T) {
	r := maintenance(t, runbooks.ForMaintenance)
	var who, what []string
	for i := range r.Entries {
		e := &r.Entries[i]
		e.Erased = []string{"who", "text", "output"}
	}
	who = []string{krause.Name, yilmaz.Name}
	what = []string{"Sicherheitsupdate", "CHG-4711", "kein Cluster", "geprüft", "Replik ist schon da", "Zeitüberschreitung", "Ticket morgen", "/backup/wg-db1", "dry-run", "dump"}
	for name, write := range map[string]func(io.Writer, incidents.WalkRoom, Options) error{"Markdown": Walk, "JSON": WalkJSON} {
		var b bytes.Buffer
		if err := write(&b, r, Options{Lang: text.English}); err != nil {
			t.Fatal(err)
		}
		for _, gone := range append(who, what...) {
			if strings.Contains(b.String(), gone) || strings.Contains(b.String(), inline(gone)) {
				t.Errorf("%s still says %q", name, gone)
			}
		}
	}
	if r.Walk.Reason != "Sicherheitsupdate" {
		t.Error("the caller's walk was changed")
	}
}

// The Markdown reads back as what it was meant to be, and foreign text has made nothing of its own.
func TestWalkMarkdownReadsBack(t *testing.T) {
	var b bytes.Buffer
	if err := Walk(&b, maintenance(t, runbooks.ForMaintenance), Options{Lang: text.English}); err != nil {
		t.Fatal(err)
	}
	s := read(t, body(t, b.String()))
	if len(s.bad) > 0 {
		t.Errorf("foreign text made %v", s.bad)
	}
	if s.headings != 10 || s.fences != 5 || s.code[4] != "apt-get upgrade --dry-run\n" || s.code[3] != "dump ```` <x>\n" {
		t.Errorf("%d headings, %d fences: %q", s.headings, s.fences, s.code)
	}
	for _, want := range []string{"wg-db1 | <b>", "Sicherheitsupdate", "CHG-4711", "geprüft | ok", "not waited to the end"} {
		if !strings.Contains(s.plain, want) {
			t.Errorf("%q is missing", want)
		}
	}
}
