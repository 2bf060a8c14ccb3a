package text

// timelineTable holds what people say about an incident besides working on it: its times. Codes stand in stored records:
// never rename one.
var timelineTable = table{
	"incidents.no_time":           {"Die Zeit „{0}“ gibt es nicht. Möglich: started, detected, acknowledged, mitigated, resolved", "There is no time \"{0}\". Possible: started, detected, acknowledged, mitigated, resolved"},
	"incidents.time_ahead":        {"{0} liegt in der Zukunft.", "{0} lies ahead."},
	"incidents.time_not_yet":      {"Die Zeit „{0:msg}“ gibt es noch nicht: Das muss erst geschehen sein.", "There is no time \"{0:msg}\" yet: that has to happen first."},
	"incidents.time_order":        {"Das passt nicht zusammen: „{0:msg}“ ({1}) läge nach „{2:msg}“ ({3}).", "That does not fit: \"{0:msg}\" ({1}) would lie after \"{2:msg}\" ({3})."},
	"incidents.time_set":          {"Zeit „{0:msg}“ berichtigt: {1} → {2}: {3}", "Time \"{0:msg}\" corrected: {1} → {2}: {3}"},
	"incidents.time_started":      {"Beginn der Auswirkung", "start of the effect"},
	"incidents.time_detected":     {"entdeckt", "detected"},
	"incidents.time_acknowledged": {"bestätigt", "acknowledged"},
	"incidents.time_mitigated":    {"wiederhergestellt", "mitigated"},
	"incidents.time_resolved":     {"abgeschlossen", "resolved"},

	"incidents.corrected":    {"Berichtigung zu Eintrag {0}: {1}", "Correction of entry {0}: {1}"},
	"incidents.corrected_by": {"berichtigt durch Eintrag {0}", "corrected by entry {0}"},
	"incidents.added_later":  {"nachgetragen {0}", "added {0}"},

	"cli.flag_note_at":           {"wann es war, wenn nicht jetzt", "when it was, if not now"},
	"cli.flag_correct_entry":     {"Nummer des Eintrags (erste Spalte von lage incident show)", "number of the entry (first column of lage incident show)"},
	"cli.err_entry":              {"--entry „{0}“ ist keine Nummer eines Eintrags. Die Nummern stehen in der ersten Spalte von lage incident show.", "--entry \"{0}\" is not the number of an entry. The numbers stand in the first column of lage incident show."},
	"cli.short_incident_correct": {"einen Eintrag der Zeitleiste berichtigen", "correct an entry of the timeline"},
	"cli.long_incident_correct":  {"Schreibt einen neuen Eintrag, der auf den alten zeigt. Der alte bleibt stehen, wie er war, und ist als berichtigt gekennzeichnet. „-“ liest den Text von der Standardeingabe.\n\n  lage incident correct --entry 4 'Es war der zweite Knoten'", "Writes a new entry that points to the old one. The old one stays as it was, marked as corrected. \"-\" reads the text from standard input.\n\n  lage incident correct --entry 4 'It was the second node'"},
	"cli.short_incident_time":    {"eine Zeit berichtigen, mit Grund", "correct a time, with a reason"},
	"cli.long_incident_time":     {"Fünf Zeiten werden auseinandergehalten: started (Beginn der Auswirkung), detected (entdeckt), acknowledged (bestätigt), mitigated (Auswirkung vorbei), resolved (abgeschlossen). Was vorher dort stand, bleibt im Eintrag der Zeitleiste stehen. TIME: 03:15, \"2026-11-23 03:15\" oder RFC 3339.\n\n  lage incident time started 02:40 --reason 'erste Meldung aus dem Bürgerbüro'\n  lage incident time INC-031 mitigated 04:10 --reason 'Umleitung wirkt'", "Five times are kept apart: started (of the effect), detected, acknowledged, mitigated (the effect is over), resolved. What stood there before stays in the timeline's entry. TIME: 03:15, \"2026-11-23 03:15\" or RFC 3339.\n\n  lage incident time started 02:40 --reason 'first call from the front office'\n  lage incident time INC-031 mitigated 04:10 --reason 'the detour works'"},
	"cli.flag_time_reason":       {"warum sie sich ändert", "why it changes"},
	"cli.show_detected":          {"Entdeckt", "Detected"},
	"cli.show_acknowledged":      {"Bestätigt", "Acknowledged"},
	"cli.show_unknown":           {"unbekannt", "unknown"},
}
