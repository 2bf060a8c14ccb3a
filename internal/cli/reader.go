package cli

import (
	"context"
	"slices"
	"sync"
	"time"

	"lage/checks"
	"lage/incidents"
	"lage/internal/config"
	"lage/runbooks"
	"lage/services"
	"lage/ui"
)

// reader gives screens, status and reports what they show: the database's rows in the light of the configuration. It
// implements ui.Reader.
type reader struct {
	s *session

	mu   sync.Mutex
	lib  runbooks.Library
	errs []error // of reading it
	read time.Time
	fits proposed
	// flaws are what lint finds in runbooks, by revision.
	flaws map[string][]runbooks.Finding

	books map[string]*runbooks.Runbook // by revision; what a revision says never changes
}

// libraryPace is how often the folder of runbooks is looked at, at most.
const libraryPace = 2 * time.Second

// conf is the configuration in force; its zero value where there is none.
func (r *reader) conf() *config.Config {
	if c := r.s.inForce(); c != nil {
		return c
	}
	return &config.Config{}
}

// Picture gives the situation now.
func (r *reader) Picture(ctx context.Context) (incidents.Picture, error) {
	c, now := r.conf(), r.s.app.env.Now()
	if r.s.store == nil {
		return incidents.Assess(c.Services, r.withRunbooks(c.Checks), nil, nil, r.s.zone(), now), nil
	}
	states, err := r.s.store.States(ctx)
	if err != nil {
		return incidents.Picture{}, err
	}
	open, err := r.s.incidents(ctx, false)
	if err != nil {
		return incidents.Picture{}, err
	}
	p := incidents.Assess(c.Services, r.withRunbooks(c.Checks), states, open, r.s.zone(), now)
	p.Remarks = append(p.Remarks, r.s.diskBanners()...)
	if m := r.s.backupBanner(ctx); !m.IsZero() {
		p.Remarks = append(p.Remarks, m)
	}
	p.Poller, err = r.s.store.Poller(ctx)
	return p, err
}

// Trends gives every service's recent past.
func (r *reader) Trends(ctx context.Context) (map[string]ui.Trend, error) {
	out := map[string]ui.Trend{}
	if r.s.store == nil {
		return out, nil
	}
	past, err := r.s.store.Past(ctx, r.s.zone(), r.s.app.env.Now())
	if err != nil {
		return nil, err
	}
	for _, c := range r.conf().Checks {
		p, ok := past[c.ID]
		if !ok {
			continue
		}
		t, seen := out[c.Service]
		if !seen {
			t.Avail = -1
		}
		t.Minutes, t.Days = worst(t.Minutes, p.Minutes), worst(t.Days, p.Days)
		t.P95 = max(t.P95, p.P95)
		if a := availability(p.Days); a >= 0 && (t.Avail < 0 || a < t.Avail) {
			t.Avail = a
		}
		if c.HTTP != nil && c.HTTP.MaxTime > 0 && (t.Warn == 0 || c.HTTP.MaxTime < t.Warn) {
			t.Warn = c.HTTP.MaxTime
		}
		out[c.Service] = t
	}
	return out, nil
}

// worst merges the pasts of two checks of one service: what failed more often, or took longer, speaks for the span.
func worst(a, b []checks.Bucket) []checks.Bucket {
	if len(a) != len(b) {
		if len(a) > len(b) {
			return a
		}
		return b
	}
	out := make([]checks.Bucket, len(a))
	for i := range a {
		x, y := a[i], b[i]
		if badShare(y) > badShare(x) || x.Total == 0 {
			x, y = y, x
		}
		x.Warn, x.Down = max(x.Warn, y.Warn), max(x.Down, y.Down)
		x.P50, x.P95, x.Max = max(x.P50, y.P50), max(x.P95, y.P95), max(x.Max, y.Max)
		out[i] = x
	}
	return out
}

func badShare(b checks.Bucket) float64 {
	if b.Total == 0 {
		return 0
	}
	return float64(b.Bad) / float64(b.Total)
}

// availability is the share of measurements that did not fail; negative without any.
func availability(days []checks.Bucket) float64 {
	total, bad := 0, 0
	for _, d := range days {
		total, bad = total+d.Total, bad+d.Bad
	}
	if total == 0 {
		return -1
	}
	return 1 - float64(bad)/float64(total)
}

// Room gives everything about one incident. ErrNotFound where it does not exist.
func (r *reader) Room(ctx context.Context, id string) (incidents.Room, error) {
	if r.s.store == nil {
		return incidents.Room{}, incidents.ErrNotFound
	}
	inc, entries, walks, err := r.s.store.Room(ctx, id)
	if err != nil {
		return incidents.Room{}, err
	}
	room := incidents.Room{Incident: inc, Entries: entries}
	for _, w := range walks {
		room.Walks = append(room.Walks, r.view(ctx, w))
	}
	if room.Present, err = r.s.store.Present(ctx, id); err != nil {
		return room, err
	}
	c := r.conf()
	room.Service = services.Service{ID: room.Incident.Service}
	for _, s := range c.Services {
		if s.ID == room.Incident.Service {
			room.Service = s
		}
	}
	room.Class = r.s.plan().ClassOf(room.Incident)
	states, err := r.s.store.States(ctx)
	if err != nil {
		return room, err
	}
	for _, k := range c.Checks {
		if k.Service == room.Incident.Service {
			room.Checks = append(room.Checks, incidents.CheckPicture{Check: k, State: states[k.ID]})
		}
	}
	room.Fitting = r.proposals(&room)
	if len(room.Walks) == 0 && len(room.Fitting) > 0 {
		room.Proposed = room.Fitting[0].Book
	}
	return room.Shown(r.s.app.lang), nil
}

// view gives a walk with the revision of the runbook that it began with.
func (r *reader) view(ctx context.Context, w runbooks.Walk) incidents.WalkView {
	v := incidents.WalkView{Walk: w, Book: r.revision(ctx, w.Revision)}
	for _, d := range w.Detours {
		if b := r.revision(ctx, d.Revision); b != nil && !slices.Contains(v.Others, b) {
			v.Others = append(v.Others, b)
		}
	}
	return v
}

// keptBooks is how many runbooks of walks are kept read.
const keptBooks = 64

// revision gives a runbook as it was when a walk came to it; nil where the database does not have it.
func (r *reader) revision(ctx context.Context, sha string) *runbooks.Runbook {
	r.mu.Lock()
	defer r.mu.Unlock()
	if b := r.books[sha]; b != nil {
		return b
	}
	name, path, src, err := r.s.store.Revision(ctx, sha)
	if err != nil {
		return nil
	}
	if r.books == nil || len(r.books) >= keptBooks {
		r.books = map[string]*runbooks.Runbook{}
	}
	r.books[sha] = runbooks.Parse(name, path, []byte(src))
	return r.books[sha]
}

// named finds a runbook of the library; nil when there is none of that name.
func (r *reader) named(name string) *runbooks.Runbook {
	lib, _ := r.library() // what cannot be read is not there
	b, _ := lib.Find(name)
	return b
}

// The spans of a check's past.
const (
	rawSpan  = 6 * time.Hour       // single results up to here
	hourSpan = 8 * 24 * time.Hour  // sums of hours up to here, of days beyond
	daySpan  = 90 * 24 * time.Hour // what the bar of days shows
	changes  = 20
)

// History gives one check's past.
func (r *reader) History(ctx context.Context, check string, from, to time.Time) (h ui.History, err error) {
	st := r.s.store
	if st == nil {
		return h, nil
	}
	zone := r.s.zone()
	switch span := to.Sub(from); {
	case span <= rawSpan:
		h.Samples, err = st.Samples(ctx, check, from, to)
	case span <= hourSpan:
		h.Buckets, err = st.Hours(ctx, check, from, to)
	default:
		h.Buckets, err = st.Days(ctx, check, from, to, zone)
	}
	if err != nil {
		return h, err
	}
	now := r.s.app.env.Now()
	if h.Days, err = st.Days(ctx, check, now.Add(-daySpan), now, zone); err != nil {
		return h, err
	}
	h.Changes, err = st.Transitions(ctx, check, changes)
	return h, err
}

// Runbooks lists the library, by name.
func (r *reader) Runbooks(context.Context) ([]*runbooks.Runbook, error) {
	lib, _ := r.library() // what cannot be read is not there
	return lib.Books, nil
}

// library reads the configured folder, and what has changed in it again. A folder that cannot be read is an empty one: an
// incident has to be worked on without it. The errors say what could not be read.
func (r *reader) library() (runbooks.Library, []error) {
	folder, now := r.conf().Runbooks, r.s.app.env.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	if folder == "" {
		return runbooks.Library{}, nil
	}
	if r.lib.Dir != folder {
		r.lib, r.read = runbooks.Library{Dir: folder}, time.Time{}
	}
	if age := now.Sub(r.read); age < 0 || age >= libraryPace {
		r.lib, r.errs = r.lib.Reload()
		r.read = now
	}
	return r.lib, r.errs
}
