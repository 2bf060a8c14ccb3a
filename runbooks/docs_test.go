package runbooks

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"lage/internal/text"
)

var (
	exampleFile = regexp.MustCompile("(?ms)^````markdown\n(.*?)^````$")
	exampleRow  = regexp.MustCompile("`([a-z0-9-]+)`")
)

// TestDocumentedExamples: what the page for authors shows has no mistakes.
func TestDocumentedExamples(t *testing.T) {
	src, err := os.ReadFile("../docs/runbooks.md")
	if err != nil {
		t.Fatal(err)
	}
	found := exampleFile.FindAllSubmatch(src, -1)
	if len(found) == 0 {
		t.Fatal("no example")
	}
	for _, m := range found {
		b := Parse("housing-503", "housing-503.md", m[1])
		around := Around{Now: time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC), Checks: []string{"housing/start"}, Services: []string{"housing"}}
		for _, f := range Lint(b, m[1], around) {
			t.Errorf("line %d: %s: %s", f.Line, f.Code(), f.Message.In(text.English))
		}
		if n := len(Flat(b)); n < 5 {
			t.Errorf("%d steps", n)
		}
		w := Wanted{Checks: []string{"housing/start"}, Said: []string{"HTTP 503 after 1.2 s"}}
		if got := (Library{Books: []*Runbook{b}}).Match(w); len(got) != 1 || len(got[0].Reasons) != 2 {
			t.Errorf("%+v", got)
		}
	}
}

// TestDocumentedCodes: the page lists every code that lint can give.
func TestDocumentedCodes(t *testing.T) {
	src, err := os.ReadFile("../docs/runbooks.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, ok := strings.Cut(string(src), "| code | meaning |")
	if !ok {
		t.Fatal("no table of codes")
	}
	table, _, _ = strings.Cut(table, "\n\n")
	listed := map[string]bool{}
	for _, m := range exampleRow.FindAllStringSubmatch(table, -1) {
		listed[m[1]] = true
	}
	used := map[string]bool{}
	code := regexp.MustCompile(`"(?:lint\.([a-z0-9_]+)"|runbooks\.((?:fence|suspect|front_matter|attribute|directive|duplicate|expect_|include|too_long)[a-z_]*)")`)
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if strings.HasSuffix(f.Name(), "_test.go") || !strings.HasSuffix(f.Name(), ".go") {
			continue
		}
		src, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range code.FindAllStringSubmatch(string(src), -1) {
			used[strings.ReplaceAll(m[1]+m[2], "_", "-")] = true
		}
	}
	delete(used, "include-") // a prefix
	for c := range used {
		if !listed[c] {
			t.Errorf("%s is not on the page", c)
		}
		delete(listed, c)
	}
	for c := range listed {
		if c != "interactive" && c != "confirm" {
			t.Errorf("%s is on the page and lint never says it", c)
		}
	}
}
