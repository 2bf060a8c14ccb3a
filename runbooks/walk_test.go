package runbooks

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestFlat(t *testing.T) {
	b := Parse("x", "x.md", []byte("1. Group\n   1. a\n   2. b\n2. If it is down:\n   1. c\n3. Run this:\n   ```\n   uptime\n   ```\n   1. d\n"))
	var got []string
	for _, f := range Flat(b) {
		mark := ""
		if f.Group {
			mark = "*"
		}
		parent := ""
		if f.Parent != nil {
			parent = "<" + f.Parent.Title
		}
		got = append(got, f.Step.Title+mark+parent)
	}
	want := "Group* a<Group b<Group If it is down c<If it is down Run this d<Run this"
	if strings.Join(got, " ") != want {
		t.Errorf("%q\nwant %q", strings.Join(got, " "), want)
	}
	if done, total := Progress(b, NewWalk(b)); done != 0 || total != 6 {
		t.Errorf("%d of %d", done, total)
	}
	if Flat(nil) != nil {
		t.Error("steps of nothing")
	}
}

func TestWalkThrough(t *testing.T) {
	b := Parse("x", "x.md", []byte("# T\n\n## A\n\nText to read.\n\n## B\n\n1. one\n2. two\n3. three\n"))
	w := NewWalk(b)
	if w.Runbook != "x" || w.Revision != b.Revision || w.Title != "T" || w.Current != "b/one" {
		t.Errorf("%+v", w)
	}
	w.Steps["b/two"] = StepState{Status: StepSkipped}
	if next := NextOpen(b, w, "b/one"); next != "b/three" {
		t.Errorf("after one: %s", next)
	}
	if next := NextOpen(b, w, "b/three"); next != "b/one" {
		t.Errorf("after the last: %s", next)
	}
	c := w.Clone()
	c.Steps["b/one"] = StepState{Status: StepDone}
	c.Steps["b/three"] = StepState{Status: StepFailed}
	if next := NextOpen(b, c, ""); next != "" {
		t.Errorf("all settled: %s", next)
	}
	if done, total := Progress(b, c); done != 3 || total != 3 {
		t.Errorf("%d of %d", done, total)
	}
	if len(w.Steps) != 1 {
		t.Error("the clone shares its steps")
	}
	if len(Walk{}.Clone().Steps) != 0 {
		t.Error("an empty walk has steps")
	}
}

func TestReadingIsAllThereIs(t *testing.T) {
	b, _ := readSample(t, samples+"/prose-only.md")
	if done, total := Progress(b, NewWalk(b)); done != 0 || total != 3 {
		t.Errorf("%d of %d", done, total)
	}
	if NewWalk(b).Current == "" {
		t.Error("nothing to begin with")
	}
}

// Whatever is marked, the next open step is to do, and there is one as long as the progress is not complete.
func TestNextOpenAlwaysLeadsOn(t *testing.T) {
	var books []*Runbook
	for _, file := range sampleFiles(t) {
		b, _ := readSample(t, file)
		books = append(books, b)
	}
	rapid.Check(t, func(r *rapid.T) {
		b := books[rapid.IntRange(0, len(books)-1).Draw(r, "book")]
		w := NewWalk(b)
		after := ""
		for _, f := range Flat(b) {
			status := rapid.SampledFrom([]StepStatus{StepTodo, StepDone, StepSkipped, StepFailed}).Draw(r, "status")
			w.Steps[f.Step.ID] = StepState{Status: status}
			if rapid.Bool().Draw(r, "here") {
				after = f.Step.ID
			}
		}
		next := NextOpen(b, w, after)
		done, total := Progress(b, w)
		if (next == "") != (done == total) {
			r.Fatalf("next %q with %d of %d", next, done, total)
		}
		if next != "" && w.Steps[next].Status != StepTodo {
			r.Fatalf("%q is %q", next, w.Steps[next].Status)
		}
	})
}
