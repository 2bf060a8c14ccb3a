package checks

import (
	"context"
	"io"
	"net"
	"time"

	"lage/internal/text"
)

// maxBanner is how much of an answer a TCP check reads while it waits for the expected text.
const maxBanner = 64 << 10

// tcpProber connects, sends and expects.
type tcpProber struct {
	base
	tcp TCP
}

// Probe connects once. Latency is the time until the connection stands or, with Expect, until the text has come.
func (p *tcpProber) Probe(ctx context.Context) Result {
	ctx, cancel := context.WithTimeout(ctx, p.timeout())
	defer cancel()
	m := p.begin()
	conn, err := (&net.Dialer{KeepAlive: -1}).DialContext(ctx, "tcp", p.tcp.Address)
	if err != nil {
		return m.fail(ctx, err, connecting)
	}
	defer conn.Close()
	defer endWith(ctx, conn)()
	if p.tcp.Send != "" {
		if _, err := io.WriteString(conn, p.tcp.Send); err != nil {
			return m.fail(ctx, err, waiting)
		}
	}
	if p.tcp.Expect != "" {
		f := finder{want: []byte(p.tcp.Expect)}
		err := f.until(io.LimitReader(conn, maxBanner))
		m.Detail = p.excerpt(string(f.head))
		if err != nil && !f.found {
			return m.fail(ctx, err, waiting)
		}
		m.lap()
		got := text.M("checks.got_missing")
		if f.found {
			got = text.M("checks.got_found")
		}
		m.fact(f.found, text.M("checks.want_body", p.line(p.tcp.Expect)), got)
		if !f.found {
			return m.end(Bad, text.M("checks.tcp_answer", p.line(p.tcp.Expect)))
		}
	}
	m.lap()
	if !m.within(p.tcp.MaxTime) {
		return m.end(Warning, text.M("checks.slow", m.Latency, p.tcp.MaxTime))
	}
	return m.end(Good, text.M("checks.tcp_ok", m.Latency))
}

// until reads until the text is found or nothing more comes.
func (f *finder) until(r io.Reader) error {
	_, err := f.readAll(&untilFound{r, f})
	return err
}

// untilFound ends a stream once the finder has found what it looks for.
type untilFound struct {
	io.Reader
	f *finder
}

func (u *untilFound) Read(b []byte) (int, error) {
	if u.f.found {
		return 0, io.EOF
	}
	return u.Reader.Read(b)
}

// endWith makes reads and writes on conn fail as soon as ctx ends. The result takes that back.
func endWith(ctx context.Context, conn net.Conn) func() bool {
	return context.AfterFunc(ctx, func() {
		// A moment that has passed. An error means that the connection is closed already, which is as good.
		_ = conn.SetDeadline(time.Unix(1, 0))
	})
}
