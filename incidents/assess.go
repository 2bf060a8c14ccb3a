package incidents

import (
	"time"

	"lage/checks"
	"lage/internal/text"
	"lage/services"
)

// ChannelWord names a channel without its details, which may be personal or secret.
func ChannelWord(c services.Channel) text.Message {
	if c.Email != "" {
		return text.M("incidents.channel_email")
	}
	if c.Webhook.URL != "" {
		return text.M("incidents.channel_webhook")
	}
	return text.M("incidents.channel_command")
}

// Assess makes the picture of all services. list holds every configured check; states may lack some: those are unknown.
func Assess(svcs []services.Service, list []checks.Check, states map[string]checks.State, open []Incident, zone *time.Location, now time.Time) Picture {
	if zone == nil {
		zone = time.UTC
	}
	byService := make(map[string][]CheckPicture, len(svcs))
	for _, c := range list {
		byService[c.Service] = append(byService[c.Service], CheckPicture{Check: c, State: states[c.ID]})
	}
	p := Picture{At: now, Incidents: open, Services: make([]ServicePicture, 0, len(svcs))}
	local := now.In(zone)
	for _, s := range svcs {
		sp := ServicePicture{Service: s, Checks: byService[s.ID], InHours: s.Hours.Contains(local), Changes: s.Hours.NextChange(local)}
		sp.Standing, sp.Since = Stand(sp.Checks)
		p.Services = append(p.Services, sp)
	}
	return p
}

// Stand makes a service's standing of its checks: all down is down, some down is partial; else the worst of flapping,
// degraded, unknown and up. Since is when the earliest check took that standing's status. A service without checks is unknown.
func Stand(cs []CheckPicture) (Standing, time.Time) {
	count := map[checks.Status]int{}
	since := map[checks.Status]time.Time{}
	for _, c := range cs {
		st := c.State.Status
		if st == "" {
			st = checks.StatusUnknown
		}
		count[st]++
		if t, ok := since[st]; !ok || c.State.Since.Before(t) {
			since[st] = c.State.Since
		}
	}
	pick := func(s Standing, st checks.Status) (Standing, time.Time) { return s, since[st] }
	switch {
	case len(cs) == 0:
		return Unknown, time.Time{}
	case count[checks.StatusDown] == len(cs):
		return pick(Down, checks.StatusDown)
	case count[checks.StatusDown] > 0:
		return pick(Partial, checks.StatusDown)
	case count[checks.StatusFlapping] > 0:
		return pick(Flapping, checks.StatusFlapping)
	case count[checks.StatusDegraded] > 0:
		return pick(Degraded, checks.StatusDegraded)
	case count[checks.StatusUnknown] > 0:
		return pick(Unknown, checks.StatusUnknown)
	}
	// All are up: the service is up since the last of them came back.
	var latest time.Time
	for _, c := range cs {
		if c.State.Since.After(latest) {
			latest = c.State.Since
		}
	}
	return Up, latest
}
