// Package checks is about what is watched: it probes targets, judges the results over time (Next), and runs all checks on
// time (Watcher).
package checks

import (
	"context"
	"time"

	"lage/internal/text"
)

// Check is one configured measurement. Exactly one of HTTP, TCP, TLS and Command is set.
type Check struct {
	ID       string        // "service/check"
	Service  string        // ID of the service that it belongs to
	Name     string        // as shown; empty means the part of ID after the slash
	Interval time.Duration // at least one second
	Timeout  time.Duration // one deadline over all phases; never longer than Interval
	Policy   Policy
	Runbook  string // name of the runbook for its failures; may be empty
	HTTP     *HTTP
	TCP      *TCP
	TLS      *TLS
	Command  *Command
}

// Policy says how many results in a row make a state. Zero values mean 3 failures and 2 successes.
type Policy struct {
	FailAfter    int
	RecoverAfter int
}

// HTTP asks for a URL with a new connection, as a new user of the service would.
type HTTP struct {
	URL       string
	Method    string            // empty means GET
	Headers   map[string]string // values may be secret: never shown
	Body      string            // sent with the request
	Status    []int             // accepted codes; empty means 200 to 299
	Contains  string            // text that the body must hold; empty means any
	MaxTime   time.Duration     // slower is degraded; zero means no limit but the timeout
	CertDays  int               // fewer days left on the certificate is degraded; zero means no test
	Redirects int               // how many are followed (0 to 10); https to http never is
	Insecure  bool              // does not verify the certificate
}

// TCP connects to host:port, sends Send if set, and expects Expect in the answer if set.
type TCP struct {
	Address      string
	Send, Expect string
	MaxTime      time.Duration
}

// TLS shakes hands with host:port and looks at the certificate.
type TLS struct {
	Address    string
	ServerName string // empty means the host of Address
	CertDays   int
}

// Command runs an argv (never a shell) and reads it as a Nagios plugin: exit 0, 1, 2 or 3, performance data after "|".
type Command struct {
	Argv []string
	Env  map[string]string // added to a clean environment; values may be secret
	Dir  string
}

// Outcome is what one result says by itself.
type Outcome int

// The outcomes, from best to worst. Unknown is no measurement: it neither fails nor recovers a check.
const (
	Unknown Outcome = iota
	Good
	Warning // slow, or a limit is near
	Bad
)

// Result is one measurement.
type Result struct {
	Check   string
	At      time.Time     // when it began
	Latency time.Duration // zero when there was none
	Outcome Outcome
	Message text.Message // what was found, short
	Facts   []Fact       // the single conditions, for the check's detail screen; may be empty
	Perf    []Perf       // performance data of a Nagios plugin
	Detail  string       // cleaned excerpt of the answer (at most 4 KB), for the detail screen; may be empty
	ByHand  bool         // asked for by a person: shown, not counted
}

// Fact is one condition of a check and whether it held.
type Fact struct {
	OK   bool         `json:"ok"`
	Want text.Message `json:"want"`
	Got  text.Message `json:"got"`
}

// Perf is one value of Nagios performance data. The texts are ranges in plugin notation and may be empty.
type Perf struct {
	Label                string
	Value                float64
	Unit                 string
	Warn, Crit, Min, Max string
}

// Status is what a check stands at after its thresholds.
type Status string

// The statuses of a check. StatusUnknown is the zero value's meaning as well: never measured.
const (
	StatusUnknown  Status = "unknown"
	StatusUp       Status = "up"
	StatusDegraded Status = "degraded"
	StatusDown     Status = "down"
	StatusFlapping Status = "flapping"

	// StatusUnobserved is a state of intervals only: nobody measured.
	StatusUnobserved Status = "not_observed"
)

// State is where a check stands: one row per check in the store. The zero value is a check that was never measured.
type State struct {
	Check        string
	Status       Status
	Since        time.Time // when the status began: for down, the first failed result of the row
	Failures     int       // Bad results in a row
	Successes    int       // results in a row that are not Bad, Unknown left out
	FirstFailure time.Time // first Bad result of the current row; zero when there is none
	Recent       uint32    // the latest 20 counted results, newest in bit 0, 1 for Bad
	Counted      int       // how many bits of Recent are real, up to 20
	Last         Result    // the newest result
	Run          Outcome   // of the newest counted result: Good, Warning or Bad; Unknown when there is none
	RunLength    int       // counted results in a row with that outcome
	RunSince     time.Time // the first of them
	FirstSuccess time.Time // first result of the current row that is not Bad; zero when there is none
	Unknowns     int       // Unknown results in a row
	FirstUnknown time.Time // the first of them; zero when there is none
}

// Failing tells whether the check fails but has not failed often enough to be down: shown as "failing 1/3".
func (s State) Failing() bool {
	return s.Failures > 0 && s.Status != StatusDown
}

// Transition says that a check has changed its status.
type Transition struct {
	Check, Service string
	From, To       Status
	At             time.Time // when the deciding result was measured
	Since          time.Time // when the new status began: the outage is dated back to its first failed result
	Message        text.Message
}

// Recorder keeps results and states. A failing Recorder is the Watcher's to report, never a check result.
type Recorder interface {
	Record(ctx context.Context, batch []Recorded) error
}

// Recorded is one result with the state that it led to.
type Recorded struct {
	Result Result
	State  State
}

// Prober measures one target once. It returns when ctx ends, at the latest; it never panics and never returns an
// error: what goes wrong is an Outcome with a Message.
type Prober interface {
	Probe(ctx context.Context) Result
}

// Sample is one stored result, as charts need it.
type Sample struct {
	At      time.Time
	Latency time.Duration
	Outcome Outcome
}

// Bucket sums the results of one hour or day.
type Bucket struct {
	Start    time.Time
	Total    int           // counted results, Unknown left out
	Bad      int           // failed ones
	Warn     int           // slow or warning ones
	Down     time.Duration // time in status down
	P50, P95 time.Duration
	Max      time.Duration
}

// Interval is a time in which a check stood at one of up, degraded, down, unknown (measured, without an answer to the question)
// and not_observed. Every availability is computed from intervals.
type Interval struct {
	State    Status
	From, To time.Time
}

// Times sums intervals by their state.
type Times struct {
	Up, Degraded, Down, Unknown, Unobserved time.Duration
}

// Add adds a time in a state.
func (t *Times) Add(s Status, d time.Duration) {
	switch s {
	case StatusUp:
		t.Up += d
	case StatusDegraded:
		t.Degraded += d
	case StatusDown:
		t.Down += d
	case StatusUnobserved:
		t.Unobserved += d
	default:
		t.Unknown += d
	}
}

// Availability is the share of the time with an answer in which the check was not down, 0 to 1; negative where there was no
// answer at any time.
func (t Times) Availability() float64 {
	known := t.Up + t.Degraded + t.Down
	if known <= 0 {
		return -1
	}
	return float64(t.Up+t.Degraded) / float64(known)
}
