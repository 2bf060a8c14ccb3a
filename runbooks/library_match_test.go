package runbooks

import (
	"strings"
	"testing"

	"lage/internal/text"
)

func TestMatch(t *testing.T) {
	lib := Library{Books: []*Runbook{
		Parse("anmeldung", "anmeldung.md", []byte("---\nservices: [bundid]\n---\n# A\n")),
		Parse("db/idle", "db/idle.md", []byte("---\nchecks: [\"wohngeld/*\"]\nmatch: [\"idle in transaction\", \"Too many\"]\n---\n# B\n")),
		Parse("hint", "hint.md", []byte("---\nmatch: [ORA-01555]\n---\n# H\n")),
		Parse("login", "login.md", []byte("# Named like the check\n")),
		Parse("platte", "platte.md", []byte("---\nlabels: {team: db, severity: page}\n---\n# L\n")),
		Parse("start", "start.md", []byte("---\nchecks: [wohngeld/start]\nservices: [wohngeld]\n---\n# S\n")),
		Parse("update", "update.md", []byte("---\nkind: maintenance\nservices: [wohngeld]\n---\n# M\n")),
		Parse("wohngeld-antrag", "wohngeld-antrag.md", []byte("# Named like the whole ID\n")),
		Parse("wildfang", "wildfang.md", []byte("---\nchecks: [\"[\"]\n---\n# broken pattern\n")),
	}}
	for name, c := range map[string]struct {
		w    Wanted
		want string
	}{
		"named before pattern":       {Wanted{Checks: []string{"wohngeld/start"}, Service: "wohngeld"}, "start: matches check wohngeld/start, for service wohngeld; db/idle: matches check wohngeld/start"},
		"what is said decides":       {Wanted{Checks: []string{"wohngeld/start"}, Said: []string{"42 connections IDLE in transaction"}}, "db/idle: the message contains “idle in transaction”, matches check wohngeld/start; start: matches check wohngeld/start"},
		"said alone is a hint":       {Wanted{Checks: []string{"bundid/login"}, Service: "bundid", Said: []string{"too MANY cooks, ora-01555"}}, "login: matches check bundid/login; anmeldung: for service bundid; db/idle: the message contains “Too many”; hint: the message contains “ORA-01555”"},
		"the best of several":        {Wanted{Checks: []string{"wohngeld/antrag", "wohngeld/start"}}, "start: matches check wohngeld/start; db/idle: matches check wohngeld/antrag; wohngeld-antrag: matches check wohngeld/antrag"},
		"labels":                     {Wanted{Labels: map[string]string{"team": "db", "severity": "page", "x": "y"}}, "platte: matches severity=page, team=db"},
		"not all the labels":         {Wanted{Labels: map[string]string{"team": "db"}}, ""},
		"nothing":                    {Wanted{}, ""},
		"never for maintenance only": {Wanted{Service: "wohngeld"}, "start: for service wohngeld"},
	} {
		var got []string
		for _, m := range lib.Match(c.w) {
			got = append(got, m.Book.Name+": "+m.Why(text.English))
		}
		if g := strings.Join(got, "; "); g != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, g, c.want)
		}
	}
}

func TestMatchesCheck(t *testing.T) {
	for _, c := range []struct {
		glob, id string
		want     bool
	}{{"start", "wohngeld/start", true}, {"st*", "wohngeld/start", true}, {"*", "a/b", true}, {"wohngeld/*", "wohngeld/start", true},
		{"wohngeld/*", "kfz/start", false}, {"*/start", "kfz/Start", true}, {"star", "wohngeld/start", false}, {"[", "a/[", false}} {
		if got := matchesCheck(c.glob, c.id); got != c.want {
			t.Errorf("%q about %q: %v", c.glob, c.id, got)
		}
	}
}
