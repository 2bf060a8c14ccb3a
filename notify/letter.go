package notify

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"time"

	"lage/incidents"
	"lage/internal/clean"
)

// maxSubject is how many bytes of a subject go out; longer ones break some mail programs.
const maxSubject = 240

// letter makes an alert's mail. All mails about one incident hang together as one conversation; every try of the same
// alert has the same Message-ID, so that a second copy can be told from a second alarm.
func (n *Notifier) letter(a incidents.Alert) letter {
	subject, body := n.words(a)
	anchor := ""
	if n.Anchor != nil {
		anchor = n.Anchor(a.Incident)
	}
	now := n.Now()
	if n.Zone != nil {
		now = now.In(n.Zone)
	} else {
		now = now.UTC()
	}
	return letter{to: a.Channel.Email, make: func(from, to *mail.Address) ([]byte, error) {
		domain := domainOf(from.Address)
		id := sha256.Sum256([]byte(a.Key))
		thread := sha256.Sum256([]byte("thread " + a.Incident))
		var h heads
		h.add("From", from.String())
		h.add("To", to.String())
		subject, _ := clean.Cut(subject, maxSubject)
		h.add("Subject", folded(subject))
		h.add("Date", now.Format(time.RFC1123Z))
		h.add("Message-ID", fmt.Sprintf("<%s@%s>", hex.EncodeToString(id[:16]), domain))
		h.add("In-Reply-To", fmt.Sprintf("<%s@%s>", hex.EncodeToString(thread[:16]), domain))
		h.add("References", fmt.Sprintf("<%s@%s>", hex.EncodeToString(thread[:16]), domain))
		h.add("Auto-Submitted", "auto-generated")
		h.add("Importance", "high")
		if a.Incident != "" {
			h.add("X-Lage-Incident", mime.QEncoding.Encode("utf-8", a.Incident))
		}
		h.add("X-Lage-Key", mime.QEncoding.Encode("utf-8", a.Key))
		if anchor != "" {
			h.add("X-Lage-Anchor", anchor)
		}
		h.add("MIME-Version", "1.0")
		h.add("Content-Type", "text/plain; charset=utf-8")
		h.add("Content-Transfer-Encoding", "quoted-printable")
		if h.err != nil {
			return nil, h.err
		}
		h.out.WriteString("\r\n")
		w := quotedprintable.NewWriter(&h.out)
		_, err := w.Write([]byte(body))
		if err == nil {
			err = w.Close()
		}
		return h.out.Bytes(), err
	}}
}

// heads writes mail headers, and refuses what would begin another one.
type heads struct {
	out bytes.Buffer
	err error
}

func (h *heads) add(name, value string) {
	// A line end with a blank behind it goes on with the same header: folded makes such ones.
	if strings.ContainsAny(strings.ReplaceAll(value, "\r\n ", ""), "\r\n\x00") {
		h.err = &failure{code: "notify.bad_header", args: []any{name}, final: true}
		return
	}
	h.out.WriteString(name + ": " + value + "\r\n")
}

// folded encodes a text for a header, in lines that are short enough.
func folded(s string) string {
	return strings.ReplaceAll(mime.QEncoding.Encode("utf-8", s), "?= =?", "?=\r\n =?")
}

// domainOf gives what stands behind an address's last @, where it fits into a Message-ID.
func domainOf(address string) string {
	domain := address[strings.LastIndexByte(address, '@')+1:]
	if strings.ContainsFunc(domain, func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune("<>()[]\\,;:\"", r) }) {
		return "lage.invalid"
	}
	return domain
}
