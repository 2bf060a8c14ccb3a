package runbooks

import (
	"regexp"
	"strings"
)

var (
	dollar     = regexp.MustCompile(`^\s*\$ +(\S.*)$`)
	tight      = regexp.MustCompile(`^\s*\$((\w[\w-]*) .*)$`) // "$sudo lsblk"
	namedRoot  = regexp.MustCompile(`^\s*(?:\([\w.-]+\) ?)?\[?[\w.-]+@[\w.-]+[^#$%>\n]{0,60}?\]?[#$%>] ?(\S.*)$`)
	loginAt    = regexp.MustCompile(`^\s*(?:\([\w.-]+\) ?)?\[?[\w.-]+@[\w.-]+[: ][~/][\w./~-]*\]?[#$] ?(\S.*)$`) // nothing else looks like "root@db-1:~# "
	hostOf     = regexp.MustCompile(`^\s*(?:\([\w.-]+\) ?)?\[?[\w.-]+@([\w.-]+)`)
	hostDollar = regexp.MustCompile(`^\s*(?:\([\w.-]+\) ?)?\[?[\w.~/-]+(?::[~/][\w./~-]*)?\]?(?: [\w.~/-]+)? ?[$%] (\S.*)$|^\s*(?:bash|sh|zsh)[#$] (\S.*)$`)
	shellRoot  = regexp.MustCompile(`^\s*(?:bash|sh|zsh|ash)-\d[\d.]*[#$] ?(\S.*)$|^\s*/[\w./]* # (\S.*)$|^\s*~ # (\S.*)$`)
	shellName  = regexp.MustCompile(`^\s*(?:bash|sh|zsh)[#$] `)
	promptHead = regexp.MustCompile(`^\s*(?:\([\w.-]+\) ?)?\[?([\w./@-]+)[\]:~ #$]`)
	arrow      = regexp.MustCompile(`^\s*[❯➜→»] +(?:\S+ +(?:git:\([^)\n]*\) *)?(?:✗ *|✔ *)?(?:[$%❯] *)?)?(\S.*)$`)
	replPrompt = regexp.MustCompile(`^\s*(?:mysql|MariaDB \[[^\]]*\]|sqlite|postgres|psql|[\w-]+[=-][#>]|mongo|[\w-]+:PRIMARY|irb\([^)]*\)[:\d]*|\[\d+\] pry\([^)]*\)|>>>|In \[\d+\]:|(?:redis )?\d+\.\d+\.\d+\.\d+:\d+(?:\[\d+\])?|\[ ?\w+ ?\] \w+|ftp|sftp|telnet|cqlsh|gitlabhq_\w+)> ?\S|^\s*>>> \S|^\s*\w+=[#>] ?\S|^\s*\[ \w+ \] \w+> |^> [A-Za-z]`)
	heredoc    = regexp.MustCompile(`<<-?\s*(['"]?)([A-Za-z_]\w*)['"]?`)
)

// prompt gives the command behind a shell prompt. strict prompts are taken as they are; for others the rest has to be a
// known command.
func prompt(s string) (cmd string, ok bool) {
	t := strings.TrimLeft(s, " \t")
	if t == "" || t[0] < 0x80 && !strings.ContainsAny(s, "$#%>") {
		return "", false
	}
	if rest, ok := strings.CutPrefix(t, "$ "); ok && strings.TrimSpace(rest) != "" {
		return strings.TrimLeft(rest, " "), true
	}
	if m := tightPrompt(t); m != nil && programs[m[2]] && commandLine(m[1]) == surelyCommand {
		return m[1], true
	}
	for _, re := range []*regexp.Regexp{loginAt, namedRoot, shellRoot, hostDollar, arrow} {
		if !mayPrompt(re, s, t) {
			continue
		}
		m := re.FindStringSubmatch(s)
		if m == nil {
			continue
		}
		for _, g := range m[1:] {
			if g != "" && (commandLine(g) == surelyCommand || (re == loginAt || re == shellRoot || shellName.MatchString(s)) && isPlainWord(firstWord(g))) {
				return g, true
			}
		}
	}
	return "", false
}

// tightPrompt is what the expression tight gives for a line without its indentation.
func tightPrompt(t string) []string {
	if len(t) < 2 || t[0] != '$' || !isWordByte(t[1]) {
		return nil
	}
	return tight.FindStringSubmatch(t)
}

// mayPrompt tells whether an expression for prompts can match at all; t is the line without its indentation.
func mayPrompt(re *regexp.Regexp, s, t string) bool {
	switch re {
	case loginAt, namedRoot:
		return strings.Contains(s, "@")
	case shellRoot:
		return t[0] == '~' || t[0] == '/' && strings.Contains(s, " # ") || strings.IndexByte("bsza", t[0]) >= 0 && strings.Contains(s, "sh-")
	case hostDollar:
		return containsAny(s, "$ ", "% ", "# ")
	}
	return t[0] >= 0x80
}

// transcript takes prompts out of a block. ok is false when there are none. example is what was printed between.
func transcript(sh *shell, lines []string) (text, example string, ok bool) {
	root := rootPrompts(lines)
	first := -1
	for i, l := range lines {
		if _, is := prompt(l); is || root && isRootLine(l) {
			first = i
			break
		}
	}
	if first < 0 {
		return "", "", false
	}
	var cmds, printed []string
	for i := 0; i < len(lines); {
		cmd, is := prompt(lines[i])
		if !is && root {
			cmd, is = rootLine(lines[i])
		}
		if !is {
			if i > first || strings.TrimSpace(lines[i]) != "" && !strings.HasPrefix(strings.TrimSpace(lines[i]), "#") {
				printed = append(printed, lines[i])
			}
			i++
			continue
		}
		for n := len(printed); n > 0 && strings.HasPrefix(strings.TrimSpace(printed[n-1]), "# "); n = len(printed) { // a remark on the command
			printed = printed[:n-1]
		}
		var whole []string
		whole, i = continued(sh, lines, i, cmd)
		cmds = append(cmds, whole...)
	}
	return strings.Join(cmds, "\n"), strings.Trim(strings.Join(printed, "\n"), "\n"), true
}

// onHosts tells whether the prompts of a transcript name more than one place: then it was typed in more than one.
func onHosts(lines []string) bool {
	seen := ""
	for _, l := range lines {
		cmd, ok := prompt(l)
		if !ok {
			continue
		}
		head := strings.TrimSuffix(l, cmd)
		if m := hostOf.FindStringSubmatch(head); m != nil {
			head = m[1]
		} else if m := promptHead.FindStringSubmatch(head); m != nil && !strings.ContainsAny(head, "❯➜→»)") {
			head = m[1]
		} else if shellName.MatchString(l) {
			head = "shell"
		} else {
			continue
		}
		if seen != "" && seen != head {
			return true
		}
		seen = head
	}
	return false
}

// continued collects the lines that belong to a command which starts in line i: behind a backslash, in a here-document,
// in an open quote or loop.
func continued(sh *shell, lines []string, i int, cmd string) (out []string, next int) {
	out = []string{cmd}
	next = i + 1
	for strings.HasSuffix(strings.TrimRight(out[len(out)-1], " "), "\\") && next < len(lines) {
		out[len(out)-1] = strings.TrimRight(out[len(out)-1], " ")
		out = append(out, withoutSecondary(lines[next]))
		next++
	}
	if m := heredocIn(strings.Join(out, "\n")); m != nil {
		for j := next; j < len(lines); j++ {
			if strings.TrimSpace(withoutSecondary(lines[j])) == m[2] {
				for _, l := range lines[next : j+1] {
					if withoutSecondary(lines[j]) != lines[j] {
						l = withoutSecondary(l)
					}
					out = append(out, l)
				}
				return out, j + 1
			}
		}
	}
	const most = 40 // lines of one command
	if next < len(lines) && !whole(out[len(out)-1]) && !sh.understand(strings.Join(out, "\n")).ok {
		more := append([]string(nil), out...)
		for j := next; j < len(lines) && j < next+most; j++ {
			if _, is := prompt(lines[j]); is {
				break
			}
			more = append(more, withoutSecondary(lines[j]))
			if sh.parse(strings.Join(more, "\n")).ok {
				return more, j + 1
			}
		}
	}
	return out, next
}

// heredocIn finds the start of a here-document, as the expression heredoc gives it.
func heredocIn(s string) []string {
	if !strings.Contains(s, "<<") {
		return nil
	}
	return heredoc.FindStringSubmatch(s)
}

// whole tells whether a line is surely complete, without parsing it: nothing in it opens what a later line could close.
func whole(s string) bool {
	return !strings.ContainsAny(s, "\"'`({[|&<\\") && !startsKeyword(strings.TrimSpace(s))
}

// rootPrompts tells whether every line that starts with "# " holds a known command, as root's prompt does, and the first
// line is one of them.
func rootPrompts(lines []string) bool {
	n := 0
	for _, l := range lines {
		t := strings.TrimSpace(l)
		if t == "" {
			continue
		}
		typed, ok := rootLine(l)
		if !ok {
			if n == 0 || dollar.MatchString(l) {
				return false
			}
			if commandLine(t) == surelyCommand { // then "#" marks remarks
				return false
			}
			continue
		}
		w := firstWord(typed)
		if commandLine(typed) != surelyCommand || english[w] && !hasOption(typed) && !strings.ContainsAny(typed, "/|$") || strings.HasSuffix(typed, ":") || strings.HasSuffix(typed, ".") {
			return false
		}
		n++
	}
	return n > 0
}
