package incidents

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lage/checks"
	"lage/internal/text"
	"lage/runbooks"
	"lage/services"
)

var start = time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)

// bench is a Desk on a memory journal with a clock that tests move.
type bench struct {
	*Desk
	m   *memory
	now time.Time
	t   interface {
		Helper()
		Fatalf(string, ...any)
	}
}

func newBench(t interface {
	Helper()
	Fatalf(string, ...any)
}) *bench {
	b := &bench{m: newMemory(), now: start, t: t}
	hours, err := services.ParseHours("Mo-Fr 06:00-22:00")
	if err != nil {
		t.Fatalf("%v", err)
	}
	mail := services.Contact{ID: "ops", Name: "Rufbereitschaft", Via: []services.Channel{{Email: "ops@example.org"}}}
	head := services.Contact{ID: "head", Name: "Leitung", Via: []services.Channel{{Command: []string{"/bin/sms"}}}}
	stages := []services.Stage{{Notify: []string{"ops"}}, {After: 15 * time.Minute, Notify: []string{"head"}}}
	plan := Plan{
		Services: []services.Service{{ID: "wohngeld", Name: services.Name{De: "Wohngeld online"}, Escalation: stages, Runbook: "wohngeld-503"}, {ID: "kfz", Hours: hours, Escalation: stages}},
		Checks:   []checks.Check{{ID: "wohngeld/start", Service: "wohngeld"}, {ID: "wohngeld/antrag", Service: "wohngeld"}, {ID: "kfz/web", Service: "kfz"}},
		Contacts: map[string]services.Contact{"ops": mail, "head": head},
		AutoOpen: true, Zone: time.FixedZone("CET", 3600), Lang: text.German,
	}
	b.Desk = &Desk{Journal: b.m, Now: func() time.Time { return b.now }, Plan: func() Plan { return plan }}
	return b
}

func (b *bench) down(check string) {
	b.t.Helper()
	b.transition(check, checks.StatusDown, false)
}

func (b *bench) transition(check string, to checks.Status, allUp bool) {
	b.t.Helper()
	svc, _, _ := strings.Cut(check, "/")
	tr := checks.Transition{Check: check, Service: svc, To: to, At: b.now, Since: b.now.Add(-90 * time.Second), Message: text.Raw("HTTP 503")}
	if err := b.Observe(context.Background(), tr, allUp); err != nil {
		b.t.Fatalf("observe: %v", err)
	}
}

func (b *bench) act(record string, who string, a Action, seen State) (Recorded, error) {
	return b.Act(context.Background(), Request{Record: record, Seen: seen, By: services.Person{Name: who}, Do: a})
}

func (b *bench) kinds(record string) []Kind {
	var out []Kind
	for _, e := range b.m.entries[record] {
		out = append(out, e.Kind)
	}
	return out
}

func TestOutageOpensAlarmsAndDatesBack(t *testing.T) {
	b := newBench(t)
	b.down("wohngeld/start")
	inc := b.m.inc["INC-2026-001"]
	if inc.State != Detected || inc.Title != "Wohngeld online" || !inc.Started.Equal(start.Add(-90*time.Second)) {
		t.Fatalf("incident %+v", inc)
	}
	want := []Kind{KindCheckDown, KindOpened, KindAlarm}
	if got := b.kinds(inc.ID); !slices.Equal(got, want) {
		t.Errorf("entries %v, want %v", got, want)
	}
	if len(b.m.alerts) != 1 || b.m.alerts[0].Contact != "ops" || b.m.alerts[0].Incident != inc.ID {
		t.Errorf("alerts %+v", b.m.alerts)
	}
	b.transition("wohngeld/start", checks.StatusDown, false) // the same transition again, after a crash
	if got := b.kinds(inc.ID); !slices.Equal(got, want) {
		t.Errorf("observed twice: %v", got)
	}
}

func TestEscalationUntilAcknowledged(t *testing.T) {
	b := newBench(t)
	b.down("wohngeld/start")
	tick := func(after time.Duration) int {
		b.now = start.Add(after)
		if err := b.Tick(context.Background()); err != nil {
			t.Fatal(err)
		}
		return len(b.m.alerts)
	}
	if n := tick(14 * time.Minute); n != 1 {
		t.Errorf("%d alerts before the second stage", n)
	}
	if n := tick(15 * time.Minute); n != 2 {
		t.Errorf("%d alerts at the second stage", n)
	}
	if n := tick(time.Hour); n != 2 {
		t.Errorf("%d alerts after the last stage", n)
	}
}

func TestAcknowledgeStopsEscalation(t *testing.T) {
	b := newBench(t)
	b.down("wohngeld/start")
	if _, err := b.act("INC-2026-001", "M. Krause", Acknowledge{}, Detected); err != nil {
		t.Fatal(err)
	}
	b.now = start.Add(time.Hour)
	if err := b.Tick(context.Background()); err != nil || len(b.m.alerts) != 1 {
		t.Errorf("alerts %d, %v", len(b.m.alerts), err)
	}
	if inc := b.m.inc["INC-2026-001"]; inc.Lead != "M. Krause" || inc.State != Acknowledged {
		t.Errorf("%+v", inc)
	}
}

func TestSlowerEngineerIsTold(t *testing.T) {
	b := newBench(t)
	b.down("wohngeld/start")
	if _, err := b.act("INC-2026-001", "M. Krause", Acknowledge{}, Detected); err != nil {
		t.Fatal(err)
	}
	_, err := b.act("INC-2026-001", "J. Yılmaz", Acknowledge{}, Detected)
	if !errors.Is(err, ErrStale) || !strings.Contains(err.Error(), "M. Krause") {
		t.Errorf("second acknowledge: %v", err)
	}
	if _, err := b.act("INC-2026-001", "M. Krause", Acknowledge{}, ""); err != nil {
		t.Errorf("one's own acknowledge again: %v", err)
	}
	if _, err := b.act("INC-2026-001", "J. Yılmaz", Acknowledge{}, Acknowledged); err != nil || b.m.inc["INC-2026-001"].Lead != "J. Yılmaz" {
		t.Errorf("taking over knowingly: %v", err)
	}
	if _, err := b.act("INC-2026-001", "M. Krause", Resolve{}, Detected); !errors.Is(err, ErrStale) {
		t.Errorf("resolve on an old picture: %v", err)
	}
}

func TestClosedServiceWaitsWithItsAlarm(t *testing.T) {
	b := newBench(t) // 03:00 local: kfz opens at 06:00
	b.down("kfz/web")
	if len(b.m.alerts) != 0 || b.m.inc["INC-2026-001"].State != Detected {
		t.Fatalf("alarm outside service hours: %+v", b.m.alerts)
	}
	b.now = time.Date(2026, 11, 23, 5, 0, 0, 0, time.UTC)
	if err := b.Tick(context.Background()); err != nil || len(b.m.alerts) != 1 {
		t.Errorf("at opening: %d alerts, %v", len(b.m.alerts), err)
	}
}

func TestRecoveryProposesAndNewFailureJoins(t *testing.T) {
	b := newBench(t)
	b.down("wohngeld/start")
	b.now = b.now.Add(time.Minute)
	b.down("wohngeld/antrag")
	b.now = b.now.Add(time.Minute)
	b.transition("wohngeld/start", checks.StatusUp, false)
	if !b.m.inc["INC-2026-001"].Recovered.IsZero() {
		t.Fatal("recovered while a check is down")
	}
	b.now = b.now.Add(time.Minute)
	b.transition("wohngeld/antrag", checks.StatusUp, true)
	inc := b.m.inc["INC-2026-001"]
	if inc.Recovered.IsZero() || !inc.Open() {
		t.Fatalf("recovery: %+v", inc)
	}
	b.now = b.now.Add(time.Minute)
	b.down("wohngeld/start")
	inc = b.m.inc["INC-2026-001"]
	if !inc.Recovered.IsZero() || len(b.m.inc) != 1 {
		t.Errorf("new failure: %+v", b.m.inc)
	}
	if _, err := b.act(inc.ID, "M. Krause", Resolve{Cause: "Pool voll"}, ""); err != nil {
		t.Fatal(err)
	}
	b.now = b.now.Add(time.Minute)
	b.down("wohngeld/antrag")
	if len(b.m.inc) != 2 {
		t.Errorf("a failure after resolving opens a new incident, have %d", len(b.m.inc))
	}
}

func TestOpenByHandJoins(t *testing.T) {
	b := newBench(t)
	first, err := b.act("", "M. Krause", Open{Service: "wohngeld", Title: "Bürgerin meldet Fehler"}, "")
	if err != nil || first.Incident.ID != "INC-2026-001" {
		t.Fatal(first, err)
	}
	again, err := b.act("", "J. Yılmaz", Open{Service: "wohngeld", Title: "noch einer"}, "")
	if err != nil || again.Incident.ID != "INC-2026-001" || len(b.m.inc) != 1 {
		t.Errorf("%+v %v", again, err)
	}
	b.down("wohngeld/start")
	if len(b.m.inc) != 1 {
		t.Error("a transition opened a second incident of the service")
	}
	if _, err := b.act("", "x", Open{Service: "gibtsnicht", Title: "x"}, ""); err == nil || !strings.Contains(err.Error(), "wohngeld, kfz") {
		t.Errorf("unknown service: %v", err)
	}
}

func TestGivenUpAlarmGoesToTheNextStage(t *testing.T) {
	b := newBench(t)
	b.down("wohngeld/start")
	a := b.m.alerts[0]
	if err := b.Deliver(context.Background(), Delivery{Alert: a, At: b.now, GiveUp: true, Reason: text.Raw("kein Netz")}); err != nil {
		t.Fatal(err)
	}
	if len(b.m.alerts) != 2 || b.m.alerts[1].Contact != "head" {
		t.Errorf("%+v", b.m.alerts)
	}
}

func TestYearOfTheZone(t *testing.T) {
	b := newBench(t)
	b.now = time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC) // 00:30 on 1 January in the zone
	b.down("wohngeld/start")
	if _, ok := b.m.inc["INC-2027-001"]; !ok {
		t.Errorf("%v", b.m.order)
	}
}

func book(t *testing.T) *runbooks.Runbook {
	t.Helper()
	return runbooks.Parse("wohngeld-503", "wohngeld-503.md", []byte("# Wohngeld\n\n1. Zählen\n\n   ```sh\n   df -h\n   ```\n\n2. Prüfen\n"))
}

func TestWalkingForAnIncidentAndWithoutOne(t *testing.T) {
	for _, record := range []string{"INC-2026-001", ""} {
		b := newBench(t)
		b.down("wohngeld/start")
		rec, err := b.act(record, "M. Krause", StartWalk{Runbook: book(t), Asset: "wg-db1", Reason: "Patchen"}, "")
		if err != nil {
			t.Fatal(err)
		}
		w := rec.Walk
		on := record
		if on == "" {
			on = w.ID
		}
		step := runbooks.Flat(book(t))[0].Step.ID
		mark := func(who string, to, seen runbooks.StepStatus, reason string) error {
			_, err := b.Act(context.Background(), Request{Record: on, Walk: w.ID, By: services.Person{Name: who}, Do: MarkStep{Step: step, Title: "Zählen", To: to, Seen: seen, Reason: reason}})
			return err
		}
		if err := mark("M. Krause", runbooks.StepSkipped, "", ""); err == nil {
			t.Error("skipped without a reason")
		}
		if err := mark("M. Krause", runbooks.StepDone, "", ""); err != nil {
			t.Fatal(err)
		}
		if err := mark("J. Yılmaz", runbooks.StepFailed, "", "x"); !errors.Is(err, ErrStale) {
			t.Errorf("slower mark: %v", err)
		}
		st := b.m.walks[w.ID].Steps[step]
		if e := b.m.entries[on][st.Seq-1]; e.Kind != KindStepDone || e.Step != step {
			t.Errorf("the mark names entry %d, which is %+v", st.Seq, e)
		}
	}
}

func TestOneCommandRunsOnce(t *testing.T) {
	b := newBench(t)
	rec, err := b.act("", "M. Krause", StartWalk{Runbook: book(t), Asset: "wg-db1", Reason: "Patchen"}, "")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	ok := 0
	for i := range 20 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			_, err := b.Act(context.Background(), Request{Record: rec.Walk.ID, Walk: rec.Walk.ID, By: services.Person{Name: "p"},
				Do: CommandStarted{Step: "s", Run: string(rune('a' + i)), Command: CommandRun{Command: "true"}}})
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				ok++
			}
		}()
	}
	wg.Wait()
	if ok != 1 {
		t.Errorf("%d of 20 confirmations ran the command, want 1", ok)
	}
}

func TestNotesAreCleanedAndNotCut(t *testing.T) {
	b := newBench(t)
	b.down("wohngeld/start")
	if _, err := b.act("INC-2026-001", "x", Note{Text: "a\x1b]0;pwned\x07b\nzweite"}, ""); err != nil {
		t.Fatal(err)
	}
	es := b.m.entries["INC-2026-001"]
	if got := es[len(es)-1].Message.In(text.German); strings.ContainsAny(got, "\x1b\x07") || !strings.Contains(got, "zweite") {
		t.Errorf("%q", got)
	}
	if _, err := b.act("INC-2026-001", "x", Note{Text: strings.Repeat("x", maxNote+1)}, ""); err == nil {
		t.Error("a note over the limit was taken")
	}
	if _, err := b.act("INC-2026-001", "x", Note{Text: " \n "}, ""); err == nil {
		t.Error("an empty note was taken")
	}
}

// TestRandomSequencesKeepTheInvariants drives the Desk with random actions of people, checks and time.
func TestRandomSequencesKeepTheInvariants(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := newBench(rt)
		people := []string{"A", "B"}
		for range rapid.IntRange(1, 40).Draw(rt, "n") {
			b.now = b.now.Add(time.Duration(rapid.IntRange(1, 1000).Draw(rt, "s")) * time.Second)
			before := snapshot(b.m)
			randomAct(rt, b, people)
			checkInvariants(rt, b.m, before)
		}
	})
}

func randomAct(rt *rapid.T, b *bench, people []string) {
	check := rapid.SampledFrom([]string{"wohngeld/start", "wohngeld/antrag", "kfz/web"}).Draw(rt, "check")
	who := rapid.SampledFrom(people).Draw(rt, "who")
	record := "INC-2026-001"
	if len(b.m.order) > 0 {
		record = rapid.SampledFrom(b.m.order).Draw(rt, "record")
	}
	seen := rapid.SampledFrom(append(States(), "")).Draw(rt, "seen")
	switch rapid.IntRange(0, 7).Draw(rt, "what") {
	case 0:
		b.down(check)
	case 1:
		b.transition(check, checks.StatusUp, rapid.Bool().Draw(rt, "allup"))
	case 2:
		_, _ = b.act(record, who, Acknowledge{}, seen)
	case 3:
		_, _ = b.act(record, who, Note{Text: "n"}, seen)
	case 4:
		_, _ = b.act(record, who, ChangeState{To: rapid.SampledFrom(States()).Draw(rt, "to")}, seen)
	case 5:
		_, _ = b.act(record, who, Resolve{Cause: "c"}, seen)
	case 6:
		_ = b.Tick(context.Background())
	case 7:
		_, _ = b.act("", who, Open{Service: "wohngeld", Title: "t"}, "")
	}
}

func snapshot(m *memory) map[string]Incident {
	out := map[string]Incident{}
	for k, v := range m.inc {
		out[k] = v
	}
	return out
}

func checkInvariants(rt *rapid.T, m *memory, before map[string]Incident) {
	open := map[string]int{}
	for id, i := range m.inc {
		old, existed := before[id]
		if i.Open() {
			open[i.Service]++
		}
		if existed && i.Version < old.Version || existed && i.Version == old.Version && i.State != old.State {
			rt.Fatalf("%s changed without a version: %+v -> %+v", id, old, i)
		}
		if i.State != Detected && i.Lead == "" {
			rt.Fatalf("%s is %s and nobody leads it", id, i.State)
		}
		if i.State == Resolved {
			es := m.entries[id]
			if !slices.ContainsFunc(es, func(e Entry) bool { return e.Kind == KindResolved && !e.Who.IsSystem() }) {
				rt.Fatalf("%s is resolved, but no person did it", id)
			}
			if existed && old.State == Resolved && i.State != old.State {
				rt.Fatalf("%s came back from resolved", id)
			}
		}
		if i.Version != int64(0) && len(m.entries[id]) == 0 {
			rt.Fatalf("%s changed without an entry", id)
		}
	}
	for s, n := range open {
		if n > 1 {
			rt.Fatalf("service %s has %d open incidents", s, n)
		}
	}
}

func TestAssess(t *testing.T) {
	mk := func(st ...checks.Status) []CheckPicture {
		var out []CheckPicture
		for _, s := range st {
			out = append(out, CheckPicture{State: checks.State{Status: s}})
		}
		return out
	}
	const u, d, g, f, x = checks.StatusUp, checks.StatusDown, checks.StatusDegraded, checks.StatusFlapping, checks.StatusUnknown
	for _, c := range []struct {
		in   []CheckPicture
		want Standing
	}{
		{mk(), Unknown}, {mk(u, u), Up}, {mk(d, d), Down}, {mk(d, u), Partial}, {mk(g, u), Degraded}, {mk(f, g), Flapping},
		{mk(x, u), Unknown}, {mk(x, g), Degraded}, {mk(d, x), Partial}, {mk(d), Down}, {mk(""), Unknown},
	} {
		if got, _ := Stand(c.in); got != c.want {
			t.Errorf("%v: %s, want %s", c.in, got, c.want)
		}
	}
}

// fakeRunner ends every run at once with a fixed exit code.
type fakeRunner struct {
	code    int
	out     string
	started int
}

func (f *fakeRunner) NewID() string                                                { f.started++; return "run" + string(rune('0'+f.started)) }
func (f *fakeRunner) Start(context.Context, Command) error                         { return nil }
func (f *fakeRunner) StartOn(context.Context, Command, io.Reader, io.Writer) error { return nil }
func (f *fakeRunner) Preview(Command) (Preview, error) {
	return Preview{Host: "here", Dir: "/srv"}, nil
}
func (f *fakeRunner) Answers(*runbooks.Runbook, string) map[string]runbooks.Answer {
	return map[string]runbooks.Answer{}
}
func (f *fakeRunner) State(context.Context, string) (RunState, error) {
	return RunState{Ended: true, Output: f.out, Result: CommandRun{Outcome: "exited", ExitCode: f.code, Bytes: int64(len(f.out))}}, nil
}
func (f *fakeRunner) Stop(string, bool) error { return nil }

func TestRunWritesBeforeAndAfterOnce(t *testing.T) {
	for _, c := range []struct {
		code  int
		block runbooks.Block
		more  bool
		want  runbooks.StepStatus
	}{
		{0, runbooks.Block{Text: "df"}, false, runbooks.StepDone},
		{0, runbooks.Block{Text: "df"}, true, runbooks.StepTodo},
		{1, runbooks.Block{Text: "df"}, false, runbooks.StepFailed},
		{1, runbooks.Block{Text: "grep", ExpectExit: []int{0, 1}}, false, runbooks.StepDone},
		{0, runbooks.Block{Text: "df", Expect: "ready"}, false, runbooks.StepFailed},
		{0, runbooks.Block{Text: "df", Expect: "^198$"}, false, runbooks.StepDone},
		{0, runbooks.Block{Text: "df", Expect: "FATAL", ExpectAbsent: true}, false, runbooks.StepDone},
		{0, runbooks.Block{Text: "df", Expect: "198", ExpectAbsent: true}, false, runbooks.StepFailed},
	} {
		b := newBench(t)
		rec, err := b.act("", "M", StartWalk{Runbook: book(t), Asset: "wg-db1", Reason: "Patchen"}, "")
		if err != nil {
			t.Fatal(err)
		}
		id := rec.Walk.ID
		runs := &Runs{Desk: b.Desk, Runner: &fakeRunner{code: c.code, out: "198\n"}}
		req := RunRequest{Request: Request{Record: id, Walk: id, By: services.Person{Name: "M"}}, Step: "s", Title: "Zählen", Block: c.block, More: c.more}
		if _, err := runs.Run(context.Background(), req, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := runs.Attach(context.Background(), req, "run1", nil); err != nil {
			t.Fatal(err)
		}
		if got := b.kinds(id); !slices.Equal(got, []Kind{KindWalkStarted, KindCommandStarted, KindCommandEnded}) {
			t.Errorf("%v", got)
		}
		if got := b.m.walks[id].Steps["s"].Status; got != c.want {
			t.Errorf("%+v: step is %q, want %q", c, got, c.want)
		}
	}
}

func TestReconcileOpensWhatACrashSwallowed(t *testing.T) {
	b := newBench(t)
	states := map[string]checks.State{"wohngeld/start": {Status: checks.StatusDown, Since: start.Add(-time.Minute)}}
	for range 2 {
		if err := b.Reconcile(context.Background(), states); err != nil {
			t.Fatal(err)
		}
	}
	if len(b.m.inc) != 1 || len(b.m.entries["INC-2026-001"]) != 3 {
		t.Errorf("%v %v", b.m.inc, b.m.entries)
	}
	if _, err := b.act("INC-2026-001", "M", Resolve{}, ""); err != nil {
		t.Fatal(err)
	}
	if err := b.Reconcile(context.Background(), states); err != nil || len(b.m.inc) != 1 {
		t.Errorf("a restart reopened what a person resolved: %v", err)
	}
}

// TestConfirmedTwiceRunsOnce confirms one command of one step from many consoles in the same moment.
func TestConfirmedTwiceRunsOnce(t *testing.T) {
	for range 20 {
		b := newBench(t)
		rec, err := b.act("", "M", StartWalk{Runbook: book(t), Asset: "wg-db1", Reason: "Patchen"}, "")
		if err != nil {
			t.Fatal(err)
		}
		step := ""
		for _, f := range runbooks.Flat(book(t)) {
			if len(f.Step.Commands) > 0 {
				step = f.Step.ID
				break
			}
		}
		var ran atomic.Int64
		var wg sync.WaitGroup
		var refused atomic.Int64
		for i := range 10 {
			runs := &Runs{Desk: b.Desk, Runner: &countingRunner{fakeRunner: fakeRunner{out: "198\n"}, console: i, ran: &ran}}
			wg.Go(func() {
				req := RunRequest{Request: Request{Record: rec.Walk.ID, Walk: rec.Walk.ID, By: services.Person{Name: "M", Role: services.Respond}}, Step: step, Block: runbooks.Block{Text: "df"}}
				_, err := runs.Run(t.Context(), req, nil)
				var no *Refusal
				if errors.As(err, &no) && no.Stale {
					refused.Add(1)
				} else if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if ran.Load() != 1 || refused.Load() != 9 {
			t.Fatalf("it ran %d times, %d were told", ran.Load(), refused.Load())
		}
	}
}

// countingRunner counts what is started.
type countingRunner struct {
	fakeRunner
	console int
	ran     *atomic.Int64
}

func (c *countingRunner) NewID() string                        { return fmt.Sprint("run-", c.console) }
func (c *countingRunner) Start(context.Context, Command) error { c.ran.Add(1); return nil }
