package checks

import (
	"testing"
	"time"
)

func TestWords(t *testing.T) {
	for _, c := range []struct {
		check                           Check
		title, kind, target, equivalent string
	}{
		{Check{ID: "w/start", Timeout: 1500 * time.Millisecond, HTTP: &HTTP{
			URL: "https://user:pw@w.example/antrag?id=7&api_token=s3cret", Method: "POST", Body: "it's", Redirects: 3, Insecure: true,
			Headers: map[string]string{"X-Api-Key": "s3cret", "Accept": "a"},
		}}, "start", "http", "https://w.example/antrag?id=7&api_token=…",
			`curl -sS -i --noproxy '*' --max-time 2 -X POST -L --max-redirs 3 -k -H 'Accept: '"$ACCEPT" -H 'X-Api-Key: '"$X_API_KEY" --data-raw 'it'\''s' 'https://w.example/antrag?id=7&api_token=…'`},
		{Check{ID: "w/start", Name: "Startseite", HTTP: &HTTP{URL: "http://w.example/"}}, "Startseite", "http", "http://w.example/",
			"curl -sS -i --noproxy '*' --max-time 10 http://w.example/"},
		{Check{ID: "db/port", TCP: &TCP{Address: "db1:5432"}}, "port", "tcp", "db1:5432", "nc -v -w 10 db1 5432 </dev/null"},
		{Check{ID: "mail/smtp", TCP: &TCP{Address: "[::1]:25", Send: "QUIT\r\n", Expect: "220"}}, "smtp", "tcp", "[::1]:25",
			`printf 'QUIT\r\n' | nc -v -w 10 ::1 25`},
		{Check{ID: "mail/banner", TCP: &TCP{Address: "m:25", Expect: "220"}}, "banner", "tcp", "m:25", "nc -v -w 10 m 25"},
		{Check{ID: "w/cert", TLS: &TLS{Address: "w.example:443"}}, "cert", "tls", "w.example:443",
			"openssl s_client -connect w.example:443 -servername w.example </dev/null"},
		{Check{ID: "disk", Command: &Command{Argv: []string{"/usr/lib/check_disk", "-w", "10 %", ""}, Dir: "/srv/x y", Env: map[string]string{"PGPASSWORD": "s3cret"}}},
			"disk", "command", "/usr/lib/check_disk -w '10 %' ''", `cd '/srv/x y' && PGPASSWORD="$PGPASSWORD" /usr/lib/check_disk -w '10 %' ''`},
		{Check{ID: "x/odd", HTTP: &HTTP{URL: "http://\x1b[31m/"}}, "odd", "http", "…", "curl -sS -i --noproxy '*' --max-time 10 '…'"},
		{Check{ID: "x/none"}, "none", "", "", ""},
	} {
		if got := c.check.Title(); got != c.title {
			t.Errorf("%s: title %q", c.check.ID, got)
		}
		if got := c.check.Kind(); got != c.kind {
			t.Errorf("%s: kind %q", c.check.ID, got)
		}
		if got := c.check.Target(); got != c.target {
			t.Errorf("%s: target %q", c.check.ID, got)
		}
		if got := c.check.Equivalent(); got != c.equivalent {
			t.Errorf("%s: equivalent\n%s, want\n%s", c.check.ID, got, c.equivalent)
		}
	}
}
