package runbooks

import (
	"slices"
	"strings"
	"testing"
)

// first reads Markdown and gives its first block.
func firstBlock(t *testing.T, md string) Block {
	t.Helper()
	var out *Block
	Parse("x", "x.md", []byte(md)).blocksOf(func(blocks []Block) {
		if len(blocks) > 0 && out == nil {
			out = &blocks[0]
		}
	})
	if out == nil {
		t.Fatalf("no block in %q", md)
	}
	return *out
}

func TestBlockKinds(t *testing.T) {
	for _, c := range []struct {
		name, lead, lang, text string
		want                   BlockKind
	}{
		{"known program", "", "", "kubectl get pods", BlockCommand},
		{"behind sudo", "", "sh", "sudo -u deploy systemctl start web", BlockCommand},
		{"assignment", "", "", "NS=shop", BlockCommand},
		{"path", "", "", "./deploy.sh prod", BlockCommand},
		{"loop", "", "sh", "for i in 1 2 3\ndo\n  echo $i\ndone", BlockCommand},
		{"unknown program with options", "Then run:", "", "praefect -config x.toml dial-nodes", BlockCommand},
		{"unknown program in a shell fence", "Switch over:", "bash", "haproxyctl disable server web-1", BlockCommand},
		{"unknown words", "", "", "acl is_delete method DELETE\nhttp-request deny if is_delete", BlockOutput},
		{"tagged bash, but a log", "It prints:", "bash", "Oct 18 19:39:36 host chronyd[2055]: adjustment started", BlockOutput},
		{"tagged bash, but an error", "You will see errors like this:", "bash", "Error: could not get lock\nstatus code: 400", BlockOutput},
		{"tagged shell, but YAML", "The status looks like this:", "shell", "status:\n  conditions:\n  - type: Ready", BlockOutput},
		{"table", "", "", "NAME    READY   STATUS\nweb-1   1/1     Running", BlockOutput},
		{"key=value log", "", "console", `level=error ts=1 caller=x msg="y"`, BlockOutput},
		{"certificate date", "The output contains:", "shell", "notAfter=Aug  6 13:11:20 2025 GMT", BlockOutput},
		{"paths", "The logs are here:", "", "/var/log/nginx/error.log\n/var/log/nginx/access.log", BlockOutput},
		{"process table", "", "", "root   1234  0.0  0.1  12345  678 ?  Ss  10:00 0:00 sshd", BlockOutput},
		{"word that is a program", "Example output:", "", "date of the backup", BlockOutput},
		{"German lead", "Die Ausgabe sieht ähnlich aus:", "", "last backup 3 days ago", BlockOutput},
		{"to be put into a file", "Add the following:", "", "enableAdminAPI: true", BlockConfig},
		{"yaml", "", "yaml", "a: b", BlockConfig},
		{"manifest without language", "", "", "apiVersion: v1\nkind: Pod", BlockConfig},
		{"sql", "", "sql", "select 1;", BlockREPL},
		{"sql without language", "", "", "SELECT * FROM jobs;", BlockREPL},
		{"sql in a fence for commands", "", "cmd", "drop table  audit_faults cascade;", BlockREPL},
		{"console of a cache", "", "shell", "> slowlog get 10\n1) 1) (integer) 5100", BlockREPL},
		{"error that starts like a remark", "You get this error:", "bash", "##[error]Terraform command 'apply' failed", BlockOutput},
		{"ruby", "", "ruby", "Project.first", BlockREPL},
		{"console of a database", "", "", "mysql> SHOW SLAVE STATUS\\G", BlockREPL},
		{"promql", "", "promql", "up == 0", BlockQuery},
		{"promql in a console fence", "", "console", "min_over_time(node_timex_sync_status[5m])", BlockQuery},
		{"promql over several lines", "", "text", "kubelet_volume_stats_inodes_used{\n  namespace=\"x\"\n}", BlockQuery},
		{"script to save", "", "bash", "#!/bin/bash\nset -e\necho $1", BlockFile},
		{"mermaid", "", "mermaid", "graph TD", BlockDiagram},
		{"remark", "", "", "# TODO: command needed", BlockTodo},
		{"prose swallowed", "", "", "echo one\n\n## Next part\n\necho two", BlockSuspect},
		{"step swallowed", "", "sh", "echo one\n\n1. Restart the other one", BlockSuspect},
		{"heading in a here-document", "", "sh", "cat <<EOT > x.md\n## Title\nEOT", BlockCommand},
		{"ssh", "", "", "ssh web-1", BlockSession},
		{"ssh with a command", "", "", "ssh web-1 uptime", BlockCommand},
		{"shell in a pod", "", "", "kubectl exec -it web-1 -- bash", BlockSession},
		{"command in a pod", "", "", "kubectl exec web-1 -- df -h", BlockCommand},
		{"debug pod and what is typed in it", "", "shell", "oc debug node/n\nsystemctl status chronyd", BlockSession},
		{"editor", "", "", "kubectl edit deploy web", BlockSession},
		{"database console", "", "", "sudo -u postgres psql postgres\n\\list", BlockSession},
		{"database with a statement", "", "", "psql -c 'select 1'", BlockCommand},
		{"statement by pipe", "", "", "echo 'select 1' | psql", BlockCommand},
		{"dump read in", "", "", "mysql shop < dump.sql", BlockCommand},
		{"rails", "", "", "bundle exec rails c", BlockSession},
		{"top", "", "", "top", BlockSession},
		{"endless", "", "", "tail -f /var/log/syslog", BlockCommand},
		{"waiting between commands", "", "bash", "cd /srv/app\n\n# wait\nsleep 30\n\ncurl -I http://localhost", BlockCommand},
		{"remark with two number signs", "", "", "## the root volume\nsudo growpart /dev/sda 1", BlockCommand},
		{"heading behind prose", "", "", "## Next part\n\nCall the office.\n\nrm -rf /srv", BlockSuspect},
		{"settings to enter", "Increase the storage:", "", "spec:\n  resources:\n    storage: 200Gi", BlockConfig},
		{"settings that are shown", "The output looks like this:", "", "spec:\n  resources:\n    storage: 200Gi", BlockOutput},
		{"metrics in brackets", "", "console", "(db_total_size_in_bytes / db_quota_backend_bytes) * 100", BlockQuery},
		{"a task to show something", "There is a task to show the status:", "shell", "runtask <environment> -H db-1 status", BlockCommand},
		{"this shows something", "This shows the status:", "shell", "runtask <environment> -H db-1 status", BlockOutput},
		{"line of a configuration", "For a line like this", "", "client-output-limit slave 4gb 4gb 0", BlockOutput},
		{"command in a container", "", "", "docker-compose exec web chown -R www: /srv", BlockCommand},
		{"shell in a container", "", "", "docker-compose exec -u root web bash", BlockSession},
		{"two hosts", "", "", "root@a:~# enter-box b\nroot@b:~# rabbitmqctl cluster_status", BlockSession},
		{"one host, a tool of the site", "", "", "root@a:~# boxctl restart b\ndone", BlockCommand},
		{"request for a search engine", "", "", "GET /_cluster/health", BlockQuery},
		{"change of a search engine", "", "", "POST /_cluster/reroute?retry_failed=true", BlockREPL},
		{"request in a log", "The log shows:", "", "GET /_cluster/health", BlockOutput},
		{"statement by a variable", "", "", "redis-cli -a $AUTH config set maxmemory 1gb", BlockCommand},
		{"console by a variable", "", "", "redis-cli -a $AUTH", BlockSession},
	} {
		md := c.lead + "\n\n````" + c.lang + "\n" + c.text + "\n````\n"
		if got := firstBlock(t, md); got.Kind != c.want {
			t.Errorf("%s: %s, want %s", c.name, got.Kind, c.want)
		}
	}
	if got := firstBlock(t, "Start it:\n\n    haproxyctl enable web\n"); got.Kind != BlockCommand {
		t.Errorf("indented: %s", got.Kind)
	}
	if b := firstBlock(t, "```\nkubectl port-forward svc/x 80:80\n```"); !b.Background || !b.Runnable {
		t.Errorf("port-forward: background %v, runnable %v", b.Background, b.Runnable)
	}
}

func TestPrompts(t *testing.T) {
	for _, c := range []struct{ name, in, text, example string }{
		{"dollar", "$ uptime\n$ df -h", "uptime\ndf -h", ""},
		{"output between", "$ uptime\n 10:00 up 3 days\n$ df\nFilesystem 1K", "uptime\ndf", " 10:00 up 3 days\nFilesystem 1K"},
		{"variable stays", "$ $HOME/bin/x --go", "$HOME/bin/x --go", ""},
		{"backslash", "$ oc logs x | \\\n  grep y \\\n  | wc -l\n12", "oc logs x | \\\n  grep y \\\n  | wc -l", "12"},
		{"secondary prompt", "$ for i in 1 2\n> do echo $i\n> done\n1\n2", "for i in 1 2\ndo echo $i\ndone", "1\n2"},
		{"here-document", "$ cat <<E\n$ inside\nE\n$ ls", "cat <<E\n$ inside\nE\nls", ""},
		{"open quote", "$ psql -c \"select 1\nfrom x\"\n 1", "psql -c \"select 1\nfrom x\"", " 1"},
		{"user and host", "root@infra1:~# systemctl status x\nactive", "systemctl status x", "active"},
		{"brackets", "[root@db1 ~]# df -h", "df -h", ""},
		{"environment", "(venv) admin@web:/srv$ kubectl get pods", "kubectl get pods", ""},
		{"host and dollar", "web-1 $ sudo systemctl start x", "sudo systemctl start x", ""},
		{"root", "# rabbitmqctl stop_app\n# rabbitmqctl reset", "rabbitmqctl stop_app\nrabbitmqctl reset", ""},
		{"no blank behind the dollar", "$sudo lsblk\nNAME MAJ:MIN", "sudo lsblk", "NAME MAJ:MIN"},
		{"common indentation", "    kubectl get pods \\\n      --all", "kubectl get pods \\\n  --all", ""},
		{"remark before a prompt", "# the list\n$ kubectl get pods", "kubectl get pods", ""},
		{"listing without prompts", "sudo ls -l /srv\ntotal 24K\n-rw-r--r-- 1 root root 1 May 20 07:31 a", "sudo ls -l /srv", "total 24K\n-rw-r--r-- 1 root root 1 May 20 07:31 a"},
		{"answer without prompts", "kubectl delete pod web-0\npod \"web-0\" deleted", "kubectl delete pod web-0", "pod \"web-0\" deleted"},
		{"theme of a shell", "➜  app git:(main) ✗ cd scripts\n➜  scripts git:(main) ✗ bundle install\ndone", "cd scripts\nbundle install", "done"},
		{"output without prompts", "kubectl get pods\nNAME   READY   STATUS\nx      1/1     Running", "kubectl get pods", "NAME   READY   STATUS\nx      1/1     Running"},
	} {
		b := firstBlock(t, "````\n"+c.in+"\n````\n")
		if b.Text != c.text || b.Example != c.example {
			t.Errorf("%s:\ntext    %q\nwant    %q\nexample %q\nwant    %q", c.name, b.Text, c.text, b.Example, c.example)
		}
		if b.Source != c.in {
			t.Errorf("%s: source %q", c.name, b.Source)
		}
	}
}

func TestAlternatingOutputDoesNotRun(t *testing.T) {
	b := firstBlock(t, "```\nkubectl get pods\nNAME   READY   STATUS\nx      1/1     Running\nkubectl delete pod x\n```\n")
	if b.Runnable || b.Kind != BlockOutput {
		t.Errorf("%s, runnable %v: %q", b.Kind, b.Runnable, b.Text)
	}
}

func TestPlaceholders(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"kubectl -n <my-ns> get pod <pod_name> <pod-name>", []string{"<my-ns>", "<pod_name>"}},
		{"ssh web < /etc/hosts > out", nil},
		{"diff <(ls a) <(ls b)", nil},
		{"cat <<EOT\nx\nEOT", nil},
		{"grep '<b>x</b>' f", nil},
		{"kubectl get pods | grep '<none>'", nil},
		{"echo $REGION ${ZONE} $HOME $? $$", []string{"$REGION", "${ZONE}"}},
		{"REGION=x; echo $REGION", nil},
		{"for i in a b; do echo $i; done", nil},
		{"echo ${X:-default}", nil},
		{"awk '{print $1}' f", nil},
		{"./x.sh $1", []string{"$1"}},
		{"aws --name YOUR_BUCKET --tag CHANGEME", []string{"YOUR_BUCKET", "CHANGEME"}},
		{"kubectl logs web-xxxxx release_XXX", []string{"xxxxx", "XXX"}},
		{"scp x your-host:", []string{"your-host"}},
		{"oc debug node/[node name]", []string{"[node name]"}},
		{"ls [a-z]*", nil},
		{"if [ -f x ]; then ls; fi", nil},
		{"kubectl get pods -o jsonpath='{.items[0].metadata.name}'", nil},
		{"kubectl get x --template='{{ .name }}'", nil},
		{"oc adm must-gather ...", []string{"..."}},
		{"curl 'http://x/q?query=[METRIC_NAME]'", []string{"[METRIC_NAME]"}},
		{"kubectl logs {pod-name} -n {NAMESPACE}", []string{"{pod-name}", "{NAMESPACE}"}},
		{"# see <page>\nkubectl get pods", nil},
		{"jq '.items[] | {name}' f", nil},
		{"curl -s -o /dev/null -w '%{http_code}' http://x", nil},
		{"git log HEAD@{upstream}", nil},
		{"curl https://{mandant}.example/", []string{"{mandant}"}},
		{"sudo mkfs.ext4 /dev/sdX", []string{"/dev/sdX"}},
		{"cd /path/to/app", []string{"/path/to/app"}},
		{"# CHANGEME to yours\nuptime", []string{"CHANGEME"}},
		{"site-tool --project xx --zone=xx", []string{"xx"}},
		{"for c in {0..3}; do echo $c; done", nil},
		{"find /tmp -type f -exec ls {} \\;", nil},
		{"mktemp /tmp/x.XXXXXX", nil},
	} {
		b := firstBlock(t, "Run:\n\n```sh\n"+c.text+"\n```\n")
		if !slices.Equal(b.Placeholders, c.want) {
			t.Errorf("%s: %q, want %q", c.text, b.Placeholders, c.want)
		}
		if b.Kind == BlockCommand && b.Runnable == (len(c.want) > 0) {
			t.Errorf("%s: runnable %v", c.text, b.Runnable)
		}
	}
}

func TestVariablesCarryOn(t *testing.T) {
	b := Parse("x", "x.md", []byte("Set it:\n\n```sh\nexport NS=shop\n```\n\nUse it:\n\n```sh\nkubectl -n $NS get pods\n```\n\nAnd:\n\n```sh {capture=POD}\nkubectl get pods -o name\n```\n\nThen:\n\n```sh\necho $POD $OTHER\n```\n"))
	var got []string
	b.blocksOf(func(blocks []Block) {
		for _, x := range blocks {
			got = append(got, strings.Join(x.Placeholders, ","))
		}
	})
	if want := []string{"", "", "", "$OTHER"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestIncompleteCommand(t *testing.T) {
	b := firstBlock(t, "```sh\nfor i in 1 2; do\n  kubectl get pods\n```\n")
	if b.Runnable || b.Why != "runbooks.why_incomplete" {
		t.Errorf("runnable %v, why %q", b.Runnable, b.Why)
	}
}

func TestFenceAttributes(t *testing.T) {
	for _, info := range []string{
		`sh {"name":"drain","timeout":"10m","expectExit":"0,1","host":"web-1","redact":true,"confirm":"type","cwd":"/srv"}`,
		`sh{name=drain timeout=10m expectExit=0,1 host=web-1 redact=true confirm=type cwd=/srv}`,
		`sh { name=drain timeout="10m" expectExit='0,1' host=web-1 redact=yes confirm=type cwd=/srv unknown=x }`,
	} {
		b := firstBlock(t, "```"+info+"\nuptime\n```\n")
		if b.Lang != "sh" || b.Name != "drain" || b.Timeout.Minutes() != 10 || b.Host != "web-1" || !b.Redact || b.Confirm != "type" || b.Cwd != "/srv" {
			t.Errorf("%s: %+v", info, b)
		}
		if strings.Contains(info, "expectExit=0,1 ") == false && !slices.Equal(b.ExpectExit, []int{0, 1}) {
			t.Errorf("%s: exit codes %v", info, b.ExpectExit)
		}
	}
	if b := firstBlock(t, "```sh {interactive=true}\n./setup.sh\n```\n"); b.Kind != BlockSession {
		t.Errorf("interactive: %s", b.Kind)
	}
	if b := firstBlock(t, "```sh {ignore=true}\nuptime\n```\n"); b.Runnable || b.Why != "runbooks.why_ignored" {
		t.Errorf("ignore: runnable %v, %q", b.Runnable, b.Why)
	}
	bad := Parse("x", "x.md", []byte("```sh {timeout=soon expectExit=900 confirm=maybe}\nuptime\n```\n"))
	if len(bad.Warnings) != 3 {
		t.Errorf("warnings: %v", bad.Warnings)
	}
}

func TestExpectations(t *testing.T) {
	b := firstBlock(t, "```sh {name=a}\nuptime\n```\n\n```text expect=a\nup \\d+ days\n```\n")
	if b.Expect != `up \d+ days` {
		t.Errorf("expect %q", b.Expect)
	}
	b = firstBlock(t, "```sh {name=a}\nuptime\n```\n\n```text expect=a match=contains\na.b\n```\n")
	if b.Expect != `a\.b` {
		t.Errorf("contains: %q", b.Expect)
	}
	if b = firstBlock(t, "```sh\nuptime\n```\n\nExpected output:\n\n```\nup 3 days\n```\n"); b.Example != "up 3 days" || b.Expect != "" {
		t.Errorf("example %q, expect %q", b.Example, b.Expect)
	}
}

func TestTabsStayWhereTheShellNeedsThem(t *testing.T) {
	if b := firstBlock(t, "```sh\nif true; then\n\tcat <<-E\n\t\tx\n\tE\nfi\n```\n"); !strings.Contains(b.Text, "\t\tx") {
		t.Errorf("here-document: %q", b.Text)
	}
	if b := firstBlock(t, "```sh\nif true; then\n\tls\nfi\n```\n"); strings.Contains(b.Text, "\t") {
		t.Errorf("indentation: %q", b.Text)
	}
}

// A comment between a list and indented code keeps them apart, as it does for every other reader of Markdown.
func TestCommentKeepsCodeOutOfTheList(t *testing.T) {
	b := checkBook(t, []byte("1)  Set it\n\n<!-- -->\n\n    export X=1\n\n2)  Use it\n\n<!-- now -->\n\n    echo $X\n"))
	if got := outline(b); got != "command Set it\ncommand Use it\n" {
		t.Errorf("%s", got)
	}
	if s := b.Sections[0].Steps; strings.Contains(s[0].Body, "<!--") || s[1].Commands[0].Text != "echo $X" {
		t.Errorf("%+v", s)
	}
}

func TestCodeIsNeverCut(t *testing.T) {
	long := strings.Repeat("-", 120) + "\n" + strings.Repeat("> ", 60) + "x"
	if b := firstBlock(t, "```\n"+long+"\n```\n"); b.Source != long {
		t.Errorf("%q", b.Source)
	}
}

func TestUnknownWordsBehindACommandDoNotRun(t *testing.T) {
	b := firstBlock(t, "```\ncd /srv/app\nsomething went wrong here\n```\n")
	if b.Kind != BlockCommand || b.Runnable || b.Why != "runbooks.why_doubtful" {
		t.Errorf("%s, runnable %v, %q", b.Kind, b.Runnable, b.Why)
	}
	for _, text := range []string{"pwd\n/srv/app/data", "whoami\nroot", "redis-cli ping\nPONG", "curl -s http://localhost/health\nok", "ls /srv\napp data logs", "etcdctl endpoint health\nhttp://10.0.0.1:2379 is healthy",
		"systemctl status app\nactive running since yesterday", "kubectl get pods\nweb-1 ready", "psql --version\npsql (PostgreSQL) 15.4", "echo a\na", "hostname\nweb1"} {
		for _, lang := range []string{"", "sh", "bash"} {
			if b := firstBlock(t, "```"+lang+"\n"+text+"\n```\n"); b.Runnable {
				t.Errorf("%q in %q runs", text, lang)
			}
		}
	}
	for _, text := range []string{"cd /srv/app\nsite-tool --now", "cd /srv/app\n./site-tool", "cd /srv/app\nmake all"} {
		if b := firstBlock(t, "```\n"+text+"\n```\n"); !b.Runnable {
			t.Errorf("%q: %s", text, b.Why)
		}
	}
	if b := firstBlock(t, "```sh {name=a}\ncd /srv/app\nsite tool now\n```\n"); !b.Runnable {
		t.Errorf("whoever names a block means commands: %s", b.Why)
	}
}
