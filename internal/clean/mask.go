package clean

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Kinds of personal data that a Mask knows by itself.
const (
	MaskIP    = "ip"    // addresses outside the own networks
	MaskEmail = "email" // addresses of mailboxes
	MaskCase  = "case"  // case numbers (Aktenzeichen) behind a word that announces one
)

// MaskKinds lists them.
func MaskKinds() []string { return []string{MaskIP, MaskEmail, MaskCase} }

// Pattern is a kind of personal data that an organisation describes itself. Its name stands in brackets where it was found.
type Pattern struct {
	Name string
	Exp  *regexp.Regexp
}

// Mask puts a mark ("[IP]", "[email]", "[case]", a pattern's name) in the place of personal data. Its zero value, and nil,
// change nothing.
type Mask struct {
	kinds    []string
	own      []netip.Prefix
	patterns []Pattern
}

// NewMask masks the given kinds and patterns. Addresses in own networks stay: they name machines, and diagnosis needs them.
func NewMask(kinds []string, own []netip.Prefix, patterns []Pattern) *Mask {
	return &Mask{kinds: kinds, own: own, patterns: patterns}
}

// Without gives a mask that leaves one kind alone.
func (m *Mask) Without(kind string) *Mask {
	if m == nil {
		return nil
	}
	return &Mask{kinds: slices.DeleteFunc(slices.Clone(m.kinds), func(k string) bool { return k == kind }), own: m.own, patterns: m.patterns}
}

// OwnNetworks are the networks that count as the organisation's own where it says nothing: private, loopback, link-local.
func OwnNetworks() []netip.Prefix {
	var list []netip.Prefix
	for _, s := range []string{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
		"0.0.0.0/8", "255.255.255.255/32", "::/127", "fc00::/7", "fe80::/10", "ff00::/8"} {
		list = append(list, netip.MustParsePrefix(s))
	}
	return list
}

// Masked counts what was masked of one kind; Mark is what stands in its place.
type Masked struct {
	Mark string `json:"mark"`
	N    int    `json:"n"`
}

// Apply masks a text and says what it masked, in order of the marks.
func (m *Mask) Apply(s string) (string, []Masked) {
	if m == nil {
		return s, nil
	}
	var counts []Masked
	put := func(mark string, n int) {
		if n > 0 {
			counts = append(counts, Masked{mark, n})
		}
	}
	// Own patterns first: they know best. What they have replaced is not looked at again.
	for _, p := range m.patterns {
		n, mark := 0, "["+p.Name+"]"
		s = p.Exp.ReplaceAllStringFunc(s, func(hit string) string {
			if hit == "" {
				return hit
			}
			n++
			return mark
		})
		put(mark, n)
	}
	n := 0
	if slices.Contains(m.kinds, MaskCase) {
		s, n = maskCases(s)
		put("[case]", n)
	}
	if slices.Contains(m.kinds, MaskEmail) {
		s, n = maskEmails(s)
		put("[email]", n)
	}
	if slices.Contains(m.kinds, MaskIP) {
		s, n = m.maskIPs(s)
		put("[IP]", n)
	}
	return s, counts
}

// Text is Apply without the counts.
func (m *Mask) Text(s string) string {
	s, _ = m.Apply(s)
	return s
}

// replace puts what f gives for each hit in its place; empty leaves the hit. The hit must not stand inside a word made of
// the characters that inside tells.
func replace(s string, exp *regexp.Regexp, inside func(rune) bool, f func(string) string) (string, int) {
	var out strings.Builder
	end, n := 0, 0
	for _, at := range exp.FindAllStringIndex(s, -1) {
		before, after := lastRune(s[:at[0]]), firstRune(s[at[1]:])
		if inside(before) || inside(after) {
			continue
		}
		if by := f(s[at[0]:at[1]]); by != "" {
			out.WriteString(s[end:at[0]])
			out.WriteString(by)
			end = at[1]
			n++
		}
	}
	if n == 0 {
		return s, 0
	}
	return out.String() + s[end:], n
}

func lastRune(s string) rune {
	if s == "" {
		return 0
	}
	r := []rune(s[max(0, len(s)-4):])
	return r[len(r)-1]
}

func firstRune(s string) rune {
	for _, r := range s {
		return r
	}
	return 0
}

func wordRune(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

var email = regexp.MustCompile(`[\pL\pN][\pL\pN._%+'-]*@[\pL\pN][\pL\pN-]*(?:\.[\pL\pN-]+)*\.\pL{2,}`)

func maskEmails(s string) (string, int) {
	if !strings.Contains(s, "@") {
		return s, 0
	}
	return replace(s, email, wordRune, func(string) string { return "[email]" })
}

var (
	ip4 = regexp.MustCompile(`[0-9]{1,3}(?:\.[0-9]{1,3}){3,}`) // more are no address
	ip6 = regexp.MustCompile(`[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]*[0-9A-Fa-f:](?:%[0-9A-Za-z._-]+)?`)
)

func (m *Mask) maskIPs(s string) (string, int) {
	mask := func(hit string) string {
		rest := ""
		a, err := netip.ParseAddr(hit)
		if err != nil && strings.HasSuffix(hit, ":") { // "2001:db8::7: timed out"
			rest = ":"
			a, err = netip.ParseAddr(strings.TrimSuffix(hit, ":"))
		}
		if err != nil || !strings.ContainsAny(hit, "0123456789") { // abc::def is a name in many languages
			return ""
		}
		a = a.WithZone("").Unmap()
		for _, p := range m.own {
			if p.Contains(a) {
				return ""
			}
		}
		return "[IP]" + rest
	}
	n6 := 0
	if strings.Count(s, ":") > 1 {
		s, n6 = replace(s, ip6, wordRune, mask)
	}
	s, n4 := replace(s, ip4, wordRune, mask)
	return s, n4 + n6
}

// caseWord announces a case number.
var caseWord = regexp.MustCompile(`(?:\b(?:Az\.|AZ\.|Az:|AZ:|[Gg]esch\.-?\s?[Zz]\.?)|(?i:\b(?:aktenzeichen|geschäftszeichen|vorgangsnummer|vorgangs-nr|antragsnummer|antrags-nr|fallnummer|kassenzeichen|aktennummer)\b))[.:=#\s"']*`)

// maskCases masks up to four words behind a word that announces a case number, as far as the last one with a digit:
// "Az. 12 O 345/24 liegt vor".
func maskCases(s string) (string, int) {
	var out strings.Builder
	end, n := 0, 0
	for _, at := range caseWord.FindAllStringIndex(s, -1) {
		if at[0] < end {
			continue
		}
		if l := caseLength(s[at[1]:]); l > 0 {
			out.WriteString(s[end:at[1]])
			out.WriteString("[case]")
			end = at[1] + l
			n++
		}
	}
	if n == 0 {
		return s, 0
	}
	return out.String() + s[end:], n
}

// caseLength gives how long the case number at the beginning of a text is, in bytes; 0 where there is none.
func caseLength(s string) int {
	length, at := 0, 0
	for range 4 {
		word := s[at:]
		if i := strings.IndexFunc(word, func(r rune) bool { return !wordRune(r) && !strings.ContainsRune("./-", r) }); i >= 0 {
			word = word[:i]
		}
		if word == "" {
			break
		}
		if strings.ContainsAny(word, "0123456789") {
			length = at + len(strings.TrimRight(word, ".-/"))
		}
		at += len(word)
		if !strings.HasPrefix(s[at:], " ") {
			break
		}
		at++
	}
	return length
}
