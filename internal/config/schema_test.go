package config

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"lage/internal/text"
)

func compiled(t *testing.T, l text.Lang) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(SchemaIn(l)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("lage.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("lage.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// asJSON reads YAML as an editor's language server would.
func asJSON(t *testing.T, src []byte) any {
	t.Helper()
	b, err := yaml.YAMLToJSON(src)
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestSchemaAcceptsWhatTheDecoderAccepts(t *testing.T) {
	s := compiled(t, text.English)
	good := map[string][]byte{"de": Example(text.German), "en": Example(text.English)}
	files, err := filepath.Glob("../../testdata/config/good-*.yaml")
	if err != nil || len(files) < 3 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		good[f] = read(t, filepath.Base(f))
	}
	for name, src := range good {
		if err := s.Validate(asJSON(t, src)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSchemaRefusesWhatTheDecoderRefuses(t *testing.T) {
	s := compiled(t, text.German)
	check := "version: 1\nservices:\n  - id: a\n    checks:\n      - "
	for _, src := range []string{
		"services: [{id: a}]",
		"version: 2\nservices: [{id: a}]",
		"version: 1\nservices: []",
		"version: 1\nservices: [{name: a}]",
		"version: 1\nservices: [{id: A}]",
		"version: 1\nservices: [{id: a, chekcs: []}]",
		"version: 1\nservices: [{id: a}]\nbanana: 1",
		"version: 1\nservices: [{id: a}]\nlanguage: fr",
		"version: 1\nservices: [{id: a}]\ndefaults: {interval: 30}",
		"version: 1\nservices: [{id: a}]\ndefaults: {interval: soon}",
		"version: 1\nservices: [{id: a}]\ndefaults: {fail_after: 0}",
		"version: 1\nservices: [{id: a}]\nsmtp: {port: 25}",
		"version: 1\nservices: [{id: a}]\ncontacts: {ops: {name: X}}",
		"version: 1\nservices: [{id: a}]\ncontacts: {ops: {via: [{email: a@b.c, command: [x]}]}}",
		"version: 1\nservices: [{id: a}]\nescalation: {default: [{after: 5m}]}",
		check + "{id: x, type: ping}",
		check + "{id: x, type: http}",
		check + "{id: x, type: http, url: ftp://a}",
		check + "{id: x, type: http, url: https://a/, command: [x]}",
		check + "{id: x, type: http, url: https://a/, expect: {status: 700}}",
		check + "{id: x, type: tcp, address: host}",
		check + "{id: x, type: tcp, address: \"h:1\", expect: {status: 200}}",
		check + "{id: x, type: tls, address: \"h:1\", send: x}",
		check + "{id: x, type: nagios, command: check_disk}",
		check + "{id: x, type: command, command: []}",
	} {
		if err := s.Validate(asJSON(t, []byte(src))); err == nil {
			t.Errorf("the schema accepts\n%s", src)
		}
		if c, _ := Parse("lage.yaml", []byte(src), Options{}); c != nil {
			t.Errorf("the decoder accepts\n%s", src)
		}
	}
}

func TestSchemaIsDescribed(t *testing.T) {
	var walk func(path string, v any)
	walk = func(path string, v any) {
		m, ok := v.(map[string]any)
		if !ok {
			return
		}
		props, _ := m["properties"].(map[string]any)
		for name, p := range props {
			p, ok := p.(map[string]any)
			if !ok {
				t.Fatalf("%s.%s is no schema", path, name)
			}
			if d, _ := p["description"].(string); (d == "" || strings.HasPrefix(d, "config.")) && p["const"] == nil {
				t.Errorf("%s.%s has no description: %q", path, name, d)
			}
			walk(path+"."+name, p)
		}
		for name, sub := range m {
			switch sub := sub.(type) {
			case map[string]any:
				if name != "properties" {
					walk(path+"/"+name, sub)
				}
			case []any:
				for _, e := range sub {
					walk(path+"/"+name, e)
				}
			}
		}
	}
	for _, src := range [][]byte{Schema(), SchemaIn(text.German)} {
		var root map[string]any
		if err := json.Unmarshal(src, &root); err != nil {
			t.Fatal(err)
		}
		if root["$schema"] != "https://json-schema.org/draft/2020-12/schema" {
			t.Error(root["$schema"])
		}
		walk("", root)
	}
	if bytes.Equal(Schema(), SchemaIn(text.German)) {
		t.Error("the descriptions are in one language only")
	}
}
