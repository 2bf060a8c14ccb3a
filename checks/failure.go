package checks

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"time"

	"lage/internal/text"
)

// phase is how far a measurement has come; it tells what a timeout means.
type phase int32

const (
	connecting phase = iota
	shaking          // connected, TLS is being agreed upon
	waiting          // for the first byte of the answer
	reading          // the rest of it
)

// policyError is a reason of our own not to go on, such as a redirect that is not followed.
type policyError struct{ msg text.Message }

func (e *policyError) Error() string { return e.msg.In(text.English) }

// failure puts a network error into words and says what it means: Bad for all that the target or the way to it did, Unknown
// for what this machine did. The error's own text is shown as a last resort only, without URLs, cleaned and redacted.
func (b *base) failure(ctx context.Context, err error, ph phase) (Outcome, text.Message) {
	var policy *policyError
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return Unknown, text.M("checks.cancelled")
	case noResources(err):
		return Unknown, text.M("checks.no_resources")
	case errors.As(err, &policy):
		return Bad, policy.msg
	}
	if msg, ok := b.dnsFailure(err); ok {
		return Bad, msg
	}
	if ctx.Err() != nil || errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded) {
		return Bad, timeoutMessage(ph, b.timeout())
	}
	if msg, ok := b.tlsFailure(err); ok {
		return Bad, msg
	}
	return Bad, b.connFailure(err)
}

// noResources tells whether this machine, not the target, is the reason.
func noResources(err error) bool {
	for _, e := range []error{syscall.EMFILE, syscall.ENFILE, syscall.ENOMEM, syscall.ENOBUFS, syscall.EADDRNOTAVAIL} {
		if errors.Is(err, e) {
			return true
		}
	}
	var dns *net.DNSError // keeps only the text of its cause
	return errors.As(err, &dns) && strings.Contains(dns.Err, "too many open files")
}

func timeoutMessage(ph phase, limit time.Duration) text.Message {
	switch ph {
	case connecting:
		return text.M("checks.timeout_connect", limit)
	case shaking:
		return text.M("checks.timeout_tls", limit)
	case reading:
		return text.M("checks.timeout_body", limit)
	}
	return text.M("checks.timeout", limit)
}

func (b *base) dnsFailure(err error) (text.Message, bool) {
	var dns *net.DNSError
	if !errors.As(err, &dns) {
		return text.Message{}, false
	}
	name := b.line(dns.Name)
	switch {
	case dns.IsNotFound:
		return text.M("checks.dns_unknown", name), true
	case dns.IsTimeout:
		return text.M("checks.dns_timeout", name), true
	}
	return text.M("checks.dns_failed", b.line(name+": "+dns.Err)), true
}

func (b *base) tlsFailure(err error) (text.Message, bool) {
	var (
		untrusted *tls.CertificateVerificationError
		plain     tls.RecordHeaderError
		alert     *net.OpError
	)
	switch {
	case errors.As(err, &untrusted):
		return b.certFailure(untrusted), true
	case errors.As(err, &plain):
		return text.M("checks.tls_not"), true
	case errors.As(err, &alert) && alert.Op == "remote error":
		return text.M("checks.tls_refused", b.line(strings.TrimPrefix(alert.Err.Error(), "tls: "))), true
	case strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		return text.M("checks.tls_not"), true
	}
	if reason, ok := strings.CutPrefix(innermost(err).Error(), "tls: "); ok {
		return text.M("checks.tls_failed", b.line(reason)), true
	}
	return text.Message{}, false
}

// certFailure says why a certificate is not accepted.
func (b *base) certFailure(e *tls.CertificateVerificationError) text.Message {
	var (
		invalid x509.CertificateInvalidError
		host    x509.HostnameError
		unknown x509.UnknownAuthorityError
	)
	switch {
	case errors.As(e.Err, &invalid) && invalid.Reason == x509.Expired && invalid.Cert != nil:
		now := b.now()
		if now.Before(invalid.Cert.NotBefore) {
			return text.M("checks.cert_early", invalid.Cert.NotBefore.Sub(now), day(invalid.Cert.NotBefore))
		}
		return text.M("checks.cert_expired", now.Sub(invalid.Cert.NotAfter), day(invalid.Cert.NotAfter))
	case errors.As(e.Err, &host):
		return text.M("checks.cert_host", b.line(host.Host), b.names(host.Certificate))
	case errors.As(e.Err, &unknown):
		issuer := ""
		if unknown.Cert != nil {
			issuer = unknown.Cert.Issuer.String()
		}
		return text.M("checks.cert_untrusted", b.line(issuer))
	}
	return text.M("checks.cert_invalid", b.line(strings.TrimPrefix(innermost(e.Err).Error(), "x509: ")))
}

func (b *base) connFailure(err error) text.Message {
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return text.M("checks.refused", b.line(address(err)))
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, syscall.ECONNABORTED):
		return text.M("checks.reset")
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return text.M("checks.unreachable", b.line(address(err)))
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return text.M("checks.closed")
	}
	switch s := err.Error(); {
	case strings.Contains(s, "server response headers exceeded"):
		return text.M("checks.http_headers", maxHeaders>>10)
	case strings.Contains(s, "malformed HTTP"), strings.Contains(s, "malformed MIME header"),
		strings.Contains(s, "invalid header"), strings.Contains(s, "bad Content-Length"), strings.Contains(s, "too many transfer encodings"),
		strings.Contains(s, "unsupported transfer encoding"), strings.Contains(s, "malformed chunked encoding"), strings.Contains(s, "invalid byte in chunk length"):
		return text.M("checks.http_invalid")
	case strings.Contains(s, "server closed idle connection"), strings.Contains(s, "connection broken"):
		return text.M("checks.closed")
	}
	return text.M("checks.failed", b.line(innermost(err).Error()))
}

// innermost gives the cause at the bottom. The outer ones repeat addresses and, in a url.Error, the URL with its tokens.
func innermost(err error) error {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err
		}
		err = next
	}
}

// address gives the address that an error is about, "" if it does not say.
func address(err error) string {
	var op *net.OpError
	if errors.As(err, &op) && op.Addr != nil {
		return op.Addr.String()
	}
	return ""
}

// day writes a date the same way in both languages.
func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
