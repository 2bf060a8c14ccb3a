package runbooks

import (
	"regexp"
	"strings"
)

// isReadOnly tells whether every command of a script is known to change nothing. Whatever is not known with certainty is
// not read-only: an unknown program, a file written, an argument that could be an option.
func isReadOnly(sc script) bool {
	if !sc.ok || sc.writes || len(sc.commands) == 0 {
		return false
	}
	for _, c := range sc.commands {
		if !readsOnly(c, 0) {
			return false
		}
	}
	return true
}

// untrustedVar are variables that may turn a command into another one.
var untrustedVar = regexp.MustCompile(`^(PATH|LD_.*|BASH.*|ENV|IFS|SHELLOPTS|PS4|PROMPT_COMMAND|.*PAGER|.*EDITOR|GIT_.*|LESS.*|PERL.*|PYTHON.*|RUBY.*|NODE_.*|SYSTEMD_.*|OPENSSL_.*|CURL_.*|HTTPS?_PROXY)$`)

func readsOnly(c command, depth int) bool {
	for _, v := range c.vars {
		if untrustedVar.MatchString(strings.ToUpper(v)) {
			return false
		}
	}
	if len(c.words) == 0 {
		return true // assignments only
	}
	if depth > 6 || !c.words[0].known || c.words[0].text != c.name() && !strings.HasPrefix(c.words[0].text, "/usr/bin/") && !strings.HasPrefix(c.words[0].text, "/bin/") && !strings.HasPrefix(c.words[0].text, "/usr/sbin/") && !strings.HasPrefix(c.words[0].text, "/sbin/") {
		return false
	}
	switch c.name() {
	case "sudo", "doas", "nice", "ionice", "nohup", "time", "timeout", "env", "command", "builtin", "stdbuf", "xargs", "watch", "ssh", "bash", "sh", "kubectl", "oc", "k", "docker", "podman", "nerdctl":
		in, runs, ok := c.inner()
		if !ok {
			return false
		}
		if runs && c.name() == "xargs" { // what comes in could be an option
			for i := range in {
				in[i].words = append(in[i].words[:len(in[i].words):len(in[i].words)], word{text: "\x01"})
			}
		}
		if runs {
			return innerReadsOnly(c, in, depth)
		}
		if c.name() == "env" {
			return true
		}
	case "strace", "setsid", "exec", "chroot", "eval", "zsh", "dash":
		return false
	}
	r, ok := readers[c.name()]
	if !ok || !r.any && !allKnown(c.words) {
		return false
	}
	return r.test == nil || r.test(c.args())
}

var sshSafe = regexp.MustCompile(`(?i)^(BatchMode|ConnectTimeout|StrictHostKeyChecking|UserKnownHostsFile|LogLevel|ServerAlive\w+|User|Port|IdentitiesOnly|ConnectionAttempts)=`)

// innerReadsOnly looks at what a wrapper runs. Options of the wrapper that do more than run it are refused.
func innerReadsOnly(c command, in []command, depth int) bool {
	args := c.args()
	switch c.name() {
	case "ssh":
		if !allKnown(c.words) {
			return false
		}
		for i, a := range args {
			switch {
			case a == "-o" && (i+1 >= len(args) || !sshSafe.MatchString(args[i+1])), strings.HasPrefix(a, "-o") && len(a) > 2 && !sshSafe.MatchString(a[2:]):
				return false
			case a == "-F" || a == "-L" || a == "-R" || a == "-D" || a == "-w" || a == "-W" || a == "-S" || a == "-O" || a == "-E" || a == "-A" || a == "-f":
				return false
			}
		}
	case "kubectl", "oc", "k":
		if !has(args, "exec") || strings.Contains(strings.Join(args[:max(index(args, "--"), 0)], " "), "\x01") {
			return false
		}
	case "docker", "podman", "nerdctl":
		if has(args, "-d") || has(args, "--detach") || !allKnown(c.words) {
			return false
		}
	}
	for _, i := range in {
		if !readsOnly(i, depth+1) {
			return false
		}
	}
	return len(in) > 0
}

func allKnown(ws []word) bool {
	for _, w := range ws {
		if !w.known {
			return false
		}
	}
	return true
}

// reader says when a program only reads.
type reader struct {
	any  bool                     // expansions among the arguments cannot change that
	test func(args []string) bool // nil: always
}

// readers is the allow-list.
var readers = makeReaders()

func makeReaders() map[string]reader {
	m := map[string]reader{}
	for n := range set(`df free uptime ps du w who whoami id uname lsblk lscpu lsmod lsof lspci lsusb nproc arch groups pwd cd grep egrep fgrep zgrep cat zcat head wc ls stat cut nl tac rev fold paste join comm cmp
		basename dirname realpath readlink md5sum sha1sum sha256sum sha512sum cksum strings hexdump getent getfacl lsattr pgrep pidof pstree printf echo test true false : sleep seq jq which type tr column traceroute tracepath findmnt
		vmstat iostat mpstat pidstat nproc numfmt expr [ base64 last lastlog printenv locale dig host pvs vgs lvs pvdisplay vgdisplay lvdisplay pg_isready`) {
		m[n] = reader{any: true}
	}
	for n, t := range map[string]func([]string) bool{
		"tail": without("-f", "-F", "--follow", "--retry"), "sort": without("-o", "--output", "--compress-program"), "uniq": positionals(1), "find": without("-delete", "-exec", "-execdir", "-ok", "-okdir", "-fprint", "-fprint0", "-fprintf", "-fls"),
		"ss": without("-K", "--kill"), "netstat": nil, "sed": safeSed, "yq": without("-i", "--inplace", "-s"), "tree": without("-o"), "xxd": positionals(1), "od": nil, "diff": without("--output"),
		"date": safeDate, "hostname": positionals(0), "hostnamectl": only("", "status"), "timedatectl": only("", "status", "show", "timesync-status"), "dmesg": without("-c", "-C", "-D", "-E", "-n", "--clear", "--read-clear", "--console-off", "--console-on", "--console-level"),
		"ping": needs("-c"), "ping6": needs("-c"), "nc": func(a []string) bool {
			return len(a) > 0 && strings.HasPrefix(a[0], "-") && strings.Contains(a[0], "z")
		}, "nslookup": func(a []string) bool { return len(a) > 0 }, "top": needs("-b"), "ip": safeIP,
		"systemctl": safeSystemctl, "journalctl": without("--vacuum", "--rotate", "--flush", "--sync", "--relinquish-var", "--smart-relinquish-var", "--setup-keys", "--update-catalog"), "loginctl": prefixed("list-", "show-", "session-status", "user-status"),
		"curl": safeCurl, "openssl": safeOpenSSL, "git": safeGit, "kubectl": safeKubectl, "k": safeKubectl, "oc": safeKubectl, "docker": safeDocker, "podman": safeDocker, "nerdctl": safeDocker, "crictl": first("ps", "logs", "inspect", "images", "pods", "stats", "info", "version", "inspectp", "inspecti"),
		"helm": first("list", "ls", "status", "get", "history", "version"), "terraform": safeTerraform, "tofu": safeTerraform, "psql": safeSQL("-c", "--command"), "mysql": safeSQL("-e", "--execute"), "mariadb": safeSQL("-e", "--execute"),
		"mysqladmin": anyOf("ping", "status", "processlist", "extended-status", "version", "variables"), "redis-cli": safeRedis, "aws": safeAWS, "gcloud": safeVerb, "az": safeVerb, "openstack": safeVerb, "crontab": onlyFlags("-l"), "smartctl": onlyFlags("-a", "-H", "-i", "-x", "-A"),
		"etcdctl": safeEtcd, "rabbitmqctl": prefixed("status", "cluster_status", "list_", "ping", "node_health_check", "environment"), "rabbitmq-diagnostics": prefixed("status", "check_", "ping", "cluster_status", "list_", "alarms", "memory_breakdown", "listeners", "is_"),
		"ceph": safeCeph, "nginx": onlyFlags("-t", "-T", "-v", "-V", "-q"), "apachectl": only("configtest", "status", "-t", "-S"), "apache2ctl": only("configtest", "status", "-t", "-S"), "consul": only("members", "info", "version"), "vault": only("status", "version"),
		"gitlab-ctl": first("status", "service-list"), "supervisorctl": first("status", "avail"), "chronyc": prefixed("tracking", "sources", "sourcestats", "activity", "ntpdata"), "ntpq": onlyFlags("-p", "-pn", "-np", "-c"), "virsh": first("list", "dominfo", "domstate", "nodeinfo"),
		"pcs": only("status"), "drbdadm": first("status", "dstate", "cstate", "role"), "multipath": onlyFlags("-ll", "-l"), "mount": positionals(0), "set": func(a []string) bool { return len(a) > 0 && strings.HasPrefix(a[0], "-") }, "export": nil, "local": nil, "declare": nil, "service": lastIs("status"),
		"patronictl": anyOf("list", "history", "topology"), "repmgr": anyOf("show"), "zpool": first("status", "list"), "zfs": first("list", "get"), "less": func([]string) bool { return false },
	} {
		m[n] = reader{test: t}
	}
	for _, n := range []string{"kubectl", "oc", "k", "systemctl", "docker", "podman", "export", "helm", "rabbitmqctl"} { // their tests look at the words before the verb themselves
		m[n] = reader{any: true, test: m[n].test}
	}
	return m
}

func without(flags ...string) func([]string) bool {
	return func(args []string) bool {
		for _, a := range args {
			for _, f := range flags {
				long := len(f) > 2 // long options may be followed by = or stand for a family: --vacuum-time
				if a == f || long && strings.HasPrefix(a, f) || !long && shortHas(a, f[1]) {
					return false
				}
			}
		}
		return true
	}
}

// shortHas tells whether a group of short options such as -nf holds c.
func shortHas(a string, c byte) bool {
	return len(a) > 1 && a[0] == '-' && a[1] != '-' && strings.IndexByte(a, c) > 0
}

func positionals(n int) func([]string) bool {
	return func(args []string) bool {
		k := 0
		for _, a := range args {
			if !strings.HasPrefix(a, "-") {
				k++
			}
		}
		return k <= n
	}
}

func needs(flag string) func([]string) bool {
	return func(args []string) bool {
		for _, a := range args {
			if strings.HasPrefix(a, flag) || shortHas(a, flag[1]) {
				return true
			}
		}
		return false
	}
}

// only allows one of the words as the sole positional argument; "" allows none at all.
func only(words ...string) func([]string) bool {
	return func(args []string) bool {
		if len(args) == 0 {
			return has(words, "")
		}
		return has(words, args[0]) && positionals(1)(args)
	}
}

// first allows the words as the first argument.
func first(words ...string) func([]string) bool {
	return func(args []string) bool { return len(args) > 0 && has(words, args[0]) }
}

func prefixed(starts ...string) func([]string) bool {
	return func(args []string) bool {
		for _, a := range args {
			if strings.HasPrefix(a, "-") {
				continue
			}
			for _, s := range starts {
				if a == s || strings.HasPrefix(a, s) && (strings.HasSuffix(s, "_") || strings.HasSuffix(s, "-")) {
					return true
				}
			}
			return false
		}
		return false
	}
}

// anyOf wants one of the words and allows only options besides.
func anyOf(words ...string) func([]string) bool {
	return func(args []string) bool {
		found := false
		for i, a := range args {
			switch {
			case has(words, a):
				found = true
			case !strings.HasPrefix(a, "-") && !found && (i == 0 || !strings.HasPrefix(args[i-1], "-")):
				return false
			}
		}
		return found
	}
}

func onlyFlags(flags ...string) func([]string) bool {
	return func(args []string) bool {
		ok := false
		for _, a := range args {
			if strings.HasPrefix(a, "-") && !has(flags, a) {
				return false
			}
			ok = ok || has(flags, a)
		}
		return ok
	}
}

func lastIs(word string) func([]string) bool {
	return func(args []string) bool { return len(args) > 0 && args[len(args)-1] == word }
}
