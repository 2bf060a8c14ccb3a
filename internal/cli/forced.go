package cli

import (
	"cmp"
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"lage/internal/text"
	"lage/services"
)

// originalCommand is where sshd leaves what the person asked for, when authorized_keys forces another command.
const originalCommand = "SSH_ORIGINAL_COMMAND"

// lineFlags belong to the line in authorized_keys: whoever comes through it must not choose them. Files are written on the
// person's own machine instead: a file here could become a key, a configuration or a runbook.
func lineFlags() []string { return []string{"as", "config", "db", "role", "out"} }

// takeForced takes over the command that a person sent through a forced command such as "lage --as m.krause". The line's own
// flags stand; the person's words follow. A line that names a command of its own is complete, and nothing is taken over.
func (a *app) takeForced() error {
	sent := a.env.Getenv(originalCommand)
	if raw, _ := rawCommand(a.env.Args); raw != nil || strings.TrimSpace(sent) == "" {
		return nil
	}
	line := flagSet(everyFlag())
	if err := line.Parse(a.env.Args); err != nil {
		a.set = line
		return a.flagFault(err, everyFlag())
	}
	if line.NArg() > 0 {
		return nil
	}
	a.set = line
	a.chooseLanguage(a.flag("lang"))
	if err := a.checkWords(nil); err != nil {
		return err
	}
	// A line that says nothing about it lets people work, not erase.
	a.forced, a.role = true, cmp.Or(services.Role(a.flag("role")), services.Respond)
	if a.on("read-only") {
		a.role = services.View
	}
	words, err := splitWords(sent)
	if err != nil {
		return &fault{code: exitUsage, msg: text.M("access.err_quote"), hint: text.M("access.hint_quote")}
	}
	if len(words) > 0 && filepath.Base(words[0]) == "lage" {
		words = words[1:]
	}
	if err := refuseLineFlags(words); err != nil {
		return err
	}
	a.env.Args = append(keptFlags(line), words...)
	return nil
}

// keptFlags writes the line's flags so that nothing that follows can be taken for a value of them.
func keptFlags(line *pflag.FlagSet) []string {
	var args []string
	line.Visit(func(f *pflag.Flag) {
		if f.Name != "role" && f.Name != "read-only" { // they are the role by now
			args = append(args, "--"+f.Name+"="+f.Value.String())
		}
	})
	return args
}

// refuseLineFlags refuses the flags of the line in a person's words, however they are written. It reads the words as they
// are read later, so that a flag in a note's text is no flag.
func refuseLineFlags(words []string) error {
	set := flagSet(everyFlag())
	err := set.Parse(words)
	for _, name := range lineFlags() {
		if set.Changed(name) {
			return refusedFlag(name)
		}
	}
	var unknown *pflag.NotExistError
	var lacks *pflag.ValueRequiredError
	switch {
	case errors.As(err, &lacks) && slices.Contains(lineFlags(), lacks.GetFlag().Name):
		return refusedFlag(lacks.GetFlag().Name)
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "":
		for _, name := range lineFlags() { // "--conf" is none of our spellings, but it is clear what was meant
			if strings.HasPrefix(name, unknown.GetSpecifiedName()) {
				return refusedFlag(name)
			}
		}
	}
	return nil // other mistakes are named where every command line is read
}

func refusedFlag(name string) error {
	f := &fault{code: exitRefused, msg: text.M("access.err_flag", "--"+name), hint: text.M("access.hint_flag")}
	if name == "out" {
		f.hint = text.M("access.hint_out")
	}
	return f
}

// commandEnv is the environment of runbook commands: a lage that one of them calls is not what the person sent.
func (a *app) commandEnv() []string {
	return slices.DeleteFunc(slices.Clone(a.env.Environ()), func(kv string) bool { return strings.HasPrefix(kv, originalCommand+"=") })
}
