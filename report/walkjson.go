package report

import (
	"encoding/json"
	"io"

	"lage/incidents"
	"lage/runbooks"
)

// WalkSchema names the JSON form of a walk.
const WalkSchema = "lage/walk/v1"

type walkDocJSON struct {
	Schema       string          `json:"schema"`
	Walk         walkJSON        `json:"walk"`
	People       []personJSON    `json:"people"`
	Measures     []measureJSON   `json:"measures"`
	Inputs       []inputJSON     `json:"inputs"`
	Asks         []askJSON       `json:"asks"`
	Deviations   []deviationJSON `json:"deviations"`
	SignOffs     []signoffJSON   `json:"signoffs"`
	Commands     []logJSON       `json:"commands"`
	Timeline     []entryJSON     `json:"timeline"`
	Timezone     string          `json:"timezone"`
	Organisation string          `json:"organisation,omitempty"`
	Generator    string          `json:"generator"`
}

type walkJSON struct {
	ID             string   `json:"id"`
	Kind           string   `json:"kind"`
	State          string   `json:"state"` // open, ended
	Drill          bool     `json:"drill"`
	Incident       string   `json:"incident"`
	Asset          string   `json:"asset"`
	Reason         string   `json:"reason"`
	Change         string   `json:"change"`
	Runbook        string   `json:"runbook"`
	Revision       string   `json:"revision"`
	RunbookChanged bool     `json:"runbook_changed"`
	Title          string   `json:"title"`
	Started        *string  `json:"started_at"`
	StartedBy      string   `json:"started_by"`
	Ended          *string  `json:"ended_at"`
	EndReason      string   `json:"end_reason"`
	Duration       *float64 `json:"duration_seconds"` // null while it goes on
	People         []string `json:"people"`
	Done           int      `json:"done"`
	Total          int      `json:"total"`
	Current        string   `json:"current"`
	Detours        []string `json:"detours"`
}

type personJSON struct {
	Name     string  `json:"name"`
	First    *string `json:"first_at"`
	Last     *string `json:"last_at"`
	Steps    int     `json:"steps"`
	Commands int     `json:"commands"`
	SignOffs int     `json:"signoffs"`
}

type measureJSON struct {
	ID        string   `json:"id"`
	Number    string   `json:"number"`
	Title     string   `json:"title"`
	Status    string   `json:"status"`
	By        string   `json:"by"`
	At        *string  `json:"at"`
	Reason    string   `json:"reason"`
	Choice    string   `json:"choice"`
	ClaimedBy string   `json:"claimed_by"`
	ClaimedAt *string  `json:"claimed_at"`
	WaitSince *string  `json:"wait_since"`
	WaitUntil *string  `json:"wait_until"` // null where the step waits for no time, or not yet
	WaitCheck string   `json:"wait_check"`
	Optional  bool     `json:"optional"`
	Commands  []string `json:"commands"` // runs
}

type inputJSON struct {
	Name  string  `json:"name"`
	Value string  `json:"value"`
	By    string  `json:"by"`
	At    *string `json:"at"`
}

// askJSON is a value that the runbook asks for.
type askJSON struct {
	Name    string   `json:"name"`
	Prompt  string   `json:"prompt"`
	Default string   `json:"default"`
	Pattern string   `json:"pattern"`
	Choices []string `json:"choices"`
	Secret  bool     `json:"secret"` // never stored
	Given   bool     `json:"given"`
}

type deviationJSON struct {
	Kind     string `json:"kind"` // skipped, na, failed, early, open, drill, unsigned, edited
	Step     string `json:"step"`
	Title    string `json:"title"`
	Reason   string `json:"reason"`
	Command  string `json:"command,omitempty"`
	Original string `json:"original,omitempty"`
	Text     string `json:"text"`
}

type signoffJSON struct {
	Step     string  `json:"step"` // empty for the walk as a whole
	Title    string  `json:"title"`
	Required bool    `json:"required"`
	Role     string  `json:"role"`
	Distinct bool    `json:"distinct"`
	By       *string `json:"by"` // null while nobody has signed
	At       *string `json:"at"`
	Note     string  `json:"note"`
}

type logJSON struct {
	Run       string  `json:"run"`
	Step      string  `json:"step"`
	Actor     string  `json:"actor"`
	StartedAt *string `json:"started_at"`
	commandJSON
	Output string `json:"output"`
}

// WalkJSON writes a walk with its whole timeline as one JSON object, by the rules of IncidentJSON.
func WalkJSON(w io.Writer, room incidents.WalkRoom, opt Options) error {
	d := newWalkDoc(room, opt)
	out := walkDocJSON{Schema: WalkSchema, Walk: d.walk(room.Changed), People: []personJSON{}, Measures: []measureJSON{}, Inputs: []inputJSON{}, Asks: d.asks(),
		Deviations: []deviationJSON{}, SignOffs: []signoffJSON{}, Commands: d.log(), Timeline: []entryJSON{},
		Timezone: opt.zone().String(), Organisation: opt.Organisation, Generator: opt.generator()}
	for _, p := range d.doings() {
		out.People = append(out.People, personJSON{p.name, opt.stamp(p.first), opt.stamp(p.last), p.steps, p.commands, p.signs})
	}
	for _, s := range d.steps() {
		out.Measures = append(out.Measures, d.measure(s))
	}
	for _, in := range sortedInputs(d.view.Walk) {
		out.Inputs = append(out.Inputs, inputJSON{in.Name, in.Value, in.By, opt.stamp(in.At)})
	}
	for _, x := range deviationsOf(d) {
		out.Deviations = append(out.Deviations, deviationJSON{x.kind, x.id, x.title, x.reason, x.command, x.original, x.words(opt.Lang)})
	}
	for _, s := range signoffsOf(d.view) {
		out.SignOffs = append(out.SignOffs, d.signJSON(s))
	}
	for _, e := range d.room.Entries {
		out.Timeline = append(out.Timeline, opt.entry(e))
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}

func (d walkDoc) walk(changed bool) walkJSON {
	w, o := d.view.Walk, d.opt
	j := walkJSON{ID: w.ID, Kind: string(w.Kind), State: status(w), Drill: w.Kind == runbooks.ForDrill, Incident: w.Incident, Asset: w.Asset,
		Reason: w.Reason, Change: w.Change, Runbook: w.Runbook, Revision: w.Revision, RunbookChanged: changed, Title: w.Title,
		Started: o.stamp(w.StartedAt), StartedBy: w.StartedBy, Ended: o.stamp(w.EndedAt), EndReason: w.EndReason, People: []string{},
		Current: w.Current, Detours: []string{}}
	if !w.EndedAt.IsZero() {
		s := w.EndedAt.Sub(w.StartedAt).Seconds()
		j.Duration = &s
	}
	for _, p := range d.doings() {
		j.People = append(j.People, p.name)
	}
	for _, x := range w.Detours {
		j.Detours = append(j.Detours, x.Runbook)
	}
	j.Done, j.Total = progress(d.view)
	return j
}

// asks lists what the walk's runbooks ask for.
func (d walkDoc) asks() []askJSON {
	out := []askJSON{}
	for _, b := range append([]*runbooks.Runbook{d.view.Book}, d.view.Others...) {
		for _, k := range runbooks.Asks(b) {
			_, given := d.view.Walk.Inputs[runbooks.InputName(k.Name)]
			out = append(out, askJSON{k.Name, k.Prompt, k.Default, k.Pattern, append([]string{}, k.Choices...), k.Secret, given})
		}
	}
	return out
}

// progress counts steps over all runbooks of a walk.
func progress(v incidents.WalkView) (done, total int) {
	for _, s := range walkSteps(v) {
		if s.state.Status.Over() {
			done++
		}
		total++
	}
	return done, total
}

func (d walkDoc) measure(s step) measureJSON {
	st := s.state
	status := string(st.Status)
	if st.Status == runbooks.StepTodo {
		status = "todo"
	}
	m := measureJSON{ID: s.id, Number: s.number, Title: s.title, Status: status, By: st.By, At: d.opt.stamp(st.At), Reason: st.Reason, Choice: st.Choice,
		ClaimedBy: st.ClaimedBy, ClaimedAt: d.opt.stamp(st.ClaimedAt), WaitSince: d.opt.stamp(st.WaitSince), Commands: []string{}}
	if s.of != nil {
		w := s.of.Wants
		m.Optional, m.WaitCheck = s.of.Optional, w.Until.Check
		if w.Wait > 0 && !st.WaitSince.IsZero() {
			m.WaitUntil = d.opt.stamp(st.WaitSince.Add(w.Wait))
		}
	}
	for _, e := range d.room.Entries {
		if e.Kind == incidents.KindCommandStarted && e.Step == s.id {
			m.Commands = append(m.Commands, e.Run)
		}
	}
	return m
}

func (d walkDoc) signJSON(s signoff) signoffJSON {
	j := signoffJSON{Title: d.view.Walk.Title}
	if s.step != nil {
		j.Step, j.Title = s.step.id, s.step.title
	}
	if s.want != nil {
		j.Required, j.Role, j.Distinct = true, s.want.Role, s.want.Distinct
	}
	if s.sign != nil {
		j.By, j.At, j.Note = &s.sign.By, d.opt.stamp(s.sign.At), s.sign.Note
	}
	return j
}

// log lists the command runs, each with how it ended where it has.
func (d walkDoc) log() []logJSON {
	out := []logJSON{}
	ids, byID := d.runs()
	for _, id := range ids {
		r := byID[id]
		first, last := r.started, r.ended
		if first == nil {
			first = last
		}
		if last == nil {
			last = first
		}
		e := d.opt.entry(*last)
		l := logJSON{Run: id, Step: first.Step, Actor: first.Name(d.lang), StartedAt: d.opt.stamp(first.OccurredAt), Output: d.excerpt(last.Output)}
		if e.Command != nil {
			l.commandJSON = *e.Command
		}
		out = append(out, l)
	}
	return out
}
