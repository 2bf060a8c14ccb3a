package cli

import (
	"context"
	"math"
	"strings"
	"time"

	"lage/checks"
	"lage/incidents"
	"lage/internal/text"
)

func statusCommands() []command {
	return []command{
		{name: "status", args: "[SERVICE...]", max: -1, group: groupWatch, short: "cli.short_status", long: "cli.long_status", state: true, run: runStatus},
	}
}

func runStatus(ctx context.Context, a *app) error {
	s, err := a.look(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	return s.status(ctx, a.args)
}

// status writes the situation, of the named services or of all, and answers with its exit code.
func (s *session) status(ctx context.Context, only []string) error {
	a := s.app
	p, err := s.reader.Picture(ctx)
	if err != nil {
		return &fault{code: exitConfig, msg: text.M("cli.err_read", reason(err)), err: err}
	}
	silence := p.Silence(a.env.Now())
	mend := s.measureAgain(silence, p.Poller)
	if p, err = a.choose(p, only); err != nil {
		return err
	}
	stale := s.stale(p)
	if a.on("json") {
		doc := a.statusJSON(p, stale)
		doc.Poller.Silence, doc.Poller.Mend = string(silence), mend
		if err := a.json(doc); err != nil {
			return err
		}
	} else {
		a.statusText(p)
	}
	if silence != incidents.Measured {
		a.warn(text.M("cli.warning", p.SilenceMessage(silence, mend, a.lang, a.env.Now().In(s.zone()))))
	}
	if p.Poller.Trouble != "" {
		a.warn(text.M("cli.warning", text.M("poller.not_stored", p.Poller.Trouble)))
	}
	if stale {
		return exitWith(exitConfig)
	}
	return exitWith(pictureCode(p))
}

// choose keeps the named services and their incidents.
func (a *app) choose(p incidents.Picture, only []string) (incidents.Picture, error) {
	if len(only) == 0 {
		return p, nil
	}
	var ids []string
	var svcs []incidents.ServicePicture
	for _, sp := range p.Services {
		ids = append(ids, sp.Service.ID)
		if contains(only, sp.Service.ID) {
			svcs = append(svcs, sp)
		}
	}
	for _, id := range only {
		if !contains(ids, id) {
			f := a.usage(text.M("cli.err_service", id, strings.Join(ids, ", ")))
			if n := nearest(id, ids); n != "" {
				f.hint = text.M("cli.hint_mean", n)
			}
			return p, f
		}
	}
	var open []incidents.Incident
	for _, i := range p.Incidents {
		if contains(only, i.Service) {
			open = append(open, i)
		}
	}
	p.Services, p.Incidents = svcs, open
	return p, nil
}

// stale tells whether the measurements are too old to say anything about now: nothing came for five minutes and for five
// of the longest intervals. Never measured is not stale but unknown.
func (s *session) stale(p incidents.Picture) bool {
	limit := 5 * time.Minute
	for _, sp := range p.Services {
		for _, c := range sp.Checks {
			limit = max(limit, 5*c.Check.Interval)
		}
	}
	return !p.Poller.Last.IsZero() && s.app.env.Now().Sub(p.Poller.Last) > limit
}

// standingCode is the exit code of one service. What is broken outside service hours harms nobody now.
func standingCode(sp incidents.ServicePicture) int {
	switch sp.Standing {
	case incidents.Up, incidents.Maintenance:
		return 0
	case incidents.Unknown:
		return 3
	}
	if !sp.InHours {
		return 0
	}
	if sp.Standing == incidents.Down || sp.Standing == incidents.Partial {
		return 2
	}
	return 1
}

// worse gives the more serious of two plugin exit codes: critical, warning, unknown, fine.
func worse(a, b int) int {
	rank := [4]int{0, 2, 3, 1}
	if rank[b] > rank[a] {
		return b
	}
	return a
}

func pictureCode(p incidents.Picture) int {
	code := 0
	if len(p.Services) == 0 {
		code = 3
	}
	for _, sp := range p.Services {
		code = worse(code, standingCode(sp))
	}
	return code
}

// statusText writes one line per service, the checks that are not up, and the open incidents.
func (a *app) statusText(p incidents.Picture) {
	var rows [][]string
	for _, sp := range p.Services {
		rows = append(rows, a.serviceRow(p.At, sp))
		if sp.Standing == incidents.Up {
			continue
		}
		for _, c := range sp.Checks {
			if st := c.State; st.Status != checks.StatusUp || st.Failing() {
				rows = append(rows, []string{"  " + c.Check.ID, a.checkWord(c), a.ago(p.At, st.Since), "", st.Last.Message.In(a.lang)})
			}
		}
	}
	columns(a.out, rows)
	if len(p.Services) == 0 {
		a.println(a.t("cli.no_services"))
	}
	if len(p.Incidents) > 0 {
		a.printf("\n%s\n", a.t("cli.open_incidents"))
		columns(a.out, a.incidentRows(p.Incidents))
	}
}

func (a *app) serviceRow(now time.Time, sp incidents.ServicePicture) []string {
	closed, note := a.hoursWords(now, sp), ""
	if sp.Standing == incidents.Up {
		note = a.slowest(sp.Checks)
	}
	return []string{sp.Service.Title(string(a.lang)) + idSuffix(sp, string(a.lang)), a.standingWord(sp.Standing), a.ago(now, sp.Since), closed, note}
}

// hoursWords tells whether a service is open, and until when; empty for one that always is.
func (a *app) hoursWords(now time.Time, sp incidents.ServicePicture) string {
	until := ""
	if !sp.Changes.IsZero() {
		c := sp.Changes.In(a.zone)
		until = text.Weekday(a.lang, c) + " "
		if sp.Changes.Sub(now) > 6*24*time.Hour { // the weekday alone would be this week's
			until += text.Date(a.lang, c) + " "
		}
		until += text.Clock(c)
	}
	switch {
	case !sp.InHours && until == "":
		return a.t("cli.closed")
	case !sp.InHours:
		return a.t("cli.closed_until", until)
	case until != "":
		return a.t("services.open_until", until)
	}
	return ""
}

// slowest writes the longest latency of a service's checks; empty when none was measured.
func (a *app) slowest(cs []incidents.CheckPicture) string {
	var d time.Duration
	for _, c := range cs {
		d = max(d, c.State.Last.Latency)
	}
	if d == 0 {
		return ""
	}
	return text.Latency(a.lang, d)
}

// idSuffix adds the ID where the name does not show it: commands want the ID.
func idSuffix(sp incidents.ServicePicture, lang string) string {
	if sp.Service.Title(lang) == sp.Service.ID {
		return ""
	}
	return " (" + sp.Service.ID + ")"
}

// ago writes how long something has lasted; empty when it is not known.
func (a *app) ago(now, since time.Time) string {
	if since.IsZero() {
		return ""
	}
	return a.t("cli.for", now.Sub(since).Truncate(time.Second))
}

func (a *app) standingWord(s incidents.Standing) string { return a.t("cli.standing_" + string(s)) }

// checkWord writes a check's status, or how far it is on the way down.
func (a *app) checkWord(c incidents.CheckPicture) string {
	if c.State.Failing() {
		return a.t("cli.failing", c.State.Failures, failAfter(c.Check.Policy))
	}
	if c.State.Status == "" {
		return a.standingWord(incidents.Unknown)
	}
	return a.standingWord(incidents.Standing(c.State.Status))
}

// failAfter gives the policy's threshold; zero means three.
func failAfter(p checks.Policy) int {
	if p.FailAfter > 0 {
		return p.FailAfter
	}
	return 3
}

type checkStatusJSON struct {
	ID        string  `json:"id"`
	State     string  `json:"state"`
	Since     *string `json:"since"`
	LatencyMS float64 `json:"latency_ms"`
	Message   string  `json:"message"`
	Failing   bool    `json:"failing"`
	Measured  *string `json:"measured_at"`
}

type serviceStatusJSON struct {
	ID      string            `json:"id"`
	Name    string            `json:"name"`
	State   string            `json:"state"`
	InHours bool              `json:"in_hours"`
	Changes *string           `json:"hours_change_at"` // when it opens or closes next; null if never
	Since   *string           `json:"since"`
	Checks  []checkStatusJSON `json:"checks"`
}

type pollerJSON struct {
	Owner   string  `json:"owner"`
	Host    string  `json:"host"`
	PID     int     `json:"pid"`
	Last    *string `json:"last_result_at"`
	Until   *string `json:"lease_until"`
	Late    int64   `json:"late"`
	Trouble string  `json:"trouble"`
	Stale   bool    `json:"stale"`   // too old to say anything about now
	Silence string  `json:"silence"` // why nothing is measured: never, nobody, stuck; empty when somebody measures
	Mend    string  `json:"mend"`    // the command line that makes somebody measure; empty when somebody does
}

type statusJSON struct {
	Schema    string              `json:"schema"`
	At        *string             `json:"generated_at"`
	Services  []serviceStatusJSON `json:"services"`
	Incidents []incidentJSON      `json:"incidents"`
	Poller    pollerJSON          `json:"poller"`
}

func (a *app) statusJSON(p incidents.Picture, stale bool) statusJSON {
	doc := statusJSON{Schema: "lage/status/v1", At: a.stamp(p.At), Services: []serviceStatusJSON{}, Incidents: a.incidentsJSON(p.Incidents)}
	for _, sp := range p.Services {
		s := serviceStatusJSON{ID: sp.Service.ID, Name: sp.Service.Title(string(a.lang)), State: string(sp.Standing), InHours: sp.InHours, Changes: a.stamp(sp.Changes),
			Since: a.stamp(sp.Since), Checks: []checkStatusJSON{}}
		for _, c := range sp.Checks {
			st := c.State
			if st.Status == "" {
				st.Status = checks.StatusUnknown
			}
			s.Checks = append(s.Checks, checkStatusJSON{ID: c.Check.ID, State: string(st.Status), Since: a.stamp(st.Since),
				LatencyMS: millis(st.Last.Latency), Message: st.Last.Message.In(a.lang), Failing: st.Failing(), Measured: a.stamp(st.Last.At)})
		}
		doc.Services = append(doc.Services, s)
	}
	doc.Poller = a.pollerJSON(p.Poller, stale)
	return doc
}

func (a *app) pollerJSON(q incidents.Poller, stale bool) pollerJSON {
	return pollerJSON{Owner: q.Owner, Host: q.Host, PID: q.PID, Last: a.stamp(q.Last), Until: a.stamp(q.Until), Late: q.Late, Trouble: q.Trouble, Stale: stale}
}

// millis gives milliseconds with microseconds behind the point.
func millis(d time.Duration) float64 {
	return math.Round(float64(d)/float64(time.Microsecond)) / 1000
}
