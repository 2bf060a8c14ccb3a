package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lage/checks"
	"lage/incidents"
)

// child is what the test binary does as a second process.
func child(role, path string) error {
	ctx := context.Background()
	s, err := Open(ctx, path, Options{})
	if err != nil {
		return err
	}
	switch role {
	case "write": // until killed
		return childWrites(ctx, s)
	case "open":
		_, err = s.Record(ctx, incidents.Decision{Year: 2026, Incident: &incidents.Incident{Title: "from the child", State: incidents.Detected},
			Entries: []incidents.Entry{entry(incidents.KindOpened, "child")}})
	case "count": // 200 notes, as fast as it goes, against others who do the same
		for range 200 {
			if err := bump200(ctx, s); err != nil {
				return err
			}
		}
	case "poll":
		return childPolls(ctx, s)
	case "read":
		return childReads(ctx, s)
	case "backup":
		_, err = BackupTo(ctx, path, os.Getenv("STORE_TEST_FILE"), false, time.Now)
	case "take":
		alerts, err := s.Take(ctx, time.Now(), 1000)
		if err != nil {
			return err
		}
		fmt.Println(len(alerts))
	}
	return errors.Join(err, s.Close())
}

func childWrites(ctx context.Context, s *Store) error {
	out := bufio.NewWriter(os.Stdout)
	for n := 0; ; n++ {
		sit, err := s.Situation(ctx, "INC-2026-001", "")
		if err != nil {
			return err
		}
		sit.Incident.Version++
		rec, err := s.Record(ctx, incidents.Decision{Incident: sit.Incident,
			Entries: []incidents.Entry{entry(incidents.KindNote, fmt.Sprint("note ", n)), entry(incidents.KindNote, "and another")}})
		if err != nil {
			return err
		}
		last := rec.Entries[1]
		fmt.Fprintln(out, last.Seq, last.Hash)
		if err := out.Flush(); err != nil {
			return err
		}
		if err := s.Recorder().Record(ctx, []checks.Recorded{result("form/web", time.Now(), time.Millisecond, checks.Good)}); err != nil {
			return err
		}
	}
}

func bump200(ctx context.Context, s *Store) error {
	for {
		sit, err := s.Situation(ctx, "INC-2026-001", "")
		if err != nil {
			return err
		}
		sit.Incident.Version++
		_, err = s.Record(ctx, incidents.Decision{Incident: sit.Incident, Entries: []incidents.Entry{entry(incidents.KindNote, "x")}})
		if !errors.Is(err, incidents.ErrStale) {
			return err
		}
	}
}

// drain reads until the other end is gone.
func drain(r io.Reader) { _, _ = io.Copy(io.Discard, r) }

func startChild(t *testing.T, role, path string) (*exec.Cmd, io.Reader) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "STORE_TEST_CHILD="+role, "STORE_TEST_DB="+path)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	ok(t, err)
	ok(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill() }) // where the test ends early
	return cmd, out
}

func TestKillWhileWriting(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lage.db")
	s := openAt(t, path, &clock{t: t0})
	openIncident(t, s, "form")
	ok(t, s.Close())
	var acked int64
	rounds := 25
	if os.Getenv("LAGE_LONG") != "" {
		rounds = 200
	}
	for round := range rounds {
		cmd, pipe := startChild(t, "write", path)
		out := bufio.NewReader(pipe)
		first, err := out.ReadString('\n')
		ok(t, err)
		timer := time.AfterFunc(time.Duration(rand.IntN(50)+1)*time.Millisecond, func() { _ = cmd.Process.Kill() })
		rest, err := io.ReadAll(out)
		ok(t, err)
		_ = cmd.Wait() // killed
		timer.Stop()
		lines := strings.Split(strings.TrimSpace(first+string(rest)), "\n")
		for len(lines) > 0 && len(lines[len(lines)-1]) < 66 {
			lines = lines[:len(lines)-1] // cut off by the kill
		}
		var hash string
		_, err = fmt.Sscan(lines[len(lines)-1], &acked, &hash)
		ok(t, err)

		s := openAt(t, path, &clock{t: t0})
		_, entries, _, err := s.Room(t.Context(), "INC-2026-001")
		ok(t, err)
		if int64(len(entries)) < acked || entries[acked-1].Hash != hash {
			t.Fatalf("round %d: %d entries, but %d were acknowledged", round, len(entries), acked)
		}
		v, err := s.Verify(t.Context())
		ok(t, err)
		if !v.OK() {
			t.Fatalf("round %d: %+v", round, v.Problems)
		}
		ok(t, s.Close())
	}
	if acked < 100 {
		t.Errorf("only %d acknowledged: this test shows nothing", acked)
	}
}

func TestOtherProcessIsSeen(t *testing.T) {
	s, _ := newStore(t)
	ctx, stop := context.WithCancel(t.Context())
	changes := s.Changes(ctx, 20*time.Millisecond)
	cmd, _ := startChild(t, "open", s.path)
	select {
	case <-changes:
	case <-time.After(20 * time.Second):
		t.Fatal("no signal")
	}
	ok(t, cmd.Wait())
	list, err := s.OpenIncidents(t.Context(), "")
	ok(t, err)
	if len(list) != 1 || list[0].Title != "from the child" {
		t.Errorf("%+v", list)
	}
	stop()
	for range changes { // closed when the context ends
	}
}

func TestProcessesWriteTogether(t *testing.T) {
	s, _ := newStore(t)
	openIncident(t, s, "form")
	a, _ := startChild(t, "count", s.path)
	b, _ := startChild(t, "count", s.path)
	for range 200 {
		ok(t, bump200(t.Context(), s))
	}
	ok(t, a.Wait())
	ok(t, b.Wait())
	v, err := s.Verify(t.Context())
	ok(t, err)
	if !v.OK() || v.Entries != 601 {
		t.Errorf("%d entries, %v", v.Entries, v.Problems)
	}
}

func TestAlertsAreTakenOnce(t *testing.T) {
	s, c := newStore(t)
	c.set(time.Now())
	var alerts []incidents.Alert
	for range 100 {
		alerts = append(alerts, incidents.Alert{Contact: "ops"})
	}
	i := openIncident(t, s, "form")
	i.Version++
	must(t)(s.Record(t.Context(), incidents.Decision{Incident: &i, Alerts: alerts}))
	a, outA := startChild(t, "take", s.path)
	b, outB := startChild(t, "take", s.path)
	var nA, nB int
	_, err := fmt.Fscan(outA, &nA)
	ok(t, err)
	_, err = fmt.Fscan(outB, &nB)
	ok(t, err)
	ok(t, a.Wait())
	ok(t, b.Wait())
	if nA+nB != 100 {
		t.Errorf("%d and %d of 100", nA, nB)
	}
}
