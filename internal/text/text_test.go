package text

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestBothLanguagesAreComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, tab := range tables {
		for code, p := range tab {
			if seen[code] {
				t.Errorf("%s stands in two tables", code)
			}
			seen[code] = true
			if strings.TrimSpace(p.De) == "" || strings.TrimSpace(p.En) == "" {
				t.Errorf("%s is missing in a language", code)
			}
			if d, e := places(p.De), places(p.En); !slices.Equal(d, e) {
				t.Errorf("%s has other placeholders in German %v than in English %v", code, d, e)
			}
		}
	}
}

var placeholder = regexp.MustCompile(`\{(\d+)[^}]*\}`)

// places lists which arguments a template uses.
func places(tmpl string) []string {
	var out []string
	for _, m := range placeholder.FindAllStringSubmatch(strings.ReplaceAll(tmpl, "{{", ""), -1) {
		out = append(out, m[1])
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// prefixes are the rooms that codes begin with; a string literal that looks like a code has to be one.
var codeLike = regexp.MustCompile(`^(checks|incidents|runbooks|config|notify|report|store|ui|room|cli|demo|access|alarms|doctor|backup|history|poller|privacy|lint|services|walk|walkui|library|exec|calling)\.[a-z0-9_]+$`)

// TestCodesExistAndAreUsed reads the source: each literal that looks like a code exists, and each code is used somewhere.
func TestCodesExistAndAreUsed(t *testing.T) {
	used := map[string]bool{}
	var stems []string // "incidents.state_" + x
	fset := token.NewFileSet()
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if strings.HasPrefix(d.Name(), ".git") || d.Name() == "testdata" {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(fset, path, nil, 0)
		if err != nil {
			return err
		}
		inTables := filepath.Dir(path) == "../../internal/text"
		ast.Inspect(f, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING || inTables {
				return true
			}
			s, err := strconv.Unquote(lit.Value)
			if err != nil {
				return true
			}
			if strings.HasSuffix(s, "_") || strings.HasSuffix(s, ".") {
				stems = append(stems, s)
				return true
			}
			if codeLike.MatchString(s) {
				used[s] = true
				if !Known(s) && !isStem(s) {
					t.Errorf("%s: no text for %q", fset.Position(lit.Pos()), s)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, tab := range tables {
		for code := range tab {
			if used[code] || slices.ContainsFunc(stems, func(s string) bool { return len(s) > 3 && strings.HasPrefix(code, s) }) {
				continue
			}
			t.Errorf("%s is used nowhere", code)
		}
	}
}

// isStem tells whether codes begin with s and an underscore or dot: a code made of parts.
func isStem(s string) bool {
	for _, tab := range tables {
		for code := range tab {
			if strings.HasPrefix(code, s+"_") || strings.HasPrefix(code, s+".") {
				return true
			}
		}
	}
	return false
}

func TestFill(t *testing.T) {
	for _, c := range []struct {
		tmpl string
		args []string
		de   string
	}{
		{"{0} nach {1:duration}", []string{"HTTP 503", "1.204s"}, "HTTP 503 nach 1,2 s"},
		{"{0:number} %", []string{"99.97"}, "99,97 %"},
		{"{0} {0|Prüfung|Prüfungen}", []string{"1"}, "1 Prüfung"},
		{"{0} {0|Prüfung|Prüfungen}", []string{"2"}, "2 Prüfungen"},
		{"{{0}", nil, "{0}"},
		{"{3}", []string{"a"}, "{3}"},
		{"offen {", nil, "offen {"},
	} {
		if got := fill(German, c.tmpl, c.args); got != c.de {
			t.Errorf("fill(%q, %q) = %q, want %q", c.tmpl, c.args, got, c.de)
		}
	}
}

func TestMessageKeepsWhatItDoesNotKnow(t *testing.T) {
	m := Message{Code: "future.code", Args: []string{"a", "b"}}
	if got := m.In(German); got != "future.code a b" {
		t.Errorf("got %q", got)
	}
	if got := Raw("wie es ist").In(English); got != "wie es ist" {
		t.Errorf("got %q", got)
	}
}

func TestErasedIsSaidInTheReadersLanguage(t *testing.T) {
	for _, m := range []Message{Raw("Skript von " + Erased), M("incidents.already_acknowledged", Erased, "1:58")} {
		if de, en := m.In(German), m.In(English); !strings.Contains(de, "[gelöscht]") || !strings.Contains(en, Erased) {
			t.Errorf("%q, %q", de, en)
		}
	}
}

func TestHours(t *testing.T) {
	for d, want := range map[time.Duration]string{40 * time.Hour: "40 h", 24*time.Hour + 5*time.Minute: "24 h 5 min", 90 * time.Minute: "1 h 30 min", -time.Hour: "0 s"} {
		if got := Hours(German, d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}

func TestDuration(t *testing.T) {
	for _, c := range []struct {
		d      time.Duration
		de, en string
	}{
		{0, "0 s", "0 s"},
		{240 * time.Millisecond, "240 ms", "240 ms"},
		{1204 * time.Millisecond, "1,2 s", "1.2 s"},
		{42 * time.Second, "42 s", "42 s"},
		{14 * time.Minute, "14 min", "14 min"},
		{3*time.Hour + 5*time.Minute, "3 h 5 min", "3 h 5 min"},
		{52 * time.Hour, "2 T 4 h", "2 d 4 h"},
		{-time.Second, "0 s", "0 s"},
	} {
		if de, en := Duration(German, c.d), Duration(English, c.d); de != c.de || en != c.en {
			t.Errorf("%v: %q %q, want %q %q", c.d, de, en, c.de, c.en)
		}
	}
}
