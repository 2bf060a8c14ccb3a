package runbooks

import (
	"path"
	"strings"
)

// matchesCheck tells whether a glob of the front matter is about a check. A glob without a slash is held against the
// check's own name, too: "start" and "*-db" mean "wohngeld/start" and "wohngeld/wg-db".
func matchesCheck(glob, id string) bool {
	glob, id = strings.ToLower(glob), strings.ToLower(id)
	if glob == "*" || glob == id {
		return true
	}
	ok, err := path.Match(glob, id)
	if err != nil || ok || strings.Contains(glob, "/") {
		return ok && err == nil
	}
	ok, _ = path.Match(glob, path.Base(id)) // the pattern was sound above
	return ok
}
