package store

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"lage/checks"
)

// Past is a check's recent past, for small charts.
type Past struct {
	Minutes []checks.Bucket // the last 60 minutes in 20 buckets of 3 minutes, oldest first; Total 0: no data
	Days    []checks.Bucket // the last 90 days, today included, oldest first; Total 0: no data
	P95     time.Duration   // over the last 24 hours; zero means no data
}

const (
	pastMinutes = 20
	pastStep    = 3 * time.Minute
	pastDays    = 90
)

// Past gives the recent past of every check of the configuration, by check ID. Days are days in the zone. What is older
// than the log is summed once and kept, in memory and (days that are over) in the database; the log is gone through each
// time. So it is meant to be asked every few seconds, not with every change.
func (s *Store) Past(ctx context.Context, zone *time.Location, now time.Time) (map[string]Past, error) {
	out := map[string]Past{}
	var base *summed
	var fresh bool
	err := s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		key := sumKey{zone: zone.String(), hour: hourOf(now)}
		if err := tx.QueryRowContext(ctx, "SELECT coalesce((SELECT n FROM counters WHERE name = 'hours'), 0), (SELECT count(*) FROM checks)").
			Scan(&key.count, &key.checks); err != nil {
			return err
		}
		s.mu.Lock()
		base = s.summed
		s.mu.Unlock()
		if base == nil || base.sumKey != key {
			fresh = true
			base = &summed{sumKey: key, byCheck: map[int64]*checkSums{}}
			if err := base.read(ctx, tx, zone, now); err != nil {
				return err
			}
		}
		live, err := readLive(ctx, tx, zone, now)
		if err != nil {
			return err
		}
		f := newFrame(zone, now)
		return each(ctx, tx, func(scan func(...any) error) error {
			var no int64
			var id string
			if err := scan(&no, &id); err != nil {
				return err
			}
			out[id] = f.past(base.byCheck[no], live[no])
			return nil
		}, "SELECT no, id FROM checks WHERE NOT hidden")
	})
	if err != nil {
		return nil, err
	}
	if fresh {
		s.mu.Lock()
		s.summed = base
		s.mu.Unlock()
		if base.grown && !s.readOnly {
			_ = base.save(ctx, s) // a cache: without it the next process sums again
		}
	}
	return out, nil
}

// sumKey says of what sums were made: other hours, other sums.
type sumKey struct {
	zone                string
	hour, count, checks int64
}

// summed is what the table hours says, summed up for Past. It does not change once it is made.
type summed struct {
	sumKey
	until   time.Time // days before are in days for good
	grown   bool      // there is more in it than the database has kept
	byCheck map[int64]*checkSums
}

type checkSums struct {
	days   map[int64]checks.Bucket // by unix seconds of their start: days that are over
	open   map[int64]*tally        // the others
	down   map[int64]time.Duration // in the last 24 hours, by hour
	last24 histogram
}

func (b *summed) read(ctx context.Context, tx *sql.Tx, zone *time.Location, now time.Time) error {
	today := dayStart(now, zone)
	first := today.AddDate(0, 0, 1-pastDays)
	b.until = dayStart(logStart(now), zone) // before, nothing waits in the log any more
	kept, err := readDays(ctx, tx, b.zone)
	if err != nil {
		return err
	}
	var nos []int64
	if err := each(ctx, tx, func(scan func(...any) error) error {
		var no int64
		err := scan(&no)
		nos = append(nos, no)
		return err
	}, "SELECT no FROM checks WHERE NOT hidden"); err != nil {
		return err
	}
	recent := hourOf(now) - 23
	for _, no := range nos {
		sums := &checkSums{days: map[int64]checks.Bucket{}, open: map[int64]*tally{}, down: map[int64]time.Duration{}}
		b.byCheck[no] = sums
		from := first
		if k, ok := kept[no]; ok && !k.until.Before(first) && !k.until.After(b.until) {
			from = k.until
			for _, d := range k.days {
				sums.days[d.Start.Unix()] = d
			}
		}
		b.grown = b.grown || from.Before(b.until)
		if err := eachHour(ctx, tx, no, min(hourOf(from), recent), hourOf(now)+1, func(hour int64, t tally, latency string) {
			if hour >= recent {
				sums.last24.unpack(latency)
				sums.down[hour] = t.down
			}
			if start := hourStart(hour); !start.Before(from) {
				day := dayStart(start, zone).Unix()
				if sums.open[day] == nil {
					sums.open[day] = &tally{}
				}
				sums.open[day].merge(t)
				sums.open[day].latency.unpack(latency)
			}
		}); err != nil {
			return err
		}
		for day, t := range sums.open {
			if day < b.until.Unix() {
				sums.days[day] = t.bucket(time.Unix(day, 0).In(zone))
				delete(sums.open, day)
			}
		}
	}
	return nil
}

// live is what the log says about a check.
type live struct {
	minutes [pastMinutes]liveBucket
	days    map[int64]*tally
	last24  histogram
	hours   map[int64]int64 // hours that have results, and the day of each
	down    spans
	hour    int64  // of the newest result, so that its neighbours need no look into the maps
	today   *tally // of that hour's day
}

// liveBucket keeps single latencies: there are few, and percentiles of them are exact.
type liveBucket struct {
	total, bad, warn int
	latencies        []int64
}

func readLive(ctx context.Context, tx *sql.Tx, zone *time.Location, now time.Time) (map[int64]*live, error) {
	out := map[int64]*live{}
	start := now.Add(-pastMinutes * pastStep).UnixMilli()
	step := pastStep.Milliseconds()
	hour, day := int64(-1), int64(0) // of the result before: neighbours in the log are of the same hour
	err := eachSample(ctx, tx, nil, now.Add(-24*time.Hour), now.Add(time.Millisecond), func(sm sample) {
		if sm.flags&flagByHand != 0 {
			return
		}
		if h := sm.at / 3_600_000; h != hour {
			hour, day = h, dayStart(hourStart(h), zone).Unix()
		}
		l := out[sm.check]
		if l == nil {
			l = &live{days: map[int64]*tally{}, hours: map[int64]int64{}, hour: -1}
			out[sm.check] = l
		}
		if l.hour != hour {
			l.hour, l.hours[hour] = hour, day
			if l.days[day] == nil {
				l.days[day] = &tally{}
			}
			l.today = l.days[day]
		}
		l.today.add(sm)
		if o := sm.flags.outcome(); sm.latency > 0 && (o == checks.Good || o == checks.Warning) {
			l.last24.add(sm.latency, 1)
		}
		if sm.at >= start {
			l.minutes[min((sm.at-start)/step, pastMinutes-1)].add(sm)
		}
	})
	if err != nil {
		return nil, err
	}
	down, err := downs(ctx, tx, 0, now.Add(-24*time.Hour), now, now)
	for no, l := range out {
		l.down = down[no]
	}
	return out, err
}

func (b *liveBucket) add(sm sample) {
	switch sm.flags.outcome() {
	case checks.Unknown:
		return
	case checks.Bad:
		b.bad++
	case checks.Warning:
		b.warn++
	}
	b.total++
	if sm.latency > 0 && sm.flags.outcome() != checks.Bad {
		b.latencies = append(b.latencies, sm.latency)
	}
}

func (b *liveBucket) bucket(start time.Time, down spans) checks.Bucket {
	out := checks.Bucket{Start: start, Total: b.total, Bad: b.bad, Warn: b.warn, Down: down.within(start, start.Add(pastStep))}
	if n := len(b.latencies); n > 0 {
		slices.Sort(b.latencies)
		at := func(p int) time.Duration { return time.Duration(b.latencies[(n-1)*p/100]) * time.Microsecond }
		out.P50, out.P95, out.Max = at(50), at(95), at(100)
	}
	return out
}

// frame holds when the buckets of a Past begin. It is the same for all checks.
type frame struct {
	minutes [pastMinutes]time.Time
	days    [pastDays]time.Time
	keys    [pastDays]int64 // days in unix seconds
}

func newFrame(zone *time.Location, now time.Time) *frame {
	var f frame
	for i := range f.minutes {
		f.minutes[i] = now.Add(time.Duration(i-pastMinutes) * pastStep)
	}
	today := dayStart(now, zone)
	for i := range f.days {
		f.days[i] = today.AddDate(0, 0, i+1-pastDays)
		f.keys[i] = f.days[i].Unix()
	}
	return &f
}

// past puts together what hours and log say of a check. Either may be nil.
func (f *frame) past(base *checkSums, l *live) Past {
	if base == nil {
		base = &checkSums{}
	}
	if l == nil {
		l = &live{}
	}
	p := Past{Minutes: make([]checks.Bucket, pastMinutes), Days: make([]checks.Bucket, pastDays)}
	for i, start := range f.minutes {
		p.Minutes[i] = l.minutes[i].bucket(start, l.down)
	}
	for i, day := range f.days {
		key := f.keys[i]
		if old, ok := base.days[key]; ok {
			old.Start = day
			p.Days[i] = old
			continue
		}
		var t tally
		if o := base.open[key]; o != nil {
			t.merge(*o)
		}
		if o := l.days[key]; o != nil {
			t.merge(*o)
			for hour, of := range l.hours {
				if of == key { // the sums may hold the hour too: either covers the whole of it
					t.down += max(l.down.within(hourStart(hour), hourStart(hour+1))-base.down[hour], 0)
				}
			}
		}
		p.Days[i] = t.bucket(day)
	}
	var all histogram
	all.merge(base.last24)
	all.merge(l.last24)
	p.P95 = all.percentile(0.95)
	return p
}
