package config

import (
	"testing"

	"lage/services"
)

func TestChannels(t *testing.T) {
	c, problems := Parse("lage.yaml", []byte(`version: 1
services: [{id: mail}]
escalation: {default: [{after: 0m, notify: [ops]}]}
contacts:
  ops:
    via:
      - {webhook: "https://hooks.example/a", secret: "0123456789abcdef", format: alertmanager}
    fallback:
      - {command: [sms], depends_on: [mail]}
`), Options{Runbooks: books})
	if problems.Fatal() {
		t.Fatal(problems)
	}
	want := services.Contact{ID: "ops", Name: "ops",
		Via:  []services.Channel{{Webhook: services.Webhook{URL: "https://hooks.example/a", Secret: "0123456789abcdef", Format: services.HookAlertmanager}}},
		Else: []services.Channel{{Command: []string{"sms"}, Needs: []string{"mail"}}}}
	same(t, "contact", c.Contacts["ops"], want)
}
