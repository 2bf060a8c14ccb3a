package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestAnchorsInAnyText(t *testing.T) {
	a, b := strings.Repeat("a1", 32), strings.Repeat("b2", 32)
	list, err := ReadAnchors(strings.NewReader("Nov 24 03:15:31 host lage[7]: Anker INC-2026-031 7 " + a + "\nX-Lage-Anchor:  WART-2026-004\t12  " + b + "\r\n" +
		"10.0.0.1 - \"GET /ping\" \"lage (INC-2026-031 7 " + a + ")\"\nlost INC-2026-032 1 " + b + " 17\nINC-2026-031 7 " + a + "ff\nINC-2026-031 x " + a + "\n"))
	ok(t, err)
	want := []Anchor{{"INC-2026-031", 7, a}, {"WART-2026-004", 12, b}, {"INC-2026-032", 1, b}}
	if !slices.Equal(list, want) {
		t.Errorf("%v", list)
	}
}

// TestOutsideAnchors: whoever writes every hash anew, and the anchors beside the database as well, is found by those elsewhere.
func TestOutsideAnchors(t *testing.T) {
	s := chain(t)
	heads, newest, err := s.Heads(t.Context(), 0)
	ok(t, err)
	if len(heads) != 3 || newest != 12 {
		t.Fatalf("%v %d", heads, newest)
	}
	if more, _, err := s.Heads(t.Context(), newest); err != nil || len(more) != 0 {
		t.Errorf("%v %v", more, err)
	}
	if last, err := s.Head(t.Context(), ""); err != nil || last != heads[2] || last.Record != "INC-2026-003" {
		t.Errorf("%v %v", last, err)
	}
	if v, err := s.Verify(t.Context(), heads...); err != nil || !v.OK() || v.Outside != 3 {
		t.Errorf("%+v %v", v, err)
	}
	rewrite(t, s)
	ok(t, writeHeads(s.headsPath(), nil))
	if v := verify(t, s); !v.OK() {
		t.Fatalf("this forgery is not consistent: %+v", v.Problems)
	}
	v, err := s.Verify(t.Context(), heads...)
	ok(t, err)
	if v.OK() || v.Problems[0].Record != "INC-2026-001" || v.Problems[0].Message.Code != "store.verify_other" {
		t.Errorf("%+v", v.Problems)
	}
	v, err = s.Verify(t.Context(), Anchor{"INC-2026-009", 3, heads[0].Hash}, Anchor{"INC-2026-001", 99, heads[0].Hash})
	ok(t, err)
	if len(v.Problems) != 2 || v.Problems[0].Message.Code != "store.verify_lost_record" || v.Problems[1].Message.Code != "store.verify_lost" || v.Problems[1].Seq != 99 {
		t.Errorf("%+v", v.Problems)
	}
}

// rewrite changes the first text and makes all hashes anew.
func rewrite(t *testing.T, s *Store) {
	t.Helper()
	withoutTriggers(t, s, func(db *sql.DB) {
		tx, err := db.Begin()
		ok(t, err)
		ctx := context.Background()
		var rows []*entryRow
		ok(t, eachRow(ctx, tx, func(r *entryRow) error { rows = append(rows, r); return nil }, "ORDER BY n"))
		last, first := map[string][]byte{}, []byte{}
		for n, r := range rows {
			if n == 0 {
				r.body = newPart(`{"message":{"args":["it was all different"]}}`)
			}
			if r.prev = last[r.record]; r.seq == 1 {
				r.prev = first
			}
			r.hash = r.sum()
			if last[r.record] = r.hash; r.seq == 1 {
				first = r.hash
			}
			ok(t, run(ctx, tx, "UPDATE timeline SET body = ?, body_salt = ?, body_hash = ?, prev_hash = ?, hash = ? WHERE n = ?",
				r.body.text, r.body.salt, r.body.hash, r.prev, r.hash, r.n))
		}
		ok(t, tx.Commit())
	})
}

// TestEveryMutationOfAThousandEntries changes, removes, repeats or swaps each entry of a timeline of a thousand, one at a time.
func TestEveryMutationOfAThousandEntries(t *testing.T) {
	s, _ := newStore(t)
	i := openIncident(t, s, "form")
	for n := range 999 {
		i = note(t, s, i, fmt.Sprint("note ", n))
	}
	all := 1000
	heads, err := readHeads(s.headsPath())
	ok(t, err)
	var rows []*entryRow
	ok(t, s.view(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
		return eachRow(ctx, tx, func(r *entryRow) error { rows = append(rows, r); return nil }, "ORDER BY n")
	}))
	if len(rows) != all || len(heads) != all {
		t.Fatal(len(rows), len(heads))
	}
	// What Verify does with the rows of the table it does here with rows that were changed from one on.
	found := func(from int, list []*entryRow) bool {
		var v Verification
		st := newChainState()
		if from > 0 {
			st.first, st.last[rows[0].record] = rows[0].hash, rows[from-1]
		}
		for _, r := range list[from:] {
			if v.link(&st, r); !v.OK() {
				return true
			}
		}
		v.compare(&st, heads[from:])
		return !v.OK()
	}
	if found(0, rows) {
		t.Fatal("the timeline itself is not in order")
	}
	forge := map[string]func(r *entryRow){
		"text":     func(r *entryRow) { r.body.text.String += " " },
		"new text": func(r *entryRow) { r.body = newPart(`{"message":{"args":["other"]}}`) },
		"name":     func(r *entryRow) { r.who = newPart(`{"name":"Eve"}`) },
		"time":     func(r *entryRow) { r.occurred++ },
		"written":  func(r *entryRow) { r.recorded-- },
		"kind":     func(r *entryRow) { r.kind = "state" },
		"record":   func(r *entryRow) { r.record = "INC-2026-002" },
		"number":   func(r *entryRow) { r.seq++ },
		"hash":     func(r *entryRow) { r.hash = slices.Clone(r.hash); r.hash[0] ^= 1 },
		"link":     func(r *entryRow) { r.prev = append([]byte{1}, r.prev...) },
		"all new": func(r *entryRow) {
			r.body = newPart(`{"message":{"args":["other"]}}`)
			r.hash = r.sum()
		},
		"output": func(r *entryRow) { r.output = newPart("invented") },
		"erased": func(r *entryRow) { r.who.hash = nil; r.who.text = sql.NullString{}; r.who.salt = nil },
	}
	for n := range all {
		for what, do := range forge {
			was := rows[n]
			forged := *was
			do(&forged)
			rows[n] = &forged
			if !found(n, rows) {
				t.Errorf("entry %d: %s was changed", n+1, what)
			}
			rows[n] = was
		}
		if !found(n, slices.Delete(slices.Clone(rows), n, n+1)) {
			t.Errorf("entry %d was removed", n+1)
		}
		if !found(n, slices.Insert(slices.Clone(rows), n, rows[n])) {
			t.Errorf("entry %d was repeated", n+1)
		}
		if n > 0 {
			rows[n], rows[n-1] = rows[n-1], rows[n]
			if !found(n-1, rows) {
				t.Errorf("entries %d and %d were swapped", n, n+1)
			}
			rows[n], rows[n-1] = rows[n-1], rows[n]
		}
		if !found(n, rows[:n]) {
			t.Errorf("everything after entry %d was cut off", n)
		}
	}
}

// BenchmarkVerify: entries per second. The floor is hashing the same rows from memory.
func BenchmarkVerify(b *testing.B) {
	s, _ := newStore(b)
	i := openIncident(b, s, "form")
	for n := range 5000 {
		i = note(b, s, i, fmt.Sprint("note ", n))
	}
	var rows []*entryRow
	ok(b, s.view(b.Context(), func(ctx context.Context, tx *sql.Tx) error {
		return eachRow(ctx, tx, func(r *entryRow) error { rows = append(rows, r); return nil }, "ORDER BY n")
	}))
	b.Run("verify", func(b *testing.B) {
		for b.Loop() {
			v, err := s.Verify(b.Context())
			ok(b, err)
			if !v.OK() || v.Entries != 5001 {
				b.Fatalf("%+v", v)
			}
		}
		b.ReportMetric(5001*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
	})
	b.Run("floor", func(b *testing.B) {
		for b.Loop() {
			for _, r := range rows {
				if r.sum() == nil || !r.who.intact() || !r.body.intact() {
					b.Fatal(r.n)
				}
			}
		}
		b.ReportMetric(5001*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
	})
}
