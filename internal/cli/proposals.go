package cli

import (
	"slices"

	"lage/checks"
	"lage/incidents"
	"lage/internal/config"
	"lage/internal/text"
	"lage/runbooks"
)

// fitting lists the runbooks of the folder that fit something that fails, the best first.
func (r *reader) fitting(w runbooks.Wanted) []runbooks.Match {
	lib, _ := r.library() // what cannot be read is not there
	return lib.Match(w)
}

// proposals lists the runbooks for an incident: the one that is named for it first, then those that fit.
func (r *reader) proposals(room *incidents.Room) []runbooks.Match {
	w := runbooks.Wanted{Checks: room.Incident.Checks, Service: room.Incident.Service, Said: []string{room.Incident.Title}}
	for i := range room.Entries {
		switch e := &room.Entries[i]; e.Kind {
		case incidents.KindCheckDown, incidents.KindCheckDegraded, incidents.KindAlertDown, incidents.KindAlertDegraded:
			w.Said = append(w.Said, e.Message.In(text.German), e.Message.In(text.English))
		}
	}
	for _, c := range room.Checks {
		if slices.Contains(room.Incident.Checks, c.Check.ID) && c.State.Last.Outcome == checks.Bad {
			w.Said = append(w.Said, c.State.Last.Detail)
		}
	}
	list := r.fitting(w)
	named := r.named(room.Incident.Runbook)
	if named == nil {
		return list
	}
	first := runbooks.Match{Book: named, Reasons: []text.Message{text.M("library.why_named")}}
	if i := slices.IndexFunc(list, func(m runbooks.Match) bool { return m.Book.Name == named.Name }); i >= 0 {
		first = list[i]
		list = slices.Delete(list, i, i+1)
	}
	if where := configuredFor(room, named.Name); where != "" {
		first.Reasons = append([]text.Message{text.M("library.why_configured", where)}, first.Reasons...)
	}
	return append([]runbooks.Match{first}, list...)
}

// configuredFor names the check or service for which the configuration names a runbook; empty where it does not.
func configuredFor(room *incidents.Room, book string) string {
	for _, c := range room.Checks {
		if slices.Contains(room.Incident.Checks, c.Check.ID) && c.Check.Runbook == book && c.Check.Runbook != room.Service.Runbook {
			return c.Check.ID
		}
	}
	if room.Service.Runbook == book {
		return room.Service.ID
	}
	return ""
}

// proposed keeps the runbooks that fit checks for which the configuration names none: looking is cheap, but a picture is
// asked for twice a second. It holds for one configuration and one state of the folder.
type proposed struct {
	conf  *config.Config
	books []*runbooks.Runbook
	list  []checks.Check
}

// withRunbooks gives the checks of the configuration, each with the runbook that would be proposed for its failure.
func (r *reader) withRunbooks(list []checks.Check) []checks.Check {
	lib, _ := r.library() // what cannot be read is not there
	conf := r.conf()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fits.conf == conf && slices.Equal(r.fits.books, lib.Books) && len(r.fits.list) == len(list) {
		return r.fits.list
	}
	out := slices.Clone(list)
	for i := range out {
		if out[i].Runbook != "" {
			continue
		}
		if fits := lib.Match(runbooks.Wanted{Checks: []string{out[i].ID}, Service: out[i].Service}); len(fits) > 0 {
			out[i].Runbook = fits[0].Book.Name
		}
	}
	r.fits = proposed{conf, lib.Books, out}
	return out
}
