package clean

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestText(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", "Wohngeld online\nist da", "Wohngeld online\nist da"},
		{"umlauts", "„Prüfung“ – 5 % größer", "„Prüfung“ – 5 % größer"},
		{"emoji", "🚒 ⚠ ok", "🚒 ⚠ ok"},
		{"emoji style", "⚠️ ok", "⚠ ok"},
		{"colour", "\x1b[1;31mrot\x1b[0m", "rot"},
		{"character set", "a\x1b(Bb\x1b7c\x1b=d", "abcd"},
		{"title by BEL", "a\x1b]0;pwned\ab", "ab"},
		{"title by ST", "a\x1b]0;pwned\x1b\\b", "ab"},
		{"link", "\x1b]8;;http://x\x1b\\click\x1b]8;;\x1b\\", "click"},
		{"device control", "a\x1bP1$r0m\x1b\\b", "ab"},
		{"application", "a\x1b_Gf=24;AAAA\x1b\\b\x1b^x\x1b\\c\x1bXy\x1b\\d", "abcd"},
		{"C1 CSI", "a\u009b31mb", "ab"},
		{"C1 OSC and ST", "a\u009d0;x\u009cb", "ab"},
		{"open OSC", "a\x1b]0;never ends\nnext", "a\nnext"},
		{"open OSC at the end", "a\x1b]0;never", "a"},
		{"OSC broken by a sequence", "a\x1b]0;x\x1b[1mb", "ab"},
		{"open CSI", "a\x1b[31\nb", "a\nb"},
		{"CSI and a letter of another script", "a\x1b[3ä", "aä"},
		{"lone ESC", "a\x1b", `a\x1b`},
		{"two ESC", "a\x1b\x1b[1mb", `a\x1bb`},
		{"ESC and a line end", "a\x1b\nb", "a\\x1b\nb"},
		{"bell", "a\ab", `a\x07b`},
		{"backspace", "a\bb", `a\x08b`},
		{"delete", "a\x7fb", `a\x7fb`},
		{"nul", "a\x00b", `a\x00b`},
		{"next line", "a\u0085b", `a\x85b`},
		{"CRLF", "a\r\nb", "a\nb"},
		{"bare CR", "a\rb", `a\x0db`},
		{"bidi", "a\u202eb\u2066c\u200fd", "aU+202EbU+2066cU+200Fd"},
		{"zero width", "a\u200bb\u200dc\ufeffd\u00ade\u2060f", "aU+200BbU+200DcU+FEFFdU+00ADeU+2060f"},
		{"line separator", "a\u2028b\u2029c", "aU+2028bU+2029c"},
		{"fillers", "a\u3164b\u115fc\u034fd", "aU+3164bU+115FcU+034Fd"},
		{"tags", "a\U000e0041b", "aU+E0041b"},
		{"private use", "a\ue000b", "aU+E000b"},
		{"no-break space", "5\u00a0%", "5\u00a0%"},
		{"invalid", "a\xffb\xc3", "a\uFFFDb\uFFFD"},
		{"real U+FFFD", "a\uFFFDb", "a\uFFFDb"},
		{"surrogate", "a\xed\xa0\x80b", "a\uFFFD\uFFFD\uFFFDb"},
		{"tabs", "a\tb\n\tc\n1234567\tx\n12345678\ty", "a       b\n        c\n1234567 x\n12345678        y"},
		{"tab after wide", "日本\tx", "日本    x"},
		{"marks", "e\u0301\u0301\u0301\u0301\u0301\u0301x\u0301", "e\u0301\u0301\u0301\u0301x\u0301"},
		{"marks around a sequence", "e\u0301\u0301\u0301\x1b[1m\u0301\u0301", "e\u0301\u0301\u0301\u0301"},
		{"shell trick", "echo safe\x1b[8m; rm -rf /\x1b[0m", "echo safe; rm -rf /"},
	} {
		if got := Text(c.in); got != c.want {
			t.Errorf("%s: Text(%q) = %q, want %q", c.name, c.in, got, c.want)
		}
	}
}

func TestLine(t *testing.T) {
	for in, want := range map[string]string{
		"":                      "",
		"a b":                   "a b",
		" a\n\n b\t\tc \r\n":    "a b c",
		"a  b":                  "a b",
		"a ":                    "a",
		"\n":                    "",
		"a\u00a0b":              "a b",
		"\x1b[1m rot \x1b[0m":   "rot",
		"eins\rzwei":            `eins\x0dzwei`,
		"\x1b]0;x\nÜberschrift": "Überschrift",
	} {
		if got := Line(in); got != want {
			t.Errorf("Line(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestOutput(t *testing.T) {
	for in, want := range map[string]string{
		"":                                    "",
		"a\nb\n":                              "a\nb\n",
		"a\r\nb\r\n":                          "a\nb\n",
		"  1 %\r 50 %\r100 %\ndone\n":         "100 %\ndone\n",
		" 50 %\r100 %\x1b[K\r\x1b[K\nx":       "100 %\nx",
		"loading\r\x1b[2Kready":               "ready",
		"\r\r\n":                              "\n",
		"\x1b]0;title\rstill the same line\n": "still the same line\n",
		"bin\x00\xff\n":                       "bin\\x00\uFFFD\n",
	} {
		if got := Output([]byte(in)); got != want {
			t.Errorf("Output(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		in   string
		n    int
		want string
		cut  bool
	}{
		{"abc", 3, "abc", false}, {"abcd", 3, "abc", true}, {"aäb", 2, "a", true}, {"aäb", 3, "aä", true},
		{"ä", 0, "", true}, {"ä", -1, "", true}, {"", 0, "", false}, {"🚒", 3, "", true},
	} {
		if got, cut := Cut(c.in, c.n); got != c.want || cut != c.cut {
			t.Errorf("Cut(%q, %d) = %q, %v", c.in, c.n, got, cut)
		}
	}
}

func TestCleanTextIsNotCopied(t *testing.T) {
	for _, s := range []string{"plain ASCII\nwith lines", "größer – „gut“ 🚒"} {
		if n := testing.AllocsPerRun(10, func() { Text(s) }); n != 0 {
			t.Errorf("Text(%q) allocates %v times", s, n)
		}
	}
	if n := testing.AllocsPerRun(10, func() { Line("plain ASCII ä") }); n != 0 {
		t.Errorf("Line allocates %v times", n)
	}
}

// checkSafe fails when s holds anything that Text promises never to let through.
func checkSafe(t *testing.T, s string) {
	t.Helper()
	if !utf8.ValidString(s) {
		t.Fatalf("invalid UTF-8: %q", s)
	}
	marks := 0
	for _, r := range s {
		if unicode.Is(unicode.M, r) {
			if marks++; marks > maxMarks {
				t.Fatalf("too many marks: %q", s)
			}
			continue
		}
		marks = 0
		if r == '\n' || unicode.IsGraphic(r) && !unicode.Is(unicode.Cf, r) {
			continue
		}
		t.Fatalf("%U passed in %q", r, s)
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"", "a\tb", "\x1b[31mx\x1b[0m", "\x1b]8;;u\x1b\\t\x1b]8;;\a", "\x1bP\x1b\\\u009b1m\u009d\u009c",
		"e\u0301\u0301\u0301\u0301\u0301", "\u202e\u200b\ufe0f\U000e0041", "\xff\xc2\x9b\xc2", "10%\r20%\r\n", "\x1b\x1b[[\x1b(B"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text, line, output := Text(s), Line(s), Output([]byte(s))
		for _, out := range []string{text, line, output} {
			checkSafe(t, out)
			if again := Text(out); again != out {
				t.Fatalf("not idempotent: %q then %q", out, again)
			}
			if again := Line(Line(out)); again != Line(out) {
				t.Fatalf("Line not idempotent on %q", out)
			}
		}
		if strings.Contains(line, "\n") || line != strings.TrimSpace(line) || strings.Contains(line, "  ") {
			t.Fatalf("not one line: %q", line)
		}
		if lines := strings.Count(text, "\n"); lines != strings.Count(s, "\n") {
			t.Fatalf("%d line ends of %q became %d", strings.Count(s, "\n"), s, lines)
		}
	})
}

func BenchmarkText(b *testing.B) {
	plain := strings.Repeat("Nov 23 02:58:14 host app[123]: connection pool exhausted\n", 1000)
	german := strings.Repeat("Nov 23 02:58:14 host app[123]: Verbindungspool erschöpft\n", 1000)
	colour := strings.Repeat("\x1b[32mINFO\x1b[0m\tVerbindungspool erschöpft\r\n", 1000)
	for name, s := range map[string]string{"plain": plain, "german": german, "colour": colour} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(s)))
			b.ReportAllocs()
			for b.Loop() {
				Text(s)
			}
		})
	}
}
