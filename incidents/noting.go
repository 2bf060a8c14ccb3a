package incidents

import (
	"strings"
	"time"

	"lage/internal/clean"
	"lage/internal/text"
)

// Correct writes what is right in the place of an older entry's text. The older entry stays as it is.
type Correct struct {
	Seq  int64
	Text string
}

func (Correct) action() {}

// written gives a text by a person as it is kept, or why it is not.
func (d *draft) written(s string) (string, []clean.Masked, error) {
	t := strings.TrimSpace(clean.Text(s))
	switch {
	case t == "":
		return "", nil, refuse("incidents.empty_note")
	case len(t) > maxNote:
		return "", nil, refuse("incidents.too_long", maxNote)
	}
	t, masked := d.plan.Mask.Apply(t)
	return t, masked, nil
}

func (d *draft) note(a Note) error {
	t, masked, err := d.written(a.Text)
	if err != nil {
		return err
	}
	if a.At.After(d.now) {
		return refuse("incidents.time_ahead", d.moment(a.At))
	}
	e := Entry{Kind: KindNote, Message: text.Raw(t), Masked: masked, OccurredAt: a.At}
	if d.walk != nil {
		e.Walk, e.Step = d.walk.ID, a.Step
	}
	d.entry(e)
	return nil
}

func (d *draft) correct(a Correct) error {
	t, masked, err := d.written(a.Text)
	if err != nil {
		return err
	}
	if a.Seq < 1 || a.Seq > d.s.Entries {
		return refuse("incidents.no_entry", a.Seq)
	}
	d.entry(Entry{Kind: KindCorrection, Target: a.Seq, Message: text.M("incidents.corrected", a.Seq, t), Masked: masked})
	return nil
}

// Corrections tells for each corrected entry, by its seq, which entry corrects it last.
func Corrections(entries []Entry) map[int64]Entry {
	out := map[int64]Entry{}
	for _, e := range entries {
		if e.Kind == KindCorrection {
			out[e.Target] = e
		}
	}
	return out
}

// Corrected gives what a correction says in the place of the older text; empty where that was erased since.
func (e Entry) Corrected() string {
	if e.Kind != KindCorrection || len(e.Message.Args) < 2 {
		return ""
	}
	return e.Message.Args[1]
}

// lateNote is how much later than what it is about a note must have been written for both times to be said.
const lateNote = time.Minute

// Aside says in brackets what a reader has to know about an entry besides its words: that it was written later than what it
// is about, and which entry corrects it (0: none). Empty where there is nothing to say.
func (e Entry) Aside(l text.Lang, zone *time.Location, correctedBy int64) string {
	var parts []string
	if zone == nil {
		zone = time.UTC
	}
	if e.Kind == KindNote && e.RecordedAt.Sub(e.OccurredAt) >= lateNote {
		at := e.RecordedAt.In(zone)
		parts = append(parts, text.T(l, "incidents.added_later", text.Date(l, at)+" "+text.ClockSeconds(at)))
	}
	if correctedBy > 0 {
		parts = append(parts, text.T(l, "incidents.corrected_by", correctedBy))
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, "; ") + ")"
}

// NoteMark gives the mark that a note begins with: "!" for a cause, "?" for a question, ">" for a decision; empty for others.
func (e Entry) NoteMark() string {
	if e.Kind != KindNote || e.HasErased("text") || len(e.Message.Args) == 0 {
		return ""
	}
	return mark(e.Message.Args[0])
}

func mark(s string) string {
	if s != "" && strings.Contains("!?>", s[:1]) {
		return s[:1]
	}
	return ""
}

// Marked gives the mark and the text behind it of a note as it holds after its correction (the zero Entry where there is
// none). A correction without a mark of its own keeps the note's.
func (e Entry) Marked(correction Entry) (sign, words string) {
	sign = e.NoteMark()
	if sign == "" && mark(correction.Corrected()) == "" || e.HasErased("text") {
		return "", ""
	}
	words = strings.TrimPrefix(clean.Line(e.Message.Args[0]), sign)
	if c := clean.Line(correction.Corrected()); c != "" {
		if m := mark(c); m != "" {
			sign = m
		}
		words = strings.TrimPrefix(c, mark(c))
	}
	return sign, strings.TrimSpace(words)
}
