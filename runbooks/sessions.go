package runbooks

import "strings"

// opens tells whether a command opens a shell, a host or a program in which one goes on typing.
func opens(c command) bool {
	args := c.args()
	switch name := c.name(); name {
	case "ssh", "mosh", "slogin":
		i := skipOptions(args, sshTakes...)
		return anyFlag(args, 't') || i < len(args) && i+1 >= len(args) && !has(args, "-N") && !anyFlag(args, 'f') && !anyFlag(args, 'N') && !has(args, "-O")
	case "oc", "kubectl", "k":
		return opensPod(args)
	case "docker", "podman", "nerdctl", "crictl", "docker-compose":
		inside := has(args, "exec") || has(args, "run") || has(args, "attach")
		return inside && (interactiveFlags(args) && !(c.fed && !hasTTY(args)) || has(args, "attach")) || name == "docker-compose" && has(args, "exec") && !has(args, "-T") && composeShell(args)
	case "lxc-attach", "lxc-console", "ipmiconsole":
		return !has(args, "--")
	case "su", "chroot", "machinectl", "nsenter":
		return !(name == "machinectl" && !has(args, "shell")) && !hasCommandFlag(args, "-c", "--command") && (name == "su" || skipOptions(args, "-t", "--target")+1 >= len(args))
	case "sudo", "doas":
		i := skipOptions(args, sudoTakes...)
		return i >= len(args) && (anyFlag(args, 'i') || anyFlag(args, 's') || has(args, "--login") || has(args, "--shell"))
	case "psql", "mysql", "mariadb", "mongo", "mongosh", "sqlite3", "cqlsh", "clickhouse-client", "sqlplus", "gitlab-psql":
		return !c.fed && !hasCommandFlag(args, "-c", "-e", "-f", "-l", "--command", "--execute", "--eval", "--file", "--query", "-q", "--list", "--version", "-V", "--help") && !(name == "sqlite3" && len(args) > 1)
	case "redis-cli":
		return !c.fed && skipOptions(args, "-h", "-p", "-a", "-n", "-s", "-u", "--user", "--pass", "-r", "-i") >= len(args) && !has(args, "--bigkeys") && !has(args, "--latency") && !has(args, "--scan") && !has(args, "--stat")
	case "rails", "rake", "gitlab-rails", "bin/rails", "gitlab-rake":
		return len(args) > 0 && has([]string{"c", "console", "db", "dbconsole"}, args[0])
	case "bundle", "heroku", "knife", "gds", "nomad", "aws", "gcloud", "az", "virsh", "lxc", "incus", "pct", "gitlab-ctl", "consul", "tsh", "flyctl", "fly":
		return opensFor(name, args)
	case "irb", "pry", "ipython", "python", "python3", "node", "iex", "ghci":
		return !c.fed && len(args) == 0
	case "bash", "sh", "zsh", "ash", "fish":
		return !c.fed && (len(args) == 0 || len(args) == 1 && (args[0] == "-l" || args[0] == "-i" || args[0] == "--login"))
	case "tmux", "screen", "telnet", "ftp", "sftp", "vi", "vim", "nvim", "nano", "pico", "emacs", "less", "more", "htop", "btop", "atop", "iftop", "iotop", "nethogs", "ncdu", "man", "passwd", "visudo", "vipw", "minicom", "picocom", "k9s", "mc", "mutt", "mtr", "gdb", "sudoedit", "lftp", "dialog":
		return !(name == "tmux" && len(args) > 0 && has([]string{"ls", "list-sessions", "kill-session", "kill-server"}, args[0])) && !(name == "screen" && has(args, "-ls")) && !(name == "mtr" && (has(args, "-r") || has(args, "--report") || anyFlag(args, 'r'))) &&
			!(name == "passwd" && (has(args, "-l") || has(args, "-u") || has(args, "-S"))) && !((name == "telnet" || name == "sftp" || name == "less" || name == "more") && c.fed && name != "less" && name != "more") && !(name == "iotop" && anyFlag(args, 'b'))
	case "top":
		return !anyFlag(args, 'b')
	case "gpg", "gpg2":
		return has(args, "--edit-key") || has(args, "--full-generate-key") || has(args, "--full-gen-key") || has(args, "--gen-key")
	case "crontab":
		return has(args, "-e")
	case "fdisk", "parted", "cfdisk", "gdisk":
		return !anyFlag(args, 'l') && !anyFlag(args, 's') && !c.fed && (c.name() != "parted" || positionals(1)(args))
	case "nslookup":
		return len(args) == 0
	}
	return false
}

// composeShell tells whether "docker-compose exec" opens something to type in: what runs inside decides, because there it
// is a terminal unless told otherwise.
func composeShell(args []string) bool {
	v := args[index(args, "exec")+1:]
	v = v[min(skipOptions(v, "-u", "--user", "-e", "--env", "-w", "--workdir", "--index"), len(v)):]
	if len(v) < 2 {
		return true
	}
	in := command{}
	for _, a := range v[1:] {
		in.words = append(in.words, word{text: a, known: true})
	}
	return opens(in)
}

// hasCommandFlag tells whether a program is given what to do instead of being typed into.
func hasCommandFlag(args []string, flags ...string) bool {
	for _, a := range args {
		for _, f := range flags {
			if a == f || strings.HasPrefix(f, "--") && strings.HasPrefix(a, f+"=") || len(f) == 2 && shortHas(a, f[1]) && strings.HasSuffix(a, f[1:]) {
				return true
			}
		}
	}
	return false
}

// hasTTY tells whether a terminal is asked for, and not only input.
func hasTTY(args []string) bool {
	for _, a := range args {
		if a == "--" {
			break
		}
		if a == "--tty" || strings.HasPrefix(a, "--tty=true") || shortHas(a, 't') {
			return true
		}
	}
	return false
}

func interactiveFlags(args []string) bool {
	t := has(args, "--tty") || has(args, "-t") || has(args, "--stdin")
	for _, a := range args {
		if a == "--" {
			break
		}
		t = t || a == "-it" || a == "-ti" || a == "-i" || a == "-itd" || strings.HasPrefix(a, "--tty=true")
	}
	return t
}

func opensPod(args []string) bool {
	v := verbs(args, kubeValue...)
	if len(v) == 0 {
		return false
	}
	switch v[0] {
	case "rsh":
		// with a command behind the pod it runs that
		w := verbs(v[1:], append(kubeValue, "-c", "--container", "--shell")...)
		return len(w) < 2
	case "debug":
		return !has(args, "--")
	case "exec", "run":
		return interactiveFlags(args)
	case "attach", "edit":
		return true
	case "adm":
		return false
	}
	return false
}

func opensFor(name string, args []string) bool {
	all := " " + strings.Join(args, " ") + " "
	switch name {
	case "bundle":
		return strings.Contains(all, " rails c ") || strings.Contains(all, " rails console ") || strings.Contains(all, " console ") || strings.Contains(all, " irb ") || strings.Contains(all, " pry ")
	case "heroku":
		return strings.Contains(all, " run ") || strings.Contains(all, "pg:psql") || strings.Contains(all, " bash ")
	case "knife":
		return strings.Contains(all, " ssh ") && strings.Contains(all, "interactive")
	case "gds", "tsh", "flyctl", "fly":
		return strings.Contains(all, " ssh ")
	case "nomad":
		return strings.Contains(all, " exec ") && (interactiveFlags(args) || strings.HasSuffix(all, "sh "))
	case "consul":
		return strings.HasPrefix(all, " exec ")
	case "aws":
		return strings.Contains(all, " ssm start-session ") && !strings.Contains(all, "--document-name") || strings.Contains(all, "execute-command") && strings.Contains(all, "--interactive")
	case "gcloud":
		return strings.Contains(all, " ssh ") && !strings.Contains(all, "--command")
	case "az":
		return strings.Contains(all, " ssh vm ") || strings.Contains(all, " ssh bastion ")
	case "virsh":
		return strings.HasPrefix(all, " console ") || strings.HasPrefix(all, " edit ")
	case "lxc", "incus", "pct":
		return strings.HasSuffix(all, " bash ") || strings.HasSuffix(all, " sh ") || strings.HasPrefix(all, " enter ")
	}
	return false
}

// endless tells whether a script has a command that runs until it is stopped.
func endless(sc script) bool {
	found := false
	for _, c := range sc.commands {
		c.each(0, func(c command) { found = found || neverEnds(c) })
	}
	return found
}

func neverEnds(c command) bool {
	args := c.args()
	switch c.name() {
	case "tail":
		return anyFlag(args, 'f') || anyFlag(args, 'F') || has(args, "--follow")
	case "watch":
		return true
	case "journalctl":
		return anyFlag(args, 'f') || has(args, "--follow")
	case "kubectl", "oc", "k":
		v := verbs(args, kubeValue...)
		if len(v) == 0 {
			return false
		}
		return v[0] == "port-forward" || v[0] == "proxy" || v[0] == "logs" && (has(args, "-f") || has(args, "--follow")) || v[0] == "get" && (has(args, "-w") || has(args, "--watch"))
	case "docker", "podman", "docker-compose":
		return has(args, "logs") && (has(args, "-f") || has(args, "--follow")) || has(args, "stats") && !has(args, "--no-stream") || has(args, "events")
	case "ssh", "autossh":
		return anyFlag(args, 'N')
	case "ping", "ping6":
		return !needs("-c")(args)
	case "tcpdump", "ngrep":
		return !needs("-c")(args)
	case "vmstat", "iostat", "mpstat", "sar":
		n := 0
		for _, a := range args {
			if strings.Trim(a, "0123456789") == "" {
				n++
			}
		}
		return n == 1
	case "stern", "cloud_sql_proxy", "cloud-sql-proxy":
		return true
	case "yes":
		return true
	}
	return false
}
