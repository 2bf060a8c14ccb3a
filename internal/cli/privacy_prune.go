package cli

import (
	"context"
	"path/filepath"
	"strings"
	"time"

	"lage/incidents"
	"lage/internal/text"
	"lage/services"
	"lage/store"
)

// Paces of retention.
const (
	pruneStart = time.Minute // after the poller has begun
	prunePace  = 6 * time.Hour
	pruneRest  = 50 * time.Millisecond // between two changes: checks and people come first
	pruneLeap  = 60 * 24 * time.Hour   // of the clock, from where on it is not believed
)

// pruned says what retention took away, or would.
type pruned struct {
	erasing
	rows int // alarms, configurations, presences
}

// runPrivacyPrune carries out retention now.
func runPrivacyPrune(ctx context.Context, a *app) error {
	if err := incidents.May(a.person(false), incidents.Redact{}); err != nil {
		return err
	}
	s, err := a.privacy(ctx, toWrite)
	if err != nil {
		return err
	}
	defer s.close()
	p, err := s.overdue(ctx)
	if err != nil {
		return err
	}
	if p.rows > 0 {
		p.places = []string{a.t("privacy.rows", p.rows)}
	}
	if done, err := s.mayErase(p.erasing); done || err != nil {
		return err
	}
	left, err := s.prune(ctx, p, func() {})
	if err != nil {
		return err
	}
	return s.finishErase(ctx, p.erasing, left)
}

// overdue finds what is over.
func (s *session) overdue(ctx context.Context) (p pruned, err error) {
	r, now := s.retention(), s.app.env.Now()
	limits := incidents.Limits{Texts: before(now, r.Incidents), Names: before(now, r.Names), Outputs: before(now, r.Outputs)}
	if newest := limits.Newest(); !newest.IsZero() {
		if p.records, err = s.search(ctx, newest, func(d incidents.Dossier) []incidents.Redact { return d.Overdue(limits) }); err != nil {
			return p, err
		}
	}
	if p.rows, err = s.store.CountExpired(ctx, s.expired()); err != nil {
		return p, err
	}
	if t := before(now, r.Runs); !t.IsZero() {
		if p.files.runs, err = s.supervisor().Ended(t); err != nil {
			return p, err
		}
	}
	p.files.reports, p.files.changed, err = s.reportsNaming(func(name string, _ []byte) bool { return p.concerns(name) })
	return p, err
}

// concerns tells whether a report is about a record of which something goes.
func (p pruned) concerns(report string) bool {
	name := strings.TrimSuffix(report, filepath.Ext(report))
	for _, f := range p.records {
		if name == f.dossier.Record || strings.HasPrefix(name, f.dossier.Record+"-") {
			return true
		}
	}
	return false
}

func (s *session) expired() store.Expired {
	r, now := s.retention(), s.app.env.Now()
	return store.Expired{Alarms: before(now, r.Alarms), Configs: before(now, r.Configs)}
}

// prune takes away what is over, resting between changes.
func (s *session) prune(ctx context.Context, p pruned, rest func()) (left []string, err error) {
	if err := s.carryOut(ctx, p.records, incidents.Request{By: services.System()}, rest); err != nil {
		return nil, err
	}
	for {
		n, err := s.store.DropExpired(ctx, s.expired())
		if err != nil {
			return nil, err
		}
		if rest(); n == 0 {
			break
		}
	}
	if t := before(s.app.env.Now(), s.retention().Runs); !t.IsZero() {
		if err := s.supervisor().PruneCarried(t); err != nil {
			return nil, err
		}
	}
	return s.dropFiles(p.files)
}

// privacy carries out retention while the lease is ours. A clock that leapt is not believed: what is erased does not come
// back.
func (p *poller) privacy(ctx context.Context) {
	now := p.s.app.env.Now
	last, _ := p.s.store.Poller(ctx) // without results there is nothing to compare with
	if !pause(ctx, pruneStart) {
		return
	}
	seen := last.Last
	for {
		if !p.believes(seen, now()) {
			p.say(text.M("privacy.leap", now().Sub(seen)))
			return
		}
		seen = now()
		if err := p.pruneOnce(ctx); ctx.Err() == nil {
			p.complain("privacy.trouble", "privacy.trouble_over", err)
		}
		if !pause(ctx, prunePace) {
			return
		}
	}
}

// believes tells whether so much time can have passed since something was seen; the zero time was never.
func (p *poller) believes(seen, now time.Time) bool {
	return seen.IsZero() || now.Sub(seen) <= pruneLeap
}

func (p *poller) pruneOnce(ctx context.Context) error {
	over, err := p.s.overdue(ctx)
	if err != nil {
		return err
	}
	left, err := p.s.prune(ctx, over, func() { pause(ctx, pruneRest) })
	if err != nil {
		return err
	}
	if n := countEntries(over.records); n > 0 {
		p.say(text.M("privacy.pruned", n, len(over.records)))
	}
	for _, l := range left {
		p.say(text.Raw(l))
	}
	return nil
}
