package bench

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// measured is how long a steady state is watched: three turns of every check.
const measured = 3 * interval

// TestRun measures "lage run" with targets that answer at once, and punctuality with targets that take 50 ms.
func TestRun(t *testing.T) {
	for _, c := range []struct {
		name  string
		takes time.Duration
	}{{"targets answer at once", 0}, {"targets take 50 ms", 50 * time.Millisecond}} {
		t.Run(c.name, func(t *testing.T) { measureRun(t, c.takes) })
	}
}

func measureRun(t *testing.T, takes time.Duration) {
	g, dir := serve(t, takes), t.TempDir()
	began := time.Now()
	cmd := exec.Command(binary, append([]string{"run"}, configure(t, dir, g.url)...)...)
	cmd.Env = environment(dir)
	pid := start(t, cmd)
	time.Sleep(interval + 2*time.Second)
	before, asked := used(t, pid), g.count()
	time.Sleep(measured)
	after, n := used(t, pid), g.count()-asked
	good, all, checks, first := g.punctual(began)
	if n == 0 || checks != checkCount {
		t.Fatalf("%d checks of %d were asked, %d questions in %v", checks, checkCount, n, measured)
	}
	out := table{t}
	cost := perCheck(before, after, n)
	bare := measureFloor(t, takes)
	out.row("CPU per check", "%v (floor %v, ratio %.2f)", cost, bare, float64(cost)/float64(bare))
	out.row("on time", "%.2f %% of %d", 100*float64(good)/float64(all), all)
	out.row("last of all first checked after", "%v", first.Round(time.Millisecond))
	out.row("memory, most", "%.1f MB (now %.1f MB)", float64(after.peak)/1e6, float64(after.memory)/1e6)
	out.row("handed to the file system per check", "%d B", (after.written-before.written)/int64(n))
	out.row("written to disk per check", "%d B", (after.disk-before.disk)/int64(n))
	for _, f := range []string{"lage.db", "lage.db-wal"} {
		if fi, err := os.Stat(filepath.Join(dir, f)); err == nil {
			out.row("size of "+f, "%d KB", fi.Size()>>10)
		}
	}
}

func perCheck(before, after usage, n int) time.Duration {
	return ((after.cpu - before.cpu) / time.Duration(n)).Round(time.Microsecond)
}

// measureFloor gives the CPU that a question costs a program that does nothing else.
func measureFloor(t *testing.T, takes time.Duration) time.Duration {
	g := serve(t, takes)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(environment(t.TempDir()), "LAGE_BENCH_FLOOR="+g.url)
	pid := start(t, cmd)
	time.Sleep(time.Second)
	before, asked := used(t, pid), g.count()
	time.Sleep(interval)
	after, n := used(t, pid), g.count()-asked
	if n == 0 {
		t.Fatal("the floor asks nothing")
	}
	return perCheck(before, after, n)
}
