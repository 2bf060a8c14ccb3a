package store

import (
	"context"
	"database/sql"
	"os"
	"time"
)

// Info says how large the database is and what results it holds.
type Info struct {
	Bytes  int64 // of the database file
	Free   int64 // of these, in pages that hold nothing and will be used again
	Log    int64 // bytes of the write-ahead log
	Schema int
	Epoch  int64 // of the lease
	Tiers  []Tier
}

// Tier is one way in which results are kept.
type Tier struct {
	Name     string // exact, hourly, daily
	Rows     int64  // of the tier's table
	From, To time.Time
}

// Info looks at file and tables. Counting goes through the tables: it takes a second or so for a file of some gigabytes, each
// tier in a transaction of its own.
func (s *Store) Info(ctx context.Context) (Info, error) {
	var out Info
	if fi, err := os.Stat(s.path + "-wal"); err == nil {
		out.Log = fi.Size()
	}
	err := s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT page_count * page_size, freelist_count * page_size, user_version, (SELECT epoch FROM lease) "+
			"FROM pragma_page_count, pragma_page_size, pragma_freelist_count, pragma_user_version").Scan(&out.Bytes, &out.Free, &out.Schema, &out.Epoch)
	})
	if err != nil {
		return out, err
	}
	for _, t := range []struct{ name, query string }{
		{"exact", "SELECT (SELECT count(*) FROM log) + (SELECT count(*) FROM blocks) + (SELECT count(*) FROM archive), " +
			"coalesce((SELECT min(id) >> 34 FROM archive) * 86400, (SELECT min(hour) FROM blocks) * 3600, (SELECT min(id) FROM log) / 1000000000), " +
			"coalesce((SELECT max(id) FROM log) / 1000000000, (SELECT max(hour) FROM blocks) * 3600 + 3600, (SELECT max(id) >> 34 FROM archive) * 86400 + 86400)"},
		{"hourly", "SELECT (SELECT count(*) FROM hours) + (SELECT count(*) FROM hourly), " +
			"coalesce((SELECT min(id) >> 24 FROM hourly) * 86400, (SELECT min(hour) FROM hours) * 3600), " +
			"coalesce((SELECT max(hour) FROM hours) * 3600 + 3600, (SELECT max(id) >> 24 FROM hourly) * 86400 + 86400)"},
		{"daily", "SELECT count(*), min(start), max(until) FROM daily"},
	} {
		tier := Tier{Name: t.name}
		if err := s.view(ctx, func(ctx context.Context, tx *sql.Tx) error {
			var from, to sql.NullInt64
			err := tx.QueryRowContext(ctx, t.query).Scan(&tier.Rows, &from, &to)
			if from.Valid && to.Valid {
				tier.From, tier.To = time.Unix(from.Int64, 0).UTC(), time.Unix(to.Int64, 0).UTC()
			}
			return err
		}); err != nil {
			return out, err
		}
		out.Tiers = append(out.Tiers, tier)
	}
	return out, nil
}
