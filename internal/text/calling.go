package text

// callingTable holds what is said about who is called.
var callingTable = table{
	"calling.short": {"wer gerufen wird, und wer gerade Rufbereitschaft hat", "who gets called, and who is on call now"},
	"calling.long": {
		"Zeigt die Kontakte mit ihren Wegen und wer jetzt für sie gerufen würde: wer nach der Rufbereitschaft an der Reihe ist, sonst der Kontakt selbst, außerhalb seiner Zeiten die Vertretung. Mit SERVICE: die Stufen seiner Eskalation. Adressen und Nummern stehen nicht da.\n\n  lage contacts --now wohngeld",
		"Shows the contacts with their channels and who would be called for them now: whose turn it is by the rota, else the contact itself, outside its hours the deputy. With SERVICE: the stages of its escalation. Addresses and numbers do not stand there.\n\n  lage contacts --now wohngeld"},
	"calling.flag_now": {"nur, wer jetzt gerufen würde", "only those who would be called now"},
	"calling.stage":    {"nach {0:duration}: {1}; jetzt: {2}", "after {0:duration}: {1}; now: {2}"},
	"calling.none":     {"Niemand: in der Konfiguration stehen keine Kontakte.", "Nobody: the configuration has no contacts."},
	"calling.nobody":   {"niemand", "nobody"},
	"calling.now":      {"jetzt: {0}", "now: {0}"},
	"calling.until":    {"{0} bis {1}", "{0} until {1}"},
}
