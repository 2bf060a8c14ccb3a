package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/charmbracelet/x/ansi"
)

// output remembers the first error of the writer below it, and drops what comes after: a reader that has gone away
// (lage status | head) ends the program quietly.
type output struct {
	w   io.Writer
	err error
}

func (o *output) Write(p []byte) (int, error) {
	if o.err != nil {
		return 0, o.err
	}
	n, err := o.w.Write(p)
	o.err = err
	return n, err
}

func (a *app) printf(format string, args ...any) { fmt.Fprintf(a.out, format, args...) }

func (a *app) println(s string) { fmt.Fprintln(a.out, s) }

// redirect makes --out take the document: it is collected and written in one piece at the end. "-" is standard output.
func (a *app) redirect() {
	if o := a.flag("out"); o != "" && o != "-" {
		a.file = &bytes.Buffer{}
		a.out = &output{w: a.file}
	}
}

// json writes one document. Empty lists must be made by the caller: null never stands for one.
func (a *app) json(v any) error {
	e := json.NewEncoder(a.out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil && a.out.err == nil {
		return failed("cli.err_json", err)
	}
	return nil
}

// stamp writes a moment for JSON: RFC 3339 with the offset of the zone in force, nil for the zero time.
func (a *app) stamp(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	s := t.In(a.zone).Format(time.RFC3339Nano)
	return &s
}

// writeFile puts a document in place in one piece: whoever reads the file sees the old one or the new one. A link stays a
// link to the file that is replaced; a pipe or a device gets the document and stays what it is.
func writeFile(path string, data []byte) (err error) {
	if to, lerr := filepath.EvalSymlinks(path); lerr == nil {
		path = to
	}
	if old, serr := os.Stat(path); serr == nil && old.IsDir() {
		return syscall.EISDIR
	} else if serr == nil && !old.Mode().IsRegular() {
		return writeInto(path, data)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".lage-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if _, err = f.Write(data); err != nil {
		return err
	}
	if err = f.Sync(); err != nil {
		return err
	}
	if err = f.Close(); err != nil {
		return err
	}
	// A file that was there keeps its rights; a new one gets those that the umask leaves to a document.
	mode := os.FileMode(0o644)
	if old, serr := os.Stat(path); serr == nil {
		mode = old.Mode().Perm()
	}
	if err = os.Chmod(f.Name(), mode); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// writeInto writes to what is no file on a disk.
func writeInto(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}

// columns writes rows with aligned cells, two spaces between them; the last cell of a row is not padded.
func columns(w io.Writer, rows [][]string) {
	var wide []int
	for _, r := range rows {
		for i, c := range r {
			if i == len(wide) {
				wide = append(wide, 0)
			}
			if i < len(r)-1 {
				wide[i] = max(wide[i], ansi.StringWidth(c))
			}
		}
	}
	for _, r := range rows {
		var b strings.Builder
		for i, c := range r {
			b.WriteString(c)
			if i < len(r)-1 {
				b.WriteString(strings.Repeat(" ", wide[i]-ansi.StringWidth(c)+2))
			}
		}
		fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
	}
}

// wrap breaks a text into lines of at most w cells at spaces; line ends and lines that begin with a space stay as they are.
func wrap(s string, w int) []string {
	var lines []string
	for _, para := range strings.Split(s, "\n") {
		if strings.HasPrefix(para, " ") || ansi.StringWidth(para) <= w {
			lines = append(lines, para)
			continue
		}
		line := ""
		for _, word := range strings.Fields(para) {
			if line != "" && ansi.StringWidth(line)+1+ansi.StringWidth(word) > w {
				lines, line = append(lines, line), ""
			}
			if line != "" {
				line += " "
			}
			line += word
		}
		lines = append(lines, line)
	}
	return lines
}
