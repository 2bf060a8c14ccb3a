package demo

import (
	"context"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"time"

	"lage/checks"
	"lage/incidents"
	"lage/internal/text"
	"lage/services"
)

// days is how far back the demo's history reaches.
const days = 90

// Past is one check's generated history.
type Past struct {
	Hours   []checks.Bucket // every hour of the 90 days, oldest first
	Samples []checks.Sample // every minute of the last day
	Changes []checks.Transition
}

// Episode is one disturbance of the past.
type Episode struct {
	Service string
	Start   time.Time
	Length  time.Duration
	Ack     time.Duration // from detection until somebody acknowledged
	Lead    string
	Note    string
	Cause   string
}

// Episodes gives the disturbances of the past 90 days, oldest first; the same seed and time give the same ones.
func Episodes(seed int64, now time.Time, l text.Lang) []Episode {
	r := rand.New(rand.NewPCG(uint64(seed), 11))
	type tmpl struct {
		service, lead, note, cause string
		days, length               int
	}
	var out []Episode
	for i, t := range []tmpl{
		{"wohngeld", "S. Petrović", "demo.past_certificate_note", "demo.past_certificate_cause", 73, 35},
		{"termine", "J. Yılmaz", "demo.past_release_note", "demo.past_release_cause", 41, 9},
		{"wohngeld", "M. Krause", "demo.past_batch_note", "demo.past_batch_cause", 14, 22},
	} {
		start := now.Add(-time.Duration(t.days)*24*time.Hour - time.Duration(r.IntN(6*60))*time.Minute).Truncate(time.Second)
		out = append(out, Episode{
			Service: t.service, Start: start, Lead: t.lead, Length: time.Duration(t.length+r.IntN(4)) * time.Minute,
			Ack: time.Duration(2+i+r.IntN(3)) * time.Minute, Note: text.T(l, t.note), Cause: text.T(l, t.cause),
		})
	}
	return out
}

// History generates what the checks would have measured: busier in office hours, quiet at night, down in the episodes.
func History(seed int64, now time.Time, list []checks.Check, eps []Episode) map[string]Past {
	out := make(map[string]Past, len(list))
	for _, c := range list {
		h := fnv.New64a()
		_, _ = h.Write([]byte(c.ID)) // never fails
		g := gen{r: rand.New(rand.NewPCG(uint64(seed), h.Sum64())), base: baseOf(c)}
		for _, e := range eps {
			if e.Service == c.Service {
				g.eps = append(g.eps, e)
			}
		}
		out[c.ID] = g.past(c, now)
	}
	return out
}

// baseOf is a check's quiet latency in milliseconds.
func baseOf(c checks.Check) float64 {
	switch {
	case c.Command != nil:
		return 9
	case c.Service == "termine":
		return 12
	}
	return 7
}

type gen struct {
	r    *rand.Rand
	base float64
	eps  []Episode
}

func (g *gen) past(c checks.Check, now time.Time) Past {
	var p Past
	first := now.Add(-days * 24 * time.Hour).Truncate(time.Hour)
	for h := first; h.Before(now.Truncate(time.Hour)); h = h.Add(time.Hour) {
		p.Hours = append(p.Hours, g.hour(h))
	}
	for t := now.Add(-24 * time.Hour).Truncate(time.Minute); t.Before(now.Add(-time.Minute)); t = t.Add(time.Minute) {
		s := checks.Sample{At: t, Latency: g.latency(t), Outcome: checks.Good}
		if g.down(t, t.Add(time.Second)) > 0 {
			s.Outcome = checks.Bad
		}
		p.Samples = append(p.Samples, s)
	}
	for _, e := range g.eps {
		end := e.Start.Add(e.Length)
		p.Changes = append(p.Changes,
			checks.Transition{Check: c.ID, Service: c.Service, From: checks.StatusUp, To: checks.StatusDown, At: e.Start.Add(time.Minute), Since: e.Start, Message: text.M("demo.past_failed")},
			checks.Transition{Check: c.ID, Service: c.Service, From: checks.StatusDown, To: checks.StatusUp, At: end.Add(30 * time.Second), Since: end, Message: text.M("demo.past_good")})
	}
	return p
}

// latency is what a request at t would have taken.
func (g *gen) latency(t time.Time) time.Duration {
	hour := float64(t.Hour()) + float64(t.Minute())/60
	busy := math.Max(0, math.Sin((hour-6)/14*math.Pi)) // from six to eight in the evening
	if wd := t.Weekday(); wd == time.Saturday || wd == time.Sunday {
		busy *= 0.3
	}
	ms := g.base * (1 + 0.8*busy) * (0.85 + 0.3*g.r.Float64())
	if g.r.IntN(200) == 0 { // now and then something takes its time
		ms *= 3
	}
	return time.Duration(ms * float64(time.Millisecond))
}

// down is how much of a span lies in an episode.
func (g *gen) down(from, to time.Time) time.Duration {
	var sum time.Duration
	for _, e := range g.eps {
		a, b := e.Start, e.Start.Add(e.Length)
		if a.Before(from) {
			a = from
		}
		if b.After(to) {
			b = to
		}
		if b.After(a) {
			sum += b.Sub(a)
		}
	}
	return sum
}

// hour sums an hour with a measurement every half minute.
func (g *gen) hour(h time.Time) checks.Bucket {
	const per = 120
	b := checks.Bucket{Start: h, Total: per, Down: g.down(h, h.Add(time.Hour))}
	b.Bad = int(math.Round(b.Down.Hours() * per))
	mid := g.latency(h.Add(30 * time.Minute))
	b.P50 = mid
	b.P95 = mid + mid*time.Duration(30+g.r.IntN(40))/100
	b.Max = b.P95 + mid*time.Duration(g.r.IntN(150))/100
	return b
}

// PlayPast lets the people of the past work through the episodes at the desk. set moves the desk's clock; the desk's
// plan must alarm nobody.
func PlayPast(ctx context.Context, desk *incidents.Desk, set func(time.Time), eps []Episode, list []checks.Check) error {
	for _, e := range eps {
		var mine []checks.Check
		for _, c := range list {
			if c.Service == e.Service {
				mine = append(mine, c)
			}
		}
		if err := play(ctx, desk, set, e, mine); err != nil {
			return err
		}
	}
	return nil
}

func play(ctx context.Context, desk *incidents.Desk, set func(time.Time), e Episode, list []checks.Check) error {
	end := e.Start.Add(e.Length)
	at := e.Start.Add(time.Minute)
	for i, c := range list {
		set(at.Add(time.Duration(i) * time.Second))
		tr := checks.Transition{Check: c.ID, Service: c.Service, From: checks.StatusUp, To: checks.StatusDown, At: at, Since: e.Start, Message: text.M("demo.past_failed")}
		if err := desk.Observe(ctx, tr, false); err != nil {
			return err
		}
	}
	open, err := desk.Journal.OpenIncidents(ctx, e.Service)
	if err != nil || len(open) == 0 {
		return err
	}
	id := open[0].ID
	who := services.Person{Name: e.Lead}
	act := func(t time.Time, a incidents.Action) error {
		set(t)
		_, err := desk.Act(ctx, incidents.Request{Record: id, By: who, Do: a})
		return err
	}
	if err := act(at.Add(e.Ack), incidents.Acknowledge{}); err != nil {
		return err
	}
	if err := act(at.Add(e.Ack+2*time.Minute), incidents.Note{Text: e.Note}); err != nil {
		return err
	}
	for i, c := range list {
		set(end.Add(time.Duration(30+i) * time.Second))
		tr := checks.Transition{Check: c.ID, Service: c.Service, From: checks.StatusDown, To: checks.StatusUp, At: end.Add(30 * time.Second), Since: end, Message: text.M("demo.past_good")}
		if err := desk.Observe(ctx, tr, i == len(list)-1); err != nil {
			return err
		}
	}
	return act(end.Add(5*time.Minute), incidents.Resolve{Cause: e.Cause})
}
