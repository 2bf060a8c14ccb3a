package store

import (
	"context"
	"database/sql"
	"time"

	"lage/incidents"
	"lage/internal/text"
)

// Records lists the incidents, and the walks that are records of their own, oldest first. With an end, only those that were
// over before it.
func (s *Store) Records(ctx context.Context, endedBefore time.Time) (ids []string, err error) {
	before := nano(endedBefore)
	err = s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return each(ctx, tx, func(scan func(...any) error) error {
			var id string
			err := scan(&id)
			ids = append(ids, id)
			return err
		}, "SELECT id FROM (SELECT id, started, CASE state WHEN 'resolved' THEN resolved ELSE 0 END AS ended FROM incidents "+
			"UNION ALL SELECT id, started, ended FROM walks WHERE incident = '') WHERE ? = 0 OR ended > 0 AND ended < ? ORDER BY started, id", before, before)
	})
	return ids, err
}

// Dossier gives everything that is kept about one record; incidents.ErrNotFound if there is none.
func (s *Store) Dossier(ctx context.Context, record string) (d incidents.Dossier, err error) {
	d.Record = record
	err = s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		i, err := incident(ctx, tx, record)
		if err == nil {
			d.Incident = i
		} else if err != incidents.ErrNotFound {
			return err
		}
		if d.Walks, err = walksWhere(ctx, tx, "WHERE incident = ? OR id = ? ORDER BY n", record, record); err != nil {
			return err
		}
		if d.Incident == nil && len(d.Walks) == 0 {
			return incidents.ErrNotFound
		}
		d.Entries, err = entriesWhere(ctx, tx, "WHERE record = ? ORDER BY seq", record)
		return err
	})
	return d, err
}

// Place is something beside incidents, walks and timeline that names a person.
type Place struct {
	Table string
	Text  string
	Fixed bool // cannot go by itself: the configuration in force, an alarm that still waits
}

// column is a text beside the timeline. Where gone says how a row that names a person goes, it goes; otherwise the name does.
type column struct {
	table, name string
	where       string // which rows; empty for all
	gone        bool   // the whole row goes
	fixed       bool   // only reported
}

// columns lists the texts beside the timeline in which a person can be named. Packed columns stand in packed.go. What is
// not listed here, there, or with incidents and walks holds no names: a test keeps the list complete.
func columns() []column {
	return []column{
		{table: "presence", name: "person", gone: true},
		{table: "outbox", name: "channel", where: "done > 0", gone: true},
		{table: "outbox", name: "contact", where: "done > 0", gone: true},
		{table: "outbox", name: "key", where: "done > 0", gone: true},
		{table: "outbox", name: "key", where: "done = 0", fixed: true},
		{table: "outbox", name: "subject"}, {table: "outbox", name: "body"},
		{table: "outbox", name: "channel", where: "done = 0", fixed: true},
		{table: "outbox", name: "contact", where: "done = 0", fixed: true},
		{table: "transitions", name: "message"},
		{table: "configs", name: "source", where: "n < (SELECT max(n) FROM configs)", gone: true},
		{table: "configs", name: "path", where: "n < (SELECT max(n) FROM configs)", gone: true},
		{table: "configs", name: "source", where: "n = (SELECT max(n) FROM configs)", fixed: true},
		{table: "configs", name: "path", where: "n = (SELECT max(n) FROM configs)", fixed: true},
		{table: "revisions", name: "source"}, {table: "revisions", name: "title"},
		{table: "revisions", name: "name", fixed: true}, {table: "revisions", name: "path", fixed: true},
		{table: "alert_keys", name: "key"}, {table: "alert_keys", name: "origin"},
		{table: "lease", name: "trouble"}, {table: "backups", name: "path", fixed: true}, {table: "restores", name: "source", fixed: true},
	}
}

func (c column) rows() string {
	if c.where == "" {
		return "1"
	}
	return c.where
}

// Beside lists what beside incidents, walks and timeline names a person.
func (s *Store) Beside(ctx context.Context, names incidents.Names) (out []Place, err error) {
	err = s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, c := range columns() {
			hits, err := c.hits(ctx, tx, names)
			if err != nil {
				return err
			}
			for _, hit := range hits {
				out = append(out, Place{c.table, hit, c.fixed})
			}
		}
		found, err := packedHits(ctx, tx, names)
		for _, h := range found {
			out = append(out, Place{Table: h.table, Text: h.text})
		}
		return err
	})
	return out, err
}

// hits lists the different texts of a column that name a person.
func (c column) hits(ctx context.Context, tx *sql.Tx, names incidents.Names) (out []string, err error) {
	err = each(ctx, tx, func(scan func(...any) error) error {
		var v string
		if err := scan(&v); err != nil {
			return err
		}
		if names.In(v) {
			out = append(out, v)
		}
		return nil
	}, "SELECT DISTINCT CAST("+c.name+" AS TEXT) FROM "+c.table+" WHERE "+c.rows())
	return out, err
}

// ForgetBeside takes a person out of what stands beside incidents, walks and timeline, in many short changes. What cannot go
// is listed.
func (s *Store) ForgetBeside(ctx context.Context, names incidents.Names) (left []Place, err error) {
	for _, c := range columns() {
		var hits []string
		if err := s.view(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
			hits, err = c.hits(ctx, tx, names)
			return err
		}); err != nil {
			return left, err
		}
		for _, v := range hits {
			if c.fixed {
				left = append(left, Place{c.table, v, true})
				continue
			}
			query, args := "UPDATE OR REPLACE "+c.table+" SET "+c.name+" = ? WHERE "+c.name+" = ? AND "+c.rows(), []any{names.Blank(v), v}
			if c.gone {
				query, args = "DELETE FROM "+c.table+" WHERE CAST("+c.name+" AS TEXT) = ? AND "+c.rows(), []any{v}
			}
			if err := s.change(ctx, s.audit, func(ctx context.Context, tx *sql.Tx) error { return run(ctx, tx, query, args...) }); err != nil {
				return left, err
			}
		}
	}
	return left, s.forgetPacked(ctx, names)
}

// Settle moves what was erased out of the write-ahead log, and tells whether that is done: somebody who reads may be in the
// way. The log is overwritten later, then.
func (s *Store) Settle(ctx context.Context) (done bool, err error) {
	s.turn <- struct{}{}
	defer func() { <-s.turn }()
	var busy, pages, moved int
	err = s.audit.QueryRowContext(context.WithoutCancel(ctx), "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &moved)
	return busy == 0, explain(err, s.path)
}

// Expired says up to when rows beside the timeline are over. The zero time keeps them.
type Expired struct{ Alarms, Configs time.Time }

// expiredRows says which rows are over: alarms that were done, configurations that were superseded, and who looked at an
// incident without ever leaving it.
func (s *Store) expiredRows(e Expired) map[string][]any {
	return map[string][]any{
		"outbox WHERE id IN (SELECT id FROM outbox WHERE done > 0 AND done < ? LIMIT ?)":                                             {nano(e.Alarms), batch},
		"configs WHERE n IN (SELECT c.n FROM configs c WHERE EXISTS (SELECT 1 FROM configs d WHERE d.n > c.n AND d.at < ?) LIMIT ?)": {nano(e.Configs), batch},
		"presence WHERE at < ?": {nano(s.now().Add(-presentFor))},
	}
}

// batch is how many rows one change takes away at most.
const batch = 200

// CountExpired tells how many alarms, configurations and presences are over, up to some hundreds of each.
func (s *Store) CountExpired(ctx context.Context, e Expired) (n int, err error) {
	err = s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for rows, args := range s.expiredRows(e) {
			var m int
			if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM "+rows, args...).Scan(&m); err != nil {
				return err
			}
			n += m
		}
		return nil
	})
	return n, err
}

// DropExpired takes away what CountExpired counts, in one short change; less than some hundreds of each means that nothing
// is left.
func (s *Store) DropExpired(ctx context.Context, e Expired) (n int64, err error) {
	err = s.change(ctx, s.audit, func(ctx context.Context, tx *sql.Tx) error {
		n = 0
		for rows, args := range s.expiredRows(e) {
			res, err := tx.ExecContext(ctx, "DELETE FROM "+rows, args...)
			if err != nil {
				return err
			}
			m, err := res.RowsAffected()
			if err != nil {
				return err
			}
			n += m
		}
		return nil
	})
	return n, err
}

// blankMessage takes names out of a message and the messages within it.
func blankMessage(m text.Message, names incidents.Names) text.Message {
	out := text.Message{Code: m.Code}
	for _, a := range m.Args {
		out.Args = append(out.Args, names.Blank(a))
	}
	return out
}
