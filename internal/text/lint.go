package text

// lintTable holds what can be found in a runbook. The part behind the dot is the finding's stable code; what the parser
// remarks stands in runbooksTable.
var lintTable = table{
	"lint.no_steps":               {"Hier gibt es nichts zu gehen: keine Liste, kein Befehl, kein Text.", "There is nothing to walk here: no list, no command, no text."},
	"lint.review_overdue":         {"Die Durchsicht war am {0} fällig.", "The review was due on {0}."},
	"lint.review_unreadable":      {"„{0}“ ist keine Frist. Beispiele: 6 months, 90 days, 1 Jahr", "“{0}” is not a span of time. Examples: 6 months, 90 days, 1 year"},
	"lint.review_missing":         {"Es steht nicht da, wann das Runbook zuletzt durchgesehen wurde (last_reviewed_on).", "It does not say when the runbook was last reviewed (last_reviewed_on)."},
	"lint.owner_missing":          {"Es steht nicht da, wer zuständig ist (owner).", "It does not say who is responsible (owner)."},
	"lint.check_unknown":          {"Auf „{0}“ passt keine Prüfung der Konfiguration.", "No check of the configuration matches “{0}”."},
	"lint.service_unknown":        {"Den Dienst „{0}“ gibt es in der Konfiguration nicht.", "There is no service “{0}” in the configuration."},
	"lint.language_missing":       {"Der Codeblock nennt keine Sprache; sh macht klar, dass es Befehle sind.", "The code block names no language; sh makes clear that these are commands."},
	"lint.placeholder_undeclared": {"Der Platzhalter {0} ist nirgends erklärt (vars im Vorspann, oder die Anweisung input).", "The placeholder {0} is explained nowhere (vars in the front matter, or the directive input)."},
	"lint.session_captured":       {"Der Befehl öffnet eine Sitzung und ist trotzdem mit interactive=false bezeichnet: er würde warten.", "The command opens a session and is marked interactive=false all the same: it would wait."},
	"lint.shell_syntax":           {"Die Shell versteht das nicht: {0}", "The shell does not understand this: {0}"},
	"lint.danger_unconfirmed":     {"Ein gefährlicher Befehl ohne confirm: confirm=type verlangt den Namen, danger=false widerspricht.", "A dangerous command without confirm: confirm=type asks for the name, danger=false objects."},
	"lint.danger_never_confirmed": {"Ein gefährlicher Befehl darf nicht mit confirm=never bezeichnet sein.", "A dangerous command must not be marked confirm=never."},
	"lint.prompt_output":          {"Eingabe und Ausgabe stehen gemischt. Besser: nur der Befehl, und darunter ein Block „text expect=NAME“.", "What is typed and what is printed stand mixed. Better: the command alone, and a block “text expect=NAME” below it."},
	"lint.expectation_missing":    {"Eine Erwartung „{0}“ (Block „text expect={0}“) gibt es nicht.", "There is no expectation “{0}” (a block “text expect={0}”)."},
	"lint.name_unknown":           {"{0} nennt „{1}“: weder ein Befehl noch ein Schritt heißt so.", "{0} names “{1}”: neither a command nor a step has that name."},
	"lint.todo":                   {"Hier fehlt noch der Befehl.", "The command is still missing here."},
	"lint.anchor_missing":         {"Die Stelle „{0}“ gibt es nicht.", "There is no place “{0}”."},
	"lint.link_missing":           {"Die Datei „{0}“ gibt es nicht.", "There is no file “{0}”."},
	"lint.secret":                 {"Das sieht nach einem Geheimnis aus ({0}). Es gehört nicht in den Text: ${{env:NAME} oder ${{file:/pfad}.", "This looks like a secret ({0}). It does not belong in the text: ${{env:NAME} or ${{file:/path}."},
	"lint.not_utf8":               {"Die Datei ist hier nicht in UTF-8.", "The file is not UTF-8 here."},
	"lint.hidden_character":       {"Ein unsichtbares Zeichen ({0}) steht hier; es wird nicht gelesen.", "An invisible character ({0}) stands here; it is not read."},

	// The command.
	"lint.line_problem":   {"{0}:{1}:{2}: Fehler: {3:msg} [{4}]", "{0}:{1}:{2}: error: {3:msg} [{4}]"},
	"lint.line_remark":    {"{0}:{1}:{2}: Warnung: {3:msg} [{4}]", "{0}:{1}:{2}: warning: {3:msg} [{4}]"},
	"lint.summary":        {"{0} {0|Runbook|Runbooks}: {1} Fehler, {2} {2|Warnung|Warnungen}.", "{0} {0|runbook|runbooks}: {1} {1|error|errors}, {2} {2|warning|warnings}."},
	"lint.file_fine":      {"{0}: {1} {1|Schritt|Schritte}, {2} {2|Befehl|Befehle}", "{0}: {1} {1|step|steps}, {2} {2|command|commands}"},
	"lint.nothing":        {"In {0} liegt keine Markdown-Datei.", "There is no Markdown file in {0}."},
	"lint.no_folder":      {"Welches Runbook? Es ist kein Ordner eingerichtet.", "Which runbook? No folder is set up."},
	"lint.hint_no_folder": {"Eine Datei oder einen Ordner nennen: lage runbook lint runbooks/", "Name a file or a folder: lage runbook lint runbooks/"},
	"lint.flag_format":    {"text, json oder github (Anmerkungen für GitHub Actions)", "text, json or github (annotations for GitHub Actions)"},
	"lint.flag_strict":    {"auch Warnungen gelten als Fehler (Exit-Code 3)", "warnings count as errors (exit code 3)"},
	"lint.short":          {"Runbooks auf Fehler durchsehen", "look for mistakes in runbooks"},
	"lint.long": {
		"Sieht Runbooks durch, ohne etwas auszuführen: Codeblöcke, Platzhalter, Verweise, Anweisungen, Geheimnisse im Text, Durchsicht. Ohne Angabe den Ordner der Konfiguration; sonst Namen daraus, Dateien, Ordner oder „-“. Für eine einzelne Datei steht der Ablauf davor, den man gehen würde; für mehrere eine Zeile je Datei.\n\nExit-Code: 0 ohne Fehler (Warnungen erlaubt), 3 bei Fehlern, mit --strict auch bei Warnungen; 4 wenn es die Datei nicht gibt. Die Konfiguration wird nur gelesen, um Prüfungen und Dienste zu kennen; es geht auch ohne.\n\n  lage runbook lint\n  lage runbook lint runbooks/ --strict --format github\n  lage runbook lint anleitung.md --json\n\nAlles, was ein Runbook sagen kann, steht in docs/runbooks.md.",
		"Looks through runbooks without running anything: code blocks, placeholders, links, directives, secrets in the text, review. Without arguments the configured folder; otherwise names from it, files, folders or \"-\". For a single file the outline that one would walk comes first; for several, one line per file.\n\nExit code: 0 without errors (warnings allowed), 3 with errors, with --strict also with warnings; 4 when there is no such file. The configuration is only read to know checks and services; it works without.\n\n  lage runbook lint\n  lage runbook lint runbooks/ --strict --format github\n  lage runbook lint howto.md --json\n\nAll that a runbook can say stands in docs/runbooks.md."},
}
