package cli

import (
	"context"
	"strings"
)

// command is one command. Its texts are codes of internal/text.
type command struct {
	name     string // its words, "incident open"; empty for the console
	args     string // what follows, for the help
	min, max int    // how many arguments; max -1 means any number
	group    string // heading in the overview
	short    string // one line
	long     string // more, with examples; may be empty
	flags    []flag
	state    bool // exit codes of the Monitoring Plugins
	hidden   bool // not in the help
	raw      bool // takes its arguments as they are
	run      func(context.Context, *app) error
}

// synopsis writes the command as one types it, without "lage".
func (c *command) synopsis() string { return strings.TrimSpace(c.name + " " + c.args) }

// The headings of the overview.
const (
	groupWatch     = "cli.group_watch"
	groupIncidents = "cli.group_incidents"
	groupRunbooks  = "cli.group_runbooks"
	groupSetup     = "cli.group_setup"
)

// table lists all commands in the order of the help.
func table() []command {
	var t []command
	for _, part := range [][]command{
		consoleCommands(), statusCommands(), checkCommands(), historyCommands(), incidentCommands(), alertCommands(), contactCommands(), runbookCommands(), lintCommands(), suggestionCommands(), readyCommands(), walkCommands(),
		runCommands(), configCommands(), dbCommands(), backupCommands(), doctorCommands(), helpCommands(), superviseCommands(), accessCommands(),
		privacyCommands(),
	} {
		t = append(t, part...)
	}
	return t
}

// visible lists the commands of the help.
func visible() []command {
	var v []command
	for _, c := range table() {
		if !c.hidden {
			v = append(v, c)
		}
	}
	return v
}

// verbs lists the second words that go with a first one; empty when there are none.
func verbs(noun string) []string {
	var v []string
	for _, c := range visible() {
		if first, second, ok := strings.Cut(c.name, " "); ok && first == noun {
			v = append(v, second)
		}
	}
	return v
}

// firstWords lists what may stand first on the command line.
func firstWords() []string {
	var w []string
	for _, c := range visible() {
		if f, _, _ := strings.Cut(c.name, " "); f != "" && !contains(w, f) {
			w = append(w, f)
		}
	}
	return w
}
