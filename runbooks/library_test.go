package runbooks

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestLibrary(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	write(t, filepath.Join(dir, "wohngeld-503.md"), "# Wohngeld antwortet mit 503\n\n- Restart it\n")
	write(t, filepath.Join(dir, "db", "full.md"), "# Disk full\n")
	write(t, filepath.Join(dir, ".git", "x.md"), "# hidden\n")
	write(t, filepath.Join(dir, "notes.txt"), "no\n")
	write(t, filepath.Join(outside, "secret.md"), "# secret\n")
	if err := os.Symlink(filepath.Join(outside, "secret.md"), filepath.Join(dir, "leak.md")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("db/full.md", filepath.Join(dir, "alias.md")); err != nil {
		t.Fatal(err)
	}
	lib, errs := Load(dir)
	var names []string
	for _, b := range lib.Books {
		names = append(names, b.Name)
	}
	if want := []string{"alias", "db/full", "wohngeld-503"}; !slices.Equal(names, want) {
		t.Errorf("%q, want %q", names, want)
	}
	if len(errs) != 1 {
		t.Errorf("errors: %v", errs)
	}
	for _, name := range []string{"wohngeld-503", "Wohngeld-503.md", "db/full", "full"} {
		if b, _ := lib.Find(name); b == nil {
			t.Errorf("%s not found", name)
		}
	}
	if b, near := lib.Find("wohngeld-504"); b != nil || !slices.Contains(near, "wohngeld-503") {
		t.Errorf("near: %v %q", b, near)
	}
	if b, near := lib.Find("secret"); b != nil || len(near) != 0 {
		t.Errorf("secret: %v %q", b, near)
	}
}

func TestReload(t *testing.T) {
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a.md"), filepath.Join(dir, "b.md")
	write(t, a, "# A\n")
	write(t, b, "# B\n")
	lib, errs := Load(dir)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	write(t, b, "# B changed\n")
	if err := os.Chtimes(b, time.Time{}, time.Unix(1800000000, 0)); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "c.md"), "# C\n")
	next, errs := lib.Reload()
	if len(errs) > 0 || len(next.Books) != 3 {
		t.Fatalf("%d books, %v", len(next.Books), errs)
	}
	if next.Books[0] != lib.Books[0] {
		t.Error("a file that did not change was read again")
	}
	if next.Books[1] == lib.Books[1] || next.Books[1].Title != "B changed" {
		t.Errorf("the changed file: %q", next.Books[1].Title)
	}
	if err := os.Remove(a); err != nil {
		t.Fatal(err)
	}
	if last, _ := next.Reload(); len(last.Books) != 2 {
		t.Errorf("%d books after one was removed", len(last.Books))
	}
}

func TestMissingFolderAndFile(t *testing.T) {
	lib, errs := Load(filepath.Join(t.TempDir(), "none"))
	if len(lib.Books) != 0 || len(errs) != 1 {
		t.Errorf("%v %v", lib.Books, errs)
	}
	if _, err := ReadFile(t.TempDir()); err == nil {
		t.Error("read a folder")
	}
	if _, err := ReadFile(filepath.Join(t.TempDir(), "none.md")); err == nil {
		t.Error("read a file that is not there")
	}
	if b, err := ReadFile(samples + "/tasks.md"); err != nil || b.Name != "tasks" || b.Title != "Schichtübergabe" {
		t.Errorf("%v %v", b, err)
	}
	if b, near := (Library{}).Find("x"); b != nil || near != nil {
		t.Errorf("empty library: %v %v", b, near)
	}
}
