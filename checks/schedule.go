package checks

import (
	"cmp"
	"container/heap"
	"context"
	"slices"
	"time"
)

// job is one check in the schedule.
type job struct {
	check   Check
	prober  Prober
	due     time.Time
	fresh   bool // has no turn yet
	running bool
}

// every gives the interval, at least one second.
func (j *job) every() time.Duration { return max(j.check.Interval, time.Second) }

// schedule is a heap of jobs, the next one first.
type schedule []*job

func (s schedule) Len() int           { return len(s) }
func (s schedule) Less(i, j int) bool { return s[i].due.Before(s[j].due) }
func (s schedule) Swap(i, j int)      { s[i], s[j] = s[j], s[i] }
func (s *schedule) Push(x any)        { *s = append(*s, x.(*job)) }
func (s *schedule) Pop() any {
	last := len(*s) - 1
	j := (*s)[last]
	*s = (*s)[:last]
	return j
}

// serve starts checks when they are due, until ctx ends.
func (w *Watcher) serve(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		wait := w.startDue(ctx)
		planned := w.opts.Now().Add(wait)
		timer.Reset(wait)
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		case <-w.wake:
		}
		if now := w.opts.Now(); now.Sub(planned) > overslept {
			w.spreadOverdue(now)
		}
	}
}

// startDue starts all that is due and gives the time until something is due again. Where too many are being started or run
// already, it waits: a burst would only measure itself.
func (w *Watcher) startDue(ctx context.Context) time.Duration {
	for {
		if !take(ctx, w.flight) {
			return 0
		}
		if !take(ctx, w.starts) {
			<-w.flight
			return 0
		}
		j, wait := w.nextDue()
		if j == nil {
			<-w.starts
			<-w.flight
			return wait
		}
		w.probes.Go(func() { w.measure(ctx, j) })
	}
}

func take(ctx context.Context, tokens chan struct{}) bool {
	if ctx.Err() != nil {
		return false
	}
	select {
	case tokens <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

// nextDue takes the next job that is to be started now, or gives the time until there is one.
func (w *Watcher) nextDue() (*job, time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.schedule) > 0 {
		now := w.opts.Now()
		j := w.schedule[0]
		if j.due.Sub(now) > j.every()+slot { // the clock was set back
			w.spreadAll()
			continue
		}
		if at := w.slotOf(j.due); at.After(now) {
			return nil, at.Sub(now)
		}
		late := now.Sub(w.slotOf(j.due)) > slot
		if j.due = j.due.Add(j.every()); !j.due.After(now) {
			j.due = w.slotOf(now.Add(j.every())) // turns that were missed are not made up for
		}
		heap.Fix(&w.schedule, 0)
		if late || j.running {
			w.stats.Late++
		}
		if !j.running {
			j.running = true
			return j, 0
		}
	}
	return nil, time.Hour
}

// slotOf gives the first slot at or after t.
func (w *Watcher) slotOf(t time.Time) time.Time {
	d := t.Sub(w.epoch)
	if rest := d % slot; rest > 0 {
		d += slot - rest
	}
	return w.epoch.Add(d)
}

// spreadOverdue spreads anew what fell due while the machine slept or the process was stopped, so that it does not all
// come at once.
func (w *Watcher) spreadOverdue(now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, j := range w.schedule {
		if now.Sub(j.due) > slot {
			j.fresh = true
			w.stats.Late++
		}
	}
	w.spread()
}

func (w *Watcher) spreadAll() {
	for _, j := range w.schedule {
		j.fresh = true
	}
	w.spread()
}

// spread gives the jobs that have no turn yet theirs, in the order of their names, one in each slot; where that would make
// any wait longer than its interval, evenly over its interval. So a few checks are all measured within the first
// second, and many do not come in a burst now or later.
func (w *Watcher) spread() {
	var list []*job
	for _, j := range w.schedule {
		if j.fresh {
			list = append(list, j)
		}
	}
	slices.SortFunc(list, func(a, b *job) int { return cmp.Compare(a.check.ID, b.check.ID) })
	now := w.slotOf(w.opts.Now())
	for i, j := range list {
		over := min(j.every(), time.Duration(len(list))*slot)
		offset := time.Duration(float64(over) * float64(i) / float64(len(list)))
		j.due, j.fresh = now.Add(offset.Truncate(slot)), false
	}
	heap.Init(&w.schedule)
}
