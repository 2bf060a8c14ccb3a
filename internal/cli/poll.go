package cli

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"

	"lage/checks"
	"lage/internal/clean"
	"lage/internal/text"
	"lage/store"
)

// Who holds the lease, as the store knows it.
const (
	kindRun     = "run"
	kindConsole = "console"
)

// Paces of a poller.
const (
	leaseTerm   = 10 * time.Second // a dead poller is replaced after this
	leasePace   = 2 * time.Second
	tickPace    = time.Second
	flushWithin = 5 * time.Second // for what still has to be written at the end
)

// poller measures, alarms and ticks while it holds the lease; otherwise it waits for it.
type poller struct {
	s    *session
	kind string
	say  func(text.Message) // for people: who polls, what does not work
	swap <-chan struct{}    // the configuration in force has changed: start the checks anew; nil means never
	life *progress          // where it notes that it gets on; nil where nobody asks

	mu         sync.Mutex
	said       map[string]string // what was said last of each kind of trouble (a message's code) that lasts
	remarked   string            // what remark said last
	remarkedAt time.Time
}

// complain says what does not work, once for as long as it lasts. A nil error means that it works again.
func (p *poller) complain(code, over string, err error) {
	trouble := ""
	if err != nil {
		trouble = reason(err).In(p.s.app.lang)
	}
	p.mu.Lock()
	before := p.said[code]
	if p.said == nil {
		p.said = map[string]string{}
	}
	p.said[code] = trouble
	p.mu.Unlock()
	switch {
	case trouble == before:
	case trouble == "":
		p.say(text.M(over))
	default:
		p.say(text.M(code, reason(err)))
	}
}

// run polls until ctx ends. It returns nil then.
func (p *poller) run(ctx context.Context) error {
	waiting := false
	for ctx.Err() == nil {
		lease, err := p.s.store.AcquireLease(ctx, store.LeaseRequest{Kind: p.kind, Owner: p.s.id, PID: os.Getpid(), TTL: leaseTerm})
		p.life.round(doesLease, leasePace)
		switch {
		case err == nil && lease.Held:
			waiting = false
			err = p.hold(ctx, lease)
		case err == nil && !waiting:
			waiting = true
			p.say(text.M("cli.poll_waiting", lease.Kind, lease.Host, lease.PID))
		}
		if ctx.Err() == nil && !errors.Is(err, store.ErrLeaseLost) {
			p.complain("cli.poll_lease", "cli.poll_lease_over", err)
		}
		pause(ctx, tickPace)
	}
	return nil
}

// hold polls while the lease is ours.
func (p *poller) hold(ctx context.Context, lease store.Lease) error {
	ctx, lose := context.WithCancelCause(ctx)
	defer lose(nil)
	var wg sync.WaitGroup
	wg.Go(func() { p.renew(ctx, lose, lease) })
	wg.Go(func() { p.tick(ctx) })
	wg.Go(func() { p.backups(ctx, lease.Epoch) })
	wg.Go(func() { p.privacy(ctx) })
	wg.Go(func() { p.tend(ctx, lease.Epoch) })
	if p.kind == kindRun { // a console has no log
		wg.Go(func() { p.anchors(ctx) })
		wg.Go(func() { p.reserve(ctx) })
	}
	for ctx.Err() == nil { // once per configuration
		if err := p.watch(ctx, lease.Epoch); err != nil {
			lose(err)
		}
	}
	wg.Wait()
	p.life.over(doesTick, doesResults)
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushWithin)
	defer cancel()
	return errors.Join(context.Cause(ctx), p.s.store.ReleaseLease(end, lease))
}

// renew keeps the lease; when it is lost, everything that depends on it ends.
func (p *poller) renew(ctx context.Context, lose context.CancelCauseFunc, lease store.Lease) {
	for pause(ctx, leasePace) {
		if _, err := p.s.store.RenewLease(ctx, lease); errors.Is(err, store.ErrLeaseLost) {
			lose(err)
		} else if ctx.Err() == nil {
			p.complain("cli.poll_lease", "cli.poll_lease_over", err)
		}
		p.life.round(doesLease, leasePace)
	}
}

// tick does what falls due by time.
func (p *poller) tick(ctx context.Context) {
	for pause(ctx, tickPace) {
		if err := p.s.desk.Tick(ctx); ctx.Err() == nil {
			p.complain("cli.poll_tick", "cli.poll_tick_over", err)
		}
		p.life.round(doesTick, tickPace)
	}
}

// watch runs the checks of the configuration in force, and its notifier, until ctx ends or the configuration changes.
func (p *poller) watch(ctx context.Context, epoch int64) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	conf := p.s.inForce()
	if err := p.s.store.SyncChecks(ctx, conf.Checks); err != nil {
		return err
	}
	states, err := p.s.store.States(ctx)
	if err != nil {
		return err
	}
	if err := p.s.desk.Reconcile(ctx, states); err != nil {
		return err
	}
	redact := clean.NewRedactor(conf.Secrets...)
	n := p.notifier(conf, redact)
	w := checks.NewWatcher(checks.Options{Checks: conf.Checks, States: states, Recorder: p.s.store.WithEpoch(epoch),
		Observe: p.observe(n, epoch), Now: p.s.app.env.Now,
		Redact: redact.Masking(conf.Mask.Without(clean.MaskIP))})
	var wg sync.WaitGroup
	wg.Add(2)
	go func() { defer wg.Done(); n.Run(ctx, nil) }()
	go func() { defer wg.Done(); p.health(ctx, w, epoch) }()
	go func() {
		select {
		case <-p.swap:
			stop()
		case <-ctx.Done():
		}
	}()
	err = w.Run(ctx)
	stop()
	wg.Wait()
	return err
}

// health tells the board how well the watching goes, and people what is wrong.
func (p *poller) health(ctx context.Context, w *checks.Watcher, epoch int64) {
	said, late := "", int64(-1)
	pace := shortestRound(p.s.inForce().Checks)
	p.life.round(doesResults, pace)
	for pause(ctx, tickPace) {
		st := w.Stats()
		p.life.results(st, pace)
		trouble := ""
		if errors.Is(st.Trouble, store.ErrLeaseLost) {
			return // another polls now
		}
		p.complain("cli.poll_trouble", "cli.poll_trouble_over", st.Trouble)
		if st.Trouble != nil {
			trouble = reason(st.Trouble).In(p.s.app.lang)
		}
		if trouble == said && st.Late == late {
			continue
		}
		if p.s.store.SetPoller(ctx, epoch, st.Late, trouble) == nil { // otherwise told again in a second
			said, late = trouble, st.Late
		}
	}
}

// pause waits; false when ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// remark says something about alarms; the same again only after a minute, because what does not work is tried each second.
func (p *poller) remark(m text.Message) {
	const again = time.Minute
	now, what := p.s.app.env.Now(), m.In(p.s.app.lang)
	p.mu.Lock()
	repeated := p.remarked == what && now.Sub(p.remarkedAt) < again
	if !repeated {
		p.remarked, p.remarkedAt = what, now
	}
	p.mu.Unlock()
	if !repeated {
		p.say(m)
	}
}
