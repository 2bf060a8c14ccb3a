package cli

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"lage/internal/text"
	"lage/services"
)

func accessCommands() []command {
	return []command{
		{name: "ssh-line", args: "NAME KEY|FILE", min: 2, max: -1, group: groupSetup, short: "access.short_ssh_line", long: "access.long_ssh_line", run: runSSHLine,
			flags: []flag{{name: "read-only", help: "cli.flag_read_only"}}},
	}
}

// runSSHLine writes the line of authorized_keys that lets one person in, under this name and role only.
func runSSHLine(_ context.Context, a *app) error {
	name := a.args[0]
	if err := a.checkName(name); err != nil {
		return err
	}
	role, err := a.lineRole()
	if err != nil {
		return err
	}
	src := strings.Join(a.args[1:], " ")
	kind, _, _ := strings.Cut(strings.TrimSpace(src), " ")
	if _, literal := keyKinds()[kind]; !literal && looksLikeFile(src) { // a key has slashes, too
		b, err := a.read(src)
		if err != nil {
			return err
		}
		src = string(b)
	}
	key, err := parsePublicKey(src)
	if err != nil {
		return err
	}
	line := forcedLine(a.lineCommand(name, role), key)
	if a.on("json") {
		return a.json(struct {
			Schema      string `json:"schema"`
			Line        string `json:"line"`
			Name        string `json:"name"`
			Role        string `json:"role"`
			Fingerprint string `json:"fingerprint"`
		}{"lage/ssh-line/v1", line, name, string(role), key.fingerprint()})
	}
	a.println(line)
	a.warn(text.M("access.line_key", key.fingerprint()))
	a.warn(text.M("access.line_where"))
	a.warn(text.M("access.line_sshd"))
	return nil
}

// lineRole is the role that the line gives.
func (a *app) lineRole() (services.Role, error) {
	role := services.Role(a.flag("role"))
	if !a.on("read-only") {
		return cmp.Or(role, services.Respond), nil
	}
	if role != "" && role != services.View {
		return "", a.usage(text.M("access.err_two_roles", string(role)))
	}
	return services.View, nil
}

// lineCommand is the forced command. The configuration and the database that were named here are named there, too.
func (a *app) lineCommand(name string, role services.Role) string {
	words := []string{"lage", "--as", name, "--role", string(role)}
	for _, f := range []string{"config", "db"} {
		if path := a.flag(f); path != "" {
			if full, err := filepath.Abs(path); err == nil {
				path = full
			}
			words = append(words, "--"+f, path)
		}
	}
	if l := a.flag("lang"); l != "" {
		words = append(words, "--lang", l)
	}
	for i, w := range words {
		words[i] = quoteWord(w)
	}
	return strings.Join(words, " ")
}

// forcedLine writes the line: restrict takes everything away (forwarding, agent, X11), pty gives the terminal back. In the
// quotes of authorized_keys only the quotation mark has to be escaped.
func forcedLine(command string, key publicKey) string {
	return fmt.Sprintf(`restrict,pty,command="%s" %s`, strings.ReplaceAll(command, `"`, `\"`), key.line())
}

// checkName refuses names that could be taken for something else (for an option, for lage itself, or for nothing) and
// those that a timeline would cut.
func (a *app) checkName(name string) error {
	ok := utf8.ValidString(name) && len(name) <= maxName && strings.TrimSpace(name) == name && !strings.HasPrefix(name, "-")
	letters := 0
	for _, r := range name {
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.IsDigit(r), unicode.Is(unicode.Mn, r), strings.ContainsRune(" ._-@'’", r):
		default:
			ok = false
		}
	}
	if !ok || letters == 0 || strings.EqualFold(name, services.System().Name) {
		return a.usage(text.M("access.err_name", name))
	}
	return nil
}
