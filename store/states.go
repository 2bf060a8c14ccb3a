package store

import (
	"context"
	"database/sql"
	"time"

	"lage/checks"
)

// States gives where every check stands that is in the configuration, by check ID. A check without any result yet is left
// out. Last holds facts and detail of the newest result.
func (s *Store) States(ctx context.Context) (map[string]checks.State, error) {
	out := map[string]checks.State{}
	err := s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return each(ctx, tx, func(scan func(...any) error) error {
			var id, data string
			if err := scan(&id, &data); err != nil {
				return err
			}
			out[id] = unpackState(id, data)
			return nil
		}, "SELECT id, data FROM states JOIN checks ON no = check_no WHERE NOT hidden")
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// readState gives where a check stands; one that was never measured is unknown.
func readState(ctx context.Context, tx *sql.Tx, no int64, id string) (checks.State, error) {
	var data string
	err := tx.QueryRowContext(ctx, "SELECT data FROM states WHERE check_no = ?", no).Scan(&data)
	if err == sql.ErrNoRows {
		return checks.State{Check: id}, nil
	}
	return unpackState(id, data), err
}

func saveState(ctx context.Context, tx *sql.Tx, no int64, st checks.State) error {
	return run(ctx, tx, "INSERT INTO states (check_no, status, data) VALUES (?, ?, ?) "+
		"ON CONFLICT (check_no) DO UPDATE SET status = excluded.status, data = excluded.data", no, string(status(st.Status)), packState(st))
}

func packState(st checks.State) []byte {
	r := st.Last
	p := packer{make([]byte, 0, 128+len(r.Detail))}
	p.uint(1)
	p.str(string(st.Status))
	p.int(nano(st.Since))
	p.int(int64(st.Failures))
	p.int(int64(st.Successes))
	p.int(nano(st.FirstFailure))
	p.uint(uint64(st.Recent))
	p.int(int64(st.Counted))
	p.int(int64(st.Run))
	p.int(int64(st.RunLength))
	p.int(nano(st.RunSince))
	p.int(nano(st.FirstSuccess))
	p.int(int64(st.Unknowns))
	p.int(nano(st.FirstUnknown))
	p.int(nano(r.At))
	p.int(int64(r.Latency))
	p.int(int64(r.Outcome))
	p.message(r.Message)
	p.uint(uint64(len(r.Facts)))
	for _, f := range r.Facts {
		p.uint(bit(f.OK))
		p.message(f.Want)
		p.message(f.Got)
	}
	p.uint(uint64(len(r.Perf)))
	for _, f := range r.Perf {
		p.float(f.Value)
		for _, s := range [...]string{f.Label, f.Unit, f.Warn, f.Crit, f.Min, f.Max} {
			p.str(s)
		}
	}
	p.str(r.Detail)
	p.uint(bit(r.ByHand))
	return p.b
}

// unpackState reads what packState wrote. What cannot be read is unknown, as if never measured.
func unpackState(id, data string) checks.State {
	u := unpacker{b: data}
	u.bad = u.uint() != 1
	st := checks.State{Check: id, Status: checks.Status(u.str()), Since: moment(u.int()), Failures: int(u.int()),
		Successes: int(u.int()), FirstFailure: moment(u.int()), Recent: uint32(u.uint()), Counted: int(u.int()),
		Run: checks.Outcome(u.int()), RunLength: int(u.int()), RunSince: moment(u.int()), FirstSuccess: moment(u.int()),
		Unknowns: int(u.int()), FirstUnknown: moment(u.int())}
	r := checks.Result{Check: id, At: moment(u.int()), Latency: time.Duration(u.int()), Outcome: checks.Outcome(u.int()),
		Message: u.message()}
	if n := u.count(); n > 0 {
		r.Facts = make([]checks.Fact, n)
		for i := range r.Facts {
			r.Facts[i] = checks.Fact{OK: u.uint() == 1, Want: u.message(), Got: u.message()}
		}
	}
	if n := u.count(); n > 0 {
		r.Perf = make([]checks.Perf, n)
		for i := range r.Perf {
			r.Perf[i] = checks.Perf{Value: u.float(), Label: u.str(), Unit: u.str(), Warn: u.str(), Crit: u.str(),
				Min: u.str(), Max: u.str()}
		}
	}
	r.Detail, r.ByHand = u.str(), u.uint() == 1
	if u.bad {
		return checks.State{Check: id}
	}
	st.Last = r
	return st
}

func bit(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}
