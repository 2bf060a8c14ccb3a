package incidents

import (
	"slices"
	"strings"
	"time"

	"lage/internal/clean"
	"lage/internal/text"
	"lage/services"
)

// SetClass changes how grave an incident is. The reason is required: targets and alarms follow the class.
type SetClass struct{ Class, Reason string }

func (SetClass) action() {}

// classes lists the classes that hold for an incident: those of the day on which it was detected, whatever is agreed since.
func (p Plan) classes(detected time.Time) []services.Class {
	list, _ := p.Classes.At(p.local(detected))
	return list
}

// ClassOf gives an incident's class. One that is not configured (any more) has its ID and agrees nothing; incidents of
// before there were classes have the zero Class.
func (p Plan) ClassOf(inc Incident) services.Class {
	if c, ok := services.FindClass(p.classes(inc.Detected), inc.Class); ok {
		return c
	}
	return services.Class{ID: inc.Class}
}

// classed gives a new incident its service's class.
func (d *draft) classed(svc services.Service) {
	d.inc.Class = svc.Class.Of(d.plan.classes(d.inc.Detected), false).ID
}

func (d *draft) setClass(a SetClass) error {
	if !d.inc.Open() {
		return refuse("incidents.already_resolved", d.inc.ID)
	}
	list := d.plan.classes(d.inc.Detected)
	to, ok := services.FindClass(list, a.Class)
	if !ok {
		ids := make([]string, len(list))
		for i, c := range list {
			ids[i] = c.ID
		}
		return refuse("services.no_class", clean.Line(a.Class), strings.Join(ids, ", "))
	}
	reason := d.plan.Mask.Text(clean.Line(a.Reason))
	switch {
	case to.ID == d.inc.Class:
		return refuse("services.same_class", d.classWord(to))
	case reason == "":
		return refuse("services.needs_reason")
	case len(reason) > maxTitle:
		return refuse("incidents.too_long", maxTitle)
	}
	from := d.plan.ClassOf(*d.inc)
	d.inc.Class = to.ID
	d.entry(Entry{Kind: KindClass, Message: text.M("services.class_changed", d.classWord(from), d.classWord(to), reason)})
	d.escalate(stagesDue(*d.inc, d.plan, d.now)) // the new class may alarm where the old one waited
	return nil
}

// classWord names a class in stored messages: by its name in the language of what lage writes, which may change later.
func (d *draft) classWord(c services.Class) string {
	if c.ID == "" {
		return "–"
	}
	return c.Title(string(d.plan.Lang))
}

// TargetKind says what is owed.
type TargetKind string

// What may be owed. The words are those of the JSON output.
const (
	TargetResponse TargetKind = "response" // until somebody acknowledges
	TargetRestore  TargetKind = "restore"  // until the effect on users ends
	TargetUpdate   TargetKind = "update"   // until people are told again how it stands
)

// Target is one time that an incident's class agrees, and how it stands.
type Target struct {
	Kind     TargetKind
	Agreed   time.Duration
	From     time.Time     // when the time began
	Due      time.Time     // zero where so much service time never comes
	Reached  time.Time     // zero while it has not been
	Calendar time.Duration // how much time has passed until it was reached, or until now
	Service  time.Duration // of it, within service hours
	Left     time.Duration // of what is agreed, on the class's clock; negative when it was missed
	Waits    bool          // the class's clock stands still now: it is outside service hours
}

// Missed tells whether more time passed than was agreed.
func (t Target) Missed() bool { return t.Left < 0 }

// Open tells whether it has still to be reached.
func (t Target) Open() bool { return t.Reached.IsZero() }

// Targets lists what is owed in an incident at a moment: response, restore, and the next update while it is open. Times run
// from the detection; those of updates from the newest note or change of state by a person. Service hours that have no zone of their own
// are read in zone. Classes
// that agree nothing owe nothing.
func (r Room) Targets(zone *time.Location, now time.Time) []Target {
	inc, c := r.Incident, r.Class
	clock := services.Clock{Kind: c.Clock, Hours: r.Service.Hours, Zone: zone}
	inHours := services.Clock{Kind: services.ServiceTime, Hours: r.Service.Hours, Zone: zone}
	var out []Target
	add := func(kind TargetKind, agreed time.Duration, from, reached time.Time) {
		if agreed <= 0 {
			return
		}
		until := now
		if !reached.IsZero() {
			until = reached
		}
		out = append(out, Target{
			Kind: kind, Agreed: agreed, From: from, Due: clock.Deadline(from, agreed), Reached: reached,
			Calendar: max(0, until.Sub(from)), Service: inHours.Elapsed(from, until), Left: agreed - clock.Elapsed(from, until),
			Waits: reached.IsZero() && !clock.Runs(now),
		})
	}
	add(TargetResponse, c.Response, inc.Detected, inc.Acknowledged)
	restored := inc.Ended()
	if restored.IsZero() {
		restored = inc.Resolved
	}
	add(TargetRestore, c.Restore, inc.Detected, restored)
	if inc.Open() {
		add(TargetUpdate, c.Update, r.updated(), time.Time{})
	}
	return out
}

// updated is when people were told last how it stands.
func (r Room) updated() time.Time {
	for _, e := range slices.Backward(r.Entries) {
		switch e.Kind {
		case KindNote, KindState, KindAcknowledged, KindClass:
			if !e.Who.IsSystem() {
				if e.RecordedAt.After(e.OccurredAt) { // a note about earlier says how it stands when it is written
					return e.RecordedAt
				}
				return e.OccurredAt
			}
		}
	}
	return r.Incident.Detected
}
