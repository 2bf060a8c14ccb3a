package config

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"lage/internal/text"
)

// fake answers by address; what it does not know is refused.
func fake(results map[string]ProbeResult) func(context.Context, string) ProbeResult {
	return func(_ context.Context, u string) ProbeResult {
		if r, ok := results[u]; ok {
			return r
		}
		return ProbeResult{Err: syscall.ECONNREFUSED}
	}
}

func TestFromURLs(t *testing.T) {
	ms := time.Millisecond
	probe := fake(map[string]ProbeResult{
		"https://www.wohngeld.example.org/antrag":     {Status: 200, Title: "Wohngeld: Antrag #1", Latency: 80 * ms, TLS: true, FinalURL: "https://www.wohngeld.example.org/antrag"},
		"https://www.wohngeld.example.org/":           {Status: 204, Latency: 430 * ms, TLS: true, FinalURL: "https://login.example.org/x"},
		"http://www.wohngeld.example.org/antrag":      {Status: 301, Latency: ms, FinalURL: "http://www.wohngeld.example.org/antrag"},
		"https://wohngeld.example.net/intern?a=b":     {Status: 401, Latency: 9 * time.Second, TLS: true},
		"https://broken.example.org/Größe/":           {Status: 503, Title: "Broken", Latency: 3 * time.Second, TLS: true},
		"https://broken.example.org/Gr%C3%B6%C3%9Fe/": {Status: 503, Title: "Broken", Latency: 3 * time.Second, TLS: true},
		"tcp://db.example.org:5432":                   {Latency: 3 * ms},
		"tls://db.example.org:636":                    {Latency: 3 * ms, TLS: true},
	})
	urls := []string{"www.wohngeld.example.org/antrag", "https://www.wohngeld.example.org/", "http://www.wohngeld.example.org/antrag",
		"https://wohngeld.example.net/intern?a=b", "https://broken.example.org/Größe/", "tcp://db.example.org:5432", "tls://db.example.org:636",
		"https://127.0.0.1:8443/", "https://www.wohngeld.example.org/", "ftp://x.example.org", "tcp://nowhere", "https://${env:X}/"}
	for _, l := range []text.Lang{text.German, text.English} {
		src, said := FromURLs(t.Context(), l, urls, probe)
		c, ps := Parse("lage.yaml", src, Options{})
		if len(ps) != 0 {
			t.Fatalf("%s\n%s", ps.In(text.English), src)
		}
		if c.Lang != l {
			t.Error(c.Lang)
		}
		var ids, got []string
		for _, s := range c.Services {
			ids = append(ids, s.ID+"="+s.Title("de"))
		}
		same(t, "services", ids, []string{"wohngeld=www.wohngeld.example.org", "wohngeld-example=wohngeld.example.net", "broken=broken.example.org", "db=db.example.org", "127-0-0-1=127.0.0.1"})
		for _, k := range c.Checks {
			switch {
			case k.HTTP != nil:
				got = append(got, fmt.Sprintf("%s %s %v %q %v %d", k.ID, k.HTTP.URL, k.HTTP.Status, k.HTTP.Contains, k.HTTP.MaxTime, k.HTTP.CertDays))
			case k.TCP != nil:
				got = append(got, fmt.Sprintf("%s %s %v", k.ID, k.TCP.Address, k.TCP.MaxTime))
			case k.TLS != nil:
				got = append(got, fmt.Sprintf("%s %s %d", k.ID, k.TLS.Address, k.TLS.CertDays))
			}
		}
		same(t, "checks", strings.Join(got, "\n"), strings.Join([]string{
			`wohngeld/antrag https://www.wohngeld.example.org/antrag [200] "Wohngeld: Antrag #1" 1s 21`,
			`wohngeld/start https://www.wohngeld.example.org/ [204] "" 2.5s 21`,
			`wohngeld/antrag-2 http://www.wohngeld.example.org/antrag [301] "" 1s 0`,
			`wohngeld-example/intern https://wohngeld.example.net/intern?a=b [401] "" 8s 21`,
			`broken/groesse https://broken.example.org/Gr%C3%B6%C3%9Fe/ [200] "" 8s 21`,
			`db/tcp-5432 db.example.org:5432 1s`,
			`db/tls-636 db.example.org:636 21`,
			`127-0-0-1/start https://127.0.0.1:8443/ [200] "" 0s 21`,
		}, "\n"))
		for _, remark := range []text.Message{
			text.M("config.made_login", 401), text.M("config.made_broken", 503), text.M("config.made_redirect", 301),
			text.M("config.made_elsewhere", "login.example.org"), text.M("config.made_failed", text.M("config.probe_refused")),
		} {
			if !strings.Contains(string(src), "# "+remark.In(l)+"\n") {
				t.Errorf("no remark %q in\n%s", remark.In(l), src)
			}
		}
		if len(said) != 11 { // three that cannot be watched, eight that are
			t.Errorf("%d messages: %v", len(said), said)
		}
	}
}

func TestFromURLsWithoutAnythingToWatch(t *testing.T) {
	src, said := FromURLs(t.Context(), text.German, []string{"ftp://x", ""}, fake(nil))
	if src != nil || len(said) != 2 {
		t.Errorf("%s %v", src, said)
	}
}

func TestTitlesThatChangeAreNotExpected(t *testing.T) {
	var n atomic.Int32
	src, _ := FromURLs(t.Context(), text.German, []string{"https://a.example.org/"}, func(context.Context, string) ProbeResult {
		return ProbeResult{Status: 200, Title: fmt.Sprint("Aufruf ", n.Add(1))}
	})
	if strings.Contains(string(src), "body:") || !strings.Contains(string(src), "status: 200") {
		t.Errorf("%s", src)
	}
}

func TestProbeURL(t *testing.T) {
	mux := http.NewServeMux()
	page := func(title string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, "<html><TITLE lang=de>\n%s </title>", title)
		}
	}
	mux.HandleFunc("/plain", page("Wohngeld online"))
	mux.HandleFunc("/entity", page("Anträge &amp; mehr"))
	mux.HandleFunc("/lines", page("Anträge\n  und mehr"))
	mux.HandleFunc("/latin", page("M\xfcnchen"))
	mux.HandleFunc("/broken", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) })
	mux.HandleFunc("/endless", func(w http.ResponseWriter, _ *http.Request) {
		for {
			if _, err := w.Write(make([]byte, 64<<10)); err != nil {
				return
			}
		}
	})
	mux.Handle("/moved", http.RedirectHandler("/plain", http.StatusFound))
	mux.Handle("/circle", http.RedirectHandler("/circle", http.StatusFound))
	plain := httptest.NewServer(mux)
	defer plain.Close()
	for path, want := range map[string]ProbeResult{
		"/plain":   {Status: 200, Title: "Wohngeld online", FinalURL: plain.URL + "/plain"},
		"/entity":  {Status: 200, FinalURL: plain.URL + "/entity"},
		"/lines":   {Status: 200, FinalURL: plain.URL + "/lines"},
		"/latin":   {Status: 200, FinalURL: plain.URL + "/latin"},
		"/broken":  {Status: 503, FinalURL: plain.URL + "/broken"},
		"/endless": {Status: 200, FinalURL: plain.URL + "/endless"},
		"/moved":   {Status: 200, Title: "Wohngeld online", FinalURL: plain.URL + "/plain"},
		"/circle":  {Status: 302, FinalURL: plain.URL + "/circle"},
	} {
		got := ProbeURL(t.Context(), plain.URL+path)
		if got.Latency <= 0 {
			t.Errorf("%s took no time", path)
		}
		got.Latency = 0
		if got != want {
			t.Errorf("%s: got %+v, want %+v", path, got, want)
		}
	}
	address := strings.TrimPrefix(plain.URL, "http://")
	if r := ProbeURL(t.Context(), "tcp://"+address); r.Err != nil || r.Status != 0 || r.TLS {
		t.Errorf("%+v", r)
	}
	if r := ProbeURL(t.Context(), "tls://"+address); r.Err == nil || !r.TLS {
		t.Errorf("%+v", r)
	}
	secure := httptest.NewTLSServer(mux)
	defer secure.Close()
	if r := ProbeURL(t.Context(), secure.URL); failure(r.Err).Code != "config.probe_certificate" {
		t.Errorf("%+v", r)
	}
}

func TestFailuresAreNamed(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if r := ProbeURL(t.Context(), "http://"+address+"/"); failure(r.Err).Code != "config.probe_refused" {
		t.Error(r.Err)
	}
	ended, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	if r := ProbeURL(ended, "http://"+address+"/"); failure(r.Err).Code != "config.probe_timeout" {
		t.Error(r.Err)
	}
	for err, want := range map[error]string{
		&net.DNSError{IsNotFound: true}:                        "config.probe_dns",
		&net.DNSError{IsTimeout: true}:                         "config.probe_timeout",
		&tls.CertificateVerificationError{Err: errors.New("")}: "config.probe_certificate",
		errors.New("something else"):                           "config.probe_error",
	} {
		if got := failure(err).Code; got != want {
			t.Errorf("%v: got %s, want %s", err, got, want)
		}
	}
	if r := ProbeURL(t.Context(), "http://[::1"); r.Err == nil {
		t.Error("no error")
	}
}
