package bench

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	checkCount = 1000
	interval   = 10 * time.Second
)

// target is what is watched. It remembers when it was asked for what.
type target struct {
	url string
	mu  sync.Mutex
	hit map[string][]time.Time
}

// serve starts a target that takes its time to answer.
func serve(t *testing.T, takes time.Duration) *target {
	t.Helper()
	g := &target{hit: map[string][]time.Time{}}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.mu.Lock()
		g.hit[r.URL.Path] = append(g.hit[r.URL.Path], time.Now())
		g.mu.Unlock()
		time.Sleep(takes)
		_, _ = io.WriteString(w, "<!doctype html><title>Welcome</title><p>hello")
	}))
	t.Cleanup(srv.Close)
	g.url = srv.URL
	return g
}

// punctual tells how many distances between two questions were within a tenth of a second (two slots) of the interval,
// how many there were, and when the last of all checks was asked first.
func (g *target) punctual(since time.Time) (good, all, asked int, first time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, times := range g.hit {
		first = max(first, times[0].Sub(since))
		for i := 1; i < len(times); i++ {
			all++
			if d := times[i].Sub(times[i-1]) - interval; d.Abs() <= 200*time.Millisecond {
				good++
			}
		}
	}
	return good, all, len(g.hit), first
}

func (g *target) count() (n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, times := range g.hit {
		n += len(times)
	}
	return n
}

// configure writes a configuration of so many checks, ten to a service, and gives the flags to use it.
func configure(t *testing.T, dir, url string) []string {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "version: 1\ntimezone: Europe/Berlin\nlanguage: en\ndefaults: {interval: %s, timeout: 5s}\nservices:\n", interval)
	for i := range checkCount {
		if i%10 == 0 {
			fmt.Fprintf(&b, "  - id: s%03d\n    name: Service %d\n    checks:\n", i/10, i/10)
		}
		fmt.Fprintf(&b, "      - {id: c%d, type: http, url: \"%s/%04d\"}\n", i%10, url, i)
	}
	file := filepath.Join(dir, "lage.yaml")
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return []string{"-c", file, "--db", filepath.Join(dir, "lage.db"), "--lang", "en"}
}

// floor asks as often as lage does, ten questions in each tenth of a second, with nothing around it: no thresholds, no
// deadline, no database. Whoever started it ends it.
func floor(url string) {
	ask := func(n int) {
		tr := &http.Transport{DisableKeepAlives: true, DialContext: (&net.Dialer{KeepAlive: -1}).DialContext,
			WriteBufferSize: 4 << 10, ReadBufferSize: 4 << 10}
		req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, fmt.Sprintf("%s/%04d", url, n), nil)
		if err != nil {
			panic(err)
		}
		resp, err := tr.RoundTrip(req)
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
	}
	slot := time.NewTicker(interval / 100)
	for n := 0; ; n += checkCount / 100 {
		<-slot.C
		for i := range checkCount / 100 {
			go ask((n + i) % checkCount)
		}
	}
}
