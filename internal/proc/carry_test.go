package proc

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// next runs a script as the walk's next job and gives how it ended.
func (b bench) next(walk, script string, more ...string) State {
	b.t.Helper()
	c, err := b.Carried(walk)
	if err != nil {
		b.t.Fatal(err)
	}
	env := append([]string{"PATH=" + os.Getenv("PATH"), "TAG=" + b.tag, "HOME=/root", "GONE=here"}, more...)
	id := NewID()
	if err := b.Start(b.t.Context(), id, Job{Script: script, Env: c.Over(env), Dir: c.Dir, Walk: walk}); err != nil {
		b.t.Fatal(err)
	}
	return b.ended(id)
}

func TestCarriedFromJobToJob(t *testing.T) {
	b := newBench(t)
	dir := t.TempDir()
	first := b.next("W-2026-001", `export NS=prod POD="two
lines 'and' \"quotes\""
LOCAL=x; unset GONE; f() { :; }; export -f f; export HOME=/elsewhere
cd "`+dir+`"; exit 3`)
	if first.ExitCode != 3 || first.Outcome != Exited {
		t.Errorf("the exit code is lost: %+v", first)
	}
	st := b.next("W-2026-001", `printf '%s|' "$NS" "$POD" "$LOCAL" "${GONE-unset}" "$HOME" "$PWD"; type -t f; export NS=test; cd /`)
	want := "prod|two\nlines 'and' \"quotes\"||unset|/elsewhere|" + dir + "|"
	if string(st.Output) != want {
		t.Errorf("got %q, want %q", st.Output, want)
	}
	if st := b.next("W-2026-001", `printf '%s|' "$NS" "$PWD"; export GONE=back`); string(st.Output) != "test|/|" {
		t.Errorf("the last value does not win: %q", st.Output)
	}
	if st := b.next("W-2026-001", `printf '%s|' "$GONE"; exec true`); string(st.Output) != "back|" {
		t.Errorf("got %q", st.Output)
	}
	if st := b.next("W-2026-002", `printf '%s|' "${NS-none}" "${GONE-unset}"`); string(st.Output) != "none|here|" {
		t.Errorf("another walk has it too: %q", st.Output)
	}
	c, err := b.Carried("W-2026-001")
	if err != nil || c.Set["NS"] != "test" || c.Dir != "/" || len(c.Set) != 4 {
		t.Errorf("got %+v, %v", c, err)
	}
	info, err := os.Stat(filepath.Join(b.Dir, "W-2026-001"+carriedEnding))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if err := b.Uncarry("W-2026-001"); err != nil {
		t.Fatal(err)
	}
	if c, err := b.Carried("W-2026-001"); err != nil || !c.Empty() {
		t.Errorf("still carried: %+v, %v", c, err)
	}
}

func TestCarriedIsNotAskedForOrLeftBehind(t *testing.T) {
	b := newBench(t)
	b.next("W-1", "export A=1")
	for _, name := range []string{leftFile, valuesFile} {
		if found, _ := filepath.Glob(filepath.Join(b.Dir, "*", name)); len(found) > 0 {
			t.Errorf("left behind: %v", found)
		}
	}
	for _, age := range []time.Duration{-time.Hour, time.Hour} {
		if err := b.PruneCarried(time.Now().Add(age)); err != nil {
			t.Fatal(err)
		}
		if c, err := b.Carried("W-1"); err != nil || c.Empty() != (age > 0) {
			t.Errorf("%v: carried %+v, %v", age, c, err)
		}
	}
	for _, walk := range []string{"../x", "", "a/b"} {
		if _, err := b.Carried(walk); err == nil {
			t.Errorf("%q is a walk", walk)
		}
	}
}

func TestCarriedByManyAtOnce(t *testing.T) {
	b := newBench(t)
	if err := os.MkdirAll(b.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			if err := b.Carry("W-1", func(c *Carried) { c.Put(fmt.Sprint("V", i), "x") }); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if c, err := b.Carried("W-1"); err != nil || len(c.Set) != 20 {
		t.Errorf("%d of 20 are left, %v", len(c.Set), err)
	}
}

func TestValues(t *testing.T) {
	b := newBench(t)
	st := b.next("W-1", `echo "POD=web-1 = x" >>"$RUNBOOK_OUTPUT"
printf 'CERT<<END\nline 1\nKEY=no\nEND\nbad key=1\n9=x\nRUNBOOK_RUN=x\nLATE<<NEVER\nx\n' >>"$RUNBOOK_OUTPUT"
export POD=other`)
	if strings.Join(st.Values, " ") != "CERT POD" {
		t.Errorf("got %q", st.Values)
	}
	if st := b.next("W-1", `printf '%s|' "$POD" "$CERT"`); string(st.Output) != "web-1 = x|line 1\nKEY=no|" {
		t.Errorf("got %q", st.Output)
	}
}

func TestCapturedIntoAVariable(t *testing.T) {
	b := newBench(t)
	for script, want := range map[string]string{
		"echo '  web-1  '; echo err >&2": "web-1",
		"true":                           "",
		"echo x; head -c 200000 /dev/zero | tr '\\0' x": "too much",
	} {
		id := NewID()
		if err := b.Start(t.Context(), id, Job{Script: script, Env: []string{"PATH=" + os.Getenv("PATH")}, Walk: "W-1", Capture: "POD"}); err != nil {
			t.Fatal(err)
		}
		st := b.ended(id)
		c, err := b.Carried("W-1")
		switch {
		case err != nil:
			t.Fatal(err)
		case want == "too much" && len(st.Values) > 0, want != "too much" && (c.Set["POD"] != want || strings.Join(st.Values, "") != "POD"):
			t.Errorf("%s: %q, carried %q", script, st.Values, c.Set["POD"])
		case strings.Contains(script, "err") && !strings.Contains(string(st.Output), "err\n"):
			t.Errorf("the errors are lost: %q", st.Output)
		}
	}
}

func TestUmaskIsThePersons(t *testing.T) {
	b := newBench(t)
	want := fmt.Sprintf("%04o\n", umask())
	if st := b.ended(b.start("umask", 0)); string(st.Output) != want {
		t.Errorf("got %q, want %q", st.Output, want)
	}
}

// TestSecretsAreOnNoDisk prints a secret in several forms, in pieces, and looks through every file that is left.
func TestSecretsAreOnNoDisk(t *testing.T) {
	b := newBench(t)
	const secret = "canary-s3cret/wert+1"
	coded := base64.StdEncoding.EncodeToString([]byte("user:" + secret))
	script := `printf %s "${S:0:7}"; sleep 0.1; printf '%s\n' "${S:7}"; printf '%s' "user:$S" | base64 -w0; echo; echo "$S" >&2; echo done`
	id := NewID()
	job := Job{Script: script, Env: []string{"PATH=" + os.Getenv("PATH"), "S=" + secret}, Secrets: []string{secret}}
	if err := b.Start(t.Context(), id, job); err != nil {
		t.Fatal(err)
	}
	st := b.ended(id)
	if st.Redactions != 3 || !strings.HasSuffix(string(st.Output), "done\n") || strings.Count(string(st.Output), "[***]") != 3 {
		t.Errorf("%d redactions in %q", st.Redactions, st.Output)
	}
	err := filepath.Walk(b.Dir, func(path string, info os.FileInfo, err error) error {
		text, _ := os.ReadFile(path)
		if err == nil && (strings.Contains(string(text), secret) || strings.Contains(string(text), coded[8:20])) {
			t.Errorf("%s holds it", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAbandoned(t *testing.T) {
	b := newBench(t)
	if err := b.Abandon("r-1"); err != nil {
		t.Fatal(err)
	}
	if st, err := b.State("r-1"); err != nil || !st.Ended || st.Outcome != Lost {
		t.Errorf("got %+v, %v", st, err)
	}
	if err := b.Start(t.Context(), "r-1", Job{Script: "true"}); err != ErrStarted {
		t.Errorf("it began after all: %v", err)
	}
	id := b.start("echo x", 0)
	if err := b.Abandon(id); err != nil {
		t.Fatal(err)
	}
	if st := b.ended(id); st.Outcome != Exited {
		t.Errorf("a job that runs was abandoned: %+v", st)
	}
}

func TestStartedByManyAtOnceRunsOnce(t *testing.T) {
	b := newBench(t)
	marks := filepath.Join(t.TempDir(), "marks")
	id := NewID()
	var wg sync.WaitGroup
	var mu sync.Mutex
	started := 0
	for range 20 {
		wg.Go(func() {
			err := b.Start(t.Context(), id, Job{Script: "echo x >>" + marks, Env: []string{"PATH=" + os.Getenv("PATH")}})
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				started++
			} else if err != ErrStarted {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	b.ended(id)
	if ran, err := os.ReadFile(marks); started != 1 || string(ran) != "x\n" || err != nil {
		t.Errorf("%d starts, ran %q, %v", started, ran, err)
	}
}

func TestCarriedOver(t *testing.T) {
	c := Carried{Set: map[string]string{"A": "2", "B": ""}, Unset: []string{"C"}}
	if got := strings.Join(c.Over([]string{"A=1", "C=3", "D=4"}), " "); got != "D=4 A=2 B=" {
		t.Errorf("got %q", got)
	}
	c.Drop("A")
	c.Drop("C")
	if got := strings.Join(c.Over([]string{"A=1", "C=3"}), " "); got != "A=1 C=3 B=" {
		t.Errorf("got %q", got)
	}
}
