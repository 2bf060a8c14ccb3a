package incidents

import (
	"slices"
	"strings"
	"time"

	"lage/internal/clean"
	"lage/internal/text"
	"lage/runbooks"
)

// Handover is a lead that is offered to somebody, until they accept it or somebody else takes it.
type Handover struct {
	To, By string // names
	Note   string // how it stands, on one line
	At     time.Time
}

// Quieten says that somebody is awake and works on it: the incident alarms nobody any more until its end.
type Quieten struct{}

// HandOver offers the lead to somebody: a contact's ID, or a name. The lead changes when they accept.
type HandOver struct{ To, Note string }

// Accept takes the lead that was offered.
type Accept struct{}

func (Quieten) action()  {}
func (HandOver) action() {}
func (Accept) action()   {}

func (d *draft) quieten() error {
	switch {
	case !d.inc.Open():
		return refuse("incidents.already_resolved", d.inc.ID)
	case !d.inc.Quiet.IsZero():
		return nil
	}
	d.inc.Quiet = d.now
	d.entry(Entry{Kind: KindQuiet, Message: text.M("incidents.quieted", d.r.By.Name)})
	return nil
}

func (d *draft) handOver(a HandOver) error {
	to := clean.Line(a.To)
	if c, ok := d.plan.Contacts[to]; ok {
		to = c.Name
	}
	note := d.plan.Mask.Text(clean.Line(a.Note))
	switch {
	case !d.inc.Open():
		return refuse("incidents.already_resolved", d.inc.ID)
	case to == "":
		return refuse("incidents.needs_to")
	case len(to) > maxTitle:
		return refuse("incidents.too_long", maxTitle)
	case len(note) > maxTitle*4:
		return refuse("incidents.too_long", maxTitle*4)
	case d.inc.Lead != "" && strings.EqualFold(to, d.inc.Lead):
		return refuse("incidents.leads_already", to)
	}
	d.inc.Handover = &Handover{To: to, By: d.r.By.Name, Note: note, At: d.now}
	d.entry(Entry{Kind: KindHandover, Message: text.M("incidents.handed_over", d.r.By.Name, to, note)})
	return nil
}

// Offered tells whether the lead is offered to somebody of that name.
func (i Incident) Offered(name string) bool {
	return i.Handover != nil && strings.EqualFold(strings.TrimSpace(name), i.Handover.To)
}

func (d *draft) accept() error {
	h, me := d.inc.Handover, d.r.By.Name
	switch {
	case !d.inc.Open():
		return refuse("incidents.already_resolved", d.inc.ID)
	case h == nil:
		return refuse("incidents.no_handover")
	case !d.inc.Offered(me):
		return refuse("incidents.handover_for", h.To)
	}
	if d.inc.State == Detected {
		d.takeLead()
	}
	d.inc.Lead, d.inc.Handover = me, nil
	d.entry(Entry{Kind: KindHandoverAccepted, Message: text.M("incidents.handover_accepted", me, h.By)})
	return nil
}

// shownSteps is how many of the newest steps and questions a generated note names.
const shownSteps = 4

// HandoverNote puts together what the next person needs: how it stands, what was tried, what is open, what is due next.
// Service hours that have no zone of their own are read in zone.
func (r Room) HandoverNote(l text.Lang, zone *time.Location, now time.Time) string {
	none := text.T(l, "incidents.hand_nothing")
	list := func(names []string) string {
		if len(names) == 0 {
			return none
		}
		return strings.Join(names[max(0, len(names)-shownSteps):], ", ")
	}
	var tried, open []string
	corrected := Corrections(r.Entries)
	for _, e := range r.Entries {
		switch e.Kind {
		case KindStepDone, KindStepFailed:
			tried = append(tried, e.Words(l))
		case KindNote:
			if sign, words := e.Marked(corrected[e.Seq]); sign == "?" {
				open = append(open, words)
			}
		}
	}
	for _, v := range r.Walks {
		if v.Walk.EndedAt.IsZero() && v.Book != nil {
			done, total := runbooks.Progress(v.Book, v.Walk)
			open = append(open, text.T(l, "incidents.hand_steps", v.Book.Name, total-done))
		}
	}
	inc := r.Incident
	return text.T(l, "incidents.hand_note", text.T(l, "incidents.state_"+string(inc.State)), text.Duration(l, max(0, now.Sub(inc.Started))),
		list(tried), list(open), r.nextDue(l, zone, now, none))
}

// nextDue names what of the agreed times is due first.
func (r Room) nextDue(l text.Lang, zone *time.Location, now time.Time, none string) string {
	owed := slices.DeleteFunc(r.Targets(zone, now), func(t Target) bool { return !t.Open() || t.Due.IsZero() })
	if len(owed) == 0 {
		return none
	}
	first := slices.MinFunc(owed, func(a, b Target) int { return a.Due.Compare(b.Due) })
	return text.T(l, "services.target_"+string(first.Kind)) + " " + text.DateTime(l, first.Due.In(zone))
}
