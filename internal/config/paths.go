package config

import (
	"os"
	"path/filepath"
	"strings"
)

// Where a system-wide installation keeps its files.
const (
	SystemConfig  = "/etc/lage/lage.yaml"
	SystemDB      = "/var/lib/lage/lage.db"
	SystemReports = "/var/lib/lage/reports"
)

const fileName = "lage.yaml"

// Find looks for the configuration: the flag (-c), the value of LAGE_CONFIG, the user's file, the system's. A folder
// stands for the lage.yaml in it, so "-c ." is ./lage.yaml; without it the current folder is never looked at, because a
// configuration can run commands.
//
// A flag or value that names nothing is not skipped over: path names it, and found is false. Otherwise path is empty
// when nothing was found. tried lists all places that were looked at.
func Find(flag, env string, getenv func(string) string) (path string, tried []string, found bool) {
	for _, named := range []string{flag, env} {
		if named == "" {
			continue
		}
		if fi, err := os.Stat(named); err == nil && fi.IsDir() {
			named = filepath.Join(named, fileName)
		}
		return named, []string{named}, isFile(named)
	}
	places := []string{SystemConfig}
	if user := UserConfig(getenv); user != "" {
		places = []string{user, SystemConfig}
	}
	for _, p := range places {
		tried = append(tried, p)
		if isFile(p) {
			return p, tried, true
		}
	}
	return "", tried, false
}

func isFile(path string) bool {
	fi, err := os.Stat(path)
	return err == nil && !fi.IsDir()
}

// UserConfig is where the user's own configuration belongs; empty when the environment names no home.
func UserConfig(getenv func(string) string) string {
	return below(userFolder(getenv, "XDG_CONFIG_HOME", ".config"), fileName)
}

// DefaultDB is where the database belongs: LAGE_DB, the service's state folder (systemd), the user's. It is empty when
// the environment names none of them. A console on the SystemConfig uses SystemDB instead.
func DefaultDB(getenv func(string) string) string {
	if db := getenv("LAGE_DB"); db != "" {
		return db
	}
	if state := stateDirectory(getenv); state != "" {
		return filepath.Join(state, "lage.db")
	}
	return below(userFolder(getenv, "XDG_STATE_HOME", ".local/state"), "lage.db")
}

// DefaultReports is where exports belong, by the same rules.
func DefaultReports(getenv func(string) string) string {
	if state := stateDirectory(getenv); state != "" {
		return filepath.Join(state, "reports")
	}
	return below(userFolder(getenv, "XDG_DATA_HOME", ".local/share"), "reports")
}

// stateDirectory is the first folder of systemd's STATE_DIRECTORY.
func stateDirectory(getenv func(string) string) string {
	first, _, _ := strings.Cut(getenv("STATE_DIRECTORY"), ":")
	return first
}

// userFolder is our folder in one of the user's base folders. Relative ones are ignored, as the standard for them says.
func userFolder(getenv func(string) string, name, fallback string) string {
	if base := getenv(name); filepath.IsAbs(base) {
		return filepath.Join(base, "lage")
	}
	if home := getenv("HOME"); filepath.IsAbs(home) {
		return filepath.Join(home, fallback, "lage")
	}
	return ""
}

func below(folder, name string) string {
	if folder == "" {
		return ""
	}
	return filepath.Join(folder, name)
}
