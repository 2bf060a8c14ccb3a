package checks

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"lage/internal/text"
)

func TestWatcherOneDay(t *testing.T) {
	w := watch(t, func(w *world) Options {
		list := many(100, 30*time.Second)
		for _, c := range list {
			w.took[c.ID] = 50 * time.Millisecond
		}
		w.took[list[7].ID] = time.Hour // never answers
		return w.options(list)
	}, func(w *world, watcher *Watcher) {
		time.Sleep(24 * time.Hour)
		if s := watcher.Stats(); s.Late != 0 || s.Lost != 0 || s.Trouble != nil || time.Since(s.Last) > 30*time.Second {
			t.Errorf("%+v", s)
		}
	})
	for id, times := range w.probed {
		if len(times) < 2879 || len(times) > 2881 {
			t.Errorf("%s was checked %d times", id, len(times))
		}
		for i := 1; i < len(times); i++ {
			if d := times[i].Sub(times[i-1]) - 30*time.Second; d.Abs() > slot {
				t.Fatalf("%s: %v between two checks", id, d+30*time.Second)
			}
		}
	}
	if n := len(w.stored); n < 287900 || n > 288100 {
		t.Errorf("%d results stored", n)
	}
	for i := 1; i < len(w.storedAt); i++ {
		if d := w.storedAt[i].Sub(w.storedAt[i-1]); d < batchTime && w.batches[i] < batchSize {
			t.Fatalf("two batches within %v", d)
		}
	}
	if !slices.Contains(w.observed, "s0/c0007 down false") {
		t.Errorf("the silent target is not down: %v", w.observed[:min(5, len(w.observed))])
	}
}

func TestWatcherSpreads(t *testing.T) {
	for _, c := range []struct {
		n      int
		every  time.Duration
		within time.Duration // all first checks
		atOnce int           // in one slot
	}{{5, time.Minute, time.Second, 1}, {100, time.Minute, 10 * time.Second, 1}, {1000, 10 * time.Second, 10 * time.Second, 10}, {1000, time.Second, time.Second, 100}} {
		w := watch(t, func(w *world) Options { return w.options(many(c.n, c.every)) }, func(*world, *Watcher) { time.Sleep(c.every + c.within) })
		var first []time.Time
		slots := map[time.Time]int{}
		for _, times := range w.probed {
			first = append(first, times[0])
			slots[times[0].Truncate(slot)]++
		}
		slices.SortFunc(first, time.Time.Compare)
		if len(first) != c.n || first[c.n-1].Sub(first[0]) >= c.within {
			t.Errorf("%d checks every %v: %d checked, the last after %v", c.n, c.every, len(first), first[len(first)-1].Sub(first[0]))
		}
		for at, n := range slots {
			if n > c.atOnce {
				t.Errorf("%d checks every %v: %d in the slot at %v", c.n, c.every, n, at)
			}
		}
	}
}

// TestWatcherSkips leaves a check out while it still runs, counts that, and lets others be on time.
func TestWatcherSkips(t *testing.T) {
	w := watch(t, func(w *world) Options {
		list := many(2, time.Second)
		w.took[list[0].ID] = 3500 * time.Millisecond
		w.deaf[list[0].ID] = true // as a command that takes its time to die
		return w.options(list)
	}, func(_ *world, watcher *Watcher) {
		time.Sleep(40*time.Second + slot)
		if s := watcher.Stats(); s.Late < 29 || s.Late > 31 {
			t.Errorf("%d late", s.Late)
		}
	})
	if n := len(w.probed["s0/c0000"]); n != 11 {
		t.Errorf("the slow one ran %d times", n)
	}
	if n := len(w.probed["s0/c0001"]); n != 40 && n != 41 {
		t.Errorf("the other one ran %d times", n)
	}
}

func TestWatcherLimitsFlight(t *testing.T) {
	w := watch(t, func(w *world) Options {
		list := many(50, time.Second)
		for _, c := range list {
			w.took[c.ID] = 900 * time.Millisecond
		}
		o := w.options(list)
		o.InFlight = 10
		return o
	}, func(_ *world, watcher *Watcher) {
		time.Sleep(time.Minute)
		if watcher.Stats().Late == 0 {
			t.Error("nothing is late although five times too much is to be done")
		}
	})
	if w.most != 10 {
		t.Errorf("%d ran at once", w.most)
	}
	for id, times := range w.probed {
		if len(times) < 5 {
			t.Errorf("%s starved: %d", id, len(times))
		}
	}
}

func TestWatcherPanic(t *testing.T) {
	w := watch(t, func(w *world) Options {
		w.panics["s0/c0001"] = true
		return w.options(many(3, time.Second))
	}, func(*world, *Watcher) { time.Sleep(5 * time.Second) })
	found := false
	for _, r := range w.stored {
		if r.Result.Check != "s0/c0001" {
			continue
		}
		found = true
		if r.Result.Outcome != Unknown || r.Result.Message.In(text.German) != "Nicht gemessen: Fehler in lage: broken" || r.Result.At.IsZero() {
			t.Fatalf("%+v", r.Result)
		}
	}
	if !found || len(w.probed["s0/c0002"]) < 4 {
		t.Error("a panic stopped something")
	}
}

func TestWatcherReplace(t *testing.T) {
	w := watch(t, func(w *world) Options {
		o := w.options(many(3, 10*time.Second))
		o.States = map[string]State{"s0/c0002": {Check: "s0/c0002", Status: StatusDown, Since: t0, Successes: 1, FirstSuccess: t0}}
		return o
	}, func(w *world, watcher *Watcher) {
		time.Sleep(25 * time.Second)
		list := many(4, 10*time.Second)[1:]
		list[1].Name = "changed"
		watcher.Replace(list)
		time.Sleep(25 * time.Second)
		watcher.Replace(nil)
		time.Sleep(25 * time.Second)
		w.set(func() { w.probed["end"] = append(w.probed["end"], time.Now()) })
		if _, err := watcher.Test(context.Background(), "s0/c0001"); !errors.Is(err, ErrUnknownCheck) {
			t.Errorf("a check that is gone: %v", err)
		}
	})
	if n := len(w.probed["s0/c0000"]); n != 3 {
		t.Errorf("the removed one ran %d times", n)
	}
	times := w.probed["s0/c0001"]
	for i := 1; i < len(times); i++ {
		if times[i].Sub(times[i-1]) != 10*time.Second {
			t.Errorf("the unchanged one lost its turn: %v", times)
		}
	}
	if n := len(w.probed["s0/c0003"]); n != 3 {
		t.Errorf("the new one ran %d times", n)
	}
	if end := w.probed["end"][0]; end.Sub(times[len(times)-1]) < 25*time.Second {
		t.Error("checks run after all were removed")
	}
	if w.observed[len(w.observed)-1] == "" || !slices.Contains(w.observed, "s0/c0002 up true") {
		t.Errorf("the old state was lost: %v", w.observed)
	}
}

func TestWatcherTest(t *testing.T) {
	w := newWorld()
	w.bad["s0/c0000"] = true
	o := w.options(many(1, time.Minute))
	o.States = map[string]State{"s0/c0000": {Check: "s0/c0000", Status: StatusUp, Since: t0, Successes: 9}}
	watcher := NewWatcher(o)
	for range 5 {
		r, err := watcher.Test(context.Background(), "s0/c0000")
		if err != nil || !r.ByHand || r.Outcome != Bad {
			t.Fatalf("%+v %v", r, err)
		}
	}
	if len(w.stored) != 5 || !w.stored[4].Result.ByHand || w.stored[4].State.Status != StatusUp || w.stored[4].State.Failures != 0 {
		t.Errorf("%+v", w.stored)
	}
	w.storeErr = errors.New("disk full")
	if _, err := watcher.Test(context.Background(), "s0/c0000"); !errors.Is(err, w.storeErr) {
		t.Errorf("not stored, but %v", err)
	}
}

func TestWatcherTestWhileRunning(t *testing.T) {
	w := watch(t, func(w *world) Options { return w.options(many(1, time.Hour)) }, func(_ *world, watcher *Watcher) {
		time.Sleep(time.Minute)
		if r, err := watcher.Test(context.Background(), "s0/c0000"); err != nil || !r.ByHand {
			t.Errorf("%+v %v", r, err)
		}
		time.Sleep(time.Second)
	})
	if len(w.stored) != 2 || !w.stored[1].Result.ByHand || w.stored[1].State.Status != StatusUp || len(w.observed) != 1 {
		t.Errorf("%+v", w.stored)
	}
}

// TestWatcherEnds stores what is known at the end and does not take a check that it cut off itself for a failure.
func TestWatcherEnds(t *testing.T) {
	var began time.Time
	w := newWorld()
	synctest.Test(t, func(t *testing.T) {
		list := many(3, 30*time.Second)
		w.took[list[2].ID] = 25 * time.Second
		watcher := NewWatcher(w.options(list))
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(350*time.Millisecond, func() {
			began = time.Now()
			cancel()
		})
		if err := watcher.Run(ctx); err != nil {
			t.Error(err)
		}
		if d := time.Since(began); d > stopTime {
			t.Errorf("ended after %v", d)
		}
	})
	if len(w.stored) != 2 || len(w.observed) != 2 {
		t.Errorf("%d stored, %v observed", len(w.stored), w.observed)
	}
}

// TestWatcherClockJumps moves a clock that has no monotonic part, as a machine that slept has for its checks.
func TestWatcherClockJumps(t *testing.T) {
	for _, jump := range []time.Duration{time.Hour, -time.Hour, 365 * 24 * time.Hour, -365 * 24 * time.Hour, 700 * time.Millisecond} {
		var mu sync.Mutex
		var shift time.Duration
		var at int
		w := watch(t, func(w *world) Options {
			o := w.options(many(300, 30*time.Second))
			for _, c := range o.Checks {
				w.took[c.ID] = 200 * time.Millisecond
			}
			o.Now = func() time.Time {
				mu.Lock()
				defer mu.Unlock()
				return time.Now().Round(0).Add(shift)
			}
			return o
		}, func(w *world, watcher *Watcher) {
			time.Sleep(65 * time.Second)
			mu.Lock()
			shift = jump
			mu.Unlock()
			w.set(func() { at, w.most = len(w.stored), 0 })
			watcher.Replace(many(300, 30*time.Second)) // the same: only wakes the scheduler
			time.Sleep(65 * time.Second)
		})
		if n := len(w.stored) - at; n < 600 || n > 1000 {
			t.Errorf("jump of %v: %d results in the two intervals after it", jump, n)
		}
		if w.most > 20 {
			t.Errorf("jump of %v: %d checks at once", jump, w.most)
		}
	}
}

// TestWatcherWithRealProbes runs the whole thing against a server.
func TestWatcherWithRealProbes(t *testing.T) {
	url := serve(t, page)
	w := newWorld()
	o := w.options([]Check{{ID: "w/ok", Service: "w", Interval: time.Second, HTTP: &HTTP{URL: url + "/ok"}}})
	o.Prober = nil
	watcher := NewWatcher(o)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- watcher.Run(ctx) }()
	deadline := time.Now().Add(20 * time.Second)
	for watcher.Stats().Last.IsZero() && time.Now().Before(deadline) {
		time.Sleep(10 * time.Millisecond)
	}
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if len(w.stored) == 0 || w.stored[0].Result.Outcome != Good || len(w.observed) != 1 {
		t.Errorf("%+v %v", w.stored, w.observed)
	}
}

// TestWatcherBatches: results that change nothing are stored once a second; a transition, and what a person asked for, soon.
func TestWatcherBatches(t *testing.T) {
	var changed, asked time.Time
	w := watch(t, func(w *world) Options { return w.options(many(20, 2*time.Second)) }, func(w *world, watcher *Watcher) {
		time.Sleep(20*time.Second + 50*time.Millisecond)
		w.set(func() { w.batches, w.storedAt = nil, nil })
		time.Sleep(20 * time.Second)
		w.set(func() {
			if n := len(w.batches); n < 15 || n > 20 {
				t.Errorf("%d transactions in 20 quiet seconds", n)
			}
			w.bad["s0/c0000"] = true
		})
		time.Sleep(20 * time.Second)
		asked = time.Now()
		if _, err := watcher.Test(context.Background(), "s1/c0010"); err != nil {
			t.Error(err)
		}
		time.Sleep(20 * time.Second)
	})
	at := w.observed[len(w.observed)-1]
	changed = w.observeAt[len(w.observeAt)-1]
	if at != "s0/c0000 down false" {
		t.Fatalf("observed %s", at)
	}
	for i, r := range w.stored[len(w.stored)-sum(w.batches):] {
		switch n := batchOf(w.batches, i); {
		case r.Result.Check == "s0/c0000" && r.State.Status == StatusDown && r.State.Failures == 3 && changed.Sub(r.Result.At) > batchTime:
			t.Errorf("a transition was observed after %v", changed.Sub(r.Result.At))
		case r.Result.ByHand && w.storedAt[n].Sub(asked) > batchTime:
			t.Errorf("what a person asked for was stored after %v", w.storedAt[n].Sub(asked))
		}
	}
}

func sum(list []int) (n int) {
	for _, v := range list {
		n += v
	}
	return n
}

// batchOf gives the batch that holds the i-th result.
func batchOf(sizes []int, i int) int {
	for n, size := range sizes {
		if i -= size; i < 0 {
			return n
		}
	}
	return len(sizes) - 1
}
