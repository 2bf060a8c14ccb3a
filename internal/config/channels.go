package config

import (
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"lage/internal/text"
	"lage/services"
)

type (
	rawContact struct {
		name      at[string]
		via, back at[[]at[rawChannel]]
		rota      at[rawRota]
		hours     at[services.Versions[services.Hours]]
		deputies  at[[]at[string]]
	}
	rawChannel struct {
		email, webhook, secret, format at[string]
		command, needs                 at[[]at[string]]
	}
)

func contactShape() shape[rawContact] {
	s := mapping(
		key("name", "config.doc_contact_name", line(), func(c *rawContact) *at[string] { return &c.name }),
		key("via", "config.doc_via", listOf(channel(), 1), func(c *rawContact) *at[[]at[rawChannel]] { return &c.via }),
		key("fallback", "config.doc_fallback", listOf(channel(), 1), func(c *rawContact) *at[[]at[rawChannel]] { return &c.back }),
		key("rota", "config.doc_rota", rotaShape(), func(c *rawContact) *at[rawRota] { return &c.rota }),
		key("hours", "config.doc_contact_hours", versioned(hours()), func(c *rawContact) *at[services.Versions[services.Hours]] { return &c.hours }),
		key("deputies", "config.doc_deputies", listOf(ident(), 1), func(c *rawContact) *at[[]at[string]] { return &c.deputies }),
	)
	schema := s.schema
	s.schema = func(sf schemaFor) object {
		o := schema(sf)
		o["anyOf"] = []object{{"required": []string{"via"}}, {"required": []string{"rota"}}}
		return o
	}
	return s
}

// channel is one way to reach a contact: "ops@example.org", "mailto:ops@example.org", {email: ...}, {command: [...]} or
// {webhook: ...}.
func channel() shape[rawChannel] {
	address := secretText(object{"minLength": 1}, func(s string) text.Message {
		return notEmail(strings.TrimPrefix(s, "mailto:"))
	})
	long := mapping(
		key("email", "config.doc_email", address, func(w *rawChannel) *at[string] { return &w.email }),
		key("command", "config.doc_contact_command", argv(), func(w *rawChannel) *at[[]at[string]] { return &w.command }),
		key("webhook", "config.doc_webhook", secretText(object{"pattern": urlPattern}, notURL), func(w *rawChannel) *at[string] { return &w.webhook }),
		key("secret", "config.doc_webhook_secret", secretText(object{"minLength": 1}, notToken), func(w *rawChannel) *at[string] { return &w.secret }),
		key("format", "config.doc_webhook_format", oneOf(string(services.HookJSON), string(services.HookAlertmanager)), func(w *rawChannel) *at[string] { return &w.format }),
		key("depends_on", "config.doc_channel_needs", listOf(ident(), 0), func(w *rawChannel) *at[[]at[string]] { return &w.needs }),
	)
	return shape[rawChannel]{
		keys: long.keys,
		schema: func(s schemaFor) object {
			o := long.schema(s)
			o["oneOf"] = []object{{"required": []string{"email"}}, {"required": []string{"command"}}, {"required": []string{"webhook"}}}
			o["dependentRequired"] = object{"secret": []string{"webhook"}, "format": []string{"webhook"}}
			return object{"anyOf": []object{address.schema(s), o}}
		},
		read: func(d *decoder, n ast.Node) at[rawChannel] {
			if !isMapping(n) {
				a := address.read(d, n)
				return at[rawChannel]{v: rawChannel{email: a}, pos: a.pos, ok: a.ok, raw: a.raw}
			}
			w := long.read(d, n)
			given := 0
			for _, g := range []bool{w.v.email.given(), w.v.command.given(), w.v.webhook.given()} {
				if g {
					given++
				}
			}
			switch {
			case isEmpty(n) || given != 1:
				d.bad(start(n), text.M("config.one_way"))
			case (w.v.secret.given() || w.v.format.given()) && !w.v.webhook.given():
				d.bad(start(n), text.M("config.only_webhook"))
			}
			ok := given == 1 && (w.v.email.ok || w.v.command.ok || w.v.webhook.ok)
			return at[rawChannel]{v: w.v, pos: w.pos, ok: ok, raw: w.v.email.raw}
		},
	}
}

// built makes the channel of what was read.
func (w rawChannel) built() services.Channel {
	ch := services.Channel{Email: strings.TrimPrefix(w.email.v, "mailto:"), Command: values(w.command), Needs: values(w.needs)}
	if w.webhook.ok {
		ch.Webhook = services.Webhook{URL: w.webhook.v, Secret: w.secret.v, Format: services.HookFormat(w.format.or(string(services.HookJSON)))}
	}
	return ch
}

func (d *decoder) contacts(c *Config, f rawFile) {
	for _, e := range f.contacts.v {
		r := e.val.v
		if !r.via.given() && !r.rota.given() && e.val.ok {
			d.bad(e.val.pos, text.M("config.no_way"))
		}
		c.Contacts[e.name] = services.Contact{ID: e.name, Name: r.name.or(e.name), Via: d.channels(r.via, f), Else: d.channels(r.back, f),
			Rota: d.rota(r.rota, f), Hours: d.serviceHours(rawService{hours: r.hours}, f), Deputies: values(r.deputies)}
		d.members(r.deputies, f)
		if ways := c.Contacts[e.name].Ways(); len(ways) > 0 && !slices.ContainsFunc(ways, func(ch services.Channel) bool { return len(ch.Needs) == 0 }) {
			d.warn(e.at, text.M("config.all_channels_need", e.name))
		}
	}
	if len(f.contacts.v) > 0 && !f.escalation.given() {
		d.warn(f.contacts.v[0].at, text.M("config.no_escalation"))
	}
}

func (d *decoder) channels(list at[[]at[rawChannel]], f rawFile) []services.Channel {
	var ids []string
	for _, s := range f.services.v {
		ids = append(ids, s.v.id.v)
	}
	var out []services.Channel
	for _, ch := range list.v {
		if !ch.ok {
			continue
		}
		out = append(out, ch.v.built())
		if !ch.raw && ch.v.email.ok && !f.smtp.given() {
			d.warn(ch.pos, text.M("config.no_smtp"))
		}
		for _, need := range ch.v.needs.v {
			if need.ok && !slices.Contains(ids, need.v) {
				d.unknown(need.pos, text.M("config.no_service", need.v, d.hint(need.v, ids)))
			}
		}
	}
	return out
}
