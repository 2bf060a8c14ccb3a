package config

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"syscall"
	"time"
	"unicode/utf8"

	"lage/internal/clean"
	"lage/internal/text"
)

// ProbeResult is what one look at an address found.
type ProbeResult struct {
	Status   int           // HTTP status after redirects; 0 for tcp and tls
	Title    string        // text of <title> just as it stands in the answer; empty when it could not be looked for
	Latency  time.Duration // of the whole exchange
	TLS      bool
	Err      error  // why there was no answer
	FinalURL string // where redirects ended; empty for tcp and tls
}

const (
	probeTimeout = 10 * time.Second
	probeBody    = 256 << 10
	probeHeader  = 64 << 10
)

// ProbeURL looks at an address once: http, https, tcp://host:port or tls://host:port. It takes ten seconds at most, reads
// no more than 256 KiB, and follows up to five redirects, but none from https to http.
func ProbeURL(ctx context.Context, address string) ProbeResult {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	began := time.Now()
	u, err := url.Parse(address)
	if err != nil {
		return ProbeResult{Err: err}
	}
	var r ProbeResult
	switch u.Scheme {
	case "tcp":
		r.Err = dial(ctx, &net.Dialer{}, u.Host)
	case "tls":
		r.TLS = true
		r.Err = dial(ctx, &tls.Dialer{}, u.Host)
	default:
		r = probeHTTP(ctx, address)
	}
	r.Latency = time.Since(began)
	return r
}

type dialer interface {
	DialContext(ctx context.Context, network, address string) (net.Conn, error)
}

func dial(ctx context.Context, d dialer, address string) error {
	conn, err := d.DialContext(ctx, "tcp", address)
	if err != nil {
		return err
	}
	return conn.Close()
}

func probeHTTP(ctx context.Context, address string) ProbeResult {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return ProbeResult{Err: err}
	}
	req.Header.Set("User-Agent", "lage")
	transport := &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DisableCompression:     true, // or a small answer could become a huge one
		DisableKeepAlives:      true,
		MaxResponseHeaderBytes: probeHeader,
		ForceAttemptHTTP2:      true,
	}
	defer transport.CloseIdleConnections()
	client := http.Client{Transport: transport, CheckRedirect: func(next *http.Request, via []*http.Request) error {
		if len(via) > defaultRedirects || via[len(via)-1].URL.Scheme == "https" && next.URL.Scheme != "https" {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	resp, err := client.Do(req)
	if err != nil {
		return ProbeResult{Err: err}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, probeBody))
	return ProbeResult{
		Status: resp.StatusCode, Title: title(body), TLS: resp.TLS != nil, Err: err,
		FinalURL: resp.Request.URL.String(),
	}
}

var titleTag = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)

// title finds a page's title, if it can be found again by looking for the very same bytes.
func title(body []byte) string {
	m := titleTag.FindSubmatch(body)
	if m == nil || !utf8.Valid(m[1]) {
		return ""
	}
	t := string(bytes.TrimSpace(m[1]))
	if len(t) > 100 || t != clean.Line(t) || strings.ContainsAny(t, "&<$") {
		return ""
	}
	return t
}

// failure says in the reader's language why there was no answer.
func failure(err error) text.Message {
	var dns *net.DNSError
	var cert *tls.CertificateVerificationError
	var timeout interface{ Timeout() bool }
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return text.M("config.probe_dns")
	case errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout():
		return text.M("config.probe_timeout")
	case errors.Is(err, syscall.ECONNREFUSED):
		return text.M("config.probe_refused")
	case errors.As(err, &cert):
		return text.M("config.probe_certificate")
	}
	return text.M("config.probe_error")
}
