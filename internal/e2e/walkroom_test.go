package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A maintenance on two consoles: each sees what the other does without pressing a key, and who did the work cannot sign.
func TestMaintenanceOnTwoConsoles(t *testing.T) {
	url, _ := site(t)
	flags := configured(t, url)
	book := filepath.Join(t.TempDir(), "patch.md")
	src := "# Patch\n\n1. Install the patch\n2. Look at the result\n   <!-- signoff distinct -->\n"
	if err := os.WriteFile(book, []byte(src), 0o600); err != nil {
		t.Fatal(err)
	}
	id := strings.TrimSpace(must(t, append([]string{"runbook", "run", book, "--asset", "web-1", "--reason", "update", "--as", "A. Erste"}, flags...)...))
	a := console(t, 120, 36, nil, append(flags, "--as", "A. Erste")...)
	b := console(t, 80, 24, nil, append(flags, "--as", "B. Zweiter")...)
	for _, c := range []*terminal{a, b} {
		c.Shows("Board").Press("4").Shows(id).Press("\r").Shows("MAINTENANCE", "Install the patch")
	}
	b.Press("t").Shows("B. Zweiter works on it")
	a.Shows("B. Zweiter works on it")
	b.Press("t")
	a.Until("the step is free again", func(s string) bool { return !strings.Contains(s, "works on it") })
	a.Press(" ").Shows("Look at the result").Press(" ").Shows("for another person").Press("f").Shows("another person has to sign")
	b.Shows("Runbook 2/2").Press("j").Shows("Needs a sign-off").Press("f").Shows("Done by").Press("\r").Press("f").Shows("Done by")
	time.Sleep(time.Second) // keys that come too early are not meant for the question
	b.Press("Y")
	b.Shows("Signed off by B. Zweiter")
	a.Shows("Signed off by B. Zweiter")
	if out := must(t, append([]string{"walk", "export", id}, flags...)...); !strings.Contains(out, "B. Zweiter") || !strings.Contains(out, "web-1") {
		t.Errorf("the evidence says\n%s", out)
	}
}
