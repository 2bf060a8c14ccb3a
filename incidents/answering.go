package incidents

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"

	"lage/internal/clean"
	"lage/internal/text"
	"lage/runbooks"
	"lage/services"
)

// choose records the answer to a decision and goes where it leads: to a step of this runbook, or into another one.
func (d *draft) choose(a Choose) error {
	if err := d.inWalk(a.Step); err != nil {
		return err
	}
	if err := d.seenStep(a.Step, a.Seen); err != nil {
		return err
	}
	label, title := clean.Line(a.Label), clean.Line(a.Title)
	if label == "" || len(label) > maxTitle {
		return refuse("incidents.no_choice", label)
	}
	target := a.Target
	if st := d.step(a.Step); st != nil && len(st.Choices) > 0 {
		i := slices.IndexFunc(st.Choices, func(c runbooks.Choice) bool { return strings.EqualFold(c.Label, label) })
		if i < 0 {
			return refuse("incidents.no_choice", label)
		}
		label, target = st.Choices[i].Label, st.Choices[i].Target
	}
	c := &WalkChange{State: &runbooks.StepState{Status: runbooks.StepDone, Choice: label, Run: d.walk.Steps[a.Step].Run}}
	m := text.M("incidents.choice_made", title, label)
	switch {
	case a.Into != nil && a.Into.Name != d.walk.Runbook:
		if rev := d.walk.Revised(a.Into.Name); rev != "" && rev != a.Into.Revision {
			return refuse("incidents.other_revision", a.Into.Title)
		}
		c.Detour = &runbooks.Detour{Runbook: a.Into.Name, Revision: a.Into.Revision, Title: a.Into.Title, Back: a.Step}
		d.out.Revision = a.Into
		w := d.walk.Clone()
		w.Detours = append(w.Detours, *c.Detour)
		if id := runbooks.Target(a.Into, target); id != "" {
			c.Go = w.Key(a.Into, id)
		}
		m = text.M("incidents.choice_made_into", title, label, a.Into.Title)
	case d.s.Book != nil && strings.HasPrefix(target, "#"):
		if id := runbooks.Target(d.s.Book, target); id != "" {
			c.Go = d.walk.Key(d.s.Book, id)
		}
	}
	d.change(Entry{Kind: KindChoiceMade, Step: a.Step, Message: m, Change: c})
	return nil
}

// goBack leaves the runbook that an answer led to.
func (d *draft) goBack() error {
	if err := d.inWalk(""); err != nil {
		return err
	}
	here, ok := d.walk.Here()
	if !ok {
		return refuse("incidents.nowhere_back")
	}
	d.change(Entry{Kind: KindWentBack, Message: text.M("incidents.went_back", here.Title), Change: &WalkChange{Go: here.Back}})
	return nil
}

// giveInput keeps a value that the runbook asks for. Secrets are never kept.
func (d *draft) giveInput(a GiveInput) error {
	if err := d.inWalk(""); err != nil {
		return err
	}
	name, value, id := clean.Line(a.Name), clean.Line(a.Value), runbooks.InputName(a.Name)
	if id == "" || len(name) > maxTitle {
		return refuse("incidents.no_input", name)
	}
	asks := runbooks.Asks(d.s.Book)
	i := slices.IndexFunc(asks, func(k runbooks.Ask) bool { return runbooks.InputName(k.Name) == id })
	switch {
	case d.s.Book != nil && i < 0:
		return refuse("incidents.no_input", name)
	case i >= 0:
		if err := allows(asks[i], value); err != nil {
			return err
		}
	}
	switch {
	case value != strings.TrimSpace(a.Value), value == "", len(value) > maxTitle*4:
		return refuse("incidents.bad_input", name)
	case !runbooks.Safe(value) && !a.Confirmed && (i < 0 || !slices.Contains(asks[i].Choices, value)):
		return refuse("incidents.unsafe_input", name, value)
	case d.walk.Inputs[id].Value == value:
		return nil
	}
	d.change(Entry{Kind: KindInputGiven, Message: text.M("incidents.input_given", name, value), Change: &WalkChange{Input: &runbooks.Input{Name: name, Value: value}}})
	return nil
}

// allows tells whether a value is one that is asked for.
func allows(k runbooks.Ask, value string) error {
	name := clean.Line(k.Name)
	switch {
	case k.Secret:
		return refuse("incidents.input_secret", name)
	case len(k.Choices) > 0 && !slices.Contains(k.Choices, value):
		return refuse("incidents.input_choices", name, strings.Join(k.Choices, ", "))
	case k.Pattern != "":
		re, err := regexp.Compile(`\A(?:` + k.Pattern + `)\z`)
		if err == nil && !re.MatchString(value) {
			return refuse("incidents.input_pattern", name, k.Pattern)
		}
	}
	return nil
}

// signOff signs a step, or the walk as a whole. Who did the work cannot sign for it.
func (d *draft) signOff(a SignOff) error {
	if d.s.Book != nil && a.Step != "" && d.step(a.Step) == nil {
		return refuse("incidents.no_step", a.Step)
	}
	note := d.plan.Mask.Text(clean.Line(a.Note))
	if len(note) > maxTitle*4 {
		return refuse("incidents.too_long", maxTitle*4)
	}
	me := d.r.By.Name
	want := runbooks.SignOff{Distinct: true}
	have, did := d.walk.Signed, []string{}
	if a.Step != "" {
		st := d.walk.Steps[a.Step]
		have, did = st.Signed, d.performers(st)
		if so := d.wants(a.Step).SignOff; so != nil {
			want = *so
		}
	} else {
		for _, st := range d.walk.Steps {
			did = append(did, st.Did...)
		}
	}
	switch {
	case slices.ContainsFunc(have, func(s runbooks.Sign) bool { return s.By == me }):
		return refuse("incidents.signed_already", me)
	case want.Distinct && slices.Contains(did, me):
		return &Refusal{Role: true, Message: text.M("incidents.sign_other", me)}
	case !d.signsAs(want.Role):
		return &Refusal{Role: true, Message: text.M("incidents.sign_role", want.Role)}
	}
	c := &WalkChange{Sign: &runbooks.Sign{Role: want.Role, Note: note}}
	if a.Step == "" {
		d.change(Entry{Kind: KindWalkSigned, Message: signMessage("incidents.walk_signed", "incidents.walk_signed_note", d.walk.Title, note), Change: c})
		return nil
	}
	if err := d.signable(a.Step, c); err != nil {
		return err
	}
	d.change(Entry{Kind: KindStepSigned, Step: a.Step, Message: signMessage("incidents.step_signed", "incidents.step_signed_note", clean.Line(a.Title), note), Change: c})
	return nil
}

func signMessage(bare, noted, title, note string) text.Message {
	if note == "" {
		return text.M(bare, title)
	}
	return text.M(noted, title, note)
}

// signable refuses to sign what has not been done. A step that asks for nothing but the signature is done by it.
func (d *draft) signable(step string, c *WalkChange) error {
	cur := d.walk.Steps[step]
	switch st := d.step(step); {
	case cur.Status == runbooks.StepDone || cur.Status == runbooks.StepFailed:
		return nil
	case cur.Status != runbooks.StepTodo, st != nil && runbooks.Runs(st):
		return refuse("incidents.sign_not_done")
	}
	if err := d.inWalk(step); err != nil {
		return err
	}
	c.State = &runbooks.StepState{Status: runbooks.StepDone, Run: cur.Run}
	return nil
}

// performers lists who did what a signature is about: who worked at the step, or, where nobody did, who marked a step
// last, or who began the walk.
func (d *draft) performers(st runbooks.StepState) []string {
	if len(st.Did) > 0 {
		return st.Did
	}
	last, at := d.walk.StartedBy, time.Time{}
	for _, s := range d.walk.Steps {
		if len(s.Did) > 0 && s.At.After(at) {
			last, at = s.By, s.At
		}
	}
	return []string{last}
}

// signsAs tells whether the person may sign as what the runbook asks for. One of our own roles has to be theirs, and an
// incident's lead has to lead it; any other word is written down as the capacity in which they sign.
func (d *draft) signsAs(role string) bool {
	switch r := services.Role(role); {
	case slices.Contains(services.Roles(), r):
		return d.role.Covers(r)
	case d.inc != nil && slices.Contains([]string{"lead", "ic", "leitung"}, strings.ToLower(role)):
		return cmp.Or(d.inc.Lead, d.r.By.Name) == d.r.By.Name
	}
	return true
}
