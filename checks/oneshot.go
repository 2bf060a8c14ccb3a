package checks

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"math"
	"net"
	"net/http"
	"strings"
	"time"

	"lage/internal/text"
)

// maxInterim is how many interim answers (1xx) may come before the real one.
const maxInterim = 5

// oneShot is an http.RoundTripper that asks each question on a connection of its own, in the goroutine that asks. The
// standard library's transport keeps three goroutines for a connection because it may be used again; here that is half of
// what a check costs. It notes how far it has come.
type oneShot struct {
	prober *httpProber
	phase  phase
}

// RoundTrip connects, asks and reads the answer's head. Closing the answer's body closes the connection.
func (o *oneShot) RoundTrip(req *http.Request) (*http.Response, error) {
	o.phase = connecting
	if strings.ContainsFunc(req.URL.Host, func(r rune) bool { return r > 0x7f }) {
		return o.foreign().RoundTrip(req)
	}
	if req.Body != nil {
		defer req.Body.Close()
	}
	ctx := req.Context()
	conn, err := (&net.Dialer{KeepAlive: -1}).DialContext(ctx, "tcp", dialAddress(req))
	if err != nil {
		return nil, err
	}
	release := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) }) // a moment in the past
	resp, err := o.talk(ctx, conn, req)
	if err != nil {
		release()
		_ = conn.Close() // nothing is expected of it any more
		return nil, err
	}
	resp.Body = &lastBody{resp.Body, conn, release}
	return resp, nil
}

// foreign is the way for names like münchen.example, which only the standard library's transport turns into what the DNS
// knows.
func (o *oneShot) foreign() http.RoundTripper {
	return &http.Transport{
		DialContext:       (&net.Dialer{KeepAlive: -1}).DialContext,
		TLSClientConfig:   o.prober.tlsConfig(),
		DisableKeepAlives: true, DisableCompression: true, // it would inflate without a limit
		MaxResponseHeaderBytes: maxHeaders,
	}
}

func dialAddress(req *http.Request) string {
	port := req.URL.Port()
	switch {
	case port != "":
	case req.URL.Scheme == "https":
		port = "443"
	default:
		port = "80"
	}
	return net.JoinHostPort(req.URL.Hostname(), port)
}

// talk asks over a connection, after agreeing upon TLS where the URL wants it.
func (o *oneShot) talk(ctx context.Context, conn net.Conn, req *http.Request) (*http.Response, error) {
	var state *tls.ConnectionState
	if req.URL.Scheme == "https" {
		o.phase = shaking
		conf := o.prober.tlsConfig()
		conf.ServerName = req.URL.Hostname()
		secure := tls.Client(conn, conf)
		if err := secure.HandshakeContext(ctx); err != nil {
			return nil, err
		}
		st := secure.ConnectionState()
		conn, state = secure, &st
	}
	o.phase = waiting
	ask := *req // not ours to change
	ask.Close = true
	werr := ask.Write(conn)
	resp, err := readHead(conn, req)
	if err != nil {
		if werr != nil { // an answer may come before a question is heard out; without one, this is why
			err = werr
		}
		return nil, err
	}
	resp.TLS = state
	return resp, nil
}

// readHead reads the head of an answer, of which only so much is taken.
func readHead(conn net.Conn, req *http.Request) (*http.Response, error) {
	wire := &io.LimitedReader{R: conn, N: maxHeaders}
	buf := bufio.NewReaderSize(wire, 4<<10)
	for range maxInterim {
		resp, err := http.ReadResponse(buf, req)
		switch {
		case err != nil && wire.N <= 0:
			return nil, &policyError{text.M("checks.http_headers", maxHeaders>>10)}
		case err != nil:
			return nil, err
		case resp.StatusCode >= 200 || resp.StatusCode == http.StatusSwitchingProtocols:
			wire.N = math.MaxInt64 // readAnswer limits the body
			return resp, nil
		}
	}
	return nil, errors.New("malformed HTTP response: too many interim answers")
}

// lastBody is the body of the only answer on its connection.
type lastBody struct {
	io.ReadCloser
	conn    net.Conn
	release func() bool
}

// Close closes the connection. The body is not read to its end first: there is no next answer to find.
func (b *lastBody) Close() error {
	b.release()
	return b.conn.Close()
}
