package ui

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"lage/checks"
	"lage/incidents"
	"lage/internal/text"
	"lage/runbooks"
	"lage/services"
)

// world is everything around the console, in memory: a journal with the real Desk over it, and commands with known ends.
type world struct {
	*memory // for the clock
	inc     map[string]incidents.Incident
	walks   []incidents.WalkView
	entries []incidents.Entry
	checks  []incidents.CheckPicture
	book    *runbooks.Runbook
	library []*runbooks.Runbook
	envs    []map[string]string           // what each command was started with
	ends    map[string]incidents.RunState // by command text
	holds   map[string]chan struct{}      // commands that run until the channel is closed
	started map[string]string             // run ID to command text
	stopped []string
	failing error // what Record answers, when set
}

const wohngeld = "INC-2026-031"

func at(clock string) time.Time {
	t, err := time.Parse("2006-01-02 15:04:05", "2026-11-23 "+clock)
	if err != nil {
		panic(err)
	}
	return t.Add(-time.Hour) // the clock on the wall in Berlin
}

func berlin() *time.Location { return time.FixedZone("CET", 3600) }

func command(t string, risk runbooks.Risk, host string) runbooks.Block {
	return runbooks.Block{Kind: runbooks.BlockCommand, Lang: "sh", Text: t, Source: t, Runnable: true, Risk: risk, Host: host, Timeout: 10 * time.Second}
}

func wohngeldBook() *runbooks.Runbook {
	step := func(n, title, body string, kind runbooks.StepKind, cmds ...runbooks.Block) runbooks.Step {
		return runbooks.Step{ID: "s" + n, Number: n, Title: title, Kind: kind, Body: body, Commands: cmds}
	}
	count := command(`ssh wg-db1 -- psql -Atc "select count(*) from pg_stat_activity"`, runbooks.RiskRead, "wg-db1")
	count.Expect = "^1[0-8][0-9]$"
	return &runbooks.Runbook{Name: "wohngeld-503", Title: "Wohngeld online liefert HTTP 503", Revision: "r1", Source: "# Wohngeld\n\nAlles zum Lesen.",
		Sections: []runbooks.Section{{Title: "Behebung", Level: 2, Kind: runbooks.Procedure, Steps: []runbooks.Step{
			step("1", "Umfang prüfen", "Von wie vielen Standorten aus ist der Dienst gestört?", runbooks.CommandStep, command("curl -sS -o /dev/null -w '%{http_code}' https://wohngeld.example/", runbooks.RiskRead, "")),
			step("2", "Datenbank erreichbar?", "", runbooks.CommandStep, command("ssh wg-db1 -- pg_isready", runbooks.RiskRead, "wg-db1")),
			step("3", "Verbindungen zählen", "Sind mehr als 190 von 200 Verbindungen belegt, ist der Pool erschöpft. Dann weiter mit Schritt 4, sonst mit 5.", runbooks.CommandStep, count),
			step("4", "Hängende Verbindungen beenden", "Offene Eingaben gehen verloren.", runbooks.CommandStep,
				command(`ssh wg-db1 -- psql -c "select pg_terminate_backend(pid) from pg_stat_activity where state = 'idle in transaction'"`, runbooks.RiskChange, "wg-db1")),
			step("5", "Datenbank neu starten", "Vorher: Bereitschaft Datenbank anrufen.", runbooks.CommandStep, command("ssh wg-db1 -- sudo systemctl restart postgresql", runbooks.RiskDanger, "wg-db1")),
			step("6", "Startseite prüfen", "Drei Prüfungen hintereinander ohne Fehler.", runbooks.CheckStep),
			step("7", "Behoben melden", "", runbooks.Manual),
		}}}}
}

func newWorld() *world {
	w := &world{memory: &memory{now: at("03:11:00")}, inc: map[string]incidents.Incident{}, started: map[string]string{}, holds: map[string]chan struct{}{}}
	w.book = wohngeldBook()
	w.library = []*runbooks.Runbook{w.book, {Name: "dns-fehler", Title: "DNS-Fehler", Revision: "r2",
		Sections: []runbooks.Section{{Kind: runbooks.Procedure, Steps: []runbooks.Step{{ID: "d1", Number: "1", Title: "Nameserver fragen", Kind: runbooks.Manual}}}}}}
	down := checks.State{Check: "wohngeld/startseite", Status: checks.StatusDown, Since: at("02:58:04"), Last: checks.Result{Message: text.Raw("HTTP 503")}}
	w.checks = []incidents.CheckPicture{
		{Check: checks.Check{ID: "wohngeld/startseite", Service: "wohngeld", Name: "Startseite", Interval: time.Hour}, State: down},
		{Check: checks.Check{ID: "wohngeld/antrag", Service: "wohngeld", Name: "Antrag", Interval: time.Hour}, State: checks.State{Status: checks.StatusUp}},
	}
	w.inc[wohngeld] = incidents.Incident{ID: wohngeld, Service: "wohngeld", Title: "Wohngeld online", State: incidents.Detected, Runbook: "wohngeld-503",
		Checks: []string{"wohngeld/startseite"}, Started: at("02:58:04"), Detected: at("02:58:34"), Version: 1}
	w.enter(incidents.Entry{Kind: incidents.KindOpened, OccurredAt: at("02:58:34"), Who: services.System(), Message: text.M("incidents.opened", "Wohngeld online")})
	w.enter(incidents.Entry{Kind: incidents.KindCheckDown, OccurredAt: at("03:00:34"), Who: services.System(), Message: text.M("incidents.check_down", "Startseite", text.Raw("HTTP 503"))})
	w.ends = map[string]incidents.RunState{}
	for i, out := range []string{"503", "wg-db1:5432 - accepting connections", "187", "pg_terminate_backend\n t\n t\n(12 rows)"} {
		w.ends[w.book.Sections[0].Steps[i].Commands[0].Text] = incidents.RunState{Ended: true, Output: out + "\n",
			Result: incidents.CommandRun{Outcome: "exited", Duration: 400 * time.Millisecond, Bytes: int64(len(out) + 1)}}
	}
	return w
}

func (w *world) enter(e incidents.Entry) incidents.Entry {
	e.Record = cmp.Or(e.Record, wohngeld)
	e.Seq, e.RecordedAt = int64(len(w.of(e.Record))+1), e.OccurredAt
	w.entries = append(w.entries, e)
	return e
}

// of gives the entries of one record.
func (w *world) of(record string) (out []incidents.Entry) {
	for _, e := range w.entries {
		if e.Record == record {
			out = append(out, e)
		}
	}
	return out
}

// The journal.

func (w *world) Situation(_ context.Context, record, walk string) (incidents.Situation, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := incidents.Situation{Entries: int64(len(w.of(record)))}
	if inc, ok := w.inc[record]; ok {
		s.Incident = &inc
	} else if record != "" && record != walk {
		return s, incidents.ErrNotFound
	}
	if list := w.of(record); len(list) > 0 {
		s.LastBy, s.LastAt = list[len(list)-1].Who, list[len(list)-1].RecordedAt
	}
	for _, v := range w.walks {
		if v.Walk.ID == walk {
			c := v.Walk.Clone()
			s.Walk = &c
		}
	}
	if walk != "" && s.Walk == nil {
		return s, incidents.ErrNotFound
	}
	return s, nil
}

func (w *world) OpenIncidents(context.Context, string) ([]incidents.Incident, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []incidents.Incident
	for _, i := range w.inc {
		if i.Open() {
			out = append(out, i)
		}
	}
	return out, nil
}

func (w *world) Due(context.Context, time.Time) ([]incidents.Incident, error) { return nil, nil }

func (w *world) Record(_ context.Context, d incidents.Decision) (incidents.Recorded, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.failing != nil {
		return incidents.Recorded{}, w.failing
	}
	if d.Incident != nil {
		w.inc[d.Incident.ID] = *d.Incident
	}
	if d.Walk != nil {
		walk := d.Walk.Clone()
		i := slices.IndexFunc(w.walks, func(v incidents.WalkView) bool { return v.Walk.ID == walk.ID })
		if i < 0 {
			walk.ID = fmt.Sprintf("%s-2026-%03d", map[runbooks.WalkKind]string{runbooks.ForIncident: "W", runbooks.ForMaintenance: "WART", runbooks.ForDrill: "UEB"}[walk.Kind], len(w.walks)+1)
			w.walks = append(w.walks, incidents.WalkView{Book: d.Revision})
			i = len(w.walks) - 1
		}
		if b := d.Revision; b != nil && b.Name != walk.Runbook && !slices.Contains(w.walks[i].Others, b) {
			w.walks[i].Others = append(w.walks[i].Others, b)
		}
		if d.Incident == nil {
			for j := range d.Entries {
				d.Entries[j].Record, d.Entries[j].Walk = walk.ID, walk.ID
			}
		}
		w.walks[i].Walk = walk
		d.Walk = &walk
	}
	for i, e := range d.Entries {
		d.Entries[i] = w.enter(e)
	}
	return incidents.Recorded{Incident: d.Incident, Walk: d.Walk, Entries: d.Entries}, nil
}

// The reader.

func (w *world) Picture(context.Context) (incidents.Picture, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := incidents.Picture{At: w.now, Poller: incidents.Poller{Owner: "run", Last: w.now.Add(-3 * time.Second), Until: w.now.Add(time.Minute)}}
	sp := incidents.ServicePicture{Service: services.Service{ID: "wohngeld", Name: services.Name{De: "Wohngeld online", En: "Housing benefit"}},
		Standing: incidents.Up, InHours: true, Since: at("02:58:04"), Checks: w.checks}
	for _, c := range w.checks {
		if c.State.Status == checks.StatusDown {
			sp.Standing = incidents.Down
		}
	}
	p.Services = []incidents.ServicePicture{sp}
	for _, i := range w.inc {
		if i.Open() {
			p.Incidents = append(p.Incidents, i)
		}
	}
	return p, nil
}

func (w *world) Trends(context.Context) (map[string]Trend, error) { return nil, nil }

func (w *world) History(context.Context, string, time.Time, time.Time) (History, error) {
	return History{}, nil
}

func (w *world) Runbooks(context.Context) ([]*runbooks.Runbook, error) { return w.library, nil }

func (w *world) Room(_ context.Context, id string) (incidents.Room, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	inc, ok := w.inc[id]
	if !ok {
		return incidents.Room{}, incidents.ErrNotFound
	}
	room := incidents.Room{Incident: inc, Class: services.DefaultClasses()[0], Service: services.Service{ID: "wohngeld"}, Checks: w.checks, Entries: w.of(wohngeld),
		Present: []services.Person{{Name: "J. Yılmaz"}, {Name: "M. Krause"}}}
	for _, v := range w.walks {
		if v.Walk.Incident == id {
			room.Walks = append(room.Walks, incidents.WalkView{Walk: v.Walk.Clone(), Book: v.Book, Others: slices.Clone(v.Others)})
		}
	}
	if len(room.Walks) == 0 {
		room.Proposed = w.book
	}
	return room, nil
}

func (w *world) Walk(_ context.Context, id string) (incidents.WalkRoom, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, v := range w.walks {
		if v.Walk.ID == id {
			view := incidents.WalkView{Walk: v.Walk.Clone(), Book: v.Book, Others: slices.Clone(v.Others)}
			return incidents.WalkRoom{WalkView: view, Entries: w.of(id)}, nil
		}
	}
	return incidents.WalkRoom{}, incidents.ErrNotFound
}

func (w *world) Walks(context.Context) (out []incidents.WalkView, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, v := range w.walks {
		if v.Walk.Incident == "" {
			out = append(out, incidents.WalkView{Walk: v.Walk.Clone(), Book: v.Book, Others: v.Others})
		}
	}
	return out, nil
}

func (w *world) Library(context.Context) (Shelf, error) {
	shelf := Shelf{Dir: "runbooks", Services: 1}
	for _, b := range w.library {
		shelf.Books = append(shelf.Books, ShelfBook{Book: b, Steps: len(runbooks.Flat(b))})
	}
	return shelf, nil
}

// revision finds a runbook by its revision, and states where the checks stand, for the Desk.
func (w *world) revision(_ context.Context, rev string) *runbooks.Runbook {
	for _, b := range append([]*runbooks.Runbook{w.book}, w.library...) {
		if b.Revision == rev {
			return b
		}
	}
	return nil
}

func (w *world) states(context.Context) (map[string]checks.State, error) {
	out := map[string]checks.State{}
	for _, c := range w.checks {
		out[c.Check.ID] = c.State
	}
	return out, nil
}

// The commands.

func (w *world) NewID() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return fmt.Sprintf("run-%d", len(w.started)+1)
}

func (w *world) Preview(c incidents.Command) (incidents.Preview, error) {
	return incidents.Preview{Host: c.Block.Host, Dir: "/srv"}, nil
}

func (w *world) Answers(*runbooks.Runbook, string) map[string]runbooks.Answer {
	return map[string]runbooks.Answer{}
}

func (w *world) StartOn(ctx context.Context, c incidents.Command, _ io.Reader, _ io.Writer) error {
	return w.Start(ctx, c)
}

func (w *world) Start(_ context.Context, c incidents.Command) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	id, b := c.Run, c.Block
	w.started[id] = b.Text
	w.envs = append(w.envs, c.Env)
	if _, ok := w.ends[b.Text]; !ok {
		return errors.New("no such file or directory")
	}
	return nil
}

func (w *world) State(_ context.Context, id string) (incidents.RunState, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	cmd := w.started[id]
	st := w.ends[cmd]
	st.Result.Command = cmd
	if hold, ok := w.holds[cmd]; ok {
		select {
		case <-hold:
		default:
			return incidents.RunState{Output: "so far\n", Result: incidents.CommandRun{Command: cmd, Bytes: 7}}, nil
		}
	}
	return st, nil
}

func (w *world) Stop(id string, hard bool) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopped = append(w.stopped, fmt.Sprint(id, " ", hard))
	return nil
}

func (w *world) Export(_ context.Context, id string) (string, error) {
	w.exports = append(w.exports, id)
	return "berichte/" + id + ".md", nil
}

// ran lists the commands that were started, in order.
func (w *world) ran() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []string
	for i := range len(w.started) {
		out = append(out, w.started[fmt.Sprintf("run-%d", i+1)])
	}
	return out
}

func (w *world) deps(o Options) Deps {
	desk := &incidents.Desk{Journal: w, Now: w.clock, Plan: func() incidents.Plan { return incidents.Plan{Zone: berlin()} }, Book: w.revision, States: w.states}
	if o.Lang == "" {
		o.Lang = text.German
	}
	if o.Person.Name == "" {
		o.Person = services.Person{Name: "M. Krause"}
	}
	o.Zone = berlin()
	return Deps{Desk: desk, Reader: w, Runner: &incidents.Runs{Desk: desk, Runner: w}, Exporter: w, Now: w.clock, Options: o,
		Mend: func(incidents.Silence, incidents.Poller) string { return "lage run" }}
}

// shownOn starts the console on the world, in its incident's room, at 120x36 in German unless options say otherwise.
func shownOn(t testing.TB, s *world, opts ...func(*Options)) *driver {
	t.Helper()
	o := Options{Lang: text.German, Theme: "contrast"}
	for _, f := range opts {
		f(&o)
	}
	d := &driver{t: t, w: s.memory, msgs: make(chan tea.Msg, 100)}
	d.a = newApp(s.deps(o))
	d.a.after = func(in time.Duration, msg tea.Msg) tea.Cmd {
		d.later = append(d.later, timer{s.clock().Add(in), msg})
		return nil
	}
	d.a.first = d.a.firstPicture(t.Context())
	d.run(d.a.Init())
	return d.send(tea.WindowSizeMsg{Width: 120, Height: 36})
}

// slowly presses keys a second apart, as a person does who reads.
func (d *driver) slowly(keys ...string) *driver {
	d.t.Helper()
	for _, k := range keys {
		d.After(time.Second).Press(k)
	}
	return d
}

// kinds lists the kinds of all entries.
func (w *world) kinds() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []string
	for _, e := range w.entries {
		out = append(out, string(e.Kind))
	}
	return strings.Join(out, " ")
}
