package cli

import (
	"time"

	"golang.org/x/sys/unix"
)

// monotonic is the clock that counts since the machine was started, as the service manager reads it.
func monotonic() time.Duration {
	var t unix.Timespec
	if unix.ClockGettime(unix.CLOCK_MONOTONIC, &t) != nil {
		return 0
	}
	return time.Duration(t.Nano())
}

// freeSpace is how many bytes an ordinary account can still write below a folder; ok is false where that is not known.
func freeSpace(dir string) (bytes uint64, ok bool) {
	var st unix.Statfs_t
	if unix.Statfs(dir, &st) != nil {
		return 0, false
	}
	return st.Bavail * uint64(st.Bsize), true
}

// mayWrite tells whether this account may write a file, or make files in a folder.
func mayWrite(path string) bool { return unix.Access(path, unix.W_OK) == nil }

// clockKept tells whether something keeps the machine's clock right. The kernel knows only of programs that tell it; no is
// therefore "not known".
func clockKept() bool {
	var t unix.Timex
	state, err := unix.Adjtimex(&t)
	return err == nil && state != unix.TIME_ERROR && t.Status&unix.STA_UNSYNC == 0
}
