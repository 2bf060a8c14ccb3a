package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
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
	lost   int64 // unix seconds: the entry was lost when the database was restored then; 0 for an entry that must be there
}

// line gives the anchor as it stands in the file: "INC-2026-031 7 HASH", or "lost INC-2026-031 7 HASH 1795485600".
func (h head) line() string {
	s := fmt.Sprintf("%s %d %s", h.record, h.seq, h.hash)
	if h.lost != 0 {
		s = fmt.Sprintf("lost %s %d", s, h.lost)
	}
	return s + "\n"
}

// parseHead reads a line; false for one that was cut off.
func parseHead(line []byte) (h head, ok bool) {
	f := strings.Fields(string(line))
	if len(f) == 5 && f[0] == "lost" {
		h.lost, _ = strconv.ParseInt(f[4], 10, 64) // 0 makes it an anchor like others
		f = f[1:4]
	}
	if len(f) != 3 || len(f[2]) != 64 || !bytes.HasSuffix(line, []byte("\n")) {
		return h, false
	}
	var err error
	h.record, h.hash = f[0], f[2]
	h.seq, err = strconv.ParseInt(f[1], 10, 64)
	return h, err == nil
}

// stands tells whether the timeline has the entry as it was anchored.
func (h head) stands(ctx context.Context, tx *sql.Tx) (bool, error) {
	var hash []byte
	found, err := lastRow(tx.QueryRowContext(ctx, "SELECT hash FROM timeline WHERE record = ? AND seq = ?", h.record, h.seq).Scan(&hash))
	return found && hex.EncodeToString(hash) == h.hash, err
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
		b.WriteString(head{record: record, seq: newest[record].Seq, hash: newest[record].Hash}.line())
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
		if h, ok := parseHead(line); ok {
			out = append(out, h)
		}
	}
	return out, nil
}
