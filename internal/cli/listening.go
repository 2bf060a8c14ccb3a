package cli

import (
	"context"
	"net"
	"os"
	"sync"
	"time"

	"lage/internal/alarms"
	"lage/internal/clean"
	"lage/internal/config"
	"lage/internal/text"
)

// listenToken is where the token may stand instead of the configuration.
const listenToken = "LAGE_LISTEN_TOKEN"

// token is what callers of our HTTP addresses show; empty means that no alarms are taken. A reload may change it.
func (s *session) token() string {
	if c := s.inForce(); c != nil && c.Listen.Token != "" {
		return c.Listen.Token
	}
	return s.app.env.Getenv(listenToken)
}

// listener listens where --listen or the configuration says; nil where neither does. Without a token it listens on loopback
// only, and takes no alarms.
func (s *session) listener(ctx context.Context) (net.Listener, error) {
	a := s.app
	address := a.flag("listen")
	if address == "" {
		address = s.inForce().Listen.Address
	}
	if address == "" {
		return nil, nil
	}
	if why := config.NotListenAddress(address); !why.IsZero() {
		return nil, a.usage(text.M("alarms.bad_address", clean.Line(address), why))
	}
	switch token := s.token(); {
	case token == "" && !config.Loopback(address):
		return nil, &fault{code: exitConfig, msg: text.M("alarms.needs_token", address), hint: text.M("alarms.needs_token_hint", listenToken)}
	case token != "":
		if why := config.NotToken(token); !why.IsZero() {
			return nil, &fault{code: exitConfig, msg: why, hint: text.M("alarms.needs_token_hint", listenToken)}
		}
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, failed("alarms.cannot_listen", err, address)
	}
	a.warn(text.M("alarms.listening", l.Addr().String()))
	if s.token() == "" {
		a.warn(text.M("alarms.no_hooks"))
	}
	return l, nil
}

// signs answers on the listener, which may be nil, and sends the sign of life, until ctx ends or the function that it gives
// is called, which waits for the end.
func (s *session) signs(ctx context.Context, l net.Listener) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	beat := &alarms.Heartbeat{Where: s.heartbeat, Alive: s.alive, Anchor: func(ctx context.Context) string { return s.anchor(ctx, "") }, Say: s.say, Now: s.app.env.Now}
	wg.Go(func() {
		for pause(ctx, tickPace) {
			beat.Look(ctx)
		}
	})
	if l != nil {
		dog := &alarms.Watchdog{Desk: s.desk, Expect: s.watchdogFor, Say: s.say, Now: s.app.env.Now}
		srv := alarms.New(alarms.Options{
			Token: s.token, Desk: s.desk, Services: s.serviceIDs, Runbook: s.runbookNamed, Health: s.stalled, Metrics: s.measurements,
			Watchdog: dog, Say: s.say, Lang: s.app.lang, Now: s.app.env.Now,
		})
		wg.Go(func() {
			for pause(ctx, tickPace) {
				dog.Look(ctx)
			}
		})
		wg.Go(func() {
			if err := srv.Serve(ctx, l); err != nil && ctx.Err() == nil {
				s.say(text.M("alarms.listening_ended", reason(err)))
			}
		})
	}
	return func() {
		cancel()
		wg.Wait()
	}
}

// say writes into the log, secrets taken out.
func (s *session) say(m text.Message) {
	var secrets []string
	if c := s.inForce(); c != nil {
		secrets = c.Secrets
	}
	s.app.warn(text.Raw(clean.NewRedactor(secrets...).Redact(m.In(s.app.lang))))
}

func (s *session) heartbeat() (string, time.Duration) {
	h := s.inForce().Heartbeat
	return h.URL, h.Every
}

func (s *session) watchdogFor() (string, time.Duration) {
	w := s.inForce().Listen.Watchdog
	return w.Service, w.Within
}

func (s *session) serviceIDs() []string {
	var ids []string
	for _, svc := range s.inForce().Services {
		ids = append(ids, svc.ID)
	}
	return ids
}

// stalled says why polling, storing or alarming do not advance, on this database whoever polls; the zero message when they
// do.
func (s *session) stalled(ctx context.Context) text.Message {
	now := s.app.env.Now()
	p, err := s.store.Poller(ctx)
	if err != nil {
		return text.M("alarms.db_unreadable")
	}
	waiting, err := s.store.Overlooked(ctx, alarms.OverlookedBefore(now))
	if err != nil {
		return text.M("alarms.db_unreadable")
	}
	return alarms.Stalled(p, s.inForce().Checks, waiting, now)
}

// alive says whether this process polls and how far it has got: the lease is renewed by a write every two seconds.
func (s *session) alive(ctx context.Context) (time.Time, text.Message) {
	if why := s.stalled(ctx); !why.IsZero() {
		return time.Time{}, why
	}
	p, err := s.store.Poller(ctx)
	switch {
	case err != nil:
		return time.Time{}, text.M("alarms.db_unreadable")
	case p.PID != os.Getpid() || p.Host != s.app.env.Host:
		return time.Time{}, text.M("alarms.other_polls")
	}
	return p.Until, text.Message{}
}

func (s *session) measurements(ctx context.Context) (alarms.Measurements, error) {
	p, err := s.reader.Picture(ctx)
	if err != nil {
		return alarms.Measurements{}, err
	}
	size, err := s.store.Size(ctx)
	v := version()
	return alarms.Measurements{Picture: p, Size: size, Version: v.Version, Revision: v.Revision}, err
}
