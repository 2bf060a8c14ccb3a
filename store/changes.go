package store

import (
	"context"
	"time"
)

// Changes gives a channel that receives when something was written: by this process at once, by others within the given
// time. Signals that nobody has read yet are one. The channel is closed when ctx ends.
func (s *Store) Changes(ctx context.Context, every time.Duration) <-chan struct{} {
	own := make(chan struct{}, 1)
	s.mu.Lock()
	s.listeners[own] = true
	s.mu.Unlock()
	out := make(chan struct{}, 1)
	seen, _ := s.dataVersion() // unreadable now: the first reading that works is a change
	go func() {
		defer close(out)
		defer func() {
			s.mu.Lock()
			delete(s.listeners, own)
			s.mu.Unlock()
		}()
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			mine := false
			select {
			case <-ctx.Done():
				return
			case <-own:
				mine = true
			case <-tick.C:
			}
			// An own write changes the version too: reading it now keeps the next tick from telling it again.
			v, err := s.dataVersion()
			if !mine && (err != nil || v == seen) {
				continue
			}
			if err == nil {
				seen = v
			}
			signal(out)
		}
	}()
	return out
}

// tell wakes the listeners of this process.
func (s *Store) tell() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.listeners {
		signal(c)
	}
}

func signal(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default: // one is waiting already
	}
}

// dataVersion changes when another connection has written. It is a value of its connection, so it is always asked on the
// same one.
func (s *Store) dataVersion() (v int64, err error) {
	err = s.watch.QueryRowContext(context.Background(), "PRAGMA data_version").Scan(&v)
	return v, err
}
