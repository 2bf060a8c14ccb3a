package runbooks

import "maps"

// FlatStep is a step in the order in which a person walks.
type FlatStep struct {
	Section int // index into Runbook.Sections
	Depth   int // 0 for a step, 1 for a step below it
	Step    *Step
}

// Flat lists the steps in document order, sub-steps after the step that they belong to.
func Flat(b *Runbook) []FlatStep {
	var out []FlatStep
	var add func(section, depth int, steps []Step)
	add = func(section, depth int, steps []Step) {
		for i := range steps {
			out = append(out, FlatStep{Section: section, Depth: depth, Step: &steps[i]})
			add(section, depth+1, steps[i].Steps)
		}
	}
	for i := range b.Sections {
		add(i, 0, b.Sections[i].Steps)
	}
	return out
}

// NewWalk begins a walk at the runbook's first step. ID, times and incident are the Desk's to set.
func NewWalk(b *Runbook) Walk {
	w := Walk{Runbook: b.Name, Revision: b.Revision, Title: b.Title, Steps: map[string]StepState{}}
	w.Current = NextOpen(b, w, "")
	return w
}

// counted tells whether a step counts in the progress: reading does not, and a step with sub-steps is as done as they are.
func counted(s *Step) bool { return s.Kind != Read && len(s.Steps) == 0 }

// Progress counts the steps that have been done, skipped or failed, and all that count.
func Progress(b *Runbook, w Walk) (done, total int) {
	for _, f := range Flat(b) {
		if !counted(f.Step) {
			continue
		}
		total++
		switch w.Steps[f.Step.ID].Status {
		case StepDone, StepSkipped, StepFailed:
			done++
		}
	}
	return done, total
}

// NextOpen gives the ID of the first step to do after the named one, else the first before it; empty when none is left.
// An empty or unknown name starts at the top.
func NextOpen(b *Runbook, w Walk, after string) string {
	flat := Flat(b)
	start := 0
	for i, f := range flat {
		if f.Step.ID == after && after != "" {
			start = i + 1
			break
		}
	}
	for i := range flat {
		f := flat[(start+i)%len(flat)]
		if counted(f.Step) && w.Steps[f.Step.ID].Status == StepTodo {
			return f.Step.ID
		}
	}
	return ""
}

// Clone copies a walk so that its steps can be changed.
func (w Walk) Clone() Walk {
	w.Steps = maps.Clone(w.Steps)
	if w.Steps == nil {
		w.Steps = map[string]StepState{}
	}
	return w
}
