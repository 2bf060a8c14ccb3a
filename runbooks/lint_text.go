package runbooks

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// bytes looks at what Parse takes out or mends before it reads: bytes that are no text, and characters that nobody sees.
func (l *linter) bytes(raw []byte) {
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	for no, line := range bytes.Split(raw, []byte("\n")) {
		line = bytes.TrimSuffix(line, []byte("\r"))
		if utf8.Valid(line) && !bytes.ContainsFunc(line, invisible) {
			continue
		}
		column, broken := 0, false
		for len(line) > 0 {
			r, size := utf8.DecodeRune(line)
			column++
			switch {
			case r == utf8.RuneError && size == 1 && !broken:
				l.problem(no+1, column, "lint.not_utf8")
				broken = true
			case invisible(r):
				l.problem(no+1, column, "lint.hidden_character", strings.ToUpper(hex4(r)))
			}
			line = line[size:]
		}
	}
}

// invisible tells whether a character changes how a text reads without being seen, or speaks to the terminal.
func invisible(r rune) bool {
	switch {
	case r == '\t' || r == utf8.RuneError:
		return false
	case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x200b, r == 0x2060, r == 0xfeff:
		return true
	}
	return unicode.IsControl(r)
}

func hex4(r rune) string {
	const digits = "0123456789abcdef"
	out := []byte("u+0000")
	for i := 5; i > 1; i-- {
		out[i] = digits[r&15]
		r >>= 4
	}
	return string(out)
}

// secretShape is how a secret looks. The group is the value, where the name alone says nothing.
type secretShape struct {
	name string // as the message names it
	re   *regexp.Regexp
}

var secretShapes = []secretShape{
	{"PEM", regexp.MustCompile(`-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----`)},
	{"AWS", regexp.MustCompile(`\b(?:AKIA|ASIA)[0-9A-Z]{16}\b`)},
	{"GitHub", regexp.MustCompile(`\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bgithub_pat_[A-Za-z0-9_]{40,}`)},
	{"GitLab", regexp.MustCompile(`\bglpat-[A-Za-z0-9_-]{20,}`)},
	{"Slack", regexp.MustCompile(`\bxox[abprs]-[A-Za-z0-9-]{10,}`)},
	{"JWT", regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{5,}`)},
	{"Bearer", regexp.MustCompile(`(?i)\b(?:bearer|basic)\s+([A-Za-z0-9+/=._-]{20,})`)},
	{"URL", regexp.MustCompile(`\b[a-z][a-z0-9+.-]*://[^\s/:@'"<>]+:([^\s/@'"]+)@`)},
	{"password", regexp.MustCompile(`(?i)(?:passwor[dt]|passwd|kennwort|pgpassword|secret|api[_-]?key|access[_-]?token|auth[_-]?token)["']?\s*(?:=|:\s)\s*["']?([^\s"',;)}]+)`)},
}

// noSecret are values that only stand for a secret.
var noSecret = regexp.MustCompile(`(?i)^(?:[$<{\[(%*.…].*|x{3,}.*|\*+|true|false|yes|no|none|null|nil|string|required|changeme|change_me|todo|example.*|your[-_].*|ihr[-_].*|redacted|hidden|verborgen|geheim|secret|password|passwort|prompt|ask|env|file|-.*|.{1,3})$`)

// secrets looks for passwords and keys in the text. What it found never stands in the finding.
func (l *linter) secrets() {
	for i, line := range l.lines {
		for _, s := range secretShapes {
			for _, m := range s.re.FindAllStringSubmatchIndex(line, 5) {
				at := m[0]
				if len(m) > 3 && m[2] >= 0 {
					at = m[2]
					if noSecret.MatchString(line[m[2]:m[3]]) {
						continue
					}
				}
				l.problem(i+1, utf8.RuneCountInString(line[:at])+1, "lint.secret", s.name)
				break
			}
		}
	}
}
