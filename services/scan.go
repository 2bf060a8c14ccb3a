package services

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// What the parser of hours takes from its text, and what it guesses where a word is not of the notation.

func (p *hoursParser) blanks() {
	for p.pos < len(p.src) && strings.IndexByte(" \t\n\r", p.src[p.pos]) >= 0 {
		p.pos++
	}
}

// peek gives the byte at pos; 0 at the end.
func (p *hoursParser) peek() byte {
	if p.pos == len(p.src) {
		return 0
	}
	return p.src[p.pos]
}

func (p *hoursParser) eat(s string) bool {
	if !strings.HasPrefix(p.src[p.pos:], s) {
		return false
	}
	p.pos += len(s)
	return true
}

// dash takes a hyphen, also the longer one that word processors put in its place.
func (p *hoursParser) dash() bool { return p.eat("-") || p.eat("–") }

// commaAnd takes a comma when what follows it goes on with the list; otherwise the comma begins another rule.
func (p *hoursParser) commaAnd(goesOn func() bool) bool {
	mark := p.pos
	if p.eat(",") {
		p.blanks()
		if goesOn() {
			return true
		}
	}
	p.pos = mark
	return false
}

// word gives what stands at pos up to the next separator, without taking it; a separator itself if one stands there;
// "" at the end.
func (p *hoursParser) word() string {
	rest := p.src[p.pos:]
	end := strings.IndexAny(rest, " \t\n\r,;-–+/")
	switch {
	case end < 0:
		return rest
	case end == 0:
		_, size := utf8.DecodeRuneInString(rest)
		return rest[:size]
	}
	return rest[:end]
}

// digits gives the digits at pos, letters the ASCII letters, without taking them.
func (p *hoursParser) digits() string { return p.run(isDigit) }

func (p *hoursParser) letters() string { return p.run(isLetter) }

func (p *hoursParser) run(of func(byte) bool) string {
	end := p.pos
	for end < len(p.src) && of(p.src[end]) {
		end++
	}
	return p.src[p.pos:end]
}

func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

func isDigit(c byte) bool      { return '0' <= c && c <= '9' }
func isLetter(c byte) bool     { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }
func isState(word string) bool { return word == "off" || word == "closed" || word == "open" }

func isSun(word string) bool {
	return word == "sunrise" || word == "sunset" || word == "dawn" || word == "dusk"
}

// dateAtStart tells whether a rule begins with a date, written well or nearly so.
func (p *hoursParser) dateAtStart() bool {
	if d := p.digits(); d != "" {
		return !p.timeAhead() && (len(d) == 4 || p.dayThenMonth() != "")
	}
	return p.dateWordAhead() || suggestMonth(p.word()) != ""
}

// dayThenMonth gives the month of a date such as "24. Dec" or "24 Dez"; "" where none stands.
func (p *hoursParser) dayThenMonth() string {
	rest := strings.TrimLeft(p.src[p.pos+len(p.digits()):], ". \t")
	if end := strings.IndexAny(rest, " \t,;-"); end > 0 {
		rest = rest[:end]
	}
	return suggestMonth(rest)
}

// notMonth refuses what stands where a month or a date should.
func (p *hoursParser) notMonth(at int) error {
	w := p.word()
	if d := p.digits(); d != "" {
		if m := p.dayThenMonth(); m != "" {
			return p.fault(at, "services.hours_day_first", m+" "+d)
		}
	}
	if hint := suggestMonth(w); hint != "" {
		return p.fault(at, "services.hours_month_hint", w, hint)
	}
	return p.fault(at, "services.hours_month", w)
}

// notDay refuses what stands where a day should.
func (p *hoursParser) notDay(at int) error {
	w := p.word()
	switch {
	case w == "SH":
		return p.unsupported(at, w, "services.hours_no_school")
	case w == "week":
		return p.unsupported(at, w, "services.hours_no_week")
	case isSun(p.letters()):
		return p.unsupported(at, p.letters(), "services.hours_no_sun")
	case w == "unknown":
		return p.unsupported(at, w, "services.hours_no_unknown")
	}
	if hint := suggestMonth(w); hint != "" {
		if hint == w {
			return p.fault(at, "checks.hours_unexpected", w)
		}
		return p.fault(at, "services.hours_month_hint", w, hint)
	}
	if hint := suggestDay(w); hint != "" {
		return p.fault(at, "checks.hours_day_hint", w, hint)
	}
	return p.fault(at, "checks.hours_day", w)
}

// suggestMonth guesses which month, or "easter", was meant: longer and German names, wrong case.
func suggestMonth(w string) string {
	w = strings.ToLower(w)
	if w == "ostern" || w == "easter" {
		return "easter"
	}
	if len(w) < 3 {
		return ""
	}
	german := map[string]string{"mai": "May", "mrz": "Mar", "mä": "Mar", "mae": "Mar", "okt": "Oct", "dez": "Dec"}
	if hint, ok := german[w[:3]]; ok {
		return hint
	}
	for m := time.January; m <= time.December; m++ {
		if name := m.String()[:3]; strings.HasPrefix(w, strings.ToLower(name)) {
			return name
		}
	}
	return ""
}

// suggestDay guesses which day was meant: other languages' and longer names, wrong case.
func suggestDay(w string) string {
	w = strings.ToLower(w)
	if strings.HasPrefix(w, "sonnab") {
		return "Sa"
	}
	if w == "ft" || strings.HasPrefix(w, "feier") || w == "ph" {
		return "PH"
	}
	if len(w) < 2 {
		return ""
	}
	german := map[string]string{"di": "Tu", "mi": "We", "do": "Th", "so": "Su"}
	if hint, ok := german[w[:2]]; ok {
		return hint
	}
	for _, name := range dayNames {
		if strings.HasPrefix(w, strings.ToLower(name)) {
			return name
		}
	}
	return ""
}
