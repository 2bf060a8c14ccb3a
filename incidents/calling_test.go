package incidents

import (
	"context"
	"testing"

	"lage/internal/text"
	"lage/services"
)

// withFallback gives the contact of the first stage two more channels to fall back on.
func withFallback(b *bench) {
	plan := b.Plan()
	ops := plan.Contacts["ops"]
	ops.Else = []services.Channel{{Command: []string{"sms"}}, {Webhook: services.Webhook{URL: "https://hooks.example"}}}
	plan.Contacts = map[string]services.Contact{"ops": ops, "head": plan.Contacts["head"]}
	b.Desk.Plan = func() Plan { return plan }
}

func (b *bench) fails(a Alert, giveUp bool) {
	b.t.Helper()
	d := Delivery{Alert: a, At: b.now, GiveUp: giveUp, NextTry: b.now, Reason: text.Raw("kein Netz")}
	if err := b.Deliver(context.Background(), d); err != nil {
		b.t.Fatalf("deliver: %v", err)
	}
}

// The next channel is used after the third failed try, while the first goes on being tried; it is used once.
func TestNextChannelAfterThreeTries(t *testing.T) {
	b := newBench(t)
	withFallback(b)
	b.down("wohngeld/start")
	a := b.m.alerts[0]
	for tries := range 6 {
		a.Tries = tries
		b.fails(a, tries == 5)
		want := 1
		if tries >= 2 {
			want = 2
		}
		if n := len(b.m.alerts); n != want {
			t.Fatalf("after %d failed tries: %d alerts, want %d", tries+1, n, want)
		}
	}
	if next := b.m.alerts[1]; next.Contact != "ops" || len(next.Channel.Command) == 0 || next.Via() != 1 || next.Subject.IsZero() || next.Key == a.Key {
		t.Errorf("next: %+v", next)
	}
}

// A channel that is passed over hands on at once; behind the last one comes the next stage.
func TestPassedOverHandsOnAtOnce(t *testing.T) {
	b := newBench(t)
	withFallback(b)
	b.down("wohngeld/start")
	for i := range 3 {
		b.fails(b.m.alerts[i], true)
		if n := len(b.m.alerts); n != i+2 {
			t.Fatalf("channel %d failed: %d alerts", i, n)
		}
	}
	if last := b.m.alerts[3]; last.Contact != "head" || b.m.alerts[2].Channel.Webhook.URL == "" {
		t.Errorf("alerts: %+v", b.m.alerts)
	}
}

// Nobody is called by a further channel about what somebody has in hand.
func TestNoNextChannelOnceAcknowledged(t *testing.T) {
	b := newBench(t)
	withFallback(b)
	b.down("wohngeld/start")
	if _, err := b.act("INC-2026-001", "M", Acknowledge{}, Detected); err != nil {
		t.Fatal(err)
	}
	b.fails(b.m.alerts[0], true)
	if len(b.m.alerts) != 1 {
		t.Errorf("alerts: %+v", b.m.alerts)
	}
}

// The rota's turn is called, at the moment of the alarm; where the channel fails, the deputy, and only then the next stage.
func TestRotaAndDeputyAreCalled(t *testing.T) {
	b := newBench(t)
	plan := b.Plan()
	turn := services.Rota{Order: []string{"krause", "head"}, Start: services.DateOf(b.now.AddDate(0, 0, -1)), Days: 100}
	via := plan.Contacts["ops"].Via
	plan.Contacts = map[string]services.Contact{"ops": {ID: "ops", Name: "Rufbereitschaft", Rota: turn}, "head": plan.Contacts["head"],
		"krause":   {ID: "krause", Name: "Krause", Via: via, Deputies: []string{"petrovic"}},
		"petrovic": {ID: "petrovic", Name: "Petrović", Via: via, Deputies: []string{"krause"}}}
	b.Desk.Plan = func() Plan { return plan }
	b.down("wohngeld/start")
	for i, want := range []string{"krause", "petrovic", "head"} {
		if len(b.m.alerts) != i+1 || b.m.alerts[i].Contact != want {
			t.Fatalf("step %d: %+v, want %s", i, b.m.alerts, want)
		}
		b.fails(b.m.alerts[i], true)
	}
}

// A rota with nobody on call is no reason for silence: it stands in the timeline, and the next stage is called at once.
func TestNobodyOnCallIsWritten(t *testing.T) {
	b := newBench(t)
	plan := b.Plan()
	plan.Contacts = map[string]services.Contact{"head": plan.Contacts["head"],
		"ops": {ID: "ops", Name: "Rufbereitschaft", Rota: services.Rota{Order: []string{"head"}, Start: services.DateOf(b.now.AddDate(1, 0, 0))}}}
	b.Desk.Plan = func() Plan { return plan }
	b.down("wohngeld/start")
	if len(b.m.alerts) != 1 || b.m.alerts[0].Contact != "head" || b.inc().Stage != 2 {
		t.Errorf("alerts %+v", b.m.alerts)
	}
	found := false
	for _, e := range b.m.entries["INC-2026-001"] {
		found = found || e.Kind == KindAlarmFailed
	}
	if !found {
		t.Error("nobody is told that nobody is on call")
	}
}
