package cli

import (
	"cmp"
	"context"
	"net"
	"slices"
	"strconv"
	"strings"

	"lage/incidents"
	"lage/internal/clean"
	"lage/internal/config"
	"lage/notify"
	"lage/services"
)

// notifier tells people through the channels of a configuration.
func (p *poller) notifier(c *config.Config, redact *clean.Redactor) *notify.Notifier {
	return &notify.Notifier{
		Outbox: p.s.store, Report: p.s.desk, Mail: mail(c), Lang: p.s.app.lang, Zone: p.s.zone(), Redact: redact,
		Now: p.s.app.env.Now, Problem: p.remark,
		Channel: func(a incidents.Alert) services.Channel { return channel(c, a) },
		Anchor:  func(incident string) string { return p.s.anchor(context.Background(), incident) },
		Passed:  func(a incidents.Alert) string { return p.passed(c, a) },
		About:   p.about,
		Cause:   func(a incidents.Alert) string { return p.cause(c, a) },
	}
}

// channel gives an alert's channel with its secrets. Who opens an incident by hand may have none of them: the references
// stand in the outbox then, and the configuration of the process that sends knows what they mean. What a webhook needs stands
// in the configuration only.
func channel(c *config.Config, a incidents.Alert) services.Channel {
	refers := func(s string) bool { return strings.Contains(s, "${") }
	if !refers(a.Channel.Email) && !slices.ContainsFunc(a.Channel.Command, refers) && !refers(a.Channel.Webhook.URL) {
		return a.Channel
	}
	ways := c.Contacts[a.Contact].Ways()
	if n := a.Via(); n >= 0 && n < len(ways) {
		return ways[n]
	}
	return a.Channel
}

// passed gives the name of the service that an alert's channel needs and that is down now; empty where there is none. Where
// that cannot be found out the channel is used.
func (p *poller) passed(c *config.Config, a incidents.Alert) string {
	if len(a.Channel.Needs) == 0 {
		return ""
	}
	states, err := p.s.store.States(context.Background())
	if err != nil {
		return ""
	}
	return downOf(incidents.Assess(c.Services, c.Checks, states, nil, c.Zone, p.s.app.env.Now()), a.Channel.Needs, string(p.s.app.lang))
}

// downOf names the first of the services that is down; by its ID where it has no name.
func downOf(p incidents.Picture, needs []string, lang string) string {
	for _, s := range p.Services {
		if s.Standing == incidents.Down && slices.Contains(needs, s.Service.ID) {
			return cmp.Or(s.Service.Name.In(lang), s.Service.ID)
		}
	}
	return ""
}

// cause gives the open incident that an alert's comes from: that of a service which its own needs, however far behind it.
func (p *poller) cause(c *config.Config, a incidents.Alert) string {
	needs := map[string][]string{}
	for _, s := range c.Services {
		needs[s.ID] = s.DependsOn
	}
	cause, at := a.Incident, p.about(a.Incident).Service
	for seen := map[string]bool{}; !seen[at]; {
		seen[at] = true
		for _, need := range needs[at] {
			if open, err := p.s.store.OpenIncidents(context.Background(), need); err == nil && len(open) > 0 && !seen[need] {
				cause, at = open[0].ID, need
				break
			}
		}
	}
	return cause
}

// about gives what an alarm is about; the zero value where it cannot be read.
func (p *poller) about(incident string) incidents.Incident {
	s, err := p.s.store.Situation(context.Background(), incident, "")
	if err != nil || s.Incident == nil {
		return incidents.Incident{ID: incident}
	}
	return *s.Incident
}

// mail is the configuration's mail server; nil when there is none.
func mail(c *config.Config) *notify.Mail {
	if c.SMTP.Host == "" {
		return nil
	}
	return &notify.Mail{
		Address:  net.JoinHostPort(c.SMTP.Host, strconv.Itoa(c.SMTP.Port)),
		Security: notify.Security(c.SMTP.TLS), User: c.SMTP.User, Password: c.SMTP.Password, From: c.SMTP.From,
	}
}
