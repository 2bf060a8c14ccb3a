package alarms

import (
	"bytes"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"lage/checks"
	"lage/incidents"
	"lage/internal/clean"
	"lage/internal/text"
)

// Measurements are what /metrics tells.
type Measurements struct {
	Picture           incidents.Picture
	Size              int64 // of the database, in bytes
	Version, Revision string
}

const (
	typeOpenMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8"
	typePlain       = "text/plain; version=0.0.4; charset=utf-8"
)

func (s *Server) metrics(w http.ResponseWriter, r *http.Request) *fault {
	m, err := s.o.Metrics(r.Context())
	if err != nil {
		s.o.Say(text.M("alarms.not_read", clean.Line(err.Error())))
		return bad(http.StatusServiceUnavailable, "not_read", text.M("alarms.http_not_read"))
	}
	open := wantsOpenMetrics(r.Header.Values("Accept"))
	kind := typePlain
	if open {
		kind = typeOpenMetrics
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Vary", "Accept")
	_, _ = w.Write(m.write(open)) // a caller that has gone away needs no answer
	return nil
}

// wantsOpenMetrics tells whether a caller prefers OpenMetrics to the older text format.
func wantsOpenMetrics(accept []string) bool {
	best := map[string]float64{}
	for _, part := range strings.Split(strings.Join(accept, ","), ",") {
		kind, params, err := mime.ParseMediaType(part)
		if err != nil || kind == "application/openmetrics-text" && params["version"] != "" && params["version"] != "1.0.0" {
			continue
		}
		q := 1.0
		if v, ok := params["q"]; ok {
			if q, err = strconv.ParseFloat(v, 64); err != nil {
				continue
			}
		}
		best[kind] = max(best[kind], q)
	}
	om := best["application/openmetrics-text"]
	return om > 0 && om >= best["text/plain"]
}

// exposition writes metric families. OpenMetrics differs from the older format in units, info metrics and the end mark.
type exposition struct {
	bytes.Buffer
	open bool
}

// family begins a metric family. An info metric's samples end in "_info" in both formats.
func (e *exposition) family(name, kind, unit, help string) {
	if kind == "info" && !e.open {
		name, kind = name+"_info", "gauge"
	}
	fmt.Fprintf(e, "# TYPE %s %s\n", name, kind)
	if unit != "" && e.open {
		fmt.Fprintf(e, "# UNIT %s %s\n", name, unit)
	}
	fmt.Fprintf(e, "# HELP %s %s\n", name, escaped(help, false))
}

// sample writes one value; labels are names and values in turn.
func (e *exposition) sample(name string, value float64, labels ...string) {
	e.WriteString(name)
	for i := 0; i+1 < len(labels); i += 2 {
		sep := ","
		if i == 0 {
			sep = "{"
		}
		e.WriteString(sep + labels[i] + `="` + escaped(labels[i+1], true) + `"`)
	}
	if len(labels) > 0 {
		e.WriteByte('}')
	}
	e.WriteString(" " + strconv.FormatFloat(value, 'f', -1, 64) + "\n")
}

func escaped(s string, quotes bool) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	r := []string{`\`, `\\`, "\n", `\n`}
	if quotes {
		r = append(r, `"`, `\"`)
	}
	return strings.NewReplacer(r...).Replace(s)
}

func one(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

func (m Measurements) write(open bool) []byte {
	e := &exposition{open: open}
	m.checks(e)
	e.family("lage_service_state", "gauge", "", "Where a service stands: 1 for the state that holds, 0 for the others.")
	for _, s := range m.Picture.Services {
		// A gauge: a state set of OpenMetrics would have to name its label as the metric.
		for _, st := range []incidents.Standing{incidents.Up, incidents.Degraded, incidents.Partial, incidents.Down, incidents.Flapping, incidents.Unknown} {
			e.sample("lage_service_state", one(s.Standing == st), "service", s.Service.ID, "state", string(st))
		}
	}
	waiting := time.Duration(0)
	for _, i := range m.Picture.Incidents {
		if i.Acknowledged.IsZero() {
			waiting = max(waiting, m.Picture.At.Sub(i.Detected))
		}
	}
	e.family("lage_incidents_open", "gauge", "", "Incidents that nobody has resolved.")
	e.sample("lage_incidents_open", float64(len(m.Picture.Incidents)))
	e.family("lage_incident_unacknowledged_seconds", "gauge", "seconds", "How long the oldest open incident has waited for somebody to acknowledge it.")
	e.sample("lage_incident_unacknowledged_seconds", waiting.Seconds())
	if last := m.Picture.Poller.Last; !last.IsZero() {
		e.family("lage_poller_last_run_timestamp_seconds", "gauge", "seconds", "When the newest stored result was measured.")
		e.sample("lage_poller_last_run_timestamp_seconds", float64(last.UnixMilli())/1000)
	}
	e.family("lage_db_size_bytes", "gauge", "bytes", "Size of the database.")
	e.sample("lage_db_size_bytes", float64(m.Size))
	e.family("lage_build", "info", "", "Which lage this is.")
	e.sample("lage_build_info", 1, "version", m.Version, "revision", m.Revision)
	if open {
		e.WriteString("# EOF\n")
	}
	return e.Bytes()
}

// checks writes the checks that have been measured: what is unknown is neither up nor down.
func (m Measurements) checks(e *exposition) {
	each := func(f func(service, check string, st checks.State)) {
		for _, s := range m.Picture.Services {
			for _, c := range s.Checks {
				if st := c.State.Status; st != "" && st != checks.StatusUnknown {
					f(s.Service.ID, strings.TrimPrefix(c.Check.ID, s.Service.ID+"/"), c.State)
				}
			}
		}
	}
	e.family("lage_check_up", "gauge", "", "1 while a check is up or degraded, 0 while it is down or flapping.")
	each(func(service, check string, st checks.State) {
		e.sample("lage_check_up", one(st.Status == checks.StatusUp || st.Status == checks.StatusDegraded), "service", service, "check", check)
	})
	e.family("lage_check_duration_seconds", "gauge", "seconds", "How long a check's newest measurement took.")
	each(func(service, check string, st checks.State) {
		e.sample("lage_check_duration_seconds", st.Last.Latency.Seconds(), "service", service, "check", check)
	})
}
