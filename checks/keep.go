package checks

import (
	"context"
	"slices"
	"time"
)

const (
	quietTime  = time.Second            // between two batches of results that change nothing: each transaction costs
	batchTime  = 250 * time.Millisecond // the same while somebody waits for what is in line
	batchSize  = 500
	maxQueue   = 10_000          // results kept while they cannot be stored
	retryLimit = 5 * time.Second // longest pause between tries to store
	retryTell  = time.Second     // longest pause between tries to observe
	callLimit  = 5 * time.Second // for one call to Recorder or Observe
	lastLimit  = 2 * time.Second // for those at the end
)

// event is a transition that waits to be observed, until the result with that number was offered to the Recorder.
type event struct {
	t     Transition
	allUp bool
	after int64
}

// enqueue puts a result in line for the Recorder. When the line is too long the oldest go, a batch at a time (taking out
// single ones would cost more than all the checks), so that the newest, which say where checks stand now, stay. Called
// with mu held.
func (w *Watcher) enqueue(r Recorded) {
	w.queue = append(w.queue, r)
	if len(w.queue) > maxQueue+w.storing {
		w.queue = slices.Delete(w.queue, w.storing, w.storing+batchSize)
		w.first += batchSize
		w.stats.Lost += batchSize
	}
	poke(w.news)
}

// record hands results to the Recorder in batches, one after another, until stop.
func (w *Watcher) record(ctx context.Context, stop <-chan struct{}) {
	pause, well := quietTime, true
	for {
		if !w.gather(stop, pause, well) {
			return
		}
		switch {
		case w.store(ctx, callLimit) == nil:
			pause, well = quietTime, true
		case well:
			pause, well = batchTime, false
		default:
			pause = min(2*pause, retryLimit)
		}
	}
}

// gather waits until there is a batch: the pause is over or, if eager, the batch is full or somebody waits for a result.
// False means stop.
func (w *Watcher) gather(stop <-chan struct{}, pause time.Duration, eager bool) bool {
	for w.waiting() == 0 {
		select {
		case <-w.news:
		case <-stop:
			return false
		}
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	hurried := false
	for !eager || w.waiting() < batchSize {
		if eager && !hurried && w.hasty() {
			hurried = true
			timer.Reset(batchTime) // not at once: what changes seldom changes alone
		}
		select {
		case <-timer.C:
			return true
		case <-w.news:
		case <-stop:
			return false
		}
	}
	return true
}

func (w *Watcher) waiting() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.queue)
}

// hasty tells whether what is in line holds a transition, or a result that a person asked for.
func (w *Watcher) hasty() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.urgent
}

// store offers one batch to the Recorder. Whether it takes the batch or not, its transitions may be observed from now on:
// a store that fails must not keep anybody from being alarmed.
func (w *Watcher) store(ctx context.Context, limit time.Duration) error {
	w.mu.Lock()
	n := min(len(w.queue), batchSize)
	batch := slices.Clone(w.queue[:n])
	w.storing, w.urgent = n, false
	upTo := w.first + int64(n)
	w.mu.Unlock()

	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	err := w.opts.Recorder.Record(ctx, batch)

	w.mu.Lock()
	defer w.mu.Unlock()
	w.storing, w.storeErr = 0, err
	w.attempted = max(w.attempted, upTo)
	if err != nil {
		w.letAllBeTold()
	} else {
		w.queue = slices.Delete(w.queue, 0, n)
		w.first += int64(n)
		for _, r := range batch {
			if r.Result.At.After(w.stats.Last) {
				w.stats.Last = r.Result.At
			}
		}
	}
	poke(w.tell)
	return err
}

// letAllBeTold releases the transitions of all results, because nothing can be stored at present. Called with mu held.
func (w *Watcher) letAllBeTold() {
	w.attempted = w.first + int64(len(w.queue))
	poke(w.tell)
}

// observe hands transitions to Observe until stop, and those again that failed.
func (w *Watcher) observe(ctx context.Context, stop <-chan struct{}) {
	for {
		var retry <-chan time.Time
		if !w.tellAll(ctx, callLimit) {
			retry = time.After(retryTell)
		}
		select {
		case <-w.tell:
		case <-retry:
		case <-stop:
			return
		}
	}
}

// tellAll hands all transitions that are ready to Observe, oldest first, and tells whether it took them. One that fails holds
// up the later ones of its service, not those of others.
func (w *Watcher) tellAll(ctx context.Context, limit time.Duration) bool {
	w.mu.Lock()
	var ready []event
	for _, e := range w.events {
		if e.after >= w.attempted {
			break
		}
		ready = append(ready, e)
	}
	w.mu.Unlock()
	var failed []event
	var trouble error
	for _, e := range ready {
		if slices.ContainsFunc(failed, func(f event) bool { return f.t.Service == e.t.Service }) {
			failed = append(failed, e)
			continue
		}
		call, cancel := context.WithTimeout(ctx, limit)
		if err := w.opts.Observe(call, e.t, e.allUp); err != nil {
			failed, trouble = append(failed, e), err
		}
		cancel()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.events = slices.Replace(w.events, 0, len(ready), failed...)
	w.tellErr = trouble
	return trouble == nil
}

// flush stores and tells what is left at the end, as far as that goes.
func (w *Watcher) flush(ctx context.Context) {
	for w.waiting() > 0 {
		if w.store(ctx, lastLimit) != nil {
			break
		}
	}
	w.tellAll(ctx, lastLimit)
}
