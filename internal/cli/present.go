package cli

import (
	"context"
	"sync"
	"time"

	"lage/incidents"
)

// touchPace is how often a console says what it shows. Others forget it after half a minute.
const touchPace = 10 * time.Second

// present is the reader of a console: who opens an incident's room is shown to the others in it.
type present struct {
	*reader
	silent bool // read-only: nothing is written, not even this

	mu   sync.Mutex
	last time.Time
	in   string
}

// Room gives an incident's room, without the person who asks among those present.
func (p *present) Room(ctx context.Context, id string) (incidents.Room, error) {
	p.touch(ctx, id)
	room, err := p.reader.Room(ctx, id)
	room.Present = p.others(room.Present)
	return room, err
}

func (p *present) touch(ctx context.Context, id string) {
	now := p.s.app.env.Now()
	p.mu.Lock()
	due := !p.silent && (p.in != id || now.Sub(p.last) >= touchPace)
	if due {
		p.in, p.last = id, now
	}
	p.mu.Unlock()
	if due {
		_ = p.s.store.Touch(ctx, p.s.who, p.s.id, id) // a courtesy: showing the room is more important
	}
}

// leave says that this console looks at nothing any more.
func (s *session) leave(ctx context.Context) {
	if s.store == nil || s.store.ReadOnly() {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	_ = s.store.Touch(ctx, s.who, s.id, "") // forgotten by itself soon
}
