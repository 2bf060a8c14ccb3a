package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// smallDisk mounts a file system of its own, as only root can.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("lage-test", dir, "tmpfs", 0, "size="+size+",mode=0700"); err != nil {
		t.Skipf("no file system can be mounted here: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

// on gives the flags of a configuration with an alarm and more lines, and of a database in a folder.
func on(t *testing.T, url, data, more string) (flags []string, alarms string) {
	t.Helper()
	flags, alarms = shared(t, url)
	src, err := os.ReadFile(flags[1])
	if err != nil {
		t.Fatal(err)
	}
	write(t, flags[1], string(src)+more)
	if err := os.Chmod(data, 0o770|os.ModeSetgid); err != nil {
		t.Fatal(err)
	}
	flags[3] = filepath.Join(data, "lage.db")
	return flags, alarms
}

func with(flags []string, args ...string) []string { return append(args, flags...) }

// TestFsyncThatFails: what the disk did not take is not called saved, nothing is written any more, people are alarmed from
// memory, and the next process goes on.
func TestFsyncThatFails(t *testing.T) {
	strace := installed(t, "strace")
	url, broken := site(t)
	flags, alarms := shared(t, url)
	run := exec.Command(binary, with(flags, "run")...)
	run.Env = cleanEnv(t)
	said := &logbook{}
	run.Stderr = said
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = run.Process.Kill(); _ = run.Wait() })
	eventually(t, "the service is up", func() bool { return lage(t, with(flags, "status")...).code == 0 })

	fault := exec.Command(strace, "-f", "-qq", "-o", os.DevNull, "-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO", "-p", fmt.Sprint(run.Process.Pid))
	if err := fault.Start(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the poller says that it writes no more", func() bool { return strings.Contains(said.String(), "This process writes no more") })
	if err := fault.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_ = fault.Wait() // a signal ended it
	last := status(t, flags).Services[0].Checks[0].Measured
	broken.Store(true)
	eventually(t, "an alarm from memory", func() bool { b, err := os.ReadFile(alarms); return err == nil && len(b) > 0 })
	if s := status(t, flags); len(s.Incidents) != 0 || s.Services[0].Checks[0].Measured.After(last) {
		t.Errorf("something was written after the fault: %+v", s)
	}
	if n := strings.Count(said.String(), "This process writes no more"); n > 3 { // results, lease and ticking, once each
		t.Errorf("said %d times:\n%s", n, said)
	}
	if err := run.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = run.Wait() // killed is no success
	must(t, with(flags, "db", "verify")...)
	poller(t, flags)
	eventually(t, "the incident", func() bool { return len(status(t, flags).Incidents) == 1 })
}

// TestUnknownCommitIsResolved: a note whose COMMIT failed is not called saved, and not called lost either.
func TestUnknownCommitIsResolved(t *testing.T) {
	strace := installed(t, "strace")
	url, _ := site(t)
	flags := configured(t, url)
	must(t, with(flags, "incident", "open", "--title", "Trial")...)
	poller(t, flags) // keeps the database open: the first fsync of others is that of their COMMIT
	eventually(t, "the service is up", func() bool { return lage(t, with(flags, "status")...).code == 0 })
	cmd := exec.Command(strace, with(flags, "-f", "-qq", "-o", os.DevNull, "-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO", binary, "note", "written or not")...)
	cmd.Env = cleanEnv(t)
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "It is not known whether this was saved") || !strings.Contains(string(out), "Check the system log and the disk") {
		t.Errorf("%v\n%s", err, out)
	}
	must(t, with(flags, "db", "verify")...)
	must(t, with(flags, "note", "afterwards")...)
	if shown := must(t, with(flags, "incident", "show")...); !strings.Contains(shown, "afterwards") || strings.Count(shown, "written or not") > 1 {
		t.Error(shown)
	}
}

// TestFullDisk: with the reserve an outage still becomes an incident with its alarm, and people can work on it. Results wait
// until there is room.
func TestFullDisk(t *testing.T) {
	url, broken := site(t)
	disk := smallDisk(t, "12m")
	flags, alarms := on(t, url, disk, "reserve: 2MB\n")
	run := poller(t, flags)
	eventually(t, "the service is up", func() bool { return lage(t, with(flags, "status")...).code == 0 })
	measuredBy(t, flags, run.Process.Pid, time.Now())
	reserve := flags[3] + ".reserve"
	size := func() int64 {
		fi, err := os.Stat(reserve)
		if err != nil {
			return -1
		}
		return fi.Size()
	}
	eventually(t, "the reserve", func() bool { return size() == 2<<20 })
	ballast := filepath.Join(disk, "ballast")
	f, err := os.Create(ballast)
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = f.Write(bytes.Repeat([]byte{1}, 1<<12))
	}
	_ = f.Close() // full, as it should be
	broken.Store(true)
	eventually(t, "the alarm", func() bool { b, err := os.ReadFile(alarms); return err == nil && len(b) > 0 })
	eventually(t, "an incident in spite of the full disk", func() bool { return len(status(t, flags).Incidents) == 1 })
	if size() != 0 {
		t.Errorf("the reserve has %d bytes", size())
	}
	must(t, with(flags, "ack")...)
	for n := range 50 {
		must(t, with(flags, "note", fmt.Sprint("looking into it ", n))...)
	}
	con := console(t, 80, 24, nil, flags...)
	con.Shows("The disk is full", "INC-")
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the reserve again", func() bool { return size() == 2<<20 })
	measuredBy(t, flags, run.Process.Pid, time.Now())
	con.Until("the banner goes", func(screen string) bool { return !strings.Contains(screen, "The disk is full") })
	if b, err := os.ReadFile(alarms); err != nil || string(b) != "alarm\n" {
		t.Errorf("alarms: %q %v", b, err)
	}
	must(t, with(flags, "db", "verify")...)
}

// TestReadOnlyDisk: the console shows what is there, and says that nothing can be changed; commands that change say why not.
func TestReadOnlyDisk(t *testing.T) {
	url, _ := site(t)
	disk := smallDisk(t, "12m")
	flags, _ := on(t, url, disk, "")
	must(t, with(flags, "incident", "open", "--title", "Trial", "--service", "web")...)
	if err := syscall.Mount("", disk, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	con := console(t, 80, 24, nil, flags...)
	con.Shows("cannot be written", "INC-")
	if r := lage(t, with(flags, "note", "x")...); r.code == 0 || !strings.Contains(r.err, "cannot be written") || !strings.Contains(r.err, "read-only") {
		t.Errorf("%+v", r)
	}
	if r := lage(t, with(flags, "run")...); r.code == 0 || !strings.Contains(r.err, "cannot be written") {
		t.Errorf("%+v", r)
	}
	must(t, with(flags, "incident", "show")...)
}

// TestDamagedDatabase: nobody polls on it, nothing of it is changed, and the way back is named and works.
func TestDamagedDatabase(t *testing.T) {
	for name, damage := range map[string]func([]byte) []byte{
		"cut off":   func(b []byte) []byte { return b[:len(b)/2+100] },
		"no header": func(b []byte) []byte { return append(bytes.Repeat([]byte("x"), 100), b[100:]...) },
		"first page": func(b []byte) []byte {
			return append(append(b[:100:100], bytes.Repeat([]byte{0xff}, 900)...), b[1000:]...)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, _ := site(t)
			flags, _ := shared(t, url)
			must(t, with(flags, "incident", "open", "--title", "Trial")...)
			path := flags[3]
			copied := filepath.Join(filepath.Dir(path), "backups", "lage-20261124-031500.db")
			must(t, with(flags, "db", "backup", copied)...)
			sound, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			bad := damage(sound)
			write(t, path, string(bad))
			for _, args := range [][]string{{"run"}, {"note", "x"}, {"status"}} {
				r := lage(t, with(flags, args...)...)
				if r.code == 0 || !strings.Contains(r.err, "lage restore "+copied) {
					t.Errorf("%s: %+v", args, r)
				}
			}
			if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, bad) {
				t.Errorf("the damaged file was changed: %v", err)
			}
			must(t, with(flags, "restore", copied)...)
			var list struct {
				Incidents []json.RawMessage `json:"incidents"`
			}
			if err := json.Unmarshal([]byte(must(t, with(flags, "incident", "list", "--json")...)), &list); err != nil || len(list.Incidents) != 1 {
				t.Errorf("%v %+v", err, list)
			}
			aside, err := filepath.Glob(path + ".before-restore-*[0-9]")
			if err != nil || len(aside) != 1 {
				t.Fatal(aside, err)
			}
			if kept, err := os.ReadFile(aside[0]); err != nil || !bytes.Equal(kept, bad) {
				t.Errorf("what was put aside is another file: %v", err)
			}
		})
	}
}

// TestForeignDatabase: who may not read the file is told so, and nothing else.
func TestForeignDatabase(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can become somebody else")
	}
	url, _ := site(t)
	flags, _ := shared(t, url)
	must(t, with(flags, "incident", "open", "--title", "Trial")...)
	dir, err := os.MkdirTemp("", "lage-foreign") // where others can get at
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	program := filepath.Join(dir, "lage")
	if err := os.Link(binary, program); err != nil {
		t.Skip(err)
	}
	data := filepath.Join(dir, "data")
	if err := os.CopyFS(data, os.DirFS(filepath.Dir(flags[3]))); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{dir, data} {
		if err := os.Chmod(p, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(data, "lage.db")
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"status"}, {"note", "x"}} {
		cmd := exec.Command(program, append(args, "--db", path, "--lang", "en")...)
		cmd.Env = cleanEnv(t)
		cmd.Dir = dir
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), "No permission for "+path) || !strings.Contains(string(out), "join its group") {
			t.Errorf("%s: %v\n%s", args, err, out)
		}
	}
}
