package runbooks

import (
	"regexp"
	"strconv"
	"strings"
)

// lastResort tells whether a section's title says that something may be lost.
func lastResort(title string) bool {
	return containsAny(strings.ToLower(title), "data loss", "last resort", "destroy", "datenverlust", "letztes mittel", "letzter ausweg", "notlöschung")
}

// warnings raises what commands risk: those of a step with a warning in it, and those of a section whose title says that
// data can be lost. What is known to read stays.
func (b *builder) warnings() {
	for i := range b.book.Sections {
		sec := &b.book.Sections[i]
		grave := lastResort(sec.Title)
		raiseRisk(sec.Commands, grave)
		raiseSteps(sec.Steps, grave)
		walkSteps(sec.Steps, func(s *Step) { sec.Warning = joinParagraphs(sec.Warning, s.Warning) })
	}
}

func raiseSteps(steps []Step, grave bool) {
	for i := range steps {
		s := &steps[i]
		g := grave || s.Warning != ""
		raiseRisk(s.Commands, g)
		raiseSteps(s.Steps, g)
	}
}

func raiseRisk(blocks []Block, grave bool) {
	for i := range blocks {
		if grave && blocks[i].Risk == RiskChange && !denied(blocks[i].Attrs["danger"]) {
			blocks[i].Risk = RiskDanger
		}
	}
}

// blocksOf calls f for each list of blocks that belong together.
func (r *Runbook) blocksOf(f func(blocks []Block)) {
	for i := range r.Sections {
		f(r.Sections[i].Commands)
		walkSteps(r.Sections[i].Steps, func(s *Step) { f(s.Commands) })
	}
}

// expect ties "text expect=NAME" fences to the command of that name, and sample output to the command above it.
func (b *builder) expect() {
	patterns := map[string]expectation{}
	b.book.blocksOf(func(blocks []Block) {
		for _, x := range blocks {
			if name := x.Attrs["expect"]; name != "" && x.Kind == BlockOutput {
				patterns[name] = pattern(x)
			}
		}
	})
	met := map[string]bool{}
	b.book.blocksOf(func(blocks []Block) {
		for i := range blocks {
			x := &blocks[i]
			if x.Kind != BlockCommand && x.Kind != BlockSession {
				continue
			}
			for _, name := range []string{x.Name, x.Attrs["expect"]} {
				if p, ok := patterns[name]; ok && name != "" {
					x.Expect, x.ExpectAbsent, met[name] = p.pattern, p.absent, true
				}
			}
			if i+1 < len(blocks) && blocks[i+1].Kind == BlockOutput && x.Example == "" && blocks[i+1].shows && blocks[i+1].Attrs["expect"] == "" {
				x.Example = blocks[i+1].Text
			}
		}
	})
	b.book.blocksOf(func(blocks []Block) {
		for _, x := range blocks {
			if name := x.Attrs["expect"]; name != "" && x.Kind == BlockOutput && !met[name] {
				b.source.warn(x.Line, "runbooks.expect_unknown", name)
			}
		}
	})
}

// expectation is what an expectation block asks for: a regular expression, and whether it must not match.
type expectation struct {
	pattern string
	absent  bool
}

func pattern(b Block) expectation {
	text := strings.TrimSpace(b.Text)
	e := expectation{pattern: text, absent: b.Attrs["match"] == "absent"}
	switch b.Attrs["match"] {
	case "contains":
		e.pattern = regexp.QuoteMeta(text)
	case "exact":
		e.pattern = `\A\s*` + regexp.QuoteMeta(text) + `\s*\z`
	default:
		if _, err := regexp.Compile(text); err != nil {
			e.pattern = regexp.QuoteMeta(text)
		}
	}
	return e
}

// fallback makes every leaf section a thing to read when the whole file has no step (rule R13).
func (b *builder) fallback() {
	for i := range b.book.Sections {
		if len(b.book.Sections[i].Steps) > 0 {
			return
		}
	}
	for i := range b.book.Sections {
		sec := &b.book.Sections[i]
		leaf := i+1 == len(b.book.Sections) || b.book.Sections[i+1].Level <= sec.Level
		if (leaf || sec.Body != "") && (sec.Body != "" || len(sec.Commands) > 0) {
			sec.makeRead(&b.parts[min(i, len(b.parts)-1)])
		}
	}
}

// identify gives every step its ID: an explicit one, or section path and title as anchors, numbered when they repeat; and
// its number: the how manieth section with steps, the how manieth step in it.
func (b *builder) identify() {
	part := 0
	for i := range b.book.Sections {
		var path []string
		if len(b.book.Sections[i].Steps) > 0 {
			part++
		}
		if i < len(b.parts) {
			for _, t := range b.parts[i].path {
				path = append(path, slug(t))
			}
		}
		b.identifySteps(b.book.Sections[i].Steps, strings.Join(path, "/"), strconv.Itoa(part))
	}
}

// shortSlug keeps IDs readable: a title's anchor, cut after about sixty letters at a word.
func shortSlug(title string) string {
	s := []rune(slug(title))
	const most = 60
	if len(s) <= most {
		return string(s)
	}
	cut := string(s[:most])
	if i := strings.LastIndexByte(cut, '-'); i > most/2 {
		cut = cut[:i]
	}
	return cut
}

func (b *builder) identifySteps(steps []Step, path, number string) {
	for i := range steps {
		s := &steps[i]
		s.Number = number + "." + strconv.Itoa(i+1)
		explicit := s.ID != ""
		if !explicit {
			s.ID = strings.TrimPrefix(path+"/"+shortSlug(s.Title), "/")
		}
		if s.ID == "" || strings.HasSuffix(s.ID, "/") {
			s.ID += "step"
		}
		own := s.ID
		if b.ids[own]++; b.ids[own] > 1 {
			if explicit {
				b.source.warn(s.Line, "runbooks.duplicate_id", own)
			}
			for s.ID = own + "#" + strconv.Itoa(b.ids[own]); b.ids[s.ID] > 0; s.ID = own + "#" + strconv.Itoa(b.ids[own]) {
				b.ids[own]++
			}
			b.ids[s.ID]++
		}
		b.identifySteps(s.Steps, s.ID, s.Number)
	}
}
