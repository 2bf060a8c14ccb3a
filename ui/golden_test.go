package ui

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"lage/internal/text"
)

var update = flag.Bool("update", false, "write the golden screens anew")

// sizes are those that the console is made for.
func sizes() [][2]int { return [][2]int{{120, 36}, {80, 24}, {60, 20}, {40, 12}} }

// variants calls f for both languages and both sets of glyphs.
func variants(t *testing.T, f func(t *testing.T, name string, opt func(*Options))) {
	for _, lang := range []text.Lang{text.German, text.English} {
		for _, ascii := range []bool{false, true} {
			name := string(lang) + map[bool]string{false: "", true: "-ascii"}[ascii]
			t.Run(name, func(t *testing.T) {
				f(t, name, func(o *Options) { o.Lang, o.ASCII = lang, ascii })
			})
		}
	}
}

// golden compares the screen at all sizes with the file of that name, and checks what holds for every screen.
func (d *driver) golden(name string) {
	d.t.Helper()
	var b strings.Builder
	for _, s := range sizes() {
		d.Resize(s[0], s[1])
		screen := d.Screen()
		fmt.Fprintf(&b, "== %dx%d\n%s\n", s[0], s[1], screen)
		wellFormed(d.t, screen, s[0], s[1], d.a.e.style.asciiOnly)
	}
	path := filepath.Join("testdata", "golden", name+".txt")
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			d.t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		d.t.Fatal(err)
	}
	if got := b.String(); got != string(want) {
		d.t.Errorf("%s differs (go test ./ui -update writes it anew):\n%s", path, firstDifference(got, string(want)))
	}
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range g {
		if i >= len(w) || g[i] != w[i] {
			old := ""
			if i < len(w) {
				old = w[i]
			}
			return fmt.Sprintf("line %d\n got %q\nwant %q", i+1, g[i], old)
		}
	}
	return "shorter than before"
}

// wellFormed checks that there are h lines of exactly w cells, without control characters and emoji.
func wellFormed(t testing.TB, screen string, w, h int, ascii bool) {
	t.Helper()
	lines := strings.Split(screen, "\n")
	if len(lines) != h {
		t.Errorf("%d lines instead of %d", len(lines), h)
	}
	for i, l := range lines {
		if n := ansi.StringWidth(l); n != w {
			t.Errorf("line %d has %d cells instead of %d: %q", i+1, n, w, l)
		}
		for _, r := range l {
			switch {
			case r < ' ' || r == 0x7f:
				t.Errorf("line %d holds control character %U", i+1, r)
			case ascii && r > 0x7e:
				t.Errorf("line %d holds %q, which is not ASCII: %q", i+1, r, l)
			case strings.ContainsRune("✉▶↗✔⚠▪▫◀☎↔↕✖❗ℹ⏸⏹⏺◾◽\ufe0f", r) || r >= 0x1f000:
				t.Errorf("line %d holds %q, which terminals may draw as an emoji", i+1, r)
			}
		}
	}
}

func TestGoldenBoard(t *testing.T) {
	variants(t, func(t *testing.T, name string, opt func(*Options)) {
		console(t, sample(), opt).Press("esc").golden("board-" + name)
	})
}

func TestGoldenQuietBoard(t *testing.T) {
	variants(t, func(t *testing.T, name string, opt func(*Options)) {
		console(t, quiet10(), opt).golden("quiet-" + name)
	})
}

func TestGoldenCheck(t *testing.T) {
	variants(t, func(t *testing.T, name string, opt func(*Options)) {
		console(t, sample(), opt).Press("1", "enter").golden("check-" + name)
	})
}

func TestGoldenHelp(t *testing.T) {
	variants(t, func(t *testing.T, name string, opt func(*Options)) {
		console(t, sample(), opt).Press("1", "?").golden("help-" + name)
	})
}

func TestGoldenIncidents(t *testing.T) {
	variants(t, func(t *testing.T, name string, opt func(*Options)) {
		console(t, two(), opt).Press("2").golden("incidents-" + name)
	})
}
