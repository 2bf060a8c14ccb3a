package text

var runbooksTable = table{
	// Remarks on a runbook's source, with its line.
	"runbooks.too_long":              {"Die Datei ist zu lang; der Rest wurde nicht gelesen.", "The file is too long; the rest was not read."},
	"runbooks.front_matter":          {"Der Vorspann ist kein gültiges YAML; nur einfache Zeilen „Name: Wert“ wurden gelesen.", "The front matter is not valid YAML; only simple “name: value” lines were read."},
	"runbooks.front_matter_unclosed": {"Der Vorspann wird nicht mit --- beendet und gilt als Text.", "The front matter is not closed with --- and is read as text."},
	"runbooks.fence_unclosed":        {"Dieser Codeblock wird nicht beendet; er endet vor der nächsten Überschrift.", "This code block is never closed; it ends before the next heading."},
	"runbooks.fence_mended":          {"Das Ende des Codeblocks stand in einer Befehlszeile; es gilt als Ende.", "The end of the code block stood in a line of code; it is taken as the end."},
	"runbooks.suspect":               {"In diesem Codeblock steht eine Überschrift oder ein weiterer Block; er lässt sich nicht ausführen.", "This code block holds a heading or another block; it cannot be run."},
	"runbooks.attribute":             {"{0}={1} ist kein gültiger Wert und gilt nicht.", "{0}={1} is not a valid value and has no effect."},
	"runbooks.expect_unknown":        {"Erwartung für „{0}“: Einen Befehl dieses Namens gibt es nicht.", "Expectation for “{0}”: there is no command of that name."},
	"runbooks.directive_value":       {"Die Anweisung „{0}“ ist unvollständig oder hat einen ungültigen Wert.", "The directive “{0}” is incomplete or has a value that is not valid."},
	"runbooks.directive_lost":        {"Die Anweisung „{0}“ gehört zu keinem Schritt und gilt nicht.", "The directive “{0}” belongs to no step and has no effect."},
	"runbooks.directive_unknown":     {"Eine Anweisung „{0}“ gibt es nicht; der Kommentar gilt nicht.", "There is no directive “{0}”; the comment has no effect."},
	"runbooks.include_missing":       {"{0} gibt es nicht; die Schritte fehlen hier.", "There is no {0}; its steps are missing here."},
	"runbooks.include_outside":       {"{0} liegt nicht im Ordner der Runbooks und wird nicht eingefügt.", "{0} is not in the folder of runbooks and is not included."},
	"runbooks.include_cycle":         {"{0} fügt sich selbst ein; es wird einmal eingefügt.", "{0} includes itself; it is included once."},
	"runbooks.duplicate_id":          {"Die Kennung „{0}“ gibt es schon.", "The id “{0}” exists already."},

	// Why a block does not run.
	"runbooks.why_placeholder": {"Es fehlen noch Werte.", "Values are missing."},
	"runbooks.why_incomplete":  {"Der Befehl ist unvollständig.", "The command is not complete."},
	"runbooks.why_doubtful":    {"Es ist unklar, wo der Befehl endet und seine Ausgabe beginnt: prüfen und kopieren.", "It is not clear where the command ends and its output begins: check and copy it."},
	"runbooks.why_host":        {"Die Maschine, auf der er läuft, ist nicht benannt: dort von Hand ausführen.", "The machine it runs on is not named: run it there by hand."},
	"runbooks.why_ignored":     {"Im Runbook von der Ausführung ausgenommen.", "The runbook says not to run it."},
	"runbooks.why_session":     {"Öffnet eine Sitzung: im Terminal ausführen.", "Opens a session: run it in the terminal."},
	"runbooks.why_repl":        {"Eingabe für ein anderes Programm: kopieren.", "Input for another program: copy it."},
	"runbooks.why_query":       {"Abfrage für ein Messsystem: kopieren.", "A query for a monitoring system: copy it."},
	"runbooks.why_file":        {"Inhalt einer Datei: speichern.", "Content of a file: save it."},
	"runbooks.why_output":      {"Beispielausgabe, kein Befehl.", "Sample output, no command."},
	"runbooks.why_expected":    {"Was der Befehl ausgeben soll.", "What the command should print."},
	"runbooks.why_config":      {"Konfiguration, kein Befehl.", "Configuration, no command."},
	"runbooks.why_diagram":     {"Schaubild, kein Befehl.", "A diagram, no command."},
	"runbooks.why_todo":        {"Hier fehlt noch der Befehl.", "The command is still missing here."},
	"runbooks.why_suspect":     {"Der Codeblock ist beschädigt: prüfen und von Hand ausführen.", "The code block is damaged: check it and run it by hand."},

	// Why answers cannot be put into a command. {0} is the placeholder.
	"runbooks.bind_missing":  {"{0} fehlt noch.", "{0} is still missing."},
	"runbooks.bind_nameless": {"„{0}“ steht für etwas, das sich nicht abfragen lässt: den Befehl kopieren und von Hand ergänzen.", "“{0}” stands for something that cannot be asked for: copy the command and complete it by hand."},
	"runbooks.bind_value":    {"Dieser Wert passt nicht an die Stelle von {0}.", "This value cannot take the place of {0}."},
	"runbooks.bind_strict":   {"An der Stelle von {0} liest ein weiteres Programm den Text: nur Buchstaben, Ziffern und . _ : / @ = + , -", "In the place of {0} another program reads the text: only letters, digits and . _ : / @ = + , -"},
	"runbooks.bind_number":   {"An der Stelle von {0} wird gerechnet: nur ganze Zahlen.", "In the place of {0} the shell calculates: only whole numbers."},
	"runbooks.bind_place":    {"An der Stelle von {0} lässt sich kein Wert sicher einsetzen: den Befehl kopieren und von Hand ergänzen.", "No value can be put safely in the place of {0}: copy the command and complete it by hand."},
	"runbooks.bind_syntax":   {"Der Befehl um {0} ist unvollständig: kopieren und von Hand ergänzen.", "The command around {0} is not complete: copy it and complete it by hand."},

	// What is wrong with a folder of runbooks. {0} is the path, {1} what the system said.
	"runbooks.folder":     {"Der Ordner {0} lässt sich nicht lesen: {1}", "The folder {0} cannot be read: {1}"},
	"runbooks.no_file":    {"{0} ist keine Datei, die sich lesen lässt", "{0} is no file that can be read"},
	"runbooks.unreadable": {"{0} lässt sich nicht lesen: {1}", "{0} cannot be read: {1}"},
	"runbooks.words":      {"{0} gilt nicht: {1}", "{0} has no effect: {1}"},
	"runbooks.too_many":   {"In {0} liegen zu viele Dateien; der Rest wurde nicht gelesen.", "There are too many files in {0}; the rest was not read."},

	// Names of kinds and risks.
	"runbooks.step_manual":   {"von Hand", "by hand"},
	"runbooks.step_command":  {"Befehl", "command"},
	"runbooks.step_decision": {"Entscheidung", "decision"},
	"runbooks.step_check":    {"Prüfpunkt", "check"},
	"runbooks.step_read":     {"Lesen", "read"},
	"runbooks.risk_read":     {"lesend", "read-only"},
	"runbooks.risk_change":   {"ändernd", "changes"},
	"runbooks.risk_danger":   {"gefährlich", "dangerous"},
}
