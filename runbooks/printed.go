package runbooks

import "strings"

// What stands behind the commands of a block without any mark: output, or what may as well be.

// splitPrinted cuts sample output off that follows the commands without any mark. clean is false when commands and
// output alternate, so that nobody can tell them apart.
func splitPrinted(sh *shell, lines []string) (cmd, example string, clean bool) {
	cut := -1
	for i := 0; i < len(lines); {
		t := strings.TrimSpace(lines[i])
		if t == "" || isComment(lines[i]) {
			i++
			continue
		}
		_, next := continued(sh, lines, i, lines[i])
		if cut < 0 {
			if i > 0 && commandLine(t) == notCommand && looksPrinted(t) && !startsKeyword(t) {
				cut = i
			}
		} else if commandLine(t) == surelyCommand {
			return "", "", false
		}
		i = next
	}
	if cut < 0 {
		return strings.Join(lines, "\n"), "", true
	}
	head := strings.TrimRight(strings.Join(lines[:cut], "\n"), "\n ")
	if !sh.understand(head).ok { // the "output" is the inside of a loop or a string
		return strings.Join(lines, "\n"), "", true
	}
	return head, strings.Join(lines[cut:], "\n"), true
}

// doubtful tells whether a line behind the first command may as well be what that command printed: bare words that start
// with no program that is known, a path alone, an address.
func doubtful(sh *shell, text string) bool {
	lines := strings.Split(text, "\n")
	commands := 0
	for i := 0; i < len(lines); {
		t := strings.TrimSpace(lines[i])
		if t == "" || isComment(lines[i]) {
			i++
			continue
		}
		var whole []string
		whole, next := continued(sh, lines, i, lines[i])
		if commands > 0 && len(whole) == 1 && commandLine(t) == notCommand && (bareWords(t) || namesPlace(t)) {
			return true
		}
		commands++
		i = next
	}
	return false
}

// bareWords tells whether a line has none of the signs of a shell: no option, path, quote, variable, pipe or bracket.
func bareWords(t string) bool {
	return !strings.ContainsAny(t, "|&;<>$`\"'\\=/(){}[]") && !hasOption(t) && !startsKeyword(t) && t != ":" && t != "."
}

// namesPlace tells whether a line is nothing but a path, as pwd prints it, or starts with an address.
func namesPlace(t string) bool {
	w := firstField(t)
	return w == t && isAbsolute(t) || strings.Contains(w, "://") && strings.IndexByte(w, '=') < 0
}

// plausible tells whether most lines of a block that does not parse are commands.
func plausible(lines []string) bool {
	n, good := 0, 0
	for _, l := range lines {
		if t := strings.TrimSpace(l); t != "" && !isComment(l) {
			n++
			if commandLine(t) != notCommand {
				good++
			}
		}
	}
	return 2*good >= n
}
