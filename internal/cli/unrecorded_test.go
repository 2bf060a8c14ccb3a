package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lage/checks"
	"lage/incidents"
	"lage/internal/config"
	"lage/internal/text"
	"lage/notify"
	"lage/services"
)

// fullDisk is a journal that can be read and takes nothing.
type fullDisk struct {
	incidents.Journal
	full bool
}

func (j *fullDisk) Record(ctx context.Context, d incidents.Decision) (incidents.Recorded, error) {
	if j.full {
		return incidents.Recorded{}, errors.New("no space left")
	}
	return j.Journal.Record(ctx, d)
}

// TestOutageOnAFullDiskIsAlarmed: people are alarmed once although nothing can be stored, and the incident follows.
func TestOutageOnAFullDiskIsAlarmed(t *testing.T) {
	s := openSession(t)
	letter := filepath.Join(t.TempDir(), "letter")
	s.force.Store(&config.Config{AutoOpen: true,
		Services: []services.Service{{ID: "form", Escalation: []services.Stage{{Notify: []string{"ops"}}}}},
		Checks:   []checks.Check{{ID: "form/web", Service: "form"}},
		Contacts: map[string]services.Contact{"ops": {ID: "ops", Name: "Ops", Via: []services.Channel{{Command: []string{"sh", "-c", "cat >> " + letter}}}}}})
	now := time.Unix(1000, 0)
	s.app.env.Now = func() time.Time { return now }
	disk := &fullDisk{Journal: s.store, full: true}
	s.desk.Journal = disk
	said := make(chan text.Message, 10)
	p := &poller{s: s, kind: kindRun, say: func(m text.Message) { said <- m }}
	see := p.observe(&notify.Notifier{Now: time.Now, Lang: text.English}, 0)
	down := checks.Transition{Check: "form/web", Service: "form", To: checks.StatusDown, At: now, Since: now, Message: text.Raw("HTTP 503")}
	for range 30 {
		if err := see(t.Context(), down, false); err == nil {
			t.Fatal("stored on a full disk")
		}
		now = now.Add(time.Second)
	}
	if m := <-said; m.Code != "cli.poll_unrecorded" {
		t.Error(m.In(text.English))
	}
	body, err := os.ReadFile(letter)
	if err != nil || strings.Count(string(body), "HTTP 503") != 1 || !strings.Contains(string(body), "takes nothing") {
		t.Errorf("%s %v", body, err)
	}
	if len(said) != 0 {
		t.Error("alarmed again")
	}
	disk.full = false
	if err := see(t.Context(), down, false); err != nil {
		t.Error(err)
	}
	if list, err := s.incidents(t.Context(), false); err != nil || len(list) != 1 || list[0].Stage != 1 {
		t.Errorf("%+v %v", list, err)
	}
}

// TestTroubleIsSaidOnce: each kind once for as long as it lasts, and its end.
func TestTroubleIsSaidOnce(t *testing.T) {
	var said []string
	p := &poller{s: openSession(t), say: func(m text.Message) { said = append(said, m.Code) }}
	full := errors.New("no space left")
	for _, err := range []error{nil, full, full, full, nil, nil, full} {
		p.complain("cli.poll_trouble", "cli.poll_trouble_over", err)
	}
	p.complain("cli.poll_tick", "cli.poll_tick_over", full)
	if got := strings.Join(said, " "); got != "cli.poll_trouble cli.poll_trouble_over cli.poll_trouble cli.poll_tick" {
		t.Error(got)
	}
}
