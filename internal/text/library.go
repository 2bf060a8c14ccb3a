package text

// libraryTable holds what is said of the runbooks of the folder: why one is proposed, what is known of each, and what is
// missing before one can rely on them.
var libraryTable = table{
	// Why a runbook is proposed.
	"library.why_check":      {"passt zur Prüfung {0}", "matches check {0}"},
	"library.why_service":    {"für den Dienst {0}", "for service {0}"},
	"library.why_label":      {"passt zu {0}", "matches {0}"},
	"library.why_said":       {"die Meldung enthält „{0}“", "the message contains “{0}”"},
	"library.why_configured": {"in der Konfiguration für {0} genannt", "named in the configuration for {0}"},
	"library.why_named":      {"bei der Störung genannt", "named with the incident"},
}
