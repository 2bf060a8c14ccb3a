package proc

import (
	"bytes"
	"crypto/rand"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	markVar   = "LAGE_PROC="
	pollEvery = 20 * time.Millisecond
	killGrace = time.Second // for the kernel to take killed processes away
)

func newMark() string { return rand.Text() }

// tree is a process and all that came from it. Whoever has once been found stays known, so that a child is not lost when
// its parents go first.
type tree struct {
	leader int // process ID, and ID of the session; 0 when only the mark is known
	mark   string
	since  uint64 // nobody who started before (clock ticks since boot) belongs to it

	mu    sync.Mutex
	known map[int]stat
}

// end asks the tree to end by the signals given (TERM where there is none), one after the other, waits at most the grace
// after each, and kills what is left. It returns when nobody is left, or a second after the first KILL (a process in an
// uninterruptible wait cannot be killed yet).
func (t *tree) end(grace time.Duration, signals ...syscall.Signal) {
	if len(signals) == 0 {
		signals = []syscall.Signal{syscall.SIGTERM}
	}
	for _, sig := range signals {
		if len(t.members()) == 0 {
			return
		}
		t.signal(sig)
		for until := time.Now().Add(grace); time.Now().Before(until); {
			if len(t.members()) == 0 {
				return
			}
			time.Sleep(pollEvery)
		}
	}
	t.kill()
}

// politely is how a person's stop goes: as ^C would, then firmly, then KILL.
func politely() []syscall.Signal { return []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} }

// names lists who is left, at most a few: process ID and name.
func (t *tree) names() []string {
	var out []string
	for _, m := range t.members() {
		if len(out) == 20 {
			break
		}
		name, _ := os.ReadFile("/proc/" + strconv.Itoa(m.pid) + "/comm")
		out = append(out, strings.TrimSpace(strconv.Itoa(m.pid)+" "+strings.TrimSpace(string(name))))
	}
	return out
}

// kill kills the tree. It looks again until nobody is left, because members may have had children since.
func (t *tree) kill() {
	t.members()
	for until := time.Now().Add(killGrace); t.signal(syscall.SIGKILL) > 0 && time.Now().Before(until); {
		runtime.Gosched()
	}
}

// signal sends a signal to all members, and gives the number of those that were still there. The leader's group gets it
// from the kernel as a whole, so that even one that forks all the time cannot slip through.
func (t *tree) signal(sig syscall.Signal) int {
	if t.leader != 0 {
		_ = syscall.Kill(-t.leader, sig)
	}
	all := t.members()
	for _, m := range all {
		// The handle is taken before the second look, so that the signal cannot reach a stranger with the same number.
		p, err := os.FindProcess(m.pid)
		if err != nil {
			continue
		}
		if again, ok := readStat(m.pid); ok && again.started == m.started {
			_ = p.Signal(sig)
			if again.state == 'T' && sig != syscall.SIGKILL {
				_ = p.Signal(syscall.SIGCONT) // only then can a stopped one act on it
			}
		}
		_ = p.Release()
	}
	return len(all)
}

// members finds all living members: those of the leader's session, those with the mark, those known from before, and the
// descendants of all of them.
func (t *tree) members() []stat {
	t.mu.Lock()
	defer t.mu.Unlock()
	children := map[int][]stat{}
	var found []stat
	for _, pid := range processes() {
		st, ok := readStat(pid)
		switch {
		case !ok || st.state == 'Z' || st.state == 'X' || st.started < t.since:
		case t.owns(st):
			found = append(found, st)
		default:
			children[st.parent] = append(children[st.parent], st)
		}
	}
	known := map[int]stat{}
	for i := 0; i < len(found); i++ { // found grows: descendants of descendants
		known[found[i].pid] = found[i]
		found = append(found, children[found[i].pid]...)
	}
	t.known = known
	return found
}

func (t *tree) owns(st stat) bool {
	if t.leader != 0 && st.session == t.leader {
		return true
	}
	if k, ok := t.known[st.pid]; ok && k.started == st.started {
		return true
	}
	return t.hasMark(st)
}

// processes lists the IDs of all processes but our own.
func processes() []int {
	names, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	pids := make([]int, 0, len(names))
	for _, n := range names {
		if pid, err := strconv.Atoi(n.Name()); err == nil && pid != os.Getpid() {
			pids = append(pids, pid)
		}
	}
	return pids
}

// hasMark looks for the mark in a process's environment, which seems empty while it starts another program.
func (t *tree) hasMark(st stat) bool {
	for range 4 {
		env, err := os.ReadFile("/proc/" + strconv.Itoa(st.pid) + "/environ")
		if err != nil || len(env) > 0 || st.session == 0 || t.since == 0 {
			return err == nil && bytes.Contains(env, []byte(t.mark))
		}
		time.Sleep(pollEvery / 20)
	}
	return false
}

// stat is what /proc says of a process.
type stat struct {
	pid, parent, session int
	state                byte
	started              uint64 // clock ticks since boot
}

func readStat(pid int) (stat, bool) {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return stat{}, false
	}
	// The name stands in parentheses and may hold anything, parentheses and line ends too.
	f := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
	if len(f) < 20 {
		return stat{}, false
	}
	s := stat{pid: pid, state: f[0][0]}
	var errs [3]error
	s.parent, errs[0] = strconv.Atoi(f[1])
	s.session, errs[1] = strconv.Atoi(f[3])
	s.started, errs[2] = strconv.ParseUint(f[19], 10, 64)
	return s, errs == [3]error{}
}

// waitExited returns when the child has ended, and leaves it to be reaped.
func waitExited(pid int) {
	for {
		var info unix.Siginfo
		if err := unix.Waitid(unix.P_PID, pid, &info, unix.WEXITED|unix.WNOWAIT, nil); err != unix.EINTR {
			return
		}
	}
}
