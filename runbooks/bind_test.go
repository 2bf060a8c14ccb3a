package runbooks

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"lage/internal/proc"
)

// payloads are 500 values that do something where a shell reads them, or that programs could take for something else.
func payloads() []string {
	list := []string{"", " ", "a b", "  a  ", "-rf", "--force", "-", "--", "'", `"`, `\`, `\\`, "`", "$", "$$", "$(id)", "`id`", "${IFS}", "$IFS$9", "a;id", "a&&id", "a||id", "a|id", "a&", "a\nid", "\n", "a\n", "\r\n", "a\tb", "\\n",
		"*", "?", "[a-z]*", "~", "~root", "{a,b}", "{1..9}", "%s", "%n%x", "%%", "!", "!!", "#", "a #b", "<(id)", ">(id)", "<x", ">x", "2>&1", "EOF", "a\nEOF\nid", "\x01", "\x1b[2J", "\u202e", "ä ö ü ß", "日本 語", "\ufeff", "a=b", "a[$(id)]", "$((1+1))", "1+1", "0x10",
		"'; id; '", `"; id; "`, `"$(id)"`, `'"$(id)"'`, `\"$(id)\"`, `\'; id; \'`, "$'\\x41'", "'$(id)'", "\\$(id)", "()", "){ :;}", "() { :;}; id", "/etc/passwd", "../../x", "a@b", "x:y", "1,2", "null", "true", strings.Repeat("A", 5000), strings.Repeat("'", 50), strings.Repeat(`\`, 51)}
	parts := []string{"'", `"`, "`", "$", "$(id)", "${x}", `\`, " ", "\n", "\t", ";", "&&", "|", "*", "?", "[", "]", "{", "}", "(", ")", "<", ">", "~", "#", "!", "%s", "-", "=", "a", "Z", "0", "ü", "\u2028", "\x7f", "EOF", "''", `""`}
	rnd := rand.New(rand.NewPCG(7, 11))
	for len(list) < 500 {
		var b strings.Builder
		for range 1 + rnd.IntN(9) {
			b.WriteString(parts[rnd.IntN(len(parts))])
		}
		list = append(list, b.String())
	}
	return list
}

// places are commands that print what reached them, each followed by a NUL, and what that has to be.
var places = []struct{ text, before, after string }{
	{`printf '%s\0' <a-b>`, "", ""},
	{`printf '%s\0' "<a-b>"`, "", ""},
	{`printf '%s\0' '<a-b>'`, "", ""},
	{`printf '%s\0' $'<a-b>\t'`, "", "\t"},
	{`printf '%s\0' pre<a-b>post`, "pre", "post"},
	{`printf '%s\0' "pre <a-b> post"`, "pre ", " post"},
	{`printf '%s\0' 'pre $x <a-b> po\st'`, "pre $x ", ` po\st`},
	{`printf '%s\0' --opt=<a_b>`, "--opt=", ""},
	{`printf '%s\0' "$(printf '%s.' <a-b>)"`, "", "."},
	{`X=<a-b>; printf '%s\0' "$X"`, "", ""},
	{`X="1<a-b>2"; printf '%s\0' "$X"`, "1", "2"},
	{`X=<a-b> printenv -0 X`, "", ""},
	{`export X=<a-b>; printenv -0 X`, "", ""},
	{`for x in <a-b>; do printf '%s\0' "$x"; done`, "", ""},
	{`arr=(<a-b>); printf '%s\0' "${arr[@]}"`, "", ""},
	{`arr=([3]=<a-b>); printf '%s\0' "${arr[3]}"`, "", ""},
	{`case <a-b> in "${RB_A_B-}") printf '%s\0' <a-b>;; esac`, "", ""},
	{`[[ ${RB_A_B-} == <a-b> ]] && printf '%s\0' <a-b>`, "", ""},
	{`[ "${RB_A_B-}" = <a-b> ] && printf '%s\0' <a-b>`, "", ""},
	{`f() { printf '%s\0' "$1"; }; f <a-b>`, "", ""},
	{`( printf '%s\0' <a-b> )`, "", ""},
	{`if true; then printf '%s\0' <a-b>; fi`, "", ""},
	{"cat <<EOF\n\\$x <a-b> y\nEOF\nprintf '\\0'", "$x ", " y\n"},
	{"cat <<'EOF'\n$x `y` \\z <a-b> y\nEOF\nprintf '\\0'", "$x `y` \\z ", " y\n"},
	{"cat <<-EOF\n\t<a-b>\n\tEOF\nprintf '\\0'", "", "\n"},
	{`cat <<< <a-b>; printf '\0'`, "", "\n"},
	{`printf '%s\0' <a-b> # not <a-b>`, "", ""},
	{`printf '%s\0' $QQ`, "", ""},
	{`printf '%s\0' "$QQ"`, "", ""},
	{`printf '%s\0' x${QQ}y`, "x", "y"},
	{`for x in $QQ; do printf '%s\0' "$x"; done`, "", ""},
	{`X=$QQ; printf '%s\0' "$X"`, "", ""},
	{`cat <<< $QQ; printf '\0'`, "", "\n"},
	{"cat <<EOF\n$QQ\nEOF\nprintf '\\0'", "", "\n"},
	{`printf '%s\0' YOUR_THING`, "", ""},
	{`printf '%s\0' "a/YOUR_THING/b"`, "a/", "/b"},
	{`printf '%s\0' [dein name]`, "", ""},
	{`printf '%s\0' your-pod-name`, "", ""},
}

// TestBindPayloads puts every payload into every place and runs it: what the program gets is the payload, byte by byte.
// The bound text is the same for all payloads, which is half of the promise, so that one shell runs it for many of them.
func TestBindPayloads(t *testing.T) {
	t.Parallel()
	blocks := make([]Block, len(places))
	for i, p := range places {
		if blocks[i] = commandOf(p.text); len(blocks[i].Placeholders) != 1 {
			t.Fatalf("%s: %q, want one placeholder", p.text, blocks[i].Placeholders)
		}
	}
	scripts := map[string][]string{} // payloads by the script that is run for them
	for _, payload := range payloads() {
		script := boundPlaces(t, blocks, payload)
		scripts[script] = append(scripts[script], payload)
	}
	if len(scripts) > 3 {
		t.Errorf("%d different texts: the values stand in them", len(scripts))
	}
	for script, list := range scripts {
		for len(list) > 0 {
			n := min(len(list), 125)
			runPlaces(t, script, list[:n])
			list = list[n:]
		}
	}
}

// boundPlaces binds a payload in every place and gives the script of them. Its variables are taken from one that is
// called payload.
func boundPlaces(t *testing.T, blocks []Block, payload string) string {
	var script strings.Builder
	vars := map[string]bool{}
	for i, p := range places {
		b, err := Bind(blocks[i], map[string]Answer{InputName(blocks[i].Placeholders[0]): {Value: payload}})
		if err != nil {
			t.Fatalf("%s with %q: %v", p.text, payload, err)
		}
		for k, v := range b.Env {
			if v != payload {
				t.Fatalf("%s with %q: %s is %q", p.text, payload, k, v)
			}
			vars[k] = true
		}
		if len(payload) > 3 && strings.Contains(payload, "$(") && strings.Contains(b.Text, payload) {
			t.Fatalf("%s: the value stands in the text: %s", p.text, b.Text)
		}
		script.WriteString(b.Text + "\n")
	}
	head := ""
	for _, k := range slices.Sorted(maps.Keys(vars)) {
		head += "export " + k + `="$payload"` + "\n"
	}
	return head + script.String()
}

// runPlaces runs a script for each payload, all in one shell that reads them from its input, as environments do without
// touching them. cat is a function because starting the program thousands of times is what takes the time; printenv, and
// with it what a program gets, is the real one.
func runPlaces(t *testing.T, script string, list []string) {
	file := t.TempDir() + "/script"
	loop := "set -o pipefail\ncat() { local text; IFS= read -rd '' text; printf %s \"$text\"; }\nexec 9<&0\nwhile IFS= read -rd '' payload <&9; do\n" + script + "done\n"
	if err := os.WriteFile(file, []byte(loop), 0o600); err != nil {
		t.Fatal(err)
	}
	env := []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}
	r := proc.Run(t.Context(), proc.Spec{Argv: []string{"bash", file}, Env: env, Dir: t.TempDir(), Stdin: strings.Join(list, "\x00") + "\x00", Limit: 16 << 20})
	got := strings.Split(string(r.Stdout), "\x00")
	for i, payload := range list {
		for k, p := range places {
			at := i*len(places) + k
			if want := p.before + payload + p.after; at >= len(got) || got[at] != want {
				t.Fatalf("%s with %q: got %q, stderr %s", p.text, payload, got[min(at, len(got)-1)], r.Stderr)
			}
		}
	}
	if len(got) != len(list)*len(places)+1 || len(r.Stderr) > 0 {
		t.Errorf("%d values printed, want %d; stderr %s", len(got)-1, len(list)*len(places), r.Stderr)
	}
}

// TestBindShown runs what is shown to people: it has to be the same command.
func TestBindShown(t *testing.T) {
	env := []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}
	for i, p := range places {
		if strings.Contains(p.text, "RB_A_B") {
			continue
		}
		b := commandOf(p.text)
		for _, payload := range []string{"a b", `it's "$(id)" \ *`, "`id`", "plain-1.2"} {
			bound, err := Bind(b, map[string]Answer{InputName(b.Placeholders[0]): {Value: payload}})
			if err != nil {
				t.Fatal(err)
			}
			r := proc.Run(t.Context(), proc.Spec{Argv: []string{"bash", "-s"}, Env: env, Stdin: bound.Shown + "\n"})
			if want := p.before + payload + p.after + "\x00"; string(r.Stdout) != want {
				t.Errorf("%d: %s: printed %q, want %q", i, bound.Shown, r.Stdout, want)
			}
		}
	}
}

// commandOf is a command as the reader makes it of a text.
func commandOf(text string) Block {
	sc := understand(text)
	b := Block{Kind: BlockCommand, Text: text, Risk: RiskChange, Placeholders: placeholders(text, sc, nil, nil)}
	if isReadOnly(sc) {
		b.Risk = RiskRead
	}
	return b
}

func TestBindRefuses(t *testing.T) {
	for _, c := range []struct{ text, value, code string }{
		{`bash -c "echo <a>"`, "x; id", "runbooks.bind_strict"},
		{`bash -c 'echo <a>'`, "$(id)", "runbooks.bind_strict"},
		{`ssh <host> uptime`, "-oProxyCommand=id", "runbooks.bind_strict"},
		{`ssh web "systemctl status <a>"`, "a; id", "runbooks.bind_strict"},
		{`sudo sh -c "rm <a>"`, "a b", "runbooks.bind_strict"},
		{`psql -c "select '<a>'"`, "'; drop table x; --", "runbooks.bind_strict"},
		{"psql <<EOF\nselect '<a>'\nEOF", "' or ''='", "runbooks.bind_strict"},
		{"ssh web bash <<'EOF'\necho <a>\nEOF", "$(id)", "runbooks.bind_strict"},
		{`echo "select <a>" | psql`, "1; drop table x", "runbooks.bind_strict"},
		{`echo <a> | xargs rm`, "a b", "runbooks.bind_strict"},
		{`eval <a>`, "id; id", "runbooks.bind_strict"},
		{`sed -i s/x/<a>/ f`, "x/e", ""},
		{`sed -i s/x/<a>/ f`, "x/e;", "runbooks.bind_strict"},
		{"echo `cat <a>`", "a b", "runbooks.bind_strict"},
		{`echo ${X:-<a>}`, "a b", "runbooks.bind_strict"},
		{`echo $((1+<a>))`, "x[$(id)]", "runbooks.bind_number"},
		{`echo $((1+<a>))`, "42", ""},
		{`[[ 1 -eq <a> ]]`, "x[$(id)]", "runbooks.bind_number"},
		{`arr=(1); echo ${arr[<a>]}`, "$(id)", "runbooks.bind_number"},
		{`unset <a>`, "x[$(id)]", "runbooks.bind_strict"},
		{`printf -v <a> %s x`, "x[$(id)]", "runbooks.bind_strict"},
		{`<a>=1`, "x", "runbooks.bind_place"},
		{`echo <a>`, "\xff", "runbooks.bind_value"},
		{`echo <a`, "x", ""},
		{`kubectl exec web -- sh -c "ls <a>"`, "a;id", "runbooks.bind_strict"},
		{`echo <a>`, "a\x00b", "runbooks.bind_value"},
		{`echo <a>`, "missing", "runbooks.bind_missing"},
		{`kubectl delete pod ...`, "x", "runbooks.bind_nameless"},
		{`ssh web "systemctl status <a>"`, "app-1.service", ""},
	} {
		b := commandOf(c.text)
		answers := map[string]Answer{}
		for _, p := range b.Placeholders {
			if c.value != "missing" {
				answers[InputName(p)] = Answer{Value: c.value}
			}
		}
		_, err := Bind(b, answers)
		var no *Unbound
		switch errors.As(err, &no); {
		case c.code == "" && err != nil:
			t.Errorf("%s with %q: %v", c.text, c.value, err)
		case c.code != "" && (no == nil || no.Code != c.code):
			t.Errorf("%s with %q: %v, want %s", c.text, c.value, err, c.code)
		}
	}
}

func TestBindJudgesWhatIsShown(t *testing.T) {
	b := commandOf("sort <datei>")
	for value, want := range map[string]Risk{"a.txt": RiskRead, "-o/etc/passwd": RiskChange} {
		bound, err := Bind(b, map[string]Answer{"datei": {Value: value}})
		if err != nil || bound.Risk != want || !bound.Runnable || bound.Odd != (want == RiskChange) {
			t.Errorf("%s: %s, %v, %+v", value, bound.Risk, err, bound)
		}
	}
	b = commandOf("login --password <kennwort> --path <path>")
	bound, err := Bind(b, map[string]Answer{"kennwort": {Value: "geheim", Secret: true}, "path": {Value: "/x"}})
	if err != nil || strings.Contains(bound.Shown+bound.Text, "geheim") || bound.Shown != "login --password *** --path /x" {
		t.Errorf("%q, %q, %v", bound.Shown, bound.Text, err)
	}
	if want := `map[RB_KENNWORT:geheim RB_PATH:/x]`; fmt.Sprint(bound.Env) != want {
		t.Errorf("%v, want %s", bound.Env, want)
	}
	host := Block{Kind: BlockCommand, Text: "uptime", Host: "<node>"}
	if Missing(host, nil) != "<node>" {
		t.Error("the host is not asked for")
	}
	if bound, err := Bind(host, map[string]Answer{"node": {Value: "db-1"}}); err != nil || bound.Host != "db-1" {
		t.Errorf("%q, %v", bound.Host, err)
	}
}

func TestOpening(t *testing.T) {
	for _, c := range []struct{ text, opens, typed string }{
		{"ssh web", "ssh web", ""},
		{"ssh web\nsystemctl restart app\nexit", "ssh web", "systemctl restart app\nexit"},
		{"cd /srv\nssh \\\n  web\nid", "cd /srv\nssh \\\n  web", "id"},
		{"./menu\n./other", "./menu\n./other", ""},
	} {
		if opens, typed := Opening(Block{Text: c.text}); opens != c.opens || typed != c.typed {
			t.Errorf("%q: %q, %q", c.text, opens, typed)
		}
	}
}
