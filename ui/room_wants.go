package ui

import (
	"strings"
	"time"

	"lage/checks"
	"lage/incidents"
	"lage/runbooks"
)

// states gives where our checks stand, as the newest picture has them.
func (e *env) states() map[string]checks.State {
	out := map[string]checks.State{}
	for _, s := range e.picture.Services {
		for _, c := range s.Checks {
			out[c.Check.ID] = c.State
		}
	}
	return out
}

// waits tells whether a step still waits for a time or for a check.
func (r *room) waits(e *env, s *runbooks.Step) bool {
	since := r.status(s.ID).WaitSince
	if s.Wait > 0 && !s.WaitOffered && incidents.WaitLeft(s.Wait, since, e.now) > 0 {
		return true
	}
	return s.Until.Check != "" && !incidents.Await(s.Until, since, e.states(), e.now).Met
}

// wantLines say what a step asks for besides being done: answers, waits, checks, sign-offs, what a person has to judge.
func (r *room) wantLines(e *env, s *runbooks.Step, w int) []string {
	var out []string
	add := func(mark, words string) {
		for i, l := range wrapLines(words, max(1, w-2)) {
			if i > 0 {
				mark = strings.Repeat(" ", cells(mark))
			}
			out = append(out, mark+" "+l)
		}
	}
	st := r.status(s.ID)
	if risk := stepRisk(s); r.drill() && risk != "" && risk != runbooks.RiskRead {
		add(e.style.dot, e.t("walkui.only_shown"))
	}
	if st.Choice != "" {
		add(e.style.filled, e.t("walkui.chosen", st.Choice))
	}
	for _, c := range s.Only {
		add(e.style.dot, e.t("walkui.only", c.Key+c.Op+c.Value))
	}
	for _, x := range s.Expects {
		add(e.style.dot, e.t("walkui.expects", x))
	}
	if s.Optional && !st.Status.Over() {
		add(e.style.dot, e.t("walkui.optional"))
	}
	for _, l := range r.waitLines(e, s, st) {
		add(e.style.dot, l)
	}
	for _, j := range s.Jumps {
		if to := r.book.Step(j.Step); to != nil && !st.Status.Over() {
			add(">", e.t("walkui.jump_to", stepName(to)))
		}
	}
	for _, l := range r.signLines(e, s, st) {
		add(e.style.person, l)
	}
	if st.ClaimedBy != "" {
		add(e.style.here, e.t("walkui.claimed_by", st.ClaimedBy, e.clock(st.ClaimedAt)))
	}
	return out
}

// waitLines say how long a step waits still, and where the check stands that it waits for.
func (r *room) waitLines(e *env, s *runbooks.Step, st runbooks.StepState) []string {
	if st.Status.Over() {
		return nil
	}
	var out []string
	left := incidents.WaitLeft(s.Wait, st.WaitSince, e.now)
	what := ""
	if s.WaitFor != "" {
		what = ": " + e.show(s.WaitFor)
	}
	switch {
	case s.Wait <= 0:
	case st.WaitSince.IsZero() && s.WaitOffered:
		out = append(out, e.t("walkui.wait_offered", s.Wait))
	case st.WaitSince.IsZero():
		out = append(out, e.t("walkui.wait_asked", s.Wait)+what)
	case left > 0:
		out = append(out, e.t("walkui.wait_left", tens(left), e.clock(st.WaitSince.Add(s.Wait)))+what)
	default:
		out = append(out, e.t("walkui.wait_over", e.clock(st.WaitSince.Add(s.Wait))))
	}
	u := s.Until
	if u.Check == "" {
		return out
	}
	a, state := incidents.Await(u, st.WaitSince, e.states(), e.now), e.states()[u.Check]
	words := e.style.state(checkStanding(state.Status)) + " " + e.t("walkui.until", u.Check, e.word(checkStanding(state.Status)))
	switch {
	case a.Met:
		words += " " + e.style.tick
	case a.OKFor > 0 || a.Left > 0:
		words += ", " + e.t("walkui.until_left", tens(a.Left))
	case a.TimedOut:
		words += ", " + e.t("walkui.until_late", u.Timeout)
	case u.For > 0:
		words += ", " + e.t("walkui.until_for", u.For)
	}
	return append(out, words)
}

// tens rounds up to ten seconds, so that what counts down does not flicker, and every console shows the same.
func tens(d time.Duration) time.Duration {
	return (d + tickEvery - 1).Truncate(tickEvery)
}

// stepNote says in the list of steps who works on one, or what it waits for; empty for most.
func (r *room) stepNote(e *env, s *runbooks.Step) string {
	st := r.status(s.ID)
	switch {
	case st.ClaimedBy != "":
		return e.style.here + " " + e.show(st.ClaimedBy)
	case s.SignOff != nil && st.Status.Over() && st.Status != runbooks.StepSkipped && st.Status != runbooks.StepNA && len(st.Signed) == 0:
		return e.style.person + " " + e.t("walkui.state_unsigned")
	case st.Status.Over() || st.WaitSince.IsZero() || !r.waits(e, s):
		return ""
	case s.Until.Check != "":
		return e.t("walkui.waits_for", s.Until.Check)
	}
	return e.t("walkui.waits_until", e.clock(st.WaitSince.Add(s.Wait)))
}

// signLines say who has signed, or who has to.
func (r *room) signLines(e *env, s *runbooks.Step, st runbooks.StepState) []string {
	if s.SignOff == nil {
		return nil
	}
	var out []string
	for _, x := range st.Signed {
		out = append(out, e.t("walkui.signed_by", x.By, e.clock(x.At)))
	}
	if len(out) > 0 {
		return out
	}
	role := s.SignOff.Role
	switch {
	case s.SignOff.Distinct && role != "":
		return []string{e.t("walkui.sign_wanted_other_role", role)}
	case s.SignOff.Distinct:
		return []string{e.t("walkui.sign_wanted_other")}
	case role != "":
		return []string{e.t("walkui.sign_wanted_role", role)}
	}
	return []string{e.t("walkui.sign_wanted")}
}

// wantHint says what to do about what the step waits for; empty where it waits for nothing.
func (r *room) wantHint(e *env, s *runbooks.Step) string {
	st, me := r.status(s.ID), e.Options.Person.Name
	unsigned := s.SignOff != nil && len(st.Signed) == 0
	open := !st.Status.Over()
	switch {
	case st.Status == runbooks.StepRunning:
		return ""
	case unsigned && !open && performed(st, me):
		return e.t("walkui.hint_sign_other")
	case unsigned && !open:
		return e.t("walkui.hint_sign")
	case !open:
		if h := r.unsignedHint(e); h != "" || st.Status != runbooks.StepNA {
			return h
		}
		if next := r.place(r.next()); next >= 0 {
			return e.t("room.hint_still_open", stepName(r.flat[next].Step))
		}
		return ""
	case st.ClaimedBy != "" && st.ClaimedBy != me:
		return e.t("walkui.hint_claimed", st.ClaimedBy)
	case s.Kind == runbooks.Decision && !runbooks.Runs(s):
		return e.t("walkui.hint_decide")
	case s.Waits() && st.WaitSince.IsZero() && !runbooks.Runs(s):
		return e.t("walkui.hint_wait")
	case s.Waits() && !st.WaitSince.IsZero() && r.waits(e, s):
		return e.t("walkui.hint_waiting")
	case s.Waits() && !st.WaitSince.IsZero():
		return e.t("walkui.hint_waited")
	}
	return ""
}

func performed(st runbooks.StepState, me string) bool {
	for _, who := range st.Did {
		if who == me {
			return true
		}
	}
	return false
}

// unsignedHint names the first step that is done and waits for somebody's signature.
func (r *room) unsignedHint(e *env) string {
	for _, f := range r.flat {
		st := r.status(f.Step.ID)
		if f.Step.SignOff == nil || len(st.Signed) > 0 || st.Status != runbooks.StepDone && st.Status != runbooks.StepFailed {
			continue
		}
		if performed(st, e.Options.Person.Name) {
			return e.t("walkui.hint_unsigned", stepName(f.Step))
		}
		return e.t("walkui.hint_unsigned_you", stepName(f.Step))
	}
	return ""
}

// next is the step to do next, whether the walk has begun or not: the one at which the walk stands, else the first to do
// behind it; empty where none is left.
func (r *room) next() string {
	w := runbooks.Walk{}
	if c := r.current(); c != nil {
		w = *c
	}
	book, at := runbooks.SplitKey(w.Current)
	if book != "" && book != r.book.Name || r.place(at) < 0 {
		at = ""
	}
	if at != "" && w.At(r.book, at).Status == runbooks.StepTodo {
		return at
	}
	return runbooks.NextOpen(r.book, w, at)
}
