package ui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"
)

func TestFitIsExact(t *testing.T) {
	for _, st := range []*styles{newStyles(false, false, "dark"), newStyles(true, true, "")} {
		rapid.Check(t, func(t *rapid.T) {
			s := st.show(rapid.StringOf(rapid.RuneFrom([]rune("aä –„漢🙂x\u0301"))).Draw(t, "text"))
			w := rapid.IntRange(0, 30).Draw(t, "width")
			for _, got := range []string{st.fit(s, w), st.fit(st.bold.Render(s), w), st.fitRight(s, w), st.ends(s, "ab", w), st.ends(s, "", w)} {
				if ansi.StringWidth(got) != w {
					t.Fatalf("%q has %d cells, not %d", got, ansi.StringWidth(got), w)
				}
			}
			if st.asciiOnly && !isASCII(s) {
				t.Fatalf("%q is not ASCII", s)
			}
		})
	}
}

func TestSpellingInASCII(t *testing.T) {
	st := newStyles(true, false, "")
	for in, want := range map[string]string{"ANTRÄGE": "ANTRAEGE", "Übersicht": "Uebersicht", "läuft · „Antrag“": `laeuft - "Antrag"`, "GRÜN Ö": "GRUEN Oe",
		"漢": "?", "plain": "plain"} {
		if got := st.show(in); got != want {
			t.Errorf("%q is spelled %q, want %q", in, got, want)
		}
	}
}

func TestFrameAndPanes(t *testing.T) {
	st := newStyles(false, false, "")
	for _, l := range append(st.frame("Titel, der viel zu lang ist", []string{"a", "漢字"}, 20), st.frame("", nil, 20)...) {
		if ansi.StringWidth(l) != 20 {
			t.Errorf("%q", l)
		}
	}
	for _, l := range st.beside(3, pane{5, []string{"links"}}, pane{7, []string{"rechts, lang", "b"}}) {
		if ansi.StringWidth(l) != 13 || !strings.Contains(l, "│") {
			t.Errorf("%q", l)
		}
	}
}

func TestScrollKeepsTheSelectionInSight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, h := rapid.IntRange(1, 50).Draw(t, "n"), rapid.IntRange(1, 20).Draw(t, "h")
		at, top := rapid.IntRange(0, n-1).Draw(t, "at"), rapid.IntRange(0, 60).Draw(t, "top")
		if got := scroll(top, at, n, h); at < got || at >= got+h || got < 0 {
			t.Fatalf("scroll(%d, %d, %d, %d) = %d", top, at, n, h, got)
		}
	})
}
