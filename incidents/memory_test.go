package incidents

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"lage/runbooks"
)

// memory is a Journal for tests that keeps the rules of the real one: versions, one open incident a service, op IDs.
type memory struct {
	mu      sync.Mutex
	inc     map[string]Incident
	walks   map[string]runbooks.Walk
	entries map[string][]Entry
	alerts  []Alert
	ops     map[string]Recorded
	order   []string
	signals map[string][]Signal
	failing []string // checks that are down, of whatever service
}

func newMemory() *memory {
	return &memory{inc: map[string]Incident{}, walks: map[string]runbooks.Walk{}, entries: map[string][]Entry{}, ops: map[string]Recorded{}}
}

func (m *memory) Situation(_ context.Context, record, walk string) (Situation, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var s Situation
	if i, ok := m.inc[record]; ok {
		s.Incident = &i
		s.Signals = slices.Clone(m.signals[record])
		s.Failing = slices.Clone(m.failing)
	} else if _, ok := m.walks[record]; !ok {
		return s, ErrNotFound
	} else {
		walk = record
	}
	if walk != "" {
		w, ok := m.walks[walk]
		if !ok {
			return s, ErrNotFound
		}
		w.Steps = maps.Clone(w.Steps)
		s.Walk = &w
	}
	for _, w := range m.walks {
		if w.Incident == record && w.EndedAt.IsZero() {
			s.Walking = append(s.Walking, w.Runbook)
		}
	}
	es := m.entries[record]
	s.Entries = int64(len(es))
	if len(es) > 0 {
		s.LastBy, s.LastAt = es[len(es)-1].Who, es[len(es)-1].RecordedAt
	}
	return s, nil
}

func (m *memory) OpenIncidents(_ context.Context, service string) ([]Incident, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []Incident
	for _, id := range m.order {
		if i, ok := m.inc[id]; ok && i.Open() && (service == "" || i.Service == service) {
			out = append(out, i)
		}
	}
	return out, nil
}

func (m *memory) Due(ctx context.Context, _ time.Time) ([]Incident, error) {
	all, err := m.OpenIncidents(ctx, "")
	return slices.DeleteFunc(all, func(i Incident) bool { return i.State != Detected }), err
}

func (m *memory) Record(_ context.Context, d Decision) (Recorded, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r, ok := m.ops[d.Op]; ok {
		return r, nil
	}
	if err := m.check(d); err != nil {
		return Recorded{}, err
	}
	record := ""
	if d.Incident != nil {
		i := *d.Incident
		if i.ID == "" {
			i.ID = fmt.Sprintf("INC-%d-%03d", d.Year, len(m.inc)+1)
			m.order = append(m.order, i.ID)
		}
		record = i.ID
		d.Incident = &i
		m.inc[i.ID] = i
	}
	if d.Walk != nil {
		w := *d.Walk
		if w.ID == "" {
			w.ID = fmt.Sprintf("W-%d-%03d", d.Year, len(m.walks)+1)
		}
		if record == "" {
			record = w.ID
		}
		d.Walk = &w
		m.walks[w.ID] = w
	}
	for i := range d.Entries {
		e := d.Entries[i]
		e.Record, e.Seq, e.RecordedAt = record, int64(len(m.entries[record])+1), e.OccurredAt
		m.entries[record] = append(m.entries[record], e)
		d.Entries[i] = e
	}
	for _, g := range d.Signals {
		if m.signals == nil {
			m.signals = map[string][]Signal{}
		}
		m.signals[record] = append(slices.DeleteFunc(m.signals[record], func(o Signal) bool { return o.Key == g.Key }), g)
	}
	for _, a := range d.Alerts {
		a.ID, a.Incident = int64(len(m.alerts)+1), record
		m.alerts = append(m.alerts, a)
	}
	r := Recorded{Incident: d.Incident, Walk: d.Walk, Entries: d.Entries}
	m.ops[d.Op] = r
	return r, nil
}

func (m *memory) check(d Decision) error {
	if i := d.Incident; i != nil {
		if i.Version != m.inc[i.ID].Version+1 {
			return ErrStale
		}
		for _, o := range m.inc {
			if i.ID == "" && o.Open() && o.Service == i.Service && i.Service != "" {
				return ErrStale
			}
		}
	}
	if w := d.Walk; w != nil && w.Version != m.walks[w.ID].Version+1 {
		return ErrStale
	}
	return nil
}
