package config

import (
	"cmp"
	"os"
	"slices"
	"strings"

	"lage/internal/clean"
	"lage/internal/text"
)

// maxProblems bounds the list: whoever sees more than this has opened the wrong file.
const maxProblems = 500

// Problem is one mistake, or one remark, with the place of the value or key at fault.
type Problem struct {
	File      string
	Line, Col int  // from 1; Col counts characters
	Warning   bool // the configuration works nevertheless
	Secret    bool // a secret that could not be read: everything else is fine, and a console can start without it
	Message   text.Message
}

// In writes the problem as compilers do, "lage.yaml:31:15: Fehler: ...".
func (p Problem) In(l text.Lang) string {
	if p.Warning {
		return text.T(l, "config.line_warning", p.File, p.Line, p.Col, p.Message)
	}
	return text.T(l, "config.line_error", p.File, p.Line, p.Col, p.Message)
}

// Problems is a list of problems in the order of the file. Its zero value means that all is well.
type Problems []Problem

// Errors counts the problems that are not warnings, unreadable secrets among them.
func (ps Problems) Errors() int { return len(ps) - ps.Warnings() }

// Warnings counts the remarks.
func (ps Problems) Warnings() int {
	n := 0
	for _, p := range ps {
		if p.Warning {
			n++
		}
	}
	return n
}

// Fatal tells whether the file cannot be used at all: there are errors besides unreadable secrets.
func (ps Problems) Fatal() bool {
	return slices.ContainsFunc(ps, func(p Problem) bool { return !p.Warning && !p.Secret })
}

// SecretsMissing tells whether a secret could not be read.
func (ps Problems) SecretsMissing() bool {
	return slices.ContainsFunc(ps, func(p Problem) bool { return p.Secret })
}

// In writes all problems, one a line, each line ended.
func (ps Problems) In(l text.Lang) string {
	var b strings.Builder
	for _, p := range ps {
		b.WriteString(p.In(l))
		b.WriteByte('\n')
	}
	return b.String()
}

// Summary counts the problems in words: "2 Fehler, 1 Warnung. ...".
func (ps Problems) Summary(l text.Lang) string {
	e, w := ps.Errors(), ps.Warnings()
	switch {
	case e > 0 && w > 0:
		return text.T(l, "config.summary_both", e, w)
	case e > 0:
		return text.T(l, "config.summary_errors", e)
	case w > 0:
		return text.T(l, "config.summary_warnings", w)
	}
	return text.T(l, "config.summary_fine")
}

// sorted puts the problems in the order of the file, without repetitions, and shortens absurd lists.
func (ps Problems) sorted() Problems {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col), strings.Compare(a.Message.Code, b.Message.Code))
	})
	ps = slices.CompactFunc(ps, func(a, b Problem) bool {
		return a.Line == b.Line && a.Col == b.Col && a.Message.Code == b.Message.Code && slices.Equal(a.Message.Args, b.Message.Args)
	})
	if len(ps) > maxProblems {
		last := ps[maxProblems-1]
		last.Message, last.Warning, last.Secret = text.M("config.more", len(ps)-maxProblems+1), false, false
		ps = append(ps[:maxProblems-1:maxProblems-1], last)
	}
	return ps
}

// CheckMode warns about a configuration file that others than its owner can write: who writes it decides which commands
// run. It returns nil when all is well, and when the file cannot be looked at.
func CheckMode(path string) *Problem {
	fi, err := os.Stat(path)
	if err != nil || fi.Mode().Perm()&0o022 == 0 {
		return nil
	}
	return &Problem{File: path, Line: 1, Col: 1, Warning: true,
		Message: text.M("config.mode", fi.Mode().Perm().String())}
}

// quote makes a piece of the file fit for a message: safe, on one line, short.
func quote(s string) string {
	s = clean.Line(s)
	if short, cut := clean.Cut(s, 80); cut {
		return short + "…"
	}
	return s
}
