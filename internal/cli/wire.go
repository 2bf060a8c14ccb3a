package cli

import (
	"os"

	"lage/incidents"
	"lage/internal/config"
)

// wire makes the rest of a session of its configuration and database: this is where the program is put together.
func (s *session) wire() {
	a := s.app
	s.personal = s.isPersonal()
	s.who = a.person(s.personal)
	s.reader = &reader{s: s}
	s.desk = &incidents.Desk{Now: a.env.Now, Plan: s.plan}
	if s.store != nil {
		s.desk.Journal = s.store
	}
	s.runs = &incidents.Runs{Desk: s.desk, Runner: s.runner()}
}

// plan is what the Desk knows of the configuration.
func (s *session) plan() incidents.Plan {
	p := incidents.Plan{Zone: s.zone(), Lang: s.app.lang}
	if c := s.inForce(); c != nil {
		p.Services, p.Checks, p.Contacts, p.AutoOpen = c.Services, c.Checks, c.Contacts, c.AutoOpen
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
