package text

// accessTable holds what is said about who may do what: roles, forced commands, the line of authorized_keys.
var accessTable = table{
	"access.role_refuses": {"Das erlaubt die Rolle „{0}“ nicht. Nötig: {1}", "The role \"{0}\" does not allow that. Needed: {1}"},
	"access.for_nobody":   {"Das kann niemand von Hand tun.", "Nobody can do that by hand."},
	"access.hint_role":    {"Was welche Rolle darf: lage help access", "What each role may do: lage help access"},

	// Forced commands.
	"access.err_flag":   {"Die Option {0} ist hier nicht erlaubt: Sie steht für diesen Schlüssel fest.", "The option {0} is not allowed here: it is fixed for this key."},
	"access.hint_flag":  {"Ohne diese Option aufrufen. Warum: lage help access", "Call it without that option. Why: lage help access"},
	"access.hint_out":   {"Die Datei auf dem eigenen Rechner schreiben: ssh HOST lage incident export > FILE", "Write the file on your own machine: ssh HOST lage incident export > FILE"},
	"access.err_home":   {"„{0}“ geht nicht über diesen Zugang.", "\"{0}\" is not possible through this access."},
	"access.err_files":  {"„{0}“ geht über diesen Zugang nur ohne Angabe einer Datei.", "Through this access, \"{0}\" works only without naming a file."},
	"access.hint_home":  {"Auf dem Rechner selbst anmelden. Warum: lage help access", "Log in on the machine itself. Why: lage help access"},
	"access.err_quote":  {"Ein Anführungszeichen im Befehl ist nicht geschlossen.", "A quotation mark in the command is not closed."},
	"access.hint_quote": {"Text mit Apostroph über die Standardeingabe: echo TEXT | ssh HOST lage note -", "Text with an apostrophe on standard input: echo TEXT | ssh HOST lage note -"},

	// lage ssh-line.
	"access.err_name":        {"„{0}“ taugt nicht als Name: höchstens 80 Byte aus Buchstaben, Ziffern, Leerzeichen und . _ - @ ', kein „-“ am Anfang, nicht „lage“.", "\"{0}\" does not work as a name: at most 80 bytes of letters, digits, spaces and . _ - @ ', no \"-\" in front, not \"lage\"."},
	"access.err_two_roles":   {"--read-only heißt --role view; dazu passt nicht --role {0}.", "--read-only means --role view; --role {0} does not go with it."},
	"access.err_key_private": {"Das ist ein privater Schlüssel. Er gehört niemandem als seinem Besitzer; gebraucht wird der öffentliche.", "That is a private key. It belongs to nobody but its owner; the public one is needed."},
	"access.err_key_lines":   {"Das ist mehr als eine Zeile. Bitte einen Schlüssel je Aufruf.", "That is more than one line. One key per call, please."},
	"access.err_key_kind":    {"„{0}“ ist keine Art von Schlüssel, die angenommen wird. Möglich: ssh-ed25519, ecdsa-sha2-nistp256/384/521, ssh-rsa, sk-ssh-ed25519@openssh.com, sk-ecdsa-sha2-nistp256@openssh.com", "\"{0}\" is no kind of key that is taken. Possible: ssh-ed25519, ecdsa-sha2-nistp256/384/521, ssh-rsa, sk-ssh-ed25519@openssh.com, sk-ecdsa-sha2-nistp256@openssh.com"},
	"access.err_key_form":    {"Der Schlüssel ist unvollständig oder beschädigt.", "The key is incomplete or damaged."},
	"access.err_key_short":   {"Der RSA-Schlüssel hat nur {0} Bit. Nötig: {1}, oder besser ssh-ed25519", "The RSA key has only {0} bits. Needed: {1}, or better ssh-ed25519"},
	"access.hint_key":        {"Gebraucht wird die eine Zeile aus ~/.ssh/id_ed25519.pub. Anlegen: ssh-keygen -t ed25519", "What is needed is the one line of ~/.ssh/id_ed25519.pub. To make one: ssh-keygen -t ed25519"},
	"access.line_key":        {"Fingerabdruck, mit der Person abzugleichen: {0}", "Fingerprint, to compare with the person: {0}"},
	"access.line_where":      {"Die Zeile gehört in ~/.ssh/authorized_keys des gemeinsamen Kontos, etwa: lage ssh-line NAME KEY >> ~ops/.ssh/authorized_keys", "The line belongs into ~/.ssh/authorized_keys of the shared account, for instance: lage ssh-line NAME KEY >> ~ops/.ssh/authorized_keys"},
	"access.line_sshd":       {"In /etc/ssh/sshd_config „ExposeAuthInfo yes“ setzen, dann steht der Fingerabdruck in der Zeitleiste. Prüfen: ssh HOST lage status", "Set \"ExposeAuthInfo yes\" in /etc/ssh/sshd_config, then the fingerprint stands in the timeline. To check: ssh HOST lage status"},

	// Help.
	"access.flag_role":      {"nur tun, was diese Rolle darf: view, respond, admin", "do only what this role may: view, respond, admin"},
	"access.short_ssh_line": {"Zeile für authorized_keys, die eine Person einlässt", "line for authorized_keys that lets one person in"},
	"access.long_ssh_line": {
		"Schreibt die Zeile, mit der ein Schlüssel genau eine Person in ein gemeinsames Konto einlässt: unter diesem Namen, mit dieser Rolle, ohne Shell. KEY ist die Zeile aus der .pub-Datei, FILE die Datei selbst, „-“ die Standardeingabe. Ohne --role gilt respond; --read-only heißt --role view. -c und --db kommen mit in die Zeile.\n\n  lage ssh-line m.krause krause.pub >> ~ops/.ssh/authorized_keys\n  lage ssh-line 'J. Yılmaz' 'ssh-ed25519 AAAA...' --read-only",
		"Writes the line with which a key lets exactly one person into a shared account: under this name, with this role, without a shell. KEY is the line of the .pub file, FILE the file itself, \"-\" standard input. Without --role it is respond; --read-only means --role view. -c and --db become part of the line.\n\n  lage ssh-line m.krause krause.pub >> ~ops/.ssh/authorized_keys\n  lage ssh-line 'J. Yılmaz' 'ssh-ed25519 AAAA...' --read-only"},
	"access.topic": {"Zugang über SSH, Rollen und was sie schützen", "access by SSH, roles and what they protect"},
	"access.topic_text": {
		`Anmelden ist Sache von OpenSSH. Entweder hat jede Person ein eigenes Konto, oder alle teilen sich eines, und jeder Schlüssel hat dort seine Zeile mit erzwungenem Befehl, die „lage ssh-line“ schreibt:

  restrict,pty,command="lage --as m.krause --role respond" ssh-ed25519 AAAA... m.krause@laptop

Damit öffnet „ssh -t HOST“ die Konsole, und „ssh HOST lage ack“ geht ohne Terminal. lage liest den Befehl selbst, ohne Shell: Anführungszeichen gelten, Variablen, ; | > und * sind Buchstaben. --as, --role, --config, --db und --out stehen fest und werden abgelehnt (Code 5), ebenso Dateien dieses Rechners, run, demo, init und ssh-line.

Rollen, jede mit allem davor:
  view     ansehen
  respond  eröffnen, bestätigen, notieren, Stand ändern, beheben, Runbooks durchlaufen und ihre Befehle ausführen, exportieren, messen
  admin    aus der Zeitleiste löschen

Ohne --role hat ein erzwungener Befehl respond, ebenso die Konsole in einer SSH-Sitzung; jeder andere Aufruf hat admin: Wer ein eigenes Konto mit Schreibrecht an der Datenbank hat, den bindet keine Rolle. Rollen binden, wer durch einen erzwungenen Befehl kommt. Sie sind kein Käfig: Befehle eines Runbooks laufen mit den Rechten des gemeinsamen Kontos, und wer respond hat, gibt Werte für Platzhalter selbst ein.

In jeden Eintrag kommen Name, Benutzerkonto und, mit „ExposeAuthInfo yes“ in sshd_config, der Fingerabdruck des Schlüssels. AcceptEnv darf keine Namen zulassen, die mit LAGE_, XDG_ oder SSH_ beginnen, und weder HOME noch PATH. Ausführlich: docs/access.md`,
		`Logging in is the business of OpenSSH. Either each person has an account of their own, or all share one, and there each key has its line with a forced command, which "lage ssh-line" writes:

  restrict,pty,command="lage --as m.krause --role respond" ssh-ed25519 AAAA... m.krause@laptop

With it "ssh -t HOST" opens the console, and "ssh HOST lage ack" works without a terminal. lage reads the command itself, without a shell: quotes count, variables, ; | > and * are letters. --as, --role, --config, --db and --out are fixed and refused (code 5), and so are files of this machine, run, demo, init and ssh-line.

Roles, each with all before it:
  view     look
  respond  open, acknowledge, note, change the state, resolve, walk runbooks and run their commands, export, measure
  admin    erase from the timeline

Without --role a forced command has respond, and so has a console in an SSH session; any other call has admin: whoever has an account with the right to write the database is bound by no role. Roles bind those who come through a forced command. They are no cage: a runbook's commands run with the rights of the shared account, and who has respond types in the values of placeholders.

Each entry records the name, the account and, with "ExposeAuthInfo yes" in sshd_config, the key's fingerprint. AcceptEnv must not let in names that begin with LAGE_, XDG_ or SSH_, nor HOME or PATH. In detail: docs/access.md`},
}
