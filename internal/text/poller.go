package text

// pollerTable holds what is said when nothing is measured, by whoever says it.
var pollerTable = table{
	"poller.never":      {"Zurzeit misst niemand, und es wurde noch nie gemessen. Starten: {0}", "Nobody is measuring, and nobody ever has. Start: {0}"},
	"poller.nobody":     {"Seit {0} ({1:duration}) misst niemand. Starten: {2}", "Nobody has measured since {0} ({1:duration}). Start: {2}"},
	"poller.stuck":      {"Seit {0} ({1:duration}) kommt kein Ergebnis, obwohl {2} auf {3} (PID {4}) misst. Neu starten: {5}", "No result since {0} ({1:duration}) although {2} on {3} (PID {4}) is measuring. Restart: {5}"},
	"poller.not_stored": {"Ergebnisse werden nicht gespeichert: {0}", "results are not being stored: {0}"},
}
