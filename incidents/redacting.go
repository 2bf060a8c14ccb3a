package incidents

import (
	"strings"

	"lage/internal/clean"
	"lage/internal/text"
	"lage/services"
)

// MaxErase is how many entries one redaction may erase parts of: a long one is many short changes, which hold nobody up.
const MaxErase = 200

func (d *draft) redact(a Redact) error {
	reason := a.Reason
	if reason.Code == "" {
		reason = text.Raw(clean.Line(strings.Join(reason.Args, " ")))
	}
	switch {
	case reason.IsZero():
		return refuse("incidents.needs_reason")
	case a.Forget.Names.In(reason.In(text.German)):
		return refuse("incidents.reason_names")
	case len(a.Erase) > MaxErase:
		return refuse("incidents.too_long", MaxErase)
	case len(a.Erase) == 0 && a.Forget.Empty():
		return refuse("incidents.nothing_to_erase")
	}
	for _, e := range a.Erase {
		if e.Seq < 1 || e.Seq > d.s.Entries {
			return refuse("incidents.no_entry", e.Seq)
		}
		if len(e.Parts()) == 0 {
			return refuse("incidents.nothing_to_erase")
		}
	}
	d.out.Erase, d.out.Forget = a.Erase, a.Forget
	if d.inc != nil {
		a.Forget.incident(d.inc)
	}
	e := Entry{Kind: KindRedacted, Message: text.M("incidents.redacted_many", len(a.Erase), reason)}
	switch len(a.Erase) {
	case 0:
		e.Message = text.M("incidents.redacted_beside", reason)
	case 1:
		e.Target, e.Message = a.Erase[0].Seq, text.M("incidents.redacted", a.Erase[0].Seq, reason)
	}
	if a.Forget.Names.Is(d.r.By) { // who erases their own name does not leave it again
		e.Who = services.System()
	}
	d.entry(e)
	return nil
}
