package checks

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	maxPerf  = 100 // values of one plugin that are kept
	maxLabel = 100 // bytes of a label or unit
)

// plugin is a Nagios plugin's output, taken apart.
type plugin struct {
	summary string // the first line
	long    string // the lines after it
	perf    string // all performance data
}

// readPlugin takes output apart: the first line is the summary with performance data after "|"; the other lines are long
// text up to another "|", after which all is performance data.
func readPlugin(out string) plugin {
	first, rest, _ := strings.Cut(strings.TrimSpace(out), "\n")
	summary, perf, _ := strings.Cut(first, "|")
	long, more, _ := strings.Cut(rest, "|")
	return plugin{summary: strings.TrimSpace(summary), long: strings.TrimSpace(long), perf: strings.TrimSpace(perf + " " + more)}
}

// ParsePerf reads performance data: 'label'=value[unit];warn;crit;min;max, separated by blanks. What cannot be read is
// left out, as are values that the plugin does not know ("U"). Labels hold what stood there, uncleaned.
func ParsePerf(data string) []Perf {
	var out []Perf
	for len(out) < maxPerf {
		data = strings.TrimLeft(data, " \t\n")
		if data == "" {
			break
		}
		label, rest, ok := perfLabel(data)
		if !ok {
			_, data = untilBlank(data)
			continue
		}
		var word string
		word, data = untilBlank(rest)
		if p, ok := perfValue(word); ok {
			p.Label = label
			out = append(out, p)
		}
	}
	return out
}

// perfLabel takes the label and the "=" after it. Quotes within a quoted label are doubled.
func perfLabel(s string) (label, rest string, ok bool) {
	if s[0] != '\'' {
		i := strings.IndexAny(s, "= \t\n")
		if i <= 0 || i > maxLabel || s[i] != '=' {
			return "", "", false
		}
		return s[:i], s[i+1:], true
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		if s[i] != '\'' {
			b.WriteByte(s[i])
			continue
		}
		if i+1 < len(s) && s[i+1] == '\'' {
			b.WriteByte('\'')
			i++
			continue
		}
		if i+1 == len(s) || s[i+1] != '=' || b.Len() == 0 || b.Len() > maxLabel {
			return "", "", false
		}
		return b.String(), s[i+2:], true
	}
	return "", "", false
}

// perfValue reads what stands after "=".
func perfValue(s string) (Perf, bool) {
	parts := strings.Split(s, ";")
	n := numberLen(parts[0])
	v, ok := parseNumber(parts[0][:n])
	unit := parts[0][n:]
	if !ok || len(unit) > maxLabel || strings.ContainsAny(unit, "0123456789") || !utf8.ValidString(unit) {
		return Perf{}, false
	}
	p := Perf{Value: v, Unit: unit}
	for i, to := range []*string{&p.Warn, &p.Crit, &p.Min, &p.Max} {
		if i+1 < len(parts) && len(parts[i+1]) <= maxLabel {
			*to = parts[i+1]
		}
	}
	return p, true
}

// numberLen measures the decimal number that s begins with: sign, digits, a point or comma, an exponent.
func numberLen(s string) int {
	digits := func(i int) int {
		for i < len(s) && s[i] >= '0' && s[i] <= '9' {
			i++
		}
		return i
	}
	i := 0
	if i < len(s) && (s[i] == '-' || s[i] == '+') {
		i++
	}
	i = digits(i)
	if i < len(s) && (s[i] == '.' || s[i] == ',') {
		i = digits(i + 1)
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		j := i + 1
		if j < len(s) && (s[j] == '-' || s[j] == '+') {
			j++
		}
		if end := digits(j); end > j {
			i = end
		}
	}
	return i
}

// parseNumber reads a whole decimal number. A comma is taken for a point: plugins that forget LC_NUMERIC write it.
func parseNumber(s string) (float64, bool) {
	if s == "" || numberLen(s) != len(s) {
		return 0, false
	}
	v, err := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
	return v, err == nil && !math.IsInf(v, 0)
}

// number writes a value as plugins do.
func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

func untilBlank(s string) (word, rest string) {
	i := strings.IndexAny(s, " \t\n")
	if i < 0 {
		return s, ""
	}
	return s[:i], s[i:]
}

// Range is a range of plugin notation, [@]start:end: "10" is 0 to 10, "10:" is 10 and up, "~:10" is all up to 10, and
// "@10:20" is all but 10 to 20.
type Range struct {
	Start, End float64 // infinite where open
	Inverted   bool    // "@": the values outside belong to it
}

// ParseRange reads a range. An empty one, which sets no limit, is not ok.
func ParseRange(s string) (Range, bool) {
	s, inverted := strings.CutPrefix(s, "@")
	start, end, both := strings.Cut(s, ":")
	if !both {
		start, end = "0", s
	}
	r := Range{Start: math.Inf(-1), End: math.Inf(1), Inverted: inverted}
	okStart, okEnd := true, true
	switch start {
	case "~":
	case "":
		r.Start = 0
	default:
		r.Start, okStart = parseNumber(start)
	}
	if end != "" || !both {
		r.End, okEnd = parseNumber(end)
	}
	return r, okStart && okEnd && s != "" && r.Start <= r.End
}

// Contains tells whether a value belongs to the range, its ends included: then it raises no alert.
func (r Range) Contains(v float64) bool { return (v >= r.Start && v <= r.End) != r.Inverted }
