package cli

import (
	"context"
	"encoding/csv"
	"errors"
	"strconv"
	"time"

	"lage/checks"
	"lage/incidents"
	"lage/internal/config"
	"lage/internal/text"
	"lage/store"
)

func historyCommands() []command {
	return []command{
		{name: "history", args: "CHECK", min: 1, max: 1, group: groupWatch, short: "history.short", long: "history.long", run: runHistory,
			flags: []flag{
				{name: "from", value: "TIME", help: "history.flag_from"},
				{name: "to", value: "TIME", help: "history.flag_to"},
				{name: "step", value: "SPAN", help: "history.flag_step"},
				{name: "sums", help: "history.flag_sums"},
				{name: "csv", help: "history.flag_csv"},
			}},
	}
}

// maxHistory is how many steps are shown at most.
const maxHistory = 10_000

// runHistory says what was measured of a check, and from what it knows.
func runHistory(ctx context.Context, a *app) error {
	s, err := a.look(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	a.zone = s.zone()
	q, err := a.rangeQuery()
	if err != nil {
		return err
	}
	check := a.args[0]
	missing := &fault{code: exitNotFound, msg: text.M("history.err_check", check), hint: text.M("history.hint_check")}
	if s.store == nil {
		return missing
	}
	r, err := s.store.Range(ctx, check, q)
	switch {
	case errors.Is(err, incidents.ErrNotFound):
		return missing
	case err != nil:
		return failed("cli.err_read", err)
	case a.on("json"):
		return a.json(a.historyJSON(check, r))
	case a.on("csv"):
		return a.historyCSV(r)
	}
	a.historyText(check, r)
	return nil
}

// rangeQuery reads the flags: the last 24 hours where they say nothing.
func (a *app) rangeQuery() (q store.RangeQuery, err error) {
	now := a.env.Now()
	q = store.RangeQuery{From: now.Add(-24 * time.Hour), To: now, Zone: a.zone, Sums: a.on("sums")}
	for name, at := range map[string]*time.Time{"from": &q.From, "to": &q.To} {
		if a.given(name) {
			t, ok := readMoment(a.flag(name), now, a.zone)
			if !ok {
				return q, a.usage(text.M("history.err_time", "--"+name, a.flag(name)))
			}
			*at = t
		}
	}
	if a.given("to") && !a.given("from") {
		q.From = q.To.Add(-24 * time.Hour)
	}
	if !q.From.Before(q.To) {
		return q, a.usage(text.M("history.err_order"))
	}
	if a.given("step") {
		step, ok := config.LongSpan(a.flag("step"))
		if !ok || step < time.Second {
			return q, a.usage(text.M("history.err_step", a.flag("step")))
		}
		if q.To.Sub(q.From)/step > maxHistory {
			return q, a.usage(text.M("history.err_many", maxHistory))
		}
		q.Step = step
	}
	return q, nil
}

// readMoment reads a moment: RFC 3339, a date, a date and a time of the zone, "now", or how long ago ("36h", "90d").
func readMoment(s string, now time.Time, zone *time.Location) (time.Time, bool) {
	if s == "now" {
		return now, true
	}
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return t, true
	}
	for _, layout := range []string{"2006-01-02", "2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02 15:04:05", "2006-01", "02.01.2006", "02.01.2006 15:04"} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return t, true
		}
	}
	d, ok := config.LongSpan(s)
	if !ok {
		return time.Time{}, false
	}
	return now.Add(-d), true
}

type historySpan struct {
	From         *string  `json:"from"`
	To           *string  `json:"to"`
	Source       *string  `json:"source"` // exact, hourly, daily, mixed; null where nothing was measured
	Total        int      `json:"total"`  // measurements with an answer
	Bad          int      `json:"bad"`
	Warn         int      `json:"warn"`
	Unknown      int      `json:"unknown"`
	P50          *float64 `json:"p50_seconds"` // null where there is none
	P95          *float64 `json:"p95_seconds"`
	P99          *float64 `json:"p99_seconds"`
	Max          *float64 `json:"max_seconds"`
	Availability *float64 `json:"availability"` // 0 to 1, of the time with an answer
	Up           float64  `json:"up_seconds"`
	Degraded     float64  `json:"degraded_seconds"`
	Down         float64  `json:"down_seconds"`
	Unclear      float64  `json:"unknown_seconds"`
	Unobserved   float64  `json:"not_observed_seconds"`
}

func (a *app) historySpan(sp store.Span) historySpan {
	t := sp.Times
	out := historySpan{From: a.stamp(sp.From), To: a.stamp(sp.To), Total: sp.Total, Bad: sp.Bad, Warn: sp.Warn, Unknown: sp.Unknown,
		Up: t.Up.Seconds(), Degraded: t.Degraded.Seconds(), Down: t.Down.Seconds(), Unclear: t.Unknown.Seconds(), Unobserved: t.Unobserved.Seconds()}
	if sp.Source != "" {
		out.Source = &sp.Source
	}
	if share := t.Availability(); share >= 0 {
		out.Availability = &share
	}
	if sp.Max > 0 {
		out.P50, out.P95, out.P99, out.Max = seconds(sp.P50), seconds(sp.P95), seconds(sp.P99), seconds(sp.Max)
	}
	return out
}

func seconds(d time.Duration) *float64 {
	s := d.Seconds()
	return &s
}

func (a *app) historyJSON(check string, r store.Range) any {
	doc := struct {
		Schema string        `json:"schema"`
		Check  string        `json:"check"`
		Exact  *string       `json:"exact_since"`
		Hourly *string       `json:"hourly_since"`
		Whole  historySpan   `json:"summary"`
		Steps  []historySpan `json:"steps"`
	}{"lage/history/v1", check, a.stamp(r.ExactSince), a.stamp(r.HourlySince), a.historySpan(r.Whole), []historySpan{}}
	for _, sp := range r.Steps {
		doc.Steps = append(doc.Steps, a.historySpan(sp))
	}
	return doc
}

// rowsOf gives the steps, or the whole where there are none.
func rowsOf(r store.Range) []store.Span {
	if len(r.Steps) == 0 {
		return []store.Span{r.Whole}
	}
	return r.Steps
}

// historyCSV writes numbers as programs read them: points, seconds, empty where there is nothing.
func (a *app) historyCSV(r store.Range) error {
	w := csv.NewWriter(a.out)
	rows := [][]string{{"from", "to", "source", "total", "bad", "warn", "unknown", "p50_seconds", "p95_seconds", "p99_seconds", "max_seconds",
		"availability", "up_seconds", "degraded_seconds", "down_seconds", "unknown_seconds", "not_observed_seconds"}}
	number := func(v *float64) string {
		if v == nil {
			return ""
		}
		return strconv.FormatFloat(*v, 'f', -1, 64)
	}
	for _, span := range rowsOf(r) {
		sp := a.historySpan(span)
		rows = append(rows, []string{*sp.From, *sp.To, span.Source, strconv.Itoa(sp.Total), strconv.Itoa(sp.Bad), strconv.Itoa(sp.Warn), strconv.Itoa(sp.Unknown),
			number(sp.P50), number(sp.P95), number(sp.P99), number(sp.Max), number(sp.Availability),
			number(&sp.Up), number(&sp.Degraded), number(&sp.Down), number(&sp.Unclear), number(&sp.Unobserved)})
	}
	if err := w.WriteAll(rows); err != nil && a.out.err == nil {
		return failed("cli.err_json", err)
	}
	return nil
}

func (a *app) historyText(check string, r store.Range) {
	rows := [][]string{{a.t("history.from"), a.t("history.availability"), a.t("history.down"), a.t("history.unobserved"), a.t("history.measured"),
		a.t("history.bad"), "p50", "p95", "p99", a.t("history.source")}}
	for _, sp := range rowsOf(r) {
		rows = append(rows, a.historyRow(text.DateTime(a.lang, sp.From.In(a.zone)), sp))
	}
	if len(r.Steps) > 0 {
		rows = append(rows, a.historyRow(a.t("history.whole"), r.Whole))
	}
	a.println(a.t("history.title", check, text.DateTime(a.lang, r.Whole.From.In(a.zone)), text.DateTime(a.lang, r.Whole.To.In(a.zone))))
	columns(a.out, rows)
	if !r.ExactSince.IsZero() {
		a.println(a.t("history.exact_since", text.DateTime(a.lang, r.ExactSince.In(a.zone))))
	}
}

func (a *app) historyRow(name string, sp store.Span) []string {
	share := "–"
	if v := sp.Times.Availability(); v >= 0 {
		share = a.percent(v, sp.Times)
	}
	time := func(d time.Duration) string {
		if sp.Max == 0 {
			return "–"
		}
		return text.Latency(a.lang, d)
	}
	source := "–"
	if sp.Source != "" {
		source = a.t("history.source_" + sp.Source)
	}
	return []string{name, share, text.Duration(a.lang, sp.Times.Down), text.Duration(a.lang, sp.Times.Unobserved), strconv.Itoa(sp.Total), strconv.Itoa(sp.Bad),
		time(sp.P50), time(sp.P95), time(sp.P99), source}
}

// percent never rounds an outage away: 100 % is written only where there was none.
func (a *app) percent(v float64, t checks.Times) string {
	shown := v * 100
	if t.Down > 0 {
		shown = min(shown, 99.999)
	}
	return text.Number(a.lang, shown, 3) + " %"
}
