package report

import (
	"maps"
	"slices"
	"strings"

	"lage/incidents"
	"lage/internal/clean"
	"lage/internal/text"
	"lage/runbooks"
)

// excerptLines is how many lines of an output's head, and of its tail, a report shows.
const excerptLines = 30

// excerptWidth is how many bytes of one line a report shows.
const excerptWidth = 2000

func (d *doc) walks() {
	if len(d.room.Walks) == 0 {
		return
	}
	d.print("\n## ", d.t("report.runbooks"), "\n")
	for _, v := range d.room.Walks {
		w := v.Walk
		d.print("\n### ", block(w.Title), " (", inline(w.Runbook+"@"+short(w.Revision)), ")\n\n")
		end := d.t("report.goes_on")
		if !w.EndedAt.IsZero() {
			end = d.when(w.EndedAt)
		}
		d.print(d.t("report.walk_times", d.when(w.StartedAt), end), "\n")
		d.print(head(d.t("report.number"), d.t("report.step"), d.t("report.outcome"), d.t("report.who"), d.t("report.time"), d.t("report.reason")))
		for _, s := range steps(v) {
			at := "–"
			if !s.state.At.IsZero() {
				at = d.when(s.state.At)
			}
			d.print(row(orDash(inline(s.number)), inline(s.title), inline(d.status(s.state.Status)),
				orDash(inline(s.state.By)), at, orDash(inline(s.state.Reason))))
		}
	}
}

func short(revision string) string {
	s, _ := clean.Cut(revision, 8)
	return s
}

func (d *doc) status(s runbooks.StepStatus) string {
	if s == runbooks.StepTodo {
		return d.t("incidents.step_todo")
	}
	return d.t("incidents.step_" + string(s))
}

// step is one step of a walk with what became of it.
type step struct {
	id, number, title string
	state             runbooks.StepState
	of                *runbooks.Step // nil where the runbook is not known
}

// steps lists a walk's steps in the runbook's order. Steps to read only count when somebody marked them. Without the
// runbook, the marked steps stand in order of marking, known by their IDs only.
func steps(v incidents.WalkView) []step {
	var out []step
	if v.Book != nil {
		v.Book.All(func(_ int, s *runbooks.Step) {
			st, marked := v.Walk.Steps[s.ID]
			if s.Kind != runbooks.Read || marked {
				out = append(out, step{s.ID, s.Number, s.Title, st, s})
			}
		})
		return out
	}
	for _, id := range slices.Sorted(maps.Keys(v.Walk.Steps)) {
		out = append(out, step{id: id, title: id, state: v.Walk.Steps[id]})
	}
	slices.SortStableFunc(out, func(a, b step) int { return a.state.At.Compare(b.state.At) })
	return out
}

// run is one command run: its first and, when it has ended, its last entry.
type run struct {
	started, ended *incidents.Entry
}

// runs lists the command runs in the order in which they began.
func (d *doc) runs() (ids []string, byID map[string]run) {
	byID = map[string]run{}
	for i := range d.room.Entries {
		e := &d.room.Entries[i]
		if e.Kind != incidents.KindCommandStarted && e.Kind != incidents.KindCommandEnded {
			continue
		}
		r, seen := byID[e.Run]
		if !seen {
			ids = append(ids, e.Run)
		}
		if e.Kind == incidents.KindCommandStarted {
			r.started = e
		} else {
			r.ended = e
		}
		byID[e.Run] = r
	}
	return ids, byID
}

func (d *doc) commandNumbers() map[string]int {
	ids, _ := d.runs()
	n := map[string]int{}
	for i, id := range ids {
		n[id] = i + 1
	}
	return n
}

func (d *doc) commands() {
	ids, byID := d.runs()
	if len(ids) == 0 {
		return
	}
	d.print("\n## ", d.t("report.commands"), "\n")
	for i, id := range ids {
		d.command(i+1, byID[id])
	}
}

func (d *doc) command(n int, r run) {
	first := r.started
	if first == nil {
		first = r.ended
	}
	host := ""
	for _, e := range []*incidents.Entry{r.ended, r.started} { // only the runbook's host is known at the start
		if e != nil && e.Command != nil && e.Command.Host != "" {
			host = " · " + inline(e.Command.Host)
		}
	}
	d.print("\n### ", d.t("report.command_number", n), " · ", d.when(first.OccurredAt), " · ", orDash(inline(first.Name(d.lang))), host, "\n\n")
	if first.Command == nil || first.HasErased("text") {
		d.print(d.erased(first.Seq), "\n\n")
	} else {
		d.print(fence("sh", first.Command.Command), "\n")
		if dir := first.Command.Dir; dir != "" {
			d.print(inline(d.t("report.folder", dir)), "\n\n")
		}
	}
	if r.ended == nil || r.ended.Command == nil {
		d.print(d.t("report.no_end"), "\n")
		return
	}
	d.ending(*r.ended)
}

// ending writes how a command ended and what it wrote.
func (d *doc) ending(e incidents.Entry) {
	c := e.Command
	outcome := d.t("report.exit_code", c.ExitCode)
	if c.Outcome != "exited" {
		outcome = inline(d.outcome(c.Outcome))
	}
	facts := []string{outcome, d.t("report.took", c.Duration), d.t("report.bytes", c.Bytes)}
	if c.SHA256 != "" {
		facts = append(facts, "SHA-256 `"+strings.ReplaceAll(clean.Line(c.SHA256), "`", "")+"`")
	}
	if c.Redactions > 0 {
		facts = append(facts, d.t("exec.redactions", c.Redactions))
	}
	if len(c.Values) > 0 {
		facts = append(facts, inline(d.t("exec.values", strings.Join(c.Values, ", "))))
	}
	if len(c.Survivors) > 0 {
		facts = append(facts, inline(d.t("exec.survivors", strings.Join(c.Survivors, ", "))))
	}
	d.print(strings.Join(facts, " · "), "\n")
	switch {
	case e.HasErased("output"):
		d.print("\n", d.t("report.output"), " ", d.erased(e.Seq), "\n")
	case e.Output != "":
		d.print("\n", fence("text", d.excerpt(e.Output)))
	case c.Bytes > 0:
		d.print("\n", d.t("report.not_kept"), "\n")
	}
	if c.Cut && e.Output != "" && !e.HasErased("output") {
		d.print("\n", d.t("report.cut"), "\n")
	}
}

func (d *doc) outcome(s string) string {
	switch s {
	case "timeout":
		return d.t("report.outcome_timeout")
	case "stopped":
		return d.t("report.outcome_stopped")
	case "failed_to_start":
		return d.t("report.outcome_failed_to_start")
	}
	return d.t("report.outcome_lost")
}

// erased writes that a part is gone, and which entry says why.
func (d *doc) erased(seq int64) string {
	s := d.t("report.erased")
	if by := d.erasedBy(seq); by > 0 {
		s += " " + d.t("report.see", by)
	}
	return inline(s)
}

// excerpt keeps the head and the tail of an output.
func (d *doc) excerpt(s string) string {
	lines := strings.Split(strings.TrimSuffix(s, "\n"), "\n")
	if out := len(lines) - 2*excerptLines; out > 1 {
		note := text.T(d.lang, "report.left_out", out)
		lines = slices.Concat(lines[:excerptLines], []string{note}, lines[len(lines)-excerptLines:])
	}
	for i, l := range lines {
		if l, cut := clean.Cut(l, excerptWidth); cut {
			lines[i] = l + " …"
		}
	}
	return strings.Join(lines, "\n")
}
