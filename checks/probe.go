package checks

import (
	"context"
	"crypto/x509"
	"strings"
	"time"

	"lage/internal/clean"
	"lage/internal/text"
)

const (
	maxAnswer      = 1 << 20  // bytes of an answer that are read, on the wire and unpacked
	maxHeaders     = 64 << 10 // bytes of an answer's headers
	maxDetail      = 4 << 10  // bytes of Result.Detail
	maxGoodDetail  = 1 << 10  // the same where all is well
	maxLine        = 300      // bytes of foreign text in a message
	defaultTimeout = 10 * time.Second
)

// NewProber makes the prober for a check. Foreign text in its results is cleaned and redacted; a nil redact hides nothing.
// now must never be nil; certificates are judged by it.
func NewProber(c Check, redact *clean.Redactor, now func() time.Time) Prober {
	b := base{check: c, redact: redact, now: now}
	switch {
	case c.HTTP != nil:
		return &httpProber{b, *c.HTTP}
	case c.TCP != nil:
		return &tcpProber{b, *c.TCP}
	case c.TLS != nil:
		return &tlsProber{b, *c.TLS}
	case c.Command != nil:
		return &commandProber{b, *c.Command}
	}
	return noProber{b}
}

// noProber stands for a check without a kind, which a valid configuration does not have.
type noProber struct{ base }

func (p noProber) Probe(context.Context) Result {
	return p.begin().end(Unknown, text.M("checks.no_kind"))
}

// base is what all probers share.
type base struct {
	check  Check
	redact *clean.Redactor
	now    func() time.Time
	roots  *x509.CertPool // nil means the system's
}

func (b *base) timeout() time.Duration { return timeoutOr(b.check.Timeout) }

func timeoutOr(d time.Duration) time.Duration {
	if d <= 0 {
		return defaultTimeout
	}
	return d
}

// measuring is a Result in the making.
type measuring struct {
	Result
	base  *base
	start time.Time
}

func (b *base) begin() *measuring {
	start := b.now()
	return &measuring{Result: Result{Check: b.check.ID, At: start.Round(0).UTC()}, base: b, start: start}
}

// lap takes the latency: from the beginning until now.
func (m *measuring) lap() time.Duration {
	m.Latency = max(m.base.now().Sub(m.start), 1)
	return m.Latency
}

// end gives the finished result. What answered well needs less of an excerpt: it is written with every result.
func (m *measuring) end(o Outcome, msg text.Message) Result {
	m.Outcome, m.Message = o, msg
	if o == Good {
		short, _ := clean.Cut(m.Detail, maxGoodDetail)
		m.Detail = strings.Clone(short)
	}
	return m.Result
}

// fail gives the result of a measurement that got no answer to judge.
func (m *measuring) fail(ctx context.Context, err error, ph phase) Result {
	o, msg := m.base.failure(ctx, err, ph)
	if o == Bad {
		m.lap()
		m.fact(false, text.M("checks.want_answer", m.base.timeout()), msg)
	}
	return m.end(o, msg)
}

func (m *measuring) fact(ok bool, want, got text.Message) {
	m.Facts = append(m.Facts, Fact{OK: ok, Want: want, Got: got})
}

// within judges the latency against a limit, if there is one, and tells whether it was kept.
func (m *measuring) within(limit time.Duration) bool {
	if limit <= 0 {
		return true
	}
	ok := m.Latency <= limit
	m.fact(ok, text.M("checks.want_time", limit), text.M("checks.got_time", m.Latency))
	return ok
}

// line makes foreign text safe to stand in a message: clean first, because taking out escape sequences may put a secret
// together, and cut last, because half a secret is not found any more.
func (b *base) line(s string) string {
	s, _ = clean.Cut(s, 16*maxLine)
	s, cut := clean.Cut(b.redact.Redact(clean.Line(s)), maxLine)
	if cut {
		s += "…"
	}
	return s
}

// excerpt is line for several lines, for Result.Detail.
func (b *base) excerpt(answer string) string {
	s := b.redact.Redact(clean.Text(strings.TrimSpace(answer)))
	s, _ = clean.Cut(s, maxDetail)
	return s
}
