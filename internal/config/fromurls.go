package config

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"lage/internal/text"
)

// target is one address to watch.
type target struct {
	url, scheme, host, port, path string
	result                        ProbeResult
	slowest                       time.Duration
}

// probesAtOnce bounds how many addresses are looked at at the same time.
const probesAtOnce = 4

// FromURLs writes a configuration that watches the addresses, from what probe (nil means ProbeURL) finds there now:
// http(s)://host/path, tcp://host:port, tls://host:port; without a scheme https is meant. Each host becomes a service,
// each address a check; what does not answer is written all the same, with a remark. The messages tell what was found.
// The result is nil when no address can be watched.
func FromURLs(ctx context.Context, l text.Lang, urls []string, probe func(ctx context.Context, url string) ProbeResult) ([]byte, []text.Message) {
	if probe == nil {
		probe = ProbeURL
	}
	var targets []*target
	var said []text.Message
	for _, u := range urls {
		t, why := readTarget(u)
		switch {
		case !why.IsZero():
			said = append(said, why)
		case !slices.ContainsFunc(targets, func(o *target) bool { return o.url == t.url }):
			targets = append(targets, t)
		}
	}
	probeAll(ctx, targets, probe)
	for _, t := range targets {
		said = append(said, t.found())
	}
	if len(targets) == 0 {
		return nil, said
	}
	return writeConfig(l, targets), said
}

func readTarget(s string) (*target, text.Message) {
	if !strings.Contains(s, "://") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil || strings.Contains(s, "${") {
		return nil, text.M("config.url", quote(s))
	}
	t := &target{url: u.String(), scheme: u.Scheme, host: strings.ToLower(u.Hostname()), port: u.Port(), path: u.Path}
	why := text.Message{}
	switch u.Scheme {
	case "http", "https":
		why = notURL(s)
	case "tcp", "tls":
		t.url = u.Scheme + "://" + u.Host
		why = notAddress(u.Host)
	default:
		why = text.M("config.probe_scheme", quote(s))
	}
	return t, why
}

// probeAll looks at each target twice: what differs, such as a title with a clock in it, is nothing to wait for.
func probeAll(ctx context.Context, targets []*target, probe func(context.Context, string) ProbeResult) {
	slots := make(chan struct{}, probesAtOnce)
	var all sync.WaitGroup
	for _, t := range targets {
		all.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			first := probe(ctx, t.url)
			t.result, t.slowest = first, first.Latency
			if first.Err != nil {
				return
			}
			second := probe(ctx, t.url)
			if second.Err != nil || second.Title != first.Title {
				t.result.Title = ""
			}
			t.slowest = max(first.Latency, second.Latency)
		})
	}
	all.Wait()
}

// found says what was seen at the target.
func (t *target) found() text.Message {
	switch {
	case t.result.Err != nil:
		return text.M("config.probe_failed", quote(t.url), failure(t.result.Err))
	case t.result.Status > 0:
		return text.M("config.probe_http", quote(t.url), t.result.Status, t.slowest)
	}
	return text.M("config.probe_open", quote(t.url), t.slowest)
}

func writeConfig(l text.Lang, targets []*target) []byte {
	var b strings.Builder
	comment := func(indent int, m text.Message) {
		fmt.Fprintf(&b, "%s# %s\n", strings.Repeat(" ", indent), m.In(l))
	}
	fmt.Fprintln(&b, "# yaml-language-server: $schema=lage.schema.json")
	comment(0, text.M("config.made_head"))
	fmt.Fprintln(&b, "\nversion: 1")
	if l == text.English {
		fmt.Fprintln(&b, "# timezone: Europe/London\nlanguage: en")
	} else {
		fmt.Fprintln(&b, "timezone: Europe/Berlin\nlanguage: de")
	}
	fmt.Fprintf(&b, "defaults: {interval: 30s, timeout: %s, fail_after: 3, recover_after: 2}\n\nservices:\n", probeTimeout)
	ids := map[string]bool{}
	for i, t := range targets {
		if slices.ContainsFunc(targets[:i], func(o *target) bool { return o.host == t.host }) {
			continue
		}
		fmt.Fprintf(&b, "  - id: %s\n    name: %s\n    checks:\n", yamlID(unique(serviceID(t.host, ids), ids)), strconv.Quote(t.host))
		checks := map[string]bool{}
		for _, o := range targets[i:] {
			if o.host == t.host {
				o.writeCheck(&b, yamlID(unique(o.checkID(), checks)), comment)
			}
		}
		fmt.Fprintln(&b)
	}
	comment(0, text.M("config.made_contacts"))
	fmt.Fprint(&b, contactsHint)
	return []byte(b.String())
}

// contactsHint is a piece of configuration to be filled in by hand.
const contactsHint = `# contacts:
#   ops: {via: [ops@example.org]}
# escalation:
#   default: [{after: 0m, notify: [ops]}]
# smtp: {host: mail.example.org, from: lage@example.org}
`

func (t *target) writeCheck(b *strings.Builder, id string, comment func(int, text.Message)) {
	if t.result.Err != nil {
		comment(6, text.M("config.made_failed", failure(t.result.Err)))
	}
	if t.scheme == "tcp" || t.scheme == "tls" {
		fmt.Fprintf(b, "      - {id: %s, type: %s, address: %s%s}\n", id, t.scheme, strconv.Quote(net.JoinHostPort(t.host, t.port)), t.socketExpect())
		return
	}
	status, remark := t.expectedStatus()
	if !remark.IsZero() {
		comment(6, remark)
	}
	if f, err := url.Parse(t.result.FinalURL); err == nil && f.Host != "" && f.Hostname() != t.host {
		comment(6, text.M("config.made_elsewhere", quote(f.Hostname())))
	}
	fmt.Fprintf(b, "      - id: %s\n        type: http\n        url: %s\n        expect:\n          status: %d\n", id, yamlURL(t.url), status)
	if t.result.Title != "" && status == t.result.Status && status < 300 {
		fmt.Fprintf(b, "          body: %s\n", strconv.Quote(t.result.Title))
	}
	if t.result.Err == nil {
		fmt.Fprintf(b, "          max_time: %s\n", t.maxTime())
	}
	if t.scheme == "https" {
		fmt.Fprintln(b, "          cert_days: 21")
	}
}

func (t *target) socketExpect() string {
	switch {
	case t.scheme == "tls":
		return ", expect: {cert_days: 21}"
	case t.result.Err == nil:
		return fmt.Sprintf(", expect: {max_time: %s}", t.maxTime())
	}
	return ""
}

// expectedStatus takes what came for right, as long as it may be: a page behind a login or a redirect that is not
// followed. A page that is missing or broken now is expected to be there.
func (t *target) expectedStatus() (int, text.Message) {
	s := t.result.Status
	switch {
	case t.result.Err != nil:
		return 200, text.Message{}
	case s >= 200 && s < 300:
		return s, text.Message{}
	case s >= 300 && s < 400:
		return s, text.M("config.made_redirect", s)
	case s == 401 || s == 403:
		return s, text.M("config.made_login", s)
	}
	return 200, text.M("config.made_broken", s)
}

// maxTime is five times what was measured, in half seconds, from one second to eight: below the timeout.
func (t *target) maxTime() time.Duration {
	const step = time.Second / 2
	d := (5*t.slowest + step - 1) / step * step
	return min(max(d, time.Second), 8*time.Second)
}

// serviceID makes an id of a host name: its first label, or more of them where that one is taken.
func serviceID(host string, taken map[string]bool) string {
	if net.ParseIP(host) != nil {
		return orElse(slug(host), "host")
	}
	labels := strings.Split(strings.TrimPrefix(host, "www."), ".")
	for n := 1; n <= len(labels); n++ {
		if id := slug(strings.Join(labels[:n], "-")); id != "" && !taken[id] {
			return id
		}
	}
	return orElse(slug(host), "host")
}

// checkID makes an id of what is watched: the last part of the path, or the port.
func (t *target) checkID() string {
	if t.scheme == "tcp" || t.scheme == "tls" {
		return t.scheme + "-" + t.port
	}
	parts := strings.FieldsFunc(t.path, func(r rune) bool { return r == '/' })
	if len(parts) == 0 {
		return "start"
	}
	return orElse(slug(parts[len(parts)-1]), "start")
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// unique appends a number to an id that is taken, and takes it.
func unique(id string, taken map[string]bool) string {
	out := id
	for n := 2; taken[out]; n++ {
		tail := "-" + strconv.Itoa(n)
		out = strings.TrimRight(id[:min(len(id), maxID-len(tail))], "-") + tail
	}
	taken[out] = true
	return out
}

// notText matches ids that YAML, or an older YAML, reads as something else: 404, 1e3, null, yes.
var notText = regexp.MustCompile(`^(?:[0-9].*|null|true|false|yes|no|on|off|y|n)$`)

func yamlID(id string) string {
	if notText.MatchString(id) {
		return strconv.Quote(id)
	}
	return id
}

var plainURL = regexp.MustCompile(`^https?://[A-Za-z0-9._~/?&=%+@:-]*[A-Za-z0-9/]$`)

func yamlURL(s string) string {
	if plainURL.MatchString(s) {
		return s
	}
	return strconv.Quote(s)
}
