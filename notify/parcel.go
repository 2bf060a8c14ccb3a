package notify

import (
	"context"
	"slices"
	"strings"
	"time"

	"lage/incidents"
	"lage/internal/text"
)

// Whoever is called every minute stops listening: what one route carries in a while is bounded.
const (
	routeWindow = 5 * time.Minute
	routeLimit  = 3  // messages in a window; the last one takes along everything that waits
	linesShown  = 20 // of a message about several incidents
)

// parcel is one message: an alert, or several that go the same way.
type parcel struct {
	alerts []incidents.Alert // at least one, oldest first
	causes []string
}

// route is what goes to one contact through one channel.
type route struct {
	waiting []incidents.Alert
	sent    []*parcel   // of the last five minutes, and those under way
	at      []time.Time // when each of them went
}

// routeOf names the route of an alert. What somebody's mail server carries for two contacts is two routes.
func routeOf(a incidents.Alert) string {
	return a.Contact + "\x00" + a.Channel.Email + "\x00" + lane(a)
}

// next takes what may be sent now from what waits: one parcel for each cause that was not told of lately, at most as many as
// the route has left, the last of them with all the rest.
func (t *route) next(now time.Time, cause func(incidents.Alert) string) []*parcel {
	for len(t.at) > 0 && now.Sub(t.at[0]) >= routeWindow {
		t.sent, t.at = t.sent[1:], t.at[1:]
	}
	free := routeLimit - len(t.sent)
	if free <= 0 || len(t.waiting) == 0 {
		return nil
	}
	var out []*parcel
	var later []incidents.Alert
	for _, a := range t.waiting {
		why := cause(a)
		told := func(p *parcel) bool { return slices.Contains(p.causes, why) }
		switch i := slices.IndexFunc(out, told); {
		case i >= 0:
			out[i].alerts = append(out[i].alerts, a)
		case slices.ContainsFunc(t.sent, told):
			later = append(later, a)
		case len(out) == free:
			last := out[free-1]
			last.alerts, last.causes = append(last.alerts, a), append(last.causes, why)
		default:
			out = append(out, &parcel{alerts: []incidents.Alert{a}, causes: []string{why}})
		}
	}
	t.waiting = later
	for _, p := range out {
		t.sent, t.at = append(t.sent, p), append(t.at, now)
	}
	return out
}

// forget takes a parcel that did not arrive out of the count.
func (t *route) forget(p *parcel) {
	if i := slices.Index(t.sent, p); i >= 0 {
		t.sent, t.at = slices.Delete(t.sent, i, i+1), slices.Delete(t.at, i, i+1)
	}
}

// incidents lists what a parcel is about, each once.
func (p *parcel) incidents() []string {
	var out []string
	seen := map[string]bool{}
	for _, a := range p.alerts {
		if a.Incident != "" && !seen[a.Incident] {
			seen[a.Incident] = true
			out = append(out, a.Incident)
		}
	}
	return out
}

// alert makes the alert that stands for the whole parcel: the newest where all are about one incident, else one that
// lists them.
func (p *parcel) alert(lang text.Lang) incidents.Alert {
	about := p.incidents()
	out := p.alerts[len(p.alerts)-1]
	if len(p.alerts) == 1 {
		return out
	}
	var keys []string
	for _, a := range p.alerts {
		keys = append(keys, a.Key)
	}
	out.Key = strings.Join(keys, " ")
	if len(about) <= 1 {
		return out
	}
	first := p.alerts[0]
	var lines []string
	seen := map[string]bool{}
	for _, a := range p.alerts {
		if !seen[a.Incident] && len(lines) < linesShown {
			lines = append(lines, "["+a.Incident+"] "+a.Subject.In(lang))
		}
		seen[a.Incident] = true
	}
	if more := len(about) - len(lines); more > 0 {
		lines = append(lines, text.T(lang, "notify.parcel_more", more))
	}
	out.Incident, out.Created = "", first.Created
	out.Subject = text.M("notify.parcel", len(about), first.Subject)
	out.Body = text.Raw(strings.Join(append(lines, "", text.T(lang, "notify.parcel_ack")), "\n"))
	return out
}

// dispatch starts a worker for each parcel that may go now.
func (r *round) dispatch(ctx, work context.Context) {
	for _, t := range r.routes {
		r.mu.Lock()
		parcels := t.next(r.n.Now(), r.n.cause)
		r.mu.Unlock()
		for _, p := range parcels {
			name := lane(p.alerts[0])
			if r.lanes[name] == nil {
				r.lanes[name] = make(chan struct{}, perChannel)
			}
			slots := r.lanes[name] // looked up here: the map belongs to this goroutine
			r.workers.Go(func() { r.carry(ctx, work, t, p, slots) })
		}
	}
}

// carry sends a parcel when there is a slot, and reports what became of each of its alerts.
func (r *round) carry(ctx, work context.Context, t *route, p *parcel, slots chan struct{}) {
	defer func() {
		for _, a := range p.alerts {
			r.release(a.ID)
		}
	}()
	select {
	case slots <- struct{}{}:
	case <-ctx.Done():
		return
	}
	outcomes := r.n.try(work, p)
	<-slots
	if len(outcomes) > 0 && !outcomes[0].Sent {
		r.mu.Lock()
		t.forget(p)
		r.mu.Unlock()
	}
	for _, d := range outcomes {
		r.n.report(ctx, work, d)
	}
}

// cause gives what an alert is told of as: all alerts of one cause are one message.
func (n *Notifier) cause(a incidents.Alert) string {
	if n.Cause != nil {
		if c := n.Cause(a); c != "" {
			return c
		}
	}
	return a.Incident
}
