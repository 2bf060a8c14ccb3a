package notify

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"lage/incidents"
	"lage/internal/text"
)

// post keeps what was sent when.
type post struct {
	mu   sync.Mutex
	sent []incidents.Alert
	at   []time.Time
}

func (p *post) take(a incidents.Alert) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent, p.at = append(p.sent, a), append(p.at, time.Now())
}

// all gives what was sent so far.
func (p *post) all() []incidents.Alert {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.sent)
}

// Ten thousand alarms in a minute are three messages in five minutes on each route, and every alarm is told of and reported
// once.
func TestTenThousandAlarmsInAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const many = 10_000
		b, p := &box{}, &post{}
		n := &Notifier{send: func(_ context.Context, a incidents.Alert) error { p.take(a); return nil }}
		running(t, n, b, nil, func() {
			for second := range 60 {
				b.mu.Lock()
				for i := second * many / 60; i < (second+1)*many/60; i++ {
					b.alerts = append(b.alerts, alert(int64(i+1), []string{"a", "b"}[i%2]))
				}
				b.mu.Unlock()
				time.Sleep(time.Second)
			}
			time.Sleep(11 * time.Minute)
		})
		perRoute := map[string][]time.Time{}
		told := map[string]bool{}
		for i, a := range p.sent {
			c := a.Channel.Command[0]
			perRoute[c] = append(perRoute[c], p.at[i])
			for key := range strings.FieldsSeq(a.Key) {
				if told[key] {
					t.Errorf("%s was sent twice", key)
				}
				told[key] = true
			}
		}
		for route, at := range perRoute {
			for i := routeLimit; i < len(at); i++ {
				if at[i].Sub(at[i-routeLimit]) < routeWindow {
					t.Errorf("%s: four messages between %v and %v", route, at[i-routeLimit], at[i])
				}
			}
		}
		if len(told) != many || len(perRoute) != 2 || len(p.sent) > 2*3*routeLimit {
			t.Errorf("%d alarms told in %d messages", len(told), len(p.sent))
		}
		reported := map[int64]bool{}
		for _, d := range b.outcomes() {
			reported[d.Alert.ID] = reported[d.Alert.ID] || d.Sent
		}
		if len(reported) != many || len(b.outcomes()) != many {
			t.Errorf("%d reports about %d alarms", len(b.outcomes()), len(reported))
		}
	})
}

// What comes from one cause is one message; what comes after it waits until five minutes have passed.
func TestOneMessagePerCause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, p := &box{alerts: []incidents.Alert{alert(1, "a"), alert(2, "a"), alert(3, "a")}}, &post{}
		n := &Notifier{Cause: func(a incidents.Alert) string {
			if a.ID == 3 {
				return ""
			}
			return "INC-2026-031"
		}, send: func(_ context.Context, a incidents.Alert) error { p.take(a); return nil }}
		running(t, n, b, nil, func() {
			time.Sleep(2 * time.Second)
			if len(p.all()) != 2 || !slices.ContainsFunc(p.all(), func(a incidents.Alert) bool { return a.Key == "key-1 key-2" }) {
				t.Fatalf("sent %+v", p.all())
			}
			b.mu.Lock()
			later := alert(2, "a")
			later.Key = "again"
			b.alerts = append(b.alerts, later)
			b.mu.Unlock()
			time.Sleep(4 * time.Minute)
			if len(p.all()) != 2 {
				t.Errorf("told twice of one cause: %+v", p.all())
			}
			time.Sleep(2 * time.Minute)
			if len(p.all()) != 3 {
				t.Errorf("never told: %+v", p.all())
			}
		})
	})
}

// What did not arrive does not count, and is tried again as ever.
func TestFailedMessagesDoNotCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &box{}
		for i := range 20 {
			b.alerts = append(b.alerts, alert(int64(i+1), "a"))
		}
		var tries atomic.Int32
		n := &Notifier{send: func(context.Context, incidents.Alert) error {
			if tries.Add(1) <= 30 {
				return errors.New("busy")
			}
			return nil
		}}
		running(t, n, b, nil, func() { time.Sleep(time.Hour) })
		sent := 0
		for _, d := range b.outcomes() {
			if d.Sent {
				sent++
			}
		}
		if sent != 20 {
			t.Errorf("%d of 20 alarms arrived", sent)
		}
	})
}

func TestParcelsWords(t *testing.T) {
	p := &parcel{}
	for i := range 30 {
		a := alert(int64(i+1), "a")
		a.Subject = text.Raw(fmt.Sprint("Dienst ", i+1, " gestört"))
		p.alerts = append(p.alerts, a)
	}
	n := &Notifier{Lang: text.English}
	subject, body := n.words(p.alert(text.English))
	if !strings.HasPrefix(subject, "30 incidents at once") || !strings.Contains(subject, "Dienst 1 ") {
		t.Errorf("%q", subject)
	}
	if !strings.Contains(body, "[INC-2026-050]") || strings.Contains(body, "[INC-2026-051]") || !strings.Contains(body, "and 10 more") {
		t.Errorf("%q", body)
	}
	same := &parcel{alerts: []incidents.Alert{alert(4, "a"), alert(4, "a")}}
	if got := same.alert(text.German); got.Incident != "INC-2026-034" || got.Subject.In(text.German) != "Ausfall" {
		t.Errorf("%+v", got)
	}
}

// one makes the parcel of a single alert.
func one(a incidents.Alert) *parcel { return &parcel{alerts: []incidents.Alert{a}} }
