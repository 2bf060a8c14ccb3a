package incidents

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lage/checks"
	"lage/internal/text"
	"lage/services"
)

// hear gives another tool's word about "wohngeld" to the Desk.
func (b *bench) hear(key string, to Standing) Recorded {
	b.t.Helper()
	rec, err := b.act("", "icinga", Receive{Key: key, Service: "wohngeld", State: to, Message: text.Raw("kaputt")}, "")
	if err != nil {
		b.t.Fatalf("%s %s: %v", key, to, err)
	}
	return rec
}

// written lists the kinds of the entries of the only incident.
func (b *bench) written() string {
	b.t.Helper()
	if len(b.m.inc) != 1 {
		b.t.Fatalf("%d incidents, want 1", len(b.m.inc))
	}
	var out []string
	for _, e := range b.m.entries[b.m.order[0]] {
		out = append(out, string(e.Kind))
	}
	return strings.Join(out, " ")
}

func (b *bench) wants(kinds string) {
	b.t.Helper()
	if got := b.written(); got != kinds {
		b.t.Fatalf("entries:\n got %s\nwant %s", got, kinds)
	}
}

func TestAKeyTwiceLeavesOneIncident(t *testing.T) {
	b := newBench(t)
	b.hear("a", Down)
	b.wants("alert_down opened alarm")
	if len(b.m.alerts) != 1 || !strings.Contains(b.m.alerts[0].Body.In(text.English), "a reports an outage: kaputt") {
		t.Errorf("alarm: %+v", b.m.alerts)
	}
	rec := b.hear("a", Down)
	b.wants("alert_down opened alarm")
	if len(rec.Entries) != 0 || rec.Incident == nil || rec.Incident.ID != b.m.order[0] {
		t.Errorf("the same again: %+v", rec)
	}
	b.hear("b", Degraded)
	b.hear("b", Degraded)
	b.hear("c", Up) // never heard of
	b.wants("alert_down opened alarm alert_degraded")
}

func TestAlertsProposeButNeverResolve(t *testing.T) {
	b := newBench(t)
	b.hear("a", Down)
	b.hear("b", Down)
	b.now = b.now.Add(time.Minute)
	b.hear("a", Up)
	b.wants("alert_down opened alarm alert_down alert_up")
	b.hear("b", Up)
	b.wants("alert_down opened alarm alert_down alert_up alert_up recovered")
	inc := b.m.inc[b.m.order[0]]
	if !inc.Open() || inc.Recovered.IsZero() {
		t.Errorf("%+v", inc)
	}
	b.hear("a", Down)
	if inc = b.m.inc[inc.ID]; !inc.Recovered.IsZero() {
		t.Error("down again, and still proposed to resolve")
	}
}

func TestChecksAndAlertsWaitForEachOther(t *testing.T) {
	b := newBench(t)
	b.down("wohngeld/start")
	b.hear("a", Down)
	b.m.failing = []string{"wohngeld/start"}
	b.hear("a", Up)
	b.wants("check_down opened alarm alert_down alert_up")
	b.hear("a", Down)
	b.m.failing = nil
	b.transition("wohngeld/start", checks.StatusUp, true)
	b.wants("check_down opened alarm alert_down alert_up alert_down check_up")
	b.hear("a", Up)
	b.wants("check_down opened alarm alert_down alert_up alert_down check_up alert_up recovered")
}

// TestAFailingCheckOutsideTheIncident: what was down before and never opened anything still delays the proposal, and then makes it.
func TestAFailingCheckOutsideTheIncident(t *testing.T) {
	b := newBench(t)
	b.m.failing = []string{"wohngeld/antrag"}
	b.hear("a", Down)
	b.hear("a", Up)
	b.wants("alert_down opened alarm alert_up")
	b.m.failing = nil
	b.transition("wohngeld/antrag", checks.StatusUp, true)
	b.wants("alert_down opened alarm alert_up check_up recovered")
}

func TestDegradedAndUpOpenNothing(t *testing.T) {
	b := newBench(t)
	if rec := b.hear("a", Degraded); rec.Incident != nil || len(b.m.inc) != 0 {
		t.Errorf("%+v", rec)
	}
	b.hear("a", Up)
	if len(b.m.inc) != 0 {
		t.Error("all clear opened an incident")
	}
	if _, err := b.act("", "anna", Open{Service: "wohngeld", Title: "von Hand"}, ""); err != nil {
		t.Fatal(err)
	}
	b.hear("a", Degraded)
	b.hear("a", Up) // it was never down: nothing to propose
	b.wants("opened alarm alert_degraded alert_up")
}

func TestReceiveBoundsWhatItHears(t *testing.T) {
	b := newBench(t)
	long := strings.Repeat("ä", 5000)
	a := Receive{Key: "k\x1b[31m", Service: "wohngeld", State: Down, Name: "N\nN", Message: text.Raw("\x1b]0;x\x07" + long), Link: "https://x/\r\n", Since: b.now.Add(-24 * 365 * time.Hour)}
	if _, err := b.act("", "icinga", a, ""); err != nil {
		t.Fatal(err)
	}
	e := b.m.entries[b.m.order[0]][0]
	if said := e.Message.In(text.English); strings.ContainsAny(said, "\x1b\r\n\x07") || len(said) > 3000 || !strings.HasPrefix(said, "N N reports") {
		t.Errorf("%q", said)
	}
	if inc := b.m.inc[b.m.order[0]]; !inc.Started.Equal(b.now) {
		t.Errorf("started %v", inc.Started)
	}
	var no *Refusal
	for _, a := range []Receive{
		{Service: "wohngeld", State: Down}, {Key: strings.Repeat("k", 500), Service: "wohngeld", State: Down},
		{Key: "k", Service: "nope", State: Down}, {Key: "k", State: Down}, {Key: "k", Service: "wohngeld", State: "odd"}, {Key: "k", Service: "wohngeld"},
	} {
		if _, err := b.act("", "icinga", a, ""); !errors.As(err, &no) {
			t.Errorf("%+v: %v", a, err)
		}
	}
}

func TestAlertOutsideHoursWaits(t *testing.T) {
	b := newBench(t)
	a := Receive{Key: "k", Service: "kfz", State: Down}
	if _, err := b.Act(t.Context(), Request{By: services.Person{Name: "icinga"}, Do: a}); err != nil {
		t.Fatal(err)
	}
	if len(b.m.alerts) != 0 {
		t.Errorf("alarm outside service hours: %+v", b.m.alerts)
	}
	b.now = time.Date(2026, 11, 23, 5, 0, 0, 0, time.UTC)
	if err := b.Tick(t.Context()); err != nil || len(b.m.alerts) == 0 {
		t.Errorf("at opening: %d alerts, %v", len(b.m.alerts), err)
	}
}

// TestAlertsInAnyOrder: whatever is heard in whatever order, there is one open incident at most, it is proposed to be resolved
// only while no key is down, and nothing but a person resolves it.
func TestAlertsInAnyOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := newBench(rt)
		stands := map[string]Standing{}
		for range rapid.IntRange(1, 30).Draw(rt, "n") {
			b.now = b.now.Add(time.Second)
			key := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(rt, "key")
			to := rapid.SampledFrom([]Standing{Up, Degraded, Down}).Draw(rt, "to")
			before := len(b.m.entries)
			b.hear(key, to)
			if before > 0 || to == Down {
				stands[key] = to
			}
			if len(b.m.inc) > 1 {
				rt.Fatalf("%d incidents", len(b.m.inc))
			}
			for _, inc := range b.m.inc {
				down := 0
				for _, s := range stands {
					if s == Down {
						down++
					}
				}
				if !inc.Open() || inc.Recovered.IsZero() != (down > 0) {
					rt.Fatalf("%d keys down, %+v", down, inc)
				}
			}
		}
	})
}

// TestDownAgainAlarmsAgain: who had it in hand may have left when it fails anew long after it was well.
func TestDownAgainAlarmsAgain(t *testing.T) {
	b := newBench(t)
	b.hear("a", Down)
	b.hear("a", Up)
	b.now = b.now.Add(quiet - time.Second)
	b.hear("a", Down)
	if len(b.m.alerts) != 1 {
		t.Errorf("%d alarms, want 1: it is the same trouble", len(b.m.alerts))
	}
	b.hear("a", Up)
	b.now = b.now.Add(quiet)
	b.hear("a", Down)
	if len(b.m.alerts) != 2 {
		t.Errorf("%d alarms, want 2", len(b.m.alerts))
	}
}
