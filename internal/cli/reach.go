package cli

import (
	"lage/internal/text"
	"lage/services"
)

// reach says who may use a command that comes with a role.
type reach struct {
	role services.Role
	bare bool // over a forced command without arguments only: they would name files of this machine
	home bool // never over a forced command
}

// reaches lists the commands by the role that they need. What a command writes to an incident the Desk refuses besides;
// this list is about everything else: files, networks, processes. A command that does not stand here needs Admin.
func reaches() map[string]reach {
	list := map[string]reach{
		"man": {role: services.View, bare: true}, "validate": {role: services.Respond, bare: true},
		"run": {role: services.Admin, home: true}, "demo": {role: services.Admin, home: true},
		"init": {role: services.Admin, home: true}, "ssh-line": {role: services.Admin, home: true},
		"db backup": {role: services.Admin, home: true}, "restore": {role: services.Admin, home: true},
	}
	for _, name := range []string{"", "tui", "status", "contacts", "check list", "history", "incident list", "incident show", "incident export",
		"runbook list", "runbook show", "runbook lint", "runbook suggestions", "ready", "walk list", "walk show", "walk export", "db info", "db verify", "schema", "help", "completion", "version"} {
		list[name] = reach{role: services.View}
	}
	for _, name := range []string{"ack", "note", "incident open", "incident ack", "incident note", "incident state", "incident class", "incident time", "incident correct", "incident quiet", "incident handover", "incident accept",
		"incident resolve", "alert", "runbook run", "runbook drill", "walk step", "walk env", "walk choose", "walk back", "walk input",
		"walk note", "walk sign", "walk end", "check once", "check test", "doctor"} {
		list[name] = reach{role: services.Respond}
	}
	return list
}

// withinRole finds out what this run may do, and refuses a command that goes beyond it.
func (a *app) withinRole() error {
	if !a.forced && a.cmd.name != "ssh-line" { // there it is another person's role
		a.role = services.Role(a.flag("role"))
	}
	if a.on("read-only") && a.cmd.name != "ssh-line" {
		a.role = services.View
	}
	// A forced command written by hand cannot be told from a person's own call: what it opens lets people work, not erase.
	if a.role == "" && (a.cmd.name == "" || a.cmd.name == "tui") && a.env.Getenv("SSH_CONNECTION") != "" {
		a.role = services.Respond
	}
	if a.on("help") || a.on("version") || !a.forced && a.role == "" {
		return nil
	}
	r, known := reaches()[a.cmd.name]
	if !known {
		r.role = services.Admin
	}
	switch {
	case a.forced && (r.home || a.cmd.raw):
		return &fault{code: exitRefused, msg: text.M("access.err_home", "lage "+a.cmd.name), hint: text.M("access.hint_home")}
	case a.forced && r.bare && len(a.args) > 0:
		return &fault{code: exitRefused, msg: text.M("access.err_files", "lage "+a.cmd.name), hint: text.M("access.hint_home")}
	case !a.role.Covers(r.role):
		return &fault{code: exitRefused, msg: text.M("access.role_refuses", string(a.role), string(r.role)), hint: text.M("access.hint_role")}
	}
	return nil
}

// mayOnlyLook tells whether nothing may be written.
func (a *app) mayOnlyLook() bool { return !a.role.Covers(services.Respond) }

// roleWords lists the roles for a flag.
func roleWords() []string {
	var w []string
	for _, r := range services.Roles() {
		w = append(w, string(r))
	}
	return w
}
