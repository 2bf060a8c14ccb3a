package incidents

import (
	"context"
	"errors"
	"time"
)

// ErrNotFound says that there is no such incident or walk.
var ErrNotFound = errors.New("not found")

// ErrStale says that the record changed between reading and writing. The Desk reads and decides again.
var ErrStale = errors.New("changed by somebody else in the meantime")

// Journal keeps incidents, walks, timelines and the outbox. store implements it.
type Journal interface {
	// Situation reads what stands for an incident ("INC-...") or a walk ("W-..."); walk may name a walk of the incident,
	// or be empty. ErrNotFound if one of them does not exist.
	Situation(ctx context.Context, record, walk string) (Situation, error)
	// OpenIncidents lists the incidents that are not resolved, oldest first; of one service, or of all where it is empty.
	OpenIncidents(ctx context.Context, service string) ([]Incident, error)
	// Record writes a decision in one transaction, with synchronous=FULL, and gives what was written (with IDs, seqs and
	// hashes). ErrStale if Incident.Version or Walk.Version is not one more than what is stored, or if a new incident's
	// service has got an open one in the meantime. A decision whose Op is already written is not written again: the
	// stored outcome is returned.
	Record(ctx context.Context, d Decision) (Recorded, error)
	// Due lists the open incidents that nobody has acknowledged, oldest first.
	Due(ctx context.Context, now time.Time) ([]Incident, error)
}
