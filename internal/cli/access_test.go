package cli

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"lage/services"
)

func TestSplitWords(t *testing.T) {
	for _, c := range []struct {
		in   string
		want []string
	}{
		{"", nil},
		{"  \t\n ", nil},
		{"ack", []string{"ack"}},
		{" lage  ack\tINC-1 ", []string{"lage", "ack", "INC-1"}},
		{`note 'a  b' "c  d"`, []string{"note", "a  b", "c  d"}},
		{`note 'it'\''s'`, []string{"note", "it's"}},
		{`note "say \"hi\" \$x \n"`, []string{"note", `say "hi" $x \n`}},
		{`a"b"'c'd`, []string{"abcd"}},
		{`'' ""`, []string{"", ""}},
		{`a\ b \"`, []string{"a b", `"`}},
		{"a\\\nb", []string{"ab"}},
		{`note $HOME $(id) ` + "`id`" + `; rm -rf * > /x | y & {a,b} ~ #c`,
			[]string{"note", "$HOME", "$(id)", "`id`;", "rm", "-rf", "*", ">", "/x", "|", "y", "&", "{a,b}", "~", "#c"}},
		{`-"c" x`, []string{"-c", "x"}},
	} {
		got, err := splitWords(c.in)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("splitWords(%q) = %q, %v; want %q", c.in, got, err, c.want)
		}
	}
	for _, in := range []string{`'`, `"`, `note it's`, `a "b`, `a\`, `"\`, `"a\"`} {
		if got, err := splitWords(in); !errors.Is(err, errQuote) {
			t.Errorf("splitWords(%q) = %q, %v", in, got, err)
		}
	}
}

func FuzzQuoteWord(f *testing.F) {
	for _, s := range []string{"", "a b", "it's", `\`, `"`, "ä\n", "$x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := splitWords("x " + quoteWord(s) + " y")
		if err != nil || !slices.Equal(got, []string{"x", s, "y"}) {
			t.Errorf("%q became %q, %v", s, got, err)
		}
	})
}

// forcedRun runs a command that came through a forced command with the given line.
func forcedRun(t *testing.T, db string, line []string, sent string) (code int, out, errs string) {
	t.Helper()
	env := map[string]string{originalCommand: sent, "LAGE_DB": db, "LAGE_LANG": "en"}
	return lageIn(t, env, Env{Args: line, OSUser: "ops"})
}

// TestLineFlagsAreRefused: whoever comes through a forced command chooses neither name nor role nor database.
func TestLineFlagsAreRefused(t *testing.T) {
	s := openSession(t)
	openIncident(t, s)
	for _, sent := range []string{
		"--as x ack", "lage --as x ack", "/usr/bin/lage --as x ack", "ack --as x", "ack --as=x", "ack '--as' x", `ack -"-as=x"`, "ack --as", "ack --a\\s=x", "--a x ack",
		"--db /tmp/x ack", "ack --db=/tmp/x", "ack --db", "--d x ack",
		"-c /tmp/x ack", "-c/tmp/x ack", "ack -c=/tmp/x", "ack -hc /tmp/x", "ack -c", "ack --config x", "ack --config=x", "ack --conf x", "--c=x ack",
		"ack --role admin", "ack --role=admin", "--ro=admin ack", "ack --read-only --as x",
		"incident export -o /tmp/x", "incident export -o/tmp/x", "incident export --out=/tmp/x", "incident export --ou /tmp/x",
		"run", "demo", "demo --dir /tmp/x", "demo ctl x", "init", "init --out /tmp/x", "_supervise", "_supervise /tmp/x", "ssh-line x y",
		"man /tmp", "validate /etc/shadow",
	} {
		for _, line := range [][]string{{"--as", "m.krause"}, {"--as=m.krause", "--role", "admin"}} {
			if code, out, errs := forcedRun(t, s.path, line, sent); code != exitRefused || errs == "" {
				t.Errorf("%v %q: code %d, %q %q", line, sent, code, out, errs)
			}
		}
	}
	all, err := s.incidents(t.Context(), true)
	if err != nil || len(all) != 1 || all[0].Lead != "" {
		t.Errorf("%+v %v", all, err)
	}
}

func TestForcedCommandActsUnderTheName(t *testing.T) {
	s := openSession(t)
	id := openIncident(t, s)
	for _, c := range []struct {
		line []string
		sent string
		code int
		says string
	}{
		{[]string{"--as", "m.krause"}, "ack", 0, "m.krause acknowledges"},
		{[]string{"--as", "J. Yılmaz"}, `note "pool; is $FULL --as x"`, 0, "pool; is $FULL --as x"},
		{[]string{"--as", "m.krause"}, "lage note -- --as x", 0, "--as x"},
		{[]string{"--as", "m.krause"}, "runbook show /etc/passwd", 4, "/etc/passwd"},
		{[]string{"--as", "m.krause"}, "note it's", 2, "not closed"},
		{[]string{"--as", "m.krause"}, "sftp-server", 2, "sftp-server"},
		{[]string{"--as", "m.krause", "--nonsense"}, "ack", 2, "--nonsense"},
		{[]string{"--as", "m.krause", "--role", "root"}, "ack", 2, "root"},
		{[]string{"--as"}, "ack", 2, "--as"},
		{[]string{"--as", "m.krause", "--role", "view"}, "incident show", 0, "acknowledges"},
		{[]string{"--as", "m.krause", "--role", "view"}, "incident list --read-only=false", 2, "read-only"},
		{[]string{"--as", "m.krause", "--role", "view"}, "tui --read-only=false", 5, "terminal"},
		{[]string{"--as", "m.krause", "--role", "view"}, "help", 0, "lage"},
		{[]string{"--as", "m.krause", "--role", "view"}, "ack --help", 0, "lage ack"},
		{[]string{"--as", "m.krause", "--role", "view"}, "ack", 5, "Needed: respond"},
		{[]string{"--as", "m.krause", "--read-only"}, "note x", 5, "Needed: respond"},
		{[]string{"--as", "m.krause", "--read-only", "--role", "admin"}, "note x", 5, "Needed: respond"},
		{[]string{"--as", "m.krause", "--role", "view"}, "check test https://example.org/", 5, "Needed: respond"},
		{[]string{"--as", "m.krause", "version"}, "ack --as x", 0, "lage"}, // the line has a command of its own
	} {
		code, out, errs := forcedRun(t, s.path, c.line, c.sent)
		if code != c.code || !strings.Contains(out+errs, c.says) {
			t.Errorf("%v %q: code %d, %q %q", c.line, c.sent, code, out, errs)
		}
	}
	room, err := s.room(t.Context(), id)
	if err != nil || room.Incident.Lead != "m.krause" || len(room.Entries) != 4 {
		t.Errorf("%+v %v", room.Entries, err)
	}
	if w := room.Entries[2].Who; w.Name != "J. Yılmaz" || w.OSUser != "ops" || w.Role != "" {
		t.Errorf("%+v", w)
	}
}

// TestRoleAtHome: without a forced command nothing is taken away that a person does not give up.
func TestRoleAtHome(t *testing.T) {
	s := openSession(t)
	openIncident(t, s)
	env := map[string]string{"LAGE_DB": s.path, "LAGE_LANG": "en"}
	for _, c := range []struct {
		args []string
		code int
	}{
		{[]string{"note", "x"}, 0},
		{[]string{"note", "x", "--role", "respond"}, 0},
		{[]string{"note", "x", "--role", "view"}, 5},
		{[]string{"incident", "show", "--role", "view"}, 0},
		{[]string{"run", "--role", "respond"}, 5},
		{[]string{"note", "x", "--role", "boss"}, 2},
	} {
		if code, out, errs := lageIn(t, env, Env{Args: c.args, OSUser: "anna"}); code != c.code {
			t.Errorf("%v: code %d, %q %q", c.args, code, out, errs)
		}
	}
}

// TestConsoleOverSSHIsNoAdmin: a line of authorized_keys that somebody wrote by hand, without a role, gives the least that
// people can work with. Commands that one types into a shell of one's own keep what they had.
func TestConsoleOverSSHIsNoAdmin(t *testing.T) {
	over := map[string]string{"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}
	for _, c := range []struct {
		env  map[string]string
		args []string
		want services.Role
	}{
		{over, []string{"--as", "m.krause"}, services.Respond},
		{over, []string{"tui"}, services.Respond},
		{over, []string{"--role", "admin"}, services.Admin},
		{over, []string{"--read-only"}, services.View},
		{over, []string{"run"}, ""},
		{nil, []string{"--as", "m.krause"}, ""},
	} {
		a := &app{env: Env{Args: c.args, Getenv: func(name string) string { return c.env[name] }}}
		words, err := a.positional()
		if a.cmd = find(words); err != nil || a.cmd == nil || a.parse() != nil || a.withinRole() != nil || a.role != c.want {
			t.Errorf("%v %v: role %q, want %q (%v)", c.env, c.args, a.role, c.want, err)
		}
	}
}

// TestViewerWritesNoReport: the file is not there before the timeline says so, so the role is asked before both.
func TestViewerWritesNoReport(t *testing.T) {
	s := openSession(t)
	id := openIncident(t, s)
	s.who.Role = services.View
	dir := filepath.Join(t.TempDir(), "reports")
	if path, err := (exporter{s, dir, &written{}}).Export(t.Context(), id); err == nil {
		t.Errorf("written: %s", path)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("the folder was made")
	}
}

// TestRunbookCommandsDoNotInheritTheCommand: a lage that a runbook calls would take the person's command for its own.
func TestRunbookCommandsDoNotInheritTheCommand(t *testing.T) {
	a := &app{env: Env{Environ: func() []string { return []string{"A=1", originalCommand + "=ack", "B=2"} }}}
	if got := a.commandEnv(); !slices.Equal(got, []string{"A=1", "B=2"}) {
		t.Errorf("%q", got)
	}
}

// TestEveryReachIsACommand: a name that no command has any more protects nothing.
func TestEveryReachIsACommand(t *testing.T) {
	names := map[string]bool{}
	for _, c := range table() {
		names[c.name] = true
	}
	for name, r := range reaches() {
		if !names[name] || !slices.Contains(services.Roles(), r.role) {
			t.Errorf("%q: %+v", name, r)
		}
	}
}

// field writes a field of a key as the wire has it.
func field(b ...[]byte) []byte {
	var out []byte
	for _, x := range b {
		out = binary.BigEndian.AppendUint32(out, uint32(len(x)))
		out = append(out, x...)
	}
	return out
}

func TestParsePublicKey(t *testing.T) {
	key := func(kind string, fields ...[]byte) string {
		return kind + " " + base64.StdEncoding.EncodeToString(field(append([][]byte{[]byte(kind)}, fields...)...))
	}
	modulus := func(bits uint) []byte { return append([]byte{0}, new(big.Int).Lsh(big.NewInt(1), bits-1).Bytes()...) }
	e := []byte{1, 0, 1}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ecdh, err := curve.PublicKey.ECDH()
	if err != nil {
		t.Fatal(err)
	}
	ed := make([]byte, 32)
	good := key("ssh-ed25519", ed)
	for _, s := range []string{
		good, "  " + good + "   anna@laptop \n", key("ssh-rsa", e, modulus(3072)), key("ecdsa-sha2-nistp256", []byte("nistp256"), ecdh.Bytes()),
		key("sk-ssh-ed25519@openssh.com", ed, []byte("ssh:")), key("sk-ecdsa-sha2-nistp256@openssh.com", []byte("nistp256"), ecdh.Bytes(), []byte("ssh:")),
	} {
		k, err := parsePublicKey(s)
		if err != nil || !strings.HasPrefix(strings.TrimSpace(s), strings.Join(strings.Fields(k.line())[:2], " ")) {
			t.Errorf("%q: %v", s, err)
		}
	}
	if k, _ := parsePublicKey(good + "  anna\x1b[31m@laptop  mobile"); k.comment != "anna@laptop mobile" {
		t.Errorf("comment %q", k.comment)
	}
	for _, s := range []string{
		"", "ssh-ed25519", "ssh-ed25519 AAAA", "ssh-ed25519 !!", good[:len(good)-4], key("ssh-ed25519", ed[:31]), key("ssh-ed25519", ed, ed),
		strings.Replace(good, "ssh-ed25519", "ssh-rsa", 1), key("ssh-dss", ed), key("ssh-rsa", e, modulus(2048)), key("ssh-ed25519-cert-v01@openssh.com", ed),
		"restrict " + good, `command="sh" ` + good, good + "\n" + good, good + "\nssh-ed25519", key("ecdsa-sha2-nistp256", []byte("nistp384"), ecdh.Bytes()),
		key("ecdsa-sha2-nistp256", []byte("nistp256"), make([]byte, 65)), "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blb", "ssh-ed25519 /////w==",
	} {
		if k, err := parsePublicKey(s); err == nil {
			t.Errorf("%q was taken: %+v", s, k)
		}
	}
}

func FuzzParsePublicKey(f *testing.F) {
	f.Add("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA c")
	f.Add("ssh-rsa AAAA")
	f.Fuzz(func(t *testing.T, s string) {
		k, err := parsePublicKey(s)
		if err != nil {
			return
		}
		if again, err := parsePublicKey(k.line()); err != nil || !bytes.Equal(again.blob, k.blob) || strings.ContainsAny(k.line(), "\r\n") {
			t.Errorf("%q became %q: %v", s, k.line(), err)
		}
	})
}

// aKey is a key with a slash in it, as half of them have.
const aKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

func TestSSHLine(t *testing.T) {
	file := filepath.Join(t.TempDir(), "id.pub")
	if err := os.WriteFile(file, []byte(aKey+" anna@laptop\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"LAGE_LANG": "en"}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"m.krause", aKey}, `restrict,pty,command="lage --as m.krause --role respond" ` + aKey + "\n"},
		{append([]string{"m.krause"}, strings.Fields(aKey+" x y")...), `restrict,pty,command="lage --as m.krause --role respond" ` + aKey + " x y\n"},
		{[]string{"m.krause", file, "--read-only"}, `restrict,pty,command="lage --as m.krause --role view" ` + aKey + " anna@laptop\n"},
		{[]string{"J. Yılmaz", aKey, "--role", "admin"}, `restrict,pty,command="lage --as 'J. Yılmaz' --role admin" ` + aKey + "\n"},
		{[]string{"O'Brien", aKey}, `restrict,pty,command="lage --as 'O'\''Brien' --role respond" ` + aKey + "\n"},
		{[]string{"m", aKey, "-c", "/etc/x y.yaml", "--db", "/var/l.db"}, `restrict,pty,command="lage --as m --role respond --config '/etc/x y.yaml' --db /var/l.db" ` + aKey + "\n"},
	} {
		code, out, errs := lageIn(t, env, Env{Args: append([]string{"ssh-line"}, c.args...)})
		if code != 0 || out != c.want || !strings.Contains(errs, "SHA256:") || !strings.Contains(errs, "authorized_keys") {
			t.Errorf("%q: code %d\n%q\n%q\n%s", c.args, code, out, c.want, errs)
		}
	}
	for _, name := range []string{"", " ", "-x", "a\nb", `a"b`, "a\\b", "a$b", "a`b", "lage", "LAGE", "123", " a", strings.Repeat("a", maxName+1), "a\x80", "a;b"} {
		if code, out, _ := lageIn(t, env, Env{Args: []string{"ssh-line", "--", name, aKey}}); code != exitUsage || out != "" {
			t.Errorf("the name %q: code %d, %q", name, code, out)
		}
	}
	if code, out, _ := lageIn(t, env, Env{Args: []string{"ssh-line", "x", aKey, "--read-only", "--role", "admin"}}); code != exitUsage || out != "" {
		t.Errorf("two roles: code %d, %q", code, out)
	}
	if code, out, _ := lageIn(t, env, Env{Args: []string{"ssh-line", "x", aKey, "--json"}}); code != 0 || !strings.Contains(out, `"lage/ssh-line/v1"`) {
		t.Errorf("code %d, %q", code, out)
	}
}
