package checks

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestWatcherStoreFails(t *testing.T) {
	full := errors.New("disk full")
	w := watch(t, func(w *world) Options {
		w.storeErr = full
		return w.options(many(20, time.Second))
	}, func(w *world, watcher *Watcher) {
		time.Sleep(5 * time.Second)
		w.set(func() { w.bad["s1/c0015"] = true })
		time.Sleep(10 * time.Second)
		if s := watcher.Stats(); !errors.Is(s.Trouble, full) || !s.Last.IsZero() || s.Lost != 0 {
			t.Errorf("while failing: %+v", s)
		}
		w.set(func() {
			if !slices.Contains(w.observed, "s1/c0015 down false") {
				t.Errorf("nobody was told: %v", w.observed)
			}
			w.storeErr = nil
		})
		time.Sleep(10 * time.Second)
		if s := watcher.Stats(); s.Trouble != nil || s.Last.IsZero() || s.Lost != 0 {
			t.Errorf("after recovery: %+v", s)
		}
	})
	seen := map[string]bool{}
	last := map[string]time.Time{}
	for _, r := range w.stored {
		key := r.Result.Check + r.Result.At.String()
		if seen[key] {
			t.Fatalf("%s stored twice", key)
		}
		if r.Result.At.Before(last[r.Result.Check]) {
			t.Fatalf("%s out of order", key)
		}
		seen[key], last[r.Result.Check] = true, r.Result.At
	}
	for id, times := range w.probed {
		for _, at := range times {
			if !seen[id+at.String()] {
				t.Fatalf("%s at %v was lost", id, at)
			}
		}
	}
	if n := strings.Count(strings.Join(w.observed, "\n"), "s1/c0015 down"); n != 1 {
		t.Errorf("told %d times", n)
	}
}

func TestWatcherForgetsOldestResults(t *testing.T) {
	w := watch(t, func(w *world) Options {
		w.storeErr = errors.New("disk full")
		w.bad["s99/c0999"] = true
		return w.options(many(1000, time.Second))
	}, func(w *world, watcher *Watcher) {
		time.Sleep(30 * time.Second)
		if s := watcher.Stats(); s.Lost < 15_000 || s.Lost > 25_000 {
			t.Errorf("%d lost", s.Lost)
		}
		w.set(func() { w.storeErr = nil })
		time.Sleep(5 * time.Second)
		if s := watcher.Stats(); s.Trouble != nil {
			t.Error(s.Trouble)
		}
	})
	if !slices.Contains(w.observed, "s99/c0999 down false") {
		t.Error("nobody was told")
	}
	if n := len(w.observed); n != 1000 {
		t.Errorf("%d transitions were observed, want 999 up and one down", n)
	}
}

// TestWatcherTellsAfterStoring has the Desk hear of a transition only once its result is stored.
func TestWatcherTellsAfterStoring(t *testing.T) {
	w := watch(t, func(w *world) Options { return w.options(many(3, time.Second)) }, func(*world, *Watcher) { time.Sleep(2 * time.Second) })
	if len(w.observed) != 3 {
		t.Fatalf("%v", w.observed)
	}
	for i, at := range w.observeAt {
		if at.Before(w.storedAt[0]) {
			t.Errorf("%s before it was stored", w.observed[i])
		}
	}
}

// TestWatcherDeskFails holds back one service's transitions in order, and nobody else's.
func TestWatcherDeskFails(t *testing.T) {
	w := watch(t, func(w *world) Options {
		w.deskErr["s0"] = errors.New("locked")
		return w.options(many(20, time.Second))
	}, func(w *world, watcher *Watcher) {
		time.Sleep(3 * time.Second)
		w.set(func() {
			w.bad["s0/c0003"], w.bad["s1/c0013"] = true, true
			if len(w.observed) != 10 {
				t.Errorf("others wait: %v", w.observed)
			}
		})
		time.Sleep(10 * time.Second)
		if watcher.Stats().Trouble == nil {
			t.Error("no trouble is shown")
		}
		w.set(func() {
			w.bad["s0/c0003"] = false
			delete(w.deskErr, "s0")
		})
		time.Sleep(10 * time.Second)
		if err := watcher.Stats().Trouble; err != nil {
			t.Error(err)
		}
	})
	var mine []string
	for _, o := range w.observed {
		if strings.HasPrefix(o, "s0/c0003") {
			mine = append(mine, o)
		}
	}
	if want := "s0/c0003 up true,s0/c0003 down false,s0/c0003 up true"; strings.Join(mine, ",") != want {
		t.Errorf("observed %v", mine)
	}
	if !slices.Contains(w.observed, "s1/c0013 down false") {
		t.Error("the other service's outage was held up")
	}
}
