package notify

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/mail"
	"net/smtp"
	"net/textproto"
	"os"
)

// Security says how the connection to the mail server is protected.
type Security string

// The ways. The zero value means STARTTLS.
const (
	StartTLS Security = "starttls" // plain at first, then TLS; a server that offers none is refused
	TLS      Security = "tls"      // TLS from the first byte
	Plain    Security = "none"     // no protection: for a mail server on this machine
)

// answerLimit is how many bytes a mail server may say in one conversation.
const answerLimit = 1 << 20

// Mail is the mail server that carries the alarms.
type Mail struct {
	Address  string      // host:port
	Security Security    // empty means StartTLS
	User     string      // empty means no log-in
	Password string      // secret; sent over TLS or to this machine only
	From     string      // the sender's address: "lage@example.org" or "Lage <lage@example.org>"
	Hello    string      // the name to greet the server with; empty means the host name
	TLS      *tls.Config // nil means the system's trust; ServerName is filled in where it is empty
}

// letter is one message to one address.
type letter struct {
	to   string
	make func(from, to *mail.Address) ([]byte, error) // writes it, head and body
}

// send delivers a letter. When it returns nil, the server has taken responsibility for it. It returns soon after ctx ends.
func (m *Mail) send(ctx context.Context, l letter) error {
	from, err := mail.ParseAddress(m.From)
	if err != nil {
		return &failure{code: "notify.bad_address", args: []any{m.From}, final: true}
	}
	to, err := mail.ParseAddress(l.to)
	if err != nil {
		return &failure{code: "notify.bad_address", args: []any{l.to}, final: true}
	}
	text, err := l.make(from, to)
	if err != nil {
		return err
	}
	conn, err := m.connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	host, _, _ := net.SplitHostPort(m.Address)
	c, err := smtp.NewClient(conn, host)
	if err != nil {
		return refused("notify.smtp_greeting", err)
	}
	if err := m.begin(c, host); err != nil {
		return err
	}
	if err := c.Mail(from.Address); err != nil {
		return refused("notify.smtp_sender", err)
	}
	if err := c.Rcpt(to.Address); err != nil {
		return refused("notify.smtp_recipient", err)
	}
	w, err := c.Data()
	if err == nil {
		_, err = w.Write(text)
		err = errors.Join(err, w.Close())
	}
	if err != nil {
		return refused("notify.smtp_text", err)
	}
	_ = c.Quit() // the server has the letter: how it says good-bye changes nothing
	return nil
}

// connect dials, with TLS from the first byte where that is wanted. ctx's deadline is the connection's.
func (m *Mail) connect(ctx context.Context) (net.Conn, error) {
	host, _, err := net.SplitHostPort(m.Address)
	if err != nil {
		return nil, &failure{code: "notify.unreachable", args: []any{m.Address}, detail: err.Error(), final: true}
	}
	var d net.Dialer
	raw, err := d.DialContext(ctx, "tcp", m.Address)
	if err != nil {
		return nil, broken("notify.unreachable", err, m.Address)
	}
	if at, ok := ctx.Deadline(); ok {
		_ = raw.SetDeadline(at)
	}
	conn := net.Conn(&listener{Conn: raw, left: answerLimit})
	if m.Security != TLS {
		return conn, nil
	}
	secure := tls.Client(conn, m.tls(host))
	if err := secure.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, broken("notify.tls", err, m.Address)
	}
	return secure, nil
}

// begin greets, secures the connection and logs in.
func (m *Mail) begin(c *smtp.Client, host string) error {
	hello := m.Hello
	if hello == "" {
		hello, _ = os.Hostname()
	}
	if hello == "" {
		hello = "localhost"
	}
	if err := c.Hello(hello); err != nil {
		return refused("notify.smtp_greeting", err)
	}
	if m.Security == StartTLS || m.Security == "" {
		if ok, _ := c.Extension("STARTTLS"); !ok {
			return &failure{code: "notify.no_tls", args: []any{m.Address}, final: true}
		}
		if err := c.StartTLS(m.tls(host)); err != nil {
			return broken("notify.tls", err, m.Address)
		}
	}
	if m.User == "" {
		return nil
	}
	if m.Security == Plain && !local(host) {
		return &failure{code: "notify.open_login", args: []any{m.Address}, final: true}
	}
	// PlainAuth has the same rule: TLS, or this machine.
	if err := c.Auth(smtp.PlainAuth("", m.User, m.Password, host)); err != nil {
		return refused("notify.smtp_login", err)
	}
	return nil
}

func local(host string) bool { return host == "localhost" || host == "127.0.0.1" || host == "::1" }

func (m *Mail) tls(host string) *tls.Config {
	conf := &tls.Config{MinVersion: tls.VersionTLS12}
	if m.TLS != nil {
		conf = m.TLS.Clone()
	}
	if conf.ServerName == "" {
		conf.ServerName = host
	}
	return conf
}

// refused tells apart what the server said and what went wrong on the way.
func refused(code string, err error) error {
	var said *textproto.Error
	if errors.As(err, &said) {
		return &failure{code: code, args: []any{said.Code}, detail: said.Msg, final: said.Code >= 500}
	}
	return broken("notify.broken_off", err)
}

// broken makes a failure of a network error, whose innermost words do: the addresses before them are known.
func broken(code string, err error, args ...any) error {
	var late net.Error
	if errors.As(err, &late) && late.Timeout() {
		return &failure{code: "notify.timeout", args: []any{sendLimit}}
	}
	detail := err.Error()
	var op *net.OpError
	if errors.As(err, &op) && op.Err != nil {
		detail = op.Err.Error()
	}
	return &failure{code: code, args: args, detail: detail}
}

// listener hears only so much of what the server says: an answer that never ends must not fill the memory.
type listener struct {
	net.Conn
	left int
}

func (l *listener) Read(b []byte) (int, error) {
	if l.left <= 0 {
		return 0, io.ErrUnexpectedEOF
	}
	n, err := l.Conn.Read(b[:min(len(b), l.left)])
	l.left -= n
	return n, err
}
