package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"lage/incidents"
)

const incidentColumns = "id, service, title, state, lead, checks, runbook, cause, class, started, detected, acknowledged, mitigated, recovered, resolved, quiet, handover, stage, version"

func incidentsWhere(ctx context.Context, tx *sql.Tx, where string, args ...any) ([]incidents.Incident, error) {
	var out []incidents.Incident
	err := each(ctx, tx, func(scan func(...any) error) (err error) {
		var i incidents.Incident
		var list, handover string
		var quiet, started, detected, acknowledged, mitigated, recovered, resolved int64
		if err := scan(&i.ID, &i.Service, &i.Title, &i.State, &i.Lead, &list, &i.Runbook, &i.Cause, &i.Class, &started, &detected,
			&acknowledged, &mitigated, &recovered, &resolved, &quiet, &handover, &i.Stage, &i.Version); err != nil {
			return err
		}
		i.Started, i.Detected, i.Acknowledged = moment(started), moment(detected), moment(acknowledged)
		i.Mitigated, i.Recovered, i.Resolved, i.Quiet = moment(mitigated), moment(recovered), moment(resolved), moment(quiet)
		if i.Handover, err = handoverIn(handover); err != nil {
			return fmt.Errorf("%s: hand-over: %w", i.ID, err)
		}
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
	handover, err := handoverOut(i.Handover)
	if err != nil {
		return err
	}
	if i.ID == "" {
		return insertIncident(ctx, tx, i, year, string(list), handover)
	}
	res, err := tx.ExecContext(ctx, "UPDATE incidents SET service = ?, title = ?, state = ?, lead = ?, checks = ?, runbook = ?, cause = ?, class = ?, "+
		"started = ?, detected = ?, acknowledged = ?, mitigated = ?, recovered = ?, resolved = ?, quiet = ?, handover = ?, stage = ?, version = ? WHERE id = ? AND version = ?",
		i.Service, i.Title, i.State, i.Lead, string(list), i.Runbook, i.Cause, i.Class, nano(i.Started), nano(i.Detected),
		nano(i.Acknowledged), nano(i.Mitigated), nano(i.Recovered), nano(i.Resolved), nano(i.Quiet), handover, i.Stage, i.Version, i.ID, i.Version-1)
	if err != nil {
		return err
	}
	return staleOrGone(ctx, tx, res, "SELECT count(*) FROM incidents WHERE id = ?", i.ID)
}

func insertIncident(ctx context.Context, tx *sql.Tx, i *incidents.Incident, year int, list, handover string) error {
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
	return run(ctx, tx, "INSERT INTO incidents ("+incidentColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		i.ID, i.Service, i.Title, i.State, i.Lead, list, i.Runbook, i.Cause, i.Class, nano(i.Started), nano(i.Detected),
		nano(i.Acknowledged), nano(i.Mitigated), nano(i.Recovered), nano(i.Resolved), nano(i.Quiet), handover, i.Stage, i.Version)
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

// handoverColumn is a lead that is offered, as it stands in the column of that name; empty where none is.
type handoverColumn struct {
	To   string `json:"to"`
	By   string `json:"by"`
	Note string `json:"note"`
	At   int64  `json:"at"`
}

func handoverOut(h *incidents.Handover) (string, error) {
	if h == nil {
		return "", nil
	}
	b, err := json.Marshal(handoverColumn{h.To, h.By, h.Note, nano(h.At)})
	return string(b), err
}

func handoverIn(s string) (*incidents.Handover, error) {
	if s == "" {
		return nil, nil
	}
	var c handoverColumn
	if err := json.Unmarshal([]byte(s), &c); err != nil {
		return nil, err
	}
	return &incidents.Handover{To: c.To, By: c.By, Note: c.Note, At: moment(c.At)}, nil
}
