package runbooks

import (
	"regexp"
	"slices"
	"sort"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// script is a shell text, understood.
type script struct {
	ok       bool      // it is complete
	commands []command // every simple command, those in substitutions too
	sets     []string  // variables that it assigns
	uses     []string  // variables that it reads without a default, in order, before it sets them
	writes   bool      // it writes to a file, defines functions or runs something in the background
	heredocs string    // text of its here-documents
}

// command is one simple command.
type command struct {
	words []word
	fed   bool // its input comes from a pipe or a file
	vars  []string
}

// word is one word of a command, its quotes taken off.
type word struct {
	text  string // an expansion is one \x00, or \x01 when the shell would split it
	known bool   // no expansion in it
}

func (c command) name() string {
	if len(c.words) == 0 {
		return ""
	}
	n := c.words[0].text
	return n[strings.LastIndexByte(n, '/')+1:]
}

// args gives the words behind the name.
func (c command) args() []string {
	if len(c.words) < 2 {
		return nil
	}
	out := make([]string, 0, len(c.words)-1)
	for _, w := range c.words[1:] {
		out = append(out, w.text)
	}
	return out
}

// neutral replaces placeholders, which the shell would read as redirections, by a word of the same length.
func neutral(s string) string {
	if !strings.Contains(s, "<") {
		return s
	}
	return angle.ReplaceAllStringFunc(s, func(m string) string {
		if !isAngle(m, s) {
			return m
		}
		return strings.Repeat("P", len(m))
	})
}

// understand parses a shell text. When it does not parse, only ok is meaningful.
func understand(text string) script {
	f, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(neutral(text)), "")
	if err != nil {
		return script{}
	}
	v := &visitor{sc: script{ok: true}, fed: map[*syntax.Stmt]bool{}, set: map[string]bool{}, used: map[string]bool{}}
	syntax.Walk(f, v.visit)
	for name := range v.set {
		v.sc.sets = append(v.sc.sets, name)
	}
	sort.Strings(v.sc.sets)
	if v.function {
		v.sc.uses = slices.DeleteFunc(v.sc.uses, func(s string) bool { return s[0] >= '0' && s[0] <= '9' })
	}
	return v.sc
}

type visitor struct {
	sc        script
	fed       map[*syntax.Stmt]bool
	set, used map[string]bool
	function  bool // it defines functions, whose arguments are $1 and so on
}

func (v *visitor) visit(n syntax.Node) bool {
	switch n := n.(type) {
	case *syntax.Stmt:
		v.stmt(n)
	case *syntax.BinaryCmd:
		if n.Op == syntax.Pipe || n.Op == syntax.PipeAll {
			v.fed[n.Y] = true
		}
	case *syntax.FuncDecl:
		v.sc.writes, v.function = true, true
	case *syntax.ProcSubst:
		if n.Op != syntax.CmdIn {
			v.sc.writes = true
		}
	case *syntax.CoprocClause:
		v.sc.writes = true
	case *syntax.WordIter:
		v.set[n.Name.Value] = true
	case *syntax.Assign:
		if n.Name != nil && !v.set[n.Name.Value] {
			v.assign(n)
			return false
		}
	case *syntax.ParamExp:
		v.param(n)
	}
	return true
}

// assign looks at the value first: X=$X reads what is not set yet.
func (v *visitor) assign(a *syntax.Assign) {
	for _, part := range []syntax.Node{a.Index, a.Value, a.Array} {
		if !isNil(part) {
			syntax.Walk(part, v.visit)
		}
	}
	v.set[a.Name.Value] = true
}

func isNil(n syntax.Node) bool {
	switch n := n.(type) {
	case nil:
		return true
	case *syntax.Word:
		return n == nil
	case *syntax.ArrayExpr:
		return n == nil
	}
	return false
}

func (v *visitor) stmt(s *syntax.Stmt) {
	fed := v.fed[s]
	for _, r := range s.Redirs {
		switch r.Op {
		case syntax.RdrIn, syntax.WordHdoc:
			fed = true
		case syntax.Hdoc, syntax.DashHdoc:
			fed = true
			v.sc.heredocs += literal(r.Hdoc).text + "\n"
		case syntax.DplIn, syntax.DplOut:
			if w := literal(r.Word).text; strings.Trim(w, "0123456789-") != "" {
				v.sc.writes = true
			}
		default:
			if literal(r.Word).text != "/dev/null" {
				v.sc.writes = true
			}
		}
	}
	if s.Background || s.Coprocess || s.Disown {
		v.sc.writes = true
	}
	switch c := s.Cmd.(type) {
	case *syntax.CallExpr:
		cmd := command{fed: fed}
		for _, w := range c.Args {
			cmd.words = append(cmd.words, literal(w))
		}
		for _, a := range c.Assigns {
			cmd.vars = append(cmd.vars, a.Name.Value)
		}
		v.sc.commands = append(v.sc.commands, cmd)
		if cmd.name() == "read" || cmd.name() == "mapfile" {
			for _, a := range cmd.args() {
				v.set[a] = true
			}
		}
	case *syntax.DeclClause:
		cmd := command{words: []word{{c.Variant.Value, true}}}
		for _, a := range c.Args {
			if a.Name != nil {
				cmd.vars = append(cmd.vars, a.Name.Value)
			}
		}
		v.sc.commands = append(v.sc.commands, cmd)
	}
}

func (v *visitor) param(p *syntax.ParamExp) {
	if p.Param == nil || p.Exp != nil || v.set[p.Param.Value] || v.used[p.Param.Value] || ambient[p.Param.Value] {
		return
	}
	if c := p.Param.Value[0]; c == '0' || strings.ContainsRune("?#@*!$-", rune(c)) {
		return
	}
	v.used[p.Param.Value] = true
	v.sc.uses = append(v.sc.uses, p.Param.Value)
}

// ambient are variables that every shell or login has.
var ambient = set(`HOME USER LOGNAME PATH PWD OLDPWD SHELL HOSTNAME TERM LANG LC_ALL TMPDIR EDITOR VISUAL PAGER UID EUID PPID RANDOM SECONDS LINENO IFS PS1 BASH BASH_VERSION BASH_SOURCE
FUNCNAME PIPESTATUS REPLY HOSTTYPE OSTYPE MACHTYPE COLUMNS LINES DISPLAY SSH_AUTH_SOCK KUBECONFIG MAIL XDG_RUNTIME_DIR XDG_CONFIG_HOME _ RUNBOOK_OUTPUT RUNBOOK_RUN RUNBOOK_STEP INCIDENT_ID`)

// literal gives a word's text without quotes.
func literal(w *syntax.Word) word {
	if w == nil {
		return word{known: true}
	}
	out := word{known: true}
	var b strings.Builder
	for _, p := range w.Parts {
		addPart(&b, &out, p, false)
	}
	out.text = b.String()
	return out
}

var backslash = regexp.MustCompile(`\\(.)`)

func addPart(b *strings.Builder, out *word, p syntax.WordPart, quoted bool) {
	switch p := p.(type) {
	case *syntax.Lit:
		if quoted {
			b.WriteString(p.Value)
		} else {
			b.WriteString(backslash.ReplaceAllString(strings.ReplaceAll(p.Value, "\\\n", ""), "$1"))
		}
	case *syntax.SglQuoted:
		b.WriteString(p.Value)
	case *syntax.DblQuoted:
		for _, q := range p.Parts {
			addPart(b, out, q, true)
		}
	default:
		out.known = false
		if quoted {
			b.WriteByte(0)
		} else {
			b.WriteByte(1)
		}
	}
}

// Options that take the next word.
var (
	sudoTakes = []string{"-u", "-g", "-h", "-p", "-U", "-C", "-D", "-R", "-T", "--user", "--group", "--host", "--prompt", "--chdir"}
	sshTakes  = []string{"-b", "-c", "-D", "-E", "-e", "-F", "-I", "-i", "-J", "-L", "-l", "-m", "-O", "-o", "-p", "-Q", "-R", "-S", "-W", "-w", "-B"}
)

// inner gives the commands that a command runs for others: sudo systemctl, ssh host cmd, bash -c, xargs, kubectl exec --.
// ok is false when it runs something that cannot be told. The command itself is not among them.
func (c command) inner() (out []command, runs, ok bool) {
	args := c.args()
	rest := func(i int) ([]command, bool, bool) {
		if i >= len(args) {
			return nil, false, true
		}
		return []command{{words: c.words[1+i:], fed: c.fed}}, true, true
	}
	switch c.name() {
	case "sudo", "doas":
		return rest(skipOptions(args, sudoTakes...))
	case "nice", "ionice", "chrt", "taskset":
		return rest(skipOptions(args, "-n", "-c", "-p", "--adjustment"))
	case "nohup", "time", "exec", "command", "builtin", "setsid", "stdbuf", "unbuffer", "strace":
		return rest(skipOptions(args, "-e", "-o", "-p"))
	case "timeout":
		return rest(skipOptions(args, "-s", "-k", "--signal", "--kill-after") + 1)
	case "env":
		i := skipOptions(args, "-u", "-C", "--unset", "--chdir")
		for i < len(args) && strings.Contains(args[i], "=") {
			i++
		}
		return rest(i)
	case "watch":
		i := skipOptions(args, "-n", "--interval")
		if i >= len(args) {
			return nil, false, true
		}
		return nested(strings.Join(args[i:], " "))
	case "xargs":
		return rest(skipOptions(args, "-I", "-n", "-P", "-L", "-d", "-a", "-s", "-E", "--max-args", "--max-procs", "--delimiter"))
	case "bash", "sh", "zsh", "dash", "ash", "ksh":
		for i, a := range args {
			if strings.HasPrefix(a, "-") && !strings.HasPrefix(a, "--") && strings.HasSuffix(a, "c") && i+1 < len(args) {
				return nested(args[i+1])
			}
		}
		return nil, len(args) > 0 || c.fed, len(args) == 0 && !c.fed
	case "eval":
		return nested(strings.Join(args, " "))
	case "ssh":
		i := skipOptions(args, sshTakes...)
		if i+1 >= len(args) {
			return nil, false, true
		}
		if args[i+1] == "--" {
			i++
		}
		return nested(strings.Join(args[min(i+1, len(args)):], " "))
	case "kubectl", "oc", "k":
		for i, a := range args {
			if a == "--" && (has(args[:i], "exec") || has(args[:i], "rsh") || has(args[:i], "debug") || has(args[:i], "run")) {
				return rest(i + 1)
			}
		}
	case "docker", "podman", "nerdctl":
		if i := index(args, "exec"); i >= 0 && i <= 2 {
			j := i + 1 + skipOptions(args[i+1:], "-e", "-u", "-w", "--env", "--user", "--workdir")
			return rest(j + 1)
		}
	case "chroot":
		return rest(skipOptions(args) + 1)
	}
	return nil, false, true
}

// nested understands a text that is run by another shell.
func nested(s string) ([]command, bool, bool) {
	if strings.ContainsAny(s, "\x00\x01") {
		s = strings.NewReplacer("\x00", "\"$UNKNOWN\"", "\x01", "$UNKNOWN").Replace(s)
	}
	sc := understand(s)
	return sc.commands, true, sc.ok && !sc.writes
}

// skipOptions gives the index of the first argument that is no option. withValue are options that take the next word.
func skipOptions(args []string, withValue ...string) int {
	i := 0
	for i < len(args) && strings.HasPrefix(args[i], "-") {
		if args[i] == "--" {
			return i + 1
		}
		if has(withValue, args[i]) {
			i++
		}
		i++
	}
	return min(i, len(args))
}

func has(list []string, s string) bool { return index(list, s) >= 0 }

func index(list []string, s string) int {
	for i, x := range list {
		if x == s {
			return i
		}
	}
	return -1
}

// each calls f for a command and for all that it runs, down to a depth that real commands do not reach.
func (c command) each(depth int, f func(command)) {
	f(c)
	if depth > 6 {
		return
	}
	in, _, _ := c.inner()
	for _, i := range in {
		i.each(depth+1, f)
	}
}
