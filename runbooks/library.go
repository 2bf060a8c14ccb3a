package runbooks

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"lage/internal/text"
)

// Limits of a library.
const (
	maxFiles  = 5000
	maxFolder = 10 // depth
)

// Library is a folder of runbooks, read. The zero value is empty.
type Library struct {
	Dir   string
	Books []*Runbook // sorted by name
	files map[string]fileStamp
	words string // of WordsFile
}

type fileStamp struct {
	size int64
	mod  time.Time
	book *Runbook
	with bool // it takes something from other files
}

// FileError is what went wrong with one file of a library, or with its folder.
type FileError struct {
	Path string
	Code string // of internal/text; {0} is the path, {1} what the system said
	Err  error
}

// Message is the error in words for any reader.
func (e *FileError) Message() text.Message {
	if e.Err == nil {
		return text.Message{Code: e.Code, Args: []string{e.Path}}
	}
	return text.Message{Code: e.Code, Args: []string{e.Path, e.Err.Error()}}
}

func (e *FileError) Error() string { return e.Message().In(text.English) }
func (e *FileError) Unwrap() error { return e.Err }

// Load reads every Markdown file below dir. Hidden folders are left out, links that lead out of dir are refused. The
// errors are *FileError; what could be read is in the library all the same.
func Load(dir string) (Library, []error) { return Library{Dir: dir}.Reload() }

// Reload reads the folder again. Files whose size and time have not changed keep their Runbook.
func (l Library) Reload() (Library, []error) {
	next := Library{Dir: l.Dir, files: map[string]fileStamp{}}
	root, err := os.OpenRoot(l.Dir)
	if err != nil {
		return next, []error{&FileError{l.Dir, "runbooks.folder", err}}
	}
	defer root.Close()
	var errs []error
	if text, err := root.ReadFile(WordsFile); err == nil {
		next.words = string(text)
		if _, err := wordsOf(next.words); err != nil {
			errs = append(errs, &FileError{WordsFile, "runbooks.words", err})
		}
	}
	if next.words != l.words {
		l.files = nil // their kinds of sections and dangers may be others now
	}
	walk := func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			errs = append(errs, &FileError{name, "runbooks.unreadable", err})
			return nil
		case e.IsDir():
			if name != "." && (strings.HasPrefix(e.Name(), ".") || strings.Count(name, "/") >= maxFolder) {
				return fs.SkipDir
			}
			return nil
		case !isMarkdown(name) || strings.HasPrefix(e.Name(), "."):
			return nil
		case len(next.files) >= maxFiles:
			errs = append(errs, &FileError{l.Dir, "runbooks.too_many", nil})
			return fs.SkipAll
		}
		stamp, err := l.read(root, name)
		switch {
		case errors.Is(err, fs.ErrInvalid):
			errs = append(errs, &FileError{name, "runbooks.no_file", nil})
			return nil
		case err != nil:
			errs = append(errs, &FileError{name, "runbooks.unreadable", err})
			return nil
		}
		next.files[name] = stamp
		next.Books = append(next.Books, stamp.book)
		return nil
	}
	if err := fs.WalkDir(root.FS(), ".", walk); err != nil {
		errs = append(errs, &FileError{l.Dir, "runbooks.folder", err})
	}
	sort.Slice(next.Books, func(i, j int) bool { return next.Books[i].Name < next.Books[j].Name })
	return next, errs
}

func isMarkdown(name string) bool {
	return strings.EqualFold(path.Ext(name), ".md") || strings.EqualFold(path.Ext(name), ".markdown")
}

// read reads one file, unless it is as it was.
func (l Library) read(root *os.Root, name string) (fileStamp, error) {
	info, err := root.Stat(name)
	if err != nil {
		return fileStamp{}, err
	}
	if !info.Mode().IsRegular() {
		return fileStamp{}, fs.ErrInvalid
	}
	if old, ok := l.files[name]; ok && old.size == info.Size() && old.mod.Equal(info.ModTime()) && !old.with {
		return old, nil
	}
	f, err := root.Open(name)
	if err != nil {
		return fileStamp{}, err
	}
	defer f.Close()
	src, err := io.ReadAll(io.LimitReader(f, maxBytes+1))
	if err != nil {
		return fileStamp{}, err
	}
	name = strings.TrimSuffix(name, path.Ext(name))
	file := filepath.Join(l.Dir, filepath.FromSlash(name)+path.Ext(info.Name()))
	book := Parse(name, file, complete(root.ReadFile, name, src))
	return fileStamp{size: info.Size(), mod: info.ModTime(), book: book, with: includeLine.Match(src)}, nil
}

// ReadFile reads one Markdown file from anywhere. Its name is the file's name without folder and ending.
func ReadFile(file string) (*Runbook, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, &FileError{file, "runbooks.unreadable", err}
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || info.IsDir() {
		return nil, &FileError{file, "runbooks.unreadable", errors.Join(err, fs.ErrInvalid)}
	}
	src, err := io.ReadAll(io.LimitReader(f, maxBytes+1))
	if err != nil {
		return nil, &FileError{file, "runbooks.unreadable", err}
	}
	return ParseFile(file, src), nil
}

// Find gives the runbook of a name, which may leave out the folders when that is clear, or of a path inside the library
// with its ending. Without one it gives nil and up to three names that are near.
func (l Library) Find(name string) (*Runbook, []string) {
	want := strings.ToLower(filepath.ToSlash(strings.TrimSpace(name)))
	if isMarkdown(want) {
		want = strings.TrimSuffix(want, path.Ext(want))
	}
	var short []*Runbook
	for _, b := range l.Books {
		n := strings.ToLower(b.Name)
		if n == want || b.Path == name {
			return b, nil
		}
		if path.Base(n) == want {
			short = append(short, b)
		}
	}
	if len(short) == 1 {
		return short[0], nil
	}
	return nil, l.near(want)
}

func (l Library) near(want string) []string {
	type rated struct {
		name string
		far  int
	}
	var all []rated
	for _, b := range l.Books {
		n := strings.ToLower(b.Name)
		far := min(distance(want, n), distance(want, path.Base(n)))
		if want != "" && (strings.Contains(n, want) || strings.Contains(strings.ToLower(b.Title), want)) {
			far = 0
		}
		if far <= max(2, len(want)/3) {
			all = append(all, rated{b.Name, far})
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].far < all[j].far })
	var out []string
	for _, r := range all[:min(3, len(all))] {
		out = append(out, r.name)
	}
	return out
}

// distance counts the letters to change, add or take away to make b of a.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) > 200 || len(y) > 200 {
		return 1 << 20
	}
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j := range y {
			cost := diagonal
			if x[i] != y[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(y)]
}
