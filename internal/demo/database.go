package demo

import (
	"bufio"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"time"
)

// maxSessions is how many sessions the database stand-in allows at once.
const maxSessions = 20

// database is a stand-in for one: a line protocol over TCP, sessions with transactions, and a limit on sessions.
//
//	HELLO name     OK id | ERROR too many clients
//	BEGIN, COMMIT  OK
//	QUERY text     ROW n
type database struct {
	ln net.Listener
	wg sync.WaitGroup

	mu       sync.Mutex
	sessions map[int]*session
	next     int
	closed   bool
}

// session is one client's connection to the database.
type session struct {
	ID    int
	App   string
	State string // "idle", "active", "idle in transaction"
	Since time.Time
	conn  net.Conn
}

func startDatabase() (*database, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	db := &database{ln: ln, sessions: map[int]*session{}, next: 4100}
	db.wg.Add(1)
	go db.accept()
	return db, nil
}

// Addr is where it listens.
func (db *database) Addr() string { return db.ln.Addr().String() }

// Close ends all sessions.
func (db *database) Close() error {
	err := db.ln.Close()
	db.mu.Lock()
	db.closed = true
	for _, s := range db.sessions {
		_ = s.conn.Close() // it is going away
	}
	db.mu.Unlock()
	db.wg.Wait()
	return err
}

func (db *database) accept() {
	defer db.wg.Done()
	for {
		c, err := db.ln.Accept()
		if err != nil {
			return
		}
		db.wg.Add(1)
		go func() {
			defer db.wg.Done()
			db.serve(c)
		}()
	}
}

func (db *database) serve(c net.Conn) {
	defer c.Close()
	in := bufio.NewScanner(c)
	var s *session
	for in.Scan() {
		verb, arg, _ := strings.Cut(in.Text(), " ")
		if s == nil {
			if verb != "HELLO" {
				return
			}
			if s = db.open(c, arg); s == nil {
				fmt.Fprintln(c, "ERROR too many clients")
				return
			}
			defer db.drop(s.ID)
			fmt.Fprintln(c, "OK", s.ID)
			continue
		}
		switch verb {
		case "BEGIN":
			db.set(s, "idle in transaction")
			fmt.Fprintln(c, "OK")
		case "COMMIT":
			db.set(s, "idle")
			fmt.Fprintln(c, "OK")
		case "QUERY":
			was := s.State
			db.set(s, "active")
			time.Sleep(time.Duration(3+s.ID%5) * time.Millisecond) // the work of a small query
			db.set(s, was)
			fmt.Fprintln(c, "ROW", 42)
		default:
			fmt.Fprintln(c, "ERROR unknown statement")
		}
	}
}

func (db *database) open(c net.Conn, app string) *session {
	db.mu.Lock()
	defer db.mu.Unlock()
	if db.closed || len(db.sessions) >= maxSessions {
		return nil
	}
	db.next++
	s := &session{ID: db.next, App: app, State: "idle", Since: time.Now(), conn: c}
	db.sessions[s.ID] = s
	return s
}

func (db *database) set(s *session, state string) {
	db.mu.Lock()
	defer db.mu.Unlock()
	if s.State != state {
		s.State, s.Since = state, time.Now()
	}
}

// drop frees a session's place, after the time that a real database takes to clean up behind it.
func (db *database) drop(id int) {
	time.Sleep(30 * time.Millisecond)
	db.mu.Lock()
	defer db.mu.Unlock()
	delete(db.sessions, id)
}

// Sessions lists the open sessions, oldest first.
func (db *database) Sessions() []session {
	db.mu.Lock()
	defer db.mu.Unlock()
	out := make([]session, 0, len(db.sessions))
	for _, s := range db.sessions {
		out = append(out, *s)
	}
	slices.SortFunc(out, func(a, b session) int { return a.ID - b.ID })
	return out
}

// TerminateIdle ends the sessions that hold a transaction open without working, and says how many.
func (db *database) TerminateIdle() int {
	db.mu.Lock()
	defer db.mu.Unlock()
	n := 0
	for id, s := range db.sessions {
		if s.State == "idle in transaction" {
			_ = s.conn.Close() // the server's side of a kill: the client sees a broken connection
			delete(db.sessions, id)
			n++
		}
	}
	return n
}

// client is one session seen from the other side.
type client struct {
	c    net.Conn
	in   *bufio.Reader
	born time.Time
}

func dial(addr, app string) (*client, error) {
	c, err := net.DialTimeout("tcp", addr, time.Second)
	if err != nil {
		return nil, err
	}
	cl := &client{c, bufio.NewReader(c), time.Now()}
	if err := cl.say("HELLO " + app); err != nil {
		c.Close()
		return nil, err
	}
	return cl, nil
}

// say sends one statement and waits for its answer, a second at most.
func (cl *client) say(stmt string) error {
	if err := cl.c.SetDeadline(time.Now().Add(time.Second)); err != nil {
		return err
	}
	if _, err := fmt.Fprintln(cl.c, stmt); err != nil {
		return err
	}
	line, err := cl.in.ReadString('\n')
	if err != nil {
		return err
	}
	if msg, bad := strings.CutPrefix(line, "ERROR "); bad {
		return fmt.Errorf("database: %s", strings.TrimSpace(msg))
	}
	return nil
}

func (cl *client) Close() { _ = cl.c.Close() }

// batch is the nightly job with the fault: it opens transactions, one after the other, and never ends them.
type batch struct {
	addr string
	mu   sync.Mutex
	stop chan struct{}
	done chan struct{}
	held []*client // only the job's goroutine adds to it
}

func newBatch(addr string) *batch { return &batch{addr: addr} }

// Running tells whether the job is at work.
func (b *batch) Running() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.stop != nil
}

// Start starts the job, if it is not at work.
func (b *batch) Start() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.stop != nil {
		return
	}
	b.stop, b.done = make(chan struct{}), make(chan struct{})
	go b.work(b.stop, b.done)
}

// Stop stops the job from opening further sessions and waits for that. What it has opened stays open: that is the fault.
func (b *batch) Stop() {
	b.mu.Lock()
	stop, done := b.stop, b.done
	b.stop = nil
	b.mu.Unlock()
	if stop != nil {
		close(stop)
		<-done
	}
}

// Release gives up what the job holds; only when the demo ends.
func (b *batch) Release() {
	b.Stop()
	for _, cl := range b.held {
		cl.Close()
	}
	b.held = nil
}

func (b *batch) work(stop, done chan struct{}) {
	defer close(done)
	tick := time.NewTicker(10 * time.Millisecond) // quicker than anybody else who waits for a session
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
			if cl, err := dial(b.addr, "nightly-batch"); err == nil {
				_ = cl.say("BEGIN") // whether it worked is nothing that this job looks at
				b.held = append(b.held, cl)
			}
		}
	}
}
