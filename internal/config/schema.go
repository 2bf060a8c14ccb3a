package config

import (
	"bytes"
	"encoding/json"
	"maps"

	"lage/internal/text"
)

// object is a piece of JSON.
type object map[string]any

// schemaFor says for whom a schema is written: the language of the descriptions and, within a check, its type.
type schemaFor struct {
	lang text.Lang
	kind string
}

// Schema gives the JSON Schema (draft 2020-12) of the configuration, with English descriptions. It is made from the
// table that the decoder reads by.
func Schema() []byte { return SchemaIn(text.English) }

// SchemaIn is Schema with descriptions in a language.
func SchemaIn(l text.Lang) []byte {
	root := fileShape().schema(schemaFor{lang: l})
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = text.T(l, "config.doc_title")
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(root); err != nil { // strings, numbers, lists and maps of them: cannot fail
		panic(err)
	}
	return b.Bytes()
}

func mappingSchema[T any](s schemaFor, fields []field[T]) object {
	props, must := object{}, []string{}
	for _, f := range fields {
		if !f.fits(s.kind) {
			continue
		}
		p := f.schema(s)
		p["description"] = text.M(f.doc).In(s.lang)
		if f.unused {
			p["deprecated"] = true
		}
		props[f.name] = p
		if f.must {
			must = append(must, f.name)
		}
	}
	out := object{"type": "object", "properties": props, "additionalProperties": false}
	if len(must) > 0 {
		out["required"] = must
	}
	return out
}

// checkSchema says for each type of check which keys it has.
func checkSchema(s schemaFor, fields []field[rawCheck]) object {
	var types []object
	for _, k := range kinds() {
		s.kind = k
		types = append(types, object{
			"if":   object{"properties": object{"type": object{"const": k}}, "required": []string{"type"}},
			"then": mappingSchema(s, fields),
		})
	}
	return object{
		"type":       "object",
		"required":   []string{"id", "type"},
		"properties": object{"type": object{"type": "string", "enum": kinds(), "description": text.T(s.lang, "config.doc_type")}},
		"allOf":      types,
	}
}

func merged(a, b object) object {
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}
