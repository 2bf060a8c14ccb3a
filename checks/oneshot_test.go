package checks

import (
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"lage/internal/text"
)

// TestHTTPUmlautHost asks for a name with an umlaut: it must reach the DNS in the form that the DNS knows.
func TestHTTPUmlautHost(t *testing.T) {
	r := NewProber(Check{ID: "a/b", HTTP: &HTTP{URL: "http://bürgeramt.invalid/"}}, nil, time.Now).Probe(context.Background())
	if r.Outcome != Bad || !strings.Contains(r.Message.In(text.English), "xn--brgeramt-65a.invalid") {
		t.Errorf("%v %s", r.Outcome, r.Message.In(text.English))
	}
}

// TestHTTPInterim gets interim answers before the real one, then nothing but interim answers.
func TestHTTPInterim(t *testing.T) {
	for head, want := range map[string]Outcome{
		"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok": Good,
		strings.Repeat("HTTP/1.1 102 Processing\r\n\r\n", 20):                                          Bad,
	} {
		r := NewProber(Check{ID: "a/b", HTTP: &HTTP{URL: raw(t, head)}}, nil, time.Now).Probe(context.Background())
		if r.Outcome != want {
			t.Errorf("%v %s", r.Outcome, r.Message.In(text.English))
		}
	}
}

// TestHTTPEarlyAnswer gets an answer from a server that does not read the question's body.
func TestHTTPEarlyAnswer(t *testing.T) {
	url := raw(t, "HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n")
	r := NewProber(Check{ID: "a/b", HTTP: &HTTP{URL: url, Method: "POST", Body: strings.Repeat("x", 1<<16), Status: []int{413}}}, nil, time.Now).
		Probe(context.Background())
	if r.Outcome != Good {
		t.Errorf("%v %s", r.Outcome, r.Message.In(text.English))
	}
}

// raw serves fixed bytes to everybody, after the question's first line.
func raw(t *testing.T, answer string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				_, _ = c.Read(make([]byte, 16<<10))
				_, _ = c.Write([]byte(answer))
				_, _ = io.Copy(io.Discard, c)
				_ = c.Close()
			}()
		}
	}()
	return "http://" + l.Addr().String()
}
