package runbooks

import (
	"regexp"
	"strings"
)

var (
	angle    = regexp.MustCompile(`<[A-Za-zÄÖÜäöü][^<>\n]{0,60}>`)
	braces   = regexp.MustCompile(`\{\{\s*([A-Za-z_]\w*)\s*\}\}`)
	shouting = regexp.MustCompile(`(?:\b|_)(?:X{3,}|YOUR_[A-Z0-9_]+|CHANGE_?ME|REPLACE_?ME|(?:IHR|IHRE|DEIN|DEINE)_[A-Z0-9_]+|REPLACE_WITH_[A-Z0-9_]+|TODO)\b|\bx{4,}\b`)
	fewX     = regexp.MustCompile(`(?:\s|=|/)(x{2,3}|X{2})(?:\s|/|$)`)
	yours    = regexp.MustCompile(`\byour[-_][a-z][a-z0-9_-]*[a-z0-9]`)
	square   = regexp.MustCompile(`(?:^|[ =/,:@"'])(\[[a-zäöü][a-zäöüß0-9]*(?:[ _-][a-zäöüß0-9]+){0,5}\])`)
	capitals = regexp.MustCompile(`\[([A-ZÄÖÜ]{2,}[A-ZÄÖÜ0-9]*(?:[ _-][A-ZÄÖÜ0-9]+)*)\]`)
	curly    = regexp.MustCompile(`(?:^|[ =/,:@"-])(\{(?:[a-z][a-z0-9]*(?:[_-][a-z0-9]+)+|[A-Z][A-Z0-9]*(?:[_-][A-Z0-9]+)*|name|namespace|node|pod|host|hostname|service|cluster|region|env|environment|user|id)\})`)
	oneWord  = regexp.MustCompile(`(?:^|[ =/:"-])(\{[a-zäöüß]{3,30}\})`)
	someDisk = regexp.MustCompile(`/dev/(?:sd|vd|xvd|hd)[XYZ]\b|/dev/nvmeXn1\b`)
	ellipsis = regexp.MustCompile(`(?m)(?:^|\s)(\.\.\.|…|\[\.\.\.\])(?:\s|$)`)
	somePath = regexp.MustCompile(`(?:^|[\s=:"'])((?:/|~/|\./)?path/to/[\w./-]*)`)
	changeMe = regexp.MustCompile(`(?m)^\s*#.*\b(?:CHANGE_?ME|REPLACE_?ME|FIXME)\b`)
	varUse   = regexp.MustCompile(`\$\{?([A-Za-z_]\w*)\}?`)
)

// printedWords are words in angle brackets that programs print.
var printedWords = set("none unknown nil null pending invalid no-value unset EOF ESC Enter")

// isAngle tells whether a match of angle in text is a placeholder and not a tag, an address or two redirections.
func isAngle(m, text string) bool {
	in := m[1 : len(m)-1]
	if printedWords[in] {
		return false
	}
	if strings.TrimSpace(in) != in || strings.Contains(text, "</"+in+">") || strings.HasSuffix(in, "/") || strings.Contains(in, "='") || strings.Contains(in, `="`) {
		return false
	}
	return !strings.Contains(text, "<"+m) && !strings.Contains(m, "<(")
}

// placeholders lists what a person has to fill in before a text can run, as written, each once. sc is what is known of
// the text as a script, set the variables that earlier blocks set, declared those of the front matter.
func placeholders(text string, sc script, set, declared map[string]bool) []string {
	var out []string
	seen := map[string]bool{}
	open := append(marks(withoutRemarks(text), declared), unset(text, sc, set)...)
	if len(open) == 0 && strings.Contains(text, "#") && changeMe.MatchString(text) {
		open = append(open, "CHANGEME")
	}
	for _, s := range open {
		if key := normal(s); !seen[key] {
			seen[key] = true
			out = append(out, s)
		}
	}
	return out
}

// withoutRemarks takes out the lines that the shell skips: what is missing there is not missing.
func withoutRemarks(text string) string {
	if !strings.Contains(text, "#") || strings.Contains(text, "<<") {
		return text
	}
	var out []string
	for _, l := range strings.Split(text, "\n") {
		if !strings.HasPrefix(strings.TrimSpace(l), "#") {
			out = append(out, l)
		}
	}
	return strings.Join(out, "\n")
}

// marks finds placeholders by how they look. The plain tests in front of the expressions are for speed: most blocks have none.
func marks(text string, declared map[string]bool) (out []string) {
	if opensWord(text, '<') {
		for _, m := range angle.FindAllString(text, -1) {
			if isAngle(m, text) {
				out = append(out, m)
			}
		}
	}
	if len(declared) > 0 && strings.Contains(text, "{{") {
		for _, m := range braces.FindAllStringSubmatch(text, -1) {
			if declared[m[1]] {
				out = append(out, m[0])
			}
		}
	}
	if !strings.Contains(text, "mktemp") && containsAny(text, "XXX", "xxxx", "YOUR_", "CHANGE", "REPLACE", "IHR", "DEIN", "TODO") {
		for _, m := range shouting.FindAllString(text, -1) {
			out = append(out, strings.TrimLeft(m, "_"))
		}
	}
	if containsAny(text, "xx", "XX") {
		for _, m := range fewX.FindAllStringSubmatch(text, -1) {
			out = append(out, m[1])
		}
	}
	if strings.Contains(text, "path/to/") {
		for _, m := range somePath.FindAllStringSubmatch(text, -1) {
			out = append(out, m[1])
		}
	}
	if strings.Contains(text, "your") {
		out = append(out, yours.FindAllString(text, -1)...)
	}
	return bracketed(out, text)
}

// bracketed adds what stands in square and curly brackets, disks without a letter, and what goes on after dots.
func bracketed(out []string, text string) []string {
	if opensWord(text, '[') {
		for _, m := range square.FindAllStringSubmatch(text, -1) {
			quoted := strings.HasPrefix(m[0], `"`) || strings.HasPrefix(m[0], "'")
			if len(m[1]) > 5 && !quoted || strings.Contains(m[1], " ") {
				out = append(out, m[1])
			}
		}
	}
	if opensWord(text, '[') {
		for _, m := range capitals.FindAllStringSubmatch(text, -1) {
			if len(m[1]) > 3 {
				out = append(out, m[0])
			}
		}
	}
	if opensWord(text, '{') {
		for _, m := range append(curly.FindAllStringSubmatchIndex(text, -1), oneWord.FindAllStringSubmatchIndex(text, -1)...) {
			if !inSingleQuotes(text, m[2]) {
				out = append(out, text[m[2]:m[3]])
			}
		}
	}
	if strings.Contains(text, "/dev/") {
		out = append(out, someDisk.FindAllString(text, -1)...)
	}
	if containsAny(text, "...", "…") {
		for _, m := range ellipsis.FindAllStringSubmatch(text, -1) {
			out = append(out, m[1])
		}
	}
	return out
}

// inSingleQuotes tells whether an offset of a text is inside of single quotes, where braces belong to another language.
func inSingleQuotes(text string, at int) bool {
	line := text[strings.LastIndexByte(text[:at], '\n')+1 : at]
	return strings.Count(line, "'")%2 == 1
}

// unset lists the variables that nothing has set.
func unset(text string, sc script, set map[string]bool) (out []string) {
	uses := sc.uses
	if !sc.ok {
		for _, m := range varUse.FindAllStringSubmatch(text, -1) {
			if !ambient[m[1]] {
				uses = append(uses, m[1])
			}
		}
	}
	for _, u := range uses {
		switch {
		case set[u], !strings.Contains(text, u): // the name of a word that stands for a placeholder
		case strings.Contains(text, "${"+u+"}"):
			out = append(out, "${"+u+"}")
		default:
			out = append(out, "$"+u)
		}
	}
	return out
}

func containsAny(s string, parts ...string) bool {
	for _, p := range parts {
		if strings.Contains(s, p) {
			return true
		}
	}
	return false
}

// normal is a placeholder's name: <pod-name> and <pod_name> are the same.
func normal(s string) string {
	return strings.ToLower(oneName.Replace(s))
}

var oneName = strings.NewReplacer("-", "_", " ", "_", "<", "", ">", "", "[", "", "]", "", "{", "", "}", "", "$", "")

// WithText is the block with another text, such as placeholders filled in, judged anew: what a person fills in can make
// a command more dangerous than it was, never less.
func (b Block) WithText(text string) Block {
	b.Text, b.Placeholders = text, nil
	sc := understand(text)
	switch {
	case b.Risk == RiskDanger || isDangerous(text, sc, nil) && !denied(b.Attrs["danger"]):
		b.Risk = RiskDanger
	case b.Risk == RiskRead && !truth(b.Attrs["reads"]) && !isReadOnly(sc):
		b.Risk = RiskChange
	}
	b.Why = why(&b, sc, b.Attrs)
	b.Runnable = b.Why == ""
	return b
}
