package ui

import (
	"testing"
	"time"
)

// What is owed counts down, most pressing first; what is late says so in words; what is reached goes.
func TestTargetsTurnTheStrip(t *testing.T) {
	s := newWorld()
	shownOn(t, s).Shows("Reaktion", "noch 17 min", "betriebsverhindernd")
	for _, c := range []struct {
		later time.Duration
		shows []string
	}{
		{17*time.Minute + 30*time.Second, []string{"Reaktion", "noch <1 min"}},
		{5 * time.Minute, []string{"Reaktion", "überfällig 4 min"}},
		{4 * time.Hour, []string{"Reaktion", "überfällig 4 h", "Hinweis", "überfällig 3 h"}},
	} {
		s.mu.Lock()
		s.now = s.now.Add(c.later)
		s.mu.Unlock()
		d := shownOn(t, s).Shows(c.shows...)
		if c.later == 4*time.Hour {
			d.slowly("a").Hides("Reaktion")
		}
	}
}
