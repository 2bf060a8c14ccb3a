package store

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"lage/incidents"
)

// head is an anchor: a record's newest entry at some moment, kept outside the database. SQLite does not notice when the
// end of its write-ahead log is lost; the anchors do.
type head struct {
	record string
	seq    int64
	hash   string
}

// anchor appends the newest entry of each record to the file of heads. It comes after the commit and may fail: then the
// file lags until the next time, which is no fault.
func (s *Store) anchor(entries []incidents.Entry) {
	newest := map[string]incidents.Entry{}
	var order []string
	for _, e := range entries {
		if _, ok := newest[e.Record]; !ok {
			order = append(order, e.Record)
		}
		newest[e.Record] = e
	}
	if len(order) == 0 {
		return
	}
	var b strings.Builder
	for _, record := range order {
		fmt.Fprintf(&b, "%s %d %s\n", record, newest[record].Seq, newest[record].Hash)
	}
	_ = appendHeads(s.headsPath(), b.String())
}

func appendHeads(path, lines string) error {
	if err := touch(path); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	// A line that was cut off when the machine died must not run into ours.
	if end, err := f.Seek(0, io.SeekEnd); err == nil && end > 0 {
		last := make([]byte, 1)
		if _, err := f.ReadAt(last, end-1); err == nil && last[0] != '\n' {
			lines = "\n" + lines
		}
	}
	_, err = f.WriteString(lines)
	return errors.Join(err, f.Sync(), f.Close())
}

// readHeads gives the newest anchor of each record and all others; lines that were cut off are left out. No file, no
// anchors.
func readHeads(path string) ([]head, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []head
	for line := range bytes.Lines(data) {
		f := strings.Fields(string(line))
		if len(f) != 3 || len(f[2]) != 64 || !bytes.HasSuffix(line, []byte("\n")) {
			continue
		}
		if seq, err := strconv.ParseInt(f[1], 10, 64); err == nil {
			out = append(out, head{f[0], seq, f[2]})
		}
	}
	return out, nil
}
