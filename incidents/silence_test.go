package incidents

import (
	"testing"
	"time"

	"lage/checks"
)

func TestSilence(t *testing.T) {
	t0 := time.Date(2026, 3, 1, 3, 15, 0, 0, time.UTC)
	list := []CheckPicture{{Check: checks.Check{Interval: time.Hour, Timeout: time.Second}}, {Check: checks.Check{Interval: 30 * time.Second, Timeout: 10 * time.Second}}}
	good := Poller{Owner: "run", Last: t0.Add(-45 * time.Second), Until: t0.Add(8 * time.Second)}
	for name, c := range map[string]struct {
		edit func(*Poller)
		want Silence
	}{
		"all is well":                       {func(*Poller) {}, Measured},
		"never":                             {func(p *Poller) { *p = Poller{} }, Never},
		"began, and ended at once":          {func(p *Poller) { *p = Poller{Until: t0.Add(-time.Minute)} }, Nobody},
		"begins for the first time":         {func(p *Poller) { p.Last = time.Time{} }, Measured},
		"is restarted":                      {func(p *Poller) { p.Owner, p.Until = "", t0.Add(-2*time.Second) }, Measured},
		"was stopped":                       {func(p *Poller) { p.Owner, p.Until = "", t0.Add(-3*time.Second) }, Nobody},
		"was stopped, and measured at last": {func(p *Poller) { p.Owner, p.Until, p.Last = "", t0.Add(-3*time.Second), t0.Add(-3*time.Second) }, Nobody},
		"stopped by an older version":       {func(p *Poller) { p.Owner, p.Until = "", time.Time{} }, Nobody},
		"died since the picture was read":   {func(p *Poller) { p.Until = t0.Add(-3 * time.Second) }, Nobody},
		"hangs":                             {func(p *Poller) { p.Last = t0.Add(-51 * time.Second) }, Stuck},
	} {
		p := Picture{Services: []ServicePicture{{Checks: list[:1]}, {Checks: list[1:]}}, Poller: good}
		c.edit(&p.Poller)
		if got := p.Silence(t0); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if got := (Picture{Poller: p.Poller}).Silence(t0); got != Measured {
			t.Errorf("%s, without checks: %q", name, got)
		}
		if from := p.Poller.SilentFrom(); c.want == Measured && !from.IsZero() && p.Silence(from) == Measured {
			t.Errorf("%s: nothing at %v", name, from)
		}
	}
}
