package runbooks

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Answer is what a person filled in for a placeholder or a variable.
type Answer struct {
	Value  string
	Secret bool // it is never shown and never stored
	Known  bool // a variable that the environment has already: the command stays as its author wrote it
}

// Bound is a block with its answers beside it: they reach the command as variables of its environment and never as text
// that a shell reads.
type Bound struct {
	Block                    // Text is what runs; Risk is that of the command with the answers in it
	Shown  string            // the same command with the answers in their places, for people; "***" for secrets
	Env    map[string]string // the answers, by variable
	Hidden []string          // the answers that are secret
	Odd    bool              // an answer could mean more than a word, or looks like an option: a person has to confirm it
}

// Unbound says why answers cannot be put into a command. Code is a code of internal/text whose only argument is
// Placeholder.
type Unbound struct{ Code, Placeholder string }

func (u *Unbound) Error() string { return u.Code + ": " + u.Placeholder }

// plain tells whether a value is one word to every shell and program, and no option.
func plain(v string) bool { return v != "" && v[0] != '-' && Safe(v) }

// Missing gives the first thing that a block still wants to know, as written; empty when nothing is left. Answers stand
// under InputName.
func Missing(b Block, answers map[string]Answer) string {
	open := b.Placeholders
	if m := angle.FindString(b.Host); m != "" && m == b.Host {
		open = append([]string{m}, open...)
	}
	for _, p := range open {
		if a, ok := answers[InputName(p)]; !ok || InputName(p) == "" || a.Known && !strings.HasPrefix(p, "$") {
			return p
		}
	}
	return ""
}

// variable is the name under which an answer reaches the command. Placeholders get a prefix, so that <path> and
// <http-proxy> change nothing that programs go by.
func variable(p string) string {
	if m := braces.FindStringSubmatch(p); m != nil {
		return m[1]
	}
	if strings.HasPrefix(p, "$") {
		return strings.Trim(p, "${}")
	}
	name := strings.Map(func(r rune) rune {
		if r < 128 && isAlnum(byte(r)) {
			return r
		}
		return '_'
	}, strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss").Replace(InputName(p)))
	return "RB_" + strings.ToUpper(name)
}

// Bind puts answers beside a block. It fails with *Unbound where one is missing, or stands where no quoting makes it safe.
func Bind(b Block, answers map[string]Answer) (Bound, error) {
	host := angle.FindString(b.Host)
	out := Bound{Block: b, Shown: b.Text, Env: map[string]string{}}
	if p := Missing(b, answers); p != "" {
		if InputName(p) == "" {
			return out, &Unbound{"runbooks.bind_nameless", p}
		}
		return out, &Unbound{"runbooks.bind_missing", p}
	}
	if host != "" && host == b.Host {
		b.Host = answers[InputName(host)].Value
	}
	if len(b.Placeholders) == 0 {
		if b.Host != out.Host {
			b = b.WithText(b.Text)
		}
		out.Block = b
		return out, nil
	}
	for _, p := range b.Placeholders {
		a := answers[InputName(p)]
		if a.Known {
			continue
		}
		if a.Secret {
			out.Hidden = append(out.Hidden, a.Value)
		}
		if strings.ContainsRune(a.Value, 0) {
			return out, &Unbound{"runbooks.bind_value", p}
		}
		out.Env[variable(p)] = a.Value
		out.Odd = out.Odd || !plain(a.Value)
	}
	bd := newBinder(b, answers)
	edits, err := bd.edits()
	if err != nil {
		return out, err
	}
	out.Shown = apply(b.Text, edits, func(e edit) string { return e.shown })
	judged := b.WithText(apply(b.Text, edits, func(e edit) string { return e.judged }))
	judged.Text = apply(b.Text, edits, func(e edit) string { return e.runs })
	out.Block = judged
	if judged.Why != "" && judged.Kind == BlockCommand { // an answer must not turn a command into something else
		return out, &Unbound{"runbooks.bind_value", b.Placeholders[0]}
	}
	for e := range maps.Values(bd.extra) {
		out.Env[variable(e)] = answers[InputName(e)].Value
	}
	return out, nil
}

// Export adds to what a block gets the values of all variables that its runbook declares: programs that it starts may
// read them.
func (b *Bound) Export(book *Runbook, answers map[string]Answer) {
	if book == nil {
		return
	}
	for _, v := range book.Meta.Vars {
		a, ok := answers[InputName(v.Name)]
		if _, has := b.Env[v.Name]; !ok || a.Known || has || !identifier.MatchString(v.Name) || strings.ContainsRune(a.Value, 0) {
			continue
		}
		b.Env[v.Name] = a.Value
		if a.Secret {
			b.Hidden = append(b.Hidden, a.Value)
		}
	}
}

var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// edit replaces a piece of a text, in what runs, in what is shown, and in what is judged (which holds secrets too).
type edit struct {
	from, to            int
	runs, shown, judged string
}

func apply(text string, edits []edit, with func(edit) string) string {
	var b strings.Builder
	at := 0
	for _, e := range edits {
		b.WriteString(text[at:e.from])
		b.WriteString(with(e))
		at = e.to
	}
	return b.String() + text[at:]
}

// spot is a place at which an answer is wanted.
type spot struct {
	from, to int
	p        string // as written
}

// spots finds where the placeholders of a text stand that are not variables.
func spots(text string, placeholders []string) []spot {
	var out []spot
	add := func(from, to int) {
		for _, s := range out {
			if from < s.to && s.from < to {
				return
			}
		}
		out = append(out, spot{from, to, text[from:to]})
	}
	keys := map[string]bool{}
	list := slices.Clone(placeholders)
	slices.SortFunc(list, func(a, b string) int { return len(b) - len(a) }) // your-pod-name before your-pod
	for _, p := range list {
		keys[InputName(p)] = true
	}
	for _, m := range angle.FindAllStringIndex(text, -1) {
		if p := text[m[0]:m[1]]; isAngle(p, text) && keys[InputName(p)] {
			add(m[0], m[1])
		}
	}
	for _, p := range list {
		if strings.HasPrefix(p, "$") || strings.HasPrefix(p, "<") {
			continue
		}
		for at := 0; ; at++ {
			i := strings.Index(text[at:], p)
			if i < 0 {
				break
			}
			at += i
			if standsAlone(text, at, at+len(p)) {
				add(at, at+len(p))
			}
		}
	}
	slices.SortFunc(out, func(a, b spot) int { return a.from - b.from })
	return out
}

// standsAlone tells whether a piece of a text is no part of a longer word.
func standsAlone(text string, from, to int) bool {
	before := from > 0 && isAlnum(text[from]) && isAlnum(text[from-1])
	after := to < len(text) && isAlnum(text[to-1]) && (isAlnum(text[to]) || text[to] == '_')
	return !before && !after
}

// Opening splits a block that opens a session: opens is what starts it, and typed the lines that are meant to be typed
// inside of it. typed is empty where everything belongs to the start.
func Opening(b Block) (opens, typed string) {
	sh := newShell()
	lines := strings.Split(strings.TrimRight(b.Text, "\n"), "\n")
	for i := 0; i < len(lines); {
		_, next := continued(sh, lines, i, lines[i])
		next = max(next, i+1)
		head := strings.Join(lines[:next], "\n")
		sc := sh.understand(head)
		if sc.ok && runOrSession(sh, head, sc) == BlockSession {
			return head, strings.TrimSpace(strings.Join(lines[next:], "\n"))
		}
		i = next
	}
	return b.Text, ""
}

// exported is a block's name that stands for a variable as well.
var exported = regexp.MustCompile(`^[A-Z][A-Z0-9_]{2,}$`)

// Output is the variable that gets what the block prints; empty when none does.
func (b Block) Output() string {
	if b.Capture == "" && exported.MatchString(b.Name) {
		return b.Name
	}
	return b.Capture
}

// Offered tells whether a block can be run as soon as what it asks for is answered: as a command, or as a session in the
// terminal.
func (b Block) Offered() bool {
	switch b.Kind {
	case BlockCommand:
		host := angle.FindString(b.Host)
		return b.Runnable || b.Why == "runbooks.why_placeholder" || b.Why == "runbooks.why_host" && host != "" && host == b.Host
	case BlockSession:
		return strings.TrimSpace(b.Text) != "" && !truth(b.Attrs["ignore"])
	}
	return false
}

// Terminal tells whether a block needs the person's terminal.
func (b Block) Terminal() bool { return b.Kind == BlockSession }

// Named finds a block by its attribute name; nil when there is none.
func (r *Runbook) Named(name string) *Block {
	var found *Block
	r.blocksOf(func(blocks []Block) {
		for i := range blocks {
			if blocks[i].Name == name && name != "" && found == nil {
				found = &blocks[i]
			}
		}
	})
	return found
}
