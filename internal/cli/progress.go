package cli

import (
	"sync"
	"time"

	"lage/checks"
)

// What a poller does over and over. Each has to come round again in its time, or the process is as good as dead.
const (
	doesLease   = "lease"   // asks for the lease or renews it; all that a waiting process does
	doesTick    = "tick"    // what falls due by time
	doesResults = "results" // measures and stores
)

// roundSlack is what each of them may take longer than its own pace.
const roundSlack = 20 * time.Second

// progress notes when each part of a poller last got anywhere, for the service manager's watchdog. It is about being stuck:
// a disk that is full is told to people and mended by no restart, so an error that is answered counts as an answer. A nil
// progress notes nothing.
type progress struct {
	now func() time.Time

	mu     sync.Mutex
	due    map[string]time.Time // by which time a part has to come round again
	newest time.Time            // the newest result seen stored
}

func newProgress(now func() time.Time) *progress {
	return &progress{now: now, due: map[string]time.Time{}}
}

// round says that a part has come round, and comes again within pace.
func (p *progress) round(part string, pace time.Duration) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.due[part] = p.now().Add(pace + roundSlack)
}

// over says that a part has nothing to do any more.
func (p *progress) over(parts ...string) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, part := range parts {
		delete(p.due, part)
	}
}

// results takes the Watcher's word: a newer stored result, or why there is none.
func (p *progress) results(st checks.Stats, pace time.Duration) {
	if p == nil {
		return
	}
	p.mu.Lock()
	moved := st.Trouble != nil || st.Last.After(p.newest)
	p.newest = st.Last
	p.mu.Unlock()
	if moved {
		p.round(doesResults, pace)
	}
}

// alive tells whether nothing is overdue.
func (p *progress) alive() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, due := range p.due {
		if p.now().After(due) {
			return false
		}
	}
	return true
}

// shortestRound is how long the first of the checks takes to come round; zero when there are none.
func shortestRound(list []checks.Check) time.Duration {
	var least time.Duration
	for _, c := range list {
		if d := c.Interval + c.Timeout; least == 0 || d < least {
			least = d
		}
	}
	return least
}
