package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"time"
)

// Two days after they were measured, results and hours of a UTC day move to tables that are filled one day after the other: in
// order, so that pages are full, and dropped in order, so that pages become free as a whole.

const hoursPerDay = 24

func dayOf(t time.Time) int64 { return hourOf(t) / hoursPerDay }

// archiveKey gives the id of a part in the table archive. Day, check and part have 16, 24 and 10 bits.
func archiveKey(day, no, part int64) int64 { return day<<34 | no<<10 | part }

const maxPart = 1<<10 - 1

func hourlyKey(day, no int64) int64 { return day<<24 | no }

// eachDay is a query's beginning that counts days in SQL: a seek each, without a way to Go and back.
const eachDay = "WITH RECURSIVE d (x) AS (SELECT ?1 UNION ALL SELECT x + 1 FROM d WHERE x < ?2) "

// daysOf bounds a span of days by what a table holds: a check's whole life is not sought where two years are kept.
func daysOf(ctx context.Context, tx *sql.Tx, table string, shift int, from, to int64) (int64, int64, error) {
	var first, last sql.NullInt64
	// Two queries: SQLite goes to either end at once only where it is asked for one.
	if err := tx.QueryRowContext(ctx, "SELECT min(id) FROM "+table).Scan(&first); err != nil || !first.Valid {
		return 1, 0, err
	}
	err := tx.QueryRowContext(ctx, "SELECT max(id) FROM "+table).Scan(&last)
	return max(from, first.Int64>>shift), min(to, last.Int64>>shift), err
}

// eachArchived calls f for the archived results of a check from one day to another, both included.
func eachArchived(ctx context.Context, tx *sql.Tx, no, from, to int64, f func(sample)) error {
	return eachArchivedBlock(ctx, tx, no, from, to, func(data string) { unpackBlock(no, data, f) })
}

func eachArchivedBlock(ctx context.Context, tx *sql.Tx, no, from, to int64, f func(data string)) error {
	from, to, err := daysOf(ctx, tx, "archive", 34, from, to)
	if err != nil || from > to {
		return err
	}
	return each(ctx, tx, func(scan func(...any) error) error {
		var data string
		if err := scan(&data); err != nil {
			return err
		}
		f(data)
		return nil
	}, eachDay+"SELECT data FROM d JOIN archive ON id BETWEEN (x << 34) + (?3 << 10) AND (x << 34) + (?3 << 10) + 1023", from, to, no)
}

// eachPackedHour calls f for the hours of a check that lie packed by days, from (included) to (excluded).
func eachPackedHour(ctx context.Context, tx *sql.Tx, no, from, to int64, f func(hour int64, t tally, latency string)) error {
	first, last, err := daysOf(ctx, tx, "hourly", 24, from/hoursPerDay, (to-1)/hoursPerDay)
	if err != nil || first > last {
		return err
	}
	return each(ctx, tx, func(scan func(...any) error) error {
		var day int64
		var data string
		if err := scan(&day, &data); err != nil {
			return err
		}
		unpackHours(day, data, func(hour int64, t tally, latency string) {
			if hour >= from && hour < to {
				f(hour, t, latency)
			}
		})
		return nil
	}, eachDay+"SELECT x, data FROM d JOIN hourly ON id = (x << 24) + ?3", first, last, no)
}

// packedHour is one hour with its latencies packed.
type packedHour struct {
	hour    int64
	sums    tally
	latency string
}

func packHours(list []packedHour) []byte {
	p := packer{make([]byte, 0, 2+40*len(list))}
	p.uint(1)
	p.uint(uint64(len(list)))
	for _, h := range list {
		p.uint(uint64(h.hour % hoursPerDay))
		p.sums(h.sums)
		p.str(h.latency)
	}
	return p.b
}

// sums packs a tally without its latencies.
func (p *packer) sums(t tally) {
	for _, n := range [...]int{t.total, t.bad, t.warn, t.unknown} {
		p.uint(uint64(n))
	}
	p.uint(uint64(t.down.Milliseconds()))
	p.uint(uint64(t.maxUS))
}

func (u *unpacker) sums() (t tally) {
	for _, n := range [...]*int{&t.total, &t.bad, &t.warn, &t.unknown} {
		*n = int(u.uint())
	}
	t.down = time.Duration(u.uint()) * time.Millisecond
	t.maxUS = int64(u.uint())
	return t
}

func unpackHours(day int64, data string, f func(hour int64, t tally, latency string)) {
	u := unpacker{b: data}
	if u.uint() != 1 {
		return
	}
	for range u.count() {
		hour := day*hoursPerDay + int64(u.uint())
		t, latency := u.sums(), u.str()
		if u.bad {
			return
		}
		f(hour, t, latency)
	}
}

// archiveDay moves what one check has of a day, and tells how many results that were.
func archiveDay(ctx context.Context, tx *sql.Tx, no, day int64) (int, error) {
	first, last := day*hoursPerDay, day*hoursPerDay+hoursPerDay-1
	var list []sample
	if err := each(ctx, tx, func(scan func(...any) error) error {
		var data string
		if err := scan(&data); err != nil {
			return err
		}
		unpackBlock(no, data, func(sm sample) { list = append(list, sm) })
		return nil
	}, "SELECT data FROM blocks WHERE check_no = ? AND hour BETWEEN ? AND ? ORDER BY hour, part", no, first, last); err != nil {
		return 0, err
	}
	if len(list) > 0 {
		if err := appendArchive(ctx, tx, no, day, list); err != nil {
			return 0, err
		}
		if err := run(ctx, tx, "DELETE FROM blocks WHERE check_no = ? AND hour BETWEEN ? AND ?", no, first, last); err != nil {
			return 0, err
		}
	}
	return len(list), packDay(ctx, tx, no, day)
}

// appendArchive writes results in parts of about the same size.
func appendArchive(ctx context.Context, tx *sql.Tx, no, day int64, list []sample) error {
	slices.SortStableFunc(list, func(a, b sample) int { return cmp.Compare(a.at, b.at) })
	var part int64
	if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(id) & 1023, -1) + 1 FROM archive WHERE id BETWEEN ? AND ?",
		archiveKey(day, no, 0), archiveKey(day, no, maxPart)).Scan(&part); err != nil {
		return err
	}
	parts := min((len(list)+archiveSize-1)/archiveSize, max(int(maxPart-part), 1))
	for block := range slices.Chunk(list, (len(list)+parts-1)/parts) {
		if err := run(ctx, tx, "INSERT INTO archive (id, data) VALUES (?, ?)", archiveKey(day, no, part), packBlock(block)); err != nil {
			return err
		}
		part++
	}
	return nil
}

// packDay packs the hours of one check and day.
func packDay(ctx context.Context, tx *sql.Tx, no, day int64) error {
	first, last := day*hoursPerDay, day*hoursPerDay+hoursPerDay
	var list []packedHour
	if err := eachLooseHour(ctx, tx, no, first, last, func(hour int64, t tally, latency string) {
		list = append(list, packedHour{hour, t, latency})
	}); err != nil || len(list) == 0 {
		return err
	}
	// Hours of a day that is packed already were taken out of it before they were added to (loosen): nothing is lost here.
	if err := run(ctx, tx, "INSERT OR REPLACE INTO hourly (id, data) VALUES (?, ?)", hourlyKey(day, no), packHours(list)); err != nil {
		return err
	}
	return run(ctx, tx, "DELETE FROM hours WHERE check_no = ? AND hour >= ? AND hour < ?", no, first, last)
}

// loosen takes the hours of a check's day out of its packed row, so that one can be added to: a result came days late.
func loosen(ctx context.Context, tx *sql.Tx, no, day int64) error {
	var data string
	found, err := lastRow(tx.QueryRowContext(ctx, "SELECT data FROM hourly WHERE id = ?", hourlyKey(day, no)).Scan(&data))
	if !found {
		return err
	}
	unpackHours(day, data, func(hour int64, t tally, latency string) {
		if err == nil {
			t.latency.unpack(latency)
			err = putHour(ctx, tx, no, hour, t)
		}
	})
	if err != nil {
		return err
	}
	return run(ctx, tx, "DELETE FROM hourly WHERE id = ?", hourlyKey(day, no))
}
