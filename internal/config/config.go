// Package config reads the configuration file into plain values, and finds all of its mistakes at once, each with file,
// line and column.
package config

import (
	"os"
	"time"

	"lage/checks"
	"lage/internal/clean"
	"lage/internal/text"
	"lage/services"
)

// Config is a configuration file, read.
type Config struct {
	Path         string
	Organisation string
	Zone         *time.Location // the machine's where the file names none
	Lang         text.Lang      // empty where the file names none
	Services     []services.Service
	Checks       []checks.Check // in the order of the file; a check without runbook has its service's
	Contacts     map[string]services.Contact
	Classes      services.Versions[[]services.Class] // never empty, and of all times
	SMTP         SMTP
	Listen       Listen
	Heartbeat    Heartbeat
	Backup       Backup
	Reserve      *int64 // bytes kept beside the database for a full disk; nil where the file says nothing
	Retention    Retention
	Mask         *clean.Mask // what is not to be stored of persons
	Masks        []string    // the names of what Mask masks
	History      History
	Runbooks     string   // folder; empty when there is none
	Trusted      bool     // confirm=never in runbooks of the folder waves the question before a changing command off
	Reports      string   // folder; empty means the default
	AutoOpen     bool     // open incidents by transitions
	Secrets      []string // values of the secrets that were resolved: never to be shown
	Warnings     []Problem
	Source       []byte // the file as it was read
}

// SMTP is the mail server for alarms. An empty Host means that there is none.
type SMTP struct {
	Host     string
	Port     int
	From     string // an address, with or without a name
	User     string // empty means no login
	Password string
	TLS      string // "starttls" (required), "tls" or "none"
}

// Options say how a file is read.
type Options struct {
	Env      func(string) (string, bool)  // nil means the process's environment
	ReadFile func(string) ([]byte, error) // reads secrets; nil means the file system, up to 64 KiB
	// ResolveSecrets puts the values of ${env:NAME} and ${file:/path} in. Otherwise they stay as they are written.
	ResolveSecrets bool
	// Runbooks lists the names of the runbooks in a folder. Nil means that names of runbooks are not checked.
	Runbooks func(folder string) ([]string, error)
	// Uncovered lists the IDs of the services for which no runbook would be proposed. Nil means that nobody asks.
	Uncovered func(c *Config) []string
}

// Parse reads a configuration. The path is for messages, and relative folders start from its folder.
//
// The Config is nil when the problems are Fatal. When only secrets could not be read it is complete but for them: their
// references stand where the values should be.
func Parse(path string, src []byte, opt Options) (*Config, Problems) {
	if opt.Env == nil {
		opt.Env = os.LookupEnv
	}
	if opt.ReadFile == nil {
		opt.ReadFile = readSecretFile
	}
	d := &decoder{file: path, opt: opt}
	c := d.config(src)
	problems := d.problems.sorted()
	if problems.Fatal() || c == nil {
		return nil, problems
	}
	c.Source, c.Secrets = src, d.secrets
	for _, p := range problems {
		if p.Warning {
			c.Warnings = append(c.Warnings, p)
		}
	}
	return c, problems
}

func (d *decoder) config(src []byte) *Config {
	body, at, why := screen(src)
	if !why.IsZero() {
		d.bad(at, why)
		return nil
	}
	root := d.parseYAML(string(body))
	if root == nil {
		return nil
	}
	raw := fileShape().read(d, root)
	if !raw.ok {
		return nil
	}
	return d.build(raw.v)
}
