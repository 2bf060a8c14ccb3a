package text

// privacyTable holds what concerns personal data: masks, retention, erasing, and the keys of the configuration for them.
var privacyTable = table{
	"config.doc_retention":           {"wie lange personenbezogene Daten bleiben, etwa {{names: 1y, outputs: 180d}}", "how long personal data is kept, such as {{names: 1y, outputs: 180d}}"},
	"config.doc_retention_incidents": {"Texte behobener Störungen und beendeter Durchgänge; Gerüst und Prüfsummen bleiben (Vorgabe 5y)", "texts of resolved incidents and ended walks; skeleton and hashes stay (5y if left out)"},
	"config.doc_retention_names":     {"Namen in behobenen Störungen und beendeten Durchgängen (Vorgabe 1y)", "names in resolved incidents and ended walks (1y if left out)"},
	"config.doc_retention_outputs":   {"gespeicherte Ausgaben von Befehlen (Vorgabe 180d)", "stored output of commands (180d if left out)"},
	"config.doc_retention_runs":      {"Dateien beendeter Befehle neben der Datenbank (Vorgabe 7d)", "files of ended commands beside the database (7d if left out)"},
	"config.doc_retention_alarms":    {"erledigte Alarme im Ausgang (Vorgabe 30d)", "alarms that are done, in the outbox (30d if left out)"},
	"config.doc_retention_configs":   {"abgelöste Konfigurationen, mit den Kontakten darin (Vorgabe 90d)", "superseded configurations, with the contacts in them (90d if left out)"},
	"config.doc_privacy":             {"was beim Speichern verdeckt wird", "what is masked when it is stored"},
	"config.doc_mask":                {"verdeckte Arten: ip (fremde Adressen), email, case (Aktenzeichen nach einem Stichwort); Vorgabe alle, [] keine", "kinds to mask: ip (foreign addresses), email, case (case numbers behind a word that announces one); all if left out, [] for none"},
	"config.doc_own_networks":        {"eigene Netze, deren Adressen lesbar bleiben; Vorgabe private Netze und Loopback", "own networks whose addresses stay readable; private networks and loopback if left out"},
	"config.doc_patterns":            {"eigene Muster, etwa für Aktenzeichen des Hauses", "patterns of your own, for instance for the house's case numbers"},
	"config.doc_pattern_name":        {"steht in eckigen Klammern an der verdeckten Stelle", "stands in brackets where something was masked"},
	"config.doc_pattern_regexp":      {"regulärer Ausdruck (RE2); in einfachen Anführungszeichen", "regular expression (RE2); in single quotes"},
	"config.network":                 {"{0} ist kein Netz. So: \"192.0.2.0/24\" oder \"2001:db8::/32\"", "{0} is no network. Like this: \"192.0.2.0/24\" or \"2001:db8::/32\""},
	"config.pattern_name":            {"{0} geht nicht als Name: 1 bis 32 Buchstaben, Ziffern, Leerzeichen, - und _", "{0} cannot be a name: 1 to 32 letters, digits, blanks, - and _"},
	"config.regexp":                  {"der reguläre Ausdruck ist nicht lesbar: {0}", "the regular expression cannot be read: {0}"},
	"config.regexp_empty":            {"der reguläre Ausdruck passt auf leeren Text und würde überall etwas verdecken", "the regular expression matches the empty text and would mask everywhere"},

	"privacy.masked":     {"verdeckt: {0}", "masked: {0}"},
	"privacy.masked_one": {"{0} × {1}", "{0} × {1}"},
}
