package checks

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"lage/internal/text"
)

// world is what a Watcher in a test sees: targets that answer as told, a store and a desk that fail as told.
type world struct {
	mu        sync.Mutex
	took      map[string]time.Duration // how long a target takes
	bad       map[string]bool
	panics    map[string]bool
	deaf      map[string]bool // does not return when its context ends
	probed    map[string][]time.Time
	running   int
	most      int // that ran at once
	storeErr  error
	deskErr   map[string]error // by service
	batches   []int
	stored    []Recorded
	storedAt  []time.Time
	observed  []string // "check to allUp"
	observeAt []time.Time
}

func newWorld() *world {
	return &world{took: map[string]time.Duration{}, bad: map[string]bool{}, panics: map[string]bool{}, deaf: map[string]bool{}, probed: map[string][]time.Time{}, deskErr: map[string]error{}}
}

type fakeProber struct {
	w  *world
	id string
}

func (p fakeProber) Probe(ctx context.Context) Result {
	w := p.w
	w.mu.Lock()
	at := time.Now()
	w.probed[p.id] = append(w.probed[p.id], at)
	w.running++
	w.most = max(w.most, w.running)
	took, bad, panics := w.took[p.id], w.bad[p.id], w.panics[p.id]
	if w.deaf[p.id] {
		ctx = context.Background()
	}
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		w.running--
		w.mu.Unlock()
	}()
	if panics {
		panic("\x1b[31mbroken")
	}
	r := Result{Check: p.id, At: at, Latency: max(took, 1), Outcome: Good, Message: text.Raw("x")}
	if bad {
		r.Outcome = Bad
	}
	if took > 0 {
		select {
		case <-time.After(took):
		case <-ctx.Done():
			r.Outcome = Bad
			if ctx.Err() == context.Canceled {
				r.Outcome = Unknown
			}
		}
	}
	return r
}

func (w *world) Record(_ context.Context, batch []Recorded) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.storeErr != nil {
		return w.storeErr
	}
	w.batches = append(w.batches, len(batch))
	w.storedAt = append(w.storedAt, time.Now())
	w.stored = append(w.stored, batch...)
	return nil
}

func (w *world) observe(_ context.Context, t Transition, allUp bool) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.deskErr[t.Service]; err != nil {
		return err
	}
	w.observed = append(w.observed, fmt.Sprintf("%s %s %v", t.Check, t.To, allUp))
	w.observeAt = append(w.observeAt, time.Now())
	return nil
}

// set changes the world while the watcher runs.
func (w *world) set(f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f()
}

func (w *world) options(list []Check) Options {
	return Options{Checks: list, Recorder: w, Observe: w.observe, Now: time.Now, Prober: func(c Check) Prober { return fakeProber{w, c.ID} }}
}

func many(n int, every time.Duration) []Check {
	var out []Check
	for i := range n {
		svc := fmt.Sprintf("s%d", i/10)
		out = append(out, Check{ID: fmt.Sprintf("%s/c%04d", svc, i), Service: svc, Interval: every, Timeout: every})
	}
	return out
}

// watch runs a watcher in a bubble of fake time, calls f beside it, and ends it.
func watch(t *testing.T, o func(*world) Options, f func(*world, *Watcher)) *world {
	t.Helper()
	w := newWorld()
	synctest.Test(t, func(t *testing.T) {
		watcher := NewWatcher(o(w))
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- watcher.Run(ctx) }()
		f(w, watcher)
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := watcher.Run(ctx); err == nil {
			t.Error("a watcher runs twice")
		}
		time.Sleep(time.Minute) // what did not hear of the end comes to one
	})
	return w
}
