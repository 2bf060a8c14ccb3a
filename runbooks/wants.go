package runbooks

import "time"

// Wants is what a step asks for besides being done: by directives, or by forms of prose that are known. The zero value
// asks for nothing. Step embeds it.
type Wants struct {
	Wait        time.Duration // how long to wait once it is begun; zero means not at all
	WaitFor     string        // what is waited for, in the author's words; may be empty
	WaitOffered bool          // the prose speaks of the time, no directive does: a timer is offered, nothing waits for it
	Until       Until
	SignOff     *SignOff    // nil when nobody has to sign
	Asks        []Ask       // values that input directives ask for
	Expects     []string    // what a person judges before the step is done
	Only        []Condition // all must hold, or the step does not apply
	Undo        string      // "#anchor", name of a block or ID of a step that takes it back; may be empty
	Include     string      // "./helpers/login.md#rsh": what its sub-steps come from; may be empty
	Role        string      // who is to do it; empty means anybody
	Jumps       []Jump      // places that the text offers to go on at
}

// Until says that a step waits for one of our own checks. The zero value waits for none.
type Until struct {
	Check   string        // its name; empty when it waits for none
	For     time.Duration // how long the check has to be well without a break
	Timeout time.Duration // after which waiting has failed; zero means never
}

// SignOff asks for a second person.
type SignOff struct {
	Role     string // as which the person signs; empty means anybody
	Distinct bool   // not by who did the work
}

// Ask is a value that a runbook asks for once per walk.
type Ask struct {
	Name    string // as written: "<pod-name>", "NS"
	Prompt  string // may be empty
	Default string
	Pattern string   // regular expression that the whole value must match; empty means none
	Choices []string // the only values; empty means any
	Secret  bool     // never stored
}

// Condition limits a step to some walks: kind=maintenance, severity<=2.
type Condition struct {
	Key   string // "kind", "severity", or what else the author thought of
	Op    string // "=", "!=", "<", "<=", ">" or ">="
	Value string
}

// Jump is a place that the prose of a step names: "go to step 4", "skip to section Restore".
type Jump struct {
	Label string // as it stands in the text
	Step  string // ID of the step that it means
}
