package runbooks

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// where is what surrounds the place of an answer.
type where struct {
	q      quoting
	refuse bool             // no quoting makes an answer safe there
	strict bool             // another program reads the text as a language of its own: only plain words
	hdoc   *syntax.Redirect // the here-document that it stands in; nil outside of one
}

// place looks from the node at hand outwards, as far as what surrounds it has a say.
func (bd *binder) place(lit *syntax.Lit, q quoting) where {
	w := where{q: q}
	var below syntax.Node
	for i := len(bd.stack) - 1; i >= 0; i-- {
		n := bd.stack[i]
		if bd.around(&w, n, below, lit) {
			break
		}
		below = n
	}
	for _, n := range bd.stack {
		if s, ok := n.(*syntax.CmdSubst); ok && s.Backquotes { // their quotes are read twice
			w.strict = true
		}
	}
	return w
}

// around takes one surrounding node into account. It gives true when those further out have nothing to say.
func (bd *binder) around(w *where, n, below syntax.Node, lit *syntax.Lit) bool {
	switch n := n.(type) {
	case *syntax.DblQuoted:
		if w.q == quoteNone {
			w.q = quoteDouble
		}
	case *syntax.ArithmExp, *syntax.ArithmCmd, *syntax.LetClause, *syntax.CStyleLoop:
		w.q = quoteNumber
	case *syntax.ExtGlob:
		w.refuse = true
	case *syntax.ParamExp:
		w.inside(n, below, lit)
	case *syntax.Assign:
		if lit != nil && n.Name == lit {
			w.refuse = true
		}
		if below != nil && n.Index == below {
			w.q = quoteNumber
		}
	case *syntax.ArrayElem:
		if below != nil && n.Index == below {
			w.q = quoteNumber
		}
	case *syntax.BinaryTest:
		switch n.Op {
		case syntax.TsEql, syntax.TsNeq, syntax.TsLeq, syntax.TsGeq, syntax.TsLss, syntax.TsGtr:
			w.q = quoteNumber
		}
	case *syntax.UnaryTest:
		w.refuse = w.refuse || n.Op == syntax.TsVarSet || n.Op == syntax.TsRefVar
	case *syntax.FuncDecl:
		w.refuse = w.refuse || lit != nil && n.Name == lit
	case *syntax.WordIter:
		w.refuse = w.refuse || lit != nil && n.Name == lit
	case *syntax.Redirect:
		w.redirect(n, below, lit)
	case *syntax.CallExpr:
		cmd := command{}
		for _, a := range n.Args {
			cmd.words = append(cmd.words, literal(a))
		}
		w.strict = w.strict || interprets(cmd)
	case *syntax.Stmt:
		if w.hdoc != nil {
			if c, ok := n.Cmd.(*syntax.CallExpr); ok {
				bd.around(w, c, nil, nil)
			} else {
				w.strict = true
			}
		}
		return true
	}
	return false
}

// inside is about ${name:-text}: the quotes there are those of bash, and patterns are no text.
func (w *where) inside(n *syntax.ParamExp, below syntax.Node, lit *syntax.Lit) {
	switch {
	case lit != nil && n.Param == lit:
		w.refuse = true
	case below != nil && n.Index == below, n.Slice != nil:
		w.q = quoteNumber
	case n.Exp != nil || n.Repl != nil:
		w.strict = true
	}
}

func (w *where) redirect(n *syntax.Redirect, below syntax.Node, lit *syntax.Lit) {
	if lit != nil && n.N == lit || n.Op == syntax.DplIn || n.Op == syntax.DplOut {
		w.refuse = true
		return
	}
	switch {
	case n.Op == syntax.WordHdoc:
		w.hdoc = n
	case n.Op != syntax.Hdoc && n.Op != syntax.DashHdoc:
	case n.Hdoc == nil || below != syntax.Node(n.Hdoc): // what ends it
		w.refuse = true
	default:
		w.hdoc = n
		if w.q == quoteNone {
			w.q = quoteHeredoc
			if closed(n.Word) {
				w.q = quoteLiteral
			}
		}
	}
}

// closed tells whether a here-document's end is quoted, so that nothing in it is expanded.
func closed(w *syntax.Word) bool {
	for _, p := range w.Parts {
		if l, ok := p.(*syntax.Lit); !ok || strings.Contains(l.Value, `\`) {
			return true
		}
	}
	return false
}

// open makes a here-document that expands nothing one that expands the answers only.
func (bd *binder) open(r *syntax.Redirect) {
	from, to := int(r.Word.Pos().Offset()), int(r.Word.End().Offset())
	end := literal(r.Word).text
	bd.edited = append(bd.edited, edit{from, to, end, end, end})
	from, to = int(r.Hdoc.Pos().Offset()), int(r.Hdoc.End().Offset())
	for i := from; i < to; i++ {
		if c := bd.text[i]; (c == '\\' || c == '$' || c == '`') && !bd.spotted(i) {
			e := `\` + string(c)
			bd.edited = append(bd.edited, edit{i, i + 1, e, e, e})
		}
	}
}

func (bd *binder) spotted(at int) bool {
	for _, s := range bd.spots {
		if at >= s.from && at < s.to {
			return true
		}
	}
	return false
}

// interpreters are programs that read arguments or input as a language of their own, as commands or as names of variables.
var interpreters = set(`bash sh zsh dash ash ksh fish eval source . trap ssh su runuser watch xargs parallel awk gawk mawk sed perl python python2 python3 ruby node php lua pwsh
psql mysql mariadb sqlite3 cqlsh clickhouse-client sqlcmd mongo mongosh jq yq rails bc dc ed ex vi vim gdb expect tmux screen at batch osascript
unset read mapfile readarray let getopts wait declare typeset local readonly export alias`)

// interprets tells whether a command, or one that it runs, reads a language of its own.
func interprets(c command) bool {
	found := false
	c.each(0, func(c command) {
		name := c.name()
		found = found || interpreters[name] || (name == "printf" || name == "test" || name == "[") && has(c.args(), "-v")
	})
	return found
}
