package store

import (
	"context"
	"database/sql"

	"lage/checks"
	"lage/incidents"
)

// hit is a packed row that names a person.
type hit struct {
	table string
	keys  []any
	text  string
}

// packedColumns are the columns whose texts have to be unpacked: where checks stand, and their results.
func packedColumns() []struct{ table, keys string } {
	return []struct{ table, keys string }{{"states", "check_no, 0, 0"}, {"log", "id, 0, 0"}, {"blocks", "check_no, hour, part"}, {"archive", "id, 0, 0"}}
}

// texts gives the texts in a packed row, and the row without the names.
func repack(table string, id int64, data string, names incidents.Names) (texts []string, out []byte) {
	see := func(s string) string {
		if names.In(s) {
			texts = append(texts, s)
		}
		return names.Blank(s)
	}
	var list []sample
	keep := func(sm sample) {
		sm.message = see(sm.message)
		list = append(list, sm)
	}
	switch table {
	case "states":
		st := unpackState("", data)
		blankResult(&st.Last, names, see)
		return texts, packState(st)
	case "log":
		unpackBatch(id, data, keep)
		return texts, packBatch(id, list)
	}
	unpackBlock(id, data, keep)
	return texts, packBlock(list)
}

func blankResult(r *checks.Result, names incidents.Names, see func(string) string) {
	see(messageJSON(r.Message)) // as it was: afterwards it names nobody
	r.Message = blankMessage(r.Message, names)
	for i := range r.Facts {
		see(messageJSON(r.Facts[i].Want))
		see(messageJSON(r.Facts[i].Got))
		r.Facts[i].Want, r.Facts[i].Got = blankMessage(r.Facts[i].Want, names), blankMessage(r.Facts[i].Got, names)
	}
	for i := range r.Perf {
		r.Perf[i].Label = see(r.Perf[i].Label)
	}
	r.Detail = see(r.Detail)
}

// packedHits lists the packed rows that name a person.
func packedHits(ctx context.Context, tx *sql.Tx, names incidents.Names) (out []hit, err error) {
	loose := names.Anywhere() // beside a text stand bytes that look like letters
	for _, c := range packedColumns() {
		if err := each(ctx, tx, func(scan func(...any) error) error {
			var k [3]int64
			var data string
			if err := scan(&k[0], &k[1], &k[2], &data); err != nil || !loose.In(data) {
				return err
			}
			if texts, _ := repack(c.table, k[0], data, names); len(texts) > 0 {
				out = append(out, hit{c.table, []any{k[0], k[1], k[2]}, texts[0]})
			}
			return nil
		}, "SELECT "+c.keys+", data FROM "+c.table); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// forgetPacked takes names out of packed rows, each in a change of its own that reads it again.
func (s *Store) forgetPacked(ctx context.Context, names incidents.Names) error {
	var hits []hit
	if err := s.view(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		hits, err = packedHits(ctx, tx, names)
		return err
	}); err != nil {
		return err
	}
	where := map[string]string{"states": "check_no = ?", "log": "id = ?", "archive": "id = ?", "blocks": "check_no = ? AND hour = ? AND part = ?"}
	for _, h := range hits {
		keys := h.keys
		if h.table != "blocks" {
			keys = keys[:1]
		}
		if err := s.change(ctx, s.results, func(ctx context.Context, tx *sql.Tx) error {
			var data string
			if err := tx.QueryRowContext(ctx, "SELECT data FROM "+h.table+" WHERE "+where[h.table], keys...).Scan(&data); err != nil {
				if err == sql.ErrNoRows {
					return nil // it has moved on or is over
				}
				return err
			}
			_, out := repack(h.table, h.keys[0].(int64), data, names)
			return run(ctx, tx, "UPDATE "+h.table+" SET data = ? WHERE "+where[h.table], append([]any{out}, keys...)...)
		}); err != nil {
			return err
		}
	}
	return nil
}
