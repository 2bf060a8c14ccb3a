package report

import (
	"fmt"
	"slices"
	"time"

	"lage/incidents"
	"lage/internal/text"
)

// foldOver is how many equal check entries in a row stand for themselves. Longer rows become one line.
const foldOver = 3

func (d *doc) timeline() {
	d.print("\n## ", d.t("report.timeline"), "\n")
	d.print(head(d.t("report.time"), d.t("report.offset"), d.t("report.who"), d.t("report.what"), d.t("report.evidence")))
	entries := d.room.Entries
	number, corrected := d.commandNumbers(), incidents.Corrections(entries)
	for i := 0; i < len(entries); {
		n := alike(entries[i:])
		if n <= foldOver {
			n = 1
		}
		d.entry(entries[i], entries[i+n-1], n, number, corrected[entries[i].Seq].Seq)
		i += n
	}
}

// entry writes one row for an entry, or for n equal ones of which last is the last.
// correctedBy is the seq of the entry that corrects it; 0 where there is none.
func (d *doc) entry(e, last incidents.Entry, n int, number map[string]int, correctedBy int64) {
	what := inline(e.Words(d.lang) + e.Aside(d.lang, d.opt.zone(), correctedBy))
	evidence := fmt.Sprintf("\\#%d", e.Seq)
	if n > 1 {
		what += " " + inline(d.t("report.folded", n, text.ClockSeconds(d.local(last.OccurredAt))))
		evidence += fmt.Sprintf("–\\#%d", last.Seq)
	}
	if by := d.erasedBy(e.Seq); by > 0 {
		what += " " + inline(d.t("report.see", by))
	}
	if c := number[e.Run]; e.Run != "" && c > 0 {
		evidence += ", " + d.t("report.command_number", c)
	}
	if len(e.Hash) >= 12 {
		evidence += ", `" + e.Hash[:12] + "`"
	}
	who := inline(e.Name(d.lang))
	if u := e.Who.OSUser; u != "" && u != e.Who.Name && !e.HasErased("who") {
		who += " " + inline("("+u+")")
	}
	d.print(row(d.when(e.OccurredAt), d.offset(e.OccurredAt), orDash(who), orDash(what), evidence))
}

// offset writes how long after the incident's start something happened: +0:16:03.
func (d *doc) offset(t time.Time) string {
	start := d.room.Incident.Started
	if start.IsZero() || t.IsZero() {
		return "–"
	}
	sign, s := "+", t.Sub(start).Truncate(time.Second)
	if s < 0 {
		sign, s = "−", -s
	}
	return fmt.Sprintf("%s%d:%02d:%02d", sign, int(s.Hours()), int(s.Minutes())%60, int(s.Seconds())%60)
}

// alike counts the entries at the beginning that are about the same check and say the same.
func alike(entries []incidents.Entry) int {
	first := entries[0]
	switch first.Kind {
	case incidents.KindCheckDown, incidents.KindCheckDegraded, incidents.KindCheckUp:
	default:
		return 1
	}
	n := 1
	for _, e := range entries[1:] {
		if e.Kind != first.Kind || e.Check != first.Check || e.Words(text.English) != first.Words(text.English) || len(e.Erased) > 0 || len(first.Erased) > 0 {
			break
		}
		n++
	}
	return n
}

// erasedBy gives the number of the entry that erased parts of the one given, 0 if none did.
func (d *doc) erasedBy(seq int64) int64 {
	for _, e := range d.room.Entries {
		if e.Kind == incidents.KindRedacted && (e.Target == seq || slices.ContainsFunc(e.Erases, func(x incidents.Erase) bool { return x.Seq == seq })) {
			return e.Seq
		}
	}
	return 0
}

// downtimes lists when each check was down, as measured. One that answers slowly, or now and then, is not down any more.
func (d *doc) downtimes() {
	type outage struct {
		check    string
		from, to time.Time
	}
	var all []outage
	open := map[string]int{} // check to index in all
	for _, e := range d.room.Entries {
		i, down := open[e.Check]
		switch {
		case e.Kind == incidents.KindCheckDown && !down:
			open[e.Check] = len(all)
			all = append(all, outage{check: e.Check, from: e.OccurredAt})
		case (e.Kind == incidents.KindCheckUp || e.Kind == incidents.KindCheckDegraded) && down:
			all[i].to = e.OccurredAt
			delete(open, e.Check)
		}
	}
	if len(all) == 0 {
		return
	}
	d.print("\n## ", d.t("report.downtimes"), "\n", head(d.t("report.check"), d.t("report.down_from"), d.t("report.down_to"), d.t("report.length")))
	for _, o := range all {
		to, length := d.t("report.goes_on"), d.t("report.goes_on")
		if !o.to.IsZero() {
			to, length = d.when(o.to), d.between(o.from, o.to)
		}
		d.print(row(orDash(inline(o.check)), d.when(o.from), to, length))
	}
}
