package runbooks

import (
	"regexp"
	"strings"
	"unicode"
)

// The dictionaries below are data: titles of sections by kind, words that start an instruction or a condition.

// sectionWords are whole titles in lower case, without numbers and marks.
var sectionWords = map[SectionKind]map[string]bool{
	Context: titles(`meaning|impact|overview|summary|background|about|introduction|intro|symptom|symptoms|description|purpose|goal|goals|objective|objectives|architecture|how it works|
possible causes|possible cause|cause|causes|root cause|root causes|common causes|scope|definition|definitions|full context|context|alert|alert details|alert description|about this alert|about this runbook|
details|explanation|what happened|metadata|general information|information|severity|user impact|business impact|at a glance|severity levels|severity level|severity definitions|when should you use this document|when should i use this runbook|trigger|triggers|escalation criteria|design|concepts|terminology|glossary|key concepts|quick facts|audience|service overview|examples|example|
example output|sample output|example error|example errors|error message|error messages|error|discussion|problem|issue|known issues|limitations|alerts that trigger this runbook|trigger conditions|alert information|service information|symptoms and impact|detection & symptoms|detection and symptoms|what does this alert mean|why this matters|when to use|when to use this runbook|service level|sla|slo|
bedeutung|auswirkung|auswirkungen|überblick|übersicht|zusammenfassung|hintergrund|hintergründe|einleitung|einführung|symptom|symptome|beschreibung|zweck|ziel|ziele|architektur|aufbau|funktionsweise|
mögliche ursachen|mögliche ursache|ursache|ursachen|geltungsbereich|anwendungsbereich|begriffe|begriffsbestimmungen|kontext|worum geht es|allgemeines|allgemeine informationen|betroffene dienste|betroffene systeme|schweregrad|schweregrade|prioritätsstufen|auslöser|wann brauche ich das|metadaten|beispiel|beispiele|bekannte probleme|über dieses dokument|fehlerbild|fehlermeldung|fehlermeldungen|problem|problembeschreibung|wann dieses runbook gilt`),
	Reference: titles(`references|reference|further reading|see also|related|related links|related documentation|related documents|related runbooks|related alerts|links|useful links|quick links|external links|resources|additional resources|
additional information|additional reading|more information|more info|notes|note|additional notes|faq|faqs|frequently asked questions|logging|contacts|contact|contents|table of contents|toc|index|license|licence|revision history|change log|changelog|
document history|history|dashboards|useful dashboards|documentation|owner|owners|ownership|authors|acknowledgements|support|troubleshooting links|quick reference|reference table|stakeholder notification template|notification template|message template|message templates|templates|related runbooks|related pages|schnellübersicht|textbausteine|vorlagen|useful queries|monitoring|escalation contacts|emergency contacts|key contacts|support contacts|helpful resources|helpful links|useful resources|important links|other resources|external resources|rollback decision matrix|decision matrix|severity matrix|response times|sources|further information|feedback|
verweise|verweis|siehe auch|weiterführende links|weiterführende informationen|weitere informationen|referenzen|quellen|literatur|kontakte|kontakt|notfallkontakte|notfall-kontakte|wichtige kontakte|nützliche befehle und links|ansprechpartner|ansprechstellen|ansprechpersonen|inhalt|inhaltsverzeichnis|anhang|anhänge|hinweise|anmerkungen|lizenz|änderungshistorie|änderungsverlauf|versionshistorie|dokumentation|nützliche links|häufige fragen|zuständigkeit|zuständigkeiten|protokollierung|impressum`),
	Prerequisites: titles(`prerequisite|prerequisites|pre-requisites|pre-requisite|prereqs|prerequisites and assumptions|before you start|before you begin|before starting|requirements|required access|required tools|required permissions|assumptions|preflight|pre-flight|preflight checks|
pre-flight checks|pre-checks|prechecks|preconditions|access requirements|pre-flight checklist|preflight checklist|what you need|what you'll need|you will need|required credentials|required knowledge|tools|tools needed|
voraussetzungen|voraussetzung|technische voraussetzungen|vorbedingungen|vorbedingung|vorbereitende prüfungen|bevor sie beginnen|bevor es losgeht|vor dem start|vorab|benötigte zugänge|benötigte rechte|benötigte werkzeuge|annahmen|was sie brauchen|anforderungen`),
	Procedure: titles(`procedure|procedures|steps|step by step|diagnosis|diagnostics|mitigation|mitigations|resolution|resolutions|resolve|remediation|recovery|recover|troubleshooting|troubleshoot|investigation|investigate|triage|verification|verify|validation|
rollback|roll back|fix|fixes|solution|solutions|workaround|workarounds|actions|action|immediate actions|instructions|process|response|diagnosis and mitigation|how to|how do i|cleanup|clean up|escalation|post-checks|first steps|tasks|checks|possible checks|what to do|
diagnose|behebung|entstörung|prüfung|prüfungen|prüfschritte|vorgehen|vorgehensweise|schritte|ablauf|lösung|maßnahmen|sofortmaßnahmen|wiederherstellung|wiederanlauf|rückfall|rücknahme|nachprüfung|kontrolle|abschluss|fehlersuche|fehlerbehebung|erste schritte|umgehung|eskalation|durchführung|aufgaben|nacharbeiten|störungsbehebung|anleitung`),
}

// sectionStarts are how titles of a kind begin.
var sectionStarts = []struct {
	start string
	kind  SectionKind
}{
	{"what is ", Context}, {"what are ", Context}, {"how it works", Context}, {"how does ", Context}, {"about ", Context}, {"why ", Context},
	{"introduction to ", Context}, {"overview of ", Context}, {"background ", Context}, {"architecture ", Context}, {"was ist ", Context},
	{"was bedeutet ", Context}, {"wie funktioniert ", Context}, {"hintergrund ", Context}, {"warum ", Context},
	{"appendix", Reference}, {"details about ", Reference}, {"details on ", Reference}, {"links ", Reference}, {"anhang", Reference}, {"einzelheiten zu ", Reference},
	{"prerequisite", Prerequisites}, {"before you ", Prerequisites}, {"voraussetzung", Prerequisites}, {"bevor sie ", Prerequisites},
}

func titles(s string) map[string]bool {
	m := map[string]bool{}
	for _, t := range strings.Split(s, "|") {
		m[strings.TrimSpace(t)] = true
	}
	return m
}

// bareTitle is a title in lower case without the marks around it.
func bareTitle(title string) string {
	return strings.TrimFunc(strings.ToLower(title), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != ')' && r != '(' })
}

// titleKind gives the kind that a section's title names, and whether any dictionary knows it.
func titleKind(title string) (SectionKind, bool) {
	t := bareTitle(title)
	for _, k := range []SectionKind{Procedure, Context, Reference, Prerequisites} {
		if sectionWords[k][t] {
			return k, true
		}
	}
	for _, s := range sectionStarts {
		if strings.HasPrefix(t, s.start) {
			return s.kind, true
		}
	}
	return Procedure, false
}

// imperatives start an instruction.
var imperatives = set(`access acknowledge activate add adjust allow alert analyse analyze annotate apply approve ask assess assign attach authenticate backup block book boot browse build bump bypass
call cancel capture change check checkout choose clean clear click clone close collect communicate compare compute confirm confirm configure connect consider consult contact continue convert copy cordon correct create cut
deactivate debug decide declare decrease define delete deploy describe destroy detach determine diagnose disable disconnect discuss dismiss display do document don't double-check download drain drop dump
edit eject enable encrypt engage ensure enter escalate establish estimate evaluate evict examine execute exit expand export extend extract fail failover fetch file filter find fix flush follow force forward free
gather generate get give go grant grep hand handle identify ignore import include increase inform initiate insert inspect install invalidate investigate invoke isolate issue join keep kill
label launch leave let limit list load locate lock log login look lower make manage mark measure merge migrate minimise minimize modify monitor mount move navigate note notify observe obtain open order
page paste patch pause perform pick pin ping plan play post power prepare press prevent proceed promote provide provision publish pull purge push put query raise read reassign rebalance reboot rebuild recall record recover recreate
redeploy redirect reduce refer refresh regenerate reindex reject release reload remember remove rename renew repair repeat replace reply report reproduce request rerun re-run reschedule reset resize resolve resource restart restore resume retain retrieve retry return
review revert revoke rewrite roll rollback rotate route run save scale scan schedule search see select send set setup share shift show shut shutdown sign silence skip snapshot spin ssh stage start stop store submit subscribe suspend switch sync
tag tail take talk taint tell terminate test tidy tighten toggle touch trace track transfer trigger truncate try turn type unblock uncordon undo uninstall unlock unmount untar update upgrade upload use validate verify view visit wait warn watch whitelist work write zip`)

// nouns are imperatives that are nouns as well: what follows decides.
var nouns = set(`access alert backup block build call change check contact display dump exit export file filter issue label limit list load lock log look monitor note order page patch pause plan post power process query read record
release repair report request reset resource restart restore return review roll rollback route run scale schedule search set setup share shift show snapshot stage start stop store switch sync tag test touch trace track transfer trigger turn type update upgrade use view visit watch work`)

// afterNoun are words that show that the word before them is a noun.
var afterNoun = set(`of is are was were has have had will may can could should must might would fails failed fires fired occurs happens shows using`)

// adverbs may stand before the imperative.
var adverbs = set(`ideally please now then next first firstly second secondly third finally lastly also always just simply alternatively optionally optional immediately manually carefully again afterwards otherwise never once temporarily
quickly additionally meanwhile and or to bitte dann danach anschließend zuerst zunächst nun jetzt abschließend zuletzt optional gegebenenfalls ggf ggf. erneut sofort immer alternativ außerdem schließlich`)

// conditions start a decision.
var conditions = set(`if when unless otherwise whenever else wenn falls sofern andernfalls ansonsten sonst sobald`)

// questions start a question.
var questions = set(`is are was were does do did has have can could should would will which what who where how why ist sind hat haben kann können gibt läuft laufen antwortet antworten welche welcher welches was wer wo wie warum funktioniert besteht`)

// germanForms start an instruction in German; they are also infinitives that may end one ("Dienst neu starten").
var germanForms = set(`prüfen überprüfen starten neustarten stoppen anhalten beenden löschen entfernen öffnen schließen anlegen erstellen ändern anpassen bearbeiten aufrufen ausführen abwarten warten melden informieren benachrichtigen dokumentieren
notieren eintragen einloggen anmelden abmelden verbinden trennen sichern wiederherstellen zurücksetzen zurückspielen einspielen installieren deinstallieren aktualisieren konfigurieren kontrollieren vergleichen suchen finden ermitteln feststellen
bestimmen auswählen wählen klicken setzen umschalten abschalten einschalten ausschalten aktivieren deaktivieren freigeben sperren entsperren verschieben kopieren herunterladen hochladen laden entladen verlängern erneuern austauschen ersetzen tauschen
eskalieren übergeben bestätigen beobachten überwachen anrufen kontaktieren verständigen hochfahren herunterfahren drosseln erhöhen verringern reduzieren leeren aufräumen bereinigen freiräumen einsehen ansehen anzeigen lesen auslesen auswerten analysieren
eingrenzen isolieren umleiten umstellen zurückrollen zurücknehmen rückgängig wiederholen fortsetzen abbrechen veröffentlichen senden schicken verschicken festhalten abstimmen klären fragen einholen beantragen sicherstellen testen validieren verifizieren
vorbereiten einrichten hinterlegen zuweisen rotieren drucken booten skalieren entlasten ausrollen deployen durchführen beheben lösen verwenden nutzen beachten merken planen einbinden mounten aushängen ausdünnen hinzufügen neuladen durchsehen nachsehen`)

// germanImperatives are forms that differ from the infinitive.
var germanImperatives = set(`prüfe starte stoppe lösche öffne schließe lege ändere rufe führe warte melde informiere notiere trage verbinde sichere stelle setze spiele installiere aktualisiere suche finde wähle klicke schalte gib gehe geh sieh schau
schaue nimm halte kopiere lade ersetze bestätige beobachte kontaktiere wiederhole stell vergleiche lies nutze verwende achte beende entferne erstelle`)

var (
	modal = regexp.MustCompile(`^(?:you|we|sie|wir) (?:(?:will |may |might |would )?(?:need to|have to|want to)|should|must|müssen|sollten)\b`)
	// notAsked is what somebody should not do, or will only see.
	notAsked = regexp.MustCompile(`^(?:you|we|sie|wir) (?:should|must|müssen|sollten) (?:now |then |also |only |jetzt |nun )?(?:not|never|nicht|see|get|find|have|be|receive|notice|observe|encounter|expect|sehen|erhalten|bekommen|haben)\b`)
	// suggests is what somebody can do.
	suggests = regexp.MustCompile(`^(?:you|we|sie|wir) (?:can|could|may|können|kannst) (?:also |then |now |auch |dann )?(\pL+)`)
	// neededIs is an instruction in the passive voice.
	neededIs = regexp.MustCompile(`(?i)\b(?:needs?|has|have|ought) to be\b|\b(?:must|should) be (?:[a-z]+ly )?[a-z]+ed\b|\b(?:muss|müssen|sollte|sollten)\b.*\bwerden\b|\bist zu \pL+|\bis to be\b`)
)

// asks tells whether words are an instruction to somebody: "you should restart it".
func asks(w []string) bool {
	if len(w) == 0 || !addressed[w[0]] {
		return false
	}
	s := strings.Join(w, " ")
	return modal.MatchString(s) && !notAsked.MatchString(s)
}

// words gives the first words of a text in lower case, without the marks around them.
func words(s string, n int) []string {
	var out []string
	for w := range strings.FieldsSeq(s) {
		if c := w[len(w)-1]; !isLetter(w[0]) || !isLetter(c) {
			w = strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		}
		if w = strings.ToLower(w); w == "" {
			continue // an emoji, a dash
		}
		if out = append(out, w); len(out) == n {
			break
		}
	}
	return out
}

// isImperative tells whether a text is an instruction.
func isImperative(s string) bool {
	w := words(s, 8)
	if len(w) == 0 {
		return false
	}
	first, _, _ := strings.Cut(strings.TrimLeftFunc(s, func(r rune) bool { return !unicode.IsLetter(r) }), " ")
	if strings.HasSuffix(first, ":") && !adverbs[w[0]] { // "Update: ..." is a label
		return false
	}
	for len(w) > 1 && adverbs[w[0]] {
		w = w[1:]
	}
	if imperativeAt(w) || asks(w) || germanEnd(s) {
		return true
	}
	switch w[0] { // "After the restart, check ...": the instruction stands behind the comma
	case "after", "before", "once", "to", "from", "in", "on", "using", "for", "with", "as", "nach", "vor", "mit", "um", "im", "auf", "über":
		if _, rest, ok := strings.Cut(s, ", "); ok {
			w := words(rest, 6)
			return imperativeAt(w) || asks(w)
		}
	}
	return false
}

func imperativeAt(w []string) bool {
	if len(w) == 0 || len(w) > 1 && points[w[0]] && (w[1] == "that" || w[len(w)-1] == "dass" || len(w) > 2 && w[2] == "dass") {
		return false
	}
	if germanImperatives[w[0]] || germanForms[w[0]] {
		return true
	}
	if !imperatives[w[0]] {
		return false
	}
	if len(w) > 1 && nouns[w[0]] && (afterNoun[w[1]] || w[0] == "access" && w[1] == "to") {
		return false
	}
	return true
}

// points are words that point to what follows: "note that", "beachten Sie, dass".
var points = set("note remember notice recall see beachten beachte denken denke")

// germanEnd recognises "Dienst auf beiden Knoten neu starten": the infinitive at the end of the first sentence.
func germanEnd(s string) bool {
	t, _ := firstSentence(s)
	if i := strings.IndexAny(t, ":(–"); i > 0 {
		t = t[:i]
	}
	w := strings.Fields(strings.Trim(t, " .!:;"))
	if len(w) < 2 || len(w) > 16 {
		return false
	}
	last := strings.ToLower(strings.Trim(w[len(w)-1], ".,;:!)("))
	for _, prefix := range []string{"", "zu"} {
		if germanForms[strings.TrimPrefix(last, prefix)] {
			return true
		}
	}
	return infinitive(w)
}

var (
	infinitiveEnd = regexp.MustCompile(`^[a-zäöüß]{2,}(?:en|eln|ern)$`)
	// notInfinitive are English words, and German ones that are no verbs, with such an end.
	notInfinitive = set("open broken taken hidden written given often even been when then seven token screen listen driven chosen frozen golden children women gegen neben wegen unten oben innen außen ohnen allen vielen ihren einen keinen diesen jeden modern western eastern southern northern pattern concern intern extern gestern morgen selten zwischen stehen fehlen laufen existieren verloren belegt kommen gehen")
	finite        = set("ist sind war waren wird werden wurde wurden kann können muss müssen soll sollen sollte hat haben darf dürfen dass weil is are was were be has have will would can could should must the a of to wir sie alle viele diese manche es man er ich")
)

// infinitive tells whether words end as a German instruction does: "Mandantenliste ausdrucken".
func infinitive(w []string) bool {
	last := strings.Trim(w[len(w)-1], ".,;:!)(")
	if !infinitiveEnd.MatchString(last) || notInfinitive[last] || !unicode.IsUpper([]rune(w[0])[0]) {
		return false
	}
	for _, x := range w {
		if finite[strings.ToLower(strings.Trim(x, ",;"))] {
			return false
		}
	}
	return true
}

// isCondition tells whether a text starts a decision.
func isCondition(s string) bool {
	w := words(s, 3)
	if len(w) == 0 {
		return false
	}
	return conditions[w[0]] || len(w) > 1 && w[0] == "in" && w[1] == "case" || len(w) > 2 && w[0] == "in" && w[1] == "the" && w[2] == "case" ||
		len(w) > 2 && w[0] == "im" && w[1] == "falle" || len(w) > 1 && w[0] == "für" && w[1] == "den"
}

// states are verbs with which the main clause of a German sentence says what is, not what to do.
var states = set("ist sind war waren wird werden kann können könnte könnten hat haben liegt liegen bedeutet heißt geht gehen fehlt fehlen bleibt bleiben läuft laufen dann so deutet besteht bestehen es")

// goesOn are words that say how to go on.
var goesOn = set("weiter fertig abbruch zurück done stop continue nothing nichts")

// decides tells whether a paragraph with a condition asks for something. One that only says what happens then does not:
// "If the disk is full, the database stops."
func decides(text string) bool {
	if !isCondition(text) || remarks(text) {
		return false
	}
	first, n := firstSentence(text)
	clauses := strings.Split(first, ", ")
	if len(clauses) == 1 {
		return asksWithoutComma(first)
	}
	if before, _, ok := strings.Cut(first, " then "); ok && len(before) < len(clauses[0]) {
		clauses = []string{"", first[len(before)+len(" then "):]}
	}
	for _, c := range clauses[1:] {
		if instructsIn(c) {
			return true
		}
	}
	for rest := strings.TrimSpace(text[n:]); rest != ""; {
		next, m := firstSentence(rest)
		if isImperative(next) || decides(next) {
			return true
		}
		rest = strings.TrimSpace(rest[m:])
	}
	return false
}

// asksWithoutComma is decides for a sentence whose clauses nothing separates.
func asksWithoutComma(first string) bool {
	if strings.HasSuffix(first, ":") || neededIs.MatchString(first) || germanEnd(first) {
		return true
	}
	if _, rest, ok := strings.Cut(first, " then "); ok {
		return instructsIn(rest)
	}
	w := words(first, 40)
	for i := 2; i < len(w); i++ {
		if addressed[w[i-1]] && able[w[i]] {
			return true
		}
		next := i+1 < len(w) && determiners[w[i+1]]
		if imperatives[w[i]] && !beforeVerb[w[i-1]] && (!nouns[w[i]] || next) || germanImperatives[w[i]] {
			return true
		}
	}
	return len(w) < 4
}

var (
	addressed = set("you we sie man one")
	able      = set("can could should must need may might müssen sollten können muss sollte kann")
	// beforeVerb are words behind which a verb is no instruction.
	beforeVerb = set("to the a an will may might can could would should not or and which that who it they of in for you we i users be is are was were does do did don't doesn't cannot if when this these those your our their its no any")
)

// instructsIn tells whether a clause behind a condition says what to do.
func instructsIn(clause string) bool {
	w := words(clause, 8)
	for len(w) > 1 && (adverbs[w[0]] || w[0] == "dann" || w[0] == "so") {
		w = w[1:]
	}
	if len(w) == 0 {
		return false
	}
	if imperativeAt(w) || goesOn[w[0]] || asks(w) || neededIs.MatchString(clause) || suggests.MatchString(strings.Join(w, " ")) {
		return true
	}
	return !states[w[0]] && germanEnd(clause)
}

var remark = regexp.MustCompile(`(?i)^[^.]{0,200}?, (?:you(?:'ll| will| should| may| might)? (?:see|get|find|notice)|(?:this|that|it) (?:means|indicates|suggests|implies)|(?:sehen|sieht|erhalten|bekommen) (?:sie|man)|(?:bedeutet|heißt) das)\b[^.]*\.?$`)

// remarks tells whether a sentence with a condition only says what one will see or what it means.
func remarks(s string) bool { return strings.Contains(s, ", ") && remark.MatchString(s) }

// nounFirst tells whether a text starts with a word that may be a noun and is not followed by what an instruction has next.
func nounFirst(s string) bool {
	w := words(s, 2)
	return len(w) > 0 && nouns[w[0]] && (len(w) < 2 || !determiners[w[1]])
}

// determiners follow a verb more often than a noun.
var determiners = set(`the a an all any each every your our this that these those if whether that for out up down in into to with it them`)

// isQuestion tells whether a text asks something.
func isQuestion(s string) bool {
	w := words(s, 1)
	return len(w) == 1 && (questions[w[0]] || strings.HasSuffix(strings.TrimSpace(s), "?"))
}
