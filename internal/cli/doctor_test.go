package cli

import (
	"os"
	"path/filepath"
	"testing"
)

func TestExposesKeys(t *testing.T) {
	type files = map[string]string
	for name, c := range map[string]struct {
		files          files
		exposed, known bool
	}{
		"no server":             {nil, false, false},
		"as installed":          {files{"sshd_config": "Include /etc/ssh/sshd_config.d/*.conf\nUsePAM yes\n"}, false, true},
		"said in a file of it":  {files{"sshd_config": "UsePAM yes\n", "sshd_config.d/lage.conf": "ExposeAuthInfo yes\n"}, true, true},
		"said in the main file": {files{"sshd_config": "# ExposeAuthInfo no\n\texposeauthinfo=yes # for lage\n"}, true, true},
		"said twice":            {files{"sshd_config": "ExposeAuthInfo yes\n", "sshd_config.d/a.conf": "ExposeAuthInfo no\n"}, false, true},
		"for some only":         {files{"sshd_config": "Match User ops\n  ExposeAuthInfo yes\n"}, false, true},
		"not for reading":       {files{"sshd_config": "", "sshd_config.d/folder.conf/x": ""}, false, false},
	} {
		dir := t.TempDir()
		for path, src := range c.files {
			path = filepath.Join(dir, path)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(src), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if exposed, known := exposesKeys(dir); exposed != c.exposed || known != c.known {
			t.Errorf("%s: %v %v", name, exposed, known)
		}
	}
}

// TestDoctorsLinesForRoot: root on a small machine has no sudo; everybody else needs it.
func TestDoctorsLinesForRoot(t *testing.T) {
	const line = "sudo -u lage -- lage db backup x && echo y | sudo tee z && sudo systemctl reload ssh"
	for user, want := range map[string]string{"anna": line, "root": "runuser -u lage -- lage db backup x && echo y | tee z && systemctl reload ssh"} {
		d := &doctor{app: &app{env: Env{OSUser: user}}}
		d.say("backup", doubtful, line, "doctor.backup_none")
		if got := d.findings[0].mend; got != want {
			t.Errorf("%s: %q", user, got)
		}
	}
}
