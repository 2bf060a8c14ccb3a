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
	name, rest, _ := strings.Cut(c.text, " ")
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

// directivesOf reads the comments that are directives.
func directivesOf(comments []comment) (out []Directive) {
	for _, c := range comments {
		if d, ok := directive(c); ok {
			out = append(out, d)
		}
	}
	return out
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

// direct gives each directive to the step in which it stands: the last that starts before it, in the same section.
func (b *builder) direct() {
	for _, d := range b.directives {
		var sec *Section
		for i := range b.book.Sections {
			if b.book.Sections[i].Line <= d.Line {
				sec = &b.book.Sections[i]
			}
		}
		if sec == nil {
			continue
		}
		var step *Step
		walkSteps(sec.Steps, func(s *Step) {
			if s.Line <= d.Line && (step == nil || s.Line >= step.Line) {
				step = s
			}
		})
		if step != nil {
			step.Directives = append(step.Directives, d)
			if d.Name == "step" {
				step.apply(d)
			}
		}
	}
}

func (s *Step) apply(d Directive) {
	if id := d.Keys["id"]; id != "" {
		s.ID = id
	}
	switch k := StepKind(d.Keys["kind"]); k {
	case Manual, CommandStep, Decision, CheckStep, Read:
		s.Kind = k
	}
	s.Optional = s.Optional || has(d.Args, "optional") || truth(d.Keys["optional"])
}
