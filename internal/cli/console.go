package cli

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"time"

	"lage/internal/config"
	"lage/internal/text"
	"lage/ui"
)

func consoleCommands() []command {
	flags := []flag{
		{name: "incident", value: "INC", help: "cli.flag_open_incident"},
		{name: "read-only", help: "cli.flag_read_only"},
	}
	return append([]command{
		{name: "", group: groupWatch, short: "cli.short_console", long: "cli.long_console", flags: flags, run: runConsole},
		{name: "tui", group: groupWatch, short: "cli.short_tui", long: "cli.long_console", flags: flags, run: runConsole},
	}, demoCommands()...)
}

// changesWithin is how soon the console notices what another process wrote.
const changesWithin = 250 * time.Millisecond

// runConsole shows the console; where that cannot be, the state of the services.
func runConsole(ctx context.Context, a *app) error {
	if !a.hasScreen() {
		if a.cmd.name == "tui" {
			return a.mayAsk(text.M("cli.err_console_input"))
		}
		return a.consoleText(ctx)
	}
	s, err := a.openConsole(ctx)
	if err != nil || s == nil {
		return err
	}
	defer s.close()
	return s.console(ctx, consoleOptions{plain: a.plain()})
}

// hasScreen tells whether a console can be shown: there is a terminal, or running text is asked for, and questions are
// allowed.
func (a *app) hasScreen() bool {
	screen := a.env.StdinTerminal && a.env.StdoutTerminal || a.on("plain")
	return screen && !a.on("no-input") && !a.on("json")
}

// plain tells whether the console is running text.
func (a *app) plain() bool {
	return a.on("plain") || a.env.Getenv("TERM") == "dumb" || yes(a.env.Getenv("ACCESSIBLE")) || yes(a.env.Getenv("LAGE_PLAIN"))
}

// yes reads a switch from the environment.
func yes(v string) bool { return v != "" && v != "0" && v != "false" && v != "no" }

// consoleText is the console where there is no terminal: the state of the services, with its exit code.
func (a *app) consoleText(ctx context.Context) error {
	s, err := a.open(ctx, toRead, false)
	if err != nil {
		return err
	}
	defer s.close()
	if s.inForce() == nil {
		return a.advice(s)
	}
	if !s.banner.IsZero() {
		a.warn(text.M("cli.warning", s.banner))
	}
	return s.status(ctx, nil)
}

// advice says how to begin where there is no configuration: an answer for a person, an UNKNOWN for a program. A file that
// is there but broken is a mistake.
func (a *app) advice(s *session) error {
	if !s.banner.IsZero() {
		return s.noConfig()
	}
	file := cmp.Or(config.UserConfig(a.env.Getenv), "FILE")
	for _, line := range []string{a.t("cli.no_config_1"), a.t("cli.no_config_2"), a.t("cli.no_config_3", file)} {
		a.println(line)
	}
	if a.env.StdoutTerminal {
		return nil
	}
	return exitWith(exitConfig)
}

// openConsole opens a session for the console. A database that cannot be written is shown read-only, with a banner. A nil
// session means that the person has been told how to begin.
func (a *app) openConsole(ctx context.Context) (*session, error) {
	s, err := a.open(ctx, toRead, true)
	if err == nil && s.inForce() == nil {
		defer s.close()
		return nil, a.advice(s)
	}
	if err == nil {
		s.close()
	}
	if a.mayOnlyLook() {
		return a.open(ctx, toRead, true)
	}
	s, err = a.open(ctx, toMake, true)
	if err == nil {
		return s, nil
	}
	f := a.asFault(err)
	s, rerr := a.open(ctx, toRead, true)
	if rerr != nil || s.store == nil {
		return nil, err
	}
	s.banner = text.M("cli.banner_read_only", f.msg)
	return s, nil
}

// consoleOptions say how a console differs from the ordinary one.
type consoleOptions struct {
	plain   bool
	coach   bool   // the demo's hints
	reports string // folder for exports; empty means the ordinary one
}

// console shows the console and polls beside it where nobody else does.
func (s *session) console(ctx context.Context, o consoleOptions) error {
	a := s.app
	incident := ""
	if ref := a.flag("incident"); ref != "" {
		id, err := s.named(ctx, ref)
		if err != nil {
			return err
		}
		incident = id
	}
	conf := s.inForce()
	readOnly := a.mayOnlyLook() || s.store == nil || s.store.ReadOnly()
	measures := !readOnly && !s.blind && conf != nil && s.personal // on a shared database only lage run does
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var wg sync.WaitGroup
	if measures {
		if err := s.store.SaveConfig(ctx, conf.Path, conf.Source); err != nil {
			return err
		}
		wg.Go(func() {
			p := &poller{s: s, kind: kindConsole, say: func(text.Message) {}} // the board shows who polls, and trouble
			_ = p.run(ctx)                                                    // ends with ctx only
		})
	}
	wrote := &written{}
	deps := s.deps(ctx, o, incident, readOnly, measures, wrote)
	summary, err := s.show(ctx, deps, o.plain)
	s.leave(ctx)
	cancel()
	wg.Wait()
	if err != nil && !errors.Is(err, context.Canceled) {
		return failed("cli.err_console", err)
	}
	a.goodbye(summary, wrote.all())
	return nil
}

func (s *session) deps(ctx context.Context, o consoleOptions, incident string, readOnly, measures bool, wrote *written) ui.Deps {
	a := s.app
	var changes <-chan struct{}
	if s.store != nil {
		changes = s.store.Changes(ctx, changesWithin)
	}
	return ui.Deps{
		Desk: s.desk, Reader: &present{reader: s.reader, silent: readOnly}, Runner: s.runs, Tester: tester{s},
		Exporter: exporter{s, cmp.Or(o.reports, s.reports()), wrote},
		Changes:  changes, Now: a.env.Now, Mend: s.measureAgain,
		Options: ui.Options{
			Lang: a.lang, Zone: s.zone(), Person: s.who, ASCII: a.ascii(), NoColor: a.noColor(), Theme: a.theme(), ReadOnly: readOnly, Trusted: s.inForce() != nil && s.inForce().Trusted,
			Incident: incident, Banner: s.banner, Coach: o.coach, Measures: measures, Version: version().Version,
		},
	}
}

// show runs the console in its form.
func (s *session) show(ctx context.Context, d ui.Deps, plain bool) (ui.Summary, error) {
	if plain {
		return ui.Summary{}, ui.Plain(ctx, d, s.app.env.Stdin, s.app.out)
	}
	return ui.Run(ctx, d, s.app.env.Stdin, s.app.env.Stdout)
}

// goodbye says after the console what is out of sight now: reports that were written, and what is still open.
func (a *app) goodbye(sum ui.Summary, reports []string) {
	for _, path := range reports {
		a.println(a.t("cli.report_at", path))
	}
	if len(sum.Open) == 0 {
		return
	}
	a.println(a.t("cli.open_incidents"))
	columns(a.out, a.incidentRows(sum.Open))
}

// ascii tells whether the console has to do with ASCII: asked for, or the locale is not UTF-8.
func (a *app) ascii() bool {
	switch glyphs := a.env.Getenv("LAGE_GLYPHS"); {
	case a.on("ascii") || glyphs == "ascii":
		return true
	case glyphs == "unicode":
		return false
	}
	if a.env.Getenv("TERM") == "linux" { // the kernel's console has few glyphs
		return true
	}
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := a.env.Getenv(name); v != "" {
			return !utf8Locale(v)
		}
	}
	return false
}

// noColor tells whether the console does without colour.
func (a *app) noColor() bool {
	switch a.flag("color") {
	case "always":
		return false
	case "never":
		return true
	}
	return a.env.Getenv("NO_COLOR") != "" || a.env.Getenv("CLICOLOR") == "0"
}

// theme is what the person wants, "auto" where nothing says so.
func (a *app) theme() string {
	for _, t := range []string{a.flag("theme"), a.env.Getenv("LAGE_THEME")} {
		if contains([]string{"auto", "dark", "light", "contrast"}, t) {
			return t
		}
	}
	return "auto"
}
