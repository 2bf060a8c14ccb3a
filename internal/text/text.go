// Package text holds every text that a user can see, in German and English, and puts stored messages into words.
//
// Nothing that is stored is a sentence: a stored message is a code with arguments (Message), put into words at the
// moment somebody reads it, in the reader's language. The tables are in one file per room (board.go, cli.go, ...); a test
// proves that every code used in the source exists, in both languages, with the same placeholders.
//
// A template holds placeholders: {0} the first argument as it is; {0:duration} a Go duration ("1.204s") in words;
// {0:number} a decimal number with the language's decimal mark; {0:msg} a nested Message; {0|one|many} the word "one"
// if the argument is "1", otherwise "many". "{{" is a literal brace.
package text

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Lang is a language of the user interface. The zero value reads as German.
type Lang string

// The two languages in which every text exists.
const (
	German  Lang = "de"
	English Lang = "en"
)

// ParseLang reads a language from a flag, a configuration or a locale such as "de_DE.UTF-8". Unknown values give false.
func ParseLang(s string) (Lang, bool) {
	s = strings.ToLower(s)
	switch {
	case s == "de" || strings.HasPrefix(s, "de_") || strings.HasPrefix(s, "de-") || strings.HasPrefix(s, "de."):
		return German, true
	case s == "en" || strings.HasPrefix(s, "en_") || strings.HasPrefix(s, "en-") || strings.HasPrefix(s, "en."):
		return English, true
	}
	return "", false
}

// pair is one text in both languages.
type pair struct{ De, En string }

// table maps codes to texts. Each room has one, in a file of its own.
type table map[string]pair

// Message is a stored text: a code of the tables and its arguments in machine form. An empty Code means that Args[0]
// is text from outside (already cleaned) to be shown as it is. The zero value is the empty text.
type Message struct {
	Code string   `json:"code,omitempty"`
	Args []string `json:"args,omitempty"`
}

// M makes a message. Arguments may be strings, integers, floats, durations, nested Messages or fmt.Stringers; they are
// kept in machine form so that each reader's language can format them.
func M(code string, args ...any) Message {
	m := Message{Code: code}
	for _, a := range args {
		m.Args = append(m.Args, machine(a))
	}
	return m
}

// Raw makes a message of text that came from outside and has passed internal/clean.
func Raw(s string) Message {
	if s == "" {
		return Message{}
	}
	return Message{Args: []string{s}}
}

// IsZero tells whether the message says nothing.
func (m Message) IsZero() bool { return m.Code == "" && len(m.Args) == 0 }

// Erased stands in stored texts where a name or a text was erased. In puts it into the reader's language.
const Erased = "[erased]"

// Shown gives a stored text with what was erased in the reader's language.
func Shown(l Lang, s string) string {
	if l == English || !strings.Contains(s, Erased) {
		return s
	}
	return strings.ReplaceAll(s, Erased, T(l, "report.erased"))
}

// In puts the message into words. A code that no table knows (a record of a newer lage) shows as the code and its
// arguments, so that nothing is lost.
func (m Message) In(l Lang) string {
	if m.Code == "" {
		if len(m.Args) == 0 {
			return ""
		}
		return Shown(l, m.Args[0])
	}
	t, ok := lookup(l, m.Code)
	if !ok {
		return strings.TrimSpace(m.Code + " " + strings.Join(m.Args, " "))
	}
	return Shown(l, fill(l, t, m.Args))
}

// T gives the text of a code in a language, with its arguments filled in. It is M(code, args...).In(l).
func T(l Lang, code string, args ...any) string { return M(code, args...).In(l) }

// Known tells whether a code has a text.
func Known(code string) bool { _, ok := lookup(English, code); return ok }

func lookup(l Lang, code string) (string, bool) {
	for _, t := range tables {
		if p, ok := t[code]; ok {
			if l == English {
				return p.En, true
			}
			return p.De, true
		}
	}
	return "", false
}

func machine(a any) string {
	switch v := a.(type) {
	case string:
		return v
	case Message:
		b, err := json.Marshal(v)
		if err != nil { // strings only: cannot fail
			return v.Code
		}
		return string(b)
	case time.Duration:
		return v.String()
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(a)
}

func fill(l Lang, tmpl string, args []string) string {
	if strings.IndexByte(tmpl, '{') < 0 {
		return tmpl
	}
	var b strings.Builder
	for {
		i := strings.IndexByte(tmpl, '{')
		if i < 0 {
			b.WriteString(tmpl)
			return b.String()
		}
		b.WriteString(tmpl[:i])
		if strings.HasPrefix(tmpl[i:], "{{") {
			b.WriteByte('{')
			tmpl = tmpl[i+2:]
			continue
		}
		j := strings.IndexByte(tmpl[i:], '}')
		if j < 0 {
			b.WriteString(tmpl[i:])
			return b.String()
		}
		b.WriteString(place(l, tmpl[i+1:i+j], args))
		tmpl = tmpl[i+j+1:]
	}
}

// place gives the words for one placeholder's inside, such as "0", "0:duration" or "0|Prüfung|Prüfungen".
func place(l Lang, in string, args []string) string {
	word, plural, isPlural := strings.Cut(in, "|")
	num, format, _ := strings.Cut(word, ":")
	n, err := strconv.Atoi(num)
	if err != nil || n < 0 || n >= len(args) {
		return "{" + in + "}"
	}
	a := args[n]
	if isPlural {
		one, many, _ := strings.Cut(plural, "|")
		if a == "1" {
			return one
		}
		return many
	}
	switch format {
	case "duration":
		d, err := time.ParseDuration(a)
		if err != nil {
			return a
		}
		return Duration(l, d)
	case "number":
		return decimal(l, a)
	case "msg":
		var m Message
		if json.Unmarshal([]byte(a), &m) != nil {
			return a
		}
		return m.In(l)
	}
	return a
}

func decimal(l Lang, s string) string {
	if l == English {
		return s
	}
	return strings.Replace(s, ".", ",", 1)
}
