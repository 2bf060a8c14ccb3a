package bench

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/pprof"
	"strings"
	"testing"
	"time"

	"lage/checks"
	"lage/store"
)

// TestProfile runs the poller's core in this process and writes profiles of CPU and memory into the folder that
// LAGE_PROFILE names: go tool pprof -top FOLDER/cpu
func TestProfile(t *testing.T) {
	folder := os.Getenv("LAGE_PROFILE")
	if folder == "" {
		t.Skip("LAGE_PROFILE names no folder")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(environment(t.TempDir()), "LAGE_BENCH_TARGET=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	start(t, cmd)
	url, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	st, err := store.Open(context.Background(), filepath.Join(t.TempDir(), "lage.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	var list []checks.Check
	for i := range checkCount {
		list = append(list, checks.Check{ID: fmt.Sprintf("s%03d/c%d", i/10, i%10), Service: fmt.Sprintf("s%03d", i/10),
			Interval: interval, Timeout: 5 * time.Second, HTTP: &checks.HTTP{URL: fmt.Sprintf("%s/%04d", strings.TrimSpace(url), i)}})
	}
	w := checks.NewWatcher(checks.Options{Checks: list, Recorder: st.Recorder(), Now: time.Now})
	ctx, cancel := context.WithTimeout(context.Background(), 3*interval)
	defer cancel()
	cpu := create(t, folder, "cpu")
	time.AfterFunc(interval, func() { _ = pprof.StartCPUProfile(cpu) })
	time.AfterFunc(3*interval-time.Second, func() { _ = pprof.WriteHeapProfile(create(t, folder, "heap")) })
	if err := w.Run(ctx); err != nil {
		t.Fatal(err)
	}
	pprof.StopCPUProfile()
}

func create(t *testing.T, folder, name string) *os.File {
	t.Helper()
	f, err := os.Create(filepath.Join(folder, name))
	if err != nil {
		t.Error(err)
	}
	return f
}

// answerAlone is a target in a process of its own, so that it is not measured with what asks it.
func answerAlone() {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "<!doctype html><title>Welcome</title><p>hello")
	}))
	fmt.Println(srv.URL)
	select {}
}
