package incidents

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"lage/checks"
	"lage/internal/text"
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
		if !part {
			d.inc.Checks = append(d.inc.Checks, tr.Check)
		}
		d.inc.Recovered = time.Time{}
		d.checkEntry(KindCheckDown, tr, "incidents.check_down")
	case checks.StatusDegraded:
		d.checkEntry(KindCheckDegraded, tr, "incidents.check_degraded")
		d.recover(tr, a.allUp && part)
	case checks.StatusFlapping:
		d.checkEntry(KindCheckDegraded, tr, "incidents.check_flapping")
	case checks.StatusUp:
		if part {
			d.checkEntry(KindCheckUp, tr, "incidents.check_up")
		}
		d.recover(tr, a.allUp && part)
	}
	return nil
}

// recover proposes to resolve once all checks are well again. It never resolves: only a person does.
func (d *draft) recover(tr checks.Transition, well bool) {
	if !well || !d.inc.Recovered.IsZero() {
		return
	}
	d.inc.Recovered = tr.Since
	d.entry(Entry{Kind: KindRecovered, OccurredAt: tr.At, Message: text.M("incidents.recovered", d.plan.clockSpan(d.inc.Started, tr.Since))})
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
		Runbook: d.plan.runbookOf(tr.Check, tr.Service), Started: tr.Since, Detected: d.now,
	}
	d.checkEntry(KindCheckDown, tr, "incidents.check_down")
	d.entry(Entry{Kind: KindOpened, Message: text.M("incidents.opened", d.inc.Title)})
	d.escalate(stagesDue(*d.inc, d.plan, d.now))
}

// stagesDue counts the stages of the escalation that are due at now. None are while the service is closed (they fall
// due when it opens), acknowledged, or well again.
func stagesDue(inc Incident, p Plan, now time.Time) int {
	if inc.State != Detected || !inc.Recovered.IsZero() {
		return 0
	}
	svc, _ := p.service(inc.Service)
	if !svc.Hours.Contains(p.local(now)) {
		return 0
	}
	n := 0
	for n < len(svc.Escalation) && now.Sub(inc.Detected) >= svc.Escalation[n].After {
		n++
	}
	return n
}

// escalate alarms all stages up to upTo that have not been alarmed yet.
func (d *draft) escalate(upTo int) {
	svc, _ := d.plan.service(d.inc.Service)
	if d.inc.Stage == 0 && d.inc.ID == "" && len(svc.Escalation) > 0 && !svc.Hours.Contains(d.plan.local(d.now)) {
		d.entry(Entry{Kind: KindAlarm, Message: text.M("incidents.alarm_waits")})
	}
	for ; d.inc.Stage < upTo && d.inc.Stage < len(svc.Escalation); d.inc.Stage++ {
		var names []string
		for _, id := range svc.Escalation[d.inc.Stage].Notify {
			c, ok := d.plan.Contacts[id]
			if !ok {
				continue
			}
			names = append(names, c.Name)
			for i, ch := range c.Via {
				d.out.Alerts = append(d.out.Alerts, Alert{
					Incident: d.inc.ID, Contact: id, Channel: ch, Created: d.now, NextTry: d.now,
					Subject: text.M("incidents.alarm_subject", d.inc.Title, d.clock(d.inc.Started)),
					Body:    d.alarmBody(),
					Key:     fmt.Sprintf("%d:%s:%d:%s", d.inc.Stage, id, i, d.r.Op),
				})
			}
		}
		if len(names) > 0 {
			d.entry(Entry{Kind: KindAlarm, Message: text.M("incidents.alarm", d.inc.Stage+1, strings.Join(names, ", "))})
		}
	}
}

func (d *draft) alarmBody() text.Message {
	what := text.M("incidents.alarm_no_message")
	for _, e := range d.out.Entries {
		if e.Kind == KindCheckDown || e.Kind == KindOpened {
			what = e.Message
			break
		}
	}
	return text.M("incidents.alarm_body", d.inc.Title, d.clock(d.inc.Started), what)
}

// report writes what became of an alert. An alert given up alarms the next stage at once: nobody was reached.
func (d *draft) report(a reported) error {
	del := a.d
	d.out.Delivered = &del
	name := del.Alert.Contact
	if c, ok := d.plan.Contacts[name]; ok {
		name = c.Name
	}
	switch {
	case del.Sent:
		d.entry(Entry{Kind: KindAlarmSent, OccurredAt: del.At, Message: text.M("incidents.alarm_sent", name, ChannelWord(del.Alert.Channel))})
	case del.GiveUp:
		d.entry(Entry{Kind: KindAlarmFailed, OccurredAt: del.At, Message: text.M("incidents.alarm_failed", name, ChannelWord(del.Alert.Channel), del.Reason)})
		if d.inc.State == Detected {
			d.escalate(d.inc.Stage + 1)
		}
	}
	return nil
}
