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

	"cli.short_incident_time": {"eine Zeit berichtigen, mit Grund", "correct a time, with a reason"},
	"cli.long_incident_time":  {"Fünf Zeiten werden auseinandergehalten: started (Beginn der Auswirkung), detected (entdeckt), acknowledged (bestätigt), mitigated (Auswirkung vorbei), resolved (abgeschlossen). Was vorher dort stand, bleibt im Eintrag der Zeitleiste stehen. TIME: 03:15, \"2026-11-23 03:15\" oder RFC 3339.\n\n  lage incident time started 02:40 --reason 'erste Meldung aus dem Bürgerbüro'\n  lage incident time INC-031 mitigated 04:10 --reason 'Umleitung wirkt'", "Five times are kept apart: started (of the effect), detected, acknowledged, mitigated (the effect is over), resolved. What stood there before stays in the timeline's entry. TIME: 03:15, \"2026-11-23 03:15\" or RFC 3339.\n\n  lage incident time started 02:40 --reason 'first call from the front office'\n  lage incident time INC-031 mitigated 04:10 --reason 'the detour works'"},
	"cli.flag_time_reason":    {"warum sie sich ändert", "why it changes"},
	"cli.show_detected":       {"Entdeckt", "Detected"},
	"cli.show_acknowledged":   {"Bestätigt", "Acknowledged"},
	"cli.show_unknown":        {"unbekannt", "unknown"},
}
