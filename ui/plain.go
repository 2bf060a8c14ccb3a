package ui

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"lage/incidents"
	"lage/internal/clean"
	"lage/internal/text"
)

// plainWidth is where prose is wrapped in the plain mode.
const plainWidth = 78

// errEnd ends the plain mode: the person chose it, or the input is over.
var errEnd = errors.New("end")

// Plain is the console for screen readers, dumb terminals and pipes: it only ever appends lines, says states first, numbers
// its choices, and asks one question at a time. The end of in ends it, as does ctx; neither is an error.
func Plain(ctx context.Context, d Deps, in io.Reader, out io.Writer) error {
	p := &plain{ctx: ctx, out: out, lines: readLines(ctx, in)}
	p.e = &env{Deps: d, style: newStyles(d.Options.ASCII, true, ""), began: d.Now()}
	err := p.main()
	switch {
	case errors.Is(err, errEnd), errors.Is(err, context.Canceled):
		return nil
	}
	return err
}

// plain is one session of the plain mode.
type plain struct {
	ctx   context.Context
	e     *env
	out   io.Writer
	lines <-chan string
	room  *room // the incident at hand; nil for the overview
}

// readLines reads in off the caller's goroutine, so that ctx can end the wait for an answer.
func readLines(ctx context.Context, in io.Reader) <-chan string {
	c := make(chan string)
	go func() {
		defer close(c)
		sc := bufio.NewScanner(in)
		sc.Buffer(nil, 1<<20)
		for sc.Scan() {
			select {
			case c <- clean.Line(sc.Text()):
			case <-ctx.Done():
				return
			}
		}
	}()
	return c
}

// say writes a line.
func (p *plain) say(code string, args ...any) { p.line(p.e.t(code, args...)) }

func (p *plain) line(s string) { fmt.Fprintln(p.out, strings.TrimRight(s, " ")) }

// read waits for an answer.
func (p *plain) read(code string, args ...any) (string, error) {
	fmt.Fprint(p.out, p.e.t(code, args...), " ")
	select {
	case l, ok := <-p.lines:
		if !ok {
			p.line("")
			return "", errEnd
		}
		return strings.TrimSpace(l), nil
	case <-p.ctx.Done():
		p.line("")
		return "", p.ctx.Err()
	}
}

// yes asks a question whose default is no.
func (p *plain) yes(code string, args ...any) (bool, error) {
	a, err := p.read(code, args...)
	switch strings.ToLower(a) {
	case "j", "ja", "y", "yes":
		return true, err
	}
	return false, err
}

// option is one numbered choice.
type option struct {
	label string
	do    func() error
}

// choose prints numbered choices, with 0 for leaving, and does what the person chooses. It tells whether it was 0.
func (p *plain) choose(zero string, opts []option) (left bool, err error) {
	for i, o := range opts {
		p.line(" " + strconv.Itoa(i+1) + " " + o.label)
	}
	p.line(" 0 " + p.e.t(zero))
	for {
		a, err := p.read("room.plain_choice")
		if err != nil {
			return false, err
		}
		n, err := strconv.Atoi(a)
		switch {
		case err != nil || n < 0 || n > len(opts):
			p.say("room.plain_range", len(opts))
		case n == 0:
			return true, nil
		default:
			return false, opts[n-1].do()
		}
	}
}

// main shows the overview, or the only incident, until the person leaves.
func (p *plain) main() error {
	if err := p.look(); err != nil {
		return err
	}
	p.counts()
	start := p.e.Options.Incident
	if open := p.e.picture.Incidents; start == "" && len(open) == 1 {
		start = open[0].ID
	}
	if start != "" {
		if err := p.enter(start); err != nil {
			return err
		}
	} else {
		p.incidents()
	}
	for {
		var opts []option
		for _, in := range p.e.picture.Incidents {
			opts = append(opts, option{p.incidentLine(in), func() error { return p.enter(in.ID) }})
		}
		opts = append(opts, option{p.e.t("room.plain_services"), p.services}, option{p.e.t("room.plain_again"), func() error { p.counts(); p.incidents(); return nil }})
		left, err := p.choose("room.plain_end", opts)
		if left || err != nil {
			return err
		}
		if err := p.look(); err != nil {
			return err
		}
	}
}

// look reads the situation anew.
func (p *plain) look() error {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	pic, err := p.e.Reader.Picture(ctx)
	p.e.now = p.e.Now()
	if err != nil {
		return err
	}
	p.e.picture = pic
	p.e.listen()
	return nil
}

// counts says in one line how things stand.
func (p *plain) counts() {
	e := p.e
	if !e.Options.Banner.IsZero() {
		p.line(e.msg(e.Options.Banner))
	}
	for _, m := range e.picture.Remarks {
		p.line(e.msg(m))
	}
	if m := e.unmeasured(); !m.IsZero() {
		p.line(e.msg(m))
	}
	if t := e.picture.Poller.Trouble; t != "" {
		p.say("poller.not_stored", t)
	}
	count := map[incidents.Standing]int{}
	for _, s := range e.picture.Services {
		count[s.Standing]++
	}
	var parts []string
	for _, st := range []incidents.Standing{incidents.Down, incidents.Partial, incidents.Degraded, incidents.Flapping, incidents.Maintenance, incidents.Unknown, incidents.Up} {
		if count[st] > 0 {
			parts = append(parts, strconv.Itoa(count[st])+" "+e.word(st))
		}
	}
	p.say("room.plain_overview", len(e.picture.Services), strings.Join(parts, ", "), e.clock(e.now))
}

// incidents says one line for each open incident.
func (p *plain) incidents() {
	for _, in := range p.e.picture.Incidents {
		p.line(p.incidentLine(in))
	}
	if len(p.e.picture.Incidents) == 0 {
		p.say("room.plain_none")
	}
}

// incidentLine is an incident in a sentence.
func (p *plain) incidentLine(in incidents.Incident) string {
	e := p.e
	lead := e.t("room.plain_unacknowledged")
	if in.State != incidents.Detected {
		lead = e.t("room.plain_led", stateWord(e, in.State), in.Lead)
	}
	return e.t("room.plain_incident", in.ID, in.Title, e.clock(in.Started), text.Duration(e.Options.Lang, e.now.Sub(in.Started)), lead)
}

// services lists every service, its state first.
func (p *plain) services() error {
	e := p.e
	for _, s := range e.picture.Services {
		line := e.word(s.Standing) + ": " + e.show(s.Service.Title(string(e.Options.Lang)))
		if !s.Since.IsZero() {
			line += ", " + e.t("room.plain_since", e.clock(s.Since))
		}
		if !s.InHours {
			line += ", " + e.t("room.plain_closed")
		}
		p.line(line)
		for _, c := range s.Checks {
			if st := checkStanding(c.State.Status); st != incidents.Up {
				p.line("   " + e.word(st) + ": " + e.show(checkName(c)) + " " + e.msg(c.State.Last.Message))
			}
		}
	}
	return nil
}

// act does something through the Desk and says what came of it.
func (p *plain) act(r incidents.Request, done string, args ...any) error {
	if p.e.Options.ReadOnly {
		p.say("ui.read_only")
		return nil
	}
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	r.By = p.e.Options.Person
	rec, err := p.e.Desk.Act(ctx, r)
	if err != nil {
		p.line(p.e.msg(refusal(err)))
		return p.ctx.Err()
	}
	saved := p.e.Now()
	if n := len(rec.Entries); n > 0 && !rec.Entries[n-1].RecordedAt.IsZero() {
		saved = rec.Entries[n-1].RecordedAt
	}
	p.line(p.e.t(done, args...) + " " + p.e.t("room.plain_saved", text.ClockSeconds(p.e.local(saved))))
	return nil
}
