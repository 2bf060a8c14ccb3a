package clean

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
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

// Redactor takes known secrets out of text by their value: as they are, base64, hexadecimal, URL-, JSON- and
// shell-escaped, and each line of at least six characters of a secret of several lines. Its zero value changes nothing.
type Redactor struct {
	forms []string             // sorted
	heads map[uint32][]string  // forms by their first four bytes
	pairs [1 << 16 / 64]uint64 // which two bytes forms begin with, so that most places are passed by quickly
	max   int                  // length of the longest form
	mask  *Mask
}

// Masking gives a redactor that also masks, for what machines answer.
func (r *Redactor) Masking(m *Mask) *Redactor {
	if r == nil {
		return &Redactor{mask: m}
	}
	masking := *r
	masking.mask = m
	return &masking
}

// NewRedactor makes a redactor; secrets shorter than four characters are ignored, they would hit everything.
func NewRedactor(secrets ...string) *Redactor {
	r := &Redactor{heads: map[uint32][]string{}}
	for _, s := range secrets {
		for _, part := range parts(s) {
			for _, form := range forms(part) {
				if utf8.RuneCountInString(form) >= minSecret {
					r.forms = append(r.forms, form)
				}
			}
		}
	}
	slices.Sort(r.forms)
	r.forms = slices.Compact(r.forms)
	for _, f := range r.forms {
		r.heads[head(f)] = append(r.heads[head(f)], f)
		p := pairOf(f[0], f[1])
		r.pairs[p/64] |= 1 << (p % 64)
		r.max = max(r.max, len(f))
	}
	return r
}

func head[T string | []byte](s T) uint32 {
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}

func pairOf(a, b byte) uint16 { return uint16(a) | uint16(b)<<8 }

func (r *Redactor) begins(a, b byte) bool {
	p := pairOf(a, b)
	return r.pairs[p/64]&(1<<(p%64)) != 0
}

// Redact replaces every secret by "[***]". A nil Redactor is fine.
func (r *Redactor) Redact(s string) string {
	s, _ = r.RedactCount(s)
	return s
}

// RedactCount replaces every secret by "[***]", and tells how often. Masks are not counted.
func (r *Redactor) RedactCount(s string) (string, int) {
	if r == nil {
		return s, 0
	}
	s, n := r.secrets(s)
	return r.mask.Text(s), n
}

// secrets takes out what is secret by its value.
func (r *Redactor) secrets(s string) (string, int) {
	if len(r.forms) == 0 {
		return s, 0
	}
	var out strings.Builder
	st := Stream{r: r, w: &out}
	_, _ = st.Write([]byte(s)) // a Builder takes everything
	_ = st.Close()
	return out.String(), st.n
}

// each calls f for every place at which a secret stands, in order of their beginnings; one may overlap another.
func (r *Redactor) each(b []byte, f func(from, to int)) {
	for i := 0; i+minSecret <= len(b); i++ {
		if !r.begins(b[i], b[i+1]) {
			continue
		}
		longest := 0
		for _, form := range r.heads[head(b[i:])] {
			if len(form) > longest && len(form) <= len(b)-i && string(b[i:i+len(form)]) == form {
				longest = len(form)
			}
		}
		if longest > 0 {
			f(i, i+longest)
		}
	}
}

// open gives the first place from which on the text may be the beginning of a secret; its length where there is none.
func (r *Redactor) open(b []byte) int {
	for i := max(0, len(b)-r.max+1); i < len(b); i++ {
		if i+1 < len(b) && !r.begins(b[i], b[i+1]) {
			continue
		}
		rest := string(b[i:])
		if at, _ := slices.BinarySearch(r.forms, rest); at < len(r.forms) && strings.HasPrefix(r.forms[at], rest) && r.forms[at] != rest ||
			at+1 < len(r.forms) && strings.HasPrefix(r.forms[at+1], rest) {
			return i
		}
	}
	return len(b)
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
	for _, kept := range []string{"", "/", "!'()*", "!'()*;,/?:@&=+$#"} { // strict, Python, and the two ways of JavaScript
		escaped := percent(s, kept)
		f = append(f, escaped, lowerHex(escaped), strings.ReplaceAll(escaped, "%20", "+"))
	}
	if j, err := json.Marshal(s); err == nil {
		f = append(f, unquote(string(j)), strings.ReplaceAll(unquote(string(j)), "/", `\/`))
	}
	return append(append(f, jsonPlain(s)), encoded(s)...)
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

// encoded gives the secret in base64 and hexadecimal: alone, padded or not, and the characters that stand for it inside something longer
// ("user:secret"), at each of the three ways in which its bytes may fall.
func encoded(s string) []string {
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
	return append(f, hex.EncodeToString([]byte(s)), strings.ToUpper(hex.EncodeToString([]byte(s))))
}

func unquote(s string) string { return strings.TrimSuffix(strings.TrimPrefix(s, `"`), `"`) }

// percent escapes everything for a URL but letters, digits, -._~ and what is kept.
func percent(s, kept string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-._~", c) >= 0, strings.IndexByte(kept, c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

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
