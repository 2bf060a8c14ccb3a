package cli

import (
	"context"
	"strconv"
	"time"

	"lage/internal/text"
	"lage/store"
)

// dbInfoJSON is what the database holds. Times are null where there are none.
type dbInfoJSON struct {
	Schema    string      `json:"schema"`
	Path      string      `json:"path"`
	Size      int64       `json:"size_bytes"` // with the write-ahead log
	Free      int64       `json:"free_bytes"`
	Log       int64       `json:"wal_bytes"`
	Version   int         `json:"schema_version"`
	Checks    int         `json:"checks"`
	Incidents int         `json:"incidents"`
	Open      int         `json:"open_incidents"`
	Walks     int         `json:"walks"`
	Tiers     []tierJSON  `json:"tiers"`
	Epoch     int64       `json:"epoch"`
	Poller    pollerJSON  `json:"poller"`
	Backup    *backupInfo `json:"last_backup"`
	Restore   *string     `json:"restored_at"`
}

type tierJSON struct {
	Name string  `json:"name"` // exact, hourly, daily
	Rows int64   `json:"rows"`
	From *string `json:"from"`
	To   *string `json:"to"`
}

type backupInfo struct {
	Path string  `json:"path"`
	At   *string `json:"at"`
	Age  float64 `json:"age_seconds"`
	Size int64   `json:"size_bytes"`
}

func runDBInfo(ctx context.Context, a *app) error {
	st, err := a.database(ctx)
	if err != nil {
		return err
	}
	defer st.Close()
	info, err := a.dbInfo(ctx, st)
	if err != nil {
		return failed("cli.err_read", err)
	}
	if a.on("json") {
		return a.json(info)
	}
	a.dbInfoText(info)
	return nil
}

func (a *app) dbInfoText(info dbInfoJSON) {
	polls := a.t("cli.nobody")
	if info.Poller.Owner != "" {
		polls = info.Poller.Owner + ", " + info.Poller.Host + ", PID " + strconv.Itoa(info.Poller.PID)
	}
	backup := a.t("cli.never")
	if info.Backup != nil {
		backup = a.readable(info.Backup.At) + ", " + info.Backup.Path
	}
	rows := [][]string{
		{a.t("cli.info_path"), info.Path},
		{a.t("cli.info_size"), a.t("backup.info_size", a.mib(info.Size), a.mib(info.Log), a.mib(info.Free))},
		{a.t("backup.info_schema"), strconv.Itoa(info.Version)},
		{a.t("cli.info_checks"), strconv.Itoa(info.Checks)},
	}
	for _, t := range info.Tiers {
		span := a.t("backup.info_rows", t.Rows)
		if t.From != nil {
			span += ", " + a.readable(t.From) + " – " + a.readable(t.To)
		}
		rows = append(rows, []string{a.t("backup.tier_" + t.Name), span})
	}
	rows = append(rows, [][]string{
		{a.t("cli.info_incidents"), a.t("cli.info_open", info.Incidents, info.Open)},
		{a.t("cli.info_walks"), strconv.Itoa(info.Walks)},
		{a.t("cli.info_poller"), polls},
		{a.t("cli.info_last"), a.readable(info.Poller.Last)},
		{a.t("backup.info_backup"), backup},
	}...)
	if info.Restore != nil {
		rows = append(rows, []string{a.t("backup.info_restored"), a.readable(info.Restore)})
	}
	columns(a.out, rows)
}

// readable writes a moment of a document for people.
func (a *app) readable(stamp *string) string {
	if stamp == nil {
		return a.t("cli.never")
	}
	t, err := time.Parse(time.RFC3339Nano, *stamp)
	if err != nil {
		return *stamp
	}
	return text.DateTime(a.lang, t.In(a.zone))
}

func (a *app) dbInfo(ctx context.Context, st *store.Store) (dbInfoJSON, error) {
	info := dbInfoJSON{Schema: "lage/db/v1", Path: st.Path(), Tiers: []tierJSON{}}
	is, err := st.Info(ctx)
	if err != nil {
		return info, err
	}
	info.Size, info.Free, info.Log, info.Version, info.Epoch = is.Bytes+is.Log, is.Free, is.Log, is.Schema, is.Epoch
	for _, t := range is.Tiers {
		info.Tiers = append(info.Tiers, tierJSON{t.Name, t.Rows, a.stamp(t.From), a.stamp(t.To)})
	}
	states, err := st.States(ctx)
	if err != nil {
		return info, err
	}
	all, err := st.Incidents(ctx, store.Filter{All: true})
	if err != nil {
		return info, err
	}
	walks, err := st.Walks(ctx, false)
	if err != nil {
		return info, err
	}
	p, err := st.Poller(ctx)
	if err != nil {
		return info, err
	}
	info.Checks, info.Incidents, info.Walks = len(states), len(all), len(walks)
	for _, i := range all {
		if i.Open() {
			info.Open++
		}
	}
	info.Poller = a.pollerJSON(p, false)
	return info, a.copiesInfo(ctx, st, &info)
}

// copiesInfo fills in what is known of copies.
func (a *app) copiesInfo(ctx context.Context, st *store.Store, info *dbInfoJSON) error {
	good, _, err := st.LastBackups(ctx)
	if err != nil {
		return err
	}
	if !good.At.IsZero() {
		info.Backup = &backupInfo{good.Path, a.stamp(good.At), a.env.Now().Sub(good.At).Seconds(), good.Bytes}
	}
	r, err := st.LastRestore(ctx)
	info.Restore = a.stamp(r.At)
	return err
}
