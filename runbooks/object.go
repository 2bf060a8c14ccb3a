package runbooks

import (
	"cmp"
	"strings"
)

// kinds are words that say what kind of thing is meant, and not which.
var kinds = set(`pod pods po deployment deployments deploy statefulset statefulsets sts daemonset ds replicaset rs node nodes no service services svc ingress namespace namespaces ns secret secrets
configmap configmaps cm job jobs cronjob pvc pv hpa crd sa project projects route routes unit units instance instances vm volume volumes disk snapshot db database container image network user group role policy
compute rds ec2 s3 s3api ecs eks lambda iam storage sql cluster clusters table index user state rollout restart undo start stop`)

// Object is the name that a person types before a dangerous command runs: the first argument that names what it acts on,
// else the machine that it runs on, else the step. text is the command as it is shown.
func Object(b Block, text, step string) string {
	sc := understand(text)
	var all []command
	for _, c := range sc.commands {
		c.each(0, func(c command) { all = append(all, c) })
	}
	for _, only := range []bool{true, false} { // what is dangerous comes first
		for _, c := range all {
			if only != dangerous(c) {
				continue
			}
			if name := names(c); name != "" {
				return name
			}
		}
		if only && b.Host != "" {
			break
		}
	}
	return cmp.Or(b.Host, strings.TrimSpace(step), "ok")
}

// names gives the first argument of a command that names something.
func names(c command) string {
	prog := c.name()
	if other, ok := sameVerbs[prog]; ok {
		prog = other
	}
	switch prog {
	case "sudo", "doas", "bash", "sh", "eval", "timeout", "nohup", "env", "nice", "xargs", "echo", "printf", "cd", "set", "export", "sleep", "ssh": // what they run names it
		return ""
	}
	args := c.args()
	for i, a := range args {
		if a == "--" {
			continue
		}
		if v, ok := strings.CutPrefix(a, "of="); ok && prog == "dd" {
			return v
		}
		low := strings.ToLower(a)
		switch {
		case a == "" || len(a) > 60 || strings.ContainsAny(a, " \t\n\x00\x01'\"\\|<>;$&"), strings.HasPrefix(a, "-"), strings.Contains(a, "=") && !strings.HasPrefix(a, "/"):
			continue
		case prog == "git" && i == 0, kinds[low] && i+1 < len(args) && !strings.HasPrefix(args[i+1], "-"), dangerVerbs[prog][low] || cloudDanger.MatchString(low) && (prog == "aws" || prog == "az" || prog == "gcloud"):
			continue
		case i > 0 && strings.HasPrefix(args[i-1], "-") && has([]string{"-n", "--namespace", "-l", "--context", "-c", "-u", "--user", "-p", "--port", "-s", "--signal", "--timeout", "--region", "--profile", "--grace-period", "-d", "-U", "-h"}, args[i-1]):
			continue
		}
		if kind, name, ok := strings.Cut(a, "/"); ok && kinds[strings.ToLower(kind)] && name != "" {
			return name
		}
		return a
	}
	return ""
}
