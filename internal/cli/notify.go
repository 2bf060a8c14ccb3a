package cli

import (
	"net"
	"strconv"

	"lage/internal/clean"
	"lage/internal/config"
	"lage/notify"
)

// notifier tells people through the channels of a configuration.
func (p *poller) notifier(c *config.Config, redact *clean.Redactor) *notify.Notifier {
	return &notify.Notifier{
		Outbox: p.s.store, Report: p.s.desk, Mail: mail(c), Lang: p.s.app.lang, Zone: p.s.zone(), Redact: redact,
		Now: p.s.app.env.Now, Problem: p.say,
	}
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
