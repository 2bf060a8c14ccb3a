package runbooks

import "encoding/json"

// schema names the form of Document for readers outside.
const schema = "lage/runbook/v1"

// The JSON form of a runbook. Lists are never null.
type (
	docBook struct {
		Schema   string       `json:"schema"`
		Title    string       `json:"title"`
		Sections []docSection `json:"sections"`
		Name     string       `json:"name"`
		Path     string       `json:"path"`
		Revision string       `json:"revision"`
		Warnings []docWarning `json:"warnings"`
	}
	docSection struct {
		Title    string      `json:"title"`
		Level    int         `json:"level"`
		Kind     SectionKind `json:"kind"`
		Commands []docBlock  `json:"commands"`
		Steps    []docStep   `json:"steps"`
		Line     int         `json:"line"`
	}
	docStep struct {
		ID       string      `json:"id"`
		Title    string      `json:"title"`
		Kind     StepKind    `json:"kind"`
		Commands []docBlock  `json:"commands"`
		Steps    []docStep   `json:"steps"`
		Number   string      `json:"number"`
		Line     int         `json:"line"`
		Optional bool        `json:"optional,omitempty"`
		Warning  string      `json:"warning,omitempty"`
		Choices  []docChoice `json:"choices,omitempty"`
		Wants    *docWants   `json:"wants,omitempty"`
	}
	docChoice struct {
		Label  string `json:"label"`
		Target string `json:"target"`
	}
	docBlock struct {
		Kind         BlockKind `json:"kind"`
		Text         string    `json:"text"`
		Source       string    `json:"source,omitempty"` // as it stands in the file; left out when it is the text
		Runnable     bool      `json:"runnable"`
		Lang         string    `json:"lang,omitempty"`
		Name         string    `json:"name,omitempty"`
		Line         int       `json:"line"`
		Risk         Risk      `json:"risk,omitempty"`
		Why          string    `json:"why,omitempty"`
		Placeholders []string  `json:"placeholders,omitempty"`
		Example      string    `json:"example,omitempty"`
		Expect       string    `json:"expect,omitempty"`
		Background   bool      `json:"background,omitempty"`
		Host         string    `json:"host,omitempty"`
	}
	docWarning struct {
		Line int      `json:"line"`
		Code string   `json:"code"`
		Args []string `json:"args,omitempty"`
	}
)

// JSON writes a runbook as the document "lage/runbook/v1", indented, with a line end.
func JSON(r *Runbook) ([]byte, error) {
	d := docBook{Schema: schema, Title: r.Title, Name: r.Name, Path: r.Path, Revision: r.Revision, Sections: []docSection{}, Warnings: []docWarning{}}
	for _, s := range r.Sections {
		d.Sections = append(d.Sections, docSection{Title: s.Title, Level: s.Level, Kind: s.Kind, Line: s.Line, Commands: docBlocks(s.Commands), Steps: docSteps(s.Steps)})
	}
	for _, w := range r.Warnings {
		d.Warnings = append(d.Warnings, docWarning(w))
	}
	b, err := json.MarshalIndent(d, "", "  ")
	return append(b, '\n'), err
}

func docSteps(steps []Step) []docStep {
	out := []docStep{}
	for _, s := range steps {
		d := docStep{ID: s.ID, Title: s.Title, Kind: s.Kind, Number: s.Number, Line: s.Line, Optional: s.Optional, Warning: s.Warning, Commands: docBlocks(s.Commands), Steps: docSteps(s.Steps)}
		d.Wants = docWantsOf(s.Wants)
		for _, c := range s.Choices {
			d.Choices = append(d.Choices, docChoice(c))
		}
		out = append(out, d)
	}
	return out
}

func docBlocks(blocks []Block) []docBlock {
	out := []docBlock{}
	for _, b := range blocks {
		if b.Source == b.Text {
			b.Source = ""
		}
		out = append(out, docBlock{Kind: b.Kind, Source: b.Source, Text: b.Text, Runnable: b.Runnable, Lang: b.Lang, Name: b.Name, Line: b.Line, Risk: b.Risk, Why: b.Why, Placeholders: b.Placeholders, Example: b.Example, Expect: b.Expect, Background: b.Background, Host: b.Host})
	}
	return out
}
