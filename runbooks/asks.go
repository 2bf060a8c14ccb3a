package runbooks

import "strings"

// Applies tells whether the step is meant for walks of a kind. A drill goes through all of them; what a condition asks for
// besides the kind is for the person to judge.
func (s *Step) Applies(k WalkKind) bool {
	if k == ForDrill || k == "" {
		return true
	}
	for _, c := range s.Only {
		if c.Key != "kind" || c.Value == "both" {
			continue
		}
		if is := c.Value == string(k); c.Op == "=" && !is || c.Op == "!=" && is {
			return false
		}
	}
	return true
}

// Waits tells whether the step is not done before a time has passed or a check is well.
func (w Wants) Waits() bool { return w.Wait > 0 && !w.WaitOffered || w.Until.Check != "" }

// Asks lists the values that the runbook asks for, each once: those of the front matter, of input directives, and the
// placeholders of commands that a person can fill in.
func Asks(b *Runbook) []Ask {
	if b == nil {
		return nil
	}
	var out []Ask
	seen := map[string]bool{}
	add := func(a Ask) {
		if id := InputName(a.Name); id != "" && !seen[id] {
			seen[id] = true
			out = append(out, a)
		}
	}
	for _, v := range b.Meta.Vars {
		add(Ask{Name: v.Name, Prompt: v.Prompt, Default: v.Default, Pattern: v.Pattern, Choices: v.Choices, Secret: v.Secret})
	}
	b.All(func(_ int, s *Step) {
		for _, a := range s.Asks {
			add(a)
		}
	})
	b.blocksOf(func(blocks []Block) {
		for _, x := range blocks {
			if !actionable(x.Kind) {
				continue
			}
			for _, p := range x.Placeholders {
				add(Ask{Name: p})
			}
		}
	})
	return out
}

// InputName is under what a value stands in a walk: <pod-name> and <pod_name> are the same. It is empty for what has no
// name, such as "...".
func InputName(s string) string { return strings.Trim(normal(s), "._ …") }

// Safe tells whether a value is made of letters, digits and signs alone that mean nothing to a shell.
func Safe(value string) bool {
	for _, r := range value {
		if !strings.ContainsRune("._:/@=+,-", r) && (r > 127 || !isAlnum(byte(r))) {
			return false
		}
	}
	return true
}

func isAlnum(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// Target finds the step that a link inside the runbook means ("#anchor"): the first one of the section of that name, or
// the step whose ID ends in it. A link without an anchor means the first step. It is empty where nothing fits.
func Target(b *Runbook, link string) string {
	_, anchor, ok := strings.Cut(link, "#")
	flat := Flat(b)
	for _, f := range flat {
		_, last, _ := cutLast(f.Step.ID)
		if !ok || f.Step.ID == anchor || last == anchor {
			return f.Step.ID
		}
	}
	for i, s := range b.Sections {
		if s.Anchor != anchor {
			continue
		}
		for _, f := range flat {
			if f.Section >= i {
				return f.Step.ID
			}
		}
	}
	return ""
}

func cutLast(id string) (before, last string, ok bool) {
	i := strings.LastIndexByte(id, '/')
	if i < 0 {
		return "", id, false
	}
	return id[:i], id[i+1:], true
}

// Runs tells whether the step has something to run or to type somewhere, and is not done by a word alone.
func Runs(s *Step) bool { return acts(s.Commands) }

// Left lists what a walk through the runbook leaves open: steps to do, and steps that nobody has signed off.
func Left(b *Runbook, w Walk) (todo, unsigned []*Step) {
	for _, s := range Counted(b, w) {
		st := w.At(b, s.ID)
		if !st.Status.Over() && !s.Optional {
			todo = append(todo, s)
		}
	}
	for _, s := range relevant(b, w) {
		if st := w.At(b, s.Step.ID); s.Step.SignOff != nil && !st.Status.passed() && len(st.Signed) == 0 {
			unsigned = append(unsigned, s.Step)
		}
	}
	return todo, unsigned
}
