package report

import (
	"encoding/json"
	"io"
	"time"

	"lage/incidents"
	"lage/internal/clean"
	"lage/runbooks"
)

// Schema names the JSON form of an incident.
const Schema = "lage/incident/v1"

type incidentJSON struct {
	Schema         string        `json:"schema"`
	ID             string        `json:"id"`
	Title          string        `json:"title"`
	Service        string        `json:"service"`
	State          string        `json:"state"`
	Class          string        `json:"class"` // empty: from before there were classes
	Targets        []targetJSON  `json:"targets"`
	Lead           string        `json:"lead"`
	StartedAt      *string       `json:"started_at"`
	DetectedAt     *string       `json:"detected_at"`
	AcknowledgedAt *string       `json:"acknowledged_at"`
	MitigatedAt    *string       `json:"mitigated_at"` // the effect on users ended
	RecoveredAt    *string       `json:"recovered_at"` // as measured
	ResolvedAt     *string       `json:"resolved_at"`
	QuietSince     *string       `json:"quiet_since"` // no more alarms since then
	Handover       *handoverJSON `json:"handover"`    // null: nobody is asked to take the lead
	Lengths        []lengthJSON  `json:"lengths"`
	Cause          string        `json:"cause"`
	Version        int64         `json:"version"`
	Timezone       string        `json:"timezone"`
	Organisation   string        `json:"organisation,omitempty"`
	Generator      string        `json:"generator"`
	Checks         []string      `json:"checks"`
	Runbooks       []runbookJSON `json:"runbooks"`
	Timeline       []entryJSON   `json:"timeline"`
}

type runbookJSON struct {
	Walk      string     `json:"walk"`
	Name      string     `json:"name"`
	Title     string     `json:"title"`
	Revision  string     `json:"revision"`
	StartedAt *string    `json:"started_at"`
	EndedAt   *string    `json:"ended_at"`
	Steps     []stepJSON `json:"steps"`
}

type stepJSON struct {
	ID     string  `json:"id"`
	Title  string  `json:"title"`
	Status string  `json:"status"`
	By     string  `json:"by"`
	At     *string `json:"at"`
	Reason string  `json:"reason"`
}

type entryJSON struct {
	Seq        int64          `json:"seq"`
	OccurredAt *string        `json:"occurred_at"`
	RecordedAt *string        `json:"recorded_at"`
	Actor      string         `json:"actor"`
	OSUser     string         `json:"os_user,omitempty"`
	Key        string         `json:"key,omitempty"`
	Kind       string         `json:"kind"`
	Text       string         `json:"text"`
	Check      string         `json:"check,omitempty"`
	Walk       string         `json:"walk,omitempty"`
	Step       string         `json:"step,omitempty"`
	Run        string         `json:"run,omitempty"`
	Command    *commandJSON   `json:"command,omitempty"`
	Output     string         `json:"output,omitempty"`
	Masked     []clean.Masked `json:"masked,omitempty"` // marks in text or output, and how many
	Target     int64          `json:"target,omitempty"`
	Erases     []eraseJSON    `json:"erases,omitempty"` // what this entry erased
	Erased     []string       `json:"erased,omitempty"` // what of this entry was erased later
	Hash       string         `json:"hash"`
	PrevHash   string         `json:"prev_hash"`
}

type eraseJSON struct {
	Seq   int64    `json:"seq"`
	Parts []string `json:"parts"`
}

type commandJSON struct {
	Command  string  `json:"command"`
	Host     string  `json:"host"`
	Dir      string  `json:"dir"`
	ExitCode *int    `json:"exit_code"` // null: did not exit by itself, or still runs
	Duration float64 `json:"duration_seconds"`
	Outcome  string  `json:"outcome"`
	Bytes    int64   `json:"bytes"`
	Cut      bool    `json:"cut"`
	SHA256   string  `json:"sha256"`

	Terminal   bool     `json:"terminal"`            // a person typed into it
	Redactions int      `json:"redactions"`          // secrets taken out of the output
	Survivors  []string `json:"survivors,omitempty"` // processes that could not be ended
	Values     []string `json:"values,omitempty"`    // names of variables that it handed on
}

// IncidentJSON writes an incident with its whole timeline, ordered by seq, as one JSON object. Times are RFC 3339 in
// opt.Zone, exact to the nanosecond; durations are seconds; absent times are null; texts are in opt.Lang.
func IncidentJSON(w io.Writer, room incidents.Room, opt Options) error {
	room = withoutErased(room, opt.Lang)
	i := room.Incident
	at := opt.stamp
	out := incidentJSON{
		Schema: Schema, ID: i.ID, Title: i.Title, Service: i.Service, State: string(i.State), Class: i.Class, Targets: opt.targets(room), Lead: i.Lead,
		StartedAt: at(i.Started), DetectedAt: at(i.Detected), AcknowledgedAt: at(i.Acknowledged),
		MitigatedAt: at(i.Ended()), RecoveredAt: at(i.Recovered), ResolvedAt: at(i.Resolved), QuietSince: at(i.Quiet), Handover: opt.handover(i.Handover), Lengths: lengths(i), Cause: i.Cause, Version: i.Version,
		Timezone: opt.zone().String(), Organisation: opt.Organisation, Generator: opt.generator(),
		Checks: append([]string{}, i.Checks...), Runbooks: []runbookJSON{}, Timeline: []entryJSON{},
	}
	for _, v := range room.Walks {
		out.Runbooks = append(out.Runbooks, opt.runbook(v))
	}
	for _, e := range room.Entries {
		out.Timeline = append(out.Timeline, opt.entry(e))
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}

// handoverJSON is a lead that is offered to somebody.
type handoverJSON struct {
	To   string  `json:"to"`
	By   string  `json:"by"`
	Note string  `json:"note"`
	At   *string `json:"at"`
}

func (o Options) handover(h *incidents.Handover) *handoverJSON {
	if h == nil {
		return nil
	}
	return &handoverJSON{h.To, h.By, h.Note, o.stamp(h.At)}
}

// lengthJSON is one of the spans by which incidents are compared, with its formula.
type lengthJSON struct {
	Kind    string   `json:"kind"` // ttd, tta, ttm, ttr
	Formula string   `json:"formula"`
	Seconds *float64 `json:"seconds"` // null: unknown
}

func lengths(i incidents.Incident) []lengthJSON {
	out := []lengthJSON{}
	for _, l := range i.Lengths() {
		j := lengthJSON{Kind: l.Kind, Formula: string(l.To) + "_at - " + string(l.From) + "_at"}
		if l.Known {
			s := l.Span.Seconds()
			j.Seconds = &s
		}
		out = append(out, j)
	}
	return out
}

// targetJSON is one time that the incident's class agrees. Both clocks stand beside each other, whichever counts.
type targetJSON struct {
	Kind      string  `json:"kind"` // response, restore, update
	Clock     string  `json:"clock"`
	Agreed    float64 `json:"agreed_seconds"`
	FromAt    *string `json:"from_at"`
	DueAt     *string `json:"due_at"` // null where so much service time never comes
	ReachedAt *string `json:"reached_at"`
	Calendar  float64 `json:"calendar_seconds"`
	Service   float64 `json:"service_seconds"`
	Missed    bool    `json:"missed"`
}

func (o Options) targets(room incidents.Room) []targetJSON {
	out := []targetJSON{}
	for _, t := range room.Targets(o.zone(), o.asOf(room)) {
		out = append(out, targetJSON{Kind: string(t.Kind), Clock: string(room.Class.Clock), Agreed: t.Agreed.Seconds(), FromAt: o.stamp(t.From),
			DueAt: o.stamp(t.Due), ReachedAt: o.stamp(t.Reached), Calendar: t.Calendar.Seconds(), Service: t.Service.Seconds(), Missed: t.Missed()})
	}
	return out
}

// asOf is the moment that a report speaks of: its newest entry, so that it is the same as long as nothing has happened.
func (o Options) asOf(room incidents.Room) time.Time {
	at := room.Incident.Detected
	for _, e := range room.Entries {
		if e.RecordedAt.After(at) {
			at = e.RecordedAt
		}
	}
	return at
}

func (o Options) stamp(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	s := t.In(o.zone()).Format(time.RFC3339Nano)
	return &s
}

func (o Options) runbook(v incidents.WalkView) runbookJSON {
	w := v.Walk
	r := runbookJSON{Walk: w.ID, Name: w.Runbook, Title: w.Title, Revision: w.Revision,
		StartedAt: o.stamp(w.StartedAt), EndedAt: o.stamp(w.EndedAt), Steps: []stepJSON{}}
	for _, s := range steps(v) {
		status := string(s.state.Status)
		if s.state.Status == runbooks.StepTodo {
			status = "todo"
		}
		r.Steps = append(r.Steps, stepJSON{s.id, s.title, status, s.state.By, o.stamp(s.state.At), s.state.Reason})
	}
	return r
}

func (o Options) entry(e incidents.Entry) entryJSON {
	j := entryJSON{
		Seq: e.Seq, OccurredAt: o.stamp(e.OccurredAt), RecordedAt: o.stamp(e.RecordedAt),
		Actor: e.Name(o.Lang), OSUser: e.Who.OSUser, Key: e.Who.Key, Kind: string(e.Kind), Text: e.Words(o.Lang),
		Check: e.Check, Walk: e.Walk, Step: e.Step, Run: e.Run, Output: e.Output, Masked: e.Masked, Target: e.Target, Erased: e.Erased,
		Hash: e.Hash, PrevHash: e.PrevHash,
	}
	for _, x := range e.Erases {
		j.Erases = append(j.Erases, eraseJSON{x.Seq, x.Parts()})
	}
	if c := e.Command; c != nil {
		j.Command = &commandJSON{Command: c.Command, Host: c.Host, Dir: c.Dir, Duration: c.Duration.Seconds(),
			Outcome: c.Outcome, Bytes: c.Bytes, Cut: c.Cut, SHA256: c.SHA256,
			Terminal: c.Terminal, Redactions: c.Redactions, Survivors: c.Survivors, Values: c.Values}
		if c.ExitCode >= 0 {
			j.Command.ExitCode = &c.ExitCode
		}
	}
	return j
}
