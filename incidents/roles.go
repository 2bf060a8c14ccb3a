package incidents

import (
	"lage/internal/text"
	"lage/services"
)

// bySystem marks what nobody but lage itself does. It is no role that a person can have.
const bySystem services.Role = "lage"

// needs gives the least role for an action. One that stands nowhere here is for nobody.
func needs(a Action) services.Role {
	switch a.(type) {
	case Open, Receive, Acknowledge, Note, Correct, ChangeState, SetClass, SetTime, Quieten, HandOver, Accept, Resolve,
		StartWalk, EndWalk, MarkStep, ClaimStep, StartWait, Choose, GoBack, GiveInput, SignOff, CommandStarted, CommandEnded, Exported:
		return services.Respond
	case Redact:
		return services.Admin
	case observed, reported, escalated:
		return bySystem
	}
	return ""
}

// May refuses what the person's role does not allow. Decide asks it before anything else, so that no screen and no command
// has to; those that do something besides the entry (write a file, stop a process) ask it first.
func May(by services.Person, a Action) error {
	need := needs(a)
	switch {
	case need == bySystem && by.IsSystem(), by.Role.Covers(need):
		return nil
	case need == services.Respond || need == services.Admin:
		return &Refusal{Role: true, Message: text.M("access.role_refuses", string(by.Role), string(need))}
	}
	return &Refusal{Role: true, Message: text.M("access.for_nobody")}
}
