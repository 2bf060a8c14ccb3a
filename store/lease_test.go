package store

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"lage/checks"
	"lage/incidents"
	"lage/services"
)

func TestLease(t *testing.T) {
	const run, console = "run", "console"
	type step struct {
		after       time.Duration
		kind, owner string
		force       bool
		held        bool
		holder      string // kind of the holder afterwards
	}
	for name, steps := range map[string][]step{
		"a console alone":          {{0, console, "a", false, true, console}, {30 * time.Second, console, "a", false, true, console}},
		"the first console":        {{0, console, "a", false, true, console}, {0, console, "b", false, false, console}},
		"run takes over at once":   {{0, console, "a", false, true, console}, {0, run, "r", false, true, run}, {0, console, "a", false, false, run}},
		"one run only":             {{0, run, "r", false, true, run}, {0, run, "q", false, false, run}},
		"run after run":            {{0, run, "r", false, true, run}, {61 * time.Second, run, "q", false, true, run}},
		"no console after run":     {{0, run, "r", false, true, run}, {61 * time.Second, console, "a", false, false, ""}, {0, console, "a", true, true, console}},
		"force does not take over": {{0, run, "r", false, true, run}, {0, console, "a", true, false, run}},
		"console after console":    {{0, console, "a", false, true, console}, {60 * time.Second, console, "b", false, true, console}},
		"unknown kinds never":      {{0, "", "a", false, false, ""}, {0, "x", "a", true, false, ""}},
	} {
		s, c := newStore(t)
		epoch := int64(0)
		for i, st := range steps {
			c.add(st.after)
			l, err := s.AcquireLease(t.Context(), LeaseRequest{Kind: st.kind, Owner: st.owner, PID: 7, TTL: time.Minute, Force: st.force})
			ok(t, err)
			if l.Held != st.held || l.Kind != st.holder || l.Epoch < epoch {
				t.Errorf("%s, step %d: %+v", name, i, l)
			}
			if l.Held && (l.Owner != st.owner || l.Host != "wache" || l.PID != 7 || !l.Expires.Equal(c.now().Add(time.Minute))) {
				t.Errorf("%s, step %d: %+v", name, i, l)
			}
			epoch = l.Epoch
		}
	}
}

func TestLeaseIsRenewedAndReleased(t *testing.T) {
	s, c := newStore(t)
	mine, err := s.AcquireLease(t.Context(), LeaseRequest{Kind: "run", Owner: "r", TTL: time.Minute})
	ok(t, err)
	c.add(5 * time.Minute) // suspended; nobody came
	mine, err = s.RenewLease(t.Context(), mine)
	if err != nil || !mine.Expires.Equal(c.now().Add(time.Minute)) {
		t.Errorf("%+v %v", mine, err)
	}
	ok(t, s.SetPoller(t.Context(), mine.Epoch, 3, "voll"))
	ok(t, s.WithEpoch(mine.Epoch).Record(t.Context(), []checks.Recorded{result("form/web", c.now(), 1, checks.Good)}))
	p, err := s.Poller(t.Context())
	ok(t, err)
	if want := (incidents.Poller{Owner: "run", Host: "wache", Last: c.now(), Until: mine.Expires, Late: 3, Trouble: "voll"}); p != want {
		t.Errorf("%+v", p)
	}
	ok(t, s.ReleaseLease(t.Context(), mine))
	if p, err := s.Poller(t.Context()); err != nil || p.Owner != "" || !p.Until.Equal(c.now()) {
		t.Errorf("%+v %v", p, err)
	}
	if _, err := s.RenewLease(t.Context(), mine); !errors.Is(err, ErrLeaseLost) {
		t.Error(err)
	}
	next, err := s.AcquireLease(t.Context(), LeaseRequest{Kind: "run", Owner: "q", TTL: time.Minute})
	if err != nil || !next.Held || next.Epoch <= mine.Epoch {
		t.Errorf("%+v %v", next, err)
	}
	ok(t, s.ReleaseLease(t.Context(), mine)) // of an old epoch: nothing
	if p, err := s.Poller(t.Context()); err != nil || p.Owner != "run" || p.Late != 0 || p.Trouble != "" {
		t.Errorf("%+v %v", p, err)
	}
}

func TestPresence(t *testing.T) {
	s, c := newStore(t)
	ben := services.Person{Name: "Ben Roth"}
	ok(t, s.Touch(t.Context(), anna, "s1", "INC-2026-001"))
	ok(t, s.Touch(t.Context(), anna, "s2", "INC-2026-001"))
	c.add(20 * time.Second)
	ok(t, s.Touch(t.Context(), ben, "s3", "INC-2026-001"))
	present := func(want ...services.Person) {
		t.Helper()
		got, err := s.Present(t.Context(), "INC-2026-001")
		ok(t, err)
		if !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
	}
	present(anna, ben)
	c.add(10 * time.Second)
	present(ben)
	ok(t, s.Touch(t.Context(), ben, "s3", ""))
	present()
	if count(t, s, "presence") != 0 {
		t.Error("names of those who left are kept")
	}
}

func TestConfig(t *testing.T) {
	s, c := newStore(t)
	if _, _, _, err := s.LastConfig(t.Context()); !errors.Is(err, incidents.ErrNotFound) {
		t.Error(err)
	}
	ok(t, s.SaveConfig(t.Context(), "/etc/lage.yaml", []byte("a: 1\n")))
	c.add(time.Hour)
	ok(t, s.SaveConfig(t.Context(), "/etc/lage.yaml", []byte("a: 1\n")))
	path, source, at, err := s.LastConfig(t.Context())
	if err != nil || path != "/etc/lage.yaml" || string(source) != "a: 1\n" || !at.Equal(t0) {
		t.Error(path, string(source), at, err)
	}
	ok(t, s.SaveConfig(t.Context(), "/etc/lage.yaml", []byte("a: 2\n")))
	ok(t, s.SaveConfig(t.Context(), "/etc/lage.yaml", []byte("a: 1\n"))) // back again
	if _, source, at, err := s.LastConfig(t.Context()); err != nil || string(source) != "a: 1\n" || !at.Equal(c.now()) || count(t, s, "configs") != 3 {
		t.Error(string(source), at, err)
	}
}

func TestOwnChangesAreToldAtOnce(t *testing.T) {
	s, _ := newStore(t)
	ctx, stop := context.WithCancel(t.Context())
	changes := s.Changes(ctx, time.Hour) // no tick will come
	ok(t, s.SyncChecks(t.Context(), nil))
	select {
	case <-changes:
	case <-time.After(20 * time.Second):
		t.Fatal("no signal")
	}
	stop()
	for range changes { // closed when the context ends
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.listeners) != 0 {
		t.Error("a listener stayed")
	}
}

func TestEndedContext(t *testing.T) {
	s, _ := newStore(t)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := s.SyncChecks(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, err := s.States(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestWaitingForTheLeaseWritesNothing: who waits asks each second, and every write wakes all consoles.
func TestWaitingForTheLeaseWritesNothing(t *testing.T) {
	s, _ := newStore(t)
	ask := func(owner string) bool {
		l, err := s.AcquireLease(t.Context(), LeaseRequest{Kind: "run", Owner: owner, TTL: time.Minute})
		ok(t, err)
		return l.Held
	}
	if !ask("a") {
		t.Fatal("not given")
	}
	told := s.Changes(t.Context(), time.Hour)
	before, err := s.dataVersion()
	ok(t, err)
	if ask("b") {
		t.Error("given twice")
	}
	after, err := s.dataVersion()
	ok(t, err)
	if after != before || len(told) != 0 {
		t.Error("a refusal was written")
	}
}
