package alarms

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"lage/incidents"
	"lage/internal/text"
)

const token = "0123456789abcdef-secret"

var t0 = time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)

// world is what a Server works with, written down.
type world struct {
	*Server
	mu    sync.Mutex
	now   time.Time
	token string
	heard []incidents.Request
	said  []text.Message
	fail  error
	sick  text.Message
	dog   *Watchdog
}

func (w *world) Act(_ context.Context, r incidents.Request) (incidents.Recorded, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fail != nil {
		return incidents.Recorded{}, w.fail
	}
	w.heard = append(w.heard, r)
	if r.Do.(incidents.Receive).State == incidents.Degraded {
		return incidents.Recorded{}, nil
	}
	return incidents.Recorded{Incident: &incidents.Incident{ID: "INC-2026-001"}}, nil
}

func (w *world) say(m text.Message) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.said = append(w.said, m)
}

func (w *world) log() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var b strings.Builder
	for _, m := range w.said {
		b.WriteString(m.In(text.English) + "\n")
	}
	return b.String()
}

func newWorld() *world {
	w := &world{now: t0, token: token}
	clock := func() time.Time { w.mu.Lock(); defer w.mu.Unlock(); return w.now }
	w.dog = &Watchdog{Desk: w, Expect: func() (string, time.Duration) { return "monitoring", 10 * time.Minute }, Say: w.say, Now: clock}
	w.Server = New(Options{
		Token: func() string { return w.token }, Desk: w, Services: func() []string { return []string{"wohngeld", "kfz", "monitoring"} },
		Runbook: func(ref string) (string, string) {
			if ref == "https://wiki.example.org/wohngeld-503" {
				return "wohngeld-503", ""
			}
			return "", ref
		},
		Health:   func(context.Context) text.Message { return w.sick },
		Metrics:  func(context.Context) (Measurements, error) { return measurements(), w.fail },
		Watchdog: w.dog, Say: w.say, Lang: text.English, Now: clock,
	})
	return w
}

// ask sends a request. Headers are names and values in turn.
func (w *world) ask(method, path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	w.ServeHTTP(rec, r)
	return rec
}

func (w *world) post(body string) *httptest.ResponseRecorder {
	return w.ask("POST", "/hooks/alertmanager", body, "Authorization", "Bearer "+token, "Content-Type", "application/json")
}

func note(alerts string) string {
	return `{"version":"4","groupKey":"{}:{alertname=\"A\"}","status":"firing","receiver":"lage","alerts":[` + alerts + `]}`
}

const down = `{"status":"firing","fingerprint":"f1","startsAt":"2026-11-23T02:55:00Z","endsAt":"0001-01-01T00:00:00Z",
 "labels":{"alertname":"FormDown","service":"wohngeld","instance":"web1:443"},
 "annotations":{"summary":"Form is down","description":"no answer","runbook_url":"https://wiki.example.org/wohngeld-503"}}`

func TestAlertBecomesAReport(t *testing.T) {
	w := newWorld()
	if rec := w.post(note(down)); rec.Code != 200 || !strings.Contains(rec.Body.String(), `"unmapped":[]`) {
		t.Fatal(rec.Code, rec.Body)
	}
	want := incidents.Receive{Key: "alertmanager:f1", Service: "wohngeld", State: incidents.Down, Name: "FormDown (web1:443)",
		Message: text.Raw("Form is down – no answer"), Runbook: "wohngeld-503", Origin: `alertmanager {}:{alertname="A"}`, Since: t0.Add(-5 * time.Minute),
		Labels: map[string]string{"alertname": "FormDown", "service": "wohngeld", "instance": "web1:443"}}
	if got := w.heard[0].Do.(incidents.Receive); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("\n got %+v\nwant %+v", got, want)
	}
	up := strings.Replace(strings.Replace(down, `"firing"`, `"resolved"`, 1), "0001-01-01T00:00:00Z", "2026-11-23T02:59:00Z", 1)
	w.post(note(up))
	if got := w.heard[1].Do.(incidents.Receive); got.State != incidents.Up || got.Key != "alertmanager:f1" || !got.Since.Equal(t0.Add(-time.Minute)) {
		t.Errorf("%+v", got)
	}
	w.post(note(strings.Replace(down, `"service":"wohngeld"`, `"service":"kfz","lage_service":"wohngeld","lage_state":"degraded"`, 1)))
	if got := w.heard[2].Do.(incidents.Receive); got.State != incidents.Degraded || got.Service != "wohngeld" {
		t.Errorf("%+v", got)
	}
}

func TestWhatIsNotMappedIsNeverLostSilently(t *testing.T) {
	w := newWorld()
	body := note(down + `,{"status":"firing","fingerprint":"f2","labels":{"alertname":"Other","service":"no\u001b[31mpe"}},{"status":"firing","fingerprint":"f3","labels":{"alertname":"Bare"}},` +
		strings.Replace(down, `"instance"`, `"lage_state":"degraded","instance"`, 1))
	body = strings.Replace(body, `"status":"firing",`, `"truncatedAlerts":7,"status":"firing",`, 1)
	rec := w.post(body)
	var got struct {
		Received int
		Unmapped []struct{ Fingerprint, Alertname, Service, Reason string }
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil || rec.Code != http.StatusAccepted {
		t.Fatal(rec.Code, err, rec.Body)
	}
	if got.Received != 4 || len(got.Unmapped) != 3 || got.Unmapped[0].Fingerprint != "f2" || got.Unmapped[1].Alertname != "Bare" || len(w.heard) != 2 {
		t.Errorf("%+v, %d heard", got, len(w.heard))
	}
	for _, want := range []string{"Other", "f2", "Bare", "f3", "left out 7", "degraded only"} {
		if !strings.Contains(w.log(), want) {
			t.Errorf("the log lacks %q:\n%s", want, w.log())
		}
	}
	if strings.Contains(w.log()+rec.Body.String(), "\x1b") {
		t.Error("escape sequences came through")
	}
}

func TestAFailingStoreAsksForAnotherTry(t *testing.T) {
	w := newWorld()
	w.fail = errors.New("disk full")
	if rec := w.post(note(down)); rec.Code != http.StatusServiceUnavailable || !strings.Contains(w.log(), "disk full") {
		t.Error(rec.Code, rec.Body, w.log())
	}
	w.fail = &incidents.Refusal{Message: text.M("alarms.needs_key")}
	if rec := w.post(note(down)); rec.Code != http.StatusAccepted {
		t.Error("a refusal does not get better by trying again:", rec.Code, rec.Body)
	}
	w.fail = &incidents.Refusal{Message: text.M("incidents.busy"), Stale: true}
	if rec := w.post(note(down)); rec.Code != http.StatusServiceUnavailable {
		t.Error(rec.Code, rec.Body)
	}
}

func TestRequestsThatAreRefused(t *testing.T) {
	auth := []string{"Authorization", "Bearer " + token, "Content-Type", "application/json"}
	with := func(name, value string) []string {
		h := slices.Clone(auth)
		return append(h, name, value)
	}
	for _, c := range []struct {
		name, method, path, body string
		headers                  []string
		status                   int
		code                     string
	}{
		{"no token", "POST", "/hooks/alertmanager", note(down), nil, 401, "unauthorized"},
		{"wrong token", "POST", "/hooks/alertmanager", note(down), with("Authorization", "Bearer "+token+"x"), 401, "unauthorized"},
		{"half a token", "POST", "/hooks/alertmanager", note(down), with("Authorization", "Bearer "+token[:5]), 401, "unauthorized"},
		{"other scheme", "POST", "/hooks/alertmanager", note(down), with("Authorization", "Basic "+token), 401, "unauthorized"},
		{"token in the address", "POST", "/hooks/alertmanager?token=" + token, note(down), []string{"Content-Type", "application/json"}, 401, "unauthorized"},
		{"metrics without token", "GET", "/metrics", "", nil, 401, "unauthorized"},
		{"wrong method", "GET", "/hooks/alertmanager", "", auth, 405, "method_not_allowed"},
		{"wrong method for health", "DELETE", "/healthz", "", nil, 405, "method_not_allowed"},
		{"wrong path", "GET", "/hooks/../etc/passwd", "", auth, 404, "not_found"},
		{"form", "POST", "/hooks/alertmanager", "a=b", with("Content-Type", "application/x-www-form-urlencoded"), 415, "unsupported_media_type"},
		{"gzip", "POST", "/hooks/alertmanager", "\x1f\x8b", with("Content-Encoding", "gzip"), 415, "unsupported_media_type"},
		{"too large", "POST", "/hooks/alertmanager", `{"version":"` + strings.Repeat("4", maxBody) + `"}`, auth, 413, "too_large"},
		{"no JSON", "POST", "/hooks/alertmanager", `{"version":`, auth, 422, "invalid"},
		{"two documents", "POST", "/hooks/alertmanager", note(down) + note(down), auth, 422, "invalid"},
		{"nothing", "POST", "/hooks/alertmanager", "", auth, 422, "invalid"},
		{"null", "POST", "/hooks/alertmanager", "null", auth, 422, "invalid"},
		{"deep", "POST", "/hooks/alertmanager", strings.Repeat("[", 200_000), auth, 422, "invalid"},
		{"other types", "POST", "/hooks/alertmanager", `{"version":4,"groupKey":[],"alerts":"x"}`, auth, 422, "invalid"},
		{"version 3", "POST", "/hooks/alertmanager", strings.Replace(note(down), `"4"`, `"3"`, 1), auth, 422, "invalid"},
		{"no group", "POST", "/hooks/alertmanager", strings.Replace(note(down), "groupKey", "group", 1), auth, 422, "invalid"},
		{"no alerts", "POST", "/hooks/alertmanager", note(""), auth, 422, "invalid"},
		{"odd status", "POST", "/hooks/alertmanager", note(strings.Replace(down, `"firing"`, `"odd"`, 1)), auth, 422, "invalid"},
		{"no fingerprint", "POST", "/hooks/alertmanager", note(down + "," + strings.Replace(down, "f1", "", 1)), auth, 422, "invalid"},
		{"no date", "POST", "/hooks/alertmanager", note(strings.Replace(down, "2026-11-23T02:55:00Z", "yesterday", 1)), auth, 422, "invalid"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			rec := w.ask(c.method, c.path, c.body, c.headers...)
			var doc struct{ Schema, Error, Message string }
			if err := json.Unmarshal(rec.Body.Bytes(), &doc); err != nil || rec.Code != c.status || doc.Error != c.code || doc.Schema != "lage/error/v1" || doc.Message == "" {
				t.Errorf("%d %s (%v), want %d %s", rec.Code, rec.Body, err, c.status, c.code)
			}
			if len(w.heard) != 0 {
				t.Errorf("and yet it was taken: %+v", w.heard)
			}
			if strings.Contains(rec.Body.String()+w.log(), token) {
				t.Error("the token is told")
			}
		})
	}
}

func TestWithoutATokenNoAlarmsAreTaken(t *testing.T) {
	w := newWorld()
	w.token = ""
	for _, auth := range []string{"", "Bearer ", "Bearer " + token} {
		if rec := w.ask("POST", "/hooks/alertmanager", note(down), "Authorization", auth, "Content-Type", "application/json"); rec.Code != 403 || len(w.heard) != 0 {
			t.Errorf("%q: %d %s", auth, rec.Code, rec.Body)
		}
	}
	if rec := w.ask("GET", "/metrics", ""); rec.Code != 200 {
		t.Error(rec.Code)
	}
}

// TestRateLimit: strangers use up their own limit, not that of those who have a token.
func TestRateLimit(t *testing.T) {
	w := newWorld()
	for range burst {
		if rec := w.ask("POST", "/hooks/alertmanager", "{}"); rec.Code != 401 {
			t.Fatal(rec.Code)
		}
	}
	if rec := w.ask("POST", "/hooks/alertmanager", "{}"); rec.Code != 429 || rec.Header().Get("Retry-After") == "" {
		t.Error(rec.Code, rec.Header())
	}
	if n := strings.Count(w.log(), "refused"); n != 1 {
		t.Errorf("%d lines in the log about strangers", n)
	}
	for range burst {
		if rec := w.post(note(down)); rec.Code != 200 {
			t.Fatal(rec.Code)
		}
	}
	if rec := w.post(note(down)); rec.Code != 429 {
		t.Error(rec.Code)
	}
	w.now = w.now.Add(time.Second)
	if rec := w.post(note(down)); rec.Code != 200 {
		t.Error("a second later:", rec.Code)
	}
	w.now = w.now.Add(-time.Hour) // a clock that is set back locks nobody out
	if rec := w.post(note(down)); rec.Code != 200 {
		t.Error("an hour earlier:", rec.Code)
	}
}

func TestHealth(t *testing.T) {
	w := newWorld()
	if rec := w.ask("GET", "/healthz", ""); rec.Code != 200 || !strings.Contains(rec.Body.String(), `"status":"ok"`) {
		t.Error(rec.Code, rec.Body)
	}
	w.sick = text.M("alarms.nobody_polls")
	if rec := w.ask("GET", "/healthz", ""); rec.Code != 503 || !strings.Contains(rec.Body.String(), "nobody polls") {
		t.Error(rec.Code, rec.Body)
	}
}

// TestServeOnARealSocket: the server ends with its context, also while somebody holds a connection open.
func TestServeOnARealSocket(t *testing.T) {
	w := newWorld()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.Serve(ctx, l) }()
	for range maxConns - 1 { // who holds connections open leaves one
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if _, err := io.WriteString(c, "POST /hooks/alertmanager HTTP/1.1\r\nHost: x\r\n"); err != nil {
			t.Fatal(err)
		}
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for range 3 { // and a place that was given back is used again
		resp, err := client.Get("http://" + l.Addr().String() + "/healthz")
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != 200 {
			t.Error(resp.Status)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func FuzzNotification(f *testing.F) {
	f.Add(note(down))
	f.Add(`{"version":"4","groupKey":"x","alerts":[{"status":"resolved","fingerprint":"\u202e","labels":{"alertname":"Watchdog"}}]}`)
	f.Fuzz(func(t *testing.T, body string) {
		w := newWorld()
		rec := w.post(body)
		if !slices.Contains([]int{200, 202, 413, 422}, rec.Code) || !json.Valid(rec.Body.Bytes()) {
			t.Errorf("%d %s", rec.Code, rec.Body)
		}
	})
}
