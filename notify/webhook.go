package notify

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"lage/incidents"
	"lage/internal/clean"
	"lage/services"
)

// answerHeard is how many bytes of a webhook's answer are read: enough for its reason.
const answerHeard = 4 << 10

// hookAlarm is what lage's own webhook says. Its names are a contract.
type hookAlarm struct {
	Schema    string    `json:"schema"`   // "lage/alarm/v1"
	Key       string    `json:"key"`      // the same for every try
	Incident  string    `json:"incident"` // empty where there are several
	Incidents []string  `json:"incidents"`
	Service   string    `json:"service,omitempty"`
	Class     string    `json:"class,omitempty"`
	State     string    `json:"state,omitempty"`
	Contact   string    `json:"contact"`
	Subject   string    `json:"subject"`
	Text      string    `json:"text"`
	Created   time.Time `json:"created_at"`
}

// alertmanagerAlarm is the same in the shape of Alertmanager's webhook, version 4.
type alertmanagerAlarm struct {
	Version           string              `json:"version"`
	GroupKey          string              `json:"groupKey"`
	TruncatedAlerts   int                 `json:"truncatedAlerts"`
	Status            string              `json:"status"`
	Receiver          string              `json:"receiver"`
	GroupLabels       map[string]string   `json:"groupLabels"`
	CommonLabels      map[string]string   `json:"commonLabels"`
	CommonAnnotations map[string]string   `json:"commonAnnotations"`
	ExternalURL       string              `json:"externalURL"`
	Alerts            []alertmanagerAlert `json:"alerts"`
}

type alertmanagerAlert struct {
	Status       string            `json:"status"`
	Labels       map[string]string `json:"labels"`
	Annotations  map[string]string `json:"annotations"`
	StartsAt     time.Time         `json:"startsAt"`
	EndsAt       time.Time         `json:"endsAt"` // zero while it lasts
	GeneratorURL string            `json:"generatorURL"`
	Fingerprint  string            `json:"fingerprint"`
}

// webhook sends an alert over HTTP, with the IDs of all incidents that it is about. Nothing of the address or the secret is ever in the error.
func (n *Notifier) webhook(ctx context.Context, a incidents.Alert, about []string) error {
	hook := a.Channel.Webhook
	at, err := url.Parse(hook.URL)
	if err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https" {
		return &failure{code: "notify.hook_address", final: true}
	}
	body, err := json.Marshal(n.hookBody(a, about))
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, hook.URL, bytes.NewReader(body))
	if err != nil {
		return &failure{code: "notify.hook_address", final: true}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "lage")
	req.Header.Set("Idempotency-Key", idempotency(a.Key))
	if hook.Secret != "" {
		stamp := strconv.FormatInt(n.Now().Unix(), 10)
		req.Header.Set("X-Lage-Timestamp", stamp)
		req.Header.Set("X-Lage-Signature", "sha256="+Signature(hook.Secret, stamp, body))
	}
	// No redirect is followed: the body and its signature are for the host that was configured.
	client := &http.Client{Transport: n.HTTP, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if n.HTTP == nil {
		tr := &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true, MaxResponseHeaderBytes: 64 << 10}
		client.Transport = tr
	}
	res, err := client.Do(req)
	if err != nil {
		return hookLost(err, hook)
	}
	defer res.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(res.Body, answerHeard)) // what cannot be read changes nothing
	return answered(res, said, hook, n.Now())
}

// Signature gives the hexadecimal HMAC-SHA256 of what a webhook gets, with its time: "1700000000.{...}".
func Signature(secret, stamp string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(stamp + "."))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// idempotency makes a key fit for a header, and tells nothing of what it was made of.
func idempotency(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:16])
}

// hookBody puts an alert into its webhook's shape.
func (n *Notifier) hookBody(a incidents.Alert, about []string) any {
	subject, body := n.words(a)
	if a.Channel.Webhook.Format == services.HookAlertmanager {
		return n.alertmanager(a, about, subject, body)
	}
	inc := n.incident(a.Incident)
	return hookAlarm{Schema: "lage/alarm/v1", Key: idempotency(a.Key), Incident: a.Incident, Incidents: append([]string{}, about...), Service: inc.Service,
		Class: inc.Class, State: string(inc.State), Contact: a.Contact, Subject: subject, Text: body, Created: a.Created.UTC()}
}

// incident gives what is known of an incident.
func (n *Notifier) incident(id string) incidents.Incident {
	if n.About == nil || id == "" {
		return incidents.Incident{ID: id}
	}
	return n.About(id)
}

// alertsShown is how many alerts go out in Alertmanager's shape; the others are counted.
const alertsShown = 100

func (n *Notifier) alertmanager(a incidents.Alert, about []string, subject, body string) alertmanagerAlarm {
	out := alertmanagerAlarm{Version: "4", GroupKey: a.Incident, Status: "firing", Receiver: a.Contact, GroupLabels: map[string]string{},
		CommonLabels: map[string]string{"alertname": hookAlertName}, CommonAnnotations: map[string]string{"summary": subject, "description": body}}
	if a.Incident == "" {
		out.GroupKey = idempotency(a.Key)
	}
	for i, id := range about {
		if i == alertsShown {
			out.TruncatedAlerts = len(about) - i
			break
		}
		inc := n.incident(id)
		one := alertmanagerAlert{Status: "firing", Labels: map[string]string{"alertname": hookAlertName, "incident": id}, Annotations: out.CommonAnnotations,
			StartsAt: a.Created.UTC(), Fingerprint: idempotency(id)}
		for name, value := range map[string]string{"service": inc.Service, "severity": inc.Class} {
			if value != "" {
				one.Labels[name] = value
			}
		}
		if !inc.Started.IsZero() {
			one.StartsAt = inc.Started.UTC()
		}
		if !inc.Resolved.IsZero() {
			one.Status, one.EndsAt = "resolved", inc.Resolved.UTC()
		}
		out.Alerts = append(out.Alerts, one)
	}
	if len(out.Alerts) == 1 {
		out.Status, out.CommonLabels, out.GroupLabels = out.Alerts[0].Status, out.Alerts[0].Labels, map[string]string{"incident": about[0]}
	}
	return out
}

const hookAlertName = "LageIncident"

// hookLost says why there was no answer. The error of the standard library begins with the address: its innermost words do.
func hookLost(err error, hook services.Webhook) error {
	var in *url.Error
	if errors.As(err, &in) {
		err = in.Err
	}
	f := broken("notify.hook_lost", err)
	var said *failure
	if errors.As(f, &said) {
		said.detail = hide(said.detail, hook)
	}
	return f
}

// answered judges a webhook's answer: 2xx is taken; 408, 429 and 5xx pass; everything else will hardly change.
func answered(res *http.Response, said []byte, hook services.Webhook, now time.Time) error {
	switch code := res.StatusCode; {
	case code >= 200 && code < 300:
		return nil
	case code >= 300 && code < 400:
		return &failure{code: "notify.hook_redirect", args: []any{code}, final: true}
	default:
		detail := firstLine(said)
		if detail == "" || len(said) == answerHeard { // so long is no reason, and a secret may be cut in two there
			detail = http.StatusText(code)
		}
		passes := code == http.StatusRequestTimeout || code == http.StatusTooManyRequests || code >= 500
		return &failure{code: "notify.hook_answer", args: []any{code}, detail: hide(detail, hook), final: !passes, after: retryAfter(res, now)}
	}
}

// retryAfter reads the header of that name: seconds, or a date.
func retryAfter(res *http.Response, now time.Time) time.Duration {
	said := strings.TrimSpace(res.Header.Get("Retry-After"))
	if n, err := strconv.ParseUint(said, 10, 31); err == nil {
		return time.Duration(n) * time.Second
	}
	if at, err := http.ParseTime(said); err == nil {
		return max(at.Sub(now), 0)
	}
	return 0
}

// hide takes what is secret of a webhook out of foreign words: its secret, the whole address, and each part of it behind
// the host.
func hide(s string, hook services.Webhook) string {
	secrets := []string{hook.Secret, hook.URL}
	if at, err := url.Parse(hook.URL); err == nil {
		secrets = append(secrets, at.RequestURI(), at.RawQuery)
		secrets = append(secrets, strings.Split(at.Path, "/")...)
		if at.User != nil {
			pass, _ := at.User.Password()
			secrets = append(secrets, pass, at.User.String())
		}
		for _, values := range at.Query() {
			secrets = append(secrets, values...)
		}
	}
	return clean.NewRedactor(secrets...).Redact(s)
}
