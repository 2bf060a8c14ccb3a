package cli

import (
	"errors"
	"strings"
	"testing"
	"time"

	"lage/checks"
	"lage/incidents"
	"lage/internal/config"
	"lage/internal/text"
	"lage/services"
	"lage/store"
)

// TestPollerThatLostItsLeaseOpensNothing: a process that slept must not alarm about what it measured half asleep.
func TestPollerThatLostItsLeaseOpensNothing(t *testing.T) {
	s := openSession(t)
	s.force.Store(&config.Config{AutoOpen: true, Services: []services.Service{{ID: "form"}}, Checks: []checks.Check{{ID: "form/web", Service: "form"}}})
	p := &poller{s: s, kind: kindRun, say: func(text.Message) {}}
	down := checks.Transition{Check: "form/web", Service: "form", To: checks.StatusDown, At: time.Unix(1000, 0), Since: time.Unix(900, 0)}
	lease := func(owner string) store.Lease {
		t.Helper()
		l, err := s.store.AcquireLease(t.Context(), store.LeaseRequest{Kind: kindRun, Owner: owner, TTL: time.Hour})
		if err != nil || !l.Held {
			t.Fatal(l, err)
		}
		return l
	}
	old := lease("a")
	if err := s.store.ReleaseLease(t.Context(), old); err != nil {
		t.Fatal(err)
	}
	young := lease("b")
	if err := p.observe(nil, old.Epoch)(t.Context(), down, false); !errors.Is(err, store.ErrLeaseLost) {
		t.Errorf("%v", err)
	}
	if list, err := s.incidents(t.Context(), true); err != nil || len(list) != 0 {
		t.Errorf("the old poller opened %v %v", list, err)
	}
	if err := p.observe(nil, young.Epoch)(t.Context(), down, false); err != nil {
		t.Error(err)
	}
	if list, err := s.incidents(t.Context(), true); err != nil || len(list) != 1 {
		t.Errorf("the new poller opened %v %v", list, err)
	}
}

// TestAlarmFindsItsSecrets: whoever opens an incident by hand has no secrets; the alarm must reach its contact all the same.
func TestAlarmFindsItsSecrets(t *testing.T) {
	ops := services.Contact{ID: "ops", Via: []services.Channel{{Email: "a@example.org"}, {Command: []string{"sms", "s3cret"}}}}
	c := &config.Config{Contacts: map[string]services.Contact{"ops": ops}}
	for _, k := range []struct {
		key, contact string
		has          services.Channel
		want         string
	}{
		{"0:ops:1:op", "ops", services.Channel{Command: []string{"sms", "${env:TOKEN}"}}, "sms s3cret"},
		{"0:ops:0:op", "ops", services.Channel{Email: "${env:MAIL}"}, "a@example.org"},
		{"0:ops:1:op", "ops", services.Channel{Command: []string{"sms", "own"}}, "sms own"},
		{"0:ops:7:op", "ops", services.Channel{Email: "${env:MAIL}"}, "${env:MAIL}"},
		{"0:gone:0:op", "gone", services.Channel{Email: "${env:MAIL}"}, "${env:MAIL}"},
	} {
		got := channel(c, incidents.Alert{Key: k.key, Contact: k.contact, Channel: k.has})
		if s := got.Email + strings.Join(got.Command, " "); s != k.want {
			t.Errorf("%+v: %q", k, s)
		}
	}
}

// TestSecretsOfChannelsAreNotStored: what the Desk decides on is written down, so it must not hold a secret.
func TestSecretsOfChannelsAreNotStored(t *testing.T) {
	c := &config.Config{Secrets: []string{"s3cret"}, Contacts: map[string]services.Contact{
		"ops": {ID: "ops", Name: "Ops", Via: []services.Channel{{Email: "a@example.org"}, {Command: []string{"sms", "--token=s3cret"}}}},
	}}
	got := referring(c)["ops"]
	if got.Via[0].Email != "a@example.org" || strings.Contains(strings.Join(got.Via[1].Command, " "), "s3cret") {
		t.Errorf("%+v", got)
	}
	a := incidents.Alert{Key: "0:ops:1:op", Contact: "ops", Channel: got.Via[1]}
	if back := channel(c, a); strings.Join(back.Command, " ") != "sms --token=s3cret" {
		t.Errorf("the sender finds %v", back.Command)
	}
	if c.Contacts["ops"].Via[1].Command[1] != "--token=s3cret" {
		t.Error("the configuration itself was changed")
	}
}
