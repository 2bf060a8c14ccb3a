package cli

import (
	"strconv"

	"lage/incidents"
	"lage/internal/config"
)

// measureAgain gives the command line that makes somebody measure again; empty when somebody does. What the packages
// installed is the system's service; anything else was started by hand.
func (s *session) measureAgain(why incidents.Silence, p incidents.Poller) string {
	system := s.path == config.SystemDB
	switch {
	case why == incidents.Measured:
		return ""
	case system && why == incidents.Stuck:
		return s.app.asRoot("systemctl restart lage")
	case system && why == incidents.Nobody:
		return s.app.asRoot("systemctl start lage")
	case system:
		return s.app.asRoot("systemctl enable --now lage")
	case why == incidents.Stuck:
		return "kill " + strconv.Itoa(p.PID) + " && " + s.runLine()
	}
	return s.runLine()
}

// runLine is lage run with the configuration and the database of this session.
func (s *session) runLine() string {
	return "lage run" + s.app.sameFlags()
}

// sameFlags repeats what the person said about configuration and database.
func (a *app) sameFlags() string {
	line := ""
	for _, name := range []string{"config", "db"} {
		if v := a.flag(name); v != "" {
			line += " --" + name + " " + quote(v)
		}
	}
	return line
}

// asRoot is a command line for which one has to be root.
func (a *app) asRoot(line string) string {
	if a.osUser() == "root" {
		return line
	}
	return "sudo " + line
}
