package ui

import (
	"strings"
	"testing"
	"time"

	"lage/checks"
	"lage/internal/text"
)

func TestCheckDetail(t *testing.T) {
	w := sample()
	d := console(t, w).Press("1", "enter").Shows("Wohngeld online › start", "Ausfall seit 14 min", "▸24 h◂", "✗  Status = 200", "ist 503", "✓  Zertifikat",
		"Verlauf", "Letzte Antwort", "upstream connect error", "Nächste Prüfung 03:12:34", "wohngeld-503")
	d.Press("right").Shows("▸7 T◂").Press("left", "left", "left", "left").Shows("▸1 h◂")
	d.Press("pgdown").Shows("Wohngeld online › antrag").Press("pgdown").Shows("Wohngeld online › start")
	d.Press("i").Shows("Störungen › INC-2026-031")
}

func TestTestByHand(t *testing.T) {
	w := sample()
	w.tested = checks.Result{Check: "wohngeld/start", At: w.now.Add(time.Second), Outcome: checks.Good, Message: text.Raw("HTTP 200 nach 90 ms")}
	console(t, w).Press("1", "enter", "t").Shows("Von Hand geprüft: HTTP 200 nach 90 ms", "Von Hand geprüft 03:12:08")
}

func TestCopiedCommands(t *testing.T) {
	for want, c := range map[string]checks.Check{
		"curl -sS -i --max-time 10 https://a.example/x":                                      {Timeout: 10 * time.Second, HTTP: &checks.HTTP{URL: "https://a.example/x"}},
		"curl -sS -i -X POST -L --max-redirs 3 -k --max-time 2.5 'https://a.example/?a=1&b'": {Timeout: 2500 * time.Millisecond, HTTP: &checks.HTTP{URL: "https://a.example/?a=1&b", Method: "POST", Redirects: 3, Insecure: true, Headers: map[string]string{"X-Key": "geheim"}}},
		"nc -vz db1 5432": {TCP: &checks.TCP{Address: "db1:5432"}},
		"nc -vz ::1 5432": {TCP: &checks.TCP{Address: "[::1]:5432"}},
		"openssl s_client -connect a.example:443 -servername b.example </dev/null": {TLS: &checks.TLS{Address: "a.example:443", ServerName: "b.example"}},
		`check_disk -w '10 %' 'it'\''s' ''`:                                        {Command: &checks.Command{Argv: []string{"check_disk", "-w", "10 %", "it's", ""}}},
	} {
		if got := equivalent(c); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	d := console(t, sample()).Press("1", "enter", "c").Shows("Kopiert (OSC 52): curl")
	if s := strings.Join(d.sent, "\n"); !strings.Contains(s, "lipboard") || !strings.Contains(s, "wohngeld.musterstadt.example") {
		t.Errorf("nothing went to the clipboard: %q", d.sent)
	}
}

func TestChartScaleIsRound(t *testing.T) {
	ms := time.Millisecond
	for in, want := range map[time.Duration]time.Duration{1 * ms: ms, 11 * ms: 15 * ms, 99 * ms: 100 * ms, 267 * ms: 300 * ms, 301 * ms: 400 * ms, 1001 * ms: 1500 * ms} {
		if got := roundUp(in); got != want {
			t.Errorf("roundUp(%v) = %v, want %v", in, got, want)
		}
	}
}

func TestTicksStandAtRoundLocalTimes(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	to := time.Date(2026, 10, 25, 12, 7, 3, 0, zone) // clocks were put back in this night
	for _, span := range spans() {
		got := ticks(to.Add(-span), to)
		if len(got) < 4 || len(got) > 20 {
			t.Errorf("%v: %d ticks", span, len(got))
		}
		for _, k := range got {
			if k.Second() != 0 || k.Minute()%10 != 0 || span > time.Hour && k.Minute() != 0 || span > 6*time.Hour && k.Hour()%4 != 0 {
				t.Errorf("%v: tick at %v", span, k)
			}
		}
	}
}

func TestColumnsKeepFailuresAndGaps(t *testing.T) {
	from := night()
	h := History{Samples: []checks.Sample{
		{At: from.Add(1 * time.Minute), Latency: 100 * time.Millisecond, Outcome: checks.Good},
		{At: from.Add(2 * time.Minute), Latency: 300 * time.Millisecond, Outcome: checks.Warning},
		{At: from.Add(3 * time.Minute), Latency: time.Second, Outcome: checks.Bad},
		{At: from.Add(35 * time.Minute), Outcome: checks.Unknown},
		{At: from.Add(70 * time.Minute), Latency: time.Second, Outcome: checks.Good},
	}}
	c := columns(h, from, from.Add(time.Hour), 6)
	if !c[0].bad || c[0].value != 300*time.Millisecond || c[3].any || c[5].any {
		t.Errorf("%+v", c)
	}
	if s := spreadOf(h); s.p50 != 300*time.Millisecond || s.max != time.Second || s.about {
		t.Errorf("%+v", s)
	}
}
