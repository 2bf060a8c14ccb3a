package runbooks

import "strings"

// Options that take the next word.
var (
	sudoTakes = []string{"-u", "-g", "-h", "-p", "-U", "-C", "-D", "-R", "-T", "--user", "--group", "--host", "--prompt", "--chdir"}
	sshTakes  = []string{"-b", "-c", "-D", "-E", "-e", "-F", "-I", "-i", "-J", "-L", "-l", "-m", "-O", "-o", "-p", "-Q", "-R", "-S", "-W", "-w", "-B"}
)

// inner gives the commands that a command runs for others: sudo systemctl, ssh host cmd, bash -c, xargs, kubectl exec --.
// ok is false when it runs something that cannot be told. The command itself is not among them.
func (c command) inner() (out []command, runs, ok bool) {
	args, rest := c.args(), c.rest
	switch c.name() {
	case "sudo", "doas":
		return rest(skipOptions(args, sudoTakes...))
	case "nice", "ionice", "chrt", "taskset":
		return rest(skipOptions(args, "-n", "-c", "-p", "--adjustment"))
	case "nohup", "time", "exec", "command", "builtin", "setsid", "stdbuf", "unbuffer", "strace":
		return rest(skipOptions(args, "-e", "-o", "-p"))
	case "timeout":
		return rest(skipOptions(args, "-s", "-k", "--signal", "--kill-after") + 1)
	case "env":
		i := skipOptions(args, "-u", "-C", "--unset", "--chdir")
		for i < len(args) && strings.Contains(args[i], "=") {
			i++
		}
		return rest(i)
	case "watch":
		i := skipOptions(args, "-n", "--interval")
		if i >= len(args) {
			return nil, false, true
		}
		return nested(strings.Join(args[i:], " "))
	case "xargs":
		return rest(skipOptions(args, "-I", "-n", "-P", "-L", "-d", "-a", "-s", "-E", "--max-args", "--max-procs", "--delimiter"))
	case "bash", "sh", "zsh", "dash", "ash", "ksh":
		for i, a := range args {
			if strings.HasPrefix(a, "-") && !strings.HasPrefix(a, "--") && strings.HasSuffix(a, "c") && i+1 < len(args) {
				return nested(args[i+1])
			}
		}
		return nil, len(args) > 0 || c.fed, len(args) == 0 && !c.fed
	case "eval":
		return nested(strings.Join(args, " "))
	case "ssh":
		i := skipOptions(args, sshTakes...)
		if i+1 >= len(args) {
			return nil, false, true
		}
		if args[i+1] == "--" {
			i++
		}
		return nested(strings.Join(args[min(i+1, len(args)):], " "))
	case "kubectl", "oc", "k":
		for i, a := range args {
			if a == "--" && (has(args[:i], "exec") || has(args[:i], "rsh") || has(args[:i], "debug") || has(args[:i], "run")) {
				return rest(i + 1)
			}
		}
	case "docker", "podman", "nerdctl":
		if i := index(args, "exec"); i >= 0 && i <= 2 {
			j := i + 1 + skipOptions(args[i+1:], "-e", "-u", "-w", "--env", "--user", "--workdir")
			return rest(j + 1)
		}
	case "chroot":
		return rest(skipOptions(args) + 1)
	}
	return nil, false, true
}

// rest is the command that a command's words make from the i-th argument on.
func (c command) rest(i int) (out []command, runs, ok bool) {
	if 1+i >= len(c.words) {
		return nil, false, true
	}
	return []command{{words: c.words[1+i:], fed: c.fed}}, true, true
}

// nested understands a text that is run by another shell.
func nested(s string) ([]command, bool, bool) {
	if strings.ContainsAny(s, "\x00\x01") {
		s = strings.NewReplacer("\x00", "\"$UNKNOWN\"", "\x01", "$UNKNOWN").Replace(s)
	}
	sc := understand(s)
	return sc.commands, true, sc.ok && !sc.writes
}

// skipOptions gives the index of the first argument that is no option. withValue are options that take the next word.
func skipOptions(args []string, withValue ...string) int {
	i := 0
	for i < len(args) && strings.HasPrefix(args[i], "-") {
		if args[i] == "--" {
			return i + 1
		}
		if has(withValue, args[i]) {
			i++
		}
		i++
	}
	return min(i, len(args))
}

func has(list []string, s string) bool { return index(list, s) >= 0 }

func index(list []string, s string) int {
	for i, x := range list {
		if x == s {
			return i
		}
	}
	return -1
}

// each calls f for a command and for all that it runs, down to a depth that real commands do not reach.
func (c command) each(depth int, f func(command)) {
	f(c)
	if depth > 6 {
		return
	}
	in, _, _ := c.inner()
	for _, i := range in {
		i.each(depth+1, f)
	}
}
