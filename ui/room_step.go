package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"lage/incidents"
	"lage/internal/text"
	"lage/runbooks"
)

// stepDoc is everything about the step at hand, in parts: what must be seen before it runs, and what may be shortened.
type stepDoc struct {
	title  []string
	prose  []string
	box    []string // command and what may be done with it
	head   []string // of the output
	before int      // lines of output left out before those
	output []string
	tail   []string // expectation, mark
}

func (d stepDoc) all() []string {
	out := append([]string(nil), d.title...)
	for _, part := range [][]string{d.prose, d.box} {
		if len(part) > 0 {
			out = append(append(out, ""), part...)
		}
	}
	if len(d.head) > 0 {
		out = append(append(append(out, ""), d.head...), d.output...)
	}
	return append(out, d.tail...)
}

// stepPane shows the selected step in h lines. The command is always in sight as a whole; prose and output are shortened
// where there is not room for all, and scroll when the pane has the keys.
func (r *room) stepPane(e *env, w, h int) []string {
	step := r.step()
	if step == nil {
		return r.noStep(e, w)
	}
	whole := r.pane == paneStep
	d := r.doc(e, step, w, whole)
	all := d.all()
	r.page[paneStep], r.total[paneStep] = h, len(all)
	if whole {
		r.tops[paneStep] = max(0, min(r.tops[paneStep], len(all)-h))
		return all[r.tops[paneStep]:]
	}
	if len(all) <= h && d.before == 0 {
		return all
	}
	return d.shortened(e, h)
}

// noStep is what helps where there is no step: what fails, and how to get a runbook.
func (r *room) noStep(e *env, w int) []string {
	var out []string
	if len(r.data.Checks) > 0 {
		out = append(out, e.style.bold.Render(e.t("room.checks")), "")
	}
	for _, f := range checkFacts(e, r.data.Checks) {
		out = append(out, e.style.cut(f.label, w))
		out = append(out, indent(wrapLines(f.value, max(1, w-3)), "   ")...)
	}
	say := e.t("room.no_step")
	if r.book == nil {
		say = e.t("room.no_book")
	}
	return append(append(out, ""), wrapLines(say, w)...)
}

func (d stepDoc) shortened(e *env, h int) []string {
	if len(d.title)+len(d.box)+len(d.head)+len(d.tail)+8 > h { // no room for empty lines
		return d.dense(e, h)
	}
	free := h - len(d.title) - len(d.box) - len(d.head) - len(d.tail) - 3
	out := max(3, min(len(d.output), free-min(len(d.prose), free/2)))
	d.output = lastLines(e, d.output, min(out, free), d.before)
	d.prose = firstLines(e, d.prose, max(0, free-len(d.output)))
	return d.all()
}

// dense leaves out the prose and the empty lines: title, command, end of the output.
func (d stepDoc) dense(e *env, h int) []string {
	out := append(append([]string(nil), d.title...), d.box...)
	free := h - len(out)
	if free <= 0 {
		return out
	}
	if need := len(d.head) + len(d.tail) + min(1, len(d.output)); len(d.head) == 0 || need > free {
		out = append(out, firstLines(e, d.prose, free-min(free, len(d.tail)))...)
		return append(out, d.tail...)
	}
	prose := max(0, free-len(d.head)-len(d.tail)-len(d.output))
	d.output = lastLines(e, d.output, free-len(d.head)-len(d.tail)-min(prose, len(d.prose)), d.before)
	out = append(out, firstLines(e, d.prose, prose)...)
	out = append(append(out, d.head...), d.output...)
	return append(out, d.tail...)
}

// firstLines keeps the first n lines, and says how many are missing.
func firstLines(e *env, lines []string, n int) []string {
	if len(lines) <= n {
		return lines
	}
	if n < 1 {
		return nil
	}
	return append(append([]string(nil), lines[:n-1]...), e.style.dim.Render(e.t("room.more_lines", len(lines)-n+1)))
}

// lastLines keeps the last n lines, and says how many are missing, with those before that are not among lines.
func lastLines(e *env, lines []string, n, before int) []string {
	if len(lines) <= n && before == 0 {
		return lines
	}
	if n < 1 {
		return nil
	}
	if n == 1 {
		return lines[len(lines)-1:]
	}
	n = min(n, len(lines)+1)
	return append([]string{e.style.dim.Render(e.t("room.lines_before", before+len(lines)-n+1))}, lines[len(lines)-n+1:]...)
}

// recent is how many lines of an output are looked at where only its end is shown.
const recent = 200

// doc puts the selected step together for a width; of a long output only the recent lines, unless the whole is wanted.
func (r *room) doc(e *env, step *runbooks.Step, w int, whole bool) stepDoc {
	s := e.style
	d := stepDoc{title: []string{s.ends(s.bold.Render(e.show(stepName(step))), riskWord(e, stepRisk(step)), w)}}
	if step.Title != "" && len(e.show(stepName(step))) > w-12 {
		d.title = nil
		for _, l := range wrapLines(e.show(stepName(step)), w) {
			d.title = append(d.title, s.bold.Render(l))
		}
		if word := riskWord(e, stepRisk(step)); word != "" {
			d.title = append(d.title, s.dim.Render(word))
		}
	}
	d.prose = proseLines(e, step.Body, w)
	d.box = append(r.commandBox(e, step, w), r.wantLines(e, step, w)...)
	r.addOutput(e, step, w, whole, &d)
	d.tail = append(d.tail, r.statusLines(e, step, w)...)
	return d
}

// proseLines renders Markdown in w cells. In ASCII, letters may take more room than they were measured with, so that lines
// are broken once more.
func proseLines(e *env, md string, w int) []string {
	var out []string
	for _, spans := range runbooks.Prose(md, w) {
		var b strings.Builder
		for _, sp := range spans {
			switch sp.Style {
			case runbooks.StyleStrong, runbooks.StyleEmphasis, runbooks.StyleHeading:
				b.WriteString(e.style.bold.Render(e.show(sp.Text)))
			case runbooks.StyleCode, runbooks.StyleLink: // commands and addresses, which must not be spelled otherwise
				b.WriteString(e.exact(sp.Text))
			case runbooks.StyleQuote:
				b.WriteString(e.style.dim.Render(e.show(sp.Text)))
			default:
				b.WriteString(e.show(sp.Text))
			}
		}
		if line := b.String(); ansi.StringWidth(line) > w {
			out = append(out, wrapLines(line, w)...)
		} else {
			out = append(out, line)
		}
	}
	return out
}

// commandBox shows the command at hand: the whole of it, as it would run.
func (r *room) commandBox(e *env, step *runbooks.Step, w int) []string {
	s := e.style
	b, missing, why, ok := r.atHand(step)
	if !ok {
		return nil
	}
	var out []string
	if n := len(step.Commands); n > 1 {
		out = append(out, s.dim.Render(e.t("room.block_of", r.block+1, n)+"  "+e.arrows("←→")))
	}
	for _, l := range strings.Split(strings.TrimRight(e.exact(b.Shown), "\n"), "\n") {
		for i, part := range wrapLines(l, max(1, w-5)) {
			if i > 0 {
				part = " " + part
			}
			out = append(out, " "+s.input+" "+part)
		}
	}
	switch {
	case missing != "":
		out = append(out, s.dim.Render(s.cut(e.t("room.placeholder_open", missing), w)))
	case !why.IsZero():
		for _, l := range wrapLines(e.t("room.not_runnable", why), w) {
			out = append(out, s.dim.Render(l))
		}
	case b.Terminal():
		for _, l := range wrapLines(e.t("exec.terminal"), w) {
			out = append(out, s.dim.Render(l))
		}
		if _, typed := runbooks.Opening(step.Commands[r.block]); typed != "" {
			out = append(out, s.dim.Render(e.t("exec.typed_inside")))
			for _, l := range strings.Split(e.exact(typed), "\n") {
				out = append(out, s.cut("   "+l, w))
			}
		}
	case !b.Runnable:
		for _, l := range wrapLines(e.t("room.not_runnable", r.why(b.Block)), w) {
			out = append(out, s.dim.Render(l))
		}
	}
	if b.Example != "" {
		out = append(out, s.dim.Render(e.t("room.example")))
		for _, l := range firstLines(e, strings.Split(strings.TrimRight(e.show(b.Example), "\n"), "\n"), 4) {
			out = append(out, s.dim.Render(s.cut("   "+l, w)))
		}
	}
	return out
}

// shownRun is what is known of the newest run of a step's command at hand.
type shownRun struct {
	state incidents.RunState
	ended *incidents.Entry // nil while it runs, or while its end is not in the snapshot
}

// ran finds the newest run of a step: live, or from the timeline.
func (r *room) ran(step *runbooks.Step) (shownRun, bool) {
	if f := r.running(step.ID); f != nil {
		return shownRun{state: f.latest()}, true
	}
	w := r.current()
	if w == nil {
		return shownRun{}, false
	}
	b, _, _, _ := r.atHand(step)
	var found *incidents.Entry
	for i := len(r.data.Entries) - 1; i >= 0; i-- {
		en := &r.data.Entries[i]
		if en.Kind != incidents.KindCommandEnded || en.Step != r.ref(step.ID) || en.Walk != w.ID || en.Command == nil {
			continue
		}
		if en.Command.Command == b.Shown {
			found = en
			break
		}
		if found == nil && len(step.Commands) == 1 {
			found = en
		}
	}
	if found == nil {
		return shownRun{}, false
	}
	return shownRun{state: incidents.RunState{Output: found.Output, Ended: true, Result: *found.Command}, ended: found}, true
}

// addOutput adds what the step's command said, or, where it has not run, what the one before said.
func (r *room) addOutput(e *env, step *runbooks.Step, w int, whole bool, d *stepDoc) {
	run, ok := r.ran(step)
	of := step
	if !ok && r.last != "" && r.last != step.ID && r.book != nil {
		if of = r.book.Step(r.last); of != nil {
			run, ok = r.ran(of)
		}
	}
	if !ok {
		return
	}
	s := e.style
	head := e.t("room.output")
	if run.ended != nil {
		head += " " + s.dot + " " + text.ClockSeconds(e.local(run.ended.OccurredAt))
	}
	if of != step {
		head = e.t("room.before", stepName(of))
	}
	heads := []string{head + " " + s.dot + " " + outcomeWords(e, run.state)}
	if cells(heads[0]) > w { // broken where it is read, not in the middle of a fact
		heads = append(wrapLines(head, w), indent(wrapLines(outcomeWords(e, run.state), w-3), "   ")...)
	}
	for _, l := range heads {
		d.head = append(d.head, s.dim.Render(l))
	}
	said := strings.TrimRight(run.state.Output, "\n ")
	switch {
	case run.ended != nil && len(run.ended.Erased) > 0 && said == "":
		d.output = []string{"   " + e.t("room.erased")}
	case said == "" && run.state.Ended:
		d.output = []string{"   " + s.dim.Render(e.t("room.no_output"))}
	case said != "":
		lines := strings.Split(said, "\n")
		if !whole && len(lines) > recent {
			d.before = len(lines) - recent
			lines = lines[d.before:]
		}
		for _, l := range strings.Split(e.show(strings.Join(lines, "\n")), "\n") {
			d.output = append(d.output, indent(wrapLines(l, max(1, w-3)), "   ")...)
		}
	}
	if of == step {
		d.tail = append(d.tail, r.expectation(e, step, run, w)...)
	}
}

// expectation compares the output with what the runbook expects.
func (r *room) expectation(e *env, step *runbooks.Step, run shownRun, w int) []string {
	b, _, _, ok := r.atHand(step)
	if !ok || !run.state.Ended || b.Expect == "" {
		return nil
	}
	s := e.style
	verdict := s.tick + " " + e.t("room.met")
	if !incidents.Expected(b.Block, run.state.Output) {
		verdict = s.bold.Render(s.cross + " " + e.t("room.not_met"))
	}
	want := e.t("room.expected", b.Expect)
	if b.ExpectAbsent {
		want = e.t("room.expected_absent", b.Expect)
	}
	return []string{s.ends(want, verdict, w)}
}

// statusLines say who marked the step, and why.
func (r *room) statusLines(e *env, step *runbooks.Step, w int) []string {
	st := r.status(step.ID)
	var line string
	switch st.Status {
	case runbooks.StepDone:
		line = e.t("room.was_done", st.By, e.clock(st.At))
		if st.Reason != "" { // why it did not wait
			line += ": " + e.show(st.Reason)
		}
	case runbooks.StepSkipped:
		line = e.t("room.was_skipped", st.By, e.clock(st.At), st.Reason)
	case runbooks.StepNA:
		line = markedNA(e, st)
	case runbooks.StepFailed:
		line = e.t("room.was_failed", st.By, e.clock(st.At), st.Reason)
	case runbooks.StepRunning:
		if r.running(step.ID) != nil {
			return nil
		}
		line = e.t("room.was_started", st.By, e.clock(st.At))
	default:
		return nil
	}
	mark := r.stepMark(e, step, false)
	return append([]string{""}, wrapLines(mark+" "+strings.TrimRight(line, " :"), w)...)
}

// showAll opens the step with all its output, to scroll and to mark with the mouse.
func (r *room) showAll(*env) tea.Cmd {
	step := r.step()
	if step == nil {
		return nil
	}
	copied := ""
	if run, ok := r.ran(step); ok {
		copied = run.state.Output
	}
	v := newViewer(stepName(step), copied, func(e *env, w int) []string {
		d := r.doc(e, step, w, true)
		d.title = nil // it stands above
		return d.all()
	})
	v.tail = r.running(step.ID) != nil
	return ask(v)
}
