package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lage/incidents"
	"lage/internal/text"
)

// chain writes three records with four entries each, mixed, and an erased entry in the second.
func chain(t *testing.T) *Store {
	t.Helper()
	s, _ := newStore(t)
	list := []incidents.Incident{openIncident(t, s, "a"), openIncident(t, s, "b"), openIncident(t, s, "c")}
	for n := range 2 {
		for k := range list {
			list[k] = note(t, s, list[k], fmt.Sprint("note ", n))
		}
	}
	for k := range list {
		i := list[k]
		i.Version++
		e := incidents.Entry{Kind: incidents.KindRedacted, Who: anna, Target: 2, Message: text.Raw("because"), Output: "out"}
		d := incidents.Decision{Incident: &i, Entries: []incidents.Entry{e}}
		if k == 1 {
			d.Erase = []incidents.Erase{{Seq: 2, Who: true}}
		}
		must(t)(s.Record(t.Context(), d))
	}
	return s
}

func verify(t *testing.T, s *Store) Verification {
	t.Helper()
	v, err := s.Verify(t.Context())
	ok(t, err)
	for _, p := range v.Problems {
		if !text.Known(p.Message.Code) {
			t.Errorf("no words for %q", p.Message.Code)
		}
	}
	return v
}

func TestVerifyIsContent(t *testing.T) {
	v := verify(t, chain(t))
	if !v.OK() || v.Entries != 12 || v.Records != 3 || v.Erased != 1 || v.Anchors != 12 {
		t.Errorf("%+v", v)
	}
}

func TestChainIsOneThroughRecords(t *testing.T) {
	s := chain(t)
	first := ""
	for _, id := range []string{"INC-2026-001", "INC-2026-002", "INC-2026-003"} {
		_, entries, _, err := s.Room(t.Context(), id)
		ok(t, err)
		prev := first
		for n, e := range entries {
			if e.PrevHash != prev || e.Seq != int64(n+1) {
				t.Errorf("%s %d: prev %q, want %q", id, e.Seq, e.PrevHash, prev)
			}
			prev = e.Hash
		}
		first = entries[0].Hash
	}
}

func TestTriggersRefuse(t *testing.T) {
	s := chain(t)
	db := raw(t, s)
	for _, q := range []string{
		"DELETE FROM timeline WHERE n = 12",
		"DELETE FROM timeline",
		"UPDATE timeline SET body = 'x' WHERE n = 1",
		"UPDATE timeline SET kind = 'note' WHERE n = 1",
		"UPDATE timeline SET who = NULL, who_salt = NULL WHERE n = 1",   // no redaction names it
		"UPDATE timeline SET who = NULL WHERE n = 4",                    // its salt stays
		"UPDATE timeline SET who = 'x' WHERE n = 4",                     // redacted, but this is no erasing
		"UPDATE timeline SET who = 'x', who_salt = x'00' WHERE n = 5",   // erased is erased
		"UPDATE timeline SET who = NULL, who_salt = NULL WHERE n = 11",  // a redaction entry itself
		"UPDATE timeline SET body = NULL, body_salt = NULL WHERE n = 5", // its redaction erased the name, not the text
		"UPDATE timeline SET parts = 'text' WHERE n = 11",
		"UPDATE timeline SET occurred_at = 0 WHERE n = 4",
		"INSERT OR REPLACE INTO timeline SELECT * FROM timeline WHERE n = 1",
		"INSERT INTO timeline SELECT 0, 'INC-2026-001', 9, kind, 0, 0, '', '', '', '', 0, NULL, NULL, x'', NULL, NULL, x'', NULL, NULL, x'', hash, hash, '' FROM timeline WHERE n = 1",
		"DELETE FROM incidents", "DELETE FROM walks WHERE id = 'x'", "UPDATE incidents SET id = 'INC-2026-009' WHERE n = 1",
		"INSERT OR REPLACE INTO incidents SELECT * FROM incidents WHERE n = 1",
	} {
		res, err := db.Exec(q)
		if err == nil {
			if n, _ := res.RowsAffected(); n > 0 {
				t.Errorf("went through: %s", q)
			}
		}
	}
	rawExec(t, db, "UPDATE timeline SET who = NULL, who_salt = NULL, body = NULL, body_salt = NULL WHERE n = 4")
	if v := verify(t, s); !v.OK() || v.Erased != 2 {
		t.Errorf("%+v", v)
	}
}

// withoutTriggers does something to the database as somebody would who knows how to take the safeguards out and put them
// back.
func withoutTriggers(t *testing.T, s *Store, do func(db *sql.DB)) {
	t.Helper()
	db := raw(t, s)
	rows, err := db.Query("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
	ok(t, err)
	triggers := map[string]string{}
	for rows.Next() {
		var name, source string
		ok(t, rows.Scan(&name, &source))
		triggers[name] = source
	}
	ok(t, rows.Close())
	for name := range triggers {
		rawExec(t, db, "DROP TRIGGER "+name)
	}
	do(db)
	for _, source := range triggers {
		rawExec(t, db, source)
	}
}

func TestVerifyFindsTampering(t *testing.T) {
	columns := []string{"record = 'INC-2026-009'", "seq = 77", "kind = 'state'", "occurred_at = occurred_at + 1", "recorded_at = 5", "check_id = 'x'",
		"walk = 'W-2026-001'", "step = 's'", "run = 'r'", "target = 1", "who = '{\"name\":\"Eve\"}'", "who_salt = x'00'", "who_hash = zeroblob(32)",
		"body = '{}'", "output = 'new'", "body = substr(body, 2), body_salt = unhex(hex(body_salt) || '7b')", // from the text into its salt
		"output_hash = zeroblob(32)", "prev_hash = zeroblob(32)", "hash = zeroblob(32)", "parts = 'who'"}
	for _, set := range columns {
		s := chain(t)
		withoutTriggers(t, s, func(db *sql.DB) { rawExec(t, db, "UPDATE timeline SET "+set+" WHERE n = 7") })
		if verify(t, s).OK() {
			t.Errorf("not found: %s", set)
		}
	}
	for n := 1; n <= 12; n++ {
		s := chain(t)
		withoutTriggers(t, s, func(db *sql.DB) { rawExec(t, db, "DELETE FROM timeline WHERE n = ?", n) })
		if verify(t, s).OK() {
			t.Errorf("not found: entry %d deleted", n)
		}
	}
	for what, do := range map[string]func(db *sql.DB){
		"two of a record swapped": func(db *sql.DB) {
			rawExec(t, db, "UPDATE timeline SET n = 100, seq = 100 WHERE n = 4")
			rawExec(t, db, "UPDATE timeline SET n = 4, seq = 2 WHERE n = 7")
			rawExec(t, db, "UPDATE timeline SET n = 7, seq = 3 WHERE n = 100")
		},
		"blanked without a reason":                           func(db *sql.DB) { rawExec(t, db, "UPDATE timeline SET body = NULL, body_salt = NULL WHERE n = 7") },
		"the text blanked where a redaction erased the name": func(db *sql.DB) { rawExec(t, db, "UPDATE timeline SET body = NULL, body_salt = NULL WHERE n = 5") },
		"a redaction that erases more":                       func(db *sql.DB) { rawExec(t, db, "UPDATE timeline SET parts = 'who text' WHERE n = 11") },
		"inserted at the end": func(db *sql.DB) {
			rawExec(t, db, "INSERT INTO timeline SELECT 13, record, 5, kind, occurred_at, recorded_at, check_id, walk, step, run, target, who, who_salt, "+
				"who_hash, body, body_salt, body_hash, output, output_salt, output_hash, hash, hash, parts FROM timeline WHERE n = 10")
		},
		"a whole record gone": func(db *sql.DB) {
			rawExec(t, db, "DELETE FROM timeline WHERE record = 'INC-2026-002'")
			rawExec(t, db, "DELETE FROM incidents WHERE id = 'INC-2026-002'")
		},
		"the last record gone": func(db *sql.DB) {
			rawExec(t, db, "DELETE FROM timeline WHERE record = 'INC-2026-003'")
			rawExec(t, db, "DELETE FROM incidents WHERE id = 'INC-2026-003'")
		},
		"the incident gone": func(db *sql.DB) { rawExec(t, db, "DELETE FROM incidents WHERE id = 'INC-2026-002'") },
		"an incident made up": func(db *sql.DB) {
			rawExec(t, db, "INSERT INTO incidents SELECT 9, 'INC-2026-009', service, title, state, lead, checks, runbook, cause, started, detected, "+
				"acknowledged, recovered, resolved, stage, version, class, mitigated, quiet, handover FROM incidents WHERE n = 1")
		},
		"everything gone": func(db *sql.DB) {
			rawExec(t, db, "DELETE FROM timeline")
			rawExec(t, db, "DELETE FROM incidents")
		},
	} {
		s := chain(t)
		withoutTriggers(t, s, do)
		if verify(t, s).OK() {
			t.Errorf("not found: %s", what)
		}
	}
	for _, name := range []string{"timeline_delete", "incidents_replace", "walks_rename"} {
		s := chain(t)
		rawExec(t, raw(t, s), "DROP TRIGGER "+name)
		if verify(t, s).OK() {
			t.Errorf("not found: safeguard %s removed", name)
		}
	}
	s := chain(t)
	rawExec(t, raw(t, s), "DROP TRIGGER timeline_delete")
	rawExec(t, raw(t, s), "CREATE TRIGGER timeline_delete BEFORE DELETE ON timeline WHEN 0 BEGIN SELECT raise(ABORT, ''); END")
	if verify(t, s).OK() {
		t.Error("not found: safeguard replaced by one that guards nothing")
	}
}

// A record whose hashes are all made again is consistent in itself; the record after it and the anchors still tell.
func TestVerifyFindsARewrittenRecord(t *testing.T) {
	s := chain(t)
	withoutTriggers(t, s, func(db *sql.DB) {
		tx, err := db.Begin()
		ok(t, err)
		ctx := context.Background()
		var rows []*entryRow
		ok(t, eachRow(ctx, tx, func(r *entryRow) error { rows = append(rows, r); return nil }, "WHERE record = 'INC-2026-002' ORDER BY seq"))
		prev := rows[0].prev
		for _, r := range rows {
			if r.seq == 1 {
				r.body = newPart(`{"message":{"args":["it was all different"]}}`)
			}
			r.prev = prev
			r.hash = r.sum()
			prev = r.hash
			ok(t, run(ctx, tx, "UPDATE timeline SET body = ?, body_salt = ?, body_hash = ?, prev_hash = ?, hash = ? WHERE n = ?",
				r.body.text, r.body.salt, r.body.hash, r.prev, r.hash, r.n))
		}
		ok(t, tx.Commit())
	})
	found := map[string]bool{}
	for _, p := range verify(t, s).Problems {
		found[p.Record+" "+p.Message.Code] = true
	}
	if !found["INC-2026-003 store.verify_record_link"] || !found["INC-2026-002 store.verify_other"] {
		t.Errorf("%v", found)
	}
}

func TestLostLogIsFoundByAnchors(t *testing.T) {
	s, c := newStore(t)
	i := openIncident(t, s, "form")
	ok(t, s.Close()) // everything is in the database file now
	old := readFile(t, s.path)

	s = openAt(t, s.path, c)
	note(t, s, i, "acknowledged at 3 AM")
	ok(t, s.Close())
	ok(t, os.WriteFile(s.path, old, 0o600)) // as if the log had been lost with its last entries

	s = openAt(t, s.path, c)
	v := verify(t, s)
	if len(v.Problems) != 1 || v.Problems[0].Record != i.ID || v.Problems[0].Seq != 2 || v.Problems[0].Message.Code != "store.verify_lost" {
		t.Errorf("%+v", v.Problems)
	}
}

func TestAnchorsMayLagAndBreak(t *testing.T) {
	s, _ := newStore(t)
	i := openIncident(t, s, "form")
	i = note(t, s, i, "one")
	heads := s.headsPath()
	lines := strings.SplitAfter(string(readFile(t, heads)), "\n")
	ok(t, os.WriteFile(heads, []byte(lines[0]+lines[1][:30]), 0o600)) // the machine died while it was written
	if v := verify(t, s); !v.OK() || v.Anchors != 1 {
		t.Errorf("%+v", v)
	}
	note(t, s, i, "two")
	if v := verify(t, s); !v.OK() || v.Anchors != 2 {
		t.Errorf("%+v", v)
	}
	ok(t, os.Remove(heads))
	if v := verify(t, s); !v.OK() || v.Anchors != 0 {
		t.Errorf("%+v", v)
	}
}

// TestEmptyDatabaseBesideAnchors: when the write-ahead log is deleted before it was ever emptied, the database is as good
// as new. To begin anew in it would hide the loss.
func TestEmptyDatabaseBesideAnchors(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lage.db")
	ok(t, os.WriteFile(path, nil, 0o600))
	ok(t, os.WriteFile(path+".heads", []byte("INC-2026-001 3 "+strings.Repeat("ab", 32)+"\n"), 0o600))
	for _, readOnly := range []bool{true, false} {
		s, err := Open(t.Context(), path, Options{ReadOnly: readOnly})
		var e *Error
		if !errors.As(err, &e) || e.Message.Code != "store.lost" {
			t.Errorf("read-only %v: %v", readOnly, err)
		}
		if err == nil {
			ok(t, s.Close())
		}
	}
	ok(t, os.Remove(path+".heads"))
	s, err := Open(t.Context(), path, Options{})
	ok(t, err)
	ok(t, s.Close())
}
