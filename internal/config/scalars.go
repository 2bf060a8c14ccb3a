package config

import (
	"net"
	"net/mail"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"lage/internal/clean"
	"lage/internal/text"
)

// Patterns of the JSON Schema. They are a first net for editors; the decoder is stricter and says more.
const (
	idPattern       = `^[a-z0-9]+(-[a-z0-9]+)*$`
	durationPattern = `^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$`
	urlPattern      = `^(https?://|\$\{)`
	addressPattern  = `:[0-9]+$|^\$\{|\}$`
)

// scalar gives the text of a text value. Numbers and truth values are not text: unquoted, "08" or "no" would not
// survive every editor.
func (d *decoder) scalar(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		d.bad(start(n), text.M("config.quote_it", kindOf(n), quote(n.GetToken().Value)))
	default:
		d.wants(n, "config.kind_text")
	}
	return "", false
}

// texts makes a shape of text values: parse gives the value, or what is wrong with it and at which character.
func texts[T any](schema object, parse func(d *decoder, s string) (T, text.Message)) shape[T] {
	return shape[T]{
		schema: func(schemaFor) object { return merged(object{"type": "string"}, schema) },
		read: func(d *decoder, n ast.Node) at[T] {
			s, ok := d.scalar(n)
			if !ok {
				return at[T]{}
			}
			v, why := parse(d, s)
			if !why.IsZero() {
				d.bad(start(n), why)
				return at[T]{}
			}
			return at[T]{v: v, pos: start(n), ok: true}
		},
	}
}

// secretText is text that is used exactly as it is written and may hold secret references; check looks at the result
// once it is known.
func secretText(schema object, check func(s string) text.Message) shape[string] {
	return shape[string]{
		schema: func(schemaFor) object { return merged(object{"type": "string"}, schema) },
		read: func(d *decoder, n ast.Node) at[string] {
			s, ok := d.scalar(n)
			if !ok {
				return at[string]{}
			}
			out := at[string]{v: s, pos: start(n), ok: true}
			isSecret := strings.Contains(s, "${")
			if out.v, out.raw, ok = d.expand(s, out.pos); !ok {
				return at[string]{}
			}
			if out.raw {
				return out
			}
			why := check(out.v)
			if strings.ContainsRune(out.v, 0) {
				why = text.M("config.nul")
			}
			if !why.IsZero() {
				if isSecret && out.v != s { // the reason may quote the secret
					why = text.M("config.secret_value")
				}
				d.bad(out.pos, why)
				return at[string]{}
			}
			return out
		},
	}
}

func anything(string) text.Message { return text.Message{} }

func notEmpty(s string) text.Message {
	if strings.TrimSpace(s) == "" {
		return text.M("config.empty")
	}
	return text.Message{}
}

// line is a short text for people.
func line() shape[string] {
	return texts(object{"minLength": 1}, func(_ *decoder, s string) (string, text.Message) {
		return clean.Line(s), notEmpty(s)
	})
}

func ident() shape[string] {
	return texts(object{"pattern": idPattern, "maxLength": maxID}, func(_ *decoder, s string) (string, text.Message) {
		return s, notID(s)
	})
}

func notID(s string) text.Message {
	switch {
	case isID(s):
		return text.Message{}
	case slug(s) == "":
		return text.M("config.id", quote(s))
	}
	return text.M("config.id_near", quote(s), slug(s))
}

func checkID(d *decoder, name string, p pos) {
	if why := notID(name); !why.IsZero() {
		d.bad(p, why)
	}
}

var numberOnly = regexp.MustCompile(`^[0-9]+$`)

// duration is a span such as "30s", "800ms", "1h30m", from shortest to longest.
func duration(shortest, longest time.Duration) shape[time.Duration] {
	s := texts(object{"pattern": durationPattern}, func(_ *decoder, s string) (time.Duration, text.Message) {
		v, err := time.ParseDuration(s)
		switch {
		case err != nil && numberOnly.MatchString(s):
			return 0, text.M("config.duration_unit", s)
		case err != nil || v < 0 || strings.HasPrefix(s, "+"):
			return 0, text.M("config.duration", quote(s))
		case v < shortest:
			return 0, text.M("config.too_short", shortest)
		case v > longest:
			return 0, text.M("config.too_long", longest)
		}
		return v, text.Message{}
	})
	read := s.read
	s.read = func(d *decoder, n ast.Node) at[time.Duration] {
		if n.Type() == ast.IntegerType {
			d.bad(start(n), text.M("config.duration_unit", quote(n.GetToken().Value)))
			return at[time.Duration]{}
		}
		return read(d, n)
	}
	return s
}

// integer is a whole number between two others.
func integer(least, most int) shape[int] {
	return shape[int]{
		schema: func(schemaFor) object { return object{"type": "integer", "minimum": least, "maximum": most} },
		read: func(d *decoder, n ast.Node) at[int] {
			if n.Type() != ast.IntegerType && n.Type() != ast.FloatType {
				d.wants(n, "config.kind_number")
				return at[int]{}
			}
			src := n.GetToken().Value
			v, err := strconv.Atoi(src)
			// "010" is eight in old YAML and ten in new; nobody should have to know.
			if err != nil || strconv.Itoa(v) != src {
				d.bad(start(n), text.M("config.integer", quote(src)))
				return at[int]{}
			}
			if v < least || v > most {
				d.bad(start(n), text.M("config.range", v, least, most))
				return at[int]{}
			}
			return at[int]{v: v, pos: start(n), ok: true}
		},
	}
}

// boolean is true or false. "yes" and "on" are text in YAML 1.2, which is what people least expect: they are refused
// with the right word.
func boolean() shape[bool] {
	return shape[bool]{
		schema: func(schemaFor) object { return object{"type": "boolean"} },
		read: func(d *decoder, n ast.Node) at[bool] {
			if b, ok := n.(*ast.BoolNode); ok {
				return at[bool]{v: b.Value, pos: start(n), ok: true}
			}
			if s, ok := n.(*ast.StringNode); ok {
				switch strings.ToLower(s.Value) {
				case "yes", "on", "ja", "y":
					d.bad(start(n), text.M("config.boolean", quote(s.Value), "true"))
					return at[bool]{}
				case "no", "off", "nein", "n":
					d.bad(start(n), text.M("config.boolean", quote(s.Value), "false"))
					return at[bool]{}
				}
			}
			d.wants(n, "config.kind_bool")
			return at[bool]{}
		},
	}
}

// oneOf is one of a few words.
func oneOf(words ...string) shape[string] {
	return texts(object{"enum": words}, func(_ *decoder, s string) (string, text.Message) {
		for _, w := range words {
			if w == s {
				return s, text.Message{}
			}
		}
		if near, ok := nearest(s, words); ok {
			return "", text.M("config.one_of_near", quote(s), near)
		}
		return "", text.M("config.one_of", quote(s), strings.Join(words, ", "))
	})
}

func zone() shape[*time.Location] {
	return texts(object{"minLength": 1}, func(_ *decoder, s string) (*time.Location, text.Message) {
		// The empty name would be UTC, "Local" whatever the machine thinks.
		z, err := time.LoadLocation(s)
		if err != nil || s == "" || s == "Local" {
			if near, ok := nearest(s, []string{"Europe/Berlin", "Europe/Vienna", "Europe/Zurich", "Europe/London", "Europe/Brussels", "UTC"}); ok {
				return nil, text.M("config.zone_near", quote(s), near)
			}
			return nil, text.M("config.zone", quote(s))
		}
		return z, text.Message{}
	})
}

// inside is the place of a character (from 1) of a one-line text value without escapes; the value's start otherwise.
func inside(n ast.Node, s string, col int) pos {
	p := start(n)
	tk := n.GetToken()
	origin := strings.TrimSpace(tk.Origin)
	switch {
	case col < 1 || strings.ContainsAny(origin, "\n\r\\"):
	case origin == s:
		p.col += col - 1
	case len(origin) == len(s)+2 && origin[1:len(origin)-1] == s:
		p.col += col
	}
	return p
}

func notURL(s string) text.Message {
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return text.M("config.url", quote(s))
	case u.Scheme == "" || u.Scheme != "http" && u.Scheme != "https":
		return text.M("config.url_scheme", quote(s))
	case u.Hostname() == "":
		return text.M("config.url_host", quote(s))
	case strings.ContainsAny(u.Host, " \t"):
		return text.M("config.url", quote(s))
	case u.Port() != "" && !isPort(u.Port()):
		return text.M("config.port", quote(u.Port()))
	}
	return text.Message{}
}

func isPort(s string) bool {
	n, err := strconv.ParseUint(s, 10, 16)
	return err == nil && n > 0
}

func notAddress(s string) text.Message {
	host, port, err := net.SplitHostPort(s)
	switch {
	case err != nil || host == "" || strings.ContainsAny(host, "/ \t\n"):
		return text.M("config.address", quote(s))
	case !isPort(port):
		return text.M("config.port", quote(port))
	}
	return text.Message{}
}

func notHost(s string) text.Message {
	if s == "" || strings.ContainsAny(s, "/ \t\n[]") || strings.Contains(s, ":") && net.ParseIP(s) == nil {
		return text.M("config.host", quote(s))
	}
	return text.Message{}
}

func notEmail(s string) text.Message {
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || strings.ContainsAny(s, " \r\n") {
		return text.M("config.email", quote(s))
	}
	return text.Message{}
}

func notSender(s string) text.Message {
	if _, err := mail.ParseAddress(s); err != nil || strings.ContainsAny(s, "\r\n") {
		return text.M("config.email", quote(s))
	}
	return text.Message{}
}

func notHeader(s string) text.Message {
	if strings.ContainsAny(s, "\r\n") {
		return text.M("config.header_value")
	}
	return text.Message{}
}
