package proc

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Ended tells which jobs have ended and began to write before the moment given.
func (s *Supervisor) Ended(before time.Time) (ids []string, err error) {
	err = s.each(func(id string, ended bool) error {
		info, err := os.Stat(filepath.Join(s.Dir, id))
		if err == nil && ended && info.ModTime().Before(before) {
			ids = append(ids, id)
		}
		return nil
	})
	return ids, err
}

// Holding lists the jobs of which a file holds what match looks for: script, output, the output's end, or what it left; and
// the names of the files in which walks carry such variables on. Forget takes both. kept are the jobs that still run, and what
// belongs to somebody else and cannot be read.
func (s *Supervisor) Holding(match func([]byte) bool) (ended, kept []string, err error) {
	err = s.each(func(id string, over bool) error {
		found, err := s.holds(id, match)
		switch {
		case errors.Is(err, fs.ErrPermission), found && !over:
			kept = append(kept, id)
		case err != nil:
			return err
		case found:
			ended = append(ended, id)
		}
		return nil
	})
	if err != nil {
		return ended, kept, err
	}
	carried, err := filepath.Glob(filepath.Join(s.Dir, "*"+carriedEnding))
	for _, path := range carried {
		c, readErr := readCarried(path)
		switch {
		case errors.Is(readErr, fs.ErrPermission):
			kept = append(kept, filepath.Base(path))
		case readErr != nil:
			err = errors.Join(err, readErr)
		case match([]byte(strings.Join(c.Over([]string{c.Dir}), "\n"))):
			ended = append(ended, filepath.Base(path))
		}
	}
	return ended, kept, err
}

func (s *Supervisor) holds(id string, match func([]byte) bool) (bool, error) {
	for _, name := range []string{scriptFile, outputFile, resultFile, moreFile, valuesFile, leftFile} {
		b, err := os.ReadFile(filepath.Join(s.Dir, id, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return false, err
		}
		var m more
		if name == moreFile && json.Unmarshal(b, &m) == nil {
			b = m.Tail // stands there in base64
		}
		if match(b) {
			return true, nil
		}
	}
	return false, nil
}

func (s *Supervisor) each(f func(id string, ended bool) error) error {
	folders, err := os.ReadDir(s.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, d := range folders {
		if !d.IsDir() || !goodID.MatchString(d.Name()) {
			continue
		}
		st, err := s.State(d.Name())
		if err := f(d.Name(), err == nil && st.Ended); err != nil {
			return err
		}
	}
	return nil
}

// Forget removes a job that has ended, with all that it wrote, or a file that Holding named. It tells whether it is gone: a
// running job stays.
func (s *Supervisor) Forget(id string) (bool, error) {
	if walk, ok := strings.CutSuffix(id, carriedEnding); ok {
		return true, s.Uncarry(walk)
	}
	dir, err := s.folder(id)
	if err != nil {
		return false, err
	}
	if st, err := s.State(id); err != nil || st.Missing || !st.Ended {
		return st.Missing, err
	}
	return true, os.RemoveAll(dir)
}
