package store

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"lage/internal/text"
)

// Anchor names an entry that was in the timeline at some moment. Kept where whoever can write the database cannot write, it
// proves that the entry, and with it every one before it in its record, is still what it was.
type Anchor struct {
	Record string
	Seq    int64
	Hash   string
}

// String gives the anchor as it is written everywhere: "INC-2026-031 7 HASH". Empty where there is none.
func (a Anchor) String() string {
	if a.Record == "" {
		return ""
	}
	return fmt.Sprintf("%s %d %s", a.Record, a.Seq, a.Hash)
}

// anchorWord finds anchors in any text: journals, mails, logs of whoever receives the signs of life, exported reports.
var anchorWord = regexp.MustCompile(`\b([A-Z]{1,10}-[0-9]{4}-[0-9]{3,}) ([0-9]{1,18}) ([0-9a-f]{64})\b`)

// ReadAnchors finds the anchors in a text, in its order, each once. Lines longer than a megabyte are an error.
func ReadAnchors(r io.Reader) ([]Anchor, error) {
	var out []Anchor
	seen := map[Anchor]bool{}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		// Header lines and logs may put more than a blank between the parts.
		for _, m := range anchorWord.FindAllStringSubmatch(strings.Join(strings.Fields(lines.Text()), " "), -1) {
			seq, err := strconv.ParseInt(m[2], 10, 64)
			if a := (Anchor{m[1], seq, m[3]}); err == nil && !seen[a] {
				seen[a] = true
				out = append(out, a)
			}
		}
	}
	return out, lines.Err()
}

// outside compares anchors from elsewhere with the timeline.
func (v *Verification) outside(st *chainState, own []head, list []Anchor) {
	told := map[Anchor]bool{}
	for _, h := range own {
		told[Anchor{h.record, h.seq, h.hash}] = true
	}
	for _, a := range list {
		hash, ok := st.hashes[key(a.Record, a.Seq)]
		switch {
		case hash == a.Hash || told[a]: // the anchors beside the database have said it already
		case !ok && st.last[a.Record] == nil:
			v.report(a.Record, 0, text.M("store.verify_lost_record"))
		case !ok:
			v.report(a.Record, a.Seq, text.M("store.verify_lost"))
		default:
			v.report(a.Record, a.Seq, text.M("store.verify_other"))
		}
	}
	v.Outside = len(list)
}

// Heads gives the newest entry of each record that was written to after an entry's number, and the number of the newest of all.
func (s *Store) Heads(ctx context.Context, since int64) (list []Anchor, newest int64, err error) {
	newest = since
	err = s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return each(ctx, tx, func(scan func(...any) error) error {
			var a Anchor
			var n int64
			err := scan(&n, &a.Record, &a.Seq, &a.Hash)
			list, newest = append(list, a), max(newest, n)
			return err
		}, "SELECT max(n), record, seq, lower(hex(hash)) FROM timeline WHERE n > ? GROUP BY +record ORDER BY 1", since)
	})
	return list, newest, err
}

// Head gives the newest entry of a record, or of all where it is empty; the zero value where there is none.
func (s *Store) Head(ctx context.Context, record string) (a Anchor, err error) {
	err = s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		query, args := "SELECT record, seq, lower(hex(hash)) FROM timeline ORDER BY n DESC LIMIT 1", []any{}
		if record != "" {
			query, args = "SELECT record, seq, lower(hex(hash)) FROM timeline WHERE record = ? ORDER BY seq DESC LIMIT 1", []any{record}
		}
		_, err := lastRow(tx.QueryRowContext(ctx, query, args...).Scan(&a.Record, &a.Seq, &a.Hash))
		return err
	})
	return a, err
}
