package cli

import (
	"bytes"
	"context"
	"slices"

	"lage/incidents"
	"lage/services"
)

// endedWalks is how many walks that ended are listed in the console: they can still be signed off.
const endedWalks = 20

// Walk gives everything about one walk.
func (r *reader) Walk(ctx context.Context, id string) (incidents.WalkRoom, error) {
	if r.s.store == nil {
		return incidents.WalkRoom{}, incidents.ErrNotFound
	}
	room, err := r.s.walkRoom(ctx, id)
	if err != nil {
		return room, err
	}
	room.Present, err = r.s.store.Present(ctx, id)
	return room, err
}

// Walks lists the walks that are records of their own: those that go on, then the last ones that ended.
func (r *reader) Walks(ctx context.Context) ([]incidents.WalkView, error) {
	if r.s.store == nil {
		return nil, nil
	}
	list, err := r.s.store.Walks(ctx, false)
	if err != nil {
		return nil, err
	}
	var open, ended []incidents.WalkView
	for _, w := range list {
		switch {
		case w.Incident != "":
		case w.EndedAt.IsZero():
			open = append(open, r.view(ctx, incidents.ShownWalk(w, r.s.app.lang)))
		case len(ended) < endedWalks:
			ended = append(ended, r.view(ctx, incidents.ShownWalk(w, r.s.app.lang)))
		}
	}
	return slices.Concat(open, ended), nil
}

// Walk gives a walk's room, without the person who asks among those present.
func (p *present) Walk(ctx context.Context, id string) (incidents.WalkRoom, error) {
	p.touch(ctx, id)
	room, err := p.reader.Walk(ctx, id)
	room.Present = p.others(room.Present)
	return room, err
}

// others leaves the person who asks out.
func (p *present) others(list []services.Person) []services.Person {
	me := p.s.who
	me.Role = "" // the others' is not known
	return slices.DeleteFunc(list, func(o services.Person) bool { return o == me })
}

// document writes up what a record is about: an incident, or a walk without one.
func (e exporter) document(ctx context.Context, id string) ([]byte, error) {
	var b bytes.Buffer
	if walkRef.MatchString(id) {
		room, err := e.s.walkRoom(ctx, id)
		if err != nil {
			return nil, err
		}
		err = e.s.writeWalk(&b, room, "md")
		return b.Bytes(), err
	}
	room, err := e.s.reader.Room(ctx, id)
	if err != nil {
		return nil, err
	}
	err = e.s.writeIncident(&b, room, "md")
	return b.Bytes(), err
}
