package incidents

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"lage/internal/text"
	"lage/services"
)

// Mark stands where a name or a text was erased from what is kept beside the timeline: an incident, a walk, a message. Shown
// puts it into the reader's language.
const Mark = text.Erased

// Names finds the names of persons in texts, whatever their case and however their words are parted. A name counts where it
// stands as a word of its own, a German or English genitive included ("Krauses", "Krause's"). The zero value finds nothing.
type Names struct {
	exps     []*regexp.Regexp
	anywhere bool
}

// minNames is how many characters a name needs to be looked for.
const minNames = 2

// NewNames looks for the names, also as they stand in JSON; too short ones are left out. anywhere finds them inside other
// words as well.
func NewNames(anywhere bool, names ...string) Names {
	n := Names{anywhere: anywhere}
	seen := map[string]bool{}
	for _, name := range names {
		for range 3 { // as it is, in JSON, and in JSON within JSON
			if words := strings.Fields(name); utf8.RuneCountInString(strings.Join(words, " ")) >= minNames && !seen[name] {
				seen[name] = true
				for i, w := range words {
					words[i] = regexp.QuoteMeta(w)
				}
				n.exps = append(n.exps, regexp.MustCompile(`(?i)`+strings.Join(words, `(?:\s|\x{a0}|\\n)+`)))
			}
			name = inJSON(name)
		}
	}
	return n
}

func inJSON(s string) string {
	b, err := json.Marshal(s)
	if err != nil { // a string: cannot fail
		return s
	}
	return string(b[1 : len(b)-1])
}

// Anywhere gives the same names, to be found inside other words as well.
func (n Names) Anywhere() Names { return Names{exps: n.exps, anywhere: true} }

// Empty tells whether there is nothing to look for.
func (n Names) Empty() bool { return len(n.exps) == 0 }

// In tells whether a text names one of them.
func (n Names) In(s string) bool {
	for _, e := range n.exps {
		for _, at := range e.FindAllStringIndex(s, -1) {
			if n.counts(s, at) {
				return true
			}
		}
	}
	return false
}

// Blank puts Mark in the place of every name.
func (n Names) Blank(s string) string {
	for _, e := range n.exps {
		var out strings.Builder
		end := 0
		for _, at := range e.FindAllStringIndex(s, -1) {
			if n.counts(s, at) {
				out.WriteString(s[end:at[0]])
				out.WriteString(Mark)
				end = at[1]
			}
		}
		if end > 0 {
			s = out.String() + s[end:]
		}
	}
	return s
}

// counts tells whether a hit is a word of its own.
func (n Names) counts(s string, at []int) bool {
	if n.anywhere {
		return true
	}
	before, _ := utf8.DecodeLastRuneInString(s[:at[0]])
	if inWord(before) && !escaped(s[:at[0]]) {
		return false
	}
	rest := s[at[1]:]
	rest = strings.TrimPrefix(strings.TrimPrefix(rest, "'"), "’")
	rest = strings.TrimPrefix(rest, "s")
	after, _ := utf8.DecodeRuneInString(rest)
	return !inWord(after)
}

// escaped tells whether a text ends with an escape of JSON, such as \n: its letter belongs to no word.
func escaped(s string) bool {
	return len(s) > 1 && s[len(s)-2] == '\\' && strings.IndexByte("bfnrt", s[len(s)-1]) >= 0
}

func inWord(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r))
}

// Is tells whether somebody is one of them: by name, account or key.
func (n Names) Is(p services.Person) bool { return n.In(p.Name) || n.In(p.OSUser) || n.In(p.Key) }

// says tells whether an entry's text names one of them: its message, its command, its change of a walk.
func (n Names) says(e Entry) bool {
	b, err := json.Marshal(struct {
		Message text.Message
		Command *CommandRun
		Change  *WalkChange
	}{e.Message, e.Command, e.Change})
	return err == nil && n.In(string(b))
}

// Find lists what of a timeline names one of them. What an entry that was erased before still holds counts as well.
func (n Names) Find(entries []Entry) []Erase {
	var out []Erase
	for _, e := range entries {
		out = appendErase(out, Erase{Seq: e.Seq, Who: !e.Who.IsSystem() && n.Is(e.Who), Text: n.says(e), Output: n.In(e.Output)})
	}
	return out
}

func appendErase(list []Erase, e Erase) []Erase {
	if e.Who || e.Text || e.Output {
		list = append(list, e)
	}
	return list
}

// Parts gives the names of the parts that are erased.
func (e Erase) Parts() (list []string) {
	for _, p := range [...]struct {
		on   bool
		name string
	}{{e.Who, "who"}, {e.Text, "text"}, {e.Output, "output"}} {
		if p.on {
			list = append(list, p.name)
		}
	}
	return list
}

// Forget says what goes from an incident and from the walks of its record. The zero value takes nothing.
type Forget struct {
	Names Names // goes wherever it stands
	Cause bool  // an incident's cause goes too
	Texts bool  // all that people have written goes too: title, cause, reasons, notes, values
}

// Empty tells whether nothing goes.
func (f Forget) Empty() bool { return f.Names.Empty() && !f.Texts && !f.Cause }

// Text gives what stays of a text that people have written.
func (f Forget) Text(s string) string {
	if f.Texts && s != "" {
		return Mark
	}
	return f.Names.Blank(s)
}

// incident blanks an incident, and tells whether that changes anything.
func (f Forget) incident(i *Incident) bool {
	was := [3]string{i.Title, i.Cause, i.Lead}
	handed := false
	if i.Handover != nil {
		h := *i.Handover
		h.To, h.By, h.Note = f.Text(h.To), f.Text(h.By), f.Text(h.Note)
		handed = h != *i.Handover
		i.Handover = &h
	}
	i.Title, i.Cause, i.Lead = f.Text(i.Title), f.Text(i.Cause), f.Text(i.Lead)
	if f.Cause && i.Cause != "" {
		i.Cause = Mark
	}
	return handed || was != [3]string{i.Title, i.Cause, i.Lead}
}

// keptKeys are the names in the JSON of a walk whose values say nothing about persons and are no texts of people.
func keptKeys() []string {
	return []string{"status", "run", "choice", "role", "runbook", "revision", "back", "title", "name"}
}

// JSON blanks the texts in a JSON value of a walk. What cannot be read becomes an empty object.
func (f Forget) JSON(s string) string {
	var v any
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber() // times are nanoseconds: too long for a float
	if d.Decode(&v) != nil {
		return "{}"
	}
	b, err := json.Marshal(f.value("", v))
	if err != nil { // it was JSON before
		return "{}"
	}
	return string(b)
}

func (f Forget) value(key string, v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k := range v {
			v[k] = f.value(k, v[k])
		}
	case []any:
		for i := range v {
			v[i] = f.value(key, v[i])
		}
	case string:
		if slices.Contains(keptKeys(), key) {
			return f.Names.Blank(v)
		}
		return f.Text(v)
	}
	return v
}
