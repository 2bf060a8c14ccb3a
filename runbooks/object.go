package runbooks

import (
	"cmp"
	"slices"
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
	if bad := slices.DeleteFunc(slices.Clone(all), func(c command) bool { return !dangerous(c) }); len(bad) > 0 {
		all = bad
	}
	for _, c := range all {
		if name := names(c); name != "" {
			return name
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

// Warns gives the warnings that have to be read before a step's command runs: those of its section that belong to no step,
// and its own.
func (r *Runbook) Warns(s *Step) []string {
	var out []string
	for _, sec := range r.Sections {
		mine, own := false, sec.Warning
		walkSteps(sec.Steps, func(x *Step) {
			mine = mine || x.ID == s.ID
			own = strings.Replace(own, x.Warning, "", 1)
		})
		if own = strings.TrimSpace(own); mine && own != "" {
			out = append(out, own)
		}
	}
	if s.Warning != "" {
		out = append(out, s.Warning)
	}
	return out
}
