package cli

import (
	"bytes"
	"context"
	"time"

	"lage/internal/text"
	"lage/store"
)

// anchorPace is how often the poller looks whether there is something to anchor.
const anchorPace = 5 * time.Second

// anchors writes the newest entry of each timeline that was written to into the log, which the journal keeps: by whichever process
// the entry was written. At its start it anchors the newest entry of all, so that each journal has one.
func (p *poller) anchors(ctx context.Context) {
	var seen int64
	for first := true; ; first = false {
		list, newest, err := p.s.store.Heads(ctx, seen)
		if err == nil && first && len(list) > 1 {
			list = list[len(list)-1:]
		}
		for _, a := range list {
			p.say(text.M("backup.anchor", a.String()))
		}
		seen = newest
		if !pause(ctx, anchorPace) {
			return
		}
	}
}

// anchor gives the newest entry of an incident, or of all; empty where there is none, or it cannot be read: nothing waits for it.
func (s *session) anchor(ctx context.Context, record string) string {
	if s.store == nil {
		return ""
	}
	a, err := s.store.Head(ctx, record)
	if err != nil {
		return ""
	}
	return a.String()
}

// anchors reads the anchors that somebody kept elsewhere.
func (a *app) anchors(path string) ([]store.Anchor, error) {
	src, err := a.read(path)
	if err != nil {
		return nil, err
	}
	list, err := store.ReadAnchors(bytes.NewReader(src))
	if err != nil {
		return nil, failed("cli.err_read", err)
	}
	if len(list) == 0 {
		return nil, &fault{code: exitFailed, msg: text.M("backup.no_anchors", path)}
	}
	return list, nil
}
