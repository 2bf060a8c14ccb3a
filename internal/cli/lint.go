package cli

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"lage/internal/clean"
	"lage/internal/text"
	"lage/runbooks"
)

func lintCommands() []command {
	return []command{
		{name: "runbook lint", args: "[NAME|FILE|DIR...]", max: -1, group: groupRunbooks, short: "lint.short", long: "lint.long", run: runLint,
			flags: []flag{{name: "format", value: "FORMAT", help: "lint.flag_format", words: []string{"text", "json", "github"}}, {name: "strict", help: "lint.flag_strict"}}},
	}
}

// linted is one runbook that was looked through.
type linted struct {
	book     *runbooks.Runbook
	findings []runbooks.Finding
}

// lintRun is one call of runbook lint.
type lintRun struct {
	*app
	around runbooks.Around
	folder string // the configured one; empty when there is none
	lib    runbooks.Library
	list   []linted
}

// runLint looks through runbooks and writes what is wrong with them.
func runLint(_ context.Context, a *app) error {
	format := a.flag("format")
	if a.on("json") {
		format = "json"
	}
	l := &lintRun{app: a, around: runbooks.Around{Now: a.env.Now()}}
	l.configured()
	if err := l.collect(); err != nil {
		return err
	}
	problems, remarks := l.count()
	switch format {
	case "json":
		if err := a.json(l.document(problems, remarks)); err != nil {
			return err
		}
	case "github":
		l.github()
	default:
		l.text(problems, remarks)
	}
	if problems > 0 || remarks > 0 && a.on("strict") {
		return exitWith(exitConfig)
	}
	return nil
}

// configured learns checks, services and the folder from the configuration, where there is a valid one.
func (l *lintRun) configured() {
	path, src, err := l.configSource()
	if path == "" || err != nil {
		return
	}
	conf, _ := l.parseConfig(path, src, false) // what is wrong with it says lage validate
	if conf == nil {
		return
	}
	l.folder = conf.Runbooks
	l.around = aroundOf(conf)
	l.around.Now = l.env.Now()
	if l.folder != "" {
		l.lib, _ = runbooks.Load(l.folder) // what cannot be read is reported where it is asked for
	}
}

// collect looks through what the arguments name.
func (l *lintRun) collect() error {
	if len(l.args) == 0 {
		if l.folder == "" {
			return &fault{code: exitConfig, msg: text.M("lint.no_folder"), hint: text.M("lint.hint_no_folder")}
		}
		return l.dir(l.folder)
	}
	for _, arg := range l.args {
		if err := l.argument(arg); err != nil {
			return err
		}
	}
	return nil
}

func (l *lintRun) argument(arg string) error {
	if fi, err := os.Stat(arg); err == nil && fi.IsDir() && !l.forced {
		return l.dir(arg)
	}
	if !l.forced && looksLikeFile(arg) {
		return l.file(arg)
	}
	b, near := l.lib.Find(arg)
	if b == nil {
		f := &fault{code: exitNotFound, msg: text.M("cli.err_runbook", arg), hint: text.M("cli.hint_runbook_list")}
		if len(near) > 0 {
			f.hint = text.M("cli.hint_mean", strings.Join(near, ", "))
		}
		return f
	}
	return l.kept(b)
}

// dir looks through every Markdown file below a folder. A file that cannot be read is a finding: nobody has looked at it.
func (l *lintRun) dir(dir string) error {
	lib, errs := runbooks.Load(dir)
	for _, err := range errs {
		var file *runbooks.FileError
		if !errors.As(err, &file) || file.Path == dir {
			return &fault{code: exitFailed, msg: reason(err), err: err}
		}
		unread := &runbooks.Runbook{Name: file.Path, Path: filepath.Join(dir, filepath.FromSlash(file.Path))}
		l.list = append(l.list, linted{unread, []runbooks.Finding{{Problem: true, Line: 1, Column: 1, Message: file.Message()}}})
	}
	if len(lib.Books)+len(errs) == 0 {
		return &fault{code: exitNotFound, msg: text.M("lint.nothing", dir), hint: text.M("lint.hint_no_folder")}
	}
	for _, b := range lib.Books {
		if err := l.kept(b); err != nil {
			return err
		}
	}
	return nil
}

// kept looks through a runbook of a folder, which it takes words and steps from.
func (l *lintRun) kept(b *runbooks.Runbook) error {
	src, err := l.read(b.Path)
	if err != nil {
		return err
	}
	l.look(b, src)
	return nil
}

func (l *lintRun) file(path string) error {
	src, err := l.read(path)
	if err != nil {
		return err
	}
	l.look(bookOf(path, src), src)
	return nil
}

func (l *lintRun) look(b *runbooks.Runbook, src []byte) {
	around := l.around
	if b.Path != "stdin.md" {
		around.Linked = func(to string) (*runbooks.Runbook, bool) { return linked(filepath.Dir(b.Path), to) }
	}
	l.list = append(l.list, linted{b, runbooks.Lint(b, src, around)})
}

// linked looks a file up that a runbook names.
func linked(dir, to string) (*runbooks.Runbook, bool) {
	path := filepath.Join(dir, filepath.FromSlash(to))
	fi, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || err != nil {
		return nil, false
	}
	if ext := strings.ToLower(filepath.Ext(path)); !fi.Mode().IsRegular() || ext != ".md" && ext != ".markdown" {
		return nil, true
	}
	book, err := runbooks.ReadFile(path)
	if err != nil {
		return nil, true // it is there; what is wrong with it is said where it is looked through itself
	}
	return book, true
}

func (l *lintRun) count() (problems, remarks int) {
	for _, f := range l.list {
		for _, x := range f.findings {
			if x.Problem {
				problems++
			} else {
				remarks++
			}
		}
	}
	return problems, remarks
}

// text writes findings for people: for one runbook what would be walked comes first.
func (l *lintRun) text(problems, remarks int) {
	for i, f := range l.list {
		switch steps, commands := count(f.book); {
		case len(l.list) == 1:
			quiet := *f.book
			quiet.Warnings = nil // they are among the findings
			l.outline(&quiet)
			if len(f.findings) > 0 {
				l.println("")
			}
		default:
			l.println(l.t("lint.file_fine", l.shown(f.book.Path), steps, commands))
		}
		for _, x := range f.findings {
			code := "lint.line_remark"
			if x.Problem {
				code = "lint.line_problem"
			}
			l.println(l.t(code, l.shown(l.list[i].book.Path), x.Line, x.Column, x.Message, x.Code()))
		}
	}
	l.println(l.t("lint.summary", len(l.list), problems, remarks))
}

// shown makes a path fit for one line of output.
func (l *lintRun) shown(path string) string { return clean.Line(path) }

// github writes findings as annotations of a workflow run.
func (l *lintRun) github() {
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	data := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	for _, f := range l.list {
		for _, x := range f.findings {
			level := "warning"
			if x.Problem {
				level = "error"
			}
			l.printf("::%s file=%s,line=%d,col=%d,title=%s::%s\n", level, property.Replace(filepath.ToSlash(l.shown(f.book.Path))),
				x.Line, x.Column, property.Replace(x.Code()), data.Replace(x.Message.In(l.lang)))
		}
	}
}
