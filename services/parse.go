package services

import (
	"strings"
	"time"
	"unicode/utf8"

	"lage/internal/text"
)

// HoursError says what in service hours cannot be read.
type HoursError struct {
	Col  int      // column in characters, from 1
	Code string   // of internal/text
	Args []string // of the text
}

// Message gives the error for the reader's language.
func (e *HoursError) Message() text.Message { return text.Message{Code: e.Code, Args: e.Args} }

// Error gives the message in English.
func (e *HoursError) Error() string { return e.Message().In(text.English) }

var dayNames = [7]string{"Su", "Mo", "Tu", "We", "Th", "Fr", "Sa"} // by time.Weekday

// holiday is "PH" in a list of days.
const holiday = 7

// ParseHours reads the notation. The error is a *HoursError with the column in s.
func ParseHours(s string) (Hours, error) {
	p := hoursParser{src: s}
	for {
		p.blanks()
		if p.pos == len(s) && p.rules > 0 {
			break // "…;" at the end is harmless
		}
		if err := p.rule(); err != nil {
			return Hours{}, err
		}
		p.rules++
		if !p.eat(";") {
			break
		}
	}
	if p.pos < len(s) {
		return Hours{}, p.fault(p.pos, "checks.hours_unexpected", p.word())
	}
	h := Hours{src: strings.TrimSpace(s), open: weekly(p.days), set: true}
	if len(h.open) == 1 && h.open[0] == (span{0, weekMinutes}) {
		h.open, h.set = nil, false
	}
	return h, nil
}

// hoursParser reads from left to right; pos is a byte offset.
type hoursParser struct {
	src   string
	pos   int
	rules int
	days  [7][]span
}

// rule reads "24/7" or days, times or both: "Mo-Fr 08:00-12:00,13:00-16:00", "Sa off", "Mo", "08:00-18:00".
func (p *hoursParser) rule() error {
	if p.eat("24/7") {
		p.set(everyDay(), []span{{0, dayMinutes}})
		return nil
	}
	start := p.pos
	if p.pos == len(p.src) || p.src[p.pos] == ';' {
		return p.fault(start, "checks.hours_empty")
	}
	days := everyDay()
	if w := p.word(); !isDigit(w[0]) && !isOff(w) {
		var err error
		if days, err = p.dayList(); err != nil {
			return err
		}
		p.blanks()
	}
	spans := []span{{0, dayMinutes}}
	switch w := p.word(); {
	case isOff(w):
		p.pos += len(w)
		spans = nil
	case w != "" && w != ";":
		var err error
		if spans, err = p.times(); err != nil {
			return err
		}
	}
	if days[holiday] && spans != nil {
		return p.fault(start, "checks.hours_holiday")
	}
	p.set(days, spans)
	p.blanks()
	return nil
}

func (p *hoursParser) set(days [8]bool, spans []span) {
	for d := range p.days {
		if days[d] {
			p.days[d] = spans
		}
	}
}

// dayList reads "Mo", "Mo-Fr", "Fr-Mo,We", "Sa,Su,PH".
func (p *hoursParser) dayList() (days [8]bool, err error) {
	for {
		from, err := p.day()
		if err != nil {
			return days, err
		}
		to := from
		p.blanks()
		if p.eat("-") {
			p.blanks()
			at := p.pos
			if to, err = p.day(); err != nil {
				return days, err
			}
			if from == holiday || to == holiday {
				return days, p.fault(at, "checks.hours_holiday")
			}
		}
		for d := from; ; d = (d + 1) % 7 {
			days[d] = true
			if d == to {
				break
			}
		}
		p.blanks()
		if !p.eat(",") {
			return days, nil
		}
		p.blanks()
	}
}

func (p *hoursParser) day() (int, error) {
	at, w := p.pos, p.word()
	for d, name := range dayNames {
		if w == name {
			p.pos += len(w)
			return d, nil
		}
	}
	if w == "PH" {
		p.pos += len(w)
		return holiday, nil
	}
	if hint := suggestDay(w); hint != "" {
		return 0, p.fault(at, "checks.hours_day_hint", w, hint)
	}
	return 0, p.fault(at, "checks.hours_day", w)
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

// times reads "08:00-12:00,13:00-16:00".
func (p *hoursParser) times() ([]span, error) {
	var out []span
	for {
		start := p.pos
		from, err := p.clock()
		if err != nil {
			return nil, err
		}
		p.blanks()
		if !p.eat("-") {
			return nil, p.fault(p.pos, "checks.hours_span")
		}
		p.blanks()
		to, err := p.clock()
		if err != nil {
			return nil, err
		}
		if from == to || from == dayMinutes {
			return nil, p.fault(start, "checks.hours_no_time", p.src[start:p.pos])
		}
		if to < from {
			to += dayMinutes
		}
		out = append(out, span{from, to})
		p.blanks()
		if !p.eat(",") {
			return out, nil
		}
		p.blanks()
	}
}

// clock reads "08:00", "8:00" or "24:00" into minutes.
func (p *hoursParser) clock() (int, error) {
	at, w := p.pos, p.word()
	hour, minute, ok := strings.Cut(w, ":")
	h, okH := number(hour, 1)
	m, okM := number(minute, 2)
	if !ok || !okH || !okM || m > 59 || h*60+m > dayMinutes {
		return 0, p.fault(at, "checks.hours_time", w)
	}
	p.pos += len(w)
	return h*60 + m, nil
}

// number reads at least low and at most two digits.
func number(s string, low int) (int, bool) {
	if len(s) < low || len(s) > 2 {
		return 0, false
	}
	n := 0
	for i := range len(s) {
		if !isDigit(s[i]) {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

func (p *hoursParser) blanks() {
	for p.pos < len(p.src) && strings.IndexByte(" \t\n\r", p.src[p.pos]) >= 0 {
		p.pos++
	}
}

func (p *hoursParser) eat(s string) bool {
	if !strings.HasPrefix(p.src[p.pos:], s) {
		return false
	}
	p.pos += len(s)
	return true
}

// word gives what stands at pos up to the next separator, without taking it; a separator itself if one stands there;
// "" at the end.
func (p *hoursParser) word() string {
	rest := p.src[p.pos:]
	end := strings.IndexAny(rest, " \t\n\r,;-")
	switch {
	case end < 0:
		return rest
	case end == 0:
		return rest[:1]
	}
	return rest[:end]
}

func (p *hoursParser) fault(at int, code string, args ...string) error {
	return &HoursError{Col: utf8.RuneCountInString(p.src[:at]) + 1, Code: code, Args: args}
}

func everyDay() (days [8]bool) {
	for d := time.Sunday; d <= time.Saturday; d++ {
		days[d] = true
	}
	return days
}

func isDigit(c byte) bool    { return '0' <= c && c <= '9' }
func isOff(word string) bool { return word == "off" || word == "closed" }
