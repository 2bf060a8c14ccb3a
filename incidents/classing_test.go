package incidents

import (
	"testing"
	"time"

	"lage/checks"
	"lage/services"
)

// classed gives the bench's plan classes: usual ones until 2027, and one that alarms at any hour.
func (b *bench) classed(of map[string]services.Classing) {
	plan := b.Plan()
	usual := services.DefaultClasses()
	usual[0].Outside = true
	plan.Classes = services.Versions[[]services.Class]{{Value: usual}, {From: services.Date{Year: 2027, Month: 1, Day: 1}, Value: []services.Class{{ID: "neu"}}}}
	plan.Services = append([]services.Service{}, plan.Services...)
	for i, s := range plan.Services {
		plan.Services[i].Class = of[s.ID]
	}
	b.Plan = func() Plan { return plan }
}

func TestIncidentsHaveTheirServicesClass(t *testing.T) {
	b := newBench(t)
	b.classed(map[string]services.Classing{"kfz": {Down: "leicht"}})
	b.down("wohngeld/start")
	b.down("kfz/web")
	rec, err := b.act("", "m", Open{Title: "Telefon tot"}, "")
	if err != nil {
		t.Fatal(err)
	}
	if got := []string{b.inc().Class, b.m.inc["INC-2026-002"].Class, rec.Incident.Class}; got[0] != "betriebsverhindernd" || got[1] != "leicht" || got[2] != "betriebsverhindernd" {
		t.Errorf("classes %v", got)
	}
}

func TestClassChangesWithAReason(t *testing.T) {
	b := newBench(t)
	b.classed(nil)
	b.down("wohngeld/start")
	id := b.inc().ID
	for _, a := range []SetClass{{"leicht", ""}, {"leicht", "  "}, {"neu", "gilt erst ab 2027"}, {"betriebsverhindernd", "ist es schon"}, {"", "x"}} {
		if _, err := b.act(id, "m", a, ""); err == nil {
			t.Errorf("%+v was done", a)
		}
	}
	before := len(b.m.entries[id])
	if _, err := b.act(id, "m", SetClass{"leicht", "nur der Ausdruck geht nicht"}, ""); err != nil {
		t.Fatal(err)
	}
	last := b.m.entries[id][before]
	if b.inc().Class != "leicht" || last.Kind != KindClass || last.Message.In("de") != "Klasse betriebsverhindernd → leicht: nur der Ausdruck geht nicht" {
		t.Errorf("%+v %s", b.inc(), last.Message.In("de"))
	}
	if _, err := b.act(id, "m", Resolve{Cause: "Drucker"}, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := b.act(id, "m", SetClass{"betriebsbehindernd", "zu spät"}, ""); err == nil {
		t.Error("the class of what is over was changed")
	}
}

// Alarms outside service hours follow the class, also when it changes while they wait.
func TestAlarmsOutsideServiceHoursFollowTheClass(t *testing.T) {
	night := time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC) // a Sunday
	for class, want := range map[string]int{"betriebsverhindernd": 1, "leicht": 0} {
		b := newBench(t)
		b.now = night
		b.classed(map[string]services.Classing{"kfz": {Down: class}})
		b.down("kfz/web")
		if n := len(b.m.alerts); n != want {
			t.Errorf("%s: %d alarms on a Sunday night, want %d", class, n, want)
		}
		b.after(16 * time.Minute)
		if n := b.tick(); n != 2*want {
			t.Errorf("%s: %d alarms after the second stage fell due, want %d", class, n, 2*want)
		}
		if class != "leicht" {
			continue
		}
		if _, err := b.act(b.inc().ID, "m", SetClass{"betriebsverhindernd", "es ist schlimmer"}, ""); err != nil {
			t.Fatal(err)
		}
		if n := len(b.m.alerts); n != 2 {
			t.Errorf("%d alarms after the class changed, want both stages", n)
		}
	}
}

func TestTargets(t *testing.T) {
	hours, err := services.ParseHours("Mo-Fr 06:00-22:00")
	if err != nil {
		t.Fatal(err)
	}
	friday := time.Date(2026, 11, 27, 21, 0, 0, 0, time.UTC)
	r := Room{
		Incident: Incident{State: Detected, Detected: friday},
		Service:  services.Service{ID: "kfz", Hours: hours},
		Class:    services.Class{ID: "x", Response: 30 * time.Minute, Restore: 2 * time.Hour, Update: time.Hour, Clock: services.ServiceTime},
	}
	find := func(kind TargetKind, now time.Time) Target {
		for _, x := range r.Targets(time.UTC, now) {
			if x.Kind == kind {
				return x
			}
		}
		return Target{}
	}
	monday := time.Date(2026, 11, 30, 6, 0, 0, 0, time.UTC)
	if x := find(TargetResponse, friday.Add(10*time.Minute)); x.Left != 20*time.Minute || !x.Open() || x.Missed() || x.Waits || !x.Due.Equal(friday.Add(30*time.Minute)) {
		t.Errorf("%+v", x)
	}
	if x := find(TargetRestore, friday.Add(14*time.Hour)); x.Left != time.Hour || !x.Waits || !x.Due.Equal(monday.Add(time.Hour)) || x.Calendar != 14*time.Hour || x.Service != time.Hour {
		t.Errorf("%+v", x)
	}
	r.Incident.State, r.Incident.Acknowledged = Acknowledged, friday.Add(40*time.Minute)
	if x := find(TargetResponse, monday); x.Left != -10*time.Minute || x.Open() || !x.Missed() || x.Service != 40*time.Minute {
		t.Errorf("%+v", x)
	}
	r.Entries = []Entry{{Kind: KindNote, OccurredAt: friday.Add(50 * time.Minute), Who: services.Person{Name: "m"}}, {Kind: KindNote, OccurredAt: monday, Who: services.System()}}
	if x := find(TargetUpdate, monday); !x.From.Equal(friday.Add(50*time.Minute)) || !x.Due.Equal(monday.Add(50*time.Minute)) {
		t.Errorf("%+v", x)
	}
	r.Class.Clock = services.CalendarTime
	if x := find(TargetRestore, monday); !x.Missed() || x.Waits || !x.Due.Equal(friday.Add(2*time.Hour)) {
		t.Errorf("%+v", x)
	}
	r.Incident.State, r.Incident.Resolved = Resolved, monday
	if x := find(TargetUpdate, monday); x.Kind != "" {
		t.Error("an update is due of what is over")
	}
	if x := find(TargetRestore, monday.Add(time.Hour)); !x.Reached.Equal(monday) {
		t.Errorf("%+v", x)
	}
	r.Class = services.Class{}
	if list := r.Targets(nil, monday); len(list) != 0 {
		t.Errorf("nothing is agreed, and owed is %+v", list)
	}
}

func TestOldIncidentsHaveNoClass(t *testing.T) {
	b := newBench(t)
	b.classed(nil)
	plan := b.Plan()
	if c := plan.ClassOf(Incident{Detected: start}); c != (services.Class{}) {
		t.Errorf("%+v", c)
	}
	if c := plan.ClassOf(Incident{Class: "gone", Detected: start}); c != (services.Class{ID: "gone"}) {
		t.Errorf("%+v", c)
	}
	b.transition("wohngeld/start", checks.StatusDown, false)
	if b.inc().Class == "" {
		t.Error("a new one has none")
	}
}
