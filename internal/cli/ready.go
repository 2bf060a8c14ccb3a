package cli

import (
	"context"
	"slices"
	"strings"
	"time"

	"lage/incidents"
	"lage/internal/text"
	"lage/services"
	"lage/ui"
)

func readyCommands() []command {
	return []command{
		{name: "ready", args: "[SERVICE...]", max: -1, group: groupSetup, short: "library.short_ready", long: "library.long_ready", run: runReady},
	}
}

// gap is something that is missing before one can rely on what is prepared for a service.
type gap struct {
	Code    string `json:"code"`
	Check   string `json:"check,omitempty"`
	Runbook string `json:"runbook,omitempty"`
	Message string `json:"message"`
}

type readyJSON struct {
	Service string `json:"service"`
	Name    string `json:"name"`
	Ready   bool   `json:"ready"`
	Gaps    []gap  `json:"gaps"`
}

// runReady says for each service what is missing: checks, runbooks, people.
func runReady(ctx context.Context, a *app) error {
	s, err := a.look(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	for _, id := range a.args {
		if err := s.knowsService(id); err != nil {
			return err
		}
	}
	shelf, err := s.reader.Library(ctx)
	if err != nil {
		return failed("cli.err_read", err)
	}
	picture, err := s.reader.Picture(ctx)
	if err != nil {
		return failed("cli.err_read", err)
	}
	list, ready := []readyJSON{}, true
	for _, p := range picture.Services {
		if len(a.args) > 0 && !slices.Contains(a.args, p.Service.ID) {
			continue
		}
		one := readyJSON{Service: p.Service.ID, Name: p.Service.Title(string(a.lang)), Gaps: a.gaps(p, shelf)}
		one.Ready = len(one.Gaps) == 0
		ready = ready && one.Ready
		list = append(list, one)
	}
	if a.on("json") {
		err = a.json(struct {
			Schema   string      `json:"schema"`
			Ready    bool        `json:"ready"`
			Services []readyJSON `json:"services"`
		}{"lage/ready/v1", ready, list})
	} else {
		a.readyText(list)
	}
	if err != nil || ready {
		return err
	}
	return exitWith(exitFailed)
}

func (a *app) readyText(list []readyJSON) {
	fine := 0
	for _, s := range list {
		if s.Ready {
			fine++
			a.println(a.t("library.ready_yes", s.Service))
			continue
		}
		a.println(a.t("library.ready_no", s.Service, len(s.Gaps)))
		for _, g := range s.Gaps {
			a.println("  " + g.Message)
		}
	}
	a.println(a.t("library.ready_summary", fine, len(list)))
}

// gaps lists what is missing for a service.
func (a *app) gaps(p incidents.ServicePicture, shelf ui.Shelf) []gap {
	out := []gap{}
	add := func(check, book string, m text.Message) {
		code := strings.ReplaceAll(strings.TrimSuffix(strings.TrimPrefix(m.Code, "library.gap_"), "_of"), "_", "-")
		out = append(out, gap{code, check, book, m.In(a.lang)})
	}
	if len(p.Checks) == 0 {
		add("", "", text.M("library.gap_no_checks"))
	}
	books := []string{p.Service.Runbook}
	for _, c := range p.Checks {
		books = append(books, c.Check.Runbook)
		if c.Check.Runbook == "" {
			add(c.Check.ID, "", text.M("library.gap_check", c.Check.ID))
		}
	}
	if slices.Contains(shelf.Uncovered, p.Service.ID) && len(p.Checks) == 0 {
		add("", "", text.M("library.gap_service", p.Service.ID))
	}
	for _, b := range shelf.Books {
		if !slices.Contains(books, b.Book.Name) {
			continue
		}
		for _, m := range a.bookGaps(b, a.env.Now()) {
			add("", b.Book.Name, text.M(m.Code+"_of", append([]any{b.Book.Name}, anys(m.Args)...)...))
		}
		if b.Drills == 0 && b.Walks == 0 {
			add("", b.Book.Name, text.M("library.gap_never", b.Book.Name))
		}
	}
	for _, m := range peopleGaps(p.Service) {
		add("", "", m)
	}
	return out
}

func anys(list []string) (out []any) {
	for _, s := range list {
		out = append(out, s)
	}
	return out
}

// bookGaps lists what keeps one from relying on a runbook.
func (a *app) bookGaps(b ui.ShelfBook, now time.Time) (out []text.Message) {
	if m := b.Book.Meta; m.Overdue(now) {
		due, _ := m.ReviewDue() // Overdue says that there is one
		out = append(out, text.M("library.gap_review", text.Date(a.lang, due)))
	}
	if b.DrillOverdue(now) {
		out = append(out, text.M("library.gap_drill", text.Date(a.lang, b.LastDrill.In(a.zone))))
	}
	if missing := b.Missing(); len(missing) > 0 {
		out = append(out, text.M("library.gap_programs", strings.Join(missing, ", ")))
	}
	if n := b.Problems(); n > 0 {
		out = append(out, text.M("library.gap_problems", n))
	}
	return out
}

// peopleGaps says whether anybody is told, and who is responsible.
func peopleGaps(s services.Service) (out []text.Message) {
	if len(s.Escalation) == 0 {
		out = append(out, text.M("library.gap_nobody_told"))
	}
	if s.Owner == "" && s.Team == "" {
		out = append(out, text.M("library.gap_nobody_responsible"))
	}
	return out
}
