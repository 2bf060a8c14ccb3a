package incidents

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lage/checks"
	"lage/runbooks"
	"lage/services"
)

const walked = `---
vars:
  KENNWORT: {secret: true}
  STUFE: {choices: [test, prod]}
  NR: {pattern: "[0-9]+"}
  FREI: {prompt: Was}
---
# Patchen

1. Sicherung prüfen auf <knoten>

   ` + "```sh {\"reads\": true}\n   df -h\n   ```" + `

2. Einspielen
   <!-- signoff distinct -->

   ` + "```sh\n   touch x\n   ```" + `

3. Abwarten
   <!-- wait 10m -->
4. Dienst ist da
   <!-- until check=wohngeld/start for=2m timeout=15m -->
5. Ist er von selbst wieder da?
   - Ja: weiter mit [Abschluss](#abschluss)
   - Nein: [Neustart](neustart.md)
6. Nur bei Störungen
   <!-- only kind=incident -->
7. Kann
   <!-- step optional -->

## Abschluss

1. Freigabe
   <!-- signoff -->
`

func walkedBook() *runbooks.Runbook { return runbooks.Parse("patchen", "patchen.md", []byte(walked)) }

func otherBook() *runbooks.Runbook {
	return runbooks.Parse("neustart", "neustart.md", []byte("# Neustart\n\n1. Dienst neu starten\n2. Nachsehen\n"))
}

// stage is a bench with a walk that has begun.
type stage struct {
	*bench
	id    string
	keys  []string // steps of both runbooks
	state checks.State
}

func newStage(t interface {
	Helper()
	Fatalf(string, ...any)
}, kind runbooks.WalkKind) *stage {
	s := &stage{bench: newBench(t)}
	books := map[string]*runbooks.Runbook{walkedBook().Revision: walkedBook(), otherBook().Revision: otherBook()}
	s.Book = func(_ context.Context, rev string) *runbooks.Runbook { return books[rev] }
	s.States = func(context.Context) (map[string]checks.State, error) {
		return map[string]checks.State{"wohngeld/start": s.state}, nil
	}
	rec, err := s.Act(context.Background(), Request{By: services.Person{Name: "Anna"}, Do: StartWalk{Runbook: walkedBook(), Kind: kind, Asset: "wg-db1", Reason: "Patchen"}})
	if err != nil {
		t.Fatalf("%v", err)
	}
	s.id = rec.Walk.ID
	for _, f := range runbooks.Flat(walkedBook()) {
		s.keys = append(s.keys, f.Step.ID)
	}
	for _, f := range runbooks.Flat(otherBook()) {
		s.keys = append(s.keys, "neustart::"+f.Step.ID)
	}
	return s
}

func (s *stage) walk() runbooks.Walk { return s.m.walks[s.id] }

func (s *stage) by(who string, do Action) error {
	s.now = s.now.Add(time.Second)
	_, err := s.Act(context.Background(), Request{Record: s.id, Walk: s.id, By: services.Person{Name: who}, Do: do})
	return err
}

// mark marks a step as who sees it now.
func (s *stage) mark(who, key string, to runbooks.StepStatus, reason string) error {
	return s.by(who, MarkStep{Step: key, Title: key, To: to, Seen: s.walk().Steps[key].Status, Reason: reason})
}

// fold makes the walk of its entries.
func (s *stage) fold() runbooks.Walk {
	w := runbooks.NewWalk(walkedBook())
	is := s.walk()
	w.ID, w.Kind, w.Asset, w.Reason, w.StartedAt, w.StartedBy, w.Version = is.ID, is.Kind, is.Asset, is.Reason, is.StartedAt, is.StartedBy, is.Version
	w = w.Clone()
	for _, e := range s.m.entries[s.id] {
		Apply(&w, e)
	}
	return w
}

func TestAWalkIsTheFoldOfItsEntries(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]runbooks.WalkKind{runbooks.ForMaintenance, runbooks.ForDrill}).Draw(t, "kind")
		s := newStage(t, kind)
		for range rapid.IntRange(1, 40).Draw(t, "acts") {
			do := anyAct(t, s)
			ended := !s.walk().EndedAt.IsZero()
			before := len(s.m.entries[s.id])
			err := s.by(rapid.SampledFrom([]string{"Anna", "Bernd", "Cem"}).Draw(t, "who"), do)
			wrote := s.m.entries[s.id][before:]
			var no *Refusal
			switch {
			case err != nil && !errors.As(err, &no):
				t.Fatalf("%T: %v", do, err)
			case err != nil && len(wrote) > 0:
				t.Fatalf("%T was refused and wrote %+v", do, wrote)
			}
			for _, e := range wrote {
				if ended && e.Kind != KindStepSigned && e.Kind != KindWalkSigned && e.Kind != KindCommandEnded {
					t.Fatalf("%s after the end", e.Kind)
				}
				if kind == runbooks.ForDrill && e.Kind == KindCommandStarted && e.Command.Command != "df -h" {
					t.Fatalf("a drill ran %q", e.Command.Command)
				}
			}
		}
		s.holds(t)
	})
}

// anyAct draws something that a person might do; much of it is refused.
func anyAct(t *rapid.T, s *stage) Action {
	key := rapid.SampledFrom(s.keys).Draw(t, "step")
	seen := s.walk().Steps[key].Status
	reason := rapid.SampledFrom([]string{"", "r"}).Draw(t, "reason")
	run := fmt.Sprint(len(s.m.entries[s.id]))
	if st := s.walk().Steps[key]; st.Status == runbooks.StepRunning {
		run = st.Run
	}
	read := CommandStarted{Step: key, Run: run, Seen: seen, Risk: runbooks.RiskRead, Command: CommandRun{Command: "df -h"}}
	change := read
	change.Risk, change.Command.Command = runbooks.RiskChange, "touch x"
	to := rapid.SampledFrom([]runbooks.StepStatus{runbooks.StepTodo, runbooks.StepDone, runbooks.StepFailed, runbooks.StepSkipped, runbooks.StepNA}).Draw(t, "to")
	return rapid.SampledFrom([]Action{
		MarkStep{Step: key, To: to, Seen: seen, Reason: reason}, MarkStep{Step: key, To: to, Seen: seen, Reason: "r"},
		ClaimStep{Step: key, Seen: s.walk().Steps[key].ClaimedBy}, ClaimStep{Step: key, Seen: "Bernd", Release: true}, StartWait{Step: key},
		Choose{Step: key, Label: "nein", Into: otherBook(), Seen: seen}, Choose{Step: key, Label: "Ja", Seen: seen}, GoBack{},
		GiveInput{Name: "KENNWORT", Value: "canary"}, GiveInput{Name: "<knoten>", Value: "wg-" + run}, GiveInput{Name: "STUFE", Value: "rot"},
		SignOff{Step: key, Note: reason}, SignOff{}, read, change,
		CommandEnded{Step: key, Run: run, Command: CommandRun{Outcome: "exited"}, Mark: runbooks.StepDone},
		CommandEnded{Step: key, Run: run, Command: CommandRun{Outcome: "stopped"}, Mark: runbooks.StepTodo}, EndWalk{Reason: reason},
	}).Draw(t, "do")
}

// holds checks what is true of every walk at any time.
func (s *stage) holds(t *rapid.T) {
	w := s.walk()
	w = w.Clone()
	if f := s.fold(); !reflect.DeepEqual(asJSON(f), asJSON(w)) {
		t.Fatalf("the fold of the entries is\n%s\nbut the walk is\n%s", asJSON(f), asJSON(w))
	}
	if strings.Contains(asJSON(w), "canary") {
		t.Fatalf("a secret was kept: %s", asJSON(w))
	}
	claims := map[string]int{}
	for key, st := range w.Steps {
		if st.ClaimedBy != "" {
			claims[st.ClaimedBy]++
		}
		for _, sign := range st.Signed {
			for _, did := range st.Did {
				if did == sign.By && !strings.Contains(key, "freigabe") { // that one lets anybody sign
					t.Fatalf("%s signed for their own work at %s: %+v", did, key, st)
				}
			}
		}
		if e := s.m.entries[s.id]; st.Seq > int64(len(e)) || st.Seq > 0 && e[st.Seq-1].Step != key {
			t.Fatalf("%s names entry %d", key, st.Seq)
		}
	}
	for who, n := range claims {
		if n > 1 {
			t.Fatalf("%s works on %d steps", who, n)
		}
	}
}

func asJSON(w runbooks.Walk) string {
	b, err := json.Marshal(w)
	if err != nil {
		return err.Error()
	}
	return string(b)
}
