package runbooks

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// Line ends and a byte order mark change nothing, and neither does reading what was read.
func FuzzSameAgain(f *testing.F) {
	for _, file := range sampleFiles(f) {
		_, src := readSample(f, file)
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > 8000 || bytes.Contains(src, []byte(withLine)) {
			return
		}
		src = bytes.ReplaceAll(bytes.TrimPrefix(src, []byte("\ufeff")), []byte("\r"), nil)
		book := Parse("x", "x.md", src)
		plain, err := JSON(book)
		if err != nil {
			t.Fatal(err)
		}
		twin := append([]byte("\ufeff"), bytes.ReplaceAll(src, []byte("\n"), []byte("\r\n"))...)
		for what, other := range map[string][]byte{"line ends": twin, "its source": []byte(book.Source)} {
			if got, _ := JSON(Parse("x", "x.md", other)); !bytes.Equal(plain, got) {
				t.Errorf("%s: %s", what, firstDifference(string(plain), string(got)))
			}
		}
	})
}

func FuzzDirective(f *testing.F) {
	for _, s := range []string{`wait 10m "a b"`, `until check=x ok for=2m timeout=1h`, `signoff role=lead distinct`, `input X "Q?" choices=a,b`, `only severity<=2 kind=x`, `step id=a kind=decision`, `include ../x.md#y`, `undo #z`, `expect 'a`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		b := checkBook(t, []byte("1. One\n   <!-- "+s+" -->\n2. Two\n"))
		b.All(func(_ int, st *Step) {
			if st.Wait < 0 || st.Until.For < 0 || st.Until.Timeout < 0 {
				t.Errorf("%q: %+v", s, st.Wants)
			}
			for _, a := range st.Asks {
				if !varName.MatchString(a.Name) {
					t.Errorf("%q asks for %q", s, a.Name)
				}
			}
			for _, j := range st.Jumps {
				if b.Step(j.Step) == nil {
					t.Errorf("%q leads to %q, which is not there", s, j.Step)
				}
			}
		})
	})
}

// What is open stands in the text, each once, and a block with something open does not run.
func FuzzPlaceholders(f *testing.F) {
	for _, s := range []string{"kubectl get pod <pod-name>", "echo ${A} $B", "cat <<E\n<x>\nE", "curl {host}/[path name]", "cd /path/to/x && mkfs /dev/sdX", "a=xx; b=YOUR_X ..."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 4000 || !utf8.ValidString(s) {
			return
		}
		sc := understand(s)
		open := placeholders(s, sc, nil, nil)
		for i, p := range open {
			if p != "CHANGEME" && !strings.Contains(s, p) && !strings.Contains(s, strings.Trim(p, "${}")) {
				t.Errorf("%q is not in %q", p, s)
			}
			if slices.Contains(open[:i], p) {
				t.Errorf("%q twice in %q", p, open)
			}
		}
		b := Block{Kind: BlockCommand, Text: s, Placeholders: open}
		if why(&b, sc, nil) == "" && len(open) > 0 {
			t.Errorf("%q runs with %q open", s, open)
		}
	})
}

// Nothing that a terminal acts on comes through, and cleaning what is clean changes nothing.
func FuzzCleanSource(f *testing.F) {
	for _, s := range []string{"a\x1b[31mb", "\x1b]0;x\a", "a\r\nb\rc", "\u202eabc", "\xff\xfe", "\t\x00", "\u0085\u2028"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		once, _ := cleanSource(src)
		harmless(t, strings.NewReplacer("\n", "", "\t", "").Replace(once))
		if twice, _ := cleanSource([]byte(once)); twice != once {
			t.Errorf("%q becomes %q", once, twice)
		}
	})
}
