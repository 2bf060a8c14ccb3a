package store

import (
	"context"
	"database/sql"
	"slices"
	"time"
)

// logHours is how many full hours of results stay in the log, besides the one that runs: the board's last sixty minutes
// are then in the log alone.
const logHours = 1

// logStart gives the time before which results are moved out of the log.
func logStart(now time.Time) time.Time { return now.Truncate(time.Hour).Add(-logHours * time.Hour) }

// compact moves results that are old enough from the log to blocks and hours. Usually there is nothing to do.
func (s *Store) compact(ctx context.Context) error {
	now := s.now()
	oldest, ahead := nano(logStart(now)), nano(now.Add(10*time.Minute))
	var due bool
	// A row from the future is left by a clock that was wrong; it must not hold up the others for ever.
	if err := s.readers.QueryRowContext(context.WithoutCancel(ctx),
		"SELECT coalesce((SELECT min(id) FROM log) < ? OR (SELECT max(id) FROM log) > ?, 0)", oldest, ahead).Scan(&due); err != nil || !due {
		return err
	}
	return s.change(ctx, s.results, func(ctx context.Context, tx *sql.Tx) error {
		const old = " FROM log WHERE id < ? OR id > ?"
		byCheck := map[int64][]sample{}
		if err := each(ctx, tx, func(scan func(...any) error) error {
			var id int64
			var data string
			if err := scan(&id, &data); err != nil {
				return err
			}
			unpackBatch(id, data, func(sm sample) { byCheck[sm.check] = append(byCheck[sm.check], sm) })
			return nil
		}, "SELECT id, data"+old, oldest, ahead); err != nil {
			return err
		}
		if err := s.keepSamples(ctx, tx, byCheck); err != nil {
			return err
		}
		return run(ctx, tx, "DELETE"+old, oldest, ahead)
	})
}

// keepSamples writes samples, by check number, to blocks and sums them into hours.
func (s *Store) keepSamples(ctx context.Context, tx *sql.Tx, byCheck map[int64][]sample) error {
	nos := make([]int64, 0, len(byCheck))
	for no := range byCheck {
		nos = append(nos, no)
	}
	slices.Sort(nos) // neighbours share pages
	for _, no := range nos {
		list := byCheck[no]
		slices.SortStableFunc(list, func(a, b sample) int { return int(a.at - b.at) })
		down, err := downs(ctx, tx, no, time.UnixMilli(list[0].at).Add(-time.Hour), time.UnixMilli(list[len(list)-1].at).Add(time.Hour), s.now())
		if err != nil {
			return err
		}
		for len(list) > 0 {
			hour := hourOf(time.UnixMilli(list[0].at))
			n := 1
			for n < len(list) && hourOf(time.UnixMilli(list[n].at)) == hour {
				n++
			}
			if err := keepHour(ctx, tx, no, hour, list[:n], down[no]); err != nil {
				return err
			}
			list = list[n:]
		}
	}
	return bump(ctx, tx, "hours")
}

// keepHour writes the results of one hour, in order of time, to blocks and adds them to the hour's sums.
func keepHour(ctx context.Context, tx *sql.Tx, no, hour int64, list []sample, down spans) error {
	if err := addBlocks(ctx, tx, no, hour, list); err != nil {
		return err
	}
	var t tally
	for _, sm := range list {
		t.add(sm)
	}
	t.down = down.within(hourStart(hour), hourStart(hour+1))
	return addHour(ctx, tx, no, hour, t)
}

func addBlocks(ctx context.Context, tx *sql.Tx, no, hour int64, list []sample) error {
	var part int64
	if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(part), 0) FROM blocks WHERE check_no = ? AND hour = ?",
		no, hour).Scan(&part); err != nil {
		return err
	}
	for block := range slices.Chunk(list, blockSize) {
		part++
		if err := run(ctx, tx, "INSERT INTO blocks (check_no, hour, part, data) VALUES (?, ?, ?, ?)", no, hour, part, packBlock(block)); err != nil {
			return err
		}
	}
	return nil
}

// addHour adds sums to an hour, and drops what was already summed from it.
func addHour(ctx context.Context, tx *sql.Tx, no, hour int64, t tally) error {
	if err := loosen(ctx, tx, no, hour/hoursPerDay); err != nil {
		return err
	}
	var old tally
	found := false
	if err := eachHour(ctx, tx, no, hour, hour+1, func(_ int64, o tally, latency string) {
		old, found = o, true
		old.latency.unpack(latency)
	}); err != nil {
		return err
	}
	if found {
		down := max(t.down, old.down) // either already covers the whole hour
		t.merge(old)
		t.down = down
	}
	if err := putHour(ctx, tx, no, hour, t); err != nil {
		return err
	}
	if err := run(ctx, tx, "DELETE FROM days WHERE check_no = ? AND until > ?", no, hour*3600); err != nil {
		return err
	}
	return run(ctx, tx, "UPDATE counters SET n = min(n, ?) WHERE name = ?", hour*3600, dailyCounter(no))
}

func putHour(ctx context.Context, tx *sql.Tx, no, hour int64, t tally) error {
	return run(ctx, tx, "INSERT OR REPLACE INTO hours (check_no, hour, total, bad, warn, unknown, down_ms, max_us, latency) "+
		"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", no, hour, t.total, t.bad, t.warn, t.unknown, t.down.Milliseconds(), t.maxUS, t.latency.pack())
}

// eachHour calls f for the stored hours of one check, from (included) to (excluded), each once: packed ones first. The latencies come packed
// beside the other sums: unpacking them where they are added up spares a histogram per hour.
func eachHour(ctx context.Context, tx *sql.Tx, no, from, to int64, f func(hour int64, t tally, latency string)) error {
	if err := eachPackedHour(ctx, tx, no, from, to, f); err != nil {
		return err
	}
	return eachLooseHour(ctx, tx, no, from, to, f)
}

func eachLooseHour(ctx context.Context, tx *sql.Tx, no, from, to int64, f func(hour int64, t tally, latency string)) error {
	return each(ctx, tx, func(scan func(...any) error) error {
		var t tally
		var hour, downMS int64
		var latency string
		if err := scan(&hour, &t.total, &t.bad, &t.warn, &t.unknown, &downMS, &t.maxUS, &latency); err != nil {
			return err
		}
		t.down = time.Duration(downMS) * time.Millisecond
		f(hour, t, latency)
		return nil
	}, "SELECT hour, total, bad, warn, unknown, down_ms, max_us, latency FROM hours WHERE check_no = ? AND hour >= ? AND hour < ? "+
		"ORDER BY hour", no, from, to)
}

// bump adds one to a counter.
func bump(ctx context.Context, tx *sql.Tx, name string) error {
	_, err := next(ctx, tx, name)
	return err
}

// next adds one to a counter and gives its new value.
func next(ctx context.Context, tx *sql.Tx, name string) (n int64, err error) {
	err = tx.QueryRowContext(ctx, "INSERT INTO counters (name, n) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET n = n + 1 RETURNING n",
		name).Scan(&n)
	return n, err
}
