package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"lage/incidents"
	"lage/internal/text"
	"lage/services"
)

// Incident writes an incident's report as Markdown: what is known filled in, what only people know as headings with
// prompts, then timeline, runbook steps and command log, complete. Foreign text can make no markup.
func Incident(w io.Writer, room incidents.Room, opt Options) error {
	d := &doc{room: withoutErased(room, opt.Lang), opt: opt, lang: opt.Lang}
	d.frontMatter()
	d.print("\n# ", block(room.Incident.ID+": "+room.Incident.Title), "\n")
	d.facts()
	d.downtimes()
	d.toFillIn()
	d.timeline()
	d.walks()
	d.commands()
	d.foot()
	_, err := io.WriteString(w, d.out.String())
	return err
}

// doc is one report being written.
type doc struct {
	room incidents.Room
	opt  Options
	lang text.Lang
	out  strings.Builder
}

func (d *doc) print(parts ...string) {
	for _, p := range parts {
		d.out.WriteString(p)
	}
}

func (d *doc) t(code string, args ...any) string { return text.T(d.lang, code, args...) }

func (d *doc) local(t time.Time) time.Time { return t.In(d.opt.zone()) }

// when writes a moment with seconds and zone; "unknown" for the zero time.
func (d *doc) when(t time.Time) string {
	if t.IsZero() {
		return d.t("report.unknown")
	}
	t = d.local(t)
	return text.Date(d.lang, t) + " " + text.ClockSeconds(t) + " " + inline(text.Zone(d.lang, t))
}

// between writes how long it took from one moment to another; "unknown" where one is missing or they are in the wrong
// order, never 0 for what nobody knows.
func (d *doc) between(from, to time.Time) string {
	if from.IsZero() || to.IsZero() || to.Before(from) {
		return d.t("report.unknown")
	}
	return d.span(to.Sub(from))
}

// span writes a duration to the second, in all its units.
func (d *doc) span(s time.Duration) string {
	if s < time.Minute {
		return text.Duration(d.lang, s)
	}
	s = s.Round(time.Second)
	day := "d"
	if d.lang != text.English {
		day = "T"
	}
	var parts []string
	for _, u := range []struct {
		length time.Duration
		name   string
	}{{24 * time.Hour, day}, {time.Hour, "h"}, {time.Minute, "min"}, {time.Second, "s"}} {
		if n := s / u.length; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, u.name))
			s -= n * u.length
		}
	}
	return strings.Join(parts, " ")
}

func (d *doc) frontMatter() {
	i := d.room.Incident
	d.print("---\nid: ", quoted(i.ID), "\ntitle: ", quoted(i.Title), "\nstatus: ", quoted(string(i.State)), "\nservice: ", quoted(i.Service), "\n")
	if d.opt.Organisation != "" {
		d.print("organisation: ", quoted(d.opt.Organisation), "\n")
	}
	for _, f := range []struct {
		key string
		at  time.Time
	}{{"started", i.Started}, {"detected", i.Detected}, {"acknowledged", i.Acknowledged}, {"ended", ended(i)}, {"resolved", i.Resolved}} {
		at := "null"
		if !f.at.IsZero() {
			at = quoted(d.local(f.at).Format(time.RFC3339))
		}
		d.print(f.key, ": ", at, "\n")
	}
	d.print("timezone: ", quoted(d.opt.zone().String()), "\ngenerator: ", quoted(d.opt.generator()), "\n---\n")
}

// facts writes the key times and what follows from them, each with its formula.
func (d *doc) facts() {
	i := d.room.Incident
	d.print(head(d.t("report.fact"), d.t("report.value")))
	fact := func(name, value string) { d.print(row(name, value)) }
	fact(d.t("report.service"), d.service())
	fact(d.t("report.state"), inline(d.t("incidents.state_"+string(i.State))))
	if i.Class != "" {
		fact(d.t("services.class"), inline(d.room.Class.Title(string(d.lang))))
	}
	fact(d.t("report.start"), d.when(i.Started))
	if end := ended(i); end.IsZero() {
		fact(d.t("report.end"), d.t("report.goes_on"))
		fact(d.t("report.duration"), d.t("report.goes_on"))
	} else {
		fact(d.t("report.end"), d.when(end))
		fact(d.t("report.duration"), d.between(i.Started, end))
		if in, known := d.inHours(i.Started, end); known {
			fact(inline(d.t("report.in_hours", d.room.Service.Hours.String())), in)
		}
	}
	fact(d.t("report.detected"), d.when(i.Detected))
	fact(d.t("report.detected_by"), d.detectedBy())
	d.fiveTimes(fact)
	d.targets(fact)
	fact(d.t("report.lead"), orDash(inline(i.Lead)))
	fact(d.t("report.people"), orDash(strings.Join(d.people(), ", ")))
	checks := make([]string, len(i.Checks))
	for n, c := range i.Checks {
		checks[n] = inline(c)
	}
	fact(d.t("report.checks"), orDash(strings.Join(checks, ", ")))
}

// fiveTimes writes the times that are kept apart, and the spans between them with their formulas.
func (d *doc) fiveTimes(fact func(name, value string)) {
	i := d.room.Incident
	fact(d.t("report.acknowledged"), d.when(i.Acknowledged))
	fact(d.t("report.mitigated"), d.when(i.Ended()))
	fact(d.t("report.resolved"), d.when(i.Resolved))
	for _, l := range i.Lengths() {
		value := d.t("report.unknown")
		if l.Known {
			value = d.span(l.Span)
		}
		fact(d.t("report.length_"+l.Kind), value)
	}
}

// serviceSpan is span without days, of which service time has none.
func (d *doc) serviceSpan(s time.Duration) string {
	if s < 24*time.Hour {
		return d.span(s)
	}
	return text.Hours(d.lang, s)
}

// targets writes what was agreed for the incident's class and what became of it, on both clocks.
func (d *doc) targets(fact func(name, value string)) {
	clock := d.t("services.clock_service")
	if d.room.Class.Clock != services.ServiceTime {
		clock = d.t("services.clock_calendar")
	}
	for _, t := range d.room.Targets(d.opt.zone(), d.opt.asOf(d.room)) {
		if t.Kind == incidents.TargetUpdate { // about now, and a report is about what was
			continue
		}
		name := inline(d.t("services.report_target", d.t("services.target_"+string(t.Kind)), text.Hours(d.lang, t.Agreed), clock))
		calendar, service := d.span(t.Calendar), d.serviceSpan(t.Service)
		switch {
		case t.Open() && t.Missed():
			fact(name, d.t("services.report_open_late", calendar, service))
		case t.Open():
			fact(name, d.t("services.report_open", calendar, service))
		case t.Missed():
			fact(name, d.t("services.report_missed", d.when(t.Reached), calendar, service))
		default:
			fact(name, d.t("services.report_met", d.when(t.Reached), calendar, service))
		}
	}
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

func (d *doc) service() string {
	id := d.room.Incident.Service
	title := d.room.Service.Title(string(d.lang))
	if title == "" || title == id {
		return orDash(inline(id))
	}
	return inline(title + " (" + id + ")")
}

// inHours tells how much of a span lay within service hours; not known where the service has none of its own.
func (d *doc) inHours(from, to time.Time) (string, bool) {
	if d.room.Service.ID == "" || d.room.Service.Hours.Always() || from.IsZero() {
		return "", false
	}
	a := services.Measure(d.room.Service.Hours, services.Span{From: d.local(from), To: d.local(to)}, nil)
	return d.span(a.Promised), true
}

// detectedBy names the check or the person behind the first entry.
func (d *doc) detectedBy() string {
	if len(d.room.Entries) == 0 {
		return d.t("report.unknown")
	}
	e := d.room.Entries[0]
	if e.Check != "" {
		return inline(d.t("report.by_check", e.Check))
	}
	return inline(e.Name(d.lang))
}

// people lists who acted, in order of their first act.
func (d *doc) people() []string {
	var names []string
	for _, e := range d.room.Entries {
		if n := inline(e.Name(d.lang)); n != "" && !e.Who.IsSystem() && !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	return names
}

// toFillIn writes the headings that people fill in, with what is known already.
func (d *doc) toFillIn() {
	d.section("report.summary", "report.summary_prompt")
	d.section("report.impact", "report.impact_prompt")
	d.section("report.cause", "report.cause_prompt")
	if c := d.room.Incident.Cause; c != "" {
		d.print("\n", block(c), "\n")
	}
	d.notes("!", "- ")
	d.section("report.helped", "report.helped_prompt")
	d.section("report.hindered", "report.hindered_prompt")
	d.section("report.decisions", "report.decisions_prompt")
	d.notes(">", "- ")
	d.section("report.questions", "report.questions_prompt")
	d.notes("?", "- [ ] ")
	d.section("report.actions", "report.actions_prompt")
	d.print("\n- [ ] \n")
}

func (d *doc) section(title, prompt string) {
	d.print("\n## ", d.t(title), "\n\n<!-- ", d.t(prompt), " -->\n")
}

// notes lists the notes with a mark in front, each with its time and author.
func (d *doc) notes(mark, bullet string) {
	first := true
	corrected := incidents.Corrections(d.room.Entries)
	for _, e := range d.room.Entries {
		if e.Kind != incidents.KindNote || e.HasErased("text") {
			continue
		}
		c := corrected[e.Seq]
		sign, note := e.Marked(c)
		if sign != mark {
			continue
		}
		if c.Seq > 0 {
			note += e.Aside(d.lang, d.opt.zone(), c.Seq)
		}
		if first {
			d.print("\n")
			first = false
		}
		at := text.ClockSeconds(d.local(e.OccurredAt))
		d.print(bullet, block(note), " (", inline(e.Name(d.lang)), ", ", at, ")\n")
	}
}

// foot anchors the report: whoever has it can tell whether the timeline was changed later.
func (d *doc) foot() {
	if n := len(d.room.Entries); n > 0 {
		last := d.room.Entries[n-1]
		d.print("\n---\n\n", inline(d.t("report.anchor", last.Record, last.Seq, last.Hash)), "\n")
	}
}
