// Package alarms is where alarms come in over HTTP and signs of life go out: the hook for Alertmanager, /healthz, /metrics
// and the outbound heartbeat. Nothing listens unless somebody asks for it.
package alarms

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"lage/incidents"
	"lage/internal/text"
)

// What a caller may ask of the server.
const (
	maxBody     = 1 << 20
	maxConns    = 64 // open connections: who keeps them open must not take the files that checks need
	burst       = 60 // requests at once, then
	perSecond   = 10
	headTime    = 5 * time.Second
	requestTime = 20 * time.Second
	idleTime    = time.Minute
	stopTime    = 3 * time.Second
)

// Desk is the part of incidents.Desk that alarms need.
type Desk interface {
	Act(ctx context.Context, r incidents.Request) (incidents.Recorded, error)
}

// Options are what a Server answers with. All must be set, but Watchdog.
type Options struct {
	Token    func() string                                   // that callers show; empty means that no alarms are taken
	Desk     Desk                                            //
	Services func() []string                                 // IDs that alarms may name
	Runbook  func(ref string) (name, link string)            // tells a runbook that is there from anything else
	Health   func(ctx context.Context) text.Message          // why polling or storing do not advance; zero when they do
	Metrics  func(ctx context.Context) (Measurements, error) //
	Watchdog *Watchdog                                       // nil means that a Watchdog is an alert as any other is unknown
	Say      func(text.Message)                              // for the log
	Lang     text.Lang                                       // of answers
	Now      func() time.Time
}

// Server answers requests. It is a http.Handler.
type Server struct {
	o                Options
	known, strangers *bucket
	mu               sync.Mutex
	refused          int       // requests with a wrong token since it was last said
	refusedSaid      time.Time // when
}

// New makes a Server.
func New(o Options) *Server {
	return &Server{o: o, known: newBucket(o.Now), strangers: newBucket(o.Now)}
}

// Serve answers on a listener until ctx ends; requests that are being answered then get a moment to finish.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	srv := &http.Server{
		Handler: s, ReadHeaderTimeout: headTime, ReadTimeout: requestTime, WriteTimeout: requestTime, IdleTimeout: idleTime,
		MaxHeaderBytes: 16 << 10, ErrorLog: nil, BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
	done := make(chan error, 1)
	go func() { done <- srv.Serve(limit(l, maxConns)) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	if srv.Shutdown(end) != nil {
		_ = srv.Close() // somebody did not finish in time
	}
	<-done
	return nil
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	if f := s.route(w, r); f != nil {
		s.refuse(w, f)
	}
}

// fault is an answer that says what is wrong.
type fault struct {
	status int
	code   string // for programs
	msg    text.Message
}

func bad(status int, code string, msg text.Message) *fault { return &fault{status, code, msg} }

func (s *Server) refuse(w http.ResponseWriter, f *fault) {
	switch f.status {
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", `Bearer realm="lage"`)
	case http.StatusTooManyRequests:
		w.Header().Set("Retry-After", "5")
	}
	s.json(w, f.status, struct {
		Schema  string `json:"schema"`
		Error   string `json:"error"`
		Message string `json:"message"`
	}{"lage/error/v1", f.code, f.msg.In(s.o.Lang)})
}

func (s *Server) json(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a caller that has gone away needs no answer
}

func (s *Server) route(w http.ResponseWriter, r *http.Request) *fault {
	var answer func(http.ResponseWriter, *http.Request) *fault
	methods, open := []string{http.MethodGet, http.MethodHead}, false
	switch r.URL.Path {
	case "/healthz":
		answer, open = s.health, true
	case "/metrics":
		answer, open = s.metrics, s.o.Token() == ""
	case "/hooks/alertmanager":
		answer, methods = s.alertmanager, []string{http.MethodPost}
	default:
		return s.stranger(bad(http.StatusNotFound, "not_found", text.M("alarms.http_not_found")))
	}
	if !open {
		if f := s.admit(r); f != nil {
			return f
		}
		if !s.known.take() {
			return bad(http.StatusTooManyRequests, "too_many_requests", text.M("alarms.http_too_many"))
		}
	} else if f := s.stranger(nil); f != nil {
		return f
	}
	for _, m := range methods {
		if r.Method == m {
			return answer(w, r)
		}
	}
	w.Header().Set("Allow", strings.Join(methods, ", "))
	return bad(http.StatusMethodNotAllowed, "method_not_allowed", text.M("alarms.http_method", strings.Join(methods, ", ")))
}

// stranger counts a request of somebody who has shown no token; they have a limit of their own, so that they cannot use
// up that of those who have.
func (s *Server) stranger(f *fault) *fault {
	if !s.strangers.take() {
		return bad(http.StatusTooManyRequests, "too_many_requests", text.M("alarms.http_too_many"))
	}
	return f
}

// admit refuses who does not show the token.
func (s *Server) admit(r *http.Request) *fault {
	want := s.o.Token()
	if want == "" {
		return s.stranger(bad(http.StatusForbidden, "no_token_configured", text.M("alarms.http_no_token")))
	}
	scheme, got, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	a, b := sha256.Sum256([]byte(want)), sha256.Sum256([]byte(got)) // of one length, whatever is shown
	if subtle.ConstantTimeCompare(a[:], b[:]) == 1 && strings.EqualFold(scheme, "Bearer") {
		return nil
	}
	s.sayRefused()
	return s.stranger(bad(http.StatusUnauthorized, "unauthorized", text.M("alarms.http_unauthorized")))
}

// sayRefused says that somebody has a wrong token, once a minute at most.
func (s *Server) sayRefused() {
	s.mu.Lock()
	s.refused++
	n, now := s.refused, s.o.Now()
	due := now.Sub(s.refusedSaid) >= time.Minute
	if due {
		s.refused, s.refusedSaid = 0, now
	}
	s.mu.Unlock()
	if due {
		s.o.Say(text.M("alarms.refused", n))
	}
}

// body reads a JSON document into v.
func body(w http.ResponseWriter, r *http.Request, v any) *fault {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return bad(http.StatusUnsupportedMediaType, "unsupported_media_type", text.M("alarms.http_not_json"))
	}
	if e := r.Header.Get("Content-Encoding"); e != "" && e != "identity" {
		return bad(http.StatusUnsupportedMediaType, "unsupported_media_type", text.M("alarms.http_encoded"))
	}
	if r.ContentLength > maxBody {
		return bad(http.StatusRequestEntityTooLarge, "too_large", text.M("alarms.http_too_large", maxBody))
	}
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var over *http.MaxBytesError
	switch {
	case errors.As(err, &over):
		return bad(http.StatusRequestEntityTooLarge, "too_large", text.M("alarms.http_too_large", maxBody))
	case err != nil:
		return bad(http.StatusBadRequest, "incomplete", text.M("alarms.http_incomplete"))
	}
	if json.Unmarshal(b, v) != nil { // its words quote what was sent: they are left out
		return bad(http.StatusUnprocessableEntity, "invalid", text.M("alarms.http_invalid"))
	}
	return nil
}

func (s *Server) health(w http.ResponseWriter, r *http.Request) *fault {
	doc := struct {
		Schema string `json:"schema"`
		Status string `json:"status"`
		Reason string `json:"reason,omitempty"`
	}{Schema: "lage/health/v1", Status: "ok"}
	status := http.StatusOK
	if why := s.o.Health(r.Context()); !why.IsZero() {
		status, doc.Status, doc.Reason = http.StatusServiceUnavailable, "failing", why.In(s.o.Lang)
	}
	s.json(w, status, doc)
	return nil
}
