package proc

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Carried is what the jobs of one walk leave to the next: variables that they exported or removed, and the directory.
type Carried struct {
	Dir   string            `json:"dir,omitempty"` // empty means where the person is
	Set   map[string]string `json:"set,omitempty"`
	Unset []string          `json:"unset,omitempty"`
}

// Empty tells whether nothing is carried.
func (c Carried) Empty() bool { return c.Dir == "" && len(c.Set) == 0 && len(c.Unset) == 0 }

// Over gives an environment with what is carried in place of what it had.
func (c Carried) Over(env []string) []string {
	out := slices.DeleteFunc(slices.Clone(env), func(kv string) bool { return slices.Contains(c.Unset, key(kv)) })
	var set []string
	for _, k := range slices.Sorted(maps.Keys(c.Set)) {
		set = append(set, k+"="+c.Set[k])
	}
	return override(out, set)
}

const carriedEnding = ".carried"

// carriedFile is where the walk's surroundings are kept; readable for their owner only, since secrets may be among them.
func (s *Supervisor) carriedFile(walk string) (string, error) {
	if !goodID.MatchString(walk) {
		return "", errors.New("bad walk ID")
	}
	return filepath.Abs(filepath.Join(s.Dir, walk+carriedEnding))
}

// Carried gives what the walk's jobs have left so far; empty when nothing.
func (s *Supervisor) Carried(walk string) (Carried, error) {
	path, err := s.carriedFile(walk)
	if err != nil {
		return Carried{}, err
	}
	return readCarried(path)
}

// Carry changes what the walk carries.
func (s *Supervisor) Carry(walk string, change func(*Carried)) error {
	path, err := s.carriedFile(walk)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return updateCarried(path, change)
}

// Uncarry removes what the walk carries.
func (s *Supervisor) Uncarry(walk string) error {
	path, err := s.carriedFile(walk)
	if err != nil {
		return err
	}
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// PruneCarried removes what walks carry that nobody has touched since the moment given.
func (s *Supervisor) PruneCarried(before time.Time) error {
	files, err := os.ReadDir(s.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, f := range files {
		info, statErr := f.Info()
		if statErr == nil && !f.IsDir() && strings.HasSuffix(f.Name(), carriedEnding) && info.ModTime().Before(before) {
			err = errors.Join(err, os.Remove(filepath.Join(s.Dir, f.Name())))
		}
	}
	return err
}

func readCarried(path string) (Carried, error) {
	var c Carried
	if err := readJSON(path, &c); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Carried{}, err
	}
	return c, nil
}

// updateCarried changes the file under a lock: two jobs of a walk may end at the same moment.
func updateCarried(path string, change func(*Carried)) error {
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer dir.Close() // lets go of the lock
	if err := unix.Flock(int(dir.Fd()), unix.LOCK_EX); err != nil {
		return err
	}
	c, err := readCarried(path)
	if err != nil {
		return err
	}
	if c.Set == nil {
		c.Set = map[string]string{}
	}
	change(&c)
	return writeJSON(path, c)
}

// put sets a variable, which is then no longer removed.
func (c *Carried) put(k, v string) {
	c.Set[k] = v
	c.Unset = slices.DeleteFunc(c.Unset, func(u string) bool { return u == k })
}

// Drop takes a variable back: it is again what the person's own environment says.
func (c *Carried) Drop(k string) {
	delete(c.Set, k)
	c.Unset = slices.DeleteFunc(c.Unset, func(u string) bool { return u == k })
}

// Put sets a variable for the walk's next jobs. Names that cannot be one are ignored.
func (c *Carried) Put(k, v string) {
	if variableName.MatchString(k) {
		c.put(k, v)
	}
}

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// ours are variables that belong to one job or to the shell, and are never carried.
func ours(k string) bool {
	return k == "_" || k == "SHLVL" || k == "PWD" || k == "OLDPWD" || k == "LAGE_PROC" || k == "INCIDENT_ID" ||
		strings.HasPrefix(k, "RUNBOOK_") || strings.HasPrefix(k, "RB_") || !variableName.MatchString(k) // BASH_FUNC_x%% is a function
}

// learn takes over what a job's shell had at its end: its directory and its environment, each followed by a NUL, against
// the environment that it began with. An empty report says nothing: the shell did not get to write it.
func (c *Carried) learn(report []byte, began []string) {
	parts := strings.Split(strings.TrimSuffix(string(report), "\x00"), "\x00")
	if len(parts) < 2 || !filepath.IsAbs(parts[0]) {
		return
	}
	before := map[string]string{}
	for _, kv := range began {
		k, v, _ := strings.Cut(kv, "=")
		before[k] = v
	}
	c.Dir = parts[0]
	now := map[string]bool{}
	for _, kv := range parts[1:] {
		k, v, ok := strings.Cut(kv, "=")
		now[k] = true
		if old, had := before[k]; ok && !ours(k) && (!had || old != v) {
			c.put(k, v)
		}
	}
	for k := range before {
		if !now[k] && !ours(k) && !slices.Contains(c.Unset, k) {
			delete(c.Set, k)
			c.Unset = append(c.Unset, k)
		}
	}
	slices.Sort(c.Unset)
}

// values reads what a job wrote into RUNBOOK_OUTPUT: lines KEY=VALUE, and KEY<<WORD with lines up to one that is WORD.
func values(text string) map[string]string {
	out := map[string]string{}
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		if k, word, ok := strings.Cut(lines[i], "<<"); ok && variableName.MatchString(k) && word != "" {
			if end := slices.Index(lines[i+1:], word); end >= 0 {
				out[k] = strings.Join(lines[i+1:i+1+end], "\n")
				i += end + 1
			}
			continue
		}
		if k, v, ok := strings.Cut(lines[i], "="); ok && variableName.MatchString(k) {
			out[k] = strings.TrimSuffix(v, "\r")
		}
	}
	return out
}
