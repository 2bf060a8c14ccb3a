package incidents

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"lage/checks"
	"lage/internal/text"
	"lage/services"
)

// quiet is how long an incident must have been well for a new failure to alarm again: whoever had it in hand may have
// left. Less is the same trouble, which those who were told are busy with.
const quiet = 15 * time.Minute

// alarming tells whether an incident's alarms may go out now: not while the service is closed (they follow when it opens)
// unless its class alarms then too, and not when it is acknowledged or well again, or when somebody said that they are awake.
func alarming(inc Incident, p Plan, now time.Time) bool {
	return inc.State == Detected && inc.Quiet.IsZero() && inc.Recovered.IsZero() && p.opening(inc, now).Equal(now)
}

// stagesDue counts the stages of the escalation that are due at now. Their time runs from the detection or, where the
// service was closed then, from its opening: the first stage gets its time to answer before the next one is alarmed.
func stagesDue(inc Incident, p Plan, now time.Time) int {
	if !alarming(inc, p, now) {
		return 0
	}
	svc, _ := p.service(inc.Service)
	from := p.opening(inc, inc.Detected)
	n := 0
	for n < len(svc.Escalation) && now.Sub(from) >= svc.Escalation[n].After {
		n++
	}
	return n
}

// opening gives t where alarms of the incident may go out then, otherwise when they may next: when the service opens, or at
// once where the class alarms outside service hours too. It is zero where the service never opens.
func (p Plan) opening(inc Incident, t time.Time) time.Time {
	svc, _ := p.service(inc.Service)
	if p.ClassOf(inc).Outside {
		return t
	}
	return svc.Hours.Opening(p.local(t))
}

// escalate alarms all stages up to upTo that have not been alarmed yet.
func (d *draft) escalate(upTo int) {
	svc, _ := d.plan.service(d.inc.Service)
	if d.inc.Stage == 0 && d.inc.ID == "" && len(svc.Escalation) > 0 && !d.plan.opening(*d.inc, d.now).Equal(d.now) {
		d.entry(Entry{Kind: KindAlarm, Message: text.M("incidents.alarm_waits")})
	}
	for ; d.inc.Stage < upTo && d.inc.Stage < len(svc.Escalation); d.inc.Stage++ {
		if names := d.alarm(svc, d.inc.Stage, d.inc.Started, d.now); names != "" {
			d.entry(Entry{Kind: KindAlarm, Message: text.M("incidents.alarm", d.inc.Stage+1, names)})
		} else {
			upTo++ // nobody was called: the next stage does not wait for its time
		}
	}
}

// failsAgain tells whether a failure comes so long after the incident was well that it has to be told anew. Where nobody
// has been alarmed yet, the first alarm is still to come.
func (d *draft) failsAgain(tr checks.Transition) bool {
	return d.inc.Stage > 0 && d.inc.Quiet.IsZero() && !d.inc.Recovered.IsZero() && tr.Since.Sub(d.inc.Recovered) >= quiet
}

// alarmAgain alarms the first stage once more, also where somebody acknowledged what was before. Outside service hours
// the alarm waits in the outbox until they begin.
func (d *draft) alarmAgain(since time.Time) {
	svc, _ := d.plan.service(d.inc.Service)
	at := d.plan.opening(*d.inc, d.now).UTC()
	if len(svc.Escalation) == 0 || at.IsZero() {
		return
	}
	if at.After(d.now) {
		d.entry(Entry{Kind: KindAlarm, Message: text.M("incidents.alarm_waits")})
	}
	if names := d.alarm(svc, 0, since, at); names != "" {
		d.entry(Entry{Kind: KindAlarm, Message: text.M("incidents.alarm_again", names)})
	}
}

// alarm puts a stage's alarms into the outbox, to be sent at a moment, and gives the names of those who get one.
func (d *draft) alarm(svc services.Service, stage int, since, at time.Time) string {
	var names []string
	for _, id := range svc.Escalation[stage].Notify {
		if _, ok := d.plan.Contacts[id]; !ok {
			continue
		}
		c, _ := services.OnCall(d.plan.Contacts, id, d.plan.local(at))
		name := d.plan.Contacts[id].Name
		switch {
		case len(c.Via) == 0: // a rota with nobody on call
			d.entry(Entry{Kind: KindAlarmFailed, Message: text.M("incidents.nobody_on_call", name)})
			continue
		case c.ID != id:
			name = fmt.Sprintf("%s (%s)", name, c.Name)
		}
		names = append(names, name)
		subject, body := text.M("incidents.alarm_subject", d.inc.Title, d.clock(since)), d.alarmBody(since)
		d.through(c, at, subject, body, func(i int) string { return fmt.Sprintf("%d:%s:%d:%s", stage, c.ID, i, d.r.Op) })
	}
	return strings.Join(names, ", ")
}

// through puts an alarm for a contact into the outbox, once for each of its channels, whose number makes the key.
func (d *draft) through(c services.Contact, at time.Time, subject, body text.Message, key func(i int) string) {
	for i, ch := range c.Via {
		d.out.Alerts = append(d.out.Alerts, Alert{Incident: d.inc.ID, Contact: c.ID, Channel: ch, Created: at, NextTry: at, Subject: subject, Body: body, Key: key(i)})
	}
}

// fewTries is after how many failed tries the next channel is used; the first goes on being tried.
const fewTries = 3

// otherwise uses the contact's next channel where an alert's own does not deliver, and tells whether there is one. It is
// used once: when the third try has failed, or when the alert is given up before that.
func (d *draft) otherwise(del Delivery) bool {
	a := del.Alert
	c := d.plan.Contacts[a.Contact]
	next := max(a.Via()+1, len(c.Via))
	parts := strings.SplitN(a.Key, ":", 4)
	if a.Via() < 0 {
		return false
	}
	tried := a.Tries + 1
	now := del.GiveUp && tried <= fewTries || !del.GiveUp && tried == fewTries
	if next >= len(c.Ways()) {
		return d.deputy(a, c, parts, now)
	}
	if now {
		parts[2] = strconv.Itoa(next)
		way := c.Ways()[next]
		d.out.Alerts = append(d.out.Alerts, Alert{Incident: d.inc.ID, Contact: a.Contact, Channel: way, Created: d.now, NextTry: d.now,
			Subject: a.Subject, Body: a.Body, Key: strings.Join(parts, ":")})
		d.entry(Entry{Kind: KindAlarm, Message: text.M("incidents.alarm_next_way", c.Name, ChannelWord(a.Channel), ChannelWord(way))})
	}
	return true
}

// deputyMark ends the key of a deputy's alarm: a deputy's own deputies are not called.
const deputyMark = "/deputy"

// deputy calls a contact's first deputy, where now says so, and tells whether there is one.
func (d *draft) deputy(a Alert, c services.Contact, key []string, now bool) bool {
	if strings.HasSuffix(a.Key, deputyMark) {
		return false
	}
	for _, id := range c.Deputies {
		deputy, known := d.plan.Contacts[id]
		if !known || len(deputy.Via) == 0 || !deputy.Hours.Contains(d.plan.local(d.now)) {
			continue
		}
		if now {
			d.through(deputy, d.now, a.Subject, a.Body, func(i int) string { return fmt.Sprintf("%s:%s:%d:%s%s", key[0], id, i, key[3], deputyMark) })
			d.entry(Entry{Kind: KindAlarm, Message: text.M("incidents.alarm_deputy", c.Name, deputy.Name)})
		}
		return true
	}
	return false
}

// stage gives the stage that an alert belongs to, from 0; -1 where its key does not say.
func (a Alert) stage() int { return a.number(0) }

// Via gives which of its contact's channels an alert goes through, from 0; -1 where its key does not say.
func (a Alert) Via() int { return a.number(2) }

// number reads a part of the key, as alarm writes it.
func (a Alert) number(part int) int {
	parts := strings.SplitN(a.Key, ":", 4)
	if len(parts) < 4 {
		return -1
	}
	n, err := strconv.Atoi(parts[part])
	if err != nil || n < 0 {
		return -1
	}
	return n
}

func (d *draft) alarmBody(since time.Time) text.Message {
	what := text.M("incidents.alarm_no_message")
	if len(d.inc.Checks) > 0 { // later stages: what failed was written before
		what = text.M("incidents.alarm_checks", strings.Join(d.inc.Checks, ", "))
	}
	for _, e := range d.out.Entries {
		if e.Kind == KindCheckDown || e.Kind == KindAlertDown || e.Kind == KindOpened {
			what = e.Message
			break
		}
	}
	return text.M("incidents.alarm_body", d.inc.Title, d.clock(since), what)
}

// report writes what became of an alert. Where it goes slowly the contact's next channel is used. An alert given up without
// another way alarms the stage after its own at once: somebody who should know was not reached.
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
		if alarming(*d.inc, d.plan, d.now) && !d.otherwise(del) {
			d.escalate(del.Alert.stage() + 2)
		}
	case alarming(*d.inc, d.plan, d.now):
		d.otherwise(del)
	}
	return nil
}
