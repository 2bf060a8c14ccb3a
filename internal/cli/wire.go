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
	if len(c.Secrets) == 0 {
		return c.Contacts
	}
	hide := func(s string) string {
		for _, secret := range c.Secrets {
			if secret != "" && strings.Contains(s, secret) {
				return "${secret}"
			}
		}
		return s
	}
	out := make(map[string]services.Contact, len(c.Contacts))
	for id, contact := range c.Contacts {
		via := make([]services.Channel, len(contact.Via))
		for i, ch := range contact.Via {
			via[i].Email = hide(ch.Email)
			for _, arg := range ch.Command {
				via[i].Command = append(via[i].Command, hide(arg))
			}
		}
		contact.Via = via
		out[id] = contact
	}
	return out
}
