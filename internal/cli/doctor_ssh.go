package cli

import (
	"path/filepath"
	"strings"

	"lage/internal/clean"
)

// sshConfig is where the server for logins is configured.
const sshConfig = "/etc/ssh"

// sshd looks at what the server for logins tells about whoever comes in: in an SSH session at what it told, otherwise, where
// a database is shared, at what it is configured to tell.
func (d *doctor) sshd() {
	const mend = "echo 'ExposeAuthInfo yes' | sudo tee /etc/ssh/sshd_config.d/lage.conf && sudo systemctl reload ssh"
	exposed, known := exposesKeys(sshConfig)
	switch {
	case d.sshKey() != "":
		d.say("sshd", fine, "", "doctor.ssh_key", d.sshKey())
	case d.env.Getenv("SSH_CONNECTION") == "" && d.shared() && known && !exposed:
		d.say("sshd", doubtful, mend, "doctor.ssh_no_key")
	case d.env.Getenv("SSH_CONNECTION") == "" && d.shared() && known:
		d.say("sshd", fine, "", "doctor.ssh_tells")
	case d.env.Getenv("SSH_CONNECTION") == "":
		d.say("sshd", fine, "", "doctor.ssh_none")
	case d.shared():
		d.say("sshd", doubtful, mend, "doctor.ssh_no_key")
	default:
		d.say("sshd", fine, "", "doctor.ssh_own")
	}
	if forced := clean.Line(d.env.Getenv("SSH_ORIGINAL_COMMAND")); forced != "" {
		d.say("sshd", fine, "", "doctor.ssh_forced", forced, d.person(!d.shared()).Name)
	}
}

// exposesKeys tells whether sshd's configuration, in a folder as /etc/ssh, says "ExposeAuthInfo yes" for everybody. Known is
// false where there is no configuration, or this account may not read it. As for sshd, the first word counts, and what
// stands in a Match block does not hold for everybody.
func exposesKeys(dir string) (exposed, known bool) {
	more, _ := filepath.Glob(filepath.Join(dir, "sshd_config.d", "*.conf")) // the pattern is sound
	for _, path := range append(more, filepath.Join(dir, "sshd_config")) {
		src, err := readFileLimited(path, maxInput)
		if err != nil {
			return false, false
		}
		for line := range strings.Lines(string(src)) {
			words := strings.FieldsFunc(strings.ToLower(line), func(r rune) bool { return strings.ContainsRune(" \t\r\n=", r) })
			if len(words) > 0 && words[0] == "match" {
				break
			}
			if len(words) > 1 && words[0] == "exposeauthinfo" {
				return words[1] == "yes", true
			}
		}
	}
	return false, true
}
