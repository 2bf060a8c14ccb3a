package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"lage/incidents"
	"lage/internal/config"
	"lage/internal/proc"
	"lage/internal/text"
)

func privacyCommands() []command {
	look := []flag{{name: "person", value: "NAME", help: "privacy.flag_person"}, {name: "anywhere", help: "privacy.flag_anywhere"}}
	do := []flag{{name: "dry-run", help: "privacy.flag_dry_run"}, {name: "yes", help: "privacy.flag_yes"}}
	return []command{
		{name: "privacy show", group: groupSetup, short: "privacy.short_show", long: "privacy.long_show", run: runPrivacyShow, flags: look},
		{name: "privacy erase", group: groupSetup, short: "privacy.short_erase", long: "privacy.long_erase", run: runPrivacyErase,
			flags: append(append([]flag{
				{name: "output", value: "INC", help: "privacy.flag_output"},
				{name: "entry", value: "SEQ", help: "privacy.flag_entry"},
				{name: "text", help: "privacy.flag_text"},
				{name: "reason", value: "TEXT", help: "privacy.flag_reason"},
			}, look...), do...)},
		{name: "privacy prune", group: groupSetup, short: "privacy.short_prune", long: "privacy.long_prune", run: runPrivacyPrune, flags: do},
	}
}

// names gives whom --person means.
func (a *app) names() (incidents.Names, error) {
	n := incidents.NewNames(a.on("anywhere"), a.flag("person"))
	if n.Empty() {
		return n, a.usage(text.M("privacy.err_person"))
	}
	return n, nil
}

// found is what was found about one record.
type found struct {
	dossier incidents.Dossier
	redacts []incidents.Redact
}

// search looks through all records for what a plan takes out of them.
func (s *session) search(ctx context.Context, before time.Time, plan func(incidents.Dossier) []incidents.Redact) ([]found, error) {
	ids, err := s.store.Records(ctx, before)
	if err != nil {
		return nil, err
	}
	var out []found
	for _, id := range ids {
		d, err := s.store.Dossier(ctx, id)
		if err != nil {
			return nil, err
		}
		if list := plan(d); len(list) > 0 {
			out = append(out, found{d, list})
		}
	}
	return out, nil
}

// carryOut takes out of the records what was planned.
func (s *session) carryOut(ctx context.Context, list []found, by incidents.Request, rest func()) error {
	for _, f := range list {
		for _, r := range f.redacts {
			req := by
			req.Record, req.Do = f.dossier.Record, r
			if _, err := s.desk.Act(ctx, req); err != nil {
				return err
			}
			rest()
		}
	}
	return nil
}

// privacy opens a session that erases: an administrator's, on a database that is there.
func (a *app) privacy(ctx context.Context, mode access) (*session, error) {
	s, err := a.session(ctx, mode, false)
	if err != nil {
		return nil, err
	}
	if s.store == nil {
		s.close()
		return nil, a.needDatabase()
	}
	return s, nil
}

func (s *session) supervisor() *proc.Supervisor {
	return &proc.Supervisor{Dir: s.runsDir(), Exe: s.app.env.Exe}
}

// reportsNaming lists the exported reports that a test holds for: those as lage wrote them, and those that people changed.
func (s *session) reportsNaming(match func(name string, doc []byte) bool) (ours, changed []string, err error) {
	files, err := filepath.Glob(filepath.Join(s.reports(), "*.md"))
	if err != nil {
		return nil, nil, err
	}
	for _, path := range files {
		doc, err := os.ReadFile(path)
		switch {
		case errors.Is(err, os.ErrNotExist) || errors.Is(err, os.ErrPermission):
		case err != nil:
			return nil, nil, err
		case !match(filepath.Base(path), doc):
		case sealed(doc):
			ours = append(ours, path)
		default:
			changed = append(changed, path)
		}
	}
	return ours, changed, nil
}

// retention is what is in force.
func (s *session) retention() config.Retention {
	if c := s.inForce(); c != nil {
		return c.Retention
	}
	return config.DefaultRetention()
}

// before gives the moment a span ago; zero for a span without end.
func before(now time.Time, span time.Duration) time.Time {
	if span == config.Forever || span == 0 {
		return time.Time{}
	}
	return now.Add(-span)
}

// partsWords names parts of an entry for people.
func (a *app) partsWords(parts []string) string {
	words := make([]string, len(parts))
	for i, p := range parts {
		words[i] = a.t("privacy.part_" + p)
	}
	return strings.Join(words, ", ")
}

// spanWords writes how long something is kept.
func (a *app) spanWords(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d == config.Forever:
		return a.t("privacy.forever")
	case d%(365*day) == 0:
		return a.t("privacy.years", int(d/(365*day)))
	case d%day == 0:
		return a.t("privacy.days", int(d/day))
	}
	return text.Duration(a.lang, d)
}
