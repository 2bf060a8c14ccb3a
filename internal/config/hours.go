package config

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"lage/internal/text"
	"lage/services"
)

// versioned is a value, or the values that replaced each other: [{from: 2026-01-01, value: ...}, ...], the oldest first.
func versioned[T any](value shape[T]) shape[services.Versions[T]] {
	type version struct {
		from  at[services.Date]
		value at[T]
	}
	list := listOf(mapping(
		key("from", "config.doc_version_from", date(), func(v *version) *at[services.Date] { return &v.from }),
		key("value", "config.doc_version_value", value, func(v *version) *at[T] { return &v.value }).required(),
	), 1)
	return shape[services.Versions[T]]{
		keys:   value.keys,
		schema: func(s schemaFor) object { return object{"anyOf": []object{value.schema(s), list.schema(s)}} },
		read: func(d *decoder, n ast.Node) at[services.Versions[T]] {
			if n.Type() != ast.SequenceType {
				one := value.read(d, n)
				return at[services.Versions[T]]{v: services.Since(one.v), pos: one.pos, ok: one.ok}
			}
			read := list.read(d, n)
			out := at[services.Versions[T]]{pos: read.pos, ok: read.ok}
			var last services.Date
			for i, v := range read.v {
				from := v.v.from
				switch {
				case !v.ok || !v.v.value.ok || from.given() && !from.ok:
					out.ok = false
				case i > 0 && !from.given():
					d.bad(v.pos, text.M("config.version_from"))
				case i > 0 && !last.Before(from.v):
					d.bad(from.pos, text.M("config.version_order"))
				}
				last = from.v
				out.v = append(out.v, services.Dated[T]{From: from.v, Value: v.v.value.v})
			}
			return out
		},
	}
}

func date() shape[services.Date] {
	return texts(object{"pattern": `^[0-9]{4}-[0-9]{2}-[0-9]{2}$`}, func(_ *decoder, s string) (services.Date, text.Message) {
		if v, ok := services.ParseDate(s); ok {
			return v, text.Message{}
		}
		return services.Date{}, text.M("config.date", quote(s))
	})
}

// hours reads service hours. A mistake is shown at the character at fault, not at the beginning of the value.
func hours() shape[services.Hours] {
	return shape[services.Hours]{
		schema: func(schemaFor) object { return object{"type": "string", "minLength": 1} },
		read: func(d *decoder, n ast.Node) at[services.Hours] {
			s, ok := d.scalar(n)
			if !ok {
				return at[services.Hours]{}
			}
			h, err := services.ParseHours(s)
			var he *services.HoursError
			if errors.As(err, &he) {
				why := he.Message()
				if len(why.Args) > 0 { // the first one is from the file
					why.Args[0] = quote(why.Args[0])
				}
				d.bad(inside(n, s, he.Col), text.M("config.hours_why", why))
				return at[services.Hours]{}
			}
			for _, r := range h.Remarks() {
				d.warn(inside(n, s, r.Col), text.M("config.hours_why", r.Message()))
			}
			return at[services.Hours]{v: h, pos: start(n), ok: true}
		},
	}
}

// holidays is the region whose public holidays count, and days of one's own.
func holidays() shape[services.Holidays] {
	type raw struct {
		region at[string]
		extra  at[[]at[services.OwnDay]]
	}
	m := mapping(
		key("region", "config.doc_region", region(), func(r *raw) *at[string] { return &r.region }),
		key("extra", "config.doc_extra", listOf(ownDay(), 0), func(r *raw) *at[[]at[services.OwnDay]] { return &r.extra }),
	)
	return shape[services.Holidays]{
		keys: m.keys, schema: m.schema,
		read: func(d *decoder, n ast.Node) at[services.Holidays] {
			r := m.read(d, n)
			return at[services.Holidays]{v: services.Holidays{Region: r.v.region.v, Extra: values(r.v.extra)}, pos: r.pos, ok: r.ok}
		},
	}
}

// region is the code of a Land. Its name is refused with the code.
func region() shape[string] {
	codes := oneOf(services.Regions()...)
	read := codes.read
	codes.read = func(d *decoder, n ast.Node) at[string] {
		if s, ok := n.(*ast.StringNode); ok {
			if code := landCode(s.Value); code != "" {
				d.bad(start(n), text.M("config.one_of_near", quote(s.Value), code))
				return at[string]{}
			}
		}
		return read(d, n)
	}
	return codes
}

// landCode gives the code of a Land's name, written nearly right; "" for what is none.
func landCode(name string) string {
	const names = "Baden-Württemberg BW Bayern BY Bavaria BY Berlin BE Brandenburg BB Bremen HB Hamburg HH Hessen HE Mecklenburg-Vorpommern MV " +
		"Niedersachsen NI Nordrhein-Westfalen NW Rheinland-Pfalz RP Saarland SL Sachsen SN Sachsen-Anhalt ST Schleswig-Holstein SH " +
		"Thüringen TH Deutschland DE Germany DE NRW NW"
	words := strings.Fields(names)
	for i := 0; i < len(words); i += 2 {
		if strings.EqualFold(name, words[i]) || name != words[i+1] && strings.EqualFold(name, words[i+1]) || strings.EqualFold(name, "DE-"+words[i+1]) {
			return words[i+1]
		}
	}
	return ""
}

func ownDay() shape[services.OwnDay] {
	return texts(object{"minLength": 1}, func(_ *decoder, s string) (services.OwnDay, text.Message) {
		if v, ok := services.ParseOwnDay(s); ok {
			return v, text.Message{}
		}
		return services.OwnDay{}, text.M("config.own_day", quote(s))
	})
}

// classes are the severity classes, the gravest first.
func classes() shape[[]services.Class] {
	type raw struct {
		name                      at[services.Name]
		response, restore, update at[time.Duration]
		clock                     at[string]
		outside                   at[bool]
	}
	agreed := func() shape[time.Duration] { return duration(time.Minute, 366*day) }
	m := mapOf(idPattern, mapping(
		key("name", "config.doc_class_name", name(), func(r *raw) *at[services.Name] { return &r.name }),
		key("response", "config.doc_response", agreed(), func(r *raw) *at[time.Duration] { return &r.response }),
		key("restore", "config.doc_restore", agreed(), func(r *raw) *at[time.Duration] { return &r.restore }),
		key("update", "config.doc_update", agreed(), func(r *raw) *at[time.Duration] { return &r.update }),
		key("clock", "config.doc_clock", oneOf(string(services.ServiceTime), string(services.CalendarTime)), func(r *raw) *at[string] { return &r.clock }),
		key("alarm_outside_hours", "config.doc_outside", boolean(), func(r *raw) *at[bool] { return &r.outside }),
	), checkID)
	return shape[[]services.Class]{
		schema: func(s schemaFor) object { return merged(m.schema(s), object{"minProperties": 1}) },
		read: func(d *decoder, n ast.Node) at[[]services.Class] {
			list := m.read(d, n)
			out := at[[]services.Class]{pos: list.pos, ok: list.ok}
			if list.ok && isEmpty(n) {
				d.bad(start(n), text.M("config.empty"))
			}
			for _, e := range list.v {
				r := e.val.v
				c := services.Class{ID: e.name, Name: r.name.v, Response: r.response.v, Restore: r.restore.v, Update: r.update.v,
					Clock: services.ClockKind(r.clock.or(string(services.ServiceTime))), Outside: r.outside.v}
				if r.restore.ok && r.response.ok && c.Restore < c.Response {
					d.bad(r.restore.pos, text.M("config.restore_first"))
				}
				out.v = append(out.v, c)
			}
			return out
		},
	}
}

// rawClassing says which class a service's incidents have.
type rawClassing struct{ down, degraded at[string] }

func classing() shape[rawClassing] {
	return mapping(
		key("down", "config.doc_class_down", ident(), func(r *rawClassing) *at[string] { return &r.down }),
		key("degraded", "config.doc_class_degraded", ident(), func(r *rawClassing) *at[string] { return &r.degraded }),
	)
}

// objective is what was agreed about a service's availability.
func objective() shape[services.Objective] {
	type raw struct {
		availability at[float64]
		window       at[string]
		exclude      at[[]at[string]]
	}
	var windows []string
	for _, w := range services.Windows() {
		windows = append(windows, string(w))
	}
	m := mapping(
		key("availability", "config.doc_availability", percent(), func(r *raw) *at[float64] { return &r.availability }).required(),
		key("window", "config.doc_window", oneOf(windows...), func(r *raw) *at[string] { return &r.window }),
		key("exclude", "config.doc_exclude", listOf(oneOf("maintenance"), 0), func(r *raw) *at[[]at[string]] { return &r.exclude }),
	)
	return shape[services.Objective]{
		keys: m.keys, schema: m.schema,
		read: func(d *decoder, n ast.Node) at[services.Objective] {
			r := m.read(d, n)
			return at[services.Objective]{pos: r.pos, ok: r.ok, v: services.Objective{Availability: r.v.availability.v,
				Window: services.Window(r.v.window.or(windows[0])), Maintenance: len(values(r.v.exclude)) > 0}}
		},
	}
}

// percent is a number above 0 and up to 100, with a decimal point.
func percent() shape[float64] {
	return shape[float64]{
		schema: func(schemaFor) object { return object{"type": "number", "exclusiveMinimum": 0, "maximum": 100} },
		read: func(d *decoder, n ast.Node) at[float64] {
			if n.Type() != ast.IntegerType && n.Type() != ast.FloatType {
				d.wants(n, "config.kind_number")
				return at[float64]{}
			}
			src := n.GetToken().Value
			v, err := strconv.ParseFloat(src, 64)
			if err != nil || v <= 0 || v > 100 {
				d.bad(start(n), text.M("config.percent", quote(src)))
				return at[float64]{}
			}
			return at[float64]{v: v, pos: start(n), ok: true}
		},
	}
}

// serviceHours puts a service's hours together with the holidays that hold for it: its own, or everybody's.
func (d *decoder) serviceHours(r rawService, f rawFile) services.Hours {
	if !r.hours.ok {
		return services.Hours{}
	}
	days := f.holidays
	if r.holidays.given() {
		days = r.holidays
	}
	h := services.HoursVersions(r.hours.v)
	if h.UsesHolidays() && !days.given() {
		d.warn(r.hours.pos, text.M("config.no_holidays"))
	}
	return h.WithHolidays(days.v).In(f.zone.or(time.Local))
}

// classVersions gives the classes of all times: where the file says nothing, and before it says something, the usual
// ones hold.
func classVersions(given at[services.Versions[[]services.Class]]) services.Versions[[]services.Class] {
	out := slices.Clone(given.v)
	if len(out) == 0 || !out[0].From.IsZero() {
		out = slices.Insert(out, 0, services.Dated[[]services.Class]{Value: services.DefaultClasses()})
	}
	return out
}

// classing checks that the classes exist now.
func (d *decoder) classing(r at[rawClassing], known services.Versions[[]services.Class]) services.Classing {
	var ids []string
	for _, c := range known[len(known)-1].Value {
		ids = append(ids, c.ID)
	}
	for _, id := range []at[string]{r.v.down, r.v.degraded} {
		if id.ok && !slices.Contains(ids, id.v) {
			d.unknown(id.pos, text.M("config.no_class", id.v, d.hint(id.v, ids)))
		}
	}
	return services.Classing{Down: r.v.down.v, Degraded: r.v.degraded.v}
}
