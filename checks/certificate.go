package checks

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"math"
	"net"
	"strings"
	"time"

	"lage/internal/text"
)

// maxNames is how many names of a certificate are shown; some carry thousands.
const maxNames = 3

// daysLeft gives the whole days until the first certificate that is needed expires (negative when one has): of the best
// chain that was verified, or of the certificate itself where none was.
func daysLeft(cs *tls.ConnectionState, now time.Time) int {
	var best time.Time
	for _, chain := range cs.VerifiedChains {
		if end := firstEnd(chain); end.After(best) {
			best = end
		}
	}
	if len(cs.VerifiedChains) == 0 {
		best = cs.PeerCertificates[0].NotAfter
	}
	return int(math.Floor(best.Sub(now).Hours() / 24))
}

func firstEnd(chain []*x509.Certificate) time.Time {
	end := chain[0].NotAfter
	for _, c := range chain[1:] {
		if c.NotAfter.Before(end) {
			end = c.NotAfter
		}
	}
	return end
}

// longEnough judges how long the certificate is still valid, if that is asked for, and gives the message if too short.
func (m *measuring) longEnough(cs *tls.ConnectionState, wanted int) (text.Message, bool) {
	if wanted <= 0 || cs == nil || len(cs.PeerCertificates) == 0 {
		return text.Message{}, true
	}
	now := m.base.now()
	days := daysLeft(cs, now)
	ok := days >= wanted
	m.fact(ok, text.M("checks.want_cert", wanted), text.M("checks.got_days", days))
	if days < 0 {
		end := cs.PeerCertificates[0].NotAfter
		return text.M("checks.cert_expired", max(now.Sub(end), 0), day(end)), ok
	}
	return text.M("checks.cert_days", days), ok
}

// names lists whom a certificate is for.
func (b *base) names(c *x509.Certificate) string {
	var names []string
	names = append(names, c.DNSNames[:min(len(c.DNSNames), maxNames+1)]...)
	for _, ip := range c.IPAddresses[:min(len(c.IPAddresses), maxNames+1)] {
		names = append(names, ip.String())
	}
	if len(names) == 0 && c.Subject.CommonName != "" {
		names = []string{c.Subject.CommonName}
	}
	if len(names) == 0 {
		return "–"
	}
	if len(names) > maxNames {
		names = append(names[:maxNames], "…")
	}
	return b.line(strings.Join(names, ", "))
}

// describe writes the chain as tools for certificates do, for the detail screen.
func (b *base) describe(cs *tls.ConnectionState) string {
	var s strings.Builder
	if cs.Version != 0 {
		fmt.Fprintf(&s, "%s, %s\n", tls.VersionName(cs.Version), tls.CipherSuiteName(cs.CipherSuite))
	}
	for i, c := range cs.PeerCertificates {
		if i == 8 {
			s.WriteString("…\n")
			break
		}
		fmt.Fprintf(&s, "%d subject: %s\n  issuer:  %s\n", i, b.line(c.Subject.String()), b.line(c.Issuer.String()))
		if i == 0 {
			fmt.Fprintf(&s, "  names:   %s\n", b.names(c))
		}
		fmt.Fprintf(&s, "  valid:   %s to %s\n", c.NotBefore.UTC().Format(time.RFC3339), c.NotAfter.UTC().Format(time.RFC3339))
	}
	return b.excerpt(s.String())
}

// hostOf gives the host of host:port.
func hostOf(address string) string {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	return host
}
