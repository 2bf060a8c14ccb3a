package config

import (
	"path/filepath"
	"slices"
	"strings"
	"time"

	"lage/checks"
	"lage/internal/text"
	"lage/services"
)

// What holds where the file says nothing.
const (
	defaultInterval     = 30 * time.Second
	defaultTimeout      = 10 * time.Second
	defaultFailAfter    = 3
	defaultRecoverAfter = 2
	defaultRedirects    = 5
	defaultEscalation   = "default"
	defaultRunbooks     = "runbooks"
)

// build turns what was read into plain values, and finds the mistakes that only show when parts are put together.
func (d *decoder) build(f rawFile) *Config {
	c := &Config{
		Path:         d.file,
		Organisation: f.organisation.v,
		Zone:         f.zone.or(time.Local),
		Lang:         text.Lang(f.lang.v),
		Contacts:     map[string]services.Contact{},
		SMTP:         d.smtp(f.smtp),
		Reports:      d.path(f.reports),
		AutoOpen:     f.incident.v.autoOpen.or(true),
		Trusted:      f.trusted.or(false),
	}
	d.checkTiming(f.defaults.v, rawTiming{})
	d.contacts(c, f)
	books := d.runbooks(c, f.runbooks)
	stages := d.escalations(f)
	c.Classes = classVersions(f.classes)
	d.services(c, f, stages, books)
	d.alarms(c, f)
	d.keeping(c, f)
	d.privacy(c, f)
	d.dependencies(f.services)
	d.uncovered(c, f.services)
	return c
}

// uncovered warns about services without a runbook.
func (d *decoder) uncovered(c *Config, list at[[]at[rawService]]) {
	if d.opt.Uncovered == nil || d.problems.Fatal() {
		return
	}
	for _, id := range d.opt.Uncovered(c) {
		for _, s := range list.v {
			if s.v.id.v == id {
				d.warn(s.v.id.pos, text.M("config.no_runbook_fits", id))
			}
		}
	}
}

// path makes a folder's path absolute or relative to where we stand, as the configuration's own path is.
func (d *decoder) path(p at[string]) string {
	if !p.ok || filepath.IsAbs(p.v) {
		return p.v
	}
	return filepath.Join(filepath.Dir(d.file), p.v)
}

func (d *decoder) smtp(s at[rawSMTP]) SMTP {
	r := s.v
	out := SMTP{Host: r.host.v, From: r.from.v, User: r.user.v, Password: r.password.v, TLS: r.tls.or("starttls")}
	if !s.ok {
		return SMTP{}
	}
	out.Port = r.port.or(map[string]int{"starttls": 587, "tls": 465, "none": 25}[out.TLS])
	switch {
	case r.user.ok && !r.password.given():
		d.bad(r.user.pos, text.M("config.smtp_needs", "password"))
	case r.password.ok && !r.user.given():
		d.bad(r.password.pos, text.M("config.smtp_needs", "user"))
	case r.password.ok && out.TLS == "none":
		d.warn(r.tls.pos, text.M("config.smtp_open"))
	}
	return out
}

// runbooks finds the folder and what is in it; nil means that names are not to be checked.
func (d *decoder) runbooks(c *Config, given at[string]) []string {
	folder := d.path(given)
	if !given.ok {
		folder = filepath.Join(filepath.Dir(d.file), defaultRunbooks)
	}
	c.Runbooks = folder
	if d.opt.Runbooks == nil {
		return nil
	}
	names, err := d.opt.Runbooks(folder)
	switch {
	case err == nil:
		return append([]string{}, names...)
	case given.ok:
		d.bad(given.pos, text.M("config.no_folder", quote(folder)))
		return nil
	}
	c.Runbooks = ""
	return []string{}
}

// escalations gives the stages by name, with their contacts checked.
func (d *decoder) escalations(f rawFile) map[string][]services.Stage {
	var contacts []string
	for _, e := range f.contacts.v {
		contacts = append(contacts, e.name)
	}
	out := map[string][]services.Stage{}
	for _, e := range f.escalation.v {
		out[e.name] = []services.Stage{}
		last := time.Duration(-1)
		for _, s := range e.val.v {
			if !s.ok {
				continue
			}
			for _, id := range s.v.notify.v {
				if id.ok && !slices.Contains(contacts, id.v) {
					d.unknown(id.pos, text.M("config.no_contact", id.v, d.hint(id.v, contacts)))
				}
			}
			if s.v.after.ok && s.v.after.v < last {
				d.bad(s.v.after.pos, text.M("config.stage_order"))
			}
			last = max(last, s.v.after.v)
			out[e.name] = append(out[e.name], services.Stage{After: s.v.after.v, Notify: values(s.v.notify)})
		}
	}
	return out
}

// unknown notes a reference to something that is not there, unless a piece of the file could not be read: it may be in there.
func (d *decoder) unknown(at pos, m text.Message) {
	if !d.partial {
		d.bad(at, m)
	}
}

func (d *decoder) services(c *Config, f rawFile, stages map[string][]services.Stage, books []string) {
	lines := map[string]int{}
	for _, s := range f.services.v {
		if !s.ok {
			continue
		}
		r := s.v
		if line, again := lines[r.id.v]; again && r.id.ok {
			d.bad(r.id.pos, text.M("config.service_twice", r.id.v, line))
		} else if r.id.ok {
			lines[r.id.v] = r.id.pos.line
		}
		d.checkRunbook(r.runbook, books)
		c.Services = append(c.Services, services.Service{
			ID: r.id.v, Name: r.name.v, Group: r.group.v, Hours: d.serviceHours(r, f), DependsOn: values(r.dependsOn),
			Owner: r.owner.v, Team: r.team.v, Runbook: r.runbook.v,
			Escalation: d.escalation(r.escalation, stages), Public: d.public(r),
			Class: d.classing(r.class, c.Classes), Objective: r.objective.v,
		})
		d.checks(c, r, f.defaults.v, books)
	}
}

func (d *decoder) escalation(named at[string], stages map[string][]services.Stage) []services.Stage {
	if !named.ok {
		return stages[defaultEscalation]
	}
	out, ok := stages[named.v]
	if !ok {
		var names []string
		for n := range stages {
			names = append(names, n)
		}
		d.unknown(named.pos, text.M("config.no_such_escalation", named.v, d.hint(named.v, names)))
	}
	return out
}

func (d *decoder) public(r rawService) services.Public {
	p, alt := r.public.v, r.public.v.alternative.v
	if p.url.ok && alt.url.ok {
		d.bad(alt.url.pos, text.M("config.two_urls"))
	}
	if p.show.v && !r.owner.given() {
		d.warn(p.show.pos, text.M("config.no_owner", r.id.v))
	}
	return services.Public{
		Show: p.show.v, Help: p.help.v, Alternative: services.Name{De: alt.de.v, En: alt.en.v},
		URL: p.url.or(alt.url.v),
	}
}

func (d *decoder) checkRunbook(name at[string], books []string) {
	if name.ok && books != nil && !slices.Contains(books, name.v) {
		d.bad(name.pos, text.M("config.no_runbook", quote(name.v), d.hint(name.v, books)))
	}
}

func (d *decoder) checks(c *Config, s rawService, defaults rawTiming, books []string) {
	lines := map[string]int{}
	for _, k := range s.checks.v {
		if !k.ok {
			continue
		}
		r := k.v
		if line, again := lines[r.id.v]; again && r.id.ok {
			d.bad(r.id.pos, text.M("config.check_twice", r.id.v, line))
		} else if r.id.ok {
			lines[r.id.v] = r.id.pos.line
		}
		d.checkRunbook(r.runbook, books)
		out := checks.Check{
			ID: s.id.v + "/" + r.id.v, Service: s.id.v, Name: r.name.v, Runbook: r.runbook.or(s.runbook.v),
			Policy: checks.Policy{
				FailAfter:    r.timing.failAfter.or(defaults.failAfter.or(defaultFailAfter)),
				RecoverAfter: r.timing.recoverAfter.or(defaults.recoverAfter.or(defaultRecoverAfter)),
			},
		}
		out.Interval, out.Timeout = d.checkTiming(r.timing, defaults)
		d.probe(&out, r)
		c.Checks = append(c.Checks, out)
	}
}

// checkTiming gives the interval and the timeout that hold, which must not be longer. The default timeout of the
// program gives way; one that somebody wrote does not.
func (d *decoder) checkTiming(own, defaults rawTiming) (interval, timeout time.Duration) {
	iv, to := own.interval, own.timeout
	if !iv.given() {
		iv = defaults.interval
	}
	if !to.given() {
		to = defaults.timeout
	}
	interval = iv.or(defaultInterval)
	timeout = to.or(min(defaultTimeout, interval))
	at := own.timeout
	if !at.given() {
		at = own.interval
	}
	if at.ok && to.ok && timeout > interval && (iv.ok || !iv.given()) {
		d.bad(at.pos, text.M("config.timeout_interval", timeout, interval))
	}
	return interval, timeout
}

// probe fills in what the type of a check needs.
func (d *decoder) probe(out *checks.Check, r rawCheck) {
	e := r.expect.v
	if to := r.timing.timeout; e.maxTime.ok && e.maxTime.v >= out.Timeout && (to.ok || !to.given()) {
		d.bad(e.maxTime.pos, text.M("config.max_time_timeout", e.maxTime.v, out.Timeout))
	}
	switch r.kind.v {
	case kindHTTP:
		out.HTTP = d.http(r)
	case kindTCP:
		out.TCP = &checks.TCP{Address: r.address.v, Send: r.send.v, Expect: e.body.v, MaxTime: e.maxTime.v}
	case kindTLS:
		out.TLS = &checks.TLS{Address: r.address.v, ServerName: r.serverName.v, CertDays: e.certDays.v}
	case kindCommand, kindNagios:
		out.Command = &checks.Command{Argv: values(r.command), Env: table(r.env), Dir: d.path(r.dir)}
	}
}

func (d *decoder) http(r rawCheck) *checks.HTTP {
	e := r.expect.v
	h := &checks.HTTP{
		URL: r.url.v, Method: r.method.v, Headers: table(r.headers), Body: r.body.v, Status: values(e.status),
		Contains: e.body.v, MaxTime: e.maxTime.v, CertDays: e.certDays.v, Insecure: r.insecure.v,
	}
	// Who expects a redirect does not want it followed.
	follow := defaultRedirects
	if slices.ContainsFunc(h.Status, func(s int) bool { return s >= 300 && s < 400 }) {
		follow = 0
	}
	h.Redirects = r.redirects.or(follow)
	switch {
	case e.certDays.v > 0 && r.url.ok && !r.url.raw && !strings.HasPrefix(strings.ToLower(r.url.v), "https:"):
		d.bad(e.certDays.pos, text.M("config.cert_without_tls"))
	case e.certDays.v > 0 && h.Insecure:
		d.warn(r.insecure.pos, text.M("config.cert_insecure"))
	}
	if e.body.ok && h.Method == "HEAD" {
		d.bad(e.body.pos, text.M("config.head_body"))
	}
	return h
}

func table(entries at[[]entry[string]]) map[string]string {
	if len(entries.v) == 0 {
		return nil
	}
	out := map[string]string{}
	for _, e := range entries.v {
		out[e.name] = e.val.v
	}
	return out
}

// dependencies finds references to services that do not exist, and circles.
func (d *decoder) dependencies(list at[[]at[rawService]]) {
	needs, known := map[string][]at[string]{}, map[string]bool{}
	var ids []string
	for _, s := range list.v {
		if s.v.id.ok {
			ids, known[s.v.id.v] = append(ids, s.v.id.v), true
		}
	}
	for _, s := range list.v {
		for _, dep := range s.v.dependsOn.v {
			switch {
			case !dep.ok:
			case !known[dep.v]:
				d.unknown(dep.pos, text.M("config.no_service", dep.v, d.hint(dep.v, ids)))
			default:
				needs[s.v.id.v] = append(needs[s.v.id.v], dep)
			}
		}
	}
	const white, grey, black = 0, 1, 2
	colour := map[string]int{}
	var path []string
	var visit func(id string)
	visit = func(id string) {
		colour[id] = grey
		path = append(path, id)
		for _, dep := range needs[id] {
			switch colour[dep.v] {
			case grey:
				circle := append(slices.Clone(path[slices.Index(path, dep.v):]), dep.v)
				d.bad(dep.pos, text.M("config.circle", strings.Join(circle, " → ")))
			case white:
				visit(dep.v)
			}
		}
		path = path[:len(path)-1]
		colour[id] = black
	}
	for _, id := range ids {
		if colour[id] == white {
			visit(id)
		}
	}
}
