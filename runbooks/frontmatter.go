package runbooks

import (
	"encoding/json"
	"fmt"
	"regexp"
	"sort"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// Front matter longer or deeper than this is not read; the YAML library itself sets no limits.
const (
	maxFrontLines = 200
	maxFrontBytes = 64 << 10
	maxFrontNest  = 64
)

var (
	yamlKey    = regexp.MustCompile(`^["']?[A-Za-z_][\w. -]*["']?\s*:(\s|$)`)
	yamlAnchor = regexp.MustCompile(`(?m)(^|[\s\[,])[&*][A-Za-z0-9_]`)
	simplePair = regexp.MustCompile(`^([A-Za-z_][\w-]*)\s*[:=]\s*(.+)$`)
)

// frontMatter splits the front matter off (rule R2). It gives the remaining lines, the values, and a warning's code when
// the front matter could not be decoded: its simple pairs are used then. Without front matter all lines are the body.
func frontMatter(lines []line) (body []line, values map[string]any, warning string) {
	if len(lines) == 0 {
		return lines, nil, ""
	}
	switch first := strings.TrimRight(lines[0].text, " \t"); {
	case first == "---" || first == "+++":
		return delimited(lines, first)
	case strings.HasPrefix(first, "{") && !strings.HasPrefix(first, "{{") && !strings.HasPrefix(first, "{%"):
		return jsonFront(lines)
	}
	return lines, nil, ""
}

func delimited(lines []line, mark string) ([]line, map[string]any, string) {
	end := -1
	for i := 1; i < len(lines) && i <= maxFrontLines; i++ {
		t := strings.TrimRight(lines[i].text, " \t")
		if t == mark || mark == "---" && t == "..." {
			end = i
			break
		}
	}
	if end < 0 {
		if mark == "---" && len(lines) > 1 && yamlKey.MatchString(lines[1].text) {
			return lines, nil, "runbooks.front_matter_unclosed"
		}
		return lines, nil, ""
	}
	inner := lines[1:end]
	if mark == "+++" {
		return lines[end+1:], simplePairs(inner), ""
	}
	text := joinText(inner)
	if strings.TrimSpace(text) == "" {
		return lines[end+1:], nil, ""
	}
	if values, err := decodeYAML(text); err == nil && values != nil {
		return lines[end+1:], values, ""
	}
	if !looksLikeYAML(inner) {
		return lines, nil, ""
	}
	return lines[end+1:], simplePairs(inner), "runbooks.front_matter"
}

// looksLikeYAML tells a broken mapping from text between two rules.
func looksLikeYAML(lines []line) bool {
	for _, l := range lines {
		if t := strings.TrimSpace(l.text); t != "" && !strings.HasPrefix(t, "#") {
			return yamlKey.MatchString(l.text)
		}
	}
	return false
}

func jsonFront(lines []line) ([]line, map[string]any, string) {
	var b strings.Builder
	for i, l := range lines {
		if i > maxFrontLines || b.Len() > maxFrontBytes {
			break
		}
		b.WriteString(l.text)
		b.WriteByte('\n')
		if !strings.HasSuffix(strings.TrimSpace(l.text), "}") {
			continue
		}
		var values map[string]any
		if json.Unmarshal([]byte(b.String()), &values) == nil {
			return lines[i+1:], values, ""
		}
	}
	return lines, nil, ""
}

func decodeYAML(text string) (values map[string]any, err error) {
	defer func() { // the library is given foreign text; a panic of its must not end the console
		if p := recover(); p != nil {
			values, err = nil, fmt.Errorf("front matter: %v", p)
		}
	}()
	if len(text) > maxFrontBytes || strings.Count(text, "[")+strings.Count(text, "{") > maxFrontNest || yamlAnchor.MatchString(text) {
		return nil, fmt.Errorf("front matter is too large or has anchors")
	}
	err = yaml.Unmarshal([]byte(text), &values)
	return values, err
}

func simplePairs(lines []line) map[string]any {
	values := map[string]any{}
	for _, l := range lines {
		if m := simplePair.FindStringSubmatch(strings.TrimRight(l.text, " \t")); m != nil {
			values[m[1]] = strings.Trim(strings.TrimSpace(m[2]), `"'`)
		}
	}
	return values
}

func joinText(lines []line) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(l.text)
		b.WriteByte('\n')
	}
	return b.String()
}

// metaOf reads the keys that mean something to us.
func metaOf(v map[string]any) Meta {
	m := Meta{
		Description: str(v["description"]), Owner: str(v["owner"]), Services: list(v["services"]), Checks: list(v["checks"]),
		Kind: str(v["kind"]), Severity: str(v["severity"]), ReviewIn: str(v["review_in"]), Shell: str(v["shell"]), Cwd: str(v["cwd"]),
		Requires: list(v["requires"]), Hosts: list(v["hosts"]), Roles: list(v["roles"]), DangerWords: list(v["danger_words"]),
	}
	m.Match, m.Labels = list(v["match"]), labels(v["labels"])
	if m.Owner == "" {
		m.Owner = str(v["owner_slack"])
	}
	if len(m.Services) == 0 {
		m.Services = list(v["service"])
	}
	if d := str(v["last_reviewed_on"]); len(d) >= len(time.DateOnly) {
		if t, err := time.Parse(time.DateOnly, d[:len(time.DateOnly)]); err == nil {
			m.ReviewedOn = t
		}
	}
	if d, ok := v["defaults"].(map[string]any); ok {
		m.Confirm, m.Host = str(d["confirm"]), str(d["host"])
		if t, err := time.ParseDuration(str(d["timeout"])); err == nil && t > 0 {
			m.Timeout = t
		}
	}
	vars, _ := v["vars"].(map[string]any)
	for name, x := range vars {
		m.Vars = append(m.Vars, varOf(name, x))
	}
	sort.Slice(m.Vars, func(i, j int) bool { return m.Vars[i].Name < m.Vars[j].Name })
	return m
}

func varOf(name string, x any) Var {
	f, ok := x.(map[string]any)
	if !ok {
		return Var{Name: name, Default: str(x)}
	}
	secret, _ := f["secret"].(bool)
	return Var{Name: name, Prompt: str(f["prompt"]), Default: str(f["default"]), From: str(f["from"]), Pattern: str(f["pattern"]), Choices: list(f["choices"]), Secret: secret}
}

func str(x any) string {
	switch v := x.(type) {
	case nil:
		return ""
	case string:
		return strings.TrimSpace(v)
	case time.Time:
		return v.Format(time.DateOnly)
	case map[string]any, []any:
		return ""
	}
	return fmt.Sprint(x)
}

func list(x any) []string {
	items, ok := x.([]any)
	if !ok {
		if s := str(x); s != "" {
			return []string{s}
		}
		return nil
	}
	var out []string
	for _, i := range items {
		if s := str(i); s != "" {
			out = append(out, s)
		}
	}
	return out
}
