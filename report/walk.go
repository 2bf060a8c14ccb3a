package report

import (
	"io"
	"slices"
	"strings"
	"time"

	"lage/incidents"
	"lage/internal/text"
	"lage/runbooks"
)

// Walk writes a walk through a runbook as Markdown: on what, why, when, by whom, what was done with which result, what
// differs from the runbook, who signed it off, and every command. Foreign text can make no markup.
func Walk(w io.Writer, room incidents.WalkRoom, opt Options) error {
	d := newWalkDoc(room, opt)
	d.walkFront()
	d.print("\n# ", block(d.walkTitle()), "\n")
	d.walkFacts()
	d.walkPeople()
	d.measures()
	d.inputs()
	d.deviations()
	d.signoffs()
	d.timeline()
	d.commands()
	d.foot()
	_, err := io.WriteString(w, d.out.String())
	return err
}

// walkDoc is the report of one walk being written.
type walkDoc struct {
	*doc
	view incidents.WalkView
}

func newWalkDoc(room incidents.WalkRoom, opt Options) walkDoc {
	r := incidents.Room{Entries: room.Entries, Walks: []incidents.WalkView{room.WalkView}}
	r.Incident.Started = room.Walk.StartedAt // what the timeline counts from
	d := &doc{room: withoutErased(r, opt.Lang), opt: opt, lang: opt.Lang}
	return walkDoc{doc: d, view: d.room.Walks[0]}
}

func (d walkDoc) walkTitle() string {
	w := d.view.Walk
	return d.kindWord() + " " + w.ID + ": " + w.Title
}

func (d walkDoc) kindWord() string {
	switch d.view.Walk.Kind {
	case runbooks.ForDrill:
		return d.t("report.kind_drill")
	case runbooks.ForMaintenance:
		return d.t("report.kind_maintenance")
	}
	return d.t("report.kind_incident")
}

func (d walkDoc) walkFront() {
	w := d.view.Walk
	d.print("---\nid: ", quoted(w.ID), "\nkind: ", quoted(string(w.Kind)), "\ntitle: ", quoted(w.Title), "\nstatus: ", quoted(status(w)), "\n")
	for _, f := range []struct{ key, value string }{{"incident", w.Incident}, {"asset", w.Asset}, {"reason", w.Reason}, {"change", w.Change},
		{"runbook", w.Runbook}, {"revision", w.Revision}, {"organisation", d.opt.Organisation}} {
		if f.value != "" {
			d.print(f.key, ": ", quoted(f.value), "\n")
		}
	}
	for _, f := range []struct {
		key string
		at  time.Time
	}{{"started", w.StartedAt}, {"ended", w.EndedAt}} {
		at := "null"
		if !f.at.IsZero() {
			at = quoted(d.local(f.at).Format(time.RFC3339))
		}
		d.print(f.key, ": ", at, "\n")
	}
	d.print("timezone: ", quoted(d.opt.zone().String()), "\ngenerator: ", quoted(d.opt.generator()), "\n---\n")
}

// status is where a walk stands, for programs.
func status(w runbooks.Walk) string {
	if w.EndedAt.IsZero() {
		return "open"
	}
	return "ended"
}

// walkFacts writes what a documented maintenance has to name: asset, occasion, time, people, result.
func (d walkDoc) walkFacts() {
	w := d.view.Walk
	d.print(head(d.t("report.fact"), d.t("report.value")))
	fact := func(name, value string) { d.print(row(d.t(name), value)) }
	if w.Incident != "" {
		fact("report.of_incident", inline(w.Incident))
	}
	fact("report.asset", orDash(inline(w.Asset)))
	fact("report.occasion", orDash(inline(w.Reason)))
	fact("report.change", orDash(inline(w.Change)))
	fact("report.begun", d.when(w.StartedAt))
	if w.EndedAt.IsZero() {
		fact("report.over", d.t("report.goes_on"))
		fact("report.took_all", d.t("report.goes_on"))
	} else {
		fact("report.over", d.when(w.EndedAt))
		fact("report.took_all", d.between(w.StartedAt, w.EndedAt))
	}
	fact("report.people", orDash(strings.Join(d.people(), ", ")))
	fact("report.by_runbook", inline(w.Runbook+"@"+short(w.Revision)))
	fact("report.result", d.result())
	if w.EndReason != "" {
		fact("report.end_reason", inline(w.EndReason))
	}
}

// result counts what became of the steps.
func (d walkDoc) result() string {
	n := map[runbooks.StepStatus]int{}
	for _, s := range d.steps() {
		n[s.state.Status]++
	}
	var parts []string
	for _, st := range []runbooks.StepStatus{runbooks.StepDone, runbooks.StepFailed, runbooks.StepSkipped, runbooks.StepNA, runbooks.StepRunning, runbooks.StepTodo} {
		if n[st] > 0 {
			parts = append(parts, inline(d.t("report.count", n[st], d.status(st))))
		}
	}
	return orDash(strings.Join(parts, ", "))
}

// steps lists the steps of the walk: those of its runbook, then those of the runbooks that answers led to.
func (d walkDoc) steps() []step { return walkSteps(d.view) }

func walkSteps(v incidents.WalkView) []step {
	var out []step
	if v.Book == nil {
		return steps(v)
	}
	for _, b := range append([]*runbooks.Runbook{v.Book}, v.Others...) {
		for _, s := range runbooks.Counted(b, v.Walk) {
			number, title := s.Number, s.Title
			if b != v.Book {
				number, title = "", b.Title+": "+s.Title
			}
			out = append(out, step{v.Walk.Key(b, s.ID), number, title, v.Walk.At(b, s.ID), s})
		}
	}
	return out
}

// doing is what one person did.
type doing struct {
	name                   string
	steps, commands, signs int
	first, last            time.Time
}

// doings lists who did what, in order of their first act.
func (d walkDoc) doings() []doing {
	var out []doing
	for _, e := range d.room.Entries {
		name := e.Name(d.lang)
		if name == "" || e.Who.IsSystem() {
			continue
		}
		i := slices.IndexFunc(out, func(p doing) bool { return p.name == name })
		if i < 0 {
			out = append(out, doing{name: name, first: e.OccurredAt})
			i = len(out) - 1
		}
		p := &out[i]
		p.last = e.OccurredAt
		switch e.Kind {
		case incidents.KindStepDone, incidents.KindStepFailed, incidents.KindStepSkipped, incidents.KindStepNA, incidents.KindChoiceMade:
			p.steps++
		case incidents.KindCommandStarted:
			p.commands++
		case incidents.KindStepSigned, incidents.KindWalkSigned:
			p.signs++
		}
	}
	return out
}

func (d walkDoc) walkPeople() {
	d.print("\n## ", d.t("report.people"), "\n")
	d.print(head(d.t("report.who"), d.t("report.first_act"), d.t("report.last_act"), d.t("report.did")))
	for _, p := range d.doings() {
		var did []string
		for _, n := range []struct {
			n    int
			code string
		}{{p.steps, d.t("report.did_steps", p.steps)}, {p.commands, d.t("report.did_commands", p.commands)}, {p.signs, d.t("report.did_signs", p.signs)}} {
			if n.n > 0 {
				did = append(did, n.code)
			}
		}
		d.print(row(inline(p.name), d.when(p.first), d.when(p.last), orDash(strings.Join(did, ", "))))
	}
}

// measures writes every step with what became of it.
func (d walkDoc) measures() {
	d.print("\n## ", d.t("report.measures"), "\n")
	d.print(head(d.t("report.number"), d.t("report.step"), d.t("report.outcome"), d.t("report.who"), d.t("report.time"), d.t("report.evidence")))
	number := d.lastRuns()
	for _, s := range d.steps() {
		at, what := "–", inline(d.status(s.state.Status))
		if !s.state.At.IsZero() {
			at = d.when(s.state.At)
		}
		if s.state.Choice != "" {
			what = inline(d.t("report.chosen", s.state.Choice))
		}
		evidence := "–"
		if n := number[s.id]; len(n) > 0 {
			evidence = strings.Join(n, ", ")
		}
		d.print(row(orDash(inline(s.number)), inline(s.title), what, orDash(inline(s.state.By)), at, evidence))
	}
}

// lastRuns names the commands that were run for each step, as they are numbered in the report.
func (d walkDoc) lastRuns() map[string][]string {
	out := map[string][]string{}
	number := d.commandNumbers()
	for _, e := range d.room.Entries {
		if e.Kind == incidents.KindCommandStarted && number[e.Run] > 0 {
			out[e.Step] = append(out[e.Step], d.t("report.command_number", number[e.Run]))
		}
	}
	return out
}

func (d walkDoc) inputs() {
	list := sortedInputs(d.view.Walk)
	if len(list) == 0 {
		return
	}
	d.print("\n## ", d.t("report.inputs"), "\n", head(d.t("report.fact"), d.t("report.value"), d.t("report.who"), d.t("report.time")))
	for _, in := range list {
		d.print(row(inline(in.Name), inline(in.Value), orDash(inline(in.By)), d.when(in.At)))
	}
}

func sortedInputs(w runbooks.Walk) []runbooks.Input {
	var list []runbooks.Input
	for _, in := range w.Inputs {
		list = append(list, in)
	}
	slices.SortFunc(list, func(a, b runbooks.Input) int {
		if a.Seq != b.Seq {
			return int(a.Seq - b.Seq)
		}
		return strings.Compare(a.Name, b.Name)
	})
	return list
}

// deviations lists where the walk differs from its runbook, and says so where it does not.
func (d walkDoc) deviations() {
	d.print("\n## ", d.t("report.deviations"), "\n\n")
	list := deviationsOf(d)
	if len(list) == 0 {
		d.print(d.t("report.no_deviations"), "\n")
	}
	for _, x := range list {
		line := strings.TrimSpace(x.number + " " + x.title)
		d.print("- ", block(line), ": ", inline(x.words(d.lang)), "\n")
		if x.kind == "edited" {
			d.print("\n", fence("sh", x.command), "\n", d.t("report.as_written"), "\n\n", fence("sh", x.original), "\n")
		}
	}
	if d.view.Walk.EndReason != "" {
		d.print("\n", d.t("report.end_reason"), ": ", inline(d.view.Walk.EndReason), "\n")
	}
}

func (d walkDoc) signoffs() {
	d.print("\n## ", d.t("report.signoffs"), "\n")
	list := signoffsOf(d.view)
	if len(list) == 0 {
		d.print("\n", d.t("report.no_signoffs"), "\n")
		return
	}
	d.print(head(d.t("report.step"), d.t("report.wanted"), d.t("report.who"), d.t("report.time"), d.t("report.remark")))
	for _, s := range list {
		title := d.t("report.whole_walk")
		if s.step != nil {
			title = inline(strings.TrimSpace(s.step.number + " " + s.step.title))
		}
		who, at := d.t("report.sign_open"), "–"
		if s.sign != nil {
			who, at = inline(s.sign.By), d.when(s.sign.At)
		}
		note := ""
		if s.sign != nil {
			note = s.sign.Note
		}
		d.print(row(title, d.wanted(s.want), who, at, orDash(inline(note))))
	}
}

func (d walkDoc) wanted(so *runbooks.SignOff) string {
	if so == nil {
		return d.t("report.sign_free")
	}
	var parts []string
	if so.Role != "" {
		parts = append(parts, inline(so.Role))
	}
	if so.Distinct {
		parts = append(parts, d.t("report.sign_distinct"))
	}
	if len(parts) == 0 {
		return d.t("report.sign_anybody")
	}
	return strings.Join(parts, ", ")
}

// words says in which way a step deviates.
func (x deviation) words(l text.Lang) string {
	word := map[string]string{
		"skipped": text.T(l, "incidents.step_skipped"), "na": text.T(l, "incidents.step_na"), "failed": text.T(l, "incidents.step_failed"),
		"open": text.T(l, "incidents.step_todo"), "unsigned": text.T(l, "report.unsigned"), "early": text.T(l, "report.early"),
		"edited": text.T(l, "report.edited"), "drill": text.T(l, "report.only_shown"),
	}[x.kind]
	if x.reason == "" {
		return word
	}
	return word + ". " + text.T(l, "report.reason") + ": " + x.reason
}
