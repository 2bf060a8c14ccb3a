package cli

import (
	"context"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"lage/checks"
	"lage/incidents"
	"lage/internal/clean"
	"lage/internal/text"
)

func checkCommands() []command {
	return []command{
		{name: "check list", group: groupWatch, short: "cli.short_check_list", run: runCheckList},
		{name: "check once", args: "CHECK...|--all", max: -1, group: groupWatch, short: "cli.short_check_once", long: "cli.long_check_once", state: true, run: runCheckOnce,
			flags: []flag{
				{name: "all", help: "cli.flag_all_checks"},
				{name: "store", help: "cli.flag_store"},
				{name: "nagios", help: "cli.flag_nagios"},
			}},
		{name: "check test", args: "TARGET", min: 1, max: 1, group: groupWatch, short: "cli.short_check_test", long: "cli.long_check_test", state: true, run: runCheckTest,
			flags: []flag{
				{name: "type", value: "http|tcp|tls", help: "cli.flag_type", words: []string{"http", "tcp", "tls"}},
				{name: "timeout", value: "TIME", help: "cli.flag_timeout"},
				{name: "contains", value: "TEXT", help: "cli.flag_contains"},
				{name: "nagios", help: "cli.flag_nagios"},
			}},
	}
}

func runCheckList(ctx context.Context, a *app) error {
	s, err := a.look(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	p, err := s.reader.Picture(ctx)
	if err != nil {
		return failed("cli.err_read", err)
	}
	type row struct {
		ID       string  `json:"id"`
		Service  string  `json:"service"`
		Type     string  `json:"type"`
		Target   string  `json:"target"`
		Interval float64 `json:"interval_s"`
		State    string  `json:"state"`
	}
	list, rows := []row{}, [][]string{}
	for _, sp := range p.Services {
		for _, c := range sp.Checks {
			kind, target := c.Check.Kind(), c.Check.Target()
			st := c.State.Status
			if st == "" {
				st = checks.StatusUnknown
			}
			list = append(list, row{c.Check.ID, c.Check.Service, kind, target, c.Check.Interval.Seconds(), string(st)})
			rows = append(rows, []string{c.Check.ID, kind, text.Duration(a.lang, c.Check.Interval), a.checkWord(c), target})
		}
	}
	if a.on("json") {
		return a.json(struct {
			Schema string `json:"schema"`
			Checks []row  `json:"checks"`
		}{"lage/checks/v1", list})
	}
	columns(a.out, rows)
	return nil
}

func runCheckOnce(ctx context.Context, a *app) error {
	if len(a.args) == 0 && !a.on("all") {
		return a.usage(text.M("cli.err_no_check"))
	}
	mode := toRead
	if a.on("store") {
		mode = toWrite
	}
	s, err := a.configured(ctx, mode)
	if err != nil {
		return err
	}
	defer s.close()
	if a.on("all") {
		a.args = nil
	}
	list, err := s.pick(a.args)
	if err != nil {
		return err
	}
	if a.on("store") {
		if err := s.ensureStore(ctx); err != nil {
			return err
		}
	}
	results := s.measure(ctx, list)
	if ctx.Err() != nil { // what was cut short says nothing
		return ctx.Err()
	}
	if a.on("store") {
		if err := s.keep(ctx, results); err != nil {
			return &fault{code: exitConfig, msg: text.M("cli.err_store", reason(err)), err: err}
		}
	}
	return a.answer(list, results)
}

// pick gives the named checks; a service's ID stands for all its checks, no name for all there are.
func (s *session) pick(names []string) ([]checks.Check, error) {
	all := s.inForce().Checks
	if len(names) == 0 {
		return all, nil
	}
	var list []checks.Check
	for _, n := range names {
		before := len(list)
		var ids []string
		for _, c := range all {
			ids = append(ids, c.ID)
			if c.ID == n || c.Service == n {
				list = append(list, c)
			}
		}
		if len(list) == before {
			f := s.app.usage(text.M("cli.err_check", n, strings.Join(ids, ", ")))
			if m := nearest(n, ids); m != "" {
				f.hint = text.M("cli.hint_mean", m)
			}
			return nil, f
		}
	}
	return list, nil
}

// measureAtOnce bounds how many checks run at the same time when a person asks for them.
const measureAtOnce = 16

// measure runs checks now and gives their results in the same order.
func (s *session) measure(ctx context.Context, list []checks.Check) []checks.Result {
	results := make([]checks.Result, len(list))
	slots := make(chan struct{}, measureAtOnce)
	var wg sync.WaitGroup
	for i, c := range list {
		wg.Add(1)
		slots <- struct{}{}
		go func() {
			defer wg.Done()
			defer func() { <-slots }()
			results[i] = s.probe(ctx, c)
		}()
	}
	wg.Wait()
	return results
}

func runCheckTest(ctx context.Context, a *app) error {
	c, err := a.testCheck()
	if err != nil {
		return err
	}
	s := &session{app: a}
	r := s.probe(ctx, c)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return a.answer([]checks.Check{c}, []checks.Result{r})
}

// testID is the ID of a check that stands on the command line only.
const testID = "test/test"

// testCheck makes a check of the command line.
func (a *app) testCheck() (checks.Check, error) {
	target := a.args[0]
	c := checks.Check{ID: testID, Service: "test", Interval: time.Minute, Timeout: 10 * time.Second}
	if v := a.flag("timeout"); v != "" {
		d, err := time.ParseDuration(v)
		if err != nil || d <= 0 {
			return c, a.usage(text.M("cli.err_duration", "--timeout", v))
		}
		c.Timeout = d
	}
	kind := a.flag("type")
	if kind == "" {
		kind = "http"
		if !strings.Contains(target, "://") {
			kind = "tcp"
		}
	}
	switch kind {
	case "http":
		if !strings.HasPrefix(target, "http://") && !strings.HasPrefix(target, "https://") {
			return c, a.usage(text.M("cli.err_url", target))
		}
		c.HTTP = &checks.HTTP{URL: target, Contains: a.flag("contains")}
	case "tcp":
		if _, port, err := net.SplitHostPort(strings.TrimPrefix(target, "tcp://")); err != nil || !isPort(port) {
			return c, a.usage(text.M("config.address", target))
		}
		c.TCP = &checks.TCP{Address: strings.TrimPrefix(target, "tcp://"), Expect: a.flag("contains")}
	case "tls":
		if _, port, err := net.SplitHostPort(strings.TrimPrefix(target, "tls://")); err != nil || !isPort(port) {
			return c, a.usage(text.M("config.address", target))
		}
		c.TLS = &checks.TLS{Address: strings.TrimPrefix(target, "tls://"), CertDays: 14}
	}
	return c, nil
}

func isPort(s string) bool {
	n, err := strconv.ParseUint(s, 10, 16)
	return err == nil && n > 0
}

// answer writes results in the form asked for and gives the worst one's exit code.
func (a *app) answer(list []checks.Check, results []checks.Result) error {
	code := 0
	if len(results) == 0 {
		code = exitConfig
	}
	for _, r := range results {
		code = worse(code, outcomeCode(r.Outcome))
	}
	switch {
	case a.on("json"):
		if err := a.json(a.resultsJSON(list, results)); err != nil {
			return err
		}
	case a.on("nagios"):
		a.printf("%s", a.pluginOutput(code, list, results))
	default:
		a.resultText(list, results)
	}
	return exitWith(code)
}

func outcomeCode(o checks.Outcome) int {
	switch o {
	case checks.Good:
		return 0
	case checks.Warning:
		return 1
	case checks.Bad:
		return 2
	}
	return 3
}

// outcomeState is the JSON word for a single result.
func outcomeState(o checks.Outcome) incidents.Standing {
	return [4]incidents.Standing{incidents.Up, incidents.Degraded, incidents.Down, incidents.Unknown}[outcomeCode(o)]
}

// nameOf is the name that a person knows a check by: without a configuration what it looks at.
func nameOf(c checks.Check) string {
	if c.ID == testID {
		return c.Target()
	}
	return c.ID
}

func (a *app) resultText(list []checks.Check, results []checks.Result) {
	var rows [][]string
	for i, r := range results {
		latency := ""
		if r.Latency > 0 {
			latency = text.Latency(a.lang, r.Latency)
		}
		rows = append(rows, []string{nameOf(list[i]), a.standingWord(outcomeState(r.Outcome)), latency, clean.Line(r.Message.In(a.lang))})
	}
	var table strings.Builder
	columns(&table, rows)
	lines := strings.Split(table.String(), "\n")
	for i, r := range results {
		a.println(lines[i])
		for _, f := range r.Facts {
			mark := "  + "
			if !f.OK {
				mark = "  - "
			}
			a.println(mark + f.Want.In(a.lang) + ": " + f.Got.In(a.lang))
		}
	}
}

type factJSON struct {
	OK   bool   `json:"ok"`
	Want string `json:"want"`
	Got  string `json:"got"`
}

type perfJSON struct {
	Label string  `json:"label"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
	Warn  string  `json:"warn"`
	Crit  string  `json:"crit"`
	Min   string  `json:"min"`
	Max   string  `json:"max"`
}

type resultJSON struct {
	ID        string     `json:"id"`
	State     string     `json:"state"`
	At        *string    `json:"at"`
	LatencyMS float64    `json:"latency_ms"`
	Message   string     `json:"message"`
	Facts     []factJSON `json:"facts"`
	Perf      []perfJSON `json:"perf"`
	Detail    string     `json:"detail"`
}

func (a *app) resultsJSON(list []checks.Check, results []checks.Result) any {
	doc := struct {
		Schema string       `json:"schema"`
		At     *string      `json:"generated_at"`
		Checks []resultJSON `json:"checks"`
	}{Schema: "lage/check/v1", At: a.stamp(a.env.Now()), Checks: []resultJSON{}}
	for i, r := range results {
		one := resultJSON{ID: list[i].ID, State: string(outcomeState(r.Outcome)), At: a.stamp(r.At), LatencyMS: millis(r.Latency),
			Message: r.Message.In(a.lang), Facts: []factJSON{}, Perf: []perfJSON{}, Detail: r.Detail}
		for _, f := range r.Facts {
			one.Facts = append(one.Facts, factJSON{f.OK, f.Want.In(a.lang), f.Got.In(a.lang)})
		}
		for _, p := range r.Perf {
			one.Perf = append(one.Perf, perfJSON{p.Label, p.Value, p.Unit, p.Warn, p.Crit, p.Min, p.Max})
		}
		doc.Checks = append(doc.Checks, one)
	}
	return doc
}
