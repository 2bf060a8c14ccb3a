package cli

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"lage/checks"
)

// maxPlugin is how much output monitoring systems take from a plugin.
const maxPlugin = 4 << 10

// pluginOutput writes results as a monitoring plugin: a line with performance data, then one line per check.
func (a *app) pluginOutput(code int, list []checks.Check, results []checks.Result) string {
	word := [4]string{"OK", "WARNING", "CRITICAL", "UNKNOWN"}[code]
	var perf []string
	lead, bad := "", 0
	for i, r := range results {
		if c := outcomeCode(r.Outcome); c != 0 {
			bad++
			if c == code && lead == "" {
				lead = list[i].ID + " " + plugin(r.Message.In(a.lang))
			}
		}
		if r.Latency > 0 {
			label := "time"
			if len(results) > 1 {
				label = "'" + list[i].ID + "'"
			}
			perf = append(perf, label+"="+strconv.FormatFloat(r.Latency.Seconds(), 'f', 3, 64)+"s;"+limit(list[i])+";;0;")
		}
		for _, p := range r.Perf {
			perf = append(perf, fmt.Sprintf("'%s'=%s%s;%s;%s;%s;%s", strings.ReplaceAll(p.Label, "'", "''"), strconv.FormatFloat(p.Value, 'f', -1, 64), p.Unit, p.Warn, p.Crit, p.Min, p.Max))
		}
	}
	switch {
	case len(results) == 1:
		lead = nameOf(list[0]) + " " + plugin(results[0].Message.In(a.lang))
	case bad == 0:
		lead = a.t("cli.plugin_fine", len(results))
	default:
		lead = a.t("cli.plugin_bad", bad, len(results)) + ": " + lead
	}
	out := "LAGE " + word + " - " + lead
	if len(perf) > 0 {
		out += " | " + strings.Join(perf, " ")
	}
	out += "\n"
	if len(results) > 1 {
		for i, r := range results {
			out += list[i].ID + ": " + string(outcomeState(r.Outcome)) + ", " + plugin(r.Message.In(a.lang)) + "\n"
		}
	}
	return cutLine(out, maxPlugin)
}

// plugin takes out what separates text from performance data.
func plugin(s string) string { return strings.NewReplacer("|", "/", "\n", " ").Replace(s) }

// limit gives the time after which an HTTP or TCP check is too slow, as the warning range of performance data.
func limit(c checks.Check) string {
	d := time.Duration(0)
	switch {
	case c.HTTP != nil:
		d = c.HTTP.MaxTime
	case c.TCP != nil:
		d = c.TCP.MaxTime
	}
	if d == 0 {
		return ""
	}
	return strconv.FormatFloat(d.Seconds(), 'f', 3, 64)
}

// cutLine shortens plugin output to n bytes, at the end of a line where that is possible.
func cutLine(s string, n int) string {
	if len(s) <= n {
		return s
	}
	s = s[:n-1]
	if i := strings.LastIndexByte(s, '\n'); i > 0 {
		s = s[:i]
	}
	return strings.ToValidUTF8(s, "") + "\n"
}
