package cli

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strconv"
	"time"

	"lage/internal/text"
	"lage/store"
)

func dbCommands() []command {
	return []command{
		{name: "db info", group: groupSetup, short: "cli.short_db_info", run: runDBInfo},
		{name: "db verify", group: groupSetup, short: "cli.short_db_verify", long: "cli.long_db_verify", run: runDBVerify},
	}
}

// database opens the database for looking; it needs no configuration.
func (a *app) database(ctx context.Context) (*store.Store, error) {
	path := a.dbPath()
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, &fault{code: exitFailed, msg: text.M("cli.err_no_db", path), hint: text.M("cli.hint_db"), err: err}
	}
	return store.Open(ctx, path, store.Options{ReadOnly: true, Now: a.env.Now, Host: a.env.Host})
}

type dbInfoJSON struct {
	Schema    string     `json:"schema"`
	Path      string     `json:"path"`
	Size      int64      `json:"size_bytes"`
	Checks    int        `json:"checks"`
	Incidents int        `json:"incidents"`
	Open      int        `json:"open_incidents"`
	Walks     int        `json:"walks"`
	Poller    pollerJSON `json:"poller"`
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
	polls := a.t("cli.nobody")
	if info.Poller.Owner != "" {
		polls = info.Poller.Owner + ", " + info.Poller.Host + ", PID " + strconv.Itoa(info.Poller.PID)
	}
	last := a.t("cli.never")
	if info.Poller.Last != nil {
		last = *info.Poller.Last
		if t, err := time.Parse(time.RFC3339Nano, last); err == nil {
			last = text.DateTime(a.lang, t.In(a.zone))
		}
	}
	columns(a.out, [][]string{
		{a.t("cli.info_path"), info.Path},
		{a.t("cli.info_size"), text.Number(a.lang, float64(info.Size)/(1<<20), 1) + " MiB"},
		{a.t("cli.info_checks"), strconv.Itoa(info.Checks)},
		{a.t("cli.info_incidents"), a.t("cli.info_open", info.Incidents, info.Open)},
		{a.t("cli.info_walks"), strconv.Itoa(info.Walks)},
		{a.t("cli.info_poller"), polls},
		{a.t("cli.info_last"), last},
	})
	return nil
}

func (a *app) dbInfo(ctx context.Context, st *store.Store) (dbInfoJSON, error) {
	info := dbInfoJSON{Schema: "lage/db/v1", Path: st.Path()}
	for _, suffix := range []string{"", "-wal"} {
		if fi, err := os.Stat(st.Path() + suffix); err == nil {
			info.Size += fi.Size()
		}
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
	return info, nil
}

// runDBVerify looks at the file and at every timeline. The exit code is 0 or 1, whatever is wrong.
func runDBVerify(ctx context.Context, a *app) error {
	st, err := a.database(ctx)
	if err != nil {
		return &fault{code: exitFailed, msg: text.M("cli.err_verify", a.asFault(err).msg), hint: a.asFault(err).hint, err: err}
	}
	defer st.Close()
	v, err := st.Verify(ctx)
	if err != nil {
		return failed("cli.err_verify", err)
	}
	if a.on("json") {
		if err := a.json(a.verifyJSON(v)); err != nil {
			return err
		}
	} else {
		a.verifyText(v)
	}
	if !v.OK() {
		return exitWith(exitFailed)
	}
	return nil
}

func (a *app) verifyText(v store.Verification) {
	for _, p := range v.Problems {
		where := p.Record
		if p.Seq > 0 {
			where += ":" + strconv.FormatInt(p.Seq, 10)
		}
		if where == "" {
			where = a.dbPath()
		}
		a.println(where + ": " + p.Message.In(a.lang))
	}
	if !v.OK() {
		a.println(a.t("cli.db_bad", len(v.Problems)))
		return
	}
	a.println(a.t("cli.db_fine", v.Entries, v.Records))
}

func (a *app) verifyJSON(v store.Verification) any {
	type problem struct {
		Record  string `json:"record"`
		Seq     int64  `json:"seq"`
		Message string `json:"message"`
	}
	doc := struct {
		Schema   string    `json:"schema"`
		OK       bool      `json:"ok"`
		Records  int       `json:"records"`
		Entries  int       `json:"entries"`
		Erased   int       `json:"erased"`
		Anchors  int       `json:"anchors"`
		Problems []problem `json:"problems"`
	}{"lage/verify/v1", v.OK(), v.Records, v.Entries, v.Erased, v.Anchors, []problem{}}
	for _, p := range v.Problems {
		doc.Problems = append(doc.Problems, problem{p.Record, p.Seq, p.Message.In(a.lang)})
	}
	return doc
}
