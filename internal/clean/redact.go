package clean

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	redacted      = "[***]"
	minSecret     = 4 // characters; shorter ones would hit everything
	minSecretLine = 6 // characters of one line of a secret of several lines, and of a piece of base64
)

// Redactor takes known secrets out of text by their value: as they are, base64, URL-, JSON- and shell-escaped, and each
// line of at least six characters of a secret of several lines. Its zero value changes nothing.
type Redactor struct {
	forms []string
	mask  *Mask
}

// Masking gives a redactor that also masks, for what machines answer.
func (r *Redactor) Masking(m *Mask) *Redactor {
	if r == nil {
		return &Redactor{mask: m}
	}
	return &Redactor{forms: r.forms, mask: m}
}

// NewRedactor makes a redactor; secrets shorter than four characters are ignored, they would hit everything.
func NewRedactor(secrets ...string) *Redactor {
	seen := map[string]bool{}
	for _, s := range secrets {
		for _, part := range parts(s) {
			for _, form := range forms(part) {
				if utf8.RuneCountInString(form) >= minSecret {
					seen[form] = true
				}
			}
		}
	}
	r := &Redactor{}
	for form := range seen {
		r.forms = append(r.forms, form)
	}
	slices.Sort(r.forms)
	return r
}

// Redact replaces every secret by "[***]". A nil Redactor is fine.
func (r *Redactor) Redact(s string) string {
	if r == nil {
		return s
	}
	return r.mask.Text(r.secrets(s))
}

// secrets takes out what is secret by its value.
func (r *Redactor) secrets(s string) string {
	var hits [][2]int
	for _, form := range r.forms {
		for at := 0; ; at++ {
			i := strings.Index(s[at:], form)
			if i < 0 {
				break
			}
			at += i
			hits = append(hits, [2]int{at, at + len(form)})
		}
	}
	if len(hits) == 0 {
		return s
	}
	// Secrets may overlap. All that any of them covers goes, so that no end of one stays behind.
	slices.SortFunc(hits, func(a, b [2]int) int { return a[0] - b[0] })
	var out strings.Builder
	end := -1
	for _, h := range hits {
		if h[0] > end {
			out.WriteString(s[max(end, 0):h[0]])
			out.WriteString(redacted)
		}
		end = max(end, h[1])
	}
	out.WriteString(s[end:])
	return out.String()
}

// parts gives the secret, itself without white space around it (files end with a line end), and its longer lines.
func parts(secret string) []string {
	p := []string{secret, strings.TrimSpace(secret)}
	if utf8.RuneCountInString(p[1]) < minSecret {
		return nil
	}
	for line := range strings.Lines(p[1]) {
		if line = strings.TrimSpace(line); utf8.RuneCountInString(line) >= minSecretLine {
			p = append(p, line)
		}
	}
	return p
}

// forms gives the ways in which a secret is written in logs, messages and command lines.
func forms(s string) []string {
	query, path := url.QueryEscape(s), url.PathEscape(s)
	f := []string{
		s, Text(s), Line(s),
		query, path, lowerHex(query), lowerHex(path), strings.ReplaceAll(query, "+", "%20"),
		unquote(strconv.Quote(s)), unquote(strconv.QuoteToASCII(s)),
		strings.ReplaceAll(s, "'", `'\''`), strings.ReplaceAll(s, "'", `'"'"'`),
		backslashed(s, "\\\"$`"), backslashed(s, " \t\\\"'$`!&|;()<>*?[]{}~#^,="),
	}
	if j, err := json.Marshal(s); err == nil {
		f = append(f, unquote(string(j)), strings.ReplaceAll(unquote(string(j)), "/", `\/`))
	}
	return append(append(f, jsonPlain(s)), inBase64(s)...)
}

// jsonPlain is JSON as most programs write it: without Go's habit of escaping < > &.
func jsonPlain(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(s) != nil {
		return s
	}
	return unquote(strings.TrimSpace(b.String()))
}

// inBase64 gives the secret alone, padded or not, and the characters that stand for it inside something longer
// ("user:secret"), at each of the three ways in which its bytes may fall.
func inBase64(s string) []string {
	var f []string
	for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
		whole := enc.EncodeToString([]byte(s))
		f = append(f, whole, strings.TrimRight(whole, "="))
		for shift := range 3 {
			long := enc.EncodeToString([]byte(strings.Repeat("\x00", shift) + s + "\x00\x00"))
			inside := long[(shift*8+5)/6 : (shift+len(s))*8/6]
			if len(inside) >= minSecretLine {
				f = append(f, inside)
			}
		}
	}
	return f
}

func unquote(s string) string { return strings.TrimSuffix(strings.TrimPrefix(s, `"`), `"`) }

// lowerHex writes the two digits after each % in lower case, as some programs do.
func lowerHex(s string) string {
	b := []byte(s)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i+1:i+3], strings.ToLower(s[i+1:i+3]))
		}
	}
	return string(b)
}

func backslashed(s, special string) string {
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune(special, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
