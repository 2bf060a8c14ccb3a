package runbooks

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// What a step asks for in plain words, without any directive.

var (
	waitFor   = regexp.MustCompile(`(?i)\b(?:wait|allow|warte[nt]?|abwarten)\b[^.:;\d]{0,40}?(\d{1,3})(?:\s*(?:-|–|to|bis)\s*(\d{1,3}))?\s*(seconds?|secs?|minutes?|mins?|hours?|hrs?|sekunden?|minuten?|stunden?)\b`)
	waitAfter = regexp.MustCompile(`(?i)\b(\d{1,3})(?:\s*(?:-|–|bis)\s*(\d{1,3}))?\s*(sekunden?|minuten?|stunden?)\s+(?:lang\s+)?(?:ab)?(?:zu)?warten\b`)
	signHere  = regexp.MustCompile(`(?i)^(?:sign[- ]?off|signed off|freigabe|abnahme|gegenzeichnung|abzeichnung|vier-augen-freigabe)(?:\s*\(([^()]{1,60})\))?\s*(?::.*)?$`)
	jumpTo    = regexp.MustCompile(`(?i)\b(?:go(?: back)? to|skip(?: ahead)?(?: to)?|jump(?: back)? to|continue (?:with|at|from)|proceed (?:to|with)|return to|repeat(?: from)?|start (?:again|over) (?:at|from|with)|see|weiter (?:mit|bei)|zurück zu|springen sie zu|gehen sie zu|gehe zu|siehe|wiederholen ab)\s+(?:the\s+|dem\s+|zum\s+)?(?:(?:step|schritt)\s+(\d{1,2}(?:\.\d{1,2})?)\b|(?:section|abschnitt)\s+["“„'*]?([^"“”„'*.,;()]{2,60}))`)
)

// natural fills in what prose says of waiting, signing and going on elsewhere. Directives have the last word.
func (b *builder) natural() {
	b.book.All(func(_ int, s *Step) {
		text := s.Title + "\n" + s.Body
		if s.Wait == 0 && s.Kind != Read {
			if s.Wait = spokenWait(text); s.Wait > 0 {
				s.WaitOffered = true
			}
		}
		if m := signHere.FindStringSubmatch(s.Title); m != nil && s.SignOff == nil {
			s.SignOff = &SignOff{Role: strings.TrimSpace(m[1])}
		}
	})
}

// spokenWait gives the time that a text says to wait; of a range the longer one.
func spokenWait(text string) time.Duration {
	if !containsAny(text, "ait ", "llow ", "arte") || !containsAny(text, "sec", "min", "hour", "hr", "Sek", "Min", "Stu", "stu") {
		return 0
	}
	m := waitFor.FindStringSubmatch(text)
	if m == nil {
		m = waitAfter.FindStringSubmatch(text)
	}
	if m == nil {
		return 0
	}
	n := m[1]
	if m[2] != "" {
		n = m[2]
	}
	count, err := strconv.Atoi(n)
	if err != nil {
		return 0
	}
	return time.Duration(count) * unit(m[3])
}

// unit reads the name of a unit of time; zero for what is none.
func unit(word string) time.Duration {
	switch w := strings.ToLower(word); {
	case strings.HasPrefix(w, "h"), strings.HasPrefix(w, "st"):
		return time.Hour
	case strings.HasPrefix(w, "m"):
		return time.Minute
	case strings.HasPrefix(w, "s"):
		return time.Second
	}
	return 0
}

// leadingDuration reads "10m", or "10 minutes", at the start of words, and gives the words behind it.
func leadingDuration(words []string) (time.Duration, []string) {
	if len(words) == 0 {
		return 0, nil
	}
	if d := duration(words[0]); d > 0 {
		return d, words[1:]
	}
	if n, err := strconv.Atoi(words[0]); err == nil && n > 0 && len(words) > 1 {
		return time.Duration(n) * unit(words[1]), words[2:]
	}
	return 0, words
}

// duration reads "90s", "10m", "1h30m"; zero for what is none.
func duration(s string) time.Duration {
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 {
		return 0
	}
	return d
}

// jumps finds the steps that the prose of each step names. It needs the IDs.
func (b *builder) jumps() {
	for i := range b.book.Sections {
		b.jumpsOf(b.book.Sections[i].Steps, i)
	}
}

func (b *builder) jumpsOf(siblings []Step, section int) {
	for i := range siblings {
		s := &siblings[i]
		text := s.Title + "\n" + s.Body
		if !containsAny(text, "tep ", "chritt ", "STEP ", "ection ", "bschnitt ") {
			b.jumpsOf(s.Steps, section)
			continue
		}
		for _, m := range jumpTo.FindAllStringSubmatch(text, 8) {
			target := ""
			if m[1] != "" {
				target = b.numberedStep(siblings, section, m[1])
			} else {
				target = b.sectionStep(m[2])
			}
			if target != "" && target != s.ID {
				s.Jumps = append(s.Jumps, Jump{Label: strings.Join(strings.Fields(m[0]), " "), Step: target})
			}
		}
		b.jumpsOf(s.Steps, section)
	}
}

// numberedStep finds the step that an author calls by its number: among its siblings, in its section, or as the only one
// of that number.
func (b *builder) numberedStep(siblings []Step, section int, number string) string {
	for _, in := range [][]Step{siblings, b.book.Sections[section].Steps} {
		for i := range in {
			if in[i].ordinal == number {
				return in[i].ID
			}
		}
	}
	found, n := "", 0
	b.book.All(func(_ int, s *Step) {
		if s.ordinal == number {
			found = s.ID
			n++
		}
	})
	if n == 1 {
		return found
	}
	return ""
}

// sectionStep gives the first step at or behind the section of a title.
func (b *builder) sectionStep(title string) string {
	want := slug(strings.TrimSpace(title))
	for i := range b.book.Sections {
		if b.book.Sections[i].Anchor == want && want != "" {
			if steps := b.book.Sections[i].Steps; len(steps) > 0 {
				return steps[0].ID
			}
		}
	}
	return ""
}
