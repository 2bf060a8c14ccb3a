package checks

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"net"
	"testing"
	"time"
)

func TestTLS(t *testing.T) {
	a := newAuthority(t)
	hostile := func(c *x509.Certificate) {
		c.Subject = pkix.Name{CommonName: "evil\x1b]0;owned\x07\x1b[31m\r\u202e", Organization: []string{canary}}
		c.DNSNames = []string{"a.example"}
		for i := range 2000 {
			c.DNSNames = append(c.DNSNames, fmt.Sprintf("n%d.example", i))
		}
		c.IPAddresses = nil
	}
	wantsClient := tlsDefault()
	wantsClient.ClientAuth = tls.RequireAnyClientCert
	old := tlsDefault()
	old.MinVersion, old.MaxVersion = tls.VersionTLS10, tls.VersionTLS10
	for _, c := range []struct {
		name    string
		addr    string
		tls     TLS
		trusts  *authority
		outcome Outcome
		says    string
		detail  string
	}{
		{"good", serveTLS(t, a.issue(t, nil), tlsDefault()), TLS{CertDays: 20}, a, Good, "checks.tls_ok Zertifikat noch 20 Tage gültig", "issuer:  CN=Test CA"},
		{"by name", serveTLS(t, a.issue(t, nil), tlsDefault()), TLS{ServerName: "wohngeld.example"}, a, Good, "checks.tls_ok", "names:   wohngeld.example, 127.0.0.1"},
		{"expires soon", serveTLS(t, a.issue(t, nil), tlsDefault()), TLS{CertDays: 30}, a, Warning, "checks.cert_days Zertifikat läuft in 20 Tagen ab", ""},
		{"one day", serveTLS(t, a.issue(t, func(c *x509.Certificate) { c.NotAfter = t0.Add(30 * time.Hour) }), tlsDefault()), TLS{CertDays: 30}, a, Warning, "in 1 Tag ab", ""},
		{"expired", serveTLS(t, a.issue(t, func(c *x509.Certificate) { c.NotAfter = t0.Add(-time.Hour) }), tlsDefault()), TLS{}, a, Bad, "checks.cert_expired", "subject: CN=wohngeld.example"},
		{"not yet valid", serveTLS(t, a.issue(t, func(c *x509.Certificate) { c.NotBefore = t0.Add(time.Hour) }), tlsDefault()), TLS{}, a, Bad, "checks.cert_early", ""},
		{"wrong name", serveTLS(t, a.issue(t, nil), tlsDefault()), TLS{ServerName: "kfz.example"}, a, Bad, "checks.cert_host Zertifikat gilt nicht für kfz.example", ""},
		{"unknown issuer", serveTLS(t, a.issue(t, nil), tlsDefault()), TLS{}, newAuthority(t), Bad, "checks.cert_untrusted Zertifikat von unbekanntem Aussteller: CN=Test CA", ""},
		{"hostile certificate", serveTLS(t, a.issue(t, hostile), tlsDefault()), TLS{}, a, Bad, "checks.cert_host", "evil"},
		{"wrong use", serveTLS(t, a.issue(t, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }), tlsDefault()), TLS{}, a, Bad, "checks.cert_invalid", ""},
		{"old protocol", serveTLS(t, a.issue(t, nil), old), TLS{}, a, Bad, "checks.tls_refused TLS von der Gegenseite abgelehnt: protocol version not supported", ""},
		{"no TLS", listen(t, func(c net.Conn) { _, _ = io.WriteString(c, "220 smtp.example ESMTP\r\n"); untilClosed(c) }), TLS{}, a, Bad, "checks.tls_not", ""},
		{"nobody there", nobody(t), TLS{}, a, Bad, "checks.refused Verbindung abgelehnt: 127.0.0.1:", ""},
		{"closes at once", listen(t, func(c net.Conn) { _, _ = io.ReadFull(c, make([]byte, 5)) }), TLS{}, a, Bad, "checks.", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.tls.Address = c.addr
			r := probe(t, Check{ID: "wohngeld/tls", Timeout: 10 * time.Second, TLS: &c.tls}, c.trusts)
			if r.Outcome != c.outcome || !contains(said(r.Message), c.says) || !contains(r.Detail, c.detail) {
				t.Errorf("outcome %d, %q, detail %q", r.Outcome, said(r.Message), r.Detail)
			}
		})
	}
	// A client certificate is asked for after our part of the handshake: that the server wants one is not our fault.
	r := probe(t, Check{ID: "a/b", Timeout: 10 * time.Second, TLS: &TLS{Address: serveTLS(t, a.issue(t, nil), wantsClient)}}, a)
	if r.Outcome != Good {
		t.Errorf("with client certificates: %q", said(r.Message))
	}
}
