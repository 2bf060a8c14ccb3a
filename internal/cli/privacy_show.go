package cli

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"lage/incidents"
	"lage/internal/config"
	"lage/internal/text"
	"lage/store"
)

// runPrivacyShow says what is kept about a person, or how long what is kept.
func runPrivacyShow(ctx context.Context, a *app) error {
	if !a.given("person") {
		return a.showRules(ctx)
	}
	names, err := a.names()
	if err != nil {
		return err
	}
	s, err := a.privacy(ctx, toRead)
	if err != nil {
		return err
	}
	defer s.close()
	about, err := s.about(ctx, names)
	if err != nil {
		return failed("cli.err_read", err)
	}
	if a.on("json") {
		return a.json(about)
	}
	a.aboutText(about)
	return nil
}

type rulesJSON struct {
	Schema    string              `json:"schema"`
	Retention map[string]*float64 `json:"retention_days"` // null: without limit
	Masks     []string            `json:"masks"`
}

// showRules says how long what is kept, and what is masked.
func (a *app) showRules(ctx context.Context) error {
	s, err := a.session(ctx, toRead, false)
	if err != nil {
		return err
	}
	defer s.close()
	r, masks := s.retention(), config.DefaultMasks()
	if c := s.inForce(); c != nil {
		masks = c.Masks
	}
	list := []struct {
		kind string
		span time.Duration
	}{{"incidents", r.Incidents}, {"names", r.Names}, {"outputs", r.Outputs}, {"runs", r.Runs}, {"alarms", r.Alarms}, {"configs", r.Configs}}
	if a.on("json") {
		doc := rulesJSON{"lage/privacy/v1", map[string]*float64{}, append([]string{}, masks...)}
		for _, k := range list {
			if doc.Retention[k.kind] = nil; k.span != config.Forever {
				days := k.span.Hours() / 24
				doc.Retention[k.kind] = &days
			}
		}
		return a.json(doc)
	}
	var rows [][]string
	for _, k := range list {
		rows = append(rows, []string{a.t("privacy.kind_" + k.kind), a.spanWords(k.span)})
	}
	shown := strings.Join(masks, ", ")
	if shown == "" {
		shown = a.t("privacy.nothing")
	}
	columns(a.out, append(rows, []string{a.t("privacy.kind_masks"), shown}))
	return nil
}

// aboutJSON is what is kept about a person.
type aboutJSON struct {
	Schema  string            `json:"schema"`
	Person  string            `json:"person"`
	Also    []string          `json:"also_known_as"` // accounts, keys and names that stand beside the name
	Records []aboutRecordJSON `json:"records"`
	Places  []aboutPlaceJSON  `json:"places"`
	Inside  int               `json:"inside_other_words"` // entries where the name stands inside another word
}

type aboutRecordJSON struct {
	Record  string           `json:"record"`
	Beside  bool             `json:"beside"` // the incident or its walks name the person, not only the timeline
	Entries []aboutEntryJSON `json:"entries"`
}

type aboutEntryJSON struct {
	Seq        int64    `json:"seq"`
	OccurredAt *string  `json:"occurred_at"`
	Kind       string   `json:"kind"`
	Parts      []string `json:"parts"` // where: who, text, output
	Actor      string   `json:"actor"`
	OSUser     string   `json:"os_user,omitempty"`
	Key        string   `json:"key,omitempty"`
	Text       string   `json:"text"`
	Output     string   `json:"output,omitempty"` // only where it names the person
}

type aboutPlaceJSON struct {
	Where string `json:"where"`
	Text  string `json:"text,omitempty"`
}

func (s *session) about(ctx context.Context, names incidents.Names) (aboutJSON, error) {
	doc := aboutJSON{Schema: "lage/privacy-person/v1", Person: s.app.flag("person"), Also: []string{}, Records: []aboutRecordJSON{}, Places: []aboutPlaceJSON{}}
	loose := names.Anywhere()
	if _, err := s.search(ctx, noLimit(), func(d incidents.Dossier) []incidents.Redact {
		hits := names.Find(d.Entries)
		doc.Inside += len(loose.Find(d.Entries)) - len(hits)
		r := aboutRecordJSON{Record: d.Record, Beside: d.NamesBeside(names), Entries: []aboutEntryJSON{}}
		for _, h := range hits {
			e := d.Entries[slices.IndexFunc(d.Entries, func(e incidents.Entry) bool { return e.Seq == h.Seq })]
			r.Entries = append(r.Entries, s.app.aboutEntry(e, h))
			for _, other := range []string{e.Who.Name, e.Who.OSUser, e.Who.Key} {
				if h.Who && other != "" && !names.In(other) && !contains(doc.Also, other) {
					doc.Also = append(doc.Also, other)
				}
			}
		}
		if len(r.Entries) > 0 || r.Beside {
			doc.Records = append(doc.Records, r)
		}
		return nil
	}); err != nil {
		return doc, err
	}
	places, err := s.store.Beside(ctx, names)
	if err != nil {
		return doc, err
	}
	for _, p := range places {
		doc.Places = append(doc.Places, aboutPlaceJSON{s.app.placeWord(p.Table), excerptAbout(p, names)})
	}
	files, err := s.filesNaming(names)
	for _, f := range append(append(append(files.runs, files.kept...), files.reports...), files.changed...) {
		doc.Places = append(doc.Places, aboutPlaceJSON{Where: f})
	}
	return doc, err
}

func (a *app) aboutEntry(e incidents.Entry, h incidents.Erase) aboutEntryJSON {
	j := aboutEntryJSON{Seq: e.Seq, OccurredAt: a.stamp(e.OccurredAt), Kind: string(e.Kind), Parts: h.Parts(), Actor: e.Name(a.lang), Text: e.Words(a.lang)}
	if h.Who {
		j.OSUser, j.Key = e.Who.OSUser, e.Who.Key
	}
	if h.Output {
		j.Output = e.Output
	}
	return j
}

// excerptAbout gives the line that names the person, cut.
func excerptAbout(p store.Place, names incidents.Names) string {
	for line := range strings.Lines(p.Text) {
		if names.In(line) {
			const most = 200
			if line = strings.TrimSpace(line); len([]rune(line)) > most {
				line = string([]rune(line)[:most]) + "…"
			}
			return line
		}
	}
	return ""
}

func (a *app) aboutText(doc aboutJSON) {
	entries := 0
	for _, r := range doc.Records {
		entries += len(r.Entries)
	}
	a.println(a.t("privacy.about", doc.Person, entries, len(doc.Records), len(doc.Places)))
	for _, r := range doc.Records {
		a.println("")
		head := r.Record
		if r.Beside {
			head += "  " + a.t("privacy.beside")
		}
		a.println(head)
		var rows [][]string
		for _, e := range r.Entries {
			at := ""
			if e.OccurredAt != nil {
				at = (*e.OccurredAt)[:len("2006-01-02T15:04")]
			}
			rows = append(rows, []string{"  #" + strconv.FormatInt(e.Seq, 10), strings.Replace(at, "T", " ", 1), e.Actor, a.partsWords(e.Parts), e.Text})
		}
		columns(a.out, rows)
	}
	if len(doc.Places) > 0 {
		a.println("")
		for _, p := range doc.Places {
			a.println(strings.TrimRight(p.Where+": "+p.Text, ": "))
		}
	}
	if len(doc.Also) > 0 {
		a.println("")
		a.println(a.t("privacy.also", strings.Join(doc.Also, ", ")))
	}
	if doc.Inside > 0 {
		a.println(a.t("privacy.inside", doc.Inside))
	}
}

// placeWord names a table for people.
func (a *app) placeWord(table string) string {
	if text.Known("privacy.at_" + table) {
		return a.t("privacy.at_" + table)
	}
	return table
}
