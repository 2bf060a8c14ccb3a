package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"lage/internal/text"
)

// lageIn runs one command line in process, in a home of its own.
func lageIn(t *testing.T, env map[string]string, e Env) (code int, out, errs string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	home := t.TempDir()
	e.Getenv = func(name string) string {
		if v, ok := env[name]; ok {
			return v
		}
		if name == "HOME" {
			return home
		}
		return ""
	}
	if e.Stdout == nil {
		e.Stdout = &stdout
	}
	e.Stderr = &stderr
	code = Run(context.Background(), e)
	return code, stdout.String(), stderr.String()
}

func TestAdviceIsAnAnswerOnATerminal(t *testing.T) {
	code, out, _ := lageIn(t, nil, Env{StdinTerminal: true, StdoutTerminal: true})
	if code != 0 || strings.Count(out, "\n") != 3 || !strings.Contains(out, "lage demo") {
		t.Errorf("code %d, output %q", code, out)
	}
}

func TestLanguage(t *testing.T) {
	for _, c := range []struct {
		args []string
		env  map[string]string
		want string
	}{
		{nil, nil, "Übersicht"},
		{nil, map[string]string{"LANG": "C"}, "Übersicht"},
		{nil, map[string]string{"LANG": "en_GB.UTF-8"}, "Overview"},
		{nil, map[string]string{"LANG": "en_GB.UTF-8", "LC_MESSAGES": "de_AT"}, "Übersicht"},
		{nil, map[string]string{"LANG": "de_DE", "LC_ALL": "en_US"}, "Overview"},
		{nil, map[string]string{"LC_ALL": "en_US", "LAGE_LANG": "de"}, "Übersicht"},
		{[]string{"--lang", "en"}, map[string]string{"LAGE_LANG": "de"}, "Overview"},
	} {
		code, _, errs := lageIn(t, c.env, Env{Args: append(c.args, "nonsense")})
		if code != exitUsage || !strings.Contains(errs, c.want) {
			t.Errorf("%v %v: code %d, %q lacks %q", c.args, c.env, code, errs, c.want)
		}
	}
}

// TestTable holds what dispatcher, help and completion rely on.
func TestTable(t *testing.T) {
	takesValue, seen := map[string]bool{}, map[string]bool{}
	for _, c := range table() {
		if seen[c.name] {
			t.Errorf("%q stands twice in the table", c.name)
		}
		seen[c.name] = true
		if len(strings.Fields(c.name)) > 2 || c.run == nil {
			t.Errorf("%q: at most two words, and a function", c.name)
		}
		if !c.hidden && (c.group == "" || c.short == "") {
			t.Errorf("%q has no heading or no help", c.name)
		}
		names := map[string]bool{}
		for _, f := range append(globalFlags(), c.flags...) {
			if names[f.name] {
				t.Errorf("%q has --%s twice", c.name, f.name)
			}
			names[f.name] = true
			if v, ok := takesValue[f.name]; ok && v != (f.value != "") {
				t.Errorf("--%s takes a value in one command and none in another", f.name)
			}
			takesValue[f.name] = f.value != ""
		}
	}
}

func TestEveryCommandHasHelpInBothLanguages(t *testing.T) {
	for _, c := range visible() {
		for _, l := range []text.Lang{text.German, text.English} {
			args := append(strings.Fields(c.name), "--help", "--lang", string(l))
			code, out, errs := lageIn(t, nil, Env{Args: args})
			if code != 0 || errs != "" || len(out) < 100 {
				t.Errorf("%v: code %d, %q", args, code, errs)
			}
			for _, line := range strings.Split(out, "\n") {
				if strings.Contains(line, "cli.") {
					t.Errorf("%v: a text is missing: %q", args, line)
				}
			}
		}
	}
}

func TestNearest(t *testing.T) {
	for _, c := range []struct{ typed, want string }{
		{"statsu", "status"}, {"stat", "status"}, {"incidnet", "incident"}, {"verison", "version"},
		{"xyz", ""}, {"n", ""}, {"a", ""}, {"akc", "ack"}, {"status", "status"},
	} {
		if got := nearest(c.typed, firstWords()); got != c.want {
			t.Errorf("nearest(%q) = %q, want %q", c.typed, got, c.want)
		}
	}
}

// broken is a writer whose reader has gone away.
type broken struct{ err error }

func (b broken) Write([]byte) (int, error) { return 0, b.err }

func TestReaderThatWentAway(t *testing.T) {
	code, _, errs := lageIn(t, nil, Env{Args: []string{"help"}, Stdout: broken{&os.PathError{Op: "write", Path: "|1", Err: syscall.EPIPE}}})
	if code != 0 || errs != "" {
		t.Errorf("code %d, %q", code, errs)
	}
	code, _, errs = lageIn(t, nil, Env{Args: []string{"help"}, Stdout: broken{errors.New("disk full")}})
	if code != exitFailed || !strings.Contains(errs, "disk full") {
		t.Errorf("code %d, %q", code, errs)
	}
}

func TestOut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "help.txt")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, _ := lageIn(t, nil, Env{Args: []string{"help", "-o", path}})
	b, err := os.ReadFile(path)
	if code != 0 || out != "" || err != nil || !bytes.Contains(b, []byte("lage status")) {
		t.Errorf("code %d, output %q, error %v", code, out, err)
	}
	if fi, err := os.Stat(path); err != nil || fi.Mode().Perm() != 0o600 {
		t.Errorf("the file's rights have changed: %v %v", fi.Mode(), err)
	}
	// What failed leaves the file alone.
	code, _, _ = lageIn(t, nil, Env{Args: []string{"help", "nonsense", "-o", path}})
	after, err := os.ReadFile(path)
	if code != exitNotFound || err != nil || !bytes.Equal(b, after) {
		t.Errorf("code %d, file changed: %v", code, !bytes.Equal(b, after))
	}
	// A folder that is not there is a failure with the name of the file.
	code, _, errs := lageIn(t, nil, Env{Args: []string{"help", "-o", filepath.Join(path, "x")}})
	if code != exitFailed || !strings.Contains(errs, path) {
		t.Errorf("code %d, %q", code, errs)
	}
}

func TestMoment(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 24, 0, 30, 0, 0, berlin)
	for _, c := range []struct{ in, want string }{
		{"2026-11-23T03:15:00Z", "2026-11-23T03:15:00Z"},
		{"2026-11-23 03:15", "2026-11-23T02:15:00Z"},
		{"23.11.2026 03:15", "2026-11-23T02:15:00Z"},
		{"00:10", "2026-11-23T23:10:00Z"},
		{"23:50", "2026-11-23T22:50:00Z"}, // said shortly after midnight: yesterday
		{"00:10:30", "2026-11-23T23:10:30Z"},
	} {
		a := &app{zone: berlin, env: Env{Now: func() time.Time { return now }}.complete(), set: flagSet([]flag{{name: "ended", value: "TIME"}})}
		if err := a.set.Set("ended", c.in); err != nil {
			t.Fatal(err)
		}
		got, err := a.moment("ended")
		if err != nil || got.UTC().Format(time.RFC3339) != c.want {
			t.Errorf("moment(%q) = %v, %v; want %s", c.in, got, err, c.want)
		}
	}
}

func TestSeal(t *testing.T) {
	doc := seal([]byte("# Bericht\n"))
	if !sealed(doc) {
		t.Error("a fresh report counts as changed")
	}
	edited := bytes.Replace(doc, []byte("Bericht"), []byte("bericht"), 1)
	if sealed(edited) || sealed([]byte("# Bericht\n")) || sealed(append(doc, "mehr"...)) {
		t.Error("a report that a person has worked on counts as untouched")
	}
}

func TestWorse(t *testing.T) {
	for _, c := range []struct{ a, b, want int }{{0, 1, 1}, {1, 2, 2}, {2, 3, 2}, {3, 1, 1}, {0, 3, 3}, {0, 0, 0}} {
		if got := worse(c.a, c.b); got != c.want || worse(c.b, c.a) != c.want {
			t.Errorf("worse(%d, %d) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestPluginOutputIsBounded(t *testing.T) {
	long := strings.Repeat("ä", 3000) + "\n" + strings.Repeat("b", 3000)
	got := cutLine(long, maxPlugin)
	if len(got) > maxPlugin || !strings.HasSuffix(got, "\n") || strings.ContainsRune(got, '\uFFFD') {
		t.Errorf("%d bytes", len(got))
	}
}

func TestWrap(t *testing.T) {
	lines := wrap("eins zwei drei vier\n  bleibt   wie es ist, auch wenn es lang ist", 10)
	want := []string{"eins zwei", "drei vier", "  bleibt   wie es ist, auch wenn es lang ist"}
	if strings.Join(lines, "|") != strings.Join(want, "|") {
		t.Errorf("%q", lines)
	}
}

func TestReadLimited(t *testing.T) {
	if _, err := readLimited(strings.NewReader("12345"), 5); err != nil {
		t.Error(err)
	}
	if _, err := readLimited(io.MultiReader(strings.NewReader("12345"), strings.NewReader("6")), 5); !errors.Is(err, errTooBig) {
		t.Errorf("got %v", err)
	}
}
