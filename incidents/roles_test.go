package incidents

import (
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"lage/runbooks"
	"lage/services"
)

// permitted is the matrix: who may do which action. Every action stands here; a new one has to be thought about first.
var permitted = []struct {
	do                           Action
	view, respond, admin, system bool
}{
	{Open{}, false, true, true, false},
	{Receive{}, false, true, true, false},
	{Acknowledge{}, false, true, true, false},
	{Note{}, false, true, true, false},
	{Correct{}, false, true, true, false},
	{ChangeState{}, false, true, true, false},
	{SetClass{}, false, true, true, false},
	{SetTime{}, false, true, true, false},
	{Quieten{}, false, true, true, false},
	{HandOver{}, false, true, true, false},
	{Accept{}, false, true, true, false},
	{Resolve{}, false, true, true, false},
	{StartWalk{}, false, true, true, false},
	{EndWalk{}, false, true, true, false},
	{MarkStep{}, false, true, true, false},
	{ClaimStep{}, false, true, true, false},
	{StartWait{}, false, true, true, false},
	{Choose{}, false, true, true, false},
	{GoBack{}, false, true, true, false},
	{GiveInput{}, false, true, true, false},
	{SignOff{}, false, true, true, false},
	{CommandStarted{}, false, true, true, false},
	{CommandEnded{}, false, true, true, false},
	{Exported{}, false, true, true, false},
	{Redact{}, false, false, true, false},
	{observed{}, false, false, false, true},
	{reported{}, false, false, false, true},
	{escalated{}, false, false, false, true},
}

// actions lists the names of all types that are an Action, from the source.
func actions(t *testing.T) map[string]bool {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			f, ok := n.(*ast.FuncDecl)
			if !ok || f.Name.Name != "action" || f.Recv == nil {
				return true
			}
			typ := f.Recv.List[0].Type
			if star, ok := typ.(*ast.StarExpr); ok {
				typ = star.X
			}
			names[typ.(*ast.Ident).Name] = true
			return true
		})
	}
	return names
}

func TestEveryActionHasItsPlaceInTheMatrix(t *testing.T) {
	all, listed := actions(t), map[string]bool{}
	if len(all) < 15 {
		t.Fatalf("only %d actions found in the source", len(all))
	}
	for _, m := range permitted {
		listed[reflect.TypeOf(m.do).Name()] = true
	}
	for name := range all {
		if !listed[name] {
			t.Errorf("%s: who may do it? Add it to the matrix above and to needs in roles.go", name)
		}
	}
}

func TestRolesMayWhatTheMatrixSays(t *testing.T) {
	for _, m := range permitted {
		name := reflect.TypeOf(m.do).Name()
		for _, c := range []struct {
			by  services.Person
			may bool
		}{
			{services.Person{Name: "A", OSUser: "ops", Role: services.View}, m.view},
			{services.Person{Name: "A", OSUser: "ops", Role: services.Respond}, m.respond},
			{services.Person{Name: "A", OSUser: "ops", Role: services.Admin}, m.admin},
			{services.Person{Name: "A", OSUser: "ops"}, m.admin}, // a person at home
			{services.Person{Name: "lage", OSUser: "ops"}, m.admin},
			{services.Person{Name: "A", OSUser: "ops", Role: "root"}, false},
			{services.Person{Name: "lage", OSUser: "ops", Role: bySystem}, false},
		} {
			_, err := Decide(Situation{}, Request{By: c.by, Do: m.do}, Plan{}, start)
			var no *Refusal
			refused := errors.As(err, &no) && no.Role
			if refused == c.may {
				t.Errorf("%s by %+v: %v", name, c.by, err)
			}
		}
		if err := May(services.System(), m.do); m.system && err != nil {
			t.Errorf("%s by lage: %v", name, err)
		}
	}
}

// TestViewerChangesNothing: the Desk itself refuses, whatever screen or command asked, and writes nothing.
func TestViewerChangesNothing(t *testing.T) {
	b := newBench(t)
	b.down("wohngeld/start")
	before := len(b.m.entries["INC-2026-001"])
	eve := services.Person{Name: "Eve", OSUser: "ops", Role: services.View}
	for _, do := range []Action{Acknowledge{}, Note{Text: "x"}, Resolve{}, Open{Service: "wohngeld", Title: "x"}, StartWalk{Runbook: &runbooks.Runbook{}}} {
		r := Request{Record: "INC-2026-001", By: eve, Do: do}
		if _, ok := do.(Open); ok {
			r.Record = ""
		}
		var no *Refusal
		if _, err := b.Act(context.Background(), r); !errors.As(err, &no) || !no.Role {
			t.Errorf("%T: %v", do, err)
		}
	}
	if n := len(b.m.entries["INC-2026-001"]); n != before || b.m.inc["INC-2026-001"].State != Detected {
		t.Errorf("%d entries, were %d", n, before)
	}
}

// TestRoleIsNotWritten: an entry says who did it, not what they might have done.
func TestRoleIsNotWritten(t *testing.T) {
	b := newBench(t)
	who := services.Person{Name: "M. Krause", OSUser: "ops", Key: "SHA256:x", Role: services.Respond}
	rec, err := b.Act(context.Background(), Request{By: who, Do: Open{Title: "x"}})
	who.Role = ""
	if err != nil || rec.Entries[0].Who != who {
		t.Errorf("%+v %v", rec.Entries, err)
	}
}

// TestViewerStopsNothing: a run is stopped past the timeline, so the role is asked there, too.
func TestViewerStopsNothing(t *testing.T) {
	stopped := 0
	r := &Runs{Runner: stopper{n: &stopped}, By: services.Person{Name: "Eve", Role: services.View}}
	if err := r.Stop("r1", false); err == nil || stopped != 0 {
		t.Errorf("stopped %d, %v", stopped, err)
	}
	r.By.Role = services.Respond
	if err := r.Stop("r1", false); err != nil || stopped != 1 {
		t.Errorf("stopped %d, %v", stopped, err)
	}
}

type stopper struct {
	Runner
	n *int
}

func (s stopper) Stop(string, bool) error { *s.n++; return nil }
