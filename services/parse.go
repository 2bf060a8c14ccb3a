package services

import (
	"slices"
	"strconv"
	"strings"
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

// rule is one rule: on which days it holds, and what it says about them.
type rule struct {
	col    int         // where it begins
	dates  []dateRange // none: at any time of any year
	anyDay bool        // no day of the week is named
	days   [8]bool
	nth    [7]uint16 // of the month: bits 0 to 4 from its beginning, 5 to 9 from its end; 0 means all
	spans  []span    // open or, with off, closed; may reach into the next day
	off    bool
	timed  bool // times are given
	more   bool // adds to earlier rules instead of replacing them
}

// ParseHours reads the notation. The error is a *HoursError with the column in s. "PH" stands for no day until WithHolidays
// has said which ones.
func ParseHours(s string) (Hours, error) {
	p := hoursParser{src: s}
	more := false
	for {
		p.blanks()
		if p.pos == len(s) && len(p.rules) > 0 && !more {
			break // "…;" at the end is harmless
		}
		if err := p.rule(more); err != nil {
			return Hours{}, err
		}
		p.blanks()
		if more = p.eat(","); !more && !p.eat(";") {
			break
		}
	}
	if p.pos < len(s) {
		if strings.HasPrefix(p.src[p.pos:], "||") {
			return Hours{}, p.unsupported(p.pos, "||", "services.hours_no_fallback")
		}
		return Hours{}, p.fault(p.pos, "checks.hours_unexpected", p.word())
	}
	v := version{src: strings.TrimSpace(s), rules: p.rules}
	v.always = v.isAlways()
	return Hours{&calendar{versions: []version{v}, always: v.always}}, nil
}

// isAlways tells whether every week is open throughout.
func (v version) isAlways() bool {
	for _, r := range v.rules {
		if len(r.dates) > 0 || r.days[holiday] || r.nth != [7]uint16{} {
			return false
		}
	}
	c := calendar{versions: []version{v}}
	spans := c.compute(2000)
	return len(spans) == 1 && spans[0] == span{0, 366 * dayMinutes}
}

// Remarks says where the notation is right but hardly means what it says: a rule for public holidays that a later rule
// replaces on the same days.
func (h Hours) Remarks() []*HoursError {
	if h.cal == nil {
		return nil
	}
	var out []*HoursError
	rules := h.cal.versions[len(h.cal.versions)-1].rules
	for i, r := range rules {
		if !r.days[holiday] || r.more {
			continue
		}
		for _, later := range rules[i+1:] {
			if !later.days[holiday] && len(later.dates) == 0 && !later.more && !(later.off && later.timed) {
				out = append(out, &HoursError{Col: r.col, Code: "services.hours_holiday_first"})
				break
			}
		}
	}
	return out
}

// hoursParser reads from left to right; pos is a byte offset.
type hoursParser struct {
	src   string
	pos   int
	rules []rule
}

// rule reads "24/7" or dates, days and times, each of which may be missing: "Mo-Fr 08:00-12:00,13:00-16:00", "Sa off", "Dec 24,31
// 08:00-12:00", "Mo", "08:00-18:00".
func (p *hoursParser) rule(more bool) error {
	start := p.pos
	r := rule{col: p.col(start), more: more}
	if p.pos == len(p.src) || p.peek() == ';' {
		return p.fault(start, "checks.hours_empty")
	}
	if p.eat("24/7") {
		r.anyDay, r.spans = true, []span{{0, dayMinutes}}
		return p.add(r, start)
	}
	var err error
	if p.dateAtStart() {
		if r.dates, err = p.dates(); err != nil {
			return err
		}
		p.blanks()
	}
	if w := p.word(); w == "" || isDigit(w[0]) || isState(w) || w[0] == '"' || len(r.dates) > 0 && w[0] == ';' || len(r.dates) > 0 && w[0] == ',' {
		r.anyDay = true
	} else if err = p.dayList(&r); err != nil {
		return err
	}
	p.blanks()
	if p.timesAhead() {
		r.timed = true
		if r.spans, err = p.times(); err != nil {
			return err
		}
	}
	if err := p.state(&r, start); err != nil {
		return err
	}
	return p.add(r, start)
}

// timesAhead tells whether times, written well or badly, follow the days.
func (p *hoursParser) timesAhead() bool {
	w := p.word()
	if w == "" || w == "unknown" || isState(w) || strings.ContainsAny(w[:1], ";,\"|") {
		return false
	}
	return w != "PH" && !slices.Contains(dayNames[:], w)
}

// state reads "off", "closed" or "open", and a comment.
func (p *hoursParser) state(r *rule, start int) error {
	p.blanks()
	w := p.letters()
	switch {
	case w == "unknown":
		return p.unsupported(p.pos, w, "services.hours_no_unknown")
	case isState(w):
		p.pos += len(w)
		r.off = w != "open"
		p.blanks()
	}
	if p.peek() == '"' {
		end := strings.IndexByte(p.src[p.pos+1:], '"')
		switch {
		case end < 0:
			return p.fault(p.pos, "services.hours_quote")
		case !r.timed && !isState(w):
			return p.fault(p.pos, "services.hours_comment")
		}
		p.pos += end + 2
	}
	if !r.timed && !r.off {
		r.spans = []span{{0, dayMinutes}}
	}
	return nil
}

// add takes a rule. One for every day makes all before it void, which nobody writes on purpose.
func (p *hoursParser) add(r rule, start int) error {
	if len(p.rules) > 0 && r.anyDay && len(r.dates) == 0 && !r.more && !(r.off && r.timed) {
		return p.fault(start, "services.hours_all_again")
	}
	p.rules = append(p.rules, r)
	return nil
}

// dayList reads "Mo", "Mo-Fr", "Fr-Mo,We", "Sa,Su,PH", "Su[1]".
func (p *hoursParser) dayList(r *rule) error {
	for {
		from, err := p.day()
		if err != nil {
			return err
		}
		to := from
		if p.peek() == '[' {
			if err := p.ordinals(r, from); err != nil {
				return err
			}
		} else if from < holiday {
			r.nth[from] = 0
		}
		p.blanks()
		if p.dash() {
			p.blanks()
			at := p.pos
			if to, err = p.day(); err != nil {
				return err
			}
			if from == holiday || to == holiday {
				return p.fault(at, "checks.hours_holiday")
			}
		}
		for d := from; ; d = (d + 1) % 7 {
			r.days[d] = true
			if d == to {
				break
			}
		}
		p.blanks()
		if !p.commaAnd(func() bool { return !isDigit(p.peek()) }) {
			return nil
		}
	}
}

// ordinals reads "[1]" or "[1,-1]" after a day: which ones of the month.
func (p *hoursParser) ordinals(r *rule, day int) error {
	at := p.pos
	end := strings.IndexByte(p.src[at:], ']')
	if end < 0 || day == holiday {
		return p.fault(at, "services.hours_nth")
	}
	for s := range strings.SplitSeq(p.src[at+1:at+end], ",") {
		n, err := strconv.Atoi(strings.TrimSpace(s))
		switch {
		case err == nil && n >= 1 && n <= 5:
			r.nth[day] |= 1 << (n - 1)
		case err == nil && n <= -1 && n >= -5:
			r.nth[day] |= 1 << (5 - n - 1)
		default:
			return p.fault(at, "services.hours_nth")
		}
	}
	p.pos += end + 1
	return nil
}

func (p *hoursParser) day() (int, error) {
	at, w := p.pos, p.letters()
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
	return 0, p.notDay(at)
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
		if p.peek() == '+' {
			return nil, p.unsupported(p.pos, "+", "services.hours_no_open_end")
		}
		if !p.dash() {
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
		if c := p.peek(); c == '+' || c == '/' {
			return nil, p.unsupported(p.pos, string(c), "services.hours_no_open_end")
		}
		if !p.commaAnd(func() bool { return isDigit(p.peek()) && (len(p.digits()) != 4 || p.timeAhead()) }) {
			return out, nil
		}
	}
}

// clock reads "08:00", "8:00" or "24:00" into minutes.
func (p *hoursParser) clock() (int, error) {
	at, w := p.pos, p.word()
	hour, minute, ok := strings.Cut(w, ":")
	h, okH := number(hour, 1)
	m, okM := number(minute, 2)
	if !ok || !okH || !okM || m > 59 || h*60+m > dayMinutes {
		if n := p.letters(); n != "" && isSun(n) {
			return 0, p.unsupported(at, n, "services.hours_no_sun")
		}
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
	for i := range len(s) {
		if !isDigit(s[i]) {
			return 0, false
		}
	}
	return atoi(s), true
}

func (p *hoursParser) fault(at int, code string, args ...string) error {
	return &HoursError{Col: p.col(at), Code: code, Args: args}
}

func (p *hoursParser) col(at int) int { return utf8.RuneCountInString(p.src[:at]) + 1 }

// unsupported refuses a part of the specification by name and says what to write instead.
func (p *hoursParser) unsupported(at int, what, instead string) error {
	m := text.M("services.hours_unsupported", what, text.M(instead))
	return &HoursError{Col: p.col(at), Code: m.Code, Args: m.Args}
}
