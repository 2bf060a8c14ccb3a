package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const root = "../.."

// source is one package's non-test files, parsed.
type source struct {
	files map[string]*ast.File
}

func load(t *testing.T, mode parser.Mode) map[string]*source {
	t.Helper()
	pkgs := map[string]*source{}
	fset := token.NewFileSet()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if n := d.Name(); n == "testdata" || (strings.HasPrefix(n, ".") && n != ".." && path != root) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(fset, path, nil, mode|parser.ParseComments)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		name := filepath.ToSlash(rel)
		if name == "." {
			name = ""
		}
		if pkgs[name] == nil {
			pkgs[name] = &source{files: map[string]*ast.File{}}
		}
		pkgs[name].files[path] = f
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return pkgs
}

func imports(f *ast.File) []string {
	var out []string
	for _, s := range f.Imports {
		p, err := strconv.Unquote(s.Path.Value)
		if err == nil {
			out = append(out, p)
		}
	}
	return out
}

func TestImports(t *testing.T) {
	for pkg, src := range load(t, parser.ImportsOnly) {
		r, ok := rules[pkg]
		if !ok {
			t.Errorf("package %q has no rule: say in archtest.go what it may import and why it exists", pkg)
			continue
		}
		for file, f := range src.files {
			for _, imp := range imports(f) {
				if why := forbidden(pkg, r, imp); why != "" {
					t.Errorf("%s imports %s: %s", file, imp, why)
				}
			}
		}
	}
}

// forbidden gives the reason why pkg may not import imp, or "".
func forbidden(pkg string, r rule, imp string) string {
	if ours, ok := strings.CutPrefix(imp, "lage/"); ok {
		if o, limited := onlyFrom[ours]; limited && !slices.Contains(o.by, pkg) {
			return o.why
		}
		if slices.Contains(r.ours, "*") || slices.Contains(r.ours, ours) || (slices.Contains(everyone, ours) && pkg != "statuspage") {
			return ""
		}
		return "not among what it may import (" + r.why + ")"
	}
	if h, ok := homes[imp]; ok && !slices.Contains(h.in, pkg) {
		return h.why
	}
	first, _, _ := strings.Cut(imp, "/")
	if !strings.Contains(first, ".") {
		return ""
	}
	for _, m := range r.outside {
		if imp == m || strings.HasPrefix(imp, m+"/") {
			return ""
		}
	}
	return "that library has its home elsewhere (" + r.why + ")"
}

func TestEveryPackageHasOneComment(t *testing.T) {
	for pkg, src := range load(t, parser.PackageClauseOnly) {
		n := 0
		for _, f := range src.files {
			if f.Doc != nil {
				n++
			}
		}
		if n != 1 {
			t.Errorf("package %q has %d package comments, want exactly one", pkg, n)
		}
	}
}

// TestClockIsInjected keeps time.Now out of the rooms whose time is given to them, so that tests can move it.
func TestClockIsInjected(t *testing.T) {
	exempt := []string{"", "internal/cli", "internal/proc", "internal/demo", "internal/config"} // at the edge, where the real clock enters
	for pkg, src := range load(t, 0) {
		if slices.Contains(exempt, pkg) {
			continue
		}
		for file, f := range src.files {
			ast.Inspect(f, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				if sel, ok := call.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Now" {
					if id, ok := sel.X.(*ast.Ident); ok && id.Name == "time" {
						t.Errorf("%s calls time.Now(): the clock is injected (Now func() time.Time)", file)
					}
				}
				return true
			})
		}
	}
}

// TestFilesStayShort leaves out internal/text: a table of texts is read by looking a code up, and grows with the program.
func TestFilesStayShort(t *testing.T) {
	const limit = 400
	for _, src := range load(t, parser.PackageClauseOnly) {
		for file := range src.files {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if n := strings.Count(string(b), "\n"); n > limit && !strings.Contains(filepath.ToSlash(file), "internal/text/") {
				t.Errorf("%s has %d lines, want at most %d: split it by topic", file, n, limit)
			}
		}
	}
}
