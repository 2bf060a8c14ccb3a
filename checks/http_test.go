package checks

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"lage/internal/clean"
)

func contains(s, part string) bool { return strings.Contains(s, part) }

func httpCheck(h HTTP) Check {
	return Check{ID: "wohngeld/start", Service: "wohngeld", Interval: 10 * time.Second, Timeout: 10 * time.Second, HTTP: &h}
}

// page answers with a little page in several forms, by path.
func page(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/ok":
		_, _ = io.WriteString(w, "<h1>Antrag</h1>")
	case "/503":
		w.WriteHeader(503)
		_, _ = io.WriteString(w, "upstream connect error: wg-db1 \x1b[31mtimeout\x1b[0m "+canary)
	case "/latin1":
		w.Header().Set("Content-Type", "text/html; charset=ISO-8859-1")
		_, _ = w.Write([]byte("Antr\xe4ge"))
	case "/gzip":
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, "gepackter Antrag")
		_ = z.Close()
	case "/notgzip":
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = io.WriteString(w, "this is not compressed at all")
	case "/echo":
		fmt.Fprintf(w, "%s %s|%s|%s|%s", r.Method, r.Host, r.Header.Get("X-Key"), r.Header.Get("User-Agent"), r.Header.Get("Accept-Encoding"))
		_, _ = io.Copy(w, r.Body)
	case "/large":
		_, _ = w.Write(bytes.Repeat([]byte("x"), maxAnswer-3))
		_, _ = io.WriteString(w, "Antrag")
	case "/edge":
		_, _ = w.Write(bytes.Repeat([]byte("x"), headKept-3))
		_, _ = io.WriteString(w, "Antrag")
	case "/empty":
		w.WriteHeader(204)
	default:
		http.NotFound(w, r)
	}
}

func TestHTTPAnswers(t *testing.T) {
	url := serve(t, page)
	for _, c := range []struct {
		name    string
		http    HTTP
		outcome Outcome
		says    string // part of the message's code and words
		detail  string
	}{
		{"good", HTTP{URL: "/ok", Contains: "Antrag"}, Good, "checks.http_ok HTTP 200", "HTTP/1.1 200 OK\n\n<h1>Antrag</h1>"},
		{"empty", HTTP{URL: "/empty"}, Good, "HTTP 204", "204"},
		{"status", HTTP{URL: "/503"}, Bad, "checks.http_status HTTP 503 statt 2xx", "wg-db1 timeout [***]"},
		{"status before text", HTTP{URL: "/503", Contains: "Antrag", Status: []int{200, 301}}, Bad, "HTTP 503 statt 200, 301", ""},
		{"wanted status", HTTP{URL: "/503", Status: []int{503}}, Good, "HTTP 503", ""},
		{"not the wanted status", HTTP{URL: "/ok", Status: []int{204}}, Bad, "HTTP 200 statt 204", ""},
		{"text missing", HTTP{URL: "/ok", Contains: "Formular"}, Bad, "checks.http_body HTTP 200, aber der Text „Formular“ fehlt", ""},
		{"old character set", HTTP{URL: "/latin1", Contains: "Anträge"}, Good, "HTTP 200", "Anträge"},
		{"not in that character set", HTTP{URL: "/latin1", Contains: "€"}, Bad, "checks.http_body ", ""},
		{"compressed", HTTP{URL: "/gzip", Contains: "gepackter Antrag"}, Good, "HTTP 200", "gepackter Antrag"},
		{"damaged compression", HTTP{URL: "/notgzip"}, Bad, "checks.http_gzip ", ""},
		{"text over the limit", HTTP{URL: "/large", Contains: "Antrag"}, Bad, "checks.http_body_cut HTTP 200, aber der Text „Antrag“ fehlt im ersten 1 MB", ""},
		{"large and nothing wanted", HTTP{URL: "/large"}, Good, "HTTP 200", ""},
		{"text over a buffer's edge", HTTP{URL: "/edge", Contains: "Antrag"}, Good, "HTTP 200", ""},
		{"slow", HTTP{URL: "/ok", MaxTime: 1}, Warning, "checks.slow Langsam", ""},
		{"bad before slow", HTTP{URL: "/503", MaxTime: 1}, Bad, "HTTP 503", ""},
		{"request", HTTP{URL: "/echo", Method: "POST", Body: "Inhalt", Headers: map[string]string{"X-Key": "k1", "Host": "intern.example"}}, Good,
			"HTTP 200", "POST intern.example|k1|lage|Inhalt"},
	} {
		c.http.URL = url + c.http.URL
		r := probe(t, httpCheck(c.http), nil)
		if r.Outcome != c.outcome || !contains(said(r.Message), c.says) || !contains(r.Detail, c.detail) {
			t.Errorf("%s: outcome %d, %q, detail %q", c.name, r.Outcome, said(r.Message), r.Detail)
		}
		for _, f := range r.Facts {
			if !f.OK && c.outcome == Good {
				t.Errorf("%s: fact %q does not hold", c.name, said(f.Want))
			}
		}
	}
}

func TestHTTPFacts(t *testing.T) {
	url := serve(t, page)
	r := probe(t, httpCheck(HTTP{URL: url + "/503", Contains: "timeout", MaxTime: time.Minute}), nil)
	var got []string
	for _, f := range r.Facts {
		got = append(got, fmt.Sprint(f.OK, " ", f.Want.In("de")))
	}
	want := "false Status 2xx; true Antwortzeit höchstens 1 min; true Text enthält „timeout“"
	if s := strings.Join(got, "; "); s != want || r.Facts[0].Got.In("de") != "ist 503" {
		t.Errorf("facts: %s", s)
	}
}

func TestHTTPRedirects(t *testing.T) {
	var loop string
	other := serve(t, page)
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/away":
			http.Redirect(w, r, other+"/echo", http.StatusTemporaryRedirect)
		case "/home":
			http.Redirect(w, r, "/echo", http.StatusFound)
		case "/loop":
			http.Redirect(w, r, loop, http.StatusFound)
		case "/login":
			http.Redirect(w, r, "https://user:pw@sso.example/login?ticket="+canary+"&x="+canary, http.StatusFound)
		default:
			page(w, r)
		}
	})
	loop = url + "/loop"
	secret := map[string]string{"X-Key": canary, "Authorization": "Bearer " + canary, "Cookie": canary}
	for _, c := range []struct {
		name    string
		http    HTTP
		outcome Outcome
		says    string
		detail  string
	}{
		{"judged by its status", HTTP{URL: "/home"}, Bad, "HTTP 302 statt 2xx", "Location: " + url + "/echo"},
		{"wanted", HTTP{URL: "/home", Status: []int{302}}, Good, "HTTP 302", ""},
		{"no secrets of the target", HTTP{URL: "/login"}, Bad, "HTTP 302", "Location: https://sso.example/login\n"},
		{"followed", HTTP{URL: "/home", Redirects: 1, Headers: map[string]string{"X-Key": "k1"}}, Good, "HTTP 200", "|k1|lage|"},
		{"secrets stay at home", HTTP{URL: "/away", Redirects: 1, Method: "POST", Body: "geheim", Headers: secret}, Good, "HTTP 200", "||lage|"},
		{"loop", HTTP{URL: "/loop", Redirects: 3}, Bad, "checks.http_redirects Mehr als 3 Weiterleitungen", ""},
		{"no scheme of ours", HTTP{URL: "/loop", Redirects: 10}, Bad, "checks.http_redirects", ""},
	} {
		c.http.URL = url + c.http.URL
		r := probe(t, httpCheck(c.http), nil)
		if r.Outcome != c.outcome || !contains(said(r.Message), c.says) || !contains(r.Detail, c.detail) || contains(r.Detail, "geheim") {
			t.Errorf("%s: outcome %d, %q, detail %q", c.name, r.Outcome, said(r.Message), r.Detail)
		}
	}
}

func TestHTTPSecretsInAddress(t *testing.T) {
	for _, url := range []string{
		"http://" + nobody(t) + "/hook/" + canary + "?k=" + canary,
		"http://user:" + canary + "@" + nobody(t) + "/",
		"http://[::1/" + canary,
		"gopher://127.0.0.1/" + canary,
		"http://127.0.0.1:99999/" + canary,
	} {
		r := probe(t, httpCheck(HTTP{URL: url}), nil)
		if r.Outcome == Good {
			t.Errorf("%s is good: %s", url, said(r.Message))
		}
	}
}

func TestHTTPHostile(t *testing.T) {
	endless := func(w http.ResponseWriter, _ *http.Request) {
		for chunk := bytes.Repeat([]byte("spam "), 4096); ; {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	}
	bomb := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		zeros := make([]byte, 1<<20)
		for range 200 {
			if _, err := z.Write(zeros); err != nil {
				return
			}
		}
		_ = z.Close()
	}
	raw := func(answer string) func(net.Conn) {
		return func(c net.Conn) {
			request(c)
			_, _ = io.WriteString(c, answer)
		}
	}
	reset := func(c net.Conn) {
		request(c)
		_ = c.(*net.TCPConn).SetLinger(0)
	}
	for _, c := range []struct {
		name    string
		url     string
		outcome Outcome
		says    string
	}{
		{"endless body", serve(t, endless), Good, "HTTP 200"},
		{"compressed bomb", serve(t, bomb), Good, "HTTP 200"},
		{"huge headers", "http://" + listen(t, raw("HTTP/1.1 200 OK\r\n"+strings.Repeat("X-A: "+strings.Repeat("b", 1000)+"\r\n", 200)+"\r\n")), Bad, "checks.http_headers"},
		{"endless header line", "http://" + listen(t, raw("HTTP/1.1 200 OK\r\nX: "+strings.Repeat("b", 1<<20))), Bad, "checks.http_headers"},
		{"no answer", "http://" + listen(t, request), Bad, "checks.closed"},
		{"half a body", "http://" + listen(t, raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nAnt")), Bad, "checks.closed"},
		{"not HTTP", "http://" + listen(t, raw("220 smtp.example ESMTP\r\n")), Bad, "checks.http_invalid"},
		{"bad length", "http://" + listen(t, raw("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n")), Bad, "checks.http_invalid"},
		{"reset", "http://" + listen(t, reset), Bad, "checks.reset"},
		{"nobody there", "http://" + nobody(t), Bad, "checks.refused"},
		{"no TLS there", "https://" + listen(t, raw("HTTP/1.1 400 Bad Request\r\n\r\n")), Bad, "checks.tls_not"},
		{"escape codes", "http://" + listen(t, raw("HTTP/1.1 500 \x1b]0;x\x07\x1b[31mred\r\n\r\n\x1b[2J\u202e")), Bad, "HTTP 500"},
		{"escape codes in headers", "http://" + listen(t, raw("HTTP/1.1 302 Found\r\nLocation: /\x1b[2J\r\n\r\n")), Bad, "checks.http_invalid"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			r := probe(t, httpCheck(HTTP{URL: c.url}), nil)
			runtime.ReadMemStats(&after)
			if r.Outcome != c.outcome || !contains(said(r.Message), c.says) {
				t.Errorf("outcome %d, %q", r.Outcome, said(r.Message))
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 64<<20 {
				t.Errorf("allocated %d MB", used>>20)
			}
		})
	}
}

// TestHTTPDeadline has one deadline over all phases: every server here would keep a patient client for ever.
func TestHTTPDeadline(t *testing.T) {
	drip := func(first string) func(net.Conn) {
		return func(c net.Conn) {
			request(c)
			_, err := io.WriteString(c, first)
			for err == nil {
				time.Sleep(20 * time.Millisecond)
				_, err = io.WriteString(c, "x")
			}
		}
	}
	silent := func(c net.Conn) { untilClosed(c) }
	for _, c := range []struct{ name, url, says string }{
		{"silent", "http://" + listen(t, silent), "checks.timeout Keine Antwort in 200 ms"},
		{"slow headers", "http://" + listen(t, drip("HTTP/1.1 200 OK\r\nX: ")), "checks.timeout "},
		{"slow body", "http://" + listen(t, drip("HTTP/1.1 200 OK\r\n\r\n")), "checks.timeout_body"},
		{"silent TLS", "https://" + listen(t, silent), "checks.timeout_tls"},
	} {
		t.Run(c.name, func(t *testing.T) {
			check := httpCheck(HTTP{URL: c.url})
			check.Timeout = 200 * time.Millisecond
			if r := probe(t, check, nil); r.Outcome != Bad || !contains(said(r.Message), c.says) {
				t.Errorf("outcome %d, %q", r.Outcome, said(r.Message))
			}
		})
	}
}

func TestProbesEndWithTheirContext(t *testing.T) {
	arrived := make(chan struct{}, 4)
	silent := listen(t, func(c net.Conn) {
		arrived <- struct{}{}
		untilClosed(c)
	})
	for name, c := range map[string]Check{
		"http":    httpCheck(HTTP{URL: "http://" + silent}),
		"tcp":     {ID: "a/b", Timeout: time.Minute, TCP: &TCP{Address: silent, Expect: "x"}},
		"tls":     {ID: "a/b", Timeout: time.Minute, TLS: &TLS{Address: silent}},
		"command": {ID: "a/b", Timeout: time.Minute, Command: &Command{Argv: []string{"sleep", "60"}}},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			done := make(chan Result)
			go func() { done <- NewProber(c, nil, time.Now).Probe(ctx) }()
			if name != "command" {
				<-arrived
			}
			cancel()
			select {
			case r := <-done:
				if r.Outcome != Unknown || r.Message.Code != "checks.cancelled" {
					t.Errorf("outcome %d, %q", r.Outcome, said(r.Message))
				}
			case <-time.After(20 * time.Second):
				t.Fatal("still running")
			}
		})
	}
}

func TestHTTPCertificates(t *testing.T) {
	a := newAuthority(t)
	for _, c := range []struct {
		name    string
		change  func(*x509.Certificate)
		http    HTTP
		trusts  *authority
		outcome Outcome
		says    string
	}{
		{"good", nil, HTTP{CertDays: 20, Contains: "Antrag"}, a, Good, "HTTP 200"},
		{"expires soon", nil, HTTP{CertDays: 21}, a, Warning, "checks.cert_days Zertifikat läuft in 20 Tagen ab"},
		{"slow goes first", nil, HTTP{CertDays: 21, MaxTime: 1}, a, Warning, "checks.slow"},
		{"expired", func(c *x509.Certificate) { c.NotAfter = t0.Add(-50 * time.Hour) }, HTTP{}, a, Bad, "checks.cert_expired Zertifikat abgelaufen seit 2 T 2 h (galt bis 2026-11-21)"},
		{"expired but insecure", func(c *x509.Certificate) { c.NotAfter = t0.Add(-50 * time.Hour) }, HTTP{Insecure: true}, a, Good, "HTTP 200"},
		{"expired, insecure, days asked for", func(c *x509.Certificate) { c.NotAfter = t0.Add(-50 * time.Hour) }, HTTP{Insecure: true, CertDays: 1}, a, Warning, "checks.cert_expired"},
		{"not yet valid", func(c *x509.Certificate) { c.NotBefore = t0.Add(5 * time.Hour) }, HTTP{}, a, Bad, "checks.cert_early Zertifikat gilt erst in"},
		{"wrong host", func(c *x509.Certificate) { c.IPAddresses = nil }, HTTP{}, a, Bad, "checks.cert_host Zertifikat gilt nicht für 127.0.0.1, sondern für wohngeld.example"},
		{"unknown issuer", nil, HTTP{}, newAuthority(t), Bad, "checks.cert_untrusted"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.http.URL = "https://" + serveTLS(t, a.issue(t, c.change), tlsDefault()) + "/"
			r := probe(t, httpCheck(c.http), c.trusts)
			if r.Outcome != c.outcome || !contains(said(r.Message), c.says) {
				t.Errorf("outcome %d, %q", r.Outcome, said(r.Message))
			}
		})
	}
}

func TestHTTPNoDowngrade(t *testing.T) {
	a := newAuthority(t)
	plain := serve(t, page)
	conf := tlsDefault()
	addr := serveTLSHandler(t, a.issue(t, nil), conf, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, plain+"/ok", http.StatusFound)
	})
	r := probe(t, httpCheck(HTTP{URL: "https://" + addr, Redirects: 5}), a)
	if r.Outcome != Bad || r.Message.Code != "checks.http_downgrade" {
		t.Errorf("outcome %d, %q", r.Outcome, said(r.Message))
	}
}

func BenchmarkHTTPProbe(b *testing.B) {
	url := serve(b, page)
	p := NewProber(httpCheck(HTTP{URL: url + "/ok", Contains: "Antrag"}), clean.NewRedactor(canary), time.Now)
	b.ReportAllocs()
	for b.Loop() {
		if r := p.Probe(context.Background()); r.Outcome != Good {
			b.Fatal(said(r.Message))
		}
	}
}
