package config

import (
	"net"
	"slices"
	"strings"
	"time"

	"lage/internal/text"
)

// Listen is what "lage run" answers over HTTP. An empty Address means that nothing listens.
type Listen struct {
	Address  string
	Token    string // what callers show; empty means that no alarms are taken
	Watchdog Watchdog
}

// Watchdog is an alert that always fires, so that its silence is the alarm. An empty Service means that none is expected.
type Watchdog struct {
	Service string        // whose incident its silence opens
	Within  time.Duration // after which silence is an alarm
}

// Heartbeat is a sign of life that goes out while everything works. An empty URL means that there is none.
type Heartbeat struct {
	URL   string
	Every time.Duration
}

const (
	defaultWatchdog  = 15 * time.Minute
	defaultHeartbeat = time.Minute
)

type (
	rawListen struct {
		address, token at[string]
		watchdog       at[rawWatchdog]
	}
	rawWatchdog struct {
		service at[string]
		within  at[time.Duration]
	}
	rawHeartbeat struct {
		url   at[string]
		every at[time.Duration]
	}
)

func listenShape() shape[rawListen] {
	return mapping(
		key("address", "config.doc_listen_address", texts(object{"pattern": `:[0-9]+$`}, func(_ *decoder, s string) (string, text.Message) { return s, NotListenAddress(s) }),
			func(l *rawListen) *at[string] { return &l.address }),
		key("token", "config.doc_listen_token", secretText(object{"minLength": 1}, notToken), func(l *rawListen) *at[string] { return &l.token }),
		key("watchdog", "config.doc_watchdog", mapping(
			key("service", "config.doc_watchdog_service", ident(), func(w *rawWatchdog) *at[string] { return &w.service }).required(),
			key("within", "config.doc_watchdog_within", duration(time.Second, day), func(w *rawWatchdog) *at[time.Duration] { return &w.within }),
		), func(l *rawListen) *at[rawWatchdog] { return &l.watchdog }),
	)
}

func heartbeatShape() shape[rawHeartbeat] {
	return mapping(
		key("url", "config.doc_heartbeat_url", secretText(object{"pattern": urlPattern}, notURL), func(h *rawHeartbeat) *at[string] { return &h.url }).required(),
		key("every", "config.doc_heartbeat_every", duration(time.Second, day), func(h *rawHeartbeat) *at[time.Duration] { return &h.every }),
	)
}

// NotListenAddress says what is wrong with an address to listen on; the zero message where nothing is. The host may be
// left out: then every interface is meant. Port 0 means one that is free.
func NotListenAddress(s string) text.Message {
	if host, ok := strings.CutSuffix(s, ":0"); ok {
		s = host + ":1"
	}
	if strings.HasPrefix(s, ":") {
		s = "0.0.0.0" + s
	}
	return notAddress(s)
}

// Loopback tells whether only this machine reaches an address.
func Loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	ip := net.ParseIP(host)
	return err == nil && (host == "localhost" || ip != nil && ip.IsLoopback())
}

// minToken is how long a token must be at least: shorter ones can be guessed over the network.
const minToken = 16

func notToken(s string) text.Message {
	if len(s) < minToken || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return text.M("config.token", minToken)
	}
	return text.Message{}
}

// NotToken says what is wrong with a token from the environment; the zero message where nothing is.
func NotToken(s string) text.Message { return notToken(s) }

func (d *decoder) alarms(c *Config, f rawFile) {
	l := f.listen.v
	c.Listen = Listen{Address: l.address.v, Token: l.token.v}
	if l.address.ok && !l.token.given() && !Loopback(l.address.v) {
		d.warn(l.address.pos, text.M("config.listen_open"))
	}
	if w := l.watchdog; w.ok && w.v.service.ok {
		c.Listen.Watchdog = Watchdog{Service: w.v.service.v, Within: w.v.within.or(defaultWatchdog)}
		var ids []string
		for _, s := range c.Services {
			ids = append(ids, s.ID)
		}
		if !slices.Contains(ids, w.v.service.v) {
			d.unknown(w.v.service.pos, text.M("config.no_service", w.v.service.v, d.hint(w.v.service.v, ids)))
		}
	}
	if h := f.heartbeat; h.ok && h.v.url.ok {
		c.Heartbeat = Heartbeat{URL: h.v.url.v, Every: h.v.every.or(defaultHeartbeat)}
	}
}
