package runbooks

// FlatStep is a step in the order in which a person walks.
type FlatStep struct {
	Section int   // index into Runbook.Sections
	Depth   int   // 0 for the section's own steps
	Step    *Step // points into the runbook
	Parent  *Step // the step that it belongs to; nil at depth 0
	Group   bool  // it asks for nothing itself: a walk goes through its sub-steps
}

// Flat lists the steps in document order, sub-steps after the step that they belong to.
func Flat(b *Runbook) []FlatStep {
	if b == nil {
		return nil
	}
	var out []FlatStep
	for i := range b.Sections {
		out = flatSteps(out, b.Sections[i].Steps, FlatStep{Section: i})
	}
	return out
}

func flatSteps(out []FlatStep, steps []Step, at FlatStep) []FlatStep {
	for i := range steps {
		s := &steps[i]
		at.Step, at.Group = s, group(s)
		out = append(out, at)
		out = flatSteps(out, s.Steps, FlatStep{Section: at.Section, Depth: at.Depth + 1, Parent: s})
	}
	return out
}

// group tells whether a step is nothing but its sub-steps. One that has a block to act on, or is a decision, is not.
func group(s *Step) bool { return len(s.Steps) > 0 && s.Kind != Decision && !acts(s.Commands) }

// relevant lists the steps that a walk has to do with: not those that are for other kinds of walks, nor those below a step
// that was skipped or does not apply.
func relevant(b *Runbook, w Walk) []FlatStep {
	var out []FlatStep
	below := -1 // depth of the step that takes its sub-steps out; -1 for none
	for _, f := range Flat(b) {
		if below >= 0 && f.Depth > below {
			continue
		}
		below = -1
		if !f.Step.Applies(w.Kind) {
			below = f.Depth
			continue
		}
		if w.At(b, f.Step.ID).Status.passed() {
			below = f.Depth
		}
		out = append(out, f)
	}
	return out
}

// Counted lists the steps of a walk that are to be done: no groups, none that are for other kinds of walks or below a step
// that was passed by, and nothing to read unless there is nothing else.
func Counted(b *Runbook, w Walk) []*Step {
	var steps, read []*Step
	for _, f := range relevant(b, w) {
		switch {
		case f.Group && !w.At(b, f.Step.ID).Status.passed():
		case f.Step.Kind == Read:
			read = append(read, f.Step)
		default:
			steps = append(steps, f.Step)
		}
	}
	if len(steps) == 0 {
		return read
	}
	return steps
}

// NewWalk begins a walk at the runbook's first step. ID, times and incident are the Desk's to set.
func NewWalk(b *Runbook) Walk {
	w := Walk{Runbook: b.Name, Revision: b.Revision, Title: b.Title, Steps: map[string]StepState{}}
	w.Current = NextOpen(b, w, "")
	return w
}

// Progress counts the steps that ask for nothing more (done, failed, skipped, not applicable), and all that count.
func Progress(b *Runbook, w Walk) (done, total int) {
	steps := Counted(b, w)
	for _, s := range steps {
		if w.At(b, s.ID).Status.Over() {
			done++
		}
	}
	return done, len(steps)
}

// NextOpen gives the ID of the first step to do behind the named one, else the first before it; empty when none is left.
// An empty or unknown name starts at the top. The named step itself may be the answer only when it is the last to do.
func NextOpen(b *Runbook, w Walk, after string) string {
	steps := Counted(b, w)
	start, passed := 0, 0
	for _, f := range Flat(b) { // the named step may be one that does not count
		if passed < len(steps) && f.Step == steps[passed] {
			passed++
		}
		if after != "" && f.Step.ID == after {
			start = passed
			break
		}
	}
	for i := range steps {
		s := steps[(start+i)%len(steps)]
		if w.At(b, s.ID).Status == StepTodo {
			return s.ID
		}
	}
	return ""
}
