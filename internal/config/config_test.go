package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"lage/checks"
	"lage/internal/text"
	"lage/services"
)

// books stands for a folder of runbooks.
func books(folder string) ([]string, error) {
	if filepath.Base(folder) == "missing" {
		return nil, os.ErrNotExist
	}
	return []string{"wohngeld-503", "wohngeld-langsam", "front", "page"}, nil
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("../../testdata/config", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// marked takes «code» marks out of a source and lists where they stood, as "line:col code".
func marked(src string) (clean string, marks []string) {
	var b strings.Builder
	line, col := 1, 1
	for rest := src; rest != ""; {
		if strings.HasPrefix(rest, "«") {
			code, after, _ := strings.Cut(strings.TrimPrefix(rest, "«"), "»")
			marks = append(marks, fmt.Sprintf("%d:%d %s", line, col, code))
			rest = after
			continue
		}
		r := []rune(rest[:min(4, len(rest))])[0]
		b.WriteRune(r)
		rest = rest[len(string(r)):]
		if col++; r == '\n' {
			line, col = line+1, 1
		}
	}
	return b.String(), marks
}

func found(ps Problems) []string {
	var out []string
	for _, p := range ps {
		code := strings.TrimPrefix(p.Message.Code, "config.")
		if p.Warning {
			code = "~" + code
		}
		out = append(out, fmt.Sprintf("%d:%d %s", p.Line, p.Col, code))
	}
	return out
}

func TestMistakesAreFoundWhereTheyAre(t *testing.T) {
	files, err := filepath.Glob("../../testdata/config/bad/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	total := 0
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range strings.Split("\n"+string(b), "\n== ")[1:] {
			name, src, _ := strings.Cut(c, "\n")
			total++
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txt")+"/"+name, func(t *testing.T) {
				src, want := marked(src + "\n")
				_, ps := Parse("lage.yaml", []byte(src), Options{Runbooks: books})
				got := found(ps)
				slices.Sort(want)
				slices.Sort(got)
				// Two missing keys of one place are two problems, told apart by their arguments.
				if !slices.Equal(got, want) {
					t.Errorf("got  %q\nwant %q\n%s\n%s", got, want, ps.In(text.English), src)
				}
				checkWords(t, ps)
			})
		}
	}
	if total < 120 {
		t.Errorf("only %d cases", total)
	}
}

// checkWords proves that problems can be said in both languages, with nothing left open.
func checkWords(t *testing.T, ps Problems) {
	t.Helper()
	for _, l := range []text.Lang{text.German, text.English} {
		for _, p := range ps {
			s := p.In(l)
			if strings.Contains(s, "config.") || strings.Contains(s, "{0") || strings.ContainsAny(s, "\n\x00\x1b") {
				t.Errorf("not fit to be read: %q", s)
			}
		}
	}
}

func TestSuggestions(t *testing.T) {
	for _, c := range []struct{ src, de, en string }{
		{"version: 1\nservices:\n  - id: a\n    chekcs: []\n",
			"lage.yaml:4:5: Fehler: unbekanntes Feld „chekcs“ – meinten Sie „checks“?\n",
			"lage.yaml:4:5: error: unknown field \"chekcs\" – did you mean \"checks\"?\n"},
		{"version: 1\nservices:\n  - id: a\n    runbook: wohngeld-502\n",
			"lage.yaml:4:14: Fehler: Runbook „wohngeld-502“ gibt es nicht – meinten Sie „wohngeld-503“?\n",
			"lage.yaml:4:14: error: there is no runbook \"wohngeld-502\" – did you mean \"wohngeld-503\"?\n"},
		{"version: 1\nservices:\n  - id: a\n    runbook: elster\n",
			"lage.yaml:4:14: Fehler: Runbook „elster“ gibt es nicht – vorhanden: front, page, wohngeld-503, wohngeld-langsam\n",
			"lage.yaml:4:14: error: there is no runbook \"elster\" – there are: front, page, wohngeld-503, wohngeld-langsam\n"},
		{"version: 1\nservices:\n  - id: Anträge Online\n",
			"lage.yaml:3:9: Fehler: „Anträge Online“ geht nicht als Kennung (nur a–z, 0–9 und „-“) – etwa „antraege-online“?\n",
			"lage.yaml:3:9: error: \"Anträge Online\" is no id (only a–z, 0–9 and \"-\") – perhaps \"antraege-online\"?\n"},
		{"version: 1\nservices:\n  - id: a\n    checks:\n      - {id: x, type: command, command: check_disk -w 20%}\n",
			"lage.yaml:5:41: Fehler: Ein Befehl ist eine Liste aus Programm und Argumenten: [\"check_disk\", \"-w\", \"20%\"]\n",
			"lage.yaml:5:41: error: a command is a list of program and arguments: [\"check_disk\", \"-w\", \"20%\"]\n"},
		{"version: 1\nservices:\n  - id: a\n    checks:\n      - {id: x, type: http, url: https://a/, status: 200}\n",
			"lage.yaml:5:46: Fehler: „status“ gehört eine Ebene tiefer, unter „expect“\n",
			"lage.yaml:5:46: error: \"status\" belongs one level deeper, under \"expect\"\n"},
		{"version: 1\nservices:\n  - {id: a, depends_on: [b]}\n  - {id: b, depends_on: [a]}\n",
			"lage.yaml:4:26: Fehler: Dienste hängen im Kreis voneinander ab: a → b → a\n",
			"lage.yaml:4:26: error: services depend on each other in a circle: a → b → a\n"},
	} {
		c2, ps := Parse("lage.yaml", []byte(c.src), Options{Runbooks: books})
		if c2 != nil {
			t.Errorf("accepted: %s", c.src)
		}
		if got := ps.In(text.German); got != c.de {
			t.Errorf("got  %swant %s", got, c.de)
		}
		if got := ps.In(text.English); got != c.en {
			t.Errorf("got  %swant %s", got, c.en)
		}
	}
}

func TestSummary(t *testing.T) {
	e, w := Problem{}, Problem{Warning: true}
	for _, c := range []struct {
		ps     Problems
		de, en string
	}{
		{nil, "Gültig.", "Valid."},
		{Problems{w}, "Gültig, 1 Warnung.", "Valid, 1 warning."},
		{Problems{e, w, e}, "2 Fehler, 1 Warnung. Hilfe: lage help config", "2 errors, 1 warning. Help: lage help config"},
		{Problems{e}, "1 Fehler. Hilfe: lage help config", "1 error. Help: lage help config"},
	} {
		if got := c.ps.Summary(text.German); got != c.de {
			t.Errorf("got %q, want %q", got, c.de)
		}
		if got := c.ps.Summary(text.English); got != c.en {
			t.Errorf("got %q, want %q", got, c.en)
		}
	}
}

func TestHints(t *testing.T) {
	ten := strings.Split("alpha bravo charlie delta echo foxtrot golf hotel india juliett", " ")
	many := make([]string, 5000)
	d := &decoder{problems: make(Problems, 100)}
	for _, c := range []struct {
		word  string
		exist []string
		want  string
	}{
		{"brvao", ten, "did you mean \"bravo\"?"},
		{"DELTA", ten, "did you mean \"delta\"?"},
		{"zulu", ten, "there are: alpha, bravo, charlie, delta, echo, foxtrot, golf, hotel and 2 more"},
		{"zulu", ten[:2], "there are: alpha, bravo"},
		{"ab", []string{"cd"}, "there are: cd"},
		{strings.Repeat("x", 100), ten[:1], "there are: alpha"},
		{"zulu", nil, "there are none yet"},
		{"zulu", many, "there are 5000"},
	} {
		if got := d.hint(c.word, c.exist).In(text.English); got != c.want {
			t.Errorf("%s: got %q, want %q", c.word, got, c.want)
		}
	}
}

func TestEverything(t *testing.T) {
	c, ps := Parse("/etc/lage/lage.yaml", read(t, "good-all.yaml"), Options{Runbooks: books})
	if len(ps) != 0 {
		t.Fatal(ps.In(text.English))
	}
	hours, err := services.ParseHours("Mo-Fr 06:00-22:00; Sa 08:00-12:00")
	if err != nil {
		t.Fatal(err)
	}
	hours = hours.In(time.UTC)
	night := []services.Stage{{After: 5 * time.Minute, Notify: []string{"head"}}}
	standard := []services.Stage{{Notify: []string{"ops"}}, {After: 15 * time.Minute, Notify: []string{"head", "ops"}}}
	wantServices := []services.Service{
		{ID: "front", Name: services.Name{De: "Antrag", En: "Antrag"}, Group: "Anträge", Hours: hours, DependsOn: []string{"db"},
			Owner: "Office", Team: "Team", Runbook: "front", Escalation: night, Public: services.Public{Show: true,
				Help: services.Name{De: "Telefon 115"}, Alternative: services.Name{De: "Papier", En: "Paper"}, URL: "https://example.org/front"}},
		{ID: "db", Escalation: standard},
	}
	same(t, "services", c.Services, wantServices)
	std := checks.Policy{FailAfter: 5, RecoverAfter: 4}
	same(t, "checks", c.Checks, []checks.Check{
		{ID: "front/page", Service: "front", Name: "Start page", Interval: 10 * time.Second, Timeout: 4 * time.Second,
			Policy: checks.Policy{FailAfter: 1, RecoverAfter: 1}, Runbook: "page", HTTP: &checks.HTTP{
				URL: "https://example.org/?a=b#c", Method: "POST", Headers: map[string]string{"Authorization": "Bearer ${env:TOKEN}", "Accept": "text/html"},
				Body: "{\"ping\": 1}\n", Status: []int{200, 204}, Contains: "ok", MaxTime: 1500 * time.Millisecond, CertDays: 14, Redirects: 2}},
		{ID: "front/moved", Service: "front", Interval: time.Minute, Timeout: 5 * time.Second, Policy: std, Runbook: "front",
			HTTP: &checks.HTTP{URL: "http://example.org/old", Status: []int{301}}},
		{ID: "front/fast", Service: "front", Interval: 5 * time.Second, Timeout: 5 * time.Second, Policy: std, Runbook: "front",
			HTTP: &checks.HTTP{URL: "https://example.org/fast", Redirects: 5}},
		{ID: "db/port", Service: "db", Interval: time.Minute, Timeout: 5 * time.Second, Policy: std,
			TCP: &checks.TCP{Address: "db.example.org:5432", Send: "PING\r\n", Expect: "PONG", MaxTime: time.Second / 2}},
		{ID: "db/cert", Service: "db", Interval: time.Minute, Timeout: 5 * time.Second, Policy: std,
			TLS: &checks.TLS{Address: "[2001:db8::1]:443", ServerName: "db.example.org", CertDays: 30}},
		{ID: "db/disk", Service: "db", Interval: time.Minute, Timeout: 5 * time.Second, Policy: std,
			Command: &checks.Command{Argv: []string{"/usr/lib/nagios/plugins/check_disk", "-w", "20%", "${env:EXTRA}"},
				Env: map[string]string{"LANG": "C"}, Dir: "/etc/lage/plugins"}},
		{ID: "db/own", Service: "db", Interval: time.Minute, Timeout: 5 * time.Second, Policy: std,
			Command: &checks.Command{Argv: []string{"/bin/true"}}},
	})
	same(t, "contacts", c.Contacts, map[string]services.Contact{
		"ops":  {ID: "ops", Name: "Operations", Via: []services.Channel{{Email: "ops@example.org"}, {Email: "sms@example.org"}}},
		"head": {ID: "head", Name: "head", Via: []services.Channel{{Email: "head@example.org"}, {Command: []string{"/usr/local/bin/sms", "115"}}}},
	})
	same(t, "smtp", c.SMTP, SMTP{Host: "mail.example.org", Port: 2525, From: "lage <lage@example.org>", User: "lage",
		Password: "${file:/run/credentials/smtp}", TLS: "starttls"})
	same(t, "rest", []any{c.Organisation, c.Zone.String(), c.Lang, c.Runbooks, c.Reports, c.AutoOpen, len(c.Secrets)},
		[]any{"Amt für Tests", "UTC", text.English, "/etc/lage/books", "/srv/reports", false, 0})
	same(t, "alarms", []any{c.Listen, c.Heartbeat}, []any{
		Listen{Address: "127.0.0.1:9099", Token: "${file:/run/credentials/hook}", Watchdog: Watchdog{Service: "db", Within: 10 * time.Minute}},
		Heartbeat{URL: "https://beat.example.org/${env:BEAT}", Every: 2 * time.Minute}})
	same(t, "keeping", []any{c.Backup, c.History}, []any{Backup{"/srv/backups", 12 * time.Hour, 14}, History{30 * day, 52 * 7 * day, 3650 * day}})
	same(t, "retention", c.Retention, Retention{3650 * day, 180 * day, 30 * day, day, 14 * day, Forever})
	same(t, "masks", []any{c.Masks, c.Mask.Text("B-AB 12, 203.0.113.7, 10.0.0.1, a@b.example")}, []any{[]string{"email", "Kennzeichen"}, "[Kennzeichen], 203.0.113.7, 10.0.0.1, [email]"})
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\ngot  %+v\nwant %+v", what, got, want)
	}
}

func TestLongSpans(t *testing.T) {
	for s, want := range map[string]time.Duration{"90d": 90 * day, "2y": 730 * day, "8w": 56 * day, "36h": 36 * time.Hour, "0d": 0, "6mon": 180 * day, "1h30m": 90 * time.Minute} {
		if got, ok := LongSpan(s); !ok || got != want {
			t.Errorf("%s: %v %v", s, got, ok)
		}
	}
	for _, s := range []string{"", "d", "90", "1.5d", "-1d", "+1d", "1d12h", "300y", "99999999999999999999y", "forever", "1 d"} {
		if got, ok := LongSpan(s); ok {
			t.Errorf("%q was taken as %v", s, got)
		}
	}
}

func TestWhatIsKeptByDefault(t *testing.T) {
	const head = "version: 1\nservices: [{id: a, checks: [{id: b, type: tcp, address: \"x:1\"}]}]\n"
	for src, want := range map[string]any{
		"":                          []any{Backup{}, History{90 * day, 730 * day, Forever}},
		"backup: {}":                []any{Backup{"", day, 7}, History{90 * day, 730 * day, Forever}},
		"history: {exact: 3y}":      []any{Backup{}, History{1095 * day, 1095 * day, Forever}},
		"history: {exact: forever}": []any{Backup{}, History{Forever, Forever, Forever}},
	} {
		c, ps := Parse("lage.yaml", []byte(head+src), Options{})
		if len(ps) != 0 {
			t.Fatal(src, ps.In(text.English))
		}
		same(t, src, []any{c.Backup, c.History}, want)
	}
}

func TestPrivacyByDefault(t *testing.T) {
	c, ps := Parse("lage.yaml", read(t, "good-smallest.yaml"), Options{})
	if len(ps) != 0 {
		t.Fatal(ps.In(text.English))
	}
	same(t, "retention", c.Retention, Retention{1825 * day, 365 * day, 180 * day, 7 * day, 30 * day, 90 * day})
	same(t, "masks", c.Masks, []string{"ip", "email", "case"})
	const all = "203.0.113.7 10.0.0.1 a@b.example Az. 1/26"
	same(t, "mask", []any{c.Mask.Text(all), DefaultMask().Text(all)}, []any{"[IP] 10.0.0.1 [email] Az. [case]", "[IP] 10.0.0.1 [email] Az. [case]"})
}

func TestSmallest(t *testing.T) {
	c, ps := Parse("x/lage.yaml", read(t, "good-smallest.yaml"), Options{})
	if len(ps) != 0 {
		t.Fatal(ps.In(text.English))
	}
	same(t, "defaults", []any{c.Zone, c.Lang, c.Runbooks, c.Reports, c.AutoOpen, c.SMTP, len(c.Contacts)},
		[]any{time.Local, text.Lang(""), "x/runbooks", "", true, SMTP{}, 0})
	if _, ps = Parse("x/lage.yaml", read(t, "good-smallest.yaml"), Options{Runbooks: func(string) ([]string, error) { return nil, os.ErrNotExist }}); len(ps) != 0 {
		t.Error("a missing default folder is a problem:", ps.In(text.English))
	}
}

func TestDocumentedExample(t *testing.T) {
	c, ps := Parse("lage.yaml", read(t, "good-documented.yaml"), Options{Runbooks: books})
	if c == nil || ps.Errors() != 0 {
		t.Fatal(ps.In(text.English))
	}
	for _, p := range ps {
		if p.Message.Code != "config.unused" {
			t.Error(p.In(text.English))
		}
	}
	same(t, "warnings", len(c.Warnings), len(ps))
}

func TestExamplesAreValid(t *testing.T) {
	for _, l := range []text.Lang{text.German, text.English} {
		c, ps := Parse("lage.yaml", Example(l), Options{
			ResolveSecrets: true,
			Env:            func(string) (string, bool) { return "", false },
			ReadFile:       func(string) ([]byte, error) { return nil, os.ErrNotExist },
			Runbooks:       func(string) ([]string, error) { return nil, os.ErrNotExist },
		})
		if len(ps) != 0 {
			t.Error(ps.In(l))
			continue
		}
		if c.Lang != l || c.Runbooks != "" || len(c.Checks) != 2 {
			t.Errorf("%+v", c)
		}
		if !strings.HasPrefix(string(Example(l)), "# yaml-language-server: $schema=lage.schema.json\n") {
			t.Error("no schema line")
		}
	}
}

const withSecrets = `version: 1
services:
  - id: a
    checks:
      - {id: x, type: http, url: "https://a/${env:TOKEN}", headers: {A: "Bearer ${env:TOKEN}:${file:/s/pw}"}}
contacts: {ops: {via: ["${env:MAIL}"]}}
escalation: {default: [{after: 0m, notify: [ops]}]}
smtp: {host: mail, from: a@b.c, user: "${env:USER_}", password: "${file:/s/pw}"}
`

func secretOptions(env map[string]string, files map[string]string) Options {
	return Options{
		ResolveSecrets: true,
		Env:            func(n string) (string, bool) { v, ok := env[n]; return v, ok },
		ReadFile: func(n string) ([]byte, error) {
			if v, ok := files[n]; ok {
				return []byte(v), nil
			}
			return nil, errors.New("no such file")
		},
	}
}

func TestSecretsAreFilledIn(t *testing.T) {
	c, ps := Parse("lage.yaml", []byte(withSecrets), secretOptions(
		map[string]string{"TOKEN": "tok", "MAIL": "mailto:ops@b.c", "USER_": "u"}, map[string]string{"/s/pw": "p w\n"}))
	if len(ps) != 0 {
		t.Fatal(ps.In(text.English))
	}
	same(t, "url", c.Checks[0].HTTP.URL, "https://a/tok")
	same(t, "header", c.Checks[0].HTTP.Headers["A"], "Bearer tok:p w")
	same(t, "smtp", []string{c.SMTP.User, c.SMTP.Password}, []string{"u", "p w"})
	same(t, "mail", c.Contacts["ops"].Via, []services.Channel{{Email: "ops@b.c"}})
	slices.Sort(c.Secrets)
	same(t, "secrets", c.Secrets, []string{"mailto:ops@b.c", "p w", "tok", "u"})
}

func TestSecretsThatCannotBeRead(t *testing.T) {
	c, ps := Parse("lage.yaml", []byte(withSecrets), secretOptions(map[string]string{"TOKEN": "", "MAIL": "a@b.c", "USER_": "u"},
		map[string]string{"/s/pw": "\n"}))
	same(t, "problems", found(ps), []string{"5:34 secret_env", "5:73 secret_empty", "5:73 secret_env", "8:65 secret_empty"})
	if c == nil || ps.Fatal() || !ps.SecretsMissing() || ps.Errors() != 4 || len(c.Warnings) != 0 {
		t.Fatalf("%+v\n%s", c, ps.In(text.English))
	}
	same(t, "reference", c.SMTP.Password, "${file:/s/pw}")
	same(t, "reference", c.Checks[0].HTTP.URL, "https://a/${env:TOKEN}")
	for _, f := range []string{"\xff\xfe", strings.Repeat("x", maxSecret+1)} {
		_, ps = Parse("lage.yaml", []byte(withSecrets), secretOptions(map[string]string{"TOKEN": "t", "MAIL": "a@b.c", "USER_": "u"}, map[string]string{"/s/pw": f}))
		same(t, "problems", found(ps), []string{"5:73 secret_strange", "8:65 secret_strange"})
	}
}

func TestSecretsAreNotShownInMessages(t *testing.T) {
	_, ps := Parse("lage.yaml", []byte(withSecrets), secretOptions(
		map[string]string{"TOKEN": "hush\nhush", "MAIL": "hush", "USER_": "u"}, map[string]string{"/s/pw": "hush"}))
	same(t, "problems", found(ps), []string{"5:34 secret_value", "5:73 secret_value", "6:24 secret_value"})
	if !ps.Fatal() || strings.Contains(ps.In(text.English)+ps.In(text.German), "hush") {
		t.Error(ps.In(text.English))
	}
}

func TestSecretFileIsBounded(t *testing.T) {
	big := filepath.Join(t.TempDir(), "big")
	if err := os.WriteFile(big, make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	if b, err := readSecretFile(big); err != nil || len(b) != maxSecret+1 {
		t.Error(len(b), err)
	}
	if _, err := readSecretFile(big + "x"); err == nil {
		t.Error("no error")
	}
}

func TestCheckMode(t *testing.T) {
	f := filepath.Join(t.TempDir(), "lage.yaml")
	if err := os.WriteFile(f, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for mode, bad := range map[os.FileMode]bool{0o600: false, 0o644: false, 0o640: false, 0o660: true, 0o646: true, 0o666: true} {
		if err := os.Chmod(f, mode); err != nil {
			t.Fatal(err)
		}
		p := CheckMode(f)
		if (p != nil) != bad {
			t.Errorf("%v: %v", mode, p)
		}
		if p != nil && (!p.Warning || p.File != f || !strings.Contains(p.In(text.English), mode.String())) {
			t.Error(p.In(text.English))
		}
	}
	if CheckMode(f+"x") != nil {
		t.Error("a file that does not exist")
	}
}
