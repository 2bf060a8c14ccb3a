package cli

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"lage/incidents"
	"lage/internal/config"
	"lage/internal/text"
	"lage/report"
)

// runExport writes one incident up. The same state gives the same document, so nothing is written to the timeline here.
func runExport(ctx context.Context, a *app) error {
	s, room, err := a.namedRoom(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	format := a.flag("format")
	if format == "" {
		format = "md"
		if a.on("json") {
			format = "json"
		}
	}
	return s.writeIncident(a.out, room, format)
}

// writeIncident writes an incident as Markdown or JSON.
func (s *session) writeIncident(w io.Writer, room incidents.Room, format string) error {
	opt := report.Options{Lang: s.app.lang, Zone: s.zone(), Version: version().Version}
	if c := s.inForce(); c != nil {
		opt.Organisation = c.Organisation
	}
	write := report.Incident
	if format == "json" {
		write = report.IncidentJSON
	}
	if err := write(w, room, opt); err != nil {
		return failed("cli.err_json", err)
	}
	return nil
}

// exporter writes incidents into the reports folder. It implements ui.Exporter.
type exporter struct {
	s     *session
	dir   string   // the reports folder
	wrote *written // what it has written, to be named once the screen is gone
}

// written is a list of files that several goroutines may add to. The zero value is empty.
type written struct {
	mu   sync.Mutex
	list []string
}

func (w *written) add(path string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !contains(w.list, path) {
		w.list = append(w.list, path)
	}
}

func (w *written) all() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.list
}

// Export writes INC-….md and notes it in the timeline. A file that a person has changed since is not overwritten: the
// report then gets a name of its own, with -2, -3 ... behind.
func (e exporter) Export(ctx context.Context, id string) (string, error) {
	if err := incidents.May(e.s.who, incidents.Exported{}); err != nil { // before the file is there
		return "", err
	}
	written, err := e.document(ctx, id)
	if err != nil {
		return "", err
	}
	dir := e.dir
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	doc := seal(written)
	for n := 1; n < 1000; n++ {
		path := filepath.Join(dir, id+".md")
		if n > 1 {
			path = filepath.Join(dir, fmt.Sprintf("%s-%d.md", id, n))
		}
		old, err := os.ReadFile(path)
		if err == nil && !sealed(old) {
			continue // a person has worked on it
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		if err := writeFile(path, doc); err != nil {
			return "", err
		}
		e.wrote.add(path)
		req := incidents.Request{Record: id, By: e.s.who, Do: incidents.Exported{To: path}}
		if walkRef.MatchString(id) {
			req.Walk = id
		}
		_, err = e.s.desk.Act(ctx, req)
		return path, err
	}
	return "", &fault{code: exitFailed, msg: text.M("cli.err_exists", filepath.Join(dir, id+".md"))}
}

// reports is the folder for exports.
func (s *session) reports() string {
	if c := s.inForce(); c != nil && c.Reports != "" {
		return c.Reports
	}
	return config.DefaultReports(s.app.env.Getenv)
}

// A sealed file ends with a comment that holds its hash: as long as that is right, nobody has changed the file.
const (
	sealStart = "<!-- lage sha256:"
	sealEnd   = " -->\n"
)

func seal(doc []byte) []byte {
	sum := sha256.Sum256(doc)
	return append(bytes.Clone(doc), sealStart+hex.EncodeToString(sum[:])+sealEnd...)
}

// sealed tells whether a file is as lage wrote it.
func sealed(file []byte) bool {
	i := strings.LastIndex(string(file), sealStart)
	return i >= 0 && bytes.Equal(seal(file[:i]), file)
}
