package text

// cliTable holds what the command line says. The help of the commands stands at its end.
var cliTable = table{
	// Errors: what is wrong, and what to do.
	"cli.reserve_failed":          {"Die Platzreserve neben der Datenbank lässt sich nicht anlegen: {0:msg}", "The reserve of space beside the database cannot be made: {0:msg}"},
	"cli.reserve_again":           {"Die Platzreserve neben der Datenbank lässt sich wieder anlegen.", "The reserve of space beside the database can be made again."},
	"cli.banner_reserve":          {"Der Datenträger ist voll. Die Reserve ist freigegeben: Quittieren, Notizen und Alarme gehen, Messwerte werden nicht gespeichert.", "The disk is full. The reserve is in use: acknowledging, notes and alarms work, results are not stored."},
	"cli.hint_restore":            {"Nichts wurde verändert, und niemand misst darauf. Die jüngste bekannte Sicherung von {0} ist vom {1}; sie zurückspielen legt diese Datei beiseite: lage restore {2}", "Nothing was changed, and nobody polls on it. The newest known backup of {0} is of {1}; putting it back puts this file aside: lage restore {2}"},
	"cli.error":                   {"Fehler: {0:msg}", "Error: {0:msg}"},
	"cli.warning":                 {"Warnung: {0:msg}", "Warning: {0:msg}"},
	"cli.err_command":             {"Den Befehl „{0}“ gibt es nicht.", "There is no command \"{0}\"."},
	"cli.err_verb_missing":        {"Nach „{0}“ fehlt ein Wort: {1}", "A word is missing after \"{0}\": {1}"},
	"cli.err_verb_unknown":        {"Den Befehl „{0}“ gibt es nicht. Möglich: {1}", "There is no command \"{0}\". Possible: {1}"},
	"cli.err_no_help":             {"Zu „{0}“ gibt es keine Hilfe.", "There is no help about \"{0}\"."},
	"cli.err_few_args":            {"Es fehlt eine Angabe: {0}", "Something is missing: {0}"},
	"cli.err_many_args":           {"„{0}“ ist hier zu viel: {1}", "\"{0}\" is one too many: {1}"},
	"cli.err_flag_unknown":        {"Die Option {0} gibt es hier nicht.", "There is no option {0} here."},
	"cli.err_flag_value":          {"Die Option {0} braucht einen Wert.", "The option {0} needs a value."},
	"cli.err_flag_invalid":        {"Die Option {0} kann nicht „{1}“ sein.", "The option {0} cannot be \"{1}\"."},
	"cli.err_flag_words":          {"Die Option {0} kann nicht „{1}“ sein. Möglich: {2}", "The option {0} cannot be \"{1}\". Possible: {2}"},
	"cli.err_shell":               {"Für „{0}“ gibt es keine Vervollständigung. Möglich: bash, zsh, fish", "There is no completion for \"{0}\". Possible: bash, zsh, fish"},
	"cli.err_zone":                {"Die Zeitzone „{0}“ gibt es nicht. Beispiel: --tz Europe/Berlin", "There is no time zone \"{0}\". Example: --tz Europe/Berlin"},
	"cli.err_time":                {"{0} „{1}“ ist kein Zeitpunkt. Beispiele: 03:15, \"2026-11-23 03:15\", 2026-11-23T03:15:00+01:00", "{0} \"{1}\" is not a time. Examples: 03:15, \"2026-11-23 03:15\", 2026-11-23T03:15:00+01:00"},
	"cli.err_duration":            {"{0} „{1}“ ist keine Dauer. Beispiel: 10s", "{0} \"{1}\" is not a duration. Example: 10s"},
	"cli.err_url":                 {"„{0}“ ist keine Adresse, die mit http:// oder https:// beginnt.", "\"{0}\" is not an address that begins with http:// or https://."},
	"cli.err_write":               {"{0} lässt sich nicht schreiben: {1:msg}", "Cannot write {0}: {1:msg}"},
	"cli.os_missing":              {"Das gibt es nicht", "no such file or folder"},
	"cli.os_denied":               {"Dafür fehlen die Rechte", "permission denied"},
	"cli.os_folder":               {"Das ist ein Ordner", "is a folder"},
	"cli.os_no_folder":            {"Ein Teil des Pfads ist kein Ordner", "a part of the path is not a folder"},
	"cli.os_full":                 {"Kein Platz mehr", "no space left"},
	"cli.os_read_only":            {"Hier darf nur gelesen werden", "read-only file system"},
	"cli.os_too_big":              {"Größer als 16 MiB", "larger than 16 MiB"},
	"cli.err_stdout":              {"Die Ausgabe lässt sich nicht schreiben: {0:msg}", "Cannot write the output: {0:msg}"},
	"cli.err_exists":              {"{0} gibt es schon. Es wird nichts überschrieben.", "{0} exists already. Nothing is overwritten."},
	"cli.err_json":                {"Das Dokument lässt sich nicht schreiben: {0:msg}", "Cannot write the document: {0:msg}"},
	"cli.err_read":                {"Lesen fehlgeschlagen: {0:msg}", "Reading failed: {0:msg}"},
	"cli.err_file":                {"{0} lässt sich nicht lesen: {1:msg}", "Cannot read {0}: {1:msg}"},
	"cli.err_store":               {"Die Ergebnisse ließen sich nicht speichern: {0:msg}", "Cannot store the results: {0:msg}"},
	"cli.err_stale":               {"Jemand anderes war schneller.", "Somebody else was faster."},
	"cli.err_not_found":           {"Diese Störung gibt es nicht.", "There is no such incident."},
	"cli.err_incident":            {"Die Störung „{0}“ gibt es nicht.", "There is no incident \"{0}\"."},
	"cli.err_none_open":           {"Es ist keine Störung offen.", "No incident is open."},
	"cli.err_many_open":           {"Es sind mehrere Störungen offen. Bitte eine nennen:", "Several incidents are open. Please name one:"},
	"cli.err_service":             {"Den Dienst „{0}“ gibt es nicht. Vorhanden: {1}", "There is no service \"{0}\". There are: {1}"},
	"cli.err_check":               {"Die Prüfung „{0}“ gibt es nicht. Vorhanden: {1}", "There is no check \"{0}\". There are: {1}"},
	"cli.err_no_check":            {"Welche Prüfung? Einen Namen wie dienst/prüfung angeben, oder --all.", "Which check? Give a name such as service/check, or --all."},
	"cli.err_state":               {"Den Stand „{0}“ gibt es nicht. Möglich: {1}", "There is no state \"{0}\". Possible: {1}"},
	"cli.err_runbook":             {"Das Runbook „{0}“ gibt es nicht.", "There is no runbook \"{0}\"."},
	"cli.err_no_runbooks":         {"Das Runbook „{0}“ gibt es nicht: Es sind keine Runbooks eingerichtet.", "There is no runbook \"{0}\": no runbooks are set up."},
	"cli.err_walk":                {"Den Durchgang „{0}“ gibt es nicht.", "There is no walk \"{0}\"."},
	"cli.err_console_input":       {"Die Konsole braucht ein Terminal.", "The console needs a terminal."},
	"cli.err_no_config":           {"Es gibt keine Konfiguration.", "There is no configuration."},
	"cli.err_init":                {"Aus diesen Adressen ließ sich keine Konfiguration machen.", "Cannot make a configuration of these addresses."},
	"cli.err_nothing_to_validate": {"Keine Konfiguration gefunden. Gesucht: {0}", "No configuration found. Looked at: {0}"},
	"cli.err_no_db":               {"Die Datenbank {0} gibt es nicht.", "There is no database {0}."},
	"cli.err_number":              {"{0} „{1}“ ist keine ganze Zahl.", "{0} \"{1}\" is not a whole number."},
	"cli.place":                   {"{0}:{1}:{2}: {3:msg}", "{0}:{1}:{2}: {3:msg}"},
	"cli.err_verify":              {"Die Prüfung der Datenbank ist fehlgeschlagen: {0:msg}", "Verifying the database failed: {0:msg}"},
	"cli.err_schema":              {"Für „{0}“ gibt es kein Schema. Möglich: config", "There is no schema for \"{0}\". Possible: config"},
	"cli.err_demo":                {"Die Vorführung lässt sich nicht starten: {0:msg}", "Cannot start the demo: {0:msg}"},
	"cli.err_console":             {"Die Konsole ist ausgefallen: {0:msg}", "The console has failed: {0:msg}"},

	"cli.hint_help":          {"Übersicht: lage help", "Overview: lage help"},
	"cli.hint_help_command":  {"Hilfe: lage help {0}", "Help: lage help {0}"},
	"cli.hint_mean":          {"Meinten Sie: {0}", "Did you mean: {0}"},
	"cli.hint_again":         {"Bitte noch einmal ansehen und versuchen: lage incident show", "Please look again and retry: lage incident show"},
	"cli.hint_incident_list": {"Alle Störungen: lage incident list --all", "All incidents: lage incident list --all"},
	"cli.hint_validate":      {"Alle Fehler mit Zeile und Spalte: lage validate {0}", "All mistakes with line and column: lage validate {0}"},
	"cli.hint_init":          {"Anfangen: lage init --out FILE    Ansehen: lage demo", "To begin: lage init --out FILE    To look: lage demo"},
	"cli.hint_no_input":      {"--no-input verbietet Fragen. Bitte ohne diese Option in einem Terminal aufrufen.", "--no-input forbids questions. Please call it without that option in a terminal."},
	"cli.hint_no_terminal":   {"Bitte in einem Terminal aufrufen, über SSH mit: ssh -t", "Please call it in a terminal, over SSH with: ssh -t"},
	"cli.hint_other_file":    {"Bitte einen anderen Namen angeben oder die Datei zuerst wegräumen.", "Please give another name, or move the file away first."},
	"cli.hint_runbooks":      {"In der Konfiguration mit „runbooks:“ einen Ordner nennen, oder eine Datei angeben: lage runbook show FILE.md", "Name a folder with \"runbooks:\" in the configuration, or give a file: lage runbook show FILE.md"},
	"cli.hint_init_url":      {"Beispiel: lage init https://www.example.org/", "Example: lage init https://www.example.org/"},
	"cli.hint_runbook_list":  {"Alle Runbooks: lage runbook list", "All runbooks: lage runbook list"},
	"cli.hint_walks":         {"Alle Durchgänge: lage walk list", "All walks: lage walk list"},
	"cli.hint_db":            {"Eine andere Datei nennt --db FILE. Eine neue entsteht mit: lage run", "Another file is named with --db FILE. A new one is made by: lage run"},

	// What stands in the way of the whole truth.
	"cli.banner_broken":          {"Konfiguration {0} fehlerhaft ({1:msg}). Es gilt die letzte gültige von {2}.", "Configuration {0} is broken ({1:msg}). The last valid one of {2} stays in force."},
	"cli.banner_missing":         {"Konfiguration {0} nicht lesbar. Es gilt die letzte gültige von {1}.", "Configuration {0} cannot be read. The last valid one of {1} stays in force."},
	"cli.banner_secret":          {"Ein Geheimnis ist nicht lesbar ({0:msg}). Deshalb wird nicht gemessen.", "A secret cannot be read ({0:msg}). So nothing is polled."},
	"cli.banner_none":            {"Konfiguration {0} fehlerhaft ({1:msg}). Es gab noch keine gültige.", "Configuration {0} is broken ({1:msg}). There has been no valid one yet."},
	"cli.banner_read_only":       {"Nur ansehen, nichts wird gespeichert: {0:msg}", "Looking only, nothing is saved: {0:msg}"},
	"cli.reload_kept":            {"Konfiguration nicht neu geladen, die bisherige gilt weiter:", "Configuration not reloaded, the previous one stays in force:"},
	"cli.reloaded":               {"Konfiguration neu geladen: {0}", "Configuration reloaded: {0}"},
	"cli.no_config_1":            {"Es gibt noch keine Konfiguration.", "There is no configuration yet."},
	"cli.no_config_2":            {"Ansehen:   lage demo   (ein kleiner Dienst, der wirklich ausfällt)", "To look:   lage demo   (a small service that really breaks)"},
	"cli.no_config_3":            {"Anfangen:  lage init --out {0} https://...   und prüfen: lage validate", "To begin:  lage init --out {0} https://...   and check: lage validate"},
	"cli.written":                {"Geschrieben: {0}", "Written: {0}"},
	"cli.nothing_to_do":          {"{0}: nichts zu tun, es ist schon so.", "{0}: nothing to do, it is so already."},
	"cli.poll_started":           {"lage misst {0} {0|Prüfung|Prüfungen} von {1} {1|Dienst|Diensten}. Datenbank: {2}", "lage polls {0} {0|check|checks} of {1} {1|service|services}. Database: {2}"},
	"cli.poll_waiting":           {"Ein anderer Prozess misst schon ({0} auf {1}, PID {2}). Warte.", "Another process polls already ({0} on {1}, PID {2}). Waiting."},
	"cli.poll_trouble":           {"Ergebnisse werden nicht gespeichert: {0:msg}", "Results are not stored: {0:msg}"},
	"cli.poll_trouble_over":      {"Ergebnisse werden wieder gespeichert.", "Results are stored again."},
	"cli.poll_lease":             {"Wer misst, kann nicht in der Datenbank stehen: {0:msg}", "Who polls cannot be kept in the database: {0:msg}"},
	"cli.poll_lease_over":        {"Wer misst, steht wieder in der Datenbank.", "Who polls is kept in the database again."},
	"cli.poll_tick_over":         {"Fälliges wird wieder erledigt.", "What falls due is done again."},
	"cli.poll_unrecorded":        {"Ausfall {0} kann nicht gespeichert werden; {1} ist ohne Datenbank alarmiert.", "The outage of {0} cannot be stored; {1} was alarmed without the database."},
	"cli.poll_unrecorded_failed": {"Alarm ohne Datenbank an {0} ist gescheitert: {1:msg}", "The alarm to {0} without the database failed: {1:msg}"},
	"cli.poll_tick":              {"Fälliges konnte nicht erledigt werden: {0:msg}", "What fell due could not be done: {0:msg}"},
	"cli.demo_runs":              {"Der Dienst der Vorführung läuft. Ansehen: lage -c {0} --db {1}    Hilfsbefehl des Runbooks: {2}", "The demo's service runs. To look: lage -c {0} --db {1}    Helper command of the runbook: {2}"},
	"cli.poll_ended":             {"Messung beendet.", "Polling ended."},
	"cli.db_fine":                {"In Ordnung: {0} {0|Eintrag|Einträge} in {1} {1|Zeitleiste|Zeitleisten}, jede Kette hält.", "Fine: {0} {0|entry|entries} in {1} {1|timeline|timelines}, every chain holds."},
	"cli.db_bad":                 {"{0} {0|Fehler|Fehler} gefunden.", "{0} {0|problem|problems} found."},

	// States and small words.
	"cli.standing_up":          {"läuft", "up"},
	"cli.standing_degraded":    {"beeinträchtigt", "degraded"},
	"cli.standing_partial":     {"Teilausfall", "partial outage"},
	"cli.standing_down":        {"Ausfall", "outage"},
	"cli.standing_flapping":    {"wechselt", "flapping"},
	"cli.standing_maintenance": {"Wartung", "maintenance"},
	"cli.standing_unknown":     {"unbekannt", "unknown"},
	"cli.failing":              {"fällt aus {0}/{1}", "failing {0}/{1}"},
	"cli.for":                  {"seit {0:duration}", "for {0:duration}"},
	"cli.closed":               {"geschlossen", "closed"},
	"cli.closed_until":         {"geschlossen bis {0}", "closed until {0}"},
	"cli.open_incidents":       {"Offene Störungen:", "Open incidents:"},
	"cli.no_open_incidents":    {"Es ist keine Störung offen.", "No incident is open."},
	"cli.no_incidents":         {"Es gab noch keine Störung.", "There has been no incident yet."},
	"cli.no_services":          {"Es ist kein Dienst eingerichtet.", "No service is set up."},
	"cli.no_runbooks":          {"Es sind keine Runbooks eingerichtet.", "No runbooks are set up."},
	"cli.no_walks":             {"Es gab noch keinen Durchgang.", "There has been no walk yet."},
	"cli.nobody":               {"niemand", "nobody"},
	"cli.show_state":           {"Stand", "State"},
	"cli.show_lead":            {"Leitung", "Lead"},
	"cli.show_service":         {"Dienst", "Service"},
	"cli.show_started":         {"Beginn", "Started"},
	"cli.show_recovered":       {"Prüfungen laufen seit", "Checks up since"},
	"cli.show_resolved":        {"Behoben", "Resolved"},
	"cli.show_ended":           {"Ende", "Ended"},
	"cli.show_runbook":         {"Runbook", "Runbook"},
	"cli.show_incident":        {"Störung", "Incident"},
	"cli.show_cause":           {"Ursache", "Cause"},
	"cli.ack_runbook":          {"Runbook: {0} ({1}). Es beginnt mit:", "Runbook: {0} ({1}). It begins with:"},
	"cli.book_warning":         {"{0}:{1}: {2:msg}", "{0}:{1}: {2:msg}"},
	"cli.plugin_fine":          {"{0} {0|Prüfung läuft|Prüfungen laufen}", "{0} {0|check|checks} up"},
	"cli.plugin_bad":           {"{0} von {1} Prüfungen nicht in Ordnung", "{0} of {1} checks not fine"},
	"cli.never":                {"noch nie", "never"},
	"cli.info_path":            {"Datei", "File"},
	"cli.info_size":            {"Größe", "Size"},
	"cli.info_checks":          {"Prüfungen mit Ergebnissen", "Checks with results"},
	"cli.info_incidents":       {"Störungen", "Incidents"},
	"cli.info_open":            {"{0}, davon offen: {1}", "{0}, open: {1}"},
	"cli.info_walks":           {"Durchgänge", "Walks"},
	"cli.info_poller":          {"Es misst", "Polling"},
	"cli.info_last":            {"Letztes Ergebnis", "Newest result"},
	"cli.walk_open":            {"läuft", "goes on"},
	"cli.walk_ended":           {"beendet", "ended"},

	// Kinds of sections, steps and blocks.
	"cli.kind_procedure":     {"Ablauf", "procedure"},
	"cli.kind_context":       {"Hintergrund", "context"},
	"cli.kind_reference":     {"Verweise", "reference"},
	"cli.kind_prerequisites": {"Voraussetzungen", "prerequisites"},
	"cli.kind_command":       {"Befehl", "command"},
	"cli.kind_session":       {"eigene Sitzung", "session of its own"},
	"cli.kind_repl":          {"Eingabe in einem anderen Programm", "input for another program"},
	"cli.kind_query":         {"Abfrage", "query"},
	"cli.kind_file":          {"Datei", "file"},
	"cli.kind_output":        {"Ausgabe", "output"},
	"cli.kind_config":        {"Konfiguration", "configuration"},
	"cli.kind_diagram":       {"Diagramm", "diagram"},
	"cli.kind_todo":          {"noch zu schreiben", "still to be written"},
	"cli.kind_suspect":       {"zweifelhaft, wird nicht ausgeführt", "suspect, is never run"},

	// Walking a runbook on the terminal.
	"cli.walk_nothing":       {"{0}: hier ist nichts zu tun, nur zu lesen.", "{0}: there is nothing to do here, only to read."},
	"cli.walk_started":       {"Runbook begonnen: {0} ({1})", "Runbook started: {0} ({1})"},
	"cli.walk_resumed":       {"Runbook geht weiter, wo es verlassen wurde: {0} ({1})", "Runbook goes on where it was left: {0} ({1})"},
	"cli.walk_old_revision":  {"Die Datei hat sich seitdem geändert. Es gilt die Fassung, mit der begonnen wurde.", "The file has changed since. The revision that was begun with stays in force."},
	"cli.walk_step":          {"Schritt {0} von {1}: {2}", "Step {0} of {1}: {2}"},
	"cli.walk_choose_run":    {" 1 Ausführen {0}   2 Erledigt   3 Auslassen   4 Fehlgeschlagen   5 Notiz   0 Ende", " 1 Run {0}   2 Done   3 Skip   4 Failed   5 Note   0 Leave"},
	"cli.on_host":            {"auf {0}", "on {0}"},
	"cli.on_this":            {"auf diesem Rechner", "on this machine"},
	"cli.walk_next":          {"Als Nächstes: {0}", "Next: {0}"},
	"cli.walk_choose":        {" 2 Erledigt   3 Auslassen   4 Fehlgeschlagen   5 Notiz   0 Ende", " 2 Done   3 Skip   4 Failed   5 Note   0 Leave"},
	"cli.walk_ask":           {"Auswahl:", "Choice:"},
	"cli.walk_reason":        {"Grund:", "Reason:"},
	"cli.walk_note":          {"Notiz:", "Note:"},
	"cli.walk_what":          {"„{0}“ steht nicht zur Wahl.", "\"{0}\" is not one of the choices."},
	"cli.walk_not_run":       {"Nicht ausgeführt.", "Not run."},
	"cli.walk_attach":        {"Der Befehl läuft noch.", "The command is still running."},
	"cli.walk_choose_attach": {" 1 Zusehen   2 Abbrechen   0 Ende", " 1 Watch   2 Stop it   0 Leave"},
	"cli.err_stop":           {"Der Befehl lässt sich nicht abbrechen: {0:msg}", "Cannot stop the command: {0:msg}"},
	"cli.walk_saved":         {"gespeichert {0}: {1:msg}", "saved {0}: {1:msg}"},
	"cli.walk_left":          {"Verlassen. Was läuft, läuft weiter. Weiter geht es mit: lage runbook {0}", "Left. What runs goes on. Return with: lage runbook {0}"},
	"cli.walk_done":          {"Alle Schritte sind durch: {0}", "All steps are through: {0}"},

	// Help.
	"cli.help_intro": {
		"lage – Konsole für die Rufbereitschaft: misst Dienste, führt durch Störungen und hält fest, was getan wurde.\n\nOhne Befehl öffnet „lage“ die Konsole, ohne Terminal schreibt es den Stand der Dienste. INC kann fehlen, solange nur eine Störung offen ist. Optionen dürfen überall stehen. Ausführlich: lage help COMMAND",
		"lage – console for the person on call: watches services, leads through incidents and keeps a record of what was done.\n\nWithout a command, \"lage\" opens the console, or writes the state of the services where there is no terminal. INC may be left out while only one incident is open. Options may stand anywhere. In detail: lage help COMMAND"},
	"cli.help_topics":     {"Themen:", "Topics:"},
	"cli.help_flags":      {"Optionen:", "Options:"},
	"cli.help_global":     {"Optionen für alle Befehle:", "Options of all commands:"},
	"cli.group_watch":     {"Ansehen und messen:", "Looking and measuring:"},
	"cli.group_incidents": {"Störungen:", "Incidents:"},
	"cli.group_runbooks":  {"Runbooks:", "Runbooks:"},
	"cli.group_setup":     {"Einrichten und nachsehen:", "Setting up and looking things up:"},

	"cli.man_name":          {"BEZEICHNUNG", "NAME"},
	"cli.man_summary":       {"Konsole für die Rufbereitschaft: Messung, Störungen, Runbooks, Zeitleiste", "console for the person on call: checks, incidents, runbooks, timeline"},
	"cli.man_synopsis":      {"ÜBERSICHT", "SYNOPSIS"},
	"cli.man_command":       {"BEFEHL", "COMMAND"},
	"cli.man_options":       {"OPTIONEN", "OPTIONS"},
	"cli.man_description":   {"BESCHREIBUNG", "DESCRIPTION"},
	"cli.man_commands":      {"BEFEHLE", "COMMANDS"},
	"cli.man_options_title": {"OPTIONEN FÜR ALLE BEFEHLE", "OPTIONS OF ALL COMMANDS"},

	"cli.flag_config":        {"Konfiguration; „-c .“ meint ./lage.yaml", "configuration; \"-c .\" means ./lage.yaml"},
	"cli.flag_db":            {"Datenbank", "database"},
	"cli.flag_lang":          {"Sprache", "language"},
	"cli.flag_tz":            {"Zeitzone, etwa Europe/Berlin", "time zone, such as Europe/Berlin"},
	"cli.flag_as":            {"unter diesem Namen handeln; das Benutzerkonto steht daneben", "act under this name; the account is recorded beside it"},
	"cli.flag_json":          {"JSON statt Text", "JSON instead of text"},
	"cli.flag_out":           {"in eine Datei schreiben statt in die Standardausgabe", "write to a file instead of standard output"},
	"cli.flag_no_input":      {"nie fragen: Was eine Antwort braucht, wird abgelehnt (Code 5)", "never ask: what needs an answer is refused (code 5)"},
	"cli.flag_plain":         {"Konsole als fortlaufender Text, auch für Vorlesegeräte", "console as running text, for screen readers too"},
	"cli.flag_ascii":         {"Konsole nur mit ASCII-Zeichen", "console with ASCII characters only"},
	"cli.flag_color":         {"Farbe der Konsole: auto, always, never", "colour of the console: auto, always, never"},
	"cli.flag_theme":         {"Farben der Konsole: auto, dark, light, contrast", "colours of the console: auto, dark, light, contrast"},
	"cli.flag_help":          {"diese Hilfe", "this help"},
	"cli.flag_version":       {"Version", "version"},
	"cli.flag_all_incidents": {"auch die behobenen", "the resolved ones, too"},
	"cli.flag_service":       {"betroffener Dienst", "service concerned"},
	"cli.flag_title":         {"Titel, eine Zeile", "title, one line"},
	"cli.flag_runbook":       {"Runbook, das vorgeschlagen wird", "runbook to propose"},
	"cli.flag_started":       {"seit wann; ohne Angabe: jetzt", "since when; left out: now"},
	"cli.flag_cause":         {"Ursache in einer Zeile", "cause in one line"},
	"cli.flag_ended":         {"seit wann es wieder geht; ohne Angabe: seit die Prüfungen wieder laufen, sonst jetzt", "since when it works again; left out: since the checks are up again, otherwise now"},
	"cli.flag_format":        {"md (Markdown, ohne Angabe) oder json", "md (Markdown, when left out) or json"},
	"cli.flag_all_checks":    {"alle Prüfungen", "all checks"},
	"cli.flag_store":         {"Ergebnisse in der Datenbank zeigen; sie zählen nicht für den Stand", "show the results in the database; they do not count for the state"},
	"cli.flag_nagios":        {"Ausgabe als Monitoring-Plugin", "output as a monitoring plugin"},
	"cli.flag_type":          {"Art der Prüfung; ohne Angabe nach der Adresse", "kind of check; left out: by the address"},
	"cli.flag_timeout":       {"Frist, etwa 5s; ohne Angabe 10s", "time limit, such as 5s; 10s when left out"},
	"cli.flag_contains":      {"Text, der in der Antwort stehen muss", "text that the answer must hold"},
	"cli.flag_incident":      {"für diese Störung", "for this incident"},
	"cli.flag_open_incident": {"mit dieser Störung beginnen", "begin with this incident"},
	"cli.flag_read_only":     {"nur ansehen", "look only"},
	"cli.flag_seed":          {"Zahl, aus der die Vorgeschichte entsteht", "number that the history is made of"},
	"cli.flag_dir":           {"Ordner für die Dateien; sie bleiben dann liegen", "folder for the files; they stay there then"},
	"cli.flag_after":         {"wann der Dienst ausfällt, etwa 10s; ohne Angabe nach 30s", "when the service breaks, such as 10s; after 30s when left out"},
	"cli.flag_scenario":      {"was geschieht: outage (ohne Angabe), calm", "what happens: outage (when left out), calm"},

	"cli.short_console":          {"die Konsole; ohne Terminal der Stand der Dienste", "the console; without a terminal the state of the services"},
	"cli.short_tui":              {"die Konsole", "the console"},
	"cli.short_demo":             {"ein kleiner echter Dienst, der ausfällt, zum Ausprobieren", "a small real service that breaks, for trying out"},
	"cli.short_run":              {"misst und alarmiert, ohne Bildschirm", "polls and alarms, without a screen"},
	"cli.short_status":           {"Stand der Dienste, eine Zeile für jeden", "state of the services, one line each"},
	"cli.short_check_list":       {"alle Prüfungen", "all checks"},
	"cli.short_check_once":       {"Prüfungen jetzt ausführen", "run checks now"},
	"cli.short_check_test":       {"eine Adresse prüfen, ohne Konfiguration", "check an address, without a configuration"},
	"cli.short_incident_list":    {"offene Störungen", "open incidents"},
	"cli.short_incident_show":    {"eine Störung mit ihrer Zeitleiste", "an incident with its timeline"},
	"cli.short_incident_open":    {"eine Störung von Hand eröffnen", "open an incident by hand"},
	"cli.short_incident_ack":     {"bestätigen und übernehmen", "acknowledge and take the lead"},
	"cli.short_incident_note":    {"Notiz in die Zeitleiste", "note for the timeline"},
	"cli.short_incident_state":   {"Stand ändern", "change the state"},
	"cli.short_incident_resolve": {"als behoben melden", "report as resolved"},
	"cli.short_incident_export":  {"Bericht als Markdown oder JSON", "report as Markdown or JSON"},
	"cli.short_ack":              {"kurz für: incident ack", "short for: incident ack"},
	"cli.short_note":             {"kurz für: incident note", "short for: incident note"},
	"cli.short_runbook_list":     {"alle Runbooks", "all runbooks"},
	"cli.short_runbook_show":     {"Schritte und Befehle eines Runbooks", "steps and commands of a runbook"},
	"cli.short_runbook_run":      {"ein Runbook im Terminal durchlaufen", "walk a runbook on the terminal"},
	"cli.short_walk_list":        {"Durchgänge von Runbooks", "walks through runbooks"},
	"cli.short_walk_show":        {"ein Durchgang mit seiner Zeitleiste", "a walk with its timeline"},
	"cli.short_validate":         {"Konfiguration prüfen", "check the configuration"},
	"cli.short_init":             {"Konfiguration anlegen", "make a configuration"},
	"cli.short_schema":           {"JSON-Schema der Konfiguration", "JSON Schema of the configuration"},
	"cli.short_db_info":          {"was in der Datenbank steht", "what the database holds"},
	"cli.short_db_verify":        {"Datenbank und Zeitleisten prüfen", "verify database and timelines"},
	"cli.short_version":          {"Version", "version"},
	"cli.short_help":             {"Hilfe zu einem Befehl oder Thema", "help about a command or topic"},
	"cli.short_man":              {"Handbuchseite lage(1)", "manual page lage(1)"},
	"cli.short_completion":       {"Vervollständigung für die Shell", "completion for the shell"},

	"cli.long_console": {
		"Die Konsole zeigt, was läuft und was nicht, führt durch Störungen und Runbooks und speichert jeden Schritt. Taste ? zeigt alle Tasten. Auf einer persönlichen Datenbank misst sie auch, bis „lage run“ übernimmt.\nMit --plain, TERM=dumb oder ACCESSIBLE=1 wird sie fortlaufender Text mit nummerierten Fragen.",
		"The console shows what is up and what is not, leads through incidents and runbooks and saves every act. The key ? shows all keys. On a personal database it polls as well, until \"lage run\" takes over.\nWith --plain, TERM=dumb or ACCESSIBLE=1 it becomes running text with numbered questions."},
	"cli.long_demo": {
		"Startet einen kleinen echten Dienst auf diesem Rechner, misst ihn und lässt ihn nach einer halben Minute ausfallen. Die Befehle des Runbooks finden und beheben den Fehler wirklich. Ohne Netz, ohne Konfiguration, mit einer Datenbank auf Zeit. Ohne Terminal laufen nur Dienst und Messung, bis man sie beendet.\n\n  lage demo --lang de --scenario outage",
		"Starts a small real service on this machine, polls it and lets it break after half a minute. The runbook's commands really find and repair the fault. No network, no configuration, a temporary database. Without a terminal only service and polling run, until one ends them.\n\n  lage demo --lang en --scenario outage"},
	"cli.long_run": {
		"Misst alle Prüfungen, eröffnet Störungen und alarmiert, im Vordergrund und ohne Bildschirm, etwa unter systemd. Es misst immer nur ein Prozess je Datenbank. SIGHUP lädt die Konfiguration neu, eine fehlerhafte wird nicht übernommen. SIGTERM beendet.",
		"Polls all checks, opens incidents and alarms people, in the foreground and without a screen, for instance under systemd. Only one process polls a database. SIGHUP reloads the configuration, a broken one is not taken. SIGTERM ends it."},
	"cli.long_status": {
		"Liest die Datenbank und misst nicht selbst. Rückgabewert wie bei Monitoring-Plugins: 0 alles läuft, in Wartung oder außerhalb der Servicezeit, 1 beeinträchtigt, 2 Ausfall, 3 unbekannt.\n\n  lage status\n  lage status wohngeld --json",
		"Reads the database and measures nothing itself. Exit code as with monitoring plugins: 0 all up, in maintenance or outside service hours, 1 degraded, 2 outage, 3 unknown.\n\n  lage status\n  lage status housing --json"},
	"cli.long_check_once": {
		"Führt Prüfungen sofort aus, ohne zu speichern. CHECK ist dienst/prüfung oder ein Dienst. Rückgabewert wie bei Monitoring-Plugins: 0, 1, 2, 3.\n\n  lage check once wohngeld/start --nagios\n  lage check once --all --json",
		"Runs checks at once, without storing. CHECK is service/check, or a service. Exit code as with monitoring plugins: 0, 1, 2, 3.\n\n  lage check once housing/start --nagios\n  lage check once --all --json"},
	"cli.long_check_test": {
		"  lage check test https://www.example.org/ --contains Antrag\n  lage check test --type tcp db.example.org:5432\n  lage check test --type tls www.example.org:443",
		"  lage check test https://www.example.org/ --contains Welcome\n  lage check test --type tcp db.example.org:5432\n  lage check test --type tls www.example.org:443"},
	"cli.long_incident_list": {
		"Ohne --all nur die offenen, älteste zuerst.",
		"Without --all the open ones only, oldest first."},
	"cli.long_one_incident": {
		"INC ist etwa INC-2026-031, kurz INC-031 oder 31; es kann fehlen, solange nur eine Störung offen ist.",
		"INC is for instance INC-2026-031, for short INC-031 or 31; it may be left out while only one incident is open."},
	"cli.long_incident_open": {
		"Ist für den Dienst schon eine Störung offen, kommt der Titel als Notiz dazu.\n\n  lage incident open --service wohngeld --title \"Antrag lässt sich nicht absenden\" --started 03:10",
		"Where the service has an open incident already, the title joins it as a note.\n\n  lage incident open --service housing --title \"Applications cannot be sent\" --started 03:10"},
	"cli.long_note": {
		"„-“ liest die Notiz von der Standardeingabe. Ein Ausrufezeichen am Anfang heißt Ursache, ein Fragezeichen offene Frage, > Entscheidung.\n\n  lage note \"Verbindungen zur Datenbank sind erschöpft\"\n  journalctl -u wohngeld -n 20 | lage note -",
		"\"-\" reads the note from standard input. A leading exclamation mark means a cause, a question mark an open question, > a decision.\n\n  lage note \"database connections are exhausted\"\n  journalctl -u housing -n 20 | lage note -"},
	"cli.long_incident_state": {
		"STATE: acknowledged (bestätigt), identified (Ursache bekannt), monitoring (wird beobachtet), resolved (behoben).",
		"STATE: acknowledged, identified (cause known), monitoring (watching), resolved."},
	"cli.long_incident_resolve": {
		"  lage incident resolve --cause \"Verbindungen nach Neustart nicht freigegeben\" --ended 03:24",
		"  lage incident resolve --cause \"connections were not released after a restart\" --ended 03:24"},
	"cli.long_incident_export": {
		"Fakten, Überschriften zum Ausfüllen, Zeitleiste, Schritte der Runbooks und Befehle mit Ausgabe. Derselbe Stand ergibt denselben Text.\n\n  lage incident export INC-2026-031 -o stoerung.md",
		"Facts, headings to fill in, timeline, runbook steps and commands with output. The same state gives the same text.\n\n  lage incident export INC-2026-031 -o incident.md"},
	"cli.long_runbook_show": {
		"NAME ist ein Runbook aus dem Ordner der Konfiguration, FILE jede Markdown-Datei, „-“ die Standardeingabe. „$“ steht vor dem, was sich ausführen lässt.\n\n  lage runbook show wohngeld-503\n  lage runbook show ./anleitung.md --json",
		"NAME is a runbook of the configured folder, FILE any Markdown file, \"-\" is standard input. \"$\" stands before what can be run.\n\n  lage runbook show housing-503\n  lage runbook show ./howto.md --json"},
	"cli.long_runbook_run": {
		"Führt Schritt für Schritt. Jede Handlung steht in der Zeitleiste, bevor die nächste Frage kommt. Wer unterbricht, macht mit demselben Aufruf dort weiter. Für eine Störung: --incident. Sonst ist es eine Wartung mit einer Nummer wie WART-2026-014; sie braucht --asset und --reason. Ohne Terminal wird der Durchgang eröffnet und seine Nummer ausgegeben.\n\nBefehle laufen auf diesem Rechner, mit host=NAME am Codeblock oder defaults: {{host: NAME} im Kopf der Datei dort, über ssh und ohne Rückfragen. Sie dürfen dauern, solange sie wollen, wenn das Runbook kein timeout= nennt.",
		"Leads step by step. Every act is in the timeline before the next question comes. Whoever interrupts goes on there with the same call. For an incident: --incident. Without one it is a maintenance with a number like WART-2026-014, which needs --asset and --reason. Without a terminal the walk is opened and its number printed.\n\nCommands run on this machine; with host=NAME at the code block, or defaults: {{host: NAME} at the head of the file, they run there, over ssh and without questions. They may take as long as they take, unless the runbook gives a timeout=."},
	"cli.long_validate": {
		"Schreibt alle Fehler als FILE:Zeile:Spalte. Rückgabewert 3, wenn einer dabei ist; Warnungen allein sind 0.",
		"Writes all mistakes as FILE:line:column. Exit code 3 if there is one; warnings alone are 0."},
	"cli.long_init": {
		"Ohne URL ein kommentiertes Beispiel. Mit URL werden die Adressen abgefragt, und die Konfiguration ist gleich zu gebrauchen. Vorhandenes wird nie überschrieben.\n\n  lage init > lage.yaml\n  lage init --out ~/.config/lage/lage.yaml https://www.example.org/",
		"Without a URL a commented example. With URLs the addresses are looked at, and the configuration works at once. What exists is never overwritten.\n\n  lage init > lage.yaml\n  lage init --out ~/.config/lage/lage.yaml https://www.example.org/"},
	"cli.long_schema": {
		"Für Editoren, die YAML beim Schreiben prüfen und ergänzen.",
		"For editors that check and complete YAML while one writes."},
	"cli.long_db_verify": {
		"Prüft die Datei, die Verknüpfungen und jede Kette der Zeitleisten, und vergleicht sie mit den Ankern neben der Datenbank. Wer die Datei ändern kann, kann auch diese Anker ändern; deshalb stehen Anker auch im Journal von lage run, in den Kopfzeilen jeder E-Mail und jedes Lebenszeichens und am Ende jedes Berichts. --anchors findet sie in jedem Text. Rückgabewert 0 oder 1.\n\n  journalctl -u lage -o cat | lage db verify --anchors -",
		"Checks the file, the references and every chain of the timelines, and compares them with the anchors beside the database. Who can change the file can change those anchors too; so anchors stand in the journal of lage run, in the headers of each mail and each sign of life, and at the end of each report. --anchors finds them in any text. Exit code 0 or 1.\n\n  journalctl -u lage -o cat | lage db verify --anchors -"},
	"cli.long_man": {
		"Ohne DIR in die Standardausgabe, sonst als lage.1 in den Ordner.\n\n  lage man | man -l -",
		"Without DIR to standard output, otherwise as lage.1 into the folder.\n\n  lage man | man -l -"},
	"cli.long_completion": {
		"  source <(lage completion bash)\n  lage completion zsh > ~/.zfunc/_lage\n  lage completion fish > ~/.config/fish/completions/lage.fish",
		"  source <(lage completion bash)\n  lage completion zsh > ~/.zfunc/_lage\n  lage completion fish > ~/.config/fish/completions/lage.fish"},

	"cli.topic_config":      {"die Konfiguration", "the configuration"},
	"cli.topic_environment": {"Dateien und Umgebung", "files and environment"},
	"cli.topic_exit":        {"Rückgabewerte", "exit codes"},
	"cli.topic_config_text": {
		`Die Konfiguration ist eine YAML-Datei. Ein kommentiertes Beispiel mit allen Feldern schreibt „lage init“, das Schema für Editoren „lage schema“. „lage validate“ nennt alle Fehler auf einmal, mit Zeile und Spalte.

  version: 1
  timezone: Europe/Berlin
  defaults: {interval: 30s, timeout: 10s, fail_after: 3, recover_after: 2}
  runbooks: runbooks                   # Ordner, neben dieser Datei
  services:
    - id: wohngeld
      name: {de: Wohngeld online, en: Housing benefit online}
      hours: "Mo-Fr 06:00-22:00; PH off"   # oder "24/7"; für PH (Feiertage) oben: holidays: {region: BY}
      runbook: wohngeld-503
      checks:
        - {id: start, type: http, url: https://wohngeld.example.org/, expect: {status: 200, max_time: 800ms}}

Prüfungen heißen dienst/prüfung, hier wohngeld/start. Arten: http, tcp, tls, command. Geheimnisse stehen nie in der Datei, sondern als ${{env:NAME} oder ${{file:/run/credentials/name}. Eine fehlerhafte Datei hält keine Konsole auf: Es gilt die letzte gültige, mit einem Hinweis auf jedem Bildschirm.`,
		`The configuration is one YAML file. "lage init" writes a commented example with all fields, "lage schema" the schema for editors. "lage validate" names all mistakes at once, with line and column.

  version: 1
  timezone: Europe/Berlin
  defaults: {interval: 30s, timeout: 10s, fail_after: 3, recover_after: 2}
  runbooks: runbooks                   # folder, beside this file
  services:
    - id: housing
      name: {de: Wohngeld online, en: Housing benefit online}
      hours: "Mo-Fr 06:00-22:00; PH off"   # or "24/7"; for PH (public holidays) above: holidays: {region: BY}
      runbook: housing-503
      checks:
        - {id: start, type: http, url: https://housing.example.org/, expect: {status: 200, max_time: 800ms}}

Checks are called service/check, here housing/start. Kinds: http, tcp, tls, command. Secrets never stand in the file but as ${{env:NAME} or ${{file:/run/credentials/name}. A broken file stops no console: the last valid one stays in force, with a notice on every screen.`},
	"cli.topic_environment_text": {
		`Konfiguration: --config, LAGE_CONFIG, $XDG_CONFIG_HOME/lage/lage.yaml, /etc/lage/lage.yaml. Aus dem aktuellen Ordner nur mit „-c .“.
Datenbank: --db, LAGE_DB, $XDG_STATE_HOME/lage/lage.db, /var/lib/lage/lage.db.
Sprache: --lang, LAGE_LANG, Konfiguration, LC_ALL, LC_MESSAGES, LANG, sonst Deutsch.
Zeitzone: --tz, Konfiguration, sonst die des Rechners.
Wer handelt: --as, auf einer persönlichen Datenbank LAGE_USER, SUDO_USER, sonst das Benutzerkonto. Das Konto wird immer dazu festgehalten.
Konsole: NO_COLOR, TERM, ACCESSIBLE=1, LAGE_PLAIN=1, LAGE_THEME.`,
		`Configuration: --config, LAGE_CONFIG, $XDG_CONFIG_HOME/lage/lage.yaml, /etc/lage/lage.yaml. From the current folder only with "-c .".
Database: --db, LAGE_DB, $XDG_STATE_HOME/lage/lage.db, /var/lib/lage/lage.db.
Language: --lang, LAGE_LANG, configuration, LC_ALL, LC_MESSAGES, LANG, otherwise German.
Time zone: --tz, configuration, otherwise the machine's.
Who acts: --as, on a personal database LAGE_USER, SUDO_USER, otherwise the account. The account is always recorded beside it.
Console: NO_COLOR, TERM, ACCESSIBLE=1, LAGE_PLAIN=1, LAGE_THEME.`},
	"cli.topic_exit_text": {
		`status, check once, check test (wie Monitoring-Plugins):
  0  alles läuft, in Wartung oder außerhalb der Servicezeit
  1  beeinträchtigt
  2  Ausfall oder Teilausfall
  3  unbekannt, auch: falscher Aufruf, Fehler in der Konfiguration

Alle anderen Befehle:
  0  getan
  1  fehlgeschlagen
  2  falscher Aufruf
  3  Konfiguration ungültig
  4  nicht gefunden: Störung, Prüfung, Runbook
  5  abgelehnt: braucht eine Antwort, ein Terminal oder eine andere Rolle
  130  unterbrochen`,
		`status, check once, check test (as monitoring plugins do):
  0  all up, in maintenance or outside service hours
  1  degraded
  2  outage or partial outage
  3  unknown, also: wrong usage, mistakes in the configuration

All other commands:
  0  done
  1  failed
  2  wrong usage
  3  configuration not valid
  4  not found: incident, check, runbook
  5  refused: needs an answer, a terminal or another role
  130  interrupted`},
	"cli.report_at": {"Bericht: {0}", "Report: {0}"},
}
