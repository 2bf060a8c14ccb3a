package cli

import (
	"context"
	"os"
	"strings"

	"lage/internal/text"
	"lage/runbooks"
)

func runbookCommands() []command {
	return []command{
		{name: "runbook list", group: groupRunbooks, short: "cli.short_runbook_list", run: runRunbookList},
		{name: "runbook show", args: "NAME|FILE", min: 1, max: 1, group: groupRunbooks, short: "cli.short_runbook_show", long: "cli.long_runbook_show", run: runRunbookShow},
		{name: "runbook run", args: "NAME|FILE", min: 1, max: 1, group: groupRunbooks, short: "cli.short_runbook_run", long: "cli.long_runbook_run", run: runRunbookRun,
			flags: []flag{{name: "incident", value: "INC", help: "cli.flag_incident"}, {name: "asset", value: "A", help: "walk.flag_asset"},
				{name: "reason", value: "TEXT", help: "walk.flag_occasion"}, {name: "change", value: "REF", help: "walk.flag_change"},
				{name: "dry-run", help: "exec.flag_dry_run"}, {name: "yes", help: "exec.flag_yes"}, {name: "confirm", value: "NAME", help: "exec.flag_confirm"}}},
		{name: "runbook drill", args: "NAME|FILE", min: 1, max: 1, group: groupRunbooks, short: "walk.short_drill", long: "walk.long_drill", run: runRunbookDrill,
			flags: []flag{{name: "asset", value: "A", help: "walk.flag_asset"}, {name: "reason", value: "TEXT", help: "walk.flag_occasion"},
				{name: "dry-run", help: "exec.flag_dry_run"}, {name: "yes", help: "exec.flag_yes"}}},
	}
}

// count gives the number of steps that want something done, and of runnable commands, inside steps and outside.
func count(b *runbooks.Runbook) (steps, commands int) {
	steps = len(toWalk(b))
	b.All(func(_ int, st *runbooks.Step) {
		commands += runnable(st.Commands)
	})
	for _, s := range b.Sections {
		commands += runnable(s.Commands)
	}
	return steps, commands
}

func runnable(blocks []runbooks.Block) int {
	n := 0
	for _, b := range blocks {
		if b.Runnable {
			n++
		}
	}
	return n
}

// looksLikeFile tells whether a person means a file: it has a folder or the ending of Markdown, or it is there.
func looksLikeFile(arg string) bool {
	if arg == "-" || strings.ContainsRune(arg, os.PathSeparator) || strings.HasSuffix(strings.ToLower(arg), ".md") {
		return true
	}
	st, err := os.Stat(arg)
	return err == nil && st.Mode().IsRegular()
}

func runRunbookShow(ctx context.Context, a *app) error {
	b, err := a.runbook(ctx, a.args[0])
	if err != nil {
		return err
	}
	if a.on("json") {
		doc, err := runbooks.JSON(b)
		if err != nil {
			return failed("cli.err_json", err)
		}
		a.printf("%s\n", strings.TrimRight(string(doc), "\n"))
		return nil
	}
	a.outline(b)
	return nil
}

// outline writes what a walk through the runbook would lead through: sections, steps, commands and why some cannot be run.
func (a *app) outline(b *runbooks.Runbook) {
	a.println(b.Title)
	for _, w := range b.Warnings {
		args := make([]any, len(w.Args))
		for i, x := range w.Args {
			args[i] = x
		}
		a.warn(text.M("cli.book_warning", b.Path, w.Line, text.M(w.Code, args...)))
	}
	for _, s := range b.Sections {
		title := s.Title
		if title == "" && len(s.Steps) == 0 && len(s.Commands) == 0 {
			continue
		}
		if s.Level > 1 || title != b.Title {
			kind := ""
			if s.Kind != runbooks.Procedure {
				kind = "  (" + a.t("cli.kind_"+string(s.Kind)) + ")"
			}
			a.printf("\n%s %s%s\n", strings.Repeat("#", max(1, s.Level)), title, kind)
		}
		a.outlineBlocks(s.Commands, "  ")
		a.outlineSteps(s.Steps, "  ")
	}
}

func (a *app) outlineSteps(steps []runbooks.Step, in string) {
	for _, st := range steps {
		line := in + strings.TrimSpace(st.Number+" "+st.Title)
		if st.Kind != runbooks.CommandStep && st.Kind != runbooks.Manual {
			line += "  (" + a.t("runbooks.step_"+string(st.Kind)) + ")"
		}
		a.println(line)
		a.outlineBlocks(st.Commands, in+"    ")
		a.outlineSteps(st.Steps, in+"  ")
	}
}

func (a *app) outlineBlocks(blocks []runbooks.Block, in string) {
	for _, b := range blocks {
		mark := "| "
		if b.Runnable {
			mark = "$ "
		}
		a.println(indent(b.Text, in+mark, in+"  "))
		a.println(in + "  (" + a.remark(b) + ")")
	}
}

// remark says what running a block may do, or why it cannot be run.
func (a *app) remark(b runbooks.Block) string {
	if b.Runnable && b.Host != "" {
		return a.t("runbooks.risk_"+string(b.Risk)) + ", " + a.where(b)
	}
	if b.Runnable {
		return a.t("runbooks.risk_" + string(b.Risk))
	}
	if b.Why == "" {
		return a.t("cli.kind_" + string(b.Kind))
	}
	why := strings.TrimSuffix(a.t(b.Why), ".")
	if b.Why == "runbooks.why_placeholder" && len(b.Placeholders) > 0 {
		why += ": " + strings.Join(b.Placeholders, ", ")
	}
	return why
}
