package runbooks

import (
	"strings"
	"testing"
	"time"
)

// outline writes a runbook's steps as "kind title", sub-steps indented.
func outline(b *Runbook) string {
	var out strings.Builder
	var write func(steps []Step, pad string)
	write = func(steps []Step, pad string) {
		for _, s := range steps {
			out.WriteString(pad + string(s.Kind) + " " + s.Title + "\n")
			write(s.Steps, pad+"  ")
		}
	}
	for _, s := range b.Sections {
		write(s.Steps, "")
	}
	return out.String()
}

func TestSteps(t *testing.T) {
	for _, c := range []struct{ name, md, want string }{
		{"ordered", "1. Open it\n2. Close it\n", "manual Open it\nmanual Close it\n"},
		{"ordered, glued by a higher number", "1. Open it\n```\nuptime\n```\n3. Close it\n", "command Open it\nmanual Close it\n"},
		{"ordered, glued at one again", "1. Open it\n```\nuptime\n```\n1. Close it\n", "command Open it\nmanual Close it\n"},
		{"ordered, picture between", "1. Open it\n2. Look\n\n![p](p.png)\n\n3. Close it\n", "manual Open it\nmanual Look\nmanual Close it\n"},
		{"two lists", "1. Open it\n2. Close it\n\nTo undo that:\n\n1. Open again\n", "manual Open it\nmanual Close it\nmanual Open again\n"},
		{"block behind a list", "1. Open it\n2. Run this:\n```\nuptime\n```\n", "manual Open it\ncommand Run this\n"},
		{"list that only counts", "There are two places:\n\n1. Edge cache\n2. Web server\n", "read There are two places\n"},
		{"nested ordered", "1. Do it\n   1. first\n   2. second\n2. Done\n", "manual Do it\n  manual first\n  manual second\nmanual Done\n"},
		{"nested bullets are text", "1. Do it\n   - like this\n   - or that\n", "manual Do it\n"},
		{"nested bullets with code", "1. Do it\n   - one way\n     ```\n     uptime\n     ```\n", "manual Do it\n  command one way\n"},
		{"task list", "- [ ] Alpha\n- [x] Beta\n", "manual Alpha\nmanual Beta\n"},
		{"task list in a context", "## Background\n- [ ] Alpha\n", "manual Alpha\n"},
		{"bullets", "- Restart the web server\n- The web server is restarted\n", "manual Restart the web server\nmanual The web server is restarted\n"},
		{"bullets broken by their content", "* Execute the restore\n\nFrom your machine, do this:\n\n  ```\nuptime\n  ```\n\n* Export the data\n\n```\ndf -h\n```\n* The result looks fine\n", "command Execute the restore\ncommand Export the data\nmanual The result looks fine\n"},
		{"bullets of nouns", "- Access to the server\n- Backup of the data\n- the end\n", "read - Access to the server - Backup of the data - the end\n"},
		{"bullets of questions", "- Is the server up?\n- Does it answer?\n", "decision Is the server up?\ndecision Does it answer?\n"},
		{"German infinitives", "- Dienst auf beiden Knoten neu starten\n- Protokoll prüfen\n", "manual Dienst auf beiden Knoten neu starten\nmanual Protokoll prüfen\n"},
		{"German polite form", "- Prüfen Sie das Protokoll\n- Rufen Sie die Leitstelle an\n", "manual Prüfen Sie das Protokoll\nmanual Rufen Sie die Leitstelle an\n"},
		{"contents", "- [A](#a)\n- [B](#b)\n\n## A\n\nRestart it.\n\n## B\n\nCheck it.\n", "manual Restart it.\nmanual Check it.\n"},
		{"sentence and block", "Some words. Check the load:\n\n```\nuptime\n```\n", "command Check the load\n"},
		{"bold line and block", "**Check the load**\n\n```\nuptime\n```\n", "command Check the load\n"},
		{"heading and block", "## Check the load\n\n```\nuptime\n```\n", "command Check the load\n"},
		{"blocks without prose", "Check:\n\n```\nuptime\n```\n\n```\ndf -h\n```\n", "command Check\n"},
		{"name of a file between", "Save this script.\n\n`x.sh`\n\n```\n#!/bin/sh\nls\nls\n```\n", "command Save this script.\n"},
		{"condition", "If the disk is full, clean it.\n\nWenn nicht, weiter.\n", "decision If the disk is full, clean it.\ndecision Wenn nicht, weiter.\n"},
		{"explanation", "The disk holds the data.\n", "read The disk holds the data.\n"},
		{"numbered headings", "# T\n\n## 1. Open\n\nText.\n\n## Step 2: Close\n\nText.\n\n## Schritt 3 – Melden\n", "manual Open\nmanual Close\nmanual Melden\n"},
		{"numbered heading with a list", "## 1. Open\n\n1. Left\n2. Right\n", "manual Left\nmanual Right\n"},
		{"numbered heading with parts", "## 1. Open\n\nCheck:\n\n```\nuptime\n```\n\nThen run:\n\n```\ndf -h\n```\n", "manual Open\n  command Check\n  command Then run\n"},
		{"numbered chapter", "## 1. Overview\n\nText.\n\n## 2. Resolution\n\nRestart it.\n", "manual Restart it.\n"},
		{"numbered bold lines", "**1. Open**\n\nText.\n\n**2. Close**\n\n```\nuptime\n```\n", "manual Open\ncommand Close\n"},
		{"context explains", "## Background\n\n1. The worker runs\n2. It schedules jobs\n\n```\nuptime\n```\n\n## Steps\n\n- Restart it\n", "manual Restart it\n"},
		{"context instructs", "## Notes\n\n- Restart the worker\n- Check the queue\n", "manual Restart the worker\nmanual Check the queue\n"},
		{"context with code in a list", "## Details about the setup\n\n- The server is here:\n\n  ```\n  uptime\n  ```\n\n## Steps\n\n- Restart it\n", "manual Restart it\n"},
		{"label in bold", "**Notes**\n\n- Restart takes long\n- Check takes long\n\nRestart it.\n", "manual Restart it.\n"},
		{"prerequisites", "## Voraussetzungen\n\n- Zugang zum Server\n- Schlüssel\n", "check Zugang zum Server\ncheck Schlüssel\n"},
		{"branch", "Is it up?\n\n- Yes: [go on](#on)\n- No: [start](start.md)\n", "decision Is it up?\n"},
		{"condition with sub-steps", "1. If it is down:\n   1. Start it\n2. Done\n", "decision If it is down\n  manual Start it\nmanual Done\n"},
		{"nothing but context", "# T\n\n## Meaning\n\nA.\n\n## Impact\n\nB.\n", "read Meaning\nread Impact\n"},
		{"directive makes a step of a heading", "## Promote\n<!-- step id=promote kind=decision -->\nText.\n", "decision Promote\n"},
		{"sentence with an abbreviation", "1. Use e.g. the mirror. It is slow.\n", "manual Use e.g. the mirror.\n"},
	} {
		b := checkBook(t, []byte(c.md))
		if got := outline(b); got != c.want {
			t.Errorf("%s:\n%swant\n%s", c.name, got, c.want)
		}
	}
}

func TestSectionKinds(t *testing.T) {
	for title, want := range map[string]SectionKind{
		"Meaning": Context, "IMPACT": Context, "What is a quota?": Context, "1. Overview": Context, "Bedeutung": Context, "Mögliche Ursachen": Context,
		"References": Reference, "See also:": Reference, "Appendix B": Reference, "Details about the installation": Reference, "Kontakte": Reference, "Anhang": Reference,
		"Prerequisites": Prerequisites, "Before you start": Prerequisites, "Voraussetzungen": Prerequisites,
		"Mitigation": Procedure, "Restart the server": Procedure, "Behebung": Procedure, "Rückfall": Procedure,
	} {
		b := Parse("x", "x.md", []byte("# T\n\n## "+title+"\n\ntext\n"))
		if got := b.Sections[1].Kind; got != want {
			t.Errorf("%s: %s, want %s", title, got, want)
		}
	}
	b := Parse("x", "x.md", []byte("# T\n\n## Background\n\n### Storage\n\n- Restart it\n\n### 1. Fill it\n\n### Resolution\n\nx\n"))
	for i, want := range []SectionKind{Procedure, Context, Context, Procedure, Procedure} {
		if got := b.Sections[i].Kind; i > 0 && got != want {
			t.Errorf("%s: %s, want %s", b.Sections[i].Title, got, want)
		}
	}
}

func TestIdentity(t *testing.T) {
	b := Parse("x", "x.md", []byte("# T\n\n## Start the pump\n\n1. Open\n2. Open\n3. Close\n   <!-- step id=shut optional -->\n\n## Übersicht der Lage prüfen\n\n- [ ] Größe\n"))
	var ids []string
	b.All(func(_ int, s *Step) { ids = append(ids, s.ID) })
	want := "start-the-pump/open start-the-pump/open#2 shut übersicht-der-lage-prüfen/größe"
	if got := strings.Join(ids, " "); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if s := b.Step("shut"); s == nil || !s.Optional || len(s.Directives) != 1 {
		t.Errorf("step shut: %+v", s)
	}
	if b.Step("none") != nil {
		t.Error("found a step that is not there")
	}
}

func TestBodiesKeepWhatTheTitleLeavesOut(t *testing.T) {
	b := Parse("x", "x.md", []byte("1. Open `it`. It is heavy, see [how](how.md).\n   Second line.\n\n   More.\n2. Look at [the page](p.md)\n3. "+strings.Repeat("long ", 40)+"\n\n[how]: x\n"))
	steps := b.Sections[0].Steps
	if steps[0].Title != "Open it." || steps[0].Body != "It is heavy, see [how](how.md).\nSecond line.\n\nMore.\n\n[how]: <x>" {
		t.Errorf("%q %q", steps[0].Title, steps[0].Body)
	}
	if len(steps[0].Code) != 1 || steps[0].Code[0] != "it" {
		t.Errorf("code %q", steps[0].Code)
	}
	if steps[1].Body != "Look at [the page](p.md)" {
		t.Errorf("%q", steps[1].Body)
	}
	if !strings.HasSuffix(steps[2].Title, "…") || !strings.Contains(steps[2].Body, "long long") {
		t.Errorf("%q %q", steps[2].Title, steps[2].Body)
	}
}

func TestWarningsRaiseRisk(t *testing.T) {
	b := Parse("x", "x.md", []byte("## Do\n\n1. Change it\n\n   > [!WARNING]\n   > Loses data.\n\n   ```\n   site-tool --apply\n   ```\n2. Change that:\n   ```\n   site-tool --apply\n   uptime\n   ```\n"))
	s := b.Sections[0].Steps
	if s[0].Warning != "Loses data." || s[0].Commands[0].Risk != RiskDanger || s[1].Commands[0].Risk != RiskChange || b.Sections[0].Warning != "Loses data." {
		t.Errorf("%q %s %s %q", s[0].Warning, s[0].Commands[0].Risk, s[1].Commands[0].Risk, b.Sections[0].Warning)
	}
}

func TestFrontMatter(t *testing.T) {
	b, _ := readSample(t, samples+"/antrag-503.md")
	m := b.Meta
	if m.Owner != "Team Fachverfahren" || len(m.Services) != 1 || m.Services[0] != "wohngeld" || m.Kind != "incident" || m.ReviewIn != "6 months" ||
		!m.ReviewedOn.Equal(time.Date(2026, 8, 14, 0, 0, 0, 0, time.UTC)) || len(m.Requires) != 2 || m.Timeout != time.Minute {
		t.Errorf("%+v", m)
	}
	b, _ = readSample(t, samples+"/placeholders.md")
	if len(b.Meta.Vars) != 1 || b.Meta.Vars[0].Prompt != "Namespace?" || b.Meta.Vars[0].Default != "shop" {
		t.Errorf("%+v", b.Meta.Vars)
	}
	for _, bad := range []string{"---\na: &x [1]\nb: *x\n---\n# T\n", "---\na: " + strings.Repeat("[", 5000) + "\n---\n# T\n"} {
		if b := Parse("x", "x.md", []byte(bad)); b.Title != "T" || len(b.Warnings) != 1 {
			t.Errorf("%.20q: %q %v", bad, b.Title, b.Warnings)
		}
	}
}

func TestDirectives(t *testing.T) {
	b := Parse("x", "x.md", []byte("1. Promote\n   <!-- wait 10m \"replica catches up\" -->\n   <!-- until check=db ok for=2m -->\n   <!-- a remark -->\n2. Done\n"))
	d := b.Sections[0].Steps[0].Directives
	if len(d) != 2 || d[0].Name != "wait" || d[0].Args[0] != "10m" || d[0].Args[1] != "replica catches up" || d[1].Keys["check"] != "db" || d[1].Args[0] != "ok" {
		t.Errorf("%+v", d)
	}
	if len(b.Sections[0].Steps[1].Directives) != 0 {
		t.Errorf("%+v", b.Sections[0].Steps[1].Directives)
	}
}

// What only says what happens is no decision, and what only points elsewhere is no step.
func TestProseThatAsksForNothing(t *testing.T) {
	for text, step := range map[string]bool{
		"If the disk is full, the database stops.":                                          false,
		"If the disk is full the database stops.":                                           false,
		"If GitHub is down, we will not be able to log in.":                                 false,
		"If an upgrade is in progress, the alert may resolve by itself.":                    false,
		"If an upgrade is in progress, the alert may resolve. If not, restart the node.":    true,
		"If the certificate has expired, follow the instructions.":                          true,
		"If the node is unreachable:":                                                       true,
		"If you see a warning it should be addressed.":                                      true,
		"If errors persist then restart the pod.":                                           true,
		"If errors persist then there may be a deeper problem.":                             false,
		"If the load stays high, you can restart a worker.":                                 true,
		"When a job fails, the queue grows.":                                                false,
		"When the monitor triggers, we would like to tell our users. Please call the desk.": true,
		"Wenn die Platte voll ist, bleibt die Datenbank stehen.":                            false,
		"Wenn die Platte voll ist, alte Protokolle löschen.":                                true,
		"Falls der Dienst nicht antwortet, prüfen Sie das Protokoll.":                       true,
		"Falls das nicht hilft, muss die Leitstelle informiert werden.":                     true,
		"Wenn nicht, weiter.":                                                               true,
		"See the [documentation](x.md) for further details.":                                false,
		"Siehe [Handbuch](x.md).":                                                           false,
		"See the [page](x.md) and restart the node.":                                        true,
		"Note that anyone can deploy.":                                                      false,
		"Beachten Sie, dass alle Zugriff haben.":                                            false,
		"You should see a list of nodes.":                                                   false,
		"You should restart it.":                                                            true,
		"You can use the `--data` option.":                                                  false,
		"You can watch it with `kubectl get pods`.":                                         true,
		"To change the count, we need to use the console.":                                  true,
		"Step 2: Restart it":                                                                true,
		"**2.** Restart it. It takes a while.":                                              true,
	} {
		b := Parse("x", "x.md", []byte("## Do\n\n"+text+"\n\nThat is all there is to know about it.\n"))
		got := false
		b.All(func(_ int, s *Step) { got = got || s.Kind != Read })
		if got != step {
			t.Errorf("%q: step %v, want %v\n%s", text, got, step, outline(b))
		}
	}
}
