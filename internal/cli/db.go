package cli

import (
	"context"
	"strconv"

	"lage/internal/text"
	"lage/store"
)

func dbCommands() []command {
	return []command{
		{name: "db info", group: groupSetup, short: "cli.short_db_info", run: runDBInfo},
		{name: "db verify", group: groupSetup, short: "cli.short_db_verify", long: "cli.long_db_verify", run: runDBVerify,
			flags: []flag{{name: "anchors", value: "FILE", help: "backup.flag_anchors"}}},
		{name: "db migrate", group: groupSetup, short: "history.short_migrate", run: runDBMigrate},
		{name: "db prune", group: groupSetup, short: "history.short_prune", long: "history.long_prune", run: runDBPrune},
	}
}

// database opens the database for looking; it needs no configuration.
func (a *app) database(ctx context.Context) (*store.Store, error) {
	if err := a.needDatabase(); err != nil {
		return nil, err
	}
	return store.Open(ctx, a.dbPath(), a.opening(true))
}

// runDBVerify looks at the file and at every timeline. The exit code is 0 or 1, whatever is wrong.
func runDBVerify(ctx context.Context, a *app) error {
	st, err := a.database(ctx)
	if err != nil {
		return &fault{code: exitFailed, msg: text.M("cli.err_verify", a.asFault(err).msg), hint: a.asFault(err).hint, err: err}
	}
	defer st.Close()
	var outside []store.Anchor
	if a.given("anchors") {
		if outside, err = a.anchors(a.flag("anchors")); err != nil {
			return err
		}
	}
	v, err := st.Verify(ctx, outside...)
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
	if v.Outside > 0 {
		a.println(a.t("backup.outside_fine", v.Outside))
	}
	if v.Lost > 0 {
		a.println(a.t("backup.known_lost", v.Lost))
	}
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
		Lost     int       `json:"lost"`
		Outside  int       `json:"outside_anchors"`
		Problems []problem `json:"problems"`
	}{"lage/verify/v1", v.OK(), v.Records, v.Entries, v.Erased, v.Anchors, v.Lost, v.Outside, []problem{}}
	for _, p := range v.Problems {
		doc.Problems = append(doc.Problems, problem{p.Record, p.Seq, p.Message.In(a.lang)})
	}
	return doc
}
