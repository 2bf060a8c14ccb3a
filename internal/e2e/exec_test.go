package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// toRun writes a configuration with one runbook and gives the flags that name it and a database.
func toRun(t *testing.T, book string) (dir string, flags []string) {
	t.Helper()
	dir = t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "books"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"lage.yaml":     "version: 1\nlanguage: en\nrunbooks: books\nservices:\n  - id: a\n    checks: [{id: b, type: tcp, address: \"127.0.0.1:1\"}]\n",
		"books/book.md": book,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir, []string{"-c", filepath.Join(dir, "lage.yaml"), "--db", filepath.Join(dir, "lage.db"), "--lang", "en"}
}

// walkRecord is what the record of a walk says of its commands.
type walkRecord struct {
	Timeline []struct {
		Kind    string `json:"kind"`
		Output  string `json:"output"`
		Command *struct {
			Command    string `json:"command"`
			Outcome    string `json:"outcome"`
			Terminal   bool   `json:"terminal"`
			Redactions int    `json:"redactions"`
		} `json:"command"`
	} `json:"timeline"`
}

func recordOf(t *testing.T, flags []string) (rec walkRecord) {
	t.Helper()
	out := must(t, append(flags, "walk", "show", "wart-1", "--json")...)
	if err := json.Unmarshal([]byte(out), &rec); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return rec
}

func (r walkRecord) count(kind string) (n int) {
	for _, e := range r.Timeline {
		if e.Kind == kind {
			n++
		}
	}
	return n
}

// TestSessionInTheTerminal runs a block that asks something on the person's own terminal: what appeared is in the record
// without its secret, what was typed unseen is not, and the walk goes on behind it.
func TestSessionInTheTerminal(t *testing.T) {
	_, flags := toRun(t, "# Book\n\n1. Log in\n\n   ```sh {\"interactive\": \"true\"}\n   read -r -p 'name? ' n; read -rs -p 'password? ' p; echo; echo \"hello $n ${#p} $API_TOKEN\"; export WHO=\"$n\"\n   ```\n\n"+
		"2. Look\n\n   ```sh {\"reads\": \"true\"}\n   echo \"it was $WHO\"\n   ```\n")
	con := console(t, 100, 30, []string{"API_TOKEN=canary-token-4711"}, append(flags, "runbook", "run", "book", "--asset", "web-1", "--reason", "test")...)
	con.Shows("Choice:").Press("1", "\r").Shows("what you type does not", "Run it?").Press("y", "\r").Shows("name?").Press("Anna", "\r").Shows("password?").Press("secret", "\r")
	con.Shows("hello Anna 6", "Session over", "Step 2 of 2").Press("1", "\r").Shows("it was Anna", "All steps are through")
	rec := recordOf(t, flags)
	var said string
	for _, e := range rec.Timeline {
		if e.Kind == "command_ended" && e.Command != nil && e.Command.Terminal {
			said = e.Output
			if e.Command.Outcome != "exited" || e.Command.Redactions != 1 {
				t.Errorf("got %+v", e.Command)
			}
		}
	}
	if !strings.Contains(said, "hello Anna 6 [***]") || strings.Contains(said, "secret") {
		t.Errorf("the record says %q", said)
	}
}

// TestConsoleDroppedWhileACommandRuns cuts the terminal off at twenty points of a command. It runs once, nobody is left,
// and whoever comes next finds its end, or it running.
func TestConsoleDroppedWhileACommandRuns(t *testing.T) {
	points := 20
	if testing.Short() {
		points = 4
	}
	for i := range points {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			dir, flags := toRun(t, "# Book\n\n1. Count\n\n   ```sh {\"reads\": \"true\"}\n   echo x >>\"$MARKS\"; for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do echo \"line $i\"; sleep 0.05; done\n   ```\n")
			marks := filepath.Join(dir, "marks")
			run := append(flags, "runbook", "run", "book", "--asset", "web-1", "--reason", "test")
			con := console(t, 100, 30, []string{"MARKS=" + marks}, run...)
			con.Shows("Choice:").Press("1", "\r")
			time.Sleep(time.Duration(i) * 25 * time.Millisecond)
			con.close()
			next := console(t, 100, 30, []string{"MARKS=" + marks}, run...)
			next.Until("what became of it", func(s string) bool { return strings.Contains(s, "Choice:") || strings.Contains(s, "through") })
			if strings.Contains(next.Screen(), "still running") {
				next.Press("1", "\r").Shows("All steps are through")
			} else if s := next.Screen(); strings.Contains(s, "Choice:") { // nothing had begun
				next.Press("1", "\r").Shows("All steps are through")
			}
			ran, err := os.ReadFile(marks)
			rec := recordOf(t, flags)
			if err != nil || string(ran) != "x\n" || rec.count("command_started") != 1 || rec.count("command_ended") != 1 {
				t.Errorf("ran %q (%v), %d started, %d ended", ran, err, rec.count("command_started"), rec.count("command_ended"))
			}
		})
	}
}
