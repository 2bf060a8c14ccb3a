package ui

import (
	"context"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"lage/incidents"
	"lage/internal/text"
	"lage/runbooks"
)

// harder is how long after a first ^C a second one ends the command at once.
const harder = 5 * time.Second

// following is a command that runs, as this console sees it. The run itself belongs to Runner and goes on without it.
type following struct {
	step  string
	block runbooks.Block
	more  bool
	run   string        // ID where it is known already
	over  chan struct{} // closed when Runner's answer has come in
	news  chan struct{} // one slot: the state has changed
	chain int           // number of the listener in force
	asked time.Time     // when the person asked for its end
	halt  chan struct{} // one slot: no further try

	mu    sync.Mutex
	state incidents.RunState
}

func newFollowing(step string, b runbooks.Block) *following {
	return &following{step: step, block: b, over: make(chan struct{}), news: make(chan struct{}, 1), halt: make(chan struct{}, 1)}
}

// push takes a new state; only the latest is kept. Runner calls it from its own goroutine.
func (f *following) push(s incidents.RunState) {
	f.mu.Lock()
	f.state = s
	f.mu.Unlock()
	select {
	case f.news <- struct{}{}:
	default:
	}
}

func (f *following) latest() incidents.RunState {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.state
}

// good tells whether the command ended as the runbook expects.
func (f *following) good() bool {
	s := f.latest()
	return s.Ended && incidents.Judge(f.block, s.Result, s.Output) == runbooks.StepDone
}

func (f *following) ended() bool {
	select {
	case <-f.over:
		return true
	default:
		return false
	}
}

// runMsg says that a run has news.
type runMsg struct {
	f     *following
	chain int
}

// listen waits for the run's next news. A listener started later takes over.
func (f *following) listen() tea.Cmd {
	f.chain++
	n := f.chain
	return func() tea.Msg {
		select {
		case <-f.news:
		case <-f.over:
		}
		return runMsg{f: f, chain: n}
	}
}

func (r *room) progress(m runMsg) tea.Cmd {
	if m.chain != m.f.chain || m.f.ended() {
		return nil
	}
	return m.f.listen()
}

// running is the run of a step that goes on, or nil.
func (r *room) running(step string) *following {
	if f := r.runs[step]; f != nil && !f.ended() {
		return f
	}
	return nil
}

// run starts a command of a step. The walk is begun first where there is none.
func (r *room) run(e *env, s *runbooks.Step, b runbooks.Bound, more bool) tea.Cmd {
	if e.Options.ReadOnly {
		return flash(text.M("ui.read_only"))
	}
	if r.beginsTwice() {
		return flash(text.M("room.begins"))
	}
	f := newFollowing(s.ID, b.Block)
	f.more = more
	r.runs[s.ID], r.last = f, ""
	req := r.runRequest(e, s, b, more)
	tag := roomTag{room: r.id, step: s.ID, run: f}
	desk, runner, book := e.Desk, e.Runner, r.book
	return tea.Batch(f.listen(), func() tea.Msg {
		walk, err := begin(desk, req.Request, book)
		if err != nil {
			return savedMsg{err: err, tag: tag}
		}
		req.Walk = walk
		for try := 1; ; try++ {
			rec, err := runner.Run(context.Background(), req, f.push)
			if err != nil || try >= b.Retries || rec.Walk == nil || rec.Walk.Steps[req.Step].Status != runbooks.StepFailed || f.waits(b.RetryEvery) {
				return savedMsg{rec: rec, err: err, tag: tag}
			}
			req.Seen = runbooks.StepFailed
		}
	})
}

// waits waits before the next try, and tells whether the person wants none.
func (f *following) waits(d time.Duration) (stopped bool) {
	select {
	case <-f.halt:
		return true
	case <-time.After(d):
		return false
	}
}

// runRequest asks for a command of a step.
func (r *room) runRequest(e *env, s *runbooks.Step, b runbooks.Bound, more bool) incidents.RunRequest {
	req := incidents.RunRequest{Step: r.ref(s.ID), Title: stepName(s), More: more, Seen: r.status(s.ID).Status}
	req.Request = incidents.Request{Record: r.id, Walk: r.walk, Seen: r.data.Incident.State, By: e.Options.Person}
	return req.Bound(b)
}

// beginsTwice tells whether an act would begin a walk while one is being begun.
func (r *room) beginsTwice() bool {
	if r.walk != "" {
		return false
	}
	twice := r.begins
	r.begins = true
	return twice
}

// begin starts the walk where the request names none, and gives its ID.
func begin(desk Desk, req incidents.Request, book *runbooks.Runbook) (string, error) {
	if req.Walk != "" {
		return req.Walk, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	req.Do = incidents.StartWalk{Runbook: book}
	rec, err := desk.Act(ctx, req)
	if err != nil {
		return "", err
	}
	return rec.Walk.ID, nil
}

// attach follows every command in reach that runs and is not followed yet, and listens again to those that are: their
// news may have come while another screen was shown.
func (r *room) attach(e *env) tea.Cmd {
	w := r.current()
	if w == nil || e.Options.ReadOnly || e.Runner == nil {
		return nil
	}
	var cmds []tea.Cmd
	for i := range r.flat {
		s := r.flat[i].Step
		st := w.At(r.book, s.ID)
		if st.Status != runbooks.StepRunning || st.Run == "" {
			continue
		}
		if f := r.running(s.ID); f != nil {
			f.run = st.Run
			cmds = append(cmds, f.listen())
			continue
		}
		if old := r.runs[s.ID]; old != nil && old.run == st.Run || !r.within(e, st) {
			continue // ended here, and this snapshot is older than that; or out of reach
		}
		cmds = append(cmds, r.attachTo(e, s, st))
	}
	return tea.Batch(cmds...)
}

// within tells whether this console can reach a run: a command belongs to the session of who started it.
func (r *room) within(e *env, st runbooks.StepState) bool {
	me := e.Options.Person
	if st.By == me.Name {
		return true
	}
	for i := range r.data.Entries {
		if en := &r.data.Entries[i]; en.Run == st.Run && en.Kind == incidents.KindCommandStarted {
			return me.OSUser != "" && en.Who.OSUser == me.OSUser
		}
	}
	return false
}

func (r *room) attachTo(e *env, s *runbooks.Step, st runbooks.StepState) tea.Cmd {
	b, more := r.ranBlock(s, st.Run)
	f := newFollowing(s.ID, b)
	f.run, f.more = st.Run, more
	r.runs[s.ID] = f
	req := incidents.RunRequest{Step: r.ref(s.ID), Title: stepName(s), Block: b, More: more, Seen: st.Status}
	req.Request = incidents.Request{Record: r.id, Walk: r.walk, By: e.Options.Person}
	runner, tag := e.Runner, roomTag{room: r.id, step: s.ID, run: f}
	return tea.Batch(f.listen(), func() tea.Msg {
		rec, err := runner.Attach(context.Background(), req, st.Run, f.push)
		return savedMsg{rec: rec, err: err, tag: tag}
	})
}

// ranBlock finds the block that a run was started from, by the command that the timeline names.
func (r *room) ranBlock(s *runbooks.Step, run string) (b runbooks.Block, more bool) {
	cmds := s.Commands
	var ran string
	for _, en := range r.data.Entries {
		if en.Run == run && en.Command != nil {
			ran = en.Command.Command
		}
	}
	for i, c := range cmds {
		if c.Text == ran {
			return c, moreAfter(cmds, i)
		}
	}
	if len(cmds) > 0 {
		b = cmds[0]
	}
	if ran != "" { // with placeholders filled in
		b.Text = ran
	}
	return b, false
}

// moreAfter tells whether a command that can be run comes after the block at i.
func moreAfter(list []runbooks.Block, i int) bool {
	for _, b := range list[min(i+1, len(list)):] {
		if b.Offered() {
			return true
		}
	}
	return false
}

// anyRunning is a command that runs, the selected step's first; nil where none does.
func (r *room) anyRunning() *following {
	f := r.running(r.sel)
	for _, other := range r.runs {
		if f == nil && !other.ended() {
			f = other
		}
	}
	return f
}

// stop is ^C: it stops the command that runs. The second one within five seconds ends it at once.
func (r *room) stop(e *env) tea.Cmd {
	f := r.anyRunning()
	if f == nil {
		return nil
	}
	run := r.status(f.step).Run // a later try has another one
	if run == "" {
		run = f.run
	}
	if run == "" || e.Runner == nil { // not written yet: its ID comes with the next snapshot
		return flash(text.M("room.stop_soon"))
	}
	hard := !f.asked.IsZero() && e.now.Sub(f.asked) < harder
	f.asked = e.now
	select {
	case f.halt <- struct{}{}:
	default:
	}
	runner := e.Runner
	return func() tea.Msg {
		if err := runner.Stop(run, hard); err != nil {
			return flashMsg{text: text.M("room.stop_failed", err.Error()), alarm: true}
		}
		if hard {
			return flashMsg{text: text.M("room.stop_hard")}
		}
		return flashMsg{text: text.M("room.stop_sent")}
	}
}
