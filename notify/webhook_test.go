package notify

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"lage/incidents"
	"lage/internal/clean"
	"lage/internal/text"
	"lage/services"
)

const (
	hookToken  = "CANARY-token-in-the-path"
	hookSecret = "CANARY-secret-of-the-signature"
)

// hooked makes a notifier and an alert for a webhook that answers as told.
func hooked(t *testing.T, format services.HookFormat, answer http.HandlerFunc) (*Notifier, incidents.Alert) {
	t.Helper()
	srv := httptest.NewServer(answer)
	t.Cleanup(srv.Close)
	a := alert(7, "")
	a.Channel = services.Channel{Webhook: services.Webhook{URL: srv.URL + "/hooks/" + hookToken + "?key=CANARY-in-the-query", Secret: hookSecret, Format: format}}
	tr := &http.Transport{DisableKeepAlives: true}
	t.Cleanup(tr.CloseIdleConnections)
	return &Notifier{Now: func() time.Time { return time.Unix(1_700_000_000, 0) }, HTTP: tr, Redact: clean.NewRedactor(), About: func(id string) incidents.Incident {
		return incidents.Incident{ID: id, Service: "wohngeld", Class: "betriebsverhindernd", State: incidents.Detected, Started: time.Unix(1_699_999_000, 0)}
	}}, a
}

func TestWebhookIsSignedAndComplete(t *testing.T) {
	var got hookAlarm
	n, a := hooked(t, "", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if want := "sha256=" + Signature(hookSecret, "1700000000", body); r.Header.Get("X-Lage-Signature") != want || r.Header.Get("X-Lage-Timestamp") != "1700000000" {
			t.Errorf("signature %q at %q, want %q", r.Header.Get("X-Lage-Signature"), r.Header.Get("X-Lage-Timestamp"), want)
		}
		if err := json.Unmarshal(body, &got); err != nil || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s %s: %v", r.Method, body, err)
		}
		if key := r.Header.Get("Idempotency-Key"); key == "" || key != got.Key {
			t.Errorf("idempotency key %q, in the body %q", key, got.Key)
		}
	})
	if err := n.webhook(t.Context(), a, []string{a.Incident}); err != nil {
		t.Fatal(err)
	}
	if got.Schema != "lage/alarm/v1" || got.Incident != a.Incident || got.Service != "wohngeld" || got.Class == "" || got.Contact != "ops" || !strings.Contains(got.Subject, "Ausfall") || !strings.Contains(got.Text, "gestört") {
		t.Errorf("got %+v", got)
	}
}

// The signature is what "openssl dgst -sha256 -hmac Jefe" gives of the time, a dot and the body.
func TestSignature(t *testing.T) {
	if got, want := Signature("Jefe", "1", []byte("what do ya want for nothing?")), "a9049465ce89cfb8e9aac62333abda66f80e3403f51f57f6bae3c3a4485eca38"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestWebhookInAlertmanagersShape(t *testing.T) {
	var got alertmanagerAlarm
	n, a := hooked(t, services.HookAlertmanager, func(_ http.ResponseWriter, r *http.Request) {
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
			t.Error(err)
		}
	})
	if err := n.webhook(t.Context(), a, []string{a.Incident}); err != nil {
		t.Fatal(err)
	}
	if got.Version != "4" || got.Status != "firing" || got.GroupKey != a.Incident || len(got.Alerts) != 1 {
		t.Fatalf("got %+v", got)
	}
	one := got.Alerts[0]
	if one.Labels["service"] != "wohngeld" || one.Fingerprint == "" || !one.EndsAt.IsZero() || one.StartsAt.Unix() != 1_699_999_000 || one.Annotations["summary"] == "" {
		t.Errorf("got %+v", one)
	}
}

// What a receiver may do to us, and that nothing secret stands in what is said about it.
func TestWebhookFailures(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("followed a redirect") }))
	defer elsewhere.Close()
	echo := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", "90")
			w.WriteHeader(code)
			_, _ = io.WriteString(w, "refused "+r.URL.String()+" "+hookSecret)
		}
	}
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		code   string
		final  bool
		after  time.Duration
	}{
		"429": {echo(429), "notify.hook_answer", false, 90 * time.Second},
		"500": {echo(500), "notify.hook_answer", false, 90 * time.Second},
		"404": {echo(404), "notify.hook_answer", true, 90 * time.Second},
		"redirect": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
		}, "notify.hook_redirect", true, 0},
		"drop": {drop, "notify.hook_lost", false, 0},
		"endless": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(400)
			_, _ = io.WriteString(w, strings.Repeat(hookToken, 10_000))
		}, "notify.hook_answer", true, 0},
		"half a token": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(400)
			_, _ = io.WriteString(w, strings.Repeat("x", answerHeard-10)+hookToken)
		}, "notify.hook_answer", true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			n, a := hooked(t, "", c.answer)
			err := n.webhook(t.Context(), a, []string{a.Incident})
			var f *failure
			if !errors.As(err, &f) || f.code != c.code || f.final != c.final || f.after != c.after {
				t.Fatalf("got %#v", err)
			}
			for _, l := range []text.Lang{text.German, text.English} {
				if s := n.reason(t.Context(), err).In(l); strings.Contains(s, "CANARY") || s == "" {
					t.Errorf("%q", s)
				}
			}
		})
	}
}

func drop(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		conn.Close()
	}
}

func TestWebhookThatHangs(t *testing.T) {
	began, release := make(chan struct{}), make(chan struct{})
	n, a := hooked(t, "", func(http.ResponseWriter, *http.Request) { close(began); <-release })
	t.Cleanup(func() { close(release) })
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-began; cancel() }()
	if err := n.webhook(ctx, a, []string{a.Incident}); err == nil || strings.Contains(n.reason(ctx, err).In(text.English), "CANARY") {
		t.Errorf("got %v", err)
	}
}

func TestWebhookThatIsNotThere(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n, a := hooked(t, "", nil)
	a.Channel.Webhook.URL = "http://" + l.Addr().String() + "/" + hookToken
	l.Close()
	err = n.webhook(t.Context(), a, []string{a.Incident})
	if s := n.reason(t.Context(), err).In(text.English); err == nil || strings.Contains(s, "CANARY") || !strings.Contains(s, "refused") {
		t.Errorf("%v: %q", err, s)
	}
	a.Channel.Webhook.URL = "${webhook}"
	if err := n.webhook(t.Context(), a, []string{a.Incident}); !final(err) {
		t.Errorf("without an address: %v", err)
	}
}

// The other side says when to come back, in seconds or as a date; more than is reasonable is not heard.
func TestRetryAfter(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	for said, want := range map[string]time.Duration{
		"7": 7 * time.Second, "": 0, "-3": 0, "soon": 0,
		now.Add(time.Minute).UTC().Format(http.TimeFormat):  time.Minute,
		now.Add(-time.Minute).UTC().Format(http.TimeFormat): 0,
		"999999999": longWait,
	} {
		res := &http.Response{StatusCode: 429, Header: http.Header{"Retry-After": {said}}}
		if got := asked(answered(res, nil, services.Webhook{}, now)); got != want {
			t.Errorf("%q: %v, want %v", said, got, want)
		}
	}
}

// A webhook that fails twice and then works is asked three times with the same key, not before it said.
func TestWebhookIsAskedAgain(t *testing.T) {
	var asked atomic.Int32
	keys := map[string]bool{}
	n, a := hooked(t, "", func(w http.ResponseWriter, r *http.Request) {
		keys[r.Header.Get("Idempotency-Key")] = true
		if asked.Add(1) < 3 {
			w.Header().Set("Retry-After", "120")
			w.WriteHeader(http.StatusTooManyRequests)
		}
	})
	for want := range 3 {
		d := n.try(t.Context(), &parcel{alerts: []incidents.Alert{a}})[0]
		if d.GiveUp || d.Sent != (want == 2) || !d.Sent && d.NextTry.Sub(d.At) != 2*time.Minute {
			t.Fatalf("try %d: %+v", want, d)
		}
		a.Tries++
	}
	if len(keys) != 1 {
		t.Errorf("keys: %v", keys)
	}
}

// A channel whose service is down is given up at once, without a try.
func TestPassedOver(t *testing.T) {
	n := &Notifier{Now: time.Now, Passed: func(incidents.Alert) string { return "E-Mail" }, send: func(context.Context, incidents.Alert) error {
		t.Error("tried all the same")
		return nil
	}}
	if d := n.try(t.Context(), &parcel{alerts: []incidents.Alert{alert(1, "a")}})[0]; !d.GiveUp || d.Sent || !strings.Contains(d.Reason.In(text.German), "E-Mail") {
		t.Errorf("got %+v", d)
	}
}
