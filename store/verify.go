package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"lage/internal/text"
)

// Verification is what Verify found.
type Verification struct {
	Records  int // incidents, and walks without one
	Entries  int // of all timelines
	Erased   int // entries of which parts have been erased
	Anchors  int // heads kept outside the database
	Outside  int // anchors from elsewhere that were compared
	Lost     int // anchored entries that are known to be lost: the database was restored from a copy that did not have them
	Problems []Problem
}

// Problem is something that should not be.
type Problem struct {
	Record  string // empty where it is about the whole database
	Seq     int64  // 0 likewise, or where it is about the whole record
	Message text.Message
}

// OK tells whether nothing is wrong.
func (v Verification) OK() bool { return len(v.Problems) == 0 }

func (v *Verification) report(record string, seq int64, m text.Message) {
	const most = 1000 // of a wrecked database nobody reads more
	if len(v.Problems) < most {
		v.Problems = append(v.Problems, Problem{record, seq, m})
	}
}

// Verify looks at the database's structure, at the whole chain of the timeline, and at the anchors outside. The error
// says that it could not look; what it found is in Problems. outside are anchors that were kept elsewhere.
func (s *Store) Verify(ctx context.Context, outside ...Anchor) (Verification, error) {
	var v Verification
	// Anchors first: an entry that is committed while we look must not seem to lag behind its anchor.
	heads, err := readHeads(s.headsPath())
	if err != nil {
		return v, err
	}
	v.Anchors = len(heads)
	err = s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := v.integrity(ctx, tx); err != nil {
			return err
		}
		if err := v.chain(ctx, tx, heads, outside); err != nil {
			return err
		}
		return v.records(ctx, tx)
	})
	return v, err
}

func (v *Verification) integrity(ctx context.Context, tx *sql.Tx) error {
	return each(ctx, tx, func(scan func(...any) error) error {
		var line string
		if err := scan(&line); err != nil {
			return err
		}
		if line != "ok" {
			v.report("", 0, text.M("store.verify_integrity", line))
		}
		return nil
	}, "PRAGMA integrity_check(100)")
}

// chainState is what the walk along the chain knows.
type chainState struct {
	last     map[string]*entryRow // newest entry of each record
	first    []byte               // first hash of the record begun last
	hashes   map[string]string    // "record seq" to hash
	redacted map[string]bool      // "record seq part" of what redactions name
}

func newChainState() chainState {
	return chainState{last: map[string]*entryRow{}, first: []byte{}, hashes: map[string]string{}, redacted: map[string]bool{}}
}

func key(record string, seq int64) string { return fmt.Sprintf("%s %d", record, seq) }

func (v *Verification) chain(ctx context.Context, tx *sql.Tx, heads []head, outside []Anchor) error {
	st := newChainState()
	var erased []*entryRow
	if err := eachRow(ctx, tx, func(r *entryRow) error {
		v.Entries++
		v.link(&st, r)
		if r.who.erased() || r.body.erased() || r.output.erased() {
			v.Erased++
			erased = append(erased, r)
		}
		return nil
	}, "ORDER BY n"); err != nil {
		return err
	}
	v.Records = len(st.last)
	for _, r := range erased {
		for _, name := range r.entry().Erased {
			if !st.redacted[key(r.record, r.seq)+" "+name] {
				v.report(r.record, r.seq, text.M("store.verify_blanked"))
				break
			}
		}
	}
	v.compare(&st, heads)
	v.outside(&st, heads, outside)
	return nil
}

// compare looks for entries that were anchored beside the database.
func (v *Verification) compare(st *chainState, heads []head) {
	for _, h := range heads {
		switch hash, ok := st.hashes[key(h.record, h.seq)]; {
		case h.lost != 0:
			v.Lost++
		case !ok:
			v.report(h.record, h.seq, text.M("store.verify_lost"))
		case hash != h.hash:
			v.report(h.record, h.seq, text.M("store.verify_other"))
		}
	}
}

// link compares one entry with those before it.
func (v *Verification) link(st *chainState, r *entryRow) {
	seq, prev := int64(1), st.first
	if before := st.last[r.record]; before != nil {
		seq, prev = before.seq+1, before.hash
	} else {
		st.first = r.hash
	}
	switch {
	case r.seq != seq:
		v.report(r.record, r.seq, text.M("store.verify_gap", seq, r.seq))
	case !bytes.Equal(r.prev, prev) && seq == 1:
		v.report(r.record, r.seq, text.M("store.verify_record_link"))
	case !bytes.Equal(r.prev, prev):
		v.report(r.record, r.seq, text.M("store.verify_link"))
	}
	if !bytes.Equal(r.sum(), r.hash) {
		v.report(r.record, r.seq, text.M("store.verify_hash"))
	}
	if !r.who.intact() || !r.body.intact() || !r.output.intact() {
		v.report(r.record, r.seq, text.M("store.verify_text"))
	}
	st.last[r.record] = r
	st.hashes[key(r.record, r.seq)] = hex.EncodeToString(r.hash)
	for _, e := range r.erases() {
		for _, name := range e.Parts() {
			st.redacted[key(r.record, e.Seq)+" "+name] = true
		}
	}
}

// records looks for incidents without a timeline, timelines without an incident or walk, and safeguards taken out.
func (v *Verification) records(ctx context.Context, tx *sql.Tx) error {
	find := func(code func(string), query string) error {
		return each(ctx, tx, func(scan func(...any) error) error {
			var name string
			if err := scan(&name); err != nil {
				return err
			}
			code(name)
			return nil
		}, query)
	}
	if err := find(func(id string) { v.report(id, 0, text.M("store.verify_no_record")) },
		"SELECT DISTINCT record FROM timeline WHERE record NOT IN (SELECT id FROM incidents UNION ALL SELECT id FROM walks)"); err != nil {
		return err
	}
	if err := find(func(id string) { v.report(id, 0, text.M("store.verify_no_entries")) },
		"SELECT id FROM incidents WHERE id NOT IN (SELECT record FROM timeline) "+
			"UNION ALL SELECT id FROM walks WHERE incident = '' AND id NOT IN (SELECT record FROM timeline)"); err != nil {
		return err
	}
	if err := v.walks(ctx, tx); err != nil {
		return err
	}
	return v.safeguards(ctx, tx)
}

// safeguards compares the triggers with those of the migrations: one that is gone, or that says something else, guards
// nothing.
func (v *Verification) safeguards(ctx context.Context, tx *sql.Tx) error {
	all, err := steps(migrations)
	if err != nil {
		return err
	}
	want := map[string]string{} // the source from the last definition of each on
	source := strings.Join(all, "\n")
	const create = "CREATE TRIGGER "
	for at := strings.Index(source, create); at >= 0; at = strings.Index(source, create) {
		source = source[at:]
		name, _, _ := strings.Cut(source[len(create):], " ")
		want[name] = source
		source = source[len(create):]
	}
	stands := map[string]bool{}
	if err := each(ctx, tx, func(scan func(...any) error) error {
		var name, is string
		if err := scan(&name, &is); err != nil {
			return err
		}
		stands[name] = strings.HasPrefix(want[name], is+";")
		return nil
	}, "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if !stands[name] {
			v.report("", 0, text.M("store.verify_trigger", name))
		}
	}
	return nil
}
