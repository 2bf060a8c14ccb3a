package cli

import (
	"os"
	"strings"

	"lage/incidents"
	"lage/internal/config"
	"lage/services"
)

// wire makes the rest of a session of its configuration and database: this is where the program is put together.
func (s *session) wire() {
	a := s.app
	s.personal = s.isPersonal()
	s.who = a.person(s.personal)
	s.reader = &reader{s: s}
	s.desk = &incidents.Desk{Now: a.env.Now, Plan: s.plan}
	if s.store != nil {
		s.desk.Journal, s.desk.Book, s.desk.States = s.store, s.reader.revision, s.store.States
	}
	runner := s.runner()
	s.desk.WalkEnded = func(id string) { _ = runner.sup.Uncarry(id) } // what cannot be removed now goes with age
	s.runs = &incidents.Runs{Desk: s.desk, Runner: runner, By: s.who, Mask: func(out string) string { return s.plan().Mask.Text(out) }}
}

// plan is what the Desk knows of the configuration.
func (s *session) plan() incidents.Plan {
	p := incidents.Plan{Zone: s.ownZone(), Lang: s.app.lang, Mask: config.DefaultMask(), Fitting: s.reader.fitting}
	if c := s.inForce(); c != nil {
		p.Services, p.Checks, p.Contacts, p.Classes, p.AutoOpen, p.Mask = c.Services, c.Checks, referring(c), c.Classes, c.AutoOpen, c.Mask
	}
	return p
}

// isPersonal tells whether the database belongs to one person: nobody else may read or write it.
func (s *session) isPersonal() bool {
	fi, err := os.Stat(s.path)
	if err != nil {
		return s.path != config.SystemDB
	}
	return fi.Mode().Perm()&0o077 == 0
}

// referring gives the contacts with references where their channels hold secrets: what the Desk decides is stored, and a
// secret never is. The process that sends puts it back in (channel in notify.go).
func referring(c *config.Config) map[string]services.Contact {
	hide := func(s string) string {
		for _, secret := range c.Secrets {
			if secret != "" && strings.Contains(s, secret) {
				return "${secret}"
			}
		}
		return s
	}
	out := make(map[string]services.Contact, len(c.Contacts))
	referred := func(list []services.Channel) []services.Channel {
		out := make([]services.Channel, len(list))
		for i, ch := range list {
			out[i] = services.Channel{Email: hide(ch.Email), Needs: ch.Needs}
			for _, arg := range ch.Command {
				out[i].Command = append(out[i].Command, hide(arg))
			}
			if ch.Webhook.URL != "" { // an address lets send: it is a secret also where it was written down openly
				out[i].Webhook = services.Webhook{URL: "${webhook}", Format: ch.Webhook.Format}
			}
		}
		return out
	}
	for id, contact := range c.Contacts {
		contact.Via, contact.Else = referred(contact.Via), referred(contact.Else)
		out[id] = contact
	}
	return out
}
