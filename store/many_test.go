package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"lage/checks"
	"lage/incidents"
)

// childPolls wants the lease as lage run does, and stores a result ten times a second while it has it. It prints each result
// that was stored, with its epoch, and each error but a lost lease.
func childPolls(ctx context.Context, s *Store) error {
	owner := fmt.Sprint(os.Getpid())
	for {
		l, err := s.AcquireLease(ctx, LeaseRequest{Kind: "run", Owner: owner, PID: os.Getpid(), TTL: 2 * time.Second})
		if err != nil {
			fmt.Println("error", err)
		}
		for n := 0; err == nil && l.Held; n++ {
			if n%5 == 0 {
				_, err = s.RenewLease(ctx, l)
			}
			if err == nil {
				err = s.WithEpoch(l.Epoch).Record(ctx, []checks.Recorded{result("form/web", time.Now(), time.Millisecond, checks.Good)})
			}
			switch {
			case err == nil:
				fmt.Println("stored", l.Epoch)
			case !errors.Is(err, ErrLeaseLost):
				fmt.Println("error", err)
			}
			time.Sleep(100 * time.Millisecond)
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// childReads looks at everything that a console looks at, and at times writes a note.
func childReads(ctx context.Context, s *Store) error {
	for n := 0; ; n++ {
		_, err := s.States(ctx)
		if err == nil {
			_, err = s.Past(ctx, time.UTC, time.Now())
		}
		if err == nil {
			_, err = s.Range(ctx, "form/web", RangeQuery{From: time.Now().Add(-time.Hour), To: time.Now()})
		}
		if errors.Is(err, incidents.ErrNotFound) {
			err = nil // nothing was measured yet
		}
		if err == nil && n%20 == 0 {
			err = bump200(ctx, s)
		}
		if err != nil {
			fmt.Println("error", err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// TestManyProcesses: two that poll and eight that look, and nobody is ever told that the database is locked. The one that polls
// is stopped: the other takes over, and what the first wakes up with is not stored.
func TestManyProcesses(t *testing.T) {
	s, _ := newStore(t)
	openIncident(t, s, "form")
	long := 4 * time.Second
	if os.Getenv("LAGE_LONG") != "" {
		long = time.Minute
	}
	type line struct {
		pid   int
		words []string
	}
	lines := make(chan line, 1<<16)
	var wg sync.WaitGroup
	var pids []int
	for n := range 10 {
		role := "read"
		if n < 2 {
			role = "poll"
		}
		cmd, out := startChild(t, role, s.path)
		pids = append(pids, cmd.Process.Pid)
		wg.Go(func() {
			for in := bufio.NewScanner(out); in.Scan(); {
				lines <- line{cmd.Process.Pid, strings.Fields(in.Text())}
			}
			_ = cmd.Wait() // killed
		})
	}
	stopped, epoch, others := 0, "", 0
	stop := time.NewTimer(long / 2)
	end := time.NewTimer(long + 15*time.Second) // as long as a hand-over may take
	defer end.Stop()
	newest := map[int]string{}
	for others < 10 {
		select {
		case l := <-lines:
			if l.words[0] == "error" {
				t.Errorf("process %d: %s", l.pid, strings.Join(l.words[1:], " "))
			}
			if l.words[0] == "stored" {
				newest[l.pid] = l.words[1]
				if stopped != 0 && l.pid != stopped {
					if others++; others == 5 { // wakes up and believes that it still has the lease
						ok(t, syscall.Kill(stopped, syscall.SIGCONT))
					}
				}
				if stopped != 0 && l.pid == stopped && others > 0 && l.words[1] == epoch {
					t.Errorf("stored in epoch %s, which is over", epoch)
				}
			}
		case <-stop.C:
			for pid, e := range newest {
				stopped, epoch = pid, e
			}
			if len(newest) != 1 {
				t.Fatalf("%d processes polled", len(newest))
			}
			ok(t, syscall.Kill(stopped, syscall.SIGSTOP))
		case <-end.C:
			t.Fatal("nobody took over")
		}
	}
	for _, pid := range pids {
		ok(t, syscall.Kill(pid, syscall.SIGKILL))
	}
	wg.Wait()
	if v := verify(t, s); !v.OK() {
		t.Errorf("%+v", v.Problems)
	}
}
