package text

// backupTable holds what is said about copies of the database and about putting them back.
var backupTable = table{
	"backup.itself":       {"{0} ist die Datenbank selbst.", "{0} is the database itself."},
	"backup.itself_hint":  {"Eine andere Datei nennen.", "Name another file."},
	"backup.exists":       {"{0} gibt es schon.", "{0} exists already."},
	"backup.exists_hint":  {"Einen anderen Namen nehmen, oder --force, um eine Sicherung zu ersetzen.", "Take another name, or --force to replace a backup."},
	"backup.unsound":      {"{0} ist nicht in Ordnung, {1}: {2:msg}", "{0} is not in order, {1}: {2:msg}"},
	"backup.unsound_hint": {"Es wurde keine Sicherung daraus gemacht. Alles, was nicht stimmt: lage db verify --db {0}", "No backup was made of it. All that is wrong: lage db verify --db {0}"},
	"backup.other_hint":   {"Nichts wurde verändert. Eine andere Sicherung nehmen.", "Nothing was changed. Take another backup."},
	"backup.in_use":       {"{0} wird gerade benutzt, von Prozess {1}.", "{0} is in use, by process {1}."},
	"backup.in_use_hint":  {"Zuerst beenden: systemctl stop lage, und offene Konsolen schließen. Nichts wurde verändert.", "End it first: systemctl stop lage, and close consoles. Nothing was changed."},
	"backup.no_copy":      {"Die Datenbank {0} müsste von Stand {1} auf {2} umgestellt werden, und die Sicherung davor gelang nicht.", "The database {0} would have to be converted from schema {1} to {2}, and the backup before that failed."},
	"backup.no_copy_hint": {"Platz schaffen oder den Ordner beschreibbar machen. Nichts wurde verändert.", "Make room, or make the folder writable. Nothing was changed."},
}
