package proc

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// The files in a job's folder.
const (
	scriptFile = "script"
	outputFile = "output"      // the first outputCap bytes
	moreFile   = "more.json"   // how the output goes on after them
	metaFile   = "meta.json"   // who runs it
	resultFile = "result.json" // how it ended
	valuesFile = "values"      // what the job writes there are variables for the next ones
	leftFile   = "left"        // directory and environment of its shell at the end
)

const outputCap = 16 << 20

// meta says which processes belong to a job.
type meta struct {
	Supervisor int       `json:"supervisor"` // process ID
	Ticks      uint64    `json:"ticks"`      // when that process started, since boot
	Boot       string    `json:"boot"`
	Mark       string    `json:"mark"`
	Started    time.Time `json:"started"`
}

type result struct {
	Outcome  string        `json:"outcome"`
	ExitCode int           `json:"exit_code"`
	Duration time.Duration `json:"duration_ns"`
	Bytes    int64         `json:"bytes"`
	SHA256   string        `json:"sha256,omitempty"`
	Error    string        `json:"error,omitempty"`

	Redactions int      `json:"redactions,omitempty"`
	Survivors  []string `json:"survivors,omitempty"`
	Values     []string `json:"values,omitempty"`
}

// more is what there is of the output beyond outputCap.
type more struct {
	Bytes int64  `json:"bytes"` // of all output
	Tail  []byte `json:"tail"`  // the last of them
}

func bootID() string {
	b, _ := os.ReadFile("/proc/sys/kernel/random/boot_id")
	return strings.TrimSpace(string(b))
}

// supervised tells whether the job's supervisor still runs.
func (m meta) supervised() bool {
	st, ok := readStat(m.Supervisor)
	return ok && st.started == m.Ticks && st.state != 'Z' && m.Boot == bootID()
}

// orphans is what is left of the job without its supervisor. The leader's number may be somebody else's by now.
func (m meta) orphans() *tree { return &tree{mark: m.Mark} }

// alive tells whether the job or its supervisor is there. A folder without a meta file may be about to get one.
func (m meta) alive(dir string) bool {
	if m.Supervisor == 0 {
		info, err := os.Stat(dir)
		return err == nil && time.Since(info.ModTime()) < startLimit
	}
	return m.supervised() || m.Boot == bootID() && len(m.orphans().members()) > 0
}

// sink takes a job's output: into a file up to outputCap, counting and hashing all of it.
type sink struct {
	dir  string
	file *os.File
	room int64 // bytes that the file may still take

	mu      sync.Mutex
	sum     hash.Hash
	total   int64
	tail    *capture // what the file did not take
	flushed int64    // total at the last flush
}

func newSink(dir string) (*sink, error) {
	f, err := os.OpenFile(filepath.Join(dir, outputFile), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	tail := newCapture(defaultLimit)
	tail.headCap, tail.tailCap = 0, defaultLimit-headBytes
	return &sink{dir: dir, file: f, room: outputCap, sum: sha256.New(), tail: tail}, nil
}

// Write never fails: a full disk must not end the job. What the file cannot take goes on in memory.
func (s *sink) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(b)
	s.sum.Write(b)
	s.total += int64(n)
	if s.room > 0 {
		written, err := s.file.Write(b[:min(int64(n), s.room)])
		s.room -= int64(written)
		if err != nil {
			s.room = 0
		}
		b = b[written:]
	}
	s.tail.Write(b)
	return n, nil
}

// flush writes what the file did not take, if there is news of it.
func (s *sink) flush() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tail.total == 0 || s.total == s.flushed {
		return nil
	}
	s.flushed = s.total
	t := s.tail
	m := more{Bytes: s.total, Tail: append(append([]byte(nil), t.tail[t.next:]...), t.tail[:t.next]...)}
	return writeJSON(filepath.Join(s.dir, moreFile), m)
}

// sum256 gives the number of all bytes and their SHA-256.
func (s *sink) sum256() (int64, string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.total, hex.EncodeToString(s.sum.Sum(nil))
}

// readOutput reads what there is of the output, head and tail.
func (st *State) readOutput(dir string) error {
	f, err := os.Open(filepath.Join(dir, outputFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	var beyond more
	if err := readJSON(filepath.Join(dir, moreFile), &beyond); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	size := info.Size()
	st.Bytes = max(size, beyond.Bytes)
	c := newCapture(0)
	// Only the first and the last part of the file are worth reading.
	for _, part := range [][2]int64{{0, headBytes}, {max(headBytes, size-defaultLimit), size}} {
		if _, err := io.Copy(c, io.NewSectionReader(f, part[0], min(part[1], size)-part[0])); err != nil {
			return err
		}
	}
	c.Write(beyond.Tail)
	if st.Bytes > c.total {
		c.total = st.Bytes
	}
	st.Output, st.Cut = c.Bytes(), c.cut()
	return nil
}

func readJSON(path string, v any) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, v)
}

// writeJSON replaces a file so that a reader finds the old or the new one, whole, after a crash too.
func writeJSON(path string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	_, err = tmp.Write(b)
	if err == nil {
		err = tmp.Sync()
	}
	err = errors.Join(err, tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		os.Remove(tmp.Name())
	}
	return err
}
