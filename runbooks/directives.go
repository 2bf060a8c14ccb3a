package runbooks

import (
	"regexp"
	"slices"
	"strings"
)

// directiveNames are the first words of comments that steer a step.
var directiveNames = set("step wait until signoff input expect only include undo")

var directiveWord = regexp.MustCompile(`([A-Za-z_][\w-]*)=("[^"]*"|'[^']*'|\S*)|"([^"]*)"|'([^']*)'|(\S+)`)

// directive reads a comment. ok is false for comments that are no directives.
func directive(c comment) (d Directive, ok bool) {
	name, rest := cutSpace(c.text)
	if !directiveNames[name] {
		return d, false
	}
	d = Directive{Name: name, Line: c.no, Keys: map[string]string{}}
	for _, m := range directiveWord.FindAllStringSubmatch(rest, -1) {
		switch {
		case m[1] != "":
			d.Keys[m[1]] = strings.Trim(m[2], `"'`)
		case m[5] != "":
			d.Args = append(d.Args, m[5])
		default:
			d.Args = append(d.Args, m[3]+m[4])
		}
	}
	return d, true
}

// cutSpace cuts at the first white space.
func cutSpace(s string) (first, rest string) {
	if i := strings.IndexAny(s, " \t\n"); i >= 0 {
		return s[:i], strings.TrimSpace(s[i:])
	}
	return s, ""
}

// typo is what a comment has that is meant as a directive and misspelt.
var typo = regexp.MustCompile(`^\S+\s+(?:\d+[smh]\b|[\w-]+=\S|["#]|\./)`)

// readDirectives reads the comments that are directives.
func (b *builder) readDirectives() {
	for _, c := range b.source.comments {
		if d, ok := directive(c); ok {
			b.directives = append(b.directives, d)
			continue
		}
		if name, _ := cutSpace(c.text); len(name) > 3 && typo.MatchString(c.text) {
			for known := range directiveNames {
				if distance(name, known) == 1 {
					b.source.warn(c.no, "runbooks.directive_unknown", name)
				}
			}
		}
	}
}

// stepDirective tells whether a "step" directive right below a heading makes the heading a step.
func (b *builder) stepDirective(p *part) bool {
	if p.heading == nil {
		return false
	}
	below := 1 << 30
	if len(p.nodes) > 0 {
		below = b.lineOf(p.nodes[0])
	} else {
		below = p.Line + 2
	}
	return slices.ContainsFunc(b.directives, func(d Directive) bool {
		return d.Name == "step" && d.Line > p.Line && d.Line < below && d.Line <= p.Line+2
	})
}

// direct gives each directive to the step in which it stands: the last that starts before it, in the same section. What
// stands between a heading and its first step is for the steps of the section.
func (b *builder) direct() {
	for _, d := range b.directives {
		sec := b.sectionAt(d.Line)
		if sec == nil || len(sec.Steps) == 0 {
			b.source.warn(d.Line, "runbooks.directive_lost", d.Name)
			continue
		}
		var step *Step
		walkSteps(sec.Steps, func(s *Step) {
			if s.Line <= d.Line && (step == nil || s.Line >= step.Line) {
				step = s
			}
		})
		if step == nil {
			b.directSection(sec, d)
			continue
		}
		b.apply(step, d)
	}
}

func (b *builder) sectionAt(line int) (sec *Section) {
	for i := range b.book.Sections {
		if b.book.Sections[i].Line <= line {
			sec = &b.book.Sections[i]
		}
	}
	return sec
}

// directSection applies a directive below a heading: a condition or a role to every step, what ends something to the last
// one, everything else to the first.
func (b *builder) directSection(sec *Section, d Directive) {
	switch d.Name {
	case "only":
		for i := range sec.Steps {
			b.apply(&sec.Steps[i], d)
		}
	case "signoff", "expect", "undo":
		b.apply(&sec.Steps[len(sec.Steps)-1], d)
	default:
		b.apply(&sec.Steps[0], d)
	}
}

// apply lets a directive act on a step.
func (b *builder) apply(s *Step, d Directive) {
	s.Directives = append(s.Directives, d)
	bad := func() { b.source.warn(d.Line, "runbooks.directive_value", d.Name) }
	switch d.Name {
	case "step":
		s.applyStep(d, bad)
	case "wait":
		wait, rest := leadingDuration(d.Args)
		if wait <= 0 {
			bad()
			return
		}
		s.Wait, s.WaitFor, s.WaitOffered = wait, strings.Join(rest, " "), false
	case "until":
		s.Until = Until{Check: d.Keys["check"], For: duration(d.Keys["for"]), Timeout: duration(d.Keys["timeout"])}
		if s.Until.Check == "" || d.Keys["for"] != "" && s.Until.For == 0 || d.Keys["timeout"] != "" && s.Until.Timeout == 0 || !onlyArgs(d, "ok") {
			bad()
		}
	case "signoff":
		s.SignOff = &SignOff{Role: d.Keys["role"], Distinct: has(d.Args, "distinct") || truth(d.Keys["distinct"])}
	case "input":
		if len(d.Args) == 0 || !varName.MatchString(d.Args[0]) {
			bad()
			return
		}
		s.Asks = append(s.Asks, askOf(d))
	case "expect":
		if text := strings.Join(d.Args, " "); text != "" {
			s.Expects = append(s.Expects, text)
		} else {
			bad()
		}
	case "only":
		conditions, ok := conditionsOf(d)
		if s.Only = append(s.Only, conditions...); !ok {
			bad()
		}
	case "include":
		if s.Include = strings.Join(d.Args, " "); len(d.Args) == 1 {
			b.include(s, d)
		}
	case "undo":
		s.Undo = strings.Join(d.Args, " ")
	}
	if (d.Name == "include" || d.Name == "undo") && len(d.Args) != 1 {
		bad()
	}
}

func (s *Step) applyStep(d Directive, bad func()) {
	if id := d.Keys["id"]; id != "" {
		s.ID = id
	}
	switch k := StepKind(d.Keys["kind"]); k {
	case Manual, CommandStep, Decision, CheckStep, Read:
		s.Kind = k
	case "":
	default:
		bad()
	}
	s.Role = d.Keys["role"]
	s.Optional = s.Optional || has(d.Args, "optional") || truth(d.Keys["optional"])
}

func onlyArgs(d Directive, words ...string) bool {
	for _, a := range d.Args {
		if !has(words, a) {
			return false
		}
	}
	return true
}

var (
	varName   = regexp.MustCompile(`^[A-Za-z_]\w*$`)
	condition = regexp.MustCompile(`^([A-Za-z_]\w*)(<=|>=|!=|==|=|<|>)(.+)$`)
)

func askOf(d Directive) Ask {
	a := Ask{Name: d.Args[0], Prompt: strings.Join(d.Args[1:], " "), Default: d.Keys["default"], Pattern: d.Keys["pattern"], Secret: truth(d.Keys["secret"])}
	for _, c := range strings.Split(d.Keys["choices"], ",") {
		if c = strings.TrimSpace(c); c != "" {
			a.Choices = append(a.Choices, c)
		}
	}
	return a
}

// conditionsOf reads kind=maintenance and severity<=2. ok is false when something is no condition.
func conditionsOf(d Directive) (out []Condition, ok bool) {
	ok = len(d.Keys)+len(d.Args) > 0
	keys := make([]string, 0, len(d.Keys))
	for k := range d.Keys {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		out = append(out, Condition{Key: k, Op: "=", Value: d.Keys[k]})
	}
	for _, a := range d.Args {
		m := condition.FindStringSubmatch(a)
		if m == nil {
			ok = false
			continue
		}
		if m[2] == "==" {
			m[2] = "="
		}
		out = append(out, Condition{Key: m[1], Op: m[2], Value: strings.Trim(m[3], `"'`)})
	}
	return out, ok
}
