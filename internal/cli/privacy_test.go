package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lage/internal/text"
	"lage/store"
)

// privacyEnv is a database with an incident that M. Krause led; the clock stands at now.
func privacyEnv(t *testing.T) (run func(now time.Time, args ...string) (int, string, string), dir string) {
	t.Helper()
	dir = t.TempDir()
	conf := filepath.Join(dir, "lage.yaml")
	if err := os.WriteFile(conf, []byte("version: 1\ntimezone: Europe/Berlin\nservices: [{id: a, checks: [{id: b, type: tcp, address: \"127.0.0.1:1\"}]}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"LAGE_CONFIG": conf, "LAGE_DB": filepath.Join(dir, "lage.db"), "HOME": dir, "LANG": "de_DE.UTF-8"}
	return func(now time.Time, args ...string) (int, string, string) {
		return lageIn(t, env, Env{Args: args, OSUser: "ops", Now: func() time.Time { return now }})
	}, dir
}

func fillPrivacy(t *testing.T, run func(time.Time, ...string) (int, string, string), now time.Time) {
	t.Helper()
	for _, args := range [][]string{
		{"incident", "open", "--service", "a", "--title", "Ausfall", "--as", "M. Krause"}, {"ack", "--as", "M. Krause"},
		{"note", "--as", "S. Petrović", "Kanarienzettel"}, {"note", "--as", "S. Petrović", "M. Krause hat neu gestartet"},
	} {
		if code, _, errs := run(now, args...); code != 0 {
			t.Fatal(args, errs)
		}
	}
}

// TestDatenschutzCommands runs every command that docs/datenschutz.md gives, in its order.
func TestDatenschutzCommands(t *testing.T) {
	doc, err := os.ReadFile("../../docs/datenschutz.md")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)
	run, dir := privacyEnv(t)
	fillPrivacy(t, run, now)
	commands := 0
	for line := range strings.Lines(string(doc)) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "lage ") {
			continue
		}
		words, err := splitWords(line)
		if err != nil {
			t.Fatal(line, err)
		}
		commands++
		if code, out, errs := run(now, words[1:]...); code != 0 || out == "" {
			t.Errorf("%s: exit code %d\n%s%s", line, code, out, errs)
		}
	}
	if commands < 10 {
		t.Errorf("only %d commands", commands)
	}
	noTrace(t, dir, "Krause", "Kanarienzettel")
	for _, key := range []string{"incidents: 5y, names: 1y, outputs: 180d, runs: 7d, alarms: 30d, configs: 90d", "mask: [ip, email, case]"} {
		if !strings.Contains(string(doc), key) {
			t.Errorf("the document lacks %s", key)
		}
	}
}

func noTrace(t *testing.T, dir string, words ...string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "lage.db*"))
	if err != nil || len(files) < 2 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range words {
			if strings.Contains(strings.ToLower(string(b)), strings.ToLower(w)) {
				t.Errorf("%s still lies in %s", w, filepath.Base(f))
			}
		}
	}
}

// Retention goes by the end of the incident: first outputs, then names, then texts; the skeleton stays in order.
func TestPrune(t *testing.T) {
	now := time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)
	run, dir := privacyEnv(t)
	fillPrivacy(t, run, now)
	const year = 365 * 24 * time.Hour
	say := func(at time.Time, want string, args ...string) {
		t.Helper()
		code, out, errs := run(at, args...)
		if code != 0 || !strings.Contains(out, want) {
			t.Errorf("%v: code %d\n%s%s", args, code, out, errs)
		}
	}
	say(now.Add(20*year), "Gelöscht: Teile von 0 Einträgen", "privacy", "prune", "--yes") // open: nothing is over
	say(now, "behoben", "incident", "resolve", "INC-001", "--cause", "Netzteil", "--as", "M. Krause")
	say(now.Add(year-time.Hour), "0 Einträgen", "privacy", "prune", "--yes")
	say(now.Add(year+time.Hour), "Würde löschen: Teile von 5 Einträgen", "privacy", "prune", "--dry-run")
	say(now.Add(year+time.Hour), "Teile von 5 Einträgen in 1 Zeitleiste", "privacy", "prune", "--yes")
	noTrace(t, dir, "Krause", "Petrović")
	say(now.Add(year+2*time.Hour), "0 Einträgen", "privacy", "prune", "--yes") // and asking again gives nothing
	say(now.Add(year), "Kanarienzettel", "incident", "show", "INC-001")
	say(now.Add(year), "Netzteil", "incident", "show", "INC-001")
	say(now.Add(year), "[gelöscht]", "incident", "show", "INC-001")
	say(now.Add(5*year+time.Hour), "Teile von", "privacy", "prune", "--yes", "--lang", "de")
	noTrace(t, dir, "Kanarienzettel", "Netzteil", "Ausfall")
	say(now.Add(5*year+2*time.Hour), "0 Einträgen", "privacy", "prune", "--yes")
	say(now, "In Ordnung", "db", "verify")
	if code, _, _ := run(now, "privacy", "prune", "--yes", "--role", "respond"); code != exitRefused {
		t.Errorf("code %d", code)
	}
}

// The poller carries retention out by itself, and believes no clock that leapt.
func TestPollerPrunes(t *testing.T) {
	now := time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)
	run, dir := privacyEnv(t)
	fillPrivacy(t, run, now)
	if code, _, errs := run(now, "incident", "resolve", "INC-001"); code != 0 {
		t.Fatal(errs)
	}
	later := now.Add(366 * 24 * time.Hour)
	st, err := store.Open(t.Context(), filepath.Join(dir, "lage.db"), store.Options{Now: func() time.Time { return later }})
	if err != nil {
		t.Fatal(err)
	}
	a := &app{env: Env{Now: func() time.Time { return later }, Getenv: func(string) string { return "" }}.complete(), lang: "de", zone: time.UTC, set: flagSet(nil)}
	s := &session{app: a, store: st, path: filepath.Join(dir, "lage.db")}
	s.wire()
	defer s.close()
	p := &poller{s: s}
	var said []string
	p.say = func(m text.Message) { said = append(said, m.In("de")) }
	if err := p.pruneOnce(t.Context()); err != nil || len(said) != 1 || !strings.Contains(said[0], "in 1 Zeitleiste gelöscht") {
		t.Errorf("%v %v", said, err)
	}
	if _, err := st.Settle(t.Context()); err != nil {
		t.Error(err)
	}
	noTrace(t, dir, "Krause")
	if p.believes(now, later) || !p.believes(time.Time{}, later) || !p.believes(later.Add(-time.Hour), later) {
		t.Error("a leap of the clock is not seen")
	}
}
