package runbooks

import (
	"regexp"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// binder goes through a command's syntax and says for each place of an answer what has to stand there.
type binder struct {
	text    string
	answers map[string]Answer
	asked   map[string]bool // variables that are asked for
	spots   []spot
	stack   []syntax.Node
	edited  []edit
	done    map[int]bool      // spots by their beginning
	extra   map[string]string // placeholders written otherwise than the block's list has them
	fed     bool              // a program that reads commands gets its input from a pipe
	err     error
}

func newBinder(b Block, answers map[string]Answer) *binder {
	bd := &binder{text: b.Text, answers: answers, asked: map[string]bool{}, spots: spots(b.Text, b.Placeholders), done: map[int]bool{}, extra: map[string]string{}}
	for _, p := range b.Placeholders {
		if strings.HasPrefix(p, "$") && !answers[InputName(p)].Known {
			bd.asked[variable(p)] = true
		}
	}
	for _, s := range bd.spots {
		bd.extra[s.p] = s.p
	}
	return bd
}

// edits gives the changes of the text in order.
func (bd *binder) edits() ([]edit, error) {
	neutral := []byte(bd.text)
	for _, s := range bd.spots {
		for i := s.from; i < s.to; i++ {
			neutral[i] = 'P'
		}
	}
	f, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(string(neutral)), "")
	if err != nil {
		return nil, &Unbound{"runbooks.bind_syntax", firstOf(bd.spots)}
	}
	for _, c := range understand(string(neutral)).commands {
		bd.fed = bd.fed || c.fed && interprets(c)
	}
	syntax.Walk(f, func(n syntax.Node) bool {
		if n == nil {
			bd.stack = bd.stack[:len(bd.stack)-1]
			return true
		}
		bd.stack = append(bd.stack, n)
		bd.visit(n)
		return true
	})
	if bd.err != nil {
		return nil, bd.err
	}
	for _, s := range bd.spots {
		if !bd.done[s.from] && !bd.remark(s.from) {
			return nil, &Unbound{"runbooks.bind_place", s.p}
		}
	}
	slices.SortFunc(bd.edited, func(a, b edit) int { return a.from - b.from })
	return bd.edited, nil
}

func firstOf(list []spot) string {
	if len(list) == 0 {
		return ""
	}
	return list[0].p
}

// remark tells whether a place is in a comment, which the shell skips.
func (bd *binder) remark(at int) bool {
	line := bd.text[strings.LastIndexByte(bd.text[:at], '\n')+1 : at]
	i := strings.IndexByte(line, '#')
	return i == 0 || i > 0 && (line[i-1] == ' ' || line[i-1] == '\t')
}

func (bd *binder) visit(n syntax.Node) {
	switch n := n.(type) {
	case *syntax.Lit:
		bd.leaf(n, n, quoteNone)
	case *syntax.SglQuoted:
		kind := quoteSingle
		if n.Dollar {
			kind = quoteDollar
		}
		bd.leaf(n, nil, kind)
	case *syntax.ParamExp:
		if n.Param != nil && bd.asked[n.Param.Value] {
			bd.param(n)
		}
	}
}

// quoting is how the place of an answer is quoted.
type quoting int

const (
	quoteNone quoting = iota
	quoteDouble
	quoteSingle
	quoteDollar  // $'...'
	quoteHeredoc // a here-document that expands
	quoteLiteral // one that does not
	quoteNumber  // arithmetic
)

// leaf edits the answers' places inside a piece of plain text.
func (bd *binder) leaf(n syntax.Node, lit *syntax.Lit, q quoting) {
	from, to := int(n.Pos().Offset()), int(n.End().Offset())
	first := true
	for _, s := range bd.spots {
		if s.from < from || s.to > to {
			continue
		}
		pl := bd.place(lit, q)
		if pl.refuse {
			bd.refuse("runbooks.bind_place", s.p)
			return
		}
		a := bd.answers[InputName(s.p)]
		if !bd.fits(pl, a, s.p) {
			return
		}
		if pl.q == quoteLiteral && first {
			bd.open(pl.hdoc)
		}
		first = false
		bd.done[s.from] = true
		bd.edited = append(bd.edited, fill(s.from, s.to, variable(s.p), pl.q, a))
	}
}

func (bd *binder) refuse(code, p string) {
	if bd.err == nil {
		bd.err = &Unbound{code, p}
	}
}

var integer = regexp.MustCompile(`^-?(?:0|[1-9][0-9]{0,17})$`)

// fits tells whether an answer may stand at a place.
func (bd *binder) fits(pl where, a Answer, p string) bool {
	switch {
	case pl.q == quoteNumber && !integer.MatchString(a.Value):
		bd.refuse("runbooks.bind_number", p)
		return false
	case (pl.strict || bd.fed) && !plain(a.Value):
		bd.refuse("runbooks.bind_strict", p)
		return false
	}
	return true
}

// fill makes the edit of one place.
func fill(from, to int, name string, q quoting, a Answer) edit {
	e := edit{from: from, to: to, judged: meant(a.Value, q)}
	e.shown = e.judged
	if a.Secret {
		e.shown = "***"
	}
	switch q {
	case quoteNone:
		e.runs = `"$` + name + `"`
	case quoteSingle:
		e.runs = `'"$` + name + `"'`
	case quoteDollar:
		e.runs = `'"$` + name + `"$'`
	default:
		e.runs = "${" + name + "}"
	}
	return e
}

// meant writes a value so that it means itself at a place.
func meant(v string, q quoting) string {
	switch q {
	case quoteNone:
		if v != "" && Safe(v) && !strings.Contains(v, "=") {
			return v
		}
		return "'" + strings.ReplaceAll(v, "'", `'\''`) + "'"
	case quoteSingle:
		return strings.ReplaceAll(v, "'", `'\''`)
	case quoteDollar:
		return escaped(v, `\'`)
	case quoteDouble:
		return escaped(v, "\\\"$`")
	case quoteHeredoc, quoteLiteral:
		return escaped(v, "\\$`")
	}
	return v
}

func escaped(s, special string) string {
	var b strings.Builder
	for i := range len(s) {
		if strings.IndexByte(special, s[i]) >= 0 {
			b.WriteByte('\\')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// param puts a variable that was asked for into quotes: what a person typed is never split and never matches files.
func (bd *binder) param(n *syntax.ParamExp) {
	p := "$" + n.Param.Value
	pl := bd.place(nil, quoteNone)
	if pl.refuse {
		bd.refuse("runbooks.bind_place", p)
		return
	}
	a := bd.answers[InputName(p)]
	if !bd.fits(pl, a, p) {
		return
	}
	from, to := int(n.Pos().Offset()), int(n.End().Offset())
	bare := n.Short || bd.text[from:to] == "${"+n.Param.Value+"}"
	switch {
	case bare:
		bd.edited = append(bd.edited, fill(from, to, n.Param.Value, pl.q, a))
	case pl.q == quoteNone:
		was := bd.text[from:to]
		bd.edited = append(bd.edited, edit{from, from, `"`, `"`, `"`}, edit{to, to, `"`, `"`, `"`})
		if strings.ContainsAny(was, "<[") && len(bd.spots) > 0 {
			bd.refuse("runbooks.bind_place", p)
		}
	}
}
