package config

import (
	"time"

	"github.com/goccy/go-yaml/ast"

	"lage/internal/text"
	"lage/services"
)

// The raw types hold what stands in the file, each value with its place. They become plain values in build.go.
type (
	rawFile struct {
		version      at[int]
		organisation at[string]
		zone         at[*time.Location]
		lang         at[string]
		defaults     at[rawTiming]
		services     at[[]at[rawService]]
		contacts     at[[]entry[rawContact]]
		escalation   at[[]entry[[]at[rawStage]]]
		smtp         at[rawSMTP]
		runbooks     at[string]
		trusted      at[bool]
		reports      at[string]
		incident     at[rawIncident]
		holidays     at[services.Versions[services.Holidays]]
		classes      at[services.Versions[[]services.Class]]
		listen       at[rawListen]
		heartbeat    at[rawHeartbeat]
		backup       at[rawBackup]
		history      at[rawHistory]
		reserve      at[int64]
		retention    at[rawRetention]
		privacy      at[rawPrivacy]
	}
	rawTiming struct {
		interval, timeout       at[time.Duration]
		failAfter, recoverAfter at[int]
	}
	rawService struct {
		id, group, owner, team, runbook, escalation at[string]
		name                                        at[services.Name]
		hours                                       at[services.Versions[services.Hours]]
		holidays                                    at[services.Versions[services.Holidays]]
		objective                                   at[services.Versions[services.Objective]]
		class                                       at[rawClassing]
		dependsOn                                   at[[]at[string]]
		public                                      at[rawPublic]
		checks                                      at[[]at[rawCheck]]
	}
	rawPublic struct {
		show        at[bool]
		help        at[services.Name]
		alternative at[rawAlternative]
		url         at[string]
	}
	rawAlternative struct{ de, en, url at[string] }
	rawCheck       struct {
		timing                                       rawTiming
		id, name, kind, runbook                      at[string]
		url, method, body, address, serverName, send at[string]
		dir                                          at[string]
		headers, env                                 at[[]entry[string]]
		redirects                                    at[int]
		insecure                                     at[bool]
		command                                      at[[]at[string]]
		expect                                       at[rawExpect]
	}
	rawExpect struct {
		status   at[[]at[int]]
		body     at[string]
		maxTime  at[time.Duration]
		certDays at[int]
	}
	rawStage struct {
		after  at[time.Duration]
		notify at[[]at[string]]
	}
	rawSMTP struct {
		host, from, user, password, tls at[string]
		port                            at[int]
	}
	rawIncident struct{ autoOpen at[bool] }
)

const day = 24 * time.Hour

func fileShape() shape[rawFile] {
	return mapping(
		key("version", "config.doc_version", version(), func(f *rawFile) *at[int] { return &f.version }).required(),
		key("organisation", "config.doc_organisation", line(), func(f *rawFile) *at[string] { return &f.organisation }),
		key("timezone", "config.doc_timezone", zone(), func(f *rawFile) *at[*time.Location] { return &f.zone }),
		key("language", "config.doc_language", oneOf("de", "en"), func(f *rawFile) *at[string] { return &f.lang }),
		key("defaults", "config.doc_defaults", mapping(timing(func(t *rawTiming) *rawTiming { return t })...), func(f *rawFile) *at[rawTiming] { return &f.defaults }),
		key("services", "config.doc_services", listOf(serviceShape(), 1), func(f *rawFile) *at[[]at[rawService]] { return &f.services }).required(),
		key("contacts", "config.doc_contacts", mapOf(idPattern, contactShape(), checkID), func(f *rawFile) *at[[]entry[rawContact]] { return &f.contacts }),
		key("escalation", "config.doc_escalation", mapOf(idPattern, listOf(stageShape(), 0), checkID), func(f *rawFile) *at[[]entry[[]at[rawStage]]] { return &f.escalation }),
		key("smtp", "config.doc_smtp", smtpShape(), func(f *rawFile) *at[rawSMTP] { return &f.smtp }),
		key("runbooks", "config.doc_runbooks", folder(), func(f *rawFile) *at[string] { return &f.runbooks }),
		key("runbooks_trusted", "config.doc_runbooks_trusted", boolean(), func(f *rawFile) *at[bool] { return &f.trusted }),
		key("reports", "config.doc_reports", folder(), func(f *rawFile) *at[string] { return &f.reports }),
		key("incident", "config.doc_incident", mapping(
			key("auto_open", "config.doc_auto_open", boolean(), func(i *rawIncident) *at[bool] { return &i.autoOpen }),
			later[rawIncident]("notice_due", "config.doc_notice_due"),
			later[rawIncident]("update_every", "config.doc_update_every"),
		), func(f *rawFile) *at[rawIncident] { return &f.incident }),
		key("listen", "config.doc_listen", listenShape(), func(f *rawFile) *at[rawListen] { return &f.listen }),
		key("heartbeat", "config.doc_heartbeat", heartbeatShape(), func(f *rawFile) *at[rawHeartbeat] { return &f.heartbeat }),
		key("backup", "config.doc_backup", backupShape(), func(f *rawFile) *at[rawBackup] { return &f.backup }),
		key("reserve", "config.doc_reserve", reserveSize(), func(f *rawFile) *at[int64] { return &f.reserve }),
		key("history", "config.doc_history", historyShape(), func(f *rawFile) *at[rawHistory] { return &f.history }),
		key("retention", "config.doc_retention", retentionShape(), func(f *rawFile) *at[rawRetention] { return &f.retention }),
		key("privacy", "config.doc_privacy", privacyShape(), func(f *rawFile) *at[rawPrivacy] { return &f.privacy }),
		key("holidays", "config.doc_holidays", versioned(holidays()), func(f *rawFile) *at[services.Versions[services.Holidays]] { return &f.holidays }),
		key("classes", "config.doc_classes", versioned(classes()), func(f *rawFile) *at[services.Versions[[]services.Class]] { return &f.classes }),
		later[rawFile]("status_page", "config.doc_status_page"),
	)
}

// version is 1. A higher number is a file for a later lage, and worth saying so.
func version() shape[int] {
	s := integer(1, 1)
	anyNumber := integer(0, 1<<30)
	s.read = func(d *decoder, n ast.Node) at[int] {
		v := anyNumber.read(d, n)
		if v.ok && v.v != 1 {
			d.bad(v.pos, text.M("config.version", v.v))
			v.ok = false
		}
		return v
	}
	return s
}

// timing is what stands in "defaults" and in each check.
func timing[T any](in func(*T) *rawTiming) []field[T] {
	return []field[T]{
		key("interval", "config.doc_interval", duration(time.Second, day), func(t *T) *at[time.Duration] { return &in(t).interval }),
		key("timeout", "config.doc_timeout", duration(time.Millisecond, time.Hour), func(t *T) *at[time.Duration] { return &in(t).timeout }),
		key("fail_after", "config.doc_fail_after", integer(1, 100), func(t *T) *at[int] { return &in(t).failAfter }),
		key("recover_after", "config.doc_recover_after", integer(1, 100), func(t *T) *at[int] { return &in(t).recoverAfter }),
	}
}

func serviceShape() shape[rawService] {
	return mapping(
		key("id", "config.doc_service_id", ident(), func(s *rawService) *at[string] { return &s.id }).required(),
		key("name", "config.doc_service_name", name(), func(s *rawService) *at[services.Name] { return &s.name }),
		key("group", "config.doc_group", line(), func(s *rawService) *at[string] { return &s.group }),
		key("hours", "config.doc_hours", versioned(hours()), func(s *rawService) *at[services.Versions[services.Hours]] { return &s.hours }),
		key("holidays", "config.doc_service_holidays", versioned(holidays()), func(s *rawService) *at[services.Versions[services.Holidays]] { return &s.holidays }),
		key("slo", "config.doc_slo", versioned(objective()), func(s *rawService) *at[services.Versions[services.Objective]] { return &s.objective }),
		key("class", "config.doc_class", classing(), func(s *rawService) *at[rawClassing] { return &s.class }),
		key("depends_on", "config.doc_depends_on", listOf(ident(), 0), func(s *rawService) *at[[]at[string]] { return &s.dependsOn }),
		key("owner", "config.doc_owner", line(), func(s *rawService) *at[string] { return &s.owner }),
		key("team", "config.doc_team", line(), func(s *rawService) *at[string] { return &s.team }),
		key("runbook", "config.doc_runbook", line(), func(s *rawService) *at[string] { return &s.runbook }),
		key("escalation", "config.doc_service_escalation", ident(), func(s *rawService) *at[string] { return &s.escalation }),
		key("public", "config.doc_public", mapping(
			key("show", "config.doc_show", boolean(), func(p *rawPublic) *at[bool] { return &p.show }),
			key("help", "config.doc_help", name(), func(p *rawPublic) *at[services.Name] { return &p.help }),
			key("alternative", "config.doc_alternative", mapping(
				key("de", "config.doc_de", line(), func(a *rawAlternative) *at[string] { return &a.de }),
				key("en", "config.doc_en", line(), func(a *rawAlternative) *at[string] { return &a.en }),
				key("url", "config.doc_alternative_url", link(), func(a *rawAlternative) *at[string] { return &a.url }),
			), func(p *rawPublic) *at[rawAlternative] { return &p.alternative }),
			key("url", "config.doc_public_url", link(), func(p *rawPublic) *at[string] { return &p.url }),
		), func(s *rawService) *at[rawPublic] { return &s.public }),
		key("checks", "config.doc_checks", listOf(checkShape(), 0), func(s *rawService) *at[[]at[rawCheck]] { return &s.checks }),
	)
}

// Types of checks. "nagios" is another word for "command".
const (
	kindHTTP    = "http"
	kindTCP     = "tcp"
	kindTLS     = "tls"
	kindCommand = "command"
	kindNagios  = "nagios"
)

func kinds() []string { return []string{kindHTTP, kindTCP, kindTLS, kindCommand, kindNagios} }

// checkShape reads the type first: which keys a check may have depends on it.
func checkShape() shape[rawCheck] {
	fields := []field[rawCheck]{
		key("id", "config.doc_check_id", ident(), func(c *rawCheck) *at[string] { return &c.id }).required(),
		key("name", "config.doc_check_name", line(), func(c *rawCheck) *at[string] { return &c.name }),
		key("type", "config.doc_type", oneOf(kinds()...), func(c *rawCheck) *at[string] { return &c.kind }).required(),
		key("runbook", "config.doc_runbook", line(), func(c *rawCheck) *at[string] { return &c.runbook }),
		key("url", "config.doc_url", secretText(object{"pattern": urlPattern}, notURL), func(c *rawCheck) *at[string] { return &c.url }).of(kindHTTP).required(),
		key("method", "config.doc_method", oneOf("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"), func(c *rawCheck) *at[string] { return &c.method }).of(kindHTTP),
		key("headers", "config.doc_headers", mapOf(headerPattern, secretText(nil, notHeader), checkHeader), func(c *rawCheck) *at[[]entry[string]] { return &c.headers }).of(kindHTTP),
		key("body", "config.doc_body", secretText(nil, anything), func(c *rawCheck) *at[string] { return &c.body }).of(kindHTTP),
		key("redirects", "config.doc_redirects", integer(0, 10), func(c *rawCheck) *at[int] { return &c.redirects }).of(kindHTTP),
		key("insecure", "config.doc_insecure", boolean(), func(c *rawCheck) *at[bool] { return &c.insecure }).of(kindHTTP),
		key("address", "config.doc_address", secretText(object{"pattern": addressPattern}, notAddress), func(c *rawCheck) *at[string] { return &c.address }).of(kindTCP, kindTLS).required(),
		key("server_name", "config.doc_server_name", secretText(object{"minLength": 1}, notHost), func(c *rawCheck) *at[string] { return &c.serverName }).of(kindTLS),
		key("send", "config.doc_send", secretText(nil, anything), func(c *rawCheck) *at[string] { return &c.send }).of(kindTCP),
		key("command", "config.doc_command", argv(), func(c *rawCheck) *at[[]at[string]] { return &c.command }).of(kindCommand, kindNagios).required(),
		key("env", "config.doc_env", mapOf(envPattern, secretText(nil, anything), checkEnv), func(c *rawCheck) *at[[]entry[string]] { return &c.env }).of(kindCommand, kindNagios),
		key("dir", "config.doc_dir", folder(), func(c *rawCheck) *at[string] { return &c.dir }).of(kindCommand, kindNagios),
		key("expect", "config.doc_expect", expectShape(), func(c *rawCheck) *at[rawExpect] { return &c.expect }).of(kindHTTP, kindTCP, kindTLS),
	}
	fields = append(fields, timing(func(c *rawCheck) *rawTiming { return &c.timing })...)
	s := mapping(fields...)
	s.schema = func(sf schemaFor) object { return checkSchema(sf, fields) }
	read := s.read
	s.read = func(d *decoder, n ast.Node) at[rawCheck] {
		d.kind = peekKind(n)
		defer func() { d.kind = "" }()
		return read(d, n)
	}
	return s
}

// peekKind gives the type of a check, or nothing when it has none that is known.
func peekKind(n ast.Node) string {
	m, ok := n.(*ast.MappingNode)
	if !ok {
		return ""
	}
	for _, v := range m.Values {
		if s, ok := v.Value.(*ast.StringNode); ok && v.Key.GetToken().Value == "type" {
			for _, k := range kinds() {
				if s.Value == k {
					return k
				}
			}
		}
	}
	return ""
}

func expectShape() shape[rawExpect] {
	return mapping(
		key("status", "config.doc_status", statuses(), func(e *rawExpect) *at[[]at[int]] { return &e.status }).of(kindHTTP),
		key("body", "config.doc_expect_body", secretText(object{"minLength": 1}, notEmpty), func(e *rawExpect) *at[string] { return &e.body }).of(kindHTTP, kindTCP),
		key("max_time", "config.doc_max_time", duration(time.Millisecond, time.Hour), func(e *rawExpect) *at[time.Duration] { return &e.maxTime }).of(kindHTTP, kindTCP),
		key("cert_days", "config.doc_cert_days", integer(0, 1000), func(e *rawExpect) *at[int] { return &e.certDays }).of(kindHTTP, kindTLS),
	)
}

func stageShape() shape[rawStage] {
	return mapping(
		key("after", "config.doc_after", duration(0, 7*day), func(s *rawStage) *at[time.Duration] { return &s.after }).required(),
		key("notify", "config.doc_notify", listOf(ident(), 1), func(s *rawStage) *at[[]at[string]] { return &s.notify }).required(),
	)
}

func smtpShape() shape[rawSMTP] {
	return mapping(
		key("host", "config.doc_smtp_host", secretText(object{"minLength": 1}, notHost), func(s *rawSMTP) *at[string] { return &s.host }).required(),
		key("port", "config.doc_smtp_port", integer(1, 65535), func(s *rawSMTP) *at[int] { return &s.port }),
		key("from", "config.doc_smtp_from", secretText(object{"minLength": 3}, notSender), func(s *rawSMTP) *at[string] { return &s.from }).required(),
		key("user", "config.doc_smtp_user", secretText(object{"minLength": 1}, notEmpty), func(s *rawSMTP) *at[string] { return &s.user }),
		key("password", "config.doc_smtp_password", secretText(object{"minLength": 1}, notEmpty), func(s *rawSMTP) *at[string] { return &s.password }),
		key("tls", "config.doc_smtp_tls", oneOf("starttls", "tls", "none"), func(s *rawSMTP) *at[string] { return &s.tls }),
	)
}
