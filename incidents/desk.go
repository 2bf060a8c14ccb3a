package incidents

import (
	"context"
	"time"

	"lage/checks"
	"lage/services"
)

// Desk is the one door for change.
type Desk struct {
	Journal Journal
	Now     func() time.Time
	Zone    *time.Location // for the year in IDs; nil means UTC
	Plan    func() Plan    // the configuration in force
}

// Plan is what the Desk needs to know from the configuration.
type Plan struct {
	Services []services.Service
	Checks   []checks.Check
	Contacts map[string]services.Contact
	AutoOpen bool
}

// Act carries out a person's action: reads, decides, writes, and reads again where a colleague was faster. What the
// person cannot do is a *Refusal.
func (d *Desk) Act(ctx context.Context, r Request) (Recorded, error) { panic("lead writes this") }

// Observe takes a check's transition: it opens an incident, joins the open one, or proposes to resolve it. allUp tells
// whether no check of the service is down or flapping any more.
func (d *Desk) Observe(ctx context.Context, tr checks.Transition, allUp bool) error {
	panic("lead writes this")
}

// Tick does what falls due by time: the first stage of an escalation at once, later ones while nobody has acknowledged.
// Only the lease holder calls it, about once a second.
func (d *Desk) Tick(ctx context.Context) error { panic("lead writes this") }

// Deliver writes what became of an alert: the outbox and, when it is sent or given up, the timeline.
func (d *Desk) Deliver(ctx context.Context, del Delivery) error { panic("lead writes this") }
