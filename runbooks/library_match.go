package runbooks

import (
	"path"
	"slices"
	"sort"
	"strings"

	"lage/internal/text"
)

// Wanted is what a runbook is looked for: something that fails.
type Wanted struct {
	Checks  []string // IDs of the checks that fail
	Service string   // ID
	Labels  map[string]string
	Said    []string // what checks and alarms say, in any language
}

// Match is a runbook that may help, with the reasons why.
type Match struct {
	Book    *Runbook
	Reasons []text.Message // at least one, the weightiest first
	weight  int
}

// Why puts the reasons into words.
func (m Match) Why(l text.Lang) string {
	parts := make([]string, 0, len(m.Reasons))
	for _, r := range m.Reasons {
		parts = append(parts, r.In(l))
	}
	return strings.Join(parts, ", ")
}

// How much each reason weighs. What is said weighs most where something else speaks for the runbook too: it tells the
// runbooks of one check apart. By itself it is only a hint.
const (
	byName    = 40 // the check is named
	byPattern = 30 // a pattern is about the check, or the file is called like it
	byService = 20
	byLabel   = 10
	bySaying  = 50
	byHint    = 5
)

// Match lists the runbooks for something that fails, the best first. Runbooks for maintenance only are left out.
func (l Library) Match(w Wanted) []Match {
	var out []Match
	said := strings.ToLower(strings.Join(w.Said, "\n"))
	for _, b := range l.Books {
		if b.Meta.Kind == "maintenance" {
			continue
		}
		if m := b.match(w, said); len(m.Reasons) > 0 {
			out = append(out, m)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].weight > out[j].weight }) // books come sorted by name
	return out
}

func (r *Runbook) match(w Wanted, said string) Match {
	m := Match{Book: r}
	add := func(weight int, code string, arg string) {
		m.weight = max(m.weight, weight)
		m.Reasons = append(m.Reasons, text.M(code, arg))
	}
	if weight, check := r.aboutChecks(w.Checks); weight > 0 {
		add(weight, "library.why_check", check)
	}
	if slices.Contains(r.Meta.Services, w.Service) && w.Service != "" {
		add(byService, "library.why_service", w.Service)
	}
	if label := r.labelled(w.Labels); label != "" {
		add(byLabel, "library.why_label", label)
	}
	for _, piece := range r.Meta.Match {
		if piece == "" || !strings.Contains(said, strings.ToLower(piece)) {
			continue
		}
		why := text.M("library.why_said", piece)
		if m.weight == 0 {
			m.weight = byHint
		} else {
			m.weight += bySaying
		}
		m.Reasons = append([]text.Message{why}, m.Reasons...)
		break
	}
	return m
}

// aboutChecks says how well the runbook fits one of the checks, and which. Without checks in its front matter it is about
// the check that it is called like.
func (r *Runbook) aboutChecks(ids []string) (weight int, check string) {
	for _, id := range ids {
		w := 0
		for _, glob := range r.Meta.Checks {
			switch {
			case !matchesCheck(glob, id):
			case strings.ContainsAny(glob, "*?["):
				w = max(w, byPattern)
			default:
				w = byName
			}
		}
		own := strings.ToLower(path.Base(r.Name))
		if len(r.Meta.Checks) == 0 && (own == strings.ToLower(path.Base(id)) || own == strings.ToLower(strings.ReplaceAll(id, "/", "-"))) {
			w = byPattern
		}
		if w > weight {
			weight, check = w, id
		}
	}
	return weight, check
}

// labelled tells whether all the labels that the runbook names are there, and names them.
func (r *Runbook) labelled(labels map[string]string) string {
	for _, l := range r.Meta.Labels {
		name, value, _ := strings.Cut(l, "=")
		if got, ok := labels[name]; !ok || got != value {
			return ""
		}
	}
	return strings.Join(r.Meta.Labels, ", ")
}

// labels reads a mapping of the front matter.
func labels(x any) (out []string) {
	m, ok := x.(map[string]any)
	if !ok {
		return nil
	}
	for name, v := range m {
		out = append(out, name+"="+str(v))
	}
	sort.Strings(out)
	return out
}

// matchesCheck tells whether a glob of the front matter is about a check. A glob without a slash is held against the
// check's own name, too: "start" and "*-db" mean "wohngeld/start" and "wohngeld/wg-db".
func matchesCheck(glob, id string) bool {
	glob, id = strings.ToLower(glob), strings.ToLower(id)
	if glob == "*" || glob == id {
		return true
	}
	ok, err := path.Match(glob, id)
	if err != nil || ok || strings.Contains(glob, "/") {
		return ok && err == nil
	}
	ok, _ = path.Match(glob, path.Base(id)) // the pattern was sound above
	return ok
}
