package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"lage/incidents"
	"lage/runbooks"
	"lage/services"
)

const walkColumns = "id, incident, runbook, revision, title, started, ended, current, steps, version, kind, asset, reason, change, data"

func walksWhere(ctx context.Context, tx *sql.Tx, where string, args ...any) ([]runbooks.Walk, error) {
	var out []runbooks.Walk
	err := each(ctx, tx, func(scan func(...any) error) error {
		var w runbooks.Walk
		var started, ended int64
		var steps, data string
		if err := scan(&w.ID, &w.Incident, &w.Runbook, &w.Revision, &w.Title, &started, &ended, &w.Current, &steps, &w.Version,
			&w.Kind, &w.Asset, &w.Reason, &w.Change, &data); err != nil {
			return err
		}
		w.StartedAt, w.EndedAt = moment(started), moment(ended)
		var err error
		if w.Steps, err = parseSteps(steps); err != nil {
			return fmt.Errorf("%s: steps: %w", w.ID, err)
		}
		if err := parseData(data, &w); err != nil {
			return fmt.Errorf("%s: data: %w", w.ID, err)
		}
		out = append(out, w)
		return nil
	}, "SELECT "+walkColumns+" FROM walks "+where, args...)
	return out, err
}

// stepColumn is a step's state as it stands in the column steps, a JSON object by step, and in the entries of the
// timeline. Its names, and those of the types below, are part of the schema.
type stepColumn struct {
	Status    string       `json:"status,omitempty"`
	By        string       `json:"by,omitempty"`
	At        int64        `json:"at,omitempty"`
	Reason    string       `json:"reason,omitempty"`
	Run       string       `json:"run,omitempty"`
	Did       []string     `json:"did,omitempty"`
	Seq       int64        `json:"seq,omitempty"`
	Choice    string       `json:"choice,omitempty"`
	ClaimedBy string       `json:"claimed_by,omitempty"`
	ClaimedAt int64        `json:"claimed_at,omitempty"`
	WaitSince int64        `json:"wait_since,omitempty"`
	Signed    []signColumn `json:"signed,omitempty"`
}

type signColumn struct {
	By   string `json:"by,omitempty"`
	At   int64  `json:"at,omitempty"`
	Role string `json:"role,omitempty"`
	Note string `json:"note,omitempty"`
	Seq  int64  `json:"seq,omitempty"`
}

type inputColumn struct {
	Name  string `json:"name,omitempty"`
	Value string `json:"value"`
	By    string `json:"by,omitempty"`
	At    int64  `json:"at,omitempty"`
	Seq   int64  `json:"seq,omitempty"`
}

type detourColumn struct {
	Runbook  string `json:"runbook"`
	Revision string `json:"revision"`
	Title    string `json:"title,omitempty"`
	Back     string `json:"back,omitempty"`
	Left     bool   `json:"left,omitempty"`
}

// walkData is the column data.
type walkData struct {
	StartedBy string                 `json:"started_by,omitempty"`
	EndReason string                 `json:"end_reason,omitempty"`
	Signed    []signColumn           `json:"signed,omitempty"`
	Inputs    map[string]inputColumn `json:"inputs,omitempty"`
	Detours   []detourColumn         `json:"detours,omitempty"`
}

func signsOut(list []runbooks.Sign) (out []signColumn) {
	for _, s := range list {
		out = append(out, signColumn{s.By, nano(s.At), s.Role, s.Note, s.Seq})
	}
	return out
}

func signsIn(list []signColumn) (out []runbooks.Sign) {
	for _, s := range list {
		out = append(out, runbooks.Sign{By: s.By, At: moment(s.At), Role: s.Role, Note: s.Note, Seq: s.Seq})
	}
	return out
}

func stepOut(st runbooks.StepState) stepColumn {
	return stepColumn{string(st.Status), st.By, nano(st.At), st.Reason, st.Run, st.Did, st.Seq, st.Choice, st.ClaimedBy, nano(st.ClaimedAt),
		nano(st.WaitSince), signsOut(st.Signed)}
}

func (c stepColumn) state() runbooks.StepState {
	return runbooks.StepState{Status: runbooks.StepStatus(c.Status), By: c.By, At: moment(c.At), Reason: c.Reason, Run: c.Run, Did: c.Did, Seq: c.Seq,
		Choice: c.Choice, ClaimedBy: c.ClaimedBy, ClaimedAt: moment(c.ClaimedAt), WaitSince: moment(c.WaitSince), Signed: signsIn(c.Signed)}
}

func stepsJSON(steps map[string]runbooks.StepState) (string, error) {
	out := make(map[string]stepColumn, len(steps))
	for id, st := range steps {
		out[id] = stepOut(st)
	}
	b, err := json.Marshal(out)
	return string(b), err
}

func parseSteps(column string) (map[string]runbooks.StepState, error) {
	var in map[string]stepColumn
	if err := json.Unmarshal([]byte(column), &in); err != nil {
		return nil, err
	}
	out := make(map[string]runbooks.StepState, len(in))
	for id, st := range in {
		out[id] = st.state()
	}
	return out, nil
}

func dataJSON(w *runbooks.Walk) (string, error) {
	d := walkData{StartedBy: w.StartedBy, EndReason: w.EndReason, Signed: signsOut(w.Signed)}
	for id, in := range w.Inputs {
		if d.Inputs == nil {
			d.Inputs = map[string]inputColumn{}
		}
		d.Inputs[id] = inputOut(in)
	}
	for _, x := range w.Detours {
		d.Detours = append(d.Detours, detourColumn(x))
	}
	b, err := json.Marshal(d)
	return string(b), err
}

func parseData(column string, w *runbooks.Walk) error {
	var d walkData
	if err := json.Unmarshal([]byte(column), &d); err != nil {
		return err
	}
	w.StartedBy, w.EndReason, w.Signed = d.StartedBy, d.EndReason, signsIn(d.Signed)
	for id, in := range d.Inputs {
		if w.Inputs == nil {
			w.Inputs = map[string]runbooks.Input{}
		}
		w.Inputs[id] = in.input()
	}
	for _, x := range d.Detours {
		w.Detours = append(w.Detours, runbooks.Detour(x))
	}
	return nil
}

// changeColumn is an entry's change of a walk, inside the column body of the timeline.
type changeColumn struct {
	State     *stepColumn   `json:"state,omitempty"`
	Wait      bool          `json:"wait,omitempty"`
	Sign      *signColumn   `json:"sign,omitempty"`
	Input     *inputColumn  `json:"input,omitempty"`
	Detour    *detourColumn `json:"detour,omitempty"`
	Go        string        `json:"go,omitempty"`
	EndReason string        `json:"end_reason,omitempty"`
}

func changeOut(c *incidents.WalkChange) *changeColumn {
	if c == nil {
		return nil
	}
	out := changeColumn{Wait: c.Wait, Go: c.Go, EndReason: c.EndReason}
	if c.State != nil {
		st := stepOut(*c.State)
		out.State = &st
	}
	if c.Sign != nil {
		out.Sign = &signsOut([]runbooks.Sign{*c.Sign})[0]
	}
	if c.Input != nil {
		in := inputOut(*c.Input)
		out.Input = &in
	}
	if c.Detour != nil {
		d := detourColumn(*c.Detour)
		out.Detour = &d
	}
	return &out
}

func (c *changeColumn) change() *incidents.WalkChange {
	if c == nil {
		return nil
	}
	out := incidents.WalkChange{Wait: c.Wait, Go: c.Go, EndReason: c.EndReason}
	if c.State != nil {
		st := c.State.state()
		out.State = &st
	}
	if c.Sign != nil {
		out.Sign = &signsIn([]signColumn{*c.Sign})[0]
	}
	if c.Input != nil {
		in := c.Input.input()
		out.Input = &in
	}
	if c.Detour != nil {
		d := runbooks.Detour(*c.Detour)
		out.Detour = &d
	}
	return &out
}

func inputOut(in runbooks.Input) inputColumn {
	return inputColumn{in.Name, in.Value, in.By, nano(in.At), in.Seq}
}

func (c inputColumn) input() runbooks.Input {
	return runbooks.Input{Name: c.Name, Value: c.Value, By: c.By, At: moment(c.At), Seq: c.Seq}
}

func walk(ctx context.Context, tx *sql.Tx, id string) (*runbooks.Walk, error) {
	list, err := walksWhere(ctx, tx, "WHERE id = ?", id)
	if err != nil || len(list) == 0 {
		return nil, orNotFound(err)
	}
	return &list[0], nil
}

// walkPrefix begins the IDs of walks of a kind.
func walkPrefix(k runbooks.WalkKind) string {
	switch k {
	case runbooks.ForMaintenance:
		return "WART"
	case runbooks.ForDrill:
		return "UEB"
	}
	return "W"
}

// saveWalk writes a walk like saveIncident an incident.
func saveWalk(ctx context.Context, tx *sql.Tx, w *runbooks.Walk, year int) error {
	steps, err := stepsJSON(w.Steps)
	if err != nil {
		return err
	}
	data, err := dataJSON(w)
	if err != nil {
		return err
	}
	if w.ID != "" {
		res, err := tx.ExecContext(ctx, "UPDATE walks SET incident = ?, runbook = ?, revision = ?, title = ?, started = ?, ended = ?, "+
			"current = ?, steps = ?, version = ?, kind = ?, asset = ?, reason = ?, change = ?, data = ? WHERE id = ? AND version = ?",
			w.Incident, w.Runbook, w.Revision, w.Title, nano(w.StartedAt), nano(w.EndedAt), w.Current, steps, w.Version,
			w.Kind, w.Asset, w.Reason, w.Change, data, w.ID, w.Version-1)
		if err != nil {
			return err
		}
		return staleOrGone(ctx, tx, res, "SELECT count(*) FROM walks WHERE id = ?", w.ID)
	}
	prefix := fmt.Sprintf("%s-%d", walkPrefix(w.Kind), year)
	n, err := next(ctx, tx, prefix)
	if err != nil {
		return err
	}
	w.ID, w.Version = fmt.Sprintf("%s-%03d", prefix, n), 1
	return run(ctx, tx, "INSERT INTO walks ("+walkColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", w.ID, w.Incident, w.Runbook,
		w.Revision, w.Title, nano(w.StartedAt), nano(w.EndedAt), w.Current, steps, w.Version, w.Kind, w.Asset, w.Reason, w.Change, data)
}

// numberSteps gives the steps of a walk the numbers of the entries that speak about them.
func numberSteps(ctx context.Context, tx *sql.Tx, w *runbooks.Walk, entries []incidents.Entry) error {
	steps := maps.Clone(w.Steps)
	if steps == nil {
		steps = map[string]runbooks.StepState{} // as it is read back
	}
	for _, e := range entries {
		if st, ok := steps[e.Step]; ok && e.Walk == w.ID && marksStep(e.Kind) {
			st.Seq = e.Seq
			steps[e.Step] = st
		}
	}
	w.Steps = steps
	column, err := stepsJSON(steps)
	if err != nil {
		return err
	}
	return run(ctx, tx, "UPDATE walks SET steps = ? WHERE id = ?", column, w.ID)
}

func marksStep(k incidents.Kind) bool {
	switch k {
	case incidents.KindStepDone, incidents.KindStepSkipped, incidents.KindStepFailed, incidents.KindStepReopened, incidents.KindStepNA,
		incidents.KindCommandStarted, incidents.KindCommandEnded, incidents.KindChoiceMade:
		return true
	}
	return false
}

// WalkPeople gives who has acted in each walk, by the walk's ID, in order of their first act. Names that were erased are not
// among them, nor is lage itself.
func (s *Store) WalkPeople(ctx context.Context) (map[string][]string, error) {
	out := map[string][]string{}
	err := s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return each(ctx, tx, func(scan func(...any) error) error {
			var id, who string
			if err := scan(&id, &who); err != nil {
				return err
			}
			var p services.Person
			if json.Unmarshal([]byte(who), &p) == nil && !p.IsSystem() && !slices.Contains(out[id], p.Name) {
				out[id] = append(out[id], p.Name)
			}
			return nil
		}, "SELECT walks.id, who FROM walks JOIN timeline ON record = CASE incident WHEN '' THEN walks.id ELSE incident END "+
			"WHERE who IS NOT NULL AND (incident = '' OR walk = walks.id) GROUP BY walks.id, who ORDER BY min(timeline.n)")
	})
	return out, err
}

// WalkStat says how often, how long and when last a runbook was walked.
type WalkStat struct {
	Walks     int // ended or not, without drills
	Drills    int
	LastUse   time.Time     // when the newest walk that is no drill began; zero when there is none
	LastIn    string        // ID of the incident that it belongs to, or its own where it has none
	LastDrill time.Time     // when the newest drill began; zero when there is none
	Median    time.Duration // of the walks that have ended, without drills; zero when none has
}

// WalkStats gives what is known of each runbook's walks, by the runbook's name. A runbook that nobody walked has no entry.
func (s *Store) WalkStats(ctx context.Context) (map[string]WalkStat, error) {
	out := map[string]WalkStat{}
	took := map[string][]time.Duration{}
	err := s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return each(ctx, tx, func(scan func(...any) error) error {
			var name, in string
			var kind runbooks.WalkKind
			var started, ended int64
			if err := scan(&name, &kind, &started, &ended, &in); err != nil {
				return err
			}
			st := out[name]
			if kind == runbooks.ForDrill {
				st.Drills, st.LastDrill = st.Drills+1, moment(started)
			} else {
				st.Walks, st.LastUse, st.LastIn = st.Walks+1, moment(started), in
				if ended > 0 {
					took[name] = append(took[name], time.Duration(ended-started))
				}
			}
			out[name] = st
			return nil
		}, "SELECT runbook, kind, started, ended, CASE incident WHEN '' THEN id ELSE incident END FROM walks ORDER BY started")
	})
	for name, list := range took {
		slices.Sort(list)
		st := out[name]
		st.Median = (list[(len(list)-1)/2] + list[len(list)/2]) / 2
		out[name] = st
	}
	return out, err
}
