package proc

import (
	"bytes"
	"slices"
	"testing"
)

// TestHoldingFindsWhatWalksCarry: a name in a variable that goes from step to step is found and can be taken away.
func TestHoldingFindsWhatWalksCarry(t *testing.T) {
	s := Supervisor{Dir: t.TempDir()}
	for walk, value := range map[string]string{"W-2026-001": "Jürgen \"J\" Yılmaz", "W-2026-002": "nobody"} {
		if err := s.Carry(walk, func(c *Carried) { c.Set = map[string]string{"ASKED": value} }); err != nil {
			t.Fatal(err)
		}
	}
	names := func(b []byte) bool { return bytes.Contains(b, []byte(`Jürgen "J" Yılmaz`)) }
	ended, kept, err := s.Holding(names)
	if err != nil || len(kept) != 0 || !slices.Equal(ended, []string{"W-2026-001.carried"}) {
		t.Fatalf("found %v, kept %v, %v", ended, kept, err)
	}
	if gone, err := s.Forget(ended[0]); err != nil || !gone {
		t.Fatalf("forgotten: %v, %v", gone, err)
	}
	if ended, _, err := s.Holding(names); err != nil || len(ended) != 0 {
		t.Errorf("still there: %v, %v", ended, err)
	}
	if c, err := s.Carried("W-2026-002"); err != nil || c.Set["ASKED"] != "nobody" {
		t.Errorf("the other walk lost what it carries: %v, %v", c, err)
	}
}
