package report

import (
	"regexp"
	"slices"
	"strings"

	"lage/incidents"
	"lage/runbooks"
)

// deviation is one way in which a walk differs from its runbook. kind is a word for programs.
type deviation struct {
	kind, id, number, title string
	reason                  string
	command, original       string // of an edited command: as it ran, and as the runbook has it
}

// deviationsOf lists the deviations in the order of the steps. What is merely not done yet is none while the walk goes on.
func deviationsOf(d walkDoc) []deviation {
	var out []deviation
	w := d.view.Walk
	ended := !w.EndedAt.IsZero()
	edits := d.edited()
	for _, s := range d.steps() {
		add := func(kind, reason string) {
			out = append(out, deviation{kind: kind, id: s.id, number: s.number, title: s.title, reason: reason})
		}
		switch s.state.Status {
		case runbooks.StepSkipped, runbooks.StepNA, runbooks.StepFailed:
			add(string(s.state.Status), s.state.Reason)
		case runbooks.StepDone:
			if s.state.Reason != "" {
				add("early", s.state.Reason)
			}
		case runbooks.StepTodo, runbooks.StepRunning:
			switch {
			case ended && s.of != nil && s.of.Optional:
			case ended && w.Kind == runbooks.ForDrill && s.of != nil && changes(s.of):
				add("drill", "")
			case ended:
				add("open", "")
			}
		}
		if ended && s.of != nil && s.of.SignOff != nil && len(s.state.Signed) == 0 && s.state.Status.Over() &&
			s.state.Status != runbooks.StepSkipped && s.state.Status != runbooks.StepNA {
			add("unsigned", "")
		}
		for _, e := range edits[s.id] {
			out = append(out, deviation{kind: "edited", id: s.id, number: s.number, title: s.title, command: e[0], original: e[1]})
		}
	}
	return out
}

// changes tells whether a step has a command that a drill only shows.
func changes(s *runbooks.Step) bool {
	return slices.ContainsFunc(s.Commands, func(b runbooks.Block) bool { return b.Runnable && b.Risk != runbooks.RiskRead })
}

// edited finds the commands that ran otherwise than the runbook has them, with what it has, by step. What was filled in for
// a placeholder is no edit.
func (d walkDoc) edited() map[string][][2]string {
	out := map[string][][2]string{}
	books := map[string]*runbooks.Step{}
	for _, s := range d.steps() {
		books[s.id] = s.of
	}
	for _, e := range d.room.Entries {
		st := books[e.Step]
		if e.Kind != incidents.KindCommandStarted || e.Command == nil || st == nil || e.HasErased("text") || len(st.Commands) == 0 {
			continue
		}
		if slices.ContainsFunc(st.Commands, func(b runbooks.Block) bool { return filled(b, e.Command.Command) }) {
			continue
		}
		out[e.Step] = append(out[e.Step], [2]string{e.Command.Command, nearest(st.Commands, e.Command.Command)})
	}
	return out
}

// filled tells whether a text is a block's, with any values for its placeholders.
func filled(b runbooks.Block, text string) bool {
	if b.Text == text || strings.TrimSpace(b.Text) == strings.TrimSpace(text) {
		return true
	}
	if len(b.Placeholders) == 0 {
		return false
	}
	pattern := regexp.QuoteMeta(strings.TrimSpace(b.Text))
	for _, p := range b.Placeholders {
		pattern = strings.ReplaceAll(pattern, regexp.QuoteMeta(p), `[^\n]*`)
	}
	re, err := regexp.Compile(`\A` + pattern + `\z`)
	return err == nil && re.MatchString(strings.TrimSpace(text))
}

// nearest gives the block that begins most like the text.
func nearest(blocks []runbooks.Block, text string) string {
	best, most := blocks[0].Text, -1
	for _, b := range blocks {
		n := 0
		for n < len(b.Text) && n < len(text) && b.Text[n] == text[n] {
			n++
		}
		if n > most {
			best, most = b.Text, n
		}
	}
	return best
}

// signoff is one signature, or one that is wanted and missing.
type signoff struct {
	step *step             // nil for the walk as a whole
	want *runbooks.SignOff // what the runbook asks for; nil for a signature that it does not ask for
	sign *runbooks.Sign    // nil while nobody has signed
}

func signoffsOf(v incidents.WalkView) []signoff {
	var out []signoff
	all := walkSteps(v)
	for i := range all {
		s := &all[i]
		var want *runbooks.SignOff
		if s.of != nil {
			want = s.of.SignOff
		}
		for j := range s.state.Signed {
			out = append(out, signoff{s, want, &s.state.Signed[j]})
		}
		passed := s.state.Status == runbooks.StepSkipped || s.state.Status == runbooks.StepNA
		if want != nil && len(s.state.Signed) == 0 && !passed {
			out = append(out, signoff{s, want, nil})
		}
	}
	for j := range v.Walk.Signed {
		out = append(out, signoff{nil, nil, &v.Walk.Signed[j]})
	}
	return out
}
