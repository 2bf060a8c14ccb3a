package incidents

import (
	"slices"
	"strings"
	"time"

	"lage/internal/clean"
	"lage/internal/text"
	"lage/runbooks"
	"lage/services"
)

// Limits of what a person may write into one entry, in bytes. Longer text is refused, not cut: nothing is lost silently.
const (
	maxNote  = 64 << 10
	maxTitle = 400
)

// Decide says what an action writes. It is pure. A *Refusal says why not; an empty decision means that nothing needs to
// be written (acknowledging again what one has acknowledged).
func Decide(s Situation, r Request, p Plan, now time.Time) (Decision, error) {
	if err := May(r.By, r.Do); err != nil {
		return Decision{}, err
	}
	role := r.By.Role
	r.By.Role = "" // what is written says who, not what they may do
	d := &draft{s: s, r: r, plan: p, now: now, role: role}
	if s.Incident != nil {
		inc := *s.Incident
		inc.Checks = slices.Clone(inc.Checks)
		d.inc = &inc
	}
	if s.Walk != nil {
		w := s.Walk.Clone()
		d.walk = &w
	}
	if err := d.do(r.Do); err != nil {
		return Decision{}, err
	}
	return d.decision(), nil
}

func (d Decision) empty() bool {
	return len(d.Entries) == 0 && d.Delivered == nil && d.Incident == nil && d.Walk == nil
}

// draft is a decision in the making.
type draft struct {
	s    Situation
	r    Request
	plan Plan
	now  time.Time
	role services.Role // of who acts; never written

	inc     *Incident
	walk    *runbooks.Walk
	incNew  bool // the incident changes (always with an entry)
	walkNew bool
	out     Decision
}

func (d *draft) do(a Action) error {
	if err := d.needs(a); err != nil {
		return err
	}
	switch a := a.(type) {
	case Open:
		return d.open(a)
	case Acknowledge:
		return d.acknowledge()
	case Note:
		return d.note(a)
	case Correct:
		return d.correct(a)
	case ChangeState:
		return d.changeState(a)
	case SetClass:
		return d.setClass(a)
	case SetTime:
		return d.setTime(a)
	case Quieten, HandOver, Accept:
		return d.lead(a)
	case Resolve:
		return d.resolve(a)
	case StartWalk:
		return d.startWalk(a)
	case EndWalk:
		return d.endWalk(a)
	case MarkStep, ClaimStep, StartWait, Choose, GoBack, GiveInput, SignOff:
		return d.doStep(a)
	case CommandStarted:
		return d.commandStarted(a)
	case CommandEnded:
		return d.commandEnded(a)
	case Exported:
		d.entry(Entry{Kind: KindExported, Message: text.M("incidents.exported", clean.Line(a.To))})
		return nil
	case Redact:
		return d.redact(a)
	case observed:
		return d.observe(a)
	case reported:
		return d.report(a)
	case Receive:
		return d.receive(a)
	case escalated:
		d.escalate(stagesDue(*d.inc, d.plan, d.now))
		return nil
	}
	return refuse("incidents.unknown_action")
}

// lead does what is about who has the incident in hand.
func (d *draft) lead(a Action) error {
	switch a := a.(type) {
	case Quieten:
		return d.quieten()
	case HandOver:
		return d.handOver(a)
	case Accept:
		return d.accept()
	}
	return refuse("incidents.unknown_action")
}

// doStep does what a person does in a walk, besides running commands.
func (d *draft) doStep(a Action) error {
	switch a := a.(type) {
	case MarkStep:
		return d.markStep(a)
	case ClaimStep:
		return d.claim(a)
	case StartWait:
		return d.startWait(a)
	case Choose:
		return d.choose(a)
	case GoBack:
		return d.goBack()
	case GiveInput:
		return d.giveInput(a)
	case SignOff:
		return d.signOff(a)
	}
	return refuse("incidents.unknown_action")
}

// needs refuses actions on what is not there.
func (d *draft) needs(a Action) error {
	switch a.(type) {
	case Acknowledge, ChangeState, SetClass, SetTime, Quieten, HandOver, Accept, Resolve, reported, escalated:
		if d.inc == nil {
			return refuse("incidents.needs_incident")
		}
	case EndWalk, MarkStep, ClaimStep, StartWait, Choose, GoBack, GiveInput, SignOff, CommandStarted, CommandEnded:
		if d.walk == nil {
			return refuse("incidents.needs_walk")
		}
		if _, ends := a.(EndWalk); ends {
			return d.inWalk("")
		}
	case Note, Correct, Exported, Redact:
		if d.inc == nil && d.walk == nil {
			return refuse("incidents.needs_incident")
		}
	}
	return nil
}

// entry adds a line to the timeline of the record.
func (d *draft) entry(e Entry) {
	if e.OccurredAt.IsZero() {
		e.OccurredAt = d.now
	}
	if e.Who == (services.Person{}) {
		e.Who = d.r.By
	}
	switch {
	case d.inc != nil:
		e.Record = d.inc.ID
		d.incNew = true
	case d.walk != nil:
		e.Record = d.walk.ID
		d.walkNew = true
	}
	d.out.Entries = append(d.out.Entries, e)
}

func (d *draft) decision() Decision {
	d.out.Op = d.r.Op
	d.out.Year = d.plan.local(d.now).Year()
	if d.incNew {
		d.inc.Version++
		d.out.Incident = d.inc
	}
	if d.walkNew {
		d.walk.Version++
		d.out.Walk = d.walk
	}
	return d.out
}

func (d *draft) open(a Open) error {
	title := d.plan.Mask.Text(clean.Line(a.Title))
	if len(title) > maxTitle {
		return refuse("incidents.too_long", maxTitle)
	}
	svc, known := d.plan.service(a.Service)
	if d.inc != nil {
		if title == "" {
			title = svc.Title(string(d.plan.Lang))
		}
		d.entry(Entry{Kind: KindNote, Message: text.M("incidents.reported_again", title)})
		return nil
	}
	if a.Service != "" && !known {
		return refuse("incidents.no_service", a.Service, d.serviceIDs())
	}
	if title == "" {
		if a.Service == "" {
			return refuse("incidents.needs_title")
		}
		title = svc.Title(string(d.plan.Lang))
	}
	started := a.Started
	if started.IsZero() || started.After(d.now) {
		started = d.now
	}
	book := a.Runbook
	if book == "" {
		book = d.plan.runbookOf(runbooks.Wanted{Service: a.Service, Said: []string{title}})
	}
	d.inc = &Incident{Service: a.Service, Title: title, State: Detected, Runbook: book, Started: started, Detected: d.now}
	d.classed(svc)
	d.entry(Entry{Kind: KindOpened, Message: text.M("incidents.opened_by_hand", title)})
	d.escalate(stagesDue(*d.inc, d.plan, d.now))
	return nil
}

func (d *draft) serviceIDs() string {
	ids := make([]string, 0, len(d.plan.Services))
	for _, s := range d.plan.Services {
		ids = append(ids, s.ID)
	}
	return strings.Join(ids, ", ")
}

// seen refuses when the person decided on a picture that is no longer true.
func (d *draft) seen() error {
	if d.r.Seen == "" || d.r.Seen == d.inc.State {
		return nil
	}
	return &Refusal{Stale: true, Message: text.M("incidents.state_moved", stateWord(d.inc.State), d.s.LastBy.Name, d.clock(d.s.LastAt))}
}

func (d *draft) clock(t time.Time) string { return text.Clock(d.plan.local(t)) }

func stateWord(s State) text.Message { return text.M("incidents.state_" + string(s)) }

func (d *draft) acknowledge() error {
	if !d.inc.Open() {
		return refuse("incidents.already_resolved", d.inc.ID)
	}
	me := d.r.By.Name
	if d.inc.Offered(me) {
		return d.accept()
	}
	if d.inc.State == Detected {
		d.takeLead()
		d.entry(Entry{Kind: KindAcknowledged, Message: text.M("incidents.acknowledged", me)})
		return nil
	}
	if d.inc.Lead == me {
		return nil
	}
	if d.r.Seen == "" || d.r.Seen == Detected {
		return &Refusal{Stale: true, Message: text.M("incidents.already_acknowledged", d.inc.Lead, d.clock(d.inc.Acknowledged))}
	}
	from := d.inc.Lead
	d.inc.Lead, d.inc.Handover = me, nil
	d.entry(Entry{Kind: KindAcknowledged, Message: text.M("incidents.took_over", me, from)})
	return nil
}

func (d *draft) takeLead() {
	if d.inc.State == Detected {
		d.inc.State = Acknowledged
	}
	d.inc.Lead = d.r.By.Name
	d.inc.Acknowledged = d.now
}

func (d *draft) changeState(a ChangeState) error {
	if err := d.seen(); err != nil {
		return err
	}
	switch {
	case !slices.Contains(States(), a.To):
		return refuse("incidents.no_state", string(a.To))
	case a.To == Resolved:
		return d.resolve(Resolve{})
	case a.To == Acknowledged && d.inc.State == Detected:
		return d.acknowledge()
	case !d.inc.Open():
		return refuse("incidents.already_resolved", d.inc.ID)
	case a.To == d.inc.State:
		return refuse("incidents.same_state", stateWord(a.To))
	case a.To == Detected:
		return refuse("incidents.no_way_back")
	}
	if d.inc.State == Detected { // who works on it has it
		d.takeLead()
	}
	d.inc.State = a.To
	d.entry(Entry{Kind: KindState, Message: text.M("incidents.state_changed", stateWord(a.To))})
	return nil
}

func (d *draft) resolve(a Resolve) error {
	if !d.inc.Open() {
		return &Refusal{Stale: d.r.Seen != "", Message: text.M("incidents.already_resolved", d.inc.ID)}
	}
	if err := d.seen(); err != nil {
		return err
	}
	if a.Well && d.inc.Recovered.IsZero() {
		return &Refusal{Stale: true, Message: text.M("incidents.failed_again", d.inc.ID)}
	}
	cause := d.plan.Mask.Text(clean.Line(a.Cause))
	if len(cause) > maxTitle*4 {
		return refuse("incidents.too_long", maxTitle*4)
	}
	ended := a.Ended
	switch {
	case !ended.IsZero() && (ended.After(d.now) || ended.Before(d.inc.Started)):
		return refuse("incidents.bad_end")
	case ended.IsZero() && !d.inc.Ended().IsZero():
		ended = d.inc.Ended()
	case ended.IsZero():
		ended = d.now
	}
	if d.inc.State == Detected {
		d.takeLead()
	}
	d.inc.Handover = nil
	d.inc.State, d.inc.Resolved, d.inc.Mitigated, d.inc.Recovered, d.inc.Cause = Resolved, d.now, ended, ended, cause
	m := text.M("incidents.resolved")
	if cause != "" {
		m = text.M("incidents.resolved_cause", cause)
	}
	d.entry(Entry{Kind: KindResolved, Message: m})
	return nil
}

func refuse(code string, args ...any) *Refusal { return &Refusal{Message: text.M(code, args...)} }
