package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"time"

	"lage/incidents"
	"lage/internal/clean"
	"lage/internal/text"
	"lage/services"
)

// entryRow is a timeline entry as it is stored and hashed.
//
// hash is SHA-256 over hashVersion, prev and the fields below, each with its length (8 bytes, big endian) before it;
// numbers are 8 bytes, big endian. The three parts that can be erased go in as their own hashes, SHA-256 of salt and
// text, so that the chain holds without them. parts goes in last, and only where there are any. Within a record prev is the hash of the entry before; the first entry of a
// record names the first hash of the record that was begun before it, so that a whole record cannot be taken out either.
// The very first has none.
type entryRow struct {
	n, seq                     int64
	record, kind, check, walk  string
	step, run                  string
	occurred, recorded, target int64
	parts                      string // of a redaction: what it erases (erasing.go)
	who, body, output          part
	prev, hash                 []byte
}

// part is a text that can be erased: then text and salt are gone and the hash stays. A part that never was has no hash.
type part struct {
	text sql.NullString
	salt []byte
	hash []byte
}

const hashVersion = "lage timeline 1"

// saltSize is part of what is hashed: with salts of any length, the beginning of a text could be moved into its salt.
const saltSize = 16

// newPart salts and hashes a text. The salt keeps anyone from finding an erased name by trying all names.
func newPart(s string) part {
	if s == "" {
		return part{hash: []byte{}}
	}
	salt := make([]byte, saltSize)
	_, _ = rand.Read(salt) // never fails, says crypto/rand
	return part{text: sql.NullString{String: s, Valid: true}, salt: salt, hash: hashPart(salt, s)}
}

func hashPart(salt []byte, s string) []byte {
	h := sha256.New()
	h.Write(salt)
	h.Write([]byte(s))
	return h.Sum(nil)
}

func (p part) erased() bool { return len(p.hash) > 0 && !p.text.Valid }

// intact tells whether an unerased part is what was hashed.
func (p part) intact() bool {
	if p.text.Valid {
		return len(p.salt) == saltSize && string(hashPart(p.salt, p.text.String)) == string(p.hash)
	}
	return p.salt == nil && (len(p.hash) == 0 || len(p.hash) == sha256.Size)
}

// sum gives the hash that belongs to the row's fields.
func (r *entryRow) sum() []byte {
	h := sha256.New()
	field := func(b []byte) {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(b)))
		h.Write(n[:])
		h.Write(b)
	}
	number := func(v int64) {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(v))
		field(n[:])
	}
	field([]byte(hashVersion))
	field(r.prev)
	field([]byte(r.record))
	number(r.seq)
	field([]byte(r.kind))
	number(r.occurred)
	number(r.recorded)
	for _, s := range [...]string{r.check, r.walk, r.step, r.run} {
		field([]byte(s))
	}
	number(r.target)
	field(r.who.hash)
	field(r.body.hash)
	field(r.output.hash)
	if r.parts != "" {
		field([]byte(r.parts))
	}
	return h.Sum(nil)
}

// body is what stands in the column of that name.
type body struct {
	Message text.Message          `json:"message"`
	Command *incidents.CommandRun `json:"command,omitempty"`
	Walk    *changeColumn         `json:"walk,omitempty"`
	Masked  []clean.Masked        `json:"masked,omitempty"`
}

// newRow makes the row of an entry; numbers and hashes are left to appendEntry.
func newRow(e incidents.Entry, now time.Time) (*entryRow, error) {
	who, err := json.Marshal(e.Who)
	if err != nil {
		return nil, err
	}
	what, err := json.Marshal(body{e.Message, e.Command, changeOut(e.Change), e.Masked})
	if err != nil {
		return nil, err
	}
	if e.OccurredAt.IsZero() {
		e.OccurredAt = now
	}
	return &entryRow{record: e.Record, kind: string(e.Kind), check: e.Check, walk: e.Walk, step: e.Step, run: e.Run,
		occurred: nano(e.OccurredAt), recorded: nano(now), target: e.Target,
		who: newPart(string(who)), body: newPart(string(what)), output: newPart(e.Output)}, nil
}

// entry gives the row as others see it.
func (r *entryRow) entry() incidents.Entry {
	e := incidents.Entry{Record: r.record, Seq: r.seq, Kind: incidents.Kind(r.kind), OccurredAt: moment(r.occurred),
		RecordedAt: moment(r.recorded), Check: r.check, Walk: r.walk, Step: r.step, Run: r.run, Target: r.target,
		Output: r.output.text.String, Hash: hex.EncodeToString(r.hash), PrevHash: hex.EncodeToString(r.prev)}
	if r.who.text.Valid && json.Unmarshal([]byte(r.who.text.String), &e.Who) != nil {
		e.Who = services.Person{Name: r.who.text.String} // tampered with: show what stands there, Verify says the rest
	}
	var b body
	if r.body.text.Valid && json.Unmarshal([]byte(r.body.text.String), &b) != nil {
		b.Message = text.Raw(r.body.text.String)
	}
	e.Message, e.Command, e.Change, e.Masked, e.Erases = b.Message, b.Command, b.Walk.change(), b.Masked, r.erases()
	for _, p := range [...]struct {
		name string
		part part
	}{{"who", r.who}, {"text", r.body}, {"output", r.output}} {
		if p.part.erased() {
			e.Erased = append(e.Erased, p.name)
		}
	}
	return e
}

const entryColumns = "n, record, seq, kind, occurred_at, recorded_at, check_id, walk, step, run, target, who, who_salt, who_hash, " +
	"body, body_salt, body_hash, output, output_salt, output_hash, prev_hash, hash, parts"

// fields lists the row's fields in the order of entryColumns.
func (r *entryRow) fields() []any {
	return []any{&r.n, &r.record, &r.seq, &r.kind, &r.occurred, &r.recorded, &r.check, &r.walk, &r.step, &r.run, &r.target,
		&r.who.text, &r.who.salt, &r.who.hash, &r.body.text, &r.body.salt, &r.body.hash, &r.output.text, &r.output.salt,
		&r.output.hash, &r.prev, &r.hash, &r.parts}
}

// appendEntry gives the row its numbers and hashes and writes it.
func appendEntry(ctx context.Context, tx *sql.Tx, r *entryRow) error {
	if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(n), 0) + 1 FROM timeline").Scan(&r.n); err != nil {
		return err
	}
	err := tx.QueryRowContext(ctx, "SELECT seq + 1, hash FROM timeline WHERE record = ? ORDER BY seq DESC LIMIT 1", r.record).
		Scan(&r.seq, &r.prev)
	if err == sql.ErrNoRows {
		r.seq, r.prev = 1, []byte{}
		err = tx.QueryRowContext(ctx, "SELECT hash FROM timeline WHERE seq = 1 ORDER BY n DESC LIMIT 1").Scan(&r.prev)
		if err == sql.ErrNoRows {
			err = nil
		}
	}
	if err != nil {
		return err
	}
	r.hash = r.sum()
	return run(ctx, tx, "INSERT INTO timeline ("+entryColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		r.n, r.record, r.seq, r.kind, r.occurred, r.recorded, r.check, r.walk, r.step, r.run, r.target,
		r.who.text, r.who.salt, r.who.hash, r.body.text, r.body.salt, r.body.hash, r.output.text, r.output.salt, r.output.hash,
		r.prev, r.hash, r.parts)
}

// entriesWhere reads entries in the order of their numbers.
func entriesWhere(ctx context.Context, tx *sql.Tx, where string, args ...any) ([]incidents.Entry, error) {
	var out []incidents.Entry
	err := eachRow(ctx, tx, func(r *entryRow) error {
		out = append(out, r.entry())
		return nil
	}, where, args...)
	return out, err
}

func eachRow(ctx context.Context, tx *sql.Tx, f func(*entryRow) error, where string, args ...any) error {
	return each(ctx, tx, func(scan func(...any) error) error {
		var r entryRow
		if err := scan(r.fields()...); err != nil {
			return err
		}
		return f(&r)
	}, "SELECT "+entryColumns+" FROM timeline "+where, args...)
}
