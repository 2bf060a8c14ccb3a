package cli

import (
	"context"
	"errors"
	"time"

	"lage/internal/text"
	"lage/store"
)

// Paces of scheduled backups.
const (
	backupLook  = 10 * time.Second // how often the poller looks whether one is due
	backupAgain = 10 * time.Minute // after one that failed, at the earliest
)

// backups makes the scheduled backups while this process polls.
func (p *poller) backups(ctx context.Context, epoch int64) {
	for {
		conf := p.s.inForce().Backup
		look := backupLook
		if conf.Every > 0 {
			look = min(look, conf.Every)
			if err := p.backupIfDue(ctx, epoch); ctx.Err() == nil && !errors.Is(err, store.ErrLeaseLost) {
				p.complain("backup.failed", "backup.again", err)
			}
		}
		if !pause(ctx, look) {
			return
		}
	}
}

// backupIfDue gives what keeps the newest attempt from being a backup.
func (p *poller) backupIfDue(ctx context.Context, epoch int64) error {
	every, now := p.s.inForce().Backup.Every, p.s.app.env.Now()
	good, last, err := p.s.store.LastBackups(ctx)
	if err != nil {
		return err
	}
	retry := min(every, backupAgain)
	if fresh(good.At, every, now) || fresh(last.At, retry, now) {
		if !last.Trouble.IsZero() {
			return &fault{code: exitFailed, msg: last.Trouble}
		}
		return nil
	}
	if err := p.s.store.CheckEpoch(ctx, epoch); err != nil {
		return err
	}
	b := p.s.newBackup(ctx)
	if ctx.Err() != nil {
		return nil // told to end meanwhile
	}
	err = p.s.store.NoteBackup(ctx, b)
	if !b.Trouble.IsZero() {
		return &fault{code: exitFailed, msg: b.Trouble}
	}
	return err
}

// fresh tells whether at is less than span ago. A moment in the future is not: a clock went wrong.
func fresh(at time.Time, span time.Duration, now time.Time) bool {
	return !at.IsZero() && !at.After(now) && now.Sub(at) < span
}

// backupBanner says what is wrong with the scheduled backups; the zero message when nothing is, or none are wanted.
func (s *session) backupBanner(ctx context.Context) text.Message {
	conf := s.inForce()
	if conf == nil || conf.Backup.Every <= 0 || s.store == nil {
		return text.Message{}
	}
	good, last, err := s.store.LastBackups(ctx)
	if err != nil {
		return text.Message{} // the board says already that the database cannot be read
	}
	now := s.app.env.Now()
	late := conf.Backup.Every + max(conf.Backup.Every/4, time.Minute)
	switch {
	case !last.Trouble.IsZero() && last.At.After(good.At):
		return text.M("backup.banner_failed", last.Trouble)
	case good.At.IsZero() || fresh(good.At, late, now):
		return text.Message{}
	}
	return text.M("backup.banner_late", now.Sub(good.At).Truncate(time.Minute))
}
