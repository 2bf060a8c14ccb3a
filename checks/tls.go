package checks

import (
	"context"
	"crypto/tls"
	"errors"
	"net"

	"lage/internal/text"
)

// tlsProber shakes hands and looks at the certificate.
type tlsProber struct {
	base
	tls TLS
}

// name gives the name that the certificate has to be for.
func (t TLS) name() string {
	if t.ServerName != "" {
		return t.ServerName
	}
	return hostOf(t.Address)
}

// Probe shakes hands once. Latency is the time until that is done.
func (p *tlsProber) Probe(ctx context.Context) Result {
	ctx, cancel := context.WithTimeout(ctx, p.timeout())
	defer cancel()
	m := p.begin()
	raw, err := (&net.Dialer{KeepAlive: -1}).DialContext(ctx, "tcp", p.tls.Address)
	if err != nil {
		return m.fail(ctx, err, connecting)
	}
	defer raw.Close()
	conn := tls.Client(raw, &tls.Config{ServerName: p.tls.name(), Time: p.now, RootCAs: p.roots})
	err = conn.HandshakeContext(ctx)
	if err != nil {
		return p.refuse(ctx, m, err)
	}
	m.lap()
	cs := conn.ConnectionState()
	m.Detail = p.describe(&cs)
	m.fact(true, text.M("checks.want_trusted", p.line(p.tls.name())), text.M("checks.got_yes"))
	if msg, ok := m.longEnough(&cs, p.tls.CertDays); !ok {
		return m.end(Warning, msg)
	}
	return m.end(Good, text.M("checks.tls_ok", daysLeft(&cs, p.now())))
}

// refuse gives the result of a handshake that failed; a certificate that was not accepted is described all the same.
func (p *tlsProber) refuse(ctx context.Context, m *measuring, err error) Result {
	var cert *tls.CertificateVerificationError
	if !errors.As(err, &cert) || len(cert.UnverifiedCertificates) == 0 {
		return m.fail(ctx, err, shaking)
	}
	m.lap()
	m.Detail = p.describe(&tls.ConnectionState{PeerCertificates: cert.UnverifiedCertificates})
	msg := p.certFailure(cert)
	m.fact(false, text.M("checks.want_trusted", p.line(p.tls.name())), msg)
	return m.end(Bad, msg)
}
