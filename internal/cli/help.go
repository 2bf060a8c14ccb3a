package cli

import (
	"context"
	"io"
	"strings"

	"lage/internal/text"
)

// helpWidth is how wide help is written.
const helpWidth = 100

func helpCommands() []command {
	return []command{
		{name: "help", args: "[COMMAND|TOPIC]", max: 2, group: groupSetup, short: "cli.short_help", run: runHelp},
		{name: "man", args: "[DIR]", max: 1, group: groupSetup, short: "cli.short_man", long: "cli.long_man", run: runMan},
		{name: "completion", args: "bash|zsh|fish", min: 1, max: 1, group: groupSetup, short: "cli.short_completion",
			long: "cli.long_completion", run: runCompletion},
		{name: "version", group: groupSetup, short: "cli.short_version", run: runVersion},
	}
}

// topic is a help text that belongs to no command.
type topic struct{ name, short, long string }

func topics() []topic {
	return []topic{
		{"config", "cli.topic_config", "cli.topic_config_text"},
		{"environment", "cli.topic_environment", "cli.topic_environment_text"},
		{"access", "access.topic", "access.topic_text"},
		{"exit", "cli.topic_exit", "cli.topic_exit_text"},
	}
}

func runHelp(_ context.Context, a *app) error {
	if len(a.args) == 0 {
		a.overview()
		return nil
	}
	for _, t := range topics() {
		if t.name == a.args[0] {
			a.paragraphs(a.t(t.long))
			return nil
		}
	}
	if c := find(a.args); c != nil && len(strings.Fields(c.name)) == len(a.args) {
		return a.helpFor(c)
	}
	if len(a.args) == 1 && len(verbs(a.args[0])) > 0 {
		a.groupHelp(a.args[0])
		return nil
	}
	f := &fault{code: exitNotFound, msg: text.M("cli.err_no_help", strings.Join(a.args, " ")), hint: text.M("cli.hint_help")}
	if n := nearest(a.args[0], append(firstWords(), topicNames()...)); n != "" && n != a.args[0] {
		f.hint = text.M("cli.hint_mean", "lage help "+n)
	}
	return f
}

// helpFor writes the help of one command; that of the console is the overview.
func (a *app) helpFor(c *command) error {
	if c.name == "" {
		a.overview()
		return nil
	}
	a.printf("lage %s – %s\n\n", c.synopsis(), a.t(c.short))
	if c.long != "" {
		a.paragraphs(a.t(c.long))
		a.println("")
	}
	if len(c.flags) > 0 {
		a.println(a.t("cli.help_flags"))
		a.flagLines(c.flags)
		a.println("")
	}
	a.println(a.t("cli.help_global"))
	a.flagLines(globalFlags())
	return nil
}

func (a *app) overview() {
	a.paragraphs(a.t("cli.help_intro"))
	last := ""
	var rows [][]string
	flush := func() {
		columns(a.out, rows)
		rows = nil
	}
	for _, c := range visible() {
		if c.group != last {
			flush()
			a.printf("\n%s\n", a.t(c.group))
			last = c.group
		}
		rows = append(rows, []string{"  lage " + c.synopsis(), a.t(c.short)})
	}
	flush()
	a.printf("\n%s\n", a.t("cli.help_topics"))
	for _, t := range topics() {
		rows = append(rows, []string{"  lage help " + t.name, a.t(t.short)})
	}
	flush()
	a.printf("\n%s\n", a.t("cli.help_global"))
	a.flagLines(globalFlags())
}

// groupHelp lists the commands that share a first word.
func (a *app) groupHelp(noun string) {
	var rows [][]string
	for _, c := range visible() {
		if strings.HasPrefix(c.name, noun+" ") {
			rows = append(rows, []string{"lage " + c.synopsis(), a.t(c.short)})
		}
	}
	columns(a.out, rows)
	a.printf("\n%s\n", a.t("cli.hint_help_command", noun+" "+verbs(noun)[0]))
}

func (a *app) flagLines(flags []flag) {
	var rows [][]string
	for _, f := range flags {
		rows = append(rows, []string{"  " + f.synopsis(), a.t(f.help)})
	}
	columns(a.out, rows)
}

// synopsis writes the flag as one types it: "-o, --out FILE".
func (f flag) synopsis() string {
	s := "    --" + f.name
	if f.short != "" {
		s = "-" + f.short + ", --" + f.name
	}
	if f.value != "" {
		s += " " + f.value
	}
	return s
}

func (a *app) paragraphs(s string) { writeLines(a.out, wrap(s, helpWidth)) }

func writeLines(w io.Writer, lines []string) {
	for _, l := range lines {
		io.WriteString(w, l+"\n") // the writer keeps the first error
	}
}
