package notify

import (
	"context"
	"os"
	"strings"

	"lage/incidents"
	"lage/internal/clean"
	"lage/internal/proc"
	"lage/internal/text"
)

// passedOn are the variables of our own environment that a command gets. Secrets are not among them.
var passedOn = [...]string{"PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "XDG_RUNTIME_DIR"}

// byChannel sends a parcel through its channel.
func (n *Notifier) byChannel(ctx context.Context, p *parcel) error {
	a := p.alert(n.Lang)
	switch {
	case a.Channel.Email != "" && n.Mail == nil:
		return &failure{code: "notify.no_mail", final: true}
	case a.Channel.Email != "":
		return n.Mail.send(ctx, n.letter(a))
	case len(a.Channel.Command) > 0:
		return n.command(ctx, a)
	case a.Channel.Webhook.URL != "":
		return n.webhook(ctx, a, p.incidents())
	}
	return &failure{code: "notify.no_channel", args: []any{a.Contact}, final: true}
}

// words puts an alert into words: a line to stand above, and the text.
func (n *Notifier) words(a incidents.Alert) (subject, body string) {
	subject = clean.Line(a.Subject.In(n.Lang))
	if a.Incident != "" && !strings.Contains(subject, a.Incident) {
		subject = "[" + clean.Line(a.Incident) + "] " + subject
	}
	body = strings.TrimSpace(clean.Text(a.Body.In(n.Lang)))
	if a.Incident != "" {
		body += "\n\n" + text.T(n.Lang, "notify.footer", clean.Line(a.Incident))
	}
	return n.Redact.Redact(subject), n.Redact.Redact(body) + "\n"
}

// command runs an argv, never a shell, with the alert on its standard input: the subject, an empty line, the text.
func (n *Notifier) command(ctx context.Context, a incidents.Alert) error {
	subject, body := n.words(a)
	env := []string{"LAGE_INCIDENT=" + clean.Line(a.Incident), "LAGE_SUBJECT=" + subject, "LAGE_CONTACT=" + clean.Line(a.Contact), "LAGE_KEY=" + clean.Line(a.Key)}
	for _, k := range passedOn {
		if v, ok := os.LookupEnv(k); ok {
			env = append(env, k+"="+v)
		}
	}
	r := proc.Run(ctx, proc.Spec{Argv: a.Channel.Command, Env: env, Stdin: subject + "\n\n" + body, Limit: 16 << 10})
	switch {
	case r.Err != nil:
		return &failure{code: "notify.command_start", detail: r.Err.Error()}
	case r.TimedOut:
		return context.Cause(ctx)
	case r.ExitCode != 0:
		said := firstLine(r.Stderr)
		if said == "" {
			said = firstLine(r.Stdout)
		}
		return &failure{code: "notify.command_exit", args: []any{r.ExitCode}, detail: said}
	}
	return nil
}

// firstLine gives the first line of output that says anything.
func firstLine(b []byte) string {
	for line := range strings.Lines(clean.Output(b)) {
		if line = clean.Line(line); line != "" {
			return line
		}
	}
	return ""
}
