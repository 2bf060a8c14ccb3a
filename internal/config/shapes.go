package config

import (
	"strings"

	"github.com/goccy/go-yaml/ast"

	"lage/internal/clean"
	"lage/internal/text"
	"lage/services"
)

const (
	headerPattern = "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$"
	envPattern    = `^[A-Za-z_][A-Za-z0-9_]*$`
)

// name is a text in one or both languages: "Text" or {de: Text, en: text}. A bare text counts for both.
func name() shape[services.Name] {
	one := line()
	type both struct{ de, en at[string] }
	two := mapping(
		key("de", "config.doc_de", one, func(b *both) *at[string] { return &b.de }),
		key("en", "config.doc_en", one, func(b *both) *at[string] { return &b.en }),
	)
	return shape[services.Name]{
		keys: two.keys,
		schema: func(s schemaFor) object {
			o := two.schema(s)
			o["minProperties"] = 1
			return object{"anyOf": []object{one.schema(s), o}}
		},
		read: func(d *decoder, n ast.Node) at[services.Name] {
			if !isMapping(n) {
				v := one.read(d, n)
				return at[services.Name]{v: services.Name{De: v.v, En: v.v}, pos: v.pos, ok: v.ok}
			}
			v := two.read(d, n)
			if v.ok && isEmpty(n) {
				d.bad(v.pos, text.M("config.empty"))
			}
			return at[services.Name]{v: services.Name{De: v.v.de.v, En: v.v.en.v}, pos: v.pos, ok: v.ok}
		},
	}
}

func isMapping(n ast.Node) bool {
	return n.Type() == ast.MappingType || n.Type() == ast.MappingValueType
}

func isEmpty(n ast.Node) bool {
	m, ok := n.(*ast.MappingNode)
	return ok && len(m.Values) == 0
}

// link is a public web address: no secrets in it.
func link() shape[string] {
	return texts(object{"pattern": `^https?://`}, func(_ *decoder, s string) (string, text.Message) { return s, notURL(s) })
}

// folder is a path, relative ones to the folder of the configuration.
func folder() shape[string] {
	return texts(object{"minLength": 1}, func(_ *decoder, s string) (string, text.Message) {
		if strings.ContainsRune(s, 0) {
			return "", text.M("config.nul")
		}
		return s, notEmpty(s)
	})
}

// statuses is one HTTP status code or a list of them.
func statuses() shape[[]at[int]] {
	one := integer(100, 599)
	many := listOf(one, 1)
	return shape[[]at[int]]{
		schema: func(s schemaFor) object { return object{"anyOf": []object{one.schema(s), many.schema(s)}} },
		read: func(d *decoder, n ast.Node) at[[]at[int]] {
			if n.Type() == ast.SequenceType {
				return many.read(d, n)
			}
			v := one.read(d, n)
			return at[[]at[int]]{v: []at[int]{v}, pos: v.pos, ok: v.ok}
		},
	}
}

// argv is a program and its arguments. One text would need a shell to take it apart, and lage has none.
func argv() shape[[]at[string]] {
	s := listOf(secretText(nil, anything), 1)
	read := s.read
	s.read = func(d *decoder, n ast.Node) at[[]at[string]] {
		if v, ok := n.(*ast.StringNode); ok {
			d.bad(start(n), text.M("config.argv", asList(v.Value)))
			return at[[]at[string]]{}
		}
		out := read(d, n)
		if out.ok && len(out.v) > 0 && out.v[0].ok && out.v[0].v == "" {
			d.bad(out.v[0].pos, text.M("config.empty"))
		}
		return out
	}
	return s
}

// asList shows how a command line is written as a list.
func asList(s string) string {
	words := strings.Fields(clean.Line(s))
	if len(words) > 4 {
		words = append(words[:4:4], "…")
	}
	return `["` + strings.Join(words, `", "`) + `"]`
}

// values takes a list's good values out of their places.
func values[T any](list at[[]at[T]]) []T {
	var out []T
	for _, v := range list.v {
		if v.ok {
			out = append(out, v.v)
		}
	}
	return out
}

func checkHeader(d *decoder, name string, p pos) {
	if name == "" || strings.ContainsFunc(name, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r)
	}) {
		d.bad(p, text.M("config.header", quote(name)))
	}
}

func checkEnv(d *decoder, name string, p pos) {
	if !isEnvName(name) {
		d.bad(p, text.M("config.env_name", quote(name)))
	}
}
