package store

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"lage/checks"
)

// Samples gives the results of a check from (included) to (excluded), oldest first: also those by hand.
func (s *Store) Samples(ctx context.Context, check string, from, to time.Time) ([]checks.Sample, error) {
	var out []checks.Sample
	err := s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		no, err := findCheck(ctx, tx, check)
		if err != nil || no == 0 {
			return err
		}
		return eachSample(ctx, tx, map[int64]bool{no: true}, from, to, func(sm sample) { out = append(out, sm.public()) })
	})
	slices.SortStableFunc(out, func(a, b checks.Sample) int { return a.At.Compare(b.At) })
	return out, err
}

// eachSample calls f for every stored result of the checks from (included) to (excluded), in no certain order. A nil
// map of checks means all, and then only the log is looked at.
func eachSample(ctx context.Context, tx *sql.Tx, nos map[int64]bool, from, to time.Time, f func(sample)) error {
	// Times are stored in whole milliseconds: one that was cut off must not fall out of its span.
	a, b := from.UnixMilli(), to.Add(time.Millisecond-1).UnixMilli()
	pick := func(sm sample) {
		if sm.at >= a && sm.at < b {
			f(sm)
		}
	}
	for no := range nos {
		if err := eachArchived(ctx, tx, no, dayOf(from), dayOf(to), pick); err != nil {
			return err
		}
	}
	return eachYoung(ctx, tx, nos, from, to, pick)
}

// eachYoung calls f for the results of the checks that are not in the archive yet, and perhaps for some before and after.
func eachYoung(ctx context.Context, tx *sql.Tx, nos map[int64]bool, from, to time.Time, f func(sample)) error {
	for no := range nos {
		if err := each(ctx, tx, func(scan func(...any) error) error {
			var data string
			if err := scan(&data); err != nil {
				return err
			}
			unpackBlock(no, data, f)
			return nil
		}, "SELECT data FROM blocks WHERE check_no = ? AND hour BETWEEN ? AND ?", no, hourOf(from), hourOf(to)); err != nil {
			return err
		}
	}
	return each(ctx, tx, func(scan func(...any) error) error {
		var id int64
		var data string
		if err := scan(&id, &data); err != nil {
			return err
		}
		unpackBatch(id, data, func(sm sample) {
			if nos == nil || nos[sm.check] {
				f(sm)
			}
		})
		return nil
	}, "SELECT id, data FROM log WHERE id >= ?", from.UnixNano())
}

// Hours gives the hours of a check from (included) to (excluded) that have results, oldest first. Hours begin when hours
// of UTC do; from is rounded down. The newest one is as far as it has come.
func (s *Store) Hours(ctx context.Context, check string, from, to time.Time) ([]checks.Bucket, error) {
	return s.sums(ctx, check, from, to, func(h int64) time.Time { return hourStart(h) })
}

// Days gives the days of a check in a zone, from the one that holds from to the one before to's (or that holds it),
// oldest first; days without results are left out. In a zone that is not a whole number of hours from UTC, an hour
// belongs to the day in which it begins.
func (s *Store) Days(ctx context.Context, check string, from, to time.Time, zone *time.Location) ([]checks.Bucket, error) {
	return s.sums(ctx, check, dayStart(from, zone), to, func(h int64) time.Time { return dayStart(hourStart(h), zone) })
}

// sums adds up the hours of a check by what start gives for each.
func (s *Store) sums(ctx context.Context, check string, from, to time.Time, start func(hour int64) time.Time) ([]checks.Bucket, error) {
	sums := map[time.Time]*tally{}
	add := func(hour int64, t tally, latency string) {
		at := start(hour)
		if sums[at] == nil {
			sums[at] = &tally{}
		}
		sums[at].merge(t)
		sums[at].latency.unpack(latency)
	}
	err := s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		no, err := findCheck(ctx, tx, check)
		if err != nil || no == 0 {
			return err
		}
		from, to := hourOf(from), hourOf(to.Add(time.Hour-1))
		counted := map[int64]time.Duration{}
		if err := eachHour(ctx, tx, no, from, to, func(hour int64, t tally, latency string) {
			counted[hour] = t.down
			add(hour, t, latency)
		}); err != nil {
			return err
		}
		fresh, err := logHoursOf(ctx, tx, map[int64]bool{no: true}, no, from, to, s.now())
		if err != nil {
			return err
		}
		for hour, t := range fresh[no] {
			t.down = max(t.down-counted[hour], 0) // either covers the whole hour
			add(hour, *t, "")
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	out := make([]checks.Bucket, 0, len(sums))
	for at, t := range sums {
		out = append(out, t.bucket(at))
	}
	slices.SortFunc(out, func(a, b checks.Bucket) int { return a.Start.Compare(b.Start) })
	return out, nil
}

// logHoursOf sums what is still in the log, by check and hour, from (included) to (excluded). one is the check's number
// where there is only one, otherwise 0.
func logHoursOf(ctx context.Context, tx *sql.Tx, nos map[int64]bool, one, from, to int64, now time.Time) (map[int64]map[int64]*tally, error) {
	out := map[int64]map[int64]*tally{}
	if err := each(ctx, tx, func(scan func(...any) error) error {
		var id int64
		var data string
		if err := scan(&id, &data); err != nil {
			return err
		}
		unpackBatch(id, data, func(sm sample) {
			hour := sm.at / 3_600_000
			if nos != nil && !nos[sm.check] || hour < from || hour >= to {
				return
			}
			hours := out[sm.check]
			if hours == nil {
				hours = map[int64]*tally{}
				out[sm.check] = hours
			}
			t := hours[hour]
			if t == nil {
				t = &tally{}
				hours[hour] = t
			}
			t.add(sm)
		})
		return nil
	}, "SELECT id, data FROM log WHERE id >= ?", nano(hourStart(from))); err != nil || len(out) == 0 {
		return out, err
	}
	down, err := downs(ctx, tx, one, hourStart(from), hourStart(to), now)
	for no, hours := range out {
		for hour, t := range hours {
			t.down = down[no].within(hourStart(hour), hourStart(hour+1))
		}
	}
	return out, err
}

// dayStart gives the first moment of t's day in a zone.
func dayStart(t time.Time, zone *time.Location) time.Time {
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, zone)
}

// Minutes gives n buckets of length step, the first beginning at from, over the results of all the checks together.
// Buckets without results have Total 0. Down is not filled: it is meant for short spans.
func (s *Store) Minutes(ctx context.Context, list []string, from time.Time, step time.Duration, n int) ([]checks.Bucket, error) {
	sums := make([]tally, n)
	err := s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		nos := map[int64]bool{}
		for _, id := range list {
			no, err := findCheck(ctx, tx, id)
			if err != nil {
				return err
			}
			if no != 0 {
				nos[no] = true
			}
		}
		return eachSample(ctx, tx, nos, from, from.Add(time.Duration(n)*step), func(sm sample) {
			if i := int(time.UnixMilli(sm.at).Sub(from) / step); i >= 0 && i < n {
				sums[i].add(sm)
			}
		})
	})
	if err != nil {
		return nil, err
	}
	out := make([]checks.Bucket, n)
	for i := range out {
		out[i] = sums[i].bucket(from.Add(time.Duration(i) * step))
	}
	return out, nil
}

// Transitions gives a check's latest changes of status, newest first.
func (s *Store) Transitions(ctx context.Context, check string, limit int) ([]checks.Transition, error) {
	var out []checks.Transition
	err := s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return each(ctx, tx, func(scan func(...any) error) error {
			t := checks.Transition{Check: check}
			var at, since int64
			var message string
			if err := scan(&t.Service, &at, &since, &t.From, &t.To, &message); err != nil {
				return err
			}
			t.At, t.Since = moment(at), moment(since)
			t.Message = parseMessage(message)
			out = append(out, t)
			return nil
		}, "SELECT service, at, since, from_status, to_status, message FROM transitions JOIN checks ON no = check_no "+
			"WHERE id = ? ORDER BY at DESC LIMIT ?", check, limit)
	})
	return out, err
}
