package runbooks

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestDirectivesBecomeFields(t *testing.T) {
	b := Parse("x", "x.md", []byte(`# T

## Promote
<!-- only kind=maintenance -->
<!-- only severity<=2 -->
<!-- signoff role=lead distinct -->

1. Promote the replica
   <!-- step id=promote kind=check role=ic optional -->
   <!-- wait 10m "replica catches up" -->
   <!-- until check=db-replication ok for=2m timeout=15m -->
   <!-- expect "no FATAL in log" -->
   <!-- undo #restore -->
2. Pick a shard
   <!-- input SHARD "Which shard?" choices=a,b,c -->
   <!-- input PASS "Password" secret=true -->
   <!-- a remark, no directive -->
`))
	if len(b.Warnings) > 0 {
		t.Errorf("warnings %v", b.Warnings)
	}
	only := []Condition{{"kind", "=", "maintenance"}, {"severity", "<=", "2"}}
	got := b.Sections[1].Steps
	want := []Wants{{
		Wait: 10 * time.Minute, WaitFor: "replica catches up", Until: Until{"db-replication", 2 * time.Minute, 15 * time.Minute},
		Expects: []string{"no FATAL in log"}, Undo: "#restore", Role: "ic", Only: only,
	}, {
		SignOff: &SignOff{"lead", true}, Only: only,
		Asks: []Ask{{Name: "SHARD", Prompt: "Which shard?", Choices: []string{"a", "b", "c"}}, {Name: "PASS", Prompt: "Password", Secret: true}},
	}}
	for i := range want {
		if !reflect.DeepEqual(got[i].Wants, want[i]) {
			t.Errorf("step %d:\n%+v\nwant\n%+v", i, got[i].Wants, want[i])
		}
	}
	if got[0].ID != "promote" || got[0].Kind != CheckStep || !got[0].Optional {
		t.Errorf("%+v", got[0])
	}
}

func TestFaultyDirectivesAreNamed(t *testing.T) {
	for md, want := range map[string]string{
		"1. a\n   <!-- wait soon -->\n":                            "runbooks.directive_value",
		"1. a\n   <!-- until ok -->\n":                             "runbooks.directive_value",
		"1. a\n   <!-- until check=x for=long ok -->\n":            "runbooks.directive_value",
		"1. a\n   <!-- input -->\n":                                "runbooks.directive_value",
		"1. a\n   <!-- input $(id) -->\n":                          "runbooks.directive_value",
		"1. a\n   <!-- expect -->\n":                               "runbooks.directive_value",
		"1. a\n   <!-- only maintenance -->\n":                     "runbooks.directive_value",
		"1. a\n   <!-- undo -->\n":                                 "runbooks.directive_value",
		"1. a\n   <!-- step kind=odd -->\n":                        "runbooks.directive_value",
		"1. a\n   <!-- wiat=5 wait -->\n":                          "",
		"1. a\n   <!-- waits 10m -->\n":                            "runbooks.directive_unknown",
		"1. a\n   <!-- steps below are old -->\n":                  "",
		"## Meaning\n\nText.\n<!-- wait 10m -->\n\n## B\n\n1. b\n": "runbooks.directive_lost",
	} {
		b := Parse("x", "x.md", []byte(md))
		got := ""
		for _, w := range b.Warnings {
			got += w.Code
		}
		if got != want {
			t.Errorf("%q: %q, want %q", md, got, want)
		}
		b.All(func(_ int, s *Step) {
			if s.Wait != 0 || s.Until.Check == "" && s.Until.For != 0 || len(s.Asks) > 0 {
				t.Errorf("%q took effect: %+v", md, s.Wants)
			}
		})
	}
}

func TestPlainWordsAreOffered(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"Wait at least 10 minutes.":                 10 * time.Minute,
		"Wait for 5-10 min until it is back":        10 * time.Minute,
		"Restart it, then allow up to 2 hours.":     2 * time.Hour,
		"Etwa 15 Minuten warten":                    15 * time.Minute,
		"Warten Sie mindestens 2 Stunden.":          2 * time.Hour,
		"Warte 30 Sekunden":                         30 * time.Second,
		"It waited 10 minutes. Check 3 hosts.":      0,
		"Wait until it is done. It has 10 minutes.": 0,
		"Raise the wait limit: 10 minutes.":         0,
		"Restart the 5 minutes job":                 0,
	} {
		b := Parse("x", "x.md", []byte("1. "+text+"\n2. Done\n"))
		if s := b.Sections[0].Steps[0]; s.Wait != want || s.WaitOffered != (want > 0) {
			t.Errorf("%q: %s offered %v, want %s", text, s.Wait, s.WaitOffered, want)
		}
	}
	for text, want := range map[string]string{
		"**Sign-off (incident lead):**": "incident lead", "Freigabe (Leitung):": "Leitung", "Abnahme": "-", "Freigabe der Sperre": "none", "Sign off the page": "none",
	} {
		s := Parse("x", "x.md", []byte("- [ ] "+text+"\n")).Sections[0].Steps[0]
		got := "none"
		if s.SignOff != nil {
			got = s.SignOff.Role
			if got == "" {
				got = "-"
			}
		}
		if got != want {
			t.Errorf("%q: signed by %q, want %q", text, got, want)
		}
	}
}

func TestJumps(t *testing.T) {
	b := Parse("x", "x.md", []byte("# T\n\n## Check\n\n1. Look\n2. If it is well, skip to step 4. Else see section \"Restore\".\n3. Mend\n4. Close; weiter mit Schritt 1\n\n## Restore\n\n1. Go to step 9\n2. Load it\n"))
	var got []string
	b.All(func(_ int, s *Step) {
		for _, j := range s.Jumps {
			got = append(got, j.Label+" = "+j.Step)
		}
	})
	want := "skip to step 4 = check/close-weiter-mit-schritt-1, see section \"Restore = restore/go-to-step-9, weiter mit Schritt 1 = check/look"
	if strings.Join(got, ", ") != want {
		t.Errorf("%s\nwant\n%s", strings.Join(got, ", "), want)
	}
}

func TestAttributesOfFences(t *testing.T) {
	b := firstBlock(t, "```sh {\"name\":\"a\",\"retry\":\"5/30s\",\"shared\":\"false\",\"promptEnv\":\"no\",\"tag\":\"x, y\"}\nsite-tool check\n```\n")
	if b.Retries != 5 || b.RetryEvery != 30*time.Second || !b.Own || b.PromptEnv != "never" || !reflect.DeepEqual(b.Tags, []string{"x", "y"}) {
		t.Errorf("%+v", b)
	}
	bad := Parse("x", "x.md", []byte("```sh {retry=0/1s promptEnv=perhaps}\nuptime\n```\n"))
	if len(bad.Warnings) != 2 {
		t.Errorf("warnings %v", bad.Warnings)
	}
}
