package runbooks

import "testing"

func TestObject(t *testing.T) {
	for text, want := range map[string]string{
		"kubectl delete pod web-1 -n prod":                     "web-1",
		"kubectl -n prod delete pod/web-1":                     "web-1",
		"kubectl drain node-3 --ignore-daemonsets":             "node-3",
		"kubectl rollout restart deployment/api":               "api",
		"sudo systemctl restart nginx":                         "nginx",
		"rm -rf /var/lib/app/cache":                            "/var/lib/app/cache",
		"rm -rf '/var/lib/with blank'":                         "Schritt",
		"cd /srv && df -h && terraform destroy":                "Schritt",
		"terraform destroy":                                    "Schritt",
		"helm rollback app 3":                                  "app",
		"kill -9 4711":                                         "4711",
		"dd if=/dev/zero of=/dev/sdb":                          "/dev/sdb",
		`psql -d shop -c "drop table orders"`:                  "Schritt",
		"aws ec2 terminate-instances --instance-ids i-0abc123": "i-0abc123",
		"echo x; docker rm -f db":                              "db",
		"ssh web-1 sudo reboot":                                "Schritt",
		"git push -f origin main":                              "origin",
	} {
		got := Object(Block{Text: text}, text, "Schritt")
		if got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
	if got := Object(Block{Host: "db-1"}, "terraform destroy", "Schritt"); got != "db-1" {
		t.Errorf("got %q", got)
	}
}
