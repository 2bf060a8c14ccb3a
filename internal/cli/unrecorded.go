package cli

import (
	"context"
	"errors"
	"time"

	"lage/checks"
	"lage/internal/text"
	"lage/notify"
	"lage/store"
)

// patience is how long an outage that cannot be written down waits for the database before people are alarmed without it.
const patience = 10 * time.Second

// outageKey names one outage of a check.
type outageKey struct {
	check string
	since int64
}

// observe hands transitions to the Desk. While the database takes nothing, an outage cannot become an incident; those who
// would be alarmed first are alarmed all the same, once. When the database works again, incident and alarm follow as ever.
// The Watcher calls it from one goroutine, again each second for what failed. What a poller measured that slept while another
// took over is nobody's business any more: it opens nothing and alarms nobody.
func (p *poller) observe(n *notify.Notifier, epoch int64) func(context.Context, checks.Transition, bool) error {
	waits := map[outageKey]time.Time{} // since when an outage waits; zero when people have been told
	return func(ctx context.Context, t checks.Transition, allUp bool) error {
		err := p.s.store.CheckEpoch(ctx, epoch)
		if errors.Is(err, store.ErrLeaseLost) {
			return err
		}
		if err == nil {
			err = p.s.desk.Observe(ctx, t, allUp)
		}
		key := outageKey{t.Check, t.Since.UnixNano()}
		if err == nil || t.To != checks.StatusDown {
			delete(waits, key)
			return err
		}
		since, seen := waits[key]
		if now := p.s.app.env.Now(); !seen {
			waits[key] = now
		} else if !since.IsZero() && now.Sub(since) >= patience {
			waits[key] = time.Time{}
			p.alarmUnrecorded(ctx, n, t)
		}
		return err
	}
}

// alarmUnrecorded alarms the first stage without outbox and timeline, and says what became of it.
func (p *poller) alarmUnrecorded(ctx context.Context, n *notify.Notifier, t checks.Transition) {
	for _, a := range p.s.desk.Unrecorded(ctx, t) {
		go func() { // a channel that is stuck delays no other, and not the observing
			if err := n.Send(context.WithoutCancel(ctx), a); err != nil {
				p.say(text.M("cli.poll_unrecorded_failed", a.Contact, reason(err)))
				return
			}
			p.say(text.M("cli.poll_unrecorded", t.Check, a.Contact))
		}()
	}
}
