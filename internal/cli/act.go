package cli

import (
	"context"
	"strings"
	"time"

	"lage/incidents"
	"lage/internal/text"
)

func runIncidentOpen(ctx context.Context, a *app) error {
	if a.flag("title") == "" && a.flag("service") == "" {
		return a.usage(text.M("incidents.needs_title"))
	}
	if _, err := a.moment("started"); err != nil {
		return err
	}
	s, err := a.make(ctx, false)
	if err != nil {
		return err
	}
	defer s.close()
	started, err := a.moment("started")
	if err != nil {
		return err
	}
	if err := s.knowsService(a.flag("service")); err != nil {
		return err
	}
	if book := a.flag("runbook"); book != "" {
		if _, err := s.book(book); err != nil {
			return err
		}
	}
	if err := s.ensureStore(ctx); err != nil {
		return err
	}
	return s.act(ctx, "", incidents.Open{Service: a.flag("service"), Title: a.flag("title"), Runbook: a.flag("runbook"), Started: started})
}

// knowsService refuses a service that is not configured. Without a configuration the Desk says what it thinks.
func (s *session) knowsService(id string) error {
	c := s.inForce()
	if id == "" || c == nil {
		return nil
	}
	var ids []string
	for _, svc := range c.Services {
		ids = append(ids, svc.ID)
	}
	if contains(ids, id) {
		return nil
	}
	f := &fault{code: exitNotFound, msg: text.M("cli.err_service", id, strings.Join(ids, ", "))}
	if n := nearest(id, ids); n != "" {
		f.hint = text.M("cli.hint_mean", n)
	}
	return f
}

func runAck(ctx context.Context, a *app) error {
	s, err := a.work(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	id, err := s.which(ctx, a.args)
	if err != nil {
		return err
	}
	if err := s.act(ctx, id, incidents.Acknowledge{}); err != nil || a.on("json") {
		return err
	}
	return s.firstStep(ctx, id)
}

// firstStep says how the runbook begins: what a person on a telephone needs next.
func (s *session) firstStep(ctx context.Context, id string) error {
	room, err := s.room(ctx, id)
	if err != nil || room.Proposed == nil {
		return err
	}
	a, b := s.app, room.Proposed
	a.println(a.t("cli.ack_runbook", b.Title, b.Name))
	a.println("  (" + room.Fitting[0].Why(a.lang) + ")")
	if steps := toWalk(b); len(steps) > 0 {
		a.println("  " + steps[0].Title)
		a.outlineBlocks(steps[0].Commands, "    ")
	}
	return nil
}

func runState(ctx context.Context, a *app) error {
	last := len(a.args) - 1
	to := incidents.State(a.args[last])
	if !contains(stateNames(), string(to)) {
		f := a.usage(text.M("cli.err_state", string(to), strings.Join(stateNames(), ", ")))
		if n := nearest(string(to), stateNames()); n != "" {
			f.hint = text.M("cli.hint_mean", n)
		}
		return f
	}
	s, err := a.work(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	id, err := s.which(ctx, a.args[:last])
	if err != nil {
		return err
	}
	switch to {
	case incidents.Acknowledged:
		return s.act(ctx, id, incidents.Acknowledge{})
	case incidents.Resolved:
		return s.act(ctx, id, incidents.Resolve{})
	}
	return s.act(ctx, id, incidents.ChangeState{To: to})
}

func stateNames() []string {
	var n []string
	for _, s := range incidents.States()[1:] { // nobody sets an incident back to detected
		n = append(n, string(s))
	}
	return n
}

func runResolve(ctx context.Context, a *app) error {
	if _, err := a.moment("ended"); err != nil { // before anything is opened; which moment it is depends on the zone in force
		return err
	}
	s, err := a.work(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	ended, err := a.moment("ended")
	if err != nil {
		return err
	}
	id, err := s.which(ctx, a.args)
	if err != nil {
		return err
	}
	return s.act(ctx, id, incidents.Resolve{Cause: a.flag("cause"), Ended: ended})
}

// act goes through the one door and says what was written.
func (s *session) act(ctx context.Context, id string, do incidents.Action) error {
	rec, err := s.desk.Act(ctx, incidents.Request{Record: id, By: s.who, Do: do})
	if err != nil {
		return err
	}
	a := s.app
	if a.on("json") {
		return a.json(a.actJSON(rec))
	}
	if len(rec.Entries) == 0 {
		a.println(a.t("cli.nothing_to_do", id))
		return nil
	}
	for _, e := range rec.Entries {
		if e.Who.IsSystem() || e.Kind == incidents.KindAlarm {
			continue
		}
		line := a.entryWords(e)
		if first, _, more := strings.Cut(line, "\n"); more {
			line = first + " …"
		}
		a.println(e.Record + "  " + text.ClockSeconds(e.RecordedAt.In(a.zone)) + "  " + line)
	}
	return nil
}

// actJSON is the answer to an action: the incident after it, and the entries that were written.
func (a *app) actJSON(rec incidents.Recorded) any {
	doc := struct {
		Schema   string        `json:"schema"`
		Incident *incidentJSON `json:"incident"`
		Entries  []entryJSON   `json:"entries"`
	}{"lage/act/v1", nil, a.entriesJSON(rec.Entries)}
	if rec.Incident != nil {
		i := a.incidentJSON(*rec.Incident)
		doc.Incident = &i
	}
	return doc
}

// entryJSON is one entry of a timeline in answers; the whole of it stands in the export.
type entryJSON struct {
	Record     string  `json:"record"`
	Seq        int64   `json:"seq"`
	OccurredAt *string `json:"occurred_at"`
	RecordedAt *string `json:"recorded_at"`
	Actor      string  `json:"actor"`
	Kind       string  `json:"kind"`
	Text       string  `json:"text"`
	Hash       string  `json:"hash"`
	PrevHash   string  `json:"prev_hash"`
}

func (a *app) entriesJSON(entries []incidents.Entry) []entryJSON {
	list := make([]entryJSON, 0, len(entries))
	for _, e := range entries {
		list = append(list, entryJSON{e.Record, e.Seq, a.stamp(e.OccurredAt), a.stamp(e.RecordedAt), e.Name(a.lang), string(e.Kind), a.entryWords(e), e.Hash, e.PrevHash})
	}
	return list
}

// moment reads a point in time from a flag, after the session has said which zone is in force: RFC 3339, a date with a time in the zone in force, or a time of the last 24
// hours. The zero time when the flag was not given.
func (a *app) moment(name string) (time.Time, error) {
	if v := strings.TrimSpace(a.flag(name)); v != "" {
		return a.momentOf("--"+name, v)
	}
	return time.Time{}, nil
}

// momentOf reads a point in time that stands for what.
func (a *app) momentOf(what, v string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, v); err == nil {
		return t, nil
	}
	for _, layout := range []string{"2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02T15:04", "02.01.2006 15:04"} {
		if t, err := time.ParseInLocation(layout, v, a.zone); err == nil {
			return t, nil
		}
	}
	now := a.env.Now().In(a.zone)
	for _, layout := range []string{"15:04:05", "15:04"} {
		if t, err := time.ParseInLocation(layout, v, a.zone); err == nil {
			at := time.Date(now.Year(), now.Month(), now.Day(), t.Hour(), t.Minute(), t.Second(), 0, a.zone)
			if at.After(now) { // "23:50" said shortly after midnight
				at = at.AddDate(0, 0, -1)
			}
			return at, nil
		}
	}
	return time.Time{}, a.usage(text.M("cli.err_time", what, v))
}

// indent puts first before the first line of a text and rest before the others.
func indent(s, first, rest string) string {
	return first + strings.ReplaceAll(strings.TrimRight(s, "\n"), "\n", "\n"+rest)
}
