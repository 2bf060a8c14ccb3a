package config

import (
	"os"
	"path/filepath"
	"testing"
)

func environment(kv map[string]string) func(string) string {
	return func(n string) string { return kv[n] }
}

func TestFind(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	write := func(name string) string {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		return p
	}
	here, xdg, home, other := write("lage.yaml"), write("xdg/lage/lage.yaml"), write("home/.config/lage/lage.yaml"), write("other.yaml")
	both := environment(map[string]string{"XDG_CONFIG_HOME": filepath.Join(dir, "xdg"), "HOME": filepath.Join(dir, "home")})
	homeOnly := environment(map[string]string{"XDG_CONFIG_HOME": "relative", "HOME": filepath.Join(dir, "home")})
	nobody := environment(nil)
	for _, c := range []struct {
		flag, env string
		getenv    func(string) string
		path      string
		found     bool
		tried     int
	}{
		{"", "", both, xdg, true, 1},
		{"", "", homeOnly, home, true, 1},
		{"", other, both, other, true, 1},
		{here, other, both, here, true, 1},
		{".", "", both, "lage.yaml", true, 1},
		{dir, "", both, here, true, 1},
		{"nothing.yaml", other, both, "nothing.yaml", false, 1},
		{"", "nothing.yaml", both, "nothing.yaml", false, 1},
		{"xdg", "", both, "xdg/lage.yaml", false, 1},
	} {
		path, tried, found := Find(c.flag, c.env, c.getenv)
		if path != c.path || found != c.found || len(tried) != c.tried || tried[0] != c.path {
			t.Errorf("%+v: %q %v %v", c, path, tried, found)
		}
	}
	// Whatever this machine has in /etc, the current folder is not looked at.
	path, tried, _ := Find("", "", nobody)
	if len(tried) != 1 || tried[0] != SystemConfig || path != "" && path != SystemConfig {
		t.Error(path, tried)
	}
}

func TestDefaultFolders(t *testing.T) {
	for _, c := range []struct {
		env         map[string]string
		db, reports string
	}{
		{map[string]string{"HOME": "/h"}, "/h/.local/state/lage/lage.db", "/h/.local/share/lage/reports"},
		{map[string]string{"HOME": "/h", "XDG_STATE_HOME": "/s", "XDG_DATA_HOME": "/d"}, "/s/lage/lage.db", "/d/lage/reports"},
		{map[string]string{"HOME": "/h", "XDG_STATE_HOME": "s"}, "/h/.local/state/lage/lage.db", "/h/.local/share/lage/reports"},
		{map[string]string{"HOME": "/h", "STATE_DIRECTORY": "/var/lib/lage:/var/lib/x"}, "/var/lib/lage/lage.db", "/var/lib/lage/reports"},
		{map[string]string{"HOME": "/h", "STATE_DIRECTORY": "/s", "LAGE_DB": "/x.db"}, "/x.db", "/s/reports"},
		{nil, "", ""},
	} {
		getenv := environment(c.env)
		if db := DefaultDB(getenv); db != c.db {
			t.Errorf("%v: database %q, want %q", c.env, db, c.db)
		}
		if r := DefaultReports(getenv); r != c.reports {
			t.Errorf("%v: reports %q, want %q", c.env, r, c.reports)
		}
	}
}
