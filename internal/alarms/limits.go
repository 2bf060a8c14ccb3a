package alarms

import (
	"net"
	"sync"
	"time"
)

// bucket lets a burst of requests through, and then so many a second.
type bucket struct {
	now  func() time.Time
	mu   sync.Mutex
	left float64
	last time.Time
}

func newBucket(now func() time.Time) *bucket { return &bucket{now: now, left: burst, last: now()} }

func (b *bucket) take() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	b.left = min(burst, b.left+max(0, now.Sub(b.last).Seconds())*perSecond)
	b.last = now
	if b.left < 1 {
		return false
	}
	b.left--
	return true
}

// limited accepts a connection only while fewer than a number are open; others wait in the kernel's queue.
type limited struct {
	net.Listener
	free chan struct{}
	done chan struct{}
	once sync.Once
}

func limit(l net.Listener, n int) net.Listener {
	return &limited{Listener: l, free: make(chan struct{}, n), done: make(chan struct{})}
}

func (l *limited) Accept() (net.Conn, error) {
	select {
	case l.free <- struct{}{}:
	case <-l.done:
		return nil, net.ErrClosed
	}
	c, err := l.Listener.Accept()
	if err != nil {
		<-l.free
		return nil, err
	}
	return &counted{Conn: c, free: l.free}, nil
}

func (l *limited) Close() error {
	l.once.Do(func() { close(l.done) })
	return l.Listener.Close()
}

// counted gives its place back when it is closed.
type counted struct {
	net.Conn
	free chan struct{}
	once sync.Once
}

func (c *counted) Close() error {
	c.once.Do(func() { <-c.free })
	return c.Conn.Close()
}
