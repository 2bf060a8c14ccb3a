package runbooks

import "strings"

// Small scans by hand. They are asked of nearly every line of a file, where an expression would take most of the time
// that reading the file takes.

func isBlank(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' && c != '\v' }

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// isWordByte tells whether c can be part of a name.
func isWordByte(c byte) bool { return isLetter(c) || isDigit(c) || c == '_' }

func trimBlank(s string) string {
	for s != "" && isBlank(s[0]) {
		s = s[1:]
	}
	return s
}

// firstToken gives what stands in front of the first white space.
func firstToken(s string) string {
	for i := range len(s) {
		if isBlank(s[i]) {
			return s[:i]
		}
	}
	return s
}

// listMarker gives the lengths of the list marker at the start of s and of the white space behind it; mark is 0 without
// one.
func listMarker(s string) (mark, space int) {
	switch {
	case s == "":
		return 0, 0
	case s[0] == '-' || s[0] == '*' || s[0] == '+':
		mark = 1
	default:
		for mark < len(s) && mark < 9 && isDigit(s[mark]) {
			mark++
		}
		if mark == 0 || mark == len(s) || s[mark] != '.' && s[mark] != ')' {
			return 0, 0
		}
		mark++
	}
	for mark+space < len(s) && (s[mark+space] == ' ' || s[mark+space] == '\t') {
		space++
	}
	if space == 0 && mark < len(s) {
		return 0, 0
	}
	return mark, space
}

func isMarker(s string) bool {
	mark, _ := listMarker(s)
	return mark > 0
}

func withoutMarker(s string) string {
	mark, space := listMarker(s)
	return s[mark+space:]
}

// isComment tells whether a line of a block is a remark in one of the usual languages.
func isComment(l string) bool {
	t := trimBlank(l)
	switch {
	case t == "":
		return false
	case t[0] == '#' || t[0] == ';':
		return true
	case t[0] == '/':
		return strings.HasPrefix(t, "//")
	case t[0] == '-':
		return len(t) > 2 && t[1] == '-' && isBlank(t[2])
	}
	return false
}

// rootLine gives what stands behind the "# " of a line.
func rootLine(l string) (rest string, ok bool) {
	t := trimBlank(l)
	if !strings.HasPrefix(t, "#") {
		return "", false
	}
	t = strings.TrimPrefix(t[1:], " ")
	if t == "" || isBlank(t[0]) {
		return "", false
	}
	return t, true
}

func isRootLine(l string) bool {
	_, ok := rootLine(l)
	return ok
}

// withoutSecondary takes off the "> " with which a shell asks for the rest of a command.
func withoutSecondary(l string) string {
	if t := trimBlank(l); strings.HasPrefix(t, ">") {
		return strings.TrimPrefix(t[1:], " ")
	}
	return l
}

// hasOption tells whether a line has an option such as -v or --name=x behind its first word.
func hasOption(s string) bool {
	for i := 1; i < len(s); i++ {
		if s[i] != '-' || !isBlank(s[i-1]) {
			continue
		}
		j := i + 1
		if j < len(s) && s[j] == '-' {
			j++
		}
		if j == len(s) || !isLetter(s[j]) {
			continue
		}
		for j < len(s) && (isWordByte(s[j]) || s[j] == '-') {
			j++
		}
		if j == len(s) || isBlank(s[j]) || s[j] == '=' {
			return true
		}
	}
	return false
}

// isPlainWord tells whether s is a name in small letters, as programs have.
func isPlainWord(s string) bool {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && !isDigit(c) && c != '_' && c != '.' && c != '-' {
			return false
		}
	}
	return true
}

var keywords = set("if for while until case { ( do done then fi else elif esac } ) ! [[ time")

// startsKeyword tells whether a line starts with a word of the shell's own grammar.
func startsKeyword(t string) bool {
	for i := range len(t) {
		if isBlank(t[i]) || t[i] == ';' {
			return keywords[t[:i]]
		}
		if i > 5 {
			return false
		}
	}
	return keywords[t]
}

// isListing tells whether a line is one of "ls -l".
func isListing(t string) bool {
	if strings.HasPrefix(t, "total ") {
		n := strings.TrimLeft(t[6:], "0123456789.,")
		return len(n) < len(t)-6 && isDigit(t[6]) && (n == "" || len(n) == 1 && strings.Contains("KMGT", n))
	}
	if len(t) < 11 || strings.IndexByte("dlcbps-", t[0]) < 0 {
		return false
	}
	for i := 1; i < 10; i++ {
		if strings.IndexByte("rwxsStT-", t[i]) < 0 {
			return false
		}
	}
	return isBlank(t[10]) || len(t) > 11 && strings.IndexByte(".+@", t[10]) >= 0 && isBlank(t[11])
}

// hasGap tells whether there may be three white spaces in a row in s.
func hasGap(s string) bool { return strings.Contains(s, "   ") || strings.ContainsAny(s, "\t\n\f\r") }

// opensWord tells whether a bracket has a letter right behind it.
func opensWord(s string, bracket byte) bool {
	for {
		i := strings.IndexByte(s, bracket)
		if i < 0 || i+1 == len(s) {
			return false
		}
		s = s[i+1:]
		if isLetter(s[0]) || s[0] >= 0x80 {
			return true
		}
	}
}

// anyWord tells whether one of the words of s, in small letters, is in a set. A word is what \b marks off in an
// expression: a run of letters of ASCII, digits and underscores.
func anyWord(s string, in map[string]bool) bool {
	var low [24]byte
	for i := 0; i < len(s); {
		if !isWordByte(s[i]) {
			i++
			continue
		}
		n := 0
		for ; i < len(s) && isWordByte(s[i]); i++ {
			if n < len(low) {
				low[n] = s[i]
				if s[i] >= 'A' && s[i] <= 'Z' {
					low[n] += 'a' - 'A'
				}
			}
			n++
		}
		if n <= len(low) && in[string(low[:n])] {
			return true
		}
	}
	return false
}
