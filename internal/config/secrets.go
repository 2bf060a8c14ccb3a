package config

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"lage/internal/text"
)

// maxSecret bounds a secret file, in bytes.
const maxSecret = 64 << 10

// expand puts the values of ${env:NAME} and ${file:/path} into a text. Without Options.ResolveSecrets, and where a
// secret cannot be read, references stay as they are and raw is true. A malformed reference is a mistake: ok is false.
// Other uses of "$" are left alone; commands have their own.
func (d *decoder) expand(s string, at pos) (out string, raw, ok bool) {
	var b strings.Builder
	rest := s
	for {
		i, kind := nextReference(rest)
		if i < 0 {
			b.WriteString(rest)
			break
		}
		end := strings.IndexByte(rest[i:], '}')
		if end < 0 {
			d.bad(at, text.M("config.secret_form"))
			return "", false, false
		}
		name := rest[i+len("${:")+len(kind) : i+end]
		if kind == "env" && !isEnvName(name) || kind == "file" && (!filepath.IsAbs(name) || strings.ContainsRune(name, 0)) {
			d.bad(at, text.M("config.secret_form"))
			return "", false, false
		}
		b.WriteString(rest[:i])
		value, found := "", false
		if d.opt.ResolveSecrets {
			value, found = d.secret(kind, name, at)
		}
		if !found {
			raw, value = true, rest[i:i+end+1]
		}
		b.WriteString(value)
		rest = rest[i+end+1:]
	}
	return b.String(), raw, true
}

func nextReference(s string) (int, string) {
	env, file := strings.Index(s, "${env:"), strings.Index(s, "${file:")
	if env >= 0 && (file < 0 || env < file) {
		return env, "env"
	}
	return file, "file"
}

func isEnvName(s string) bool {
	for i, r := range s {
		if r != '_' && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return s != ""
}

// secret reads one secret. What goes wrong is a problem of its own kind.
func (d *decoder) secret(kind, name string, at pos) (string, bool) {
	missing := func(m text.Message) (string, bool) {
		d.add(at, Problem{Message: m, Secret: true})
		return "", false
	}
	var value string
	if kind == "env" {
		v, ok := d.opt.Env(name)
		if !ok || v == "" {
			return missing(text.M("config.secret_env", name))
		}
		value = v
	} else {
		b, err := d.opt.ReadFile(name)
		switch {
		case err != nil:
			return missing(text.M("config.secret_file", quote(name)))
		case len(b) > maxSecret || !utf8.Valid(b):
			return missing(text.M("config.secret_strange", quote(name)))
		}
		if value = strings.TrimRight(string(b), "\r\n"); value == "" {
			return missing(text.M("config.secret_empty", quote(name)))
		}
	}
	if !slices.Contains(d.secrets, value) {
		d.secrets = append(d.secrets, value)
	}
	return value, true
}

// readSecretFile reads a file, and a byte more than a secret may have at most.
func readSecretFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxSecret+1))
}
