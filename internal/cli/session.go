package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"lage/incidents"
	"lage/internal/config"
	"lage/internal/text"
	"lage/runbooks"
	"lage/services"
	"lage/store"
)

// session is what commands work with: the configuration in force, the database, and what is made of both.
type session struct {
	app      *app
	force    atomic.Pointer[config.Config] // nil when there is none; lage run changes it while others read
	banner   text.Message                  // why it is not the one of the file, or does not do everything; zero when all is well
	blind    bool                          // secrets are missing: never polls
	path     string                        // of the database
	store    *store.Store                  // nil when there is no database yet
	personal bool                          // nobody but its owner uses the database, as far as is known
	who      services.Person
	desk     *incidents.Desk
	runs     *incidents.Runs
	reader   *reader
	runCount map[string]int // commands that ran in this session, by step
	id       string         // of this process, unlike any other: for the lease and for who looks at what
}

// How a session opens the database.
type access int

const (
	toRead  access = iota // looks only; no database is an empty one
	toWrite               // writes; no database is an empty one
	toMake                // writes, and makes the database where there is none
)

// look opens a session for reading.
func (a *app) look(ctx context.Context) (*session, error) { return a.session(ctx, toRead, false) }

// work opens a session for changes to what exists.
func (a *app) work(ctx context.Context) (*session, error) { return a.session(ctx, toWrite, false) }

// make opens a session for changes that may need a new database: ensureStore makes it. secrets tells whether secrets are
// put in.
func (a *app) make(ctx context.Context, secrets bool) (*session, error) {
	s, err := a.open(ctx, toWrite, secrets)
	if err == nil {
		s.warnBanner()
	}
	return s, err
}

// ensureStore makes the database where there is none.
func (s *session) ensureStore(ctx context.Context) error {
	if s.store != nil {
		return nil
	}
	if err := s.openStore(ctx, toMake); err != nil {
		return err
	}
	s.wire()
	return nil
}

// configured opens a session for measuring: it insists on a configuration, with its secrets. A check that lacks one would
// report an outage that is none.
func (a *app) configured(ctx context.Context, mode access) (*session, error) {
	s, err := a.open(ctx, mode, true)
	if err != nil {
		return nil, err
	}
	if s.inForce() == nil || s.blind {
		s.close()
		return nil, s.noConfig()
	}
	s.warnBanner()
	return s, nil
}

func (a *app) session(ctx context.Context, mode access, secrets bool) (*session, error) {
	s, err := a.open(ctx, mode, secrets)
	if err != nil {
		return nil, err
	}
	if s.inForce() == nil && s.store == nil {
		s.close()
		return nil, s.noConfig()
	}
	s.warnBanner()
	return s, nil
}

// warnBanner says why the configuration in force is not the one of the file. Missing secrets matter to who measures only.
func (s *session) warnBanner() {
	if !s.banner.IsZero() && !s.blind {
		s.app.warn(text.M("cli.warning", s.banner))
	}
}

// noConfig says that there is nothing to work with.
func (s *session) noConfig() error {
	if path, _ := s.app.configPath(); !s.banner.IsZero() {
		return &fault{code: exitConfig, msg: s.banner, hint: text.M("cli.hint_validate", path)}
	}
	return &fault{code: exitConfig, msg: text.M("cli.err_no_config"), hint: text.M("cli.hint_init")}
}

// open opens the database and finds the configuration in force: the file's, or the last valid one that the database
// keeps. It fails only where the database does. secrets tells whether secrets are put in.
func (a *app) open(ctx context.Context, mode access, secrets bool) (*session, error) {
	s := &session{app: a, path: a.dbPath(), runCount: map[string]int{}, id: rand.Text()}
	if err := s.openStore(ctx, mode); err != nil {
		return nil, err
	}
	s.load(ctx, secrets)
	if c := s.inForce(); c != nil {
		a.follow(c.Lang, c.Zone)
	}
	s.wire()
	return s, nil
}

func (s *session) openStore(ctx context.Context, mode access) error {
	if _, err := os.Stat(s.path); errors.Is(err, fs.ErrNotExist) && mode != toMake {
		return nil
	}
	st, err := store.Open(ctx, s.path, s.app.opening(mode == toRead || s.app.mayOnlyLook()))
	if err != nil {
		return err
	}
	s.store = st
	return nil
}

// opening says how the database is opened.
func (a *app) opening(readOnly bool) store.Options {
	return store.Options{ReadOnly: readOnly, Anywhere: yes(a.env.Getenv("LAGE_ANY_FILESYSTEM")), Now: a.env.Now, Host: a.env.Host}
}

// close ends the session. What was written is written already.
func (s *session) close() {
	if s.store != nil {
		_ = s.store.Close() // nothing more to lose: every change was committed
	}
}

// inForce is the configuration in force; nil when there is none.
func (s *session) inForce() *config.Config { return s.force.Load() }

// dbPath says where the database is: a configuration of the system goes with the system's database.
func (a *app) dbPath() string {
	if p := a.flag("db"); p != "" {
		return p
	}
	if path, _ := a.configPath(); path == config.SystemConfig && a.env.Getenv("LAGE_DB") == "" {
		return config.SystemDB
	}
	if p := config.DefaultDB(a.env.Getenv); p != "" {
		return p
	}
	return "lage.db" // no home, nothing named: beside the person
}

// incidents lists the open incidents, or all of them.
func (s *session) incidents(ctx context.Context, all bool) ([]incidents.Incident, error) {
	if s.store == nil {
		return nil, nil
	}
	if all {
		return s.allIncidents(ctx)
	}
	list, err := s.store.OpenIncidents(ctx, "")
	return s.shown(list), err
}

// shown puts what says that something was erased into the reader's language.
func (s *session) shown(list []incidents.Incident) []incidents.Incident {
	for i := range list {
		list[i] = list[i].Shown(s.app.lang)
	}
	return list
}

// allIncidents lists every incident, oldest first.
func (s *session) allIncidents(ctx context.Context) ([]incidents.Incident, error) {
	list, err := s.store.Incidents(ctx, store.Filter{All: true})
	slices.Reverse(list)
	return s.shown(list), err
}

// which gives the ID of the incident that the person means: the one named, or the only open one.
func (s *session) which(ctx context.Context, args []string) (string, error) {
	if len(args) > 0 {
		return s.named(ctx, args[0])
	}
	open, err := s.incidents(ctx, false)
	if err != nil {
		return "", failed("cli.err_read", err)
	}
	switch len(open) {
	case 0:
		return "", &fault{code: exitNotFound, msg: text.M("cli.err_none_open"), hint: text.M("cli.hint_incident_list")}
	case 1:
		return open[0].ID, nil
	}
	s.app.warn(text.M("cli.err_many_open"))
	columns(s.app.env.Stderr, s.app.incidentRows(open))
	return "", exitWith(exitUsage)
}

func (s *session) named(ctx context.Context, ref string) (string, error) {
	missing := &fault{code: exitNotFound, msg: text.M("cli.err_incident", ref), hint: text.M("cli.hint_incident_list")}
	if s.store == nil {
		return "", missing
	}
	id, err := s.store.Resolve(ctx, ref)
	if errors.Is(err, incidents.ErrNotFound) || err == nil && !strings.HasPrefix(id, "INC-") {
		return "", missing
	}
	return id, err
}

// room gives everything about one incident.
func (s *session) room(ctx context.Context, id string) (incidents.Room, error) {
	return s.reader.Room(ctx, id)
}

// book finds a runbook of the folder by its name.
func (s *session) book(name string) (*runbooks.Runbook, error) {
	lib, _ := s.reader.library() // what cannot be read is not there
	b, near := lib.Find(name)
	if b != nil {
		return b, nil
	}
	if len(lib.Books) == 0 {
		return nil, &fault{code: exitNotFound, msg: text.M("cli.err_no_runbooks", name), hint: text.M("cli.hint_runbooks")}
	}
	f := &fault{code: exitNotFound, msg: text.M("cli.err_runbook", name), hint: text.M("cli.hint_runbook_list")}
	if len(near) > 0 {
		f.hint = text.M("cli.hint_mean", strings.Join(near, ", "))
	}
	return nil, f
}

// runbook gives what the argument means: a Markdown file, standard input for "-", or a runbook of the folder.
func (a *app) runbook(ctx context.Context, arg string) (*runbooks.Runbook, error) {
	if !a.forced && looksLikeFile(arg) {
		return a.bookFile(arg)
	}
	s, err := a.look(ctx)
	if err != nil {
		return nil, err
	}
	defer s.close()
	return s.book(arg)
}

// bookFile reads any Markdown file.
func (a *app) bookFile(path string) (*runbooks.Runbook, error) {
	src, err := a.read(path)
	if err != nil {
		return nil, err
	}
	return bookOf(path, src), nil
}

// bookOf reads a Markdown file's text as a runbook.
func bookOf(path string, src []byte) *runbooks.Runbook {
	if path == "-" {
		return runbooks.Parse("stdin", "stdin.md", src)
	}
	return runbooks.ParseFile(path, src)
}

// maxInput bounds what is read of a file or of standard input that a person names. Rooms have narrower limits.
const maxInput = 16 << 20

// read reads a file that a person names; "-" is standard input.
func (a *app) read(path string) ([]byte, error) {
	var src []byte
	var err error
	if path == "-" {
		src, err = readLimited(a.env.Stdin, maxInput)
	} else {
		src, err = readFileLimited(path, maxInput)
	}
	if err == nil {
		return src, nil
	}
	code := exitFailed
	if errors.Is(err, fs.ErrNotExist) {
		code = exitNotFound
	}
	return nil, &fault{code: code, msg: text.M("cli.err_file", path, reason(cause(err))), err: err}
}

// cause takes the path out of a file error: the message around it names the file already.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// runsDir is where the output of running commands is kept, beside the database.
func (s *session) runsDir() string {
	dir, err := filepath.Abs(filepath.Dir(s.path))
	if err != nil { // no working folder any more: the relative one is as good
		dir = filepath.Dir(s.path)
	}
	return filepath.Join(dir, "runs")
}
