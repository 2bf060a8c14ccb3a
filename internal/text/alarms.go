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
}
