package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"lage/incidents"
)

// The column parts of a redaction says what it erases, and is part of its hash: "who text" of the entry in target, or
// "who:3 text:3 who:7" where target is 0 and several entries are meant. Redactions of before there was such a column have
// none, which means all parts of their target.

func partsOf(list []incidents.Erase) string {
	var words []string
	for _, e := range list {
		for _, p := range e.Parts() {
			if len(list) > 1 {
				p += ":" + strconv.FormatInt(e.Seq, 10)
			}
			words = append(words, p)
		}
	}
	return strings.Join(words, " ")
}

// erases reads what a redaction erases; nil for other entries.
func (r *entryRow) erases() []incidents.Erase {
	if r.kind != string(incidents.KindRedacted) {
		return nil
	}
	if r.parts == "" && r.target > 0 {
		return []incidents.Erase{{Seq: r.target, Who: true, Text: true, Output: true}}
	}
	var out []incidents.Erase
	for _, word := range strings.Fields(r.parts) {
		part, number, several := strings.Cut(word, ":")
		seq := r.target
		if several {
			seq, _ = strconv.ParseInt(number, 10, 64) // 0 names no entry
		}
		if len(out) == 0 || out[len(out)-1].Seq != seq {
			out = append(out, incidents.Erase{Seq: seq})
		}
		e := &out[len(out)-1]
		e.Who, e.Text, e.Output = e.Who || part == "who", e.Text || part == "text", e.Output || part == "output"
	}
	return out
}

// erase blanks parts of entries. The trigger refuses it where no redaction entry names the entry and the parts.
func erase(ctx context.Context, tx *sql.Tx, record string, list []incidents.Erase) error {
	columns := map[string]string{"who": "who", "text": "body", "output": "output"}
	for _, e := range list {
		for _, p := range e.Parts() {
			c := columns[p]
			if err := run(ctx, tx, fmt.Sprintf("UPDATE timeline SET %[1]s = NULL, %[1]s_salt = NULL WHERE record = ? AND seq = ?", c), record, e.Seq); err != nil {
				return err
			}
		}
	}
	return nil
}

// forgetWalks blanks the walks of a record, whatever stands in them, after everything else was written.
func (s *Store) forgetWalks(ctx context.Context, tx *sql.Tx, record string, f incidents.Forget, out *incidents.Recorded) (err error) {
	if f.Empty() {
		return nil
	}
	type row struct {
		n     int64
		texts [4]string // title, asset, reason, change
		json  [2]string // steps, data
	}
	var rows []row
	if err := each(ctx, tx, func(scan func(...any) error) error {
		var r row
		err := scan(&r.n, &r.texts[0], &r.texts[1], &r.texts[2], &r.texts[3], &r.json[0], &r.json[1])
		rows = append(rows, r)
		return err
	}, "SELECT n, title, asset, reason, change, steps, data FROM walks WHERE incident = ? OR id = ?", record, record); err != nil {
		return err
	}
	for _, r := range rows {
		was := r
		r.texts[0] = f.Names.Blank(r.texts[0]) // the runbook's
		for i := range r.texts[1:] {
			r.texts[i+1] = f.Text(r.texts[i+1])
		}
		for i := range r.json {
			r.json[i] = f.JSON(r.json[i])
		}
		if r == was {
			continue
		}
		if err := run(ctx, tx, "UPDATE walks SET title = ?, asset = ?, reason = ?, change = ?, steps = ?, data = ?, version = version + 1 WHERE n = ?",
			r.texts[0], r.texts[1], r.texts[2], r.texts[3], r.json[0], r.json[1], r.n); err != nil {
			return err
		}
	}
	if out.Walk != nil {
		out.Walk, err = walk(ctx, tx, out.Walk.ID)
	}
	return err
}
