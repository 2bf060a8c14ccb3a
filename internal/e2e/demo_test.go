package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestTheMainJob is the story that the program exists for: the demo breaks, an engineer takes it, walks the runbook whose
// commands repair it, resolves it, and holds the Markdown in hand.
func TestTheMainJob(t *testing.T) {
	for _, c := range []struct {
		lang, yes string
		w, h      int
		acked     string
		last      string // title of the runbook's last step, which a hand marks
		recovered string
		form      string // what stands in the form for resolving
	}{
		{"en", "Y", 120, 36, "acknowledges", "Ask the team", "UP AGAIN", "Report it resolved"},
		{"de", "J", 80, 24, "bestätigt", "Fachverfahren bitten", "LÄUFT WIEDER", "Als behoben melden"},
	} {
		t.Run(c.lang, func(t *testing.T) {
			db := filepath.Join(t.TempDir(), "demo.db")
			dir := t.TempDir()
			con := console(t, c.w, c.h, nil, "demo", "--dir", dir, "--lang", c.lang, "--after", "1s", "--db", db, "--as", "M. Krause")
			con.Until("the incident's banner or room", func(s string) bool { return strings.Contains(s, "INC-") && strings.Contains(s, "■") })
			con.Press("i").Shows("INC-")
			con.Press("a").Until("acknowledged", func(string) bool { return strings.Contains(show(t, db), c.acked) })
			walk(t, con, db, c.yes)
			con.Shows(c.recovered)
			con.Press("R")
			con.Shows(c.form)
			con.Press("P", "o", "o", "l", " ", "v", "o", "l", "l", "\r")
			con.Until("resolved", func(string) bool {
				return strings.Contains(must(t, "incident", "list", "--all", "--json", "--db", db), "Pool voll")
			})
			con.Press("x")
			md := exported(t, con, filepath.Join(dir, "reports"))
			con.Press("q", "q", "\x03", "\x03")
			if code := con.Ended(); code != 0 {
				t.Errorf("exit code %d", code)
			}
			inOrder(t, md, "M. Krause", "wgctl form 3", "wgctl job stop", "wgctl terminate")
			if !strings.Contains(md, "Pool voll") || !regexp.MustCompile(`\d\d:\d\d`).MatchString(md) {
				t.Errorf("the report lacks the cause or times:\n%s", md)
			}
			if r := lage(t, "db", "verify", "--db", db); r.code != 0 {
				t.Errorf("verify: %+v", r)
			}
		})
	}
}

// show is the incident as the command line prints it.
func show(t *testing.T, db string) string {
	return lage(t, "incident", "show", "--db", db).out
}

// walk presses enter, and confirms where asked, until no step is left to do.
func walk(t *testing.T, con *terminal, db, yes string) {
	t.Helper()
	for range 7 {
		before := ended(t, db)
		con.Press("\r")
		con.Until("the step is over", func(s string) bool {
			if ended(t, db) > before {
				return true
			}
			if confirming(s) {
				// The dialog takes no key that a person cannot have meant for it.
				time.Sleep(400 * time.Millisecond)
				con.Press(yes)
				con.Until("the answer is taken", func(s string) bool { return !confirming(s) })
			}
			return false
		})
	}
}

// ended counts the steps that are marked in the timeline.
func ended(t *testing.T, db string) int {
	out := lage(t, "incident", "export", "--format", "json", "--db", db).out
	return strings.Count(out, `"command_ended"`) + strings.Count(out, `"step_done"`)
}

// confirming tells whether the question before a change is on the screen.
func confirming(screen string) bool {
	return strings.Contains(screen, "Y ") && strings.Contains(screen, "Cancel") || strings.Contains(screen, "J ") && strings.Contains(screen, "Abbrechen")
}

// exported waits for the Markdown file that the key x writes.
func exported(t *testing.T, con *terminal, dir string) string {
	t.Helper()
	var text string
	con.Until("the exported file", func(string) bool {
		err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
			if err == nil && strings.HasSuffix(p, ".md") {
				b, rerr := os.ReadFile(p)
				if rerr != nil {
					return rerr
				}
				text = string(b)
			}
			return nil
		})
		return err == nil && text != ""
	})
	return text
}

// inOrder fails unless the texts stand one after the other.
func inOrder(t *testing.T, s string, texts ...string) {
	t.Helper()
	rest := s
	for _, x := range texts {
		i := strings.Index(rest, x)
		if i < 0 {
			t.Fatalf("%q is missing or out of order in:\n%s", x, s)
		}
		rest = rest[i+len(x):]
	}
}
