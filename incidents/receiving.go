package incidents

import (
	"context"
	"errors"
	"slices"
	"time"

	"lage/checks"
	"lage/internal/clean"
	"lage/internal/text"
	"lage/runbooks"
)

// Limits of what another tool may say, in bytes. A longer key is refused, because cut keys might become the same; longer
// words are cut, because an alarm must not get lost over them.
const (
	maxKey    = 400
	maxSaid   = 2000
	oldestAge = 30 * 24 * time.Hour // an older beginning is a broken clock: now is taken
)

// Signal is what another tool says about a service under a key of its own. It is kept with the incident that it belongs to.
type Signal struct {
	Key    string
	Origin string   // which tool, and what it groups the key under; may be empty
	State  Standing // Up, Degraded or Down
	Since  time.Time
}

// Receive is another tool's word about a service. Down opens the service's incident or joins it; Degraded joins; Up
// proposes to resolve once nothing of the service is down any more. The same state of the same key again writes nothing.
type Receive struct {
	Key     string
	Service string
	State   Standing          // Up, Degraded or Down
	Name    string            // what people call it; empty means the key
	Message text.Message      // what the tool says; a raw one may come as it is, it is cleaned here
	Runbook string            // name of a runbook that is there; empty means the service's, or one that fits
	Labels  map[string]string // what else the tool says of it; only for finding a runbook
	Link    string            // what else the tool names as its runbook: shown, never followed
	Origin  string
	Since   time.Time // zero means now
}

func (Receive) action() {}

// receiveAction finds the incident that another tool's word belongs to, and writes what it changes.
func (d *Desk) receiveAction(ctx context.Context, r Request, a Receive) (Recorded, error) {
	for range tries {
		r.Record = ""
		list, err := d.Journal.OpenIncidents(ctx, a.Service)
		if err != nil {
			return Recorded{}, err
		}
		if a.Service != "" && len(list) > 0 {
			r.Record = list[0].ID
		}
		rec, err := d.commitOnce(ctx, r)
		if !errors.Is(err, ErrStale) {
			return rec, err
		}
	}
	return Recorded{}, &Refusal{Message: text.M("incidents.busy"), Stale: true}
}

func (d *draft) receive(a Receive) error {
	a, err := d.sound(a)
	if err != nil {
		return err
	}
	if d.inc == nil {
		if a.State == Down {
			d.openBy(a)
		}
		return nil
	}
	i := slices.IndexFunc(d.s.Signals, func(s Signal) bool { return s.Key == a.Key })
	before := Up
	if i >= 0 {
		before = d.s.Signals[i].State
	}
	if before == a.State {
		return nil
	}
	d.keep(a)
	switch a.State {
	case Down:
		again := d.failsAgain(checks.Transition{Since: a.Since})
		d.inc.Recovered = time.Time{}
		if d.inc.Runbook == "" {
			d.inc.Runbook = a.Runbook
		}
		d.signalEntry(KindAlertDown, "alarms.alert_down", a)
		if again {
			d.alarmAgain(a.Since)
		}
	case Degraded:
		d.signalEntry(KindAlertDegraded, "alarms.alert_degraded", a)
	case Up:
		d.signalEntry(KindAlertUp, "alarms.alert_up", a)
	}
	if before == Down {
		d.recoverBy(a)
	}
	return nil
}

// sound refuses what makes no sense and bounds the rest.
func (d *draft) sound(a Receive) (Receive, error) {
	a.Key, a.Name, a.Link, a.Origin = clean.Line(a.Key), bounded(a.Name), bounded(a.Link), bounded(a.Origin)
	if a.Message.Code == "" {
		// What machines say about machines keeps their addresses.
		a.Message = text.Raw(bounded(d.plan.Mask.Without(clean.MaskIP).Text(a.Message.In(text.English))))
	}
	_, known := d.plan.service(a.Service)
	switch {
	case a.Key == "":
		return a, refuse("alarms.needs_key")
	case len(a.Key) > maxKey:
		return a, refuse("incidents.too_long", maxKey)
	case !slices.Contains([]Standing{Up, Degraded, Down}, a.State):
		return a, refuse("alarms.no_state", clean.Line(string(a.State)))
	case !known:
		return a, refuse("incidents.no_service", clean.Line(a.Service), d.serviceIDs())
	}
	if a.Name == "" {
		a.Name = a.Key
	}
	if a.Since.IsZero() || a.Since.After(d.now) || d.now.Sub(a.Since) > oldestAge {
		a.Since = d.now
	}
	if a.Message.IsZero() {
		a.Message = text.M("incidents.alarm_no_message")
	}
	return a, nil
}

// bounded cleans words from outside and cuts what is too long.
func bounded(s string) string {
	s, was := clean.Cut(clean.Line(s), maxSaid)
	if was {
		s += " …"
	}
	return s
}

func (d *draft) openBy(a Receive) {
	svc, _ := d.plan.service(a.Service)
	book := a.Runbook
	if book == "" {
		book = d.plan.runbookOf(runbooks.Wanted{Service: a.Service, Labels: a.Labels, Said: append(bothLanguages(a.Message), a.Name)})
	}
	d.inc = &Incident{Service: a.Service, Title: svc.Title(string(d.plan.Lang)), State: Detected, Runbook: book, Started: a.Since, Detected: d.now}
	d.classed(svc)
	d.keep(a)
	d.signalEntry(KindAlertDown, "alarms.alert_down", a)
	d.entry(Entry{Kind: KindOpened, Message: text.M("incidents.opened", d.inc.Title)})
	d.escalate(stagesDue(*d.inc, d.plan, d.now))
}

// keep keeps where the key stands now.
func (d *draft) keep(a Receive) {
	d.out.Signals = append(d.out.Signals, Signal{Key: a.Key, Origin: a.Origin, State: a.State, Since: a.Since})
}

func (d *draft) signalEntry(k Kind, code string, a Receive) {
	m := text.M(code, a.Name, a.Message)
	if a.Link != "" && a.State == Down {
		m = text.M("alarms.alert_down_link", a.Name, a.Message, a.Link)
	}
	d.entry(Entry{Kind: k, OccurredAt: a.Since, Message: m})
}

// recoverBy proposes to resolve once neither another key nor a check of the service is down. Checks that are still down
// become part of the incident, so that it is proposed when they are up again.
func (d *draft) recoverBy(a Receive) {
	for _, id := range d.s.Failing {
		if !slices.Contains(d.inc.Checks, id) {
			d.inc.Checks = append(d.inc.Checks, id)
		}
	}
	if len(d.s.Failing) > 0 || d.signalled(a.Key) || !d.inc.Recovered.IsZero() {
		return
	}
	d.inc.Recovered = a.Since
	if a.Since.Before(d.inc.Started) {
		d.inc.Recovered = d.now
	}
	d.entry(Entry{Kind: KindRecovered, Message: text.M("alarms.recovered", d.plan.clockSpan(d.inc.Started, d.inc.Recovered))})
}

// signalled tells whether a key other than the one given is down.
func (d *draft) signalled(but string) bool {
	return slices.ContainsFunc(d.s.Signals, func(s Signal) bool { return s.State == Down && s.Key != but })
}
