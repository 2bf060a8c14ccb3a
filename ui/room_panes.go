package ui

import (
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"lage/incidents"
	"lage/runbooks"
)

// paneTitle writes a pane's heading; the pane that has the keys is marked by more than colour.
func (r *room) paneTitle(e *env, p int, left, right string, w int) string {
	mark := " "
	if r.pane == p {
		mark = e.style.selectedMark
		left = e.style.bold.Render(left)
	}
	return e.style.ends(mark+left, right+" ", w)
}

// stepsPane lists the runbook's steps with their marks, scrolled so that the selected one is in sight.
func (r *room) stepsPane(e *env, w, h int) []string {
	if r.book == nil {
		out := []string{r.paneTitle(e, paneSteps, e.t("room.runbook"), "", w), ""}
		return append(out, " "+e.style.dash)
	}
	done, total := r.progressed()
	out := []string{r.paneTitle(e, paneSteps, e.t("room.runbook")+" "+e.show(r.book.Name), e.t("room.of", done, total), w), ""}
	rows := max(1, h-len(out))
	var lines []string
	at := 0
	for _, most := range []int{4, 2, 1} {
		if lines, at = r.allSteps(e, w-1, most); len(lines) <= rows {
			break
		}
	}
	r.page[paneSteps], r.total[paneSteps] = rows, len(lines)
	r.tops[paneSteps] = scroll(r.tops[paneSteps], min(at+1, len(lines)-1), len(lines), rows)
	r.tops[paneSteps] = min(r.tops[paneSteps], at)
	return append(out, lines[r.tops[paneSteps]:]...)
}

// allSteps are all steps under their sections' names, long titles in up to most lines; at is where the selected one stands.
func (r *room) allSteps(e *env, w, most int) (lines []string, at int) {
	next := r.next()
	section := -1
	for _, f := range r.flat {
		if f.Section != section {
			section = f.Section
			if t := r.book.Sections[section].Title; t != "" && t != r.book.Title {
				lines = append(lines, " "+e.style.dim.Render(e.style.cut(e.show(t), w-2)))
			}
		}
		if f.Step.ID == r.sel {
			at = len(lines)
		}
		lines = append(lines, r.stepLines(e, f, f.Step.ID == next, w, most)...)
	}
	return lines, at
}

// stepLines is a step in the list: its mark and title, and below, where it matters, what its command would do.
func (r *room) stepLines(e *env, f runbooks.FlatStep, next bool, w, most int) []string {
	s, id := e.style, f.Step.ID
	st := r.status(id)
	mark, right := r.stepMark(e, f.Step, next), ""
	switch {
	case r.running(id) != nil || st.Status == runbooks.StepRunning:
		right = e.t("room.runs")
	case st.Status != runbooks.StepTodo:
		right = e.clock(st.At)
	case next:
		right = e.t("room.now")
	}
	sel, look := " ", paint{}
	if id == r.sel {
		sel, look = s.selectedMark, s.bold
	}
	pad := strings.Repeat("  ", min(f.Depth, 4))
	name := nameLines(e, f.Step, w-3-len(pad)-6, most) // what stands at the right is five cells wide
	out := []string{s.ends(sel+mark+" "+pad+look.Render(name[0]), s.dim.Render(right), w)}
	for _, l := range name[1:] {
		out = append(out, "   "+pad+strings.Repeat(" ", numberWidth(f.Step))+look.Render(l))
	}
	if note := r.stepNote(e, f.Step); note != "" {
		out = append(out, "     "+pad+s.cut(note, w-5-len(pad)))
	}
	risk := stepRisk(f.Step)
	if detail := r.blockFacts(e, f.Step, w-5-len(pad)); detail != "" && (id == r.sel || st.Status == runbooks.StepTodo && risk != runbooks.RiskRead) {
		out = append(out, "     "+pad+s.dim.Render(s.cut(detail, w-5-len(pad))))
	}
	return out
}

// nameLines breaks a step's number and title into at most most lines of w cells; the title stands beside the number.
func nameLines(e *env, step *runbooks.Step, w, most int) []string {
	number := numberWidth(step)
	lines := wrapLines(e.show(step.Title), max(8, w-number))
	if len(lines) > most {
		lines = append(lines[:most-1], e.style.cut(strings.Join(lines[most-1:], " "), max(8, w-number)))
	}
	if number > 0 {
		lines[0] = step.Number + " " + lines[0]
	}
	return lines
}

// numberWidth is how many cells a step's number takes before its title.
func numberWidth(step *runbooks.Step) int {
	if step.Number == "" {
		return 0
	}
	return cells(step.Number) + 1
}

// stepMark is the sign of where a step stands.
func (r *room) stepMark(e *env, step *runbooks.Step, next bool) string {
	s := e.style
	if r.running(step.ID) != nil {
		return s.here
	}
	switch r.status(step.ID).Status {
	case runbooks.StepRunning:
		return s.here
	case runbooks.StepDone:
		return s.tick
	case runbooks.StepFailed:
		return s.bold.Render(s.cross)
	case runbooks.StepSkipped, runbooks.StepNA:
		return s.dash
	}
	if next {
		return s.here
	}
	return " "
}

// stepRisk is the highest risk of the step's commands; empty where it has none that run.
func stepRisk(s *runbooks.Step) runbooks.Risk {
	var out runbooks.Risk
	for _, b := range s.Commands {
		if b.Kind != runbooks.BlockCommand {
			continue
		}
		switch {
		case b.Risk == runbooks.RiskDanger, out == runbooks.RiskDanger:
			out = runbooks.RiskDanger
		case b.Risk == runbooks.RiskChange, out == runbooks.RiskChange:
			out = runbooks.RiskChange
		default:
			out = runbooks.RiskRead
		}
	}
	return out
}

func riskWord(e *env, risk runbooks.Risk) string {
	switch risk {
	case runbooks.RiskRead:
		return e.t("room.risk_read")
	case runbooks.RiskChange:
		return e.t("room.risk_change")
	case runbooks.RiskDanger:
		return e.t("room.risk_danger")
	}
	return ""
}

// blockFacts says what the step's command may do, how long it may take, and where it runs. Where w cells do not hold all,
// the time is the first to go.
func (r *room) blockFacts(e *env, s *runbooks.Step, w int) string {
	var parts []string
	var limit time.Duration
	dot := " " + e.style.dot + " "
	if word := riskWord(e, stepRisk(s)); word != "" {
		parts = append(parts, word)
	}
	for _, b := range s.Commands {
		if b.Kind != runbooks.BlockCommand {
			continue
		}
		limit = b.Timeout
		if b.Host != "" {
			parts = append(parts, e.t("room.on_host", e.exact(b.Host)))
		}
		break
	}
	if limit > 0 {
		if all := strings.Join(slices.Insert(slices.Clone(parts), min(1, len(parts)), e.duration(limit)), dot); cells(all) <= w {
			return all
		}
	}
	return strings.Join(parts, dot)
}

// strip is the steps in one line, as many around the selected one as there is room for.
func (r *room) strip(e *env, w int) string {
	at := r.index()
	if at < 0 {
		return ""
	}
	s := e.style
	next := r.next()
	cell := func(i int) string {
		f := r.flat[i]
		name := s.cut(e.show(stepName(f.Step)), max(8, w/4))
		if i == at {
			return s.selectedMark + r.stepMark(e, f.Step, f.Step.ID == next) + " " + s.bold.Render(name)
		}
		return " " + r.stepMark(e, f.Step, f.Step.ID == next) + " " + name
	}
	line, lo, hi := cell(at), at, at
	for grown := true; grown; {
		grown = false
		if hi+1 < len(r.flat) {
			if c := line + " " + cell(hi+1); ansi.StringWidth(c) <= w-4 {
				line, hi, grown = c, hi+1, true
			}
		}
		if lo > 0 {
			if c := cell(lo-1) + " " + line; ansi.StringWidth(c) <= w-4 {
				line, lo, grown = c, lo-1, true
			}
		}
	}
	if lo > 0 {
		line = s.ellipsis + line
	}
	if hi+1 < len(r.flat) {
		line += " " + s.ellipsis
	}
	return s.fit(line, w)
}

// timelinePane shows the newest entries; with the keys, all of them, scrolled.
func (r *room) timelinePane(e *env, w, h int, titled bool) []string {
	var out []string
	if titled {
		out = []string{r.paneTitle(e, paneTimeline, e.t("room.timeline"), "", w), ""}
	}
	rows := max(0, h-len(out))
	r.page[paneTimeline] = rows
	if r.pane != paneTimeline {
		lines := r.entryLines(e, w, rows)
		return append(out, lines[max(0, len(lines)-rows):]...)
	}
	lines := r.entryLines(e, w, 1<<30)
	r.total[paneTimeline] = len(lines)
	r.tops[paneTimeline] = max(0, min(r.tops[paneTimeline], len(lines)-rows))
	return append(out, lines[r.tops[paneTimeline]:]...)
}

// entryLines are the newest entries of the timeline, oldest first, enough of them to fill rows.
func (r *room) entryLines(e *env, w, rows int) []string {
	var out []string
	corrected := incidents.Corrections(r.data.Entries)
	for _, en := range r.shownEntries(rows) {
		out = append(out, r.entry(e, en, corrected[en.Seq].Seq, w)...)
	}
	return out
}

// shownEntries are the last n entries, oldest first, without the starts of commands whose end stands there, too.
func (r *room) shownEntries(n int) []*incidents.Entry {
	over := map[string]bool{}
	var out []*incidents.Entry
	for i := len(r.data.Entries) - 1; i >= 0 && len(out) < n; i-- {
		en := &r.data.Entries[i]
		switch {
		case en.Kind == incidents.KindCommandEnded:
			over[en.Run] = true
		case en.Kind == incidents.KindCommandStarted && over[en.Run]:
			continue
		}
		out = append(out, en)
	}
	slices.Reverse(out)
	return out
}

// entry is one entry of the timeline in lines of w cells. correctedBy is the seq of the entry that corrects it, or 0.
func (r *room) entry(e *env, en *incidents.Entry, correctedBy int64, w int) []string {
	s := e.style
	head := e.clock(en.OccurredAt) + " " + r.entryMark(s, en) + " "
	col := ansi.StringWidth(head)
	words := entryWords(e, en)
	if r.pane != paneTimeline {
		words = r.brief(e, en, words)
	}
	lines := wrapLines(words+e.show(en.Aside(e.Options.Lang, e.Options.Zone, correctedBy)), max(1, w-col))
	if most := 4; len(lines) > most && r.pane != paneTimeline {
		lines = append(lines[:most-1], s.ellipsis)
	}
	if en.Kind == incidents.KindCommandEnded && en.Output != "" {
		first, rest, _ := strings.Cut(strings.TrimSpace(en.Output), "\n")
		if rest != "" {
			first += " " + s.ellipsis
		}
		lines = append(lines, s.dim.Render(s.cut(e.t("room.quoted", first), max(1, w-col))))
	}
	for i := range lines {
		if i == 0 {
			lines[i] = head + lines[i]
			continue
		}
		lines[i] = strings.Repeat(" ", col) + lines[i]
	}
	return lines
}

// entryWords puts an entry into words. Notes say whose they are.
func entryWords(e *env, en *incidents.Entry) string {
	words := e.msg(en.Message)
	if m := incidents.MaskedWords(en.Masked, e.Options.Lang); m != "" {
		words += " (" + e.show(m) + ")"
	}
	switch {
	case en.Message.IsZero() && len(en.Erased) > 0:
		return e.t("room.erased")
	case en.Kind == incidents.KindNote && en.Name(e.Options.Lang) != "":
		return e.show(en.Name(e.Options.Lang)) + ": " + words
	}
	return words
}

// brief leaves out what the entry's mark says already: of a step that went well only its name stays.
func (r *room) brief(e *env, en *incidents.Entry, words string) string {
	switch en.Kind {
	case incidents.KindStepDone, incidents.KindCommandEnded, incidents.KindCommandStarted:
	default:
		return words
	}
	if len(en.Message.Args) == 0 || en.Command != nil && en.Command.Outcome != "" && en.Command.Outcome != "exited" {
		return words
	}
	name := e.show(en.Message.Args[0])
	if en.Kind == incidents.KindCommandEnded && en.Command != nil && en.Command.ExitCode != 0 {
		name += " " + e.style.dot + " " + e.t("room.exit", en.Command.ExitCode)
	}
	return name
}

// entryMark is the sign of an entry's kind, one cell wide.
func (r *room) entryMark(s *styles, en *incidents.Entry) string {
	if m := en.NoteMark(); m != "" {
		return m
	}
	switch en.Kind {
	case incidents.KindOpened, incidents.KindCheckDown, incidents.KindAlertDown:
		return one(s, "■", "X")
	case incidents.KindCheckDegraded, incidents.KindAlertDegraded:
		return one(s, "▲", "!")
	case incidents.KindCheckUp, incidents.KindAlertUp, incidents.KindRecovered:
		return s.filled
	case incidents.KindAlarm, incidents.KindAlarmSent:
		return s.alarm
	case incidents.KindAlarmFailed, incidents.KindStepFailed:
		return s.cross
	case incidents.KindAcknowledged, incidents.KindState, incidents.KindResolved, incidents.KindStepSigned, incidents.KindWalkSigned:
		return s.person
	case incidents.KindStepDone:
		return s.tick
	case incidents.KindStepSkipped, incidents.KindStepNA:
		return s.dash
	case incidents.KindCommandStarted, incidents.KindWalkStarted:
		return s.here
	case incidents.KindCommandEnded:
		return r.endMark(s, en)
	}
	return s.dot
}

// endMark tells how a command ended, as its step says where this was its last run: a runbook may expect a failure.
func (r *room) endMark(s *styles, en *incidents.Entry) string {
	good := en.Command != nil && en.Command.ExitCode == 0 && (en.Command.Outcome == "" || en.Command.Outcome == "exited")
	if st := r.status(en.Step); st.Run == en.Run && en.Run != "" {
		switch st.Status {
		case runbooks.StepDone:
			good = true
		case runbooks.StepFailed:
			good = false
		}
	}
	if good {
		return s.tick
	}
	return s.cross
}
