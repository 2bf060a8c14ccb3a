package config

import (
	"slices"
	"time"

	"github.com/goccy/go-yaml/ast"

	"lage/internal/text"
	"lage/services"
)

type (
	rawRota struct {
		order     at[[]at[string]]
		start     at[services.Date]
		at        at[time.Duration]
		days      at[int]
		overrides at[[]at[rawOverride]]
	}
	rawOverride struct {
		from, until at[services.Date]
		who         at[string]
	}
)

const (
	defaultHandOver = 8 * time.Hour
	defaultShift    = 7
)

// rotaShape is a rotation. A text would name a calendar, which this version does not read yet.
func rotaShape() shape[rawRota] {
	s := mapping(
		key("order", "config.doc_rota_order", listOf(ident(), 1), func(r *rawRota) *at[[]at[string]] { return &r.order }).required(),
		key("start", "config.doc_rota_start", date(), func(r *rawRota) *at[services.Date] { return &r.start }).required(),
		key("at", "config.doc_rota_at", clockTime(), func(r *rawRota) *at[time.Duration] { return &r.at }),
		key("days", "config.doc_rota_days", integer(1, 366), func(r *rawRota) *at[int] { return &r.days }),
		key("overrides", "config.doc_rota_overrides", listOf(mapping(
			key("from", "config.doc_override_from", date(), func(o *rawOverride) *at[services.Date] { return &o.from }).required(),
			key("until", "config.doc_override_until", date(), func(o *rawOverride) *at[services.Date] { return &o.until }).required(),
			key("who", "config.doc_override_who", ident(), func(o *rawOverride) *at[string] { return &o.who }).required(),
		), 0), func(r *rawRota) *at[[]at[rawOverride]] { return &r.overrides }),
	)
	read, schema := s.read, s.schema
	s.schema = func(sf schemaFor) object { return object{"anyOf": []object{schema(sf), {"type": "string"}}} }
	s.read = func(d *decoder, n ast.Node) at[rawRota] {
		if _, ok := n.(*ast.StringNode); ok {
			d.warn(start(n), text.M("config.unused", "rota"))
			return at[rawRota]{}
		}
		return read(d, n)
	}
	return s
}

// clockTime is a time of day, "08:00".
func clockTime() shape[time.Duration] {
	return texts(object{"pattern": `^([01][0-9]|2[0-3]):[0-5][0-9]$`}, func(_ *decoder, s string) (time.Duration, text.Message) {
		t, err := time.Parse("15:04", s)
		if err != nil || len(s) != len("15:04") {
			return 0, text.M("config.clock", quote(s))
		}
		return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, text.Message{}
	})
}

// rota makes the rota of what was read, and looks into who stands in it.
func (d *decoder) rota(r at[rawRota], f rawFile) services.Rota {
	if !r.ok {
		return services.Rota{}
	}
	d.members(r.v.order, f)
	out := services.Rota{Order: values(r.v.order), Start: r.v.start.v, At: r.v.at.or(defaultHandOver), Days: r.v.days.or(defaultShift), Zone: f.zone.or(time.Local)}
	for _, o := range r.v.overrides.v {
		d.members(at[[]at[string]]{v: []at[string]{o.v.who}, ok: true}, f)
		if o.v.from.ok && o.v.until.ok && !o.v.from.v.Before(o.v.until.v) {
			d.bad(o.v.until.pos, text.M("config.override_order"))
		}
		out.Overrides = append(out.Overrides, services.Override{From: o.v.from.v, Until: o.v.until.v, Contact: o.v.who.v})
	}
	return out
}

// members looks into contacts that are named: they exist, and have channels of their own.
func (d *decoder) members(list at[[]at[string]], f rawFile) {
	var names []string
	for _, e := range f.contacts.v {
		names = append(names, e.name)
	}
	for _, m := range list.v {
		i := slices.Index(names, m.v)
		switch {
		case !m.ok:
		case i < 0:
			d.unknown(m.pos, text.M("config.no_contact", m.v, d.hint(m.v, names)))
		case !f.contacts.v[i].val.v.via.given():
			d.bad(m.pos, text.M("config.rota_of_rota", m.v))
		}
	}
}
