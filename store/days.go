package store

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"lage/checks"
)

// keptDays are a check's days in the cache table, all before until.
type keptDays struct {
	until time.Time
	days  []checks.Bucket
}

func readDays(ctx context.Context, tx *sql.Tx, zone string) (map[int64]keptDays, error) {
	out := map[int64]keptDays{}
	err := each(ctx, tx, func(scan func(...any) error) error {
		var no, until int64
		var data string
		if err := scan(&no, &until, &data); err != nil {
			return err
		}
		if list, ok := unpackDays(data); ok {
			out[no] = keptDays{time.Unix(until, 0).UTC(), list}
		}
		return nil
	}, "SELECT check_no, until, data FROM days WHERE zone = ?", zone)
	return out, err
}

// save keeps the days that are over, unless hours have changed since they were read.
func (b *summed) save(ctx context.Context, s *Store) error {
	return s.change(ctx, s.results, func(ctx context.Context, tx *sql.Tx) error {
		var count int64
		if err := tx.QueryRowContext(ctx, "SELECT coalesce((SELECT n FROM counters WHERE name = 'hours'), 0)").Scan(&count); err != nil || count != b.count {
			return err
		}
		for no, sums := range b.byCheck {
			if err := run(ctx, tx, "INSERT OR REPLACE INTO days (zone, check_no, until, data) VALUES (?, ?, ?, ?)",
				b.zone, no, b.until.Unix(), packDays(sums.days)); err != nil {
				return err
			}
		}
		return nil
	})
}

func packDays(days map[int64]checks.Bucket) []byte {
	starts := make([]int64, 0, len(days))
	for at := range days {
		starts = append(starts, at)
	}
	slices.Sort(starts)
	p := packer{make([]byte, 0, 8+16*len(days))}
	p.uint(1)
	p.uint(uint64(len(days)))
	var last int64
	for _, at := range starts {
		d := days[at]
		p.int(at - last)
		last = at
		p.uint(uint64(d.Total))
		p.uint(uint64(d.Bad))
		p.uint(uint64(d.Warn))
		for _, v := range [...]time.Duration{d.Down, d.P50, d.P95, d.Max} {
			p.uint(uint64(v.Microseconds()))
		}
	}
	return p.b
}

func unpackDays(data string) ([]checks.Bucket, bool) {
	u := unpacker{b: data}
	u.bad = u.uint() != 1
	n := u.count()
	out := make([]checks.Bucket, 0, n)
	var at int64
	for range n {
		at += u.int()
		d := checks.Bucket{Start: time.Unix(at, 0), Total: int(u.uint()), Bad: int(u.uint()), Warn: int(u.uint())}
		for _, v := range [...]*time.Duration{&d.Down, &d.P50, &d.P95, &d.Max} {
			*v = time.Duration(u.uint()) * time.Microsecond
		}
		out = append(out, d)
	}
	return out, !u.bad
}
