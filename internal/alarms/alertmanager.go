package alarms

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"lage/incidents"
	"lage/internal/clean"
	"lage/internal/text"
	"lage/services"
)

// notification is what Alertmanager sends (webhook, version 4), as far as it is used.
type notification struct {
	Version         string  `json:"version"`
	GroupKey        string  `json:"groupKey"`
	TruncatedAlerts int     `json:"truncatedAlerts"`
	Alerts          []alert `json:"alerts"`
}

type alert struct {
	Status      string            `json:"status"`
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
	StartsAt    time.Time         `json:"startsAt"`
	EndsAt      time.Time         `json:"endsAt"`
	Fingerprint string            `json:"fingerprint"`
}

// The words of a notification.
const (
	firing       = "firing"
	resolved     = "resolved"
	watchdogName = "Watchdog"
)

// unmapped is an alert that reached nobody's timeline, and why.
type unmapped struct {
	Fingerprint string `json:"fingerprint"`
	Alert       string `json:"alertname"`
	Service     string `json:"service"`
	Reason      string `json:"reason"`
}

// alertmanager takes a notification. Alertmanager sends it again after a 5xx, and only then: that is the answer where
// something could not be stored, and what was stored is not stored twice.
func (s *Server) alertmanager(w http.ResponseWriter, r *http.Request) *fault {
	var n notification
	if f := body(w, r, &n); f != nil {
		return f
	}
	if f := n.check(); f != nil {
		return f
	}
	missed := []unmapped{}
	for _, a := range n.Alerts {
		why, err := s.take(r.Context(), n, a)
		if err != nil {
			s.o.Say(text.M("alarms.not_stored", a.name(), clean.Line(err.Error())))
			return bad(http.StatusServiceUnavailable, "not_stored", text.M("alarms.http_not_stored"))
		}
		if !why.IsZero() {
			missed = append(missed, unmapped{a.Fingerprint, a.name(), a.service(), why.In(s.o.Lang)})
		}
	}
	s.sayMissed(missed, n.TruncatedAlerts)
	status := http.StatusOK
	if len(missed) > 0 {
		status = http.StatusAccepted
	}
	s.json(w, status, struct {
		Schema   string     `json:"schema"`
		Received int        `json:"received"`
		Unmapped []unmapped `json:"unmapped"`
	}{"lage/hook/v1", len(n.Alerts), missed})
	return nil
}

// check refuses what is no notification of version 4, before anything of it is written.
func (n notification) check() *fault {
	wrong := func(what string) *fault {
		return bad(http.StatusUnprocessableEntity, "invalid", text.M("alarms.http_field", what))
	}
	switch {
	case n.Version != "4":
		return wrong(`version: "4"`)
	case n.GroupKey == "":
		return wrong("groupKey")
	case len(n.Alerts) == 0:
		return wrong("alerts")
	}
	for _, a := range n.Alerts {
		switch {
		case a.Status != firing && a.Status != resolved:
			return wrong("alerts[].status: firing, resolved")
		case a.Fingerprint == "" || len(a.Fingerprint) > 64:
			return wrong("alerts[].fingerprint")
		}
	}
	return nil
}

// take gives one alert to the Desk. why says why it reached nobody; err that it could not be stored.
func (s *Server) take(ctx context.Context, n notification, a alert) (why text.Message, err error) {
	if a.Labels["alertname"] == watchdogName {
		if s.o.Watchdog == nil || !s.o.Watchdog.expected() {
			return text.M("alarms.watchdog_unexpected"), nil
		}
		if a.Status == firing {
			return text.Message{}, s.o.Watchdog.Beat(ctx)
		}
		return text.Message{}, nil // its silence will tell
	}
	switch svc := a.service(); {
	case svc == "":
		return text.M("alarms.no_label"), nil
	case !slices.Contains(s.o.Services(), svc):
		return text.M("alarms.no_such_service", svc), nil
	}
	do := incidents.Receive{
		Key: "alertmanager:" + clean.Line(a.Fingerprint), Service: a.service(), State: a.state(), Name: a.name(),
		Message: text.Raw(a.message()), Origin: "alertmanager " + n.GroupKey, Since: a.StartsAt,
		Labels: a.Labels,
	}
	if do.State == incidents.Up {
		do.Since = a.EndsAt
	}
	do.Runbook, do.Link = s.o.Runbook(a.Annotations["runbook_url"])
	rec, err := s.o.Desk.Act(ctx, incidents.Request{By: services.Person{Name: "Alertmanager", Role: services.Respond}, Do: do})
	var no *incidents.Refusal
	switch {
	case errors.As(err, &no) && !no.Stale:
		return no.Message, nil
	case err != nil:
		return text.Message{}, err
	case rec.Incident == nil && do.State == incidents.Degraded:
		return text.M("alarms.degraded_alone"), nil
	}
	return text.Message{}, nil
}

func (a alert) service() string {
	return clean.Line(cmp.Or(a.Labels["lage_service"], a.Labels["service"]))
}

// state is down for what fires, unless the rule says with the label lage_state that it is less.
func (a alert) state() incidents.Standing {
	switch {
	case a.Status == resolved:
		return incidents.Up
	case a.Labels["lage_state"] == string(incidents.Degraded):
		return incidents.Degraded
	}
	return incidents.Down
}

// name is what people call the alert.
func (a alert) name() string {
	n, _ := clean.Cut(clean.Line(cmp.Or(a.Labels["alertname"], a.Fingerprint)), 200)
	if i := clean.Line(a.Labels["instance"]); i != "" {
		i, _ = clean.Cut(i, 200)
		n += " (" + i + ")"
	}
	return n
}

// message is what the rule's author wrote for people.
func (a alert) message() string {
	summary, description := a.Annotations["summary"], a.Annotations["description"]
	if summary != "" && description != "" && summary != description {
		return summary + " – " + description
	}
	return cmp.Or(summary, description, a.Annotations["message"])
}

// sayMissed says what reached nobody: an alarm is never lost silently.
func (s *Server) sayMissed(missed []unmapped, truncated int) {
	const most = 10
	if truncated > 0 {
		s.o.Say(text.M("alarms.truncated", truncated))
	}
	for i, m := range missed {
		if i == most {
			s.o.Say(text.M("alarms.unmapped_more", len(missed)-most))
			return
		}
		s.o.Say(text.M("alarms.unmapped", strings.TrimSpace(m.Alert), m.Fingerprint, m.Reason))
	}
}
