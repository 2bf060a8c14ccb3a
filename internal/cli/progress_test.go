package cli

import (
	"errors"
	"testing"
	"time"

	"lage/checks"
)

func TestProgressKnowsWhoIsStuck(t *testing.T) {
	now := time.Date(2026, 10, 1, 3, 0, 0, 0, time.UTC)
	p := newProgress(func() time.Time { return now })
	if !p.alive() {
		t.Error("a process that has just begun is called stuck")
	}
	stored := now
	pass := func(d time.Duration, tick, results bool, trouble error) {
		now = now.Add(d)
		p.round(doesLease, leasePace)
		if tick {
			p.round(doesTick, tickPace)
		}
		if results {
			stored = now
		}
		p.results(checks.Stats{Last: stored, Trouble: trouble}, 10*time.Second)
	}
	pass(time.Second, true, true, nil)
	pass(25*time.Second, true, true, nil)
	if !p.alive() {
		t.Error("everything moves, and it is called stuck")
	}
	for range 4 {
		pass(10*time.Second, true, false, nil)
	}
	if p.alive() {
		t.Error("no result was stored for 40 s, and nobody says why: that is stuck")
	}
	pass(time.Second, true, false, errors.New("disk full"))
	if !p.alive() {
		t.Error("a store that answers with an error is mended by no restart")
	}
	for range 3 {
		pass(10*time.Second, false, true, nil)
	}
	if p.alive() {
		t.Error("nothing that fell due was done for 30 s: that is stuck")
	}
	p.over(doesTick, doesResults) // the lease is lost: only waiting is left
	now = now.Add(15 * time.Second)
	p.round(doesLease, tickPace)
	if !p.alive() {
		t.Error("a process that waits for the lease is called stuck")
	}
}

func TestShortestRound(t *testing.T) {
	list := []checks.Check{{Interval: time.Minute, Timeout: 5 * time.Second}, {Interval: 10 * time.Second, Timeout: 2 * time.Second}}
	if got := shortestRound(list); got != 12*time.Second {
		t.Error(got)
	}
	if got := shortestRound(nil); got != 0 {
		t.Error(got)
	}
}
