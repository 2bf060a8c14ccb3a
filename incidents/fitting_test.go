package incidents

import (
	"strings"
	"testing"

	"lage/checks"
	"lage/internal/text"
	"lage/runbooks"
	"lage/services"
)

// TestRunbookOf: what the configuration names comes first, then what fits, with all that is known handed over.
func TestRunbookOf(t *testing.T) {
	var asked runbooks.Wanted
	plan := Plan{
		AutoOpen: true,
		Services: []services.Service{{ID: "a"}, {ID: "b", Runbook: "of-service"}},
		Checks:   []checks.Check{{ID: "a/x", Service: "a"}, {ID: "a/y", Service: "a", Runbook: "of-check"}, {ID: "b/z", Service: "b"}},
		Fitting: func(w runbooks.Wanted) []runbooks.Match {
			asked = w
			return []runbooks.Match{{Book: &runbooks.Runbook{Name: "fits"}}, {Book: &runbooks.Runbook{Name: "other"}}}
		},
	}
	opened := func(do Action) string {
		t.Helper()
		asked = runbooks.Wanted{}
		d, err := Decide(Situation{}, Request{By: services.System(), Do: do}, plan, start)
		if err != nil || d.Incident == nil {
			t.Fatal(d, err)
		}
		return d.Incident.Runbook
	}
	fails := func(check, service string) Action {
		return observed{tr: checks.Transition{Check: check, Service: service, To: checks.StatusDown, Since: start, Message: text.M("incidents.alarm_no_message")}}
	}
	if got := opened(fails("a/y", "a")); got != "of-check" || asked.Service != "" {
		t.Errorf("%s %+v", got, asked)
	}
	if got := opened(fails("b/z", "b")); got != "of-service" || asked.Service != "" {
		t.Errorf("%s %+v", got, asked)
	}
	if got := opened(fails("a/x", "a")); got != "fits" || asked.Checks[0] != "a/x" || asked.Service != "a" || len(asked.Said) != 2 || asked.Said[0] == asked.Said[1] {
		t.Errorf("%s %+v", got, asked)
	}
	alert := Receive{Key: "k", Service: "a", State: Down, Message: text.Raw("pool exhausted"), Labels: map[string]string{"team": "db"}}
	if got := opened(alert); got != "fits" || asked.Labels["team"] != "db" || !strings.Contains(strings.Join(asked.Said, " "), "pool exhausted") {
		t.Errorf("%s %+v", got, asked)
	}
	alert.Runbook = "of-alert"
	if got := opened(alert); got != "of-alert" {
		t.Error(got)
	}
	if got := opened(Open{Title: "Something", Service: "a"}); got != "fits" || asked.Said[0] != "Something" {
		t.Errorf("%s %+v", got, asked)
	}
	plan.Fitting = nil
	if got := opened(fails("a/x", "a")); got != "" {
		t.Error(got)
	}
}
