package text

// demoTable holds what the demo's service and its helper command say.
var demoTable = table{
	"demo.form_title":             {"Wohngeld online: Antrag", "Housing benefit online: application"},
	"demo.form_name":              {"Ihr Name", "Your name"},
	"demo.form_send":              {"Absenden", "Send"},
	"demo.form_answer":            {"Antwort {0} nach {1:duration}", "answer {0} after {1:duration}"},
	"demo.quiet_title":            {"Termine im Bürgerbüro", "Appointments at the citizens' office"},
	"demo.sessions_count":         {"{0} von {1} Verbindungen belegt", "{0} of {1} sessions in use"},
	"demo.sessions_head":          {"NR\tPROGRAMM\tZUSTAND\tSEIT", "ID\tPROGRAM\tSTATE\tFOR"},
	"demo.job_runs":               {"Stapellauf nightly-batch: läuft", "batch job nightly-batch: running"},
	"demo.job_stopped":            {"Stapellauf nightly-batch: angehalten", "batch job nightly-batch: stopped"},
	"demo.terminated":             {"{0} {0|Verbindung|Verbindungen} beendet", "{0} {0|session|sessions} ended"},
	"demo.past_failed":            {"HTTP 503, erwartet 200", "HTTP 503, expected 200"},
	"demo.past_good":              {"HTTP 200", "HTTP 200"},
	"demo.past_certificate_note":  {"Zertifikat am Lastverteiler abgelaufen, neues liegt bereit", "Certificate on the load balancer has expired, the new one is at hand"},
	"demo.past_certificate_cause": {"Zertifikat wurde nach der Erneuerung nicht geladen", "Certificate was not loaded after its renewal"},
	"demo.past_release_note":      {"Neue Version von 14:00 Uhr zurückgenommen", "Rolled back the version of 14:00"},
	"demo.past_release_cause":     {"Fehler in der neuen Version", "Fault in the new version"},
	"demo.past_batch_note":        {"Alle Verbindungen belegt durch den Stapellauf", "All sessions taken by the batch job"},
	"demo.past_batch_cause":       {"Stapellauf beendet seine Transaktionen nicht", "Batch job does not end its transactions"},
}
