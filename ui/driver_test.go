package ui

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"lage/checks"
	"lage/incidents"
	"lage/internal/text"
	"lage/runbooks"
	"lage/services"
)

// driver presses keys and looks at the screen, so that tests read as stories:
//
//	console(t, sample()).Press("a").Shows("bestätigt")
//
// Commands run in goroutines as they do in the program; what comes later by the clock waits for After.
type driver struct {
	t     testing.TB
	w     *memory
	a     *App
	msgs  chan tea.Msg
	busy  int
	later []timer
	quit  bool
	sent  []string // messages for the terminal alone: clipboard, bell
}

type timer struct {
	at  time.Time
	msg tea.Msg
}

// console starts the console on what it works with, at 120x36 in German unless options say otherwise.
func console(t testing.TB, w *memory, opts ...func(*Options)) *driver {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Lang: text.German, Zone: zone, Person: services.Person{Name: "M. Krause"}, Theme: "contrast", Version: "1.0.0"}
	for _, f := range opts {
		f(&o)
	}
	d := &driver{t: t, w: w, msgs: make(chan tea.Msg, 100)}
	d.a = newApp(Deps{Desk: w, Reader: w, Runner: w.runner, Tester: w, Exporter: w, Now: w.clock, Options: o,
		Mend: func(incidents.Silence, incidents.Poller) string { return "sudo systemctl start lage" }})
	d.a.after = func(in time.Duration, msg tea.Msg) tea.Cmd {
		d.later = append(d.later, timer{w.clock().Add(in), msg})
		return nil
	}
	d.a.first = d.a.firstPicture(context.Background())
	d.run(d.a.Init())
	d.send(tea.WindowSizeMsg{Width: 120, Height: 36})
	return d
}

func english(o *Options) { o.Lang = text.English }

// Resize makes the terminal w cells wide and h lines high.
func (d *driver) Resize(w, h int) *driver { return d.send(tea.WindowSizeMsg{Width: w, Height: h}) }

// Press presses keys one after the other, named as tea.KeyPressMsg.String names them.
func (d *driver) Press(keys ...string) *driver {
	for _, k := range keys {
		d.send(keyNamed(k))
		d.After(drawnAfter)
	}
	return d
}

// Type presses a key for each letter.
func (d *driver) Type(s string) *driver {
	for _, r := range s {
		d.send(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
	return d
}

// Changed lets the console know that somebody wrote something.
func (d *driver) Changed() *driver {
	d.send(wakeMsg{})
	return d.After(readEvery)
}

// After lets time pass.
func (d *driver) After(span time.Duration) *driver {
	d.w.pass(span)
	now := d.w.clock()
	due := d.later
	d.later = nil
	for _, t := range due {
		if t.at.After(now) {
			d.later = append(d.later, t)
			continue
		}
		d.send(t.msg)
	}
	return d
}

// Shows fails unless all texts come to be on the screen.
func (d *driver) Shows(wants ...string) *driver {
	d.t.Helper()
	for _, want := range wants {
		if !d.until(func() bool { return strings.Contains(d.Screen(), want) }) {
			d.t.Fatalf("the screen does not show %q:\n%s", want, d.Screen())
		}
	}
	return d
}

// Hides fails if one of the texts is on the screen.
func (d *driver) Hides(texts ...string) *driver {
	d.t.Helper()
	for _, s := range texts {
		if strings.Contains(d.Screen(), s) {
			d.t.Fatalf("the screen shows %q:\n%s", s, d.Screen())
		}
	}
	return d
}

// Screen is what can be read, without colours.
func (d *driver) Screen() string { return ansi.Strip(d.a.View().Content) }

// until takes messages until ok, for at most some seconds.
func (d *driver) until(ok func() bool) bool {
	deadline := time.After(5 * time.Second)
	for !ok() {
		if d.busy == 0 {
			return false
		}
		select {
		case msg := <-d.msgs:
			d.busy--
			d.update(msg)
		case <-deadline:
			return false
		}
	}
	return true
}

// send gives a message to the console and takes what comes of it, as long as that comes at once.
func (d *driver) send(msg tea.Msg) *driver {
	d.update(msg)
	for d.busy > 0 {
		select {
		case m := <-d.msgs:
			d.busy--
			d.update(m)
		case <-time.After(20 * time.Millisecond):
			return d // somebody waits for something that has not happened yet
		}
	}
	return d
}

func (d *driver) update(msg tea.Msg) {
	switch m := msg.(type) {
	case nil:
		return
	case tea.QuitMsg:
		d.quit = true
		return
	case tea.BatchMsg:
		for _, c := range m {
			d.run(c)
		}
		return
	}
	if v := reflect.ValueOf(msg); v.Kind() == reflect.Slice && v.Type().Elem() == reflect.TypeFor[tea.Cmd]() {
		for i := range v.Len() { // a sequence
			d.run(v.Index(i).Interface().(tea.Cmd))
		}
		return
	}
	if strings.HasPrefix(fmt.Sprintf("%T", msg), "tea.") {
		d.sent = append(d.sent, fmt.Sprintf("%T %v", msg, msg))
	}
	_, cmd := d.a.Update(msg)
	d.run(cmd)
	d.a.View() // drawn after every message, as in the program
}

func (d *driver) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	d.busy++
	go func() { d.msgs <- cmd() }()
}

func keyNamed(k string) tea.KeyPressMsg {
	special := map[string]rune{"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "space": tea.KeySpace, "up": tea.KeyUp,
		"down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "home": tea.KeyHome,
		"end": tea.KeyEnd, "backspace": tea.KeyBackspace, "f1": tea.KeyF1}
	if c, ok := special[k]; ok {
		return tea.KeyPressMsg{Code: c}
	}
	if c, ok := strings.CutPrefix(k, "ctrl+"); ok {
		return tea.KeyPressMsg{Code: rune(c[0]), Mod: tea.ModCtrl}
	}
	if k == "shift+tab" {
		return tea.KeyPressMsg{Code: tea.KeyTab, Mod: tea.ModShift}
	}
	return tea.KeyPressMsg{Code: []rune(k)[0], Text: k}
}

// memory is what a console works with, in memory: it keeps incidents, walks and timelines as the Desk would, and can be
// told to refuse.
type memory struct {
	mu      sync.Mutex
	now     time.Time
	picture incidents.Picture
	trends  map[string]Trend
	history History
	rooms   map[string]*incidents.Room
	books   []*runbooks.Runbook
	shelf   Shelf
	runner  Runner
	acts    []incidents.Request
	refuse  error // answer to the next Act
	broken  error // answer of the Reader
	tested  checks.Result
	exports []string
}

func (w *memory) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *memory) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// Picture copies what stands, as a store would.
func (w *memory) Picture(context.Context) (incidents.Picture, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.picture
	p.At = w.now
	p.Services = append([]incidents.ServicePicture(nil), p.Services...)
	p.Incidents = append([]incidents.Incident(nil), p.Incidents...)
	return p, w.broken
}

func (w *memory) Trends(context.Context) (map[string]Trend, error) { return w.trends, w.broken }

func (w *memory) History(context.Context, string, time.Time, time.Time) (History, error) {
	return w.history, w.broken
}

func (w *memory) Library(context.Context) (Shelf, error) { return w.shelf, w.broken }

func (w *memory) Runbooks(context.Context) ([]*runbooks.Runbook, error) { return w.books, w.broken }

func (w *memory) Room(_ context.Context, id string) (incidents.Room, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	r := w.rooms[id]
	if r == nil {
		return incidents.Room{}, incidents.ErrNotFound
	}
	out := *r
	out.Entries = append([]incidents.Entry(nil), r.Entries...)
	out.Walks = append([]incidents.WalkView(nil), r.Walks...)
	return out, w.broken
}

func (w *memory) Walk(context.Context, string) (incidents.WalkRoom, error) {
	return incidents.WalkRoom{}, incidents.ErrNotFound
}

func (w *memory) Walks(context.Context) ([]incidents.WalkView, error) { return nil, w.broken }

func (w *memory) Test(context.Context, string) (checks.Result, error) { return w.tested, w.broken }

func (w *memory) Export(_ context.Context, id string) (string, error) {
	w.exports = append(w.exports, id)
	return "/tmp/" + id + ".md", nil
}

// Act does what the Desk does, as far as screens can tell.
func (w *memory) Act(_ context.Context, r incidents.Request) (incidents.Recorded, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.acts = append(w.acts, r)
	if err := w.refuse; err != nil {
		w.refuse = nil
		return incidents.Recorded{}, err
	}
	room := w.rooms[r.Record]
	if room == nil {
		return incidents.Recorded{}, incidents.ErrNotFound
	}
	in, entry := &room.Incident, incidents.Entry{Record: r.Record, Seq: int64(len(room.Entries) + 1), OccurredAt: w.now, RecordedAt: w.now, Who: r.By}
	var walk *runbooks.Walk
	for i := range room.Walks {
		if room.Walks[i].Walk.ID == r.Walk {
			walk = &room.Walks[i].Walk
		}
	}
	switch a := r.Do.(type) {
	case incidents.Acknowledge:
		in.State, in.Lead, in.Acknowledged, entry.Kind = incidents.Acknowledged, r.By.Name, w.now, incidents.KindAcknowledged
		entry.Message = text.M("incidents.acknowledged", r.By.Name)
	case incidents.Note:
		entry.Kind, entry.Message = incidents.KindNote, text.Raw(a.Text)
	case incidents.ChangeState:
		in.State, entry.Kind = a.To, incidents.KindState
	case incidents.Resolve:
		in.State, in.Cause, in.Resolved, entry.Kind = incidents.Resolved, a.Cause, w.now, incidents.KindResolved
	case incidents.StartWalk:
		n := runbooks.NewWalk(a.Runbook)
		n.ID, n.Incident, n.StartedAt, n.Version = fmt.Sprintf("W-2026-%03d", len(room.Walks)+1), in.ID, w.now, 1
		room.Walks = append(room.Walks, incidents.WalkView{Walk: n, Book: a.Runbook})
		walk, entry.Kind, entry.Walk = &n, incidents.KindWalkStarted, n.ID
	case incidents.MarkStep:
		entry.Kind, entry.Walk, entry.Step = incidents.KindStepDone, r.Walk, a.Step
		if walk != nil {
			walk.Steps[a.Step] = runbooks.StepState{Status: a.To, By: r.By.Name, At: w.now, Reason: a.Reason, Seq: entry.Seq}
		}
	case incidents.Exported:
		entry.Kind = incidents.KindExported
	}
	in.Version++
	room.Entries = append(room.Entries, entry)
	open := w.picture.Incidents[:0:0]
	for _, x := range w.picture.Incidents {
		if x.ID == in.ID {
			x = *in
		}
		if x.Open() {
			open = append(open, x)
		}
	}
	w.picture.Incidents = open
	inc := *in
	return incidents.Recorded{Incident: &inc, Walk: walk, Entries: []incidents.Entry{entry}}, nil
}
