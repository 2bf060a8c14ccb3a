package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// Nothing evaluates persons: no document counts or measures them. A person and a measure must not stand side by side in
// a JSON object, no query groups by persons, no metric carries a name, and no text speaks of times per person.
var (
	personKey  = regexp.MustCompile(`^(actor|by|lead|person|who|user|os_user|started_by|claimed_by|signed_by|people|persons|engineer|name_of_person)$`)
	measureKey = regexp.MustCompile(`(second|minute|duration|latency|_ms$|_ns$|_after$|^after$|mean|median|average|^avg|count|number_of|rate$|p50|p95|fastest|slowest|score|rank)`)
	groupBy    = regexp.MustCompile(`(?i)group\s+by\s+(\w+\.)?(who|person|lead|by|started_by|actor|os_user)\b`)
	metricName = regexp.MustCompile(`[{,](lead|person|who|actor|user|by|name)=`)
	perPerson  = regexp.MustCompile(`(?i)(je|pro) (person|kopf|mitarbeit)|per (person|engineer|head|user)\b|reaktionszeit(en)? (von|der|des|je|pro)\b|response times? of`)
)

func TestNothingMeasuresPersons(t *testing.T) {
	root := filepath.Join("..", "..")
	fset := token.NewFileSet()
	structs, names := 0, map[*ast.StructType]string{}
	if err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".git") || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(fset, path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.TypeSpec:
				if s, ok := n.Type.(*ast.StructType); ok {
					names[s] = n.Name.Name
				}
			case *ast.StructType:
				if keys := jsonKeys(n); len(keys) > 0 {
					structs++
					if p, m := first(keys, personKey), first(keys, measureKey); p != "" && m != "" && besides(names[n]) == "" {
						t.Errorf("%s: %q stands beside %q: that measures a person", fset.Position(n.Pos()), m, p)
					}
				}
			case *ast.BasicLit:
				checkLiteral(t, fset, n)
			}
			return true
		})
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if structs < 20 {
		t.Errorf("only %d JSON objects found: the test looks in the wrong place", structs)
	}
}

// besides gives the reason why a type may hold both.
func besides(name string) string {
	return map[string]string{
		"walkJSON": "how long one maintenance or drill took, which its record has to say; nothing is summed up by person",
	}[name]
}

func checkLiteral(t *testing.T, fset *token.FileSet, n *ast.BasicLit) {
	t.Helper()
	if n.Kind != token.STRING {
		return
	}
	s, err := strconv.Unquote(n.Value)
	if err != nil {
		t.Fatal(err)
	}
	for _, exp := range []*regexp.Regexp{groupBy, metricName, perPerson} {
		if hit := exp.FindString(s); hit != "" {
			t.Errorf("%s: %q speaks of persons", fset.Position(n.Pos()), hit)
		}
	}
}

// jsonKeys lists the keys that a struct has in JSON.
func jsonKeys(s *ast.StructType) (keys []string) {
	for _, f := range s.Fields.List {
		if f.Tag == nil {
			continue
		}
		tag, err := strconv.Unquote(f.Tag.Value)
		if err != nil {
			continue
		}
		if name, _, _ := strings.Cut(reflect.StructTag(tag).Get("json"), ","); name != "" && name != "-" {
			keys = append(keys, name)
		}
	}
	return keys
}

func first(keys []string, exp *regexp.Regexp) string {
	for _, k := range keys {
		if exp.MatchString(k) {
			return k
		}
	}
	return ""
}

func TestMeasuringPersonsIsSeen(t *testing.T) {
	for s, exp := range map[string]*regexp.Regexp{
		"SELECT who, count(*) FROM timeline GROUP BY who": groupBy, `lage_ack_seconds{lead="x"}`: metricName, "Reaktionszeit je Person": perPerson,
		"lead": personKey, "acknowledged_after": measureKey,
	} {
		if !exp.MatchString(s) {
			t.Errorf("%q goes through", s)
		}
	}
}
