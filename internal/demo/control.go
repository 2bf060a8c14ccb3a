package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"lage/internal/clean"
	"lage/internal/text"
)

// control is the demo service's administrative door, for the helper command wgctl.
type control struct {
	srv *http.Server
	ln  net.Listener
}

// status is what control answers.
type status struct {
	Max      int
	Job      bool
	Sessions []sessionInfo
	Form     string // address of the form
	Ended    int    // sessions ended by this call
}

type sessionInfo struct {
	ID      int
	App     string
	State   string
	Seconds float64
}

func startControl(d *Demo) (*control, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	answer := func(w http.ResponseWriter, ended int) {
		st := status{Max: maxSessions, Job: d.job.Running(), Form: d.web.Addr(), Ended: ended}
		for _, s := range d.db.Sessions() {
			st.Sessions = append(st.Sessions, sessionInfo{s.ID, s.App, s.State, time.Since(s.Since).Seconds()})
		}
		_ = json.NewEncoder(w).Encode(st) // the client sees a broken answer and says so
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /status", func(w http.ResponseWriter, _ *http.Request) { answer(w, 0) })
	mux.HandleFunc("POST /job/stop", func(w http.ResponseWriter, _ *http.Request) { d.job.Stop(); answer(w, 0) })
	mux.HandleFunc("POST /job/start", func(w http.ResponseWriter, _ *http.Request) { d.job.Start(); answer(w, 0) })
	mux.HandleFunc("POST /terminate", func(w http.ResponseWriter, _ *http.Request) { answer(w, d.db.TerminateIdle()) })
	return &control{srv: serve(ln, mux), ln: ln}, nil
}

// Addr is where it listens.
func (c *control) Addr() string { return c.ln.Addr().String() }

// Close stops it.
func (c *control) Close() error { return c.srv.Close() }

// errUsage says how wgctl is used.
var errUsage = errors.New("usage: wgctl form [TIMES] | sessions [--count] | job [start|stop] | terminate | nagios | sms FILE")

// Control is the helper command wgctl: args are what follows its name, with "--at ADDR" first. It returns the exit code.
func Control(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, l text.Lang) int {
	if len(args) < 3 || args[0] != "--at" {
		fmt.Fprintln(stderr, errUsage)
		return 2
	}
	c := ctl{ctx: ctx, at: args[1], in: stdin, out: stdout, lang: l}
	code, err := c.run(args[2], args[3:])
	if err != nil {
		fmt.Fprintln(stderr, "wgctl:", clean.Line(err.Error()))
		if code == 0 {
			code = 1
		}
	}
	return code
}

type ctl struct {
	ctx  context.Context
	at   string
	in   io.Reader
	out  io.Writer
	lang text.Lang
}

func (c *ctl) run(verb string, args []string) (int, error) {
	switch verb + " " + strings.Join(args, " ") {
	case "sessions ":
		return c.sessions()
	case "sessions --count":
		st, err := c.ask("GET", "/status")
		if err == nil {
			fmt.Fprintln(c.out, text.T(c.lang, "demo.sessions_count", len(st.Sessions), st.Max))
		}
		return 0, err
	case "job ", "job stop", "job start":
		return c.job(args)
	case "terminate ":
		st, err := c.ask("POST", "/terminate")
		if err == nil {
			fmt.Fprintln(c.out, text.T(c.lang, "demo.terminated", st.Ended))
		}
		return 0, err
	case "nagios ":
		return c.nagios()
	}
	if verb == "form" {
		return c.form(args)
	}
	if verb == "sms" && len(args) == 1 {
		return 0, c.sms(args[0])
	}
	return 2, errUsage
}

func (c *ctl) ask(method, path string) (status, error) {
	ctx, cancel := context.WithTimeout(c.ctx, 5*time.Second)
	defer cancel()
	u := url.URL{Scheme: "http", Host: c.at, Path: path}
	req, err := http.NewRequestWithContext(ctx, method, u.String(), nil)
	if err != nil {
		return status{}, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return status{}, err
	}
	defer res.Body.Close()
	var st status
	return st, json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(&st)
}

func (c *ctl) sessions() (int, error) {
	st, err := c.ask("GET", "/status")
	if err != nil {
		return 1, err
	}
	w := tabwriter.NewWriter(c.out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, text.T(c.lang, "demo.sessions_head"))
	for _, s := range st.Sessions {
		fmt.Fprintf(w, "%d\t%s\t%s\t%.0f s\n", s.ID, s.App, s.State, s.Seconds)
	}
	return 0, w.Flush()
}

func (c *ctl) job(args []string) (int, error) {
	method, path := "GET", "/status"
	if len(args) == 1 {
		method, path = "POST", "/job/"+args[0]
	}
	st, err := c.ask(method, path)
	if err != nil {
		return 1, err
	}
	if st.Job {
		fmt.Fprintln(c.out, text.T(c.lang, "demo.job_runs"))
	} else {
		fmt.Fprintln(c.out, text.T(c.lang, "demo.job_stopped"))
	}
	return 0, nil
}

// form asks for the form as a user would, once or several times; any failure is exit code 1.
func (c *ctl) form(args []string) (int, error) {
	times := 1
	if len(args) == 1 {
		n, err := strconv.Atoi(args[0])
		if err != nil || n < 1 || n > 20 {
			return 2, errUsage
		}
		times = n
	}
	st, err := c.ask("GET", "/status")
	if err != nil {
		return 1, err
	}
	code := 0
	for range times {
		begin := time.Now()
		ctx, cancel := context.WithTimeout(c.ctx, 5*time.Second)
		req, err := http.NewRequestWithContext(ctx, "GET", "http://"+st.Form+"/antrag", nil)
		if err != nil {
			cancel()
			return 1, err
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			cancel()
			return 1, err
		}
		_ = res.Body.Close() // only the status counts
		cancel()
		fmt.Fprintln(c.out, text.T(c.lang, "demo.form_answer", res.StatusCode, time.Since(begin)))
		if res.StatusCode != http.StatusOK {
			code = 1
		}
	}
	return code, nil
}

// nagios answers as a monitoring plugin, for the demo's command check.
func (c *ctl) nagios() (int, error) {
	st, err := c.ask("GET", "/status")
	if err != nil {
		fmt.Fprintln(c.out, "POOL UNKNOWN - "+err.Error())
		return 3, nil
	}
	n, word, code := len(st.Sessions), "OK", 0
	switch {
	case n >= maxSessions:
		word, code = "CRITICAL", 2
	case n >= maxSessions*3/4:
		word, code = "WARNING", 1
	}
	fmt.Fprintf(c.out, "POOL %s - %s | sessions=%d;%d;%d;0;%d\n", word, text.T(c.lang, "demo.sessions_count", n, st.Max), n, maxSessions*3/4, maxSessions-1, maxSessions)
	return code, nil
}
