package incidents

import (
	"time"

	"lage/checks"
	"lage/internal/text"
	"lage/runbooks"
	"lage/services"
)

// Standing is where a service stands, made of its checks by Assess.
type Standing string

// The standings of a service; the words are those of the JSON output.
const (
	Up          Standing = "up"
	Degraded    Standing = "degraded"
	Partial     Standing = "partial"
	Down        Standing = "down"
	Flapping    Standing = "flapping"
	Maintenance Standing = "maintenance"
	Unknown     Standing = "unknown"
)

// Picture is the situation at one moment (German: Lagebild): what board, status text and public page are drawn from.
type Picture struct {
	At        time.Time
	Services  []ServicePicture // in the order of the configuration
	Incidents []Incident       // open ones, oldest first
	Poller    Poller
	Remarks   []text.Message // what else people should know about lage itself: backups that fail
}

// ServicePicture is one service as measured.
type ServicePicture struct {
	Service  services.Service
	Standing Standing  // always the measured one
	Since    time.Time // when it began; zero when never measured
	InHours  bool      // within service hours now
	Changes  time.Time // when InHours changes next; zero if never
	Checks   []CheckPicture
}

// CheckPicture is one check with its configuration.
type CheckPicture struct {
	Check checks.Check
	State checks.State
}

// Poller says who measures, and how fresh the measurements are.
type Poller struct {
	Owner   string // "run", "console" or "" when nobody holds the lease
	Host    string
	PID     int
	Last    time.Time // newest stored result; zero when there is none
	Until   time.Time // when the lease runs out, or ended; zero when nobody has ever held it
	Late    int64     // checks that started later than one slot after they were due, since the poller's start
	Trouble string    // why results are not stored, empty when they are
}

// Room is everything about one incident that its screen, its export and `lage incident show` need.
type Room struct {
	Incident Incident
	Service  services.Service  // zero when the service left the configuration
	Class    services.Class    // the incident's; zero for incidents of before there were classes
	Checks   []CheckPicture    // the service's checks now
	Entries  []Entry           // in order of Seq
	Walks    []WalkView        // oldest first
	Proposed *runbooks.Runbook // what the incident's runbook is now, when no walk has begun; may be nil
	Fitting  []runbooks.Match  // the runbooks that fit, the best first: the one named for it by the configuration or a person before all
	Present  []services.Person // who else looks at it
}

// WalkView is a walk with the revision of the runbook that it began with.
type WalkView struct {
	Walk   runbooks.Walk
	Book   *runbooks.Runbook
	Others []*runbooks.Runbook // that answers led to, in order of their first visit
}

// Here gives the runbook that the walk is in now: its own, or the one that an answer led to; nil where it is not known.
func (v WalkView) Here() *runbooks.Runbook {
	d, away := v.Walk.Here()
	if !away {
		return v.Book
	}
	for _, b := range v.Others {
		if b.Name == d.Runbook {
			return b
		}
	}
	return nil
}

// WalkRoom is everything about one walk that its export and `lage walk show` need.
type WalkRoom struct {
	WalkView
	Entries []Entry           // that speak about it, in order of Seq
	Changed bool              // the runbook's file has changed since it began
	Present []services.Person // who else looks at it
}

// RunState is what is known of a command run.
type RunState struct {
	Output string // cleaned, cut in the middle where it is long
	Ended  bool
	Result CommandRun // complete when Ended; before: Command, Host, Bytes so far
}
