// Package notify tells the people responsible: it takes alerts from the outbox, sends them by e-mail or by a command,
// tries again where that fails, and reports what became of each. Delivery is at least once: an alert may come twice when
// everything dies between sending and reporting, never not at all.
package notify

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"lage/incidents"
	"lage/internal/clean"
	"lage/internal/text"
	"lage/services"
)

// Outbox holds the alerts that wait.
type Outbox interface {
	// Take gives alerts that are due (NextTry not after now), oldest first, at most limit. What it has given may be given
	// again until its delivery has been reported: the Notifier knows what it has in hand.
	Take(ctx context.Context, now time.Time, limit int) ([]incidents.Alert, error)
}

// Reporter writes what became of an alert. *incidents.Desk is one.
type Reporter interface {
	Deliver(ctx context.Context, d incidents.Delivery) error
}

const (
	takeEvery   = time.Second
	takeLimit   = 1000
	sendLimit   = 30 * time.Second
	perChannel  = 2 // sends at a time
	firstPause  = 5 * time.Second
	longPause   = 5 * time.Minute
	giveUpAfter = time.Hour
	fewestTries = 3               // before giving up, however late it is or final the refusal sounds
	endGrace    = 5 * time.Second // for sends under way when Run is told to end
)

// Notifier sends what stands in the outbox. Outbox, Report and Now must be set; it is used by one Run at a time.
type Notifier struct {
	Outbox Outbox
	Report Reporter
	Mail   *Mail // nil means that there is no mail server: e-mail alerts fail
	Lang   text.Lang
	Zone   *time.Location // for the date of mails; nil means UTC
	Redact *clean.Redactor
	Now    func() time.Time
	// Channel gives the channel that an alert goes through; nil means the one that it carries.
	Channel func(incidents.Alert) services.Channel
	// Passed gives the name of the service that an alert's channel needs and that is down now; nil or empty means none.
	Passed func(incidents.Alert) string
	// Cause names what an alert's incident comes from; nil or empty means the incident itself. Alerts of one cause go as one
	// message.
	Cause func(incidents.Alert) string
	// About gives what an alert is about, for webhooks; nil or the zero value means that it is not known.
	About func(incident string) incidents.Incident
	// HTTP sends to webhooks; nil means one that follows no redirects and uses the environment's proxy.
	HTTP http.RoundTripper
	// Anchor gives the newest entry of an incident's timeline, which goes with each mail about it; nil or empty means none.
	Anchor func(incident string) string

	// Problem is told when the outbox cannot be read or an outcome cannot be written. It may be nil.
	Problem func(text.Message)

	send func(context.Context, incidents.Alert) error // nil means by the alert's channel; tests set another
}

// Run sends until ctx ends. It looks into the outbox every second, and at once when wake delivers (wake may be nil). When
// ctx ends, sends under way get five more seconds; what they do not manage stays in the outbox.
func (n *Notifier) Run(ctx context.Context, wake <-chan struct{}) {
	// Work goes on a little after ctx has ended: a mail that the server has taken must not be sent again.
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	r := round{n: n, busy: map[int64]bool{}, lanes: map[string]chan struct{}{}, routes: map[string]*route{}}
	tick := time.NewTicker(takeEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		r.take(ctx, work)
		select {
		case <-ctx.Done():
		case <-tick.C:
		case <-wake:
		}
	}
	late := time.AfterFunc(endGrace, stop)
	defer late.Stop()
	r.workers.Wait()
}

// round is what one Run has in hand.
type round struct {
	n       *Notifier
	workers sync.WaitGroup
	lanes   map[string]chan struct{} // slots by channel, so that one that is stuck delays no other
	routes  map[string]*route        // what is inside belongs to mu

	mu   sync.Mutex
	busy map[int64]bool // alerts that wait for their turn, are being sent or being reported
}

// take puts each alert that is due on its route, and sends what may go.
func (r *round) take(ctx, work context.Context) {
	due, err := r.n.Outbox.Take(ctx, r.n.Now(), takeLimit)
	if err != nil {
		if ctx.Err() == nil {
			r.n.problem(text.M("notify.outbox", r.n.safe(err.Error())))
		}
		return
	}
	for _, a := range due {
		if !r.claim(a.ID) {
			continue
		}
		if r.n.Channel != nil {
			a.Channel = r.n.Channel(a)
		}
		name := routeOf(a)
		r.mu.Lock()
		if r.routes[name] == nil {
			r.routes[name] = &route{}
		}
		r.routes[name].waiting = append(r.routes[name].waiting, a)
		r.mu.Unlock()
	}
	r.dispatch(ctx, work)
}

func (r *round) claim(id int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.busy[id] {
		return false
	}
	r.busy[id] = true
	return true
}

func (r *round) release(id int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.busy, id)
}

// lane names what an alert goes through. Each command is a lane of its own, and so is mail for each domain.
func lane(a incidents.Alert) string {
	if len(a.Channel.Command) > 0 {
		return "command\x00" + strings.Join(a.Channel.Command, "\x00")
	}
	if hook := a.Channel.Webhook; hook.URL != "" {
		return "webhook\x00" + hook.URL
	}
	_, domain, _ := strings.Cut(a.Channel.Email, "@")
	return "mail\x00" + strings.ToLower(domain)
}

// Send sends an alert that stands in no outbox, a few times where that fails. The error says why it was not delivered.
func (n *Notifier) Send(ctx context.Context, a incidents.Alert) error {
	if n.Channel != nil {
		a.Channel = n.Channel(a)
	}
	for {
		done := n.try(ctx, &parcel{alerts: []incidents.Alert{a}})
		if len(done) == 0 {
			return ctx.Err()
		}
		d := done[0]
		if d.Sent {
			return nil
		}
		if a.Tries++; d.GiveUp || a.Tries >= fewestTries {
			return &Failed{Reason: d.Reason}
		}
		select {
		case <-time.After(backoff(a.Tries)):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Failed says why an alert was not delivered.
type Failed struct{ Reason text.Message }

func (f *Failed) Error() string { return f.Reason.In(text.English) }

// try sends a parcel once, and gives what became of each of its alerts; nothing when it was told to end meanwhile and
// nothing is known.
func (n *Notifier) try(work context.Context, p *parcel) []incidents.Delivery {
	ctx, cancel := context.WithTimeout(work, sendLimit)
	defer cancel()
	out := make([]incidents.Delivery, len(p.alerts))
	if n.Passed != nil {
		if down := n.Passed(p.alerts[0]); down != "" {
			for i, a := range p.alerts {
				out[i] = incidents.Delivery{Alert: a, At: n.Now(), GiveUp: true, Reason: text.M("notify.passed_over", n.safe(down))}
			}
			return out
		}
	}
	var err error
	if n.send != nil {
		err = n.send(ctx, p.alert(n.Lang))
	} else {
		err = n.byChannel(ctx, p)
	}
	if err != nil && work.Err() != nil {
		return nil
	}
	for i, a := range p.alerts {
		out[i] = n.outcome(ctx, a, err)
	}
	return out
}

// outcome judges a try of an alert.
func (n *Notifier) outcome(ctx context.Context, a incidents.Alert, err error) incidents.Delivery {
	d := incidents.Delivery{Alert: a, At: n.Now(), Sent: err == nil}
	if d.Sent {
		return d
	}
	d.Reason = n.reason(ctx, err)
	tries := a.Tries + 1
	pause := max(backoff(tries), asked(err))
	late := d.At.Add(pause).Sub(a.Created) > giveUpAfter
	if tries >= fewestTries && (late || final(err)) {
		d.GiveUp = true
	} else {
		d.NextTry = d.At.Add(pause)
	}
	return d
}

// backoff gives the pause after so many failed tries: 5 s, 10 s, 20 s ... 5 min, a fifth more or less, so that many
// alerts do not all come back at once.
func backoff(tries int) time.Duration {
	pause := longPause
	if tries < 8 {
		pause = min(firstPause<<(tries-1), longPause)
	}
	return pause + time.Duration((rand.Float64()-0.5)*0.4*float64(pause))
}

// report writes an outcome, and tries again while the store fails: only so is nothing sent twice.
func (n *Notifier) report(ctx, work context.Context, d incidents.Delivery) {
	for pause := time.Second; ; pause = min(2*pause, time.Minute) {
		err := n.Report.Deliver(work, d)
		if err == nil || work.Err() != nil || errors.Is(err, incidents.ErrNotFound) {
			return
		}
		n.problem(text.M("notify.report", d.Alert.Incident, n.safe(err.Error())))
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
	}
}

func (n *Notifier) problem(m text.Message) {
	if n.Problem != nil {
		n.Problem(m)
	}
}

// safe makes text from outside fit to be stored: cleaned, without secrets, short.
func (n *Notifier) safe(s string) string {
	s = n.Redact.Redact(clean.Line(s))
	if n.Mail != nil {
		s = clean.NewRedactor(n.Mail.Password).Redact(s)
	}
	if short, cut := clean.Cut(s, 300); cut {
		s = short + "…"
	}
	return s
}
