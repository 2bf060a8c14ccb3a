package cli

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"lage/incidents"
	"lage/internal/text"
)

func incidentCommands() []command {
	return []command{
		{name: "incident list", group: groupIncidents, short: "cli.short_incident_list", long: "cli.long_incident_list", run: runIncidentList,
			flags: []flag{{name: "all", help: "cli.flag_all_incidents"}}},
		{name: "incident show", args: "[INC]", max: 1, group: groupIncidents, short: "cli.short_incident_show", long: "cli.long_one_incident", run: runIncidentShow},
		{name: "incident open", group: groupIncidents, short: "cli.short_incident_open", long: "cli.long_incident_open", run: runIncidentOpen,
			flags: []flag{
				{name: "service", value: "ID", help: "cli.flag_service"},
				{name: "title", value: "TEXT", help: "cli.flag_title"},
				{name: "runbook", value: "NAME", help: "cli.flag_runbook"},
				{name: "started", value: "TIME", help: "cli.flag_started"},
			}},
		{name: "incident ack", args: "[INC]", max: 1, group: groupIncidents, short: "cli.short_incident_ack", long: "cli.long_one_incident", run: runAck},
		{name: "incident note", args: "[INC] TEXT|-", min: 1, max: -1, group: groupIncidents, short: "cli.short_incident_note", long: "cli.long_note", run: runNote,
			flags: []flag{{name: "at", value: "TIME", help: "cli.flag_note_at"}}},
		{name: "incident correct", args: "[INC] TEXT|-", min: 1, max: -1, group: groupIncidents, short: "cli.short_incident_correct", long: "cli.long_incident_correct", run: runCorrect,
			flags: []flag{{name: "entry", value: "SEQ", help: "cli.flag_correct_entry"}}},
		{name: "incident state", args: "[INC] STATE", min: 1, max: 2, group: groupIncidents, short: "cli.short_incident_state", long: "cli.long_incident_state", run: runState},
		{name: "incident class", args: "[INC] CLASS", min: 1, max: 2, group: groupIncidents, short: "cli.short_incident_class", long: "cli.long_incident_class", run: runClass,
			flags: []flag{{name: "reason", value: "TEXT", help: "cli.flag_class_reason"}}},
		{name: "incident time", args: "[INC] started|detected|acknowledged|mitigated|resolved TIME", min: 2, max: 3, group: groupIncidents, short: "cli.short_incident_time", long: "cli.long_incident_time", run: runTime,
			flags: []flag{{name: "reason", value: "TEXT", help: "cli.flag_time_reason"}}},
		{name: "incident quiet", args: "[INC]", max: 1, group: groupIncidents, short: "cli.short_incident_quiet", long: "cli.long_incident_quiet", run: runQuiet},
		{name: "incident handover", args: "[INC]", max: 1, group: groupIncidents, short: "cli.short_incident_handover", long: "cli.long_incident_handover", run: runHandover,
			flags: []flag{{name: "to", value: "NAME", help: "cli.flag_to"}, {name: "note", value: "TEXT", help: "cli.flag_handover_note"}}},
		{name: "incident accept", args: "[INC]", max: 1, group: groupIncidents, short: "cli.short_incident_accept", long: "cli.long_incident_accept", run: runAccept},
		{name: "incident resolve", args: "[INC]", max: 1, group: groupIncidents, short: "cli.short_incident_resolve", long: "cli.long_incident_resolve", run: runResolve,
			flags: []flag{
				{name: "cause", value: "TEXT", help: "cli.flag_cause"},
				{name: "ended", value: "TIME", help: "cli.flag_ended"},
			}},
		{name: "incident export", args: "[INC]", max: 1, group: groupIncidents, short: "cli.short_incident_export", long: "cli.long_incident_export", run: runExport,
			flags: []flag{{name: "format", value: "md|json", help: "cli.flag_format", words: []string{"md", "json"}}}},
		{name: "ack", args: "[INC]", max: 1, group: groupIncidents, short: "cli.short_ack", long: "cli.long_one_incident", run: runAck},
		{name: "note", args: "[INC] TEXT|-", min: 1, max: -1, group: groupIncidents, short: "cli.short_note", long: "cli.long_note", run: runNote,
			flags: []flag{{name: "at", value: "TIME", help: "cli.flag_note_at"}}},
	}
}

// incidentJSON is an incident in lists and answers. Times are null until they happen.
type incidentJSON struct {
	ID           string   `json:"id"`
	Title        string   `json:"title"`
	Service      string   `json:"service"`
	State        string   `json:"state"`
	Class        string   `json:"class"`
	Lead         string   `json:"lead"`
	Runbook      string   `json:"runbook"`
	Cause        string   `json:"cause"`
	Checks       []string `json:"checks"`
	Started      *string  `json:"started_at"`
	Detected     *string  `json:"detected_at"`
	Acknowledged *string  `json:"acknowledged_at"`
	Mitigated    *string  `json:"mitigated_at"`
	Recovered    *string  `json:"recovered_at"`
	Resolved     *string  `json:"resolved_at"`
	Quiet        *string  `json:"quiet_since"`

	Handover *handoverJSON `json:"handover"` // null: nobody is asked to take the lead
}

func (a *app) incidentJSON(i incidents.Incident) incidentJSON {
	return incidentJSON{
		ID: i.ID, Title: i.Title, Service: i.Service, State: string(i.State), Class: i.Class, Lead: i.Lead, Runbook: i.Runbook, Cause: i.Cause,
		Checks: append([]string{}, i.Checks...), Started: a.stamp(i.Started), Detected: a.stamp(i.Detected),
		Acknowledged: a.stamp(i.Acknowledged), Mitigated: a.stamp(i.Ended()), Recovered: a.stamp(i.Recovered), Resolved: a.stamp(i.Resolved),
		Quiet: a.stamp(i.Quiet), Handover: a.handoverJSON(i.Handover),
	}
}

func (a *app) incidentsJSON(list []incidents.Incident) []incidentJSON {
	out := make([]incidentJSON, 0, len(list))
	for _, i := range list {
		out = append(out, a.incidentJSON(i))
	}
	return out
}

func (a *app) incidentsDoc(list []incidents.Incident) any {
	return struct {
		Schema    string         `json:"schema"`
		Incidents []incidentJSON `json:"incidents"`
	}{"lage/incidents/v1", a.incidentsJSON(list)}
}

func runIncidentList(ctx context.Context, a *app) error {
	s, err := a.look(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	list, err := s.incidents(ctx, a.on("all"))
	if err != nil {
		return failed("cli.err_read", err)
	}
	if a.on("json") {
		return a.json(a.incidentsDoc(list))
	}
	if len(list) == 0 {
		a.println(a.t(map[bool]string{true: "cli.no_incidents", false: "cli.no_open_incidents"}[a.on("all")]))
		return nil
	}
	columns(a.out, a.incidentRows(list))
	return nil
}

// incidentRows writes one line per incident.
func (a *app) incidentRows(list []incidents.Incident) [][]string {
	var rows [][]string
	for _, i := range list {
		lead := a.t("cli.nobody")
		if i.Lead != "" {
			lead = i.Lead
		}
		rows = append(rows, []string{i.ID, a.stateWord(i.State), text.DateTime(a.lang, i.Started.In(a.zone)), lead, i.Title, i.Class})
	}
	return rows
}

func (a *app) stateWord(s incidents.State) string { return a.t("incidents.state_" + string(s)) }

// namedRoom opens a session for reading, and the incident that the arguments name or the only open one. The session is the
// caller's to close, where there is no error.
func (a *app) namedRoom(ctx context.Context) (*session, incidents.Room, error) {
	s, err := a.look(ctx)
	if err != nil {
		return nil, incidents.Room{}, err
	}
	id, err := s.which(ctx, a.args)
	if err != nil {
		s.close()
		return nil, incidents.Room{}, err
	}
	room, err := s.room(ctx, id)
	if err != nil {
		s.close()
		return nil, incidents.Room{}, err
	}
	return s, room, nil
}

func runIncidentShow(ctx context.Context, a *app) error {
	s, room, err := a.namedRoom(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	if a.on("json") {
		return s.writeIncident(a.out, room, "json")
	}
	a.showRoom(room)
	return nil
}

// showRoom writes facts and timeline for reading.
func (a *app) showRoom(r incidents.Room) {
	i := r.Incident
	a.printf("%s  %s\n\n", i.ID, i.Title)
	rows := [][]string{{a.t("cli.show_state"), a.stateWord(i.State)}}
	add := func(label, value string) {
		if value != "" {
			rows = append(rows, []string{label, value})
		}
	}
	add(a.t("cli.show_lead"), i.Lead)
	if h := i.Handover; h != nil {
		add(a.t("cli.show_handover"), a.t("cli.handover_to", h.To, h.By, h.Note))
	}
	if !i.Quiet.IsZero() {
		add(a.t("cli.show_quiet"), text.DateTime(a.lang, i.Quiet.In(a.zone)))
	}
	add(a.t("cli.show_service"), i.Service)
	add(a.t("cli.show_started"), text.DateTime(a.lang, i.Started.In(a.zone)))
	add(a.t("cli.show_detected"), text.DateTime(a.lang, i.Detected.In(a.zone)))
	if !i.Acknowledged.IsZero() {
		add(a.t("cli.show_acknowledged"), text.DateTime(a.lang, i.Acknowledged.In(a.zone)))
	}
	if ended := i.Ended(); !ended.IsZero() && (!i.Resolved.IsZero() || !i.Mitigated.IsZero()) { // perhaps said by a person
		add(a.t("cli.show_ended"), text.DateTime(a.lang, ended.In(a.zone)))
	} else if !ended.IsZero() {
		add(a.t("cli.show_recovered"), text.DateTime(a.lang, i.Recovered.In(a.zone)))
	}
	if !i.Resolved.IsZero() {
		add(a.t("cli.show_resolved"), text.DateTime(a.lang, i.Resolved.In(a.zone)))
	}
	for _, l := range i.Lengths() {
		value := a.t("cli.show_unknown")
		if l.Known {
			value = text.Duration(a.lang, l.Span)
		}
		add(a.t("report.length_"+l.Kind), value)
	}
	if i.Class != "" {
		add(a.t("services.class"), r.Class.Title(string(a.lang)))
	}
	rows = append(rows, a.targetRows(r)...)
	add(a.t("cli.show_runbook"), i.Runbook)
	add(a.t("cli.show_cause"), i.Cause)
	columns(a.out, rows)
	a.println("")
	columns(a.out, a.entryRows(r.Entries))
}

// entryWords puts an entry into words, on as many lines as it has. What was erased or masked is said.
func (a *app) entryWords(e incidents.Entry) string {
	if e.HasErased("text") {
		return e.Words(a.lang)
	}
	words := e.Message.In(a.lang)
	if m := incidents.MaskedWords(e.Masked, a.lang); m != "" {
		words += " (" + m + ")"
	}
	return words
}

// entryRows writes one line per entry of a timeline.
func (a *app) entryRows(entries []incidents.Entry) [][]string {
	var rows [][]string
	corrected := incidents.Corrections(entries)
	for _, e := range entries {
		msg := strings.ReplaceAll(a.entryWords(e), "\n", " / ") + e.Aside(a.lang, a.zone, corrected[e.Seq].Seq)
		if e.Command != nil && e.Kind == incidents.KindCommandStarted {
			msg += ": " + strings.ReplaceAll(e.Command.Command, "\n", " / ")
		}
		rows = append(rows, []string{fmt.Sprint(e.Seq), text.Date(a.lang, e.OccurredAt.In(a.zone)) + " " + text.ClockSeconds(e.OccurredAt.In(a.zone)), e.Name(a.lang), msg})
	}
	return rows
}

// incidentRef is what a person may write for an incident: INC-2026-031, inc-31.
var incidentRef = regexp.MustCompile(`(?i)^inc-[0-9]+(-[0-9]+)?$`)
