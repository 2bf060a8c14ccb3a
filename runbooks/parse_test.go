package runbooks

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"unicode"

	"github.com/yuin/goldmark/ast"

	"lage/internal/text"
)

var update = flag.Bool("update", false, "write the golden files anew")

const samples = "../testdata/runbooks"

func sampleFiles(t testing.TB) []string {
	files, err := filepath.Glob(samples + "/*.md")
	if err != nil || len(files) < 14 {
		t.Fatalf("samples: %d files, %v", len(files), err)
	}
	return files
}

func readSample(t testing.TB, file string) (*Runbook, []byte) {
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimSuffix(filepath.Base(file), ".md")
	return Parse(name, name+".md", src), src
}

func TestOutlines(t *testing.T) {
	for _, file := range sampleFiles(t) {
		b, _ := readSample(t, file)
		t.Run(b.Name, func(t *testing.T) {
			got, err := JSON(b)
			if err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join(samples, "golden", b.Name+".json")
			if *update {
				if err := os.MkdirAll(filepath.Dir(golden), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("outline differs from %s; run with -update and look at the difference\n%s", golden, firstDifference(string(want), string(got)))
			}
		})
	}
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			return "want " + w[i] + "\ngot  " + g[i]
		}
	}
	return "one is longer"
}

// checkBook looks for what must hold for any file whatsoever.
func checkBook(t *testing.T, src []byte) *Runbook {
	t.Helper()
	b := Parse("name", "name.md", src)
	kept := 0
	b.blocksOf(func(blocks []Block) {
		for _, x := range blocks {
			kept++
			checkBlock(t, x)
		}
	})
	if want := blocksIn(src, b); kept != want {
		t.Errorf("%d of %d code blocks kept", kept, want)
	}
	ids := map[string]bool{}
	b.All(func(_ int, s *Step) {
		if s.ID == "" || ids[s.ID] {
			t.Errorf("step %q has ID %q, empty or used twice", s.Title, s.ID)
		}
		ids[s.ID] = true
		if cells(s.Title) > titleCells {
			t.Errorf("title of %d cells: %q", cells(s.Title), s.Title)
		}
		harmless(t, s.Title)
		for _, l := range Plain(s.Body, 60) {
			harmless(t, l)
		}
	})
	for _, w := range b.Warnings {
		if !text.Known(w.Code) {
			t.Errorf("no text for %s", w.Code)
		}
	}
	if _, err := JSON(b); err != nil {
		t.Error(err)
	}
	return b
}

func checkBlock(t *testing.T, x Block) {
	t.Helper()
	if x.Runnable != (x.Why == "") || x.Runnable && (x.Kind != BlockCommand || len(x.Placeholders) > 0 || !understand(x.Text).ok) {
		t.Errorf("runnable %v because %q: %s %q", x.Runnable, x.Why, x.Kind, x.Text)
	}
	if x.Why != "" && !text.Known(x.Why) {
		t.Errorf("no text for %s", x.Why)
	}
	if x.Line < 1 {
		t.Errorf("block at line %d", x.Line)
	}
	harmless(t, strings.NewReplacer("\n", "", "\t", "").Replace(x.Text+x.Example))
	harmless(t, strings.ReplaceAll(x.Source, "\n", ""))
}

// harmless refuses what a terminal would act on.
func harmless(t *testing.T, s string) {
	t.Helper()
	for _, r := range s {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			t.Errorf("%q holds %U", s, r)
			return
		}
	}
}

// blocksIn counts the code blocks of the Markdown tree that the reader works on.
func blocksIn(src []byte, b *Runbook) int {
	s := &source{}
	clean, _ := cleanSource(src)
	lines, values, _ := frontMatter(splitLines(clean, 1))
	s.join(plainMarkdown(mendFences(s, boxes(lines)), str(values["title"])))
	n := 0
	_ = ast.Walk(parseMarkdown(s.text).root, func(x ast.Node, entering bool) (ast.WalkStatus, error) {
		if k := x.Kind(); entering && (k == ast.KindFencedCodeBlock || k == ast.KindCodeBlock) {
			n++
		}
		return ast.WalkContinue, nil
	})
	return n
}

func TestEveryFile(t *testing.T) {
	for _, file := range sampleFiles(t) {
		_, src := readSample(t, file)
		t.Run(filepath.Base(file), func(t *testing.T) { checkBook(t, src) })
	}
}

func TestLineEndsAndMarkChangeNothing(t *testing.T) {
	for _, file := range sampleFiles(t) {
		_, src := readSample(t, file)
		plain := bytes.ReplaceAll(bytes.TrimPrefix(src, []byte("\ufeff")), []byte("\r\n"), []byte("\n"))
		want := Parse("x", "x.md", plain)
		got := Parse("x", "x.md", append([]byte("\ufeff"), bytes.ReplaceAll(plain, []byte("\n"), []byte("\r\n"))...))
		a, _ := JSON(want)
		b, _ := JSON(got)
		if !bytes.Equal(a, b) {
			t.Errorf("%s: CRLF and byte order mark change the outline\n%s", file, firstDifference(string(a), string(b)))
		}
	}
}

func TestHostileFiles(t *testing.T) {
	units := []string{"[", "*a ", "> ", "- ", "1. ", "<a>", "![", "<!--", "```\n", "```a\n## B\n", "<pre>\n", "::: a\n", "!!! a\n    b\n", "<div>\n", "|a|b\n-|-\n", "[a]: b\n", "**1. a**\n\n", "- [ ] a\n", "echo 'a\n", "\x1b]0;x\a", "\xff", "# a\n"}
	for _, u := range units {
		checkBook(t, []byte(strings.Repeat(u, 3000/len(u))))
	}
	for _, u := range []string{"$ a \\\n", "cat <<E\n", "(", "$(a ", "<x", "if a; then "} {
		checkBook(t, []byte("```\n"+strings.Repeat(u, 3000/len(u))+"\n```\n"))
	}
	checkBook(t, nil)
}

// What a file costs grows with its size and not faster. Memory asked for is what is compared: it does not depend on how
// busy the machine is. A reader that goes over the whole file for each line would need some sixty times as much.
func TestCostGrowsWithSize(t *testing.T) {
	const small, times = 4000, 8
	for _, unit := range []string{
		"1. Restart it:\n\n   ```sh\n   uptime\n   ```\n\n", "- Restart it\n", "text `code` *a* [b](c) <d>\n\n", "[", "*a _b ", "> - ", "<!-- wait 1m -->\n", "```\nuptime\n```\n", "## Restart\n\nCheck it:\n\n    df -h\n\n",
		"If it is down, see step 2.\n\n", "$ uptime\n10:00 up 3 days\n", "!!! danger\n    Stop.\n\n", "<pre>\nuptime\n</pre>\n\n", "[a]: b\n[a]\n\n", "```\n", "**1. Open**\n\n",
	} {
		cost := func(size int) float64 {
			src := []byte(strings.Repeat(unit, size/len(unit)+1))
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			Parse("x", "x.md", src)
			runtime.ReadMemStats(&after)
			return float64(after.TotalAlloc - before.TotalAlloc)
		}
		if a, b := cost(small), cost(small*times); b > 3*times*a {
			t.Errorf("%.20q: %.0f bytes for %d of them, %.0f for %d times as much", unit, a, small, b, times)
		}
	}
}

func TestLimits(t *testing.T) {
	b := Parse("x", "x.md", []byte(strings.Repeat("text that goes on and on\n\n", maxLines)))
	if len(b.Warnings) != 1 || b.Warnings[0].Code != "runbooks.too_long" {
		t.Errorf("warnings: %v", b.Warnings)
	}
	if n := strings.Count(b.Source, "\n"); n != maxLines {
		t.Errorf("%d lines read", n)
	}
}

func FuzzParse(f *testing.F) {
	for _, file := range sampleFiles(f) {
		_, src := readSample(f, file)
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > 20000 {
			return
		}
		checkBook(t, src)
	})
}

// dense is a runbook of 35 KB with a block to every few lines.
func dense(b *testing.B) []byte {
	var src []byte
	for len(src) < 35<<10 {
		for _, file := range sampleFiles(b) {
			_, s := readSample(b, file)
			src = append(src, s...)
		}
	}
	return src[:35<<10]
}

func BenchmarkParse(b *testing.B) {
	src := dense(b)
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		Parse("x", "x.md", src)
	}
}

// BenchmarkMarkdown is the part of BenchmarkParse that the Markdown parser takes, to compare.
func BenchmarkMarkdown(b *testing.B) {
	src := string(dense(b))
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		parseMarkdown(src)
	}
}

func BenchmarkProse(b *testing.B) {
	book, err := ReadFile(samples + "/admonitions.md")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		Prose(book.Source, 80)
	}
}
