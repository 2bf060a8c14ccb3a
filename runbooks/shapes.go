package runbooks

import (
	"regexp"
	"strings"
)

// What the lines of a block and the sentence in front of it say about its kind.

var (
	// purpose is what a command is for: "to show the status" announces a command, "this shows" its output.
	purpose = regexp.MustCompile(`(?i)\b(?:(?:in order )?to|um .{0,40}zu|can|let'?s|and|then) (?:also |then )?(?:show|display|print|see|return|get|check)\b|\btask to show\b`)
	// yamlLine is a line of a nested mapping or list; yamlStart one that opens a level.
	yamlLine  = regexp.MustCompile(`^\s*(?:- )*["']?[\w./-]+["']?:(?:\s.*)?$|^\s*- \S.*$|^\s*#|^\s*\.\.\.|^---$`)
	yamlStart = regexp.MustCompile(`^[\w./-]+:(?:\s*(?:#.*)?|\s+\S+.*)$`)
	// restCall is a request as the console of a search engine takes it.
	restCall = regexp.MustCompile(`^(?:GET|HEAD|POST|PUT|DELETE|PATCH) /\S*$`)
	// metrics is an expression on metrics that starts with a bracket.
	metrics = regexp.MustCompile(`^\(+\s*(?:[a-z]\w*\s*\(+)*[a-z][a-z0-9]*(?:_[a-z0-9]+){2,}[^;$|]*(?:[-+*/<>=]|\{)`)
)

// announcers are words of which an announcing sentence has at least one, or their beginnings when they end in "*". The
// expressions that decide are slow; most sentences have none of them.
var announcers = set(`output expected similar return returns returned look looks like see display displays print prints show shows shown showing respond responds response result results error errors message messages log logs
appear appears sample trace stacktrace excerpt status displayed printed ausgabe erwartet erwartete erwarteter erwartetes liefert zeigt meldet antwortet fehlermeldung ergebnis erscheint sollte sollten sieht`)

// announces tells whether a sentence says that output follows.
func announces(lead string) bool {
	if !anyWord(lead, announcers) && !strings.Contains(lead, "hnlich") {
		return false
	}
	return prints(lead) && (!anyWord(lead, purposes) || prints(purpose.ReplaceAllString(lead, "")))
}

// purposes are the verbs of purpose.
var purposes = set("show display print see return get check")

// printsWords are those of printsIt that decide alone.
var printsWords = set(`output expected similar return returns returned looks display displays print prints show shows respond responds response result results error errors message messages appear appears sample excerpt ausgabe
erwartet erwartete erwarteter erwartetes liefert zeigt meldet antwortet fehlermeldung ergebnis erscheint stacktrace`)

// printsMore are those of which every other alternative of printsIt has one.
var printsMore = set("see should log logs like stack looks sieht")

// prints is printsIt, faster for most sentences.
func prints(s string) bool {
	return anyWord(s, printsWords) || (anyWord(s, printsMore) || containsAny(s, "rwartet", "hnlich", "ollte")) && printsIt.MatchString(s)
}

// yamlShaped tells whether the lines are settings as a person would put them into a file: at least two, a key first, and
// something nested.
func yamlShaped(lines []string) bool {
	n, nested := 0, false
	for _, l := range lines {
		if strings.TrimSpace(l) == "" {
			continue
		}
		if n == 0 && (!strings.Contains(l, ":") || !yamlStart.MatchString(l)) || !yamlLine.MatchString(l) && !strings.Contains(l, "...") {
			return false
		}
		nested = nested || n > 0 && (l[0] == ' ' || l[0] == '-')
		n++
	}
	return n > 1 && nested
}

// remarksOnly tells whether the lines that look like headings are remarks in a script: they start with two number signs,
// and everything else is a command.
func remarksOnly(sh *shell, lines []string) bool {
	n := 0
	for i := 0; i < len(lines); {
		t := strings.TrimSpace(lines[i])
		if t == "" || strings.HasPrefix(t, "#") {
			i++
			continue
		}
		if commandLine(t) != surelyCommand {
			return false
		}
		n++
		_, i = continued(sh, lines, i, lines[i])
	}
	return n > 0
}

// dedent takes off the indentation that all lines share.
func dedent(lines []string) []string {
	share := -1
	for _, l := range lines {
		if t := strings.TrimLeft(l, " "); t != "" && (share < 0 || len(l)-len(t) < share) {
			share = len(l) - len(t)
		}
	}
	if share <= 0 {
		return lines
	}
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = l[min(share, len(l)):]
	}
	return out
}

// sqlVerbs start what sqlText recognises.
var sqlVerbs = set("select update delete insert alter create drop show explain vacuum grant purge with copy reindex")

func firstField(s string) string {
	w, _, _ := strings.Cut(s, " ")
	return w
}

func firstLine(lines []string) string {
	for _, l := range lines {
		if strings.TrimSpace(l) != "" && !isComment(l) {
			return l
		}
	}
	return ""
}

func allComments(lines []string) bool {
	for _, l := range lines {
		if strings.TrimSpace(l) != "" && !isComment(l) {
			return false
		}
	}
	return true
}

// insideHeredoc tells whether what looks like a heading is text of a here-document.
func insideHeredoc(lines []string) bool {
	until := ""
	for i, l := range lines {
		if until != "" {
			if strings.TrimSpace(l) == until {
				until = ""
			}
			continue
		}
		if headingLike(l) {
			return false
		}
		if m := heredocIn(l); m != nil && i+1 < len(lines) {
			until = m[2]
		}
	}
	return true
}

// headingLike tells whether a line of a block looks like a heading, a numbered step or another fence.
func headingLike(l string) bool {
	if l == "" || l[0] != '#' && l[0] != '`' && (l[0] < '0' || l[0] > '9') {
		return false
	}
	return heading.MatchString(l)
}
