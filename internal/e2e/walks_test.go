package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// Two people walk one maintenance at the same moment, each marking every step: each step is done once, the slower is told,
// a third person signs, and the evidence says all of it.
func TestTwoPeopleWalkOneMaintenance(t *testing.T) {
	url, _ := site(t)
	flags := configured(t, url)
	book := filepath.Join(t.TempDir(), "patch.md")
	const steps = 6
	src := "# Patch\n\n"
	for n := range steps {
		src += fmt.Sprintf("%d. Do part %c\n", n+1, 'A'+n)
	}
	if err := os.WriteFile(book, []byte(src), 0o600); err != nil {
		t.Fatal(err)
	}
	with := func(who string, args ...string) []string { return append(append(args, "--as", who), flags...) }
	id := strings.TrimSpace(must(t, with("Anna", "runbook", "run", book, "--asset", "web-1", "--reason", "update", "--change", "CHG-1")...))
	if !strings.HasPrefix(id, "WART-") {
		t.Fatalf("%q", id)
	}
	var wg sync.WaitGroup
	won := make([][2]bool, steps)
	for who, name := range []string{"Anna", "Bernd"} {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for n := range steps {
				r := lage(t, with(name, "walk", "step", id, fmt.Sprintf("1.%d", n+1), "done")...)
				won[n][who] = r.code == 0 && strings.Contains(r.out, "Done")
			}
		}()
	}
	wg.Wait()
	must(t, with("Cem", "walk", "sign", id, "--note", "seen")...)
	must(t, with("Anna", "walk", "end", id)...)
	var doc struct {
		Walk       struct{ Asset, Reason, Change, State string }
		Measures   []struct{ Status, By string }
		Deviations []any
		SignOffs   []struct{ By string }
		Timeline   []struct{ Kind string }
	}
	if err := json.Unmarshal([]byte(must(t, append([]string{"walk", "export", id, "--format", "json"}, flags...)...)), &doc); err != nil {
		t.Fatal(err)
	}
	marks := 0
	for _, e := range doc.Timeline {
		if e.Kind == "step_done" {
			marks++
		}
	}
	wins := 0
	for n, w := range won {
		for who, is := range w {
			if is {
				wins++
			}
			if is && doc.Measures[n].By != []string{"Anna", "Bernd"}[who] {
				t.Errorf("step %d is by %s, but was done by the other", n+1, doc.Measures[n].By)
			}
		}
	}
	if marks != steps || wins != steps || len(doc.Measures) != steps || len(doc.Deviations) != 0 || len(doc.SignOffs) != 1 || doc.SignOffs[0].By != "Cem" {
		t.Errorf("%d marks for %d wins: %+v", marks, wins, doc)
	}
	if w := doc.Walk; w.Asset != "web-1" || w.Reason != "update" || w.Change != "CHG-1" || w.State != "ended" {
		t.Errorf("%+v", w)
	}
	if out := must(t, append([]string{"db", "verify"}, flags...)...); !strings.Contains(out, "timeline") {
		t.Error(out)
	}
}
