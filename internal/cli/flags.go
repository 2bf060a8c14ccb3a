package cli

import (
	"errors"
	"strings"

	"github.com/spf13/pflag"

	"lage/internal/text"
)

// flag is one option of a command. A name means the same everywhere: it takes a value in every command or in none.
type flag struct {
	name, short string
	value       string   // what stands for the value in the help; empty for a switch
	help        string   // code of internal/text
	words       []string // the only values, where there are few
}

// globalFlags may stand anywhere on the command line of every command.
func globalFlags() []flag {
	return []flag{
		{name: "config", short: "c", value: "FILE", help: "cli.flag_config"},
		{name: "db", value: "FILE", help: "cli.flag_db"},
		{name: "lang", value: "de|en", help: "cli.flag_lang", words: []string{"de", "en"}},
		{name: "tz", value: "ZONE", help: "cli.flag_tz"},
		{name: "as", value: "NAME", help: "cli.flag_as"},
		{name: "role", value: "ROLE", help: "access.flag_role", words: roleWords()},
		{name: "json", help: "cli.flag_json"},
		{name: "out", short: "o", value: "FILE", help: "cli.flag_out"},
		{name: "no-input", help: "cli.flag_no_input"},
		{name: "plain", help: "cli.flag_plain"},
		{name: "ascii", help: "cli.flag_ascii"},
		{name: "color", value: "WHEN", help: "cli.flag_color", words: []string{"auto", "always", "never"}},
		{name: "theme", value: "NAME", help: "cli.flag_theme", words: []string{"auto", "dark", "light", "contrast"}},
		{name: "help", short: "h", help: "cli.flag_help"},
		{name: "version", help: "cli.flag_version"},
	}
}

// flagSet makes a fresh set of the global flags and the given ones.
func flagSet(more []flag) *pflag.FlagSet {
	set := pflag.NewFlagSet("lage", pflag.ContinueOnError)
	set.SortFlags = false
	set.Usage = func() {}
	for _, f := range append(globalFlags(), more...) {
		switch {
		case set.Lookup(f.name) != nil: // two commands share it
		case f.value == "":
			set.BoolP(f.name, f.short, false, "")
		default:
			set.StringP(f.name, f.short, "", "")
		}
	}
	return set
}

// everyFlag lists the flags of all commands, to find the command's words between them.
func everyFlag() []flag {
	var all []flag
	for _, c := range table() {
		all = append(all, c.flags...)
	}
	return all
}

// flagFault puts an error of the flag library into words.
func (a *app) flagFault(err error, known []flag) *fault {
	var unknown *pflag.NotExistError
	var lacks *pflag.ValueRequiredError
	var invalid *pflag.InvalidValueError
	var syntax *pflag.InvalidSyntaxError
	switch {
	case errors.As(err, &unknown):
		return a.unknownFlag(unknown, known)
	case errors.As(err, &lacks):
		return a.usage(text.M("cli.err_flag_value", "--"+lacks.GetFlag().Name))
	case errors.As(err, &invalid):
		return a.usage(text.M("cli.err_flag_invalid", "--"+invalid.GetFlag().Name, invalid.GetValue()))
	case errors.As(err, &syntax):
		return a.usage(text.M("cli.err_flag_unknown", syntax.GetSpecifiedFlag()))
	}
	return a.usage(reason(err))
}

func (a *app) unknownFlag(e *pflag.NotExistError, known []flag) *fault {
	if e.GetSpecifiedShortnames() != "" {
		return a.usage(text.M("cli.err_flag_unknown", "-"+e.GetSpecifiedName()))
	}
	var names []string
	for _, f := range append(globalFlags(), known...) {
		names = append(names, f.name)
	}
	f := a.usage(text.M("cli.err_flag_unknown", "--"+e.GetSpecifiedName()))
	if n := nearest(e.GetSpecifiedName(), names); n != "" {
		f.hint = text.M("cli.hint_mean", "--"+n)
	}
	return f
}

// words checks flags that take only certain values.
func (a *app) checkWords(known []flag) error {
	for _, f := range append(globalFlags(), known...) {
		v := a.flag(f.name)
		if len(f.words) == 0 || !a.given(f.name) || contains(f.words, v) {
			continue
		}
		e := a.usage(text.M("cli.err_flag_words", "--"+f.name, v, strings.Join(f.words, ", ")))
		if n := nearest(v, f.words); n != "" {
			e.hint = text.M("cli.hint_mean", n)
		}
		return e
	}
	return nil
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// nearest finds the candidate that is at most two typing mistakes away; empty when none is.
func nearest(s string, candidates []string) string {
	best, found := 3, ""
	if len([]rune(s)) <= 3 { // with two of three letters wrong it is another word
		best = 2
	}
	for _, c := range candidates {
		if d := distance(s, c); d < best && d < len([]rune(s)) && d < len([]rune(c)) {
			best, found = d, c
		}
	}
	return found
}

// distance counts the letters to insert, remove, replace or swap with their neighbour to turn a into b.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	d := make([][]int, len(x)+1)
	for i := range d {
		d[i] = make([]int, len(y)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(x)][len(y)]
}
