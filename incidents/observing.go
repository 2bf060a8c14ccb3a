package incidents

import (
	"slices"
	"time"

	"lage/checks"
	"lage/internal/text"
	"lage/runbooks"
)

// observe turns a check's transition into entries, a new incident, or the proposal to resolve.
func (d *draft) observe(a observed) error {
	tr := a.tr
	if d.inc == nil {
		if tr.To == checks.StatusDown && d.plan.AutoOpen {
			d.openFor(tr)
		}
		return nil
	}
	part := slices.Contains(d.inc.Checks, tr.Check)
	switch tr.To {
	case checks.StatusDown:
		again := d.failsAgain(tr)
		d.fails(tr)
		d.checkEntry(KindCheckDown, tr, "incidents.check_down")
		if again {
			d.alarmAgain(tr.Since)
		}
	case checks.StatusDegraded:
		d.checkEntry(KindCheckDegraded, tr, "incidents.check_degraded")
		d.recover(tr, a.allUp)
	case checks.StatusFlapping:
		d.fails(tr)
		d.checkEntry(KindCheckDegraded, tr, "incidents.check_flapping")
	case checks.StatusUp:
		if part {
			d.checkEntry(KindCheckUp, tr, "incidents.check_up")
		}
		d.recover(tr, a.allUp)
	}
	return nil
}

// fails makes a check part of the incident: it has not recovered while the check is down or flapping.
func (d *draft) fails(tr checks.Transition) {
	if !slices.Contains(d.inc.Checks, tr.Check) {
		d.inc.Checks = append(d.inc.Checks, tr.Check)
	}
	d.inc.Recovered = time.Time{}
}

// recover proposes to resolve once all checks are well again. It never resolves: only a person does.
func (d *draft) recover(tr checks.Transition, allUp bool) {
	if !allUp || !d.inc.Recovered.IsZero() || !d.endsWith(tr) || d.signalled("") {
		return
	}
	d.inc.Recovered = tr.Since
	d.entry(Entry{Kind: KindRecovered, OccurredAt: tr.At, Message: text.M("incidents.recovered", d.plan.clockSpan(d.inc.Started, tr.Since))})
}

// endsWith tells whether the incident can have ended with this check. One that did not fail in the incident was down
// before it began, or it was well all the time and says nothing; what became of a check that left the configuration
// nobody knows.
func (d *draft) endsWith(tr checks.Transition) bool {
	if slices.Contains(d.inc.Checks, tr.Check) {
		return true
	}
	if len(d.inc.Checks) == 0 || tr.Since.Before(d.inc.Started) {
		return false
	}
	for _, id := range d.inc.Checks {
		if !slices.ContainsFunc(d.plan.Checks, func(c checks.Check) bool { return c.ID == id }) {
			return false
		}
	}
	return true
}

// clockSpan gives the length of an outage for a message.
func (p Plan) clockSpan(from, to time.Time) time.Duration { return to.Sub(from).Truncate(time.Second) }

func (d *draft) checkEntry(k Kind, tr checks.Transition, code string) {
	at := tr.Since
	if at.IsZero() {
		at = tr.At
	}
	d.entry(Entry{Kind: k, OccurredAt: at, Check: tr.Check, Message: text.M(code, tr.Check, tr.Message)})
}

func (d *draft) openFor(tr checks.Transition) {
	svc, _ := d.plan.service(tr.Service)
	d.inc = &Incident{
		Service: tr.Service, Title: svc.Title(string(d.plan.Lang)), State: Detected, Checks: []string{tr.Check},
		Runbook: d.plan.runbookOf(runbooks.Wanted{Checks: []string{tr.Check}, Service: tr.Service, Said: bothLanguages(tr.Message)}), Started: tr.Since, Detected: d.now,
	}
	d.classed(svc)
	d.checkEntry(KindCheckDown, tr, "incidents.check_down")
	d.entry(Entry{Kind: KindOpened, Message: text.M("incidents.opened", d.inc.Title)})
	d.escalate(stagesDue(*d.inc, d.plan, d.now))
}
