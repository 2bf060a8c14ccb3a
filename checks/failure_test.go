package checks

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"syscall"
	"testing"
	"time"

	"lage/internal/clean"
)

func TestFailure(t *testing.T) {
	dial := func(err error) error {
		addr := &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 443}
		return &url.Error{Op: "Get", URL: "https://x/" + canary, Err: &net.OpError{Op: "dial", Net: "tcp", Addr: addr, Err: os.NewSyscallError("connect", err)}}
	}
	dns := func(e net.DNSError) error {
		e.Name = "wohngeld.example"
		return &url.Error{Op: "Get", URL: "https://x/" + canary, Err: &net.OpError{Op: "dial", Err: &e}}
	}
	for _, c := range []struct {
		err     error
		phase   phase
		outcome Outcome
		says    string
	}{
		{dns(net.DNSError{Err: "no such host", IsNotFound: true}), connecting, Bad, "checks.dns_unknown Name nicht gefunden: wohngeld.example"},
		{dns(net.DNSError{Err: "i/o timeout", IsTimeout: true}), connecting, Bad, "checks.dns_timeout Namensauflösung antwortet nicht: wohngeld.example"},
		{dns(net.DNSError{Err: "server misbehaving", IsTemporary: true}), connecting, Bad, "checks.dns_failed Namensauflösung fehlgeschlagen: wohngeld.example: server misbehaving"},
		{dns(net.DNSError{Err: "dial udp: socket: too many open files"}), connecting, Unknown, "checks.no_resources"},
		{dial(syscall.EMFILE), connecting, Unknown, "checks.no_resources Nicht gemessen"},
		{dial(syscall.ENFILE), connecting, Unknown, "checks.no_resources"},
		{dial(syscall.EADDRNOTAVAIL), connecting, Unknown, "checks.no_resources"},
		{dial(syscall.ECONNREFUSED), connecting, Bad, "checks.refused Verbindung abgelehnt: 192.0.2.1:443"},
		{dial(syscall.EHOSTUNREACH), connecting, Bad, "checks.unreachable Kein Weg zu 192.0.2.1:443"},
		{dial(syscall.ENETUNREACH), connecting, Bad, "checks.unreachable"},
		{dial(syscall.EPIPE), waiting, Bad, "checks.reset"},
		{dial(os.ErrDeadlineExceeded), connecting, Bad, "checks.timeout_connect Keine Verbindung in 7 s"},
		{context.DeadlineExceeded, shaking, Bad, "checks.timeout_tls"},
		{context.DeadlineExceeded, waiting, Bad, "checks.timeout Keine Antwort in 7 s"},
		{context.DeadlineExceeded, reading, Bad, "checks.timeout_body"},
		{errors.New("tls: first record does not look right"), shaking, Bad, "checks.tls_failed Keine verschlüsselte Verbindung: first record"},
		{&url.Error{Op: "Get", URL: "https://x/" + canary, Err: fmt.Errorf("odd \x1b[31m%s\nthing", canary)}, waiting, Bad, "checks.failed Verbindung fehlgeschlagen: odd [***] thing"},
	} {
		b := base{check: Check{Timeout: 7 * time.Second}, redact: clean.NewRedactor(canary), now: clock(t0)}
		o, msg := b.failure(context.Background(), c.err, c.phase)
		if o != c.outcome || !contains(said(msg), c.says) {
			t.Errorf("%v: outcome %d, %q", c.err, o, said(msg))
		}
		r := b.begin().fail(context.Background(), c.err, c.phase)
		safe(t, r)
		if (r.Outcome == Bad) != (len(r.Facts) == 1 && !r.Facts[0].OK) {
			t.Errorf("%v: facts %v", c.err, r.Facts)
		}
	}
}

func TestLongForeignText(t *testing.T) {
	b := base{redact: clean.NewRedactor(canary)}
	for _, pad := range []int{maxLine - len(canary), maxLine - 5, maxLine - 1, maxLine, 16*maxLine - 5} {
		long := make([]byte, pad)
		for i := range long {
			long[i] = 'a'
		}
		if s := b.line(string(long) + canary); contains(s, "canary") || len(s) > maxLine+len("…") {
			t.Errorf("%d: %q", pad, s)
		}
	}
}

func TestDaysLeftOfChain(t *testing.T) {
	a := newAuthority(t)
	if d := firstEnd([]*x509.Certificate{{NotAfter: t0.AddDate(0, 1, 0)}, {NotAfter: t0.AddDate(0, 0, 3)}, a.cert}); !d.Equal(t0.AddDate(0, 0, 3)) {
		t.Errorf("the chain ends at %v", d)
	}
}

func TestNoKind(t *testing.T) {
	if r := probe(t, Check{ID: "a/b"}, nil); r.Outcome != Unknown || r.Message.Code != "checks.no_kind" {
		t.Errorf("%d %q", r.Outcome, said(r.Message))
	}
}
