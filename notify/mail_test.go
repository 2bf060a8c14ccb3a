package notify

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	netsmtp "net/smtp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"lage/incidents"
	"lage/internal/clean"
	"lage/internal/text"
	"lage/services"
)

// office is a mail server that keeps what it gets.
type office struct {
	addr  string
	roots *x509.CertPool

	mu      sync.Mutex
	letters []received
}

type received struct {
	user, from, to string
	secure         bool
	text           string
}

type session struct {
	o      *office
	secure bool
	got    received
}

func (o *office) NewSession(c *smtp.Conn) (smtp.Session, error) {
	_, secure := c.TLSConnectionState()
	return &session{o: o, secure: secure}, nil
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }
func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if password != "mail-secret" {
			return &smtp.SMTPError{Code: 535, Message: "no: " + password}
		}
		s.got.user = user
		return nil
	}), nil
}
func (s *session) Mail(from string, _ *smtp.MailOptions) error { s.got.from = from; return nil }
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if strings.HasPrefix(to, "nobody@") {
		return &smtp.SMTPError{Code: 550, Message: "no such user here"}
	}
	s.got.to = to
	return nil
}
func (s *session) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	s.got.text, s.got.secure = string(b), s.secure
	s.o.mu.Lock()
	s.o.letters = append(s.o.letters, s.got)
	s.o.mu.Unlock()
	return err
}
func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

// openOffice starts a mail server. Security Plain offers no TLS at all.
func openOffice(t *testing.T, sec Security) *office {
	t.Helper()
	cert, roots := certificate(t)
	o := &office{roots: roots}
	srv := smtp.NewServer(o)
	srv.Domain, srv.AllowInsecureAuth = "localhost", true
	srv.ErrorLog = quiet{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o.addr = l.Addr().String()
	conf := &tls.Config{Certificates: []tls.Certificate{cert}}
	switch sec {
	case TLS:
		l = tls.NewListener(l, conf)
	case StartTLS:
		srv.TLSConfig = conf
	}
	done := make(chan struct{})
	go func() { defer close(done); _ = srv.Serve(l) }()
	t.Cleanup(func() { l.Close(); srv.Close(); <-done })
	return o
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

// certificate makes one for 127.0.0.1.
func certificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots
}

// mailing is a notifier with the office as its mail server, and an alert to mail.
func mailing(o *office, sec Security) (*Notifier, incidents.Alert) {
	n := &Notifier{Lang: text.German, Redact: clean.NewRedactor("tok-secret"), Now: func() time.Time {
		return time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	}, Zone: time.FixedZone("MEZ", 3600)}
	n.Mail = &Mail{Address: o.addr, Security: sec, User: "lage", Password: "mail-secret", From: "Lage für alle <lage@example.org>", Hello: "test"}
	if o.roots != nil {
		n.Mail.TLS = &tls.Config{RootCAs: o.roots}
	}
	a := alert(1, "")
	a.Channel = services.Channel{Email: "ops@example.org"}
	return n, a
}

func TestMailOverEachConnection(t *testing.T) {
	for _, sec := range []Security{StartTLS, TLS, Plain, ""} {
		t.Run(string("security "+sec), func(t *testing.T) {
			offers := sec
			if sec == "" {
				offers = StartTLS
			}
			o := openOffice(t, offers)
			n, a := mailing(o, sec)
			if err := n.byChannel(t.Context(), one(a)); err != nil {
				t.Fatal(err)
			}
			if len(o.letters) != 1 {
				t.Fatalf("%d letters", len(o.letters))
			}
			got := o.letters[0]
			if got.from != "lage@example.org" || got.to != "ops@example.org" || got.user != "lage" || got.secure != (sec != Plain) {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestLetter(t *testing.T) {
	o := openOffice(t, Plain)
	n, a := mailing(o, Plain)
	long := strings.Repeat("größer ", 60)
	a.Subject = text.Raw("Ausfall „Wohngeld“\r\nBcc: evil@example.org " + long)
	a.Body = text.Raw("Ältere Meldung tok-secret\n.\nQUIT\n..punkt\n" + strings.Repeat("lang ", 400))
	for i := range 2 {
		a.Key = []string{"key-1\r\nX-Evil: 1", "key-2"}[i]
		if err := n.byChannel(t.Context(), one(a)); err != nil {
			t.Fatal(err)
		}
	}
	var heads []mail.Header
	for _, l := range o.letters {
		m, err := mail.ReadMessage(strings.NewReader(l.text))
		if err != nil {
			t.Fatal(err)
		}
		heads = append(heads, m.Header)
		body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(string(body), "\r\n", "\n")
		want := "Ältere Meldung [***]\n.\nQUIT\n..punkt\n" + strings.TrimSpace(strings.Repeat("lang ", 400)) + "\n\nStörung INC-2026-031. Bestätigen: lage ack INC-2026-031\n"
		if text != want {
			t.Errorf("body %q", text)
		}
		for line := range strings.SplitSeq(l.text, "\r\n") {
			if len(line) > 100 || strings.Contains(line, "\n") {
				t.Errorf("line %q", line)
			}
		}
		for _, evil := range []string{"Bcc", "X-Evil"} {
			if m.Header.Get(evil) != "" {
				t.Errorf("header %s was smuggled in", evil)
			}
		}
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(heads[0].Get("Subject"))
	if err != nil || !strings.HasPrefix(subject, "[INC-2026-031] Ausfall „Wohngeld“ Bcc: evil@example.org größer") {
		t.Errorf("subject %q, %v", subject, err)
	}
	if a, b := heads[0].Get("Message-ID"), heads[1].Get("Message-ID"); a == b || !strings.HasSuffix(a, "@example.org>") {
		t.Errorf("Message-IDs %q, %q", a, b)
	}
	if a, b := heads[0].Get("References"), heads[1].Get("References"); a != b || a == "" || a != heads[0].Get("In-Reply-To") {
		t.Errorf("References %q, %q", a, b)
	}
	if got := heads[0].Get("Date"); got != "Mon, 23 Nov 2026 03:00:00 +0100" {
		t.Errorf("Date %q", got)
	}
	if from, err := heads[0].AddressList("From"); err != nil || from[0].Name != "Lage für alle" {
		t.Errorf("From %v, %v", from, err)
	}
}

func TestHeadersRefuseLineEnds(t *testing.T) {
	for _, v := range []string{"a\r\nBcc: x", "a\nb", "a\rb", "a\x00b", "a\r\n\r\nbody", "a\r\n b\r\nBcc: x"} {
		var h heads
		if h.add("Subject", v); h.err == nil {
			t.Errorf("%q was accepted", v)
		}
	}
	o := openOffice(t, Plain)
	for _, to := range []string{"a@example.org\r\nBcc: x@example.org", "a@example.org>\r\nRCPT TO:<x@example.org", "no address", ""} {
		n, _ := mailing(o, Plain)
		err := n.Mail.send(t.Context(), letter{to: to})
		if !final(err) {
			t.Errorf("%q: got %v", to, err)
		}
	}
	if len(o.letters) != 0 {
		t.Errorf("sent: %+v", o.letters)
	}
}

func TestMailRefused(t *testing.T) {
	secure, open := openOffice(t, StartTLS), openOffice(t, Plain)
	for name, c := range map[string]struct {
		office *office
		change func(*Notifier, *incidents.Alert)
		code   string
		final  bool
	}{
		"unknown recipient": {secure, func(_ *Notifier, a *incidents.Alert) { a.Channel.Email = "nobody@example.org" }, "notify.smtp_recipient", true},
		"wrong password":    {secure, func(n *Notifier, _ *incidents.Alert) { n.Mail.Password = "wrong-secret" }, "notify.smtp_login", true},
		"no STARTTLS":       {open, func(n *Notifier, _ *incidents.Alert) { n.Mail.Security = StartTLS }, "notify.no_tls", true},
		"unknown authority": {secure, func(n *Notifier, _ *incidents.Alert) { n.Mail.TLS = nil }, "notify.tls", false},
		"not TLS":           {open, func(n *Notifier, _ *incidents.Alert) { n.Mail.Security = TLS }, "notify.tls", false},
		"bad sender":        {open, func(n *Notifier, _ *incidents.Alert) { n.Mail.From = "nobody at all" }, "notify.bad_address", true},
		"bad server":        {open, func(n *Notifier, _ *incidents.Alert) { n.Mail.Address = "no-port" }, "notify.unreachable", true},
		"nobody listens":    {open, func(n *Notifier, _ *incidents.Alert) { n.Mail.Address = freePort(t) }, "notify.unreachable", false},
	} {
		n, a := mailing(c.office, StartTLS)
		if c.office == open {
			n.Mail.Security = Plain
		}
		c.change(n, &a)
		err := n.byChannel(t.Context(), one(a))
		m := n.reason(t.Context(), err)
		if m.Code != c.code || final(err) != c.final {
			t.Errorf("%s: got %v (final: %v), want %s", name, m.In(text.English), final(err), c.code)
		}
		if strings.Contains(m.In(text.German), "secret") {
			t.Errorf("%s: a secret in %q", name, m.In(text.German))
		}
	}
}

func TestNoLoginOverAnOpenLine(t *testing.T) {
	m := &Mail{Address: "mail.example.org:25", Security: Plain, User: "lage", Password: "mail-secret"}
	client, server := net.Pipe()
	defer client.Close()
	heard := make(chan string, 1)
	go func() {
		defer server.Close()
		_, _ = io.WriteString(server, "220 x\r\n")
		r := bufio.NewReader(server)
		_, _ = r.ReadString('\n')
		_, _ = io.WriteString(server, "250-x\r\n250 AUTH PLAIN\r\n")
		rest, _ := io.ReadAll(r)
		heard <- string(rest)
	}()
	c, err := netsmtp.NewClient(client, "mail.example.org")
	if err != nil {
		t.Fatal(err)
	}
	var f *failure
	if err := m.begin(c, "mail.example.org"); !errors.As(err, &f) || f.code != "notify.open_login" {
		t.Errorf("got %v", err)
	}
	client.Close()
	if said := <-heard; said != "" {
		t.Errorf("said %q", said)
	}
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// hostile starts a server that does with each connection what f says.
func hostile(t *testing.T, f func(net.Conn)) *office {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() { defer c.Close(); f(c) })
		}
	})
	t.Cleanup(func() { l.Close(); wg.Wait() })
	return &office{addr: l.Addr().String()}
}

// answers says each line after one line was heard; the first at once.
func answers(c net.Conn, lines ...string) {
	r := bufio.NewReader(c)
	for i, l := range lines {
		if i > 0 {
			if _, err := r.ReadString('\n'); err != nil {
				return
			}
		}
		if _, err := io.WriteString(c, l+"\r\n"); err != nil {
			return
		}
	}
	_, _ = io.Copy(io.Discard, r) // until the other side goes
}

func TestHostileServers(t *testing.T) {
	for name, c := range map[string]struct {
		serve func(net.Conn)
		code  string
		final bool
	}{
		"hangs":            {func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }, "notify.timeout", false},
		"hangs after DATA": {func(c net.Conn) { answers(c, "220 x", "250 x", "250 ok", "250 ok", "354 go") }, "notify.timeout", false},
		"busy":             {func(c net.Conn) { answers(c, "421 try later") }, "notify.smtp_greeting", false},
		"greylisting":      {func(c net.Conn) { answers(c, "220 x", "250 x", "250 ok", "451 later") }, "notify.smtp_recipient", false},
		"no":               {func(c net.Conn) { answers(c, "220 x", "250 x", "550 go away \x1b[31mtok-secret") }, "notify.smtp_sender", true},
		"drops":            {func(c net.Conn) {}, "notify.broken_off", false},
		"drops in DATA":    {func(c net.Conn) { dropsAfter(c, "220 x", "250 x", "250 ok", "250 ok", "354 go") }, "notify.broken_off", false},
		"no SMTP":          {func(c net.Conn) { answers(c, "HTTP/1.1 400 Bad Request") }, "notify.broken_off", false},
		"never ends": {func(c net.Conn) {
			for b := []byte("220-" + strings.Repeat("x", 60000)); ; {
				if _, err := c.Write(b); err != nil {
					return
				}
			}
		}, "notify.broken_off", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n, a := mailing(hostile(t, c.serve), Plain)
			n.Mail.User = ""
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			if c.code == "notify.timeout" {
				short, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
				defer cancel()
				ctx = short
			}
			err := n.byChannel(ctx, one(a))
			if err == nil {
				t.Fatal("no error")
			}
			m := n.reason(ctx, err)
			if s := m.In(text.English); m.Code != c.code || final(err) != c.final || strings.ContainsAny(s, "\x1b\r\n") || strings.Contains(s, "tok-secret") {
				t.Errorf("got %q (final: %v), want %s", s, final(err), c.code)
			}
		})
	}
}

// dropsAfter answers and then hangs up.
func dropsAfter(c net.Conn, lines ...string) {
	r := bufio.NewReader(c)
	for i, l := range lines {
		if i > 0 {
			_, _ = r.ReadString('\n')
		}
		_, _ = io.WriteString(c, l+"\r\n")
	}
	_, _ = r.ReadString('\n')
}
