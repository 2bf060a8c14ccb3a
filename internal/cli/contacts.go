package cli

import (
	"context"
	"slices"
	"strings"
	"time"

	"lage/incidents"
	"lage/internal/text"
	"lage/services"
)

func contactCommands() []command {
	return []command{
		{name: "contacts", args: "[SERVICE]", max: 1, group: groupIncidents, short: "calling.short", long: "calling.long", run: runContacts,
			flags: []flag{{name: "now", help: "calling.flag_now"}}},
	}
}

type contactsJSON struct {
	Schema   string        `json:"schema"`
	At       time.Time     `json:"at"`
	Service  string        `json:"service,omitempty"`
	Stages   []stageJSON   `json:"stages,omitempty"` // of the service's escalation
	Contacts []contactJSON `json:"contacts"`
}

type stageJSON struct {
	After    float64  `json:"after_seconds"`
	Contacts []string `json:"contacts"`
	Called   []string `json:"called"` // who would be called now
}

type contactJSON struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	Channels  []string   `json:"channels"` // email, command, webhook
	Fallback  []string   `json:"fallback,omitempty"`
	Hours     string     `json:"hours"`
	Reachable bool       `json:"reachable"` // within its hours now
	Deputies  []string   `json:"deputies,omitempty"`
	Called    string     `json:"called"` // contact that would be called now; empty where nobody would be
	Shift     *shiftJSON `json:"shift"`  // of the rota; null where there is none, or nobody is on call
	Next      *shiftJSON `json:"next"`
}

type shiftJSON struct {
	Contact string    `json:"contact"`
	Name    string    `json:"name"`
	From    time.Time `json:"from"`
	Until   time.Time `json:"until"`
}

// runContacts says who is called, and who would be now.
func runContacts(ctx context.Context, a *app) error {
	s, err := a.look(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	a.zone = s.zone()
	plan, now := s.plan(), a.env.Now()
	out := contactsJSON{Schema: "lage/contacts/v1", At: now.UTC(), Contacts: []contactJSON{}}
	var wanted []string
	if len(a.args) > 0 {
		svc, err := serviceOf(plan, a.args[0])
		if err != nil {
			return err
		}
		out.Service = svc.ID
		for _, st := range svc.Escalation {
			j := stageJSON{After: st.After.Seconds(), Contacts: st.Notify, Called: []string{}}
			for _, id := range st.Notify {
				if c := called(plan, id, now); c != "" {
					j.Called = append(j.Called, c)
				}
				wanted = append(wanted, id)
			}
			out.Stages = append(out.Stages, j)
		}
	}
	for id := range plan.Contacts {
		if out.Service == "" || slices.Contains(wanted, id) {
			out.Contacts = append(out.Contacts, contactOf(plan, id, now))
		}
	}
	if a.on("now") { // only who would be called now, each once
		out.Contacts = calledOnly(plan, out.Contacts, now)
	}
	slices.SortFunc(out.Contacts, func(x, y contactJSON) int { return strings.Compare(x.ID, y.ID) })
	if a.on("json") {
		return a.json(out)
	}
	a.contactsText(plan, out)
	return nil
}

func serviceOf(plan incidents.Plan, id string) (services.Service, error) {
	var ids []string
	for _, s := range plan.Services {
		if s.ID == id {
			return s, nil
		}
		ids = append(ids, s.ID)
	}
	return services.Service{}, &fault{code: exitNotFound, msg: text.M("cli.err_service", id, strings.Join(ids, ", "))}
}

// called gives the ID of who would be called for a contact; empty where nobody would be.
func called(plan incidents.Plan, id string, now time.Time) string {
	c, _ := services.OnCall(plan.Contacts, id, now)
	if len(c.Via) == 0 {
		return ""
	}
	return c.ID
}

func contactOf(plan incidents.Plan, id string, now time.Time) contactJSON {
	c := plan.Contacts[id]
	j := contactJSON{ID: id, Name: c.Name, Channels: channelNames(c.Via), Fallback: channelNames(c.Else), Hours: c.Hours.String(),
		Reachable: c.Hours.Contains(now), Deputies: c.Deputies, Called: called(plan, id, now)}
	shift := func(t time.Time) *shiftJSON {
		s, ok := c.Rota.ShiftAt(t)
		if !ok {
			return nil
		}
		return &shiftJSON{Contact: s.Contact, Name: plan.Contacts[s.Contact].Name, From: s.From.UTC(), Until: s.Until.UTC()}
	}
	if j.Shift = shift(now); j.Shift != nil {
		j.Next = shift(j.Shift.Until)
	}
	return j
}

// calledOnly gives those whom the contacts come down to now.
func calledOnly(plan incidents.Plan, list []contactJSON, now time.Time) []contactJSON {
	out := []contactJSON{}
	seen := map[string]bool{"": true}
	for _, c := range list {
		if !seen[c.Called] {
			seen[c.Called] = true
			out = append(out, contactOf(plan, c.Called, now))
		}
	}
	return out
}

func channelNames(list []services.Channel) []string {
	out := []string{}
	for _, ch := range list {
		switch {
		case ch.Email != "":
			out = append(out, "email")
		case ch.Webhook.URL != "":
			out = append(out, "webhook")
		default:
			out = append(out, "command")
		}
	}
	return out
}

func (a *app) contactsText(plan incidents.Plan, out contactsJSON) {
	names := func(ids []string) string {
		var n []string
		for _, id := range ids {
			n = append(n, plan.Contacts[id].Name)
		}
		return strings.Join(n, ", ")
	}
	for _, st := range out.Stages {
		a.println(a.t("calling.stage", time.Duration(st.After*float64(time.Second)), names(st.Contacts), names(st.Called)))
	}
	if len(out.Contacts) == 0 {
		a.println(a.t("calling.none"))
		return
	}
	var rows [][]string
	for _, c := range out.Contacts {
		who := a.t("calling.nobody")
		if c.Called != "" {
			who = plan.Contacts[c.Called].Name
		}
		if c.Shift != nil {
			who = a.t("calling.until", who, text.DateTime(a.lang, c.Shift.Until.In(a.zone)))
		}
		rows = append(rows, []string{c.ID, c.Name, a.channelWords(plan.Contacts[c.ID].Via), a.t("calling.now", who)})
	}
	columns(a.out, rows)
}

func (a *app) channelWords(list []services.Channel) string {
	var words []string
	for _, ch := range list {
		words = append(words, incidents.ChannelWord(ch).In(a.lang))
	}
	return strings.Join(words, ", ")
}
