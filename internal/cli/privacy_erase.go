package cli

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"lage/incidents"
	"lage/internal/clean"
	"lage/internal/text"
)

func noLimit() time.Time { return time.Time{} }

// eraseJSON says what was erased, or would be.
type eraseJSON struct {
	Schema  string            `json:"schema"`
	DryRun  bool              `json:"dry_run"`
	Records []eraseRecordJSON `json:"records"`
	Places  []string          `json:"places"` // rows beside the timeline
	Files   []string          `json:"files"`
	Left    []string          `json:"left"` // what could not go, and why
}

type eraseRecordJSON struct {
	Record  string           `json:"record"`
	Entries []eraseEntryJSON `json:"entries"`
}

type eraseEntryJSON struct {
	Seq   int64    `json:"seq"`
	Parts []string `json:"parts"`
}

func runPrivacyErase(ctx context.Context, a *app) error {
	if a.given("person") == a.given("output") {
		return a.usage(text.M("privacy.err_what"))
	}
	if err := incidents.May(a.person(false), incidents.Redact{}); err != nil {
		return err
	}
	s, err := a.privacy(ctx, toWrite)
	if err != nil {
		return err
	}
	defer s.close()
	if a.given("output") {
		return s.eraseOutput(ctx)
	}
	names, err := a.names()
	if err != nil {
		return err
	}
	return s.erasePerson(ctx, names)
}

// reason is what the redactions say.
func (a *app) reason() text.Message {
	if r := clean.Line(a.flag("reason")); r != "" {
		return text.Raw(r)
	}
	return text.M("privacy.reason")
}

// erasing is what is to be erased.
type erasing struct {
	records []found
	places  []string
	files   files
}

// files name somebody: run folders that ended and those that stay, reports as lage wrote them and changed ones.
type files struct{ runs, kept, reports, changed []string }

func (s *session) filesNaming(names incidents.Names) (f files, err error) {
	if f.runs, f.kept, err = s.supervisor().Holding(func(b []byte) bool { return names.In(string(b)) }); err != nil {
		return f, err
	}
	f.reports, f.changed, err = s.reportsNaming(func(_ string, doc []byte) bool { return names.In(string(doc)) })
	return f, err
}

func (s *session) erasePerson(ctx context.Context, names incidents.Names) error {
	a := s.app
	plan := func(d incidents.Dossier) []incidents.Redact { return d.Without(names, a.reason()) }
	e, err := s.planPerson(ctx, names, plan)
	if err != nil {
		return err
	}
	if done, err := s.mayErase(e); done || err != nil {
		return err
	}
	const rounds = 3 // somebody may act under the name meanwhile
	for range rounds {
		if err := s.carryOut(ctx, e.records, incidents.Request{By: s.who}, func() {}); err != nil {
			return err
		}
		more, err := s.search(ctx, noLimit(), plan)
		if err != nil {
			return err
		}
		if len(more) == 0 {
			break
		}
		e.records = more
	}
	if _, err := s.store.ForgetBeside(ctx, names); err != nil {
		return err
	}
	left, err := s.dropFiles(e.files)
	if err != nil {
		return err
	}
	after, err := s.stillNamed(ctx, names)
	if err != nil {
		return err
	}
	return s.finishErase(ctx, e, append(left, after...))
}

func (s *session) planPerson(ctx context.Context, names incidents.Names, plan func(incidents.Dossier) []incidents.Redact) (e erasing, err error) {
	if e.records, err = s.search(ctx, noLimit(), plan); err != nil {
		return e, err
	}
	places, err := s.store.Beside(ctx, names)
	if err != nil {
		return e, err
	}
	for _, p := range places {
		if !p.Fixed {
			e.places = append(e.places, s.app.placeWord(p.Table))
		}
	}
	e.files, err = s.filesNaming(names)
	return e, err
}

// stillNamed lists what names somebody although all was done.
func (s *session) stillNamed(ctx context.Context, names incidents.Names) ([]string, error) {
	var left []string
	a := s.app
	rest, err := s.search(ctx, noLimit(), func(d incidents.Dossier) []incidents.Redact {
		for _, e := range d.Entries {
			if names.In(strings.Join([]string{e.Check, e.Walk, e.Step, e.Run}, "\n")) {
				left = append(left, a.t("privacy.left_id", d.Record, e.Seq))
			}
		}
		return d.Without(names, a.reason())
	})
	if err != nil {
		return nil, err
	}
	for _, f := range rest {
		left = append(left, a.t("privacy.left_record", f.dossier.Record))
	}
	places, err := s.store.Beside(ctx, names)
	for _, p := range places {
		left = append(left, a.placeWord(p.Table)+": "+excerptAbout(p, names))
	}
	return left, err
}

// dropFiles removes what may go, and says what stays.
func (s *session) dropFiles(f files) (left []string, err error) {
	a := s.app
	for _, id := range f.runs {
		if gone, err := s.supervisor().Forget(id); err != nil || !gone {
			f.kept = append(f.kept, id)
		}
	}
	for _, path := range f.reports {
		if err := os.Remove(path); err != nil {
			left = append(left, path+": "+reason(cause(err)).In(a.lang))
		}
	}
	for _, id := range f.kept {
		left = append(left, a.t("privacy.left_run", id))
	}
	for _, path := range f.changed {
		left = append(left, a.t("privacy.left_report", path))
	}
	return left, nil
}

// eraseOutput erases a command's output, or the text of an entry that has none.
func (s *session) eraseOutput(ctx context.Context) error {
	a := s.app
	seq, err := strconv.ParseInt(strings.TrimPrefix(a.flag("entry"), "#"), 10, 64)
	if err != nil {
		return a.usage(text.M("privacy.err_entry", a.flag("entry")))
	}
	id, err := s.recordNamed(ctx, a.flag("output"))
	if err != nil {
		return err
	}
	d, err := s.store.Dossier(ctx, id)
	if err != nil {
		return err
	}
	if seq < 1 || seq > int64(len(d.Entries)) {
		return &fault{code: exitNotFound, msg: text.M("incidents.no_entry", seq)}
	}
	entry := d.Entries[seq-1]
	x := incidents.Erase{Seq: seq, Output: entry.Output != "", Text: (a.on("text") || entry.Output == "") && !entry.HasErased("text")}
	e := erasing{}
	if len(x.Parts()) > 0 {
		e.records = []found{{d, []incidents.Redact{{Erase: []incidents.Erase{x}, Reason: a.reason()}}}}
		if x.Text && entry.Kind == incidents.KindResolved && d.Incident.Cause != "" { // stands in the incident, too
			e.records[0].redacts[0].Forget = incidents.Forget{Cause: true}
		}
	}
	if entry.Run != "" {
		if st, err := s.supervisor().State(entry.Run); err == nil && st.Ended {
			e.files.runs = []string{entry.Run}
		} else if err == nil {
			e.files.kept = []string{entry.Run}
		}
	}
	if e.files.reports, e.files.changed, err = s.reportsNaming(func(name string, _ []byte) bool { return strings.HasPrefix(name, id) }); err != nil {
		return err
	}
	if len(e.records) == 0 && len(e.files.runs) == 0 { // reports alone would only be written anew
		e.files = files{}
	}
	if done, err := s.mayErase(e); done || err != nil {
		return err
	}
	if err := s.carryOut(ctx, e.records, incidents.Request{By: s.who}, func() {}); err != nil {
		return err
	}
	left, err := s.dropFiles(e.files)
	if err != nil {
		return err
	}
	return s.finishErase(ctx, e, left)
}

// recordNamed finds an incident or a walk of its own.
func (s *session) recordNamed(ctx context.Context, ref string) (string, error) {
	id, err := s.store.Resolve(ctx, ref)
	if err != nil {
		return "", &fault{code: exitNotFound, msg: text.M("cli.err_incident", ref), hint: text.M("cli.hint_incident_list"), err: err}
	}
	return id, nil
}

// mayErase shows what goes and asks. done means that nothing more is to be done.
func (s *session) mayErase(e erasing) (done bool, err error) {
	a := s.app
	nothing := len(e.records)+len(e.places)+len(e.files.runs)+len(e.files.reports) == 0
	if a.on("dry-run") || nothing {
		var left []string
		if !a.on("dry-run") {
			left, _ = s.dropFiles(files{kept: e.files.kept, changed: e.files.changed})
		}
		return true, s.tellErase(e, left, a.on("dry-run"))
	}
	if a.on("yes") {
		return false, nil
	}
	if err := a.mayAsk(text.M("privacy.err_confirm")); err != nil {
		f := a.asFault(err)
		f.hint = text.M("privacy.hint_yes")
		return false, f
	}
	w := a.env.Stderr
	fmt.Fprintln(w, a.t("privacy.will", countEntries(e.records), len(e.records), len(e.places), len(e.files.runs)+len(e.files.reports)))
	fmt.Fprint(w, a.t("privacy.ask")+" ")
	answer, _ := bufio.NewReader(a.env.Stdin).ReadString('\n') // the end of the input is a no
	if got := strings.ToLower(strings.TrimSpace(answer)); got != a.t("privacy.yes") {
		fmt.Fprintln(w, a.t("privacy.not_done"))
		return true, exitWith(exitRefused)
	}
	return false, nil
}

func countEntries(list []found) int {
	seen := map[string]bool{}
	for _, f := range list {
		for _, r := range f.redacts {
			for _, e := range r.Erase {
				seen[f.dossier.Record+" "+strconv.FormatInt(e.Seq, 10)] = true
			}
		}
	}
	return len(seen)
}

// finishErase makes sure that nothing lies in the log, and says what was done. What stays is an error: somebody has to act.
func (s *session) finishErase(ctx context.Context, e erasing, left []string) error {
	if done, err := s.store.Settle(ctx); err != nil {
		return err
	} else if !done {
		left = append(left, s.app.t("privacy.left_log"))
	}
	if err := s.tellErase(e, left, false); err != nil {
		return err
	}
	if len(left) > 0 {
		return exitWith(exitFailed)
	}
	return nil
}

func (s *session) tellErase(e erasing, left []string, dry bool) error {
	a := s.app
	gone := append(append([]string{}, e.files.runs...), e.files.reports...)
	if a.on("json") {
		doc := eraseJSON{Schema: "lage/privacy-erase/v1", DryRun: dry, Records: eraseRecords(e.records), Places: append([]string{}, e.places...),
			Files: gone, Left: append([]string{}, left...)}
		return a.json(doc)
	}
	for _, r := range eraseRecords(e.records) {
		if len(r.Entries) == 0 {
			a.println(r.Record + "  " + a.t("privacy.beside"))
		}
		for _, x := range r.Entries {
			a.println(fmt.Sprintf("%s  #%d  %s", r.Record, x.Seq, a.partsWords(x.Parts)))
		}
	}
	for _, p := range append(append([]string{}, e.places...), gone...) {
		a.println(p)
	}
	code := "privacy.done"
	if dry {
		code = "privacy.would"
	}
	a.println(a.t(code, countEntries(e.records), len(e.records), len(e.places), len(gone)))
	if len(left) > 0 {
		a.println(a.t("privacy.left"))
		for _, l := range left {
			a.println("  " + l)
		}
	}
	if !dry {
		a.println(a.t("privacy.outside"))
	}
	return nil
}

func eraseRecords(list []found) []eraseRecordJSON {
	out := []eraseRecordJSON{}
	for _, f := range list {
		r := eraseRecordJSON{f.dossier.Record, []eraseEntryJSON{}}
		for _, x := range f.redacts {
			for _, e := range x.Erase {
				r.Entries = append(r.Entries, eraseEntryJSON{e.Seq, e.Parts()})
			}
		}
		out = append(out, r)
	}
	return out
}
