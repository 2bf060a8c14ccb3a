package cli

import (
	"context"

	"lage/incidents"
	"lage/internal/clean"
	"lage/internal/text"
)

func alertCommands() []command {
	return []command{
		{name: "alert", group: groupIncidents, short: "alarms.short_alert", long: "alarms.long_alert", run: runAlert,
			flags: []flag{
				{name: "key", value: "KEY", help: "alarms.flag_key"},
				{name: "service", value: "ID", help: "cli.flag_service"},
				{name: "state", value: "STATE", help: "alarms.flag_state", words: []string{"up", "degraded", "down"}},
				{name: "message", value: "TEXT", help: "alarms.flag_message"},
				{name: "runbook", value: "NAME", help: "cli.flag_runbook"},
			}},
	}
}

// runAlert takes another tool's word about a service.
func runAlert(ctx context.Context, a *app) error {
	for _, name := range []string{"key", "service", "state", "message"} {
		if a.flag(name) == "" {
			return a.usage(text.M("alarms.missing", "--"+name))
		}
	}
	s, err := a.make(ctx, false)
	if err != nil {
		return err
	}
	defer s.close()
	if s.inForce() == nil {
		return s.noConfig()
	}
	if err := s.knowsService(a.flag("service")); err != nil {
		return err
	}
	do := incidents.Receive{Key: a.flag("key"), Service: a.flag("service"), State: incidents.Standing(a.flag("state")), Origin: "lage alert",
		Message: text.Raw(clean.Line(a.flag("message")))}
	do.Runbook, do.Link = s.runbookNamed(a.flag("runbook"))
	if do.Link != "" { // an alarm does not get lost over a wrong name
		a.warn(text.M("alarms.no_runbook", clean.Line(do.Link)))
	}
	if err := s.ensureStore(ctx); err != nil {
		return err
	}
	rec, err := s.desk.Act(ctx, incidents.Request{By: s.who, Do: do})
	switch {
	case err != nil:
		return err
	case a.on("json"):
		return a.json(a.actJSON(rec))
	case rec.Incident == nil:
		a.println(a.t("alarms.nothing_open", do.Service))
	case len(rec.Entries) == 0:
		a.println(a.t("alarms.known_already", rec.Incident.ID))
	}
	for _, e := range rec.Entries {
		a.println(e.Record + "  " + text.ClockSeconds(e.RecordedAt.In(a.zone)) + "  " + e.Words(a.lang))
	}
	return nil
}

// runbookNamed tells a runbook of the folder from anything else that another tool calls its runbook.
func (s *session) runbookNamed(ref string) (name, link string) {
	if ref == "" {
		return "", ""
	}
	lib, _ := s.reader.library() // what cannot be read is not there
	if b, _ := lib.Find(ref); b != nil {
		return b.Name, ""
	}
	return "", ref
}
