package cli

import (
	"context"
	"strings"

	"lage/internal/text"
)

// dispatch finds the command on the command line, reads its flags and runs it.
func (a *app) dispatch(ctx context.Context) error {
	if err := a.takeForced(); err != nil {
		return err
	}
	if c, rest := rawCommand(a.env.Args); c != nil && !a.forced {
		a.cmd, a.args, a.set = c, rest, flagSet(nil)
		a.zone = a.env.Local
		return c.run(ctx, a)
	}
	words, err := a.positional()
	if err != nil {
		return err
	}
	a.cmd = find(words)
	if a.cmd == nil {
		return a.noCommand(words)
	}
	if err := a.parse(); err != nil {
		return err
	}
	if err := a.withinRole(); err != nil {
		return err
	}
	a.redirect()
	switch {
	case a.on("help"):
		return a.helpFor(a.cmd)
	case a.on("version"):
		return runVersion(ctx, a)
	}
	if err := a.countArgs(); err != nil {
		return err
	}
	return a.cmd.run(ctx, a)
}

// rawCommand finds the commands that take their arguments as they are: those that lage calls itself.
func rawCommand(args []string) (*command, []string) {
	for _, c := range table() {
		w := strings.Fields(c.name)
		if c.raw && len(args) >= len(w) && strings.Join(args[:len(w)], " ") == c.name {
			return &c, args[len(w):]
		}
	}
	return nil, nil
}

// positional gives what is left of the command line without flags. Because a flag means the same in every command, this
// works before the command is known; unknown flags are found here too.
func (a *app) positional() ([]string, error) {
	a.set = flagSet(everyFlag())
	if err := a.set.Parse(a.env.Args); err != nil {
		a.cmd = a.guess() // its exit codes are those that the caller knows
		return nil, a.flagFault(err, everyFlag())
	}
	a.chooseLanguage(a.flag("lang"))
	return a.set.Args(), nil
}

// guess gives the command that was probably meant, where the flags cannot be read; nil where no word is one.
func (a *app) guess() *command {
	var words []string
	for _, w := range a.env.Args {
		if !strings.HasPrefix(w, "-") {
			words = append(words, w)
		}
	}
	for i := range words {
		if c := find(words[i:]); c != nil {
			return c
		}
	}
	return nil
}

// find gives the command with the most words at the beginning of words. Without words it is the console.
func find(words []string) *command {
	var best *command
	for _, c := range table() {
		w := strings.Fields(c.name)
		if len(w) > len(words) || strings.Join(words[:len(w)], " ") != c.name {
			continue
		}
		if best == nil || len(w) > len(strings.Fields(best.name)) {
			best = &c
		}
	}
	if best != nil && best.name == "" && len(words) > 0 {
		return nil
	}
	return best
}

// parse reads the command line again, now with the flags of this command only.
func (a *app) parse() error {
	a.set = flagSet(a.cmd.flags)
	if err := a.set.Parse(a.env.Args); err != nil {
		return a.flagFault(err, a.cmd.flags)
	}
	a.args = a.set.Args()[len(strings.Fields(a.cmd.name)):]
	if err := a.checkWords(a.cmd.flags); err != nil {
		return err
	}
	return a.chooseZone()
}

// countArgs refuses too few and too many arguments.
func (a *app) countArgs() error {
	switch n := len(a.args); {
	case n < a.cmd.min:
		return a.usage(text.M("cli.err_few_args", "lage "+a.cmd.synopsis()))
	case a.cmd.max >= 0 && n > a.cmd.max:
		return a.usage(text.M("cli.err_many_args", a.args[a.cmd.max], "lage "+a.cmd.synopsis()))
	}
	return nil
}

// noCommand answers words that are no command: a group's name alone shows the group; anything else gets a suggestion.
func (a *app) noCommand(words []string) error {
	group := verbs(words[0])
	if len(group) > 0 && len(words) == 1 {
		if a.on("help") {
			a.groupHelp(words[0])
			return nil
		}
		return a.usageOf(words[0], text.M("cli.err_verb_missing", words[0], strings.Join(group, ", ")))
	}
	if len(group) > 0 {
		f := a.usageOf(words[0], text.M("cli.err_verb_unknown", words[0]+" "+words[1], strings.Join(group, ", ")))
		if n := nearest(words[1], group); n != "" {
			f.hint = text.M("cli.hint_mean", "lage "+words[0]+" "+n)
		}
		return f
	}
	f := &fault{code: exitUsage, msg: text.M("cli.err_command", words[0]), hint: text.M("cli.hint_help")}
	if n := nearest(words[0], firstWords()); n != "" {
		f.hint = text.M("cli.hint_mean", "lage "+n)
	}
	return f
}

func (a *app) usageOf(group string, msg text.Message) *fault {
	code := exitUsage
	if group == "check" { // called by monitoring systems: anything unclear is UNKNOWN
		code = exitConfig
	}
	return &fault{code: code, msg: msg, hint: text.M("cli.hint_help_command", group)}
}
