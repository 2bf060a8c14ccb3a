package config

import (
	"slices"
	"strings"

	"lage/internal/text"
)

// nearest finds the candidate that was probably meant: equal but for the case, or at most two letters away.
func nearest(word string, candidates []string) (string, bool) {
	if len(word) > 60 {
		return "", false
	}
	word = strings.ToLower(word)
	best, at := 3, ""
	for _, c := range candidates {
		d := distance(word, strings.ToLower(c), best)
		// Two letters of three are no resemblance.
		if d < best && d < len(c)-1 && d < len(word) {
			best, at = d, c
		}
	}
	return at, best < 3
}

// distance is Levenshtein's, with swapped neighbours counted as one; limit or more once it is known to reach limit.
func distance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if abs(len(x)-len(y)) >= limit {
		return limit
	}
	before, prev, cur := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(x); i++ {
		cur[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				cur[j] = min(cur[j], before[j-2]+1)
			}
		}
		before, prev, cur = prev, cur, before
	}
	return min(prev[len(y)], limit)
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

// hint says what may have been meant instead of word: the nearest name, or those that exist. It is the last argument
// of all "there is no such" messages.
func (d *decoder) hint(word string, exist []string) text.Message {
	if len(exist)*len(d.problems) > 100_000 { // comparing would take longer than reading
		return text.M("config.hint_total", len(exist))
	}
	if near, ok := nearest(word, exist); ok {
		return text.M("config.hint_near", near)
	}
	if len(exist) == 0 {
		return text.M("config.hint_none")
	}
	const show = 8
	exist = slices.Sorted(slices.Values(exist))
	if len(exist) > show {
		return text.M("config.hint_many", strings.Join(exist[:show], ", "), len(exist)-show)
	}
	return text.M("config.hint_list", strings.Join(exist, ", "))
}

// slug turns a name into something that may be an id: "Wohngeld Online" becomes "wohngeld-online".
func slug(s string) string {
	s = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss").Replace(strings.ToLower(s))
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	out := b.String()
	return strings.Trim(out[:min(len(out), maxID)], "-")
}

// maxID bounds the length of ids: they stand in columns and file names.
const maxID = 64

func isID(s string) bool { return s != "" && s == slug(s) }
