package text

// alarmsTable holds what alarms coming in and signs of life going out say. Codes stand in stored records: never rename one.
var alarmsTable = table{
	// Entries of the timeline.
	"alarms.alert_down":      {"{0} meldet Ausfall: {1:msg}", "{0} reports an outage: {1:msg}"},
	"alarms.alert_down_link": {"{0} meldet Ausfall: {1:msg} (Runbook: {2})", "{0} reports an outage: {1:msg} (runbook: {2})"},
	"alarms.alert_degraded":  {"{0} meldet Beeinträchtigung: {1:msg}", "{0} reports a degradation: {1:msg}"},
	"alarms.alert_up":        {"{0} meldet Entwarnung: {1:msg}", "{0} reports all clear: {1:msg}"},
	"alarms.recovered":       {"Nichts wird mehr als ausgefallen gemeldet, nach {0:duration}. Vorschlag: als behoben melden", "Nothing is reported down any more, after {0:duration}. Proposal: report as resolved"},

	// Refusals.
	"alarms.needs_key": {"Es fehlt ein Schlüssel: --key KEY", "A key is missing: --key KEY"},
	"alarms.no_state":  {"Den Zustand „{0}“ gibt es nicht. Möglich: up, degraded, down", "There is no state \"{0}\". Possible: up, degraded, down"},

	// lage alert.
	"alarms.short_alert": {"Meldung eines anderen Werkzeugs annehmen (Icinga, Checkmk, Skripte)", "take in another tool's alarm (Icinga, Checkmk, scripts)"},
	"alarms.long_alert": {
		"„down“ eröffnet die Störung des Dienstes oder schließt sich der offenen an und alarmiert wie bei eigenen Prüfungen. „degraded“ schließt sich nur an. „up“ schlägt vor, die Störung als behoben zu melden, sobald weder ein Schlüssel noch eine eigene Prüfung des Dienstes mehr ausgefallen ist; behoben meldet sie nur ein Mensch. Derselbe Zustand desselben Schlüssels schreibt nichts noch einmal. Rückgabewert 4: den Dienst gibt es nicht.\n\n  lage alert --key web1/http --service wohngeld --state down --message 'HTTP 503'",
		"\"down\" opens the service's incident or joins the open one, and alarms as for lage's own checks. \"degraded\" only joins. \"up\" proposes to report the incident as resolved once neither a key nor a check of the service is down any more; only a person reports it. The same state of the same key again writes nothing. Exit code 4: there is no such service.\n\n  lage alert --key web1/http --service wohngeld --state down --message 'HTTP 503'"},
	"alarms.flag_key":      {"Schlüssel des Werkzeugs für das, was gestört ist", "the tool's key for what is disturbed"},
	"alarms.flag_state":    {"up, degraded oder down", "up, degraded or down"},
	"alarms.flag_message":  {"was das Werkzeug dazu sagt", "what the tool says about it"},
	"alarms.missing":       {"Es fehlt {0}.", "{0} is missing."},
	"alarms.no_runbook":    {"Warnung: kein Runbook „{0}“ im Ordner; es steht nur in der Zeitleiste.", "Warning: there is no runbook \"{0}\" in the folder; it stands in the timeline only."},
	"alarms.nothing_open":  {"nichts geschrieben: {0} hat keine offene Störung", "nothing written: {0} has no open incident"},
	"alarms.known_already": {"{0}: nichts Neues", "{0}: nothing new"},

	// Configuration.
	"config.doc_listen":           {"Was „lage run“ über HTTP annimmt und beantwortet; ohne diesen Abschnitt und ohne --listen nichts", "What \"lage run\" takes in and answers over HTTP; without this section and without --listen nothing"},
	"config.doc_listen_address":   {"Adresse und Port, etwa 127.0.0.1:9099", "Address and port, such as 127.0.0.1:9099"},
	"config.doc_listen_token":     {"Token (Bearer), das Aufrufer vorweisen, am besten als ${{file:/pfad}", "Token (bearer) that callers show, best as ${{file:/path}"},
	"config.doc_watchdog":         {"Der Alert „Watchdog“, der immer feuert: sein Ausbleiben eröffnet eine Störung", "The alert \"Watchdog\", which always fires: its silence opens an incident"},
	"config.doc_watchdog_service": {"Dienst, dessen Störung eröffnet wird", "Service whose incident is opened"},
	"config.doc_watchdog_within":  {"So lange darf er ausbleiben (Standard: 15m); länger als repeat_interval", "How long it may be silent (default: 15m); longer than repeat_interval"},
	"config.doc_heartbeat":        {"Lebenszeichen nach außen, solange gemessen und gespeichert wird", "Sign of life to the outside while polling and storing advance"},
	"config.doc_heartbeat_url":    {"Adresse, die abgerufen wird (GET)", "Address that is fetched (GET)"},
	"config.doc_heartbeat_every":  {"Abstand (Standard: 1m)", "How often (default: 1m)"},
	"config.token":                {"Ein Token braucht mindestens {0} sichtbare ASCII-Zeichen, ohne Leerzeichen.", "A token needs at least {0} visible ASCII characters, without spaces."},
	"config.listen_open":          {"Ohne token lauscht „lage run“ nur auf loopback; mit dieser Adresse startet es nicht.", "Without a token, \"lage run\" listens on loopback only; with this address it does not start."},

	// Watchdog and other entries that lage makes by itself.
	"alarms.no_watchdog":   {"kein Watchdog seit mehr als {0:duration}: Alarme von Prometheus kommen wohl nicht an", "no Watchdog for more than {0:duration}: alarms from Prometheus probably do not arrive"},
	"alarms.watchdog_back": {"der Watchdog ist wieder zu hören", "the Watchdog is heard again"},

	// lage run --listen.
	"alarms.flag_listen":      {"Adresse für Hooks, /healthz und /metrics; ohne sie lauscht nichts", "address for hooks, /healthz and /metrics; without it nothing listens"},
	"alarms.bad_address":      {"--listen {0}: {1:msg}", "--listen {0}: {1:msg}"},
	"alarms.needs_token":      {"{0} ist von anderen Rechnern aus erreichbar; dafür braucht es ein Token.", "{0} can be reached from other machines; that needs a token."},
	"alarms.needs_token_hint": {"In der Konfiguration: listen: {{token: \"${{file:/pfad}\"}, oder in der Umgebung: {0}", "In the configuration: listen: {{token: \"${{file:/path}\"}, or in the environment: {0}"},
	"alarms.cannot_listen":    {"{0}: hier kann nicht gelauscht werden: {1:msg}", "{0}: cannot listen here: {1:msg}"},
	"alarms.listening":        {"HTTP auf {0}", "HTTP on {0}"},
	"alarms.listening_ended":  {"HTTP ist beendet: {0:msg}", "HTTP has ended: {0:msg}"},
	"alarms.no_hooks":         {"Ohne Token gibt es nur /healthz und /metrics.", "Without a token there are only /healthz and /metrics."},

	// Answers over HTTP.
	"alarms.http_not_found":    {"Diese Adresse gibt es nicht. Vorhanden: /hooks/alertmanager, /healthz, /metrics", "There is no such address. There are: /hooks/alertmanager, /healthz, /metrics"},
	"alarms.http_method":       {"Hier geht nur {0}.", "Only {0} works here."},
	"alarms.http_no_token":     {"Es ist kein Token eingerichtet: Alarme werden hier nicht angenommen.", "No token is configured: alarms are not taken here."},
	"alarms.http_unauthorized": {"Das Token fehlt oder stimmt nicht (Authorization: Bearer ...).", "The token is missing or wrong (Authorization: Bearer ...)."},
	"alarms.http_too_many":     {"Zu viele Anfragen. Bitte in einigen Sekunden noch einmal.", "Too many requests. Please try again in a few seconds."},
	"alarms.http_not_json":     {"Erwartet wird Content-Type: application/json.", "Content-Type: application/json is expected."},
	"alarms.http_encoded":      {"Gepackte Inhalte (Content-Encoding) werden nicht angenommen.", "Compressed content (Content-Encoding) is not taken."},
	"alarms.http_too_large":    {"Der Inhalt ist zu groß: höchstens {0} Bytes.", "The content is too large: {0} bytes at most."},
	"alarms.http_incomplete":   {"Der Inhalt kam nicht vollständig an.", "The content did not arrive completely."},
	"alarms.http_invalid":      {"Das ist kein gültiges JSON für diese Adresse.", "This is no valid JSON for this address."},
	"alarms.http_field":        {"Das ist keine Nachricht von Alertmanager, Version 4. Es fehlt oder stimmt nicht: {0}", "This is no notification of Alertmanager, version 4. Missing or wrong: {0}"},
	"alarms.http_not_stored":   {"Nicht alles konnte gespeichert werden. Bitte noch einmal senden.", "Not everything could be stored. Please send it again."},
	"alarms.http_not_read":     {"Die Datenbank ist gerade nicht lesbar.", "The database cannot be read right now."},

	// What reached nobody's timeline, and why.
	"alarms.unmapped":            {"Alarm nicht zugeordnet: {0}, {1}: {2}", "Alarm not mapped: {0}, {1}: {2}"},
	"alarms.unmapped_more":       {"und {0} weitere nicht zugeordnete Alarme", "and {0} more alarms that were not mapped"},
	"alarms.truncated":           {"Alertmanager hat {0} Alarme weggelassen (max_alerts)", "Alertmanager left out {0} alarms (max_alerts)"},
	"alarms.no_label":            {"kein Label service oder lage_service", "no label service or lage_service"},
	"alarms.no_such_service":     {"den Dienst „{0}“ gibt es nicht", "there is no service \"{0}\""},
	"alarms.watchdog_unexpected": {"es wird kein Watchdog erwartet (listen: watchdog)", "no Watchdog is expected (listen: watchdog)"},
	"alarms.degraded_alone":      {"nur beeinträchtigt, und der Dienst hat keine offene Störung", "degraded only, and the service has no open incident"},
	"alarms.not_stored":          {"Alarm nicht gespeichert: {0}: {1}", "Alarm not stored: {0}: {1}"},
	"alarms.not_read":            {"/metrics: {0}", "/metrics: {0}"},
	"alarms.refused":             {"{0} {0|Anfrage|Anfragen} mit fehlendem oder falschem Token abgewiesen", "{0} {0|request|requests} with a missing or wrong token refused"},

	// Why polling, storing or alarming do not advance.
	"alarms.nobody_polls":   {"es wird nicht gemessen", "nobody polls"},
	"alarms.poller_gone":    {"seit {0:duration} wird nicht mehr gemessen", "nobody has polled for {0:duration}"},
	"alarms.poller_trouble": {"Ergebnisse werden nicht gespeichert", "results are not being stored"},
	"alarms.no_result_yet":  {"noch kein Ergebnis gespeichert", "no result stored yet"},
	"alarms.no_new_result":  {"seit {0:duration} kein neues Ergebnis", "no new result for {0:duration}"},
	"alarms.overlooked":     {"{0} {0|Alarm wartet|Alarme warten} darauf, gesendet zu werden", "{0} {0|alarm waits|alarms wait} to be sent"},
	"alarms.db_unreadable":  {"die Datenbank ist nicht lesbar", "the database cannot be read"},
	"alarms.other_polls":    {"ein anderer Prozess misst", "another process polls"},
	"alarms.not_advanced":   {"seit dem letzten wurde nichts geschrieben", "nothing was written since the last one"},

	// Outbound sign of life.
	"alarms.heartbeat_held":   {"Lebenszeichen ausgesetzt: {0:msg}", "Heartbeat held back: {0:msg}"},
	"alarms.heartbeat_failed": {"Lebenszeichen kommt bei {0} nicht an: {1:msg}", "Heartbeat does not reach {0}: {1:msg}"},
	"alarms.heartbeat_again":  {"Lebenszeichen kommt wieder an", "Heartbeat gets through again"},
	"alarms.heartbeat_url":    {"unbrauchbare Adresse", "unusable address"},
}
