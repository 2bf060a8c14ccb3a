package cli

import "lage/runbooks"

type lintFindingJSON struct {
	Code     string `json:"code"`
	Severity string `json:"severity"` // error or warning
	Line     int    `json:"line"`
	Column   int    `json:"column"`
	Message  string `json:"message"`
}

type lintStepJSON struct {
	Number string `json:"number"`
	ID     string `json:"id"`
	Title  string `json:"title"`
	Kind   string `json:"kind"`
	Depth  int    `json:"depth"` // 0 for steps of a section itself
	Line   int    `json:"line"`
}

type lintFileJSON struct {
	Path     string            `json:"path"`
	Name     string            `json:"name"`
	Title    string            `json:"title"`
	Steps    int               `json:"steps"`    // that a walk counts
	Commands int               `json:"commands"` // that can be run
	Outline  []lintStepJSON    `json:"outline"`
	Findings []lintFindingJSON `json:"findings"`
}

// document is the JSON form of all that was looked through.
func (l *lintRun) document(problems, remarks int) any {
	files := []lintFileJSON{}
	for _, f := range l.list {
		doc := lintFileJSON{Path: f.book.Path, Name: f.book.Name, Title: f.book.Title, Outline: []lintStepJSON{}, Findings: []lintFindingJSON{}}
		doc.Steps, doc.Commands = count(f.book)
		for _, s := range runbooks.Flat(f.book) {
			doc.Outline = append(doc.Outline, lintStepJSON{s.Step.Number, s.Step.ID, s.Step.Title, string(s.Step.Kind), s.Depth, s.Step.Line})
		}
		for _, x := range f.findings {
			severity := "warning"
			if x.Problem {
				severity = "error"
			}
			doc.Findings = append(doc.Findings, lintFindingJSON{x.Code(), severity, x.Line, x.Column, x.Message.In(l.lang)})
		}
		files = append(files, doc)
	}
	return struct {
		Schema   string         `json:"schema"`
		Errors   int            `json:"errors"`
		Warnings int            `json:"warnings"`
		Files    []lintFileJSON `json:"files"`
	}{"lage/runbook-lint/v1", problems, remarks, files}
}
