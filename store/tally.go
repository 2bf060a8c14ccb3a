package store

import (
	"context"
	"database/sql"
	"time"

	"lage/checks"
)

// tally sums results of one check, or of several. Results by hand are not counted; latencies are those of answers that
// counted as working.
type tally struct {
	total, bad, warn, unknown int
	down                      time.Duration
	maxUS                     int64
	latency                   histogram
}

func (t *tally) add(s sample) {
	if s.flags&flagByHand != 0 {
		return
	}
	switch s.flags.outcome() {
	case checks.Unknown:
		t.unknown++
		return
	case checks.Bad:
		t.total++
		t.bad++
		return
	case checks.Warning:
		t.warn++
	}
	t.total++
	if s.latency > 0 {
		t.latency.add(s.latency, 1)
		t.maxUS = max(t.maxUS, s.latency)
	}
}

func (t *tally) merge(o tally) {
	t.total += o.total
	t.bad += o.bad
	t.warn += o.warn
	t.unknown += o.unknown
	t.down += o.down
	t.maxUS = max(t.maxUS, o.maxUS)
	t.latency.merge(o.latency)
}

func (t *tally) bucket(start time.Time) checks.Bucket {
	highest := time.Duration(t.maxUS) * time.Microsecond
	return checks.Bucket{Start: start, Total: t.total, Bad: t.bad, Warn: t.warn, Down: t.down, Max: highest,
		P50: min(t.latency.percentile(0.5), highest), P95: min(t.latency.percentile(0.95), highest)}
}

// span is a time in which a check was down.
type span struct{ from, to time.Time }

type spans []span

// within gives how much of the time from..to they cover.
func (list spans) within(from, to time.Time) (d time.Duration) {
	for _, sp := range list {
		a, b := sp.from, sp.to
		if a.Before(from) {
			a = from
		}
		if b.After(to) {
			b = to
		}
		if b.After(a) {
			d += b.Sub(a)
		}
	}
	return d
}

// downs reads when checks were down between from and to, by check number; of one check where no is not 0. An outage is
// dated back to its first failed result; one that lasts is counted up to the end, or to now.
func downs(ctx context.Context, tx *sql.Tx, no int64, from, to, now time.Time) (map[int64]spans, error) {
	if to.After(now) {
		to = now
	}
	of, args := "", []any{nano(from), nano(to)}
	if no != 0 {
		of, args = " AND check_no = ?3", append(args, no)
	}
	const down = "SELECT check_no, since, until FROM transitions WHERE to_status = 'down' AND since < ?2"
	query := down + of + " AND until = 0 UNION ALL " + down + of + " AND until > max(?1, 0)" // each on the index; OR would read all of it
	out := map[int64]spans{}
	err := each(ctx, tx, func(scan func(...any) error) error {
		var check, since, until int64
		if err := scan(&check, &since, &until); err != nil {
			return err
		}
		sp := span{moment(since), to}
		if until != 0 {
			sp.to = moment(until)
		}
		out[check] = append(out[check], sp)
		return nil
	}, query, args...)
	return out, err
}
