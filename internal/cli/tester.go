package cli

import (
	"context"
	"time"

	"lage/checks"
	"lage/incidents"
	"lage/internal/clean"
)

// probe runs one check now.
func (s *session) probe(ctx context.Context, c checks.Check) checks.Result {
	timeout := c.Timeout
	if timeout <= 0 {
		timeout = 10 * time.Second
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	var secrets []string
	if conf := s.inForce(); conf != nil {
		secrets = conf.Secrets
	}
	redact := clean.NewRedactor(secrets...).Masking(s.plan().Mask.Without(clean.MaskIP))
	r := checks.NewProber(c, redact, s.app.env.Now).Probe(ctx)
	r.Check, r.ByHand = c.ID, true
	return r
}

// keep stores results that a person asked for: shown, not counted.
func (s *session) keep(ctx context.Context, results []checks.Result) error {
	states, err := s.store.States(ctx)
	if err != nil {
		return err
	}
	batch := make([]checks.Recorded, 0, len(results))
	for _, r := range results {
		st := states[r.Check]
		st.Check, st.Last = r.Check, r
		batch = append(batch, checks.Recorded{Result: r, State: st})
	}
	return s.store.Recorder().Record(ctx, batch)
}

// tester runs checks on a person's wish. It implements ui.Tester.
type tester struct{ s *session }

// Test runs a check of the configuration in force. ErrNotFound where there is none of that name.
func (t tester) Test(ctx context.Context, check string) (checks.Result, error) {
	c := t.s.inForce()
	if c == nil {
		return checks.Result{}, incidents.ErrNotFound
	}
	for _, k := range c.Checks {
		if k.ID == check {
			return t.s.probe(ctx, k), nil
		}
	}
	return checks.Result{}, incidents.ErrNotFound
}
