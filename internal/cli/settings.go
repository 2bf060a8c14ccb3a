package cli

import (
	"encoding/base64"
	"os"
	"os/user"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // zones work on machines without a zone database, too

	"lage/internal/clean"
	"lage/internal/text"
	"lage/services"
)

// localLanguage takes the language of the machine, for everything that is said before a flag or a configuration is read.
func (a *app) localLanguage() {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if l, ok := text.ParseLang(a.env.Getenv(name)); ok {
			a.lang = l
			break
		}
	}
	if l, ok := text.ParseLang(a.env.Getenv("LAGE_LANG")); ok {
		a.lang, a.langFixed = l, true
	}
}

// chooseLanguage takes the language of the flag. An unknown one is refused later, with the other flags.
func (a *app) chooseLanguage(flag string) {
	if l, ok := text.ParseLang(flag); ok {
		a.lang, a.langFixed = l, true
	}
}

// chooseZone takes the zone of the flag, or the machine's until a configuration says otherwise.
func (a *app) chooseZone() error {
	a.zone = a.env.Local
	name := a.flag("tz")
	if name == "" {
		return nil
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		return a.usage(text.M("cli.err_zone", name))
	}
	a.zone, a.zoneFixed = z, true
	return nil
}

// follow takes language and zone of a configuration, where nothing stronger fixed them.
func (a *app) follow(l text.Lang, zone *time.Location) {
	if !a.langFixed && l != "" {
		a.lang = l
	}
	if !a.zoneFixed && zone != nil {
		a.zone = zone
	}
}

// maxName is how many bytes of a person's name are kept: it stands in columns.
const maxName = 80

// person says who acts. The claimed name is --as, on a personal database LAGE_USER, else the account that called sudo, else
// the login name; what the system knows is recorded besides.
func (a *app) person(personal bool) services.Person {
	p := services.Person{OSUser: a.osUser(), Key: a.sshKey(), Role: a.role}
	names := []string{a.flag("as")}
	if personal {
		names = append(names, a.env.Getenv("LAGE_USER"))
	}
	names = append(names, a.env.Getenv("SUDO_USER"), p.OSUser)
	for _, n := range names {
		name, cut := clean.Cut(clean.Line(n), maxName)
		if p.Name = strings.TrimSpace(name); cut {
			p.Name += "…"
		}
		if p.Name != "" {
			break
		}
	}
	return p
}

func (a *app) osUser() string {
	if a.env.OSUser != "" {
		return a.env.OSUser
	}
	if u, err := user.Current(); err == nil {
		return clean.Line(u.Username)
	}
	return "uid " + strconv.Itoa(os.Getuid())
}

// sshKey gives the fingerprint of the key that logged in, where sshd exposes it (ExposeAuthInfo yes).
func (a *app) sshKey() string {
	b, err := os.ReadFile(a.env.Getenv("SSH_USER_AUTH"))
	if err != nil {
		return ""
	}
	for _, line := range strings.Split(string(b), "\n") {
		f := strings.Fields(line)
		if len(f) < 3 || f[0] != "publickey" {
			continue
		}
		if key, err := base64.StdEncoding.DecodeString(f[2]); err == nil {
			return fingerprint(key)
		}
	}
	return ""
}

// utf8Locale tells whether a locale such as "de_DE.UTF-8" can show more than ASCII. "C" and "POSIX" cannot.
func utf8Locale(v string) bool {
	v = strings.ToLower(v)
	return strings.Contains(v, "utf-8") || strings.Contains(v, "utf8")
}
