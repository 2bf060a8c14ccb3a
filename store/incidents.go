package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"

	"lage/incidents"
	"lage/runbooks"
)

const incidentColumns = "id, service, title, state, lead, checks, runbook, cause, started, detected, acknowledged, recovered, resolved, stage, version"

func incidentsWhere(ctx context.Context, tx *sql.Tx, where string, args ...any) ([]incidents.Incident, error) {
	var out []incidents.Incident
	err := each(ctx, tx, func(scan func(...any) error) error {
		var i incidents.Incident
		var list string
		var started, detected, acknowledged, recovered, resolved int64
		if err := scan(&i.ID, &i.Service, &i.Title, &i.State, &i.Lead, &list, &i.Runbook, &i.Cause, &started, &detected,
			&acknowledged, &recovered, &resolved, &i.Stage, &i.Version); err != nil {
			return err
		}
		i.Started, i.Detected, i.Acknowledged = moment(started), moment(detected), moment(acknowledged)
		i.Recovered, i.Resolved = moment(recovered), moment(resolved)
		if err := json.Unmarshal([]byte(list), &i.Checks); err != nil {
			return fmt.Errorf("%s: list of checks: %w", i.ID, err)
		}
		out = append(out, i)
		return nil
	}, "SELECT "+incidentColumns+" FROM incidents "+where, args...)
	return out, err
}

func incident(ctx context.Context, tx *sql.Tx, id string) (*incidents.Incident, error) {
	list, err := incidentsWhere(ctx, tx, "WHERE id = ?", id)
	if err != nil || len(list) == 0 {
		return nil, orNotFound(err)
	}
	return &list[0], nil
}

func orNotFound(err error) error {
	if err != nil {
		return err
	}
	return incidents.ErrNotFound
}

// saveIncident writes an incident: a new one with the next ID of the year, an old one where nobody has changed it since.
func saveIncident(ctx context.Context, tx *sql.Tx, i *incidents.Incident, year int) error {
	if len(i.Checks) == 0 {
		i.Checks = nil // written and read as the same
	}
	list, err := json.Marshal(i.Checks)
	if err != nil {
		return err
	}
	if i.ID == "" {
		return insertIncident(ctx, tx, i, year, string(list))
	}
	res, err := tx.ExecContext(ctx, "UPDATE incidents SET service = ?, title = ?, state = ?, lead = ?, checks = ?, runbook = ?, cause = ?, "+
		"started = ?, detected = ?, acknowledged = ?, recovered = ?, resolved = ?, stage = ?, version = ? WHERE id = ? AND version = ?",
		i.Service, i.Title, i.State, i.Lead, string(list), i.Runbook, i.Cause, nano(i.Started), nano(i.Detected),
		nano(i.Acknowledged), nano(i.Recovered), nano(i.Resolved), i.Stage, i.Version, i.ID, i.Version-1)
	if err != nil {
		return err
	}
	return staleOrGone(ctx, tx, res, "SELECT count(*) FROM incidents WHERE id = ?", i.ID)
}

func insertIncident(ctx context.Context, tx *sql.Tx, i *incidents.Incident, year int, list string) error {
	if i.Service != "" && i.Open() {
		var open int
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM incidents WHERE service = ? AND state <> 'resolved'", i.Service).
			Scan(&open); err != nil {
			return err
		}
		if open > 0 {
			return incidents.ErrStale
		}
	}
	n, err := next(ctx, tx, fmt.Sprintf("INC-%d", year))
	if err != nil {
		return err
	}
	i.ID, i.Version = fmt.Sprintf("INC-%d-%03d", year, n), 1
	return run(ctx, tx, "INSERT INTO incidents ("+incidentColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		i.ID, i.Service, i.Title, i.State, i.Lead, list, i.Runbook, i.Cause, nano(i.Started), nano(i.Detected),
		nano(i.Acknowledged), nano(i.Recovered), nano(i.Resolved), i.Stage, i.Version)
}

// staleOrGone tells why an update by version has changed nothing; nil where it has.
func staleOrGone(ctx context.Context, tx *sql.Tx, res sql.Result, query, id string) error {
	if n, err := res.RowsAffected(); err != nil || n > 0 {
		return err
	}
	var n int
	if err := tx.QueryRowContext(ctx, query, id).Scan(&n); err != nil {
		return err
	}
	if n == 0 {
		return incidents.ErrNotFound
	}
	return incidents.ErrStale
}

const walkColumns = "id, incident, runbook, revision, title, started, ended, current, steps, version"

func walksWhere(ctx context.Context, tx *sql.Tx, where string, args ...any) ([]runbooks.Walk, error) {
	var out []runbooks.Walk
	err := each(ctx, tx, func(scan func(...any) error) error {
		var w runbooks.Walk
		var started, ended int64
		var steps string
		if err := scan(&w.ID, &w.Incident, &w.Runbook, &w.Revision, &w.Title, &started, &ended, &w.Current, &steps, &w.Version); err != nil {
			return err
		}
		w.StartedAt, w.EndedAt = moment(started), moment(ended)
		var err error
		if w.Steps, err = parseSteps(steps); err != nil {
			return fmt.Errorf("%s: steps: %w", w.ID, err)
		}
		out = append(out, w)
		return nil
	}, "SELECT "+walkColumns+" FROM walks "+where, args...)
	return out, err
}

// stepColumn is a step's state as it stands in the column steps, a JSON object by step ID. Its names are part of the
// schema.
type stepColumn struct {
	Status string `json:"status,omitempty"`
	By     string `json:"by,omitempty"`
	At     int64  `json:"at,omitempty"`
	Reason string `json:"reason,omitempty"`
	Run    string `json:"run,omitempty"`
	Seq    int64  `json:"seq,omitempty"`
}

func stepsJSON(steps map[string]runbooks.StepState) (string, error) {
	out := make(map[string]stepColumn, len(steps))
	for id, st := range steps {
		out[id] = stepColumn{string(st.Status), st.By, nano(st.At), st.Reason, st.Run, st.Seq}
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
		out[id] = runbooks.StepState{Status: runbooks.StepStatus(st.Status), By: st.By, At: moment(st.At), Reason: st.Reason, Run: st.Run, Seq: st.Seq}
	}
	return out, nil
}

func walk(ctx context.Context, tx *sql.Tx, id string) (*runbooks.Walk, error) {
	list, err := walksWhere(ctx, tx, "WHERE id = ?", id)
	if err != nil || len(list) == 0 {
		return nil, orNotFound(err)
	}
	return &list[0], nil
}

// saveWalk writes a walk like saveIncident an incident.
func saveWalk(ctx context.Context, tx *sql.Tx, w *runbooks.Walk, year int) error {
	steps, err := stepsJSON(w.Steps)
	if err != nil {
		return err
	}
	if w.ID != "" {
		res, err := tx.ExecContext(ctx, "UPDATE walks SET incident = ?, runbook = ?, revision = ?, title = ?, started = ?, ended = ?, "+
			"current = ?, steps = ?, version = ? WHERE id = ? AND version = ?", w.Incident, w.Runbook, w.Revision, w.Title,
			nano(w.StartedAt), nano(w.EndedAt), w.Current, steps, w.Version, w.ID, w.Version-1)
		if err != nil {
			return err
		}
		return staleOrGone(ctx, tx, res, "SELECT count(*) FROM walks WHERE id = ?", w.ID)
	}
	n, err := next(ctx, tx, fmt.Sprintf("W-%d", year))
	if err != nil {
		return err
	}
	w.ID, w.Version = fmt.Sprintf("W-%d-%03d", year, n), 1
	return run(ctx, tx, "INSERT INTO walks ("+walkColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", w.ID, w.Incident, w.Runbook,
		w.Revision, w.Title, nano(w.StartedAt), nano(w.EndedAt), w.Current, steps, w.Version)
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
	case incidents.KindStepDone, incidents.KindStepSkipped, incidents.KindStepFailed, incidents.KindStepReopened,
		incidents.KindCommandStarted, incidents.KindCommandEnded:
		return true
	}
	return false
}
