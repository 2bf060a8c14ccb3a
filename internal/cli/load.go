package cli

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"lage/internal/config"
	"lage/internal/text"
	"lage/runbooks"
)

// load finds the configuration in force. What keeps it from being the file's is the banner.
func (s *session) load(ctx context.Context, secrets bool) {
	a := s.app
	path, src, err := a.configSource()
	if path == "" {
		s.fallBack(ctx, secrets, text.Message{}, text.Message{})
		return
	}
	if err != nil {
		s.fallBack(ctx, secrets, text.M("cli.err_file", path, reason(cause(err))), text.M("cli.banner_missing", path))
		return
	}
	conf, problems := a.parseConfig(path, src, secrets)
	if problems.Fatal() {
		first := firstError(problems)
		s.fallBack(ctx, secrets, text.M("cli.banner_none", path, first), text.M("cli.banner_broken", path, first))
		return
	}
	s.take(conf, problems)
}

// fallBack takes the last valid configuration that the database keeps. none is what to say when there is none; kept what to
// say when there is one, with the moment since when as its last argument.
func (s *session) fallBack(ctx context.Context, secrets bool, none, kept text.Message) {
	s.banner = none
	if s.store == nil {
		return
	}
	path, src, at, err := s.store.LastConfig(ctx)
	if err != nil || len(src) == 0 {
		return
	}
	conf, problems := s.app.parseConfig(path, src, secrets)
	if problems.Fatal() { // written by a newer lage
		return
	}
	s.banner = text.Message{}
	s.take(conf, problems)
	if !kept.IsZero() {
		kept.Args = append(kept.Args, text.DateTime(s.app.lang, at.In(s.zone())))
		s.banner = kept
	}
}

// take takes a configuration that can be used, perhaps without its secrets.
func (s *session) take(conf *config.Config, problems config.Problems) {
	s.force.Store(conf)
	if problems.SecretsMissing() {
		s.blind = true
		s.banner = text.M("cli.banner_secret", firstError(problems))
	}
}

// ownZone is the configured zone, wherever somebody looks from: that of IDs, of what is agreed and of what is written.
func (s *session) ownZone() *time.Location {
	if c := s.inForce(); c != nil && c.Zone != nil {
		return c.Zone
	}
	return s.app.zone
}

// zone is the configuration's, or the flag's: that of what is shown.
func (s *session) zone() *time.Location {
	if c := s.inForce(); c != nil && c.Zone != nil && !s.app.zoneFixed {
		return c.Zone
	}
	return s.app.zone
}

// firstError puts the first mistake into a message, with its place.
func firstError(ps config.Problems) text.Message {
	for _, p := range ps {
		if !p.Warning {
			return text.M("cli.place", filepath.Base(p.File), p.Line, p.Col, p.Message)
		}
	}
	return text.Message{}
}

// configSource finds and reads the configuration file. An empty path means that there is none.
func (a *app) configSource() (path string, src []byte, err error) {
	if path, _ = a.configPath(); path == "" {
		return "", nil, nil
	}
	src, err = readFileLimited(path, maxInput)
	return path, src, err
}

// configPath finds the configuration file: what is named, or the first that exists. An empty path means that there is none.
// The database keeps where the file is, so the path is absolute: relative folders must mean the same from everywhere.
func (a *app) configPath() (path string, tried []string) {
	path, tried, _ = config.Find(a.flag("config"), a.env.Getenv("LAGE_CONFIG"), a.env.Getenv)
	if path == "" {
		return "", tried
	}
	if full, err := filepath.Abs(path); err == nil {
		path = full
	}
	return path, tried
}

// parseConfig reads a configuration as every command does. secrets puts the values of secrets in.
func (a *app) parseConfig(path string, src []byte, secrets bool) (*config.Config, config.Problems) {
	return a.parseConfigWith(path, src, secrets, nil)
}

// parseConfigWith also asks for the services without a runbook.
func (a *app) parseConfigWith(path string, src []byte, secrets bool, uncovered func(*config.Config) []string) (*config.Config, config.Problems) {
	return config.Parse(path, src, config.Options{
		Env:            func(name string) (string, bool) { v := a.env.Getenv(name); return v, v != "" },
		ResolveSecrets: secrets,
		Runbooks:       bookNames,
		Uncovered:      uncovered,
	})
}

// bookNames lists the names of the runbooks in a folder.
func bookNames(folder string) ([]string, error) {
	if _, err := os.Stat(folder); err != nil {
		return nil, err
	}
	lib, _ := runbooks.Load(folder) // single files that cannot be read are not there
	names := make([]string, 0, len(lib.Books))
	for _, b := range lib.Books {
		names = append(names, b.Name)
	}
	return names, nil
}

// errTooBig says that a file is larger than anything that lage reads.
var errTooBig = errors.New("larger than 16 MiB")

func readLimited(r io.Reader, limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(b)) > limit {
		return nil, errTooBig
	}
	return b, err
}

func readFileLimited(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if st, err := f.Stat(); err == nil && st.IsDir() {
		return nil, &fs.PathError{Op: "read", Path: path, Err: syscall.EISDIR}
	}
	return readLimited(f, limit)
}
