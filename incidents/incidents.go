// Package incidents is about what is happening: incidents, their timeline, the alarms that go out, and the Desk, the
// one door through which anything about them changes.
//
// Decide is pure: it takes what stands (Situation) and what somebody wants (an Action), and says what is to be written
// (Decision). The Desk loads, decides and writes it in one transaction through its Journal.
package incidents

import (
	"strings"
	"time"

	"lage/checks"
	"lage/internal/clean"
	"lage/internal/text"
	"lage/runbooks"
	"lage/services"
)

// State is where an incident stands.
type State string

// The states, in the order in which an incident passes through them. It may skip some, and go back from monitoring.
const (
	Detected     State = "detected"
	Acknowledged State = "acknowledged"
	Identified   State = "identified"
	Monitoring   State = "monitoring"
	Resolved     State = "resolved"
)

// States lists them in order.
func States() []State { return []State{Detected, Acknowledged, Identified, Monitoring, Resolved} }

// Incident is one disturbance of one service, from detection until a person says that it is over.
type Incident struct {
	ID           string // "INC-2026-031", the year in the configured zone
	Service      string // service ID; may be empty for an incident opened by hand
	Title        string
	State        State
	Class        string    // ID of its severity class; empty for incidents of before there were classes
	Lead         string    // who acknowledged it, or took it over
	Checks       []string  // IDs of the checks that failed in it, in order of failing
	Runbook      string    // name of the runbook proposed; may be empty
	Cause        string    // one line, given when it was resolved
	Started      time.Time // when the effect began: the first failed result, or what the person said
	Detected     time.Time
	Acknowledged time.Time // zero until then
	Mitigated    time.Time // when the effect on users ended, as a person said; zero while nobody has. See Ended
	Recovered    time.Time // when all its checks were up again; zero while one is down. A proposal to resolve, no more
	Resolved     time.Time // zero while open
	Quiet        time.Time // since when it alarms nobody any more, because somebody said that they are awake; zero while it does
	Handover     *Handover // the lead that is offered; nil while it is not
	Stage        int       // how many stages of the escalation have been alarmed
	Version      int64     // grows with every change
}

// Open tells whether nobody has resolved it.
func (i Incident) Open() bool { return i.State != Resolved }

// Short gives the ID of an incident or a walk without its year, for narrow places: "INC-031".
func Short(id string) string {
	if kind, rest, ok := strings.Cut(id, "-"); ok {
		if year, n, ok := strings.Cut(rest, "-"); ok && len(year) == 4 {
			return kind + "-" + n
		}
	}
	return id
}

// Kind says what a timeline entry is about.
type Kind string

// The kinds of entries. They are part of the export format: never rename one.
const (
	KindOpened           Kind = "opened"
	KindCheckDown        Kind = "check_down"
	KindCheckDegraded    Kind = "check_degraded"
	KindCheckUp          Kind = "check_up"
	KindRecovered        Kind = "recovered"
	KindAlertDown        Kind = "alert_down" // another tool says so
	KindAlertDegraded    Kind = "alert_degraded"
	KindAlertUp          Kind = "alert_up"
	KindAlarm            Kind = "alarm"        // handed to the outbox
	KindAlarmSent        Kind = "alarm_sent"   // accepted by the channel
	KindAlarmFailed      Kind = "alarm_failed" // given up
	KindAcknowledged     Kind = "acknowledged"
	KindNote             Kind = "note"
	KindState            Kind = "state"
	KindResolved         Kind = "resolved"
	KindWalkStarted      Kind = "walk_started"
	KindWalkEnded        Kind = "walk_ended"
	KindStepDone         Kind = "step_done"
	KindStepSkipped      Kind = "step_skipped"
	KindStepFailed       Kind = "step_failed"
	KindStepReopened     Kind = "step_reopened"
	KindStepNA           Kind = "step_na"       // does not apply here
	KindStepClaimed      Kind = "step_claimed"  // somebody works on it
	KindStepReleased     Kind = "step_released" // and no more
	KindStepSigned       Kind = "step_signed"   // signed off by a person
	KindWalkSigned       Kind = "walk_signed"   // likewise, the walk as a whole
	KindChoiceMade       Kind = "choice_made"   // the answer to a decision
	KindWentBack         Kind = "went_back"     // from the other runbook that an answer led to
	KindWaitStarted      Kind = "wait_started"
	KindInputGiven       Kind = "input_given"
	KindCommandStarted   Kind = "command_started"
	KindCommandEnded     Kind = "command_ended"
	KindExported         Kind = "exported"
	KindClass            Kind = "class"    // another severity class, with the reason
	KindTime             Kind = "time"     // one of the incident's times was corrected, with the reason
	KindQuiet            Kind = "quiet"    // no more alarms until the end
	KindHandover         Kind = "handover" // the lead is offered
	KindHandoverAccepted Kind = "handover_accepted"
	KindCorrection       Kind = "correction" // names the entry whose text it corrects
	KindRedacted         Kind = "redacted"   // names the entry whose text, name or output was erased
)

// Entry is one line of a timeline. The store gives it Seq, RecordedAt, Hash and PrevHash; it is never changed after.
// Who, Message, Command and Output can be erased later, by an entry of KindRedacted; the hashes stay valid.
type Entry struct {
	Record         string // incident ID, or the walk's where the walk has no incident
	Seq            int64  // 1, 2, 3 ... within the record
	Kind           Kind
	OccurredAt     time.Time
	RecordedAt     time.Time
	Who            services.Person
	Message        text.Message
	Check          string         // check ID for check entries
	Walk, Step     string         // for walk entries
	Run            string         // ID of the command run, for command entries
	Command        *CommandRun    // for command entries
	Output         string         // captured output, cleaned and cut; for KindCommandEnded
	Masked         []clean.Masked // what was masked in the text or the output before it was stored
	Target         int64          // for KindRedacted: seq of the erased entry; 0 where there are several. For KindCorrection: of the corrected one
	Erases         []Erase        // for KindRedacted: what it erases
	Change         *WalkChange    // what it changed of a walk; nil for others, and for those of before there was such a thing
	Erased         []string       // which of "who", "text", "output" have been erased, for showing; not hashed
	Hash, PrevHash string         // hex SHA-256
}

// WalkChange is what an entry changes of a walk: Apply does it. By, At, Did and Seq in it are empty: they follow from the
// entry.
type WalkChange struct {
	State     *runbooks.StepState // how the entry's step stands after it: status, reason, run and choice
	Wait      bool                // the step's waiting begins
	Sign      *runbooks.Sign      // a sign-off: of the entry's step, or of the walk where it names none
	Input     *runbooks.Input
	Detour    *runbooks.Detour // into another runbook
	Go        string           // key of the step where the walk goes on; empty means at the entry's own
	EndReason string           // of the walk, why something was left open
}

// CommandRun says what was run and how it ended. Command is the exact text.
type CommandRun struct {
	Command  string        `json:"command"`
	Host     string        `json:"host,omitempty"`
	Dir      string        `json:"dir,omitempty"`
	ExitCode int           `json:"exit_code"` // -1: did not start, was killed, or still runs
	Duration time.Duration `json:"duration_ns"`
	Outcome  string        `json:"outcome,omitempty"` // "" while it runs; exited, timeout, stopped, failed_to_start, lost
	Bytes    int64         `json:"bytes"`             // of output, before it was cut
	Cut      bool          `json:"cut,omitempty"`
	SHA256   string        `json:"sha256,omitempty"` // of the whole output, secrets taken out

	Terminal   bool     `json:"terminal,omitempty"`   // a person typed into it
	Redactions int      `json:"redactions,omitempty"` // how many secrets were taken out of the output
	Survivors  []string `json:"survivors,omitempty"`  // processes that could not be ended, "123 name"
	Values     []string `json:"values,omitempty"`     // names of the variables that it left to the next commands
}

// Alert is one message to one channel of one contact, waiting in the outbox or delivered.
type Alert struct {
	ID       int64
	Incident string
	Contact  string // contact ID
	Channel  services.Channel
	Subject  text.Message
	Body     text.Message // several lines
	Created  time.Time
	NextTry  time.Time
	Tries    int
	Key      string // idempotency key: the same for every try
}

// Delivery says what became of an alert.
type Delivery struct {
	Alert   Alert
	At      time.Time
	Sent    bool
	GiveUp  bool         // no more tries
	NextTry time.Time    // when neither Sent nor GiveUp
	Reason  text.Message // why not; secrets taken out
}

// Situation is what Decide needs to know. Incident is nil for a walk without one, or when there is nothing yet.
type Situation struct {
	Incident *Incident
	Walk     *runbooks.Walk          // the walk that the action names; nil if none
	Walking  []string                // names of the runbooks that the incident's open walks go through
	Entries  int64                   // how many entries the record has
	Signals  []Signal                // what other tools have said about the incident, by key
	Book     *runbooks.Runbook       // the runbook that the action's step stands in, in the walk's revision; nil where it is not known
	States   map[string]checks.State // where our checks stand; only for a step that waits for one
	Failing  []string                // checks of the incident's service that are down or flapping now
	LastBy   services.Person
	LastAt   time.Time
}

// Decision is what is to be written, all or nothing. Op makes a repeated try harmless: the same Op is written once.
type Decision struct {
	Op        string
	Incident  *Incident         // after the change; ID empty for a new one: the journal gives the next of the year
	Walk      *runbooks.Walk    // likewise
	Revision  *runbooks.Runbook // kept with a walk that begins
	Entries   []Entry
	Alerts    []Alert
	Signals   []Signal // to be kept with the incident: new keys, and old ones with their new state
	Delivered *Delivery
	Erase     []Erase
	Forget    Forget // goes from the record's walks; Incident has been blanked already
	Year      int    // year of a new ID, in the configured zone
}

// Erase blanks parts of an older entry of the same record; the redaction entry stands in the same Decision. The parts are
// who acted, the text (message and command), and a command's output.
type Erase struct {
	Seq               int64
	Who, Text, Output bool
}

// Recorded is a Decision as it was written.
type Recorded struct {
	Incident *Incident
	Walk     *runbooks.Walk
	Entries  []Entry
}
