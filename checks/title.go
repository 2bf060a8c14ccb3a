package checks

import (
	"fmt"
	"maps"
	"math"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"lage/internal/clean"
)

// Title gives the check's name as people see it: Name, or the part of its ID after the slash.
func (c Check) Title() string {
	if c.Name != "" {
		return c.Name
	}
	if _, after, ok := strings.Cut(c.ID, "/"); ok {
		return after
	}
	return c.ID
}

// Kind gives "http", "tcp", "tls" or "command"; "" when no kind is set.
func (c Check) Kind() string {
	switch {
	case c.HTTP != nil:
		return "http"
	case c.TCP != nil:
		return "tcp"
	case c.TLS != nil:
		return "tls"
	case c.Command != nil:
		return "command"
	}
	return ""
}

// Target gives what is measured, to be shown: a URL without credentials, an address, or the argv in a shell's notation. It
// cannot know secrets in paths or arguments: who shows it redacts them by value.
func (c Check) Target() string {
	switch {
	case c.HTTP != nil:
		return clean.Line(harmless(c.HTTP.URL))
	case c.TCP != nil:
		return clean.Line(c.TCP.Address)
	case c.TLS != nil:
		return clean.Line(c.TLS.Address)
	case c.Command != nil:
		return clean.Line(quoteAll(c.Command.Argv))
	}
	return ""
}

// Equivalent gives a shell command that does nearly the same by hand, to be copied. Values of headers stand as variables
// in it, because they may be secret; the rest is as in Target.
func (c Check) Equivalent() string {
	switch {
	case c.HTTP != nil:
		return clean.Text(c.HTTP.curl(c.Timeout))
	case c.TCP != nil:
		return clean.Text(c.TCP.nc(c.Timeout))
	case c.TLS != nil:
		s := "openssl s_client -connect " + quote(c.TLS.Address) + " -servername " + quote(c.TLS.name()) + " </dev/null"
		return clean.Text(s)
	case c.Command != nil:
		s := quoteAll(c.Command.Argv)
		for _, k := range slices.Sorted(maps.Keys(c.Command.Env)) {
			s = variable(k) + `="$` + variable(k) + `" ` + s
		}
		if c.Command.Dir != "" {
			s = "cd " + quote(c.Command.Dir) + " && " + s
		}
		return clean.Text(s)
	}
	return ""
}

func (h *HTTP) curl(timeout time.Duration) string {
	var b strings.Builder
	b.WriteString("curl -sS -i --noproxy '*' --max-time " + seconds(timeout))
	if h.Method != "" && h.Method != "GET" {
		b.WriteString(" -X " + quote(h.Method))
	}
	if h.Redirects > 0 {
		fmt.Fprintf(&b, " -L --max-redirs %d", h.Redirects)
	}
	if h.Insecure {
		b.WriteString(" -k")
	}
	for _, k := range slices.Sorted(maps.Keys(h.Headers)) {
		b.WriteString(` -H ` + quote(k+": ") + `"$` + strings.ToUpper(variable(k)) + `"`)
	}
	if h.Body != "" {
		b.WriteString(" --data-raw " + quote(h.Body))
	}
	return b.String() + " " + quote(harmless(h.URL))
}

func (t *TCP) nc(timeout time.Duration) string {
	host, port, err := net.SplitHostPort(t.Address)
	if err != nil {
		host = t.Address
	}
	printable := strings.NewReplacer(`\`, `\\`, "%", "%%", "\r", `\r`, "\n", `\n`, "\t", `\t`)
	s := strings.TrimSpace("nc -v -w " + seconds(timeout) + " " + quote(host) + " " + quote(port))
	if t.Send != "" {
		return "printf " + quote(printable.Replace(t.Send)) + " | " + s
	}
	if t.Expect == "" {
		return s + " </dev/null"
	}
	return s
}

// seconds rounds up: most tools count in whole seconds.
func seconds(d time.Duration) string {
	return fmt.Sprint(max(1, int(math.Ceil(timeoutOr(d).Seconds()))))
}

// harmless gives a URL without what is likely to be secret: user and password, and the values of query parameters whose
// names say so.
func harmless(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return "…"
	}
	u.User = nil
	if u.RawQuery == "" {
		return u.String()
	}
	parts := strings.Split(u.RawQuery, "&")
	for i, part := range parts {
		name, _, hasValue := strings.Cut(part, "=")
		low := strings.ToLower(name)
		secret := slices.ContainsFunc([]string{"token", "key", "secret", "pass", "pwd", "auth", "sig", "code"},
			func(s string) bool { return strings.Contains(low, s) })
		if hasValue && secret {
			parts[i] = name + "=…"
		}
	}
	u.RawQuery = strings.Join(parts, "&")
	return u.String()
}

func quoteAll(argv []string) string {
	out := make([]string, len(argv))
	for i, a := range argv {
		out[i] = quote(a)
	}
	return strings.Join(out, " ")
}

// quote writes s for a POSIX shell: as it is where that is safe, otherwise in single quotes.
func quote(s string) string {
	safe := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-./:@%+=,", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !safe(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// variable makes a shell variable's name of any text.
func variable(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, s)
}
