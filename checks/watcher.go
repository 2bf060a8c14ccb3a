package checks

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"runtime"
	"sync"
	"time"

	"lage/internal/clean"
	"lage/internal/text"
)

const (
	slot         = 100 * time.Millisecond // due checks are started together, this often
	startsPerCPU = 4
	overslept    = time.Second          // after which the scheduler takes a late awakening for a gap in time
	startTime    = 5 * time.Millisecond // after which a check counts as started, though its target is slow
	stopTime     = 2 * time.Second      // that running checks get to end
	maxInFlight  = 1024
)

// ErrUnknownCheck says that no check of that name is being watched.
var ErrUnknownCheck = errors.New("no such check")

// Options are what a Watcher works with. Recorder and Now must be set.
type Options struct {
	Checks   []Check
	States   map[string]State // where the checks stand, by ID; those that lack are unknown
	Recorder Recorder
	// Observe is told of each transition after its result was stored (or could not be). allUp says that no check of the
	// service is down or flapping. An error makes the Watcher try again, the service's transitions in order; so the
	// same one may come twice. Nil means that nobody wants to know.
	Observe  func(ctx context.Context, t Transition, allUp bool) error
	Now      func() time.Time
	Redact   *clean.Redactor
	Prober   func(Check) Prober // makes the probers; nil means NewProber with Redact and Now
	Starts   int                // checks that are started at once; zero means four for each processor
	InFlight int                // checks that run at once; zero means as many as files may be open, at most 1024
}

// Watcher runs all checks on time, counts their results and passes them on. Its methods may be called at any time.
type Watcher struct {
	opts   Options
	starts chan struct{} // one for each check that is being started
	flight chan struct{} // one for each check that runs
	wake   chan struct{} // the schedule has changed
	news   chan struct{} // a result waits for the Recorder
	tell   chan struct{} // a transition waits for Observe
	probes sync.WaitGroup

	mu        sync.Mutex // guards all below
	started   bool
	running   bool
	epoch     time.Time // where slots are counted from
	jobs      map[string]*job
	schedule  schedule
	states    map[string]State
	queue     []Recorded // not stored yet, oldest first
	urgent    bool       // somebody waits for a result in line
	storing   int        // how many of them, from the first, the Recorder has in hand
	first     int64      // number of the oldest
	attempted int64      // results up to this number were offered to the Recorder
	events    []event
	stats     Stats
	storeErr  error
	tellErr   error
}

// Stats is how well the watching goes.
type Stats struct {
	Late    int64     // checks started more than a slot (100 ms) after they were due, or left out because they still ran
	Lost    int64     // results dropped because they could not be stored for too long
	Last    time.Time // when the newest stored result was measured; zero when there is none
	Trouble error     // why results are not stored or transitions not observed; nil while all is well
}

// NewWatcher makes a Watcher; Run starts it.
func NewWatcher(o Options) *Watcher {
	if o.Starts <= 0 {
		o.Starts = startsPerCPU * runtime.GOMAXPROCS(0)
	}
	if o.InFlight <= 0 {
		o.InFlight = min(maxInFlight, max(openFiles()/2, 8))
	}
	if o.Prober == nil {
		o.Prober = func(c Check) Prober { return NewProber(c, o.Redact, o.Now) }
	}
	w := &Watcher{
		opts: o, states: maps.Clone(o.States), jobs: map[string]*job{}, epoch: o.Now(),
		starts: make(chan struct{}, o.Starts), flight: make(chan struct{}, o.InFlight),
		wake: make(chan struct{}, 1), news: make(chan struct{}, 1), tell: make(chan struct{}, 1),
	}
	if w.states == nil {
		w.states = map[string]State{}
	}
	w.Replace(o.Checks)
	return w
}

// Run watches until ctx ends. Then it starts nothing more, gives what runs two seconds to end, stores what is left and
// returns nil. It may be called once.
func (w *Watcher) Run(ctx context.Context) error {
	if !w.begin() {
		return errors.New("the watcher has been started before")
	}
	stop := make(chan struct{})
	calls := context.WithoutCancel(ctx) // what is being stored when ctx ends is stored to its end
	var keepers sync.WaitGroup
	keepers.Go(func() { w.record(calls, stop) })
	keepers.Go(func() { w.observe(calls, stop) })
	w.serve(ctx)
	w.waitForProbes()
	close(stop)
	keepers.Wait()
	w.flush(calls)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.running = false
	return nil
}

// begin spreads the first checks from now on.
func (w *Watcher) begin() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.started {
		return false
	}
	w.started, w.running = true, true
	w.epoch = w.opts.Now()
	for _, j := range w.schedule {
		j.fresh = true
	}
	w.spread()
	return true
}

func (w *Watcher) waitForProbes() {
	done := make(chan struct{})
	go func() {
		w.probes.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(stopTime):
	}
}

// Replace puts other checks in place of the present ones. A check that stays the same keeps its turn; one that changed
// keeps its state, and results of its old form that are still under way are dropped.
func (w *Watcher) Replace(list []Check) {
	w.mu.Lock()
	defer w.mu.Unlock()
	old := w.jobs
	w.jobs = make(map[string]*job, len(list))
	w.schedule = w.schedule[:0]
	for _, c := range list {
		j := old[c.ID]
		if j == nil || !reflect.DeepEqual(j.check, c) {
			j = &job{check: c, prober: w.opts.Prober(c), fresh: true}
		}
		w.jobs[c.ID] = j
		w.schedule = append(w.schedule, j)
	}
	w.spread()
	poke(w.wake)
}

// Test runs a check at once because a person wants to know. The result is marked as asked for by hand: it is stored and
// shown, but not counted. The error is ErrUnknownCheck, or the Recorder's while the Watcher does not run.
func (w *Watcher) Test(ctx context.Context, check string) (Result, error) {
	w.mu.Lock()
	j, ok := w.jobs[check]
	w.mu.Unlock()
	if !ok {
		return Result{}, ErrUnknownCheck
	}
	r := w.probe(ctx, j)
	r.ByHand = true
	w.mu.Lock()
	st := w.states[check]
	st.Check = check
	rec := Recorded{Result: r, State: st}
	running := w.running
	if running {
		w.urgent = true
		w.enqueue(rec)
	}
	w.mu.Unlock()
	if running {
		return r, nil
	}
	return r, w.opts.Recorder.Record(ctx, []Recorded{rec})
}

// Stats tells how well the watching goes.
func (w *Watcher) Stats() Stats {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.stats
	s.Trouble = w.storeErr
	if s.Trouble == nil {
		s.Trouble = w.tellErr
	}
	return s
}

// measure runs one check and counts its result.
func (w *Watcher) measure(ctx context.Context, j *job) {
	started := sync.OnceFunc(func() { <-w.starts })
	timer := time.AfterFunc(startTime, started)
	r := w.probe(ctx, j)
	timer.Stop()
	started()
	<-w.flight

	w.mu.Lock()
	defer w.mu.Unlock()
	j.running = false
	if w.jobs[j.check.ID] != j || ctx.Err() != nil && r.Outcome == Unknown {
		return // no longer wanted, or cut off by the end
	}
	state, t := Next(w.states[j.check.ID], r, j.check.Policy)
	w.states[j.check.ID] = state
	w.urgent = w.urgent || t != nil
	if t != nil && w.opts.Observe != nil {
		t.Service = j.check.Service
		w.events = append(w.events, event{t: *t, allUp: w.allUp(t.Service), after: w.first + int64(len(w.queue))})
	}
	w.enqueue(Recorded{Result: r, State: state})
	if w.storeErr != nil {
		w.letAllBeTold()
	}
}

// probe asks the prober. One that panics has measured nothing.
func (w *Watcher) probe(ctx context.Context, j *job) (r Result) {
	// A check that took its whole interval would still run at its next turn.
	ctx, cancel := context.WithTimeout(ctx, min(timeoutOr(j.check.Timeout), j.every()-slot))
	defer cancel()
	at := w.opts.Now()
	defer func() {
		if v := recover(); v != nil {
			b := base{redact: w.opts.Redact}
			r = Result{Check: j.check.ID, At: at.Round(0).UTC(), Message: text.M("checks.panic", b.line(fmt.Sprint(v)))}
		}
	}()
	return j.prober.Probe(ctx)
}

// allUp tells whether no check of the service is down or flapping.
func (w *Watcher) allUp(service string) bool {
	for id, j := range w.jobs {
		if st := w.states[id].Status; j.check.Service == service && (st == StatusDown || st == StatusFlapping) {
			return false
		}
	}
	return true
}

// poke wakes whoever waits on the channel, without waiting itself.
func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
