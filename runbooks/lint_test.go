package runbooks

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lage/internal/text"
)

const lintSamples = "../testdata/lint"

func lintNow() time.Time { return time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC) }

// lintText is what Lint says, one finding a line: "12:9 ! anchor-missing: ...".
func lintText(findings []Finding) string {
	var b strings.Builder
	for _, f := range findings {
		mark := "?"
		if f.Problem {
			mark = "!"
		}
		fmt.Fprintf(&b, "%d:%d %s %s: %s\n", f.Line, f.Column, mark, f.Code(), f.Message.In(text.English))
	}
	return b.String()
}

func TestLintGolden(t *testing.T) {
	src, err := os.ReadFile(filepath.Join(lintSamples, "falsch.md"))
	if err != nil {
		t.Fatal(err)
	}
	linked := func(path string) (*Runbook, bool) {
		b, err := ReadFile(filepath.Join(lintSamples, path))
		return b, err == nil
	}
	got := lintText(Lint(ParseFile(filepath.Join(lintSamples, "falsch.md"), src), src, Around{Now: lintNow(), Checks: []string{"wohngeld/start"}, Services: []string{"wohngeld"}, Linked: linked}))
	file := filepath.Join(lintSamples, "falsch.txt")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (go test ./runbooks -update writes it anew):\n%s", file, got)
	}
	if strings.Contains(got, "hunter22") || strings.Contains(got, "geheim77") {
		t.Error("a finding repeats a secret")
	}
}

func TestLintCodes(t *testing.T) {
	for name, c := range map[string]struct{ src, want string }{
		"clean":           {"# T\n\n1. Look\n\n   ```sh\n   df -h\n   ```\n", ""},
		"nothing known":   {"---\nowner: x\nchecks: [\"a/*\"]\nlast_reviewed_on: 2026-11-01\n---\n# T\n\n1. See [b](b.md#c)\n", ""},
		"review in words": {"---\nowner: x\nlast_reviewed_on: 2026-11-01\nreview_in: bald\n---\n# T\n\n1. Look\n", "4:12 ! review-unreadable"},
		"due today":       {"---\nowner: x\nlast_reviewed_on: 2026-11-23\nreview_in: 1 Tag\n---\n# T\n\n1. Look\n", ""},
		"no steps":        {"", "1:1 ? no-steps"},
		"heading anchors": {"# T\n\n## A b\n\n1. To [x](#a-b), [y](#a-b-1), [z](#A-B-2)\n\n## A b\n\n1. Look\n", "5:35 ! anchor-missing"},
		"html anchor":     {"# T\n\n<a id=\"hier\"></a>\n\n1. To [x](#hier)\n", ""},
		"declared":        {"---\nowner: x\nlast_reviewed_on: 2026-11-01\nvars: {pod-name: {prompt: Which}}\n---\n# T\n\n1. Look\n\n   ```sh\n   kubectl get pod <pod_name>\n   ```\n", ""},
		"asked":           {"---\nowner: x\nlast_reviewed_on: 2026-11-01\n---\n# T\n\n1. Look\n   <!-- input NODE \"Which?\" -->\n\n   ```sh\n   ping -c 1 <node>\n   ```\n", ""},
		"undeclared":      {"# T\n\n1. Look\n\n   ```sh\n   ping -c 1 <node>\n   ```\n", "6:14 ? placeholder-undeclared"},
		"never":           {"---\nowner: x\nlast_reviewed_on: 2026-11-01\n---\n# T\n\n1. Go\n\n   ```sh {\"confirm\":\"never\"}\n   rm -rf /srv/x\n   ```\n", "9:12 ! danger-never-confirmed"},
		"typed":           {"---\nowner: x\nlast_reviewed_on: 2026-11-01\n---\n# T\n\n1. Go\n\n   ```sh {\"confirm\":\"type\"}\n   rm -rf /srv/x\n   ```\n", ""},
		"until":           {"---\nowner: x\nlast_reviewed_on: 2026-11-01\n---\n# T\n\n1. Wait\n   <!-- until check=db ok -->\n", ""},
		"syntax":          {"# T\n\n1. Go\n\n   ```sh\n   if true; then\n     ls\n   ```\n", "6:4 ! shell-syntax"},
		"secrets":         {"# T\n\n1. Use password=$PW, --password='<pw>', token: none, PGPASSWORD=abc12345\n", "3:65 ! secret"},
	} {
		var lines []string
		for _, f := range strings.Split(strings.TrimSpace(lintText(Lint(Parse("t", "t.md", []byte(c.src)), []byte(c.src), Around{Now: lintNow()}))), "\n") {
			head, _, _ := strings.Cut(f, ": ")
			lines = append(lines, head)
		}
		if got := strings.Join(lines, "\n"); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestLintBytes(t *testing.T) {
	src := []byte("\ufeff# T\r\n\r\n1. K\xf6ln \xe2\x80\xae ok\tno\r\n")
	want := "3:5 ! not-utf8: The file is not UTF-8 here.\n3:9 ! hidden-character: An invisible character (U+202E) stands here; it is not read.\n"
	if got := lintText(Lint(Parse("t", "t.md", src), src, Around{})); got != want {
		t.Errorf("%s", got)
	}
	if got := lintText(Lint(Parse("t", "t.md", src), nil, Around{})); got != "" {
		t.Errorf("without bytes: %s", got)
	}
}

// TestLintInclude: what stands in another file is found there, not here.
func TestLintInclude(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "b.md"), "# B\n\n## Login\n\n1. Go\n\n   ```\n   df -h\n   ```\n\npassword=abcdef123\n")
	src := "# A\n\n1. Log in\n   <!-- include b.md#login -->\n"
	write(t, filepath.Join(dir, "a.md"), src)
	b := ParseFile(filepath.Join(dir, "a.md"), []byte(src))
	if len(b.Sections[0].Steps[0].Steps) != 1 {
		t.Fatalf("nothing was included: %+v", b.Sections)
	}
	if got := lintText(Lint(b, []byte(src), Around{Now: lintNow(), Linked: func(string) (*Runbook, bool) { return nil, true }})); got != "1:1 ? owner-missing: It does not say who is responsible (owner).\n1:1 ? review-missing: It does not say when the runbook was last reviewed (last_reviewed_on).\n" {
		t.Error(got)
	}
}

func TestReviewDue(t *testing.T) {
	on := time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)
	for in, want := range map[string]string{"6 months": "2026-07-31", "2 weeks": "2026-02-14", "90d": "2026-05-01", "1 Jahr": "2027-01-31", "3 Monate": "2026-05-01", "soon": "", "": ""} {
		due, ok := Meta{ReviewedOn: on, ReviewIn: in}.ReviewDue()
		got := ""
		if ok {
			got = due.Format(time.DateOnly)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if _, ok := (Meta{ReviewIn: "6 months"}).ReviewDue(); ok {
		t.Error("due without ever having been reviewed")
	}
}

func FuzzLint(f *testing.F) {
	for _, name := range []string{"falsch.md", "andere.md"} {
		src, err := os.ReadFile(filepath.Join(lintSamples, name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		book := Parse("f", "f.md", src)
		for _, x := range Lint(book, src, Around{Now: lintNow(), Checks: []string{}, Services: []string{}}) {
			if x.Line < 1 || x.Column < 1 || x.Code() == "" || strings.Contains(x.Message.In(text.German), "{0}") {
				t.Errorf("%+v", x)
			}
		}
	})
}
