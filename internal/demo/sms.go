package demo

import (
	"fmt"
	"io"
	"os"
)

// sms is the demo's modem: it appends the message on standard input to a file.
func (c *ctl) sms(path string) error {
	msg, err := io.ReadAll(io.LimitReader(c.in, 64<<10))
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(f, "%s\n", msg); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
