package cli

import (
	"bytes"
	stdflag "flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"lage/checks"
	"lage/incidents"
	"lage/internal/config"
	"lage/internal/text"
	"lage/services"
	"lage/store"
)

var update = stdflag.Bool("update", false, "write the golden files anew")

// TestJSONKeys holds the documents that programs read: keys are only ever added.
func TestJSONKeys(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 23, 2, 15, 31, 250_000_000, time.UTC)
	var out bytes.Buffer
	a := &app{env: Env{Now: func() time.Time { return at }}.complete(), lang: text.German, zone: berlin, out: &output{w: &out}}
	inc := incidents.Incident{ID: "INC-2026-031", Service: "wohngeld", Title: "Wohngeld <online>", State: incidents.Acknowledged, Lead: "M. Krause",
		Checks: []string{"wohngeld/start"}, Runbook: "wohngeld-503", Started: at.Add(-15 * time.Minute), Detected: at.Add(-14 * time.Minute), Acknowledged: at}
	check := checks.Check{ID: "wohngeld/start", Service: "wohngeld", Interval: 30 * time.Second, HTTP: &checks.HTTP{URL: "https://example.org/"}}
	result := checks.Result{Check: check.ID, At: at, Latency: 1204 * time.Millisecond, Outcome: checks.Bad, Message: text.M("checks.http_status", 503, 200),
		Facts: []checks.Fact{{OK: false, Want: text.Raw("Status 200"), Got: text.Raw("503")}}, Perf: []checks.Perf{{Label: "time", Value: 1.2, Unit: "s", Crit: "2"}}}
	entry := incidents.Entry{Record: inc.ID, Seq: 3, Kind: incidents.KindAcknowledged, OccurredAt: at, RecordedAt: at.Add(time.Millisecond),
		Who: services.Person{Name: "M. Krause", OSUser: "mkrause"}, Message: text.M("incidents.acknowledged", "M. Krause"), Hash: "b0", PrevHash: "a0"}
	picture := incidents.Picture{At: at, Incidents: []incidents.Incident{inc}, Poller: incidents.Poller{Owner: "run", Host: "ops", PID: 7, Last: at, Until: at.Add(time.Minute)},
		Services: []incidents.ServicePicture{
			{Service: services.Service{ID: "wohngeld", Name: services.Name{De: "Wohngeld online"}}, Standing: incidents.Down, Since: inc.Started, InHours: true,
				Checks: []incidents.CheckPicture{{Check: check, State: checks.State{Check: check.ID, Status: checks.StatusDown, Since: inc.Started, Failures: 3, Last: result}}}},
			{Service: services.Service{ID: "leer"}, Standing: incidents.Unknown},
		}}
	for name, doc := range map[string]any{
		"status":    a.statusJSON(picture, false),
		"incidents": a.incidentsDoc([]incidents.Incident{inc, {ID: "INC-2026-032", State: incidents.Detected}}),
		"check":     a.resultsJSON([]checks.Check{check}, []checks.Result{result}),
		"act":       a.actJSON(incidents.Recorded{Incident: &inc, Entries: []incidents.Entry{entry}}),
		"nothing":   a.actJSON(incidents.Recorded{}),
		"verify":    a.verifyJSON(store.Verification{Records: 1, Entries: 3, Problems: []store.Problem{{Record: inc.ID, Seq: 2, Message: text.Raw("falsch")}}}),
		"validate":  a.problemsJSON(config.Problems{{File: "lage.yaml", Line: 3, Col: 5, Message: text.Raw("unbekannt")}, {File: "lage.yaml", Line: 4, Col: 1, Warning: true}}),
		"walk":      a.walkJSON(incidents.WalkView{}, nil),
	} {
		out.Reset()
		if err := a.json(doc); err != nil {
			t.Fatal(err)
		}
		golden(t, name+".json", out.Bytes())
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s has changed:\n%s", path, got)
	}
}
