package cli

import (
	"context"
	"errors"
	"net"
	"strconv"
	"strings"
	"time"

	"lage/internal/text"
)

func runCommands() []command {
	return []command{
		{name: "run", group: groupSetup, short: "cli.short_run", long: "cli.long_run", run: runRun,
			flags: []flag{{name: "listen", value: "ADDRESS", help: "alarms.flag_listen"}}},
	}
}

// runRun polls in the foreground until it is told to stop.
func runRun(ctx context.Context, a *app) error {
	err := a.pollForAll(ctx)
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil // asked to end, it ends well, also while it is still starting
	}
	return err
}

func (a *app) pollForAll(ctx context.Context) error {
	s, err := a.open(ctx, toWrite, true) // no new database for what cannot run
	if err != nil {
		return err
	}
	defer s.close()
	conf := s.inForce()
	if conf == nil || s.blind {
		return s.noConfig()
	}
	if !s.banner.IsZero() {
		a.warn(text.M("cli.warning", s.banner))
	}
	l, err := s.listener(ctx)
	if err != nil {
		return err
	}
	if err := s.ensureStore(ctx); err != nil {
		return err
	}
	swap := make(chan struct{}, 1)
	go s.reloads(ctx, swap)
	defer s.signs(ctx, l)()
	a.tellSystem("READY=1")
	life := newProgress(a.env.Now)
	go a.watchdog(ctx, life)
	err = s.pollAlone(ctx, kindRun, swap, life)
	a.tellSystem("STOPPING=1")
	return err
}

// pollAlone polls without a screen until ctx ends, and says so.
func (s *session) pollAlone(ctx context.Context, kind string, swap <-chan struct{}, life *progress) error {
	conf := s.inForce()
	if err := s.store.SaveConfig(ctx, conf.Path, conf.Source); err != nil {
		return err
	}
	s.app.warn(text.M("cli.poll_started", len(conf.Checks), len(conf.Services), s.store.Path()))
	p := &poller{s: s, kind: kind, say: s.app.warn, swap: swap, life: life}
	err := p.run(ctx)
	s.app.warn(text.M("cli.poll_ended"))
	return err
}

// reloads reads the configuration again when SIGHUP comes. A broken one is not taken.
func (s *session) reloads(ctx context.Context, swap chan<- struct{}) {
	if s.app.env.Hangup == nil {
		return
	}
	signals := s.app.env.Hangup(ctx)
	for {
		select {
		case <-ctx.Done():
			return
		case <-signals:
			s.app.tellSystem("RELOADING=1\nMONOTONIC_USEC=" + strconv.FormatInt(monotonic().Microseconds(), 10))
			fresh := s.reload(ctx)
			s.app.tellSystem("READY=1")
			if fresh {
				select {
				case swap <- struct{}{}:
				default: // one is waiting already
				}
			}
		}
	}
}

// reload reads the configuration again and says what came of it; true when it is a new one.
func (s *session) reload(ctx context.Context) bool {
	a := s.app
	path, src, err := a.configSource()
	if err != nil {
		a.warn(text.M("cli.reload_kept"))
		a.warn(text.M("cli.err_file", path, reason(cause(err))))
		return false
	}
	conf, problems := a.parseConfig(path, src, true)
	if problems.Errors() > 0 {
		a.warn(text.M("cli.reload_kept"))
		a.warn(text.Raw(strings.TrimRight(problems.In(a.lang), "\n")))
		return false
	}
	if err := s.store.SaveConfig(ctx, conf.Path, conf.Source); err != nil {
		a.warn(text.M("cli.poll_trouble", reason(err)))
	}
	s.force.Store(conf)
	a.warn(text.M("cli.reloaded", path))
	return true
}

// tellSystem tells the service manager how we are, where one listens.
func (a *app) tellSystem(state string) {
	socket := a.env.Getenv("NOTIFY_SOCKET")
	if socket == "" {
		return
	}
	if strings.HasPrefix(socket, "@") { // an abstract name
		socket = "\x00" + socket[1:]
	}
	c, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		return // nobody listens: nothing to tell
	}
	defer c.Close()
	_, _ = c.Write([]byte(state)) // the service manager notices silence by itself
}

// watchdog tells the service manager regularly that we live, where it wants to know and as long as it is true: a process
// that hangs without measuring, storing or doing what falls due is to be started anew.
func (a *app) watchdog(ctx context.Context, life *progress) {
	every, err := time.ParseDuration(a.env.Getenv("WATCHDOG_USEC") + "us")
	if err != nil || every <= 0 {
		return
	}
	for pause(ctx, every/2) {
		if life.alive() {
			a.tellSystem("WATCHDOG=1")
		}
	}
}
