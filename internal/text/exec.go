package text

// execTable is about running commands: what is asked before, what is shown, how it ended.
var execTable = table{
	// Before a command runs.
	"exec.runs":          {"Ausgeführt wird {0}:", "This runs {0}:"},
	"exec.in_dir":        {"in {0}", "in {0}"},
	"exec.sure":          {"Ausführen? (j/N)", "Run it? (y/N)"},
	"exec.type":          {"Dieser Befehl kann Schaden anrichten, {1}. Zum Ausführen „{0}“ eintippen:", "This command can do harm, {1}. To run it, type \"{0}\":"},
	"exec.odd":           {"Ein Wert enthält Zeichen, die mehr als ein Wort sein könnten.", "A value holds characters that could be more than a word."},
	"exec.value":         {"Wert für {0}:", "Value for {0}:"},
	"exec.secret":        {"Wert für {0} (wird nicht angezeigt und nicht gespeichert):", "Value for {0} (neither shown nor stored):"},
	"exec.only_shown":    {"Übung: Dieser Befehl ändert etwas und wird nur gezeigt.", "Drill: this command changes something and is only shown."},
	"exec.warning":       {"Achtung: {0}", "Warning: {0}"},
	"exec.warning_read":  {"Gelesen? (j/N)", "Read it? (y/N)"},
	"exec.dry_first":     {"Zuerst die Probe „{0}“ ausführen? (J/n)", "Run the trial \"{0}\" first? (Y/n)"},
	"exec.undo":          {"Zurücknehmen ließe es sich mit: {0}", "It could be taken back with: {0}"},
	"exec.retry":         {"Noch nicht wie erwartet. Versuch {0} von {1} folgt in {2}; ^C hört auf.", "Not as expected yet. Try {0} of {1} follows in {2}; ^C stops."},
	"exec.still":         {"läuft noch nach {0}; ^C lässt ihn weiterlaufen", "still running after {0}; ^C leaves it running"},
	"exec.terminal":      {"Öffnet eine Sitzung im Terminal. Was erscheint, kommt in die Zeitleiste, was Sie tippen, nicht.", "Opens a session in the terminal. What appears goes into the timeline, what you type does not."},
	"exec.remote_secret": {"Eine Sitzung auf einem anderen Rechner bekommt keine Geheimnisse mit: Sie stünden dort in der Prozessliste.", "A session on another machine gets no secrets: they would stand in the process list."},
	"exec.typed_inside":  {"Darin ist einzugeben:", "To be typed in it:"},
	"exec.terminal_over": {"Sitzung beendet.", "Session over."},

	// Afterwards.
	"exec.redactions": {"{0} {0|Geheimnis|Geheimnisse} entfernt", "{0} {0|redaction|redactions}"},
	"exec.survivors":  {"überlebt haben: {0}", "survivors: {0}"},
	"exec.values":     {"gibt weiter: {0}", "hands on: {0}"},

	// lage runbook run --dry-run, and the same in the console.
	"exec.flag_dry_run": {"zeigt alles aufgelöst, führt nichts aus", "shows everything resolved, runs nothing"},
	"exec.flag_yes":     {"beantwortet einfache Rückfragen mit Ja; gefährliche Befehle brauchen --confirm", "answers simple questions with yes; dangerous commands need --confirm"},
	"exec.flag_confirm": {"der Name, der vor einem gefährlichen Befehl einzutippen wäre", "the name to be typed before a dangerous command"},
	"exec.dry_title":    {"Probelauf: {0}. Nichts davon wird ausgeführt.", "Dry run: {0}. None of this is run."},
	"exec.dry_text":     {"Befehl", "Command"},
	"exec.dry_host":     {"Rechner", "Host"},
	"exec.dry_dir":      {"Ordner", "Folder"},
	"exec.dry_user":     {"Benutzer", "User"},
	"exec.dry_risk":     {"Risiko", "Risk"},
	"exec.dry_asks":     {"Rückfrage", "Question"},
	"exec.dry_timeout":  {"Zeitlimit", "Time limit"},
	"exec.dry_vars":     {"Variablen", "Variables"},
	"exec.dry_open":     {"Offen", "Open"},
	"exec.dry_runs":     {"Es läuft", "What runs"},
	"exec.no_limit":     {"keines", "none"},
	"exec.asks_nothing": {"keine", "none"},
	"exec.asks_once":    {"Ja oder Nein", "yes or no"},
	"exec.asks_word":    {"„{0}“ eintippen", "type \"{0}\""},
	"exec.asks_never":   {"wird nur gezeigt", "only shown"},
	"exec.var_secret":   {"{0} (geheim)", "{0} (secret)"},
	"exec.var_carried":  {"{0} (von einem Schritt davor)", "{0} (from an earlier step)"},
	"exec.var_removed":  {"{0} (entfernt)", "{0} (removed)"},
	"exec.in_terminal":  {"im Terminal", "in the terminal"},

	// lage walk env.
	"exec.short_env":  {"Was die Befehle eines Durchgangs einander weitergeben", "What the commands of a walk hand on to each other"},
	"exec.long_env":   {"Zeigt Variablen und Ordner, die ein Durchgang von Befehl zu Befehl mitnimmt. --set und --unset ändern, --reset vergisst alles. Geheimes wird nicht gezeigt. Funktionen und nicht exportierte Variablen der Shell gehen nicht mit.", "Shows the variables and the directory that a walk carries from command to command. --set and --unset change them, --reset forgets all. Secrets are not shown. Functions and variables that are not exported are not carried."},
	"exec.flag_set":   {"setzt eine Variable", "sets a variable"},
	"exec.flag_unset": {"nimmt eine Variable zurück", "takes a variable back"},
	"exec.flag_reset": {"vergisst alles", "forgets everything"},
	"exec.env_empty":  {"Der Durchgang nimmt nichts mit.", "The walk carries nothing."},
	"exec.err_set":    {"--set erwartet NAME=WERT, nicht „{0}“.", "--set expects NAME=VALUE, not \"{0}\"."},
}
