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
	if !opensWord(s, '<') {
		return s
	}
	return angle.ReplaceAllStringFunc(s, func(m string) string {
		if !isAngle(m, s) {
			return m
		}
		return strings.Repeat("P", len(m))
	})
}

// shell understands shell texts and remembers them: reading a runbook asks for the same ones many times. It is not for
// use by more than one goroutine.
type shell struct {
	parser *syntax.Parser
	known  map[string]script
}

func newShell() *shell {
	return &shell{parser: syntax.NewParser(syntax.Variant(syntax.LangBash)), known: map[string]script{}}
}

// understand parses a shell text. When it does not parse, only ok is meaningful.
func understand(text string) script { return newShell().parse(text) }

// understand is the function of that name, each text once.
func (s *shell) understand(text string) script {
	sc, ok := s.known[text]
	if !ok {
		sc = s.parse(text)
		s.known[text] = sc
	}
	return sc
}

func (s *shell) parse(text string) script {
	f, err := s.parser.Parse(strings.NewReader(neutral(text)), "")
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
		if quoted || !strings.Contains(p.Value, "\\") {
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
