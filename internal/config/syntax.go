package config

import (
	"errors"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"lage/internal/text"
)

// Each syntax error costs reading the file once more: so many are looked for, and so many bytes are read in all.
const (
	maxSyntax = 20
	maxReread = 2 * maxSize
)

// parseYAML reads the source into a tree. After a syntax error it leaves out the list entry (or, if that does not help,
// the top-level section) in which the error stands and goes on, so that one look shows all mistakes; d.partial is set
// then. It returns nil when nothing could be read.
func (d *decoder) parseYAML(src string) ast.Node {
	last := pos{}
	for range min(maxSyntax, 1+maxReread/(len(src)+1)) {
		tokens := lexer.Tokenize(src)
		if !d.checkTokens(tokens) {
			return nil
		}
		file, at, why := parseTokens(tokens)
		if why.IsZero() {
			return d.onlyDocument(file)
		}
		// An error on the same line again is an echo of what was cut out there.
		again := at.line == last.line
		if !again {
			d.bad(at, why)
		}
		var ok bool
		if src, ok = blank(src, at.line, again); !ok {
			return nil
		}
		last, d.partial = at, true
	}
	return nil
}

// parseTokens runs the parser. Where it fails, at is where the mistake begins.
func parseTokens(tokens token.Tokens) (file *ast.File, at pos, why text.Message) {
	at = pos{1, 1}
	defer func() {
		// The parser is foreign code on foreign input; a fault in it must not take a console down.
		if recover() != nil {
			file, why = nil, text.M("config.syntax")
		}
	}()
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err == nil {
		return file, at, text.Message{}
	}
	var ye yaml.Error
	if !errors.As(err, &ye) || ye.GetToken() == nil {
		return nil, at, text.M("config.syntax")
	}
	tk := ye.GetToken()
	at, why = position(tk), syntaxMessage(ye.GetMessage(), tk)
	if why.Code == "config.syntax_open" {
		if open := openBracket(tk); open != nil {
			at = position(open)
		}
	}
	return nil, at, why
}

// openBracket finds the bracket before tk that is still open.
func openBracket(tk *token.Token) *token.Token {
	if tk.Type == token.SequenceStartType || tk.Type == token.MappingStartType {
		return tk
	}
	closed := 0
	for tk = tk.Prev; tk != nil; tk = tk.Prev {
		switch tk.Type {
		case token.SequenceEndType, token.MappingEndType:
			closed++
		case token.SequenceStartType, token.MappingStartType:
			if closed == 0 {
				return tk
			}
			closed--
		}
	}
	return nil
}

// syntaxMessage says in both languages what the parser says in English only.
func syntaxMessage(msg string, tk *token.Token) text.Message {
	if tk.Value == "{" && tk.Prev != nil && strings.HasSuffix(tk.Prev.Value, "$") || strings.HasPrefix(tk.Value, "${") {
		return text.M("config.syntax_reference")
	}
	has := func(parts ...string) bool {
		for _, p := range parts {
			if strings.Contains(msg, p) {
				return true
			}
		}
		return false
	}
	switch {
	case has(`'\t'`, "character '\t'", "tab character"):
		return text.M("config.syntax_tab")
	case has("could not find end character") && strings.Contains(tk.Origin, `\`):
		return text.M("config.syntax_quote_escape")
	case has("could not find end character"):
		return text.M("config.syntax_quote")
	case has("must be specified", "could not find flow", "sequence end token"):
		return text.M("config.syntax_open")
	case has("character corresponding") || tk.Value == "]" || tk.Value == "}":
		return text.M("config.syntax_stray", quote(tk.Value))
	case has("mapping value is not allowed", "implicit line break"):
		return text.M("config.syntax_colon")
	case has("escape", "UTF-16", "UTF-32"):
		return text.M("config.syntax_escape")
	case has("invalid key", "undefined map key"):
		return text.M("config.strange_key")
	case has("reserved character"):
		return text.M("config.syntax_reserved", quote(tk.Value))
	case colonSpace.MatchString(tk.Value):
		return text.M("config.colon_space")
	case has("not allowed in this context", "non-map value", "unexpected key", "unexpected map", "unexpected scalar"):
		return text.M("config.syntax_indent")
	case has("anchor", "alias"):
		return text.M("config.alias")
	}
	return text.M("config.syntax")
}

// colonSpace matches a key and its value with no space between them, which YAML takes for one word.
var colonSpace = regexp.MustCompile(`^[a-z_]+:[^/\s]`)

// checkTokens holds the limits exactly and refuses what this format leaves out of YAML. It returns false when the
// tokens must not be parsed.
func (d *decoder) checkTokens(tokens token.Tokens) bool {
	depth := 0
	for _, tk := range tokens {
		switch tk.Type {
		case token.SequenceStartType, token.MappingStartType:
			if depth++; depth > maxDepth {
				d.bad(position(tk), text.M("config.too_deep", maxDepth))
				return false
			}
		case token.SequenceEndType, token.MappingEndType:
			depth = max(0, depth-1)
		case token.AnchorType, token.AliasType, token.MergeKeyType:
			d.bad(position(tk), text.M("config.alias"))
		case token.TagType:
			d.bad(position(tk), text.M("config.tag", quote(tk.Value)))
		}
	}
	return true
}

// onlyDocument gives the root of the file's one document; directives and further documents are mistakes.
func (d *decoder) onlyDocument(file *ast.File) ast.Node {
	var root ast.Node
	for _, doc := range file.Docs {
		switch {
		case doc.Body == nil:
		case doc.Body.Type() == ast.DirectiveType:
			d.bad(position(doc.Body.GetToken()), text.M("config.directive"))
		case root != nil:
			d.bad(start(doc.Body), text.M("config.documents"))
		default:
			root = doc.Body
		}
	}
	if root == nil && !d.partial {
		d.bad(pos{1, 1}, text.M("config.empty_file"))
	}
	return root
}

// blank overwrites, with line ends kept, the list entry around a line, or the whole top-level section where wide is set.
func blank(src string, line int, wide bool) (string, bool) {
	lines := strings.SplitAfter(src, "\n")
	if line > len(lines) {
		return "", false
	}
	first := line - 1
	for first > 0 && !opens(lines[first], wide) {
		first--
	}
	indent := indentation(lines[first])
	last := first + 1
	for last < len(lines) && (last < line || blankLine(lines[last]) || indentation(lines[last]) > indent) {
		last++
	}
	touched := false
	for i := first; i < last; i++ {
		if !blankLine(lines[i]) {
			touched = true
			lines[i] = strings.Repeat("\n", strings.Count(lines[i], "\n"))
		}
	}
	return strings.Join(lines, ""), touched
}

// opens tells whether a line begins a list entry or a top-level section.
func opens(line string, wide bool) bool {
	if blankLine(line) {
		return false
	}
	i := indentation(line)
	return i == 0 && line[0] != '#' || !wide && strings.HasPrefix(line[i:], "- ")
}

func indentation(line string) int { return len(line) - len(strings.TrimLeft(line, " \t")) }

func blankLine(line string) bool { return strings.TrimSpace(line) == "" }

// position is where a token begins.
func position(tk *token.Token) pos {
	if tk == nil || tk.Position == nil {
		return pos{1, 1}
	}
	return pos{tk.Position.Line, tk.Position.Column}
}

// start is where a node begins to the eye: a block mapping's token is its first colon, but it begins with its first key.
func start(n ast.Node) pos {
	switch n := n.(type) {
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) > 0 {
			return start(n.Values[0])
		}
	case *ast.MappingValueNode:
		return start(n.Key)
	}
	return position(n.GetToken())
}
