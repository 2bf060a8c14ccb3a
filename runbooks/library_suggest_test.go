package runbooks

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const walked = `---
owner: x
---
# T

Intro.

1. Look
2. Count

   ` + "```sh" + `
   wc -l x
   ` + "```" + `

   - a detail

3. Broken

` + "```sh" + `
df -h
` + "```" + `

4. Last

## Restart

Run it.

### Really

- [ ] One
- [ ] Two
`

// applied runs a tool that takes the patch, and gives the file after it.
func applied(t *testing.T, raw, name, patch string, tool ...string) string {
	t.Helper()
	if _, err := exec.LookPath(tool[0]); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skipf("%s is not installed", tool[0])
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, name), raw)
	cmd := exec.Command(tool[0], tool[1:]...)
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(patch)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s\n%s", tool[0], err, out, patch)
	}
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestSuggest(t *testing.T) {
	remarks := []Remark{
		{Step: "t/look", Text: "on look"}, {Step: "t/count", Text: "on count\nsecond line"}, {Step: "t/broken", Text: "on broken"},
		{Step: "t/last", Text: "on last"}, {Step: "restart/really/two", Text: "on two"}, {Step: "gone", Text: "on nothing"},
		{Step: "t/look", Text: "again on look"}, {Step: "t/look", Text: "again on look"},
	}
	for name, raw := range map[string]string{"unix": walked, "windows": strings.ReplaceAll(walked, "\n", "\r\n"), "bom": "\ufeff" + walked, "no line end": strings.TrimSuffix(walked, "\n")} {
		t.Run(name, func(t *testing.T) {
			b := Parse("t", "t.md", []byte(raw))
			var ids []string
			b.All(func(_ int, s *Step) { ids = append(ids, s.ID) })
			s := Suggest(b, []byte(raw), "db/t x.md", remarks)
			if len(s.Placed) != 6 || len(s.Unplaced) != 1 || s.Unplaced[0].Step != "gone" {
				t.Fatalf("%+v of %q", s, ids)
			}
			for _, tool := range [][]string{{"patch", "-p1", "--binary"}, {"git", "apply"}} {
				got := applied(t, raw, "db/t x.md", s.Patch, tool...)
				now := Parse("t", "t.md", []byte(got))
				for _, r := range s.Placed {
					if st := now.Step(r.Step); !strings.Contains(st.Body, strings.Split(r.Text, "\n")[0]) {
						t.Errorf("%q is not in step %s: %q", r.Text, r.Step, st.Body)
					}
				}
				if again := Suggest(now, []byte(got), "db/t x.md", remarks); again.Patch != "" || len(again.Placed) != 0 {
					t.Errorf("proposed again: %+v", again)
				}
				if name == "unix" && got != strings.NewReplacer("1. Look\n", "1. Look\n\n   > on look\n\n   > again on look\n", "- a detail\n", "- a detail\n\n   > on count\n   > second line\n",
					"3. Broken\n", "3. Broken\n\n   > on broken\n", "4. Last\n", "4. Last\n\n   > on last\n", "- [ ] Two\n", "- [ ] Two\n\n  > on two\n").Replace(walked) {
					t.Errorf("got\n%s", got)
				}
				if name == "windows" && strings.Count(got, "\n") != strings.Count(got, "\r\n") {
					t.Error("mixed line ends")
				}
			}
		})
	}
}

// TestSuggestWithIncludes: a remark on a step from another file stands where that is included.
func TestSuggestWithIncludes(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "b.md"), "# B\n\n## Login\n\n1. Go\n")
	src := "# A\n\n1. Log in\n   <!-- include b.md#login -->\n2. Look\n"
	b := ParseFile(filepath.Join(dir, "a.md"), []byte(src))
	s := Suggest(b, []byte(src), "a.md", []Remark{{Step: "a/log-in/go", Text: "slow"}, {Step: "a/look", Text: "twice"}})
	want := "--- a/a.md\n+++ b/a.md\n@@ -2,4 +2,8 @@\n \n 1. Log in\n    <!-- include b.md#login -->\n+\n+   > slow\n 2. Look\n+\n+   > twice\n"
	if s.Patch != want {
		var ids []string
		b.All(func(_ int, s *Step) { ids = append(ids, s.ID) })
		t.Errorf("%s\n%q %+v", s.Patch, ids, s.Unplaced)
	}
}

// TestSuggestIsHarmless: whatever somebody notes, the steps and commands of the runbook stay what they are.
func TestSuggestIsHarmless(t *testing.T) {
	b := Parse("t", "t.md", []byte(walked))
	for _, text := range []string{"<!-- step id=x -->", "<!-- hidden", "```sh\nrm -rf /\n```", "```sh", "# Heading\n1. Step\n- [ ] task", "[!WARNING]", "> [!WARNING]\n> x", "![x](y) <b>", "~~~\nls\n", "    rm -rf /", "\\"} {
		for _, id := range []string{"t/look", "t/count", "t/broken", "restart/really/one"} {
			s := Suggest(b, []byte(walked), "t.md", []Remark{{Step: id, Text: "Note: x\n" + text}})
			if len(s.Placed)+len(s.Unplaced) != 1 {
				t.Errorf("%q at %s: %+v", text, id, s)
				continue
			}
			if len(s.Placed) == 0 {
				continue
			}
			now := Parse("t", "t.md", []byte(applied(t, walked, "t.md", s.Patch, "patch", "-p1")))
			if a, z := strings.Join(shape(b), "\n"), strings.Join(shape(now), "\n"); a != z {
				t.Errorf("%q at %s changed the runbook:\n%s\n%s", text, id, a, z)
			}
		}
	}
	if s := Suggest(b, []byte(walked), "t.md", nil); s.Patch != "" {
		t.Error(s.Patch)
	}
}
