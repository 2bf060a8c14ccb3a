package runbooks

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// folder writes files and reads them as a library.
func folder(t *testing.T, files map[string]string) Library {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		write(t, filepath.Join(dir, filepath.FromSlash(name)), text)
	}
	lib, errs := Load(dir)
	for _, err := range errs {
		t.Error(err)
	}
	return lib
}

func codes(b *Runbook) string {
	var out []string
	for _, w := range b.Warnings {
		out = append(out, w.Code)
	}
	return strings.Join(out, " ")
}

func TestInclude(t *testing.T) {
	lib := folder(t, map[string]string{
		"main.md":          "# Main\n\n1. Log in\n   <!-- include ./helpers/login.md#shell -->\n2. Use it\n",
		"helpers/login.md": "# Login\n\n## Shell\n\n1. Open a shell:\n\n   ```\n   uptime\n   ```\n2. Look round\n   <!-- include deep.md -->\n\n### More\n\n- Check the host\n\n## Other\n\n1. Not this\n",
		"helpers/deep.md":  "1. Deep down\n",
	})
	b, _ := lib.Find("main")
	want := "manual Log in\n  command Open a shell\n  manual Look round\n    manual Deep down\n  manual Check the host\nmanual Use it\n"
	if got := outline(b); got != want || len(b.Warnings) > 0 {
		t.Fatalf("%s%v\nwant\n%s", got, b.Warnings, want)
	}
	if s := b.Sections[0].Steps[0].Steps[0]; s.ID != "main/log-in/open-a-shell" || s.Line != 4 || s.Commands[0].Line != 4 || !s.Commands[0].Runnable {
		t.Errorf("%+v", s)
	}
	again := Parse(b.Name, b.Path, []byte(b.Source))
	if outline(again) != want || again.Revision != b.Revision {
		t.Errorf("read again from its source it is another one\n%s", outline(again))
	}
	if strings.Contains(b.Text(), "Deep") || !strings.Contains(b.Source, "Deep") {
		t.Errorf("%q", b.Text())
	}
}

func TestIncludeSeesChanges(t *testing.T) {
	lib := folder(t, map[string]string{"main.md": "1. A\n   <!-- include b.md -->\n", "b.md": "1. old\n"})
	before, _ := lib.Find("main")
	write(t, filepath.Join(lib.Dir, "b.md"), "1. new and longer\n")
	lib, _ = lib.Reload()
	after, _ := lib.Find("main")
	if outline(after) != "manual A\n  manual new and longer\n" || after.Revision == before.Revision {
		t.Errorf("%s", outline(after))
	}
}

func TestIncludeStaysInside(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "secret.md")
	write(t, outside, "1. secret\n")
	for target, want := range map[string]string{
		"../secret.md": "runbooks.include_outside", "/etc/secret.md": "runbooks.include_outside", outside: "runbooks.include_outside",
		"https://example.org/x.md": "runbooks.include_outside", "none.md": "runbooks.include_missing", "link.md": "runbooks.include_missing",
		"good.md#none": "runbooks.include_missing", "notes.txt": "runbooks.include_outside", "sub/../../secret.md": "runbooks.include_outside",
		"main.md": "runbooks.include_cycle", "good.md": "",
	} {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "main.md"), "1. A\n   <!-- include "+target+" -->\n")
		write(t, filepath.Join(dir, "good.md"), "1. good\n")
		write(t, filepath.Join(dir, "notes.txt"), "1. notes\n")
		if err := os.Symlink(outside, filepath.Join(dir, "link.md")); err != nil {
			t.Fatal(err)
		}
		lib, _ := Load(dir) // the link is refused
		b, _ := lib.Find("main")
		if got := codes(b); got != want || strings.Contains(b.Source, "secret\n") {
			t.Errorf("%s: %q, want %q\n%s", target, got, want, b.Source)
		}
	}
}

func TestIncludesThatIncludeEachOther(t *testing.T) {
	lib := folder(t, map[string]string{"a.md": "1. A\n   <!-- include b.md -->\n", "b.md": "1. B\n   <!-- include a.md -->\n"})
	b, _ := lib.Find("a")
	if got := codes(b); got != "runbooks.include_cycle" || len(Flat(b)) > 8 {
		t.Errorf("%s\n%s", got, outline(b))
	}
}

func TestWordsOfTheFolder(t *testing.T) {
	files := map[string]string{
		"words.yaml": "sections:\n  context: [Lagebild]\n  procedure: [Hintergrund]\ndanger_words: [boxctl wipe]\n",
		"a.md":       "# T\n\n## Lagebild\n\n- Restart it\n- The end of it\n\n## Hintergrund\n\n1. Do it:\n\n   ```sh\n   boxctl wipe --now\n   ```\n",
	}
	lib := folder(t, files)
	b, _ := lib.Find("a")
	if b.Sections[1].Kind != Context || b.Sections[2].Kind != Procedure || b.Sections[2].Steps[0].Commands[0].Risk != RiskDanger {
		t.Errorf("%s %s\n%s", b.Sections[1].Kind, b.Sections[2].Kind, outline(b))
	}
	if again := Parse(b.Name, b.Path, []byte(b.Source)); again.Sections[2].Kind != Procedure {
		t.Error("the words are gone when it is read again from its source")
	}
	write(t, filepath.Join(lib.Dir, "words.yaml"), "sections: [broken")
	next, errs := lib.Reload()
	b, _ = next.Find("a")
	if len(errs) != 1 || b.Sections[2].Kind != Context {
		t.Errorf("%v, %s", errs, b.Sections[2].Kind)
	}
}
