package alarms

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"lage/checks"
	"lage/incidents"
	"lage/internal/clean"
	"lage/internal/text"
)

// grace is what the newest result may be older than the fastest check's interval and timeout.
const grace = 30 * time.Second

// overlookedAfter is how long an alarm may wait for somebody to send it.
const overlookedAfter = 2 * time.Minute

// Stalled says why polling, storing or alarming do not advance; the zero message when they do. overlooked counts the alarms
// that nobody has sent though they were due for OverlookedBefore.
func Stalled(p incidents.Poller, list []checks.Check, overlooked int, now time.Time) text.Message {
	late := fastest(list) + grace
	switch {
	case p.Owner == "" && p.Until.IsZero():
		return text.M("alarms.nobody_polls")
	case p.Owner == "":
		return text.M("alarms.poller_gone", now.Sub(p.Until).Truncate(time.Second))
	case p.Trouble != "":
		return text.M("alarms.poller_trouble")
	case len(list) > 0 && p.Last.IsZero():
		return text.M("alarms.no_result_yet")
	case len(list) > 0 && now.Sub(p.Last) > late:
		return text.M("alarms.no_new_result", now.Sub(p.Last).Truncate(time.Second))
	case overlooked > 0:
		return text.M("alarms.overlooked", overlooked)
	}
	return text.Message{}
}

// OverlookedBefore gives the moment before which an alarm that is due should have been sent.
func OverlookedBefore(now time.Time) time.Time { return now.Add(-overlookedAfter) }

// fastest gives how long the check that is measured most often takes at most from one result to the next.
func fastest(list []checks.Check) time.Duration {
	var d time.Duration
	for i, c := range list {
		if t := c.Interval + c.Timeout; i == 0 || t < d {
			d = t
		}
	}
	return d
}

// Heartbeat is the sign of life that goes out while polling and storing advance. Whoever waits for it notices when this
// machine is gone.
type Heartbeat struct {
	Where  func() (url string, every time.Duration)                 // no URL means none
	Alive  func(context.Context) (mark time.Time, why text.Message) // mark moves on with what is stored; why not to send it
	Anchor func(context.Context) string                             // the newest entry of the timeline, which goes with it; nil or empty means none
	HTTP   http.RoundTripper                                        // nil means the standard one
	Say    func(text.Message)
	Now    func() time.Time

	sent, mark time.Time // the last one, and the mark then
	said       text.Message
}

// Look sends a heartbeat where one is due and something has advanced since the last one. It is called about once a second,
// by one goroutine.
func (h *Heartbeat) Look(ctx context.Context) {
	where, every := h.Where()
	now := h.Now()
	if where == "" || now.Sub(h.sent) < every && !now.Before(h.sent) {
		return
	}
	mark, why := h.Alive(ctx)
	switch {
	case !why.IsZero():
		why = text.M("alarms.heartbeat_held", why)
	case !mark.After(h.mark):
		why = text.M("alarms.heartbeat_held", text.M("alarms.not_advanced"))
	default:
		if why = h.send(ctx, where); why.IsZero() {
			h.mark = mark
		}
		h.sent = now
	}
	if ctx.Err() == nil {
		h.say(why)
	}
}

// say says what does not work once for as long as it lasts, and that it works again.
func (h *Heartbeat) say(why text.Message) {
	before := h.said
	h.said = why
	switch {
	case why.Code == before.Code && (why.IsZero() || why.Code == "alarms.heartbeat_held"):
	case !why.IsZero() && why.In(text.English) != before.In(text.English):
		h.Say(why)
	case why.IsZero():
		h.Say(text.M("alarms.heartbeat_again"))
	}
}

// send fetches the address. It may hold a secret anywhere: nothing of it is told but the host.
func (h *Heartbeat) send(ctx context.Context, where string) text.Message {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, where, nil)
	if err != nil {
		return text.M("alarms.heartbeat_failed", "?", text.M("alarms.heartbeat_url"))
	}
	req.Header.Set("User-Agent", "lage")
	if h.Anchor != nil {
		if anchor := h.Anchor(ctx); anchor != "" { // receivers that keep no headers keep the name of who called
			req.Header.Set("Lage-Anchor", anchor)
			req.Header.Set("User-Agent", "lage ("+anchor+")")
		}
	}
	client := &http.Client{Transport: h.HTTP, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	host := clean.Line(req.URL.Hostname())
	if err != nil {
		var wrapped *url.Error
		if errors.As(err, &wrapped) { // its words hold the whole address
			err = wrapped.Err
		}
		return text.M("alarms.heartbeat_failed", host, text.Raw(clean.Line(err.Error())))
	}
	defer resp.Body.Close()
	_, _ = io.CopyN(io.Discard, resp.Body, 4<<10) // so that the connection can be used again
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return text.M("alarms.heartbeat_failed", host, text.Raw("HTTP "+resp.Status[:3]))
	}
	return text.Message{}
}
