package incidents

import (
	"context"
	"errors"
	"testing"
	"time"

	"lage/checks"
	"lage/internal/text"
)

func (b *bench) inc() Incident {
	b.t.Helper()
	i, ok := b.m.inc["INC-2026-001"]
	if !ok {
		b.t.Fatalf("no incident")
	}
	return i
}

func (b *bench) after(d time.Duration) { b.now = b.now.Add(d) }

func (b *bench) tick() int {
	b.t.Helper()
	if err := b.Tick(context.Background()); err != nil {
		b.t.Fatalf("tick: %v", err)
	}
	return len(b.m.alerts)
}

// A check that goes up and down all the time is not well: nothing is proposed, and the escalation goes on.
func TestFlappingIsNoRecovery(t *testing.T) {
	b := newBench(t)
	b.down("wohngeld/start")
	b.after(time.Minute)
	b.transition("wohngeld/start", checks.StatusUp, true)
	b.after(time.Minute)
	b.transition("wohngeld/start", checks.StatusFlapping, false)
	if !b.inc().Recovered.IsZero() {
		t.Error("still proposes to resolve while the check is flapping")
	}
	b.after(time.Hour)
	if n := b.tick(); n != 2 {
		t.Errorf("%d alerts while the service flaps and nobody has acknowledged, want 2", n)
	}
}

// A check that only flapped is part of the incident: when it is the last to come back, the incident has recovered.
func TestLastFlappingCheckProposes(t *testing.T) {
	b := newBench(t)
	b.down("wohngeld/start")
	b.after(time.Minute)
	b.transition("wohngeld/antrag", checks.StatusFlapping, false)
	b.after(time.Minute)
	b.transition("wohngeld/start", checks.StatusUp, false)
	b.after(time.Minute)
	b.transition("wohngeld/antrag", checks.StatusUp, true)
	if b.inc().Recovered.IsZero() {
		t.Error("all checks are up and nothing is proposed")
	}
}

// A check that was still down when a person resolved belongs to nobody's incident; the next incident of the service must
// recover with it all the same, and nothing may recover before it began.
func TestCheckLeftDownByAnEarlierIncidentProposes(t *testing.T) {
	b := newBench(t)
	b.down("wohngeld/start")
	if _, err := b.act("INC-2026-001", "M", Resolve{}, ""); err != nil {
		t.Fatal(err)
	}
	b.after(time.Hour)
	b.down("wohngeld/antrag")
	b.after(time.Hour)
	b.transition("wohngeld/antrag", checks.StatusUp, false)
	b.after(time.Hour)
	b.transition("wohngeld/start", checks.StatusUp, true)
	if i := b.m.inc["INC-2026-002"]; i.Recovered.IsZero() {
		t.Errorf("never proposed: %+v", i)
	}
}

// At a restart, checks that have been well for long are observed before the one whose recovery was not written yet.
func TestReconcileKeepsTheMomentOfRecovery(t *testing.T) {
	b := newBench(t)
	b.down("wohngeld/antrag")
	back := start.Add(10 * time.Minute)
	b.now = start.Add(11 * time.Minute)
	states := map[string]checks.State{
		"wohngeld/start":  {Status: checks.StatusUp, Since: start.Add(-72 * time.Hour), Last: checks.Result{At: b.now}},
		"wohngeld/antrag": {Status: checks.StatusUp, Since: back, Last: checks.Result{At: b.now}},
	}
	if err := b.Reconcile(context.Background(), states); err != nil {
		t.Fatal(err)
	}
	if got := b.inc().Recovered; !got.Equal(back) {
		t.Errorf("recovered %v, want %v", got, back)
	}
}

// What waits for the service hours begins with the first stage: the next one follows after its time, not with it.
func TestEscalationBeginsWithTheServiceHours(t *testing.T) {
	b := newBench(t) // 03:00 local, a Monday: kfz opens at 06:00
	b.down("kfz/web")
	opening := time.Date(2026, 11, 23, 5, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		after time.Duration
		want  int
	}{{-time.Second, 0}, {0, 1}, {15*time.Minute - time.Second, 1}, {15 * time.Minute, 2}} {
		b.now = opening.Add(c.after)
		if n := b.tick(); n != c.want {
			t.Errorf("%v after opening: %d alerts, want %d", c.after, n, c.want)
		}
	}
}

func TestGivenUpAlarmKeepsTheRules(t *testing.T) {
	giveUp := func(b *bench, a Alert) {
		t.Helper()
		if err := b.Deliver(context.Background(), Delivery{Alert: a, At: b.now, GiveUp: true, Reason: text.Raw("kein Netz")}); err != nil {
			t.Fatal(err)
		}
	}
	b := newBench(t)
	b.down("wohngeld/start")
	b.after(time.Minute)
	b.transition("wohngeld/start", checks.StatusUp, true)
	giveUp(b, b.m.alerts[0])
	if len(b.m.alerts) != 1 {
		t.Error("alarmed the next stage for what is well again")
	}

	b = newBench(t)
	b.now = time.Date(2026, 11, 23, 20, 59, 0, 0, time.UTC) // kfz closes at 22:00 local
	b.down("kfz/web")
	b.after(2 * time.Minute)
	giveUp(b, b.m.alerts[0])
	if len(b.m.alerts) != 1 {
		t.Error("alarmed the next stage outside service hours")
	}

	b = newBench(t)
	plan := b.Plan()
	plan.Services[0].Escalation = append(plan.Services[0].Escalation[:2:2], plan.Services[0].Escalation[0])
	b.Desk.Plan = func() Plan { return plan }
	b.down("wohngeld/start")
	first := b.m.alerts[0]
	giveUp(b, first)
	first.ID, first.Tries = 99, 3 // another channel of the same stage fails too
	giveUp(b, first)
	if len(b.m.alerts) != 2 {
		t.Errorf("two failed channels of the first stage alarmed %d stages, want the second only", len(b.m.alerts)-1)
	}
}

// Whoever had it in hand may have left: what fails again long after it was well alarms again.
func TestFailingAgainAfterAQuietTimeAlarmsAgain(t *testing.T) {
	for _, c := range []struct {
		quiet time.Duration
		want  int
	}{{5 * time.Minute, 1}, {20 * time.Minute, 2}} {
		b := newBench(t)
		b.down("wohngeld/start")
		if _, err := b.act("INC-2026-001", "M", Acknowledge{}, Detected); err != nil {
			t.Fatal(err)
		}
		b.after(time.Minute)
		b.transition("wohngeld/start", checks.StatusUp, true)
		b.after(c.quiet)
		b.down("wohngeld/start")
		if n := len(b.m.alerts); n != c.want || b.m.alerts[n-1].Contact != "ops" {
			t.Errorf("failed again after %v: %d alerts, want %d", c.quiet, n, c.want)
		}
	}
}

// The alarm of a service that failed again while it was closed waits for its hours, too.
func TestFailingAgainOutsideServiceHoursWaits(t *testing.T) {
	b := newBench(t)
	b.now = time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	b.down("kfz/web")
	if _, err := b.act("INC-2026-001", "M", Acknowledge{}, Detected); err != nil {
		t.Fatal(err)
	}
	b.after(time.Minute)
	b.transition("kfz/web", checks.StatusUp, true)
	b.now = time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)
	b.down("kfz/web")
	opening := time.Date(2026, 11, 24, 5, 0, 0, 0, time.UTC)
	if n := len(b.m.alerts); n != 2 || !b.m.alerts[1].NextTry.Equal(opening) {
		t.Errorf("alerts %+v", b.m.alerts)
	}
}

// A person who resolves because all was well is told when it is not any more: otherwise the new failure would be resolved
// with the old one, and nobody would hear of it.
func TestResolvingWhatFailedAgainIsRefused(t *testing.T) {
	b := newBench(t)
	b.down("wohngeld/start")
	b.after(time.Minute)
	b.transition("wohngeld/start", checks.StatusUp, true)
	b.after(time.Minute)
	b.down("wohngeld/start")
	if _, err := b.act("INC-2026-001", "M", Resolve{Well: true}, Detected); !errors.Is(err, ErrStale) || !b.inc().Open() {
		t.Errorf("resolved on an old picture: %v", err)
	}
	if _, err := b.act("INC-2026-001", "M", Resolve{}, Detected); err != nil {
		t.Errorf("resolving knowingly: %v", err)
	}
}

// One check that cannot be observed must not keep the others from being.
func TestReconcileGoesOnAfterAnError(t *testing.T) {
	b := newBench(t)
	b.Desk.Journal = &sick{memory: b.m, service: "wohngeld"}
	states := map[string]checks.State{"wohngeld/start": {Status: checks.StatusDown, Since: start}, "kfz/web": {Status: checks.StatusDown, Since: start}}
	if err := b.Reconcile(context.Background(), states); err == nil {
		t.Error("the error is swallowed")
	}
	if b.inc().Service != "kfz" {
		t.Errorf("%+v", b.m.inc)
	}
}

// sick cannot read one service's incidents.
type sick struct {
	*memory
	service string
}

func (s *sick) OpenIncidents(ctx context.Context, service string) ([]Incident, error) {
	if service == s.service {
		return nil, errors.New("unreadable")
	}
	return s.memory.OpenIncidents(ctx, service)
}
