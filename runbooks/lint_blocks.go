package runbooks

import (
	"errors"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// blocks looks at every code block, and at the names with which blocks and steps speak of each other.
func (l *linter) blocks() {
	names, expected := map[string]bool{}, map[string]bool{}
	l.book.All(func(_ int, s *Step) { names[s.ID] = true })
	l.book.blocksOf(func(blocks []Block) {
		for _, b := range blocks {
			if b.Name != "" {
				names[b.Name] = true
			}
			if b.Kind == BlockOutput {
				expected[b.Attrs["expect"]] = true
			}
		}
	})
	declared, rich := l.declared(), l.rich()
	l.book.blocksOf(func(blocks []Block) {
		for i := range blocks {
			b := &blocks[i]
			if includeLine.MatchString(l.line(b.Line)) { // it stands in another file, which is looked through itself
				continue
			}
			l.references(b, names, expected)
			switch b.Kind {
			case BlockCommand, BlockSession:
				l.shellBlock(b, declared)
				if rich {
					l.prompts(b)
				}
			case BlockTodo:
				l.remark(b.Line, 1, "lint.todo")
			}
		}
	})
}

// declared lists the placeholders that the front matter or an input declares.
func (l *linter) declared() map[string]bool {
	out := map[string]bool{}
	for _, v := range l.book.Meta.Vars {
		out[normal(v.Name)] = true
	}
	l.book.All(func(_ int, s *Step) {
		for _, d := range s.Directives {
			if d.Name == "input" && len(d.Args) > 0 {
				out[normal(d.Args[0])] = true
			}
		}
	})
	return out
}

// references looks for blocks and expectations that a block names and that are not there.
func (l *linter) references(b *Block, names, expected map[string]bool) {
	for _, key := range []string{"dryRun", "undo"} {
		if name := strings.TrimPrefix(b.Attrs[key], "#"); name != "" && !names[name] {
			line, col := l.find(b.Line, 1, b.Attrs[key])
			l.problem(line, col, "lint.name_unknown", key, name)
		}
	}
	if name := b.Attrs["expect"]; name != "" && b.Kind != BlockOutput && !expected[name] {
		line, col := l.find(b.Line, 1, name)
		l.problem(line, col, "lint.expectation_missing", name)
	}
}

// shellBlock looks at a block that is run or typed.
func (l *linter) shellBlock(b *Block, declared map[string]bool) {
	if b.Lang == "" {
		l.remark(l.opening(b), 1, "lint.language_missing")
	}
	if b.Kind == BlockSession && denied(b.Attrs["interactive"]) {
		line, col := l.find(b.Line, 1, "interactive")
		l.problem(line, col, "lint.session_captured")
	}
	if b.Kind == BlockCommand {
		l.syntax(b)
	}
	size := strings.Count(b.Source, "\n") + 2
	for _, p := range b.Placeholders {
		name := normal(strings.Trim(p, "{}[]<>$ "))
		if name != "" && strings.Trim(name, ".…") != "" && !declared[name] {
			line, col := l.find(b.Line, size, p)
			l.remark(line, col, "lint.placeholder_undeclared", p)
		}
	}
	if b.Risk == RiskDanger {
		switch {
		case b.Confirm == "never":
			line, col := l.find(b.Line, 1, "confirm")
			l.problem(line, col, "lint.danger_never_confirmed")
		case b.Confirm == "" && b.Attrs["danger"] == "":
			l.remark(b.Line, 1, "lint.danger_unconfirmed")
		}
	}
}

// opening is the line of a block's fence: without a language the tree knows only where its content starts.
func (l *linter) opening(b *Block) int {
	if t := strings.TrimLeft(l.line(b.Line-1), " \t>"); b.Lang == "" && (strings.HasPrefix(t, "```") || strings.HasPrefix(t, "~~~")) {
		return b.Line - 1
	}
	return b.Line
}

// syntax says where a command does not parse.
func (l *linter) syntax(b *Block) {
	_, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(neutral(b.Text)), "")
	if err == nil {
		return
	}
	at, column, why := b.Line, 1, err.Error()
	var parse syntax.ParseError
	var dialect syntax.LangError
	pos := syntax.Pos{}
	switch {
	case errors.As(err, &parse):
		pos, why = parse.Pos, parse.Text
	case errors.As(err, &dialect):
		pos = dialect.Pos
	}
	if lines := strings.Split(b.Text, "\n"); pos.IsValid() && int(pos.Line()) <= len(lines) {
		own := strings.TrimSpace(lines[pos.Line()-1])
		if line, col := l.find(b.Line+1, len(lines)+strings.Count(b.Source, "\n")+1, own); own != "" {
			indent := len(lines[pos.Line()-1]) - len(strings.TrimLeft(lines[pos.Line()-1], " \t"))
			at, column = line, col+max(0, int(pos.Col())-1-indent)
		}
	}
	l.problem(at, column, "lint.shell_syntax", why)
}

// prompts says that a block mixes what is typed with what is printed, where an expectation would do better.
func (l *linter) prompts(b *Block) {
	if b.Example == "" {
		return
	}
	for i, line := range strings.Split(b.Source, "\n") {
		if _, is := prompt(line); is {
			at, col := l.find(b.Line+i, 2, strings.TrimSpace(line))
			l.remark(at, col, "lint.prompt_output")
			return
		}
	}
}
