package incidents

import (
	"encoding/json"
	"slices"
	"time"

	"lage/internal/text"
	"lage/runbooks"
)

// Dossier is everything that is kept about one record: an incident with its walks, or a walk of its own.
type Dossier struct {
	Record   string
	Incident *Incident // nil for a walk of its own
	Walks    []runbooks.Walk
	Entries  []Entry
}

// Ended tells when the record was over; zero while it is not.
func (d Dossier) Ended() time.Time {
	if d.Incident != nil {
		if d.Incident.Open() {
			return time.Time{}
		}
		return d.Incident.Resolved
	}
	for _, w := range d.Walks {
		return w.EndedAt
	}
	return time.Time{}
}

// Limits say up to when the ends of records lie whose texts, names or outputs are over. The zero time keeps them.
type Limits struct{ Texts, Names, Outputs time.Time }

// Newest gives the last of the limits: of records that ended after it nothing is over.
func (l Limits) Newest() time.Time {
	t := l.Texts
	for _, u := range []time.Time{l.Names, l.Outputs} {
		if u.After(t) {
			t = u
		}
	}
	return t
}

// Overdue says what has to go from a record by now: nothing while it is open. An incident's texts are all that people and
// machines have written; kinds, times, service and hashes stay, because the chain of the timeline needs them. Carrying it out
// and asking again gives nothing.
func (d Dossier) Overdue(l Limits) []Redact {
	end := d.Ended()
	if end.IsZero() {
		return nil
	}
	switch {
	case end.Before(l.Texts):
		return d.withoutTexts()
	case end.Before(l.Names):
		return append(d.withoutNames(), d.withoutOutputs(end.Before(l.Outputs))...)
	}
	return d.withoutOutputs(end.Before(l.Outputs))
}

func (d Dossier) withoutOutputs(over bool) []Redact {
	var list []Erase
	for _, e := range d.Entries {
		list = appendErase(list, Erase{Seq: e.Seq, Output: over && e.Output != ""})
	}
	return portions(list, Forget{}, text.M("privacy.over_outputs"))
}

// withoutNames takes out who acted, and every text and output that names one of them or a contact that was told.
func (d Dossier) withoutNames() []Redact {
	names := NewNames(false, d.people()...)
	list := names.Find(d.Entries)
	known := map[int64]*Erase{}
	for i := range list {
		known[list[i].Seq] = &list[i]
	}
	for _, e := range d.Entries {
		who, said := e.personal(), e.namesContacts() && e.hasText()
		if x := known[e.Seq]; x != nil {
			x.Who, x.Text = x.Who || who, x.Text || said
		} else {
			list = appendErase(list, Erase{Seq: e.Seq, Who: who, Text: said})
		}
	}
	slices.SortFunc(list, func(a, b Erase) int { return int(a.Seq - b.Seq) })
	return portions(list, Forget{Names: names}, text.M("privacy.over_names"))
}

func (d Dossier) withoutTexts() []Redact {
	var list []Erase
	for _, e := range d.Entries {
		if e.Kind == KindRedacted && e.Who.IsSystem() {
			continue // says what is over, and why
		}
		list = appendErase(list, Erase{Seq: e.Seq, Who: e.personal(), Text: e.hasText(), Output: e.Output != ""})
	}
	return portions(list, Forget{Texts: true}, text.M("privacy.over_texts"))
}

// personal tells whether an entry still says who acted, and that was a person.
func (e Entry) personal() bool {
	return !e.HasErased("who") && !e.Who.IsSystem() && e.Who.Name+e.Who.OSUser+e.Who.Key != ""
}

func (e Entry) hasText() bool {
	return !e.HasErased("text") && (!e.Message.IsZero() || e.Command != nil || e.Change != nil)
}

// namesContacts tells whether the entry's text says who was told.
func (e Entry) namesContacts() bool {
	return e.Kind == KindAlarm || e.Kind == KindAlarmSent || e.Kind == KindAlarmFailed
}

// people lists the names that the record holds of those who acted.
func (d Dossier) people() []string {
	var names []string
	add := func(list ...string) {
		for _, n := range list {
			if n != "" && n != Mark && n != "root" { // no person, and a word of many outputs
				names = append(names, n)
			}
		}
	}
	for _, e := range d.Entries {
		if e.personal() {
			add(e.Who.Name) // an account may be everybody's
		}
	}
	if d.Incident != nil {
		add(d.Incident.Lead)
		if h := d.Incident.Handover; h != nil {
			add(h.To, h.By)
		}
	}
	for _, w := range d.Walks {
		add(w.StartedBy)
		for _, s := range w.Signed {
			add(s.By)
		}
		for _, in := range w.Inputs {
			add(in.By)
		}
		for _, st := range w.Steps {
			add(st.By, st.ClaimedBy)
			for _, s := range st.Signed {
				add(s.By)
			}
		}
	}
	return names
}

// portions makes redactions of at most MaxErase entries each. The names come last: as long as they stand, what names them can
// be found again, should the work be cut off.
func portions(list []Erase, f Forget, reason text.Message) []Redact {
	var said, who []Erase
	for _, e := range list {
		said = appendErase(said, Erase{Seq: e.Seq, Text: e.Text, Output: e.Output})
		who = appendErase(who, Erase{Seq: e.Seq, Who: e.Who})
	}
	if len(list) <= MaxErase && len(list) > 0 {
		return []Redact{{Erase: list, Forget: f, Reason: reason}}
	}
	var out []Redact
	for _, part := range [][]Erase{said, who} {
		for len(part) > 0 {
			n := min(len(part), MaxErase)
			out = append(out, Redact{Erase: part[:n], Forget: f, Reason: reason})
			part = part[n:]
		}
	}
	return out
}

// Without says what has to go so that names stand nowhere in the record.
func (d Dossier) Without(names Names, reason text.Message) []Redact {
	f := Forget{Names: names}
	out := portions(names.Find(d.Entries), f, reason)
	if len(out) == 0 && d.names(f) {
		out = []Redact{{Forget: f, Reason: reason}}
	}
	return out
}

// NamesBeside tells whether the incident or its walks name somebody, besides the timeline.
func (d Dossier) NamesBeside(n Names) bool { return d.names(Forget{Names: n}) }

// names tells whether the incident or a walk names somebody who has to go.
func (d Dossier) names(f Forget) bool {
	if d.Incident != nil {
		i := *d.Incident
		if f.incident(&i) {
			return true
		}
	}
	for _, w := range d.Walks {
		if b, err := json.Marshal(w); err == nil && f.Names.In(string(b)) {
			return true
		}
	}
	return false
}
