package store

import (
	"context"
	"database/sql"
	"math"
	"time"

	"lage/checks"
	"lage/incidents"
)

// Sources of what a span says.
const (
	FromResults = "exact"  // every single result
	FromHours   = "hourly" // sums of hours, latencies within 1 %
	FromDays    = "daily"  // sums of days, latencies within 1 %
	FromSeveral = "mixed"
)

// RangeQuery asks for a check's past.
type RangeQuery struct {
	From, To time.Time
	Step     time.Duration  // 0 for the whole alone; steps of whole days are days of the zone
	Zone     *time.Location // nil means UTC
	Sums     bool           // sums of days and hours even where single results are kept: fast, latencies within 1 %
}

// Range is a check's past.
type Range struct {
	Whole       Span
	Steps       []Span    // oldest first, also where nothing was measured
	ExactSince  time.Time // single results are kept from then on; zero where there are none
	HourlySince time.Time // sums of hours likewise
}

// Span is what is known of a time.
type Span struct {
	From, To      time.Time
	Source        string // exact, hourly, daily, mixed; empty where nothing was measured
	Total         int    // counted results, Unknown left out
	Bad, Warn     int
	Unknown       int // results that gave no answer
	P50, P95, P99 time.Duration
	Max           time.Duration
	Times         checks.Times // by intervals
}

// maxSteps bounds the answer.
const maxSteps = 20_000

// Range sums a check's past from (included) to (excluded): percentiles from single results where they are kept, and from sums
// of hours and days beyond; an hour or day that is cut by an edge or a step counts where it begins. Times come from intervals
// and are exact everywhere. incidents.ErrNotFound for a check that the store does not know.
func (s *Store) Range(ctx context.Context, check string, q RangeQuery) (Range, error) {
	if q.Zone == nil {
		q.Zone = time.UTC
	}
	var out Range
	err := s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		no, err := findCheck(ctx, tx, check)
		if err != nil {
			return err
		}
		if no == 0 {
			return incidents.ErrNotFound
		}
		out, err = s.rangeOf(ctx, tx, no, q)
		return err
	})
	return out, err
}

func (s *Store) rangeOf(ctx context.Context, tx *sql.Tx, no int64, q RangeQuery) (Range, error) {
	var out Range
	exact, hourly, err := tierStarts(ctx, tx, no)
	if err != nil {
		return out, err
	}
	out.ExactSince, out.HourlySince = sinceHour(exact), sinceHour(hourly)
	g := newGrid(q)
	if q.Sums {
		exact = math.MaxInt64
	}
	if err := g.readSums(ctx, tx, no, q, exact, hourly, s.now()); err != nil {
		return out, err
	}
	if !q.Sums {
		from := q.From
		if start := hourStart(exact); exact < 1<<40 && from.Before(start) {
			from = start
		}
		var c resultColumns
		if err := eachArchivedBlock(ctx, tx, no, dayOf(from), dayOf(q.To), func(data string) {
			if c.readBlock(data) {
				g.addBlock(&c)
			} else {
				unpackBlock(no, data, g.addSample)
			}
		}); err != nil {
			return out, err
		}
		if err := eachYoung(ctx, tx, map[int64]bool{no: true}, from, q.To, g.addSample); err != nil {
			return out, err
		}
		if err := g.readRest(ctx, tx, no, hourOf(from), hourOf(q.To.Add(time.Hour-1))); err != nil {
			return out, err
		}
	}
	list, err := intervalsOf(ctx, tx, no, q.From, q.To, s.now())
	if err != nil {
		return out, err
	}
	out.Whole, out.Steps = g.spans(list)
	return out, nil
}

func sinceHour(hour int64) time.Time {
	if hour >= 1<<40 {
		return time.Time{}
	}
	return hourStart(hour)
}

// tierStarts gives the first hours that may have single results and sums of hours; 1<<40 where there are none.
func tierStarts(ctx context.Context, tx *sql.Tx, no int64) (exact, hourly int64, err error) {
	var archived, block sql.NullInt64
	if err := tx.QueryRowContext(ctx, "SELECT min(id) FROM archive").Scan(&archived); err != nil {
		return 0, 0, err
	}
	if err := tx.QueryRowContext(ctx, "SELECT min(hour) FROM blocks WHERE check_no = ?", no).Scan(&block); err != nil {
		return 0, 0, err
	}
	exact = 1 << 40
	if archived.Valid {
		exact = (archived.Int64 >> 34) * hoursPerDay
	}
	if block.Valid {
		exact = min(exact, block.Int64)
	}
	if err := each(ctx, tx, func(scan func(...any) error) error {
		var id int64
		var data string
		err := scan(&id, &data)
		unpackBatch(id, data, func(sm sample) { exact = min(exact, sm.at/3_600_000) })
		return err
	}, "SELECT id, data FROM log ORDER BY id LIMIT 1"); err != nil {
		return 0, 0, err
	}
	hourly, err = firstHour(ctx, tx, no)
	return exact, hourly, err
}

// readSums reads what is not read from single results: hours, and days where there are no hours or where they are wanted.
func (g *grid) readSums(ctx context.Context, tx *sql.Tx, no int64, q RangeQuery, exact, hourly int64, now time.Time) error {
	from, to := q.From.Unix(), q.To.Unix()
	cut := hourly * 3600 // days before, hours from here on
	if hourly >= 1<<40 {
		cut = to
	}
	days := q.Sums && (q.Step <= 0 || q.Step%(24*time.Hour) == 0)
	var last int64 // the end of the last day that was taken
	if days || from < cut {
		if err := eachDaily(ctx, tx, no, from, to, func(d dailySum) {
			if days || d.start < cut {
				g.addSum(d.start, d.sums, FromDays)
				last = max(last, d.until)
			}
		}); err != nil {
			return err
		}
	}
	begin := max(cut, from)
	if last > begin {
		begin = last
	}
	// With days in use, the hours before the first of them belong to the day that From cuts.
	first, end := (begin+3599)/3600, (to+3599)/3600
	if days && last > 0 && from < last {
		if err := g.hoursBefore(ctx, tx, no, q, cut); err != nil {
			return err
		}
	}
	end = min(end, exact)
	if first >= end {
		return nil
	}
	return g.readHours(ctx, tx, no, first, end, q.Sums, now)
}

// hoursBefore reads the hours between From and the first whole day after it.
func (g *grid) hoursBefore(ctx context.Context, tx *sql.Tx, no int64, q RangeQuery, cut int64) error {
	start := dayStart(q.From, q.Zone)
	if start.Equal(q.From) {
		return nil
	}
	next := start.AddDate(0, 0, 1)
	return g.readHours(ctx, tx, no, (max(q.From.Unix(), cut)+3599)/3600, (min(next.Unix(), q.To.Unix())+3599)/3600, false, q.To)
}

// readRest adds the hours of which only sums came into the database: they were taken over from another tool.
func (g *grid) readRest(ctx context.Context, tx *sql.Tx, no, from, to int64) error {
	if int64(len(g.hours)) >= to-from {
		return nil // every hour has single results
	}
	return eachHour(ctx, tx, no, from, to, func(hour int64, t tally, latency string) {
		if !g.hours[hour] && t.total+t.unknown > 0 {
			t.latency.unpack(latency)
			g.addSum(hour*3600, t, FromHours)
		}
	})
}

// readHours adds sums of hours; with live, also of those that are still in the log.
func (g *grid) readHours(ctx context.Context, tx *sql.Tx, no, from, to int64, live bool, now time.Time) error {
	if err := eachHour(ctx, tx, no, from, to, func(hour int64, t tally, latency string) {
		t.latency.unpack(latency)
		g.addSum(hour*3600, t, FromHours)
	}); err != nil || !live {
		return err
	}
	fresh, err := logHoursOf(ctx, tx, map[int64]bool{no: true}, no, max(from, hourOf(logStart(now))-1), to, now)
	for hour, t := range fresh[no] {
		g.addSum(hour*3600, *t, FromHours)
	}
	return err
}
