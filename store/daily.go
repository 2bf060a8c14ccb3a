package store

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"time"
)

// dailyCounter names the counter of how far a check's days are summed: unix seconds.
func dailyCounter(no int64) string { return "daily/" + strconv.FormatInt(no, 10) }

// sumDays sums the hours of one check to days of a zone, up to a day's beginning, and tells how many hours that were. At most
// some hundred days are summed at once.
func sumDays(ctx context.Context, tx *sql.Tx, no int64, zone *time.Location, until time.Time) (hours int, err error) {
	const most = 100
	var done int64
	if _, err := lastRow(tx.QueryRowContext(ctx, "SELECT n FROM counters WHERE name = ?", dailyCounter(no)).Scan(&done)); err != nil {
		return 0, err
	}
	from := dayStart(time.Unix(done, 0), zone)
	if first, err := firstHour(ctx, tx, no); err != nil {
		return 0, err
	} else if start := dayStart(hourStart(first), zone); from.Before(start) {
		from = start
	}
	if !from.Before(until) {
		return 0, nil
	}
	to := until
	if end := from.AddDate(0, 0, most); end.Before(to) {
		to = end
	}
	sums := map[int64]*tally{}
	if err := eachHour(ctx, tx, no, hourOf(from.Add(time.Hour-1)), hourOf(to.Add(time.Hour-1)), func(hour int64, t tally, latency string) {
		day := dayStart(hourStart(hour), zone).Unix()
		if sums[day] == nil {
			sums[day] = &tally{}
		}
		sums[day].merge(t)
		sums[day].latency.unpack(latency)
		hours++
	}); err != nil {
		return 0, err
	}
	for day, t := range sums {
		end := time.Unix(day, 0).In(zone).AddDate(0, 0, 1).Unix()
		p := packer{}
		p.uint(1)
		p.sums(*t)
		p.b = append(p.b, t.latency.pack()...)
		if err := run(ctx, tx, "INSERT OR REPLACE INTO daily (check_no, start, until, data) VALUES (?, ?, ?, ?)", no, day, end, p.b); err != nil {
			return 0, err
		}
	}
	return hours + 1, run(ctx, tx, "INSERT INTO counters (name, n) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET n = excluded.n", dailyCounter(no), to.Unix())
}

// firstHour gives the first hour that a check may have: not later than any that it has.
func firstHour(ctx context.Context, tx *sql.Tx, no int64) (int64, error) {
	var loose, packed sql.NullInt64
	if err := tx.QueryRowContext(ctx, "SELECT min(hour) FROM hours WHERE check_no = ?", no).Scan(&loose); err != nil {
		return 0, err
	}
	err := tx.QueryRowContext(ctx, "SELECT min(id) >> 24 FROM hourly").Scan(&packed)
	switch {
	case packed.Valid && loose.Valid:
		return min(packed.Int64*hoursPerDay, loose.Int64), err
	case packed.Valid:
		return packed.Int64 * hoursPerDay, err
	case loose.Valid:
		return loose.Int64, err
	}
	return 1 << 40, err
}

// dailySum is a day that was summed.
type dailySum struct {
	start, until int64 // unix seconds
	sums         tally
}

// eachDaily calls f for the days of a check that lie within two moments, in order.
func eachDaily(ctx context.Context, tx *sql.Tx, no, from, to int64, f func(dailySum)) error {
	return each(ctx, tx, func(scan func(...any) error) error {
		var d dailySum
		var data string
		if err := scan(&d.start, &d.until, &data); err != nil {
			return err
		}
		u := unpacker{b: data}
		if u.uint() != 1 {
			return nil
		}
		d.sums = u.sums()
		d.sums.latency.unpack(u.b)
		f(d)
		return nil
	}, "SELECT start, until, data FROM daily WHERE check_no = ? AND start >= ? AND start < ? AND until <= ? ORDER BY start", no, from, to, to)
}

// allChecks lists the numbers of all checks, also of those that left the configuration.
func allChecks(ctx context.Context, tx *sql.Tx) (nos []int64, err error) {
	err = each(ctx, tx, func(scan func(...any) error) error {
		var no int64
		err := scan(&no)
		nos = append(nos, no)
		return err
	}, "SELECT no FROM checks")
	slices.Sort(nos)
	return nos, err
}
