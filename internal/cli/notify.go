package cli

import (
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
	}
}

// channel gives an alert's channel with its secrets. Who opens an incident by hand may have none of them: the references
// stand in the outbox then, and the configuration of the process that sends knows what they mean.
func channel(c *config.Config, a incidents.Alert) services.Channel {
	refers := func(s string) bool { return strings.Contains(s, "${") }
	if !refers(a.Channel.Email) && !slices.ContainsFunc(a.Channel.Command, refers) {
		return a.Channel
	}
	via := c.Contacts[a.Contact].Via
	if n := a.Via(); n >= 0 && n < len(via) {
		return via[n]
	}
	return a.Channel
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
