package alarms

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"lage/checks"
	"lage/incidents"
	"lage/internal/text"
	"lage/services"
)

func measurements() Measurements {
	form := services.Service{ID: "wohngeld"}
	check := func(id string, st checks.Status, d time.Duration) incidents.CheckPicture {
		return incidents.CheckPicture{Check: checks.Check{ID: id, Service: "wohngeld"}, State: checks.State{Status: st, Last: checks.Result{Latency: d}}}
	}
	return Measurements{Size: 4096, Version: "1.2", Revision: `a"b\c` + "\n", Picture: incidents.Picture{
		At: t0, Services: []incidents.ServicePicture{{Service: form, Standing: incidents.Partial, Checks: []incidents.CheckPicture{
			check("wohngeld/start", checks.StatusUp, 250*time.Millisecond), check("wohngeld/db", checks.StatusDown, time.Second), check("wohngeld/new", "", 0)}}},
		Incidents: []incidents.Incident{{ID: "1", Detected: t0.Add(-time.Minute)}, {ID: "2", Detected: t0.Add(-time.Hour), Acknowledged: t0}},
		Poller:    incidents.Poller{Last: t0.Add(-1500 * time.Millisecond)},
	}}
}

func TestMetrics(t *testing.T) {
	w := newWorld()
	get := func(accept string) (string, string) {
		t.Helper()
		rec := w.ask("GET", "/metrics", "", "Authorization", "Bearer "+token, "Accept", accept)
		if rec.Code != 200 {
			t.Fatal(rec.Code, rec.Body)
		}
		return rec.Header().Get("Content-Type"), rec.Body.String()
	}
	kind, open := get("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1")
	if kind != typeOpenMetrics || !strings.HasSuffix(open, "# EOF\n") {
		t.Error(kind, open)
	}
	for _, want := range []string{
		"# TYPE lage_check_up gauge\n", `lage_check_up{service="wohngeld",check="start"} 1` + "\n", `lage_check_up{service="wohngeld",check="db"} 0` + "\n",
		"# UNIT lage_check_duration_seconds seconds\n", `lage_check_duration_seconds{service="wohngeld",check="start"} 0.25` + "\n",
		`lage_service_state{service="wohngeld",state="partial"} 1` + "\n", `lage_service_state{service="wohngeld",state="up"} 0` + "\n",
		"lage_incidents_open 2\n", "lage_incident_unacknowledged_seconds 60\n", fmt.Sprintf("lage_poller_last_run_timestamp_seconds %d.5\n", t0.Unix()-2),
		"lage_db_size_bytes 4096\n", "# TYPE lage_build info\n", `lage_build_info{version="1.2",revision="a\"b\\c\n"} 1` + "\n",
	} {
		if !strings.Contains(open, want) {
			t.Errorf("lacks %q:\n%s", want, open)
		}
	}
	if strings.Contains(open, `check="new"`) {
		t.Error("a check that was never measured is told as up or down")
	}
	kind, plain := get("text/plain;version=0.0.4;q=0.9,application/openmetrics-text;q=0.1")
	if kind != typePlain || strings.Contains(plain, "# UNIT") || strings.Contains(plain, "# EOF") || !strings.Contains(plain, "# TYPE lage_build_info gauge\n") {
		t.Error(kind, plain)
	}
	for _, accept := range []string{"", "*/*", "application/openmetrics-text;q=0", "application/openmetrics-text;version=9.9.9", ";;;,,"} {
		if kind, _ := get(accept); kind != typePlain {
			t.Errorf("%q: %s", accept, kind)
		}
	}
	w.fail = errors.New("database is gone")
	if rec := w.ask("GET", "/metrics", "", "Authorization", "Bearer "+token); rec.Code != 503 || strings.Contains(rec.Body.String(), "gone") {
		t.Error(rec.Code, rec.Body)
	}
}

func TestWatchdogSilenceOpensAnIncident(t *testing.T) {
	w := newWorld()
	states := func() string {
		var out []string
		for _, r := range w.heard {
			do := r.Do.(incidents.Receive)
			if do.Key != "watchdog" || do.Service != "monitoring" || !r.By.IsSystem() {
				t.Errorf("%+v", r)
			}
			out = append(out, string(do.State))
		}
		return strings.Join(out, " ")
	}
	wait := func(d time.Duration) {
		for end := w.now.Add(d); w.now.Before(end); w.now = w.now.Add(time.Second) {
			w.dog.Look(t.Context())
		}
	}
	bark := `{"status":"firing","fingerprint":"w","labels":{"alertname":"Watchdog"}}`
	wait(5 * time.Minute)
	if rec := w.post(note(bark)); rec.Code != 200 {
		t.Fatal(rec.Code, rec.Body)
	}
	wait(9 * time.Minute)
	if got := states(); got != "up" { // what an earlier process reported ends with the first one
		t.Errorf("%q", got)
	}
	wait(2 * time.Minute)
	if got := states(); got != "up down" {
		t.Errorf("%q", got)
	}
	wait(11 * time.Minute) // somebody may have resolved it: said again, which changes nothing where nobody has
	if got := states(); got != "up down down" {
		t.Errorf("%q", got)
	}
	w.post(note(bark))
	w.post(note(bark))
	if got := states(); got != "up down down up" {
		t.Errorf("%q", got)
	}
	w.now = w.now.Add(8 * time.Hour) // the machine slept: nobody knows who was silent
	wait(9 * time.Minute)
	if got := states(); got != "up down down up" {
		t.Errorf("%q", got)
	}
	w.fail = errors.New("disk full")
	wait(2 * time.Minute)
	w.fail = nil
	wait(2 * time.Second) // tried again as soon as it can be stored
	if got := states(); got != "up down down up down" {
		t.Errorf("%q", got)
	}
}

func TestAnUnexpectedWatchdogIsToldAbout(t *testing.T) {
	w := newWorld()
	w.dog.Expect = func() (string, time.Duration) { return "", 0 }
	rec := w.post(note(`{"status":"firing","fingerprint":"w","labels":{"alertname":"Watchdog","service":"wohngeld"}}`))
	w.dog.Look(t.Context())
	if rec.Code != 202 || len(w.heard) != 0 || !strings.Contains(w.log(), "no Watchdog is expected") {
		t.Error(rec.Code, rec.Body, w.heard, w.log())
	}
}

func TestStalled(t *testing.T) {
	list := []checks.Check{{Interval: time.Hour, Timeout: time.Minute}, {Interval: 30 * time.Second, Timeout: 10 * time.Second}}
	good := incidents.Poller{Owner: "run", Until: t0.Add(8 * time.Second), Last: t0.Add(-50 * time.Second)}
	for _, c := range []struct {
		name       string
		change     func(p *incidents.Poller)
		overlooked int
		want       string
	}{
		{"well", func(*incidents.Poller) {}, 0, ""},
		{"never polled", func(p *incidents.Poller) { *p = incidents.Poller{} }, 0, "alarms.nobody_polls"},
		{"lease ran out", func(p *incidents.Poller) { p.Owner, p.Until = "", t0.Add(-time.Second) }, 0, "alarms.poller_gone"},
		{"not stored", func(p *incidents.Poller) { p.Trouble = "disk full" }, 0, "alarms.poller_trouble"},
		{"just begun", func(p *incidents.Poller) { p.Last = time.Time{} }, 0, "alarms.no_result_yet"},
		{"scheduler stands still", func(p *incidents.Poller) { p.Last = t0.Add(-71 * time.Second) }, 0, "alarms.no_new_result"},
		{"nobody sends alarms", func(*incidents.Poller) {}, 2, "alarms.overlooked"},
	} {
		p := good
		c.change(&p)
		if got := Stalled(p, list, c.overlooked, t0); got.Code != c.want {
			t.Errorf("%s: %q, want %q", c.name, got.Code, c.want)
		}
	}
	if got := Stalled(incidents.Poller{Owner: "run", Until: t0}, nil, 0, t0); !got.IsZero() {
		t.Error("without checks there is nothing to wait for:", got)
	}
}

// roads counts requests and answers them.
type roads struct {
	n      int
	status int
	err    error
}

func (r *roads) RoundTrip(req *http.Request) (*http.Response, error) {
	r.n++
	if r.err != nil {
		return nil, r.err
	}
	return &http.Response{StatusCode: r.status, Status: fmt.Sprint(r.status, " ", req.URL), Body: io.NopCloser(strings.NewReader("ok")), Request: req}, nil
}

func TestHeartbeatOnlyWhileThingsAdvance(t *testing.T) {
	w := newWorld()
	road := &roads{status: 200}
	mark, why := t0, text.Message{}
	h := &Heartbeat{
		Where: func() (string, time.Duration) { return "https://beat.example.org/s3cr3t?key=s3cr3t", time.Minute },
		Alive: func(context.Context) (time.Time, text.Message) { return mark, why },
		HTTP:  road, Say: w.say, Now: func() time.Time { return w.now },
	}
	pass := func(d time.Duration, advance bool) int {
		before := road.n
		for range int(d / time.Second) {
			if w.now = w.now.Add(time.Second); advance {
				mark = w.now
			}
			h.Look(t.Context())
		}
		return road.n - before
	}
	if n := pass(5*time.Minute, true); n != 5 {
		t.Errorf("%d in five minutes", n)
	}
	if n := pass(5*time.Minute, false); n > 1 { // one for what advanced after the last one
		t.Errorf("%d though nothing advanced", n)
	}
	if strings.Count(w.log(), "Heartbeat held back: nothing was written") != 1 {
		t.Errorf("log:\n%s", w.log())
	}
	why = text.M("alarms.nobody_polls")
	if n := pass(5*time.Minute, true); n != 0 {
		t.Errorf("%d though nobody polls", n)
	}
	why = text.Message{}
	if n := pass(2*time.Minute, true); n != 2 || !strings.Contains(w.log(), "gets through again") {
		t.Errorf("%d after it works again:\n%s", n, w.log())
	}
	w.said = nil
	road.err = errors.New("connection refused")
	pass(10*time.Minute, true)
	road.err, road.status = nil, 500
	pass(2*time.Minute, true)
	road.status = 302 // a login page is no answer
	pass(2*time.Minute, true)
	road.status = 200
	pass(2*time.Minute, true)
	want := "Heartbeat does not reach beat.example.org: connection refused\nHeartbeat does not reach beat.example.org: HTTP 500\n" +
		"Heartbeat does not reach beat.example.org: HTTP 302\nHeartbeat gets through again\n"
	if got := w.log(); got != want {
		t.Errorf("log:\n%s\nwant:\n%s", got, want)
	}
}
