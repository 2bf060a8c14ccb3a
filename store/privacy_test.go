package store

import (
	"slices"
	"strings"
	"testing"
	"time"

	"lage/checks"
	"lage/incidents"
	"lage/internal/text"
	"lage/runbooks"
	"lage/services"
)

// nameless lists the columns of texts and bytes in which no person can be named, with the reason. A new column stands here, in
// columns(), in packedColumns(), or is blanked with its incident, walk or timeline: one that nobody has thought about fails.
func nameless() map[string]string {
	why := map[string]string{}
	for reason, list := range map[string]string{
		"identifiers of the configuration":  "checks.id checks.service incidents.service incidents.class incidents.checks incidents.runbook walks.runbook timeline.check_id",
		"words of the program":              "states.status intervals.state transitions.from_status transitions.to_status incidents.state walks.kind timeline.kind timeline.parts alert_keys.state counters.name lease.kind",
		"numbers of records and random IDs": "incidents.id walks.id walks.incident walks.revision timeline.record timeline.walk timeline.run outbox.incident alert_keys.incident presence.session presence.incident ops.op ops.incident ops.walk lease.owner lease.host",
		"hashes and salts":                  "configs.sha256 revisions.sha256 timeline.who_salt timeline.who_hash timeline.body_salt timeline.body_hash timeline.output_salt timeline.output_hash timeline.prev_hash timeline.hash",
		"sums of numbers":                   "hours.latency hourly.data daily.data days.zone days.data",
		"of the program's own trouble":      "backups.trouble",
		"part of the hash: reported":        "timeline.step walks.current",
	} {
		for _, c := range strings.Fields(list) {
			why[c] = reason
		}
	}
	return why
}

func TestEveryColumnHasAPlace(t *testing.T) {
	s, _ := newStore(t)
	known := nameless()
	for _, c := range columns() {
		known[c.table+"."+c.name] = "columns"
	}
	for _, c := range packedColumns() {
		known[c.table+".data"] = "packed"
	}
	for _, c := range strings.Fields("incidents.title incidents.lead incidents.cause incidents.handover walks.title walks.steps walks.asset walks.reason walks.change walks.data timeline.who timeline.body timeline.output") {
		known[c] = "erased by a redaction"
	}
	rows, err := s.readers.Query("SELECT m.name, c.name, c.type FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'")
	ok(t, err)
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var table, name, kind string
		ok(t, rows.Scan(&table, &name, &kind))
		if kind != "INTEGER" && kind != "REAL" && known[table+"."+name] == "" {
			t.Errorf("%s.%s may hold a person's name: say in store/privacy.go how it is erased, or here why not", table, name)
		}
	}
	ok(t, rows.Err())
}

// A name goes from everything beside the timeline, also from what is packed; the rest stays as it was.
func TestForgetBeside(t *testing.T) {
	s, c := newStore(t)
	ok(t, s.SaveConfig(t.Context(), "lage.yaml", []byte("contacts: {kanaria: {name: Kanaria Vogel}}")))
	ok(t, s.SaveConfig(t.Context(), "lage.yaml", []byte("contacts: {}")))
	i := openIncident(t, s, "form")
	ok(t, s.Touch(t.Context(), services.Person{Name: "Kanaria Vogel"}, "1", i.ID))
	book := &runbooks.Runbook{Name: "form", Path: "form.md", Title: "Formular", Revision: "r1", Source: "# Formular\n\nKanaria Vogel anrufen\n"}
	i.Version++
	alert := incidents.Alert{Contact: "ops", Subject: text.M("incidents.alarm_subject", "Kanaria Vogel meldet", "3:00"), Body: text.Raw("x")}
	must(t)(s.Record(t.Context(), incidents.Decision{Year: 2026, Incident: &i, Revision: book, Walk: &runbooks.Walk{Incident: i.ID, Runbook: "form", Revision: "r1", StartedAt: t0},
		Entries: []incidents.Entry{entry(incidents.KindWalkStarted, "x")}, Alerts: []incidents.Alert{alert}}))
	for n := range 300 {
		c.set(t0.Add(time.Duration(n) * 30 * time.Second))
		r := result("form/web", c.now(), time.Millisecond, checks.Bad)
		r.Result.Message, r.Result.Detail = text.Raw("angemeldet: Kanaria Vogel"), "Kanaria Vogel ist da"
		r.State.Last = r.Result
		ok(t, s.Recorder().Record(t.Context(), []checks.Recorded{r}))
	}
	c.set(t0.Add(26 * time.Hour)) // the first results go to the archive, the next become a block, the last lie in the log
	_, err := s.Tend(t.Context(), 0, Keep{}, func() bool { return true })
	ok(t, err)
	for range 2 {
		c.add(3 * time.Hour)
		r := result("form/api", c.now(), time.Millisecond, checks.Bad)
		r.Result.Message = text.Raw("angemeldet: Kanaria Vogel")
		r.State.Last = r.Result
		ok(t, s.Recorder().Record(t.Context(), []checks.Recorded{r}))
	}
	names := incidents.NewNames(false, "kanaria vogel")
	found, err := s.Beside(t.Context(), names)
	ok(t, err)
	var tables []string
	for _, p := range found {
		if !slices.Contains(tables, p.Table) {
			tables = append(tables, p.Table)
		}
	}
	slices.Sort(tables)
	if want := "archive blocks configs log outbox presence revisions states transitions"; strings.Join(tables, " ") != want {
		t.Errorf("found in %v, want %s", tables, want)
	}
	left, err := s.ForgetBeside(t.Context(), names)
	if err != nil || len(left) != 0 {
		t.Fatal(left, err)
	}
	if again, err := s.Beside(t.Context(), names); err != nil || len(again) != 0 {
		t.Errorf("still there: %+v %v", again, err)
	}
	if done, err := s.Settle(t.Context()); err != nil || !done {
		t.Error(done, err)
	}
	if strings.Contains(strings.ToLower(string(readFile(t, s.path))), "vogel") {
		t.Error("the name still lies in the file")
	}
	samples, err := s.Samples(t.Context(), "form/web", t0, t0.Add(3*time.Hour))
	if err != nil || len(samples) != 300 {
		t.Errorf("%d samples %v", len(samples), err)
	}
	states, err := s.States(t.Context())
	ok(t, err)
	if got := states["form/web"].Last; got.Detail != "[erased] ist da" || got.Message.In(text.English) != "angemeldet: [erased]" || got.Latency != time.Millisecond {
		t.Errorf("%+v", got)
	}
	if _, _, source, err := s.Revision(t.Context(), "r1"); err != nil || source != "# Formular\n\n[erased] anrufen\n" {
		t.Error(source, err)
	}
	if list, err := s.Take(t.Context(), c.now(), 10); err != nil || len(list) != 1 || !strings.Contains(list[0].Subject.In(text.English), "[erased] meldet") {
		t.Errorf("%+v %v", list, err)
	}
	// The configuration in force is not changed behind its file's back.
	ok(t, s.SaveConfig(t.Context(), "lage.yaml", []byte("# Kanaria Vogel")))
	if left, err := s.ForgetBeside(t.Context(), names); err != nil || len(left) != 1 || left[0].Table != "configs" || !left[0].Fixed {
		t.Errorf("%+v %v", left, err)
	}
}

func TestDropExpired(t *testing.T) {
	s, c := newStore(t)
	for n := range 3 {
		c.set(t0.Add(time.Duration(n) * 24 * time.Hour))
		ok(t, s.SaveConfig(t.Context(), "lage.yaml", []byte(strings.Repeat("#", n))))
	}
	count := func(e Expired) int {
		n, err := s.CountExpired(t.Context(), e)
		ok(t, err)
		return n
	}
	if n := count(Expired{}); n != 0 {
		t.Errorf("%d rows are over without a limit", n)
	}
	// The first was superseded a day after t0, the second two days after; the third is in force.
	if a, b, all := count(Expired{Configs: t0.Add(24 * time.Hour)}), count(Expired{Configs: t0.Add(25 * time.Hour)}), count(Expired{Configs: t0.Add(9999 * time.Hour)}); a != 0 || b != 1 || all != 2 {
		t.Errorf("%d %d %d", a, b, all)
	}
	if n, err := s.DropExpired(t.Context(), Expired{Configs: t0.Add(9999 * time.Hour)}); err != nil || n != 2 {
		t.Error(n, err)
	}
	if _, src, _, err := s.LastConfig(t.Context()); err != nil || string(src) != "##" {
		t.Error(string(src), err)
	}
	db := raw(t, s)
	for _, done := range []time.Time{{}, t0, t0.Add(time.Hour)} {
		if _, err := db.Exec("INSERT INTO outbox (key, incident, contact, channel, subject, body, created, next_try, tries, claimed, done, sent) VALUES (?, '', '', '{}', '', '', 0, 0, 0, 0, ?, 0)", done.String(), nano(done)); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := s.DropExpired(t.Context(), Expired{Alarms: t0.Add(time.Minute)}); err != nil || n != 1 {
		t.Error(n, err)
	}
	var left int
	ok(t, s.readers.QueryRow("SELECT count(*) FROM outbox").Scan(&left))
	if left != 2 {
		t.Errorf("%d alarms are left", left)
	}
}
