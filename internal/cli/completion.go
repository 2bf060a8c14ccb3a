package cli

import (
	"fmt"
	"strings"
)

// The completion scripts are made from the table of commands: words and flags. After the last word of a command they offer
// file names, because most commands take one somewhere.

// wordLoop is the part of a shell loop that keeps the words which are neither flags nor their values.
func wordLoop() string {
	var takers []string
	seen := map[string]bool{}
	for _, f := range append(globalFlags(), everyFlag()...) {
		if f.value == "" || seen[f.name] {
			continue
		}
		seen[f.name] = true
		takers = append(takers, "--"+f.name)
		if f.short != "" {
			takers = append(takers, "-"+f.short)
		}
	}
	return "    case \"$before\" in\n      " + strings.Join(takers, "|") + ") before=; continue ;;\n    esac\n" +
		"    before=$w\n    [[ $w == -* ]] || words+=(\"$w\")\n  done\n"
}

func flagWords(flags []flag) string {
	var w []string
	for _, f := range flags {
		w = append(w, "--"+f.name)
	}
	return strings.Join(w, " ")
}

func bashCompletion() string {
	var b strings.Builder
	b.WriteString("# bash completion for lage\n_lage() {\n")
	b.WriteString("  local cur=${COMP_WORDS[COMP_CWORD]} words=() w flags before=\n")
	b.WriteString("  for w in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n")
	b.WriteString(wordLoop())
	fmt.Fprintf(&b, "  flags=%q\n", flagWords(globalFlags()))
	b.WriteString("  case \"${words[0]-} ${words[1]-}\" in\n")
	for _, c := range visible() {
		if len(c.flags) > 0 {
			first, second, _ := strings.Cut(c.name, " ")
			pattern := fmt.Sprintf("%q", first+" "+second)
			if second == "" {
				pattern = fmt.Sprintf("%q*", first+" ")
			}
			fmt.Fprintf(&b, "    %s) flags+=\" %s\" ;;\n", pattern, flagWords(c.flags))
		}
	}
	b.WriteString("  esac\n  if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W \"$flags\" -- \"$cur\")); return; fi\n")
	b.WriteString("  case ${#words[@]} in\n")
	fmt.Fprintf(&b, "    0) COMPREPLY=($(compgen -W %q -- \"$cur\")) ;;\n", strings.Join(firstWords(), " "))
	b.WriteString("    1) case ${words[0]} in\n")
	for _, noun := range firstWords() {
		if v := verbs(noun); len(v) > 0 {
			fmt.Fprintf(&b, "      %s) COMPREPLY=($(compgen -W %q -- \"$cur\")) ;;\n", noun, strings.Join(v, " "))
		}
	}
	fmt.Fprintf(&b, "      help) COMPREPLY=($(compgen -W %q -- \"$cur\")) ;;\n", strings.Join(append(firstWords(), topicNames()...), " "))
	b.WriteString("      completion) COMPREPLY=($(compgen -W \"bash zsh fish\" -- \"$cur\")) ;;\n")
	b.WriteString("      *) COMPREPLY=($(compgen -f -- \"$cur\")) ;;\n    esac ;;\n")
	b.WriteString("    *) COMPREPLY=($(compgen -f -- \"$cur\")) ;;\n  esac\n}\ncomplete -F _lage lage\n")
	return b.String()
}

func (a *app) zshCompletion() string {
	quote := func(s string) string { return strings.NewReplacer("'", "'\\''", ":", "\\:").Replace(s) }
	var b strings.Builder
	b.WriteString("#compdef lage\n_lage() {\n  local -a seen commands verbs flags\n  local w before=\n")
	b.WriteString("  for w in \"${(@)words[2,CURRENT-1]}\"; do\n")
	b.WriteString(strings.ReplaceAll(wordLoop(), "words+=", "seen+="))
	b.WriteString("  commands=(\n")
	for _, w := range firstWords() {
		fmt.Fprintf(&b, "    '%s:%s'\n", w, quote(a.wordHelp(w)))
	}
	b.WriteString("  )\n  flags=(\n")
	for _, f := range globalFlags() {
		fmt.Fprintf(&b, "    '--%s:%s'\n", f.name, quote(a.t(f.help)))
	}
	b.WriteString("  )\n  case \"$seen[1] $seen[2]\" in\n")
	for _, c := range visible() {
		if len(c.flags) == 0 {
			continue
		}
		first, second, _ := strings.Cut(c.name, " ")
		star := ""
		if second == "" {
			star = "*"
		}
		fmt.Fprintf(&b, "    %q%s) flags+=(", first+" "+second, star)
		for _, f := range c.flags {
			fmt.Fprintf(&b, "'--%s:%s' ", f.name, quote(a.t(f.help)))
		}
		b.WriteString(") ;;\n")
	}
	b.WriteString("  esac\n  if [[ $words[CURRENT] == -* ]]; then _describe flag flags; return; fi\n")
	b.WriteString("  if (( $#seen == 0 )); then _describe command commands; return; fi\n")
	b.WriteString("  if (( $#seen == 1 )); then\n    case $seen[1] in\n")
	for _, noun := range firstWords() {
		v := verbs(noun)
		if len(v) == 0 {
			continue
		}
		fmt.Fprintf(&b, "      %s) verbs=(", noun)
		for _, w := range v {
			fmt.Fprintf(&b, "'%s:%s' ", w, quote(a.t(find([]string{noun, w}).short)))
		}
		b.WriteString("); _describe verb verbs; return ;;\n")
	}
	b.WriteString("    esac\n  fi\n  _files\n}\ncompdef _lage lage\n")
	return b.String()
}

func (a *app) fishCompletion() string {
	quote := func(s string) string { return strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(s) }
	var b strings.Builder
	b.WriteString("# fish completion for lage\n")
	for _, f := range globalFlags() {
		fmt.Fprintf(&b, "complete -c lage -l %s -d '%s'%s\n", f.name, quote(a.t(f.help)), fishFlag(f))
	}
	for _, w := range firstWords() {
		fmt.Fprintf(&b, "complete -c lage -n __fish_use_subcommand -f -a %s -d '%s'\n", w, quote(a.wordHelp(w)))
	}
	for _, c := range visible() {
		first, second, two := strings.Cut(c.name, " ")
		when := "__fish_seen_subcommand_from " + first
		if two {
			fmt.Fprintf(&b, "complete -c lage -n '%s; and not __fish_seen_subcommand_from %s' -f -a %s -d '%s'\n",
				when, strings.Join(verbs(first), " "), second, quote(a.t(c.short)))
			when += "; and __fish_seen_subcommand_from " + second
		}
		for _, f := range c.flags {
			fmt.Fprintf(&b, "complete -c lage -n '%s' -l %s -d '%s'%s\n", when, f.name, quote(a.t(f.help)), fishFlag(f))
		}
	}
	return b.String()
}

func fishFlag(f flag) string {
	switch {
	case f.value == "":
		return ""
	case len(f.words) > 0:
		return " -x -a '" + strings.Join(f.words, " ") + "'"
	}
	return " -r"
}

// wordHelp describes a first word: the command itself, or the commands that begin with it.
func (a *app) wordHelp(word string) string {
	if c := find([]string{word}); c != nil {
		return a.t(c.short)
	}
	return strings.Join(verbs(word), ", ")
}

func topicNames() []string {
	var n []string
	for _, t := range topics() {
		n = append(n, t.name)
	}
	return n
}
