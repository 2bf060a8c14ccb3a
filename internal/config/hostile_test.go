package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"lage/internal/text"
)

func TestBombsAreStopped(t *testing.T) {
	laughs := "version: 1\na: &a [x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c < 'z'; c++ {
		laughs += fmt.Sprintf("%c: &%c [%s]\n", c, c, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*%c,", c-1), 9), ","))
	}
	stairs := ""
	for i := range 200 {
		stairs += strings.Repeat(" ", i) + "a:\n"
	}
	for name, c := range map[string]struct{ src, code string }{
		"brackets":          {strings.Repeat("[", 20000), "too_deep"},
		"braces":            {strings.Repeat("{a: ", 20000), "too_deep"},
		"brackets in lines": {strings.Repeat("[\n", 20000), "too_deep"},
		"brackets below":    {"a: " + strings.Repeat("[", 100), "too_deep"},
		"mixed":             {strings.Repeat("[{a: ", 20000), "too_deep"},
		"dashes":            {strings.Repeat("- ", 20000), "too_deep"},
		"questions":         {strings.Repeat("? ", 20000), "too_deep"},
		"stairs":            {stairs, "too_deep"},
		"after a text":      {"a: |\n  " + strings.Repeat("[", 100) + "\nb: " + strings.Repeat("[", 100), "too_deep"},
		"after a quote":     {"a: \"[[\n\"\nb: " + strings.Repeat("[", 100), "too_deep"},
		"after a comment":   {"# \"\nb: " + strings.Repeat("[", 100), "too_deep"},
		"after an anchor":   {"b: &x " + strings.Repeat("[", 100), "too_deep"},
		"keys":              {numbered("k%d: 1\n", 1001), "too_many_keys"},
		"keys below":        {"a:\n  b:\n" + numbered("    k%d: [1,\n   2]\n", 1001), "too_many_keys"},
		"questions below":   {strings.Repeat("? a\n", 1001), "too_many_keys"},
		"lines":             {"a: |\n" + strings.Repeat(" x\n", 1001), "too_many_lines"},
		"blank lines":       {"a: |\n" + strings.Repeat("\n", 1001), "too_many_lines"},
		"size":              {"# " + strings.Repeat("x", maxSize), "too_big"},
		"laughs":            {laughs, "alias"},
		"utf-16 le":         {"\xff\xfev\x00", "utf16"},
		"utf-16 be":         {"\xfe\xff\x00v", "utf16"},
		"utf-16 no mark":    {"v\x00e\x00r\x00", "utf16"},
		"latin-1":           {"version: 1\norganisation: M\xfcnchen", "utf8"},
		"null":              {"version: 1\nx: \x00", "nul"},
		"escape":            {"version: 1\nx: \x1b[31m", "control"},
		"delete":            {"version: 1\nx: \x7f", "control"},
		"empty":             {"", "empty_file"},
		"blank":             {"\n\n  \n", "empty_file"},
		"nothing":           {"null", "wants"},
	} {
		conf, ps := Parse("lage.yaml", []byte(c.src), Options{})
		if conf != nil || !ps.Fatal() || !strings.Contains(strings.Join(found(ps), "\n"), " "+c.code) {
			t.Errorf("%s: %v", name, found(ps))
		}
		checkWords(t, ps)
	}
}

func numbered(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func TestPlacesInStrangeFiles(t *testing.T) {
	for src, want := range map[string]string{
		"\ufeffversion: 1\nservices: [{id: a}]\nx: 1":             "3:1 unknown",
		"\ufeffversion: 1\r\nservices: [{id: a}]\r\n\r\nx: 1\r\n": "4:1 unknown",
		"x: ü\nversion: 1\nservices: [{id: \xff}]":                "3:17 utf8",
		"version: 1\r\nx: \x01":                                   "2:4 control",
		"a: 1\n" + strings.Repeat("- ", 65):                       "2:129 too_deep",
		"ü: " + strings.Repeat("[", 65):                           "1:67 too_deep",
	} {
		_, ps := Parse("lage.yaml", []byte(src), Options{})
		if got := found(ps); len(got) != 1 || got[0] != want {
			t.Errorf("%q: got %q, want %s", src[:min(30, len(src))], got, want)
		}
	}
}

// TestScreeningBuildsNothing holds the promise that bombs cost nothing: they are refused before anything is built.
func TestScreeningBuildsNothing(t *testing.T) {
	for _, src := range []string{strings.Repeat("[", 20000), strings.Repeat("- ", 20000), strings.Repeat("a: b\n", 20000)} {
		b := []byte(src)
		if n := testing.AllocsPerRun(3, func() { screen(b) }); n > 4 { // the message and its arguments
			t.Errorf("%v allocations for %q...", n, src[:5])
		}
	}
}

func TestDeepTextIsNoDepth(t *testing.T) {
	deep := strings.Repeat("[", 100)
	for _, src := range []string{
		"version: 1\norganisation: a" + deep + "\nservices: [{id: a}]\n",
		"version: 1\norganisation: \"" + deep + "\"\nservices: [{id: a}]\n",
		"version: 1\norganisation: '" + deep + "'\nservices: [{id: a}] # " + deep + "\n",
		"version: 1\norganisation: |\n  " + deep + "\nservices: [{id: a}]\n",
		"version: 1\norganisation: >-\n  x\n\n  " + deep + "\nservices: [{id: a}]\n",
	} {
		if _, ps := Parse("lage.yaml", []byte(src), Options{}); len(ps) != 0 {
			t.Errorf("%s%s", ps.In(text.English), src)
		}
	}
}

func TestManyProblemsAreCutShort(t *testing.T) {
	src := "version: 1\nservices: [{id: a}]\n" + numbered("unknown%d: 1\n", 900)
	_, ps := Parse("lage.yaml", []byte(src), Options{})
	if len(ps) != maxProblems || ps[maxProblems-1].In(text.English) != "lage.yaml:502:1: error: and 401 more problems" {
		t.Error(len(ps), ps[len(ps)-1].In(text.English))
	}
}

func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("../../testdata/config/bad/*.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, c := range strings.Split(string(b), "\n== ") {
			_, src, _ := strings.Cut(c, "\n")
			src, _ = marked(src)
			f.Add([]byte(src))
		}
	}
	f.Add(Example(text.German))
	f.Fuzz(func(t *testing.T, src []byte) {
		c, ps := Parse("lage.yaml", src, Options{Runbooks: books})
		lines := strings.Count(string(src), "\n") + strings.Count(string(src), "\r") + 1
		for _, p := range ps {
			if p.Line < 1 || p.Col < 1 || p.Line > lines+1 {
				t.Errorf("%d:%d is no place in a file of %d lines: %q", p.Line, p.Col, lines, src)
			}
			if s := p.In(text.German); !utf8.ValidString(s) || strings.ContainsAny(s, "\n\r\x1b\x00") {
				t.Errorf("not fit to be read: %q", s)
			}
		}
		if (c == nil) != ps.Fatal() {
			t.Errorf("config %v, fatal %v", c, ps.Fatal())
		}
	})
}

func BenchmarkParse1000Services(b *testing.B) {
	var s strings.Builder
	s.WriteString("version: 1\nservices:\n")
	for i := range 1000 {
		fmt.Fprintf(&s, "  - id: service-%d\n    name: {de: Dienst %d, en: Service %d}\n    hours: Mo-Fr 06:00-22:00\n    checks:\n", i, i, i)
		fmt.Fprintf(&s, "      - {id: start, type: http, url: https://s%d.example.org/, expect: {status: 200, max_time: 2s}}\n", i)
		fmt.Fprintf(&s, "      - {id: port, type: tcp, address: \"s%d.example.org:5432\"}\n", i)
	}
	src := []byte(s.String())
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if _, ps := Parse("lage.yaml", src, Options{}); len(ps) != 0 {
			b.Fatal(ps[0].In(text.English))
		}
	}
}
