package e2e

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
)

const hookToken = "a-token-for-the-hook-of-the-test"

// logbook keeps what a process says.
type logbook struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// listening starts "lage run --listen" on a free port and gives its address and what it says.
func listening(t *testing.T, env, flags []string) (address string, run *exec.Cmd, log *logbook) {
	t.Helper()
	log = &logbook{}
	run = exec.Command(binary, append([]string{"run", "--listen", "127.0.0.1:0"}, flags...)...)
	run.Env = append(cleanEnv(t), env...)
	run.Stderr = log
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = run.Process.Kill(); _ = run.Wait() })
	eventually(t, "lage listens", func() bool {
		for sc := bufio.NewScanner(strings.NewReader(log.String())); sc.Scan(); {
			if a, ok := strings.CutPrefix(sc.Text(), "HTTP on "); ok {
				address = a
			}
		}
		return address != ""
	})
	return address, run, log
}

// ask sends a request and gives status and answer.
func ask(t *testing.T, method, url, token, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

func TestNothingListensWithoutATokenOnTheNetwork(t *testing.T) {
	url, _ := site(t)
	flags := configured(t, url)
	r := lage(t, append([]string{"run", "--listen", "0.0.0.0:0"}, flags...)...)
	if r.code != 3 || !strings.Contains(r.err, "token") {
		t.Errorf("exit %d: %s", r.code, r.err)
	}
	address, _, _ := listening(t, nil, flags)
	eventually(t, "health", func() bool { code, _ := ask(t, "GET", "http://"+address+"/healthz", "", ""); return code == 200 })
	if code, body := ask(t, "GET", "http://"+address+"/metrics", "", ""); code != 200 || !strings.Contains(body, `lage_check_up{service="web",check="home"} 1`) {
		t.Errorf("%d %s", code, body)
	}
	if code, body := ask(t, "POST", "http://"+address+"/hooks/alertmanager", "", "{}"); code != 403 {
		t.Errorf("%d %s", code, body)
	}
}

// TestHealthAndHeartbeatStopWithThePoller: a poller that stands still says so, and is missed elsewhere.
func TestHealthAndHeartbeatStopWithThePoller(t *testing.T) {
	url, _ := site(t)
	var beats atomic.Int64
	far := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { beats.Add(1) }))
	t.Cleanup(far.Close)
	flags := configured(t, url)
	src, err := os.ReadFile(flags[1])
	if err != nil {
		t.Fatal(err)
	}
	src = append(src, []byte("heartbeat: {url: \""+far.URL+"/s3cr3t\", every: 1s}\n")...)
	if err := os.WriteFile(flags[1], src, 0o600); err != nil {
		t.Fatal(err)
	}
	_, first, _ := listening(t, nil, flags)
	eventually(t, "heartbeats", func() bool { return beats.Load() >= 3 })
	// A second process looks at the same database: it polls nothing and sends no heartbeat of its own.
	address, _, log := listening(t, nil, flags)
	eventually(t, "it says so", func() bool { return strings.Contains(log.String(), "Heartbeat held back: another process polls") })
	if code, body := ask(t, "GET", "http://"+address+"/healthz", "", ""); code != 200 {
		t.Errorf("%d %s", code, body)
	}
	if err := first.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	stopped := beats.Load()
	eventually(t, "the other one takes over", func() bool { return beats.Load() > stopped+1 })
	far.Close()
	eventually(t, "the failure is told", func() bool { return strings.Contains(log.String(), "Heartbeat does not reach 127.0.0.1") })
	if strings.Contains(log.String(), "s3cr3t") {
		t.Error("the address is told:", log)
	}
}

// script runs one of the scripts that other tools call.
func script(t *testing.T, path string, env ...string) (int, string) {
	t.Helper()
	cmd := exec.Command("/bin/sh", filepath.Join("..", "..", "integrations", path))
	cmd.Env = append(append(cleanEnv(t), "PATH="+filepath.Dir(binary)+":"+os.Getenv("PATH"), "LAGE_LANG=en"), env...)
	out, err := cmd.CombinedOutput()
	if _, exited := err.(*exec.ExitError); err != nil && !exited {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

// TestScriptsOfOtherTools runs what Icinga 2 and Checkmk call, with the environment that they set.
func TestScriptsOfOtherTools(t *testing.T) {
	for _, c := range []struct {
		name, path, key string
		problem, calm   []string // what is set for a problem, and for the recovery
		nobody          []string // no service of lage
		wrong           []string // one that is not there
		wrongCode       int
	}{
		{"Icinga 2 service", "icinga2/lage-notify", "icinga2:web1!http $(touch x) \"a b\"",
			[]string{"NOTIFICATIONTYPE=PROBLEM", "HOSTNAME_ICINGA=web1", `SERVICENAME=http $(touch x) "a b"`, "STATE=CRITICAL", "OUTPUT=--key=x; HTTP 503 `id`\nline", "LAGE_SERVICE=web"},
			[]string{"NOTIFICATIONTYPE=RECOVERY", "STATE=OK"}, []string{"LAGE_SERVICE="}, []string{"LAGE_SERVICE=wbe"}, 4},
		{"Icinga 2 host", "icinga2/lage-notify", "icinga2:web1",
			[]string{"NOTIFICATIONTYPE=PROBLEM", "HOSTNAME_ICINGA=web1", "SERVICENAME=", "STATE=DOWN", "OUTPUT=no ping", "LAGE_SERVICE=web", "LAGE_RUNBOOK=https://wiki.example.org/x"},
			[]string{"NOTIFICATIONTYPE=RECOVERY", "STATE=UP"}, []string{"LAGE_SERVICE="}, []string{"LAGE_SERVICE=--help"}, 4},
		{"Checkmk service", "checkmk/lage", "checkmk:prod:web1:HTTP form",
			[]string{"OMD_SITE=prod", "NOTIFY_WHAT=SERVICE", "NOTIFY_NOTIFICATIONTYPE=PROBLEM", "NOTIFY_HOSTNAME=web1", "NOTIFY_SERVICEDESC=HTTP form", "NOTIFY_SERVICESTATE=CRITICAL",
				"NOTIFY_SERVICEOUTPUT=HTTP 503", "NOTIFY_HOST_LAGE_SERVICE=web", "NOTIFY_PARAMETER_2=a runbook"},
			[]string{"NOTIFY_NOTIFICATIONTYPE=RECOVERY", "NOTIFY_SERVICESTATE=OK"}, []string{"NOTIFY_HOST_LAGE_SERVICE="}, []string{"NOTIFY_HOST_LAGE_SERVICE=wbe"}, 2},
		{"Checkmk host", "checkmk/lage", "checkmk::web1",
			[]string{"NOTIFY_WHAT=HOST", "NOTIFY_NOTIFICATIONTYPE=PROBLEM", "NOTIFY_HOSTNAME=web1", "NOTIFY_HOSTSTATE=UNREACHABLE", "NOTIFY_HOSTOUTPUT=no ping", "NOTIFY_HOSTLABEL_lage_service=web"},
			[]string{"NOTIFY_NOTIFICATIONTYPE=RECOVERY", "NOTIFY_HOSTSTATE=UP"}, []string{"NOTIFY_HOSTLABEL_lage_service="}, []string{"NOTIFY_HOSTLABEL_lage_service=wbe"}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			url, _ := site(t)
			flags := configured(t, url)
			base := append([]string{"LAGE_CONFIG=" + flags[1], "LAGE_DB=" + flags[3]}, c.problem...)
			with := func(more ...string) []string { return append(append([]string{}, base...), more...) }
			if code, out := script(t, c.path, with(c.nobody...)...); code == 0 || !strings.Contains(out, "lage_service") {
				t.Errorf("no service: exit %d %s", code, out)
			}
			if code, out := script(t, c.path, with(c.wrong...)...); code != c.wrongCode || !strings.Contains(out, "web") {
				t.Errorf("wrong service: exit %d %s", code, out)
			}
			for range 2 {
				if code, out := script(t, c.path, base...); code != 0 {
					t.Fatalf("exit %d %s", code, out)
				}
			}
			if code, out := script(t, c.path, with("NOTIFICATIONTYPE=ACKNOWLEDGEMENT", "NOTIFY_NOTIFICATIONTYPE=ACKNOWLEDGEMENT")...); code != 0 || out != "" {
				t.Errorf("acknowledgement: exit %d %s", code, out)
			}
			list := must(t, append([]string{"incident", "list"}, flags...)...)
			show := must(t, append([]string{"incident", "show"}, flags...)...)
			if strings.Count(list, "INC-") != 1 || strings.Count(show, "reports an outage") != 1 || !strings.Contains(show, c.key) {
				t.Errorf("%s\n%s", list, show)
			}
			if code, out := script(t, c.path, with(c.calm...)...); code != 0 || !strings.Contains(out, "Proposal: report as resolved") {
				t.Errorf("recovery: exit %d %s", code, out)
			}
		})
	}
}

// installed finds a program of Debian's packages, or skips the test; where everything has to be tested, it fails.
func installed(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	switch {
	case err == nil:
	case os.Getenv("CI") == "true":
		t.Fatalf("%s is not installed, and CI=true", name)
	default:
		t.Skipf("%s is not installed", name)
	}
	return path
}

// freeAddress gives a port that nobody uses at this moment.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// background starts a server that ends with the test.
func background(t *testing.T, path string, args ...string) *logbook {
	t.Helper()
	log := &logbook{}
	cmd := exec.Command(path, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = t.TempDir(), log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("%s said:\n%s", filepath.Base(path), log)
		}
	})
	return log
}

// TestPrometheusAndAlertmanager: a rule fires, an incident opens; it ends, resolving is proposed; and Prometheus reads our
// metrics.
func TestPrometheusAndAlertmanager(t *testing.T) {
	prometheus, alertmanager := installed(t, "prometheus"), installed(t, "prometheus-alertmanager")
	var queue atomic.Int64
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "# TYPE form_queue gauge\nform_queue %d\n", queue.Load())
	}))
	t.Cleanup(target.Close)
	url, _ := site(t)
	flags := configured(t, url)
	src, err := os.ReadFile(flags[1])
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, s string) string {
		t.Helper()
		path := filepath.Join(filepath.Dir(flags[1]), name)
		if err := os.WriteFile(path, []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	token := write("token", hookToken+"\n")
	write("lage.yaml", string(src)+"listen: {token: \"${file:"+token+"}\", watchdog: {service: web, within: 1h}}\n")
	address, _, log := listening(t, nil, flags)

	am, prom := freeAddress(t), freeAddress(t)
	amConfig := write("alertmanager.yml", `
route: {receiver: lage, group_by: [alertname], group_wait: 0s, group_interval: 1s, repeat_interval: 1m}
receivers:
  - name: lage
    webhook_configs:
      - url: http://`+address+`/hooks/alertmanager
        send_resolved: true
        http_config: {authorization: {credentials_file: `+token+`}}
`)
	rules := write("rules.yml", `
groups:
  - name: form
    rules:
      - {alert: Watchdog, expr: vector(1)}
      - alert: FormQueueFull
        expr: form_queue > 10
        labels: {service: web}
        annotations: {summary: "{{ $value }} forms wait", runbook_url: "https://wiki.example.org/queue"}
      - {alert: Elsewhere, expr: form_queue > 10, labels: {service: payroll}}
`)
	promConfig := write("prometheus.yml", `
global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
rule_files: [`+rules+`]
alerting: {alertmanagers: [{static_configs: [{targets: ["`+am+`"]}]}]}
scrape_configs:
  - {job_name: form, static_configs: [{targets: ["`+strings.TrimPrefix(target.URL, "http://")+`"]}]}
  - {job_name: lage, authorization: {credentials_file: `+token+`}, static_configs: [{targets: ["`+address+`"]}]}
`)
	background(t, alertmanager, "--config.file="+amConfig, "--storage.path="+t.TempDir(), "--web.listen-address="+am, "--cluster.listen-address=")
	background(t, prometheus, "--config.file="+promConfig, "--storage.tsdb.path="+t.TempDir(), "--web.listen-address="+prom)

	eventually(t, "Prometheus reads our metrics", func() bool {
		_, body := ask(t, "GET", "http://"+prom+`/api/v1/query?query=lage_check_up{check="home"}`, "", "")
		return strings.Contains(body, `"1"]`)
	})
	if open := must(t, append([]string{"incident", "list", "--json"}, flags...)...); strings.Contains(open, "INC-") {
		t.Fatal(open)
	}
	queue.Store(11)
	eventually(t, "the alert opens an incident", func() bool {
		r := lage(t, append([]string{"incident", "show"}, flags...)...)
		return strings.Contains(r.out, "FormQueueFull") && strings.Contains(r.out, "11 forms wait (runbook: https://wiki.example.org/queue)")
	})
	eventually(t, "what is not ours is told about", func() bool { return strings.Contains(log.String(), `there is no service "payroll"`) })
	queue.Store(0)
	eventually(t, "resolving is proposed", func() bool {
		return strings.Contains(lage(t, append([]string{"incident", "show"}, flags...)...).out, "Proposal: report as resolved")
	})
	if list := must(t, append([]string{"incident", "list"}, flags...)...); strings.Count(list, "INC-") != 1 || !strings.Contains(list, "detected") {
		t.Error(list)
	}
	if strings.Contains(log.String(), "Watchdog") || strings.Contains(log.String(), hookToken) {
		t.Error(log)
	}
}
