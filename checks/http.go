package checks

import (
	"context"
	"crypto/tls"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"lage/internal/text"
)

// httpProber asks for a URL. Every Probe has a connection of its own, and never a proxy.
type httpProber struct {
	base
	http HTTP
}

// Probe asks once. Latency is the time until the last byte of the answer (or of the part that is read).
func (p *httpProber) Probe(ctx context.Context) Result {
	ctx, cancel := context.WithTimeout(ctx, p.timeout())
	defer cancel()
	m := p.begin()
	req, err := p.request(ctx)
	if err != nil {
		return m.end(Unknown, text.M("checks.http_request", p.line(innermost(err).Error())))
	}
	wire := &oneShot{prober: p}
	client := http.Client{Transport: wire, CheckRedirect: p.redirect}
	resp, err := client.Do(req)
	if err != nil {
		return m.fail(ctx, err, wire.phase)
	}
	defer resp.Body.Close()
	a := readAnswer(resp, p.http.Contains)
	m.lap()
	if ctx.Err() == context.Canceled {
		return m.end(Unknown, text.M("checks.cancelled"))
	}
	m.Detail = p.detail(resp, a)
	return p.judge(ctx, m, resp, a)
}

func (p *httpProber) request(ctx context.Context) (*http.Request, error) {
	method := p.http.Method
	if method == "" {
		method = http.MethodGet
	}
	req, err := http.NewRequestWithContext(ctx, method, p.http.URL, strings.NewReader(p.http.Body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", "lage")
	for k, v := range p.http.Headers {
		if strings.EqualFold(k, "Host") {
			req.Host = v
			continue
		}
		req.Header.Set(k, v)
	}
	return req, nil
}

func (p *httpProber) tlsConfig() *tls.Config {
	return &tls.Config{
		Time:               p.now,
		RootCAs:            p.roots,
		InsecureSkipVerify: p.http.Insecure, // only where the configuration says so
		NextProtos:         []string{"http/1.1"},
	}
}

// redirect says whether a redirect is followed. To another host go neither configured headers nor the body, because they
// may hold secrets, and nobody learns from where it was sent.
func (p *httpProber) redirect(req *http.Request, via []*http.Request) error {
	if p.http.Redirects <= 0 {
		return http.ErrUseLastResponse
	}
	if len(via) > p.http.Redirects {
		return &policyError{text.M("checks.http_redirects", p.http.Redirects)}
	}
	if via[len(via)-1].URL.Scheme == "https" && req.URL.Scheme != "https" {
		return &policyError{text.M("checks.http_downgrade")}
	}
	req.Header.Del("Referer")
	home := via[0].URL.Host
	away := func(r *http.Request) bool { return !strings.EqualFold(r.URL.Host, home) }
	if away(req) || slices.ContainsFunc(via, away) {
		req.Header = http.Header{"User-Agent": {"lage"}}
		req.Host = ""
		req.Body, req.GetBody, req.ContentLength = http.NoBody, nil, 0
	}
	return nil
}

// judge holds the answer against what the check expects.
func (p *httpProber) judge(ctx context.Context, m *measuring, resp *http.Response, a answer) Result {
	h, code := p.http, strconv.Itoa(resp.StatusCode)
	accepted := accepts(h.Status, resp.StatusCode)
	m.fact(accepted, text.M("checks.want_status", wantedCodes(h.Status)), text.M("checks.got", code))
	fast := m.within(h.MaxTime)
	contained := h.Contains == "" || a.found
	if h.Contains != "" {
		got := text.M("checks.got_missing")
		if a.found {
			got = text.M("checks.got_found")
		}
		m.fact(contained, text.M("checks.want_body", p.line(h.Contains)), got)
	}
	cert, lasting := m.longEnough(resp.TLS, h.CertDays)
	switch {
	case !accepted:
		return m.end(Bad, text.M("checks.http_status", code, wantedCodes(h.Status)))
	case a.damaged:
		return m.end(Bad, text.M("checks.http_gzip", code))
	case a.err != nil:
		o, msg := p.failure(ctx, a.err, reading)
		return m.end(o, msg)
	case !contained && a.cut:
		return m.end(Bad, text.M("checks.http_body_cut", code, p.line(h.Contains), maxAnswer>>20))
	case !contained:
		return m.end(Bad, text.M("checks.http_body", code, p.line(h.Contains)))
	case !fast:
		return m.end(Warning, text.M("checks.slow", m.Latency, h.MaxTime))
	case !lasting:
		return m.end(Warning, cert)
	}
	return m.end(Good, text.M("checks.http_ok", code, m.Latency))
}

// detail is what the check's screen shows of the answer: its first line, where it points to, and the body's beginning.
func (p *httpProber) detail(resp *http.Response, a answer) string {
	var b strings.Builder
	b.WriteString(resp.Proto + " " + p.line(resp.Status) + "\n")
	if to, err := resp.Location(); err == nil {
		b.WriteString("Location: " + p.line((&url.URL{Scheme: to.Scheme, Host: to.Host, Path: to.Path}).String()) + "\n")
	}
	if resp.TLS != nil {
		b.WriteString(tls.VersionName(resp.TLS.Version) + "\n")
	}
	b.WriteString("\n" + a.text(resp))
	return p.excerpt(b.String())
}

func accepts(want []int, code int) bool {
	if len(want) == 0 {
		return code >= 200 && code <= 299
	}
	return slices.Contains(want, code)
}

func wantedCodes(want []int) string {
	if len(want) == 0 {
		return "2xx"
	}
	s := make([]string, len(want))
	for i, c := range want {
		s[i] = strconv.Itoa(c)
	}
	return strings.Join(s, ", ")
}
