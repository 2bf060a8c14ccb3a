package config

import (
	"slices"

	"github.com/goccy/go-yaml/ast"

	"lage/internal/text"
)

// decoder reads one file. It collects problems and never stops at the first.
type decoder struct {
	file     string
	opt      Options
	problems Problems
	kind     string // type of the check that is being read; empty elsewhere
	partial  bool   // a piece with a syntax error was left out
	secrets  []string
}

func (d *decoder) bad(at pos, m text.Message) { d.add(at, Problem{Message: m}) }

func (d *decoder) warn(at pos, m text.Message) { d.add(at, Problem{Message: m, Warning: true}) }

func (d *decoder) add(at pos, p Problem) {
	p.File, p.Line, p.Col = d.file, max(1, at.line), max(1, at.col)
	d.problems = append(d.problems, p)
}

// at is a value with the place where it was read. The zero value was not given; ok means given and well-formed.
// Whatever was given has a place.
type at[T any] struct {
	v   T
	pos pos
	ok  bool
	raw bool // holds a secret reference that was not resolved: its text means nothing yet
}

// given tells whether something stands there, good or bad.
func (a at[T]) given() bool { return a.pos != (pos{}) }

// or gives the value, or def where there is none.
func (a at[T]) or(def T) T {
	if a.ok {
		return a.v
	}
	return def
}

// shape is what may stand in one place of the file. The decoder and the JSON Schema are both made from it, so that
// they cannot differ.
type shape[T any] struct {
	read   func(d *decoder, n ast.Node) at[T]
	schema func(s schemaFor) object
	keys   []string // of a mapping with fixed keys
}

// field is one key of a mapping with fixed keys.
type field[T any] struct {
	name   string
	read   func(d *decoder, n ast.Node, into *T)
	schema func(s schemaFor) object
	keys   []string
	doc    string   // code of its description
	must   bool     // required
	unused bool     // accepted with a warning: a later version reads it
	only   []string // types of checks that have it; nil means all
}

// key binds a key of a mapping to a place in T.
func key[T, V any](name, doc string, s shape[V], place func(*T) *at[V]) field[T] {
	return field[T]{
		name: name, doc: doc, schema: s.schema, keys: s.keys,
		read: func(d *decoder, n ast.Node, into *T) {
			v := s.read(d, n)
			v.pos = start(n) // of bad values as well: they were given
			*place(into) = v
		},
	}
}

// later is a key that this version accepts and does not use.
func later[T any](name, doc string) field[T] {
	return field[T]{name: name, doc: doc, unused: true, schema: func(schemaFor) object { return object{} }}
}

// required says that the key must be there.
func (f field[T]) required() field[T] { f.must = true; return f }

// of says that only checks of the types have the key.
func (f field[T]) of(types ...string) field[T] { f.only = types; return f }

func (f field[T]) fits(kind string) bool {
	return kind == "" || f.only == nil || slices.Contains(f.only, kind)
}

// mapping is a mapping with fixed keys.
func mapping[T any](fields ...field[T]) shape[T] {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.name
	}
	return shape[T]{
		keys:   names,
		schema: func(s schemaFor) object { return mappingSchema(s, fields) },
		read: func(d *decoder, n ast.Node) at[T] {
			pairs, ok := d.pairs(n)
			if !ok {
				return at[T]{}
			}
			out := at[T]{pos: start(n), ok: true}
			seen := map[string]bool{}
			for _, p := range pairs {
				seen[p.name] = true
				readField(d, fields, p, &out.v)
			}
			for _, f := range fields {
				if f.must && !seen[f.name] && f.fits(d.kind) && (f.only == nil || d.kind != "") && !d.partial {
					d.bad(out.pos, text.M("config.missing", f.name))
				}
			}
			return out
		},
	}
}

func readField[T any](d *decoder, fields []field[T], p pair, into *T) {
	i := slices.IndexFunc(fields, func(f field[T]) bool { return f.name == p.name })
	if i < 0 {
		d.bad(p.at, unknownKey(p.name, fields))
		return
	}
	f := fields[i]
	switch {
	case !f.fits(d.kind):
		d.bad(p.at, text.M("config.not_for_type", f.name, d.kind))
	case f.unused:
		d.warn(p.at, text.M("config.unused", f.name))
	case p.value.Type() == ast.NullType:
		if !d.partial {
			d.bad(p.at, text.M("config.no_value", f.name))
		}
	default:
		f.read(d, p.value, into)
	}
}

// unknownKey says what may have been meant: a key that is written nearly so, or one that belongs a level deeper.
func unknownKey[T any](name string, fields []field[T]) text.Message {
	var names []string
	for _, f := range fields {
		names = append(names, f.name)
	}
	if near, ok := nearest(name, names); ok {
		return text.M("config.unknown_near", quote(name), near)
	}
	for _, f := range fields {
		if slices.Contains(f.keys, name) {
			return text.M("config.unknown_under", name, f.name)
		}
	}
	return text.M("config.unknown", quote(name))
}

// pair is one key of a mapping with its value.
type pair struct {
	name  string
	at    pos
	value ast.Node
}

// pairs lists a mapping's keys, each one once: of repeated keys the first counts and the others are mistakes.
func (d *decoder) pairs(n ast.Node) ([]pair, bool) {
	var values []*ast.MappingValueNode
	switch n := plain(n).(type) {
	case nil:
		return nil, false // an alias: said already
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	default:
		if s, ok := n.(*ast.StringNode); ok && colonSpace.MatchString(s.Value) {
			d.bad(start(n), text.M("config.colon_space"))
			return nil, false
		}
		d.wants(n, "config.kind_mapping")
		return nil, false
	}
	var out []pair
	lines := map[string]int{}
	for _, v := range values {
		k, ok := v.Key.(ast.ScalarNode)
		if !ok || v.Value == nil {
			if v.Key.Type() != ast.MergeKeyType { // said already
				d.bad(start(v.Key), text.M("config.strange_key"))
			}
			continue
		}
		if _, merge := v.Key.(*ast.MergeKeyNode); merge {
			continue
		}
		at := start(v.Key)
		name := k.GetToken().Value
		if line, again := lines[name]; again {
			d.bad(at, text.M("config.twice", quote(name), line))
			continue
		}
		lines[name] = at.line
		value := plain(v.Value)
		if value == nil {
			continue
		}
		out = append(out, pair{name, at, value})
	}
	return out, true
}

// plain takes anchors and tags, which have been refused already, off a node. It is nil for an alias.
func plain(n ast.Node) ast.Node {
	for {
		switch v := n.(type) {
		case *ast.AnchorNode:
			n = v.Value
		case *ast.TagNode:
			n = v.Value
		case *ast.AliasNode:
			return nil
		default:
			return n
		}
	}
}

// wants says that something else is expected in this place. The code names what.
func (d *decoder) wants(n ast.Node, code string) {
	if n.Type() == ast.NullType && d.partial {
		return
	}
	d.bad(start(n), text.M("config.wants", text.Message{Code: code}, kindOf(n)))
}

// kindOf names what stands in a place.
func kindOf(n ast.Node) text.Message {
	switch n.Type() {
	case ast.MappingType, ast.MappingValueType:
		return text.M("config.kind_mapping")
	case ast.SequenceType:
		return text.M("config.kind_list")
	case ast.IntegerType, ast.FloatType, ast.InfinityType, ast.NanType:
		return text.M("config.kind_number")
	case ast.BoolType:
		return text.M("config.kind_bool")
	case ast.NullType:
		return text.M("config.kind_nothing")
	}
	return text.M("config.kind_text")
}

// listOf is a list of at least atLeast values.
func listOf[T any](item shape[T], atLeast int) shape[[]at[T]] {
	return shape[[]at[T]]{
		keys: item.keys,
		schema: func(s schemaFor) object {
			return object{"type": "array", "items": item.schema(s), "minItems": atLeast}
		},
		read: func(d *decoder, n ast.Node) at[[]at[T]] {
			list, ok := n.(*ast.SequenceNode)
			if !ok {
				d.wants(n, "config.kind_list")
				return at[[]at[T]]{}
			}
			out := at[[]at[T]]{pos: start(n), ok: true}
			for _, v := range list.Values {
				if v = plain(v); v != nil {
					out.v = append(out.v, item.read(d, v))
				}
			}
			if len(list.Values) < atLeast && !d.partial {
				d.bad(out.pos, text.M("config.empty_list"))
				out.ok = false
			}
			return out
		},
	}
}

// entry is one key of a mapping with free keys.
type entry[T any] struct {
	name string
	at   pos
	val  at[T]
}

// mapOf is a mapping with free keys, in the order of the file. check looks at each key.
func mapOf[T any](pattern string, value shape[T], check func(d *decoder, name string, p pos)) shape[[]entry[T]] {
	return shape[[]entry[T]]{
		schema: func(s schemaFor) object {
			return object{"type": "object", "propertyNames": object{"pattern": pattern}, "additionalProperties": value.schema(s)}
		},
		read: func(d *decoder, n ast.Node) at[[]entry[T]] {
			pairs, ok := d.pairs(n)
			if !ok {
				return at[[]entry[T]]{}
			}
			out := at[[]entry[T]]{pos: start(n), ok: true}
			for _, p := range pairs {
				check(d, p.name, p.at)
				if p.value.Type() == ast.NullType {
					d.bad(p.at, text.M("config.no_value", quote(p.name)))
					continue
				}
				out.v = append(out.v, entry[T]{p.name, p.at, value.read(d, p.value)})
			}
			return out
		},
	}
}
