package checks

import (
	"bytes"
	"io"
	"net"
	"testing"
	"time"
)

func TestTCP(t *testing.T) {
	banner := listen(t, func(c net.Conn) {
		_, _ = io.WriteString(c, "220 mail.example \x1b[31mESMTP "+canary+"\r\n")
		untilClosed(c)
	})
	echo := listen(t, func(c net.Conn) {
		b := make([]byte, 4)
		if _, err := io.ReadFull(c, b); err == nil {
			_, _ = c.Write(append([]byte("+"), b...))
		}
		untilClosed(c)
	})
	pieces := listen(t, func(c net.Conn) {
		for _, b := range []byte("+PONG") {
			_, _ = c.Write([]byte{b})
			time.Sleep(time.Millisecond)
		}
		untilClosed(c)
	})
	endless := listen(t, func(c net.Conn) {
		for chunk := bytes.Repeat([]byte("spam "), 1000); ; {
			if _, err := c.Write(chunk); err != nil {
				return
			}
		}
	})
	reset := listen(t, func(c net.Conn) {
		_, _ = io.ReadFull(c, make([]byte, 1))
		_ = c.(*net.TCPConn).SetLinger(0)
	})
	for _, c := range []struct {
		name    string
		tcp     TCP
		outcome Outcome
		says    string
		detail  string
	}{
		{"connects", TCP{Address: banner}, Good, "checks.tcp_ok Verbunden nach", ""},
		{"banner", TCP{Address: banner, Expect: "220 "}, Good, "checks.tcp_ok", "220 mail.example"},
		{"answer", TCP{Address: echo, Send: "PING", Expect: "+PING"}, Good, "checks.tcp_ok", "+PING"},
		{"answer in pieces", TCP{Address: pieces, Expect: "+PONG"}, Good, "checks.tcp_ok", ""},
		{"wrong answer", TCP{Address: endless, Expect: "220"}, Bad, "checks.tcp_answer Verbunden, aber die Antwort enthält „220“ nicht", "spam spam"},
		{"silent", TCP{Address: echo, Expect: "220"}, Bad, "checks.timeout Keine Antwort in 300 ms", ""},
		{"slow", TCP{Address: banner, MaxTime: 1}, Warning, "checks.slow", ""},
		{"nobody there", TCP{Address: nobody(t)}, Bad, "checks.refused", ""},
		{"reset", TCP{Address: reset, Send: "x", Expect: "y"}, Bad, "checks.reset", ""},
		{"no port", TCP{Address: "127.0.0.1"}, Bad, "checks.failed Verbindung fehlgeschlagen: address 127.0.0.1: missing port", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			timeout := 10 * time.Second
			if c.name == "silent" {
				timeout = 300 * time.Millisecond
			}
			r := probe(t, Check{ID: "mail/smtp", Timeout: timeout, TCP: &c.tcp}, nil)
			if r.Outcome != c.outcome || !contains(said(r.Message), c.says) || !contains(r.Detail, c.detail) {
				t.Errorf("outcome %d, %q, detail %q", r.Outcome, said(r.Message), r.Detail)
			}
		})
	}
}
