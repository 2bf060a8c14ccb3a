package runbooks

import (
	"regexp"
	"strings"
)

// The tests of readonly.go for programs with subcommands and languages of their own. Each gives true only when the
// arguments are known to read.

// verbs walks over the options in front of a subcommand. It gives the words from the subcommand on, or nil when an
// expansion before it could be anything.
func verbs(args []string, withValue ...string) []string {
	for i := 0; i < len(args); i++ {
		a := args[i]
		if strings.Contains(a, "\x01") || strings.HasPrefix(a, "\x00") {
			if i == 0 || !has(withValue, args[i-1]) || strings.Contains(a, "\x01") {
				return nil
			}
		}
		switch {
		case has(withValue, a):
			if i+1 < len(args) && strings.Contains(args[i+1], "\x01") {
				return nil
			}
			i++
		case strings.HasPrefix(a, "-"):
		default:
			return args[i:]
		}
	}
	return nil
}

var kubeValue = []string{"-n", "--namespace", "--context", "--cluster", "--kubeconfig", "-s", "--server", "--as", "--as-group", "--user", "--request-timeout", "-l", "--selector", "-o"}

func safeKubectl(args []string) bool {
	v := verbs(args, kubeValue...)
	if len(v) == 0 {
		return false
	}
	second := ""
	if w := verbs(v[1:], kubeValue...); len(w) > 0 {
		second = w[0]
	}
	switch v[0] {
	case "get", "describe", "logs", "top", "version", "api-resources", "api-versions", "explain", "events", "status", "whoami", "projects":
		return true
	case "cluster-info":
		return second != "dump"
	case "auth":
		return second == "can-i" || second == "whoami"
	case "config":
		return second == "view" || second == "get-contexts" || second == "current-context" || second == "get-clusters"
	case "rollout":
		return second == "status" || second == "history"
	case "adm":
		return second == "top" || second == "node-logs"
	}
	return false
}

func safeSystemctl(args []string) bool {
	v := verbs(args, "-t", "--type", "-p", "--property", "-n", "--lines", "-o", "--state", "-H", "--host")
	if len(v) == 0 {
		return false
	}
	return has([]string{"status", "is-active", "is-enabled", "is-failed", "is-system-running", "show", "cat"}, v[0]) || strings.HasPrefix(v[0], "list-")
}

func safeDocker(args []string) bool {
	v := verbs(args, "-H", "--host", "--context", "-c", "-f", "--file", "-p", "--project-name")
	if len(v) == 0 {
		return false
	}
	switch v[0] {
	case "ps", "logs", "inspect", "images", "stats", "version", "info", "top", "port", "diff":
		return true
	case "compose":
		w := verbs(v[1:], "-f", "--file", "-p", "--project-name", "--profile", "--env-file")
		return len(w) > 0 && has([]string{"ps", "logs", "top", "images", "ls", "version", "config"}, w[0])
	case "container", "image", "volume", "network", "service", "node":
		return len(v) > 1 && has([]string{"ls", "list", "inspect", "ps", "logs"}, v[1])
	case "system":
		return len(v) > 1 && (v[1] == "df" || v[1] == "info")
	}
	return false
}

func safeTerraform(args []string) bool {
	for len(args) > 0 && strings.HasPrefix(args[0], "-chdir=") {
		args = args[1:]
	}
	if len(args) == 0 {
		return false
	}
	switch args[0] {
	case "show", "output", "version":
		return true
	case "state":
		return len(args) > 1 && (args[1] == "list" || args[1] == "show")
	case "workspace":
		return len(args) > 1 && (args[1] == "list" || args[1] == "show")
	}
	return false
}

// curlFlags are the short options of curl that only shape a request for reading; those in curlTakes have a value.
const (
	curlFlags = "sSvikIfLgN46G0"
	curlTakes = "mHuwAexEr"
)

var curlLong = map[string]bool{ // true: takes a value
	"--silent": false, "--show-error": false, "--verbose": false, "--include": false, "--insecure": false, "--head": false, "--fail": false, "--fail-with-body": false, "--location": false,
	"--globoff": false, "--no-buffer": false, "--ipv4": false, "--ipv6": false, "--compressed": false, "--http1.1": false, "--http2": false, "--tlsv1.2": false, "--tlsv1.3": false, "--no-progress-meter": false,
	"--max-time": true, "--connect-timeout": true, "--header": true, "--user": true, "--write-out": true, "--user-agent": true, "--referer": true, "--proxy": true, "--cert": true, "--key": true,
	"--cacert": true, "--resolve": true, "--retry": true, "--retry-delay": true, "--connect-to": true, "--interface": true, "--range": true, "--unix-socket": true, "--noproxy": true, "--max-redirs": true,
}

func safeCurl(args []string) bool {
	urls := 0
	for i := 0; i < len(args); i++ {
		a := args[i]
		switch {
		case strings.HasPrefix(a, "--"):
			name, _, inline := strings.Cut(a, "=")
			takes, ok := curlLong[name]
			if !ok {
				return false
			}
			if takes && !inline {
				i++
				if i < len(args) && strings.Contains(args[i], "%output") {
					return false
				}
			}
		case a == "-o" && i+1 < len(args) && args[i+1] == "/dev/null", a == "-so" && i+1 < len(args) && args[i+1] == "/dev/null":
			i++
		case strings.HasPrefix(a, "-") && len(a) > 1:
			skip, ok := curlGroup(a[1:], args[min(i+1, len(args)):])
			if !ok {
				return false
			}
			i += skip
		default:
			urls++
		}
	}
	return urls > 0
}

// curlGroup reads a group of short options; skip is 1 when the last takes the next word.
func curlGroup(group string, next []string) (skip int, ok bool) {
	for j := range len(group) {
		c := group[j]
		switch {
		case strings.IndexByte(curlFlags, c) >= 0:
		case c == 'o' && j == len(group)-1 && len(next) > 0 && next[0] == "/dev/null":
			return 1, true
		case strings.IndexByte(curlTakes, c) >= 0:
			value := group[j+1:]
			if value == "" && len(next) > 0 {
				value, skip = next[0], 1
			}
			return skip, !strings.Contains(value, "%output")
		default:
			return 0, false
		}
	}
	return 0, true
}

func safeOpenSSL(args []string) bool {
	if len(args) == 0 || !has([]string{"s_client", "x509", "verify", "version", "crl", "req", "rsa", "ocsp"}, args[0]) {
		return false
	}
	for _, a := range args {
		if has([]string{"-out", "-sess_out", "-writerand", "-keylogfile", "-msgfile", "-new", "-newkey", "-keyout", "-x509", "-CAcreateserial", "-respout", "-reqout", "-signkey"}, a) && args[0] != a {
			return false
		}
	}
	return true
}

func safeGit(args []string) bool {
	for len(args) > 0 && (args[0] == "--no-pager" || args[0] == "-C" && len(args) > 1) {
		if args[0] == "-C" {
			args = args[1:]
		}
		args = args[1:]
	}
	if len(args) == 0 || !without("--output", "--ext-diff", "--textconv", "--open-files-in-pager")(args) {
		return false
	}
	switch args[0] {
	case "status", "log", "diff", "show", "rev-parse", "describe", "ls-files", "ls-remote", "blame", "shortlog", "ls-tree", "cat-file":
		return true
	case "branch", "remote", "tag", "stash":
		return args[0] != "stash" && (len(args) == 1 || len(args) == 2 && has([]string{"-v", "-vv", "-a", "-r", "--list", "-l"}, args[1])) || args[0] == "stash" && len(args) == 2 && args[1] == "list"
	}
	return false
}

func safeDate(args []string) bool {
	for i, a := range args {
		if a == "-s" || strings.HasPrefix(a, "--set") || shortHas(a, 's') {
			return false
		}
		if !strings.HasPrefix(a, "-") && !strings.HasPrefix(a, "+") && (i == 0 || args[i-1] != "-d" && args[i-1] != "--date" && args[i-1] != "-r") {
			return false
		}
	}
	return true
}

func safeIP(args []string) bool {
	v := verbs(args)
	if len(v) == 0 || !has([]string{"a", "addr", "address", "link", "l", "route", "r", "neigh", "n", "rule"}, v[0]) {
		return false
	}
	return len(v) == 1 || has([]string{"show", "list", "ls", "get", "s"}, v[1])
}

var sedScript = regexp.MustCompile(`^(?:(?:\d+|\$|/[^/\n]*/)(?:,(?:\d+|\$|/[^/\n]*/))?!?[pdq=]|s([/|#,:@])[^\n;]*)$`)

// safeSed knows printing, deleting and plain substitution. The commands w, e and r of sed reach files and programs.
func safeSed(args []string) bool {
	scripts, files := []string{}, 0
	for i := 0; i < len(args); i++ {
		switch a := args[i]; {
		case a == "-e" || a == "--expression":
			if i++; i < len(args) {
				scripts = append(scripts, args[i])
			}
		case a == "-n" || a == "-E" || a == "-r" || a == "-s" || a == "-u":
		case strings.HasPrefix(a, "-"):
			return false
		default:
			files++
			if files == 1 && len(scripts) == 0 {
				scripts = append(scripts, a)
			}
		}
	}
	for _, s := range scripts {
		m := sedScript.FindStringSubmatch(s)
		if m == nil {
			return false
		}
		if m[1] != "" && strings.Trim(s[strings.LastIndex(s, m[1])+1:], "gpiI0123456789") != "" {
			return false
		}
	}
	return len(scripts) > 0
}

func safeAWS(args []string) bool {
	v := verbs(args, "--profile", "--region", "--output", "--query", "--endpoint-url")
	if len(v) < 2 {
		return false
	}
	op := v[1]
	if has([]string{"get-object", "get-object-torrent", "get-export", "get-sdk", "get-session-token", "get-job-output", "get-federation-token"}, op) {
		return false
	}
	return strings.HasPrefix(op, "describe-") || strings.HasPrefix(op, "list-") || strings.HasPrefix(op, "get-") || op == "ls" || op == "head-object" || op == "head-bucket"
}

var plainVerb = regexp.MustCompile(`^[a-z][a-z-]*$`)

// safeVerb is for command lines whose verb comes last: gcloud compute instances list, az vm show.
func safeVerb(args []string) bool {
	for i, a := range args {
		switch {
		case a == "list" || a == "show" || a == "describe" && i > 0:
			return i > 0
		case !plainVerb.MatchString(a) || has([]string{"create", "delete", "update", "set", "add", "remove", "start", "stop", "reset", "restart", "ssh", "scp", "deploy", "unset", "rm", "run", "invoke"}, a):
			return false
		}
	}
	return false
}

func safeRedis(args []string) bool {
	v := verbs(args, "-h", "-p", "-a", "-n", "-s", "-u", "--user", "--pass", "-r", "-i")
	if len(v) == 0 || has(args, "-x") {
		return false
	}
	second := ""
	if len(v) > 1 {
		second = strings.ToLower(v[1])
	}
	switch strings.ToLower(v[0]) {
	case "info", "ping", "get", "llen", "dbsize", "ttl", "type", "exists", "scard", "zcard", "hlen", "hgetall", "role", "lastsave", "smembers", "lrange", "time":
		return true
	case "config", "slowlog":
		return second == "get" || second == "len"
	case "cluster":
		return second == "info" || second == "nodes" || second == "slots"
	case "sentinel":
		return second == "masters" || second == "master" || second == "slaves" || second == "replicas" || second == "get-master-addr-by-name"
	case "client":
		return second == "list"
	}
	return false
}

func safeEtcd(args []string) bool {
	v := verbs(args, "--endpoints", "--cacert", "--cert", "--key", "-w", "--write-out")
	if len(v) == 0 {
		return false
	}
	switch v[0] {
	case "version", "get", "cluster-health":
		return true
	case "endpoint":
		return len(v) > 1 && has([]string{"health", "status", "hashkv"}, v[1])
	case "member", "alarm":
		return len(v) > 1 && v[1] == "list"
	}
	return false
}

func safeCeph(args []string) bool {
	if len(args) == 1 && (args[0] == "-s" || args[0] == "status" || args[0] == "health" || args[0] == "df" || args[0] == "version" || args[0] == "versions") {
		return true
	}
	return len(args) > 1 && (args[0] == "health" && args[1] == "detail" || args[0] == "df" && args[1] == "detail" ||
		(args[0] == "osd" || args[0] == "mon" || args[0] == "pg") && has([]string{"tree", "df", "stat", "dump", "perf", "status"}, args[1]))
}

var (
	sqlCall  = regexp.MustCompile(`([a-z_][a-z0-9_.]*)\s*\(`)
	sqlBad   = regexp.MustCompile(`(?i)\b(into|insert|update|delete|drop|truncate|alter|create|grant|revoke|call|do|copy|lock|set|execute|analyze|for\s+share)\b|--|/\*|\\`)
	sqlMeta  = regexp.MustCompile(`^\\(l|d[a-zA-Z]*|conninfo)\+?(\s+[\w.*"]+)?$`)
	sqlFuncs = set(`count sum min max avg now round coalesce lower upper length date_trunc extract age pg_size_pretty pg_database_size pg_total_relation_size pg_relation_size pg_is_in_recovery
		pg_last_xact_replay_timestamp pg_last_wal_receive_lsn pg_last_wal_replay_lsn pg_current_wal_lsn pg_wal_lsn_diff version current_database to_char array_agg string_agg row_number substring greatest least nullif concat
		in and or not values over filter exists as on from where select distinct between like any all cast trim left right date interval abs floor ceil`)
	sqlValue = []string{"-h", "-U", "-d", "-p", "-u", "-P", "-D", "-S", "--host", "--username", "--dbname", "--port", "--user", "--database", "--socket", "-F", "--field-separator"}
)

// safeSQL wants exactly one statement that selects, shows or explains, with known functions only.
func safeSQL(flag, long string) func([]string) bool {
	return func(args []string) bool {
		found := 0
		for i := 0; i < len(args); i++ {
			a := args[i]
			var sql string
			switch {
			case a == long && i+1 < len(args), !strings.HasPrefix(a, "--") && strings.HasPrefix(a, "-") && strings.HasSuffix(a, flag[1:]) && i+1 < len(args) && !has(sqlValue, a):
				i++
				sql = args[i]
			case strings.HasPrefix(a, long+"="):
				sql = a[len(long)+1:]
			case has(sqlValue, a):
				i++
				continue
			case strings.HasPrefix(a, "-f") || strings.HasPrefix(a, "--file") || strings.HasPrefix(a, "-o") || strings.HasPrefix(a, "--output") || strings.HasPrefix(a, "-L") || strings.HasPrefix(a, "--log") || strings.HasPrefix(a, "--tee") || strings.HasPrefix(a, "-v") || strings.HasPrefix(a, "--set") || strings.HasPrefix(a, "--init"):
				return false
			default:
				continue
			}
			found++
			if !readsSQL(sql) {
				return false
			}
		}
		return found == 1
	}
}

func readsSQL(sql string) bool {
	s := strings.TrimSpace(sql)
	if sqlMeta.MatchString(s) {
		return true
	}
	s = strings.ToLower(strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(s, `\G`), ";")))
	if strings.Contains(s, ";") || sqlBad.MatchString(s) || !(strings.HasPrefix(s, "select ") || strings.HasPrefix(s, "show ") || strings.HasPrefix(s, "explain select ")) {
		return false
	}
	for _, m := range sqlCall.FindAllStringSubmatch(s, -1) {
		if !sqlFuncs[m[1]] {
			return false
		}
	}
	return true
}
