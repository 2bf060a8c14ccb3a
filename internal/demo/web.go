package demo

import (
	"context"
	"errors"
	"fmt"
	"html"
	"net"
	"net/http"
	"time"

	"lage/internal/text"
)

// How the form's pool behaves: few sessions, each for a short life, and a bounded wait for one.
const (
	poolSize = 6
	poolLife = 2 * time.Second
	poolWait = 1200 * time.Millisecond
)

// pool hands out sessions to the database.
type pool struct {
	addr  string
	slots chan struct{} // one for each session that may be in use
	idle  chan *client  // sessions that wait to be used again
}

func newPool(addr string) *pool {
	return &pool{addr: addr, slots: make(chan struct{}, poolSize), idle: make(chan *client, poolSize)}
}

// with runs f with a session; it waits poolWait at most to get one.
func (p *pool) with(ctx context.Context, f func(*client) error) error {
	ctx, cancel := context.WithTimeout(ctx, poolWait)
	defer cancel()
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return errors.New("connection pool exhausted")
	}
	for {
		cl, err := p.get()
		if err == nil {
			if err = f(cl); err == nil {
				p.put(cl)
				return nil
			}
			cl.Close()
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("no database session within %s: %w", poolWait, err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (p *pool) get() (*client, error) {
	for {
		select {
		case cl := <-p.idle:
			if time.Since(cl.born) < poolLife {
				return cl, nil
			}
			cl.Close()
		default:
			return dial(p.addr, "wohngeld-web")
		}
	}
}

func (p *pool) put(cl *client) {
	select {
	case p.idle <- cl:
	default:
		cl.Close()
	}
}

func (p *pool) close() {
	for {
		select {
		case cl := <-p.idle:
			cl.Close()
		default:
			return
		}
	}
}

// web is the public form.
type web struct {
	srv  *http.Server
	ln   net.Listener
	pool *pool
}

func startWeb(db string, l text.Lang) (*web, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	w := &web{ln: ln, pool: newPool(db)}
	mux := http.NewServeMux()
	mux.HandleFunc("/antrag", w.form(l))
	mux.HandleFunc("/gesundheit", w.health)
	w.srv = serve(ln, mux)
	return w, nil
}

// serve starts a server with the limits that any server needs.
func serve(ln net.Listener, h http.Handler) *http.Server {
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, MaxHeaderBytes: 64 << 10}
	go func() { _ = srv.Serve(ln) }() // ends with ErrServerClosed
	return srv
}

// Addr is where it listens.
func (w *web) Addr() string { return w.ln.Addr().String() }

// Close stops the server and gives back its sessions.
func (w *web) Close() error {
	err := w.srv.Close()
	w.pool.close()
	return err
}

// form shows the form on GET and takes an application on POST; both need the database.
func (w *web) form(l text.Lang) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		err := w.pool.with(r.Context(), func(cl *client) error {
			if r.Method == http.MethodPost {
				if err := cl.say("BEGIN"); err != nil {
					return err
				}
				if err := cl.say("QUERY insert"); err != nil {
					return err
				}
				return cl.say("COMMIT")
			}
			return cl.say("QUERY select")
		})
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
		if err != nil {
			rw.WriteHeader(http.StatusServiceUnavailable)
			fmt.Fprintf(rw, "<h1>503</h1><p>upstream: %s</p>\n", html.EscapeString(err.Error()))
			return
		}
		title := text.T(l, "demo.form_title")
		fmt.Fprintf(rw, "<!doctype html><title>%s</title><h1>%s</h1><form method=post><label>%s <input name=name></label> <button>%s</button></form>\n",
			title, title, text.T(l, "demo.form_name"), text.T(l, "demo.form_send"))
	}
}

func (w *web) health(rw http.ResponseWriter, r *http.Request) {
	if err := w.pool.with(r.Context(), func(cl *client) error { return cl.say("QUERY 1") }); err != nil {
		http.Error(rw, "pool: "+err.Error(), http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(rw, "ok")
}

// quiet is a second service that has nothing to do with the first.
type quiet struct {
	srv *http.Server
	ln  net.Listener
}

func startQuiet(l text.Lang) (*quiet, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	title := text.T(l, "demo.quiet_title")
	mux := http.NewServeMux()
	mux.HandleFunc("/termine", func(rw http.ResponseWriter, r *http.Request) {
		time.Sleep(8 * time.Millisecond) // what a small page costs
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(rw, "<!doctype html><title>%s</title><h1>%s</h1>\n", title, title)
	})
	return &quiet{srv: serve(ln, mux), ln: ln}, nil
}

// Addr is where it listens.
func (q *quiet) Addr() string { return q.ln.Addr().String() }

// Close stops it.
func (q *quiet) Close() error { return q.srv.Close() }
