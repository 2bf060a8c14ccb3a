package e2e

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// sshd is Debian's OpenSSH server on loopback, with a configuration, keys and a folder of its own.
type sshd struct {
	t    *testing.T
	dir  string
	port string
	user string
	db   string
	conf string
}

// startSSHD starts a server that knows nobody yet. Whoever runs the tests is the shared account.
func startSSHD(t *testing.T, config string) *sshd {
	t.Helper()
	server := "/usr/sbin/sshd"
	for _, tool := range []string{server, "ssh", "ssh-keygen"} {
		if _, err := exec.LookPath(tool); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatalf("%s is missing: install openssh-server and openssh-client", tool)
			}
			t.Skipf("%s is missing: install openssh-server and openssh-client to run this test", tool)
		}
	}
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	s := &sshd{t: t, dir: t.TempDir(), user: me.Username, port: freePort(t)}
	s.db, s.conf = filepath.Join(s.dir, "lage.db"), filepath.Join(s.dir, "lage.yaml")
	write(t, s.conf, config)
	write(t, s.keys(), "")
	s.keygen("host")
	if os.Getuid() == 0 { // the server of root changes into an empty folder before it knows who comes
		if err := os.MkdirAll("/run/sshd", 0o755); err != nil {
			t.Fatal(err)
		}
	}
	write(t, filepath.Join(s.dir, "sshd_config"), strings.Join([]string{
		"Port " + s.port, "ListenAddress 127.0.0.1", "HostKey " + filepath.Join(s.dir, "host"), "PidFile none",
		"AuthorizedKeysFile " + s.keys(), "StrictModes no", "UsePAM no", "PasswordAuthentication no", "KbdInteractiveAuthentication no",
		"PermitRootLogin forced-commands-only", "ExposeAuthInfo yes", "LogLevel INFO", "MaxStartups 100",
		"SetEnv PATH=" + filepath.Dir(binary) + ":/usr/bin:/bin LANG=C.UTF-8",
	}, "\n")+"\n")
	var log bytes.Buffer
	cmd := exec.Command(server, "-D", "-e", "-f", filepath.Join(s.dir, "sshd_config"))
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("sshd says:\n%s", log.String())
		}
	})
	eventually(t, "sshd answers", func() bool {
		c, err := net.Dial("tcp", "127.0.0.1:"+s.port)
		if err == nil {
			_ = c.Close()
		}
		return err == nil
	})
	return s
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (s *sshd) keys() string { return filepath.Join(s.dir, "authorized_keys") }

// keygen makes a key and gives its path.
func (s *sshd) keygen(name string) string {
	s.t.Helper()
	path := filepath.Join(s.dir, name)
	if out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name+"@laptop", "-f", path).CombinedOutput(); err != nil {
		s.t.Fatalf("ssh-keygen: %v\n%s", err, out)
	}
	return path
}

// fingerprint is what ssh-keygen says about a key.
func (s *sshd) fingerprint(key string) string {
	s.t.Helper()
	out, err := exec.Command("ssh-keygen", "-lf", key+".pub").Output()
	if f := strings.Fields(string(out)); err == nil && len(f) > 1 {
		return f[1]
	}
	s.t.Fatalf("ssh-keygen -l: %v\n%s", err, out)
	return ""
}

// admit lets a new key in with the line that lage writes, exactly as it writes it.
func (s *sshd) admit(file, name string, flags ...string) (key string) {
	s.t.Helper()
	key = s.keygen(file)
	line := must(s.t, append([]string{"ssh-line", name, key + ".pub", "-c", s.conf, "--db", s.db, "--lang", "en"}, flags...)...)
	f, err := os.OpenFile(s.keys(), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		s.t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString(line); err != nil {
		s.t.Fatal(err)
	}
	return key
}

// args are ssh's arguments before the command. Nothing of the person's own configuration counts.
func (s *sshd) args(key string, more ...string) []string {
	return append([]string{"-F", "none", "-i", key, "-p", s.port, "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-o", "BatchMode=yes",
		"-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"}, append(more, s.user+"@127.0.0.1")...)
}

// ssh runs one command without a terminal.
func (s *sshd) ssh(key, stdin string, command ...string) result {
	s.t.Helper()
	cmd := exec.Command("ssh", append(s.args(key, "-T"), command...)...)
	cmd.Env = cleanEnv(s.t)
	cmd.Stdin = strings.NewReader(stdin)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		s.t.Fatal(err)
	}
	return result{out.String(), errs.String(), cmd.ProcessState.ExitCode()}
}

// at runs lage on the machine itself, past sshd.
func (s *sshd) at(args ...string) string {
	s.t.Helper()
	return must(s.t, append(args, "-c", s.conf, "--db", s.db, "--lang", "en")...)
}

const quietConfig = "version: 1\nlanguage: en\nservices:\n  - id: web\n    name: Web\n    checks:\n      - {id: home, type: tcp, address: \"127.0.0.1:1\"}\n"

func TestEngineersComeThroughSSH(t *testing.T) {
	s := startSSHD(t, quietConfig)
	anna, jale := s.admit("anna", "m.krause"), s.admit("jale", "J. Yılmaz")
	viewer, stranger := s.admit("viewer", "press", "--read-only"), s.keygen("stranger")
	s.at("incident", "open", "--service", "web", "--title", "Outage")

	for _, c := range []struct {
		what, key, stdin string
		command          []string
		code             int
		says             string
	}{
		{"a stranger", stranger, "", []string{"lage", "status"}, 255, "Permission denied"},
		{"a viewer looks", viewer, "", []string{"lage", "incident", "list"}, 0, "Outage"},
		{"a viewer acknowledges", viewer, "", []string{"lage", "ack"}, 5, "Needed: respond"},
		{"a viewer walks", viewer, "", []string{"runbook", "run", "x"}, 5, "Needed: respond"},
		{"an engineer acknowledges", anna, "", []string{"lage", "ack"}, 0, "m.krause acknowledges"},
		{"a note from standard input", jale, "it's full; $HOME\n", []string{"note", "-"}, 0, "it's full; $HOME"},
		{"another name", jale, "", []string{"lage", "--as", "m.krause", "note", "x"}, 5, "--as"},
		{"another database", jale, "", []string{"note", "x", "--db=/tmp/x"}, 5, "--db"},
		{"another configuration", jale, "", []string{"lage", "-c/tmp/x", "note", "x"}, 5, "--config"},
		{"a shell", jale, "", []string{"bash", "-i"}, 2, "-i"},
		{"a shell behind a command", jale, "", []string{"'status;", "touch", s.dir + "/escaped'"}, 2, "There is no command"},
		{"no command, no terminal", anna, "", nil, 3, "Outage"},
	} {
		if r := s.ssh(c.key, c.stdin, c.command...); r.code != c.code || !strings.Contains(r.out+r.err, c.says) {
			t.Errorf("%s: %+v", c.what, r)
		}
	}
	if _, err := os.Stat(filepath.Join(s.dir, "escaped")); err == nil {
		t.Error("a shell read the command")
	}
	doc := s.at("incident", "export", "--format", "json")
	inOrder(t, doc, `"m.krause"`, s.fingerprint(anna), `"J. Yılmaz"`, s.fingerprint(jale))
	if strings.Contains(doc, s.fingerprint(viewer)) || strings.Contains(doc, `"x"`) {
		t.Errorf("somebody wrote who must not:\n%s", doc)
	}
	s.at("db", "verify")
}

func TestTwoEngineersAtOnceThroughSSH(t *testing.T) {
	s := startSSHD(t, quietConfig)
	anna, jale := s.admit("anna", "m.krause"), s.admit("jale", "J. Yılmaz")
	s.at("incident", "open", "--service", "web", "--title", "Outage")
	const each = 8
	done := make(chan string, 2*each)
	for _, who := range []struct{ key, word string }{{anna, "anna"}, {jale, "jale"}} {
		go func() {
			for i := range each {
				note := fmt.Sprintf("%s-%d", who.word, i)
				if r := s.ssh(who.key, note, "lage", "note", "-"); r.code != 0 {
					note = fmt.Sprintf("%s failed: %+v", note, r)
				}
				done <- note
			}
		}()
	}
	var notes []string
	for range 2 * each {
		notes = append(notes, <-done)
	}
	shown := s.at("incident", "show")
	for _, n := range notes {
		if strings.Count(shown, n+"\n") != 1 {
			t.Errorf("%q stands %d times in\n%s", n, strings.Count(shown, n+"\n"), shown)
		}
	}
	s.at("db", "verify")

	con, other := s.console(anna), s.console(jale)
	con.Shows("Outage").Press("i").Shows("INC-")
	other.Shows("Outage").Press("i").Shows("INC-")
	con.Shows("also here J. Yılmaz", "UNACKNOWLEDGED") // before anybody begins
	other.Shows("also here m.krause")
	con.Press("a").Until("acknowledged", func(string) bool { return strings.Contains(s.at("incident", "show"), "m.krause acknowledges") })
	other.Shows("lead m.krause")
}

// console opens the console through ssh on a terminal.
func (s *sshd) console(key string) *terminal {
	s.t.Helper()
	return program(s.t, 100, 30, exec.Command("ssh", s.args(key, "-tt")...))
}

// TestConnectionCutDuringAWalk cuts the connection at twenty points of a walk. What the engineer was told is kept, each
// command ran as often as the timeline says, and the next connection goes on where the last one was cut.
func TestConnectionCutDuringAWalk(t *testing.T) {
	s := startSSHD(t, quietConfig+"runbooks: books\n")
	effect := filepath.Join(s.dir, "effect")
	if err := os.Mkdir(filepath.Join(s.dir, "books"), 0o700); err != nil {
		t.Fatal(err)
	}
	const steps = 8
	book := "# Repair\n\n"
	for i := range steps {
		book += fmt.Sprintf("%d. Step %c\n\n   ```sh {\"reads\":\"true\"}\n   echo begin-%d >> %s; sleep 0.5; echo end-%d >> %s; echo out-%d\n   ```\n\n", i+1, 'A'+i, i, effect, i, effect, i)
	}
	write(t, filepath.Join(s.dir, "books", "repair.md"), book)
	anna := s.admit("anna", "m.krause")
	s.at("incident", "open", "--service", "web", "--title", "Outage")

	told := map[string]bool{}
	attached, finished := 0, false
	const cuts = 20
	for i := 0; i < cuts+3*steps && !finished; i++ {
		c := program(t, 100, 200, exec.Command("ssh", append(s.args(anna, "-tt"), "lage", "runbook", "run", "repair", "--incident", "INC-001")...))
		c.Until("a question, or a command that runs", func(screen string) bool {
			return strings.Contains(screen, "Choice:") || strings.Contains(screen, "All steps")
		})
		if strings.Contains(c.Screen(), "still running") {
			attached++
		}
		if !strings.Contains(c.Screen(), "All steps") {
			c.Press("1\r") // run, or follow what runs
		}
		if i < cuts {
			time.Sleep(time.Duration(i%10) * 75 * time.Millisecond) // somewhere: before, in and after the command
		} else {
			c.Until("the end of a command", func(screen string) bool {
				// Unknown is right for a command whose console was cut off after "it starts" was written and before it did.
				return strings.Contains(screen, "Command ended") || strings.Contains(screen, "Outcome of the command unknown") || strings.Contains(screen, "All steps")
			})
		}
		screen := c.Screen()
		c.close()
		_ = c.Ended() // killed: the connection is cut
		for line := range strings.Lines(screen) {
			if at, what, ok := strings.Cut(strings.TrimSpace(line), ": "); ok && strings.HasPrefix(at, "saved ") {
				told[strings.TrimPrefix(at, "saved ")+"|"+what] = true
			}
		}
		finished = strings.Contains(screen, "All steps")
	}
	shown := s.at("incident", "show")
	for line := range told {
		at, what, _ := strings.Cut(line, "|")
		if !onOneLine(shown, at, what) {
			t.Errorf("%q was called saved at %s, and is lost:\n%s", what, at, shown)
		}
	}
	if attached == 0 || len(told) == 0 || !finished {
		t.Errorf("attached %d times, told %d times, finished %v: the test tests nothing\n%s", attached, len(told), finished, shown)
	}
	b, err := os.ReadFile(effect)
	if err != nil {
		t.Fatal(err)
	}
	for i := range steps {
		for _, word := range []string{"begin", "end"} {
			if n := strings.Count(string(b), fmt.Sprintf("%s-%d\n", word, i)); n != 1 {
				t.Errorf("%s of command %d happened %d times:\n%s\n%s", word, i, n, b, shown)
			}
		}
		for _, what := range []string{"Command started: Step ", "Command ended: Step "} {
			if n := strings.Count(shown, fmt.Sprintf("%s%c", what, 'A'+i)); n != 1 {
				t.Errorf("%s%c stands %d times in the timeline:\n%s", what, 'A'+i, n, shown)
			}
		}
	}
	if doc := s.at("incident", "export", "--format", "json"); !strings.Contains(doc, "out-7") || !strings.Contains(doc, s.fingerprint(anna)) {
		t.Errorf("output or fingerprint is missing:\n%s", doc)
	}
	s.at("db", "verify")
}

// TestNextConsoleAttachesToTheCommand: the screen is cut off while a command runs; a colleague's console shows its output
// and writes how it ended.
func TestNextConsoleAttachesToTheCommand(t *testing.T) {
	s := startSSHD(t, quietConfig+"runbooks: books\n")
	gate := filepath.Join(s.dir, "gate")
	if err := os.Mkdir(filepath.Join(s.dir, "books"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(s.dir, "books", "repair.md"), "# Repair\n\n1. Wait\n\n   ```sh {\"reads\":\"true\"}\n   echo it-began\n   until test -e "+gate+"; do sleep 0.1; done\n   echo it-$((40+2))-ended\n   ```\n")
	anna, jale := s.admit("anna", "m.krause"), s.admit("jale", "J. Yılmaz")
	s.at("incident", "open", "--service", "web", "--title", "Outage", "--runbook", "repair")
	a := s.console(anna)
	a.Shows("Outage").Press("i").Shows("Wait").Press("\r")
	a.Until("the command's output", func(screen string) bool {
		return strings.Contains(screen, "it-began") && strings.Contains(s.at("incident", "show"), "Command started")
	})
	a.close()
	_ = a.Ended()
	b := s.console(jale)
	b.Shows("Outage").Press("i").Shows("Wait", "it-began")
	write(t, gate, "")
	b.Shows("it-42-ended")
	b.Until("the end in the timeline", func(string) bool { return strings.Contains(s.at("incident", "show"), "exit code 0") })
	if doc := s.at("incident", "export", "--format", "json"); !strings.Contains(doc, "it-42-ended") || strings.Count(doc, `"command_ended"`) != 1 {
		t.Errorf("%s", doc)
	}
	s.at("db", "verify")
}

// onOneLine tells whether a line holds all of the texts.
func onOneLine(s string, texts ...string) bool {
lines:
	for line := range strings.Lines(s) {
		for _, x := range texts {
			if !strings.Contains(line, x) {
				continue lines
			}
		}
		return true
	}
	return false
}
