package checks

import (
	"bytes"
	"compress/gzip"
	"io"
	"mime"
	"net/http"
	"strings"
)

// headKept is how much of an answer's beginning is kept for its excerpt: more than is shown, so that a secret that the
// excerpt's end would cut in two is still found as a whole.
const headKept = 2 * maxDetail

// answer is what was read of a body.
type answer struct {
	head    []byte // its beginning
	found   bool   // the text looked for is in it
	cut     bool   // there was more than maxAnswer
	damaged bool   // err is about its compression, not about the connection
	err     error  // why it was not read to its end; nil when it was, or cut
}

// readAnswer reads a body, up to maxAnswer bytes on the wire and as many when unpacked, and looks for want on the way.
func readAnswer(resp *http.Response, want string) answer {
	wire := &io.LimitedReader{R: resp.Body, N: maxAnswer}
	f := finder{want: encode(want, resp)}
	body := io.Reader(wire)
	packed := strings.EqualFold(resp.Header.Get("Content-Encoding"), "gzip")
	if packed {
		unpacked, err := gzip.NewReader(wire)
		if err == io.EOF { // an empty body, as in an answer to HEAD
			return answer{found: want == ""}
		}
		if err != nil {
			return answer{err: err, damaged: isGzip(err)}
		}
		body = io.LimitReader(unpacked, maxAnswer)
	}
	n, err := f.readAll(body)
	a := answer{head: f.head, found: f.found || want == "", cut: n >= maxAnswer || wire.N <= 0}
	if err != nil && !a.cut {
		a.err, a.damaged = err, packed && isGzip(err)
	}
	return a
}

func isGzip(err error) bool {
	return err == gzip.ErrHeader || err == gzip.ErrChecksum || strings.HasPrefix(err.Error(), "flate:")
}

// finder reads a stream in small pieces, keeps its beginning and looks for a text, so that a large answer needs no more
// memory than a small one.
type finder struct {
	want  []byte
	head  []byte
	found bool
}

func (f *finder) readAll(r io.Reader) (int64, error) {
	overlap := max(len(f.want)-1, 0)
	buf := make([]byte, 0, overlap+4<<10)
	var total int64
	for {
		n, err := r.Read(buf[len(buf):cap(buf)])
		total += int64(n)
		piece := buf[len(buf) : len(buf)+n]
		if room := headKept - len(f.head); room > 0 {
			f.head = append(f.head, piece[:min(n, room)]...)
		}
		buf = buf[:len(buf)+n]
		if !f.found && len(f.want) > 0 && bytes.Contains(buf, f.want) {
			f.found = true
		}
		if keep := len(buf) - overlap; keep > 0 {
			buf = buf[:copy(buf[:cap(buf)], buf[keep:])]
		}
		if err == io.EOF {
			return total, nil
		}
		if err != nil {
			return total, err
		}
	}
}

// latin tells whether a body is written in one of the old western character sets, as some public offices' pages still are.
func latin(resp *http.Response) bool {
	_, params, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err != nil {
		return false
	}
	switch strings.ToLower(params["charset"]) {
	case "iso-8859-1", "iso-8859-15", "windows-1252", "latin1":
		return true
	}
	return false
}

// encode gives the text as it stands in the body's character set.
func encode(s string, resp *http.Response) []byte {
	if !latin(resp) {
		return []byte(s)
	}
	var out []byte
	for _, r := range s {
		if r > 0xff {
			return []byte(s)
		}
		out = append(out, byte(r))
	}
	return out
}

// text gives the body's beginning as text.
func (a answer) text(resp *http.Response) string {
	if !latin(resp) {
		return string(a.head)
	}
	var b strings.Builder
	for _, c := range a.head {
		b.WriteRune(rune(c))
	}
	return b.String()
}
