package store

import (
	"cmp"
	"context"
	"database/sql"
	"strconv"
	"strings"

	"lage/incidents"
	"lage/runbooks"
)

// Room gives an incident with its timeline and its walks, oldest first, as of one moment.
func (s *Store) Room(ctx context.Context, id string) (inc incidents.Incident, entries []incidents.Entry, walks []runbooks.Walk, err error) {
	err = s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		i, err := incident(ctx, tx, id)
		if err != nil {
			return err
		}
		inc = *i
		if entries, err = entriesWhere(ctx, tx, "WHERE record = ? ORDER BY seq", id); err != nil {
			return err
		}
		walks, err = walksWhere(ctx, tx, "WHERE incident = ? ORDER BY n", id)
		return err
	})
	return inc, entries, walks, err
}

// WalkRecord gives a walk and the entries of its record: its own, or its incident's where it has one.
func (s *Store) WalkRecord(ctx context.Context, id string) (out runbooks.Walk, entries []incidents.Entry, err error) {
	err = s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		w, err := walk(ctx, tx, id)
		if err != nil {
			return err
		}
		out = *w
		entries, err = entriesWhere(ctx, tx, "WHERE record = ? ORDER BY seq", cmp.Or(w.Incident, w.ID))
		return err
	})
	return out, entries, err
}

// Filter says which incidents are wanted. The zero value means all open ones.
type Filter struct {
	All     bool   // resolved ones too
	Service string // empty means every service
	Limit   int    // 0 means no limit
}

// Incidents lists incidents, newest first.
func (s *Store) Incidents(ctx context.Context, f Filter) (list []incidents.Incident, err error) {
	limit := cmp.Or(f.Limit, -1)
	err = s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		list, err = incidentsWhere(ctx, tx, "WHERE (? OR state <> 'resolved') AND (? = '' OR service = ?) ORDER BY n DESC LIMIT ?",
			f.All, f.Service, f.Service, limit)
		return err
	})
	return list, err
}

// Walks lists walks, newest first: all, or those that go on.
func (s *Store) Walks(ctx context.Context, open bool) (list []runbooks.Walk, err error) {
	err = s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		list, err = walksWhere(ctx, tx, "WHERE NOT ? OR ended = 0 ORDER BY n DESC", open)
		return err
	})
	return list, err
}

// Resolve finds the ID that a person means: "INC-2026-031", "inc-031", "31" (the newest of that number), and for walks
// "W-2026-004", "w-4", "wart-14" or "ueb-1". incidents.ErrNotFound if there is none.
func (s *Store) Resolve(ctx context.Context, ref string) (id string, err error) {
	parts := strings.Split(strings.ToUpper(strings.TrimSpace(ref)), "-")
	table, prefix := "incidents", "INC"
	switch parts[0] {
	case "INC":
		parts = parts[1:]
	case "W", "WART", "UEB":
		table, prefix, parts = "walks", parts[0], parts[1:]
	}
	if len(parts) < 1 || len(parts) > 2 {
		return "", incidents.ErrNotFound
	}
	year := "%"
	if len(parts) == 2 {
		if _, err := strconv.ParseUint(parts[0], 10, 16); err != nil {
			return "", incidents.ErrNotFound
		}
		year = parts[0]
	}
	n, err := strconv.ParseUint(parts[len(parts)-1], 10, 32)
	if err != nil {
		return "", incidents.ErrNotFound
	}
	number := strconv.FormatUint(n, 10)
	pattern := prefix + "-" + year + "-" + strings.Repeat("0", max(0, 3-len(number))) + number
	err = s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, "SELECT id FROM "+table+" WHERE id LIKE ? ORDER BY id DESC LIMIT 1", pattern).Scan(&id)
		if err == sql.ErrNoRows {
			return incidents.ErrNotFound
		}
		return err
	})
	return id, err
}

// Revision gives the source of a runbook as it was when a walk began; incidents.ErrNotFound if it is not kept.
func (s *Store) Revision(ctx context.Context, sha string) (name, path, source string, err error) {
	err = s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, "SELECT name, path, source FROM revisions WHERE sha256 = ?", sha).Scan(&name, &path, &source)
		if err == sql.ErrNoRows {
			return incidents.ErrNotFound
		}
		return err
	})
	return name, path, source, err
}
