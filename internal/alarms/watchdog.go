package alarms

import (
	"context"
	"sync"
	"time"

	"lage/incidents"
	"lage/internal/clean"
	"lage/internal/text"
	"lage/services"
)

// slept is the gap between two looks after which we cannot tell whether the Watchdog was silent or we were.
const slept = 30 * time.Second

// Watchdog waits for the alert that always fires. Its silence opens an incident: then alarms do not reach us.
type Watchdog struct {
	Desk   Desk
	Expect func() (service string, within time.Duration) // whose incident silence opens, and after what; no service means none is expected
	Say    func(text.Message)
	Now    func() time.Time

	mu     sync.Mutex
	heard  time.Time // last beat, or since when we listen
	looked time.Time
	raised time.Time // when its silence was last reported; zero while it is heard
	beaten bool      // heard at all, since we listen
}

func (w *Watchdog) expected() bool {
	service, _ := w.Expect()
	return service != ""
}

// Beat says that the Watchdog was heard. The first one also ends what an earlier process reported.
func (w *Watchdog) Beat(ctx context.Context) error {
	service, _ := w.Expect()
	if service == "" {
		return nil
	}
	w.mu.Lock()
	tell := !w.beaten || !w.raised.IsZero()
	w.heard = w.Now()
	w.mu.Unlock()
	if tell {
		if err := w.report(ctx, service, incidents.Up, text.M("alarms.watchdog_back")); err != nil {
			return err
		}
	}
	w.mu.Lock()
	w.beaten, w.raised = true, time.Time{}
	w.mu.Unlock()
	return nil
}

// Look opens an incident where the Watchdog has been silent for too long, and again after as long where somebody
// resolved it and nothing has come since. It is called about once a second.
func (w *Watchdog) Look(ctx context.Context) {
	service, within := w.Expect()
	now := w.Now()
	w.mu.Lock()
	if w.heard.IsZero() || now.Sub(w.looked) > slept || now.Before(w.looked) || service == "" {
		w.heard = now
	}
	w.looked = now
	silent := now.Sub(w.heard)
	due := service != "" && silent > within && (w.raised.IsZero() || now.Sub(w.raised) > within)
	w.mu.Unlock()
	if !due {
		return
	}
	if err := w.report(ctx, service, incidents.Down, text.M("alarms.no_watchdog", within)); err != nil {
		w.Say(text.M("alarms.not_stored", watchdogName, clean.Line(err.Error())))
		return
	}
	w.mu.Lock()
	if now.Sub(w.heard) > within { // it may have come while we wrote
		w.raised = now
	}
	w.mu.Unlock()
}

func (w *Watchdog) report(ctx context.Context, service string, to incidents.Standing, m text.Message) error {
	by := services.System()
	by.Role = services.Respond // what every other tool may do
	_, err := w.Desk.Act(ctx, incidents.Request{By: by, Do: incidents.Receive{
		Key: "watchdog", Service: service, State: to, Name: watchdogName, Message: m, Origin: "watchdog",
	}})
	return err
}
