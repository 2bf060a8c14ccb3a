package proc

import (
	"bytes"
	"context"
	"crypto/rand"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == SuperviseCommand {
		os.Exit(SuperviseMain(os.Args[2:]))
	}
	// A supervisor is waited for until it has quite ended, a little after it has written the result.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("lage/internal/proc.(*Supervisor).spawn.func1"))
}

// bash runs a script with a tag in its environment by which its processes can be counted.
func bash(t *testing.T, limit time.Duration, script string) (Result, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	tag := rand.Text()
	env := []string{"PATH=" + os.Getenv("PATH"), "TAG=" + tag}
	return Run(ctx, Spec{Argv: []string{"bash", "-c", script}, Env: env}), tag
}

// tagged counts the processes that have the tag in their environment or arguments.
func tagged(t *testing.T, tag string) int {
	t.Helper()
	dirs, err := os.ReadDir("/proc")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, d := range dirs {
		if _, err := strconv.Atoi(d.Name()); err != nil {
			continue
		}
		env, _ := os.ReadFile("/proc/" + d.Name() + "/environ")
		args, _ := os.ReadFile("/proc/" + d.Name() + "/cmdline")
		if bytes.Contains(env, []byte(tag)) || bytes.Contains(args, []byte(tag)) {
			n++
		}
	}
	return n
}

func TestRunPlain(t *testing.T) {
	r, _ := bash(t, time.Minute, `echo out; echo err >&2; exit 3`)
	if r.ExitCode != 3 || string(r.Stdout) != "out\n" || string(r.Stderr) != "err\n" || r.Bytes != 8 || r.Cut || r.TimedOut || r.Err != nil {
		t.Errorf("got %+v", r)
	}
	if r.Duration <= 0 {
		t.Error("no duration")
	}
}

func TestRunEnvironmentAndFolder(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("SECRET_OF_THE_PARENT", "x")
	r := Run(t.Context(), Spec{Argv: []string{"bash", "-c", `pwd; echo "[$A][$SECRET_OF_THE_PARENT]"; tty; cat`}, Dir: dir, Env: []string{"A=1", "PATH=" + os.Getenv("PATH")}})
	if want := dir + "\n[1][]\nnot a tty\n"; string(r.Stdout) != want {
		t.Errorf("got %q, want %q", r.Stdout, want)
	}
}

func TestRunStdin(t *testing.T) {
	big := strings.Repeat("0123456789abcde\n", 64<<10) // more than a pipe holds
	r := Run(t.Context(), Spec{Argv: []string{"wc", "-c"}, Stdin: big})
	if strings.TrimSpace(string(r.Stdout)) != strconv.Itoa(len(big)) {
		t.Errorf("got %q", r.Stdout)
	}
	r = Run(t.Context(), Spec{Argv: []string{"true"}, Stdin: big}) // nobody reads it
	if r.ExitCode != 0 || r.Err != nil {
		t.Errorf("got %+v", r)
	}
}

func TestRunThatCannotStart(t *testing.T) {
	for _, argv := range [][]string{nil, {"/no/such/program"}, {"no-such-program-anywhere"}, {"/etc/passwd"}} {
		r := Run(t.Context(), Spec{Argv: argv})
		if r.Err == nil || r.ExitCode != -1 {
			t.Errorf("%v: got %+v", argv, r)
		}
	}
	if r := Run(t.Context(), Spec{Argv: []string{"true"}, Dir: "/no/such/folder"}); r.Err == nil {
		t.Errorf("got %+v", r)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if r := Run(ctx, Spec{Argv: []string{"true"}}); !r.TimedOut || r.ExitCode != -1 {
		t.Errorf("got %+v", r)
	}
}

func TestRunKilledFromOutside(t *testing.T) {
	r, _ := bash(t, time.Minute, `kill -KILL $$`)
	if r.ExitCode != -1 || r.TimedOut || r.Err != nil {
		t.Errorf("got %+v", r)
	}
}

func TestRunLeavesNobody(t *testing.T) {
	for name, script := range map[string]string{
		"child":               `sleep 300; true`,
		"holds the pipe":      `sleep 300 & wait`,
		"setsid":              `setsid sleep 300 & wait`,
		"setsid, no pipe":     `setsid sleep 300 >/dev/null 2>&1 </dev/null & wait`,
		"double fork":         `( ( setsid sleep 300 & ) & ) ; sleep 300; true`,
		"environment wiped":   `env -i bash -c 'sleep 300; true' "$TAG" & wait`,
		"wiped and setsid":    `env -i setsid bash -c 'sleep 300; true' "$TAG" & wait`,
		"ignores TERM":        `trap "" TERM; sleep 300; sleep 300; true`,
		"children ignore":     `for i in 1 2 3; do ( trap "" TERM HUP INT; while :; do sleep 1; done ) & done; wait`,
		"stopped":             `kill -STOP $$; sleep 300`,
		"goes on forking":     `f() { sleep 0.01; f & }; f; wait; sleep 300`,
		"ends, leaves child":  `sleep 300 & exit 0`,
		"ends, leaves daemon": `( setsid sleep 300 >/dev/null 2>&1 & ) ; exit 0`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, tag := bash(t, 300*time.Millisecond, script)
			if ends := strings.HasPrefix(name, "ends"); r.TimedOut == ends {
				t.Errorf("timed out: %v", r.TimedOut)
			}
			if n := tagged(t, tag); n > 0 {
				t.Errorf("%d processes are left", n)
			}
			if r.Duration > 30*time.Second {
				t.Errorf("took %v", r.Duration)
			}
		})
	}
}

func TestRunInsideRun(t *testing.T) {
	// The inner mark must not hide the process from the outer run.
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	tag := rand.Text()
	env := []string{"PATH=" + os.Getenv("PATH"), "TAG=" + tag, "LAGE_PROC=outer"}
	r := Run(ctx, Spec{Argv: []string{"bash", "-c", `echo "$LAGE_PROC"; ( setsid sleep 300 & ); sleep 300`}, Env: env})
	if !strings.HasPrefix(string(r.Stdout), "outer:") || tagged(t, tag) > 0 {
		t.Errorf("got %q, %d left", r.Stdout, tagged(t, tag))
	}
}

func TestRunMuchOutput(t *testing.T) {
	r, _ := bash(t, time.Minute, `echo first; head -c 100000000 /dev/zero | tr '\0' 'x' | fold -w 99; echo; echo last`)
	if r.ExitCode != 0 || !r.Cut || r.Bytes < 100_000_000 {
		t.Fatalf("exit %d, cut %v, %d bytes, %s", r.ExitCode, r.Cut, r.Bytes, r.Stderr)
	}
	if len(r.Stdout) > defaultLimit+len(CutMark) || !bytes.HasPrefix(r.Stdout, []byte("first\nxxx")) || !bytes.HasSuffix(r.Stdout, []byte("x\nlast\n")) {
		t.Errorf("%d bytes kept: %q ... %q", len(r.Stdout), r.Stdout[:20], r.Stdout[len(r.Stdout)-20:])
	}
	if bytes.Count(r.Stdout, []byte(CutMark)) != 1 {
		t.Error("the cut is not marked once")
	}
}

func TestCapture(t *testing.T) {
	for _, c := range []struct {
		limit int
		in    []string
		want  string
	}{
		{10, []string{"0123", "456789"}, "0123456789"},
		{10, []string{"0123456789a"}, "01234" + CutMark + "6789a"},
		{10, []string{"0123456", "789abcdef", "ghij"}, "01234" + CutMark + "fghij"},
		{10, []string{"01234567", strings.Repeat("x", 100), "end"}, "01234" + CutMark + "xxend"},
		{12, []string{"ab\ncdefghijklmn\nyz"}, "ab" + CutMark + "yz"},
		{10, []string{"abcdä", "xxxxx", "üyyyy"}, "abcd" + CutMark + "yyyy"},
	} {
		w := newCapture(c.limit)
		for _, s := range c.in {
			if n, err := w.Write([]byte(s)); n != len(s) || err != nil {
				t.Fatalf("Write gave %d, %v", n, err)
			}
		}
		if got := string(w.Bytes()); got != c.want {
			t.Errorf("limit %d, %q: got %q, want %q", c.limit, c.in, got, c.want)
		}
	}
}

func TestCaptureInPieces(t *testing.T) {
	// However the same bytes are cut into writes, the same is kept.
	all := []byte(strings.Repeat("line of output, zehn Wörter sind es nicht\n", 50))
	whole := newCapture(300)
	whole.Write(all)
	for _, piece := range []int{1, 2, 7, 150, 151, 299, 301, 1000} {
		c := newCapture(300)
		for b := all; len(b) > 0; {
			n := min(piece, len(b))
			c.Write(b[:n])
			b = b[n:]
		}
		if !bytes.Equal(c.Bytes(), whole.Bytes()) || c.total != whole.total {
			t.Errorf("pieces of %d: got %q, want %q", piece, c.Bytes(), whole.Bytes())
		}
	}
}

func BenchmarkRun(b *testing.B) {
	for b.Loop() {
		if r := Run(b.Context(), Spec{Argv: []string{"true"}}); r.Err != nil {
			b.Fatal(r.Err)
		}
	}
}
