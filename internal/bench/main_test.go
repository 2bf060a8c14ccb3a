package bench

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// binary is the built program; TestMain builds it once.
var binary string

func TestMain(m *testing.M) {
	if url := os.Getenv("LAGE_BENCH_FLOOR"); url != "" {
		floor(url)
		return
	}
	if os.Getenv("LAGE_BENCH_TARGET") != "" {
		answerAlone()
	}
	if os.Getenv("LAGE_LONG") == "" {
		fmt.Println("whole-process measurements take minutes: LAGE_LONG=1 go test -v ./internal/bench")
		return
	}
	dir, err := os.MkdirTemp("", "lage-bench")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	binary = filepath.Join(dir, "lage")
	build := exec.Command("go", "build", "-o", binary, "lage")
	build.Stderr = os.Stderr
	code := 1
	if err := build.Run(); err == nil {
		code = m.Run()
	}
	_ = os.RemoveAll(dir)
	os.Exit(code)
}
