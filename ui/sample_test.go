package ui

import (
	"time"

	"lage/checks"
	"lage/incidents"
	"lage/internal/text"
	"lage/services"
)

// night is the moment at which the samples stand: Monday, 23 November 2026, 03:12 in Berlin.
func night() time.Time { return time.Date(2026, 11, 23, 2, 12, 7, 0, time.UTC) }

// sample is a night with two outages, one of them an open incident that nobody has acknowledged.
func sample() *memory {
	w := quiet10()
	now := w.now
	since := now.Add(-14*time.Minute - 3*time.Second)
	break_ := func(i int, st incidents.Standing, cs checks.Status, since time.Time, m text.Message) {
		s := &w.picture.Services[i]
		s.Standing, s.Since = st, since
		c := &s.Checks[0].State
		c.Status, c.Since, c.Last.Message = cs, since, m
		if cs == checks.StatusDown {
			c.Failures, c.Successes, c.Last.Outcome = 28, 0, checks.Bad
		}
	}
	bad := text.Raw("HTTP 503 nach 1,2 s, erwartet 200")
	break_(0, incidents.Down, checks.StatusDown, since, bad)
	break_(2, incidents.Degraded, checks.StatusDegraded, now.Add(-31*time.Minute), text.Raw("langsam: 2,9 s"))
	break_(7, incidents.Down, checks.StatusDown, now.Add(-15*time.Minute), text.Raw("Verbindung abgelehnt"))
	break_(8, incidents.Maintenance, checks.StatusUp, now.Add(-time.Hour), text.Raw("HTTP 200"))
	break_(9, incidents.Unknown, checks.StatusUnknown, now.Add(-time.Hour), text.Raw("Name nicht auflösbar"))
	w.picture.Services[1].Checks[1].State.Failures = 1
	last := &w.picture.Services[0].Checks[0].State.Last
	last.Facts = []checks.Fact{
		{OK: false, Want: text.Raw("Status = 200"), Got: text.Raw("ist 503")},
		{OK: false, Want: text.Raw("Antwortzeit < 800 ms"), Got: text.Raw("ist 1,2 s")},
		{OK: true, Want: text.Raw("Zertifikat noch > 21 Tage"), Got: text.Raw("ist 63 Tage")},
	}
	last.Detail = "503 Service Unavailable\nserver: nginx\nupstream connect error: wg-db1:5432 timeout"
	in := incidents.Incident{ID: "INC-2026-031", Service: "wohngeld", Title: "Wohngeld online: Ausfall", State: incidents.Detected,
		Checks: []string{"wohngeld/start"}, Runbook: "wohngeld-503", Started: since, Detected: since.Add(2 * time.Minute), Version: 1}
	w.picture.Incidents = []incidents.Incident{in}
	w.rooms[in.ID] = &incidents.Room{Incident: in, Service: w.picture.Services[0].Service, Checks: w.picture.Services[0].Checks,
		Entries: []incidents.Entry{{Record: in.ID, Seq: 1, Kind: incidents.KindOpened, OccurredAt: since, RecordedAt: since, Who: services.System(), Message: bad}}}
	t := w.trends["wohngeld"]
	t.Minutes = append([]checks.Bucket(nil), t.Minutes...)
	for i := 15; i < 20; i++ {
		t.Minutes[i] = checks.Bucket{Start: t.Minutes[i].Start, Total: 6, Bad: 6}
	}
	t.P95 = 0
	w.trends["wohngeld"] = t
	return w
}

// quiet10 is ten services of which all are well.
func quiet10() *memory {
	w := &memory{now: night(), trends: map[string]Trend{}, rooms: map[string]*incidents.Room{}}
	w.picture.Poller = incidents.Poller{Owner: "run", Last: w.now.Add(-3 * time.Second), Until: w.now.Add(time.Hour)}
	add := func(id, name, group string, closed bool, names ...string) {
		s := incidents.ServicePicture{Service: services.Service{ID: id, Name: services.Name{De: name}, Group: group, Team: "Team Fachverfahren",
			Runbook: id + "-503"}, Standing: incidents.Up, Since: w.now.Add(-300 * time.Hour), InHours: !closed}
		if closed {
			s.Changes = time.Date(2026, 11, 23, 5, 0, 0, 0, time.UTC)
		}
		for _, n := range names {
			s.Checks = append(s.Checks, incidents.CheckPicture{
				Check: checks.Check{ID: id + "/" + n, Service: id, Interval: 30 * time.Second, Timeout: 10 * time.Second,
					HTTP: &checks.HTTP{URL: "https://" + id + ".musterstadt.example/" + n, MaxTime: 800 * time.Millisecond}},
				State: checks.State{Check: id + "/" + n, Status: checks.StatusUp, Since: s.Since, Successes: 2000,
					Last: checks.Result{At: w.now.Add(-3 * time.Second), Latency: 210 * time.Millisecond, Outcome: checks.Good, Message: text.Raw("HTTP 200 nach 210 ms")}}})
		}
		w.picture.Services = append(w.picture.Services, s)
		w.trends[id] = trend(w.now, len(w.picture.Services))
	}
	add("wohngeld", "Wohngeld online", "Anträge", false, "start", "antrag")
	add("elterngeld", "Elterngeld digital", "Anträge", false, "start", "antrag")
	add("kfz", "Kfz-Zulassung", "Anträge", true, "start")
	add("melde", "Meldebescheinigung", "Anträge", true, "start")
	add("bundid", "Anmeldung BundID", "Konto und Anmeldung", false, "login")
	add("postfach", "Postfach", "Konto und Anmeldung", false, "start")
	add("bezahlen", "Bezahldienst", "Grunddienste", false, "start")
	add("wg-db1", "Datenbank wg-db1", "Grunddienste", false, "tcp")
	add("suche", "Suche", "Grunddienste", false, "start")
	add("zert", "Zertifikat extern", "Grunddienste", false, "tls")
	w.picture.Services[0].Service.DependsOn = []string{"wg-db1", "bezahlen", "bundid"}
	w.history = past(w.now)
	return w
}

func trend(now time.Time, n int) Trend {
	t := Trend{Warn: 800 * time.Millisecond, P95: time.Duration(100+40*n) * time.Millisecond, Avail: 0.9997 + float64(n%4)*0.0001}
	for i := range 20 {
		l := time.Duration(100+(i*n)%5*50) * time.Millisecond
		t.Minutes = append(t.Minutes, checks.Bucket{Start: now.Add(time.Duration(i-20) * 3 * time.Minute), Total: 6, P50: l, P95: l, Max: l})
	}
	for i := range 90 {
		b := checks.Bucket{Start: now.AddDate(0, 0, i-90), Total: 2880}
		if (i*7+n)%41 == 0 {
			b.Bad, b.Down = 9, 22*time.Minute
		}
		t.Days = append(t.Days, b)
	}
	return t
}

// past is a day of hourly sums that rises at the end, as hand-made samples would.
func past(now time.Time) History {
	h := History{Days: trend(now, 1).Days}
	for i := range 24 {
		l := time.Duration(200+i*15) * time.Millisecond
		h.Buckets = append(h.Buckets, checks.Bucket{Start: now.Truncate(time.Hour).Add(time.Duration(i-23) * time.Hour), Total: 120, P50: l / 2, P95: l, Max: 2 * l})
	}
	h.Buckets[23].Bad, h.Buckets[23].P95 = 28, 1200*time.Millisecond
	h.Changes = []checks.Transition{
		{To: checks.StatusDown, At: now.Add(-12 * time.Minute), Since: now.Add(-14 * time.Minute), Message: text.Raw("HTTP 503")},
		{To: checks.StatusUp, At: now.AddDate(0, 0, -14), Since: now.AddDate(0, 0, -14), Message: text.Raw("HTTP 200")},
	}
	return h
}
