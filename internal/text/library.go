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

	// The list.
	"library.col_runbook":  {"Runbook", "Runbook"},
	"library.col_steps":    {"Schritte", "Steps"},
	"library.col_reviewed": {"Durchsicht", "Reviewed"},
	"library.col_drilled":  {"Geübt", "Drilled"},
	"library.col_used":     {"Zuletzt", "Last used"},
	"library.col_median":   {"Dauer", "Median"},
	"library.col_owner":    {"Zuständig", "Owner"},
	"library.col_title":    {"Titel", "Title"},
	"library.findings":     {"{0} {0|Befund|Befunde}:", "{0} {0|finding|findings}:"},

	// What is missing before one can rely on it. The codes' ends are the codes of lage ready.
	"library.gap_review":             {"Die Durchsicht war am {0} fällig.", "The review was due on {0}."},
	"library.gap_review_of":          {"Runbook {0}: Die Durchsicht war am {1} fällig.", "Runbook {0}: the review was due on {1}."},
	"library.gap_drill":              {"Zuletzt geübt am {0}, vor mehr als 180 Tagen.", "Last drilled on {0}, more than 180 days ago."},
	"library.gap_drill_of":           {"Runbook {0}: Zuletzt geübt am {1}, vor mehr als 180 Tagen.", "Runbook {0}: last drilled on {1}, more than 180 days ago."},
	"library.gap_programs":           {"Es fehlt auf diesem Rechner: {0}", "Missing on this machine: {0}"},
	"library.gap_programs_of":        {"Runbook {0}: Es fehlt auf diesem Rechner: {1}", "Runbook {0}: missing on this machine: {1}"},
	"library.gap_problems":           {"{0} Fehler, siehe lage runbook lint.", "{0} {0|error|errors}, see lage runbook lint."},
	"library.gap_problems_of":        {"Runbook {0}: {1} Fehler, siehe lage runbook lint.", "Runbook {0}: {1} {1|error|errors}, see lage runbook lint."},
	"library.gap_service":            {"Der Dienst {0} hat kein Runbook.", "Service {0} has no runbook."},
	"library.gap_check":              {"Für die Prüfung {0} gibt es kein Runbook.", "There is no runbook for check {0}."},
	"library.gap_no_checks":          {"Der Dienst hat keine Prüfung.", "The service has no check."},
	"library.gap_never":              {"Runbook {0}: noch nie geübt oder gebraucht.", "Runbook {0}: never drilled or used."},
	"library.gap_nobody_told":        {"Bei einem Ausfall wird niemand alarmiert (escalation).", "Nobody is told of an outage (escalation)."},
	"library.gap_nobody_responsible": {"Es steht nicht da, wer zuständig ist (owner, team).", "It does not say who is responsible (owner, team)."},

	// lage ready.
	"library.ready_yes":     {"{0}: bereit", "{0}: ready"},
	"library.ready_no":      {"{0}: {1} {1|Lücke|Lücken}", "{0}: {1} {1|gap|gaps}"},
	"library.ready_summary": {"{0} von {1} Diensten sind bereit.", "{0} of {1} services are ready."},
	"library.short_ready":   {"was Diensten für den Ernstfall fehlt", "what services lack for an emergency"},
	"library.long_ready": {
		"Sagt für jeden Dienst, oder für die genannten, was vor dem Ernstfall noch fehlt: Prüfungen ohne Runbook, überfällige Durchsichten und Übungen, Fehler in Runbooks, fehlende Programme, niemand wird alarmiert, niemand ist zuständig.\n\nExit-Code: 0 wenn nichts fehlt, sonst 1; 4 für einen Dienst, den es nicht gibt.\n\n  lage ready\n  lage ready wohngeld --json",
		"Says for each service, or for those named, what is missing before an emergency: checks without a runbook, overdue reviews and drills, errors in runbooks, missing programs, nobody is told, nobody is responsible.\n\nExit code: 0 when nothing is missing, otherwise 1; 4 for a service that does not exist.\n\n  lage ready\n  lage ready housing --json"},

	// Suggestions: what was noted on a step, as it would stand in the runbook. {0} is the incident or walk, {1} the day.
	"library.remark_note":       {"Notiz aus {0}, {1}: {2}", "Note from {0}, {1}: {2}"},
	"library.remark_failed":     {"Fehlgeschlagen in {0}, {1}: {2}", "Failed in {0}, {1}: {2}"},
	"library.remark_skipped":    {"Übersprungen in {0}, {1}: {2}", "Skipped in {0}, {1}: {2}"},
	"library.remark_na":         {"Traf nicht zu in {0}, {1}: {2}", "Did not apply in {0}, {1}: {2}"},
	"library.unplaced":          {"Ohne Platz in {0} (Schritt {1}): {2}", "No place in {0} (step {1}): {2}"},
	"library.no_suggestions":    {"Zu den Runbooks ist nichts notiert.", "Nothing is noted about the runbooks."},
	"library.flag_all":          {"auch was vor der letzten Durchsicht notiert wurde", "also what was noted before the last review"},
	"library.short_suggestions": {"Notizen zu Schritten als Änderung der Runbooks vorschlagen", "propose notes on steps as changes of the runbooks"},
	"library.long_suggestions": {
		"Was beim Durchlaufen zu einem Schritt notiert wurde, und warum Schritte fehlschlugen oder ausgelassen wurden, wird als Patch der Runbooks vorgeschlagen: je ein Zitat unter dem Schritt. Namen stehen nicht darin. Es wird nichts geändert; was schon in der Datei steht oder vor der letzten Durchsicht (last_reviewed_on) notiert wurde, bleibt weg.\n\nDer Patch steht auf der Standardausgabe, seine Pfade beginnen im Ordner der Runbooks. Notizen zu Schritten, die es nicht mehr gibt, stehen auf der Standardfehlerausgabe.\n\n  lage runbook suggestions wohngeld-503\n  lage runbook suggestions | patch -p1 -d /etc/lage/runbooks\n  lage runbook suggestions | git -C runbooks apply\n  lage runbook suggestions --json",
		"What was noted on a step while walking, and why steps failed or were left out, is proposed as a patch of the runbooks: a quotation each under its step. It names nobody. Nothing is changed; what stands in the file already or was noted before the last review (last_reviewed_on) is left out.\n\nThe patch goes to standard output, its paths begin in the folder of runbooks. Notes on steps that are gone go to standard error.\n\n  lage runbook suggestions housing-503\n  lage runbook suggestions | patch -p1 -d /etc/lage/runbooks\n  lage runbook suggestions | git -C runbooks apply\n  lage runbook suggestions --json"},
}
