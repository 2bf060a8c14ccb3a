package report

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"lage/incidents"
	"lage/internal/text"
	"lage/runbooks"
	"lage/services"
)

var update = flag.Bool("update", false, "write the golden files anew")

var (
	start  = time.Date(2026, 11, 23, 1, 58, 14, 123456789, time.UTC)
	krause = services.Person{Name: "m.krause", OSUser: "ops", Key: "SHA256:abc"}
	yilmaz = services.Person{Name: "a.yilmaz", OSUser: "a.yilmaz"}
)

func berlin(t testing.TB) *time.Location {
	t.Helper()
	z, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// room is an incident with some of everything.
func room(t testing.TB) incidents.Room {
	t.Helper()
	hours, err := services.ParseHours("Mo-Fr 03:00-22:00")
	if err != nil {
		t.Fatal(err)
	}
	at := func(d time.Duration) time.Time { return start.Add(d) }
	r := incidents.Room{
		Incident: incidents.Incident{
			ID: "INC-2026-031", Service: "wohngeld", Title: "Wohngeld: Anträge | <nicht> erreichbar", State: incidents.Resolved, Class: "betriebsverhindernd",
			Lead: "m.krause", Checks: []string{"wohngeld/start", "wohngeld/db"}, Cause: "Verbindungspool *erschöpft*", Runbook: "wohngeld-503",
			Started: start, Detected: at(90 * time.Second), Acknowledged: at(5 * time.Minute), Recovered: at(26*time.Minute + 3*time.Second),
			Resolved: at(30 * time.Minute), Version: 17,
		},
		Service: services.Service{ID: "wohngeld", Name: services.Name{De: "Wohngeld online", En: "Housing benefit online"}, Hours: hours},
		Class:   services.DefaultClasses()[0],
	}
	add := func(d time.Duration, who services.Person, kind incidents.Kind, m text.Message, more func(*incidents.Entry)) {
		e := incidents.Entry{Record: r.Incident.ID, Seq: int64(len(r.Entries) + 1), Kind: kind, OccurredAt: at(d), RecordedAt: at(d + time.Millisecond), Who: who, Message: m}
		e.Hash, e.PrevHash = fmt.Sprintf("%064x", e.Seq), fmt.Sprintf("%064x", e.Seq-1)
		if more != nil {
			more(&e)
		}
		r.Entries = append(r.Entries, e)
	}
	check := func(id string) func(*incidents.Entry) { return func(e *incidents.Entry) { e.Check = id } }
	lage := services.System()
	add(90*time.Second, lage, incidents.KindCheckDown, text.M("incidents.check_down", "wohngeld/start", text.Raw("HTTP 503 <html>")), check("wohngeld/start"))
	add(90*time.Second, lage, incidents.KindOpened, text.M("incidents.opened", r.Incident.Title), nil)
	for i := range 5 {
		add(time.Duration(100+10*i)*time.Second, lage, incidents.KindCheckDegraded, text.M("incidents.check_degraded", "wohngeld/db", text.Raw("langsam")), check("wohngeld/db"))
	}
	add(5*time.Minute, krause, incidents.KindAcknowledged, text.M("incidents.acknowledged", "m.krause"), nil)
	add(6*time.Minute, krause, incidents.KindWalkStarted, text.M("incidents.walk_started", "Wohngeld antwortet mit 503", "wohngeld-503"), func(e *incidents.Entry) { e.Walk = "W-2026-004" })
	command := func(run string, c incidents.CommandRun, output string) func(*incidents.Entry) {
		return func(e *incidents.Entry) {
			e.Walk, e.Step, e.Run, e.Command, e.Output = "W-2026-004", "pruefen", run, &c, output
		}
	}
	begun := incidents.CommandRun{Command: "psql -c 'select count(*) from pg_stat_activity' | tee /tmp/x\n# ``` end", Host: "ops1", Dir: "/home/m.krause", ExitCode: -1}
	add(7*time.Minute, krause, incidents.KindCommandStarted, text.M("incidents.command_started", "Pool prüfen"), command("r-1", begun, ""))
	begun.ExitCode, begun.Duration, begun.Outcome, begun.Bytes, begun.Cut, begun.SHA256 = 0, 1204*time.Millisecond, "exited", 4213000, true, strings.Repeat("ab", 32)
	var lines strings.Builder
	for i := range 100 {
		fmt.Fprintf(&lines, "Zeile %d <b> | ` ````\n", i+1)
	}
	add(7*time.Minute+2*time.Second, krause, incidents.KindCommandEnded, text.M("incidents.command_ended", "Pool prüfen", 0, 1204*time.Millisecond), command("r-1", begun, lines.String()))
	add(8*time.Minute, krause, incidents.KindStepSkipped, text.M("incidents.step_was_skipped", "Neu starten", "kein Zugriff"), func(e *incidents.Entry) { e.Walk, e.Step = "W-2026-004", "neustart" })
	restart := incidents.CommandRun{Command: "curl -H 'Authorization: geheim' http://x", Host: "ops1", ExitCode: -1, Duration: 61 * time.Second, Outcome: "stopped", Bytes: 7}
	add(9*time.Minute, yilmaz, incidents.KindCommandEnded, text.Message{}, func(e *incidents.Entry) {
		command("r-2", restart, "")(e)
		e.Command.Command = ""
		e.Erased = []string{"text", "output"}
	})
	add(10*time.Minute, krause, incidents.KindRedacted, text.M("incidents.redacted", len(r.Entries), "Kennwort im Befehl"), func(e *incidents.Entry) { e.Target = int64(len(r.Entries)) })
	for i, n := range []string{"! Pool auf 10 statt 100 | <script>alert(1)</script>", "? Warum hat [niemand](http://evil.example) es gemerkt?", "> Wir schalten um", "Frau Krause war als Erste da"} {
		add(11*time.Minute+time.Duration(i)*time.Second, yilmaz, incidents.KindNote, text.Raw(n), nil)
	}
	last := &r.Entries[len(r.Entries)-1]
	last.Who, last.Erased = services.Person{}, []string{"who"}
	running := incidents.CommandRun{Command: "journalctl -f", Host: "ops2", ExitCode: -1}
	add(12*time.Minute, yilmaz, incidents.KindCommandStarted, text.M("incidents.command_started", "Protokoll ansehen"), command("r-3", running, ""))
	add(26*time.Minute+3*time.Second, lage, incidents.KindCheckUp, text.M("incidents.check_up", "wohngeld/start", text.Raw("HTTP 200")), check("wohngeld/start"))
	add(30*time.Minute, krause, incidents.KindResolved, text.M("incidents.resolved_cause", r.Incident.Cause), nil)
	book := &runbooks.Runbook{Name: "wohngeld-503", Title: "Wohngeld antwortet mit 503", Sections: []runbooks.Section{{Steps: []runbooks.Step{
		{ID: "lesen", Title: "Nur lesen", Kind: runbooks.Read}, {ID: "pruefen", Number: "1", Title: "Pool prüfen | `psql`", Kind: runbooks.CommandStep},
		{ID: "neustart", Number: "2", Title: "Neu starten", Kind: runbooks.Manual}, {ID: "ende", Number: "3", Title: "Abmelden", Kind: runbooks.Manual}}}}}
	walk := runbooks.Walk{ID: "W-2026-004", Incident: r.Incident.ID, Runbook: "wohngeld-503", Revision: strings.Repeat("0123456789abcdef", 4), Title: "Wohngeld antwortet mit 503",
		StartedAt: at(6 * time.Minute), Steps: map[string]runbooks.StepState{
			"pruefen":  {Status: runbooks.StepDone, By: "m.krause", At: at(7*time.Minute + 2*time.Second), Run: "r-1"},
			"neustart": {Status: runbooks.StepSkipped, By: "m.krause", At: at(8 * time.Minute), Reason: "kein Zugriff"}}}
	r.Walks = []incidents.WalkView{{Walk: walk, Book: book}}
	return r
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := "testdata/" + name
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	is, should := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i, line := range is {
		if i >= len(should) || line != should[i] {
			t.Errorf("%s:%d differs (go test ./report -update writes it anew): %s", path, i+1, line)
			return
		}
	}
	if len(is) < len(should) {
		t.Errorf("%s: %d lines are missing", path, len(should)-len(is))
	}
}

func TestGolden(t *testing.T) {
	r := room(t)
	for _, lang := range []text.Lang{text.German, text.English} {
		opt := Options{Lang: lang, Zone: berlin(t), Version: "1.2.3", Organisation: "Stadt Musterstadt"}
		var md, js, again bytes.Buffer
		for w, f := range map[*bytes.Buffer]error{&md: Incident(&md, r, opt), &again: Incident(&again, r, opt), &js: IncidentJSON(&js, r, opt)} {
			if f != nil || w.Len() == 0 {
				t.Fatal(f)
			}
		}
		if !bytes.Equal(md.Bytes(), again.Bytes()) {
			t.Error("the same room gave different bytes")
		}
		golden(t, "incident."+string(lang)+".md", md.Bytes())
		golden(t, "incident."+string(lang)+".json", js.Bytes())
	}
}

func TestSparseIncident(t *testing.T) {
	// Declared by hand a moment ago: nothing is known, and nothing unknown is written as 0.
	r := incidents.Room{Incident: incidents.Incident{ID: "INC-2026-001", Title: "Telefon tot", State: incidents.Detected, Started: start, Detected: start}}
	var b bytes.Buffer
	if err := Incident(&b, r, Options{Lang: text.English}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"| End of the effect | ongoing |", "| TTA, time to acknowledge (acknowledged − detected) | unknown |", "| Service | – |", `timezone: "UTC"`, "acknowledged: null"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is missing in\n%s", want, b.String())
		}
	}
	b.Reset()
	if err := IncidentJSON(&b, r, Options{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"checks": []`, `"runbooks": []`, `"timeline": []`, `"resolved_at": null`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%s is missing in\n%s", want, b.String())
		}
	}
}

func TestJSONKeepsTimesExactly(t *testing.T) {
	var b bytes.Buffer
	r := room(t)
	if err := IncidentJSON(&b, r, Options{Zone: berlin(t)}); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		StartedAt time.Time `json:"started_at"`
		Timeline  []struct {
			Seq        int64
			OccurredAt time.Time `json:"occurred_at"`
			Hash       string
			PrevHash   string `json:"prev_hash"`
		}
	}
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if !doc.StartedAt.Equal(start) || !strings.Contains(b.String(), `"started_at": "2026-11-23T02:58:14.123456789+01:00"`) {
		t.Errorf("started_at %v", doc.StartedAt)
	}
	for i, e := range doc.Timeline {
		if !e.OccurredAt.Equal(r.Entries[i].OccurredAt) || e.Seq != int64(i+1) {
			t.Errorf("entry %d: %+v", i, e)
		}
		if i > 0 && e.PrevHash != doc.Timeline[i-1].Hash {
			t.Errorf("entry %d does not name the hash before it", i)
		}
	}
	if len(doc.Timeline) != len(r.Entries) {
		t.Errorf("%d entries", len(doc.Timeline))
	}
}

func TestFolding(t *testing.T) {
	for n, rows := range map[int]int{1: 1, 3: 3, 4: 1, 14: 1} {
		var r incidents.Room
		r.Incident.Started = start
		for i := range n {
			r.Entries = append(r.Entries, incidents.Entry{Seq: int64(i + 1), Kind: incidents.KindCheckDown, Check: "a/b", OccurredAt: start.Add(time.Duration(i) * time.Minute), Message: text.Raw("down")})
		}
		d := &doc{room: r, lang: text.English}
		d.timeline()
		if got := strings.Count(d.out.String(), "down"); got != rows {
			t.Errorf("%d entries became %d rows", n, got)
		}
		if folded := fmt.Sprintf("(%d times, last at ", n); strings.Contains(d.out.String(), folded) != (n > foldOver) {
			t.Errorf("%d entries:\n%s", n, d.out.String())
		}
	}
	// People's entries are never folded, however alike they are.
	var r incidents.Room
	for i := range 9 {
		r.Entries = append(r.Entries, incidents.Entry{Seq: int64(i + 1), Kind: incidents.KindNote, Message: text.Raw("still down")})
	}
	d := &doc{room: r}
	if d.timeline(); strings.Count(d.out.String(), "still down") != 9 {
		t.Errorf("notes were folded:\n%s", d.out.String())
	}
}

// An outage ends where the check answers again, be it slowly: the store counts it so, too.
func TestDowntimeEndsWhenDegraded(t *testing.T) {
	r := incidents.Room{Incident: incidents.Incident{ID: "INC-2026-001", Started: start}}
	for i, k := range []incidents.Kind{incidents.KindCheckDown, incidents.KindCheckDegraded, incidents.KindCheckUp} {
		r.Entries = append(r.Entries, incidents.Entry{Seq: int64(i + 1), Kind: k, Check: "a/b", OccurredAt: start.Add(time.Duration(i) * 5 * time.Minute)})
	}
	var b bytes.Buffer
	if err := Incident(&b, r, Options{Lang: text.English}); err != nil {
		t.Fatal(err)
	}
	_, part, _ := strings.Cut(b.String(), "a/b | ")
	if line, _, _ := strings.Cut(part, "\n"); !strings.Contains(line, "| 5 min |") {
		t.Errorf("%q", line)
	}
}

func TestSpans(t *testing.T) {
	d := &doc{lang: text.German}
	for s, want := range map[time.Duration]string{
		0: "0 s", 42 * time.Second: "42 s", time.Minute: "1 min", 26*time.Minute + 3*time.Second: "26 min 3 s",
		25*time.Hour + time.Second: "1 T 1 h 1 s",
	} {
		if got := d.span(s); got != want {
			t.Errorf("%v: %q, want %q", s, got, want)
		}
	}
	if got := d.between(start, start.Add(-time.Second)); got != "unbekannt" {
		t.Errorf("backwards: %q", got)
	}
}

func TestTimesAcrossTheClockChange(t *testing.T) {
	// 02:30 happens twice: zone and offset tell which.
	d := &doc{lang: text.German, opt: Options{Zone: berlin(t)}}
	d.room.Incident.Started = time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC)
	later := d.room.Incident.Started.Add(time.Hour)
	if a, b := d.when(d.room.Incident.Started), d.when(later); a != "25.10.2026 02:30:00 MESZ" || b != "25.10.2026 02:30:00 MEZ" {
		t.Errorf("%q, %q", a, b)
	}
	if got := d.offset(later); got != "+1:00:00" {
		t.Errorf("offset %q", got)
	}
	if got := d.offset(later.Add(-2 * time.Hour)); got != "−1:00:00" {
		t.Errorf("offset %q", got)
	}
}

func TestErasedStaysErased(t *testing.T) {
	r := room(t)
	r.Incident.Lead, r.Incident.Cause = "canary-lead", "canary-cause"
	steps := r.Walks[0].Walk.Steps
	steps["neustart"] = runbooks.StepState{Status: runbooks.StepSkipped, By: "canary-by", Reason: "canary-reason", Seq: 12}
	for i := range r.Entries {
		switch e := &r.Entries[i]; e.Kind {
		case incidents.KindAcknowledged, incidents.KindResolved, incidents.KindStepSkipped, incidents.KindCommandEnded:
			e.Erased = []string{"who", "text", "output"}
			e.Who, e.Message, e.Output = services.Person{Name: "canary-who", OSUser: "canary-os"}, text.Raw("canary-text"), "canary-output"
			if e.Command != nil {
				c := *e.Command
				c.Command = "canary-command"
				e.Command = &c
			}
		}
	}
	for name, write := range map[string]func(io.Writer, incidents.Room, Options) error{"Markdown": Incident, "JSON": IncidentJSON} {
		var b bytes.Buffer
		if err := write(&b, r, Options{Lang: text.English}); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(b.String(), "canary") || strings.Count(b.String(), "[erased") < 4 && strings.Count(b.String(), `\[erased`) < 4 {
			t.Errorf("%s:\n%s", name, b.String())
		}
	}
	if steps["neustart"].By != "canary-by" {
		t.Error("the caller's walk was changed")
	}
}
