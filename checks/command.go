package checks

import (
	"cmp"
	"context"
	"maps"
	"os"
	"slices"
	"strings"

	"lage/internal/clean"
	"lage/internal/proc"
	"lage/internal/text"
)

const (
	maxOutput   = 64 << 10 // bytes kept of each of a plugin's streams
	defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
)

// commandProber runs a Nagios plugin.
type commandProber struct {
	base
	cmd Command
}

// Probe runs the command once. Latency is how long it ran. What keeps the plugin from measuring (it does not start, runs
// out of time, ends with a code above 2) is Unknown, as the rules for plugins have it.
func (p *commandProber) Probe(ctx context.Context) Result {
	run, cancel := context.WithTimeout(ctx, p.timeout())
	defer cancel()
	m := p.begin()
	res := proc.Run(run, proc.Spec{Argv: p.cmd.Argv, Dir: p.cmd.Dir, Env: p.environment(), Limit: maxOutput})
	switch {
	case ctx.Err() == context.Canceled:
		return m.end(Unknown, text.M("checks.cancelled"))
	case res.Err != nil && noResources(res.Err):
		return m.end(Unknown, text.M("checks.no_resources"))
	case res.Err != nil:
		return m.end(Unknown, text.M("checks.command_start", p.line(innermost(res.Err).Error())))
	}
	out := readPlugin(clean.Output(res.Stdout))
	m.Perf = p.performance(out.perf)
	m.Detail = p.excerpt(out.summary + "\n" + out.long + "\n" + clean.Output(res.Stderr))
	if res.TimedOut {
		return m.end(Unknown, text.M("checks.command_timeout", p.timeout()))
	}
	m.Latency = max(res.Duration, 1)
	p.judgePerf(m)
	return m.end(exitOutcome(res.ExitCode), p.summary(res, out))
}

// environment is clean: nothing of lage's own environment but the path reaches a plugin.
func (p *commandProber) environment() []string {
	env := map[string]string{"PATH": cmp.Or(os.Getenv("PATH"), defaultPath), "LANG": "C.UTF-8", "LC_NUMERIC": "C"}
	maps.Copy(env, p.cmd.Env)
	out := make([]string, 0, len(env))
	for _, k := range slices.Sorted(maps.Keys(env)) {
		out = append(out, k+"="+env[k])
	}
	return out
}

func exitOutcome(code int) Outcome {
	switch code {
	case 0:
		return Good
	case 1:
		return Warning
	case 2:
		return Bad
	}
	return Unknown
}

// summary gives the plugin's own first line or, where it says nothing or broke the rules, how it ended.
func (p *commandProber) summary(res proc.Result, out plugin) text.Message {
	said := out.summary
	if said == "" {
		said, _, _ = strings.Cut(strings.TrimSpace(clean.Output(res.Stderr)), "\n")
	}
	said = p.line(said)
	switch {
	case res.ExitCode == 126 || res.ExitCode == 127:
		return text.M("checks.command_not_found", cmp.Or(said, p.line(p.cmd.Argv[0])))
	case res.ExitCode < 0:
		return text.M("checks.command_killed")
	case said == "":
		return text.M("checks.command_exit", res.ExitCode)
	}
	return text.Raw(said)
}

// performance cleans and redacts the plugin's values.
func (p *commandProber) performance(data string) []Perf {
	list := ParsePerf(data)
	for i := range list {
		v := &list[i]
		for _, s := range []*string{&v.Label, &v.Unit, &v.Warn, &v.Crit, &v.Min, &v.Max} {
			*s = p.line(*s)
		}
	}
	return list
}

// judgePerf adds a condition for every value that has limits.
func (p *commandProber) judgePerf(m *measuring) {
	for _, v := range m.Perf {
		limits, held := "", true
		for _, s := range []string{v.Warn, v.Crit} {
			r, ok := ParseRange(s)
			if !ok {
				continue
			}
			held = held && r.Contains(v.Value)
			if limits == "" {
				limits = s
			}
		}
		if limits != "" {
			m.fact(held, text.M("checks.want_range", v.Label, limits), text.M("checks.got", number(v.Value)+v.Unit))
		}
	}
}
