package runbooks

import "time"

// The JSON form of what a step asks for. Times are written as in runbooks: "10m0s".
type (
	docWants struct {
		Wait        string         `json:"wait,omitempty"`
		WaitFor     string         `json:"wait_for,omitempty"`
		WaitOffered bool           `json:"wait_offered,omitempty"`
		Until       *docUntil      `json:"until,omitempty"`
		SignOff     *docSignOff    `json:"signoff,omitempty"`
		Asks        []docAsk       `json:"asks,omitempty"`
		Expects     []string       `json:"expects,omitempty"`
		Only        []docCondition `json:"only,omitempty"`
		Undo        string         `json:"undo,omitempty"`
		Include     string         `json:"include,omitempty"`
		Role        string         `json:"role,omitempty"`
		Jumps       []docJump      `json:"jumps,omitempty"`
	}
	docUntil struct {
		Check   string `json:"check"`
		For     string `json:"for,omitempty"`
		Timeout string `json:"timeout,omitempty"`
	}
	docSignOff struct {
		Role     string `json:"role,omitempty"`
		Distinct bool   `json:"distinct,omitempty"`
	}
	docAsk struct {
		Name    string   `json:"name"`
		Prompt  string   `json:"prompt,omitempty"`
		Default string   `json:"default,omitempty"`
		Pattern string   `json:"pattern,omitempty"`
		Choices []string `json:"choices,omitempty"`
		Secret  bool     `json:"secret,omitempty"`
	}
	docCondition struct {
		Key   string `json:"key"`
		Op    string `json:"op"`
		Value string `json:"value"`
	}
	docJump struct {
		Label string `json:"label"`
		Step  string `json:"step"`
	}
)

// docWantsOf gives nil when a step asks for nothing.
func docWantsOf(w Wants) *docWants {
	d := docWants{Wait: span(w.Wait), WaitFor: w.WaitFor, WaitOffered: w.WaitOffered, Expects: w.Expects, Undo: w.Undo, Include: w.Include, Role: w.Role}
	asked := d.Wait != "" || len(d.Expects) > 0 || d.Undo != "" || d.Include != "" || d.Role != ""
	if w.Until.Check != "" {
		d.Until = &docUntil{w.Until.Check, span(w.Until.For), span(w.Until.Timeout)}
	}
	if w.SignOff != nil {
		s := docSignOff(*w.SignOff)
		d.SignOff = &s
	}
	for _, a := range w.Asks {
		d.Asks = append(d.Asks, docAsk(a))
	}
	for _, c := range w.Only {
		d.Only = append(d.Only, docCondition(c))
	}
	for _, j := range w.Jumps {
		d.Jumps = append(d.Jumps, docJump(j))
	}
	if !asked && d.Until == nil && d.SignOff == nil && len(d.Asks)+len(d.Only)+len(d.Jumps) == 0 {
		return nil
	}
	return &d
}

func span(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return d.String()
}
