package checks

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"lage/internal/clean"
	"lage/internal/text"
)

// canary is a secret that must never come out of a probe.
const canary = "canary-t0ken-4711"

// serve starts an HTTP server and gives its URL.
func serve(t testing.TB, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.Start()
	t.Cleanup(s.Close)
	return s.URL
}

// listen starts a server that hands each connection to h and closes it afterwards. h must end when its reads fail.
func listen(t testing.TB, h func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			func() {
				defer c.Close()
				h(c)
			}()
		}
	}()
	t.Cleanup(func() {
		l.Close()
		<-done
	})
	return l.Addr().String()
}

// untilClosed reads until the other side has had enough.
func untilClosed(c net.Conn) {
	for buf := make([]byte, 1024); ; {
		if _, err := c.Read(buf); err != nil {
			return
		}
	}
}

// request reads one HTTP request's headers.
func request(c net.Conn) {
	r, err := http.ReadRequest(bufio.NewReader(c))
	if err == nil {
		r.Body.Close()
	}
}

// nobody gives an address that refuses connections.
func nobody(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// authority signs certificates for tests.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pool *x509.CertPool
}

func newAuthority(t testing.TB) *authority {
	t.Helper()
	a := &authority{key: newKey(t), pool: x509.NewCertPool()}
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test CA"}, NotBefore: t0.AddDate(-5, 0, 0), NotAfter: t0.AddDate(20, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &a.key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	if a.cert, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	a.pool.AddCert(a.cert)
	return a
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// issue makes a certificate for 127.0.0.1, valid from 10 days before t0 to a little more than 20 after it; change may alter it.
func (a *authority) issue(t testing.TB, change func(*x509.Certificate)) tls.Certificate {
	t.Helper()
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "wohngeld.example"}, NotBefore: t0.AddDate(0, 0, -10), NotAfter: t0.AddDate(0, 0, 20).Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"wohngeld.example"}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if change != nil {
		change(tmpl)
	}
	key := newKey(t)
	der, err := x509.CreateCertificate(rand.Reader, tmpl, a.cert, &key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// serveTLS starts an HTTPS server with a certificate and gives its address.
func serveTLS(t testing.TB, c tls.Certificate, conf *tls.Config) string {
	t.Helper()
	return serveTLSHandler(t, c, conf, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "Antrag")
	})
}

func serveTLSHandler(t testing.TB, c tls.Certificate, conf *tls.Config, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	conf.Certificates = []tls.Certificate{c}
	s.TLS = conf
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}

func tlsDefault() *tls.Config { return &tls.Config{MinVersion: tls.VersionTLS12} }

// clock gives the real clock, moved so that it starts at from.
func clock(from time.Time) func() time.Time {
	start := time.Now()
	return func() time.Time { return from.Add(time.Since(start)) }
}

// probe runs a check once against the authority's certificates, with the clock at t0.
func probe(t testing.TB, c Check, a *authority) Result {
	t.Helper()
	p := NewProber(c, clean.NewRedactor(canary), clock(t0))
	if a != nil {
		switch p := p.(type) {
		case *httpProber:
			p.roots = a.pool
		case *tlsProber:
			p.roots = a.pool
		}
	}
	r := p.Probe(context.Background())
	safe(t, r)
	return r
}

// said gives a message's code and its German words.
func said(m text.Message) string { return m.Code + " " + m.In(text.German) }

// safe fails when a result shows a secret or something that a terminal would obey.
func safe(t testing.TB, r Result) {
	t.Helper()
	all := []string{r.Detail, r.Message.In(text.German), r.Message.In(text.English)}
	for _, f := range r.Facts {
		all = append(all, f.Want.In(text.German), f.Got.In(text.German))
	}
	for _, p := range r.Perf {
		all = append(all, p.Label, p.Unit, p.Warn, p.Crit, p.Min, p.Max)
	}
	for _, s := range all {
		if contains(s, canary) {
			t.Errorf("a secret shows: %q", s)
		}
		if clean.Text(s) != s {
			t.Errorf("not clean: %q", s)
		}
		if contains(s, "{0") || contains(s, "{1") {
			t.Errorf("unfilled: %q", s)
		}
	}
	if len(r.Detail) > maxDetail {
		t.Errorf("detail of %d bytes", len(r.Detail))
	}
	if r.Message.IsZero() {
		t.Error("no message")
	}
	if r.Outcome != Unknown && r.Latency <= 0 {
		t.Error("no latency")
	}
	if r.At.Location() != time.UTC {
		t.Error("At is not UTC")
	}
}
