package text

// walksTable holds what the commands about walks say.
var walksTable = table{
	"walk.kind_maintenance": {"Wartung", "maintenance"},
	"walk.kind_drill":       {"Übung", "drill"},
	"walk.kind_incident":    {"Störung", "incident"},
	"walk.claimed":          {"in Arbeit", "in progress"},
	"walk.waits":            {"wartet", "waits"},
	"walk.unsigned":         {"Freigabe offen", "sign-off open"},
	"walk.show_kind":        {"Art", "Kind"},
	"walk.show_asset":       {"Asset", "Asset"},
	"walk.show_reason":      {"Anlass", "Occasion"},
	"walk.show_change":      {"Änderung", "Change"},
	"walk.show_end_reason":  {"Offen beendet, weil", "Ended open, because"},
	"walk.opened":           {"Durchgang begonnen. Ansehen: lage walk show {0}. Schritte abhaken: lage walk step {0} SCHRITT done", "Walk begun. Look at it: lage walk show {0}. Mark steps: lage walk step {0} STEP done"},
	"walk.stays_open":       {"Der Durchgang {0} bleibt offen.", "The walk {0} stays open."},

	"walk.values":        {"Werte, nach denen das Runbook fragt:", "Values that the runbook asks for:"},
	"walk.value_missing": {"fehlt noch", "still missing"},
	"walk.value_secret":  {"geheim, wird nicht gespeichert", "secret, not stored"},

	"walk.err_none_open":     {"Es gibt keinen offenen Durchgang.", "There is no open walk."},
	"walk.err_many_open":     {"Mehrere Durchgänge sind offen. Bitte einen nennen:", "Several walks are open. Please name one:"},
	"walk.err_step":          {"Den Schritt „{0}“ gibt es in {1} nicht.", "There is no step \"{0}\" in {1}."},
	"walk.err_what":          {"„{0}“ ist hier nicht möglich. Möglich: {1}", "\"{0}\" is not possible here. Possible: {1}"},
	"walk.err_many_unsigned": {"Mehrere Schritte warten auf eine Freigabe. Bitte einen nennen:", "Several steps wait for a sign-off. Please name one:"},
	"walk.hint_steps":        {"Alle Schritte: lage walk show {0}", "All steps: lage walk show {0}"},
	"walk.hint_choices":      {"Möglich: {0}", "Possible: {0}"},

	"walk.flag_asset":    {"woran gearbeitet wird", "what is worked on"},
	"walk.flag_occasion": {"der Anlass", "the occasion"},
	"walk.flag_change":   {"Referenz der Änderung, zum Beispiel CHG-4711", "reference of the change, for instance CHG-4711"},
	"walk.flag_reason":   {"der Grund", "the reason"},
	"walk.flag_step":     {"der Schritt, zu dem die Notiz gehört", "the step that the note is about"},
	"walk.flag_note":     {"ein Vermerk dazu", "a remark"},
	"walk.flag_as_is":    {"Zeichen, die für eine Shell etwas bedeuten, sind gewollt", "characters that mean something to a shell are meant"},

	"walk.short_drill":  {"ein Runbook üben: Änderndes wird nur gezeigt", "exercise a runbook: what changes something is only shown"},
	"walk.short_step":   {"einen Schritt abhaken, auslassen, übernehmen", "mark, skip or claim a step"},
	"walk.short_choose": {"eine Entscheidung beantworten", "answer a decision"},
	"walk.short_back":   {"aus dem Runbook zurück, in das eine Antwort geführt hat", "go back from the runbook that an answer led to"},
	"walk.short_input":  {"einen Wert angeben, nach dem das Runbook fragt", "give a value that the runbook asks for"},
	"walk.short_note":   {"eine Notiz zum Durchgang", "a note on the walk"},
	"walk.short_sign":   {"einen Schritt oder den ganzen Durchgang freigeben", "sign off a step or the whole walk"},
	"walk.short_end":    {"einen Durchgang beenden", "end a walk"},
	"walk.short_export": {"einen Durchgang als Nachweis ausgeben", "write a walk up as evidence"},

	"walk.long_one": {
		"WALK darf fehlen, wenn nur ein Durchgang offen ist. „wart-14“ genügt für WART-2026-014, „ueb-1“ für UEB-2026-001.",
		"WALK may be left out when only one walk is open. \"wart-14\" is enough for WART-2026-014, \"ueb-1\" for UEB-2026-001."},
	"walk.long_step": {
		"WHAT ist done, skip, fail, na (trifft nicht zu), reopen, claim (ich arbeite daran), release oder wait (Wartezeit beginnt). Auslassen und Fehlschlagen brauchen --reason, ebenso Erledigen vor dem Ende der Wartezeit. STEP ist die Nummer im Runbook, die Kennung oder die Stelle in der Liste von lage walk show.\n\n    lage walk step wart-14 1.2 done\n    lage walk step wart-14 1.3 skip --reason 'schon geschehen'",
		"WHAT is done, skip, fail, na (not applicable), reopen, claim (I work on it), release or wait (the wait begins). Skipping and failing need --reason, and so does done before the wait is over. STEP is the number in the runbook, the ID, or the place in the list of lage walk show.\n\n    lage walk step wart-14 1.2 done\n    lage walk step wart-14 1.3 skip --reason 'done already'"},
	"walk.long_choose": {
		"ANSWER ist eine der Antworten oder ihre Nummer. Die Antwort steht danach in der Zeitleiste; führt sie in ein anderes Runbook, geht es dort weiter, bis lage walk back zurückführt.",
		"ANSWER is one of the answers or its number. The answer is in the timeline then; where it leads to another runbook, the walk goes on there until lage walk back."},
	"walk.long_input": {
		"Der Wert gilt für den ganzen Durchgang. Geheimnisse werden nicht gespeichert. Erlaubt sind Buchstaben, Ziffern und . _ : / @ = + , -; anderes braucht --as-is.\n\n    lage walk input wart-14 '<knoten>' wg-db1",
		"The value holds for the whole walk. Secrets are not stored. Letters, digits and . _ : / @ = + , - are allowed; anything else needs --as-is.\n\n    lage walk input wart-14 '<node>' wg-db1"},
	"walk.long_note": {
		"„-“ liest die Standardeingabe. Mit --step gehört die Notiz zu einem Schritt.",
		"\"-\" reads standard input. With --step the note belongs to a step."},
	"walk.long_sign": {
		"Ohne STEP gilt die Freigabe dem Schritt, der auf eine wartet; wartet keiner, dem ganzen Durchgang. Wer die Arbeit getan hat, kann sie nicht selbst freigeben. Auch nach dem Ende möglich.\n\n    lage walk sign wart-14 --as 'J. Yılmaz' --note 'geprüft'",
		"Without STEP it signs the step that waits for it, or the whole walk where none does. Who did the work cannot sign it off. Possible after the end, too.\n\n    lage walk sign wart-14 --as 'J. Yılmaz' --note 'checked'"},
	"walk.long_end": {
		"Bleiben Schritte oder Freigaben offen, braucht es --reason; der Nachweis nennt beides.",
		"Where steps or sign-offs are left open it needs --reason; the evidence names both."},
	"walk.long_export": {
		"Nennt Asset, Anlass, Zeit, Beteiligte, Maßnahmen und Ergebnisse, Abweichungen, Freigaben und jeden Befehl. WALK darf fehlen, wenn nur ein Durchgang offen ist.\n\n    lage walk export wart-14 -o wartung.md\n    lage walk export wart-14 --format json",
		"Names asset, occasion, time, people, measures and results, deviations, sign-offs and every command. WALK may be left out when only one walk is open.\n\n    lage walk export wart-14 -o maintenance.md\n    lage walk export wart-14 --format json"},
	"walk.long_drill": {
		"Derselbe Durchgang als Übung, mit einer Nummer wie UEB-2026-001: lesende Befehle laufen, ändernde werden nur gezeigt. Ohne Terminal wird er eröffnet und seine Nummer ausgegeben.",
		"The same walk as an exercise, with a number like UEB-2026-001: read-only commands run, changing ones are only shown. Without a terminal it is opened and its number printed."},
}
