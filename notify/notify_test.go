package notify

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"lage/incidents"
	"lage/internal/clean"
	"lage/internal/text"
	"lage/services"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// box is an outbox and what became of its alerts, like the store: an alert stays due until its delivery is reported, and is
// given again after a minute.
type box struct {
	mu        sync.Mutex
	alerts    []incidents.Alert
	delivered []incidents.Delivery
	failing   int   // how many more times Deliver fails
	broken    error // what Take gives
	claimed   map[int64]time.Time
}

func (b *box) Take(_ context.Context, now time.Time, limit int) ([]incidents.Alert, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var due []incidents.Alert
	for _, a := range b.alerts {
		if !a.NextTry.After(now) && !b.claimed[a.ID].After(now) && len(due) < limit {
			due = append(due, a)
			if b.claimed == nil {
				b.claimed = map[int64]time.Time{}
			}
			b.claimed[a.ID] = now.Add(time.Minute)
		}
	}
	return due, b.broken
}

func (b *box) Deliver(_ context.Context, d incidents.Delivery) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failing > 0 {
		b.failing--
		return errors.New("disk is full, token=tok-secret")
	}
	b.delivered = append(b.delivered, d)
	delete(b.claimed, d.Alert.ID)
	i := slices.IndexFunc(b.alerts, func(a incidents.Alert) bool { return a.ID == d.Alert.ID })
	if d.Sent || d.GiveUp {
		b.alerts = slices.Delete(b.alerts, i, i+1)
	} else {
		b.alerts[i].Tries++
		b.alerts[i].NextTry = d.NextTry
	}
	return nil
}

func (b *box) outcomes() []incidents.Delivery {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.delivered)
}

// alert makes an alert that is due now. Each command is a channel of its own.
func alert(id int64, channel string) incidents.Alert {
	return incidents.Alert{ID: id, Incident: fmt.Sprintf("INC-2026-%03d", 30+id), Contact: "ops", Channel: services.Channel{Command: []string{channel}},
		Subject: text.Raw("Ausfall"), Body: text.Raw("Wohngeld: gestört"), Created: time.Now(), NextTry: time.Now(), Key: fmt.Sprint("key-", id)}
}

// running runs a notifier in a synctest bubble for as long as f takes.
func running(t *testing.T, n *Notifier, b *box, wake <-chan struct{}, f func()) {
	t.Helper()
	n.Outbox, n.Report, n.Now = b, b, time.Now
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); n.Run(ctx, wake) }()
	f()
	stop()
	<-done
}

func TestSentAndReported(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &box{alerts: []incidents.Alert{alert(1, "a"), alert(2, "b")}}
		n := &Notifier{send: func(context.Context, incidents.Alert) error { return nil }}
		running(t, n, b, nil, func() { time.Sleep(3 * time.Second) })
		if got := b.outcomes(); len(got) != 2 || !got[0].Sent || !got[1].Sent || got[0].At.IsZero() {
			t.Errorf("got %+v", got)
		}
	})
}

func TestWakesAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &box{}
		n := &Notifier{send: func(context.Context, incidents.Alert) error { return nil }}
		wake := make(chan struct{})
		running(t, n, b, wake, func() {
			synctest.Wait()
			b.mu.Lock()
			b.alerts = append(b.alerts, alert(1, "a"))
			b.mu.Unlock()
			wake <- struct{}{}
			synctest.Wait() // no time passes
			if len(b.outcomes()) != 1 {
				t.Error("waking did not send")
			}
		})
	})
}

func TestBacksOffAndGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &box{alerts: []incidents.Alert{alert(1, "a")}}
		began := time.Now()
		n := &Notifier{send: func(context.Context, incidents.Alert) error { return errors.New("no route") }}
		running(t, n, b, nil, func() { time.Sleep(3 * time.Hour) })
		got := b.outcomes()
		last := got[len(got)-1]
		if !last.GiveUp || last.Sent || last.Reason.IsZero() {
			t.Fatalf("last outcome: %+v", last)
		}
		if late := last.At.Sub(began); late < giveUpAfter-longPause*2 || late > giveUpAfter {
			t.Errorf("given up after %v", late)
		}
		for i, d := range got[:len(got)-1] {
			if d.GiveUp || d.Sent {
				t.Fatalf("outcome %d: %+v", i, d)
			}
			want := min(firstPause<<i, longPause)
			if pause := d.NextTry.Sub(d.At); pause < want*8/10 || pause > want*12/10 {
				t.Errorf("pause %d is %v, want about %v", i, pause, want)
			}
			if next := got[i+1].At; next.Before(d.NextTry) || next.After(d.NextTry.Add(2*takeEvery)) {
				t.Errorf("try %d came at %v, due at %v", i+1, next, d.NextTry)
			}
		}
	})
}

func TestFinalRefusalIsGivenUpSoon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &box{alerts: []incidents.Alert{alert(1, "a")}}
		n := &Notifier{send: func(context.Context, incidents.Alert) error { return &failure{code: "notify.no_mail", final: true} }}
		running(t, n, b, nil, func() { time.Sleep(time.Minute) })
		if got := b.outcomes(); len(got) != fewestTries || !got[2].GiveUp {
			t.Errorf("got %+v", got)
		}
	})
}

func TestOldAlertIsStillTried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := alert(1, "a")
		a.Created = a.Created.Add(-5 * time.Hour) // nobody was there to send it
		b := &box{alerts: []incidents.Alert{a}}
		tries := 0
		n := &Notifier{send: func(context.Context, incidents.Alert) error {
			if tries++; tries < fewestTries {
				return errors.New("busy")
			}
			return nil
		}}
		running(t, n, b, nil, func() { time.Sleep(time.Minute) })
		if got := b.outcomes(); len(got) != fewestTries || !got[fewestTries-1].Sent {
			t.Errorf("got %+v", got)
		}
	})
}

func TestStuckChannelDelaysNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &box{}
		for i := range 50 {
			b.alerts = append(b.alerts, alert(int64(i+1), "stuck"))
		}
		b.alerts = append(b.alerts, alert(100, "fine"), alert(101, "fine"))
		var mu sync.Mutex
		now, most := 0, 0
		n := &Notifier{send: func(ctx context.Context, a incidents.Alert) error {
			if a.Channel.Command[0] == "fine" {
				return nil
			}
			mu.Lock()
			now++
			most = max(most, now)
			mu.Unlock()
			<-ctx.Done()
			mu.Lock()
			now--
			mu.Unlock()
			return ctx.Err()
		}}
		running(t, n, b, nil, func() {
			synctest.Wait() // no time passes
			if got := b.outcomes(); len(got) != 2 {
				t.Errorf("%d sent at once, want the 2 of the other channel", len(got))
			}
			time.Sleep(sendLimit + time.Second)
			for _, d := range b.outcomes() {
				if d.Alert.ID < 100 && (d.Sent || d.Reason.Code != "notify.timeout") {
					t.Errorf("got %+v", d)
				}
			}
		})
		if most != perChannel {
			t.Errorf("%d sends at a time through one channel", most)
		}
	})
}

func TestNothingIsSentTwiceWhileTheStoreFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &box{alerts: []incidents.Alert{alert(1, "a")}, failing: 5}
		sent := 0
		var problems []string
		n := &Notifier{Redact: clean.NewRedactor("tok-secret"), send: func(context.Context, incidents.Alert) error { sent++; return nil },
			Problem: func(m text.Message) { problems = append(problems, m.In(text.German)) }}
		running(t, n, b, nil, func() { time.Sleep(5 * time.Minute) })
		if sent != 1 || len(b.outcomes()) != 1 || len(problems) != 5 {
			t.Errorf("sent %d times, %d outcomes, %d problems", sent, len(b.outcomes()), len(problems))
		}
		if strings.Contains(problems[0], "tok-secret") || !strings.Contains(problems[0], "disk is full") {
			t.Errorf("problem: %q", problems[0])
		}
	})
}

func TestOutboxThatCannotBeRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &box{broken: errors.New("database is locked")}
		var problems []text.Message
		n := &Notifier{Problem: func(m text.Message) { problems = append(problems, m) }}
		running(t, n, b, nil, func() { time.Sleep(2500 * time.Millisecond) })
		if len(problems) != 3 || !strings.Contains(problems[0].In(text.English), "database is locked") {
			t.Errorf("got %v", problems)
		}
	})
}

func TestEndWaitsForSendsUnderWay(t *testing.T) {
	for name, c := range map[string]struct {
		takes time.Duration
		sent  bool
	}{"soon over": {3 * time.Second, true}, "stuck": {time.Hour, false}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := &box{alerts: []incidents.Alert{alert(1, "a"), alert(2, "a"), alert(3, "a")}}
				n := &Notifier{send: func(ctx context.Context, _ incidents.Alert) error {
					select {
					case <-time.After(c.takes):
						return nil
					case <-ctx.Done():
						return ctx.Err()
					}
				}}
				var told time.Time
				running(t, n, b, nil, func() { synctest.Wait(); told = time.Now() })
				if took := time.Since(told); took > endGrace {
					t.Errorf("ended after %v", took)
				}
				if got := b.outcomes(); len(got) == perChannel != c.sent || len(got) > perChannel {
					t.Errorf("got %+v", got)
				}
			})
		})
	}
}

func TestReasonHoldsNoSecret(t *testing.T) {
	n := &Notifier{Redact: clean.NewRedactor("tok-secret"), Mail: &Mail{Password: "mail-secret"}}
	for _, err := range []error{
		errors.New("Post \"https://hooks.example/tok-secret?k=mail-secret\": refused\nsecond \x1b[31mline"),
		&failure{code: "notify.unreachable", args: []any{"tok-secret.example:25"}, detail: "mail-secret refused"},
		&failure{code: "notify.smtp_login", args: []any{535}, detail: "user mail-secret tok%2Dsecret tok-secret unknown"},
		&failure{code: "notify.failed", detail: strings.Repeat("x", 5000)},
	} {
		m := n.reason(t.Context(), err)
		for _, l := range []text.Lang{text.German, text.English} {
			s := m.In(l)
			if strings.Contains(s, "secret") && !strings.Contains(s, "tok%2Dsecret") || strings.ContainsAny(s, "\n\x1b") || len(s) > 500 || s == "" {
				t.Errorf("%q", s)
			}
		}
	}
}

func TestBackoffStaysInBounds(t *testing.T) {
	for tries := 1; tries < 200; tries++ {
		if d := backoff(tries); d < firstPause*8/10 || d > longPause*12/10 {
			t.Errorf("backoff(%d) = %v", tries, d)
		}
	}
}

func TestSendWithoutOutbox(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fails := 2
		n := &Notifier{Now: time.Now, send: func(context.Context, incidents.Alert) error {
			if fails--; fails >= 0 {
				return errors.New("busy")
			}
			return nil
		}}
		if err := n.Send(t.Context(), alert(0, "a")); err != nil {
			t.Error(err)
		}
		fails = 100
		var failed *Failed
		if err := n.Send(t.Context(), alert(0, "a")); !errors.As(err, &failed) || fails != 97 {
			t.Errorf("%v after %d tries", err, 100-fails)
		}
	})
}
