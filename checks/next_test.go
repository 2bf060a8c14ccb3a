package checks

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lage/internal/text"
)

var t0 = time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)

// outcomes are written as letters in tests: g good, w warning, b bad, u unknown, h a bad one by hand.
func result(i int, c rune) Result {
	r := Result{Check: "wohngeld/start", At: t0.Add(time.Duration(i) * time.Minute), Message: text.Raw(string(c))}
	switch c {
	case 'g':
		r.Outcome = Good
	case 'w':
		r.Outcome = Warning
	case 'b':
		r.Outcome = Bad
	case 'h':
		r.Outcome, r.ByHand = Bad, true
	}
	return r
}

func minute(t time.Time) int { return int(t.Sub(t0) / time.Minute) }

func TestNext(t *testing.T) {
	for _, c := range []struct {
		name, results string
		policy        Policy
		want          string // transitions: minute of the result, status, minute since
	}{
		{"up at once", "g", Policy{}, "0 up 0;"},
		{"degraded at once", "w", Policy{}, "0 degraded 0;"},
		{"default thresholds", "gbbb", Policy{}, "0 up 0;3 down 1;"},
		{"a good one breaks the row", "gbbgbbg", Policy{}, "0 up 0;"},
		{"a warning breaks it too", "gbbwbb", Policy{}, "0 up 0;"},
		{"down from the first measurement on", "bbb", Policy{}, "2 down 0;"},
		{"stays down", "gbbbbbbb", Policy{}, "0 up 0;3 down 1;"},
		{"recovers", "gbbbgg", Policy{}, "0 up 0;3 down 1;5 up 4;"},
		{"does not recover yet", "gbbbgbgbg", Policy{}, "0 up 0;3 down 1;"},
		{"recovers degraded", "gbbbww", Policy{}, "0 up 0;3 down 1;5 degraded 4;"},
		{"recovers over warnings", "gbbbwg", Policy{}, "0 up 0;3 down 1;5 up 4;"},
		{"one failure is enough", "gbg", Policy{FailAfter: 1, RecoverAfter: 1}, "0 up 0;1 down 1;2 up 2;"},
		{"slow", "gwgww", Policy{}, "0 up 0;4 degraded 3;"},
		{"slow at once", "gw", Policy{FailAfter: 1}, "0 up 0;1 degraded 1;"},
		{"fast again", "gwwgwgg", Policy{}, "0 up 0;2 degraded 1;6 up 5;"},
		{"from slow to down", "gwwbbb", Policy{}, "0 up 0;2 degraded 1;5 down 3;"},
		{"failing while slow", "gwwbbwwg", Policy{}, "0 up 0;2 degraded 1;"},
		{"unknown is neutral", "gbubub", Policy{}, "0 up 0;5 down 1;"},
		{"unknown", "guuu", Policy{}, "0 up 0;3 unknown 1;"},
		{"back from unknown", "ggguuug", Policy{}, "0 up 0;5 unknown 3;6 up 6;"},
		{"unknown does not cover an outage", "gbbbuuuuugg", Policy{}, "0 up 0;3 down 1;10 up 9;"},
		{"outage over unknown", "gbuuubb", Policy{}, "0 up 0;4 unknown 2;6 down 1;"},
		{"only unknown", "uuuu", Policy{}, ""},
		{"by hand", "ghhhh", Policy{}, "0 up 0;"},
		{"flapping", "gbgbgbgbgbgbgbgbgbgbgg", Policy{}, "0 up 0;19 flapping 19;"},
		{"flapping ends up", "gbgbgbgbgbgbgbgbgbgbgggggggggggggggg", Policy{}, "0 up 0;19 flapping 19;34 up 20;"},
		{"flapping ends down", "gbgbgbgbgbgbgbgbgbgbbbbbbbbbbbbbbbbb", Policy{}, "0 up 0;19 flapping 19;33 down 19;"},
		{"few changes are not flapping", "gggbbbgggbbbgggbbbgggbbbgggbbbggg", Policy{FailAfter: 4}, "0 up 0;"},
	} {
		var s State
		got := ""
		for i, r := range c.results {
			var tr *Transition
			if s, tr = Next(s, result(i, r), c.policy); tr != nil {
				got += fmt.Sprintf("%d %s %d;", minute(tr.At), tr.To, minute(tr.Since))
			}
		}
		if got != c.want {
			t.Errorf("%s: %s gives %q, want %q", c.name, c.results, got, c.want)
		}
	}
}

func TestFailing(t *testing.T) {
	var s State
	for i, r := range "gbb" {
		s, _ = Next(s, result(i, r), Policy{})
	}
	if !s.Failing() || s.Failures != 2 || s.Status != StatusUp || minute(s.FirstFailure) != 1 {
		t.Errorf("%+v", s)
	}
	if s, _ = Next(s, result(3, 'b'), Policy{}); s.Failing() || s.Status != StatusDown || minute(s.Since) != 1 {
		t.Errorf("%+v", s)
	}
}

// TestStateOfAnOlderStore goes on from a state that has only the counters, as an older database holds it.
func TestStateOfAnOlderStore(t *testing.T) {
	s := State{Check: "a/b", Status: StatusDown, Since: t0, Failures: 0, Successes: 1}
	s, tr := Next(s, result(5, 'g'), Policy{})
	if tr == nil || tr.To != StatusUp || minute(tr.Since) != 5 || s.Status != StatusUp {
		t.Errorf("%+v %+v", s, tr)
	}
}

// TestNextKeepsItsPromises replays random results against the rules said plainly.
func TestNextKeepsItsPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Policy{FailAfter: rapid.IntRange(0, 5).Draw(t, "fail"), RecoverAfter: rapid.IntRange(0, 5).Draw(t, "recover")}
		letters := []rune(rapid.SampledFrom([]string{"gb", "gggb", "gwbuh", "bbbg", "gwwwb", "gu"}).Draw(t, "mix"))
		list := rapid.SliceOfN(rapid.SampledFrom(letters), 1, 120).Draw(t, "results")
		var s State
		var counted []rune // results that count
		for i, c := range list {
			r := result(i, c)
			before := s
			next, tr := Next(s, r, p)
			if again, tr2 := Next(before, r, p); !reflect.DeepEqual(again, next) || !reflect.DeepEqual(tr, tr2) {
				t.Fatal("not deterministic")
			}
			s = next
			if c == 'h' {
				if !reflect.DeepEqual(s, before) || tr != nil {
					t.Fatal("a result by hand changed the state")
				}
				continue
			}
			if c != 'u' {
				counted = append(counted, c)
			}
			checkRows(t, s, counted, p)
			checkTransition(t, before, s, tr, list[:i+1], p)
		}
	})
}

// checkRows compares the counters with the results themselves.
func checkRows(t *rapid.T, s State, counted []rune, p Policy) {
	bad, good := 0, 0
	for i := len(counted) - 1; i >= 0 && counted[i] == 'b'; i-- {
		bad++
	}
	for i := len(counted) - 1; i >= 0 && counted[i] != 'b'; i-- {
		good++
	}
	if s.Failures != bad || s.Successes != good || s.Counted != min(len(counted), window) {
		t.Fatalf("%s: %d failures and %d successes, state says %+v", string(counted), bad, good, s)
	}
	changes := 0
	recent := counted[max(len(counted)-window, 0):]
	for i := range recent {
		if i > 0 && (recent[i] == 'b') != (recent[i-1] == 'b') {
			changes++
		}
	}
	if changes != s.changes() {
		t.Fatalf("%s: %d changes, state says %d", string(recent), changes, s.changes())
	}
	calm := changes <= flapEnd
	switch {
	case s.Status == StatusDown && bad == 0 && good >= p.recoverAfter() && changes < flapStart:
		t.Fatal("still down after enough successes")
	case calm && bad >= p.failAfter() && s.Status != StatusDown:
		t.Fatalf("%s is not down", s.Status)
	case calm && good >= max(p.recoverAfter(), p.failAfter(), 2) && s.Status == StatusFlapping:
		t.Fatalf("%s does not end", s.Status)
	}
}

// checkTransition proves that a transition says what happened and that nothing changes silently.
func checkTransition(t *rapid.T, before, after State, tr *Transition, list []rune, p Policy) {
	from := before.Status
	if from == "" {
		from = StatusUnknown
	}
	if (tr != nil) != (from != after.Status) {
		t.Fatalf("from %s to %s with transition %v", from, after.Status, tr)
	}
	if tr == nil {
		if before.Status != "" && !after.Since.Equal(before.Since) {
			t.Fatalf("Since moved from %v to %v without a transition", before.Since, after.Since)
		}
		return
	}
	if tr.From != from || tr.To != after.Status || !tr.Since.Equal(after.Since) || tr.Since.After(tr.At) || tr.Since.IsZero() {
		t.Fatalf("%+v does not fit from %+v to %+v", tr, before, after)
	}
	first := list[minute(tr.Since)]
	switch tr.To {
	case StatusDown:
		if after.Failures < p.failAfter() || first != 'b' || !tr.Since.Equal(after.FirstFailure) {
			t.Fatalf("down too early or dated wrongly: %+v", after)
		}
	case StatusUp:
		if first == 'b' || first == 'u' || from == StatusDown && after.Successes < p.recoverAfter() {
			t.Fatalf("up too early or dated wrongly: %+v", after)
		}
	case StatusDegraded:
		if first == 'b' || first == 'u' || after.Run != Warning {
			t.Fatalf("degraded wrongly: %+v", after)
		}
	case StatusUnknown:
		if first != 'u' || after.Unknowns < p.failAfter() || from == StatusDown {
			t.Fatalf("unknown wrongly: %+v", after)
		}
	case StatusFlapping:
		if after.changes() < flapStart || after.Counted < window {
			t.Fatalf("flapping too early: %+v", after)
		}
	}
}

func BenchmarkNext(b *testing.B) {
	list := []rune("ggggbgggwwgbbbbggggggubb")
	results := make([]Result, len(list))
	for i, c := range list {
		results[i] = result(i, c)
	}
	var s State
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		s, _ = Next(s, results[i%len(results)], Policy{})
	}
}
