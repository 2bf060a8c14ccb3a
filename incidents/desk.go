package incidents

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"lage/checks"
	"lage/internal/clean"
	"lage/internal/text"
	"lage/runbooks"
	"lage/services"
)

// Desk is the one door for change.
type Desk struct {
	Journal Journal
	Now     func() time.Time
	Plan    func() Plan // the configuration in force

	// Book gives a runbook as it was when a walk came to it, by its revision; nil where it is not known. May be nil.
	Book func(ctx context.Context, revision string) *runbooks.Runbook
	// States gives where our checks stand. May be nil.
	States func(ctx context.Context) (map[string]checks.State, error)
	// WalkEnded hears of walks that have ended, so that what their commands handed on to each other can go. May be nil.
	WalkEnded func(id string)
}

// Plan is what the Desk needs to know from the configuration.
type Plan struct {
	Services []services.Service
	Checks   []checks.Check
	Classes  services.Versions[[]services.Class]
	Contacts map[string]services.Contact
	Mask     *clean.Mask    // what is not to be stored of persons; nil means that everything may be
	AutoOpen bool           // open an incident when a check goes down
	Zone     *time.Location // for the year in IDs and the clock in alarms; nil means UTC
	Lang     text.Lang      // of titles that lage gives
	// Fitting lists the runbooks that fit something that fails, the best first, for where the configuration names none. Nil
	// means that there are no runbooks.
	Fitting func(runbooks.Wanted) []runbooks.Match
}

// service finds a service by ID; ok is false for one that is not configured.
func (p Plan) service(id string) (services.Service, bool) {
	for _, s := range p.Services {
		if s.ID == id {
			return s, true
		}
	}
	return services.Service{ID: id}, false
}

// runbookOf gives the runbook for a failure: the check's own, else its service's, else the one that fits best.
func (p Plan) runbookOf(w runbooks.Wanted) string {
	for _, c := range p.Checks {
		if slices.Contains(w.Checks, c.ID) && c.Runbook != "" {
			return c.Runbook
		}
	}
	if s, _ := p.service(w.Service); s.Runbook != "" {
		return s.Runbook
	}
	if p.Fitting != nil {
		if fits := p.Fitting(w); len(fits) > 0 {
			return fits[0].Book.Name
		}
	}
	return ""
}

// bothLanguages gives a message as runbooks may quote it.
func bothLanguages(m text.Message) []string { return []string{m.In(text.German), m.In(text.English)} }

func (p Plan) local(t time.Time) time.Time {
	if p.Zone == nil {
		return t.UTC()
	}
	return t.In(p.Zone)
}

// tries bounds how often the Desk decides again because somebody else was faster. A loser of that many races is told.
const tries = 12

// Act carries out a person's action: reads, decides, writes, and reads again where somebody wrote in between. What the
// person cannot do is a *Refusal; ErrNotFound where the record does not exist.
func (d *Desk) Act(ctx context.Context, r Request) (Recorded, error) {
	if r.Op == "" {
		r.Op = newOp()
	}
	if o, ok := r.Do.(Open); ok && r.Record == "" {
		return d.open(ctx, r, o)
	}
	if a, ok := r.Do.(Receive); ok {
		return d.receiveAction(ctx, r, a)
	}
	return d.commit(ctx, r)
}

// commit runs the loop of reading, deciding and writing for a record that may be empty (something new).
func (d *Desk) commit(ctx context.Context, r Request) (Recorded, error) {
	for range tries {
		s := Situation{}
		if r.Record != "" {
			var err error
			if s, err = d.Journal.Situation(ctx, r.Record, r.Walk); err != nil {
				return Recorded{}, err
			}
			if err := d.readWalk(ctx, r.Do, &s); err != nil {
				return Recorded{}, err
			}
		}
		dec, err := Decide(s, r, d.Plan(), d.Now())
		if err != nil {
			return Recorded{Incident: s.Incident, Walk: s.Walk}, err
		}
		if dec.empty() {
			return Recorded{Incident: s.Incident, Walk: s.Walk}, nil
		}
		rec, err := d.Journal.Record(ctx, dec)
		if _, ends := r.Do.(EndWalk); ends && err == nil && d.WalkEnded != nil && rec.Walk != nil {
			d.WalkEnded(rec.Walk.ID)
		}
		if !errors.Is(err, ErrStale) {
			return rec, err
		}
	}
	return Recorded{}, &Refusal{Message: text.M("incidents.busy"), Stale: true}
}

// readWalk adds what an action in a walk has to be judged by: the runbook, and our checks where the step waits for one.
func (d *Desk) readWalk(ctx context.Context, do Action, s *Situation) error {
	step, ok := stepOf(do)
	if !ok || s.Walk == nil || d.Book == nil {
		return nil
	}
	book, id := runbooks.SplitKey(step)
	rev := s.Walk.Revised(book)
	if book == "" || rev == "" {
		rev, id = s.Walk.Revision, step
	}
	if here, ok := s.Walk.Here(); ok && step == "" { // what is asked for there
		if _, in := do.(GiveInput); in {
			rev = here.Revision
		}
	}
	s.Book = d.Book(ctx, rev)
	if d.States == nil || s.Book == nil {
		return nil
	}
	st := s.Book.Step(id)
	if st == nil || st.Until.Check == "" {
		return nil
	}
	var err error
	s.States, err = d.States(ctx)
	return err
}

// stepOf gives the step that an action in a walk is about; empty where it is about the walk. ok is false for others.
func stepOf(do Action) (key string, ok bool) {
	switch a := do.(type) {
	case MarkStep:
		return a.Step, true
	case ClaimStep:
		return a.Step, true
	case StartWait:
		return a.Step, true
	case Choose:
		return a.Step, true
	case SignOff:
		return a.Step, true
	case CommandStarted:
		return a.Step, true
	case CommandEnded:
		return a.Step, true
	case EndWalk, GiveInput:
		return "", true
	}
	return "", false
}

// open opens an incident by hand, or adds the report to the service's open one.
func (d *Desk) open(ctx context.Context, r Request, o Open) (Recorded, error) {
	for range tries {
		rr := r
		if o.Service != "" {
			list, err := d.Journal.OpenIncidents(ctx, o.Service)
			if err != nil {
				return Recorded{}, err
			}
			if len(list) > 0 {
				rr.Record = list[0].ID
			}
		}
		rec, err := d.commitOnce(ctx, rr)
		if !errors.Is(err, ErrStale) {
			return rec, err
		}
	}
	return Recorded{}, &Refusal{Message: text.M("incidents.busy"), Stale: true}
}

// commitOnce is one round of commit; ErrStale comes back to the caller, who has to choose the record anew.
func (d *Desk) commitOnce(ctx context.Context, r Request) (Recorded, error) {
	s := Situation{}
	if r.Record != "" {
		var err error
		if s, err = d.Journal.Situation(ctx, r.Record, r.Walk); err != nil {
			return Recorded{}, err
		}
	}
	dec, err := Decide(s, r, d.Plan(), d.Now())
	if err != nil || dec.empty() {
		return Recorded{Incident: s.Incident, Walk: s.Walk}, err
	}
	return d.Journal.Record(ctx, dec)
}

// Observe takes a check's transition: it opens an incident, joins the open one, or proposes to resolve it. allUp tells
// whether no check of the service is down or flapping any more. Observing the same transition twice writes it once.
func (d *Desk) Observe(ctx context.Context, tr checks.Transition, allUp bool) error {
	r := Request{
		By: services.System(),
		Do: observed{tr: tr, allUp: allUp},
		Op: fmt.Sprintf("observed:%s:%s:%d", tr.Check, tr.To, tr.Since.UnixNano()),
	}
	for range tries {
		r.Record = ""
		list, err := d.Journal.OpenIncidents(ctx, tr.Service)
		if err != nil {
			return err
		}
		if len(list) > 0 {
			r.Record = list[0].ID
		}
		if _, err = d.commitOnce(ctx, r); !errors.Is(err, ErrStale) {
			return err
		}
	}
	return ErrStale
}

// Unrecorded gives the alerts that a check's outage would raise at once, for when the journal takes nothing: they are in
// no outbox, and nobody will write what becomes of them. There are none where the service has an open incident already, as
// far as that can be read.
func (d *Desk) Unrecorded(ctx context.Context, tr checks.Transition) []Alert {
	if list, err := d.Journal.OpenIncidents(ctx, tr.Service); err == nil && len(list) > 0 {
		return nil
	}
	r := Request{By: services.System(), Do: observed{tr: tr}, Op: newOp()}
	dec, err := Decide(Situation{}, r, d.Plan(), d.Now())
	if err != nil {
		return nil
	}
	for i := range dec.Alerts {
		dec.Alerts[i].Body = text.M("incidents.alarm_unrecorded", dec.Alerts[i].Body)
	}
	return dec.Alerts
}

// Reconcile observes again where every check stands, so that a poller that died between storing a result and opening
// the incident has lost nothing. What was observed before is not written again. One check's trouble does not keep the
// others from being observed.
func (d *Desk) Reconcile(ctx context.Context, states map[string]checks.State) error {
	plan := d.Plan()
	allUp := map[string]bool{}
	for _, c := range plan.Checks {
		st := states[c.ID].Status
		up, seen := allUp[c.Service]
		allUp[c.Service] = (up || !seen) && st != checks.StatusDown && st != checks.StatusFlapping
	}
	var errs []error
	for _, c := range plan.Checks {
		st, ok := states[c.ID]
		if !ok || st.Status == checks.StatusUnknown || st.Status == "" {
			continue
		}
		tr := checks.Transition{Check: c.ID, Service: c.Service, To: st.Status, At: st.Last.At, Since: st.Since, Message: st.Last.Message}
		if err := d.Observe(ctx, tr, allUp[c.Service]); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// Tick does what falls due by time: stages of an escalation, while nobody has acknowledged. Only the lease holder calls
// it, about once a second. One incident's trouble does not keep the others from being escalated.
func (d *Desk) Tick(ctx context.Context) error {
	due, err := d.Journal.Due(ctx, d.Now())
	if err != nil {
		return err
	}
	plan := d.Plan()
	var errs []error
	for i := range due {
		if n := stagesDue(due[i], plan, d.Now()); n <= due[i].Stage {
			continue
		}
		r := Request{Record: due[i].ID, By: services.System(), Do: escalated{}, Op: newOp()}
		if _, err := d.commit(ctx, r); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// Deliver writes what became of an alert: the outbox and, when it is sent or given up, the timeline.
func (d *Desk) Deliver(ctx context.Context, del Delivery) error {
	op := fmt.Sprintf("delivery:%d:%d", del.Alert.ID, del.Alert.Tries)
	_, err := d.commit(ctx, Request{Record: del.Alert.Incident, By: services.System(), Do: reported{del}, Op: op})
	return err
}

// newOp gives a fresh operation ID.
func newOp() string {
	var b [12]byte
	if _, err := rand.Read(b[:]); err != nil { // the kernel's generator does not fail; without it nothing is safe
		panic(err)
	}
	return hex.EncodeToString(b[:])
}
