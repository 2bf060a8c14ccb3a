package runbooks

import (
	"slices"
	"strings"
	"testing"
)

func TestPlain(t *testing.T) {
	for _, c := range []struct {
		name, md string
		width    int
		want     []string
	}{
		{"placeholders stay", "Delete pod <pod-name> in <ns> now", 60, []string{"Delete pod <pod-name> in <ns> now"}},
		{"placeholder at the start", "<pod-name> is gone", 60, []string{"<pod-name> is gone"}},
		{"tags go", "a <b>bold</b> word<br>next", 60, []string{"a bold word", "next"}},
		{"wrapped", "one two three four", 9, []string{"one two", "three", "four"}},
		{"not wrapped", "one two\nthree four", 0, []string{"one two three four"}},
		{"long word", "abcdefghij", 4, []string{"abcd", "efgh", "ij"}},
		{"inline code in one piece", "run `ls -l /srv` now", 14, []string{"run", "`ls -l /srv`", "now"}},
		{"code is not wrapped", "    kubectl get pods -n shop\n", 10, []string{"    kubectl get pods -n shop"}},
		{"link", "see [the guide](https://x.example/g)", 60, []string{"see the guide (https://x.example/g)"}},
		{"plain link", "<https://x.example/>", 60, []string{"https://x.example/"}},
		{"picture", "![the board](b.png)", 60, []string{"[the board] (b.png)"}},
		{"list", "- one\n- two three\n  1. four\n", 9, []string{"- one", "- two", "  three", "  1. four"}},
		{"boxes", "- [ ] a\n- [x] b\n", 60, []string{"- [ ] a", "- [x] b"}},
		{"loose list", "- one\n\n  more\n- two\n", 60, []string{"- one", "", "  more", "", "- two"}},
		{"quote", "> one\n> two", 60, []string{"> one two"}},
		{"warning", "> [!WARNING]\n> Never.\n", 60, []string{"! WARNING:", "! Never."}},
		{"table", "| a | bb |\n|---|---|\n| ccc | d |\n", 60, []string{"a    bb", "ccc  d"}},
		{"narrow table", "| name | what |\n|---|---|\n| ccc | d e f |\n", 8, []string{"name:", "ccc", "what: d", "e f"}},
		{"wide letters", "日本 語", 4, []string{"日本", "語"}},
		{"entity of a control", "a &#27;[31m b", 60, []string{`a \x1b[31m b`}},
		{"rule and heading", "# One `x`\n\n---\n\nText", 60, []string{"One `x`", "", "---", "", "Text"}},
		{"nothing", "", 60, []string{}},
	} {
		if got := Plain(c.md, c.width); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestProseStyles(t *testing.T) {
	var got []string
	for _, s := range Prose("a **b** *c* `d` [e](f)\n\n> q\n", 80)[0] {
		got = append(got, s.Text+"/"+string(rune('0'+s.Style)))
	}
	want := []string{"a /0", "b/1", " /0", "c/2", " /0", "`d`/3", " e (/0", "f/4", ")/0"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// No line of prose is wider than asked, but for code, and no word is lost.
func TestProseOfEverySample(t *testing.T) {
	for _, file := range sampleFiles(t) {
		b, _ := readSample(t, file)
		b.All(func(_ int, s *Step) {
			wide := strings.Join(strings.Fields(strings.Join(Plain(s.Body, 0), " ")), "")
			for _, width := range []int{20, 60} {
				lines := Plain(s.Body, width)
				for _, l := range lines {
					if cells(l) > width && !strings.HasPrefix(strings.TrimLeft(l, " >!"), "    ") {
						t.Errorf("%s: %d cells of %d: %q", b.Name, cells(l), width, l)
					}
				}
				if strings.Contains(s.Body, "|") || strings.Contains(s.Body, "> ") { // marks repeat in every line
					continue
				}
				if got := strings.Join(strings.Fields(strings.Join(lines, "")), ""); strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(wide, " ", "") {
					t.Errorf("%s: at %d cells %q, want %q", b.Name, width, got, wide)
				}
			}
		})
	}
}
