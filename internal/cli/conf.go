package cli

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"lage/internal/config"
	"lage/internal/text"
	"lage/runbooks"
)

func configCommands() []command {
	return []command{
		{name: "init", args: "[URL...]", max: -1, group: groupSetup, short: "cli.short_init", long: "cli.long_init", run: runInit},
		{name: "validate", args: "[FILE...]", max: -1, group: groupSetup, short: "cli.short_validate", long: "cli.long_validate", run: runValidate},
		{name: "schema", args: "[config]", max: 1, group: groupSetup, short: "cli.short_schema", long: "cli.long_schema", run: runSchema},
	}
}

// problemJSON is one mistake.
type problemJSON struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`
	Severity string `json:"severity"` // error or warning
	Message  string `json:"message"`
}

// runValidate reads configurations and writes all their mistakes.
func runValidate(_ context.Context, a *app) error {
	files := a.args
	if len(files) == 0 {
		path, tried, found := config.Find(a.flag("config"), a.env.Getenv("LAGE_CONFIG"), a.env.Getenv)
		if path == "" || !found {
			return &fault{code: exitConfig, msg: text.M("cli.err_nothing_to_validate", strings.Join(tried, ", ")), hint: text.M("cli.hint_init")}
		}
		files = []string{path}
	}
	var all config.Problems
	for _, f := range files {
		src, err := a.read(f)
		if err != nil {
			return &fault{code: exitConfig, msg: reason(err), err: err}
		}
		all = append(all, a.validate(f, src)...)
	}
	if a.on("json") {
		if err := a.json(a.problemsJSON(all)); err != nil {
			return err
		}
	} else {
		a.printf("%s", all.In(a.lang))
		a.println(all.Summary(a.lang))
	}
	if all.Errors() > 0 {
		return exitWith(exitConfig)
	}
	return nil
}

// validate lists the mistakes of one configuration, and what its runbooks lack: services without one, overdue reviews.
func (a *app) validate(path string, src []byte) config.Problems {
	var lib runbooks.Library
	_, problems := a.parseConfigWith(path, src, true, func(c *config.Config) []string {
		if lib, _ = runbooks.Load(c.Runbooks); len(lib.Books) == 0 { // who has no runbooks at all knows
			return nil
		}
		return uncovered(c, lib)
	})
	if p := config.CheckMode(path); p != nil {
		problems = append(problems, *p)
	}
	for _, b := range lib.Books {
		if m := b.Meta; m.Overdue(a.env.Now()) {
			due, _ := m.ReviewDue() // Overdue says that there is one
			problems = append(problems, config.Problem{File: b.Path, Line: 1, Col: 1, Warning: true, Message: text.M("library.gap_review", text.Date(a.lang, due))})
		}
	}
	return problems
}

func (a *app) problemsJSON(ps config.Problems) any {
	list := []problemJSON{}
	for _, p := range ps {
		severity := "error"
		if p.Warning {
			severity = "warning"
		}
		list = append(list, problemJSON{p.File, p.Line, p.Col, severity, p.Message.In(a.lang)})
	}
	return struct {
		Schema   string        `json:"schema"`
		Errors   int           `json:"errors"`
		Warnings int           `json:"warnings"`
		Problems []problemJSON `json:"problems"`
	}{"lage/validate/v1", ps.Errors(), ps.Warnings(), list}
}

// runInit writes a configuration to begin with. An existing file is never touched.
func runInit(ctx context.Context, a *app) error {
	if err := a.refuseExisting(); err != nil {
		return err
	}
	if len(a.args) == 0 {
		a.printf("%s", config.Example(a.lang))
		return nil
	}
	src, notes := config.FromURLs(ctx, a.lang, a.args, nil)
	for _, n := range notes {
		a.warn(n)
	}
	if src == nil {
		return &fault{code: exitFailed, msg: text.M("cli.err_init"), hint: text.M("cli.hint_init_url")}
	}
	a.printf("%s", src)
	return nil
}

// refuseExisting keeps --out from replacing a file, and makes the folder that a new one needs.
func (a *app) refuseExisting() error {
	out := a.flag("out")
	if out == "" || out == "-" {
		return nil
	}
	if _, err := os.Lstat(out); !errors.Is(err, fs.ErrNotExist) {
		return &fault{code: exitFailed, msg: text.M("cli.err_exists", out), hint: text.M("cli.hint_other_file")}
	}
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return failed("cli.err_write", cause(err), out)
	}
	return nil
}

func runSchema(_ context.Context, a *app) error {
	if len(a.args) == 1 && a.args[0] != "config" {
		return a.usage(text.M("cli.err_schema", a.args[0]))
	}
	a.printf("%s", config.SchemaIn(a.lang))
	return nil
}
