package cli

import (
	"context"
	"path/filepath"
	"slices"

	"lage/internal/config"
	"lage/internal/text"
	"lage/runbooks"
	"lage/store"
	"lage/ui"
)

// Library gives the runbooks of the folder with what is known of each.
func (r *reader) Library(ctx context.Context) (ui.Shelf, error) {
	lib, errs := r.library()
	shelf := ui.Shelf{Dir: lib.Dir, Services: len(r.conf().Services), Uncovered: []string{}}
	for _, err := range errs {
		shelf.Unread = append(shelf.Unread, reason(err))
	}
	var stats map[string]store.WalkStat
	if r.s.store != nil {
		var err error
		if stats, err = r.s.store.WalkStats(ctx); err != nil {
			return shelf, err
		}
	}
	checks := r.withRunbooks(r.conf().Checks)
	for _, b := range lib.Books {
		st := stats[b.Name]
		book := ui.ShelfBook{Book: b, Findings: r.findings(b), Walks: st.Walks, Drills: st.Drills, LastUse: st.LastUse, LastIn: st.LastIn,
			LastDrill: st.LastDrill, Median: st.Median, Checks: []string{}, Services: []string{}}
		book.Steps, book.Commands = count(b)
		for _, p := range b.Meta.Requires {
			book.Needs = append(book.Needs, ui.Need{Program: p, Found: r.s.app.program(p) != ""})
		}
		for _, c := range checks {
			if c.Runbook == b.Name {
				book.Checks = append(book.Checks, c.ID)
				book.Services = append(book.Services, c.Service)
			}
		}
		for _, s := range r.conf().Services {
			if s.Runbook == b.Name || slices.Contains(b.Meta.Services, s.ID) {
				book.Services = append(book.Services, s.ID)
			}
		}
		slices.Sort(book.Services)
		book.Services = slices.Compact(book.Services)
		shelf.Books = append(shelf.Books, book)
	}
	shelf.Uncovered = append(shelf.Uncovered, uncovered(r.conf(), lib)...)
	return shelf, nil
}

// findings looks through a runbook. Looking again at what has not changed would keep a screen waiting.
func (r *reader) findings(b *runbooks.Runbook) []runbooks.Finding {
	r.mu.Lock()
	list, known := r.flaws[b.Revision]
	r.mu.Unlock()
	if known {
		return list
	}
	around := aroundOf(r.conf())
	around.Now = r.s.app.env.Now()
	around.Linked = func(to string) (*runbooks.Runbook, bool) { return linked(filepath.Dir(b.Path), to) }
	list = runbooks.Lint(b, nil, around)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.flaws == nil {
		r.flaws = map[string][]runbooks.Finding{}
	}
	r.flaws[b.Revision] = list
	return list
}

// aroundOf is what lint knows from a configuration.
func aroundOf(c *config.Config) runbooks.Around {
	a := runbooks.Around{Checks: []string{}, Services: []string{}}
	for _, k := range c.Checks {
		a.Checks = append(a.Checks, k.ID)
	}
	for _, s := range c.Services {
		a.Services = append(a.Services, s.ID)
	}
	return a
}

// uncovered lists the IDs of the services for which no runbook is named and none would be proposed.
func uncovered(c *config.Config, lib runbooks.Library) (ids []string) {
	for _, s := range c.Services {
		found := s.Runbook != "" || len(lib.Match(runbooks.Wanted{Service: s.ID})) > 0
		for _, k := range c.Checks {
			if k.Service == s.ID && !found {
				found = k.Runbook != "" || len(lib.Match(runbooks.Wanted{Checks: []string{k.ID}})) > 0
			}
		}
		if !found {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

func runRunbookList(ctx context.Context, a *app) error {
	s, err := a.look(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	shelf, err := s.reader.Library(ctx)
	if err != nil {
		return failed("cli.err_read", err)
	}
	for _, m := range shelf.Unread {
		a.warn(text.M("cli.warning", m))
	}
	if a.on("json") {
		return a.json(a.shelfJSON(shelf))
	}
	if len(shelf.Books) == 0 {
		a.println(a.t("cli.no_runbooks"))
		return nil
	}
	a.shelfTable(shelf)
	a.shelfFindings(shelf)
	return nil
}

func (a *app) shelfTable(shelf ui.Shelf) {
	rows := [][]string{{a.t("library.col_runbook"), a.t("library.col_steps"), a.t("library.col_reviewed"), a.t("library.col_drilled"),
		a.t("library.col_used"), a.t("library.col_median"), a.t("library.col_owner"), a.t("library.col_title")}}
	or := func(known bool, value string) string {
		if !known {
			return "-"
		}
		return value
	}
	for _, b := range shelf.Books {
		m := b.Book.Meta
		rows = append(rows, []string{b.Book.Name, text.Number(a.lang, float64(b.Steps), 0), or(!m.ReviewedOn.IsZero(), text.Date(a.lang, m.ReviewedOn)),
			or(!b.LastDrill.IsZero(), text.Date(a.lang, b.LastDrill.In(a.zone))), or(!b.LastUse.IsZero(), b.LastIn),
			or(b.Median > 0, text.Duration(a.lang, b.Median)), or(m.Owner != "", m.Owner), b.Book.Title})
	}
	columns(a.out, rows)
}

// shelfFindings says what is missing before one can rely on the library.
func (a *app) shelfFindings(shelf ui.Shelf) {
	var lines []string
	now := a.env.Now()
	for _, b := range shelf.Books {
		for _, m := range a.bookGaps(b, now) {
			lines = append(lines, "  "+b.Book.Name+": "+m.In(a.lang))
		}
	}
	for _, id := range shelf.Uncovered {
		lines = append(lines, "  "+a.t("library.gap_service", id))
	}
	if len(lines) == 0 {
		return
	}
	a.println("")
	a.println(a.t("library.findings", len(lines)))
	for _, l := range lines {
		a.println(l)
	}
}
