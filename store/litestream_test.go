package store

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// TestLitestream: a second tool copies the database to a folder while it is written; the machine is lost; what comes back from
// the folder is in order and goes on. It is part of the long tests only, for which .ci/run builds the tool.
func TestLitestream(t *testing.T) {
	if os.Getenv("LAGE_LONG") == "" {
		t.Skip("runs with LAGE_LONG=1")
	}
	tool, err := exec.LookPath("litestream")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip("needs litestream: go install github.com/benbjohnson/litestream/cmd/litestream@v0.5.18")
	}
	s, c := newStore(t)
	i := openIncident(t, s, "form")
	dir := t.TempDir()
	replica := "file://" + filepath.Join(dir, "replica")
	copying := exec.Command(tool, "replicate", s.Path(), replica)
	ok(t, copying.Start())
	t.Cleanup(func() { _ = copying.Process.Kill(); _ = copying.Wait() })
	for range 100 {
		i = note(t, s, i, "while it is copied")
	}
	back := filepath.Join(dir, "other", "lage.db")
	ok(t, os.Mkdir(filepath.Dir(back), 0o700))
	entries := 0
	for end := time.Now().Add(time.Minute); entries < 101 && time.Now().Before(end); time.Sleep(time.Second) {
		_ = os.Remove(back)
		if exec.Command(tool, "restore", "-o", back, replica).Run() != nil {
			continue // not yet
		}
		ok(t, viewOnce(t.Context(), back, func(s *Store) error {
			v, err := s.Verify(t.Context())
			entries = v.Entries
			return err
		}))
	}
	heads := readFile(t, s.headsPath())
	ok(t, copying.Process.Kill())
	ok(t, s.Close())
	ok(t, os.RemoveAll(filepath.Dir(s.Path()))) // the machine is gone
	ok(t, os.WriteFile(back+".heads", heads, 0o600))

	s = openAt(t, back, c)
	if v := verify(t, s); !v.OK() || v.Entries != 101 || v.Anchors != 101 {
		t.Errorf("%+v", v)
	}
	note(t, s, i, "onwards")
	if v := verify(t, s); !v.OK() || v.Entries != 102 {
		t.Errorf("%+v", v)
	}
}
