package text

// notifyTable says why alarms did not go out. The last argument of a failure comes from outside.
var notifyTable = table{
	"notify.footer": {"Störung {0}. Bestätigen: lage ack {0}", "Incident {0}. To acknowledge: lage ack {0}"},

	"notify.outbox": {"Die wartenden Alarme sind nicht lesbar: {0}", "The waiting alarms cannot be read: {0}"},
	"notify.report": {"Was aus dem Alarm zu {0} wurde, ist nicht aufgezeichnet: {1}", "What became of the alarm about {0} is not on record: {1}"},

	"notify.timeout":       {"keine Antwort innerhalb von {0:duration}", "no answer within {0:duration}"},
	"notify.failed":        {"fehlgeschlagen: {0}", "failed: {0}"},
	"notify.no_channel":    {"für „{0}“ ist kein Weg eingetragen", "there is no channel for \"{0}\""},
	"notify.no_mail":       {"kein Mailserver eingerichtet", "no mail server is configured"},
	"notify.bad_address":   {"„{0}“ ist keine E-Mail-Adresse", "\"{0}\" is not an e-mail address"},
	"notify.bad_header":    {"Zeilenumbruch in der Kopfzeile {0}", "line end in the header {0}"},
	"notify.unreachable":   {"Mailserver {0} nicht erreichbar: {1}", "mail server {0} cannot be reached: {1}"},
	"notify.tls":           {"keine sichere Verbindung zum Mailserver {0}: {1}", "no secure connection to mail server {0}: {1}"},
	"notify.no_tls":        {"Mailserver {0} bietet keine sichere Verbindung (STARTTLS) an", "mail server {0} offers no secure connection (STARTTLS)"},
	"notify.open_login":    {"Anmeldung am Mailserver {0} nur über eine sichere Verbindung", "login to mail server {0} only over a secure connection"},
	"notify.broken_off":    {"Verbindung zum Mailserver abgebrochen: {0}", "connection to the mail server broke off: {0}"},
	"notify.smtp_greeting": {"Mailserver lehnt die Verbindung ab ({0}): {1}", "mail server refuses the connection ({0}): {1}"},
	"notify.smtp_login":    {"Mailserver lehnt die Anmeldung ab ({0}): {1}", "mail server refuses the login ({0}): {1}"},
	"notify.smtp_sender":   {"Mailserver lehnt den Absender ab ({0}): {1}", "mail server refuses the sender ({0}): {1}"},
	"notify.smtp_recipient": {"Mailserver lehnt die Empfängeradresse ab ({0}): {1}",
		"mail server refuses the recipient ({0}): {1}"},
	"notify.smtp_text": {"Mailserver nimmt die Nachricht nicht an ({0}): {1}", "mail server does not take the message ({0}): {1}"},

	"notify.parcel":        {"{0} Störungen auf einmal, darunter: {1:msg}", "{0} incidents at once, among them: {1:msg}"},
	"notify.parcel_more":   {"und {0} weitere", "and {0} more"},
	"notify.parcel_ack":    {"Bestätigen: lage ack STÖRUNG", "To acknowledge: lage ack INCIDENT"},
	"notify.passed_over":   {"übergangen, solange „{0}“ ausgefallen ist", "passed over while \"{0}\" is down"},
	"notify.hook_lost":     {"keine Verbindung zum Webhook: {0}", "no connection to the webhook: {0}"},
	"notify.hook_address":  {"die Adresse des Webhooks fehlt oder ist unbrauchbar", "the webhook's address is missing or of no use"},
	"notify.hook_answer":   {"Webhook antwortet mit {0}: {1}", "webhook answers with {0}: {1}"},
	"notify.hook_redirect": {"Webhook verweist auf eine andere Adresse ({0}); dem wird nicht gefolgt", "webhook points to another address ({0}); that is not followed"},

	"notify.command_start": {"Befehl ließ sich nicht starten: {0}", "command could not be started: {0}"},
	"notify.command_exit":  {"Befehl endete mit {0}: {1}", "command ended with {0}: {1}"},
}
