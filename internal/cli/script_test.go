package cli_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/term"

	"lage/internal/cli"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"lage": lage})
}

// lage is the program as main has it.
func lage() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	exe, err := os.Executable()
	if err != nil {
		panic(err)
	}
	code := cli.Run(ctx, cli.Env{
		Args: os.Args[1:], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv, Environ: os.Environ,
		Now: time.Now, Exe: exe, Host: "testhost", OSUser: os.Getenv("TEST_OS_USER"),
		StdinTerminal: term.IsTerminal(int(os.Stdin.Fd())), StdoutTerminal: term.IsTerminal(int(os.Stdout.Fd())),
		Hangup: func(ctx context.Context) <-chan os.Signal {
			c := make(chan os.Signal, 1)
			signal.Notify(c, syscall.SIGHUP)
			return c
		},
	})
	stop()
	os.Exit(code)
}

// TestScripts runs the stories in testdata/script. Besides testscript's own commands they know:
//
//	code N lage ...     the command must exit with N
//	until N lage ...    the command is repeated until it exits with N, for at most 30 seconds
//	signal NAME         HUP or TERM goes to the commands in the background
//	expand FILE         variables of the story ($URL) are put into the file
//	answer STATUS TEXT  what the test's web service ($URL) answers from now on
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:   "../../testdata/script",
		Setup: setup,
		Cmds:  map[string]func(*testscript.TestScript, bool, []string){"code": code, "until": until, "answer": answer, "expand": expand, "signal": send},
	})
}

func send(ts *testscript.TestScript, neg bool, args []string) {
	sig := map[string]syscall.Signal{"HUP": syscall.SIGHUP, "TERM": syscall.SIGTERM}[strings.Join(args, " ")]
	if neg || sig == 0 {
		ts.Fatalf("usage: signal HUP|TERM")
	}
	for _, c := range ts.BackgroundCmds() {
		ts.Check(c.Process.Signal(sig))
	}
}

func expand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: expand FILE")
	}
	text := os.Expand(ts.ReadFile(args[0]), ts.Getenv)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

type reply struct {
	status int
	text   string
}

type serviceKey struct{}

// setup gives each story a home of its own and a small web service.
func setup(env *testscript.Env) error {
	var now atomic.Pointer[reply]
	now.Store(&reply{200, "Wohngeld online"})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		r := now.Load()
		w.WriteHeader(r.status)
		_, _ = w.Write([]byte(r.text)) // a client that has gone away is no business of the test
	}))
	env.Defer(srv.Close)
	env.Values[serviceKey{}] = &now
	env.Setenv("URL", srv.URL)
	env.Setenv("HOME", env.WorkDir+"/home")
	env.Setenv("LANG", "de_DE.UTF-8")
	env.Setenv("LAGE_CONFIG", env.WorkDir+"/lage.yaml")
	env.Setenv("LAGE_DB", env.WorkDir+"/lage.db")
	env.Setenv("TEST_OS_USER", "mkrause")
	return os.MkdirAll(env.WorkDir+"/home", 0o700)
}

func answer(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: answer STATUS TEXT")
	}
	status, err := strconv.Atoi(args[0])
	ts.Check(err)
	ts.Value(serviceKey{}).(*atomic.Pointer[reply]).Store(&reply{status, args[1]})
}

// run runs a command and gives its exit code.
func run(ts *testscript.TestScript, args []string) int {
	err := ts.Exec(args[0], args[1:]...)
	var exit interface{ ExitCode() int }
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.ExitCode()
	}
	ts.Fatalf("%s: %v", strings.Join(args, " "), err)
	return -1
}

func code(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code N COMMAND...")
	}
	if got := run(ts, args[1:]); strconv.Itoa(got) != args[0] {
		ts.Fatalf("%s: exit code %d, want %s", strings.Join(args[1:], " "), got, args[0])
	}
}

func until(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: until N COMMAND...")
	}
	got := -1
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if got = run(ts, args[1:]); strconv.Itoa(got) == args[0] {
			return
		}
	}
	ts.Fatalf("%s: still exit code %d, want %s", strings.Join(args[1:], " "), got, args[0])
}
