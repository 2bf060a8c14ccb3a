package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	gtext "github.com/yuin/goldmark/text"

	"lage/incidents"
	"lage/internal/clean"
	"lage/internal/text"
)

// shape is what a reader of Markdown makes of a document.
type shape struct {
	headings, rows, cells, fences, items, comments int
	bad                                            []string // what foreign text must not make
	plain                                          string   // all text outside fences
	code                                           []string // insides of fences
}

func read(t testing.TB, src string) shape {
	t.Helper()
	b := []byte(src)
	root := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(gtext.NewReader(b))
	var s shape
	var plain strings.Builder
	err := ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			s.headings++
		case *ast.ListItem:
			s.items++
		case *east.TableRow, *east.TableHeader:
			s.rows++
		case *east.TableCell:
			s.cells++
		case *ast.FencedCodeBlock:
			s.fences++
			s.code = append(s.code, string(n.Lines().Value(b)))
		case *ast.HTMLBlock:
			if raw := strings.TrimSpace(string(n.Lines().Value(b))); strings.HasPrefix(raw, "<!--") {
				s.comments++
			} else {
				s.bad = append(s.bad, raw)
			}
		case *ast.RawHTML, *ast.Link, *ast.Image, *ast.AutoLink, *ast.CodeBlock, *ast.Emphasis, *east.Strikethrough, *ast.Blockquote:
			s.bad = append(s.bad, n.Kind().String())
		case *ast.Text:
			plain.Write(unescaped(n.Value(b)))
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	s.plain = plain.String()
	return s
}

// unescaped takes the escapes out of a text node, as a renderer would.
func unescaped(b []byte) []byte {
	var out []byte
	for i := 0; i < len(b); i++ {
		if b[i] == '\\' && i+1 < len(b) && strings.IndexByte("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", b[i+1]) >= 0 {
			i++
		}
		out = append(out, b[i])
	}
	return bytes.ReplaceAll(bytes.ReplaceAll(bytes.ReplaceAll(out, []byte("&lt;"), []byte("<")), []byte("&gt;"), []byte(">")), []byte("&amp;"), []byte("&"))
}

func markdown(t testing.TB, r incidents.Room) string {
	t.Helper()
	var b bytes.Buffer
	if err := Incident(&b, r, Options{Lang: text.German, Zone: berlin(t)}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// body is the document without its front matter.
func body(t testing.TB, doc string) string {
	t.Helper()
	_, rest, ok := strings.Cut(strings.TrimPrefix(doc, "---\n"), "\n---\n")
	if !ok {
		t.Fatal("no front matter")
	}
	return rest
}

var hostile = []string{
	"plain", "", " ", "<script>alert(1)</script>", "</td></tr>", "<!-- comment -->", "--> out", "<!--", "a | b | c", "|", "\\|", "\\", "\\\\|", "`code`", "``", "`", "```\nout\n```", "````",
	"# heading", "## heading ##", "a #", "#", "=====", "---", "- item", "* item", "+ item", "1. item", "12) item", "> quote", "    code", "\tcode", "~~~", "~~x~~", "***", "___", "_a_ __b__", "*a* **b**",
	"[x](http://evil.example)", "![x](http://evil.example/x.png)", "[x]: http://evil.example", "[ ] task", "[x] task", "<http://evil.example>", "http://evil.example", "https://evil.example/?a=b", "www.evil.example", "mail@evil.example", "ftp://x.y",
	"&lt;b&gt;", "&amp;lt;", "&#60;b&#62;", "&", "a & b", "&copy;", "line one\n\n# line two", "line\r\nline", "\u2028# x", "| --- | --- |", ":---", "\x1b[31mred\x1b[0m", "\u202eevil", "@everyone", "$x$", "$$x$$", "[^1]", "[^1]: note",
	"Straße & Söhne <info@x.de>", "*", "_", "a_b_c", "snake_case and _private", "C:\\dir\\file", "{{ template }}", "</details>", "<details>", "javascript:alert(1)", "[a][b]", "!", "![", "](", "\\[x](y)", "\\`", "a\\", "--- \n", "%%", "5. x",
}

func TestInline(t *testing.T) {
	for _, h := range hostile {
		s := read(t, "before "+inline(h)+" after\n")
		if len(s.bad) > 0 || s.headings+s.rows+s.fences+s.items > 0 {
			t.Errorf("%q became %q: %+v", h, inline(h), s)
		}
		if want := "before " + clean.Line(h) + " after"; s.plain != strings.ReplaceAll(want, "  ", " ") && s.plain != want {
			t.Errorf("%q reads as %q, want %q", h, s.plain, want)
		}
		if c := read(t, head("A", "B")+row(inline(h), "x")); c.rows != 2 || c.cells != 4 || len(c.bad) > 0 {
			t.Errorf("%q in a table: %+v", h, c)
		}
	}
}

func TestBlock(t *testing.T) {
	for _, h := range hostile {
		if clean.Line(h) == "" {
			continue
		}
		for before, want := range map[string]shape{"": {}, "- ": {items: 1}, "- [ ] ": {items: 1}, "# ": {headings: 1}} {
			s := read(t, before+block(h)+"\n")
			if len(s.bad) > 0 || s.headings != want.headings || s.items != want.items || s.rows+s.fences+s.comments > 0 || !strings.Contains(s.plain, clean.Line(h)) {
				t.Errorf("%q behind %q became %q: %+v", h, before, block(h), s)
			}
		}
	}
}

func TestFence(t *testing.T) {
	for _, h := range append(hostile, "a\n```\nb", "`````", "x\n", "~~~\n```sh\n````\n") {
		s := read(t, "before\n\n"+fence("text", h)+"\nafter\n")
		if s.fences != 1 || len(s.bad) > 0 || s.plain != "beforeafter" {
			t.Errorf("%q: %+v", h, s)
			continue
		}
		if want := clean.Text(h); strings.TrimSuffix(s.code[0], "\n") != strings.TrimSuffix(want, "\n") {
			t.Errorf("%q reads as %q", want, s.code[0])
		}
	}
}

// withEverywhere puts a hostile string wherever foreign text comes from.
func withEverywhere(t testing.TB, h string) incidents.Room {
	r := room(t)
	r.Incident.Title, r.Incident.Cause, r.Incident.Lead, r.Incident.Checks = h, h, h, []string{h}
	r.Service.Name.De = h
	for i := range r.Entries {
		e := &r.Entries[i]
		e.Message = text.Raw(h)
		if e.Kind == incidents.KindNote {
			e.Message = text.Raw("! " + h)
		}
		e.Who.Name, e.Who.OSUser = h, h
		if e.Check != "" {
			e.Check = h
		}
		if e.Output != "" {
			e.Output = h
		}
		if e.Command != nil {
			c := *e.Command
			c.Command, c.Host, c.Dir, c.SHA256 = h, h, h, h
			e.Command = &c
		}
	}
	w := &r.Walks[0]
	w.Walk.Title, w.Walk.Runbook, w.Walk.Revision = h, h, h
	for i := range w.Book.Sections[0].Steps {
		w.Book.Sections[0].Steps[i].Title = h
	}
	for id, s := range w.Walk.Steps {
		s.By, s.Reason = h, h
		w.Walk.Steps[id] = s
	}
	return r
}

// checkShape holds a document with hostile text against the one with harmless text.
func checkShape(t testing.TB, h string, want shape) {
	t.Helper()
	doc := markdown(t, withEverywhere(t, h))
	s := read(t, body(t, doc))
	if len(s.bad) > 0 || s.headings != want.headings || s.rows != want.rows || s.cells != want.cells || s.fences > want.fences || s.items != want.items || s.comments != want.comments {
		s.plain, s.code, want.plain, want.code = "", nil, "", nil
		t.Errorf("%q: got %+v, want %+v\n%s", h, s, want, doc)
	}
	if whole := read(t, doc); len(whole.bad) > 0 { // for readers that know no front matter
		t.Errorf("%q in the front matter: %v\n%s", h, whole.bad, doc[:600])
	}
	for i, line := range strings.Split(strings.SplitN(doc, "\n---\n", 2)[0], "\n") {
		if i > 0 && strings.HasPrefix(line, "---") {
			t.Errorf("%q ends the front matter", h)
		}
	}
}

func TestHostileTextEverywhere(t *testing.T) {
	want := read(t, body(t, markdown(t, withEverywhere(t, "plain"))))
	if len(want.bad) > 0 || want.rows == 0 || want.cells == 0 || want.fences == 0 || want.items == 0 || want.comments != 8 {
		t.Fatalf("the harmless document: %+v", want)
	}
	for _, h := range hostile {
		if clean.Line(h) != "" {
			checkShape(t, h, want)
		}
	}
}

func FuzzMarkdown(f *testing.F) {
	for _, h := range hostile {
		f.Add(h)
	}
	f.Fuzz(func(t *testing.T, h string) {
		if clean.Line(h) == "" || strings.TrimSpace(clean.Line(h)) != clean.Line(h) {
			return
		}
		if s := read(t, "before "+inline(h)+" after\n"); len(s.bad) > 0 {
			t.Errorf("%q became %q: %v", h, inline(h), s.bad)
		}
		s := read(t, "- "+block(h)+"\n\n"+head("A", "B")+row(inline(h), "x")+"\n"+fence("text", h))
		if len(s.bad) > 0 || s.items != 1 || s.rows != 2 || s.cells != 4 || s.fences != 1 || s.headings > 0 {
			t.Errorf("%q: %+v", h, s)
		}
	})
}
